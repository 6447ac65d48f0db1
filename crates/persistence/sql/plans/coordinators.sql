{% from "access/macros.sql" import is_valid %}

-- PL-17: the functions in which an employee coordinates a plan, in order of preference. The same as `Function::COORDINATING`; a
-- test compares the two.
CREATE FUNCTION coordinating_functions() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['caseworker', 'job-consultant', 'adviser', 'counsellor', 'team-leader'];

-- The employee who coordinates a plan. The caller who creates a task for them may not see the plan.
CREATE FUNCTION coordinator_of(of_plan uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.employee_id FROM plan_role r
     WHERE r.plan_id = of_plan AND r.kind = 'coordinator' AND r.from_at <= acting_now() ORDER BY r.from_at DESC LIMIT 1
$$;

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
           AND {{ is_valid("r") }}
      JOIN employee e ON e.id = who AND e.deactivated_at IS NULL
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM assignment a WHERE a.young_person_id = m.young_person_id AND a.employee_id = who
                                        AND a.unit_id = m.unit_id AND a.ended_at IS NULL) AS it) has
     WHERE m.plan_id = of_plan AND m.left_at IS NULL AND is_for_acting(m.young_person_id)
     ORDER BY has.it DESC, m.joined_at, m.id, array_position(coordinating_functions(), r.role) LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION coordinating_post(uuid, uuid) TO enplan_app;
