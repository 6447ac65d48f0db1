-- NM-2: the units of the invited employees see a network meeting from the invitation until 28 days after it is held or
-- cancelled (chosen), or until what they agreed to do is due.
CREATE FUNCTION network_meeting_ends(m meeting) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(CASE m.state WHEN 'planned' THEN m.ends_at ELSE acting_now() END + interval '28 days',
                    (SELECT max(t.due_on + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM meeting_task t WHERE t.meeting_id = m.id))
$$;

-- NM-2: the invited units see what the convening unit wrote of health. A receiver function of `access_rule`.
CREATE FUNCTION units_called_to_network_meeting(of_meeting uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT m.young_person_id, p.unit_id, m.writing_unit_id, network_meeting_ends(m), p.unit_id = m.writing_unit_id
      FROM meeting m JOIN meeting_participant p ON p.meeting_id = m.id AND p.party = 'employee' WHERE m.id = of_meeting AND m.kind = 'network'
$$;

-- NM-2: each invited unit sees who the meeting is about. A receiver function of `access_rule`.
CREATE FUNCTION unit_called_to_network_meeting(of_participant uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.young_person_id, p.unit_id, NULL::uuid, network_meeting_ends(m), p.unit_id = m.writing_unit_id
      FROM meeting m JOIN meeting_participant p ON p.meeting_id = m.id AND p.party = 'employee' WHERE p.id = of_participant AND m.kind = 'network'
$$;

CREATE FUNCTION network_meeting_is_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM grant_by_rule('called-to-network-meeting', NEW.meeting_id), grant_by_rule('known-at-network-meeting', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER network_meeting_is_shown AFTER INSERT ON meeting_participant FOR EACH ROW
    WHEN (NEW.party = 'employee') EXECUTE FUNCTION network_meeting_is_shown();

CREATE FUNCTION network_meeting_was_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, network_meeting_ends(NEW))
     WHERE b.kind = 'meeting' AND b.valid_to > acting_now() AND b.source_id IN (
        SELECT NEW.id UNION ALL SELECT p.id FROM meeting_participant p WHERE p.meeting_id = NEW.id AND p.party = 'employee');
    RETURN NULL;
END $$;
-- At commit, with what was agreed there.
CREATE CONSTRAINT TRIGGER network_meeting_was_shown AFTER UPDATE OF state, ends_at ON meeting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'network' AND (OLD.state, OLD.ends_at) IS DISTINCT FROM (NEW.state, NEW.ends_at))
    EXECUTE FUNCTION network_meeting_was_shown();
