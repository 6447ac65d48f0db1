{% from "access/macros.sql" import is_valid, may_write %}

-- By which column the rows of one table belong to the rows of another. A row whose reference is set to NULL when the
-- other row is deleted does not belong to it. Read from the catalogue, so a new table needs no change here.
CREATE FUNCTION hangs_on() RETURNS TABLE (target regclass, child regclass, by_column name) LANGUAGE sql STABLE AS $$
SELECT DISTINCT c.confrelid::regclass AS target, c.conrelid::regclass AS child, a.attname AS by_column
  FROM pg_constraint c
 CROSS JOIN LATERAL unnest(c.conkey, c.confkey) k (own, theirs)
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
  JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.theirs AND f.attname = 'id'
 WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conrelid <> c.confrelid AND a.attname <> 'young_person_id'
   AND c.confdeltype <> 'n'
   AND c.confrelid NOT IN ('unit'::regclass, 'employee'::regclass, 'young_person'::regclass)
$$;

-- Deletes the rows of a table with all rows that belong to them, the innermost first, and their history. All of it must
-- be the writing of the caller's units: other units correct what they wrote.
CREATE FUNCTION take_out(target regclass, by_column name, thing uuid, INOUT taken jsonb)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    own     uuid;
    past    regclass := to_regclass(target || '_history');
    hanging record;
    gone    jsonb;
    others  boolean;
BEGIN
    IF EXISTS (SELECT FROM hangs_on() h WHERE h.target = take_out.target) THEN
        FOR own IN EXECUTE format('SELECT id FROM %s WHERE %I = $1', target, by_column) USING thing LOOP
            FOR hanging IN SELECT h.child, h.by_column FROM hangs_on() h WHERE h.target = take_out.target LOOP
                taken := take_out(hanging.child, hanging.by_column, own, taken);
            END LOOP;
        END LOOP;
    END IF;
    IF past IS NOT NULL THEN
        EXECUTE format($sql$WITH gone AS (DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE %I = $1) RETURNING *)
            SELECT coalesce(jsonb_agg(jsonb_build_object('table', $2, 'row', to_jsonb(g))), '[]') FROM gone g$sql$,
            past, target, by_column) INTO gone USING thing, past::text;
        taken := taken || gone;
    END IF;
    EXECUTE format($sql$WITH gone AS (DELETE FROM %s WHERE %I = $1 RETURNING *)
        SELECT coalesce(jsonb_agg(jsonb_build_object('table', $2, 'row', to_jsonb(g))), '[]'),
               coalesce(bool_or(g.writing_unit_id <> ALL (acting_holders())), false) FROM gone g$sql$, target, by_column)
       INTO gone, others USING thing, target::text;
    IF others THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'correction.others-writing',
            MESSAGE = 'another unit wrote some of it';
    END IF;
    taken := taken || gone;
END $$;

-- The kinds of access basis that allow a correction in this table, in addition to those of casework (AC-16). They are the kinds
-- that allow writing.
CREATE FUNCTION corrected_also_by(target text) RETURNS text[] LANGUAGE sql IMMUTABLE
    RETURN CASE target WHEN 'journal_entry' THEN '{law,consent,break-glass}' ELSE '{}' END::text[];

-- Does the caller work with this young person, or is their access basis of one of the kinds `also`? A basis of kind `provision`
-- alone allows no correction.
CREATE FUNCTION works_with(person uuid, also text[] DEFAULT '{}') RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person AND b.holder_id = ANY (acting_holders())
        AND b.kind = ANY (ARRAY['registration', 'participation', 'assignment'] || also) AND {{ is_valid("b") }});

-- Returns the area and the writing unit of a record that one of the caller's units wrote and may change; otherwise no row.
CREATE FUNCTION own_writing(target text, thing uuid, person uuid) RETURNS TABLE (area integer, writer uuid)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($sql$SELECT t.information_area::integer, t.writing_unit_id FROM %I t
        WHERE t.id = $1 AND t.young_person_id = $2 AND t.writing_unit_id = ANY (acting_holders())
          AND {{ may_write("t", kinds="$3") }}$sql$, target)
        USING thing, person, ARRAY['registration', 'participation', 'assignment'] || corrected_also_by(target);
END $$;

-- YP-8: voids a record with all that belongs to it, also the tasks it created and the access it gave.
CREATE FUNCTION void_written(correction_id uuid, target text, thing uuid, person uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stood record;
    taken jsonb;
    gone  jsonb;
BEGIN
    PERFORM FROM young_person WHERE id = person FOR NO KEY UPDATE;
    -- Before the plan is activated or after it, never at the same time (PL-3).
    PERFORM FROM plan WHERE young_person_id = person AND state <> 'closed' FOR UPDATE;
    SELECT * INTO stood FROM own_writing(target, thing, person);
    IF stood IS NULL THEN
        RETURN false;
    ELSIF EXISTS (SELECT FROM plan p WHERE p.previous_plan_id = thing) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'correction.named-by-later-plan', MESSAGE = 'a later plan names it';
    END IF;
    taken := take_out(target::regclass, 'id', thing, '[]');
    WITH tasks AS (DELETE FROM task WHERE subject_id IN (SELECT (t->'row'->>'id')::uuid FROM jsonb_array_elements(taken) t) RETURNING *)
    SELECT coalesce(jsonb_agg(jsonb_build_object('table', 'task', 'row', to_jsonb(k))), '[]') INTO gone FROM tasks k;
    UPDATE access_basis SET valid_to = greatest(acting_now(), valid_from)
     WHERE valid_to > acting_now() AND source_id IN (SELECT (t->'row'->>'id')::uuid FROM jsonb_array_elements(taken || gone) t);
    INSERT INTO correction (id, young_person_id, information_area, writing_unit_id, act, written, written_id, reason, was,
                            corrected_by_id, corrected_at)
    VALUES (correction_id, person, stood.area, stood.writer, 'voided', target, thing, why, taken || gone, acting_employee(), acting_now());
    -- PL-3: an active plan keeps a goal.
    IF EXISTS (SELECT FROM plan p WHERE p.young_person_id = person AND p.state = 'active'
               AND NOT EXISTS (SELECT FROM goal g WHERE g.plan_id = p.id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.not-ready', MESSAGE = 'an active plan has a goal';
    END IF;
    PERFORM reckon_group_task(gen_random_uuid(), person, acting_now());
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION void_written(uuid, text, uuid, uuid, text) TO enplan_app;

-- YP-8: moves a record that belongs directly to a young person to another young person who is visible to the caller.
CREATE FUNCTION move_written(away uuid, here uuid, target text, thing uuid, person uuid, other uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stood   record;
    hanging record;
    others  boolean;
BEGIN
    PERFORM FROM young_person WHERE id IN (person, other) ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO stood FROM own_writing(target, thing, person);
    IF stood IS NULL OR NOT works_with(other, corrected_also_by(target)) OR target NOT IN ('benefit_episode', 'readiness', 'education_and_work', 'residence',
            'guardian', 'journal_entry', 'intake_assessment') THEN
        RETURN false;
    ELSIF target = 'guardian' AND (SELECT age_on(y.birth_date, acting_today()) >= 18 FROM young_person y WHERE y.id = other) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'guardian.of-age', MESSAGE = 'the other is of age';
    END IF;
    FOR hanging IN SELECT h.child, h.by_column FROM hangs_on() h WHERE h.target = move_written.target::regclass LOOP
        EXECUTE format('SELECT coalesce(bool_or(c.writing_unit_id <> ALL (acting_holders())), false) FROM %s c WHERE c.%I = $1',
            hanging.child, hanging.by_column) INTO others USING thing;
        IF others THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'correction.others-writing',
                MESSAGE = 'another unit wrote some of it';
        END IF;
    END LOOP;
    EXECUTE format('UPDATE %I SET young_person_id = $1 WHERE id = $2', target) USING other, thing;
    INSERT INTO correction (id, young_person_id, information_area, writing_unit_id, act, written, written_id, other_id, reason,
                            corrected_by_id, corrected_at)
    VALUES (away, person, stood.area, stood.writer, 'moved-away', target, thing, other, why, acting_employee(), acting_now()),
           (here, other, stood.area, stood.writer, 'moved-here', target, thing, person, why, acting_employee(), acting_now());
    PERFORM reckon_group_task(gen_random_uuid(), p, acting_now()) FROM unnest(ARRAY[person, other]) p;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION move_written(uuid, uuid, text, uuid, uuid, uuid, text) TO enplan_app;
