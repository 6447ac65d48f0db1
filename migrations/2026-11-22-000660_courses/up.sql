-- How an intervention runs: at which company and how many hours, on which weekdays, alone or in a group;
-- and what of it clashes with something else that is planned for the same young person.

-- What an entry presumes has been, and what it cannot run beside. Each row belongs to the entry that says
-- so; an exclusion counts both ways. Presuming is looked at one step deep, so a circle does no harm.
CREATE TABLE catalogue_presumes (
    code          text NOT NULL REFERENCES catalogue_entry (code),
    presumed_code text NOT NULL REFERENCES catalogue_entry (code),
    PRIMARY KEY (code, presumed_code),
    CONSTRAINT catalogue_presumes_another CHECK (code <> presumed_code)
);
CREATE INDEX catalogue_presumes_by_presumed ON catalogue_presumes (presumed_code);

CREATE TABLE catalogue_excludes (
    code          text NOT NULL REFERENCES catalogue_entry (code),
    excluded_code text NOT NULL REFERENCES catalogue_entry (code),
    PRIMARY KEY (code, excluded_code),
    CONSTRAINT catalogue_excludes_another CHECK (code <> excluded_code)
);
CREATE INDEX catalogue_excludes_by_excluded ON catalogue_excludes (excluded_code);

ALTER TABLE catalogue_presumes ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalogue_excludes ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON catalogue_presumes FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_read ON catalogue_excludes FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_write ON catalogue_presumes TO enplan_app USING (EXISTS (SELECT FROM catalogue_entry e
    WHERE e.code = catalogue_presumes.code AND e.provider_unit_id = ANY ((SELECT acting_holders())::uuid[])));
CREATE POLICY app_write ON catalogue_excludes TO enplan_app USING (EXISTS (SELECT FROM catalogue_entry e
    WHERE e.code = catalogue_excludes.code AND e.provider_unit_id = ANY ((SELECT acting_holders())::uuid[])));
CREATE POLICY worker ON catalogue_presumes TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON catalogue_excludes TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON catalogue_presumes, catalogue_excludes TO enplan_app, enplan_worker;

-- IV-8: eight digits, the first not 0, whose weighted sum modulus 11 divides.
CREATE FUNCTION is_cvr(number text) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN number ~ '^[1-9][0-9]{7}$' THEN (SELECT sum(digit::integer * weight) % 11 = 0
        FROM unnest(string_to_array(number, NULL), ARRAY[2, 7, 6, 5, 4, 3, 2, 1]) d (digit, weight)) ELSE false END;
GRANT EXECUTE ON FUNCTION is_cvr(text) TO enplan_app, enplan_worker;

-- What follows is kept as it was told, each row from its moment on (PL-11). What is told where nobody tells
-- the moment (a load, a SQL prompt) holds since ever.

-- IV-8. A table of its own: company and supervisor tell where the young person is (YP-5). The last one told
-- is the company.
CREATE TABLE intervention_company (
    told_no              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intervention_id      uuid NOT NULL,
    young_person_id      uuid NOT NULL,
    information_area     information_area NOT NULL,
    writing_unit_id      uuid NOT NULL,
    providing_unit_id    uuid NOT NULL,
    cvr                  text NOT NULL CONSTRAINT "company.cvr-invalid" CHECK (is_cvr(cvr)),
    name                 text NOT NULL,
    supervisor_name      text NOT NULL,
    supervisor_telephone text,
    catalogue_code       text,
    running              boolean NOT NULL,
    told_at              timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity')
);
COMMENT ON COLUMN intervention_company.catalogue_code IS 'The intervention''s, for the rule below; a trigger writes it.';
COMMENT ON COLUMN intervention_company.running IS 'The last one told, of what is not over? For the rule below; triggers write it.';
CREATE INDEX intervention_company_by_intervention ON intervention_company (intervention_id, told_no);
CREATE INDEX intervention_company_by_young_person ON intervention_company (young_person_id);
-- IV-2: what repeats runs at several companies, and not twice at the same one.
CREATE UNIQUE INDEX "intervention.already-running:company" ON intervention_company (young_person_id, catalogue_code, cvr) WHERE running;
CALL protect_as_intervention('intervention_company');
CALL tell_while_it_runs('intervention_company');

CREATE FUNCTION company_of_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT i.catalogue_code, true INTO NEW.catalogue_code, NEW.running
      FROM intervention i WHERE i.id = NEW.intervention_id FOR NO KEY UPDATE;
    UPDATE intervention_company SET running = false WHERE intervention_id = NEW.intervention_id AND running;
    RETURN NEW;
END $$;
CREATE TRIGGER company_of_running BEFORE INSERT ON intervention_company
    FOR EACH ROW EXECUTE FUNCTION company_of_running();

CREATE FUNCTION company_is_left() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE intervention_company SET running = false WHERE intervention_id = NEW.id AND running;
    RETURN NULL;
END $$;
CREATE TRIGGER company_is_left AFTER UPDATE OF state ON intervention FOR EACH ROW
    WHEN (NEW.state IN ('completed', 'ended-early', 'withdrawn', 'declined')) EXECUTE FUNCTION company_is_left();

-- IV-8: what is company-oriented is not started before a company is named.
CREATE FUNCTION intervention_has_a_company() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM catalogue_entry e WHERE e.code = NEW.catalogue_code AND e.company_oriented)
       AND NOT EXISTS (SELECT FROM intervention_company c WHERE c.intervention_id = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.company-missing',
            MESSAGE = 'a company-oriented intervention names its company before it starts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intervention_has_a_company BEFORE UPDATE OF state ON intervention FOR EACH ROW
    WHEN (NEW.state = 'started' AND OLD.state <> 'started') EXECUTE FUNCTION intervention_has_a_company();

-- IV-8: hours a week, each step until the next begins, so that progression shows. Of a day told twice the
-- last holds.
CREATE TABLE intervention_hours (
    told_no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL,
    providing_unit_id uuid NOT NULL,
    from_day          date NOT NULL,
    weekly_minutes    smallint NOT NULL CONSTRAINT intervention_hours_weekly
                          CHECK (weekly_minutes BETWEEN 0 AND 2220 AND weekly_minutes % 6 = 0),
    form              text NOT NULL CONSTRAINT intervention_hours_form_known CHECK (form IN ('internship', 'wage-subsidy', 'ordinary')),
    told_at           timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity')
);
COMMENT ON COLUMN intervention_hours.weekly_minutes IS 'Up to 37 hours, told in tenths of an hour.';
CREATE INDEX intervention_hours_by_intervention ON intervention_hours (intervention_id, from_day, told_no);
CREATE INDEX intervention_hours_by_young_person ON intervention_hours (young_person_id);
CALL protect_as_intervention('intervention_hours');
CALL tell_while_it_runs('intervention_hours');

-- IV-12: the weekly sessions of one without a group, replaced as a whole. ISO weekdays; minutes since midnight.
CREATE TABLE intervention_session (
    told_no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL,
    providing_unit_id uuid NOT NULL,
    weekday           smallint NOT NULL CONSTRAINT intervention_session_weekday CHECK (weekday BETWEEN 1 AND 7),
    from_minute       smallint NOT NULL CONSTRAINT intervention_session_from CHECK (from_minute >= 0),
    to_minute         smallint NOT NULL CONSTRAINT intervention_session_to CHECK (to_minute < 1440),
    told_at           timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    replaced_at       timestamptz,
    CONSTRAINT intervention_session_hours CHECK (from_minute < to_minute),
    CONSTRAINT intervention_session_apart EXCLUDE USING gist
        (intervention_id WITH =, weekday WITH =, int4range(from_minute, to_minute) WITH &&) WHERE (replaced_at IS NULL)
);
CREATE INDEX intervention_session_by_intervention ON intervention_session (intervention_id);
CREATE INDEX intervention_session_by_young_person ON intervention_session (young_person_id);
CALL protect_as_intervention('intervention_session');
CALL tell_while_it_runs('intervention_session', 'replaced_at');

-- IV-12: groups. They tell of nobody.
CREATE TABLE intervention_group (
    id               uuid PRIMARY KEY,
    provider_unit_id uuid NOT NULL REFERENCES unit (id),
    catalogue_code   text REFERENCES catalogue_entry (code),
    title            text NOT NULL,
    from_day         date NOT NULL,
    to_day           date,
    size             integer CONSTRAINT intervention_group_size CHECK (size BETWEEN 1 AND 1000),
    version          bigint NOT NULL DEFAULT 1,
    UNIQUE (id, provider_unit_id),
    CONSTRAINT intervention_group_period CHECK (from_day <= to_day)
);
COMMENT ON COLUMN intervention_group.to_day IS 'Its last day; NULL until it is known.';
COMMENT ON COLUMN intervention_group.size IS 'How many at once; NULL: as many as come.';
CALL keep_in_calendar('intervention_group');
CREATE INDEX intervention_group_by_provider ON intervention_group (provider_unit_id, id);
CREATE INDEX intervention_group_by_offer ON intervention_group (catalogue_code) WHERE catalogue_code IS NOT NULL;

CREATE TABLE group_session (
    told_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id    uuid NOT NULL REFERENCES intervention_group (id),
    weekday     smallint NOT NULL CONSTRAINT group_session_weekday CHECK (weekday BETWEEN 1 AND 7),
    from_minute smallint NOT NULL CONSTRAINT group_session_from CHECK (from_minute >= 0),
    to_minute   smallint NOT NULL CONSTRAINT group_session_to CHECK (to_minute < 1440),
    told_at     timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    replaced_at timestamptz,
    CONSTRAINT group_session_hours CHECK (from_minute < to_minute),
    CONSTRAINT group_session_apart EXCLUDE USING gist
        (group_id WITH =, weekday WITH =, int4range(from_minute, to_minute) WITH &&) WHERE (replaced_at IS NULL)
);
CREATE INDEX group_session_by_group ON group_session (group_id);

-- Groups are no secret among those who are signed in, and are made by the unit that provides.
ALTER TABLE intervention_group ENABLE ROW LEVEL SECURITY;
ALTER TABLE group_session ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON intervention_group FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_read ON group_session FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON intervention_group FOR INSERT TO enplan_app
    WITH CHECK (provider_unit_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_insert ON group_session FOR INSERT TO enplan_app WITH CHECK (EXISTS (SELECT FROM intervention_group g
    WHERE g.id = group_session.group_id AND g.provider_unit_id = ANY ((SELECT acting_holders())::uuid[])));
CREATE POLICY app_update ON intervention_group FOR UPDATE TO enplan_app
    USING (provider_unit_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_update ON group_session FOR UPDATE TO enplan_app USING (EXISTS (SELECT FROM intervention_group g
    WHERE g.id = group_session.group_id AND g.provider_unit_id = ANY ((SELECT acting_holders())::uuid[])));
CREATE POLICY worker ON intervention_group TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON group_session TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON intervention_group, group_session TO enplan_app, enplan_worker;
GRANT UPDATE (title, size, to_day, version) ON intervention_group TO enplan_app, enplan_worker;
GRANT UPDATE (replaced_at) ON group_session TO enplan_app, enplan_worker;

CREATE TABLE group_member (
    id                uuid PRIMARY KEY,
    group_id          uuid NOT NULL,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL,
    providing_unit_id uuid NOT NULL,
    from_day          date NOT NULL,
    until_day         date,
    joined_at         timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    left_at           timestamptz,
    -- The member's intervention is provided by the group's own unit.
    CONSTRAINT "group.another-provider" FOREIGN KEY (group_id, providing_unit_id)
        REFERENCES intervention_group (id, provider_unit_id),
    CONSTRAINT group_member_period CHECK (from_day <= until_day),
    -- Told on that day or after, or it never began: one whose end was told is a member no more.
    CONSTRAINT group_member_left CHECK ((until_day IS NULL) = (left_at IS NULL)
        AND until_day <= greatest(from_day, (left_at AT TIME ZONE 'Europe/Copenhagen')::date)),
    CONSTRAINT "group.already-member" EXCLUDE USING gist (intervention_id WITH =, daterange(from_day, until_day) WITH &&)
);
COMMENT ON COLUMN group_member.until_day IS 'The first day on which it is no member any more; NULL while it is.';
COMMENT ON COLUMN group_member.left_at IS 'When that was told; the membership itself when joined_at tells.';
CREATE INDEX group_member_by_group ON group_member (group_id);
CREATE INDEX group_member_by_intervention ON group_member (intervention_id);
CREATE INDEX group_member_by_young_person ON group_member (young_person_id);
CALL protect_as_intervention('group_member');
CALL tell_while_it_runs('group_member', 'until_day, left_at');

-- The lock of a group, before anything of it is counted.
CREATE FUNCTION lock_group(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM intervention_group WHERE id = wanted FOR NO KEY UPDATE
$$;

-- How many members a group has at most on any day from `first` on (on that day alone where `last` is the
-- day), whoever they are. A membership lasts no longer than its intervention.
CREATE FUNCTION group_members(of_group uuid, first date, last date DEFAULT 'infinity') RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH stay AS (
        SELECT daterange(m.from_day, least(m.until_day, i.ended_on)) AS days
          FROM group_member m JOIN intervention i ON i.id = m.intervention_id
         WHERE m.group_id = of_group AND i.state NOT IN ('withdrawn', 'declined')
           AND m.from_day <= coalesce(least(m.until_day, i.ended_on), m.from_day)
    )
    SELECT coalesce(max((SELECT count(*) FROM stay s WHERE s.days @> turn.day)), 0)
      FROM (SELECT first AS day UNION SELECT lower(days) FROM stay WHERE lower(days) > first AND lower(days) <= last) turn
$$;
GRANT EXECUTE ON FUNCTION lock_group(uuid), group_members(uuid, date, date) TO enplan_app, enplan_worker;

-- IV-12 at a SQL prompt too. Locked by an update: a REPEATABLE READ transaction, which would count in its
-- old snapshot, fails on it.
CREATE FUNCTION group_has_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it intervention_group;
BEGIN
    UPDATE intervention_group SET size = size WHERE id = NEW.group_id RETURNING * INTO it;
    IF group_members(NEW.group_id, NEW.from_day) > it.size THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.full', MESSAGE = 'the group is full';
    ELSIF it.catalogue_code <> (SELECT coalesce(i.catalogue_code, '') FROM intervention i WHERE i.id = NEW.intervention_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.another-offer', MESSAGE = 'the group is of another offer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER group_has_room AFTER INSERT OR UPDATE ON group_member FOR EACH ROW EXECUTE FUNCTION group_has_room();

-- Its size is not lowered below its members; and one that is over changes no more: so nothing that was is told
-- otherwise afterwards (PL-11).
CREATE FUNCTION group_keeps_its_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.to_day < acting_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.over', MESSAGE = 'the group is over';
    ELSIF NEW.to_day IS DISTINCT FROM OLD.to_day AND NEW.to_day < acting_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention_group_ends_ahead',
            MESSAGE = 'a group is not ended for days that have been';
    ELSIF group_members(NEW.id, coalesce(acting_today(), NEW.from_day)) > NEW.size THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.members-beyond', MESSAGE = 'it has more members';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER group_keeps_its_members BEFORE UPDATE ON intervention_group FOR EACH ROW
    WHEN ((OLD.size, OLD.to_day, OLD.title) IS DISTINCT FROM (NEW.size, NEW.to_day, NEW.title))
    EXECUTE FUNCTION group_keeps_its_members();

-- The day of a moment, in Denmark.
CREATE FUNCTION day_of(moment text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(%s AT TIME ZONE ''Europe/Copenhagen'')::date', moment);

-- The weekly sessions of the intervention `i` as they were told at a moment, with the days from and until which
-- they are held where those are not its own: of the group it is in, from the membership's first day on, and
-- its own before and after that. There is one membership at most that was not ended.
CREATE FUNCTION sessions_of(i text, moment text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(
        WITH stay AS (
            SELECT m.group_id, greatest(m.from_day, g.from_day) AS from_day, g.to_day + 1 AS until_day
              FROM group_member m JOIN intervention_group g ON g.id = m.group_id
             WHERE m.intervention_id = %1$s.id AND m.joined_at <= %2$s AND (m.left_at IS NULL OR m.left_at > %2$s)
               AND (g.to_day IS NULL OR g.to_day >= %3$s)
        )
        SELECT stay.group_id, s.weekday, s.from_minute, s.to_minute, stay.from_day, stay.until_day
          FROM stay JOIN group_session s ON s.group_id = stay.group_id
         WHERE s.told_at <= %2$s AND (s.replaced_at IS NULL OR s.replaced_at > %2$s)
        UNION ALL
        SELECT NULL, s.weekday, s.from_minute, s.to_minute, apart.from_day, apart.until_day
          FROM intervention_session s
         CROSS JOIN (SELECT NULL::date AS from_day, (SELECT from_day FROM stay) AS until_day
                     UNION ALL SELECT until_day, NULL FROM stay WHERE until_day IS NOT NULL) apart
         WHERE s.intervention_id = %1$s.id AND s.told_at <= %2$s AND (s.replaced_at IS NULL OR s.replaced_at > %2$s)
           AND (apart.until_day IS NULL OR apart.until_day > %3$s))', i, moment, day_of(moment));

-- IV-10: how many interventions of a young person are under way on a day, in whatever area; NULL where the
-- caller does not see the plan.
CREATE FUNCTION interventions_under_way(of_person uuid, on_day date) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM intervention i WHERE i.young_person_id = of_person
               AND i.started_on <= on_day AND (i.ended_on IS NULL OR i.ended_on > on_day))
     WHERE EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = of_person AND b.areas & 2 <> 0
           AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;

-- All that may clash for a young person: what is running in the open plan or was carried on from a closed one,
-- and what has been. Of what the caller does not see no more than id, days and minutes, only while it runs, and
-- only where a basis of theirs opens the plan. What is under way and past its planned end runs on.
DO $do$ BEGIN EXECUTE format($function$
CREATE FUNCTION planned_for(of_person uuid) RETURNS TABLE (intervention_id uuid, catalogue_code text, mentoring boolean,
    over boolean, from_day date, until_day date, sessions json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    SELECT i.id, CASE WHEN v.seen THEN i.catalogue_code END, v.seen AND coalesce(e.mentoring, false), i.ended_on IS NOT NULL,
           coalesce(i.started_on, i.planned_start),
           CASE WHEN i.state <> 'started' OR i.planned_end > acting_today() THEN coalesce(i.ended_on, i.planned_end) END,
           (SELECT coalesce(json_agg(s), '[]') FROM %1$s s)
      FROM intervention i
      JOIN plan p ON p.id = i.plan_id
      LEFT JOIN catalogue_entry e ON e.code = i.catalogue_code
      JOIN LATERAL %2$s a ON true
     CROSS JOIN LATERAL (SELECT %3$s AS seen) v
     WHERE i.young_person_id = of_person
       AND (i.ended_on IS NOT NULL AND v.seen
            OR i.state IN ('referred', 'waiting', 'offered', 'started') AND (p.state <> 'closed' OR i.carried_on_by_id IS NOT NULL)
               AND (v.seen OR a.areas & 2 <> 0))
     ORDER BY i.id
$body$ $function$, sessions_of('i', '(SELECT acting_now())'), bases_of('i.young_person_id'),
    may_see_in_view('i', 'a', 'i.providing_unit_id')); END $do$;

-- Whom to ask about what one may not see: the coordinating caseworker of the young person's open plan.
CREATE FUNCTION coordinator_to_ask(of_person uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coordinator_of(p.id) FROM plan p
     WHERE p.young_person_id = of_person AND p.state <> 'closed'
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = of_person AND b.areas & 2 <> 0
           AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;
GRANT EXECUTE ON FUNCTION interventions_under_way(uuid, date), planned_for(uuid), coordinator_to_ask(uuid) TO enplan_app;
