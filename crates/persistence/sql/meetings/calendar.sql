{% from "calendar/macros.sql" import day_of %}

-- TM-4: there are at most two windows a year.
CREATE FUNCTION meeting_windows_are_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('meeting_window'));
    IF (SELECT count(*) FROM meeting_window w WHERE extract(year FROM w.first_day) = extract(year FROM NEW.first_day)
            AND w.withdrawn_at IS NULL) >= 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting-window.two-a-year', MESSAGE = 'there are two that year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_windows_are_two BEFORE INSERT ON meeting_window FOR EACH ROW EXECUTE FUNCTION meeting_windows_are_two();

-- TM-4: a slot is within its window and in the future; neither the window nor the room is withdrawn.
CREATE FUNCTION meeting_slot_lies_in_window() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM meeting_window w JOIN meeting_room r ON r.id = NEW.room_id
      WHERE w.id = NEW.window_id AND w.withdrawn_at IS NULL AND r.withdrawn_at IS NULL AND NEW.starts_at > acting_now()
        AND {{ day_of("NEW.starts_at") }} BETWEEN w.first_day AND w.last_day
        AND {{ day_of("NEW.ends_at") }} BETWEEN w.first_day AND w.last_day FOR SHARE OF w, r;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting-slot.time-out-of-range', MESSAGE = 'outside its window';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_slot_lies_in_window BEFORE INSERT ON meeting_slot FOR EACH ROW EXECUTE FUNCTION meeting_slot_lies_in_window();

-- A withdrawal is permanent and includes all slots of a room or window. No meeting may be planned in it: a transaction
-- that books waits for the room.
CREATE FUNCTION meeting_calendar_is_withdrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    what  text := TG_ARGV[0];
    rooms uuid[];
BEGIN
    SELECT array_agg(r.id) INTO rooms FROM (
        SELECT r.id FROM meeting_room r
         WHERE what = 'room' AND r.id = NEW.id OR EXISTS (SELECT FROM meeting_slot s WHERE s.room_id = r.id
               AND (what = 'slot' AND s.id = NEW.id OR what = 'window' AND s.window_id = NEW.id))
         ORDER BY r.id FOR NO KEY UPDATE) r;
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting-calendar.withdrawn', MESSAGE = 'it was withdrawn';
    ELSIF EXISTS (SELECT FROM meeting m LEFT JOIN meeting_slot s ON s.id = m.slot_id
            WHERE m.room_id = ANY (rooms) AND m.state = 'planned' AND m.ends_at > acting_now()
              AND CASE what WHEN 'room' THEN true WHEN 'slot' THEN s.id = NEW.id ELSE s.window_id = NEW.id END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting-calendar.in-use', MESSAGE = 'a meeting is planned in it';
    END IF;
    UPDATE meeting_slot s SET withdrawn_at = NEW.withdrawn_at
     WHERE s.withdrawn_at IS NULL AND (what = 'room' AND s.room_id = NEW.id OR what = 'window' AND s.window_id = NEW.id);
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_room_is_withdrawn BEFORE UPDATE OF withdrawn_at ON meeting_room FOR EACH ROW EXECUTE FUNCTION meeting_calendar_is_withdrawn('room');
CREATE TRIGGER meeting_window_is_withdrawn BEFORE UPDATE OF withdrawn_at ON meeting_window FOR EACH ROW
    EXECUTE FUNCTION meeting_calendar_is_withdrawn('window');
CREATE TRIGGER meeting_slot_is_withdrawn BEFORE UPDATE OF withdrawn_at ON meeting_slot FOR EACH ROW EXECUTE FUNCTION meeting_calendar_is_withdrawn('slot');

-- TM-5: the functions of booking look beyond the caller's sight. They belong to the owner and return only ids.

-- Rooms are locked before people (D-13): a transaction that books waits here, and then sees what was booked.
CREATE FUNCTION lock_meeting_room(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM meeting_room WHERE id = wanted FOR NO KEY UPDATE
$$;
GRANT EXECUTE ON FUNCTION lock_meeting_room(uuid) TO enplan_app;

-- TM-5: the room, the young person and the employees that are taken at a time.
CREATE FUNCTION meeting_clashes(person uuid, employees uuid[], room uuid, from_at timestamptz, until_at timestamptz, besides uuid)
RETURNS TABLE (what text, id uuid)
LANGUAGE sql STABLE ROWS 2 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 'room', m.room_id FROM meeting m
     WHERE m.room_id = room AND m.busy && tstzrange(from_at, until_at) AND m.id IS DISTINCT FROM besides
    UNION
    SELECT 'young-person', m.young_person_id FROM meeting m
     WHERE m.young_person_id = person AND m.kind <> 'sparring' AND m.busy && tstzrange(from_at, until_at) AND m.id IS DISTINCT FROM besides
       AND is_for_acting(person)
    UNION
    SELECT 'employee', p.employee_id FROM meeting_participant p
     WHERE p.employee_id = ANY (employees) AND p.excused_at IS NULL AND p.busy && tstzrange(from_at, until_at)
       AND p.meeting_id IS DISTINCT FROM besides
$$;
GRANT EXECUTE ON FUNCTION meeting_clashes(uuid, uuid[], uuid, timestamptz, timestamptz, uuid) TO enplan_app;

-- TM-5: the slots of windows in order, and whether the room, the young person and the employees are free.
CREATE FUNCTION slots_ahead(person uuid, employees uuid[], besides uuid, from_at timestamptz, until_at timestamptz,
                            only_free boolean, after_at timestamptz, after_id uuid, lim integer)
RETURNS TABLE (slot_id uuid, free boolean)
LANGUAGE sql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, f.free
      FROM meeting_slot s
     CROSS JOIN LATERAL (SELECT tstzrange(s.starts_at, s.ends_at) AS then) t
     CROSS JOIN LATERAL (SELECT
           NOT EXISTS (SELECT FROM meeting m WHERE m.room_id = s.room_id AND m.busy && t.then AND m.id IS DISTINCT FROM besides)
           AND NOT EXISTS (SELECT FROM meeting m WHERE m.young_person_id = person AND m.kind <> 'sparring' AND m.busy && t.then
                              AND m.id IS DISTINCT FROM besides AND is_for_acting(person))
           AND NOT EXISTS (SELECT FROM meeting_participant p WHERE p.employee_id = ANY (employees) AND p.excused_at IS NULL
                              AND p.busy && t.then AND p.meeting_id IS DISTINCT FROM besides) AS free OFFSET 0) f
     WHERE s.withdrawn_at IS NULL AND s.starts_at >= from_at AND s.starts_at < until_at AND (s.starts_at, s.id) > (after_at, after_id)
       AND (f.free OR NOT only_free)
     ORDER BY s.starts_at, s.id LIMIT lim
$$;
GRANT EXECUTE
    ON FUNCTION slots_ahead(uuid, uuid[], uuid, timestamptz, timestamptz, boolean, timestamptz, uuid, integer) TO enplan_app;
