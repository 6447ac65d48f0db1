-- Transition, consultation and network meetings (TM-4 to TM-8, TM-10, TM-13, NM-1 to NM-3): rooms, windows and slots; who is
-- convened and who came; what was decided; calendar subscriptions.

-- A meeting room is recorded once, regardless of the recording unit and the spelling; otherwise it could be booked twice (TM-5).
-- Names are equal if they differ only in composition, width, invisible characters or capital letters (U10).
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(
        lower(regexp_replace(normalize(words, NFKC), '[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]', '', 'g') COLLATE "und-x-icu"),
        '\s+', ' ', 'g'));
GRANT EXECUTE ON FUNCTION folded(text) TO enplan_app, enplan_worker;

-- Rooms, windows and slots contain no personal data. The leaders of the unit that runs them record them.
CREATE TABLE meeting_room (
    id           uuid PRIMARY KEY,
    unit_id      uuid NOT NULL REFERENCES unit (id),
    name         text NOT NULL,
    place        text NOT NULL,
    withdrawn_at timestamptz
);
CREATE UNIQUE INDEX "meeting-room.already-told" ON meeting_room (folded(name), folded(place)) WHERE withdrawn_at IS NULL;
CREATE INDEX meeting_room_by_unit ON meeting_room (unit_id);
ALTER TABLE meeting_room ENABLE ROW LEVEL SECURITY;

-- TM-4: two windows of two weeks a year.
CREATE TABLE meeting_window (
    id           uuid PRIMARY KEY,
    unit_id      uuid NOT NULL REFERENCES unit (id),
    first_day    date NOT NULL,
    last_day     date NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT "meeting-window.days-out-of-range" CHECK (last_day BETWEEN first_day AND first_day + 13),
    CONSTRAINT "meeting-window.overlaps" EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&) WHERE (withdrawn_at IS NULL),
    CONSTRAINT meeting_window_first_day_in_calendar CHECK (first_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT meeting_window_last_day_in_calendar CHECK (last_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX meeting_window_by_unit ON meeting_window (unit_id);
ALTER TABLE meeting_window ENABLE ROW LEVEL SECURITY;

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
ALTER TABLE meeting_slot ENABLE ROW LEVEL SECURITY;

-- NM-1: the one round of two network meetings about a pregnancy. It is of health: the writing of the unit that registered
-- it.
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
    CONSTRAINT pregnancy_end CHECK (num_nonnulls(ended_on, end_reason) <> 1 AND ended_on >= greatest(known_on, born_on)),
    CONSTRAINT pregnancy_known_on_in_calendar CHECK (known_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT pregnancy_born_on_in_calendar CHECK (born_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT pregnancy_ended_on_in_calendar CHECK (ended_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX pregnancy_by_young_person ON pregnancy (young_person_id, known_on);
CREATE UNIQUE INDEX "network-meeting.already-registered" ON pregnancy (young_person_id) WHERE born_on IS NULL AND ended_on IS NULL;
ALTER TABLE pregnancy ENABLE ROW LEVEL SECURITY;

-- A meeting about a young person. It belongs to the need or the pregnancy for which it is held.
CREATE TABLE meeting (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT meeting_kind_known CHECK (kind IN ('transition', 'sparring', 'network')),
    need_id          uuid,
    pregnancy_id     uuid,
    -- NM-1: the first or the second meeting.
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
    -- When the room and the people are taken; empty once the meeting is cancelled.
    busy             tstzrange NOT NULL GENERATED ALWAYS AS
                         (CASE WHEN state = 'cancelled' THEN 'empty'::tstzrange ELSE tstzrange(starts_at, ends_at) END) STORED,
    UNIQUE (id, young_person_id),
    UNIQUE (id, young_person_id, busy),
    FOREIGN KEY (need_id, young_person_id) REFERENCES transition_need (id, young_person_id) ON UPDATE CASCADE,
    FOREIGN KEY (pregnancy_id, young_person_id) REFERENCES pregnancy (id, young_person_id) ON UPDATE CASCADE,
    FOREIGN KEY (slot_id, room_id, starts_at, ends_at) REFERENCES meeting_slot (id, room_id, starts_at, ends_at),
    -- A network meeting is of health, the others are of the plan. Parts of a meeting have its area.
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
CREATE INDEX meeting_by_need ON meeting (need_id, young_person_id, starts_at) WHERE need_id IS NOT NULL;
CREATE INDEX meeting_by_pregnancy ON meeting (pregnancy_id, young_person_id) WHERE pregnancy_id IS NOT NULL;
CREATE INDEX meeting_by_young_person ON meeting (young_person_id, starts_at);
CREATE INDEX meeting_by_slot ON meeting (slot_id) WHERE slot_id IS NOT NULL;
CREATE INDEX meeting_by_caller ON meeting (called_by_id);
CREATE UNIQUE INDEX "meeting.already-booked" ON meeting (need_id, kind) WHERE state = 'planned' AND need_id IS NOT NULL;
CREATE UNIQUE INDEX "meeting.already-booked:network" ON meeting (pregnancy_id, network_no) WHERE state <> 'cancelled' AND pregnancy_id IS NOT NULL;
ALTER TABLE meeting ENABLE ROW LEVEL SECURITY;

-- TM-10: the time and room of a meeting before it was moved.
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
CREATE INDEX meeting_move_by_meeting ON meeting_move (meeting_id, young_person_id);
CREATE INDEX meeting_move_by_room ON meeting_move (room_id);
CREATE INDEX meeting_move_by_young_person ON meeting_move (young_person_id);
ALTER TABLE meeting_move ENABLE ROW LEVEL SECURITY;

-- The people invited to a meeting, and their attendance. An invitation opens nothing of the case.
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
    -- NM-2: an invited employee of the municipality who did not come has a reason.
    CONSTRAINT "meeting.absence-without-reason" CHECK (party <> 'employee' OR came IS NOT FALSE
        OR absence_reason IS NOT NULL OR excused_at IS NOT NULL),
    CONSTRAINT meeting_participant_came CHECK ((absence_reason IS NULL OR came IS FALSE) AND (came AND excused_at IS NOT NULL) IS NOT TRUE),
    CONSTRAINT meeting_participant_minutes CHECK (CASE WHEN minutes_sent_at IS NULL THEN num_nonnulls(basis_kind, basis_paragraph, basis_words) = 0
        ELSE party = 'outside' AND num_nonnulls(basis_kind, basis_words) = 2 AND (basis_kind = 'law') = (basis_paragraph IS NOT NULL) END),
    CONSTRAINT "meeting.double-booked:employee" EXCLUDE USING gist (employee_id WITH =, busy WITH &&)
        WHERE (employee_id IS NOT NULL AND excused_at IS NULL)
);
CREATE INDEX meeting_participant_by_meeting ON meeting_participant (meeting_id, young_person_id, busy);
CREATE INDEX meeting_participant_by_young_person ON meeting_participant (young_person_id);
CREATE INDEX meeting_participant_by_unit ON meeting_participant (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX meeting_participant_by_employee ON meeting_participant (employee_id) WHERE employee_id IS NOT NULL;
CREATE INDEX meeting_participant_by_guardian ON meeting_participant (guardian_id) WHERE guardian_id IS NOT NULL;
CREATE UNIQUE INDEX meeting_participant_young_person ON meeting_participant (meeting_id) WHERE party = 'young-person';
ALTER TABLE meeting_participant ENABLE ROW LEVEL SECURITY;

-- TM-8: the minutes, by the six topics of Barnets lov § 122, and the receiving unit.
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
CREATE INDEX meeting_minutes_by_meeting ON meeting_minutes (meeting_id, young_person_id);
CREATE INDEX meeting_minutes_by_young_person ON meeting_minutes (young_person_id);
CREATE INDEX meeting_minutes_by_unit ON meeting_minutes (receiving_unit_id) WHERE receiving_unit_id IS NOT NULL;
CREATE INDEX meeting_minutes_by_responsible ON meeting_minutes (responsible_id) WHERE responsible_id IS NOT NULL;
ALTER TABLE meeting_minutes ENABLE ROW LEVEL SECURITY;

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
    CONSTRAINT meeting_decision_period CHECK (from_day <= to_day),
    CONSTRAINT meeting_decision_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT meeting_decision_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX meeting_decision_by_meeting ON meeting_decision (meeting_id, young_person_id);
CREATE INDEX meeting_decision_by_young_person ON meeting_decision (young_person_id);
CREATE INDEX meeting_decision_by_legal_basis ON meeting_decision (legal_basis);
CREATE INDEX meeting_decision_by_unit ON meeting_decision (deciding_unit_id);
ALTER TABLE meeting_decision ENABLE ROW LEVEL SECURITY;

-- An agreed task. The task about it states whether it is done.
CREATE TABLE meeting_task (
    id               uuid PRIMARY KEY,
    meeting_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    what             text NOT NULL,
    employee_id      uuid NOT NULL REFERENCES employee (id),
    due_on           date NOT NULL,
    FOREIGN KEY (meeting_id, young_person_id) REFERENCES meeting (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT meeting_task_due_on_in_calendar CHECK (due_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX meeting_task_by_meeting ON meeting_task (meeting_id, young_person_id);
CREATE INDEX meeting_task_by_young_person ON meeting_task (young_person_id);
CREATE INDEX meeting_task_by_employee ON meeting_task (employee_id);
ALTER TABLE meeting_task ENABLE ROW LEVEL SECURITY;

-- TM-13: a calendar to which its employee subscribes by a secret. Only the digest of the secret is stored.
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

INSERT INTO access_rule (code, valid_from, receivers, kind, areas, lasts, reason, source) VALUES
    ('called-to-network-meeting', '2000-01-01', 'units_called_to_network_meeting', 'meeting', 8, NULL, 'Indkaldt til et netværksmøde.', 'NM-2'),
    ('known-at-network-meeting', '2000-01-01', 'unit_called_to_network_meeting', 'meeting', 1, NULL, 'Indkaldt til et netværksmøde.', 'NM-2'),
    ('held-meeting', '2000-01-01', 'receiving_unit_of_meeting', 'meeting', 7, '6 months', 'Modtager den unge, som et overgangsmøde besluttede.', 'TM-8; 6 months chosen');

-- NM-1: the deadlines of network meetings.
INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, asked_after, length, unit, whose, act, source) VALUES
    ('hold-first-network-meeting', '2000-01-01', 'NM-1', 'pregnancy-known', '{}', 0, 14, 'days', 'sender', 'holdMeeting', 'S2; length chosen'),
    ('hold-second-network-meeting', '2000-01-01', 'NM-1', 'birth', '{}', 0, 8, 'weeks', 'sender', 'holdMeeting', 'S2');
