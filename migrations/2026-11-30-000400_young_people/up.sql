-- Young people, their CPR numbers, who sees them and by which rule, and the department that coordinates.

-- Names as people type them: Danish letters and their spellings are equal (ø oe o, æ ae a, å aa a), as are the accents of
-- any language (also accents that are sent as separate characters), case and punctuation. Every role that writes a name
-- calls it.
CREATE FUNCTION fold_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(
        replace(replace(replace(
            lower(translate(
                regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'),
                'ÆØæøÐĐðđŁłß', 'AOaoDDddLls') COLLATE "C"),
            'aa', 'a'), 'ae', 'a'), 'oe', 'o'),
        '[^a-z0-9]+', ' ', 'g'));
GRANT EXECUTE ON FUNCTION fold_name(text) TO enplan_app, enplan_worker;

CREATE TABLE young_person (
    id               uuid PRIMARY KEY,
    information_area information_area NOT NULL DEFAULT 1 CONSTRAINT young_person_is_identity CHECK (information_area = 1),
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    given_name       text NOT NULL,
    family_name      text NOT NULL,
    birth_date       date NOT NULL,
    registered_at    timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    folded_name      text NOT NULL GENERATED ALWAYS AS (fold_name(given_name || ' ' || family_name)) STORED,
    -- YP-3, on the day of registration: from the 13th birthday to the day before the 30th.
    CONSTRAINT "young-person.age-out-of-range" CHECK (extract(year FROM age(
        (registered_at AT TIME ZONE 'Europe/Copenhagen')::date::timestamp, birth_date::timestamp)) BETWEEN 13 AND 29),
    CONSTRAINT young_person_birth_date_in_calendar CHECK (birth_date BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX young_person_by_name ON young_person USING gin (folded_name gin_trgm_ops);
CREATE INDEX young_person_by_birth_date ON young_person (birth_date);
CREATE INDEX young_person_by_unit ON young_person (writing_unit_id);
ALTER TABLE young_person ENABLE ROW LEVEL SECURITY;

CREATE TABLE person_identifier (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 1,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT person_identifier_kind_known CHECK (kind IN ('cpr', 'replacement')),
    cipher           bytea NOT NULL,
    digest           bytea NOT NULL,
    key_id           smallint NOT NULL,
    valid_from       date NOT NULL,
    valid_to         date,
    contested        boolean NOT NULL DEFAULT false,
    CONSTRAINT person_identifier_period CHECK (valid_from <= valid_to),
    CONSTRAINT person_identifier_valid_from_in_calendar CHECK (valid_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT person_identifier_valid_to_in_calendar CHECK (valid_to BETWEEN '1900-01-01' AND '2199-12-31')
);
-- YP-2. Past numbers count: a number belongs permanently to one person.
CREATE UNIQUE INDEX "young-person.already-registered" ON person_identifier (digest) WHERE NOT contested;
CREATE INDEX person_identifier_contested ON person_identifier (digest) WHERE contested;
CREATE INDEX person_identifier_by_young_person ON person_identifier (young_person_id);
-- One number of a young person is current.
CREATE UNIQUE INDEX person_identifier_current ON person_identifier (young_person_id) WHERE valid_to IS NULL;
ALTER TABLE person_identifier ENABLE ROW LEVEL SECURITY;

-- AC-15: the dated rules by which a fact gives a unit access to a young person, regardless of who recorded it. A capability adds
-- the rows of its facts.
CREATE TABLE access_rule (
    code        text NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date,
    receivers   text NOT NULL,
    kind        text NOT NULL,
    areas       integer NOT NULL CONSTRAINT access_rule_areas_known CHECK (areas BETWEEN 1 AND 63),
    lasts       interval,
    legal_basis text,
    reason      text NOT NULL,
    source      text NOT NULL,
    PRIMARY KEY (code, valid_from),
    CONSTRAINT access_rule_one_at_a_time EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&),
    CONSTRAINT access_rule_valid_from_in_calendar CHECK (valid_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT access_rule_valid_to_in_calendar CHECK (valid_to BETWEEN '1900-01-01' AND '2199-12-31')
);

CREATE TABLE access_basis (
    id              uuid PRIMARY KEY,
    young_person_id uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    holder_id       uuid NOT NULL,
    holder_kind     text NOT NULL CONSTRAINT access_basis_holder_known CHECK (holder_kind IN ('unit', 'employee')),
    kind            text NOT NULL CONSTRAINT access_basis_kind_known CHECK (kind IN
                        ('registration', 'participation', 'provision', 'assignment', 'meeting', 'consent', 'law', 'break-glass')),
    areas           integer NOT NULL CONSTRAINT access_basis_areas_known CHECK (areas BETWEEN 1 AND 63),
    giver_id        uuid REFERENCES unit (id),
    source_id       uuid NOT NULL,
    legal_basis     text,
    reason          text NOT NULL,
    granted_by_id   uuid REFERENCES employee (id),
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz NOT NULL DEFAULT 'infinity',
    arose           text CONSTRAINT access_basis_arose_known CHECK (arose IN ('registered', 'passed-on', 'replaced', 'by-rule', 'widened')),
    from_basis_id   uuid REFERENCES access_basis (id),
    access_rule     text,
    CONSTRAINT access_basis_period CHECK (valid_from <= valid_to),
    CONSTRAINT access_basis_source UNIQUE (source_id, kind, holder_id),
    CONSTRAINT access_basis_arose_columns CHECK (
        (arose IN ('passed-on', 'replaced', 'widened')) IS TRUE = (from_basis_id IS NOT NULL) AND (arose = 'by-rule') IS TRUE = (access_rule IS NOT NULL))
);
CREATE INDEX access_basis_by_from ON access_basis (from_basis_id) WHERE from_basis_id IS NOT NULL;
-- Policies and single reads look up one young person, lists all young people of a holder; both use the index alone.
CREATE INDEX access_basis_by_young_person ON access_basis (young_person_id, holder_id, valid_to)
    INCLUDE (valid_from, areas, giver_id, id);
CREATE INDEX access_basis_by_holder ON access_basis (holder_id, young_person_id, valid_to)
    INCLUDE (valid_from, areas, giver_id, id);
CREATE INDEX access_basis_by_giver ON access_basis (giver_id) WHERE giver_id IS NOT NULL;
ALTER TABLE access_basis ENABLE ROW LEVEL SECURITY;

-- AC-19: checks that could reveal whether a young person is registered are counted before they are made, for each employee and
-- for the units of their roles. All instances share the count.
CREATE TABLE access_check (
    request_id  uuid PRIMARY KEY,
    employee_id uuid NOT NULL REFERENCES employee (id),
    unit_ids    uuid[] NOT NULL,
    checked_at  timestamptz NOT NULL,
    gave_access boolean NOT NULL,
    of_card     boolean NOT NULL DEFAULT false
);
CREATE INDEX access_check_by_employee ON access_check (employee_id, checked_at);
CREATE INDEX access_check_by_time ON access_check (checked_at) WHERE NOT gave_access AND NOT of_card;
ALTER TABLE access_check ENABLE ROW LEVEL SECURITY;

-- TM-9: the department that coordinates, as a step function: each row applies until the next one begins, so that there is
-- neither a gap nor an overlap (D-19).
CREATE TABLE coordination (
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    from_at          timestamptz NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    department       text NOT NULL CONSTRAINT coordination_department_known CHECK (department IN ('BU', 'JV', 'UU')),
    PRIMARY KEY (young_person_id, from_at)
);
ALTER TABLE coordination ENABLE ROW LEVEL SECURITY;
