-- The administrators whose sign-in is not stopped.
CREATE FUNCTION administrators(at timestamptz) RETURNS TABLE (employee_id uuid, unit_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, r.unit_id
      FROM employee_role r
      JOIN unit u ON u.id = r.unit_id AND u.department = 'administration'
      JOIN employee e ON e.id = r.employee_id AND e.deactivated_at IS NULL
     WHERE r.role = 'administrator' AND r.valid_from <= at AND r.valid_to > at
$$;
GRANT EXECUTE ON FUNCTION administrators(timestamptz) TO enplan_worker;

-- OR-2, OR-3: stopping a sign-in, or opening it again, ends all earlier sessions and secrets, and stopping it the pass phrase too: to
-- sign in again takes a one-time pass phrase, and so two people. The requests for rights by or for the employee lapse.
CREATE FUNCTION sign_in_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := coalesce(acting_now(), NEW.deactivated_at, OLD.deactivated_at);
BEGIN
    PERFORM end_secrets(NEW.id, NULL, moment);
    IF NEW.deactivated_at IS NOT NULL THEN
        UPDATE account SET one_time_until = moment WHERE employee_id = NEW.id;
        UPDATE rights_request SET state = 'lapsed', settled_at = moment, version = version + 1
         WHERE state = 'pending' AND NEW.id IN (employee_id, requested_by_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sign_in_changes AFTER UPDATE OF deactivated_at ON employee FOR EACH ROW
    WHEN (OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at) EXECUTE FUNCTION sign_in_changes();

-- OR-2: the requests by an administrator lapse when that role ends. The calendar's secret ends with the employee's last role.
-- Giving the role again restores neither.
CREATE FUNCTION role_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := coalesce(acting_now(), NEW.valid_to);
BEGIN
    UPDATE rights_request SET state = 'lapsed', settled_at = moment, version = version + 1
     WHERE state = 'pending' AND requested_by_id = NEW.employee_id
       AND NOT EXISTS (SELECT FROM administrators(moment) a WHERE a.employee_id = NEW.employee_id);
    UPDATE calendar_subscription SET withdrawn_at = moment
     WHERE employee_id = NEW.employee_id AND withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM employee_role r WHERE r.employee_id = NEW.employee_id AND r.valid_to > moment);
    RETURN NULL;
END $$;
CREATE TRIGGER role_ends AFTER UPDATE OF valid_to ON employee_role FOR EACH ROW EXECUTE FUNCTION role_ends();

-- OR-2: the sign-in of the last administrator cannot be stopped, and the last administrator cannot lose the role, regardless of
-- the writing role. Two concurrent transactions wait for each other.
CREATE FUNCTION an_administrator_remains() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    row    jsonb := to_jsonb(NEW);
    moment timestamptz := coalesce(acting_now(), (row ->> 'deactivated_at')::timestamptz, (row ->> 'valid_to')::timestamptz);
    who    uuid := coalesce((row ->> 'employee_id')::uuid, NEW.id);
BEGIN
    IF NOT EXISTS (SELECT FROM employee_role r WHERE r.employee_id = who AND r.role = 'administrator' AND r.valid_to >= moment) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('administrators'));
    IF NOT EXISTS (SELECT FROM administrators(moment) a JOIN account s ON s.employee_id = a.employee_id
                    WHERE (s.one_time_until > moment) IS NOT FALSE) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'employee.last-administrator',
            MESSAGE = 'nobody would be left to administer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER an_administrator_remains AFTER UPDATE OF deactivated_at ON employee FOR EACH ROW
    WHEN (OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL) EXECUTE FUNCTION an_administrator_remains();
CREATE TRIGGER an_administrator_remains AFTER UPDATE OF valid_to ON employee_role FOR EACH ROW
    WHEN (NEW.role = 'administrator') EXECUTE FUNCTION an_administrator_remains();
