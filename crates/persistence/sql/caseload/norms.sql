-- CL-10: decisions are recorded ahead or for today. A past day is not changed.
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

-- CL-5: the limit that follows from its parts, rounded down at the end. NULL if no norm is decided.

-- The functions below count beyond the caller's sight. They belong to the owner and return only ids and numbers.
CREATE FUNCTION caseload_limit(norm integer, employment_share integer, ramp_quarters integer, reduction integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN norm IS NOT NULL THEN greatest(norm * employment_share * ramp_quarters / 400 - reduction, 0) END;

-- CL-5: the quarters of the norm that a new employee has: two for three months, three until six months (chosen).
CREATE FUNCTION ramp_quarters(employed_on date, day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN day < employed_on + interval '3 months' THEN 2 WHEN day < employed_on + interval '6 months' THEN 3 ELSE 4 END;

-- CL-10: the function under whose norm an assignment counted at a time.
CREATE FUNCTION counted_as(counts_as text, recounted_at timestamptz, moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN moment < recounted_at THEN 'mentor' ELSE counts_as END;

-- CL-10: stores the period in which a sign-in was stopped.
CREATE FUNCTION stop_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO past_stop SELECT NEW.id, OLD.deactivated_at, acting_now() WHERE acting_now() > OLD.deactivated_at;
    RETURN NULL;
END $$;
CREATE TRIGGER stop_is_kept AFTER UPDATE OF deactivated_at ON employee FOR EACH ROW
    WHEN (OLD.deactivated_at IS NOT NULL AND NEW.deactivated_at IS NULL) EXECUTE FUNCTION stop_is_kept();

-- The limits in a unit on a day, of one employee or of all: of each employee who holds a position there at a time, and of
-- each one who has cases there but no longer holds the position (`present` is false). At 'infinity' it is the current
-- state, including the changes that others made while the caller waited for a lock, after the time of the caller's
-- transaction (CL-4).
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

-- The same with the cases of each employee: young people, not files; separately those beyond the norm by an exception in
-- force; the expired exceptions among the others; the number of cases for which room is reserved, on the day or later (a
-- higher limit on a later day reduces it); the cases of colleagues for whom the employee covers; and how often their
-- young people were given another employee in that function. `everybody` is the number of young people that these
-- employees have together. The overview alone requires the last three (`whole`).
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
GRANT EXECUTE ON FUNCTION caseload_of(uuid, date, timestamptz, uuid, boolean) TO enplan_app, enplan_worker;
