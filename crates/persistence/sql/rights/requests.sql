{% from "access/macros.sql" import is_valid %}

-- A right that is already in force, or a right for an ended employment, cannot be proposed.
CREATE FUNCTION rights_request_is_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM employee e WHERE e.id = NEW.employee_id AND e.employment_ended_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'employee.employment-ended', MESSAGE = 'the employment has ended';
    END IF;
    IF EXISTS (SELECT FROM employee_role r WHERE r.employee_id = NEW.employee_id AND r.role = NEW.role AND r.unit_id = NEW.unit_id
                  AND r.valid_from <= NEW.requested_at AND r.valid_to > NEW.requested_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'employee.role-already-held', MESSAGE = 'the role is held already';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_request_is_new BEFORE INSERT ON rights_request FOR EACH ROW EXECUTE FUNCTION rights_request_is_new();

-- OR-3: may the acting employee decide about a request? Administrators may. The leader of the role's unit, or of every unit in
-- which the employee holds a role (A8), or of a unit above may as well. Only administrators decide about the roles of the
-- administration.
CREATE FUNCTION acting_may_settle(asked rights_request) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT acting_administrator() OR coalesce(bool_and(acting_leads(u.id) AND u.department <> 'administration'), false)
      FROM unit u
     WHERE u.id = asked.unit_id
        OR asked.kind = 'pass-phrase' AND EXISTS (SELECT FROM employee_role r WHERE r.employee_id = asked.employee_id
               AND r.unit_id = u.id AND {{ is_valid("r") }})
$$;
GRANT EXECUTE ON FUNCTION acting_may_settle(rights_request) TO enplan_app;

-- Returns the request, locked, if the acting employee may decide about it and it is pending.
CREATE FUNCTION rights_request_to_settle(request uuid) RETURNS rights_request
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked rights_request;
BEGIN
    SELECT * INTO asked FROM rights_request r WHERE r.id = request FOR UPDATE;
    IF acting_employee() IS NULL OR asked.id IS NULL OR NOT acting_may_settle(asked) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'decided by an administrator or by the leader of the unit';
    END IF;
    IF asked.state <> 'pending' OR asked.expires_at <= acting_now() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rights-request.not-pending', MESSAGE = 'no longer pending';
    END IF;
    RETURN asked;
END $$;

-- OR-3: stores a one-time pass phrase for 24 hours; all earlier sessions and secrets end.
CREATE FUNCTION give_one_time_phrase(who uuid, hash text, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account AS a (employee_id, password_hash, changed_at, one_time_until) VALUES (who, hash, at, at + interval '24 hours')
    ON CONFLICT (employee_id) DO UPDATE
       SET password_hash = EXCLUDED.password_hash, changed_at = EXCLUDED.changed_at, one_time_until = EXCLUDED.one_time_until;
    PERFORM end_secrets(who, NULL, at);
END $$;
GRANT EXECUTE ON FUNCTION give_one_time_phrase(uuid, text, timestamptz) TO enplan_worker;

-- OR-3: the confirmation by the second person. A role begins now, with the id `new_role`. A pass phrase (its `hash`) replaces the
-- previous one. A constraint of the request ensures that the second person is neither the requester nor the employee who receives
-- the right.
CREATE FUNCTION confirm_rights(request uuid, new_role uuid, hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked rights_request := rights_request_to_settle(request);
BEGIN
    UPDATE rights_request SET state = 'confirmed', settled_at = acting_now(), settled_by_id = acting_employee(), version = version + 1
     WHERE id = asked.id;
    IF asked.kind = 'role' THEN
        INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from, rights_request_id)
        VALUES (new_role, asked.employee_id, asked.role, asked.unit_id, acting_now(), asked.id);
    ELSE
        PERFORM give_one_time_phrase(asked.employee_id, hash, acting_now());
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION confirm_rights(uuid, uuid, text) TO enplan_app;

-- Refuses a request, or withdraws it if the caller is the requester. One person is enough.
CREATE FUNCTION refuse_rights(request uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked rights_request := rights_request_to_settle(request);
BEGIN
    UPDATE rights_request SET settled_at = acting_now(), settled_by_id = acting_employee(), version = version + 1,
           state = CASE WHEN requested_by_id = acting_employee() THEN 'withdrawn' ELSE 'refused' END
     WHERE id = asked.id;
END $$;
GRANT EXECUTE ON FUNCTION refuse_rights(uuid) TO enplan_app;
