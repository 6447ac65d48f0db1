-- Young people, their CPR numbers, and who sees them.

-- Names as people type them: Danish letters and their spellings fall together (ø oe o, æ ae a, å aa a),
-- as do the accents of any language (also those sent as a character of their own), case and punctuation.
CREATE FUNCTION fold_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(
        replace(replace(replace(
            lower(translate(
                regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'),
                'ÆØæøÐĐðđŁłß', 'AOaoDDddLls') COLLATE "C"),
            'aa', 'a'), 'ae', 'a'), 'oe', 'o'),
        '[^a-z0-9]+', ' ', 'g'));
-- Whoever writes a name calls it.
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
        (registered_at AT TIME ZONE 'Europe/Copenhagen')::date::timestamp, birth_date::timestamp)) BETWEEN 13 AND 29)
);
COMMENT ON COLUMN young_person.birth_date IS 'From the CPR number. Age and what follows from it are computed (YP-7).';
CREATE INDEX young_person_by_name ON young_person USING gin (folded_name gin_trgm_ops);
CREATE INDEX young_person_by_birth_date ON young_person (birth_date);
CREATE INDEX young_person_by_unit ON young_person (writing_unit_id);

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
    CONSTRAINT person_identifier_period CHECK (valid_from <= valid_to),
    -- YP-2. Numbers of the past count: a number is one person's for good.
    CONSTRAINT "young-person.already-registered" UNIQUE (digest)
);
COMMENT ON COLUMN person_identifier.cipher IS 'AES-256-GCM under the key `key_id`, bound to the young person''s id (YP-4).';
COMMENT ON COLUMN person_identifier.digest IS 'HMAC-SHA-256 of the ten digits: for look-up.';
CREATE INDEX person_identifier_by_young_person ON person_identifier (young_person_id);
-- One of them is current.
CREATE UNIQUE INDEX person_identifier_current ON person_identifier (young_person_id) WHERE valid_to IS NULL;

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
    CONSTRAINT access_basis_period CHECK (valid_from <= valid_to),
    CONSTRAINT access_basis_source UNIQUE (source_id, kind, holder_id)
);
COMMENT ON TABLE access_basis IS 'AC-1: why somebody may see a young person. Only ever ended, never changed.';
COMMENT ON COLUMN access_basis.giver_id IS 'The unit whose writing it opens; NULL opens the areas whoever wrote.';
COMMENT ON COLUMN access_basis.source_id IS 'What gave it (the participation, intervention, …) and, ending, ends it.';
-- Policies and single reads ask "is this person mine", lists "who are mine"; both from the index alone.
CREATE INDEX access_basis_by_young_person ON access_basis (young_person_id, holder_id, valid_to)
    INCLUDE (valid_from, areas, giver_id, id);
CREATE INDEX access_basis_by_holder ON access_basis (holder_id, young_person_id, valid_to)
    INCLUDE (valid_from, areas, giver_id, id);
CREATE INDEX access_basis_by_giver ON access_basis (giver_id) WHERE giver_id IS NOT NULL;

CREATE FUNCTION access_basis_holder_operates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (CASE NEW.holder_kind
        WHEN 'unit' THEN EXISTS (SELECT FROM unit u WHERE u.id = NEW.holder_id AND u.operational)
        ELSE EXISTS (SELECT FROM employee e WHERE e.id = NEW.holder_id) END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'access.holder-not-operational',
            MESSAGE = 'an access basis is held by an operational unit or an employee';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_basis_holder_operates BEFORE INSERT ON access_basis
    FOR EACH ROW EXECUTE FUNCTION access_basis_holder_operates();

-- Access is given by somebody who has it, or to a young person who was registered just now and whom
-- nobody ever saw. Asked in a policy of access_basis itself, hence the owner's.
CREATE FUNCTION may_give_access(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person)
        OR EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person AND b.holder_id = ANY (acting_holders())
                   AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;
GRANT EXECUTE ON FUNCTION may_give_access(uuid) TO enplan_app;

-- Its own policy looks at the holder and nothing else: every other policy asks it.
ALTER TABLE access_basis ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON access_basis FOR SELECT TO enplan_app
    USING (holder_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_insert ON access_basis FOR INSERT TO enplan_app
    WITH CHECK (granted_by_id = (SELECT acting_employee()) AND may_give_access(young_person_id));
CREATE POLICY worker ON access_basis TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON access_basis TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON access_basis TO enplan_worker;

-- Ends what a source gave, also to units the caller does not belong to, where the caller sees the
-- young person. Gives back how many bases ended.
CREATE FUNCTION end_access(source uuid, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    UPDATE access_basis a SET valid_to = greatest(at, a.valid_from)
     WHERE a.source_id = source AND a.valid_to > at
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = a.young_person_id
                   AND b.holder_id = ANY (acting_holders())
                   AND b.valid_from <= acting_now() AND b.valid_to > acting_now());
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
GRANT EXECUTE ON FUNCTION end_access(uuid, timestamptz) TO enplan_app;

CALL protect('young_person', 'id');
-- The basis of a new young person is written right after them (decisions 9).
ALTER POLICY app_insert ON young_person WITH CHECK (writing_unit_id = ANY ((SELECT acting_holders())::uuid[]));
-- Whoever sees somebody may lock them, for what they write elsewhere; who that is, is changed by those who work on the case (AC-16).
DO $do$
BEGIN
    EXECUTE format('ALTER POLICY app_update ON young_person USING (%1$s) WITH CHECK (%1$s)', may_see('young_person', 'young_person.id'));
    EXECUTE format($body$ CREATE FUNCTION may_change_identity(young_person young_person) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp
        RETURN %s $body$, may_write('young_person', 'young_person.id'));
END $do$;
CREATE FUNCTION identity_is_changed_by_casework() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'enplan_app' AND NOT may_change_identity(OLD) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the access basis does not change who somebody is';
    END IF;
    RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION may_change_identity(young_person), identity_is_changed_by_casework() TO enplan_app;
CREATE TRIGGER identity_is_changed_by_casework BEFORE UPDATE ON young_person FOR EACH ROW EXECUTE FUNCTION identity_is_changed_by_casework();
CALL protect('person_identifier');

-- Which department coordinates, as a step function: each row holds until the next begins, so that
-- there is neither gap nor overlap to write (decisions 19, TM-9).
CREATE TABLE coordination (
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    from_at          timestamptz NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    department       text NOT NULL CONSTRAINT coordination_department_known CHECK (department IN ('BU', 'JV', 'UU')),
    PRIMARY KEY (young_person_id, from_at)
);
CALL protect('coordination');
-- A step function is only ever added to.
REVOKE UPDATE ON coordination FROM enplan_app;
