-- The hotline (HL-1 to HL-10): contacts as they were logged, what was written later, who called, and the words of the search.

-- HL-7: for typing errors.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- The units with a duty of the hotline: data of the municipality.
CREATE TABLE hotline_duty (
    duty    text PRIMARY KEY CONSTRAINT hotline_duty_known CHECK (duty IN ('contacts', 'concerns')),
    unit_id uuid NOT NULL REFERENCES unit (id)
);
ALTER TABLE hotline_duty ENABLE ROW LEVEL SECURITY;

CREATE TABLE hotline_contact (
    id                 uuid PRIMARY KEY,
    young_person_id    uuid REFERENCES young_person (id) ON UPDATE CASCADE,
    tie_asked          boolean NOT NULL DEFAULT false,
    tie_number         bytea,
    information_area   information_area NOT NULL,
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    logging_unit_id    uuid NOT NULL REFERENCES unit (id),
    caller_kind        text NOT NULL CONSTRAINT hotline_contact_caller_known
                           CHECK (caller_kind IN ('institution', 'employer', 'young-person', 'relative', 'colleague', 'other')),
    institution_id     uuid REFERENCES unit (id),
    channel            text NOT NULL CONSTRAINT hotline_contact_channel_known
                           CHECK (channel IN ('phone', 'email', 'digital-post', 'in-person')),
    topic              text NOT NULL CONSTRAINT hotline_contact_topic_known CHECK (topic IN ('drop-out-risk', 'absence', 'economy',
                           'substance-abuse', 'wellbeing', 'housing', 'guidance', 'other')),
    urgency            text NOT NULL CONSTRAINT hotline_contact_urgency_known CHECK (urgency IN ('acute', 'high', 'normal')),
    summary            text NOT NULL,
    called_at          timestamptz NOT NULL,
    logged_at          timestamptz NOT NULL,
    logged_by_id       uuid NOT NULL REFERENCES employee (id),
    only_information   boolean NOT NULL,
    plan_not_followed  boolean NOT NULL,
    earlier_contact_id uuid REFERENCES hotline_contact (id),
    shown_to           text,
    concern            text CONSTRAINT hotline_contact_concern_known CHECK (concern IN ('under-18', 'unborn')),
    assess_by          timestamptz,
    assessed_at        timestamptz,
    receipt_by         date,
    receipted_at       timestamptz,
    due_at             timestamptz NOT NULL,
    state              text NOT NULL,
    owner_id           uuid REFERENCES employee (id),
    taken_at           timestamptz,
    answered_at        timestamptz,
    closed_at          timestamptz,
    version            bigint NOT NULL DEFAULT 1,
    request_digest     bytea,
    words              tsvector NOT NULL GENERATED ALWAYS AS (strip(to_tsvector('simple'::regconfig, fold_name(summary)))) STORED,
    CONSTRAINT hotline_contact_institution_calls CHECK (institution_id IS NULL OR caller_kind = 'institution'),
    -- A concern is of family and belongs to B&U; every other contact is of education and belongs to the hotline.
    CONSTRAINT hotline_contact_area CHECK (CASE WHEN concern IS NULL THEN information_area = 4 AND writing_unit_id = logging_unit_id
        ELSE information_area = 16 AND NOT only_information AND shown_to IS NULL END),
    CONSTRAINT hotline_contact_concern_columns CHECK (CASE WHEN concern IS NULL
        THEN num_nonnulls(assess_by, assessed_at, receipt_by, receipted_at) = 0
        ELSE num_nonnulls(assess_by, receipt_by) = 2 AND assess_by = called_at + interval '24 hours' END),
    -- Each state has the columns of its Rust variant.
    CONSTRAINT hotline_contact_state_columns CHECK (CASE state
        WHEN 'open'     THEN num_nonnulls(owner_id, taken_at, answered_at, closed_at) = 0
        WHEN 'taken'    THEN num_nonnulls(owner_id, taken_at) = 2 AND num_nonnulls(answered_at, closed_at) = 0
        WHEN 'answered' THEN num_nonnulls(owner_id, taken_at, answered_at) = 3 AND closed_at IS NULL
        WHEN 'closed'   THEN num_nonnulls(owner_id, taken_at, answered_at, closed_at) = 4
        ELSE false END),
    CONSTRAINT "hotline.concern-unhandled" CHECK (concern IS NULL OR state <> 'closed' OR num_nonnulls(assessed_at, receipted_at) = 2),
    -- A year back at most (chosen).
    CONSTRAINT "hotline.moment-out-of-range" CHECK (called_at <= logged_at
        AND (called_at AT TIME ZONE 'Europe/Copenhagen')::date >= (logged_at AT TIME ZONE 'Europe/Copenhagen')::date - 365),
    CONSTRAINT hotline_contact_receipt_by_in_calendar CHECK (receipt_by BETWEEN '1900-01-01' AND '2199-12-31')
);
-- A list reads the newest contacts first; most contacts are closed.
CREATE INDEX hotline_contact_of_unit ON hotline_contact (writing_unit_id, id);
CREATE INDEX hotline_contact_by_call ON hotline_contact (writing_unit_id, called_at);
CREATE INDEX hotline_contact_unfinished ON hotline_contact (writing_unit_id, id) WHERE state <> 'closed';
CREATE INDEX hotline_contact_by_young_person ON hotline_contact (young_person_id, id) WHERE young_person_id IS NOT NULL;
CREATE INDEX hotline_contact_tied ON hotline_contact (id) WHERE young_person_id IS NOT NULL;
CREATE INDEX hotline_contact_by_institution ON hotline_contact (institution_id, id) WHERE institution_id IS NOT NULL;
CREATE INDEX hotline_contact_by_earlier ON hotline_contact (earlier_contact_id) WHERE earlier_contact_id IS NOT NULL;
CREATE INDEX hotline_contact_passed_on ON hotline_contact (logging_unit_id, id) WHERE concern IS NOT NULL;
CREATE UNIQUE INDEX hotline_contact_sent_once ON hotline_contact (logged_by_id, request_digest) WHERE request_digest IS NOT NULL;
CREATE INDEX hotline_contact_by_words ON hotline_contact USING gin (words);
ALTER TABLE hotline_contact ENABLE ROW LEVEL SECURITY;

-- What was written later: never changed, and visible with its contact.
CREATE TABLE hotline_entry (
    id            uuid PRIMARY KEY,
    contact_id    uuid NOT NULL REFERENCES hotline_contact (id),
    kind          text NOT NULL CONSTRAINT hotline_entry_kind_known
                      CHECK (kind IN ('answer', 'reopening', 'correction', 'assessment', 'receipt', 'link')),
    text          text NOT NULL,
    reason        text CONSTRAINT hotline_entry_correction_has_reason CHECK ((kind = 'correction') = (reason IS NOT NULL)),
    entered_by_id uuid NOT NULL REFERENCES employee (id),
    entered_at    timestamptz NOT NULL
);
CREATE INDEX hotline_entry_by_contact ON hotline_entry (contact_id, entered_at, id);
ALTER TABLE hotline_entry ENABLE ROW LEVEL SECURITY;

-- HL-10: the hotline caller, separate from the contact: in no list, search or event.
CREATE TABLE hotline_caller (
    contact_id uuid PRIMARY KEY REFERENCES hotline_contact (id),
    name       text,
    telephone  text,
    relation   text,
    CONSTRAINT hotline_caller_something CHECK (num_nonnulls(name, telephone, relation) > 0)
);
ALTER TABLE hotline_caller ENABLE ROW LEVEL SECURITY;

-- HL-7: every word of a summary, by the list of its contact, so that the search compares a typing error with words and not
-- with texts. Only the search reads it.
CREATE TABLE hotline_word (
    writing_unit_id uuid NOT NULL REFERENCES unit (id),
    word            text COLLATE "C" NOT NULL,
    PRIMARY KEY (writing_unit_id, word)
);
CREATE INDEX hotline_word_begins ON hotline_word (word);
CREATE INDEX hotline_word_alike ON hotline_word USING gin (word gin_trgm_ops);
ALTER TABLE hotline_word ENABLE ROW LEVEL SECURITY;
