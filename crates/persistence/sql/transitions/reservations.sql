-- PL-17: an accepted agreement reserves room from the day on which its coordinator takes over, also if there is no open plan yet: one
-- may be opened before that day.
CREATE FUNCTION cases_to_come(of_unit uuid)
RETURNS TABLE (young_person_id uuid, employee_id uuid, function text, from_day date, exception_until date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.young_person_id, a.coordinator_id, coordinates_as(a.coordinator_id, of_unit), a.coordinates_from, a.exception_until
      FROM responsibility_agreement a
     WHERE a.receiving_unit_id = of_unit AND a.accepted_at IS NOT NULL AND a.passed_at IS NULL AND a.replaced_at IS NULL
       AND coordinates_as(a.coordinator_id, of_unit) IS NOT NULL
$$;

-- PL-17: was room reserved for the assignment when the unit accepted the young person? The norm then no longer refuses
-- it.
CREATE FUNCTION was_reserved(a assignment) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM responsibility_agreement g WHERE g.young_person_id = a.young_person_id AND g.coordinator_id = a.employee_id
                   AND g.receiving_unit_id = a.unit_id AND g.passed_at = a.began_at)
$$;

-- PL-17, CL-4: the employee who is to coordinate is locked. Then their cases are counted as of the day on which they take over.
-- Only the unit's leader may go beyond the norm (CL-3).
CREATE FUNCTION acceptance_reserves_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    on_day date := greatest(NEW.coordinates_from, acting_today());
    post   text := coordinates_as(NEW.coordinator_id, NEW.receiving_unit_id);
BEGIN
    IF NEW.exception_until IS NOT NULL AND NOT acting_leads(NEW.receiving_unit_id, 'team-leader') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the unit''s leader alone goes beyond the norm';
    END IF;
    PERFORM lock_employees(ARRAY[NEW.coordinator_id]);
    IF NEW.exception_until IS NULL
        AND EXISTS (SELECT FROM cases_to_come(NEW.receiving_unit_id) c WHERE c.young_person_id = NEW.young_person_id)
        AND NOT EXISTS (SELECT FROM assignment a WHERE a.young_person_id = NEW.young_person_id AND a.employee_id = NEW.coordinator_id
                        AND a.unit_id = NEW.receiving_unit_id AND a.counts_as = post AND a.ended_at IS NULL
                        AND a.exception_until >= on_day IS NOT TRUE)
        AND EXISTS (SELECT FROM caseload_of(NEW.receiving_unit_id, on_day, 'infinity', NEW.coordinator_id, false) c
                    WHERE c.function = post AND c.young_people + c.reserved > c.case_limit) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'caseload.limit-reached', MESSAGE = 'no room from that day';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER acceptance_reserves_room AFTER UPDATE OF accepted_at, exception_until ON responsibility_agreement FOR EACH ROW
    WHEN (NEW.accepted_at IS NOT NULL AND NEW.passed_at IS NULL AND NEW.coordinator_id IS NOT NULL
          AND (OLD.accepted_at, OLD.exception_until) IS DISTINCT FROM (NEW.accepted_at, NEW.exception_until))
    EXECUTE FUNCTION acceptance_reserves_room();
