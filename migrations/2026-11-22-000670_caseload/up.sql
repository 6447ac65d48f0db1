-- Caseload (CL-1 to CL-11): who has whose case, the norm that holds, and the units' intake.

-- What somebody does in a case; the role of the same name does it.
CREATE FUNCTION case_functions() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['caseworker', 'job-consultant', 'mentor', 'adviser', 'counsellor', 'psychologist', 'treatment-counsellor',
                 'benefits-officer', 'team-leader'];
GRANT EXECUTE ON FUNCTION case_functions() TO enplan_app, enplan_worker;
-- PL-17: the functions in which an employee coordinates a plan, in order of preference. The same as `Function::COORDINATING`; a
-- test compares the two.
CREATE FUNCTION coordinating_functions() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['caseworker', 'job-consultant', 'adviser', 'counsellor', 'team-leader'];
CREATE DOMAIN case_function AS text CONSTRAINT case_function_known CHECK (VALUE = ANY (case_functions()));

-- CL-1: the norm of a function in a unit, from a day until the next one decided begins. Decisions are only added.
CREATE TABLE caseload_norm (
    id            uuid PRIMARY KEY,
    unit_id       uuid NOT NULL REFERENCES unit (id),
    function      case_function NOT NULL,
    from_day      date NOT NULL,
    cases         integer CONSTRAINT caseload_norm_cases CHECK (cases BETWEEN 0 AND 500),
    reason        text NOT NULL,
    decision_no   integer NOT NULL,
    decided_by_id uuid REFERENCES employee (id),
    decided_at    timestamptz NOT NULL,
    CONSTRAINT "version.stale:caseload-norm" UNIQUE (unit_id, decision_no)
);
COMMENT ON COLUMN caseload_norm.cases IS 'NULL: from that day on there is none.';
COMMENT ON COLUMN caseload_norm.decision_no IS 'Of the unit, from 1 on: the version of its norms.';
CREATE INDEX caseload_norm_by_day ON caseload_norm (unit_id, function, from_day DESC, decision_no DESC);
CREATE INDEX caseload_norm_by_decider ON caseload_norm (decided_by_id);

-- CL-5: how much of the norm is somebody's own, from a day until the next terms begin. Terms are only added.
CREATE TABLE caseload_terms (
    id               uuid PRIMARY KEY,
    employee_id      uuid NOT NULL REFERENCES employee (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    function         case_function NOT NULL,
    from_day         date NOT NULL,
    employment_share integer NOT NULL CONSTRAINT caseload_terms_share CHECK (employment_share BETWEEN 0 AND 100),
    reduction        integer NOT NULL CONSTRAINT caseload_terms_reduction CHECK (reduction BETWEEN 0 AND 500),
    reason           text NOT NULL,
    terms_no         bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    agreed_by_id     uuid NOT NULL REFERENCES employee (id),
    agreed_at        timestamptz NOT NULL
);
COMMENT ON COLUMN caseload_terms.employment_share IS 'In percent of full time.';
COMMENT ON COLUMN caseload_terms.reduction IS 'In cases.';
CREATE INDEX caseload_terms_by_day ON caseload_terms (unit_id, employee_id, function, from_day DESC, terms_no DESC);
CREATE INDEX caseload_terms_by_employee ON caseload_terms (employee_id);
CREATE INDEX caseload_terms_by_agreer ON caseload_terms (agreed_by_id);

-- CL-5: somebody covers for an absent colleague.
CREATE TABLE cover (
    id            uuid PRIMARY KEY,
    unit_id       uuid NOT NULL REFERENCES unit (id),
    absent_id     uuid NOT NULL REFERENCES employee (id),
    covered_by_id uuid NOT NULL REFERENCES employee (id),
    from_day      date NOT NULL,
    until_day     date NOT NULL,
    reason        text NOT NULL,
    decided_by_id uuid NOT NULL REFERENCES employee (id),
    decided_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT cover_of_another CHECK (absent_id <> covered_by_id),
    -- Time-boxed: a year at most (chosen).
    CONSTRAINT "cover.days-out-of-range" CHECK (until_day BETWEEN from_day AND from_day + 365),
    CONSTRAINT "cover.already-covered" EXCLUDE USING gist (absent_id WITH =, covered_by_id WITH =, unit_id WITH =,
        daterange(from_day, until_day, '[]') WITH &&) WHERE (ended_at IS NULL)
);
COMMENT ON COLUMN cover.until_day IS 'The last day.';
COMMENT ON COLUMN cover.ended_at IS 'Ended before its last day.';
CREATE INDEX cover_by_unit ON cover (unit_id, until_day);
CREATE INDEX cover_by_coverer ON cover (covered_by_id);
CREATE INDEX cover_by_decider ON cover (decided_by_id);
CALL keep_in_calendar('caseload_norm');
CALL keep_in_calendar('caseload_terms');
CALL keep_in_calendar('cover');

-- They are told ahead or for today: a past day stays as it was (CL-10).
CREATE FUNCTION caseload_day_is_not_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.from_day < acting_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'caseload.day-past', MESSAGE = 'a day that has passed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER caseload_day_is_not_past BEFORE INSERT ON caseload_norm FOR EACH ROW EXECUTE FUNCTION caseload_day_is_not_past();
CREATE TRIGGER caseload_day_is_not_past BEFORE INSERT ON caseload_terms FOR EACH ROW EXECUTE FUNCTION caseload_day_is_not_past();
CREATE TRIGGER caseload_day_is_not_past BEFORE INSERT ON cover FOR EACH ROW EXECUTE FUNCTION caseload_day_is_not_past();

-- Norms are no secret. What was agreed with an employee, and who is away, is their unit's; leaders decide.
ALTER TABLE caseload_norm ENABLE ROW LEVEL SECURITY;
ALTER TABLE caseload_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE cover ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON caseload_norm FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_read ON caseload_terms FOR SELECT TO enplan_app USING (acting_leads(unit_id) OR employee_id = (SELECT acting_employee()));
CREATE POLICY app_read ON cover FOR SELECT TO enplan_app USING (unit_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_insert ON caseload_norm FOR INSERT TO enplan_app
    WITH CHECK (acting_leads(unit_id) AND decided_by_id = (SELECT acting_employee()));
CREATE POLICY app_insert ON caseload_terms FOR INSERT TO enplan_app
    WITH CHECK (acting_leads(unit_id) AND agreed_by_id = (SELECT acting_employee()));
CREATE POLICY app_insert ON cover FOR INSERT TO enplan_app
    WITH CHECK (acting_leads(unit_id) AND decided_by_id = (SELECT acting_employee()));
CREATE POLICY app_update ON cover FOR UPDATE TO enplan_app
    USING (ended_at IS NULL AND acting_leads(unit_id)) WITH CHECK (ended_at <= (SELECT acting_now()));
CREATE POLICY worker ON caseload_norm TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON caseload_terms TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON cover TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON caseload_norm, caseload_terms, cover TO enplan_app, enplan_worker;
GRANT UPDATE (ended_at, version) ON cover TO enplan_app;

-- Somebody of a unit has the case, in a function. It counts under one norm of the unit.
CREATE TABLE assignment (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    employee_id      uuid NOT NULL REFERENCES employee (id),
    function         case_function NOT NULL,
    counts_as        case_function NOT NULL,
    recounted_at     timestamptz,
    began_at         timestamptz NOT NULL,
    planned_end      date,
    note             text,
    exception_reason text,
    exception_until  date,
    ended_at         timestamptz,
    end_reason       text,
    version          bigint NOT NULL DEFAULT 1,
    -- CL-1: a job consultant's mentor function is part of their norm.
    CONSTRAINT assignment_counts CHECK (counts_as = function OR (function = 'mentor' AND counts_as = 'job-consultant')),
    CONSTRAINT assignment_exception CHECK ((exception_reason IS NULL) = (exception_until IS NULL)),
    -- CL-3: 90 days on at most (chosen).
    CONSTRAINT "caseload.exception-out-of-range" CHECK (exception_until BETWEEN
        (began_at AT TIME ZONE 'Europe/Copenhagen')::date AND (began_at AT TIME ZONE 'Europe/Copenhagen')::date + 90),
    CONSTRAINT assignment_period CHECK (began_at <= ended_at),
    CONSTRAINT assignment_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
COMMENT ON COLUMN assignment.unit_id IS 'Whose norm it counts under.';
COMMENT ON COLUMN assignment.counts_as IS 'The function whose norm it counts under.';
COMMENT ON COLUMN assignment.recounted_at IS 'When the mentor who has it became job consultant: before, it counted as mentor (CL-10).';
COMMENT ON COLUMN assignment.planned_end IS 'For the forecast (CL-6); it ends nothing.';
COMMENT ON COLUMN assignment.note IS 'CL-8: what the one who takes it over needs to know first.';
COMMENT ON COLUMN assignment.exception_until IS 'CL-3: beyond the norm until this day, counted apart; from the next day on it counts like any other.';
CREATE UNIQUE INDEX "assignment.already-assigned" ON assignment (young_person_id, unit_id, function) WHERE ended_at IS NULL;
CREATE INDEX assignment_by_young_person ON assignment (young_person_id, function, began_at);
CREATE INDEX assignment_by_unit ON assignment (unit_id, employee_id) WHERE ended_at IS NULL;
CREATE INDEX assignment_of_the_past ON assignment (unit_id, ended_at, began_at);
CREATE INDEX assignment_by_employee ON assignment (employee_id, unit_id, ended_at);
CREATE INDEX assignment_by_writer ON assignment (writing_unit_id);
CALL protect('assignment');
-- Whom it is given to, and in which function, is said once.
REVOKE UPDATE ON assignment FROM enplan_app, enplan_worker;
GRANT UPDATE (ended_at, end_reason, version) ON assignment TO enplan_app;
-- Does this employee coordinate the young person's open plan?
CREATE FUNCTION coordinates(who uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM plan p WHERE p.young_person_id = person AND p.state <> 'closed' AND coordinator_of(p.id) = who)
$$;
-- The same for a caller who has an access basis for the young person. NULL for other callers.
CREATE FUNCTION colleague_coordinates(who uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coordinates(who, person) WHERE is_for_acting(person)
$$;
GRANT EXECUTE ON FUNCTION colleague_coordinates(uuid, uuid) TO enplan_app;

-- CL-3: only the unit's leader may go beyond the norm. A case is assigned to employees of the caller's own units, or to the
-- employee who coordinates the plan (PL-17). An assignment never begins in the future.
CREATE POLICY app_assigns_own ON assignment AS RESTRICTIVE FOR INSERT TO enplan_app
    WITH CHECK ((unit_id = ANY ((SELECT acting_holders())::uuid[]) OR colleague_coordinates(employee_id, young_person_id))
                AND (exception_until IS NULL OR acting_leads(unit_id, 'team-leader')) AND began_at <= (SELECT acting_now()));
CREATE POLICY app_ends_own ON assignment AS RESTRICTIVE FOR UPDATE TO enplan_app
    USING (unit_id = ANY ((SELECT acting_holders())::uuid[])) WITH CHECK (ended_at <= greatest((SELECT acting_now()), began_at) IS NOT FALSE);

CREATE FUNCTION assignment_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment.ended', MESSAGE = 'it has ended';
END $$;
CREATE TRIGGER assignment_stays_ended BEFORE UPDATE OF ended_at, end_reason ON assignment FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION assignment_stays_ended();

-- CL-11: those for whom nobody in the unit has room, or who are to come on a day.
CREATE TABLE intake_entry (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    function         case_function NOT NULL,
    reason           text NOT NULL,
    from_day         date NOT NULL,
    entered_at       timestamptz NOT NULL,
    left_at          timestamptz,
    left_because     text CONSTRAINT intake_entry_left_because_known CHECK (left_because IN ('assigned', 'withdrawn')),
    left_reason      text,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT intake_entry_left CHECK ((left_at IS NULL) = (left_because IS NULL)
        AND (left_because IS NOT DISTINCT FROM 'withdrawn') = (left_reason IS NOT NULL))
);
COMMENT ON COLUMN intake_entry.unit_id IS 'Whose intake.';
COMMENT ON COLUMN intake_entry.from_day IS 'From which day on somebody is wanted: a planned transition where it lies ahead.';
CREATE UNIQUE INDEX "intake.already-waiting" ON intake_entry (young_person_id, unit_id, function) WHERE left_at IS NULL;
CREATE INDEX intake_entry_by_young_person ON intake_entry (young_person_id);
CREATE INDEX intake_entry_by_unit ON intake_entry (unit_id, entered_at, id) WHERE left_at IS NULL;
CREATE INDEX intake_entry_by_writer ON intake_entry (writing_unit_id, from_day) WHERE left_at IS NULL;
CALL protect('intake_entry');
REVOKE UPDATE ON intake_entry FROM enplan_app, enplan_worker;
GRANT UPDATE (left_at, left_because, left_reason, version) ON intake_entry TO enplan_app;
-- The unit in whose intake it lies takes it out, and the one that put it there.
CREATE POLICY app_leaves_own ON intake_entry AS RESTRICTIVE FOR UPDATE TO enplan_app
    USING (ARRAY[unit_id, writing_unit_id] && (SELECT acting_holders())::uuid[]) WITH CHECK (true);

-- Nobody waits for what somebody of the unit does for them already.
CREATE FUNCTION intake_entry_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM young_person WHERE id = NEW.young_person_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM assignment a WHERE a.young_person_id = NEW.young_person_id AND a.unit_id = NEW.unit_id
               AND a.function = NEW.function AND a.ended_at IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment.already-assigned', MESSAGE = 'somebody does it already';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intake_entry_waits AFTER INSERT ON intake_entry FOR EACH ROW WHEN (NEW.left_at IS NULL)
    EXECUTE FUNCTION intake_entry_waits();

-- Is the basis held by a unit, or by an employee because of an assignment in that unit?
CREATE FUNCTION is_inside(b access_basis, of_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT b.holder_id = of_unit OR EXISTS (SELECT FROM assignment a WHERE a.id = b.source_id AND a.unit_id = of_unit)
$$;

-- AC-15: ends the access of a unit that left the plan: that of its participation, and what the unit gave itself by it, directly or
-- in several steps (assignments, intake entries, widened areas). Assignments and intake entries whose access ends, end too. What
-- another basis of the unit supports stays (its registration, a referral to its intake). So does what the unit passed on to others:
-- they take part themselves. Returns the assignments and intake entries that ended.
CREATE FUNCTION end_participation_access(participation uuid, at timestamptz, because text, OUT assignments uuid[], OUT intake_entries uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    leaving plan_participant;
    origin  uuid;
    own     uuid[];
    ended   uuid[];
BEGIN
    SELECT * INTO leaving FROM plan_participant m WHERE m.id = participation AND m.left_at IS NOT NULL
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = m.young_person_id AND b.holder_id = ANY (acting_holders())
                   AND b.kind IN ('registration', 'participation', 'assignment') AND b.valid_from <= acting_now() AND b.valid_to > acting_now());
    -- The basis by which the unit itself began, and all that it gave itself from there.
    WITH RECURSIVE back AS (
        SELECT b.id, b.from_basis_id, 0 AS step FROM access_basis b WHERE b.source_id = leaving.id AND b.holder_id = leaving.unit_id
        UNION ALL
        SELECT b.id, b.from_basis_id, back.step + 1 FROM back JOIN access_basis b ON b.id = back.from_basis_id
         WHERE is_inside(b, leaving.unit_id))
    SELECT back.id INTO origin FROM back ORDER BY back.step DESC LIMIT 1;
    WITH RECURSIVE given AS (
        SELECT origin AS id
        UNION ALL
        SELECT b.id FROM given JOIN access_basis b ON b.from_basis_id = given.id WHERE is_inside(b, leaving.unit_id))
    SELECT array_agg(given.id) INTO own FROM given;
    WITH over AS (
        UPDATE access_basis b SET valid_to = greatest(at, b.valid_from)
         WHERE b.id = ANY (own) AND b.valid_to > at
           AND (b.source_id = leaving.id OR b.id <> origin AND NOT EXISTS (
                SELECT FROM access_basis o
                 WHERE o.young_person_id = leaving.young_person_id AND o.holder_id = leaving.unit_id AND o.source_id <> leaving.id
                   AND (o.id = origin OR o.id <> ALL (own))
                   AND o.kind IN ('registration', 'participation', 'assignment') AND o.giver_id IS NULL
                   AND o.valid_from <= at AND o.valid_to >= b.valid_to AND b.areas & ~o.areas = 0))
        RETURNING b.source_id)
    SELECT array_agg(over.source_id) INTO ended FROM over;
    WITH over AS (
        UPDATE assignment a SET ended_at = greatest(at, a.began_at), end_reason = because, version = a.version + 1
         WHERE a.id = ANY (ended) AND a.ended_at IS NULL RETURNING a.id)
    SELECT coalesce(array_agg(over.id), '{}') INTO assignments FROM over;
    WITH over AS (
        UPDATE intake_entry i SET left_at = at, left_because = 'withdrawn', left_reason = because, version = i.version + 1
         WHERE i.id = ANY (ended) AND i.left_at IS NULL RETURNING i.id)
    SELECT coalesce(array_agg(over.id), '{}') INTO intake_entries FROM over;
END $$;
GRANT EXECUTE ON FUNCTION end_participation_access(uuid, timestamptz, text) TO enplan_app;

-- Numbers: beyond the caller's sight, hence the owner's, and ids and numbers only.

-- CL-5: the limit of its parts, rounded down at the end. Of a norm that is not decided there is none.
CREATE FUNCTION caseload_limit(norm integer, employment_share integer, ramp_quarters integer, reduction integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN norm IS NOT NULL THEN greatest(norm * employment_share * ramp_quarters / 400 - reduction, 0) END;

-- CL-5: how much of the norm a new employee bears: half for three months, three quarters to six (chosen).
CREATE FUNCTION ramp_quarters(employed_on date, day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN day < employed_on + interval '3 months' THEN 2 WHEN day < employed_on + interval '6 months' THEN 3 ELSE 4 END;

-- CL-10: the stops of a sign-in that are over, for who was present on a past day.
CREATE TABLE past_stop (
    employee_id uuid NOT NULL REFERENCES employee (id),
    stopped_at  timestamptz NOT NULL,
    opened_at   timestamptz NOT NULL,
    PRIMARY KEY (employee_id, stopped_at),
    CONSTRAINT past_stop_period CHECK (stopped_at <= opened_at)
);
COMMENT ON TABLE past_stop IS 'Written when a sign-in is opened again. No role of the application reads it but by functions.';
ALTER TABLE past_stop ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION stop_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO past_stop SELECT NEW.id, OLD.deactivated_at, acting_now() WHERE acting_now() > OLD.deactivated_at;
    RETURN NULL;
END $$;
CREATE TRIGGER stop_is_kept AFTER UPDATE OF deactivated_at ON employee FOR EACH ROW
    WHEN (OLD.deactivated_at IS NOT NULL AND NEW.deactivated_at IS NULL) EXECUTE FUNCTION stop_is_kept();

-- CL-10: under which function's norm an assignment counted at a moment.
CREATE FUNCTION counted_as(counts_as text, recounted_at timestamptz, moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN moment < recounted_at THEN 'mentor' ELSE counts_as END;

-- The limits of a unit on a day: of each one who holds a post there at a moment, and of each one who has cases
-- there and holds it no more (`present` is false); of one employee, or of all. At 'infinity' it is as it stands
-- now: also what others did while the caller waited for a lock, after the moment at which the caller acts (CL-4).
CREATE FUNCTION caseload_limits(of_unit uuid, on_day date, moment timestamptz, who uuid DEFAULT NULL)
RETURNS TABLE (employee_id uuid, function text, present boolean, norm integer, employment_share integer, ramp_quarters integer,
               reduction integer, case_limit integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.employee_id, k.function, k.held AND (e.deactivated_at IS NULL OR e.deactivated_at > moment)
               AND NOT EXISTS (SELECT FROM past_stop s WHERE s.employee_id = k.employee_id AND s.stopped_at <= moment
                               AND s.opened_at > moment), n.cases,
           coalesce(t.employment_share, 100), ramp_quarters(e.employed_on, on_day), coalesce(t.reduction, 0),
           caseload_limit(n.cases, coalesce(t.employment_share, 100), ramp_quarters(e.employed_on, on_day), coalesce(t.reduction, 0))
      FROM (SELECT p.employee_id, p.function, bool_or(p.held) AS held FROM (
                SELECT r.employee_id, r.role AS function, true AS held FROM employee_role r
                 WHERE r.unit_id = of_unit AND r.valid_from <= least(moment, acting_now()) AND r.valid_to > least(moment, acting_now())
                   AND r.role = ANY (case_functions()) AND (who IS NULL OR r.employee_id = who)
                UNION ALL
                SELECT DISTINCT a.employee_id, counted_as(a.counts_as, a.recounted_at, moment), false FROM assignment a
                 WHERE a.unit_id = of_unit AND a.began_at <= moment AND (a.ended_at IS NULL OR a.ended_at > moment)
                   AND (who IS NULL OR a.employee_id = who)) p
             GROUP BY p.employee_id, p.function) k
      JOIN employee e ON e.id = k.employee_id
      LEFT JOIN LATERAL (SELECT d.cases FROM caseload_norm d WHERE d.unit_id = of_unit AND d.function = k.function
                          AND d.from_day <= on_day ORDER BY d.from_day DESC, d.decision_no DESC LIMIT 1) n ON true
      LEFT JOIN LATERAL (SELECT d.employment_share, d.reduction FROM caseload_terms d WHERE d.unit_id = of_unit
                          AND d.employee_id = k.employee_id AND d.function = k.function AND d.from_day <= on_day
                          ORDER BY d.from_day DESC, d.terms_no DESC LIMIT 1) t ON true
$$;

-- PL-17, TM-9: the cases that an employee of the unit will receive because the coordination transfers to that employee, with the
-- function, the first day, and the end of an exception to the norm. The capability that transfers the coordination replaces this
-- function.
CREATE FUNCTION cases_to_come(of_unit uuid)
RETURNS TABLE (young_person_id uuid, employee_id uuid, function text, from_day date, exception_until date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT NULL::uuid, NULL::uuid, NULL::text, NULL::date, NULL::date WHERE of_unit IS NULL
$$;

-- The same with what each one has: young people, not files; those beyond the norm by an exception in force separately; the
-- expired exceptions among the rest; the number of cases for which room is reserved, on the day or later (a higher limit on a
-- later day reduces it); those of colleagues whom they cover for; and how often the young people they have were given another one
-- in that function. `everybody` is how many young people those who are asked for have together. These last three (`whole`) only
-- the overview asks for.
CREATE FUNCTION caseload_of(of_unit uuid, on_day date, moment timestamptz, who uuid DEFAULT NULL, whole boolean DEFAULT true)
RETURNS TABLE (employee_id uuid, function text, present boolean, norm integer, employment_share integer, ramp_quarters integer,
               reduction integer, case_limit integer, young_people integer, exceptions integer, breaches integer,
               reserved integer, covered integer, changes integer, away boolean, everybody integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH running AS MATERIALIZED (
        SELECT a.young_person_id, a.employee_id, a.function, counted_as(a.counts_as, a.recounted_at, moment) AS counts_as, a.exception_until
          FROM assignment a
         WHERE a.unit_id = of_unit AND a.began_at <= moment AND (a.ended_at IS NULL OR a.ended_at > moment)
           AND (who IS NULL OR a.employee_id = who)
    ), given AS (
        SELECT g.young_person_id, g.function, count(*) FILTER (WHERE g.before <> g.employee_id) AS times
          FROM (SELECT a.young_person_id, a.function, a.employee_id,
                       lag(a.employee_id) OVER (PARTITION BY a.young_person_id, a.function ORDER BY a.began_at, a.id) AS before
                  FROM assignment a
                 WHERE whole AND a.young_person_id IN (SELECT r.young_person_id FROM running r) AND a.began_at <= moment) g
         GROUP BY g.young_person_id, g.function
    ), has AS (
        SELECT r.employee_id, r.counts_as AS function,
               count(DISTINCT r.young_person_id) FILTER (WHERE r.exception_until >= on_day IS NOT TRUE) AS young_people,
               count(DISTINCT r.young_person_id) AS everybody,
               count(DISTINCT r.young_person_id) FILTER (WHERE r.exception_until < on_day) AS breaches,
               coalesce(sum(g.times), 0) AS changes
          FROM running r LEFT JOIN given g USING (young_person_id, function)
         GROUP BY r.employee_id, r.counts_as
    ), coming AS MATERIALIZED (
        -- A case that the employee already has takes no further room, nor does a case beyond the norm.
        SELECT c.employee_id, c.function, c.young_person_id, greatest(c.from_day, on_day) AS from_day
          FROM cases_to_come(of_unit) c
         WHERE moment >= acting_now() AND (who IS NULL OR c.employee_id = who)
           AND c.exception_until >= greatest(c.from_day, on_day) IS NOT TRUE
           AND NOT EXISTS (SELECT FROM running r WHERE r.young_person_id = c.young_person_id AND r.employee_id = c.employee_id
                           AND r.counts_as = c.function AND r.exception_until >= on_day IS NOT TRUE)
    ), taken AS (
        SELECT d.employee_id, d.function, f.case_limit,
               (SELECT count(*) FROM coming c WHERE (c.employee_id, c.function) = (d.employee_id, d.function) AND c.from_day <= d.from_day) AS cases
          FROM (SELECT DISTINCT c.employee_id, c.function, c.from_day FROM coming c) d
         CROSS JOIN LATERAL caseload_limits(of_unit, d.from_day, moment, d.employee_id) f
         WHERE f.function = d.function AND f.case_limit IS NOT NULL
    ), away AS (
        SELECT c.absent_id, c.covered_by_id FROM cover c
         WHERE c.unit_id = of_unit AND on_day BETWEEN c.from_day AND c.until_day AND c.decided_at <= moment
           AND (c.ended_at IS NULL OR c.ended_at > moment)
    )
    SELECT l.employee_id, l.function, l.present, l.norm, l.employment_share, l.ramp_quarters, l.reduction, l.case_limit,
           coalesce(h.young_people, 0)::integer, coalesce(h.everybody - h.young_people, 0)::integer, coalesce(h.breaches, 0)::integer,
           coalesce((SELECT greatest(max(t.cases - greatest(t.case_limit - l.case_limit, 0)), 0) FROM taken t
                      WHERE (t.employee_id, t.function) = (l.employee_id, l.function)), 0)::integer,
           (SELECT count(DISTINCT a.young_person_id) FROM away w JOIN assignment a ON a.employee_id = w.absent_id
             WHERE whole AND w.covered_by_id = l.employee_id AND a.unit_id = of_unit AND a.began_at <= moment
               AND (a.ended_at IS NULL OR a.ended_at > moment))::integer,
           coalesce(h.changes, 0)::integer, EXISTS (SELECT FROM away w WHERE w.absent_id = l.employee_id),
           (SELECT count(DISTINCT r.young_person_id) FROM running r WHERE whole)::integer
      FROM caseload_limits(of_unit, on_day, moment, who) l
      LEFT JOIN has h USING (employee_id, function)
$$;

-- Who has these young people now in the unit, in which function.
CREATE FUNCTION cases_in(of_unit uuid, people uuid[])
RETURNS TABLE (id uuid, young_person_id uuid, employee_id uuid, function text, counts_as text, exception_until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.young_person_id, a.employee_id, a.function, a.counts_as, a.exception_until FROM assignment a
     WHERE a.unit_id = of_unit AND a.young_person_id = ANY (people) AND a.ended_at IS NULL AND is_for_acting(a.young_person_id)
$$;

-- Who has had them before, in whichever unit and function, and until when.
CREATE FUNCTION have_had(people uuid[]) RETURNS TABLE (young_person_id uuid, employee_id uuid, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.young_person_id, a.employee_id, max(coalesce(a.ended_at, 'infinity')) FROM assignment a
     WHERE a.young_person_id = ANY (people) AND is_for_acting(a.young_person_id) GROUP BY a.young_person_id, a.employee_id
$$;

-- Locks those whose caseload is about to be counted, in one order (D-13, D-14).
CREATE FUNCTION lock_employees(who uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM employee WHERE id = ANY (who) ORDER BY id FOR NO KEY UPDATE
$$;
GRANT EXECUTE ON FUNCTION caseload_of(uuid, date, timestamptz, uuid, boolean), cases_in(uuid, uuid[]), have_had(uuid[]), lock_employees(uuid[])
    TO enplan_app, enplan_worker;

-- PL-17: was room reserved for the assignment when the unit accepted the young person? The norm then no longer refuses it. The
-- capability that transfers the coordination replaces this function.
CREATE FUNCTION was_reserved(a assignment) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$ SELECT false WHERE a.id IS NOT NULL $$;

-- CL-2, CL-4 at a SQL prompt too: whoever gets a case is locked, then counted. A REPEATABLE READ transaction
-- would count in its old snapshot: it is sent back. One they have already, in another function of the same norm,
-- is no new one.
CREATE FUNCTION assignment_keeps_the_norm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today  date := acting_today();
    stands record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'cases are assigned in READ COMMITTED';
    END IF;
    PERFORM lock_employees(ARRAY[NEW.employee_id]);
    SELECT * INTO stands FROM caseload_of(NEW.unit_id, today, 'infinity', NEW.employee_id, false) c WHERE c.function = NEW.counts_as;
    IF stands.present IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment.not-in-function',
            MESSAGE = 'nobody who does that in the unit';
    -- CL-1: a job consultant's mentor function is part of their norm, whatever else they hold.
    ELSIF NEW.function = 'mentor' AND NEW.counts_as = 'mentor' AND EXISTS (SELECT FROM caseload_limits(NEW.unit_id, today, 'infinity',
            NEW.employee_id) l WHERE l.function = 'job-consultant' AND l.present) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_counts', MESSAGE = 'it counts as job consultant';
    ELSIF (NEW.exception_until IS NULL OR NEW.exception_until < today) AND stands.young_people + stands.reserved > stands.case_limit
        AND NOT was_reserved(NEW) AND NOT EXISTS (SELECT FROM assignment a WHERE a.employee_id = NEW.employee_id AND a.unit_id = NEW.unit_id
            AND a.counts_as = NEW.counts_as AND a.young_person_id = NEW.young_person_id AND a.ended_at IS NULL
            AND (a.began_at, a.id) < (NEW.began_at, NEW.id)
            AND a.exception_until >= today IS NOT TRUE) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'caseload.limit-reached', MESSAGE = 'no room for another case';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assignment_keeps_the_norm AFTER INSERT ON assignment FOR EACH ROW EXECUTE FUNCTION assignment_keeps_the_norm();

-- PL-17: does the employee who coordinates a plan have the case, in a unit that takes part in it? True if the plan has no
-- coordinator.
CREATE FUNCTION coordinator_has_case(of_plan uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((
        SELECT EXISTS (SELECT FROM assignment a JOIN plan_participant m ON m.unit_id = a.unit_id
                        WHERE m.plan_id = of_plan AND m.left_at IS NULL AND a.young_person_id = r.young_person_id
                          AND a.employee_id = r.employee_id AND a.ended_at IS NULL)
          FROM plan_role r WHERE r.plan_id = of_plan AND r.kind = 'coordinator' ORDER BY r.from_at DESC LIMIT 1), true)
$$;

-- PL-17, at commit: the employee who coordinates an active plan has the case. The young person is locked before the check, so
-- that of two transactions the later one sees the changes of the earlier one.
CREATE FUNCTION coordinator_keeps_the_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    people uuid[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.young_person_id] WHEN 'INSERT' THEN ARRAY[NEW.young_person_id]
                                ELSE ARRAY[NEW.young_person_id, OLD.young_person_id] END;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'cases change hands in READ COMMITTED';
    END IF;
    PERFORM FROM young_person WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM plan p WHERE p.young_person_id = ANY (people) AND p.state = 'active' AND NOT coordinator_has_case(p.id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.coordinator-without-case',
            MESSAGE = 'the employee who coordinates an active plan has the case';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER coordinator_keeps_the_case AFTER INSERT OR UPDATE OF state, young_person_id ON plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'active') EXECUTE FUNCTION coordinator_keeps_the_case();
CREATE CONSTRAINT TRIGGER coordinator_keeps_the_case AFTER INSERT ON plan_role
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'coordinator') EXECUTE FUNCTION coordinator_keeps_the_case();
CREATE CONSTRAINT TRIGGER coordinator_keeps_the_case AFTER UPDATE OF left_at ON plan_participant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.left_at IS NOT NULL) EXECUTE FUNCTION coordinator_keeps_the_case();
CREATE CONSTRAINT TRIGGER coordinator_keeps_the_case AFTER UPDATE OF ended_at, young_person_id ON assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL OR NEW.young_person_id <> OLD.young_person_id) EXECUTE FUNCTION coordinator_keeps_the_case();
CREATE CONSTRAINT TRIGGER coordinator_keeps_the_case_that_is_voided AFTER DELETE ON assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.ended_at IS NULL) EXECUTE FUNCTION coordinator_keeps_the_case();

-- PL-17: the unit and the function in which an employee coordinates a plan. Of the units that take part it is one in which the
-- employee has the case, otherwise the one that has taken part longest.
CREATE FUNCTION coordinating_post(of_plan uuid, who uuid) RETURNS TABLE (unit_id uuid, function text, has_case boolean)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.unit_id, r.role, has.it
      FROM plan_participant m
      JOIN employee_role r ON r.unit_id = m.unit_id AND r.employee_id = who AND r.role = ANY (coordinating_functions())
           AND r.valid_from <= acting_now() AND r.valid_to > acting_now()
      JOIN employee e ON e.id = who AND e.deactivated_at IS NULL
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM assignment a WHERE a.young_person_id = m.young_person_id AND a.employee_id = who
                                        AND a.unit_id = m.unit_id AND a.ended_at IS NULL) AS it) has
     WHERE m.plan_id = of_plan AND m.left_at IS NULL AND is_for_acting(m.young_person_id)
     ORDER BY has.it DESC, m.joined_at, m.id, array_position(coordinating_functions(), r.role) LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION coordinating_post(uuid, uuid) TO enplan_app;

-- DL-7: the employee to whom a record of a young person in an area belongs: the coordinator of the plan, otherwise the employee
-- who has the case, first in the given unit. Only employees who can sign in, hold the position and see the area count. NULL if it
-- is in the intake queue.
CREATE FUNCTION has_case_in(person uuid, of_plan uuid, of_unit uuid, area information_area) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT h.who
      FROM (SELECT coordinator_of(of_plan) AS who, 0 AS place, true AS inside, NULL::timestamptz AS since, NULL::uuid AS id
             UNION ALL
            SELECT a.employee_id, CASE WHEN a.function = ANY (coordinating_functions()) THEN 1 ELSE 2 END, a.unit_id = of_unit, a.began_at, a.id
              FROM assignment a
             WHERE a.young_person_id = person AND a.ended_at IS NULL
               AND EXISTS (SELECT FROM employee_role r WHERE r.employee_id = a.employee_id AND r.unit_id = a.unit_id AND r.role = a.counts_as
                           AND r.valid_from <= acting_now() AND r.valid_to > acting_now())) h
     WHERE employee_sees(h.who, person, area)
     ORDER BY h.place = 0 DESC, h.inside DESC, h.place, h.since, h.id LIMIT 1
$$;

-- DL-7: the employee of a unit who has the case: the coordinator of the open plan, if that is an employee of the unit; otherwise
-- as above.
CREATE FUNCTION has_case_of(person uuid, of_unit uuid, area information_area) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.employee_id
      FROM assignment a
      JOIN employee_role r ON r.employee_id = a.employee_id AND r.unit_id = a.unit_id AND r.role = a.counts_as
           AND r.valid_from <= acting_now() AND r.valid_to > acting_now()
     WHERE a.young_person_id = person AND a.unit_id = of_unit AND a.ended_at IS NULL AND employee_sees(a.employee_id, person, area)
     ORDER BY coordinates(a.employee_id, person) DESC, a.function = ANY (coordinating_functions()) DESC, a.began_at, a.id LIMIT 1
$$;

-- The holder of a task about an intervention, a plan or a young person (DL-7). If none of these employees sees the area of an
-- intervention, the task belongs to the employee responsible for it, while the plan has a coordinator.
CREATE OR REPLACE FUNCTION task_holder(about uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT has_case_in(p.young_person_id, p.id, p.writing_unit_id, p.information_area) FROM plan p WHERE p.id = about
    UNION ALL
    SELECT coalesce(has_case_in(i.young_person_id, i.plan_id, i.writing_unit_id, i.information_area),
                    (SELECT w.id FROM employee c JOIN employee w ON w.id = i.responsible_id AND w.deactivated_at IS NULL
                      WHERE c.id = coordinator_of(i.plan_id) AND c.deactivated_at IS NULL))
      FROM intervention i WHERE i.id = about
    UNION ALL
    SELECT has_case_in(y.id, (SELECT p.id FROM plan p WHERE p.young_person_id = y.id AND p.state <> 'closed'), y.writing_unit_id, 4)
      FROM young_person y WHERE y.id = about
$$;

-- DL-7: the kinds of task that belong to the employee who has the case. The others are given to a named employee or to a unit.
CREATE FUNCTION follows_the_case(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN kind IN ('answer-offer', 'activate-plan', 'offer-contact-person', 'hold-review', 'measure-indicators', 'take-state',
                    'take-group-state', 'hand-over', 'answer-hotline', 'hold-first-conversation', 'call-sick-listed', 'start-internship',
                    'contact-young-person', 'start-activity', 'answer-absence', 'close-gap', 'check-number');

-- DL-7: moves the open tasks of young people to the employees to whom they belong now.
CREATE FUNCTION tasks_follow_the_case(people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task t SET employee_id = h.employee_id
      FROM (SELECT k.id, CASE WHEN k.kind = 'answer-hotline'
                    THEN has_case_in(k.young_person_id, (SELECT p.id FROM plan p WHERE p.young_person_id = k.young_person_id AND p.state <> 'closed'),
                                     k.writing_unit_id, k.information_area)
                    WHEN EXISTS (SELECT FROM plan p WHERE p.id = k.subject_id) OR EXISTS (SELECT FROM intervention i WHERE i.id = k.subject_id)
                    THEN task_holder(k.subject_id) ELSE task_holder(k.young_person_id) END AS employee_id
              FROM task k
             WHERE k.young_person_id = ANY (people) AND k.done_at IS NULL AND follows_the_case(k.kind)) h
     WHERE t.id = h.id AND t.employee_id IS DISTINCT FROM h.employee_id
$$;

CREATE OR REPLACE FUNCTION tasks_follow_the_coordinator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tasks_follow_the_case(ARRAY[NEW.young_person_id]);
    RETURN NULL;
END $$;

CREATE FUNCTION tasks_follow_the_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tasks_follow_the_case(ARRAY[CASE TG_OP WHEN 'DELETE' THEN OLD.young_person_id ELSE NEW.young_person_id END]);
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_follow_the_assignment AFTER INSERT OR DELETE OR UPDATE OF ended_at ON assignment
    FOR EACH ROW EXECUTE FUNCTION tasks_follow_the_assignment();

-- The young people whose case an employee has, or whose open plan the employee coordinates.
CREATE FUNCTION people_of(who uuid) RETURNS uuid[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(o.young_person_id), '{}')
      FROM (SELECT a.young_person_id FROM assignment a WHERE a.employee_id = who AND a.ended_at IS NULL
             UNION
            SELECT r.young_person_id FROM plan_role r JOIN plan p ON p.id = r.plan_id
             WHERE r.employee_id = who AND r.kind = 'coordinator' AND coordinator_of(p.id) = who) o
$$;

-- If an employee cannot sign in or no longer holds the position, their tasks are in the intake queue. If the employee returns,
-- the tasks belong to them again.
CREATE FUNCTION tasks_follow_who_is_there() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'employee' THEN
        PERFORM tasks_follow_the_case(people_of(NEW.id));
    ELSE
        PERFORM tasks_follow_the_case(people_of(NEW.employee_id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_follow_who_is_there AFTER UPDATE OF deactivated_at ON employee FOR EACH ROW
    WHEN ((OLD.deactivated_at IS NULL) <> (NEW.deactivated_at IS NULL)) EXECUTE FUNCTION tasks_follow_who_is_there();
CREATE TRIGGER tasks_follow_who_is_there AFTER INSERT OR UPDATE OF valid_to ON employee_role
    FOR EACH ROW EXECUTE FUNCTION tasks_follow_who_is_there();

-- CL-9: whoever comes back to a post comes back to the cases that lay in the intake meanwhile, within the limit.
CREATE FUNCTION comes_back_within_the_norm(who uuid, of_unit uuid, post text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM caseload_of(of_unit, acting_today(), 'infinity', who, false) c
               WHERE c.function = post AND c.young_people > c.case_limit) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'caseload.limit-reached',
            MESSAGE = 'more cases lie in the intake than there is room for';
    END IF;
END $$;

CREATE FUNCTION employee_keeps_the_norm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.employment_ended_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'employee.employment-ended', MESSAGE = 'the employment has ended';
    ELSIF NEW.employment_ended_at IS NOT NULL
        AND (EXISTS (SELECT FROM assignment a WHERE a.employee_id = NEW.id AND a.ended_at IS NULL)
             -- OR-4: also a draft that the employee coordinates.
             OR EXISTS (SELECT FROM plan_role r JOIN plan p ON p.id = r.plan_id AND p.state <> 'closed'
                         WHERE r.employee_id = NEW.id AND r.kind = 'coordinator' AND coordinator_of(p.id) = NEW.id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'employee.has-open-cases', MESSAGE = 'cases are left';
    ELSIF NEW.deactivated_at IS NULL THEN
        PERFORM comes_back_within_the_norm(NEW.id, r.unit_id, r.role) FROM employee_role r
          WHERE r.employee_id = NEW.id AND r.valid_from <= acting_now() AND r.valid_to > acting_now();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER employee_keeps_the_norm AFTER UPDATE OF deactivated_at, employment_ended_at ON employee
    FOR EACH ROW EXECUTE FUNCTION employee_keeps_the_norm();

CREATE FUNCTION role_keeps_the_norm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_employees(ARRAY[NEW.employee_id]);
    IF NEW.role = 'job-consultant' THEN
        UPDATE assignment SET counts_as = 'job-consultant', recounted_at = acting_now()
         WHERE employee_id = NEW.employee_id AND unit_id = NEW.unit_id AND counts_as = 'mentor' AND ended_at IS NULL;
    END IF;
    PERFORM comes_back_within_the_norm(NEW.employee_id, NEW.unit_id, NEW.role);
    RETURN NULL;
END $$;
CREATE TRIGGER role_keeps_the_norm AFTER INSERT ON employee_role FOR EACH ROW
    WHEN (NEW.role = ANY (case_functions())) EXECUTE FUNCTION role_keeps_the_norm();

-- AC-7: who holds no role in the unit any more sees its cases no more by those they had there; whoever comes
-- back sees them as one of the unit.
CREATE FUNCTION assignments_end_with_the_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_employees(ARRAY[NEW.employee_id]);
    UPDATE access_basis b SET valid_to = greatest(NEW.valid_to, b.valid_from)
      FROM assignment a
     WHERE a.employee_id = NEW.employee_id AND a.unit_id = NEW.unit_id AND b.source_id = a.id AND b.kind = 'assignment'
       AND b.holder_id = NEW.employee_id AND b.valid_to > NEW.valid_to
       AND NOT EXISTS (SELECT FROM employee_role r WHERE r.employee_id = NEW.employee_id AND r.unit_id = NEW.unit_id
                       AND r.valid_to > NEW.valid_to);
    RETURN NULL;
END $$;
CREATE TRIGGER assignments_end_with_the_role AFTER UPDATE OF valid_to ON employee_role
    FOR EACH ROW EXECUTE FUNCTION assignments_end_with_the_role();

-- Nor is more opened by one made beside the end of the role.
CREATE FUNCTION assignment_opens_while_the_role_is_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.valid_to := greatest(NEW.valid_from, least(NEW.valid_to, (SELECT max(r.valid_to) FROM employee_role r JOIN assignment a USING (unit_id)
        WHERE a.id = NEW.source_id AND r.employee_id = NEW.holder_id)));
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_opens_while_the_role_is_held BEFORE INSERT ON access_basis FOR EACH ROW
    WHEN (NEW.kind = 'assignment' AND NEW.holder_kind = 'employee') EXECUTE FUNCTION assignment_opens_while_the_role_is_held();
