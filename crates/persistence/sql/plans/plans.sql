{% from "access/macros.sql" import basis_is_held %}

-- PL-9: a closed plan is not changed, and no plan becomes a draft again.
CREATE FUNCTION plan_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' AND NEW.young_person_id = OLD.young_person_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'a closed plan changes no more';
    ELSIF NEW.state = 'draft' AND OLD.state <> 'draft' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.step-not-allowed', MESSAGE = 'a plan is no draft again';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_stays_closed BEFORE UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION plan_stays_closed();

-- PL-9: a record that belongs to a plan is written only while the plan is open. FOR SHARE waits for a transaction that
-- closes it.
CREATE FUNCTION plan_is_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A merge also moves the records of closed plans (D-8). Nothing moves to another plan.
    IF TG_OP = 'UPDATE' AND NEW.young_person_id <> OLD.young_person_id THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'what hangs on a plan stays on it';
    END IF;
    PERFORM FROM plan WHERE id = NEW.plan_id AND state <> 'closed' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'a closed plan changes no more';
    END IF;
    RETURN NEW;
END $$;

-- At commit: an open plan has a coordinating department (D-19). An active plan has a coordinating caseworker
-- (PL-2), a goal (PL-3) and, if two or more units take part, an answer about the contact person.
CREATE FUNCTION plan_is_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM coordination c WHERE c.young_person_id = p.young_person_id AND c.from_at <= p.opened_at) THEN 'plan.department-missing'
        WHEN p.state <> 'active' THEN NULL
        WHEN NOT EXISTS (SELECT FROM plan_role r WHERE r.plan_id = p.id AND r.kind = 'coordinator' AND r.from_at <= p.activated_at) THEN 'plan.coordinator-missing'
        -- U7: an employee who can sign in.
        WHEN OLD.state IS DISTINCT FROM 'active' AND NOT EXISTS (
             SELECT FROM employee e WHERE e.deactivated_at IS NULL AND e.id = (SELECT r.employee_id FROM plan_role r
              WHERE r.plan_id = p.id AND r.kind = 'coordinator' ORDER BY r.from_at DESC LIMIT 1)) THEN 'plan.coordinator-missing'
        WHEN NOT EXISTS (SELECT FROM goal g WHERE g.plan_id = p.id) THEN 'plan.not-ready'
        WHEN (SELECT count(*) FROM plan_participant m WHERE m.plan_id = p.id AND m.left_at IS NULL) > 1
             AND NOT EXISTS (SELECT FROM plan_role r WHERE r.plan_id = p.id AND r.kind = 'contact-person')
             AND TG_OP = 'UPDATE' AND OLD.state = 'draft' THEN 'plan.contact-person-not-offered'
        END INTO broken
      FROM plan p WHERE p.id = NEW.id AND p.state <> 'closed';
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = broken, MESSAGE = 'the plan lacks what its state asks for';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_is_complete AFTER INSERT OR UPDATE OF state ON plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION plan_is_complete();

-- PL-7: a plan does not close while interventions run that no other unit continues. A REPEATABLE READ transaction would
-- count in its old snapshot, so it is refused.
CREATE FUNCTION plan_leaves_nothing_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'a plan is closed in READ COMMITTED';
    END IF;
    IF EXISTS (SELECT FROM intervention i WHERE i.plan_id = NEW.id AND i.carried_on_by_id IS NULL
               AND i.state IN ('referred', 'waiting', 'offered', 'started')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.interventions-running',
            MESSAGE = 'interventions are running';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_leaves_nothing_running BEFORE UPDATE OF state ON plan
    FOR EACH ROW WHEN (NEW.state = 'closed') EXECUTE FUNCTION plan_leaves_nothing_running();

-- PL-7: the number of running interventions of a plan, including those in areas that the caller does not see, because the
-- plan must not close while they run.
CREATE FUNCTION running_interventions(of_plan uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM intervention i
     WHERE i.plan_id = of_plan AND i.carried_on_by_id IS NULL AND i.state IN ('referred', 'waiting', 'offered', 'started')
       AND is_for_acting(i.young_person_id)
$$;
GRANT EXECUTE ON FUNCTION running_interventions(uuid) TO enplan_app, enplan_worker;

-- AC-9: the state of a plan for a caller who provides something in it and does not see it. The lock waits for a
-- transaction that closes the plan.
CREATE FUNCTION plan_stage_for_provider(wanted uuid) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.state FROM plan p
     WHERE p.id = wanted AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = p.young_person_id
           AND {{ basis_is_held("b") }})
       FOR NO KEY UPDATE
$$;
GRANT EXECUTE ON FUNCTION plan_stage_for_provider(uuid) TO enplan_app, enplan_worker;
