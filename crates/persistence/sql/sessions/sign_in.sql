-- Sign-in, refresh and sign-out run before anybody acts. Their functions belong to the owner and return only what the
-- step requires.

-- The pass phrase hash to verify at sign-in.
CREATE FUNCTION credential_of(name text, at timestamptz) RETURNS TABLE (employee_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.employee_id, a.password_hash
      FROM account a JOIN employee e ON e.id = a.employee_id
     WHERE e.username = name AND e.deactivated_at IS NULL AND (a.one_time_until > at) IS NOT FALSE
$$;
GRANT EXECUTE ON FUNCTION credential_of(text, timestamptz) TO enplan_app;

-- LG-1: opening and ending a session are changes like others and are recorded in the event log (`tell_of_session`).
-- Returns false if the verified `hash` is no longer that of the account, or if the sign-in was stopped meanwhile.
-- Verification takes time, and a pass phrase that was revoked during it must not open a session (OR-2).
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
GRANT EXECUTE ON FUNCTION open_session(uuid, uuid, text, bytea, timestamptz, uuid) TO enplan_app;

-- Exchanges a refresh token and returns its session. No row if the token is unknown, if the session is over, or if the
-- token was used before, which ends the session (B2).
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
GRANT EXECUTE ON FUNCTION rotate_refresh_token(bytea, bytea, timestamptz, uuid) TO enplan_app;

-- Signs out: ends the session, once.
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
GRANT EXECUTE ON FUNCTION end_session(uuid, timestamptz, uuid) TO enplan_app;

-- OR-2: permanently ends the sessions of an employee except `kept`, their refresh tokens, and the calendar's secret. The rows
-- themselves are ended, so a later change of the account does not restore them.
CREATE FUNCTION end_secrets(who uuid, kept uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE session SET ended_at = at WHERE employee_id = who AND id IS DISTINCT FROM kept AND ended_at IS NULL;
    DELETE FROM refresh_token t USING session s WHERE s.id = t.session_id AND s.employee_id = who AND s.ended_at IS NOT NULL;
    UPDATE calendar_subscription SET withdrawn_at = at WHERE employee_id = who AND withdrawn_at IS NULL;
END $$;

-- Changes the caller's own pass phrase, in the session `kept`; all other sessions end. Returns false if `old_hash` is not
-- the current one.
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
GRANT EXECUTE ON FUNCTION change_password(text, text, uuid, uuid) TO enplan_app;

-- Writes the event of a session, which begins before anybody acts. The functions that open and end one call it.
CREATE FUNCTION tell_of_session(session_id uuid, who uuid, what text, payload text, at timestamptz, request uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    salt bytea := uuid_send(gen_random_uuid());
BEGIN
    INSERT INTO event (recorded_at, id, request_id, actor_id, role, subject_kind, subject_id, kind, payload, salt, digest)
    VALUES (at, gen_random_uuid(), request, who, 'self', 'session', session_id::text, what, payload::json, salt,
            sha256(salt || convert_to(payload, 'UTF8')));
END $$;
