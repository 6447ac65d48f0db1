-- YP-8: what was written on the wrong young person is moved or voided; two registrations of one young person
-- are merged, and the merge can be undone. All of it beyond the caller's sight too, hence the owner's.

-- What was moved or voided, in the timeline of each young person it touches. It stands in the area of what was
-- written, and is its unit's own as that was.
CREATE TABLE correction (
    id                uuid PRIMARY KEY,
    young_person_id   uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    act               text NOT NULL CONSTRAINT correction_act_known CHECK (act IN ('voided', 'moved-away', 'moved-here')),
    written           text NOT NULL CONSTRAINT correction_written_known CHECK (written IN ('benefit_episode', 'sanction',
                          'readiness', 'follow_up', 'education_and_work', 'residence', 'guardian', 'journal_entry', 'plan',
                          'goal', 'goal_progress', 'plan_indicators', 'plan_review', 'plan_link', 'education_order',
                          'support_remark', 'external_participant', 'intervention', 'intake_assessment', 'assignment',
                          'intake_entry', 'absence', 'plan_exemption', 'activity_clock', 'support_need', 'transition_need',
                          'statutory_responsibility', 'education_handover', 'pregnancy', 'meeting')),
    written_id        uuid NOT NULL,
    other_id          uuid,
    reason            text NOT NULL,
    was               json,
    corrected_by_id   uuid NOT NULL REFERENCES employee (id),
    corrected_at      timestamptz NOT NULL,
    CONSTRAINT correction_act_columns CHECK ((act = 'voided') = (was IS NOT NULL) AND (act = 'voided') = (other_id IS NULL))
);
COMMENT ON COLUMN correction.written IS 'The table of what was written.';
COMMENT ON COLUMN correction.other_id IS 'The other young person; told to those who see them.';
COMMENT ON COLUMN correction.was IS 'What was voided, with all that hung on it: kept for the duty to journal, read by nobody of the application.';
CREATE INDEX correction_by_young_person ON correction (young_person_id, corrected_at);
CALL protect('correction');
CALL protect_fact('correction', reads_fact('fact_of(correction.written, correction.information_area)', 'correction.young_person_id'));
REVOKE ALL ON correction FROM enplan_app, enplan_worker;
GRANT SELECT (id, young_person_id, information_area, writing_unit_id, act, written, written_id, other_id, reason,
              corrected_by_id, corrected_at) ON correction TO enplan_app, enplan_worker;

-- By which column a row of one table hangs on a row of another; what lets go of it when it goes does not.
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

-- Takes out the rows of a table with all that hangs on them, the lowest first, and what was kept of them. All of
-- it is the writing of the caller's units: what others wrote, they correct.
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
        EXECUTE format('WITH gone AS (DELETE FROM %1$s WHERE id IN (SELECT id FROM %2$s WHERE %3$I = $1) RETURNING *)
            SELECT coalesce(jsonb_agg(jsonb_build_object(''table'', %1$L, ''row'', to_jsonb(g))), ''[]'') FROM gone g',
            past, target, by_column) INTO gone USING thing;
        taken := taken || gone;
    END IF;
    EXECUTE format('WITH gone AS (DELETE FROM %1$s WHERE %2$I = $1 RETURNING *)
        SELECT coalesce(jsonb_agg(jsonb_build_object(''table'', %1$L, ''row'', to_jsonb(g))), ''[]''),
               coalesce(bool_or(g.writing_unit_id <> ALL (acting_holders())), false) FROM gone g', target, by_column)
       INTO gone, others USING thing;
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
        AND b.kind = ANY (ARRAY['registration', 'participation', 'assignment'] || also) AND b.valid_from <= acting_now() AND b.valid_to > acting_now());

-- Returns the area and the writing unit of a record that one of the caller's units wrote and may change; otherwise no row.
CREATE FUNCTION own_writing(target text, thing uuid, person uuid) RETURNS TABLE (area integer, writer uuid)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT t.information_area::integer, t.writing_unit_id FROM %I t
        WHERE t.id = $1 AND t.young_person_id = $2 AND t.writing_unit_id = ANY (acting_holders()) AND ', target)
            || may_write('t', 't.young_person_id', NULL, corrected_also_by(target))
        USING thing, person;
END $$;

-- Voids what was written, with all that hangs on it: the tasks it made too, and the access it gave.
CREATE FUNCTION void_written(correction_id uuid, target text, thing uuid, person uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stood record;
    taken jsonb;
    gone  jsonb;
BEGIN
    PERFORM FROM young_person WHERE id = person FOR NO KEY UPDATE;
    -- Before it is activated, or after: never beside it (PL-3).
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

-- Moves what hangs on a young person itself to another one whom the caller sees as well.
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
GRANT EXECUTE ON FUNCTION void_written(uuid, text, uuid, uuid, text),
    move_written(uuid, uuid, text, uuid, uuid, uuid, text) TO enplan_app;

-- Two registrations of one young person that are one from a moment on. It hangs on the one that is kept.
CREATE TABLE merge (
    id                 uuid PRIMARY KEY,
    young_person_id    uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area   information_area NOT NULL DEFAULT 1,
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    merged_id          uuid NOT NULL,
    husk_id            uuid NOT NULL,
    coordinated_from   timestamptz,
    reason             text NOT NULL,
    merged_by_id       uuid NOT NULL REFERENCES employee (id),
    merged_at          timestamptz NOT NULL,
    undo_reason        text,
    undone_by_id       uuid REFERENCES employee (id),
    undone_at          timestamptz,
    version            bigint NOT NULL DEFAULT 1,
    CONSTRAINT merge_undone CHECK (num_nonnulls(undo_reason, undone_by_id, undone_at) IN (0, 3))
);
COMMENT ON COLUMN merge.merged_id IS 'The id under which the other one was registered, and is again once this is undone.';
COMMENT ON COLUMN merge.husk_id IS 'Under which what is left of it lies meanwhile: nobody has access, and nothing more is written on it.';
COMMENT ON COLUMN merge.coordinated_from IS 'Since when a department coordinated the one that was kept; what stands before it is lent by the other.';
CREATE INDEX merge_by_young_person ON merge (young_person_id);
CREATE UNIQUE INDEX merge_of_one ON merge (merged_id) WHERE undone_at IS NULL;
CALL protect('merge');
REVOKE INSERT, UPDATE ON merge FROM enplan_app, enplan_worker;

-- The rows that a merge moved.
CREATE TABLE merge_row (
    merge_id    uuid NOT NULL REFERENCES merge (id),
    of_table    text NOT NULL,
    row_id      uuid NOT NULL,
    was_current boolean NOT NULL DEFAULT false,
    PRIMARY KEY (merge_id, of_table, row_id)
);
COMMENT ON COLUMN merge_row.was_current IS 'Of a CPR number: it was the current one.';
CREATE INDEX merge_row_by_row ON merge_row (row_id);
ALTER TABLE merge_row ENABLE ROW LEVEL SECURITY;

-- The registrations whose events a young person's timeline tells: their own, and those merged into it.
CREATE FUNCTION registrations_of(person uuid) RETURNS SETOF uuid LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT person UNION ALL SELECT m.merged_id FROM merge m WHERE m.young_person_id = person AND m.undone_at IS NULL; END;

-- Whatever is kept of the past of something lies where that does.
CREATE FUNCTION history_follows(people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['plan', 'goal', 'intervention'] LOOP
        EXECUTE format('UPDATE %1$I h SET young_person_id = t.young_person_id FROM %2$I t
            WHERE t.id = h.id AND t.young_person_id <> h.young_person_id AND h.young_person_id = ANY ($1)', kept || '_history', kept)
        USING people;
    END LOOP;
END $$;

-- The tables whose rows hang on a young person themselves, where such a row (`t`) names nothing else of theirs; what
-- hangs on something else follows by its foreign key.
CREATE FUNCTION hangs_on_a_person() RETURNS TABLE (of_table regclass, itself text) LANGUAGE sql STABLE AS $$
SELECT c.conrelid::regclass AS of_table, coalesce(string_agg('t.' || quote_ident(k.attname) || ' IS NULL', ' AND '), 'true') AS itself
  FROM pg_constraint c
  LEFT JOIN pg_constraint p ON p.conrelid = c.conrelid AND p.contype = 'f' AND p.confrelid <> p.conrelid
        AND cardinality(p.conkey) > 1 AND c.conkey[1] = ANY (p.conkey)
  LEFT JOIN pg_attribute k ON k.attrelid = p.conrelid AND k.attnum = ANY (p.conkey) AND k.attnum <> c.conkey[1]
 WHERE c.contype = 'f' AND c.confrelid = 'young_person'::regclass
   AND c.conrelid NOT IN ('coordination'::regclass, 'plan_history'::regclass, 'goal_history'::regclass, 'intervention_history'::regclass)
 GROUP BY c.conrelid HAVING bool_or(k.attnotnull) IS NOT TRUE
$$;
-- Merges the registration `merged` into `kept`: everything moves, and what is left gets another id that nobody
-- knows. So whoever writes to the merged one meanwhile finds nobody there. PL-1: one of them has no open plan.
CREATE FUNCTION merge_young_people(merge_id uuid, kept uuid, merged uuid, unit uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    husk   uuid := gen_random_uuid();
    target record;
BEGIN
    PERFORM FROM young_person WHERE id IN (kept, merged) ORDER BY id FOR UPDATE;
    -- AC-15: each basis is replaced by one with the same areas and end. The caller must therefore be able to pass on, for both,
    -- all areas that a unit works with.
    IF kept = merged OR unit = ANY (acting_holders()) IS NOT TRUE
       OR (SELECT count(*) FROM unnest(ARRAY[kept, merged]) whose (id)
            WHERE EXISTS (SELECT FROM passable_bases(whose.id, 7) p WHERE p.areas & 7 = 7)) < 2 THEN
        RETURN false;
    END IF;
    SET CONSTRAINTS benefit_has_a_target_group, readiness_has_a_target_group DEFERRED;
    PERFORM FROM plan WHERE young_person_id IN (kept, merged) AND state <> 'closed' ORDER BY id FOR UPDATE;
    IF (SELECT count(*) FROM plan WHERE young_person_id IN (kept, merged) AND state <> 'closed') > 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'merge.two-open-plans', MESSAGE = 'both have an open plan';
    END IF;
    INSERT INTO merge (id, young_person_id, writing_unit_id, merged_id, husk_id, coordinated_from, reason, merged_by_id, merged_at)
    VALUES (merge_id, kept, unit, merged, husk, (SELECT min(c.from_at) FROM coordination c WHERE c.young_person_id = kept), why,
            acting_employee(), acting_now());
    INSERT INTO merge_row (merge_id, of_table, row_id, was_current)
    SELECT merge_young_people.merge_id, 'person_identifier', n.id, true FROM person_identifier n
     WHERE n.young_person_id = merged AND n.valid_to IS NULL;
    UPDATE person_identifier SET valid_to = greatest(valid_from, acting_today()) WHERE young_person_id = merged AND valid_to IS NULL;
    FOR target IN SELECT * FROM hangs_on_a_person() LOOP
        -- What is asked about the merged one itself is reckoned anew of the kept one.
        EXECUTE format('WITH moved AS (UPDATE %1$s t SET young_person_id = $1 WHERE t.young_person_id = $2 AND %2$s %3$s RETURNING t.id)
            INSERT INTO merge_row (merge_id, of_table, row_id) SELECT $3, %1$L, id FROM moved ON CONFLICT DO NOTHING', target.of_table, target.itself,
            CASE target.of_table::text WHEN 'task' THEN 'AND t.subject_id <> $2' ELSE '' END)
        USING kept, merged, merge_id;
    END LOOP;
    -- A step function goes back as far as the plans do (D-19).
    INSERT INTO coordination (young_person_id, from_at, information_area, writing_unit_id, department)
    SELECT kept, c.from_at, c.information_area, c.writing_unit_id, c.department FROM coordination c
     WHERE c.young_person_id = merged
       AND c.from_at < coalesce((SELECT min(k.from_at) FROM coordination k WHERE k.young_person_id = kept), 'infinity');
    PERFORM history_follows(ARRAY[merged]);
    UPDATE young_person SET id = husk WHERE id = merged;
    PERFORM reckon_group_task(gen_random_uuid(), kept, acting_now());
    RETURN true;
END $$;

-- Undoes a merge: what it moved goes back, with what has been hung on it since, the access and the tasks of that
-- too; what was written on the young person itself since stays. Those merged later than this are undone first.
CREATE FUNCTION undo_merge(of_merge uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    done   merge;
    target regclass;
BEGIN
    PERFORM FROM young_person WHERE id IN (SELECT unnest(ARRAY[young_person_id, husk_id]) FROM merge WHERE id = of_merge) ORDER BY id FOR UPDATE;
    SELECT * INTO done FROM merge WHERE id = of_merge AND undone_at IS NULL AND works_with(young_person_id) FOR UPDATE;
    IF done.id IS NULL THEN
        RETURN false;
    ELSIF EXISTS (SELECT FROM merge m WHERE m.young_person_id = done.young_person_id AND m.undone_at IS NULL AND m.merged_at > done.merged_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'merge.later-merge', MESSAGE = 'the later merge is undone first';
    END IF;
    SET CONSTRAINTS benefit_has_a_target_group, readiness_has_a_target_group DEFERRED;
    UPDATE young_person SET id = done.merged_id WHERE id = done.husk_id;
    FOR target IN SELECT of_table FROM hangs_on_a_person() LOOP
        EXECUTE format('UPDATE %1$s SET young_person_id = $1 WHERE id IN
            (SELECT r.row_id FROM merge_row r WHERE r.merge_id = $2 AND r.of_table = %1$L)', target)
        USING done.merged_id, of_merge;
    END LOOP;
    -- PL-17: the coordinator of a plan that moves back or remains has the case of its young person.
    UPDATE assignment a SET young_person_id = p.young_person_id FROM plan p
     WHERE a.young_person_id IN (done.young_person_id, done.merged_id) AND p.young_person_id IN (done.young_person_id, done.merged_id)
       AND a.ended_at IS NULL AND p.state = 'active' AND a.employee_id = coordinator_of(p.id) AND NOT coordinator_has_case(p.id);
    UPDATE task t SET young_person_id = done.merged_id
     WHERE t.young_person_id = done.young_person_id AND t.subject_id IN (
        SELECT p.id FROM plan p WHERE p.young_person_id = done.merged_id
        UNION ALL SELECT i.id FROM intervention i WHERE i.young_person_id = done.merged_id
        UNION ALL SELECT c.id FROM hotline_contact c WHERE c.young_person_id = done.merged_id
        UNION ALL SELECT n.id FROM transition_need n WHERE n.young_person_id = done.merged_id
        UNION ALL SELECT a.id FROM responsibility_agreement a WHERE a.young_person_id = done.merged_id
        UNION ALL SELECT w.id FROM education_and_work w WHERE w.young_person_id = done.merged_id
        UNION ALL SELECT g.id FROM pregnancy g WHERE g.young_person_id = done.merged_id
        UNION ALL SELECT k.id FROM meeting_task k WHERE k.young_person_id = done.merged_id);
    UPDATE access_basis b SET young_person_id = done.merged_id
     WHERE b.young_person_id = done.young_person_id AND b.source_id IN (
        SELECT m.id FROM plan_participant m WHERE m.young_person_id = done.merged_id
        UNION ALL SELECT i.id FROM intervention i WHERE i.young_person_id = done.merged_id
        UNION ALL SELECT s.id FROM assignment s WHERE s.young_person_id = done.merged_id
        UNION ALL SELECT n.id FROM intake_entry n WHERE n.young_person_id = done.merged_id
        UNION ALL SELECT n.id FROM transition_need n WHERE n.young_person_id = done.merged_id
        UNION ALL SELECT r.id FROM transition_referral r WHERE r.young_person_id = done.merged_id
        UNION ALL SELECT a.id FROM responsibility_agreement a WHERE a.young_person_id = done.merged_id
        UNION ALL SELECT m.id FROM meeting m WHERE m.young_person_id = done.merged_id
        UNION ALL SELECT c.id FROM meeting_participant c WHERE c.young_person_id = done.merged_id
        UNION ALL SELECT t.id FROM task t WHERE t.young_person_id = done.merged_id);
    -- What passed by an agreement that goes back goes with it.
    UPDATE coordination c SET young_person_id = done.merged_id FROM responsibility_agreement a
     WHERE a.young_person_id = done.merged_id AND a.passed_at = c.from_at AND a.passed_at >= done.merged_at
       AND c.young_person_id = done.young_person_id;
    UPDATE person_identifier SET valid_to = NULL
     WHERE id IN (SELECT row_id FROM merge_row WHERE merge_row.merge_id = of_merge AND was_current);
    -- What was lent of the coordination goes, unless a plan that stays stands on it.
    DELETE FROM coordination c
     WHERE c.young_person_id = done.young_person_id AND c.from_at <= done.merged_at
       AND c.from_at < coalesce(done.coordinated_from, 'infinity')
       AND NOT EXISTS (SELECT FROM plan p WHERE p.young_person_id = done.young_person_id
                       AND p.opened_at < coalesce(done.coordinated_from, 'infinity'));
    PERFORM history_follows(ARRAY[done.young_person_id, done.merged_id]);
    UPDATE merge SET undone_at = acting_now(), undone_by_id = acting_employee(), undo_reason = why, version = version + 1 WHERE id = of_merge;
    PERFORM reckon_group_task(gen_random_uuid(), p, acting_now()) FROM unnest(ARRAY[done.young_person_id, done.merged_id]) p;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION merge_young_people(uuid, uuid, uuid, uuid, text), undo_merge(uuid, text) TO enplan_app;
