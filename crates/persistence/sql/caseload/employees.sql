{% from "access/macros.sql" import is_valid %}

-- CL-9: an employee who returns to a position has the cases again that were in the intake queue meanwhile, within the
-- limit.
CREATE FUNCTION comes_back_within_the_norm(who uuid, of_unit uuid, post text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM caseload_of(of_unit, acting_today(), 'infinity', who, false) c
               WHERE c.function = post AND c.young_people > c.case_limit) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'caseload.limit-reached',
            MESSAGE = 'more cases lie in the intake than there is room for';
    END IF;
END $$;

-- OR-4, CL-9: an ended employment stays ended, an employment ends only without open cases, and a sign-in is opened again
-- only within the norm.
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
          WHERE r.employee_id = NEW.id AND {{ is_valid("r") }};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER employee_keeps_the_norm AFTER UPDATE OF deactivated_at, employment_ended_at ON employee
    FOR EACH ROW EXECUTE FUNCTION employee_keeps_the_norm();

-- CL-1, CL-9: the cases of a mentor who becomes a job consultant count as a job consultant's from then on.
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

-- AC-7: an employee without a role in the unit no longer sees its cases by the assignments they had there. An employee
-- who returns sees them as an employee of the unit.
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

-- AC-7: an assignment that is created while the role ends opens no access after the end of the role either.
CREATE FUNCTION assignment_opens_while_the_role_is_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.valid_to := greatest(NEW.valid_from, least(NEW.valid_to, (SELECT max(r.valid_to) FROM employee_role r JOIN assignment a USING (unit_id)
        WHERE a.id = NEW.source_id AND r.employee_id = NEW.holder_id)));
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_opens_while_the_role_is_held BEFORE INSERT ON access_basis FOR EACH ROW
    WHEN (NEW.kind = 'assignment' AND NEW.holder_kind = 'employee') EXECUTE FUNCTION assignment_opens_while_the_role_is_held();
