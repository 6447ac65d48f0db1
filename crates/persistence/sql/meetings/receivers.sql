-- TM-8: the receiving unit of a held transition meeting. If an employee who works for that unit records it, it is the
-- unit's own recording. A receiver function of `access_rule`.
CREATE FUNCTION receiving_unit_of_meeting(of_meeting uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.young_person_id, n.receiving_unit_id, NULL::uuid, 'infinity'::timestamptz, n.receiving_unit_id = n.writing_unit_id OR works_for(acting_employee(), n.receiving_unit_id)
      FROM meeting m JOIN meeting_minutes n ON n.meeting_id = m.id
     WHERE m.id = of_meeting AND m.kind = 'transition' AND m.state = 'held' AND n.receiving_unit_id IS NOT NULL
$$;

-- TM-8: a held meeting gives the receiving unit access to the young person until it accepts.
CREATE FUNCTION open_to_receiver(of_meeting uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT grant_by_rule('held-meeting', m.id) FROM meeting m WHERE m.id = of_meeting AND is_for_acting(m.young_person_id)
$$;
GRANT EXECUTE ON FUNCTION open_to_receiver(uuid) TO enplan_app;

-- TM-8: the receiver has access by the meeting until it accepts, the agreement is replaced, or the receiver leaves the plan.
CREATE FUNCTION receiver_sees_until() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    receiver uuid := to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'plan_participant' THEN 'unit_id' ELSE 'receiving_unit_id' END;
BEGIN
    -- The access by the replacing meeting, which begins now, is not ended.
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now())
      FROM meeting m
     WHERE m.young_person_id = NEW.young_person_id AND m.kind = 'transition' AND b.source_id = m.id AND b.kind = 'meeting' AND b.holder_id = receiver
       AND b.valid_to > acting_now() AND b.valid_from < acting_now();
    RETURN NULL;
END $$;
CREATE TRIGGER receiver_sees_until AFTER UPDATE OF accepted_at, replaced_at ON responsibility_agreement FOR EACH ROW
    WHEN (OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL OR OLD.replaced_at IS NULL AND NEW.replaced_at IS NOT NULL)
    EXECUTE FUNCTION receiver_sees_until();
CREATE TRIGGER receiver_sees_until AFTER UPDATE OF left_at ON plan_participant FOR EACH ROW
    WHEN (OLD.left_at IS NULL AND NEW.left_at IS NOT NULL) EXECUTE FUNCTION receiver_sees_until();
