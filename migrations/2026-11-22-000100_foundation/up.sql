-- What everything later stands on: who acts and when (transaction-local settings), the information
-- areas, and the one predicate of who sees whom, from which every policy and read view is made.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A function is called by whom it is granted to, and by nobody else.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO enplan_app, enplan_worker, enplan_figures;

-- F6: the programs that may serve the database. The level itself is the list of applied migrations.
CREATE TABLE serving_level (
    only_one       boolean PRIMARY KEY DEFAULT true CONSTRAINT serving_level_only_one CHECK (only_one),
    oldest_serving text NOT NULL CONSTRAINT serving_level_form CHECK (oldest_serving ~ '^[0-9]{14}$')
);
COMMENT ON TABLE serving_level IS 'Written by `enplan migrate`, read at every start.';
COMMENT ON COLUMN serving_level.oldest_serving IS 'The last migration of the oldest program that may serve this database.';
GRANT SELECT ON serving_level, __diesel_schema_migrations TO enplan_app, enplan_worker;

CREATE DOMAIN information_area AS integer
    CONSTRAINT information_area_known CHECK (VALUE IN (1, 2, 4, 8, 16, 32));
COMMENT ON DOMAIN information_area IS
    'AC-3, one bit: 1 identity, 2 plan, 4 education and employment, 8 health, 16 family and social, 32 crime.';

-- `set_config(…, true)` leaves the empty string behind on a pooled connection, hence NULLIF.
CREATE FUNCTION acting_employee() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.actor', true), '')::uuid;
CREATE FUNCTION acting_holders() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(NULLIF(current_setting('app.holders', true), ''), ',')::uuid[];
CREATE FUNCTION acting_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.now', true), '')::timestamptz;
CREATE FUNCTION acting_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.now', true), '')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date;
GRANT EXECUTE ON FUNCTION acting_employee(), acting_holders(), acting_now(), acting_today()
    TO enplan_app, enplan_worker;

-- Is the access basis `b` held by one of `holders`, and valid at `moment`? Policies ask with the
-- transaction's settings, read views with a column that was read once.
CREATE FUNCTION basis_is_mine(
    b text, holders text DEFAULT '(SELECT acting_holders())::uuid[]', moment text DEFAULT '(SELECT acting_now())'
) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('%1$s.holder_id = ANY (%2$s) AND %1$s.valid_from <= %3$s AND %1$s.valid_to > %3$s', b, holders, moment);

-- AC-10: the one definition of who sees a row (`r`) that hangs on a young person (`person`): a valid
-- basis exists, and it opens the row's information area (of every unit's writing, or of its giver's
-- alone), or one of the caller's units wrote the row or provides (`providing`) what it tells of.
CREATE FUNCTION may_see(r text, person text, providing text DEFAULT NULL) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = %1$s AND %2$s
        AND ((b.areas & %3$s.information_area) <> 0 AND (b.giver_id IS NULL OR b.giver_id = %3$s.writing_unit_id)
            OR %3$s.writing_unit_id = ANY ((SELECT acting_holders())::uuid[])%4$s))',
        person, basis_is_mine('b'), r,
        CASE WHEN providing IS NULL THEN '' ELSE format(' OR %s = ANY ((SELECT acting_holders())::uuid[])', providing) END);

-- AC-16, enforced below the application's policy: may the caller write or change the row? One access basis must satisfy all of
-- it: it is a basis for casework, or of the kinds `also`, and opens the row's area. In health, family and crime, casework also
-- allows the unit's own rows (AC-3). The unit that provides the row's intervention may change it for that reason, but not because
-- of a basis that only shows it.
CREATE FUNCTION may_write(r text, person text, providing text DEFAULT NULL, also text[] DEFAULT '{}') RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = %1$s AND %2$s
        AND (b.kind = ANY (%3$L::text[]) AND ((b.areas & %4$s.information_area) <> 0 AND (b.giver_id IS NULL OR b.giver_id = %4$s.writing_unit_id)
                OR %4$s.information_area >= 8 AND %4$s.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]))%5$s))',
        person, basis_is_mine('b'), ARRAY['registration', 'participation', 'assignment'] || also, r,
        CASE WHEN providing IS NULL THEN '' ELSE format(
            ' OR b.kind IN (''registration'', ''participation'', ''assignment'', ''provision'') AND %s = ANY ((SELECT acting_holders())::uuid[])', providing) END);

-- The same for read views, which ask for the caller's bases once per young person: `mine` is a row of
-- bases_of(), which is there only where a valid basis exists.
CREATE FUNCTION bases_of(person text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(SELECT me.holders, (array_agg(b.id))[1] AS basis_id, bit_or(b.areas) AS areas,
            coalesce(bit_or(b.areas) FILTER (WHERE b.giver_id IS NULL), 0) AS wide,
            array_agg(b.giver_id) FILTER (WHERE b.giver_id IS NOT NULL) AS givers,
            array_agg(b.areas) FILTER (WHERE b.giver_id IS NOT NULL) AS given
       FROM (SELECT acting_holders() AS holders, acting_now() AS moment OFFSET 0) me
       JOIN access_basis b ON b.young_person_id = %s AND %s
      GROUP BY me.holders)', person, basis_is_mine('b', 'me.holders', 'me.moment'));
CREATE FUNCTION may_see_in_view(r text, mine text, providing text DEFAULT NULL) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('((%2$s.wide & %1$s.information_area) <> 0 OR %1$s.writing_unit_id = ANY (%2$s.holders)%3$s
        OR (%2$s.givers IS NOT NULL AND EXISTS (SELECT FROM unnest(%2$s.givers, %2$s.given) opened (giver, areas)
            WHERE opened.giver = %1$s.writing_unit_id AND (opened.areas & %1$s.information_area) <> 0)))',
        r, mine, CASE WHEN providing IS NULL THEN '' ELSE format(' OR %s = ANY (%s.holders)', providing, mine) END);

-- The same for lists and search, which begin with the caller's bases: does the valid basis `b` lead to
-- the row of the young person? Almost always its own columns tell; else the person is looked at (as a
-- value: an EXISTS here may be planned as a hash of everybody).
CREATE FUNCTION opens_identity(b text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(%1$s.areas & 1 <> 0 AND %1$s.giver_id IS NULL OR (SELECT %2$s FROM young_person o
        WHERE o.id = %1$s.young_person_id))', b, may_see('o', 'o.id'));

-- Whose writing a row is, and about what, is decided once (D-8): who sees it follows from it.
CREATE FUNCTION writer_and_area_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'writing unit and information area are set once';
END $$;

-- Days are days of a calendar that every part of the service writes alike (no year 0, no infinity), and far
-- enough from its ends to be counted with. Holds for all that a table's columns of days are now.
CREATE PROCEDURE keep_in_calendar(target regclass) LANGUAGE plpgsql AS $$
DECLARE
    day name;
BEGIN
    FOR day IN SELECT attname FROM pg_attribute WHERE attrelid = target AND atttypid = 'date'::regtype AND NOT attisdropped LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I BETWEEN ''1900-01-01'' AND ''2199-12-31'')',
            target, target || '_' || day || '_in_calendar', day);
    END LOOP;
END $$;

-- Refuses a row whose day (the argument) lies ahead of today, or where nobody tells what day it is.
CREATE FUNCTION day_is_not_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::date > acting_today() IS NOT FALSE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = format('%s_%s_not_ahead', TG_TABLE_NAME, TG_ARGV[0]),
            MESSAGE = 'a day that is not there yet';
    END IF;
    RETURN NEW;
END $$;

-- Protects a table that belongs to a young person with these predicates. `also` are the kinds of access basis that may write it
-- in addition to those of casework. The writing unit of a new row is one of the caller's. The worker (jobs, sealer, feed) has
-- separate policies.
CREATE PROCEDURE protect(target regclass, person text DEFAULT 'young_person_id', providing text DEFAULT NULL, also text[] DEFAULT '{}')
LANGUAGE plpgsql AS $$
DECLARE
    whose    text := format('%s.%s', target, person);
    provides text := CASE WHEN providing IS NULL THEN NULL ELSE format('%s.%s', target, providing) END;
    writes   text := may_write(target::text, whose, provides, also);
BEGIN
    CALL keep_in_calendar(target);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY app_read ON %s FOR SELECT TO enplan_app USING (%s)', target, may_see(target::text, whose, provides));
    EXECUTE format('CREATE POLICY app_insert ON %s FOR INSERT TO enplan_app
        WITH CHECK (writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) AND %s)', target, writes);
    EXECUTE format('CREATE POLICY app_update ON %s FOR UPDATE TO enplan_app USING (%s) WITH CHECK (%s)', target, writes, writes);
    EXECUTE format('CREATE POLICY worker ON %s TO enplan_worker USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO enplan_app, enplan_worker', target);
    EXECUTE format('CREATE TRIGGER writer_and_area_stay BEFORE UPDATE OF writing_unit_id, information_area ON %s FOR EACH ROW
        WHEN ((OLD.writing_unit_id, OLD.information_area) IS DISTINCT FROM (NEW.writing_unit_id, NEW.information_area))
        EXECUTE FUNCTION writer_and_area_stay()', target);
END $$;
