-- The two logs (LG-1, LG-2), requests that may come twice, and the table of jobs.

-- Every change, written in the transaction of the change. The payload stands beside its salted
-- digest: the chain that comes later covers the digest, so that retention can empty a payload.
CREATE TABLE event (
    recorded_at     timestamptz NOT NULL,
    id              uuid NOT NULL,
    request_id      uuid NOT NULL,
    actor_id        uuid,
    role            text NOT NULL,
    unit_id         uuid,
    basis_id        uuid,
    young_person_id uuid,
    subject_kind    text NOT NULL,
    subject_id      text NOT NULL,
    kind            text NOT NULL,
    payload         json,
    salt            bytea NOT NULL,
    digest          bytea NOT NULL,
    -- Where it stands in the case: with the thing it tells of.
    information_area information_area,
    writing_unit_id  uuid,
    providing_unit_id uuid,
    registration_id  uuid,
    PRIMARY KEY (recorded_at, id),
    CONSTRAINT event_of_a_case_stands_in_it CHECK (young_person_id IS NULL OR num_nulls(information_area, writing_unit_id, registration_id) = 0)
) PARTITION BY RANGE (recorded_at);
COMMENT ON COLUMN event.subject_kind IS 'The table of the thing it tells of, with hyphens; or "session".';
COMMENT ON COLUMN event.actor_id IS 'The employee; NULL where the system itself acted (role "system").';
COMMENT ON COLUMN event.role IS 'By which it was allowed; "self" where somebody opened or ended their own session.';
COMMENT ON COLUMN event.digest IS 'SHA-256 of salt and payload.';
COMMENT ON COLUMN event.registration_id IS 'Whose timeline tells it: the young person, or of something that a merge moved, the one it was moved from.';
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE INDEX event_by_young_person ON event (young_person_id, recorded_at);
CREATE INDEX event_by_registration ON event (registration_id, recorded_at, id);
CREATE INDEX event_by_actor ON event (actor_id, recorded_at);

-- An event of a case bears area, writing and providing unit of what it tells of, as they were then: whoever
-- sees the one sees the other in the timeline.
CREATE FUNCTION event_stands_with_its_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subject jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE t.id = $1', replace(NEW.subject_kind, '-', '_'))
       INTO subject USING NEW.subject_id::uuid;
    NEW.information_area := (subject->>'information_area')::integer;
    NEW.writing_unit_id := (subject->>'writing_unit_id')::uuid;
    NEW.providing_unit_id := (subject->>'providing_unit_id')::uuid;
    NEW.registration_id := coalesce((SELECT m.merged_id FROM merge m JOIN merge_row r ON r.merge_id = m.id
        WHERE m.young_person_id = NEW.young_person_id AND m.undone_at IS NULL AND r.row_id IN ((subject->>'id')::uuid,
              (subject->>'plan_id')::uuid, (subject->>'goal_id')::uuid, (subject->>'intervention_id')::uuid, (subject->>'need_id')::uuid,
              (subject->>'support_need_id')::uuid, (subject->>'pregnancy_id')::uuid,
              (SELECT n.support_need_id FROM transition_need n WHERE n.id = (subject->>'need_id')::uuid))
        ORDER BY m.merged_at LIMIT 1), NEW.young_person_id);
    RETURN NEW;
END $$;
CREATE TRIGGER event_stands_with_its_subject BEFORE INSERT ON event FOR EACH ROW
    -- Also for a hotline contact without a young person, so that the response time does not reveal whether it is linked (AC-19).
    WHEN (NEW.young_person_id IS NOT NULL OR NEW.subject_kind = 'hotline-contact') EXECUTE FUNCTION event_stands_with_its_subject();

-- Tells of a session, which begins before anybody acts: called by the functions that open and end one.
CREATE FUNCTION tell_of_session(session_id uuid, who uuid, what text, payload text, at timestamptz, request uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    salt bytea := uuid_send(gen_random_uuid());
BEGIN
    INSERT INTO event (recorded_at, id, request_id, actor_id, role, subject_kind, subject_id, kind, payload, salt, digest)
    VALUES (at, gen_random_uuid(), request, who, 'self', 'session', session_id::text, what, payload::json, salt,
            sha256(salt || convert_to(payload, 'UTF8')));
END $$;

-- Every reading of personal data and every refusal: one row per request, durable before the answer
-- leaves. No foreign keys: a log outlives what it tells of.
CREATE TABLE access_entry (
    recorded_at  timestamptz NOT NULL,
    id           uuid NOT NULL,
    request_id   uuid NOT NULL,
    actor_id     uuid NOT NULL,
    role         text,
    operation    text NOT NULL,
    outcome      text NOT NULL CONSTRAINT access_entry_outcome_known CHECK (outcome IN ('read', 'refused', 'replayed', 'failed', 'changed')),
    young_people uuid[] NOT NULL,
    bases        uuid[] NOT NULL,
    areas        integer NOT NULL,
    subject      text,
    purpose      text,
    number_digest bytea,
    PRIMARY KEY (recorded_at, id),
    CONSTRAINT access_entry_of_a_change_tells_a_number CHECK (outcome <> 'changed' OR number_digest IS NOT NULL)
) PARTITION BY RANGE (recorded_at);
COMMENT ON COLUMN access_entry.number_digest IS
    'AC-19: HMAC-SHA-256 of the checked CPR number, registered or not. It allows finding the employees who checked a number.';
COMMENT ON COLUMN access_entry.role IS 'The role by which it was allowed; NULL where it was refused.';
COMMENT ON COLUMN access_entry.outcome IS
    'failed: the service failed after personal data were read, and the response contained none of them.';
COMMENT ON COLUMN access_entry.subject IS
    'The id in the path. If the request named records that are not visible to the caller, their ids instead, wherever they appeared, with one row for each.';
COMMENT ON COLUMN access_entry.bases IS 'Parallel to young_people: the basis by which each was seen; NULL where a contact of the hotline led to them.';
CREATE TABLE access_entry_default PARTITION OF access_entry DEFAULT;
CREATE INDEX access_entry_by_young_person ON access_entry USING gin (young_people);
CREATE INDEX access_entry_by_actor ON access_entry (actor_id, recorded_at);
CREATE INDEX access_entry_by_number ON access_entry (number_digest, recorded_at) WHERE number_digest IS NOT NULL;

-- Both are append-only for every role of ours.
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_entry_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON event FOR INSERT TO enplan_app WITH CHECK (actor_id = (SELECT acting_employee()));
-- The writer of the access log acts as nobody: it writes the entries of many requests at once. A request writes its own.
CREATE POLICY app_insert ON access_entry FOR INSERT TO enplan_app
    WITH CHECK ((SELECT acting_employee()) IS NULL OR actor_id = (SELECT acting_employee()));
CREATE POLICY worker_read ON event FOR SELECT TO enplan_worker USING (true);
CREATE POLICY worker_insert ON event FOR INSERT TO enplan_worker WITH CHECK (actor_id IS NULL);
CREATE POLICY worker_read ON access_entry FOR SELECT TO enplan_worker USING (true);
GRANT INSERT ON event, access_entry TO enplan_app;
GRANT SELECT, INSERT ON event TO enplan_worker;
GRANT SELECT ON access_entry TO enplan_worker;

-- The partitions of both logs, one for each month (D-26). Creating one takes no lock that a reader holds: a separate
-- table is created, filled with the rows of its month in the default partition, and attached. The attachment is tried for 100 ms
-- at most. `partitions.rs` calls each function in a separate transaction.
CREATE FUNCTION log_partition(log text, month date) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('%s_%s', log, to_char(month, 'YYYY_MM'));
CREATE FUNCTION has_log_partition(log text, month date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM pg_inherits WHERE inhparent = log::regclass AND inhrelid = to_regclass(log_partition(log, month)));

-- The months without a partition: among the next `months`, and among the rows in the default partitions.
CREATE FUNCTION missing_log_partitions(first date, months integer) RETURNS TABLE (log text, month date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wanted.log, wanted.month FROM (
        SELECT logs.log, ahead.month::date
          FROM (VALUES ('event'), ('access_entry')) logs (log),
               generate_series(date_trunc('month', first::timestamp),
                   date_trunc('month', first::timestamp) + make_interval(months => months - 1), interval '1 month') ahead (month)
        UNION SELECT 'event', date_trunc('month', recorded_at AT TIME ZONE 'UTC')::date FROM event_default WHERE isfinite(recorded_at)
        UNION SELECT 'access_entry', date_trunc('month', recorded_at AT TIME ZONE 'UTC')::date FROM access_entry_default
               WHERE isfinite(recorded_at)
    ) wanted (log, month) WHERE NOT has_log_partition(wanted.log, wanted.month)
    ORDER BY wanted.month, wanted.log
$$;

-- The number of whole months, beginning with that of `first`, for which both logs have partitions, and the number of rows
-- outside.
CREATE FUNCTION log_partitions_ahead(first date) RETURNS TABLE (months integer, rows_outside bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(min(ahead.n), 120), (SELECT count(*) FROM event_default) + (SELECT count(*) FROM access_entry_default)
      FROM (VALUES ('event'), ('access_entry')) logs (log), generate_series(0, 119) ahead (n)
     WHERE NOT has_log_partition(logs.log, (date_trunc('month', first::timestamp) + make_interval(months => ahead.n))::date)
$$;

-- Creates the separate table. A table left by an earlier attempt is created again, because it contains only copies. A CHECK
-- states its range, so that the attachment does not scan it.
CREATE FUNCTION make_log_partition(log text, month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text := log_partition(log, month);
BEGIN
    IF log NOT IN ('event', 'access_entry') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'no log';
    END IF;
    IF has_log_partition(log, month) THEN
        RETURN;
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', part);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING COMMENTS)', part, log);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT of_its_month CHECK (recorded_at >= %L AND recorded_at < %L)', part,
        month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
END $$;

-- Copies at most `most` rows of the month from the default partition, from which they are still read. Returns the number of
-- copied rows.
CREATE FUNCTION copy_to_log_partition(log text, month date, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    copied integer;
BEGIN
    IF log NOT IN ('event', 'access_entry') OR has_log_partition(log, month) THEN
        RETURN 0;
    END IF;
    EXECUTE format('INSERT INTO %1$I SELECT r.* FROM %2$I r
        WHERE r.recorded_at >= greatest($1, (SELECT max(recorded_at) FROM %1$I)) AND r.recorded_at < $2
          AND NOT EXISTS (SELECT FROM %1$I c WHERE c.recorded_at = r.recorded_at AND c.id = r.id)
        ORDER BY r.recorded_at, r.id LIMIT $3', log_partition(log, month), log || '_default')
        USING (month || ' 00:00:00+00')::timestamptz, ((month + interval '1 month')::date || ' 00:00:00+00')::timestamptz, most;
    GET DIAGNOSTICS copied = ROW_COUNT;
    RETURN copied;
END $$;

-- Attaches the table, with the rows that are still in the default partition. An open transaction that has read the default
-- partition prevents this. The function then fails after 100 ms and delays no other transaction.
CREATE FUNCTION attach_log_partition(log text, month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    part  text := log_partition(log, month);
    first timestamptz := month || ' 00:00:00+00';
    after timestamptz := (month + interval '1 month')::date || ' 00:00:00+00';
BEGIN
    IF log NOT IN ('event', 'access_entry') OR has_log_partition(log, month) THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %I IN SHARE UPDATE EXCLUSIVE MODE', log);
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', log || '_default');
    EXECUTE format('INSERT INTO %1$I SELECT r.* FROM %2$I r WHERE r.recorded_at >= $1 AND r.recorded_at < $2
        AND NOT EXISTS (SELECT FROM %1$I c WHERE c.recorded_at = r.recorded_at AND c.id = r.id)', part, log || '_default')
        USING first, after;
    EXECUTE format('DELETE FROM %I WHERE recorded_at >= $1 AND recorded_at < $2', log || '_default') USING first, after;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', log, part, first, after);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_its_month', part);
END $$;
GRANT EXECUTE ON FUNCTION missing_log_partitions(date, integer), log_partitions_ahead(date), make_log_partition(text, date),
    copy_to_log_partition(text, date, integer), attach_log_partition(text, date) TO enplan_worker;

-- D-28: the first answer to a key, kept a day. Inserted before anything else happens.
CREATE TABLE idempotency_key (
    actor_id        uuid NOT NULL,
    key_digest      bytea NOT NULL,
    request_digest  bytea NOT NULL,
    recorded_at     timestamptz NOT NULL,
    young_people    uuid[] NOT NULL DEFAULT '{}',
    status          smallint,
    etag            text,
    location        text,
    answer          bytea,
    action          text,
    role            text,
    unit_id         uuid,
    basis_id        uuid,
    areas           integer NOT NULL DEFAULT 0,
    PRIMARY KEY (actor_id, key_digest),
    CONSTRAINT idempotency_key_answered CHECK (num_nulls(status, answer) IN (0, 2)),
    CONSTRAINT idempotency_key_answered_by_a_permit CHECK (num_nulls(action, role, unit_id) IN (0, 3) AND (action IS NULL OR status IS NOT NULL))
);
COMMENT ON COLUMN idempotency_key.young_people IS 'Of whom it tells: seen still by whoever is given it again (AC-7).';
COMMENT ON COLUMN idempotency_key.answer IS 'The body as it was answered, encrypted.';
COMMENT ON COLUMN idempotency_key.areas IS 'What was open to whoever asked, of those of whom it tells.';
COMMENT ON COLUMN idempotency_key.role IS
    'The role that, with unit and basis, allowed the command. A replay requires that the caller still holds it (AC-7). NULL if the command required no permit, because it changed nothing.';
CREATE INDEX idempotency_key_by_age ON idempotency_key (recorded_at);
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON idempotency_key TO enplan_app
    USING (actor_id = (SELECT acting_employee())) WITH CHECK (actor_id = (SELECT acting_employee()));
CREATE POLICY worker ON idempotency_key TO enplan_worker USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO enplan_app;
GRANT SELECT, DELETE ON idempotency_key TO enplan_worker;

-- D-17: effects beyond the caller's sight. Written with the command, run right after it by
-- the handler, and by any instance's worker where that did not happen.
CREATE TABLE job (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    subject    text NOT NULL,
    run_at     timestamptz NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    last_error text
);
CREATE INDEX job_by_time ON job (run_at);
CREATE INDEX job_by_subject ON job (kind, subject);
GRANT INSERT ON job TO enplan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON job TO enplan_worker;
