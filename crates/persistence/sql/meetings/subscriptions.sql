-- TM-13: the two letters that identify the young person of a meeting. If they change, the calendar entries of the meeting change
-- as well (RFC 5545).
CREATE FUNCTION initials(given text, family text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN left(given, 1) || left(family, 1);
GRANT EXECUTE ON FUNCTION initials(text, text) TO enplan_app, enplan_worker;

CREATE FUNCTION meetings_are_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE meeting SET renamings = renamings + 1, renamed_at = acting_now() WHERE young_person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER meetings_are_renamed AFTER UPDATE OF given_name, family_name ON young_person FOR EACH ROW
    WHEN (initials(OLD.given_name, OLD.family_name) <> initials(NEW.given_name, NEW.family_name)) EXECUTE FUNCTION meetings_are_renamed();

-- TM-13: a merge moves the meeting to another young person.
CREATE FUNCTION meeting_is_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.renamings := OLD.renamings + 1;
    NEW.renamed_at := acting_now();
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_is_renamed BEFORE UPDATE OF young_person_id ON meeting FOR EACH ROW
    WHEN (OLD.young_person_id <> NEW.young_person_id) EXECUTE FUNCTION meeting_is_renamed();

-- TM-13: a meeting as it appears in the calendar of an invited employee: initials and place; no place if it is protected
-- (YP-5) or if nobody goes there. Only the functions below read it.
CREATE VIEW calendar_entry AS
SELECT m.id AS meeting_id, m.young_person_id, p.employee_id, p.unit_id, initials(y.given_name, y.family_name) AS initials,
       CASE WHEN NOT (m.place_protected OR off.off) THEN r.name || ', ' || r.place END AS place, m.starts_at, m.ends_at,
       off.off AS cancelled, greatest(m.changed_at, m.renamed_at, p.invited_at, p.excused_at) AS changed_at,
       2 * (m.version + m.renamings) + (p.excused_at IS NOT NULL)::integer AS sequence
  FROM meeting m
  JOIN young_person y ON y.id = m.young_person_id
  JOIN meeting_room r ON r.id = m.room_id
  JOIN meeting_participant p ON p.meeting_id = m.id AND p.party = 'employee'
 CROSS JOIN LATERAL (SELECT m.state = 'cancelled' OR p.excused_at IS NOT NULL AS off) off;
COMMENT ON VIEW calendar_entry IS 'Each new version, change of initials and excuse increases the sequence.';

-- TM-13: the calendar entry of the caller, who is invited and still works in that unit.
CREATE FUNCTION calendar_of_meeting(of_meeting uuid) RETURNS SETOF calendar_entry
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM calendar_entry e
     WHERE e.meeting_id = of_meeting AND e.employee_id = acting_employee() AND is_of_unit(e.employee_id, e.unit_id, acting_now())
$$;
GRANT EXECUTE ON FUNCTION calendar_of_meeting(uuid) TO enplan_app;

-- TM-13: the employee of a subscription, read before anybody acts. No row if the subscription was withdrawn or the
-- sign-in was stopped.
CREATE FUNCTION subscriber_of(secret bytea, moment timestamptz) RETURNS TABLE (subscription_id uuid, employee_id uuid)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.employee_id FROM calendar_subscription s JOIN employee e ON e.id = s.employee_id
     WHERE s.digest = secret AND s.withdrawn_at IS NULL AND (e.deactivated_at > moment) IS NOT FALSE
$$;
GRANT EXECUTE ON FUNCTION subscriber_of(bytea, timestamptz) TO enplan_app;

-- TM-13: the entries that a subscription shows: from 90 days back on (chosen), of the units in which the employee still
-- works.
CREATE FUNCTION calendar_of_subscription(secret bytea, moment timestamptz) RETURNS SETOF calendar_entry
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM calendar_entry e JOIN subscriber_of(secret, moment) s ON s.employee_id = e.employee_id
     WHERE e.starts_at > moment - interval '90 days' AND is_of_unit(e.employee_id, e.unit_id, moment) ORDER BY e.starts_at, e.meeting_id
$$;
GRANT EXECUTE ON FUNCTION calendar_of_subscription(bytea, timestamptz) TO enplan_app;
