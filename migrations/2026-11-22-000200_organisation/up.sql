-- The municipality: units as a tree, employees, their roles from-to, and their sessions.

CREATE TABLE installation (
    only_one          boolean PRIMARY KEY DEFAULT true CONSTRAINT installation_only_one CHECK (only_one),
    municipality      text NOT NULL,
    municipality_code text NOT NULL CONSTRAINT installation_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    demonstration     boolean NOT NULL,
    loaded_at         timestamptz
);
COMMENT ON TABLE installation IS 'Whose database this is. One with the demonstration''s accounts is served with its keys alone.';
GRANT SELECT ON installation TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON installation TO enplan_worker;

CREATE TABLE unit (
    id          uuid PRIMARY KEY,
    code        text NOT NULL CONSTRAINT "unit.code-taken" UNIQUE
                     CONSTRAINT unit_code_form CHECK (code ~ '^[a-z0-9-]{1,60}$'),
    name        text NOT NULL,
    department  text NOT NULL CONSTRAINT unit_department_known
                     CHECK (department IN ('BU', 'JV', 'UU', 'institution', 'administration')),
    parent_id   uuid REFERENCES unit (id),
    path        uuid[] NOT NULL,
    operational boolean NOT NULL,
    early_absence_days integer CONSTRAINT unit_early_absence CHECK (early_absence_days BETWEEN 1 AND 30),
    takes_absence_signals boolean NOT NULL DEFAULT false,
    receives_needs boolean NOT NULL DEFAULT false,
    CONSTRAINT unit_path_ends_here CHECK (path[array_upper(path, 1)] = id)
);
COMMENT ON TABLE unit IS 'Units do not move in the tree: they are closed and opened anew.';
COMMENT ON COLUMN unit.path IS 'The units above, outermost first, and the unit itself.';
COMMENT ON COLUMN unit.operational IS 'AC-1: only a team or an institution holds an access basis, never a directorate.';
COMMENT ON COLUMN unit.early_absence_days IS 'AB-1: after so many working days of absence the institution takes contact; NULL: no such rule.';
COMMENT ON COLUMN unit.takes_absence_signals IS 'AB-1: of UU, where it takes no part in the plan; TM-1: judges what schools raise.';
COMMENT ON COLUMN unit.receives_needs IS 'TM-11: receives from B&U, and is shown each need of a transition meeting from the day it is found.';
CREATE INDEX unit_by_parent ON unit (parent_id);
CREATE INDEX unit_by_path ON unit USING gin (path);

CREATE TABLE employee (
    id             uuid PRIMARY KEY,
    username       text NOT NULL CONSTRAINT "employee.username-taken" UNIQUE
                        CONSTRAINT employee_username_form CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,59}$'),
    given_name     text NOT NULL,
    family_name    text NOT NULL,
    telephone      text,
    employed_on    date,
    deactivated_at timestamptz,
    employment_ended_at timestamptz,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT "employee.employment-ended" CHECK (employment_ended_at IS NULL OR deactivated_at IS NOT NULL)
);
COMMENT ON COLUMN employee.employed_on IS 'The first day, from which a new employee''s caseload rises (CL-5); NULL: long before.';
COMMENT ON COLUMN employee.deactivated_at IS 'Since when the sign-in is stopped; it can be opened again.';
COMMENT ON COLUMN employee.employment_ended_at IS 'For good.';
CALL keep_in_calendar('employee');

CREATE TABLE account (
    employee_id   uuid PRIMARY KEY REFERENCES employee (id),
    password_hash text NOT NULL,
    changed_at    timestamptz NOT NULL,
    must_change   boolean NOT NULL
);
COMMENT ON COLUMN account.must_change IS 'Somebody else chose the pass phrase: until it is changed nothing else is allowed.';
COMMENT ON TABLE account IS 'Read by the sign-in function alone: no role of the application may select here.';

CREATE TABLE employee_role (
    id          uuid PRIMARY KEY,
    employee_id uuid NOT NULL REFERENCES employee (id),
    role        text NOT NULL CONSTRAINT employee_role_known CHECK (role IN (
                    'caseworker', 'job-consultant', 'adviser', 'counsellor', 'hotline', 'team-leader',
                    'department-head', 'benefits-officer', 'treatment-counsellor', 'psychologist',
                    'institution-counsellor', 'mentor', 'steering-group', 'data-protection-officer', 'administrator')),
    unit_id     uuid NOT NULL REFERENCES unit (id),
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz NOT NULL DEFAULT 'infinity',
    granted_by_id uuid REFERENCES employee (id),
    CONSTRAINT employee_role_period CHECK (valid_from <= valid_to),
    CONSTRAINT "employee.role-already-held" EXCLUDE USING gist
        (employee_id WITH =, unit_id WITH =, role WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX employee_role_by_employee ON employee_role (employee_id, valid_to);
CREATE INDEX employee_role_by_unit ON employee_role (unit_id);

CREATE TABLE session (
    id           uuid PRIMARY KEY,
    employee_id  uuid NOT NULL REFERENCES employee (id),
    started_at   timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    ended_at     timestamptz
);
COMMENT ON TABLE session IS 'Idle for 8 hours or 12 hours old is over. Written at sign-in, refresh and sign-out only.';
CREATE INDEX session_by_employee ON session (employee_id);

CREATE TABLE refresh_token (
    digest     bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id),
    issued_at  timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON TABLE refresh_token IS 'SHA-256 of each refresh token. One used again ends its session, and so the whole family.';
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);

-- AC-4: does somebody act who manages employees, as the policy has it?
CREATE FUNCTION acting_administrator() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.roles', true), '') ~ '(^|,)administrator@[^,@]*@administration(,|$)';
GRANT EXECUTE ON FUNCTION acting_administrator() TO enplan_app;

-- Does somebody act who leads this unit, in one of these roles?
CREATE FUNCTION acting_leads(unit uuid, roles text DEFAULT 'team-leader|department-head') RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.roles', true), '') ~ format('(^|,)(%s)@%s@', roles, unit);
GRANT EXECUTE ON FUNCTION acting_leads(uuid, text) TO enplan_app;

-- The organisation is no secret among those who are signed in; nothing of it is to those who are not.
ALTER TABLE employee ENABLE ROW LEVEL SECURITY;
ALTER TABLE employee_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON employee FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_read ON employee_role FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON employee FOR INSERT TO enplan_app WITH CHECK ((SELECT acting_administrator()));
CREATE POLICY app_insert ON employee_role FOR INSERT TO enplan_app
    WITH CHECK ((SELECT acting_administrator()) AND granted_by_id = (SELECT acting_employee())
        AND employee_id <> (SELECT acting_employee()));
CREATE POLICY app_update ON employee FOR UPDATE TO enplan_app
    USING ((SELECT acting_administrator()) AND id <> (SELECT acting_employee()));
-- A role that is held can be ended, one's own laid down (A8); one that has ended is given anew.
CREATE POLICY app_update ON employee_role FOR UPDATE TO enplan_app
    USING (valid_to > (SELECT acting_now()) AND ((SELECT acting_administrator()) OR employee_id = (SELECT acting_employee())))
    WITH CHECK (valid_to <= (SELECT acting_now()));
CREATE POLICY worker ON employee TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON employee_role TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON account TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON session TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON refresh_token TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT ON unit, employee, employee_role TO enplan_app;
GRANT INSERT ON employee, employee_role TO enplan_app;
GRANT UPDATE (given_name, family_name, telephone, deactivated_at, employment_ended_at, version) ON employee TO enplan_app;
GRANT UPDATE (valid_to) ON employee_role TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON unit, employee, employee_role, account TO enplan_worker;
GRANT SELECT, DELETE ON session, refresh_token TO enplan_worker;

-- The roles of an employee at a moment. A leader holds the role in the units below as well, not in those
-- above (decisions 6). Called by the owner's functions alone, and inlined there.
CREATE FUNCTION roles_at(who uuid, moment timestamptz) RETURNS TABLE (role text, unit_id uuid, department text)
LANGUAGE sql STABLE AS $$
    SELECT r.role, u.id, u.department
      FROM employee_role r
      JOIN unit u ON u.id = r.unit_id OR (r.role IN ('team-leader', 'department-head') AND u.path @> ARRAY[r.unit_id])
     WHERE r.employee_id = who AND r.valid_from <= moment AND r.valid_to > moment
$$;

-- Does an employee work for a unit now, in it or as a leader of the units above?
CREATE FUNCTION works_for(who uuid, of_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM roles_at(who, acting_now()) r WHERE r.unit_id = of_unit)
$$;

-- Opens a transaction for a session: who acts, what they hold, and when. Never raises: the first
-- typed read (`acting`) tells whether the session stands, and an unknown one sees nothing.
CREATE FUNCTION act_as(session_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who     uuid;
    state   text := 'unknown';
    roles   text := '';
    holders text := '';
BEGIN
    SELECT s.employee_id,
           CASE WHEN s.ended_at IS NOT NULL THEN 'ended'
                WHEN at >= s.started_at + interval '12 hours' OR at >= s.refreshed_at + interval '8 hours' THEN 'expired'
                WHEN e.deactivated_at <= at THEN 'deactivated'
                WHEN a.must_change THEN 'password-must-change'
                ELSE 'active' END
      INTO who, state
      FROM session s JOIN employee e ON e.id = s.employee_id LEFT JOIN account a ON a.employee_id = e.id
     WHERE s.id = session_id;
    IF state = 'active' THEN
        SELECT string_agg(format('%s@%s@%s', r.role, r.unit_id, r.department), ','),
               string_agg(DISTINCT r.unit_id::text, ',')
          INTO roles, holders
          FROM roles_at(who, at) r;
        holders := concat_ws(',', who::text, holders);
    ELSIF state <> 'password-must-change' THEN
        who := NULL;
    END IF;
    PERFORM set_config('app.actor', coalesce(who::text, ''), true),
            set_config('app.session_state', coalesce(state, 'unknown'), true),
            set_config('app.roles', coalesce(roles, ''), true),
            set_config('app.holders', coalesce(holders, ''), true),
            set_config('app.now', at::text, true);
END $$;

CREATE VIEW acting AS
SELECT acting_employee() AS employee_id,
       coalesce(NULLIF(current_setting('app.session_state', true), ''), 'unknown') AS session_state,
       coalesce(current_setting('app.roles', true), '') AS roles;
GRANT SELECT ON acting TO enplan_app;

-- Sign-in, refresh and sign-out run before anybody acts: functions of the owner that give back
-- only what the step needs.
CREATE FUNCTION credential_of(name text) RETURNS TABLE (employee_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.employee_id, a.password_hash
      FROM account a JOIN employee e ON e.id = a.employee_id
     WHERE e.username = name AND e.deactivated_at IS NULL
$$;

-- Opening and ending are changes like others, and told in the log of events (LG-1, `tell_of_session`).
CREATE FUNCTION open_session(session_id uuid, who uuid, token bytea, at timestamptz, request uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO session (id, employee_id, started_at, refreshed_at) VALUES (session_id, who, at, at);
    INSERT INTO refresh_token (digest, session_id, issued_at) VALUES (token, session_id, at);
    PERFORM tell_of_session(session_id, who, 'session.opened', '{}', at, request);
END $$;

-- The session whose token was exchanged for a new one; no row where the token is unknown, the
-- session over, or the token used before, which ends the session (B2).
CREATE FUNCTION rotate_refresh_token(old_token bytea, new_token bytea, at timestamptz, request uuid)
RETURNS TABLE (session_id uuid, employee_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held    session;
    used_at timestamptz;
BEGIN
    SELECT s.* INTO held FROM session s JOIN refresh_token t ON t.session_id = s.id
     WHERE t.digest = old_token FOR UPDATE OF s;
    IF held.id IS NULL OR held.ended_at IS NOT NULL
       OR at >= held.started_at + interval '12 hours' OR at >= held.refreshed_at + interval '8 hours'
       OR EXISTS (SELECT FROM employee e WHERE e.id = held.employee_id AND e.deactivated_at <= at) THEN
        RETURN;
    END IF;
    SELECT t.used_at INTO used_at FROM refresh_token t WHERE t.digest = old_token;
    IF used_at IS NOT NULL THEN
        UPDATE session s SET ended_at = at WHERE s.id = held.id;
        PERFORM tell_of_session(held.id, held.employee_id, 'session.ended', '{"reason":"refresh-token-reused"}', at, request);
        RETURN;
    END IF;
    UPDATE refresh_token t SET used_at = at WHERE t.digest = old_token;
    INSERT INTO refresh_token (digest, session_id, issued_at) VALUES (new_token, held.id, at);
    UPDATE session s SET refreshed_at = at WHERE s.id = held.id;
    RETURN QUERY SELECT held.id, held.employee_id;
END $$;

CREATE FUNCTION end_session(ended uuid, at timestamptz, request uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who uuid;
BEGIN
    UPDATE session SET ended_at = at WHERE id = ended AND ended_at IS NULL RETURNING employee_id INTO who;
    IF FOUND THEN
        PERFORM tell_of_session(ended, who, 'session.ended', '{"reason":"signed-out"}', at, request);
    END IF;
END $$;
-- The first one, of somebody who was employed; from then on it is theirs alone to change.
CREATE FUNCTION set_password(who uuid, hash text, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT acting_administrator() THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'an administrator makes accounts';
    END IF;
    INSERT INTO account (employee_id, password_hash, changed_at, must_change) VALUES (who, hash, at, true);
END $$;

-- One's own, in the session `kept`; all others end. False where `old_hash` is not the present one (any more).
CREATE FUNCTION change_password(old_hash text, new_hash text, kept uuid, request uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account SET password_hash = new_hash, changed_at = acting_now(), must_change = false
     WHERE employee_id = acting_employee() AND password_hash = old_hash;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE session SET ended_at = acting_now()
     WHERE employee_id = acting_employee() AND id <> kept AND ended_at IS NULL;
    PERFORM tell_of_session(kept, acting_employee(), 'session.password-changed', '{}', acting_now(), request);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION act_as(uuid, timestamptz), credential_of(text),
    open_session(uuid, uuid, bytea, timestamptz, uuid), rotate_refresh_token(bytea, bytea, timestamptz, uuid),
    end_session(uuid, timestamptz, uuid), set_password(uuid, text, timestamptz),
    change_password(text, text, uuid, uuid) TO enplan_app;
