{% from "access/macros.sql" import is_valid %}

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
                           AND {{ is_valid("r") }})) h
     WHERE employee_sees(h.who, person, area)
     ORDER BY h.place = 0 DESC, h.inside DESC, h.place, h.since, h.id LIMIT 1
$$;

-- DL-7: the employee of a unit who has the case: the coordinator of the open plan if that is an employee of the unit,
-- otherwise as in `has_case_in`.
CREATE FUNCTION has_case_of(person uuid, of_unit uuid, area information_area) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.employee_id
      FROM assignment a
      JOIN employee_role r ON r.employee_id = a.employee_id AND r.unit_id = a.unit_id AND r.role = a.counts_as
           AND {{ is_valid("r") }}
     WHERE a.young_person_id = person AND a.unit_id = of_unit AND a.ended_at IS NULL AND employee_sees(a.employee_id, person, area)
     ORDER BY coordinates(a.employee_id, person) DESC, a.function = ANY (coordinating_functions()) DESC, a.began_at, a.id LIMIT 1
$$;

-- The holder of a task about an intervention, a plan or a young person (DL-7). If none of these employees sees the area of an
-- intervention, the task belongs to the employee responsible for it, while the plan has a coordinator.
CREATE FUNCTION task_holder(about uuid) RETURNS uuid
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

-- DL-7: when the coordinator changes.
CREATE FUNCTION tasks_follow_the_coordinator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tasks_follow_the_case(ARRAY[NEW.young_person_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_follow_the_coordinator AFTER INSERT ON plan_role FOR EACH ROW
    WHEN (NEW.kind = 'coordinator') EXECUTE FUNCTION tasks_follow_the_coordinator();

-- DL-7: when an assignment begins, ends or is voided.
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

-- DL-7: if an employee cannot sign in or no longer holds the position, their tasks are in the intake queue. If the
-- employee returns, the tasks belong to them again.
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
