{% from "calendar/macros.sql" import day_of %}

-- YP-9: the guardians who are invited to a meeting with the young person: those with custody on its day, while the young
-- person is under 18.
CREATE FUNCTION guardians_of_meeting(of_meeting uuid) RETURNS SETOF guardian
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.* FROM meeting m
      JOIN young_person y ON y.id = m.young_person_id
      JOIN guardian g ON g.young_person_id = m.young_person_id AND g.has_custody
     CROSS JOIN LATERAL (SELECT {{ day_of("m.starts_at") }} AS day) held
     WHERE m.id = of_meeting AND held.day < birthday(y.birth_date, 18) AND daterange(g.from_day, g.to_day, '[]') @> held.day
$$;

-- TM-7: a consultation meeting is held without the young person, and so without guardians.
CREATE FUNCTION meeting_party_may_be_called() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM meeting m WHERE m.id = NEW.meeting_id AND m.kind = 'sparring') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.without-young-person', MESSAGE = 'it is held without them';
    ELSIF NEW.party = 'guardian' AND NOT EXISTS (SELECT FROM guardians_of_meeting(NEW.meeting_id) g WHERE g.id = NEW.guardian_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'guardian.of-age', MESSAGE = 'no guardian of theirs by then';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_party_may_be_called BEFORE INSERT ON meeting_participant FOR EACH ROW
    WHEN (NEW.party IN ('young-person', 'guardian')) EXECUTE FUNCTION meeting_party_may_be_called();

-- YP-9: invites the guardians to a planned meeting to which the young person is invited, and excuses those who are no
-- longer guardians with custody. So the invitations are correct, however the meeting is moved and whatever is recorded of
-- guardians. Returns whether anything changed.
CREATE FUNCTION call_guardians(of_meeting uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    because text := 'Er ikke forælder med forældremyndighed den dag.';
    touched bigint;
    changed bigint := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM meeting m JOIN meeting_participant p ON p.meeting_id = m.id AND p.party = 'young-person'
                    WHERE m.id = of_meeting AND m.state = 'planned') THEN
        RETURN false;
    END IF;
    UPDATE meeting_participant p SET excused_at = acting_now(), excuse = because
     WHERE p.meeting_id = of_meeting AND p.party = 'guardian' AND p.excused_at IS NULL
       AND NOT EXISTS (SELECT FROM guardians_of_meeting(of_meeting) g WHERE g.id = p.guardian_id);
    GET DIAGNOSTICS touched = ROW_COUNT;
    changed := changed + touched;
    UPDATE meeting_participant p SET excused_at = NULL, excuse = NULL
     WHERE p.meeting_id = of_meeting AND p.party = 'guardian' AND p.excuse = because
       AND EXISTS (SELECT FROM guardians_of_meeting(of_meeting) g WHERE g.id = p.guardian_id);
    GET DIAGNOSTICS touched = ROW_COUNT;
    changed := changed + touched;
    INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, party, guardian_id, name, invited_at)
    SELECT gen_random_uuid(), m.id, m.young_person_id, m.writing_unit_id, m.busy, 'guardian', g.id, g.name, acting_now()
      FROM meeting m CROSS JOIN LATERAL guardians_of_meeting(m.id) g
     WHERE m.id = of_meeting AND NOT EXISTS (SELECT FROM meeting_participant p WHERE p.meeting_id = m.id AND p.guardian_id = g.id);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN changed + touched > 0;
END $$;

CREATE FUNCTION guardians_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'meeting' THEN
        PERFORM call_guardians(NEW.id);
    ELSIF TG_TABLE_NAME = 'meeting_participant' THEN
        PERFORM call_guardians(NEW.meeting_id);
    ELSE
        -- The guardian belongs to another young person now. The invitation keeps the name.
        UPDATE meeting_participant p SET guardian_id = NULL FROM guardian g
         WHERE TG_OP = 'UPDATE' AND p.guardian_id = NEW.id AND g.id = NEW.id AND g.young_person_id <> p.young_person_id;
        UPDATE meeting m SET version = m.version + 1
         WHERE m.young_person_id IN (OLD.young_person_id, NEW.young_person_id) AND m.state = 'planned' AND m.starts_at > acting_now()
           AND call_guardians(m.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guardians_follow AFTER UPDATE OF starts_at ON meeting FOR EACH ROW
    WHEN (OLD.starts_at <> NEW.starts_at) EXECUTE FUNCTION guardians_follow();
CREATE TRIGGER guardians_follow AFTER INSERT ON meeting_participant FOR EACH ROW WHEN (NEW.party = 'young-person') EXECUTE FUNCTION guardians_follow();
-- At commit: a merge has moved all of it by then.
CREATE CONSTRAINT TRIGGER guardians_follow AFTER INSERT OR DELETE OR UPDATE OF young_person_id, has_custody, from_day, to_day ON guardian
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guardians_follow();
