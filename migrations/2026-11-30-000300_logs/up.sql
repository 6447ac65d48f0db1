-- The two logs (LG-1, LG-2), responses to requests that may come twice, and the table of jobs.

-- LG-1: every change, written in the transaction of the change. The payload is stored alongside its salted digest. The
-- chain that comes later covers the digest, so that retention can empty a payload.
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
    -- Its place in the case: that of its subject.
    information_area information_area,
    writing_unit_id  uuid,
    providing_unit_id uuid,
    registration_id  uuid,
    PRIMARY KEY (recorded_at, id),
    CONSTRAINT event_of_a_case_stands_in_it CHECK (young_person_id IS NULL OR num_nulls(information_area, writing_unit_id, registration_id) = 0)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX event_by_young_person ON event (young_person_id, recorded_at);
CREATE INDEX event_by_registration ON event (registration_id, recorded_at, id);
CREATE INDEX event_by_actor ON event (actor_id, recorded_at);
ALTER TABLE event ENABLE ROW LEVEL SECURITY;

CREATE TABLE event_default PARTITION OF event DEFAULT;
ALTER TABLE event_default ENABLE ROW LEVEL SECURITY;

-- LG-2: every reading of personal data and every refusal, one row per request, durable before the response is sent. No
-- foreign keys, because the log is kept longer than its subjects.
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
CREATE INDEX access_entry_by_young_person ON access_entry USING gin (young_people);
CREATE INDEX access_entry_by_actor ON access_entry (actor_id, recorded_at);
CREATE INDEX access_entry_by_number ON access_entry (number_digest, recorded_at) WHERE number_digest IS NOT NULL;
ALTER TABLE access_entry ENABLE ROW LEVEL SECURITY;

CREATE TABLE access_entry_default PARTITION OF access_entry DEFAULT;
ALTER TABLE access_entry_default ENABLE ROW LEVEL SECURITY;

-- The first response to an idempotency key, kept for a day (D-28). The row is inserted before anything else
-- happens.
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
CREATE INDEX idempotency_key_by_age ON idempotency_key (recorded_at);
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;

-- Effects beyond the caller's sight (D-17). A job is written with the command. The handler runs it right after the
-- commit; otherwise any instance's worker does.
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
