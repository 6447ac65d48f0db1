-- The municipality: units as a tree, employees, their roles from-to, and their sessions.

CREATE TABLE installation (
    only_one          boolean PRIMARY KEY DEFAULT true CONSTRAINT installation_only_one CHECK (only_one),
    demonstration     boolean NOT NULL,
    municipality      text,
    municipality_code text CONSTRAINT installation_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    loaded_at         timestamptz,
    CONSTRAINT installation_municipality_whole CHECK ((municipality IS NULL) = (municipality_code IS NULL)),
    CONSTRAINT installation_loaded_after CHECK (loaded_at IS NULL OR municipality IS NOT NULL)
);
COMMENT ON TABLE installation IS
    'The installation to which this database belongs, recorded by `bootstrap`. A database with the demonstration''s accounts is served only with the demonstration''s keys.';
COMMENT ON COLUMN installation.municipality IS 'NULL if no municipality is installed yet.';
COMMENT ON COLUMN installation.loaded_at IS 'NULL if loading was interrupted.';
GRANT SELECT ON installation TO enplan_app;
GRANT SELECT, INSERT ON installation TO enplan_worker;
GRANT UPDATE (municipality, municipality_code, loaded_at) ON installation TO enplan_worker;

CREATE TABLE installation_key (
    purpose     text NOT NULL CONSTRAINT installation_key_purpose CHECK (purpose IN ('look-up', 'sealing')),
    id          smallint NOT NULL,
    fingerprint bytea NOT NULL CONSTRAINT installation_key_fingerprint CHECK (length(fingerprint) = 32),
    used        boolean NOT NULL,
    PRIMARY KEY (purpose, id),
    CONSTRAINT installation_key_one_look_up CHECK (purpose = 'sealing' OR id = 0 AND used)
);
COMMENT ON TABLE installation_key IS
    'F5: fingerprints of the keys that keys.json must contain: digests of a constant under each key, which do not reveal the key.';
COMMENT ON COLUMN installation_key.used IS
    'True if values may be sealed with the key, because it was the first sealing key of an instance; it must be kept.';
GRANT SELECT ON installation_key TO enplan_app;
GRANT SELECT, INSERT ON installation_key TO enplan_worker;
GRANT UPDATE (used) ON installation_key TO enplan_worker;

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
    employee_id    uuid PRIMARY KEY REFERENCES employee (id),
    password_hash  text NOT NULL,
    changed_at     timestamptz NOT NULL,
    one_time_until timestamptz
);
COMMENT ON COLUMN account.one_time_until IS
    'OR-3: the end of a one-time pass phrase. Until the employee has changed it, no other operation is allowed. NULL if the employee chose the pass phrase. In the past: no pass phrase is valid (OR-2).';
COMMENT ON TABLE account IS 'Read by the sign-in function alone: no role of the application may select here.';

-- OR-3: a role or a pass phrase that one person proposes and another one confirms. A role in force is a row of `employee_role`, a
-- pass phrase is a row of `account`. For the application, only `confirm_rights` writes them.
CREATE TABLE rights_request (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CONSTRAINT rights_request_kind_known CHECK (kind IN ('role', 'pass-phrase')),
    employee_id     uuid NOT NULL REFERENCES employee (id),
    role            text,
    unit_id         uuid REFERENCES unit (id),
    requested_by_id uuid REFERENCES employee (id),
    requested_at    timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL GENERATED ALWAYS AS ((requested_at AT TIME ZONE 'UTC' + interval '14 days') AT TIME ZONE 'UTC') STORED,
    state           text NOT NULL DEFAULT 'pending' CONSTRAINT rights_request_state_known
                         CHECK (state IN ('pending', 'confirmed', 'refused', 'withdrawn', 'lapsed')),
    settled_at      timestamptz,
    settled_by_id   uuid REFERENCES employee (id),
    version         bigint NOT NULL DEFAULT 1,
    CONSTRAINT rights_request_of_its_kind CHECK ((kind = 'role') = (num_nulls(role, unit_id) = 0) AND num_nulls(role, unit_id) <> 1),
    CONSTRAINT rights_request_settled CHECK ((state = 'pending') = (settled_at IS NULL)
        AND (state IN ('confirmed', 'refused', 'withdrawn') AND requested_by_id IS NOT NULL) = (settled_by_id IS NOT NULL)),
    CONSTRAINT rights_request_on_the_machine CHECK (requested_by_id IS NOT NULL OR state = 'confirmed'),
    CONSTRAINT "employee.own-rights" CHECK (requested_by_id <> employee_id),
    CONSTRAINT "employee.own-rights:confirmed" CHECK (state <> 'confirmed' OR settled_by_id <> employee_id),
    CONSTRAINT "rights-request.own-request" CHECK (state <> 'confirmed' OR settled_by_id <> requested_by_id),
    CONSTRAINT "rights-request.already-pending" EXCLUDE USING gist
        (employee_id WITH =, kind WITH =, coalesce(role, '') WITH =, coalesce(unit_id, employee_id) WITH =,
         tstzrange(requested_at, expires_at) WITH &&) WHERE (state = 'pending')
);
COMMENT ON COLUMN rights_request.requested_by_id IS
    'The requester; NULL for a command on the machine, which the data protection officer sees here.';
COMMENT ON COLUMN rights_request.settled_by_id IS 'The second person; NULL if the request is pending or lapsed.';
CREATE INDEX rights_request_by_employee ON rights_request (employee_id);
CREATE INDEX rights_request_by_unit ON rights_request (unit_id);
CREATE INDEX rights_request_by_requester ON rights_request (requested_by_id);
CREATE INDEX rights_request_by_settler ON rights_request (settled_by_id);

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
    rights_request_id uuid REFERENCES rights_request (id),
    CONSTRAINT employee_role_period CHECK (valid_from <= valid_to),
    CONSTRAINT "employee.role-already-held" EXCLUDE USING gist
        (employee_id WITH =, unit_id WITH =, role WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX employee_role_by_employee ON employee_role (employee_id, valid_to);
CREATE INDEX employee_role_by_unit ON employee_role (unit_id);
CREATE INDEX employee_role_by_request ON employee_role (rights_request_id);
COMMENT ON COLUMN employee_role.rights_request_id IS
    'The request by which two people gave the role; NULL if it was loaded with the municipality.';

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
ALTER TABLE rights_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON employee FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_read ON employee_role FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON employee FOR INSERT TO enplan_app WITH CHECK ((SELECT acting_administrator()));
-- Proposed by an administrator; put in force by `confirm_rights`.
CREATE POLICY app_insert ON rights_request FOR INSERT TO enplan_app
    WITH CHECK ((SELECT acting_administrator()) AND requested_by_id = (SELECT acting_employee())
        AND requested_at = (SELECT acting_now()) AND state = 'pending');
CREATE POLICY app_update ON employee FOR UPDATE TO enplan_app
    USING ((SELECT acting_administrator()) AND id <> (SELECT acting_employee()));
-- A role that is held can be ended, one's own laid down (A8); one that has ended is given anew.
CREATE POLICY app_update ON employee_role FOR UPDATE TO enplan_app
    USING (valid_to > (SELECT acting_now()) AND ((SELECT acting_administrator()) OR employee_id = (SELECT acting_employee())))
    WITH CHECK (valid_to <= (SELECT acting_now()));
CREATE POLICY worker ON employee TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON employee_role TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON rights_request TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON account TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON session TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON refresh_token TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT ON unit, employee, employee_role, rights_request TO enplan_app;
GRANT INSERT ON employee, rights_request TO enplan_app;
GRANT UPDATE (given_name, family_name, telephone, deactivated_at, employment_ended_at, version) ON employee TO enplan_app;
GRANT UPDATE (valid_to) ON employee_role TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON unit, employee, employee_role, account TO enplan_worker;
GRANT SELECT, INSERT ON rights_request TO enplan_worker;
GRANT SELECT, DELETE ON session, refresh_token TO enplan_worker;

-- The roles of an employee at a moment. A leader holds the role in the units below as well, not in those
-- above (D-6). Called by the owner's functions alone, and inlined there.
CREATE FUNCTION roles_at(who uuid, moment timestamptz) RETURNS TABLE (role text, unit_id uuid, department text)
LANGUAGE sql STABLE AS $$
    SELECT r.role, u.id, u.department
      FROM employee_role r
      JOIN unit u ON u.id = r.unit_id OR (r.role IN ('team-leader', 'department-head') AND u.path @> ARRAY[r.unit_id])
     WHERE r.employee_id = who AND r.valid_from <= moment AND r.valid_to > moment
$$;

-- Does an employee work for a unit now, in the unit itself or as a leader of a unit above?
CREATE FUNCTION works_for(who uuid, of_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM roles_at(who, acting_now()) r WHERE r.unit_id = of_unit)
$$;

-- Opens a transaction for a session: who acts, what they hold, and when. Never raises: the first
-- typed read (`acting`) tells whether the session stands, and an unknown one sees nothing.
CREATE TABLE role_reads (
    department text NOT NULL,
    role       text NOT NULL,
    facts      text[] NOT NULL CONSTRAINT role_reads_facts_known CHECK (facts <@ ARRAY['pregnancy', 'journal', 'contact', 'follow_up']),
    PRIMARY KEY (department, role)
);
COMMENT ON TABLE role_reads IS 'AC-17: the facts that each role reads in a case it works with, of those that not every role reads. A copy of the policy (domain::access::policy) for queries; a test compares both.';
ALTER TABLE role_reads ENABLE ROW LEVEL SECURITY;
INSERT INTO role_reads (department, role, facts)
SELECT k.department, r, k.facts FROM (VALUES
    ('BU', '{adviser,team-leader}'::text[], '{pregnancy,journal,contact,follow_up}'::text[]),
    ('BU', '{psychologist}', '{pregnancy,journal,contact}'),
    ('BU', '{department-head}', '{journal,contact}'),
    ('JV', '{caseworker,job-consultant,adviser,team-leader}', '{pregnancy,journal,contact,follow_up}'),
    ('JV', '{treatment-counsellor}', '{pregnancy,journal,contact}'),
    ('JV', '{benefits-officer,department-head}', '{journal,contact}'),
    ('UU', '{counsellor,team-leader}', '{pregnancy,journal,contact,follow_up}'),
    ('UU', '{department-head,mentor}', '{journal,contact}'),
    ('UU', '{hotline}', '{contact}')) k (department, roles, facts) CROSS JOIN LATERAL unnest(k.roles) r;

CREATE FUNCTION act_as(session_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who     uuid;
    state   text := 'unknown';
    roles   text := '';
    holders text := '';
    readers text[];
    blind   boolean := false;
BEGIN
    SELECT s.employee_id,
           CASE WHEN s.ended_at IS NOT NULL THEN 'ended'
                WHEN at >= s.started_at + interval '12 hours' OR at >= s.refreshed_at + interval '8 hours' THEN 'expired'
                WHEN e.deactivated_at <= at THEN 'deactivated'
                WHEN a.one_time_until <= at THEN 'expired'
                WHEN a.one_time_until IS NOT NULL THEN 'password-must-change'
                ELSE 'active' END
      INTO who, state
      FROM session s JOIN employee e ON e.id = s.employee_id LEFT JOIN account a ON a.employee_id = e.id
     WHERE s.id = session_id;
    IF state = 'active' THEN
        SELECT string_agg(format('%s@%s@%s', r.role, r.unit_id, r.department), ','),
               string_agg(DISTINCT r.unit_id::text, ','),
               ARRAY[string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'pregnancy' = ANY (k.facts)),
                     string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'journal' = ANY (k.facts)),
                     string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'contact' = ANY (k.facts)),
                     string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'follow_up' = ANY (k.facts))],
               bool_or(coalesce(cardinality(k.facts), 0) < 4)
          INTO roles, holders, readers, blind
          FROM roles_at(who, at) r LEFT JOIN role_reads k ON k.department = r.department AND k.role = r.role;
        holders := concat_ws(',', who::text, holders);
    ELSIF state <> 'password-must-change' THEN
        who := NULL;
    END IF;
    PERFORM set_config('app.actor', coalesce(who::text, ''), true),
            set_config('app.session_state', coalesce(state, 'unknown'), true),
            set_config('app.roles', coalesce(roles, ''), true),
            set_config('app.holders', coalesce(holders, ''), true),
            set_config('app.blind', CASE WHEN blind THEN 'on' ELSE '' END, true),
            set_config('app.now', at::text, true);
    -- Not needed if all roles of the employee read all facts.
    IF blind THEN
        PERFORM set_config('app.readers.' || k.fact, concat_ws(',', CASE WHEN k.units IS NOT NULL THEN who::text END, k.units), true)
           FROM unnest(ARRAY['pregnancy', 'journal', 'contact', 'follow_up'], readers) k (fact, units);
    END IF;
END $$;

CREATE VIEW acting AS
SELECT acting_employee() AS employee_id,
       coalesce(NULLIF(current_setting('app.session_state', true), ''), 'unknown') AS session_state,
       coalesce(current_setting('app.roles', true), '') AS roles;
GRANT SELECT ON acting TO enplan_app;

-- Sign-in, refresh and sign-out run before anybody acts: functions of the owner that give back
-- only what the step needs.
CREATE FUNCTION credential_of(name text, at timestamptz) RETURNS TABLE (employee_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.employee_id, a.password_hash
      FROM account a JOIN employee e ON e.id = a.employee_id
     WHERE e.username = name AND e.deactivated_at IS NULL AND (a.one_time_until > at) IS NOT FALSE
$$;

-- Opening and ending a session are changes like others and are recorded in the event log (LG-1, `tell_of_session`). False if the
-- verified `hash` is no longer that of the account, or the sign-in was stopped meanwhile. Verification takes time, and a pass
-- phrase that was revoked during it must not open a session (OR-2).
CREATE FUNCTION open_session(session_id uuid, who uuid, hash text, token bytea, at timestamptz, request uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM employee e JOIN account a ON a.employee_id = e.id
      WHERE e.id = who AND e.deactivated_at IS NULL AND a.password_hash = hash AND (a.one_time_until > at) IS NOT FALSE
        FOR SHARE OF e, a;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO session (id, employee_id, started_at, refreshed_at) VALUES (session_id, who, at, at);
    INSERT INTO refresh_token (digest, session_id, issued_at) VALUES (token, session_id, at);
    PERFORM tell_of_session(session_id, who, 'session.opened', '{}', at, request);
    RETURN true;
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

-- OR-2: permanently ends the sessions of an employee except `kept`, their refresh tokens, and the calendar's secret. The rows
-- themselves are ended, so a later change of the account does not restore them.
CREATE FUNCTION end_secrets(who uuid, kept uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE session SET ended_at = at WHERE employee_id = who AND id IS DISTINCT FROM kept AND ended_at IS NULL;
    DELETE FROM refresh_token t USING session s WHERE s.id = t.session_id AND s.employee_id = who AND s.ended_at IS NOT NULL;
    UPDATE calendar_subscription SET withdrawn_at = at WHERE employee_id = who AND withdrawn_at IS NULL;
END $$;

-- One's own, in the session `kept`; all others end. False where `old_hash` is not the present one (any more).
CREATE FUNCTION change_password(old_hash text, new_hash text, kept uuid, request uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account SET password_hash = new_hash, changed_at = acting_now(), one_time_until = NULL
     WHERE employee_id = acting_employee() AND password_hash = old_hash AND (one_time_until > acting_now()) IS NOT FALSE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM end_secrets(acting_employee(), kept, acting_now());
    PERFORM tell_of_session(kept, acting_employee(), 'session.password-changed', '{}', acting_now(), request);
    RETURN true;
END $$;

-- The administrators whose sign-in is not stopped.
CREATE FUNCTION administrators(at timestamptz) RETURNS TABLE (employee_id uuid, unit_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, r.unit_id
      FROM employee_role r
      JOIN unit u ON u.id = r.unit_id AND u.department = 'administration'
      JOIN employee e ON e.id = r.employee_id AND e.deactivated_at IS NULL
     WHERE r.role = 'administrator' AND r.valid_from <= at AND r.valid_to > at
$$;

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
               AND r.unit_id = u.id AND r.valid_from <= acting_now() AND r.valid_to > acting_now())
$$;
-- AC-17: a request is read by the employees who may decide about it, and by the data protection officer.
CREATE POLICY app_read ON rights_request FOR SELECT TO enplan_app USING (
    (SELECT coalesce(current_setting('app.roles', true), '') ~ '(^|,)data-protection-officer@[^,@]*@administration(,|$)')
    OR acting_may_settle(rights_request));
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
GRANT EXECUTE ON FUNCTION act_as(uuid, timestamptz), credential_of(text, timestamptz),
    open_session(uuid, uuid, text, bytea, timestamptz, uuid), rotate_refresh_token(bytea, bytea, timestamptz, uuid),
    end_session(uuid, timestamptz, uuid), confirm_rights(uuid, uuid, text), refuse_rights(uuid),
    change_password(text, text, uuid, uuid) TO enplan_app;
GRANT EXECUTE ON FUNCTION administrators(timestamptz), give_one_time_phrase(uuid, text, timestamptz) TO enplan_worker;
