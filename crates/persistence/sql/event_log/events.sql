-- An event of a case has the area, the writing unit and the providing unit that its subject had at that time: a caller
-- who sees the one sees the other in the timeline. The subject may be a row of any table, therefore the statement is
-- dynamic.
CREATE FUNCTION event_stands_with_its_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subject jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE t.id = $1', replace(NEW.subject_kind, '-', '_'))
       INTO subject USING NEW.subject_id::uuid;
    NEW.information_area := (subject->>'information_area')::integer;
    NEW.writing_unit_id := (subject->>'writing_unit_id')::uuid;
    NEW.providing_unit_id := (subject->>'providing_unit_id')::uuid;
    NEW.registration_id := coalesce((SELECT m.merged_id FROM merge m JOIN merge_row r ON r.merge_id = m.id
        WHERE m.young_person_id = NEW.young_person_id AND m.undone_at IS NULL AND r.row_id IN ((subject->>'id')::uuid,
              (subject->>'plan_id')::uuid, (subject->>'goal_id')::uuid, (subject->>'intervention_id')::uuid, (subject->>'need_id')::uuid,
              (subject->>'support_need_id')::uuid, (subject->>'pregnancy_id')::uuid,
              (SELECT n.support_need_id FROM transition_need n WHERE n.id = (subject->>'need_id')::uuid))
        ORDER BY m.merged_at LIMIT 1), NEW.young_person_id);
    RETURN NEW;
END $$;
CREATE TRIGGER event_stands_with_its_subject BEFORE INSERT ON event FOR EACH ROW
    -- Also for a hotline contact without a young person, so that the response time does not reveal whether it is linked (AC-19).
    WHEN (NEW.young_person_id IS NOT NULL OR NEW.subject_kind = 'hotline-contact') EXECUTE FUNCTION event_stands_with_its_subject();
