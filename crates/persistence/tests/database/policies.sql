-- Takes each policy away, then makes it true, and lists in `unnoticed` the changes by which nobody loses or gains a row. Every
-- table is filled with random rows, the same ones each time; no constraint and no trigger prevents them. For the superuser, in a
-- database of its own.
SET session_replication_role = replica;
SET client_min_messages = warning;
DO $$ BEGIN PERFORM setseed(0.16); END $$;

-- How a column is filled: with the id of a row of `target`, or with one of the `words` that the checks and policies compare it with.
CREATE TEMPORARY TABLE filling AS
SELECT c.oid::regclass AS filled, a.attnum, a.attname, a.attnotnull, format_type(a.atttypid, NULL) AS type,
       CASE WHEN a.attname = 'id' THEN c.relname
            WHEN a.attname = 'young_person_id' THEN 'young_person'
            WHEN a.attname LIKE '%unit_id' OR a.attname = 'giver_id' THEN 'unit'
            WHEN a.attname LIKE '%\_by_id' OR a.attname LIKE '%employee_id' OR a.attname = 'actor_id' THEN 'employee'
            ELSE (SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f' AND conkey[1] = a.attnum LIMIT 1)
       END AS target,
       ARRAY(SELECT DISTINCT word[1] AS word FROM pg_constraint k
             CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(k.oid), '''([a-z-]+)''::text', 'g') word
              WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum] ORDER BY word) AS words
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relrowsecurity
   AND c.relname NOT IN ('employee_role', 'session', 'role_reads', 'employee', 'hotline_duty');

DO $$
DECLARE
    change text;
BEGIN
    FOR change IN
        SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype <> 't' AND conislocal
        UNION ALL SELECT format('DROP INDEX %I', i.relname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
         WHERE indisunique AND i.relnamespace = 'public'::regnamespace AND NOT i.relispartition
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    LOOP
        EXECUTE change;
    END LOOP;
    FOR change IN
        SELECT format('ALTER TABLE %s ALTER %I DROP NOT NULL', attrelid::regclass, attname) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
         WHERE attnotnull AND attidentity = '' AND attnum > 0 AND relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('ALTER TABLE %s ALTER %I DROP EXPRESSION', attrelid::regclass, attname) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
         WHERE attgenerated <> '' AND NOT attisdropped AND NOT relispartition AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE change;
    END LOOP;
END $$;

-- One of `many`, and the id of one of the rows of a table.
CREATE FUNCTION pg_temp.one_of(many anyarray) RETURNS anyelement LANGUAGE sql VOLATILE
    AS 'SELECT many[1 + floor(random() * cardinality(many))::int]';
CREATE FUNCTION pg_temp.key(name text, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT md5(name || n)::uuid';
CREATE FUNCTION pg_temp.id_in(name text) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT pg_temp.key(name, 1 + floor(random() * CASE name WHEN 'unit' THEN 5 WHEN 'employee' THEN 18 WHEN 'young_person' THEN 8 ELSE 30 END)::int)
$$;

-- A unit of each department, and an employee of each role in one that has it; a leader of each unit.
INSERT INTO unit (id, code, name, department, path, operational)
SELECT pg_temp.key('unit', n::int), 'u' || n, 'U', department, ARRAY[pg_temp.key('unit', n::int)], true
  FROM unnest('{BU,JV,UU,institution,administration}'::text[]) WITH ORDINALITY d (department, n);
WITH post AS (
    SELECT row_number() OVER () AS n, role, unit FROM (VALUES
        ('adviser', 1), ('psychologist', 1), ('team-leader', 1), ('caseworker', 2), ('job-consultant', 2), ('benefits-officer', 2),
        ('treatment-counsellor', 2), ('team-leader', 2), ('department-head', 2), ('counsellor', 3), ('hotline', 3), ('mentor', 3),
        ('team-leader', 3), ('institution-counsellor', 4), ('team-leader', 4), ('administrator', 5), ('data-protection-officer', 5),
        ('steering-group', 5)) post (role, unit)
), employee AS (
    INSERT INTO employee (id, username, given_name, family_name)
    SELECT pg_temp.key('employee', n::int), 'e' || n, 'E', 'E' FROM post
), session AS (
    INSERT INTO session (id, employee_id, started_at, refreshed_at)
    SELECT pg_temp.key('session', n::int), pg_temp.key('employee', n::int), '2026-11-22 09:00Z', '2026-11-22 09:00Z' FROM post
)
INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from, valid_to)
SELECT pg_temp.key('employee_role', n::int), pg_temp.key('employee', n::int), role, pg_temp.key('unit', unit), '2026-01-01', 'infinity' FROM post;
INSERT INTO hotline_duty VALUES ('contacts', pg_temp.key('unit', 3)), ('concerns', pg_temp.key('unit', 1));

DO $$
DECLARE
    fill record;
BEGIN
    PERFORM set_config('app.now', '2026-11-22 10:00Z', false);
    FOR fill IN
        SELECT filled, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns, string_agg(CASE
                WHEN attname = 'id' AND type = 'uuid' THEN format('pg_temp.key(%L, n)', target)
                WHEN attname = 'recorded_at' THEN 'acting_now()'
                WHEN attname IN ('holder_id', 'asked_unit_id') THEN 'pg_temp.id_in(pg_temp.one_of(''{unit,unit,employee}''::text[]))'
                ELSE CASE WHEN attnotnull THEN '' ELSE 'CASE WHEN random() < 0.6 THEN ' END || CASE
                    WHEN type = 'uuid' THEN format('pg_temp.id_in(%L)', coalesce(target, 'young_person'))
                    WHEN attname = 'valid_to' THEN '''infinity''::' || type
                    WHEN attname = 'valid_from' THEN '''2026-01-01''::' || type
                    WHEN type = 'information_area' THEN 'pg_temp.one_of(''{1,2,4,8,16,32}''::int[])'
                    WHEN type = 'boolean' THEN 'random() < 0.5'
                    WHEN type = 'text' THEN format('pg_temp.one_of(%L::text[])', CASE WHEN words = '{}' THEN '{x}' ELSE words END)
                    WHEN type IN ('smallint', 'integer', 'bigint') THEN 'floor(random() * 64)::int'
                    WHEN type = 'date' THEN 'acting_today() + pg_temp.one_of(''{-9,0,9}''::int[])'
                    WHEN type = 'timestamp with time zone' THEN 'acting_now() + pg_temp.one_of(''{-9,0,0,9}''::int[]) * interval ''1 day'''
                    WHEN type = 'bytea' THEN 'uuid_send(gen_random_uuid())'
                    ELSE 'NULL::' || type END || CASE WHEN attnotnull THEN '' ELSE ' END' END
                END, ', ' ORDER BY attnum) AS expressions
          FROM filling GROUP BY filled ORDER BY filled::text
    LOOP
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %s) n', fill.filled, fill.columns, fill.expressions,
            CASE fill.filled::text WHEN 'young_person' THEN 8 WHEN 'access_basis' THEN 120 WHEN 'hotline_contact' THEN 90 WHEN 'assignment' THEN 90 ELSE 30 END);
    END LOOP;
END $$;

-- Nobody's pass phrase has expired.
UPDATE account SET one_time_until = NULL;

-- What chance alone hardly makes: rows that an administrator, the hotline and a leader of unit 2 may insert.
CREATE FUNCTION pg_temp.is_chosen(id uuid, name text) RETURNS boolean LANGUAGE sql AS 'SELECT id IN (SELECT pg_temp.key(name, n) FROM generate_series(1, 9) n)';
UPDATE rights_request SET requested_by_id = pg_temp.key('employee', 16), requested_at = acting_now(), state = 'pending'
 WHERE pg_temp.is_chosen(id, 'rights_request');
UPDATE hotline_contact SET logged_by_id = pg_temp.key('employee', 11), logged_at = acting_now(), logging_unit_id = pg_temp.key('unit', 3),
       writing_unit_id = pg_temp.key('unit', CASE WHEN concern IS NULL THEN 3 ELSE 1 END)
 WHERE pg_temp.is_chosen(id, 'hotline_contact');
UPDATE transition_need SET origin = 'by-hand', raised_by_id = pg_temp.key('employee', 8), information_area = 2, writing_unit_id = pg_temp.key('unit', 2)
 WHERE pg_temp.is_chosen(id, 'transition_need');
UPDATE caseload_norm SET unit_id = pg_temp.key('unit', 2), decided_by_id = pg_temp.key('employee', 8) WHERE pg_temp.is_chosen(id, 'caseload_norm');
UPDATE caseload_terms SET unit_id = pg_temp.key('unit', 2), agreed_by_id = pg_temp.key('employee', 8) WHERE pg_temp.is_chosen(id, 'caseload_terms');
UPDATE cover SET unit_id = pg_temp.key('unit', 2), decided_by_id = pg_temp.key('employee', 8) WHERE pg_temp.is_chosen(id, 'cover');

-- The rows of a table that its policies let a role read (r), lock (w) or insert (a), each with the number of the employee (0: nobody is signed in). A row
-- that may be inserted is not. Only those in `sought` are tried to be inserted; the first of them may be enough.
CREATE FUNCTION pg_temp.allowed(target regclass, command "char", role name, sought text[] DEFAULT NULL, one_is_enough boolean DEFAULT false)
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    actor   int;
    row_id  tid;
    found   text[];
    allowed text[] := '{}';
    columns text;
    name_of text := CASE WHEN has_table_privilege(role, target, 'SELECT') THEN 'ctid' ELSE 'id' END;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
     WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND has_column_privilege(role, target, attnum, 'INSERT');
    FOR actor IN 0..CASE role WHEN 'enplan_app' THEN 18 ELSE 0 END LOOP
        PERFORM act_as(pg_temp.key('session', actor), '2026-11-22 10:00Z');
        IF command = 'a' THEN
            FOR row_id IN EXECUTE format('SELECT at FROM candidate_of_%s', target) LOOP
                EXIT WHEN one_is_enough AND allowed <> '{}';
                CONTINUE WHEN format('%s %s', actor, row_id) <> ALL (sought);
                BEGIN
                    EXECUTE format('SET LOCAL ROLE %I', role);
                    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM candidate_of_%s WHERE at = $1', target, columns, columns, target) USING row_id;
                    RAISE EXCEPTION USING ERRCODE = 'P0999';
                EXCEPTION
                    WHEN SQLSTATE 'P0999' THEN allowed := allowed || format('%s %s', actor, row_id);
                    WHEN insufficient_privilege THEN NULL;
                END;
            END LOOP;
        ELSE
            EXECUTE format('SET LOCAL ROLE %I', role);
            EXECUTE format('SELECT array_agg($1 || '' '' || at) FROM (SELECT %s AS at FROM %s %s) seen', name_of, target,
                CASE command WHEN 'w' THEN 'FOR UPDATE' ELSE '' END) INTO found USING actor;
            allowed := allowed || coalesce(found, '{}');
            RESET ROLE;
        END IF;
    END LOOP;
    RETURN allowed;
END $$;

-- The same while the policy has another condition.
CREATE FUNCTION pg_temp.allowed_with(policy pg_policy, condition text, command "char", role name, sought text[], one_is_enough boolean)
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    allowed text[];
BEGIN
    EXECUTE format('ALTER POLICY %I ON %s %s %s', policy.polname, policy.polrelid::regclass,
        'USING (' || CASE WHEN policy.polqual IS NOT NULL THEN condition END || ')',
        'WITH CHECK (' || CASE WHEN policy.polwithcheck IS NOT NULL THEN condition END || ')');
    allowed := pg_temp.allowed(policy.polrelid, command, role, sought, one_is_enough);
    RAISE EXCEPTION USING ERRCODE = 'P0998';
EXCEPTION WHEN SQLSTATE 'P0998' THEN
    RETURN allowed;
END $$;

CREATE TEMPORARY TABLE unnoticed (change text);
DO $$
DECLARE
    policy  pg_policy;
    role    name;
    command "char";
    every   text[];
    before  text[];
    lost    boolean;
    gained  boolean;
    at      text;
BEGIN
    FOR at IN SELECT DISTINCT polrelid::regclass::text FROM pg_policy LOOP
        EXECUTE format('CREATE TEMPORARY TABLE candidate_of_%s AS SELECT ctid AS at, * FROM %s', at, at);
        EXECUTE format('GRANT SELECT ON candidate_of_%s TO enplan_app, enplan_worker', at);
    END LOOP;
    FOR policy IN SELECT p.* FROM pg_policy p ORDER BY polrelid::regclass::text, polname LOOP
        FOREACH role IN ARRAY policy.polroles::regrole[] LOOP
            -- `protect` makes policies also for what is not granted.
            CONTINUE WHEN policy.polcmd <> '*' AND NOT has_any_column_privilege(role, policy.polrelid,
                CASE policy.polcmd WHEN 'r' THEN 'SELECT' WHEN 'w' THEN 'UPDATE' ELSE 'INSERT' END);
            lost := false;
            gained := role = 'enplan_worker' AND 'true' IN (pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid));
            FOREACH command IN ARRAY CASE policy.polcmd WHEN '*' THEN '{r,w,a}' ELSE ARRAY[policy.polcmd] END::"char"[] LOOP
                CONTINUE WHEN NOT has_any_column_privilege(role, policy.polrelid, CASE command WHEN 'r' THEN 'SELECT' WHEN 'w' THEN 'UPDATE' ELSE 'INSERT' END);
                before := pg_temp.allowed(policy.polrelid, command, role);
                IF NOT lost THEN
                    lost := NOT before <@ pg_temp.allowed_with(policy, 'false', command, role, before, false);
                END IF;
                IF NOT gained THEN
                    EXECUTE format('SELECT array_agg(actor || '' '' || at) FROM candidate_of_%s, generate_series(0, 18) actor
                        WHERE actor || '' '' || at <> ALL ($1)', policy.polrelid::regclass) INTO every USING before;
                    gained := NOT pg_temp.allowed_with(policy, 'true', command, role, every, true) <@ before;
                END IF;
            END LOOP;
            IF NOT lost THEN
                INSERT INTO unnoticed VALUES (format('%s on %s: %s loses no row without it', policy.polname, policy.polrelid::regclass, role));
            END IF;
            IF NOT gained THEN
                INSERT INTO unnoticed VALUES (format('%s on %s: %s gains no row if it is true', policy.polname, policy.polrelid::regclass, role));
            END IF;
        END LOOP;
    END LOOP;
END $$;
