-- Young people, their CPR numbers, and who sees them.

-- Names as people type them: Danish letters and their spellings fall together (ø oe o, æ ae a, å aa a),
-- as do the accents of any language (also those sent as a character of their own), case and punctuation.
CREATE FUNCTION fold_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(
        replace(replace(replace(
            lower(translate(
                regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'),
                'ÆØæøÐĐðđŁłß', 'AOaoDDddLls') COLLATE "C"),
            'aa', 'a'), 'ae', 'a'), 'oe', 'o'),
        '[^a-z0-9]+', ' ', 'g'));
-- Whoever writes a name calls it.
GRANT EXECUTE ON FUNCTION fold_name(text) TO enplan_app, enplan_worker;

CREATE TABLE young_person (
    id               uuid PRIMARY KEY,
    information_area information_area NOT NULL DEFAULT 1 CONSTRAINT young_person_is_identity CHECK (information_area = 1),
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    given_name       text NOT NULL,
    family_name      text NOT NULL,
    birth_date       date NOT NULL,
    registered_at    timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    folded_name      text NOT NULL GENERATED ALWAYS AS (fold_name(given_name || ' ' || family_name)) STORED,
    -- YP-3, on the day of registration: from the 13th birthday to the day before the 30th.
    CONSTRAINT "young-person.age-out-of-range" CHECK (extract(year FROM age(
        (registered_at AT TIME ZONE 'Europe/Copenhagen')::date::timestamp, birth_date::timestamp)) BETWEEN 13 AND 29)
);
COMMENT ON COLUMN young_person.birth_date IS 'From the CPR number. Age and what follows from it are computed (YP-7).';
CREATE INDEX young_person_by_name ON young_person USING gin (folded_name gin_trgm_ops);
CREATE INDEX young_person_by_birth_date ON young_person (birth_date);
CREATE INDEX young_person_by_unit ON young_person (writing_unit_id);

CREATE TABLE person_identifier (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 1,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT person_identifier_kind_known CHECK (kind IN ('cpr', 'replacement')),
    cipher           bytea NOT NULL,
    digest           bytea NOT NULL,
    key_id           smallint NOT NULL,
    valid_from       date NOT NULL,
    valid_to         date,
    contested        boolean NOT NULL DEFAULT false,
    CONSTRAINT person_identifier_period CHECK (valid_from <= valid_to)
);
-- YP-2. Past numbers count: a number belongs permanently to one person.
CREATE UNIQUE INDEX "young-person.already-registered" ON person_identifier (digest) WHERE NOT contested;
COMMENT ON COLUMN person_identifier.cipher IS 'AES-256-GCM under the key `key_id`, bound to the young person''s id (YP-4).';
COMMENT ON COLUMN person_identifier.digest IS 'HMAC-SHA-256 of the ten digits: for look-up.';
COMMENT ON COLUMN person_identifier.contested IS
    'True for a new number that another young person already has. The unit that has that young person''s case receives a task to check it.';
CREATE INDEX person_identifier_contested ON person_identifier (digest) WHERE contested;
CREATE INDEX person_identifier_by_young_person ON person_identifier (young_person_id);
-- One of them is current.
CREATE UNIQUE INDEX person_identifier_current ON person_identifier (young_person_id) WHERE valid_to IS NULL;

-- AC-15: the dated rules by which a fact gives a unit access to a young person, regardless of who recorded it. A capability adds
-- the rows of its facts.
CREATE TABLE access_rule (
    code        text NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date,
    receivers   text NOT NULL,
    kind        text NOT NULL,
    areas       integer NOT NULL CONSTRAINT access_rule_areas_known CHECK (areas BETWEEN 1 AND 63),
    lasts       interval,
    legal_basis text,
    reason      text NOT NULL,
    source      text NOT NULL,
    PRIMARY KEY (code, valid_from),
    CONSTRAINT access_rule_one_at_a_time EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON COLUMN access_rule.valid_to IS 'The last day; NULL if the rule has no end.';
COMMENT ON COLUMN access_rule.receivers IS 'The function that returns, for the id of a fact, the young person, the units that receive access, and until when the fact lasts.';
COMMENT ON COLUMN access_rule.lasts IS 'The longest duration of the access; NULL if it lasts as long as the fact.';
COMMENT ON COLUMN access_rule.source IS 'The number of the rule in the specification, and whether it is chosen.';
CALL keep_in_calendar('access_rule');
GRANT SELECT ON access_rule TO enplan_app, enplan_worker;

CREATE TABLE access_basis (
    id              uuid PRIMARY KEY,
    young_person_id uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    holder_id       uuid NOT NULL,
    holder_kind     text NOT NULL CONSTRAINT access_basis_holder_known CHECK (holder_kind IN ('unit', 'employee')),
    kind            text NOT NULL CONSTRAINT access_basis_kind_known CHECK (kind IN
                        ('registration', 'participation', 'provision', 'assignment', 'meeting', 'consent', 'law', 'break-glass')),
    areas           integer NOT NULL CONSTRAINT access_basis_areas_known CHECK (areas BETWEEN 1 AND 63),
    giver_id        uuid REFERENCES unit (id),
    source_id       uuid NOT NULL,
    legal_basis     text,
    reason          text NOT NULL,
    granted_by_id   uuid REFERENCES employee (id),
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz NOT NULL DEFAULT 'infinity',
    arose           text CONSTRAINT access_basis_arose_known CHECK (arose IN ('registered', 'passed-on', 'replaced', 'by-rule', 'widened')),
    from_basis_id   uuid REFERENCES access_basis (id),
    access_rule     text,
    CONSTRAINT access_basis_period CHECK (valid_from <= valid_to),
    CONSTRAINT access_basis_source UNIQUE (source_id, kind, holder_id),
    CONSTRAINT access_basis_arose_columns CHECK (
        (arose IN ('passed-on', 'replaced', 'widened')) IS TRUE = (from_basis_id IS NOT NULL) AND (arose = 'by-rule') IS TRUE = (access_rule IS NOT NULL))
);
COMMENT ON TABLE access_basis IS 'AC-1: why somebody may see a young person. Only ever ended, never changed.';
COMMENT ON COLUMN access_basis.giver_id IS 'The unit whose writing it opens; NULL opens the areas whoever wrote.';
COMMENT ON COLUMN access_basis.source_id IS
    'The record that created the basis (the participation, intervention, …); when that record ends, the basis ends. For a basis by rule: the fact.';
COMMENT ON COLUMN access_basis.arose IS 'AC-15: the way in which the basis arose. NULL only if the owner loaded it.';
COMMENT ON COLUMN access_basis.from_basis_id IS 'The basis that was passed on, replaced or widened.';
COMMENT ON COLUMN access_basis.access_rule IS 'The code of the access_rule by which it arose.';
CREATE INDEX access_basis_by_from ON access_basis (from_basis_id) WHERE from_basis_id IS NOT NULL;
-- Policies and single reads ask "is this person mine", lists "who are mine"; both from the index alone.
CREATE INDEX access_basis_by_young_person ON access_basis (young_person_id, holder_id, valid_to)
    INCLUDE (valid_from, areas, giver_id, id);
CREATE INDEX access_basis_by_holder ON access_basis (holder_id, young_person_id, valid_to)
    INCLUDE (valid_from, areas, giver_id, id);
CREATE INDEX access_basis_by_giver ON access_basis (giver_id) WHERE giver_id IS NOT NULL;

CREATE FUNCTION access_basis_holder_operates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (CASE NEW.holder_kind
        WHEN 'unit' THEN EXISTS (SELECT FROM unit u WHERE u.id = NEW.holder_id AND u.operational)
        ELSE EXISTS (SELECT FROM employee e WHERE e.id = NEW.holder_id) END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'access.holder-not-operational',
            MESSAGE = 'an access basis is held by an operational unit or an employee';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_basis_holder_operates BEFORE INSERT ON access_basis
    FOR EACH ROW EXECUTE FUNCTION access_basis_holder_operates();

-- The bases of the caller that can be passed on (AC-15), and open some of the wanted areas.
CREATE FUNCTION passable_bases(person uuid, wanted integer) RETURNS SETOF access_basis
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.* FROM access_basis b
     WHERE b.young_person_id = person AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now()
       AND b.kind IN ('registration', 'participation', 'assignment') AND b.giver_id IS NULL AND b.areas & wanted <> 0
$$;

-- Does the caller have an access basis for the young person? Jobs may do everything. Asked by the functions that write or answer more
-- than the caller sees.
-- Inlined by its callers, which fix the search path.
CREATE FUNCTION is_for_acting(person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT session_user <> 'enplan_app' OR EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person
        AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;

-- Does an employee lead a unit directly or from a unit above?
CREATE FUNCTION leads(who uuid, led uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM roles_at(who, acting_now()) r WHERE r.unit_id = led AND r.role IN ('team-leader', 'department-head'))
$$;

-- The access that a rule opens now because of a fact (AC-15). A fact that a unit recorded itself opens no access to that unit.
CREATE FUNCTION access_by_rule(of_rule text, fact uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, kind text, areas integer, giver_id uuid, legal_basis text, reason text, valid_to timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    rule access_rule;
BEGIN
    SELECT * INTO rule FROM access_rule r WHERE r.code = of_rule AND daterange(r.valid_from, r.valid_to, '[]') @> acting_today();
    IF FOUND THEN
        RETURN QUERY EXECUTE format('SELECT f.young_person_id, f.holder_id, $2, $3, f.giver_id, $4, $5, least(f.until, acting_now() + $6)
              FROM %I($1) f WHERE f.own_recording IS NOT TRUE', rule.receivers)
        USING fact, rule.kind, rule.areas, rule.legal_basis, rule.reason, rule.lasts;
    END IF;
END $$;

-- Creates the access bases that a rule opens because of a fact, once.
CREATE FUNCTION grant_by_rule(of_rule text, fact uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id, source_id, legal_basis, reason,
                              granted_by_id, valid_from, valid_to, arose, access_rule)
    SELECT gen_random_uuid(), r.young_person_id, r.holder_id, 'unit', r.kind, r.areas, r.giver_id, fact, r.legal_basis, r.reason,
           acting_employee(), acting_now(), r.valid_to, 'by-rule', of_rule
      FROM access_by_rule(of_rule, fact) r
        ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION passable_bases(uuid, integer), grant_by_rule(text, uuid) TO enplan_app;

-- AC-15: may an access basis arise in the way and from the source that it states? Checked for every new basis, regardless of the
-- writing role.
CREATE FUNCTION access_arises(b access_basis) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    giver access_basis;
    has   boolean;
BEGIN
    IF b.arose = 'registered' THEN
        -- A young person without any earlier access basis, just registered by that unit.
        RETURN b.kind = 'registration' AND b.areas & ~7 = 0 AND b.holder_id = ANY (acting_holders())
           AND EXISTS (SELECT FROM young_person y WHERE y.id = b.young_person_id AND y.writing_unit_id = b.holder_id AND y.registered_at = acting_now())
           AND NOT EXISTS (SELECT FROM access_basis o WHERE o.young_person_id = b.young_person_id);
    ELSIF b.arose = 'by-rule' THEN
        RETURN EXISTS (SELECT FROM access_by_rule(b.access_rule, b.source_id) r
            WHERE (r.young_person_id, r.holder_id, r.kind) = (b.young_person_id, b.holder_id, b.kind)
              AND b.areas & ~r.areas = 0 AND coalesce(r.giver_id, b.giver_id) IS NOT DISTINCT FROM b.giver_id AND b.valid_to <= r.valid_to);
    END IF;
    SELECT * INTO giver FROM passable_bases(b.young_person_id, 63) p
     WHERE p.id = b.from_basis_id AND b.areas & ~p.areas = 0 AND b.valid_to <= p.valid_to;
    IF b.arose = 'passed-on' THEN
        RETURN giver.id IS NOT NULL AND b.kind IN ('participation', 'provision', 'assignment', 'law');
    ELSIF b.arose = 'replaced' THEN
        -- Inside the unit that holds the basis.
        RETURN giver.id IS NOT NULL AND b.kind = 'assignment'
           AND (b.holder_id = giver.holder_id OR EXISTS (SELECT FROM roles_at(b.holder_id, acting_now()) r WHERE r.unit_id = giver.holder_id));
    ELSIF b.arose = 'widened' THEN
        has := EXISTS (SELECT FROM access_basis h WHERE h.young_person_id = b.young_person_id AND h.holder_id = b.holder_id
                       AND h.valid_from <= acting_now() AND h.valid_to > acting_now());
        -- For 26 weeks at most (chosen), by a caller who may pass the basis on. Otherwise by the leader of the unit that has
        -- access by law, for that unit, and only the areas that a unit works with.
        RETURN b.kind = 'law' AND has AND b.valid_to <= acting_now() + interval '183 days' AND (giver.id IS NOT NULL
            OR b.areas & ~7 = 0 AND leads(acting_employee(), b.holder_id)
               AND EXISTS (SELECT FROM access_basis l WHERE l.id = b.from_basis_id AND l.young_person_id = b.young_person_id AND l.holder_id = b.holder_id
                           AND l.kind = 'law' AND l.arose IS DISTINCT FROM 'widened' AND l.valid_from <= acting_now() AND l.valid_to > acting_now())
               AND NOT EXISTS (SELECT FROM access_basis o WHERE o.young_person_id = b.young_person_id
                               AND o.kind IN ('registration', 'participation', 'assignment') AND o.giver_id IS NULL
                               AND o.valid_from <= acting_now() AND o.valid_to > acting_now()));
    END IF;
    RETURN false;
END $$;

-- The trigger applies to the application and to every function that it calls. A basis can only be ended; it is extended only if
-- the fact of its rule lasts longer.
CREATE FUNCTION access_never_grows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    -- The owner loads access bases that arose elsewhere.
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;
    ELSIF TG_OP = 'INSERT' THEN
        -- CL-12: a basis does not begin before it is created.
        allowed := NEW.valid_from >= acting_now() AND access_arises(NEW);
    ELSE
        allowed := to_jsonb(NEW) - ARRAY['valid_to', 'young_person_id'] = to_jsonb(OLD) - ARRAY['valid_to', 'young_person_id']
               AND (NEW.valid_to <= OLD.valid_to OR NEW.arose = 'by-rule' AND access_arises(NEW));
    END IF;
    IF allowed IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'access.not-passed-on', MESSAGE = 'nothing of the caller''s can be passed on so';
    END IF;
    RETURN NEW;
END $$;
-- This trigger fires after the triggers that narrow the basis.
CREATE TRIGGER never_grows BEFORE INSERT OR UPDATE ON access_basis FOR EACH ROW EXECUTE FUNCTION access_never_grows();

-- Its own policy looks at the holder and nothing else: every other policy asks it.
ALTER TABLE access_basis ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON access_basis FOR SELECT TO enplan_app
    USING (holder_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_insert ON access_basis FOR INSERT TO enplan_app
    WITH CHECK (granted_by_id = (SELECT acting_employee()));
CREATE POLICY worker ON access_basis TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON access_basis TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON access_basis TO enplan_worker;

-- Ends what a source gave, also to other units: by those who work on the case, or by the unit that holds it from that source (AC-16).
-- A registration is never ended in this way. Returns the number of bases that ended.
CREATE FUNCTION end_access(source uuid, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    UPDATE access_basis a SET valid_to = greatest(at, a.valid_from)
     WHERE a.source_id = source AND a.valid_to > at AND a.kind <> 'registration'
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = a.young_person_id
                   AND b.holder_id = ANY (acting_holders())
                   AND (b.kind IN ('registration', 'participation', 'assignment') OR b.source_id = source)
                   AND b.valid_from <= acting_now() AND b.valid_to > acting_now());
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
GRANT EXECUTE ON FUNCTION end_access(uuid, timestamptz) TO enplan_app;

-- AC-17: does the caller work with the young person in a role that reads the fact? And the same as a condition: `fact` is the
-- expression that returns the fact that a row reveals, or NULL.
CREATE FUNCTION acting_reads(fact text, person uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person
        AND b.holder_id = ANY (string_to_array(NULLIF(current_setting('app.readers.' || fact, true), ''), ',')::uuid[])
        AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;
GRANT EXECUTE ON FUNCTION acting_reads(text, uuid) TO enplan_app, enplan_worker;
-- Does any role of the acting employee read a fact, of any young person? The others are not told in figures that there is one.
CREATE FUNCTION acting_role_reads(fact text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('app.blind', true) IS DISTINCT FROM 'on' OR fact IS NULL
        OR NULLIF(current_setting('app.readers.' || fact, true), '') IS NOT NULL;
CREATE FUNCTION reads_fact(fact text, person text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('((SELECT current_setting(''app.blind'', true)) IS DISTINCT FROM ''on'' OR (%1$s) IS NULL OR acting_reads(%1$s, %2$s))', fact, person);

-- The fact that a row reveals, by its table and information area; a task, by its kind. NULL: no role rule hides it.
CREATE FUNCTION fact_of(thing text, area integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN thing = 'pregnancy' OR area = 8 AND thing IN ('meeting', 'meeting_participant', 'meeting_move', 'meeting_minutes',
                         'meeting_decision', 'meeting_task') THEN 'pregnancy'
                WHEN thing IN ('journal_entry', 'journal_correction') THEN 'journal'
                WHEN thing = 'hotline_contact' THEN 'contact'
                WHEN thing = 'follow_up' THEN 'follow_up' END;
CREATE FUNCTION fact_of_task(kind text, area integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN kind IN ('hold-first-network-meeting', 'hold-second-network-meeting') OR kind = 'agreed-at-meeting' AND area = 8 THEN 'pregnancy'
                WHEN kind = 'answer-hotline' THEN 'contact'
                WHEN kind IN ('take-state', 'take-group-state') THEN 'follow_up' END;
GRANT EXECUTE ON FUNCTION fact_of(text, integer), fact_of_task(text, integer) TO enplan_app, enplan_worker;
-- The employee who is responsible for a task always sees it.
CREATE FUNCTION reads_task(t text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(%1$s.employee_id = (SELECT acting_employee()) OR %2$s)', t,
        reads_fact(format('fact_of_task(%1$s.kind, %1$s.information_area)', t), t || '.young_person_id'));

-- Hides the rows of a table if the caller's roles do not read their fact.
CREATE PROCEDURE protect_fact(target regclass, condition text DEFAULT NULL) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY reads_fact ON %1$s AS RESTRICTIVE FOR SELECT TO enplan_app USING (%2$s)', target,
        coalesce(condition, reads_fact(format('fact_of(%L, %s.information_area)', target, target), format('%s.young_person_id', target))));
END $$;

-- AC-19: checks that could reveal whether a young person is registered are counted before they are made, for each employee and
-- for the units of their roles. All instances share the count.
CREATE TABLE access_check (
    request_id  uuid PRIMARY KEY,
    employee_id uuid NOT NULL REFERENCES employee (id),
    unit_ids    uuid[] NOT NULL,
    checked_at  timestamptz NOT NULL,
    gave_access boolean NOT NULL,
    of_card     boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE access_check IS 'AC-19: a CPR number that was checked, or an action that only hidden rows prevented. The access log records which.';
COMMENT ON COLUMN access_check.of_card IS 'HL-5: a card of the hotline, which has a limit of its own.';
COMMENT ON COLUMN access_check.request_id IS 'What counts once: the request, or an id derived from the content of an action that hidden rows prevented.';
COMMENT ON COLUMN access_check.gave_access IS 'True if the young person is visible to the employee; the check then does not count.';
CREATE INDEX access_check_by_employee ON access_check (employee_id, checked_at);
CREATE INDEX access_check_by_time ON access_check (checked_at) WHERE NOT gave_access AND NOT of_card;
ALTER TABLE access_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON access_check TO enplan_worker USING (true);
GRANT SELECT, DELETE ON access_check TO enplan_worker;

-- The young person with this number, if the caller has an access basis. The work is the same whether the number is registered or
-- not: one probe of the numbers and one of the access bases.
CREATE FUNCTION person_of_mine(number bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT whose FROM unnest(coalesce((SELECT array_agg(n.young_person_id ORDER BY n.contested) FROM person_identifier n WHERE n.digest = number),
                                      ARRAY['00000000-0000-0000-0000-000000000000'::uuid])) whose
     WHERE EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = whose AND b.holder_id = ANY (acting_holders())
                      AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
     LIMIT 1
$$;

-- The number of seconds until the caller may make the next check: 20 an hour for an employee, 100 a day for a unit (chosen). NULL: now.
CREATE FUNCTION wait_for_check() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(1, ceil(extract(epoch FROM max(full_until) - acting_now())))::integer FROM (
        (SELECT a.checked_at + interval '1 hour' FROM access_check a
          WHERE a.employee_id = acting_employee() AND NOT a.gave_access AND NOT a.of_card AND a.checked_at > acting_now() - interval '1 hour'
          ORDER BY a.checked_at DESC OFFSET 19 LIMIT 1)
        UNION ALL
        (SELECT (acting_today() + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM access_check a CROSS JOIN LATERAL unnest(a.unit_ids) u
          WHERE NOT a.gave_access AND NOT a.of_card AND a.checked_at >= acting_today()::timestamp AT TIME ZONE 'Europe/Copenhagen'
            AND u = ANY (acting_holders())
          GROUP BY u HAVING count(*) >= 100 LIMIT 1)) full_until (full_until)
    HAVING max(full_until) IS NOT NULL
$$;

-- Counts a check of the caller before it is made, once under the id `counted`. Returns the number of seconds until it may be made (NULL: now), and the number of
-- alarms. The number of a visible young person may always be checked. Half of the limit of an employee or a unit raises an alarm:
-- an event for each unit, once an hour and once a day.
CREATE FUNCTION begin_check(request uuid, counted uuid, number bytea, OUT wait integer, OUT alarms integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who     uuid := acting_employee();
    units   uuid[] := array_remove(acting_holders(), who);
    seen    boolean := number IS NOT NULL AND person_of_mine(number) IS NOT NULL;
    alarmed record;
    salt    bytea;
    told    text;
BEGIN
    alarms := 0;
    IF who IS NULL THEN
        RETURN;
    END IF;
    -- Locks are taken in a fixed order, so that two transactions do not deadlock. A later statement counts.
    PERFORM pg_advisory_xact_lock(hashtext('access_check'), key) FROM (SELECT hashtext(h::text) AS key FROM unnest(units || who) h ORDER BY 1) k;
    IF NOT seen THEN
        wait := wait_for_check();
        IF wait IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO access_check (request_id, employee_id, unit_ids, checked_at, gave_access)
    VALUES (counted, who, units, acting_now(), seen)
        -- The same action again, an hour later, counts again.
        ON CONFLICT (request_id) DO UPDATE SET checked_at = acting_now() WHERE access_check.checked_at <= acting_now() - interval '1 hour';
    FOR alarmed IN
        SELECT * FROM (
            SELECT 'employee' AS kind, who AS id, acting_now() - interval '1 hour' AS since, 10 = (SELECT count(*) FROM access_check a
                WHERE a.employee_id = who AND NOT a.gave_access AND NOT a.of_card AND a.checked_at > acting_now() - interval '1 hour') AS half
            UNION ALL
            SELECT 'unit', u, acting_today()::timestamp AT TIME ZONE 'Europe/Copenhagen', 50 = (SELECT count(*) FROM access_check a
                WHERE u = ANY (a.unit_ids) AND NOT a.gave_access AND NOT a.of_card AND a.checked_at >= acting_today()::timestamp AT TIME ZONE 'Europe/Copenhagen')
              FROM unnest(units) u) k
         -- A registration counts until it has given access, so the same half may be reached twice.
         WHERE CASE WHEN k.half AND NOT seen THEN NOT EXISTS (SELECT FROM event e WHERE e.recorded_at > k.since
                        AND e.kind = 'access-checks.alarmed' AND e.payload ->> 'id' = k.id::text) END
    LOOP
        alarms := alarms + 1;
        salt := uuid_send(gen_random_uuid());
        told := json_build_object('of', alarmed.kind, 'id', alarmed.id)::text;
        INSERT INTO event (recorded_at, id, request_id, actor_id, role, unit_id, subject_kind, subject_id, kind, payload, salt, digest)
        SELECT acting_now(), gen_random_uuid(), request, NULL, 'system', u, 'employee', who::text, 'access-checks.alarmed', told::json, salt,
               sha256(salt || convert_to(told, 'UTF8'))
          FROM unnest(CASE alarmed.kind WHEN 'unit' THEN ARRAY[alarmed.id] ELSE units END) u;
    END LOOP;
END $$;

-- HL-5: counts a card of the hotline before it is shown, `most` within an hour for each employee. Returns the number of seconds until
-- it may be shown; NULL: now. Callers who have no contacts are not counted: they are refused.
CREATE FUNCTION begin_card(request uuid, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who  uuid := acting_employee();
    wait integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access_check'), hashtext(who::text));
    SELECT greatest(1, ceil(extract(epoch FROM a.checked_at + interval '1 hour' - acting_now()))) INTO wait
      FROM access_check a
     WHERE a.employee_id = who AND a.of_card AND a.checked_at > acting_now() - interval '1 hour'
     ORDER BY a.checked_at DESC OFFSET most - 1 LIMIT 1;
    IF wait IS NULL THEN
        INSERT INTO access_check (request_id, employee_id, unit_ids, checked_at, gave_access, of_card)
        SELECT request, who, '{}', acting_now(), false, true
         WHERE EXISTS (SELECT FROM hotline_duty d WHERE d.duty = 'contacts' AND d.unit_id = ANY (acting_holders()));
    END IF;
    RETURN wait;
END $$;

-- Cancels the count of this request's check, because it led to access (a registration).
CREATE FUNCTION check_gave_access(request uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_check SET gave_access = true WHERE request_id = request AND employee_id = acting_employee()
$$;
GRANT EXECUTE ON FUNCTION person_of_mine(bytea), wait_for_check(), begin_check(uuid, uuid, bytea), begin_card(uuid, integer), check_gave_access(uuid) TO enplan_app;

-- AC-19: a new number for a young person is accepted whether another young person has it or not. The application refuses it only
-- if the other young person is visible to the caller. The first number comes from the registration and is unique.
CREATE FUNCTION number_may_be_contested() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('person_identifier'), hashtext(encode(NEW.digest, 'hex')));
    NEW.contested := EXISTS (SELECT FROM person_identifier n WHERE n.young_person_id = NEW.young_person_id)
        AND EXISTS (SELECT FROM person_identifier n WHERE n.digest = NEW.digest AND n.young_person_id <> NEW.young_person_id);
    RETURN NEW;
END $$;
CREATE TRIGGER number_may_be_contested BEFORE INSERT ON person_identifier FOR EACH ROW EXECUTE FUNCTION number_may_be_contested();

CALL protect('young_person', 'id');
-- The basis of a new young person is written right after them (D-9).
ALTER POLICY app_insert ON young_person WITH CHECK (writing_unit_id = ANY ((SELECT acting_holders())::uuid[]));
-- Every caller who sees a young person may lock the row, in order to write elsewhere. Only callers who work on the case may
-- change the identity (AC-16).
DO $do$
BEGIN
    EXECUTE format('ALTER POLICY app_update ON young_person USING (%1$s) WITH CHECK (%1$s)', may_see('young_person', 'young_person.id'));
    EXECUTE format($body$ CREATE FUNCTION may_change_identity(young_person young_person) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp
        RETURN %s $body$, may_write('young_person', 'young_person.id'));
END $do$;
CREATE FUNCTION identity_is_changed_by_casework() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'enplan_app' AND NOT may_change_identity(OLD) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the access basis does not change who somebody is';
    END IF;
    RETURN NEW;
END $$;
-- The worker's changes fire the trigger as well, so every role may execute the functions that it calls.
GRANT EXECUTE ON FUNCTION may_change_identity(young_person), identity_is_changed_by_casework() TO enplan_app, enplan_worker;
CREATE TRIGGER identity_is_changed_by_casework BEFORE UPDATE ON young_person FOR EACH ROW EXECUTE FUNCTION identity_is_changed_by_casework();
CALL protect('person_identifier');

-- Which department coordinates, as a step function: each row holds until the next begins, so that
-- there is neither gap nor overlap to write (D-19, TM-9).
CREATE TABLE coordination (
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    from_at          timestamptz NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    department       text NOT NULL CONSTRAINT coordination_department_known CHECK (department IN ('BU', 'JV', 'UU')),
    PRIMARY KEY (young_person_id, from_at)
);
CALL protect('coordination');
-- A step function is only ever added to.
REVOKE UPDATE ON coordination FROM enplan_app;
