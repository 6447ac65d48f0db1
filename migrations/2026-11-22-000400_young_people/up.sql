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
    CONSTRAINT person_identifier_period CHECK (valid_from <= valid_to),
    -- YP-2. Numbers of the past count: a number is one person's for good.
    CONSTRAINT "young-person.already-registered" UNIQUE (digest)
);
COMMENT ON COLUMN person_identifier.cipher IS 'AES-256-GCM under the key `key_id`, bound to the young person''s id (YP-4).';
COMMENT ON COLUMN person_identifier.digest IS 'HMAC-SHA-256 of the ten digits: for look-up.';
CREATE INDEX person_identifier_by_young_person ON person_identifier (young_person_id);
-- One of them is current.
CREATE UNIQUE INDEX person_identifier_current ON person_identifier (young_person_id) WHERE valid_to IS NULL;

-- AC-15: the dated rows by which a fact opens a young person to a unit, whoever recorded it. A capability adds the rows of its facts.
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
COMMENT ON COLUMN access_rule.valid_to IS 'The last day; NULL: it is in force.';
COMMENT ON COLUMN access_rule.receivers IS 'The function that returns, for the id of a fact, the young person, the units that receive access, and until when the fact lasts.';
COMMENT ON COLUMN access_rule.lasts IS 'The longest time; NULL: as long as the fact lasts.';
COMMENT ON COLUMN access_rule.source IS 'The rule, and whether it is chosen.';
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
COMMENT ON COLUMN access_basis.source_id IS 'What gave it (the participation, intervention, …) and, ending, ends it. Of a basis by rule: the fact.';
COMMENT ON COLUMN access_basis.arose IS 'AC-15: the way. NULL only if the owner loaded it.';
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

-- Does an employee lead a unit, itself or from above?
CREATE FUNCTION leads(who uuid, led uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM roles_at(who, acting_now()) r WHERE r.unit_id = led AND r.role IN ('team-leader', 'department-head'))
$$;

-- What a rule opens now because of a fact (AC-15). A unit's own recording opens nothing to it.
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

-- Opens what a rule opens because of a fact, once.
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

-- AC-15: may an access basis arise, in the way and from what it states? Asked of every new basis, whoever writes it.
CREATE FUNCTION access_arises(b access_basis) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    giver access_basis;
    has   boolean;
BEGIN
    IF b.arose = 'registered' THEN
        -- Somebody whom nobody ever saw, registered just now by that unit.
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
        -- Inside the unit that holds it.
        RETURN giver.id IS NOT NULL AND b.kind = 'assignment'
           AND (b.holder_id = giver.holder_id OR EXISTS (SELECT FROM roles_at(b.holder_id, acting_now()) r WHERE r.unit_id = giver.holder_id));
    ELSIF b.arose = 'widened' THEN
        has := EXISTS (SELECT FROM access_basis h WHERE h.young_person_id = b.young_person_id AND h.holder_id = b.holder_id
                       AND h.valid_from <= acting_now() AND h.valid_to > acting_now());
        -- For 26 weeks at most (chosen), by somebody who may pass it on. If nobody may: by the leader of the unit that holds it by law, for
        -- that unit, what a unit works with.
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

-- It holds for the application and for every function that it calls; a basis only ends. What the fact of a rule lengthens is lengthened.
CREATE FUNCTION access_never_grows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- CL-12: nor does it begin before it is given.
        allowed := NEW.valid_from >= acting_now() AND access_arises(NEW);
    ELSE
        allowed := to_jsonb(NEW) - ARRAY['valid_to', 'young_person_id'] = to_jsonb(OLD) - ARRAY['valid_to', 'young_person_id']
               AND (NEW.valid_to <= OLD.valid_to OR NEW.arose = 'by-rule' AND access_arises(NEW));
    END IF;
    IF allowed IS NOT TRUE AND NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'access.not-passed-on', MESSAGE = 'nothing of the caller''s can be passed on so';
    END IF;
    RETURN NEW;
END $$;
-- After the triggers that narrow it.
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

-- Ends what a source gave, also to units the caller does not belong to, where the caller sees the
-- young person. Gives back how many bases ended.
CREATE FUNCTION end_access(source uuid, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    UPDATE access_basis a SET valid_to = greatest(at, a.valid_from)
     WHERE a.source_id = source AND a.valid_to > at
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = a.young_person_id
                   AND b.holder_id = ANY (acting_holders())
                   AND b.valid_from <= acting_now() AND b.valid_to > acting_now());
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
GRANT EXECUTE ON FUNCTION end_access(uuid, timestamptz) TO enplan_app;

CALL protect('young_person', 'id');
-- The basis of a new young person is written right after them (decisions 9).
ALTER POLICY app_insert ON young_person WITH CHECK (writing_unit_id = ANY ((SELECT acting_holders())::uuid[]));
CALL protect('person_identifier');

-- Which department coordinates, as a step function: each row holds until the next begins, so that
-- there is neither gap nor overlap to write (decisions 19, TM-9).
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
