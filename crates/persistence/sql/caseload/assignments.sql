-- The current assignments of these young people in the unit.
CREATE FUNCTION cases_in(of_unit uuid, people uuid[])
RETURNS TABLE (id uuid, young_person_id uuid, employee_id uuid, function text, counts_as text, exception_until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.young_person_id, a.employee_id, a.function, a.counts_as, a.exception_until FROM assignment a
     WHERE a.unit_id = of_unit AND a.young_person_id = ANY (people) AND a.ended_at IS NULL
       AND is_for_acting(a.young_person_id)
$$;
GRANT EXECUTE ON FUNCTION cases_in(uuid, uuid[]) TO enplan_app, enplan_worker;

-- The employees who have had these young people before, in any unit and function, and until when.
CREATE FUNCTION have_had(people uuid[]) RETURNS TABLE (young_person_id uuid, employee_id uuid, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.young_person_id, a.employee_id, max(coalesce(a.ended_at, 'infinity')) FROM assignment a
     WHERE a.young_person_id = ANY (people) AND is_for_acting(a.young_person_id) GROUP BY a.young_person_id, a.employee_id
$$;
GRANT EXECUTE ON FUNCTION have_had(uuid[]) TO enplan_app, enplan_worker;

-- Locks the employees whose caseload is about to be counted, in a fixed order (D-13, D-14).
CREATE FUNCTION lock_employees(who uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM employee WHERE id = ANY (who) ORDER BY id FOR NO KEY UPDATE
$$;
GRANT EXECUTE ON FUNCTION lock_employees(uuid[]) TO enplan_app, enplan_worker;

-- An assignment that has ended is not changed.
CREATE FUNCTION assignment_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment.ended', MESSAGE = 'it has ended';
END $$;
CREATE TRIGGER assignment_stays_ended BEFORE UPDATE OF ended_at, end_reason ON assignment FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION assignment_stays_ended();

-- CL-2, CL-4, also at an SQL prompt: the employee who receives a case is locked, then their cases are counted. A
-- REPEATABLE READ transaction would count in its old snapshot, so it is refused. A case that the employee already has in
-- another function of the same norm is not a new one.
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
