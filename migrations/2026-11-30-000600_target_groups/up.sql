-- Target groups (TG-1 to TG-5): benefits, readiness and sanctions, from which the group on any day is computed.

CREATE TABLE benefit_episode (
    id                       uuid PRIMARY KEY,
    young_person_id          uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area         information_area NOT NULL DEFAULT 4,
    writing_unit_id          uuid NOT NULL REFERENCES unit (id),
    kind                     text NOT NULL CONSTRAINT benefit_episode_kind_known CHECK (kind IN ('a-dagpenge', 'sygedagpenge',
                                 'kontanthjaelp', 'uddannelseshjaelp', 'integrationsydelse', 'ressourceforloeb',
                                 'jobafklaringsforloeb', 'rehabilitent', 'fleksjob', 'ledighedsydelse', 'foertidspension')),
    leads                    boolean NOT NULL,
    in_integration_programme boolean NOT NULL CONSTRAINT benefit_episode_programme
                                 CHECK (NOT in_integration_programme OR kind IN ('kontanthjaelp', 'integrationsydelse')),
    from_day                 date NOT NULL,
    to_day                   date,
    recorded_at              timestamptz NOT NULL,
    version                  bigint NOT NULL DEFAULT 1,
    CONSTRAINT benefit_episode_period CHECK (from_day <= to_day),
    CONSTRAINT benefit_episode_of_person UNIQUE (id, young_person_id),
    -- TG-2: two benefits never lead at the same time.
    CONSTRAINT "benefit.overlap" EXCLUDE USING gist (young_person_id WITH =, daterange(from_day, to_day, '[]') WITH &&) WHERE (leads),
    CONSTRAINT benefit_episode_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT benefit_episode_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX benefit_episode_by_young_person ON benefit_episode (young_person_id, from_day);
ALTER TABLE benefit_episode ENABLE ROW LEVEL SECURITY;

-- TG-4: each track is a step function. The latest day counts, and of one day the row recorded last.
CREATE TABLE readiness (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    track            text NOT NULL,
    verdict          text NOT NULL,
    assessed_on      date NOT NULL,
    assessor_id      uuid NOT NULL REFERENCES employee (id),
    note             text,
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT readiness_verdict_of_track CHECK (CASE
        WHEN track = 'benefit' THEN verdict IN ('aabenlyst-uddannelsesparat', 'uddannelsesparat', 'aktivitetsparat', 'jobparat')
        WHEN track IN ('eud', 'hf', 'gymnasium') THEN verdict IN ('ready', 'not-ready')
        ELSE false END),
    CONSTRAINT readiness_assessed_on_in_calendar CHECK (assessed_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX readiness_by_young_person ON readiness (young_person_id, track, assessed_on);
ALTER TABLE readiness ENABLE ROW LEVEL SECURITY;

-- TG-5: a sanction is within the benefit against which it is imposed.
CREATE TABLE sanction (
    id               uuid PRIMARY KEY,
    benefit_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT sanction_kind_known CHECK (kind IN ('fradrag-for-udeblivelse', 'punktsanktion',
                         'periodesanktion', 'skaerpet-raadighedssanktion', 'nedsaettelse-ved-ophoer', 'tilbagebetaling')),
    on_day           date NOT NULL,
    ground           text NOT NULL,
    source           text NOT NULL CONSTRAINT sanction_source_known CHECK (source IN ('recorded', 'imported')),
    recorded_at      timestamptz NOT NULL,
    FOREIGN KEY (benefit_id, young_person_id) REFERENCES benefit_episode (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT sanction_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX sanction_by_benefit ON sanction (benefit_id, young_person_id);
CREATE INDEX sanction_by_young_person ON sanction (young_person_id, on_day);
ALTER TABLE sanction ENABLE ROW LEVEL SECURITY;
