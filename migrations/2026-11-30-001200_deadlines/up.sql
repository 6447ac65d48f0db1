-- Deadlines as data (DL-1 to DL-6) and the tasks that follow from them.

-- A task: what is to be done, by whom and by when. The act that it requires ends it (DL-2).
CREATE TABLE task (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT task_kind_known CHECK (kind IN
                         ('answer-offer', 'activate-plan', 'offer-contact-person', 'hold-review', 'measure-indicators', 'take-state',
                         'take-group-state', 'hand-over', 'answer-hotline', 'hotline-notice',
                         'hold-first-conversation', 'call-sick-listed', 'start-internship',
                         'contact-young-person', 'start-activity', 'contact-absent', 'answer-absence', 'guide-absentee', 'close-gap',
                         'hold-transition-meeting', 'judge-need', 'refer-instead', 'bring-before-committee', 'accept-responsibility',
                         'press-for-acceptance', 'settle-responsibility', 'plan-leaving-school',
                         'agreed-at-meeting', 'hold-first-network-meeting', 'hold-second-network-meeting', 'check-number')),
    subject_id       uuid NOT NULL,
    occasion         date,
    employee_id      uuid REFERENCES employee (id),
    original_due_on  date NOT NULL,
    exempt_until     date,
    exempt_reason    text,
    -- DL-4: the later of the original day and the day that the exemption gives.
    due_on           date NOT NULL GENERATED ALWAYS AS (greatest(original_due_on, exempt_until)) STORED,
    missed_on        date,
    made_at          timestamptz NOT NULL,
    raised_at        timestamptz,
    done_at          timestamptz,
    ended            text CONSTRAINT task_ended_known CHECK (ended IN ('act', 'tick', 'lapsed')),
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT task_ended CHECK ((done_at IS NULL) = (ended IS NULL)),
    CONSTRAINT task_exemption CHECK ((exempt_until IS NULL) = (exempt_reason IS NULL)),
    CONSTRAINT task_occasion_in_calendar CHECK (occasion BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT task_original_due_on_in_calendar CHECK (original_due_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT task_exempt_until_in_calendar CHECK (exempt_until BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT task_due_on_in_calendar CHECK (due_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT task_missed_on_in_calendar CHECK (missed_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE UNIQUE INDEX task_once ON task (kind, subject_id) WHERE done_at IS NULL AND occasion IS NULL;
CREATE UNIQUE INDEX task_once_each_time ON task (kind, subject_id, occasion, writing_unit_id) WHERE occasion IS NOT NULL;
CREATE INDEX task_by_subject ON task (subject_id);
CREATE INDEX task_raised ON task (due_on) WHERE done_at IS NULL AND raised_at IS NULL;
CREATE INDEX task_by_unit ON task (writing_unit_id, due_on);
CREATE INDEX task_by_young_person ON task (young_person_id, done_at);
CREATE INDEX task_by_employee ON task (employee_id, due_on, id) WHERE done_at IS NULL;
CREATE INDEX task_of_nobody ON task (writing_unit_id, due_on, id) WHERE done_at IS NULL AND employee_id IS NULL;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;

-- DL-1. Laws change: each row applies to what begins on its days.
CREATE TABLE deadline_rule (
    code         text NOT NULL,
    valid_from   date NOT NULL,
    valid_to     date,
    rule         text NOT NULL,
    starts_from  text NOT NULL CONSTRAINT deadline_rule_starts_known CHECK (starts_from IN ('benefit', 'intervention-started',
                     'plan-activated', 'something-started-in-a-draft', 'second-unit-joined', 'plan-closed', 'group-left', 'moved-out',
                     'place-offered', 'number-contested', 'plan-not-followed', 'young-person-contacted', 'absence', 'nothing-agreed', 'past-due',
                     'transition-need', 'need-to-judge', 'need-exempted', 'responsibility-agreed', 'school-ends',
                     'pregnancy-known', 'birth')),
    of           text[] NOT NULL DEFAULT '{}',
    asked_after  integer NOT NULL DEFAULT 0 CONSTRAINT deadline_rule_asked_after CHECK (asked_after BETWEEN 0 AND 3650),
    length       integer NOT NULL CONSTRAINT deadline_rule_length CHECK (length BETWEEN 1 AND 3650),
    unit         text NOT NULL CONSTRAINT deadline_rule_unit_known CHECK (unit IN ('working-days', 'days', 'weeks', 'months')),
    whose        text NOT NULL CONSTRAINT deadline_rule_whose_known CHECK (whose IN ('coordinator', 'institution', 'uu', 'team-leader',
                     'sender', 'receiver', 'director')),
    act          text,
    source       text NOT NULL,
    PRIMARY KEY (code, valid_from),
    CONSTRAINT deadline_rule_one_at_a_time EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&),
    CONSTRAINT deadline_rule_valid_from_in_calendar CHECK (valid_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT deadline_rule_valid_to_in_calendar CHECK (valid_to BETWEEN '1900-01-01' AND '2199-12-31')
);

INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, asked_after, length, unit, whose, act, source) VALUES
    ('hold-first-conversation', '2000-01-01', 'DL-1', 'benefit', '{uddannelseshjaelp}', 0, 7, 'days', 'coordinator', 'writeConversation', 'S2'),
    ('call-sick-listed', '2000-01-01', 'DL-1', 'benefit', '{sygedagpenge}', 0, 5, 'working-days', 'coordinator', 'writeConversation', 'S1'),
    ('start-internship', '2000-01-01', 'DL-1', 'intervention-started', '{jobigen}', 0, 1, 'months', 'coordinator', 'startIntervention', 'S0'),
    ('take-state', '2000-01-01', 'PL-8', 'plan-closed', '{}', 0, 6, 'months', 'coordinator', 'takeState', 'S1'),
    ('take-group-state', '2000-01-01', 'PL-8', 'group-left', '{}', 0, 6, 'months', 'coordinator', 'takeState', 'S1'),
    ('hold-review', '2000-01-01', 'PL-5', 'plan-activated', '{}', 0, 26, 'weeks', 'coordinator', 'holdReview', 'chosen'),
    ('measure-indicators', '2000-01-01', 'PL-12', 'plan-activated', '{}', 0, 26, 'weeks', 'coordinator', 'measureIndicators', 'chosen'),
    ('activate-plan', '2000-01-01', 'IV-4', 'something-started-in-a-draft', '{}', 0, 4, 'weeks', 'coordinator', 'activatePlan', 'chosen'),
    ('offer-contact-person', '2000-01-01', 'PL-2', 'second-unit-joined', '{}', 0, 5, 'working-days', 'coordinator', 'setContactPerson', 'chosen'),
    ('hand-over', '2000-01-01', 'YP-6', 'moved-out', '{}', 0, 5, 'working-days', 'coordinator', NULL, 'chosen'),
    ('answer-offer', '2000-01-01', 'IV-3', 'place-offered', '{}', 0, 5, 'working-days', 'coordinator', 'startIntervention', 'chosen'),
    ('contact-young-person', '2019-08-01', 'HL-9', 'plan-not-followed', '{}', 0, 5, 'working-days', 'coordinator', 'writeConversation', 'KUI § 2 a'),
    ('start-activity', '2019-08-01', 'HL-9', 'young-person-contacted', '{}', 0, 30, 'days', 'coordinator', 'startIntervention', 'KUI § 2 a'),
    ('contact-absent', '2000-01-01', 'AB-1', 'absence', '{}', 0, 2, 'working-days', 'institution', NULL, 'S2; length chosen'),
    ('answer-absence', '2000-01-01', 'AB-1', 'absence', '{}', 14, 5, 'working-days', 'coordinator', 'writeConversation', 'S2; length chosen'),
    ('guide-absentee', '2000-01-01', 'AB-1', 'absence', '{}', 14, 5, 'working-days', 'uu', 'writeConversation', 'S2; length chosen'),
    ('check-number', '2000-01-01', 'YP-2', 'number-contested', '{}', 0, 7, 'days', 'coordinator', NULL, 'chosen'),
    ('close-gap', '2000-01-01', 'AB-2', 'nothing-agreed', '{}', 14, 5, 'working-days', 'coordinator', 'referIntervention', 'chosen'),
    ('raise-overdue', '2000-01-01', 'DL-5', 'past-due', '{}', 0, 3, 'working-days', 'team-leader', NULL, 'chosen');

-- DL-6: school holidays, as each municipality decides them.
CREATE TABLE school_holiday (
    municipality_code text NOT NULL CONSTRAINT school_holiday_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    from_day          date NOT NULL,
    to_day            date NOT NULL,
    name              text NOT NULL,
    PRIMARY KEY (municipality_code, from_day),
    CONSTRAINT school_holiday_period CHECK (from_day <= to_day),
    CONSTRAINT school_holiday_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT school_holiday_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31')
);

-- HL-9: a 15-17-year-old does not follow the plan. What ends the two deadlines is recorded elsewhere.
CREATE TABLE activity_clock (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    contact_id       uuid REFERENCES hotline_contact (id),
    from_day         date NOT NULL,
    started_by_id    uuid NOT NULL REFERENCES employee (id),
    started_at       timestamptz NOT NULL,
    CONSTRAINT activity_clock_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX activity_clock_by_contact ON activity_clock (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_clock_by_young_person ON activity_clock (young_person_id, from_day);
ALTER TABLE activity_clock ENABLE ROW LEVEL SECURITY;

INSERT INTO access_rule (code, valid_from, receivers, kind, areas, legal_basis, reason, source) VALUES
    ('guide-absentee', '2000-01-01', 'guiding_unit', 'law', 5, 'KUI-loven', 'Fravær eller frafald er meldt.', 'AB-1');
