-- What is recorded of a young person's life: education and work (YP-10), residence (YP-6), guardians (YP-9), and the journal (PL-13).

-- YP-10: an education, a grade of school, or work, with its recorded dates.
CREATE TABLE education_and_work (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL,
    name             text,
    place            text NOT NULL,
    grade            smallint,
    weekly_minutes   smallint,
    state            text NOT NULL,
    applied_on       date,
    enrolled_on      date,
    started_on       date,
    ended_on         date,
    source           text NOT NULL CONSTRAINT education_and_work_source_known
                         CHECK (source IN ('young-person', 'institution', 'register', 'caseworker')),
    recorded_at      timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    first_day        date NOT NULL GENERATED ALWAYS AS (coalesce(applied_on, enrolled_on, started_on)) STORED,
    -- The rest group's definition: a job counts from 18 hours a week, a spare-time job alone never counts.
    held             daterange GENERATED ALWAYS AS (
                         CASE WHEN (kind IN ('education', 'school', 'apprenticeship') OR kind = 'job' AND weekly_minutes >= 18 * 60)
                                   AND coalesce(enrolled_on, started_on) IS NOT NULL
                                   AND (ended_on < coalesce(enrolled_on, started_on)) IS NOT TRUE
                              THEN daterange(coalesce(enrolled_on, started_on), ended_on) END) STORED,
    CONSTRAINT education_and_work_kind_columns CHECK (CASE kind
        WHEN 'education' THEN name IS NOT NULL AND num_nonnulls(grade, weekly_minutes) = 0
        WHEN 'school' THEN num_nonnulls(name, weekly_minutes) = 0 AND grade IS NOT NULL AND grade BETWEEN 7 AND 10
        WHEN 'apprenticeship' THEN num_nonnulls(name, weekly_minutes) = 2 AND grade IS NULL
        WHEN 'job' THEN num_nonnulls(name, grade) = 0 AND weekly_minutes IS NOT NULL
        WHEN 'spare-time-job' THEN num_nonnulls(name, grade) = 0 AND weekly_minutes IS NOT NULL
        ELSE false END),
    CONSTRAINT education_and_work_weekly CHECK (weekly_minutes BETWEEN 0 AND 37 * 60),
    CONSTRAINT education_and_work_state_columns CHECK (CASE state
        WHEN 'applied' THEN applied_on IS NOT NULL AND num_nonnulls(enrolled_on, started_on, ended_on) = 0
        WHEN 'enrolled' THEN enrolled_on IS NOT NULL AND num_nonnulls(started_on, ended_on) = 0
        WHEN 'started' THEN started_on IS NOT NULL AND ended_on IS NULL
        WHEN 'completed' THEN num_nonnulls(started_on, ended_on) = 2
        WHEN 'dropped-out' THEN ended_on IS NOT NULL AND num_nonnulls(applied_on, enrolled_on, started_on) > 0
        ELSE false END),
    -- Dates are in order; missing ones are left out.
    CONSTRAINT "episode.days-contradict" CHECK (applied_on <= least(enrolled_on, started_on, ended_on)
        AND enrolled_on <= least(started_on, ended_on) AND started_on <= ended_on),
    CONSTRAINT education_and_work_applied_on_in_calendar CHECK (applied_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_and_work_enrolled_on_in_calendar CHECK (enrolled_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_and_work_started_on_in_calendar CHECK (started_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_and_work_ended_on_in_calendar CHECK (ended_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_and_work_first_day_in_calendar CHECK (first_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX education_and_work_by_young_person ON education_and_work (young_person_id, first_day);
-- TM-11: the young people of a school.
CREATE INDEX education_and_work_by_place ON education_and_work (fold_name(place), young_person_id) WHERE place IS NOT NULL;
ALTER TABLE education_and_work ENABLE ROW LEVEL SECURITY;

-- YP-6: where the young person lives, as a step function: each row applies until the next one begins.
CREATE TABLE residence (
    id                uuid PRIMARY KEY,
    young_person_id   uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    from_day          date NOT NULL,
    information_area  information_area NOT NULL DEFAULT 2,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    municipality_code text CONSTRAINT residence_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    country_code      text CONSTRAINT residence_country_form CHECK (country_code ~ '^[A-Z]{2}$' AND country_code <> 'DK'),
    address           text,
    source            text NOT NULL CONSTRAINT residence_source_known
                          CHECK (source IN ('young-person', 'institution', 'register', 'caseworker')),
    recorded_at       timestamptz NOT NULL,
    CONSTRAINT "residence.already-told" UNIQUE (young_person_id, from_day),
    CONSTRAINT residence_somewhere CHECK (num_nonnulls(municipality_code, country_code) = 1),
    CONSTRAINT residence_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE residence ENABLE ROW LEVEL SECURITY;

-- YP-9: guardians, while the young person is under 18.
CREATE TABLE guardian (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    name             text NOT NULL,
    relation         text NOT NULL CONSTRAINT guardian_relation_known CHECK (relation IN
                         ('mother', 'father', 'co-parent', 'step-parent', 'foster-parent', 'relative', 'appointed', 'other')),
    has_custody      boolean NOT NULL,
    telephone        text,
    email            text,
    from_day         date NOT NULL,
    to_day           date,
    told_at          timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT guardian_period CHECK (from_day <= to_day),
    CONSTRAINT guardian_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT guardian_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX guardian_by_young_person ON guardian (young_person_id, from_day);
ALTER TABLE guardian ENABLE ROW LEVEL SECURITY;

CREATE TABLE journal_entry (
    id                     uuid PRIMARY KEY,
    young_person_id        uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area       information_area NOT NULL CONSTRAINT journal_entry_area CHECK (information_area <> 1),
    writing_unit_id        uuid NOT NULL REFERENCES unit (id),
    kind                   text NOT NULL,
    took_place_at          timestamptz NOT NULL,
    form                   text CONSTRAINT journal_entry_form_known CHECK (form IN ('face-to-face', 'telephone', 'video', 'letter')),
    minutes                smallint CONSTRAINT journal_entry_minutes CHECK (minutes BETWEEN 1 AND 1440),
    took_part              text[] CONSTRAINT journal_entry_took_part CHECK (cardinality(took_part) <= 20),
    young_person_took_part boolean,
    text                   text NOT NULL,
    entered_by_id          uuid NOT NULL REFERENCES employee (id),
    entered_at             timestamptz NOT NULL,
    UNIQUE (id, young_person_id, information_area, writing_unit_id),
    -- Each kind has the columns of its Rust variant. A letter takes no time; somebody takes part in a conversation.
    CONSTRAINT journal_entry_columns CHECK (CASE kind
        WHEN 'conversation' THEN num_nonnulls(form, took_part, young_person_took_part) = 3
                             AND (form = 'letter') = (minutes IS NULL)
                             AND (young_person_took_part OR cardinality(took_part) > 0)
        WHEN 'note'         THEN num_nonnulls(form, minutes, took_part, young_person_took_part) = 0
        ELSE false END),
    -- A year back at most (chosen).
    CONSTRAINT "journal.moment-out-of-range" CHECK (took_place_at <= entered_at
        AND (took_place_at AT TIME ZONE 'Europe/Copenhagen')::date >= (entered_at AT TIME ZONE 'Europe/Copenhagen')::date - 365)
);
CREATE INDEX journal_entry_newest ON journal_entry (young_person_id, kind, took_place_at DESC, id DESC);
CREATE INDEX journal_entry_by_unit ON journal_entry (writing_unit_id, took_place_at) WHERE kind = 'conversation';
ALTER TABLE journal_entry ENABLE ROW LEVEL SECURITY;

-- A correction has the area and the writing unit of its entry, regardless of its author, and so is visible to exactly the
-- same callers.
CREATE TABLE journal_correction (
    id               uuid PRIMARY KEY,
    entry_id         uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL,
    text             text NOT NULL,
    reason           text NOT NULL,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    FOREIGN KEY (entry_id, young_person_id, information_area, writing_unit_id)
        REFERENCES journal_entry (id, young_person_id, information_area, writing_unit_id) ON UPDATE CASCADE
);
CREATE INDEX journal_correction_by_entry ON journal_correction (entry_id, entered_at, id);
ALTER TABLE journal_correction ENABLE ROW LEVEL SECURITY;
