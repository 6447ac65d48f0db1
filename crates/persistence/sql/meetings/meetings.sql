{% from "calendar/macros.sql" import day_of %}

-- TM-4, TM-10: a meeting is planned, then held or cancelled. After that only the protection of its place changes. A merge
-- moves all of it.
CREATE FUNCTION meeting_takes_a_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'planned'
       OR TG_OP = 'UPDATE' AND OLD.state <> 'planned' AND to_jsonb(NEW) - ARRAY['version', 'busy', 'place_protected', 'changed_at', 'renamed_at', 'renamings']
                                                       <> to_jsonb(OLD) - ARRAY['version', 'busy', 'place_protected', 'changed_at', 'renamed_at', 'renamings'] THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.step-not-allowed', MESSAGE = 'it is over, or not planned yet';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_begins BEFORE INSERT ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_takes_a_step();
CREATE TRIGGER meeting_takes_a_step BEFORE UPDATE ON meeting FOR EACH ROW
    WHEN (OLD.young_person_id = NEW.young_person_id) EXECUTE FUNCTION meeting_takes_a_step();

-- TM-3, TM-4: is the transition meeting of the need past due?
CREATE FUNCTION need_is_overdue(of_need uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM transition_need n WHERE n.id = of_need AND due_on(n) < acting_today()
                   AND is_for_acting(n.young_person_id))
$$;
GRANT EXECUTE ON FUNCTION need_is_overdue(uuid) TO enplan_app;

-- TM-4: a meeting that is convened or moved is in the future, within two years, in a room and slot that are not
-- withdrawn. It is outside a window only for the stated reason.
CREATE FUNCTION meeting_is_ahead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.starts_at > acting_now() AND NEW.starts_at <= acting_now() + interval '2 years') IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.time-out-of-range', MESSAGE = 'it begins in the past, or too late';
    ELSIF EXISTS (SELECT FROM meeting_room r WHERE r.id = NEW.room_id AND r.withdrawn_at IS NOT NULL)
          OR EXISTS (SELECT FROM meeting_slot s WHERE s.id = NEW.slot_id AND s.withdrawn_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting-calendar.withdrawn', MESSAGE = 'it is not offered any more';
    ELSIF NOT (CASE NEW.outside_because
        WHEN 'acute' THEN EXISTS (SELECT FROM transition_need n WHERE n.id = NEW.need_id AND n.acute)
        WHEN 'overdue' THEN need_is_overdue(NEW.need_id)
        WHEN 'illness' THEN EXISTS (SELECT FROM meeting_move v WHERE v.meeting_id = NEW.id AND v.because = 'illness')
        ELSE true END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.outside-window', MESSAGE = 'nothing asks for that';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_is_ahead BEFORE INSERT OR UPDATE OF slot_id, room_id, starts_at, ends_at, outside_because ON meeting
    FOR EACH ROW EXECUTE FUNCTION meeting_is_ahead();

-- People are invited and moves are recorded while the meeting is planned. Minutes, decisions and tasks are recorded when
-- it is held. All of them have the area of the meeting.
CREATE FUNCTION part_of_meeting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_meeting meeting;
BEGIN
    SELECT * INTO of_meeting FROM meeting m WHERE m.id = NEW.meeting_id FOR SHARE;
    IF of_meeting.state <> TG_ARGV[0] OR of_meeting.held_at <> acting_now() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.step-not-allowed', MESSAGE = format('it is %s', of_meeting.state);
    END IF;
    NEW.information_area := of_meeting.information_area;
    -- A decision has the area of its legal basis (AC-3).
    IF TG_TABLE_NAME = 'meeting_decision' THEN
        SELECT greatest(NEW.information_area::integer, l.area::integer) INTO NEW.information_area FROM legal_basis l WHERE l.code = NEW.legal_basis;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_move_of_planned BEFORE INSERT ON meeting_move FOR EACH ROW EXECUTE FUNCTION part_of_meeting('planned');
CREATE TRIGGER meeting_participant_of_planned BEFORE INSERT ON meeting_participant FOR EACH ROW EXECUTE FUNCTION part_of_meeting('planned');
CREATE TRIGGER meeting_minutes_of_held BEFORE INSERT ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION part_of_meeting('held');
CREATE TRIGGER meeting_task_of_held BEFORE INSERT ON meeting_task FOR EACH ROW EXECUTE FUNCTION part_of_meeting('held');
CREATE TRIGGER meeting_decision_of_held BEFORE INSERT ON meeting_decision FOR EACH ROW EXECUTE FUNCTION part_of_meeting('held');

-- Attendance and excuses are recorded until the meeting is held or cancelled, and are not changed after that.
CREATE FUNCTION attendance_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM meeting m WHERE m.id = NEW.meeting_id AND m.state <> 'planned') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.step-not-allowed', MESSAGE = 'it is over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_stays BEFORE UPDATE OF invited_at, excused_at, excuse, came, absence_reason ON meeting_participant FOR EACH ROW
    WHEN ((OLD.invited_at, OLD.excused_at, OLD.excuse, OLD.came, OLD.absence_reason)
          IS DISTINCT FROM (NEW.invited_at, NEW.excused_at, NEW.excuse, NEW.came, NEW.absence_reason))
    EXECUTE FUNCTION attendance_stays();

-- TM-7, TM-8, at commit: what a held meeting requires.
CREATE FUNCTION meeting_is_held_wholly() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE
        WHEN m.kind = 'transition' AND NOT EXISTS (SELECT FROM meeting_participant p
                WHERE p.meeting_id = m.id AND p.party = 'young-person') THEN 'meeting.young-person-not-invited'
        WHEN n.id IS NULL OR NOT EXISTS (SELECT FROM meeting_participant p WHERE p.meeting_id = m.id AND p.came)
             OR EXISTS (SELECT FROM meeting_participant p
                WHERE p.meeting_id = m.id AND p.excused_at IS NULL AND p.came IS NULL) THEN 'meeting.not-complete'
        WHEN m.kind = 'transition' AND (n.receiving_unit_id IS NULL
                OR num_nulls(n.support_needs, n.education, n.job_and_income, n.housing, n.social_relations) > 0
                OR NOT EXISTS (SELECT FROM meeting_decision d WHERE d.meeting_id = m.id)) THEN 'meeting.not-complete'
        END INTO broken
      FROM meeting m LEFT JOIN meeting_minutes n ON n.meeting_id = m.id WHERE m.id = NEW.id AND m.state = 'held';
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = broken, MESSAGE = 'not all that "held" means';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER meeting_is_held_wholly AFTER UPDATE OF state ON meeting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'held') EXECUTE FUNCTION meeting_is_held_wholly();

-- TM-8: only a transition meeting makes decisions, on a legal basis that was in force on the day of the meeting, for the
-- age of the young person when the decision begins.
CREATE FUNCTION decision_stands_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM meeting m WHERE m.id = NEW.meeting_id AND m.kind = 'transition') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_decision_of_handover', MESSAGE = 'others decide nothing';
    ELSIF NOT EXISTS (SELECT FROM meeting m JOIN young_person y ON y.id = m.young_person_id WHERE m.id = NEW.meeting_id
            AND legal_basis_holds(NEW.legal_basis, {{ day_of("m.starts_at") }}, y.birth_date, NEW.from_day)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law then, or not for them';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_stands_on_law BEFORE INSERT ON meeting_decision FOR EACH ROW EXECUTE FUNCTION decision_stands_on_law();

-- YP-8: a meeting that was convened or held by mistake is voided. A transition meeting that was held is not, because its
-- need, the agreement and the responsibilities depend on it. The task of a network meeting that was held is opened again.
CREATE FUNCTION meeting_is_voided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'held' AND OLD.kind = 'transition' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting.step-not-allowed', MESSAGE = 'others stand on it';
    ELSIF OLD.state = 'held' AND OLD.kind = 'network' THEN
        UPDATE task t SET done_at = NULL, ended = NULL
         WHERE t.subject_id = OLD.pregnancy_id AND t.ended = 'act'
           AND t.kind = CASE OLD.network_no WHEN 1 THEN 'hold-first-network-meeting' ELSE 'hold-second-network-meeting' END;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER meeting_is_voided BEFORE DELETE ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_is_voided();
