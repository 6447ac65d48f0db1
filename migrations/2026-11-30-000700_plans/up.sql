-- The joint plan: goals, roles, participants, links; progress, indicators and reviews; disclosures to external parties; the history
-- of plans and goals; the follow-up status (PL-8).

-- PL-1: a young person has at most one open plan.
CREATE TABLE plan (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    state            text NOT NULL,
    purpose          text NOT NULL,
    own_words        text,
    own_words_absent text,
    previous_plan_id uuid,
    opened_at        timestamptz NOT NULL,
    activated_at     timestamptz,
    next_review_on   date,
    review_set_on    date,
    closed_at        timestamptz,
    outcome          text,
    outcome_note     text,
    version          bigint NOT NULL DEFAULT 1,
    UNIQUE (id, young_person_id),
    CONSTRAINT plan_previous FOREIGN KEY (previous_plan_id, young_person_id)
        REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_outcome_known CHECK (outcome IN ('education', 'employment', 'self-supporting', 'moved-away',
        'left-the-country', 'reached-30', 'own-wish', 'permanent-benefit', 'continues-on-public-support', 'deceased')),
    CONSTRAINT plan_own_words_once CHECK (num_nonnulls(own_words, own_words_absent) <= 1),
    -- Each state has the columns of its Rust variant.
    CONSTRAINT plan_state_columns CHECK (CASE state
        WHEN 'draft'  THEN num_nonnulls(activated_at, next_review_on, review_set_on, closed_at, outcome, outcome_note) = 0
        WHEN 'active' THEN num_nonnulls(activated_at, next_review_on, review_set_on) = 3
                       AND num_nonnulls(closed_at, outcome, outcome_note) = 0
                       AND num_nonnulls(own_words, own_words_absent) = 1
        WHEN 'closed' THEN num_nonnulls(closed_at, outcome) = 2 AND num_nonnulls(next_review_on, review_set_on) = 0
        ELSE false END),
    -- PL-5: at most 26 weeks (chosen) after the day on which it was set.
    CONSTRAINT "plan.review-out-of-range" CHECK (next_review_on BETWEEN review_set_on AND review_set_on + 182),
    CONSTRAINT plan_next_review_on_in_calendar CHECK (next_review_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT plan_review_set_on_in_calendar CHECK (review_set_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE UNIQUE INDEX "plan.already-open" ON plan (young_person_id) WHERE state <> 'closed';
CREATE INDEX plan_by_young_person ON plan (young_person_id, opened_at);
CREATE INDEX plan_drafts ON plan (writing_unit_id, opened_at) WHERE state = 'draft';
CREATE INDEX plan_by_previous ON plan (previous_plan_id) WHERE previous_plan_id IS NOT NULL;
ALTER TABLE plan ENABLE ROW LEVEL SECURITY;

CREATE TABLE goal (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    area             text NOT NULL CONSTRAINT goal_area_known CHECK (area IN ('education', 'employment', 'health', 'social',
                         'everyday-coping', 'network', 'housing-and-economy')),
    wished_result    text NOT NULL,
    target_date      date NOT NULL,
    result           text,
    set_at           timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    UNIQUE (id, plan_id, young_person_id),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT goal_target_date_in_calendar CHECK (target_date BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX goal_by_plan ON goal (plan_id, young_person_id);
CREATE INDEX goal_by_young_person ON goal (young_person_id);
ALTER TABLE goal ENABLE ROW LEVEL SECURITY;

-- Contact person and coordinator: each row applies until the next one of its kind begins (D-19, D-21).
CREATE TABLE plan_role (
    plan_id              uuid NOT NULL,
    kind                 text NOT NULL CONSTRAINT plan_role_kind_known CHECK (kind IN ('contact-person', 'coordinator')),
    from_at              timestamptz NOT NULL,
    young_person_id      uuid NOT NULL,
    information_area     information_area NOT NULL DEFAULT 2,
    writing_unit_id      uuid NOT NULL REFERENCES unit (id),
    employee_id          uuid REFERENCES employee (id),
    outside_name         text,
    outside_telephone    text,
    outside_organisation text,
    declined_reason      text,
    PRIMARY KEY (plan_id, kind, from_at),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_role_one_way CHECK (num_nonnulls(employee_id, outside_name, declined_reason) <= 1),
    CONSTRAINT plan_role_outside CHECK (outside_name IS NOT NULL OR num_nonnulls(outside_telephone, outside_organisation) = 0),
    CONSTRAINT plan_role_coordinator_is_employed CHECK (kind = 'contact-person' OR employee_id IS NOT NULL)
);
CREATE INDEX plan_role_by_young_person ON plan_role (young_person_id);
CREATE INDEX plan_role_by_employee ON plan_role (employee_id);
ALTER TABLE plan_role ENABLE ROW LEVEL SECURITY;

-- PL-6: each unit that works with the young person, with a named employee.
CREATE TABLE plan_participant (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    employee_id      uuid NOT NULL REFERENCES employee (id),
    joined_at        timestamptz NOT NULL,
    left_at          timestamptz,
    CONSTRAINT plan_participant_period CHECK (joined_at <= left_at),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "plan.already-participating" ON plan_participant (plan_id, unit_id) WHERE left_at IS NULL;
CREATE INDEX plan_participant_by_plan ON plan_participant (plan_id, young_person_id);
CREATE INDEX plan_participant_by_young_person ON plan_participant (young_person_id);
CREATE INDEX plan_participant_by_unit ON plan_participant (unit_id);
ALTER TABLE plan_participant ENABLE ROW LEVEL SECURITY;

-- PL-6: a department's own plan is linked; it is never a second plan.
CREATE TABLE plan_link (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT plan_link_kind_known CHECK (kind IN
                         ('education-plan', 'min-plan', 'handleplan', 'ungeplan', 'course-plan', 'other')),
    title            text NOT NULL,
    reference        text NOT NULL,
    linked_at        timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE
);
CREATE INDEX plan_link_by_plan ON plan_link (plan_id, young_person_id);
CREATE INDEX plan_link_by_young_person ON plan_link (young_person_id);
ALTER TABLE plan_link ENABLE ROW LEVEL SECURITY;

-- PL-4: progress from 0 to 10, as the young person and as the professional see it, each as a separate series.
CREATE TABLE goal_progress (
    id               uuid PRIMARY KEY,
    goal_id          uuid NOT NULL,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    voice            text NOT NULL CONSTRAINT goal_progress_voice_known CHECK (voice IN ('young-person', 'professional')),
    on_day           date NOT NULL,
    score            smallint NOT NULL CONSTRAINT goal_progress_scale CHECK (score BETWEEN 0 AND 10),
    note             text,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    FOREIGN KEY (goal_id, plan_id, young_person_id) REFERENCES goal (id, plan_id, young_person_id) ON UPDATE CASCADE,
    -- Contains the columns from which the latest score of a voice is read (`plan_file`).
    CONSTRAINT "goal.progress-already-told" UNIQUE (goal_id, voice, on_day) INCLUDE (score, entered_at, information_area, writing_unit_id),
    CONSTRAINT goal_progress_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX goal_progress_by_young_person ON goal_progress (young_person_id);
ALTER TABLE goal_progress ENABLE ROW LEVEL SECURITY;

-- PL-12: a row for each measurement. NULL if an indicator was not measured.
CREATE TABLE plan_indicators (
    id                 uuid PRIMARY KEY,
    plan_id            uuid NOT NULL,
    young_person_id    uuid NOT NULL,
    information_area   information_area NOT NULL DEFAULT 2,
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    on_day             date NOT NULL,
    everyday_coping    smallint CONSTRAINT plan_indicators_everyday_coping CHECK (everyday_coping BETWEEN 1 AND 5),
    reservation_wage   smallint CONSTRAINT plan_indicators_reservation_wage CHECK (reservation_wage BETWEEN 1 AND 5),
    caseworker_belief  smallint CONSTRAINT plan_indicators_caseworker_belief CHECK (caseworker_belief BETWEEN 1 AND 5),
    supportive_network smallint CONSTRAINT plan_indicators_supportive_network CHECK (supportive_network BETWEEN 1 AND 5),
    entered_by_id      uuid NOT NULL REFERENCES employee (id),
    entered_at         timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_indicators_something CHECK
        (num_nonnulls(everyday_coping, reservation_wage, caseworker_belief, supportive_network) > 0),
    CONSTRAINT plan_indicators_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX plan_indicators_by_plan ON plan_indicators (plan_id, on_day);
CREATE INDEX plan_indicators_by_young_person ON plan_indicators (young_person_id);
ALTER TABLE plan_indicators ENABLE ROW LEVEL SECURITY;

-- PL-5: held reviews. The plan has the date of the next one.
CREATE TABLE plan_review (
    id                     uuid PRIMARY KEY,
    plan_id                uuid NOT NULL,
    young_person_id        uuid NOT NULL,
    information_area       information_area NOT NULL DEFAULT 2,
    writing_unit_id        uuid NOT NULL REFERENCES unit (id),
    on_day                 date NOT NULL,
    took_part              text[] NOT NULL CONSTRAINT plan_review_took_part CHECK (cardinality(took_part) BETWEEN 1 AND 20),
    young_person_took_part boolean NOT NULL,
    decisions              text NOT NULL,
    next_review_on         date NOT NULL,
    entered_by_id          uuid NOT NULL REFERENCES employee (id),
    entered_at             timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_review_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT plan_review_next_review_on_in_calendar CHECK (next_review_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX plan_review_by_plan ON plan_review (plan_id, on_day, id);
CREATE INDEX plan_review_by_young_person ON plan_review (young_person_id);
ALTER TABLE plan_review ENABLE ROW LEVEL SECURITY;

-- Disclosures to external parties: to schools, of an education order (PL-14) and of needs of support (PL-15), and to
-- participants without an account (PL-16). Each disclosure has its day (`on_day`) and its basis: `basis_kind`, the section
-- of a law, and a description.
CREATE TABLE education_order (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    education        text NOT NULL,
    school           text NOT NULL,
    from_day         date NOT NULL,
    to_day           date,
    mentor           text,
    told             text,
    on_day           date NOT NULL,
    basis_kind       text NOT NULL CONSTRAINT education_order_basis_known CHECK (basis_kind IN ('law', 'consent', 'necessity')),
    basis_paragraph  text,
    basis_words      text NOT NULL,
    received_on      date,
    received_by      text,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT education_order_period CHECK (from_day <= to_day),
    CONSTRAINT education_order_basis CHECK ((basis_kind = 'law') = (basis_paragraph IS NOT NULL)),
    CONSTRAINT education_order_receipt CHECK (num_nonnulls(received_on, received_by) <> 1),
    CONSTRAINT "disclosure.day-out-of-range" CHECK (received_on >= on_day),
    CONSTRAINT education_order_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_order_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_order_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_order_received_on_in_calendar CHECK (received_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX education_order_by_plan ON education_order (plan_id, young_person_id);
CREATE INDEX education_order_by_young_person ON education_order (young_person_id);
ALTER TABLE education_order ENABLE ROW LEVEL SECURITY;

CREATE TABLE support_remark (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL CONSTRAINT support_remark_area CHECK (information_area IN (4, 8, 16)),
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    school           text NOT NULL,
    told             text NOT NULL,
    on_day           date NOT NULL,
    basis_kind       text NOT NULL CONSTRAINT support_remark_basis_known CHECK (basis_kind IN ('law', 'consent', 'necessity')),
    basis_paragraph  text,
    basis_words      text NOT NULL,
    received_on      date,
    received_by      text,
    answered_on      date,
    answer           text,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT support_remark_basis CHECK ((basis_kind = 'law') = (basis_paragraph IS NOT NULL)),
    CONSTRAINT support_remark_receipt CHECK (num_nonnulls(received_on, received_by) <> 1),
    CONSTRAINT support_remark_answer CHECK (num_nonnulls(answered_on, answer) <> 1),
    CONSTRAINT "disclosure.day-out-of-range" CHECK (received_on >= on_day AND answered_on >= on_day),
    CONSTRAINT support_remark_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT support_remark_received_on_in_calendar CHECK (received_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT support_remark_answered_on_in_calendar CHECK (answered_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX support_remark_by_plan ON support_remark (plan_id, young_person_id);
CREATE INDEX support_remark_by_young_person ON support_remark (young_person_id);
ALTER TABLE support_remark ENABLE ROW LEVEL SECURITY;

-- PL-16: a participant without an account. Naming them opens nothing.
CREATE TABLE external_participant (
    id                   uuid PRIMARY KEY,
    plan_id              uuid NOT NULL,
    young_person_id      uuid NOT NULL,
    information_area     information_area NOT NULL CONSTRAINT external_participant_area CHECK (information_area <> 1),
    writing_unit_id      uuid NOT NULL REFERENCES unit (id),
    name                 text NOT NULL,
    role                 text NOT NULL CONSTRAINT external_participant_role_known CHECK (role IN ('doctor', 'psychiatry',
                             'prison-service', 'lawyer', 'midwife', 'health-visitor', 'other')),
    role_words           text,
    organisation         text,
    contact              text,
    basis_kind           text NOT NULL CONSTRAINT external_participant_basis_known CHECK (basis_kind IN ('law', 'consent', 'necessity')),
    basis_paragraph      text,
    basis_words          text NOT NULL,
    consent_given_on     date,
    consent_areas        integer CONSTRAINT external_participant_consent_areas CHECK (consent_areas BETWEEN 1 AND 63),
    consent_until        date,
    consent_withdrawn_on date,
    ended_on             date,
    entered_by_id        uuid NOT NULL REFERENCES employee (id),
    entered_at           timestamptz NOT NULL,
    version              bigint NOT NULL DEFAULT 1,
    UNIQUE (id, plan_id, young_person_id),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT external_participant_role_words CHECK ((role = 'other') = (role_words IS NOT NULL)),
    CONSTRAINT external_participant_basis CHECK ((basis_kind = 'law') = (basis_paragraph IS NOT NULL)),
    CONSTRAINT external_participant_consent CHECK (CASE WHEN basis_kind = 'consent'
        THEN num_nonnulls(consent_given_on, consent_areas) = 2
        ELSE num_nonnulls(consent_given_on, consent_areas, consent_until, consent_withdrawn_on) = 0 END),
    CONSTRAINT external_participant_consent_period CHECK (consent_given_on <= consent_until AND consent_given_on <= consent_withdrawn_on),
    CONSTRAINT external_participant_consent_given CHECK (consent_given_on <= (entered_at AT TIME ZONE 'Europe/Copenhagen')::date),
    CONSTRAINT external_participant_consent_given_on_in_calendar CHECK (consent_given_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT external_participant_consent_until_in_calendar CHECK (consent_until BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT external_participant_consent_withdrawn_on_in_calendar CHECK (consent_withdrawn_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT external_participant_ended_on_in_calendar CHECK (ended_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX external_participant_by_plan ON external_participant (plan_id, young_person_id);
CREATE INDEX external_participant_by_young_person ON external_participant (young_person_id);
ALTER TABLE external_participant ENABLE ROW LEVEL SECURITY;

-- PL-16: a disclosure to such a participant. It has the area of what was disclosed.
CREATE TABLE external_disclosure (
    id               uuid PRIMARY KEY,
    participant_id   uuid NOT NULL,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    told             text NOT NULL,
    on_day           date NOT NULL,
    basis_kind       text NOT NULL CONSTRAINT external_disclosure_basis_known CHECK (basis_kind IN ('law', 'consent', 'necessity')),
    basis_paragraph  text,
    basis_words      text NOT NULL,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    FOREIGN KEY (participant_id, plan_id, young_person_id)
        REFERENCES external_participant (id, plan_id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT external_disclosure_basis CHECK ((basis_kind = 'law') = (basis_paragraph IS NOT NULL)),
    CONSTRAINT external_disclosure_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX external_disclosure_by_participant ON external_disclosure (participant_id, plan_id, young_person_id);
CREATE INDEX external_disclosure_by_plan ON external_disclosure (plan_id);
CREATE INDEX external_disclosure_by_young_person ON external_disclosure (young_person_id);
ALTER TABLE external_disclosure ENABLE ROW LEVEL SECURITY;

-- AB-2: a periodic exemption.
CREATE TABLE plan_exemption (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    reason           text NOT NULL,
    from_day         date NOT NULL,
    to_day           date NOT NULL,
    given_by_id      uuid NOT NULL REFERENCES employee (id),
    given_at         timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    -- At most 26 weeks (chosen), the interval of reviews.
    CONSTRAINT "plan.exemption-out-of-range" CHECK (to_day BETWEEN from_day AND from_day + 182),
    CONSTRAINT plan_exemption_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT plan_exemption_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX plan_exemption_by_plan ON plan_exemption (plan_id, to_day);
CREATE INDEX plan_exemption_by_young_person ON plan_exemption (young_person_id);
ALTER TABLE plan_exemption ENABLE ROW LEVEL SECURITY;

-- PL-11: every state of a row of `plan`, with the time since which it applied. A trigger writes it; the row itself has the last state.
CREATE TABLE plan_history (
    LIKE plan,
    since      timestamptz NOT NULL,
    history_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    FOREIGN KEY (young_person_id) REFERENCES young_person (id) ON UPDATE CASCADE,
    CONSTRAINT plan_history_next_review_on_in_calendar CHECK (next_review_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT plan_history_review_set_on_in_calendar CHECK (review_set_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX plan_history_by_id ON plan_history (id, since);
CREATE INDEX plan_history_by_young_person ON plan_history (young_person_id);
CREATE INDEX plan_history_by_writing_unit ON plan_history (writing_unit_id);
ALTER TABLE plan_history ENABLE ROW LEVEL SECURITY;

-- PL-11: every state of a row of `goal`, with the time since which it applied. A trigger writes it; the row itself has the last state.
CREATE TABLE goal_history (
    LIKE goal,
    since      timestamptz NOT NULL,
    history_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    FOREIGN KEY (young_person_id) REFERENCES young_person (id) ON UPDATE CASCADE,
    CONSTRAINT goal_history_target_date_in_calendar CHECK (target_date BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX goal_history_by_id ON goal_history (id, since);
CREATE INDEX goal_history_by_young_person ON goal_history (young_person_id);
CREATE INDEX goal_history_by_writing_unit ON goal_history (writing_unit_id);
CREATE INDEX goal_history_by_plan ON goal_history (plan_id, since);
ALTER TABLE goal_history ENABLE ROW LEVEL SECURITY;

-- PL-8: the follow-up status six months after a young person left a target group, or after their plan was closed.
CREATE TABLE follow_up (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT follow_up_kind_known CHECK (kind IN ('target-group', 'plan')),
    left_on          date NOT NULL,
    state            text NOT NULL CONSTRAINT follow_up_state_known
                         CHECK (state IN ('education-or-work', 'public-support', 'self-supporting-or-left')),
    source           text NOT NULL CONSTRAINT follow_up_source_known CHECK (source IN ('episodes', 'asked')),
    taken_on         date NOT NULL,
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT "follow-up.already-taken" UNIQUE (young_person_id, kind, left_on),
    CONSTRAINT "follow-up.too-early" CHECK (taken_on >= (left_on + interval '6 months')::date),
    CONSTRAINT follow_up_left_on_in_calendar CHECK (left_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT follow_up_taken_on_in_calendar CHECK (taken_on BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE follow_up ENABLE ROW LEVEL SECURITY;
