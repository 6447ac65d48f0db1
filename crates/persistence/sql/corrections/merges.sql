-- The registrations whose events the timeline of a young person shows: their own, and those merged into it.
CREATE FUNCTION registrations_of(person uuid) RETURNS SETOF uuid LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT person UNION ALL SELECT m.merged_id FROM merge m WHERE m.young_person_id = person AND m.undone_at IS NULL; END;

-- The history of a record belongs to the young person of the record.
CREATE FUNCTION history_follows(people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
{%- for table in ["plan", "goal", "intervention"] %}
    UPDATE {{ table }}_history h SET young_person_id = t.young_person_id FROM {{ table }} t
     WHERE t.id = h.id AND t.young_person_id <> h.young_person_id AND h.young_person_id = ANY (people);
{%- endfor %}
END $$;

-- The tables whose rows belong directly to a young person, and the condition under which a row `t` names no other record
-- of theirs. Rows that belong to another record follow it by their foreign key. Read from the catalogue, so a new table
-- needs no change here.
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

-- YP-8: merges the registration `merged` into `kept`. All records move. The rest of the registration gets another id,
-- which nobody knows, so a caller who writes to the merged registration meanwhile finds nobody. PL-1: one of the two has
-- no open plan.
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
        -- A task about the merged young person is computed again for the one that is kept.
        EXECUTE format('WITH moved AS (UPDATE %s t SET young_person_id = $1 WHERE t.young_person_id = $2 AND %s %s RETURNING t.id)
            INSERT INTO merge_row (merge_id, of_table, row_id) SELECT $3, $4, id FROM moved ON CONFLICT DO NOTHING', target.of_table, target.itself,
            CASE target.of_table::text WHEN 'task' THEN 'AND t.subject_id <> $2' ELSE '' END)
        USING kept, merged, merge_id, target.of_table::text;
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
GRANT EXECUTE ON FUNCTION merge_young_people(uuid, uuid, uuid, uuid, text) TO enplan_app;

-- YP-8: undoes a merge. What it moved goes back, with the records that have been added to it since, their access and
-- their tasks. What has been recorded on the young person directly since stays. A later merge is undone first.
CREATE FUNCTION undo_merge(of_merge uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    done   merge;
    target regclass;
    moved  uuid[];
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
        EXECUTE format('UPDATE %s SET young_person_id = $1 WHERE id IN
            (SELECT r.row_id FROM merge_row r WHERE r.merge_id = $2 AND r.of_table = $3)', target)
        USING done.merged_id, of_merge, target::text;
    END LOOP;
    -- PL-17: the coordinator of a plan that moves back or remains has the case of its young person.
    WITH of_coordinators AS (
        UPDATE assignment a SET young_person_id = p.young_person_id FROM plan p
         WHERE a.young_person_id IN (done.young_person_id, done.merged_id) AND p.young_person_id IN (done.young_person_id, done.merged_id)
           AND a.ended_at IS NULL AND p.state = 'active' AND a.employee_id = coordinator_of(p.id) AND NOT coordinator_has_case(p.id)
        RETURNING a.id)
    SELECT array_agg(o.id) INTO moved FROM of_coordinators o;
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
    -- AC-15: access to one of them that arose from access to the other ends, with what it opened. It stays if the unit that gave it
    -- had the same access to this one before the merge. The coordinators keep theirs.
    WITH RECURSIVE crossed AS (
        SELECT b.id FROM access_basis b JOIN access_basis f ON f.id = b.from_basis_id AND f.young_person_id <> b.young_person_id
         WHERE b.young_person_id IN (done.young_person_id, done.merged_id) AND b.source_id <> ALL (coalesce(moved, '{}'))
           AND NOT EXISTS (SELECT FROM access_basis o WHERE o.young_person_id = b.young_person_id AND o.holder_id = f.holder_id
                AND o.kind IN ('registration', 'participation', 'assignment') AND o.giver_id IS NULL AND b.areas & ~o.areas = 0
                AND o.valid_from < done.merged_at AND o.valid_to > acting_now())
        UNION
        SELECT b.id FROM crossed x JOIN access_basis b ON b.from_basis_id = x.id WHERE b.source_id <> ALL (coalesce(moved, '{}'))),
    over AS (
        UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now()) FROM crossed x
         WHERE b.id = x.id AND b.valid_to > acting_now() RETURNING b.source_id),
    unassigned AS (
        UPDATE assignment a SET ended_at = greatest(acting_now(), a.began_at), end_reason = why, version = a.version + 1
          FROM over WHERE a.id = over.source_id AND a.ended_at IS NULL),
    left_intake AS (
        UPDATE intake_entry e SET left_at = acting_now(), left_because = 'withdrawn', left_reason = why, version = e.version + 1
          FROM over WHERE e.id = over.source_id AND e.left_at IS NULL)
    UPDATE plan_participant m SET left_at = acting_now() FROM over WHERE m.id = over.source_id AND m.left_at IS NULL;
    -- A transfer by an agreement that goes back goes back with it.
    UPDATE coordination c SET young_person_id = done.merged_id FROM responsibility_agreement a
     WHERE a.young_person_id = done.merged_id AND a.passed_at = c.from_at AND a.passed_at >= done.merged_at
       AND c.young_person_id = done.young_person_id;
    UPDATE person_identifier SET valid_to = NULL
     WHERE id IN (SELECT row_id FROM merge_row WHERE merge_row.merge_id = of_merge AND was_current);
    -- Steps that the other registration lent are removed, unless a plan that stays requires them.
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
GRANT EXECUTE ON FUNCTION undo_merge(uuid, text) TO enplan_app;
