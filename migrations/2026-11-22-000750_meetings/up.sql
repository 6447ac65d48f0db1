-- Transition, sparring and network meetings (TM-4 to TM-8, TM-10, TM-13, NM-1 to NM-3): windows, rooms and slots; who is
-- called and who came; what was decided; and calendars that others subscribe to.

-- Rooms, windows and slots tell of nobody: they are no secret among those who are signed in, and are told by the leaders of
-- the unit that runs them.
CREATE TABLE meeting_room (
    id           uuid PRIMARY KEY,
    unit_id      uuid NOT NULL REFERENCES unit (id),
    name         text NOT NULL,
    place        text NOT NULL,
    withdrawn_at timestamptz
);
-- A meeting room is recorded once, regardless of the recording unit and the spelling; otherwise it could be booked twice (TM-5).
-- Names are equal if they differ only in composition, width, invisible characters or capital letters (U10).
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(
        lower(regexp_replace(normalize(words, NFKC), '[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]', '', 'g') COLLATE "und-x-icu"),
        '\s+', ' ', 'g'));
GRANT EXECUTE ON FUNCTION folded(text) TO enplan_app, enplan_worker;
CREATE UNIQUE INDEX "meeting-room.already-told" ON meeting_room (folded(name), folded(place)) WHERE withdrawn_at IS NULL;
CREATE INDEX meeting_room_by_unit ON meeting_room (unit_id);
COMMENT ON COLUMN meeting_room.unit_id IS 'Whose leaders tell of it.';
COMMENT ON COLUMN meeting_room.place IS 'Where it is: an address, as people find it.';
COMMENT ON COLUMN meeting_room.withdrawn_at IS 'Since when nothing more is booked in it.';

-- TM-4: two windows of two weeks a year.
CREATE TABLE meeting_window (
    id           uuid PRIMARY KEY,
    unit_id      uuid NOT NULL REFERENCES unit (id),
    first_day    date NOT NULL,
    last_day     date NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT "meeting-window.days-out-of-range" CHECK (last_day BETWEEN first_day AND first_day + 13),
    CONSTRAINT "meeting-window.overlaps" EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&) WHERE (withdrawn_at IS NULL)
);
CREATE INDEX meeting_window_by_unit ON meeting_window (unit_id);
CALL keep_in_calendar('meeting_window');

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

CREATE TABLE meeting_slot (
    id           uuid PRIMARY KEY,
    window_id    uuid NOT NULL REFERENCES meeting_window (id),
    room_id      uuid NOT NULL REFERENCES meeting_room (id),
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    withdrawn_at timestamptz,
    UNIQUE (id, room_id, starts_at, ends_at),
    CONSTRAINT "meeting-slot.time-out-of-range" CHECK (ends_at BETWEEN starts_at + interval '15 minutes' AND starts_at + interval '4 hours'),
    CONSTRAINT "meeting-slot.overlaps" EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (withdrawn_at IS NULL)
);
CREATE INDEX meeting_slot_by_window ON meeting_slot (window_id);
CREATE INDEX meeting_slot_by_room ON meeting_slot (room_id);
CREATE INDEX meeting_slot_by_time ON meeting_slot (starts_at, id);

-- In its window, which stands, in a room that does; and ahead, for one that is over is not offered.
CREATE FUNCTION meeting_slot_lies_in_window() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM meeting_window w JOIN meeting_room r ON r.id = NEW.room_id
      WHERE w.id = NEW.window_id AND w.withdrawn_at IS NULL AND r.withdrawn_at IS NULL AND NEW.starts_at > acting_now()
        AND (NEW.starts_at AT TIME ZONE 'Europe/Copenhagen')::date BETWEEN w.first_day AND w.last_day
        AND (NEW.ends_at AT TIME ZONE 'Europe/Copenhagen')::date BETWEEN w.first_day AND w.last_day FOR SHARE OF w, r;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting-slot.time-out-of-range', MESSAGE = 'outside its window';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_slot_lies_in_window BEFORE INSERT ON meeting_slot FOR EACH ROW EXECUTE FUNCTION meeting_slot_lies_in_window();

-- What is withdrawn stays so, with all the slots of it, and nobody is to meet in it: whoever books waits for the room.
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

ALTER TABLE meeting_room ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_window ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_slot ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON meeting_room FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_read ON meeting_window FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_read ON meeting_slot FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON meeting_room FOR INSERT TO enplan_app WITH CHECK (acting_leads(unit_id));
CREATE POLICY app_insert ON meeting_window FOR INSERT TO enplan_app WITH CHECK (acting_leads(unit_id));
CREATE POLICY app_insert ON meeting_slot FOR INSERT TO enplan_app WITH CHECK (EXISTS (SELECT FROM meeting_window w
    WHERE w.id = window_id AND acting_leads(w.unit_id)));
CREATE POLICY app_update ON meeting_room FOR UPDATE TO enplan_app USING (acting_leads(unit_id));
CREATE POLICY app_update ON meeting_window FOR UPDATE TO enplan_app USING (acting_leads(unit_id));
CREATE POLICY app_update ON meeting_slot FOR UPDATE TO enplan_app USING (EXISTS (SELECT FROM meeting_window w
    WHERE w.id = window_id AND acting_leads(w.unit_id)));
CREATE POLICY worker ON meeting_room TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON meeting_window TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON meeting_slot TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON meeting_room, meeting_window, meeting_slot TO enplan_app, enplan_worker;
GRANT UPDATE (withdrawn_at) ON meeting_room, meeting_window, meeting_slot TO enplan_app;

-- NM-1: the one round of two network meetings about a pregnancy. It is health: the writing of the unit that registered it.
CREATE TABLE pregnancy (
    id                uuid PRIMARY KEY,
    young_person_id   uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area  information_area NOT NULL DEFAULT 8 CONSTRAINT pregnancy_is_health CHECK (information_area = 8),
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    known_on          date NOT NULL,
    born_on           date,
    ended_on          date,
    end_reason        text,
    network_map       text,
    registered_by_id  uuid NOT NULL REFERENCES employee (id),
    registered_at     timestamptz NOT NULL,
    version           bigint NOT NULL DEFAULT 1,
    UNIQUE (id, young_person_id),
    CONSTRAINT "network-meeting.day-out-of-range" CHECK (born_on BETWEEN known_on AND known_on + 300),
    CONSTRAINT pregnancy_end CHECK (num_nonnulls(ended_on, end_reason) <> 1 AND ended_on >= greatest(known_on, born_on))
);
COMMENT ON COLUMN pregnancy.registered_by_id IS 'NM-2: who first registered it, and calls both meetings.';
COMMENT ON COLUMN pregnancy.ended_on IS 'From when on there are no (more) network meetings about it, and why.';
COMMENT ON COLUMN pregnancy.network_map IS 'NM-3: the network around the young person, in words.';
CREATE INDEX pregnancy_by_young_person ON pregnancy (young_person_id, known_on);
CREATE UNIQUE INDEX "network-meeting.already-registered" ON pregnancy (young_person_id) WHERE born_on IS NULL AND ended_on IS NULL;
CALL protect('pregnancy');
CALL protect_fact('pregnancy');
CREATE TRIGGER pregnancy_is_known BEFORE INSERT ON pregnancy FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('known_on');
CREATE TRIGGER pregnancy_birth_is_told BEFORE INSERT OR UPDATE OF born_on ON pregnancy FOR EACH ROW
    WHEN (NEW.born_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('born_on');
CREATE TRIGGER pregnancy_end_is_told BEFORE INSERT OR UPDATE OF ended_on ON pregnancy FOR EACH ROW
    WHEN (NEW.ended_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('ended_on');
REVOKE UPDATE ON pregnancy FROM enplan_app, enplan_worker;
GRANT UPDATE (born_on, ended_on, end_reason, network_map, version) ON pregnancy TO enplan_app;

-- A meeting about a young person. It hangs on what it is held for: the need, or the pregnancy.
CREATE TABLE meeting (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT meeting_kind_known CHECK (kind IN ('transition', 'sparring', 'network')),
    need_id          uuid,
    pregnancy_id     uuid,
    -- NM-1: the first, or the second.
    network_no       integer CONSTRAINT meeting_network_no CHECK (network_no IN (1, 2)),
    without_because  text,
    slot_id          uuid,
    room_id          uuid NOT NULL REFERENCES meeting_room (id),
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    outside_because  text CONSTRAINT meeting_outside_known CHECK (outside_because IN ('acute', 'overdue', 'illness')),
    place_protected  boolean NOT NULL DEFAULT false,
    state            text NOT NULL DEFAULT 'planned',
    called_by_id     uuid NOT NULL REFERENCES employee (id),
    called_at        timestamptz NOT NULL,
    cancelled_at     timestamptz,
    cancel_reason    text,
    held_at          timestamptz,
    changed_at       timestamptz NOT NULL,
    renamed_at       timestamptz,
    renamings        integer NOT NULL DEFAULT 0,
    version          bigint NOT NULL DEFAULT 1,
    -- When room and people are taken: not by one that is cancelled.
    busy             tstzrange NOT NULL GENERATED ALWAYS AS
                         (CASE WHEN state = 'cancelled' THEN 'empty'::tstzrange ELSE tstzrange(starts_at, ends_at) END) STORED,
    UNIQUE (id, young_person_id),
    UNIQUE (id, young_person_id, busy),
    FOREIGN KEY (need_id, young_person_id) REFERENCES transition_need (id, young_person_id) ON UPDATE CASCADE,
    FOREIGN KEY (pregnancy_id, young_person_id) REFERENCES pregnancy (id, young_person_id) ON UPDATE CASCADE,
    FOREIGN KEY (slot_id, room_id, starts_at, ends_at) REFERENCES meeting_slot (id, room_id, starts_at, ends_at),
    -- A network meeting is health, the others are of the plan; what hangs on a meeting is of its area.
    CONSTRAINT meeting_area CHECK (information_area = CASE kind WHEN 'network' THEN 8 ELSE 2 END),
    CONSTRAINT meeting_is_held_for_something CHECK (CASE kind
        WHEN 'network' THEN num_nonnulls(pregnancy_id, network_no) = 2 AND num_nonnulls(need_id, without_because) = 0
        WHEN 'sparring' THEN num_nonnulls(need_id, without_because) = 2 AND num_nonnulls(pregnancy_id, network_no) = 0
        ELSE need_id IS NOT NULL AND num_nonnulls(pregnancy_id, network_no, without_because) = 0 END),
    -- TM-4. Network meetings have no windows.
    CONSTRAINT "meeting.outside-window" CHECK (CASE WHEN kind = 'network' THEN num_nonnulls(slot_id, outside_because) = 0
        ELSE num_nonnulls(slot_id, outside_because) = 1 END),
    CONSTRAINT "meeting.time-out-of-range" CHECK (ends_at BETWEEN starts_at + interval '15 minutes' AND starts_at + interval '4 hours'),
    CONSTRAINT meeting_state_columns CHECK (CASE state
        WHEN 'planned'   THEN num_nonnulls(cancelled_at, cancel_reason, held_at) = 0
        WHEN 'cancelled' THEN num_nonnulls(cancelled_at, cancel_reason) = 2 AND held_at IS NULL
        WHEN 'held'      THEN held_at IS NOT NULL AND num_nonnulls(cancelled_at, cancel_reason) = 0
        ELSE false END),
    CONSTRAINT "meeting.not-begun" CHECK (held_at >= starts_at),
    -- TM-5.
    CONSTRAINT "meeting.double-booked:room" EXCLUDE USING gist (room_id WITH =, busy WITH &&),
    CONSTRAINT "meeting.double-booked:young-person" EXCLUDE USING gist (young_person_id WITH =, busy WITH &&) WHERE (kind <> 'sparring')
);
COMMENT ON COLUMN meeting.without_because IS 'TM-7: why a sparring meeting is held without the young person.';
COMMENT ON COLUMN meeting.slot_id IS 'The slot of a window; NULL: outside of them.';
COMMENT ON COLUMN meeting.outside_because IS 'TM-4: why it is outside the windows.';
COMMENT ON COLUMN meeting.place_protected IS 'YP-5: where it is stands in no calendar and no message.';
COMMENT ON COLUMN meeting.changed_at IS 'When it was called, moved, cancelled or held last, or its place protected: the sequence of its calendar entry follows its version.';
COMMENT ON COLUMN meeting.renamed_at IS
    'When the initials in its calendar entry last changed. The calendar entry is updated, but not the version of the meeting, so that no open edit of it is refused.';
COMMENT ON COLUMN meeting.renamings IS 'The number of such changes; it also increases the sequence of the calendar entry.';
CREATE INDEX meeting_by_need ON meeting (need_id, young_person_id, starts_at) WHERE need_id IS NOT NULL;
CREATE INDEX meeting_by_pregnancy ON meeting (pregnancy_id, young_person_id) WHERE pregnancy_id IS NOT NULL;
CREATE INDEX meeting_by_young_person ON meeting (young_person_id, starts_at);
CREATE INDEX meeting_by_slot ON meeting (slot_id) WHERE slot_id IS NOT NULL;
CREATE INDEX meeting_by_caller ON meeting (called_by_id);
CREATE UNIQUE INDEX "meeting.already-booked" ON meeting (need_id, kind) WHERE state = 'planned' AND need_id IS NOT NULL;
CREATE UNIQUE INDEX "meeting.already-booked:network" ON meeting (pregnancy_id, network_no) WHERE state <> 'cancelled' AND pregnancy_id IS NOT NULL;
CALL protect('meeting', also => '{law}');
CALL protect_fact('meeting');
REVOKE UPDATE ON meeting FROM enplan_app, enplan_worker;
GRANT UPDATE (slot_id, room_id, starts_at, ends_at, outside_because, place_protected, state, cancelled_at, cancel_reason, held_at,
              changed_at, version) ON meeting TO enplan_app;

-- TM-10: what a meeting was before it was moved.
CREATE TABLE meeting_move (
    id               uuid PRIMARY KEY,
    meeting_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    room_id          uuid NOT NULL REFERENCES meeting_room (id),
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    because          text NOT NULL CONSTRAINT meeting_move_because_known CHECK (because IN ('illness', 'other')),
    reason           text NOT NULL,
    moved_by_id      uuid NOT NULL REFERENCES employee (id),
    moved_at         timestamptz NOT NULL,
    FOREIGN KEY (meeting_id, young_person_id) REFERENCES meeting (id, young_person_id) ON UPDATE CASCADE
);
COMMENT ON COLUMN meeting_move.starts_at IS 'When it was to be before.';
CREATE INDEX meeting_move_by_meeting ON meeting_move (meeting_id, young_person_id);
CREATE INDEX meeting_move_by_room ON meeting_move (room_id);
CREATE INDEX meeting_move_by_young_person ON meeting_move (young_person_id);
CALL protect('meeting_move', also => '{law}');
CALL protect_fact('meeting_move');
REVOKE UPDATE ON meeting_move FROM enplan_app, enplan_worker;

-- Who is called, and whether they came. Being called opens nothing of the case.
CREATE TABLE meeting_participant (
    id               uuid PRIMARY KEY,
    meeting_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    busy             tstzrange NOT NULL,
    party            text NOT NULL,
    unit_id          uuid REFERENCES unit (id),
    employee_id      uuid REFERENCES employee (id),
    guardian_id      uuid REFERENCES guardian (id) ON DELETE SET NULL,
    name             text,
    role             text CONSTRAINT meeting_participant_role_known CHECK (role IN ('doctor', 'midwife', 'health-visitor', 'psychiatry',
                         'school', 'relative', 'other')),
    organisation     text,
    invited_at       timestamptz NOT NULL,
    excused_at       timestamptz,
    excuse           text,
    came             boolean,
    absence_reason   text,
    minutes_sent_at  timestamptz,
    basis_kind       text CONSTRAINT meeting_participant_basis_known CHECK (basis_kind IN ('law', 'consent', 'necessity')),
    basis_paragraph  text,
    basis_words      text,
    UNIQUE (meeting_id, employee_id),
    UNIQUE (meeting_id, guardian_id),
    FOREIGN KEY (meeting_id, young_person_id, busy) REFERENCES meeting (id, young_person_id, busy) ON UPDATE CASCADE,
    CONSTRAINT meeting_participant_party CHECK (CASE party
        WHEN 'young-person' THEN num_nonnulls(unit_id, employee_id, guardian_id, name, role, organisation) = 0
        WHEN 'guardian'     THEN name IS NOT NULL AND num_nonnulls(unit_id, employee_id, role, organisation) = 0
        WHEN 'employee'     THEN num_nonnulls(unit_id, employee_id) = 2 AND num_nonnulls(guardian_id, name, role, organisation) = 0
        WHEN 'outside'      THEN num_nonnulls(name, role) = 2 AND num_nonnulls(unit_id, employee_id, guardian_id) = 0
        ELSE false END),
    CONSTRAINT meeting_participant_excuse CHECK (num_nonnulls(excused_at, excuse) <> 1),
    -- NM-2: whoever of the municipality was called and did not come has a reason.
    CONSTRAINT "meeting.absence-without-reason" CHECK (party <> 'employee' OR came IS NOT FALSE
        OR absence_reason IS NOT NULL OR excused_at IS NOT NULL),
    CONSTRAINT meeting_participant_came CHECK ((absence_reason IS NULL OR came IS FALSE) AND (came AND excused_at IS NOT NULL) IS NOT TRUE),
    CONSTRAINT meeting_participant_minutes CHECK (CASE WHEN minutes_sent_at IS NULL THEN num_nonnulls(basis_kind, basis_paragraph, basis_words) = 0
        ELSE party = 'outside' AND num_nonnulls(basis_kind, basis_words) = 2 AND (basis_kind = 'law') = (basis_paragraph IS NOT NULL) END),
    CONSTRAINT "meeting.double-booked:employee" EXCLUDE USING gist (employee_id WITH =, busy WITH &&)
        WHERE (employee_id IS NOT NULL AND excused_at IS NULL)
);
COMMENT ON COLUMN meeting_participant.busy IS 'That of the meeting, which it follows: empty once it is cancelled.';
COMMENT ON COLUMN meeting_participant.guardian_id IS 'NULL once what was told of them was voided, or is another young person''s: the name stays.';
COMMENT ON COLUMN meeting_participant.name IS 'Of a guardian: as they were called.';
COMMENT ON COLUMN meeting_participant.excused_at IS 'When they told ahead that they cannot come; from then on they are free for others.';
COMMENT ON COLUMN meeting_participant.came IS 'NULL until it is held.';
CREATE INDEX meeting_participant_by_meeting ON meeting_participant (meeting_id, young_person_id, busy);
CREATE INDEX meeting_participant_by_young_person ON meeting_participant (young_person_id);
CREATE INDEX meeting_participant_by_unit ON meeting_participant (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX meeting_participant_by_employee ON meeting_participant (employee_id) WHERE employee_id IS NOT NULL;
CREATE INDEX meeting_participant_by_guardian ON meeting_participant (guardian_id) WHERE guardian_id IS NOT NULL;
CREATE UNIQUE INDEX meeting_participant_young_person ON meeting_participant (meeting_id) WHERE party = 'young-person';
CALL protect('meeting_participant', also => '{law}');
CALL protect_fact('meeting_participant');
REVOKE UPDATE ON meeting_participant FROM enplan_app, enplan_worker;
GRANT UPDATE (invited_at, excused_at, excuse, came, absence_reason, minutes_sent_at, basis_kind, basis_paragraph, basis_words)
    ON meeting_participant TO enplan_app;

-- TM-8: what was said, by the six topics of Barnets lov § 122, and who receives.
CREATE TABLE meeting_minutes (
    id                uuid PRIMARY KEY,
    meeting_id        uuid NOT NULL UNIQUE,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL DEFAULT 2,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    support_needs     text,
    education         text,
    job_and_income    text,
    housing           text,
    social_relations  text,
    other             text,
    receiving_unit_id uuid REFERENCES unit (id),
    responsible_id    uuid REFERENCES employee (id),
    FOREIGN KEY (meeting_id, young_person_id) REFERENCES meeting (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT meeting_minutes_told CHECK (num_nonnulls(support_needs, education, job_and_income, housing, social_relations, other) > 0),
    CONSTRAINT meeting_minutes_receiver CHECK (num_nonnulls(receiving_unit_id, responsible_id) <> 1)
);
COMMENT ON COLUMN meeting_minutes.responsible_id IS 'Who of the receiving unit is the one responsible from the 18th birthday.';
CREATE INDEX meeting_minutes_by_meeting ON meeting_minutes (meeting_id, young_person_id);
CREATE INDEX meeting_minutes_by_young_person ON meeting_minutes (young_person_id);
CREATE INDEX meeting_minutes_by_unit ON meeting_minutes (receiving_unit_id) WHERE receiving_unit_id IS NOT NULL;
CREATE INDEX meeting_minutes_by_responsible ON meeting_minutes (responsible_id) WHERE responsible_id IS NOT NULL;
CALL protect('meeting_minutes', also => '{law}');
CALL protect_fact('meeting_minutes');
REVOKE UPDATE ON meeting_minutes FROM enplan_app, enplan_worker;

-- A decision on a legal basis that was valid on the day of the meeting.
CREATE TABLE meeting_decision (
    id               uuid PRIMARY KEY,
    meeting_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    legal_basis      text NOT NULL REFERENCES legal_basis (code),
    deciding_unit_id uuid NOT NULL REFERENCES unit (id),
    words            text NOT NULL,
    from_day         date NOT NULL,
    to_day           date,
    FOREIGN KEY (meeting_id, young_person_id) REFERENCES meeting (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT meeting_decision_period CHECK (from_day <= to_day)
);
COMMENT ON COLUMN meeting_decision.deciding_unit_id IS 'Who decides under it.';
COMMENT ON COLUMN meeting_decision.to_day IS 'The last day.';
CREATE INDEX meeting_decision_by_meeting ON meeting_decision (meeting_id, young_person_id);
CREATE INDEX meeting_decision_by_young_person ON meeting_decision (young_person_id);
CREATE INDEX meeting_decision_by_legal_basis ON meeting_decision (legal_basis);
CREATE INDEX meeting_decision_by_unit ON meeting_decision (deciding_unit_id);
CALL protect('meeting_decision', also => '{law}');
CALL protect_fact('meeting_decision');
REVOKE UPDATE ON meeting_decision FROM enplan_app, enplan_worker;

-- What was agreed to do; the task about it tells whether it is done.
CREATE TABLE meeting_task (
    id               uuid PRIMARY KEY,
    meeting_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    what             text NOT NULL,
    employee_id      uuid NOT NULL REFERENCES employee (id),
    due_on           date NOT NULL,
    FOREIGN KEY (meeting_id, young_person_id) REFERENCES meeting (id, young_person_id) ON UPDATE CASCADE
);
CREATE INDEX meeting_task_by_meeting ON meeting_task (meeting_id, young_person_id);
CREATE INDEX meeting_task_by_young_person ON meeting_task (young_person_id);
CREATE INDEX meeting_task_by_employee ON meeting_task (employee_id);
CALL protect('meeting_task', also => '{law}');
CALL protect_fact('meeting_task');
REVOKE UPDATE ON meeting_task FROM enplan_app, enplan_worker;

-- TM-9: the coordination waits for it.
CREATE OR REPLACE FUNCTION agreed_is_done_at(of_need uuid) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT max(coalesce(t.done_at, 'infinity')) FROM meeting m JOIN meeting_task k ON k.meeting_id = m.id
      LEFT JOIN task t ON t.kind = 'agreed-at-meeting' AND t.subject_id = k.id
     WHERE m.need_id = of_need
$$;

-- TM-13: a calendar that its employee subscribes to by a secret; only its digest is kept.
CREATE TABLE calendar_subscription (
    id           uuid PRIMARY KEY,
    employee_id  uuid NOT NULL REFERENCES employee (id),
    digest       bytea NOT NULL UNIQUE CONSTRAINT calendar_subscription_digest CHECK (length(digest) = 32),
    made_at      timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE UNIQUE INDEX calendar_subscription_current ON calendar_subscription (employee_id) WHERE withdrawn_at IS NULL;
CREATE INDEX calendar_subscription_by_employee ON calendar_subscription (employee_id);
ALTER TABLE calendar_subscription ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON calendar_subscription FOR SELECT TO enplan_app USING (employee_id = (SELECT acting_employee()));
CREATE POLICY app_insert ON calendar_subscription FOR INSERT TO enplan_app WITH CHECK (employee_id = (SELECT acting_employee()));
CREATE POLICY app_update ON calendar_subscription FOR UPDATE TO enplan_app
    USING (employee_id = (SELECT acting_employee()) AND withdrawn_at IS NULL) WITH CHECK (employee_id = (SELECT acting_employee()));
CREATE POLICY worker ON calendar_subscription TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON calendar_subscription TO enplan_app;
GRANT SELECT ON calendar_subscription TO enplan_worker;

-- What holds however it is written.

-- TM-4, TM-10: planned, then held or cancelled, and that stays, but whether its place is protected. A merge moves all of it.
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

-- TM-3, TM-4: is the meeting about a need past due?
CREATE FUNCTION need_is_overdue(of_need uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM transition_need n WHERE n.id = of_need AND due_on(n) < acting_today() AND is_for_acting(n.young_person_id))
$$;
GRANT EXECUTE ON FUNCTION need_is_overdue(uuid) TO enplan_app;

-- It lies ahead when it is called or moved, within two years, in what was not withdrawn; and outside a window only where that
-- is so (TM-4).
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

-- Whoever hangs on a meeting hangs on it while it is planned, and what came of it since it was held just now. All of it is of its area.
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
    -- A decision tells what its law tells (AC-3).
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

-- Who came, and who could not, is told until it is held or cancelled, and stays.
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

-- YP-9: the guardians who are called to a meeting with the young person: those who have custody on its day, while the young
-- person is under 18.
CREATE FUNCTION guardians_of_meeting(of_meeting uuid) RETURNS SETOF guardian
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.* FROM meeting m
      JOIN young_person y ON y.id = m.young_person_id
      JOIN guardian g ON g.young_person_id = m.young_person_id AND g.has_custody
     CROSS JOIN LATERAL (SELECT (m.starts_at AT TIME ZONE 'Europe/Copenhagen')::date AS day) held
     WHERE m.id = of_meeting AND held.day < birthday(y.birth_date, 18) AND daterange(g.from_day, g.to_day, '[]') @> held.day
$$;

-- TM-7: a sparring meeting is without the young person, and so without guardians.
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

-- Calls the guardians of a planned meeting to which the young person is called, and lets those go who are not (any more); so that
-- it is right however the meeting is moved, and whatever is told of guardians meanwhile. Did anything change?
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
        -- Another young person's now: who was called stays, by name.
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

-- NM-2: the units whose people are called to a network meeting see it, of what the unit that calls it wrote of health, and who it is
-- about: from the call until 28 days after it is held or cancelled (chosen), or what they agreed to do there is due.
CREATE FUNCTION network_meeting_ends(m meeting) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(CASE m.state WHEN 'planned' THEN m.ends_at ELSE acting_now() END + interval '28 days',
                    (SELECT max(t.due_on + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM meeting_task t WHERE t.meeting_id = m.id))
$$;
CREATE FUNCTION units_called_to_network_meeting(of_meeting uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT m.young_person_id, p.unit_id, m.writing_unit_id, network_meeting_ends(m), p.unit_id = m.writing_unit_id
      FROM meeting m JOIN meeting_participant p ON p.meeting_id = m.id AND p.party = 'employee' WHERE m.id = of_meeting AND m.kind = 'network'
$$;
CREATE FUNCTION unit_called_to_network_meeting(of_participant uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.young_person_id, p.unit_id, NULL::uuid, network_meeting_ends(m), p.unit_id = m.writing_unit_id
      FROM meeting m JOIN meeting_participant p ON p.meeting_id = m.id AND p.party = 'employee' WHERE p.id = of_participant AND m.kind = 'network'
$$;

-- TM-8: the receiving unit of a held handover meeting. An employee who works for it records it as its own.
CREATE FUNCTION receiving_unit_of_meeting(of_meeting uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.young_person_id, n.receiving_unit_id, NULL::uuid, 'infinity'::timestamptz, n.receiving_unit_id = n.writing_unit_id OR works_for(acting_employee(), n.receiving_unit_id)
      FROM meeting m JOIN meeting_minutes n ON n.meeting_id = m.id
     WHERE m.id = of_meeting AND m.kind = 'transition' AND m.state = 'held' AND n.receiving_unit_id IS NOT NULL
$$;
INSERT INTO access_rule (code, valid_from, receivers, kind, areas, lasts, reason, source) VALUES
    ('called-to-network-meeting', '2000-01-01', 'units_called_to_network_meeting', 'meeting', 8, NULL, 'Indkaldt til et netværksmøde.', 'NM-2'),
    ('known-at-network-meeting', '2000-01-01', 'unit_called_to_network_meeting', 'meeting', 1, NULL, 'Indkaldt til et netværksmøde.', 'NM-2'),
    ('held-meeting', '2000-01-01', 'receiving_unit_of_meeting', 'meeting', 7, '6 months', 'Modtager den unge, som et overgangsmøde besluttede.', 'TM-8; 6 months chosen');

-- TM-8: a unit takes part in the plan because it receives the young person, regardless of the access of the employee who records
-- it. The access rules decide the access of the unit.
CREATE FUNCTION receiver_takes_part(participant uuid, of_plan uuid, receiver uuid, who uuid, by_unit uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
    SELECT participant, p.id, p.young_person_id, by_unit, receiver, who, acting_now() FROM plan p
     WHERE p.id = of_plan AND by_unit = ANY (acting_holders())
       AND (EXISTS (SELECT FROM responsibility_agreement a WHERE a.young_person_id = p.young_person_id AND a.receiving_unit_id = receiver
                    AND a.accepted_at IS NOT NULL AND a.replaced_at IS NULL)
            OR EXISTS (SELECT FROM meeting m CROSS JOIN LATERAL receiving_unit_of_meeting(m.id) r
                        WHERE m.young_person_id = p.young_person_id AND r.holder_id = receiver));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- If the unit accepted before there was a plan, or before it took part, its access from now on comes from its participation.
    PERFORM grant_by_rule('acceptance', participant);
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now())
      FROM responsibility_agreement a
     WHERE a.receiving_unit_id = receiver AND b.source_id = a.id AND b.kind = 'participation' AND b.holder_id = receiver AND b.valid_to > acting_now()
       AND EXISTS (SELECT FROM access_basis n WHERE n.source_id = participant);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION receiver_takes_part(uuid, uuid, uuid, uuid, uuid) TO enplan_app;

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

-- YP-8: what was called or held by mistake is voided; not a handover that was held, which its need, the agreement and who decides
-- stand on. A network meeting that was held is asked for again.
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

-- A decision is a handover's, and stands on law that was in force on the day of the meeting, for the age they have when it begins.
CREATE FUNCTION decision_stands_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM meeting m WHERE m.id = NEW.meeting_id AND m.kind = 'transition') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_decision_of_handover', MESSAGE = 'others decide nothing';
    ELSIF NOT EXISTS (SELECT FROM meeting m JOIN young_person y ON y.id = m.young_person_id WHERE m.id = NEW.meeting_id
            AND legal_basis_holds(NEW.legal_basis, (m.starts_at AT TIME ZONE 'Europe/Copenhagen')::date, y.birth_date, NEW.from_day)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law then, or not for them';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_stands_on_law BEFORE INSERT ON meeting_decision FOR EACH ROW EXECUTE FUNCTION decision_stands_on_law();

-- TM-7, TM-8, at commit: what "held" means.
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

-- TM-5: beyond the caller's sight, hence the owner's, and ids only.

-- Rooms are locked before people (D-13): whoever books waits here, and then sees what was booked.
CREATE FUNCTION lock_meeting_room(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM meeting_room WHERE id = wanted FOR NO KEY UPDATE
$$;

-- What is taken of what a meeting needs, at a time.
CREATE FUNCTION meeting_clashes(person uuid, employees uuid[], room uuid, from_at timestamptz, until_at timestamptz, besides uuid)
RETURNS TABLE (what text, id uuid)
LANGUAGE sql STABLE ROWS 2 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 'room', m.room_id FROM meeting m
     WHERE m.room_id = room AND m.busy && tstzrange(from_at, until_at) AND m.id IS DISTINCT FROM besides
    UNION
    SELECT 'young-person', m.young_person_id FROM meeting m
     WHERE m.young_person_id = person AND m.kind <> 'sparring' AND m.busy && tstzrange(from_at, until_at) AND m.id IS DISTINCT FROM besides
    UNION
    SELECT 'employee', p.employee_id FROM meeting_participant p
     WHERE p.employee_id = ANY (employees) AND p.excused_at IS NULL AND p.busy && tstzrange(from_at, until_at)
       AND p.meeting_id IS DISTINCT FROM besides
$$;

-- The slots of windows in order, and whether room, young person and employees are free then.
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
                              AND m.id IS DISTINCT FROM besides)
           AND NOT EXISTS (SELECT FROM meeting_participant p WHERE p.employee_id = ANY (employees) AND p.excused_at IS NULL
                              AND p.busy && t.then AND p.meeting_id IS DISTINCT FROM besides) AS free OFFSET 0) f
     WHERE s.withdrawn_at IS NULL AND s.starts_at >= from_at AND s.starts_at < until_at AND (s.starts_at, s.id) > (after_at, after_id)
       AND (f.free OR NOT only_free)
     ORDER BY s.starts_at, s.id LIMIT lim
$$;
GRANT EXECUTE ON FUNCTION lock_meeting_room(uuid), meeting_clashes(uuid, uuid[], uuid, timestamptz, timestamptz, uuid),
    slots_ahead(uuid, uuid[], uuid, timestamptz, timestamptz, boolean, timestamptz, uuid, integer) TO enplan_app;

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
-- A merge moves the meeting to another young person.
CREATE FUNCTION meeting_is_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.renamings := OLD.renamings + 1;
    NEW.renamed_at := acting_now();
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_is_renamed BEFORE UPDATE OF young_person_id ON meeting FOR EACH ROW
    WHEN (OLD.young_person_id <> NEW.young_person_id) EXECUTE FUNCTION meeting_is_renamed();

-- TM-13: a meeting as it stands in the calendar of somebody who is called: initials and place, and no place where that is
-- protected (YP-5) or nobody goes there. Nobody of the application reads it but by the functions below.
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

-- Is somebody of the unit for which they were called?
CREATE FUNCTION is_of_unit(who uuid, of_unit uuid, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM employee_role r WHERE r.employee_id = who AND r.unit_id = of_unit AND r.valid_from <= moment AND r.valid_to > moment);

-- Of the caller, who is called and still of that unit.
CREATE FUNCTION calendar_of_meeting(of_meeting uuid) RETURNS SETOF calendar_entry
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM calendar_entry e
     WHERE e.meeting_id = of_meeting AND e.employee_id = acting_employee() AND is_of_unit(e.employee_id, e.unit_id, acting_now())
$$;

-- Whose subscription it is, before anybody acts: nobody's once it was withdrawn, or the sign-in stopped.
CREATE FUNCTION subscriber_of(secret bytea, moment timestamptz) RETURNS TABLE (subscription_id uuid, employee_id uuid)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.employee_id FROM calendar_subscription s JOIN employee e ON e.id = s.employee_id
     WHERE s.digest = secret AND s.withdrawn_at IS NULL AND (e.deactivated_at > moment) IS NOT FALSE
$$;
-- What it shows: from 90 days back on (chosen), of the units that they are of.
CREATE FUNCTION calendar_of_subscription(secret bytea, moment timestamptz) RETURNS SETOF calendar_entry
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM calendar_entry e JOIN subscriber_of(secret, moment) s ON s.employee_id = e.employee_id
     WHERE e.starts_at > moment - interval '90 days' AND is_of_unit(e.employee_id, e.unit_id, moment) ORDER BY e.starts_at, e.meeting_id
$$;
GRANT EXECUTE ON FUNCTION calendar_of_meeting(uuid), subscriber_of(bytea, timestamptz), calendar_of_subscription(bytea, timestamptz) TO enplan_app;

-- NM-1.
INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, asked_after, length, unit, whose, act, source) VALUES
    ('hold-first-network-meeting', '2000-01-01', 'NM-1', 'pregnancy-known', '{}', 0, 14, 'days', 'sender', 'holdMeeting', 'S2; length chosen'),
    ('hold-second-network-meeting', '2000-01-01', 'NM-1', 'birth', '{}', 0, 8, 'weeks', 'sender', 'holdMeeting', 'S2');
