-- The catalogue with its dated places, interventions, and what is part of them: extensions, attendance, absence, company, hours,
-- sessions and groups; the history of interventions.

-- IV-8: eight digits, the first one not 0, whose weighted sum is divisible by 11.
CREATE FUNCTION is_cvr(number text) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN number ~ '^[1-9][0-9]{7}$' THEN (SELECT sum(digit::integer * weight) % 11 = 0
        FROM unnest(string_to_array(number, NULL), ARRAY[2, 7, 6, 5, 4, 3, 2, 1]) d (digit, weight)) ELSE false END;
GRANT EXECUTE ON FUNCTION is_cvr(text) TO enplan_app, enplan_worker;

CREATE TABLE catalogue_entry (
    code             text PRIMARY KEY CONSTRAINT catalogue_entry_code_form CHECK (code ~ '^[a-z0-9-]{1,60}$'),
    title            text NOT NULL,
    description      text NOT NULL,
    provider_unit_id uuid NOT NULL REFERENCES unit (id),
    area             text NOT NULL CONSTRAINT catalogue_entry_area_known
                         CHECK (area IN ('education', 'employment', 'health', 'social', 'family')),
    usual_weeks      integer CONSTRAINT catalogue_entry_weeks CHECK (usual_weeks BETWEEN 1 AND 520),
    min_age          integer CONSTRAINT catalogue_entry_min_age CHECK (min_age BETWEEN 0 AND 99),
    max_age          integer CONSTRAINT catalogue_entry_max_age CHECK (max_age BETWEEN 0 AND 99),
    target_groups    integer[] NOT NULL CONSTRAINT catalogue_entry_groups CHECK (target_groups <@ ARRAY[0, 1, 2, 3, 4]),
    company_oriented boolean NOT NULL,
    repeatable       boolean NOT NULL,
    cannot_wait      boolean NOT NULL,
    visitation       boolean NOT NULL DEFAULT false,
    assessment_required boolean NOT NULL DEFAULT false,
    mentoring        boolean NOT NULL DEFAULT false,
    last_ticket      bigint NOT NULL DEFAULT 0,
    version          bigint NOT NULL DEFAULT 1
);
CREATE INDEX catalogue_entry_by_provider ON catalogue_entry (provider_unit_id);
ALTER TABLE catalogue_entry ENABLE ROW LEVEL SECURITY;

-- IV-3: places from a day on, until the next row begins. Without a row, or if NULL, places are not limited.
CREATE TABLE catalogue_places (
    code        text NOT NULL REFERENCES catalogue_entry (code),
    from_day    date NOT NULL,
    places      integer CONSTRAINT catalogue_places_number CHECK (places BETWEEN 0 AND 10000),
    reason      text NOT NULL,
    decided_by_id uuid REFERENCES employee (id),
    PRIMARY KEY (code, from_day),
    CONSTRAINT catalogue_places_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE catalogue_places ENABLE ROW LEVEL SECURITY;

CREATE TABLE intervention (
    id                uuid PRIMARY KEY,
    plan_id           uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    catalogue_code    text REFERENCES catalogue_entry (code),
    title             text NOT NULL,
    area              text NOT NULL CONSTRAINT intervention_area_known
                          CHECK (area IN ('education', 'employment', 'health', 'social', 'family')),
    repeatable        boolean NOT NULL,
    state             text NOT NULL,
    planned_start     date NOT NULL,
    planned_end       date,
    responsible_id    uuid NOT NULL REFERENCES employee (id),
    reason            text,
    referred_at       timestamptz NOT NULL,
    answer_by         date,
    accepted_on       date,
    accepted_by_id    uuid REFERENCES employee (id),
    acceptance_reason text,
    ticket            bigint,
    priority          integer NOT NULL DEFAULT 0 CONSTRAINT intervention_priority CHECK (priority BETWEEN 0 AND 9),
    priority_reason   text,
    holds_from        date,
    offered_at        timestamptz,
    offer_expires_on  date,
    started_on        date,
    ended_on          date,
    end_reason        text CONSTRAINT intervention_end_reason_known CHECK (end_reason IN ('education', 'employment',
                          'internship', 'substance-abuse', 'mental-health', 'physical-health', 'moved', 'other-offer',
                          'did-not-attend', 'own-wish', 'completed')),
    declined_by       text CONSTRAINT intervention_declined_by_known CHECK (declined_by IN ('provider', 'young-person', 'lapsed')),
    declined_on       date,
    decline_reason    text,
    note              text,
    carried_on_by_id  uuid REFERENCES unit (id),
    version           bigint NOT NULL DEFAULT 1,
    -- The days on which it holds a place: open-ended until it has ended, because most interventions are extended.
    held              daterange GENERATED ALWAYS AS (CASE
                          WHEN state IN ('referred', 'offered') THEN daterange(holds_from, NULL)
                          WHEN state = 'started' THEN daterange(started_on, NULL)
                          WHEN state IN ('completed', 'ended-early') THEN daterange(started_on, ended_on)
                          ELSE 'empty'::daterange END) STORED,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    -- Parts of an intervention have all columns that decide who sees it.
    UNIQUE (id, young_person_id, information_area, writing_unit_id, providing_unit_id),
    CONSTRAINT intervention_planned CHECK (planned_start <= planned_end),
    CONSTRAINT intervention_tailored CHECK (catalogue_code IS NOT NULL OR repeatable),
    CONSTRAINT intervention_state_columns CHECK (CASE state
        WHEN 'referred'    THEN holds_from IS NOT NULL AND num_nonnulls(offered_at, offer_expires_on, started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'waiting'     THEN ticket IS NOT NULL AND num_nonnulls(holds_from, offered_at, offer_expires_on, started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'offered'     THEN num_nonnulls(ticket, holds_from, offered_at, offer_expires_on) = 4 AND num_nonnulls(started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'started'     THEN started_on IS NOT NULL AND num_nonnulls(ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'completed'   THEN num_nonnulls(started_on, ended_on) = 2 AND end_reason = 'completed'
        WHEN 'ended-early' THEN num_nonnulls(started_on, ended_on, end_reason) = 3 AND end_reason <> 'completed'
        WHEN 'withdrawn'   THEN num_nonnulls(started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'declined'    THEN num_nonnulls(declined_by, declined_on, decline_reason) = 3 AND num_nonnulls(started_on, ended_on, end_reason) = 0
        ELSE false END),
    CONSTRAINT intervention_period CHECK (started_on <= ended_on),
    CONSTRAINT intervention_acceptance CHECK ((accepted_on IS NULL) = (accepted_by_id IS NULL)
        AND (acceptance_reason IS NULL OR accepted_on IS NOT NULL)),
    CONSTRAINT intervention_priority_reason CHECK (priority = 0 OR priority_reason IS NOT NULL),
    CONSTRAINT intervention_planned_start_in_calendar CHECK (planned_start BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_planned_end_in_calendar CHECK (planned_end BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_answer_by_in_calendar CHECK (answer_by BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_accepted_on_in_calendar CHECK (accepted_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_holds_from_in_calendar CHECK (holds_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_offer_expires_on_in_calendar CHECK (offer_expires_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_started_on_in_calendar CHECK (started_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_ended_on_in_calendar CHECK (ended_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_declined_on_in_calendar CHECK (declined_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX intervention_by_plan ON intervention (plan_id, young_person_id);
CREATE INDEX intervention_by_young_person ON intervention (young_person_id);
CREATE INDEX intervention_by_provider ON intervention (providing_unit_id, state);
CREATE INDEX intervention_by_responsible ON intervention (responsible_id);
CREATE INDEX intervention_by_offer_expiry ON intervention (offer_expires_on) WHERE state = 'offered';
CREATE INDEX intervention_in_line ON intervention (catalogue_code, priority DESC, ticket) WHERE state = 'waiting';
CREATE INDEX intervention_held ON intervention USING gist (catalogue_code, held);
-- IV-2.
CREATE UNIQUE INDEX "intervention.already-running" ON intervention (young_person_id, catalogue_code)
    WHERE NOT repeatable AND state IN ('referred', 'waiting', 'offered', 'started');
ALTER TABLE intervention ENABLE ROW LEVEL SECURITY;

-- IV-11: UU's target-group assessment for a catalogue entry. The newest one counts.
CREATE TABLE intake_assessment (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    catalogue_code   text NOT NULL REFERENCES catalogue_entry (code),
    assessed_on      date NOT NULL,
    assessed_by_id   uuid NOT NULL REFERENCES employee (id),
    in_target_group  boolean NOT NULL,
    reason           text NOT NULL,
    CONSTRAINT intake_assessment_assessed_on_in_calendar CHECK (assessed_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX intake_assessment_newest ON intake_assessment (young_person_id, catalogue_code, assessed_on DESC, id DESC);
CREATE INDEX intake_assessment_by_offer ON intake_assessment (catalogue_code);
ALTER TABLE intake_assessment ENABLE ROW LEVEL SECURITY;

-- A later planned end, with its reason. The intervention has the last one.
CREATE TABLE intervention_extension (
    intervention_id   uuid NOT NULL,
    planned_end       date NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    reason            text NOT NULL,
    extended_on       date NOT NULL,
    PRIMARY KEY (intervention_id, planned_end),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE,
    CONSTRAINT intervention_extension_planned_end_in_calendar CHECK (planned_end BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_extension_extended_on_in_calendar CHECK (extended_on BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE intervention_extension ENABLE ROW LEVEL SECURITY;

-- IV-9: attendance on a day of an intervention that has started. Recording the day again corrects it.
CREATE TABLE attendance (
    intervention_id   uuid NOT NULL,
    on_day            date NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    presence          text NOT NULL CONSTRAINT attendance_presence_known CHECK (presence IN ('present', 'excused', 'absent')),
    last_told_on      date DEFAULT acting_today(),
    told_by_id        uuid DEFAULT acting_employee(),
    hours             double precision CONSTRAINT attendance_hours CHECK (hours BETWEEN 0.25 AND 24 AND hours * 4 = trunc(hours * 4)),
    PRIMARY KEY (intervention_id, on_day),
    CONSTRAINT attendance_hours_of_presence CHECK (hours IS NULL OR presence = 'present'),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE,
    CONSTRAINT attendance_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT attendance_last_told_on_in_calendar CHECK (last_told_on BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE attendance ENABLE ROW LEVEL SECURITY;

-- What a catalogue entry presumes, and what it cannot run alongside. Each row belongs to the entry that states it. An
-- exclusion applies both ways. Only direct presumptions are checked, so a circle does no harm.
CREATE TABLE catalogue_presumes (
    code          text NOT NULL REFERENCES catalogue_entry (code),
    presumed_code text NOT NULL REFERENCES catalogue_entry (code),
    PRIMARY KEY (code, presumed_code),
    CONSTRAINT catalogue_presumes_another CHECK (code <> presumed_code)
);
CREATE INDEX catalogue_presumes_by_presumed ON catalogue_presumes (presumed_code);
ALTER TABLE catalogue_presumes ENABLE ROW LEVEL SECURITY;

CREATE TABLE catalogue_excludes (
    code          text NOT NULL REFERENCES catalogue_entry (code),
    excluded_code text NOT NULL REFERENCES catalogue_entry (code),
    PRIMARY KEY (code, excluded_code),
    CONSTRAINT catalogue_excludes_another CHECK (code <> excluded_code)
);
CREATE INDEX catalogue_excludes_by_excluded ON catalogue_excludes (excluded_code);
ALTER TABLE catalogue_excludes ENABLE ROW LEVEL SECURITY;

-- PL-11: the rows of the following tables are stored as they were recorded, each from its time on. If the time is not set
-- (a load, an SQL prompt), the row has always applied.

-- IV-8. A separate table, because company and supervisor reveal where the young person is (YP-5). The last recorded company
-- applies.
CREATE TABLE intervention_company (
    told_no              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intervention_id      uuid NOT NULL,
    young_person_id      uuid NOT NULL,
    information_area     information_area NOT NULL,
    writing_unit_id      uuid NOT NULL,
    providing_unit_id    uuid NOT NULL,
    cvr                  text NOT NULL CONSTRAINT "company.cvr-invalid" CHECK (is_cvr(cvr)),
    name                 text NOT NULL,
    supervisor_name      text NOT NULL,
    supervisor_telephone text,
    catalogue_code       text,
    running              boolean NOT NULL,
    told_at              timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE
);
CREATE INDEX intervention_company_by_intervention ON intervention_company (intervention_id, told_no);
CREATE INDEX intervention_company_by_young_person ON intervention_company (young_person_id);
-- IV-2: a repeatable intervention runs at several companies, but not twice at the same one.
CREATE UNIQUE INDEX "intervention.already-running:company" ON intervention_company (young_person_id, catalogue_code, cvr) WHERE running;
ALTER TABLE intervention_company ENABLE ROW LEVEL SECURITY;

-- IV-8: hours a week. Each step applies until the next one begins, so that progression is visible. For a day recorded twice
-- the last row applies.
CREATE TABLE intervention_hours (
    told_no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL,
    providing_unit_id uuid NOT NULL,
    from_day          date NOT NULL,
    weekly_minutes    smallint NOT NULL CONSTRAINT intervention_hours_weekly
                          CHECK (weekly_minutes BETWEEN 0 AND 2220 AND weekly_minutes % 6 = 0),
    form              text NOT NULL CONSTRAINT intervention_hours_form_known CHECK (form IN ('internship', 'wage-subsidy', 'ordinary')),
    told_at           timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE,
    CONSTRAINT intervention_hours_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX intervention_hours_by_intervention ON intervention_hours (intervention_id, from_day, told_no);
CREATE INDEX intervention_hours_by_young_person ON intervention_hours (young_person_id);
ALTER TABLE intervention_hours ENABLE ROW LEVEL SECURITY;

-- IV-12: the weekly sessions of an intervention without a group, replaced as a whole. ISO weekdays; minutes since midnight.
CREATE TABLE intervention_session (
    told_no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL,
    providing_unit_id uuid NOT NULL,
    weekday           smallint NOT NULL CONSTRAINT intervention_session_weekday CHECK (weekday BETWEEN 1 AND 7),
    from_minute       smallint NOT NULL CONSTRAINT intervention_session_from CHECK (from_minute >= 0),
    to_minute         smallint NOT NULL CONSTRAINT intervention_session_to CHECK (to_minute < 1440),
    told_at           timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    replaced_at       timestamptz,
    CONSTRAINT intervention_session_hours CHECK (from_minute < to_minute),
    CONSTRAINT intervention_session_apart EXCLUDE USING gist
        (intervention_id WITH =, weekday WITH =, int4range(from_minute, to_minute) WITH &&) WHERE (replaced_at IS NULL),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE
);
CREATE INDEX intervention_session_by_intervention ON intervention_session (intervention_id);
CREATE INDEX intervention_session_by_young_person ON intervention_session (young_person_id);
ALTER TABLE intervention_session ENABLE ROW LEVEL SECURITY;

-- IV-12: groups. They contain no personal data.
CREATE TABLE intervention_group (
    id               uuid PRIMARY KEY,
    provider_unit_id uuid NOT NULL REFERENCES unit (id),
    catalogue_code   text REFERENCES catalogue_entry (code),
    title            text NOT NULL,
    from_day         date NOT NULL,
    to_day           date,
    size             integer CONSTRAINT intervention_group_size CHECK (size BETWEEN 1 AND 1000),
    version          bigint NOT NULL DEFAULT 1,
    UNIQUE (id, provider_unit_id),
    CONSTRAINT intervention_group_period CHECK (from_day <= to_day),
    CONSTRAINT intervention_group_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_group_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX intervention_group_by_provider ON intervention_group (provider_unit_id, id);
CREATE INDEX intervention_group_by_offer ON intervention_group (catalogue_code) WHERE catalogue_code IS NOT NULL;
ALTER TABLE intervention_group ENABLE ROW LEVEL SECURITY;

CREATE TABLE group_session (
    told_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id    uuid NOT NULL REFERENCES intervention_group (id),
    weekday     smallint NOT NULL CONSTRAINT group_session_weekday CHECK (weekday BETWEEN 1 AND 7),
    from_minute smallint NOT NULL CONSTRAINT group_session_from CHECK (from_minute >= 0),
    to_minute   smallint NOT NULL CONSTRAINT group_session_to CHECK (to_minute < 1440),
    told_at     timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    replaced_at timestamptz,
    CONSTRAINT group_session_hours CHECK (from_minute < to_minute),
    CONSTRAINT group_session_apart EXCLUDE USING gist
        (group_id WITH =, weekday WITH =, int4range(from_minute, to_minute) WITH &&) WHERE (replaced_at IS NULL)
);
CREATE INDEX group_session_by_group ON group_session (group_id);
ALTER TABLE group_session ENABLE ROW LEVEL SECURITY;

CREATE TABLE group_member (
    id                uuid PRIMARY KEY,
    group_id          uuid NOT NULL,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL,
    providing_unit_id uuid NOT NULL,
    from_day          date NOT NULL,
    until_day         date,
    joined_at         timestamptz NOT NULL DEFAULT coalesce(acting_now(), '-infinity'),
    left_at           timestamptz,
    -- The group's own unit provides the member's intervention.
    CONSTRAINT "group.another-provider" FOREIGN KEY (group_id, providing_unit_id)
        REFERENCES intervention_group (id, provider_unit_id),
    CONSTRAINT group_member_period CHECK (from_day <= until_day),
    -- An end is recorded on its day or later, or the membership never began: with a recorded end it is over.
    CONSTRAINT group_member_left CHECK ((until_day IS NULL) = (left_at IS NULL)
        AND until_day <= greatest(from_day, (left_at AT TIME ZONE 'Europe/Copenhagen')::date)),
    CONSTRAINT "group.already-member" EXCLUDE USING gist (intervention_id WITH =, daterange(from_day, until_day) WITH &&),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE,
    CONSTRAINT group_member_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT group_member_until_day_in_calendar CHECK (until_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX group_member_by_group ON group_member (group_id);
CREATE INDEX group_member_by_intervention ON group_member (intervention_id);
CREATE INDEX group_member_by_young_person ON group_member (young_person_id);
ALTER TABLE group_member ENABLE ROW LEVEL SECURITY;

-- AB-1: an absence as the institution reports it: its days, and when it was reported. Part of the intervention.
CREATE TABLE absence (
    id                uuid PRIMARY KEY,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    from_day          date NOT NULL,
    to_day            date,
    dropped_out_on    date,
    municipality_code text,
    told_on           date NOT NULL,
    last_told_on      date DEFAULT acting_today(),
    told_by_id        uuid NOT NULL REFERENCES employee (id),
    CONSTRAINT absence_once UNIQUE (intervention_id, from_day),
    CONSTRAINT absence_period CHECK (from_day <= to_day),
    CONSTRAINT absence_dropped_out CHECK (dropped_out_on BETWEEN from_day AND coalesce(to_day, dropped_out_on)),
    FOREIGN KEY (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id) ON UPDATE CASCADE,
    CONSTRAINT absence_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT absence_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT absence_dropped_out_on_in_calendar CHECK (dropped_out_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT absence_told_on_in_calendar CHECK (told_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT absence_last_told_on_in_calendar CHECK (last_told_on BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE absence ENABLE ROW LEVEL SECURITY;

-- PL-11: every state of a row of `intervention`, with the time since which it applied. A trigger writes it; the row itself has the last state.
CREATE TABLE intervention_history (
    LIKE intervention,
    since      timestamptz NOT NULL,
    history_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    FOREIGN KEY (young_person_id) REFERENCES young_person (id) ON UPDATE CASCADE,
    CONSTRAINT intervention_history_planned_start_in_calendar CHECK (planned_start BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_planned_end_in_calendar CHECK (planned_end BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_answer_by_in_calendar CHECK (answer_by BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_accepted_on_in_calendar CHECK (accepted_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_holds_from_in_calendar CHECK (holds_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_offer_expires_on_in_calendar CHECK (offer_expires_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_started_on_in_calendar CHECK (started_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_ended_on_in_calendar CHECK (ended_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT intervention_history_declined_on_in_calendar CHECK (declined_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX intervention_history_by_id ON intervention_history (id, since);
CREATE INDEX intervention_history_by_young_person ON intervention_history (young_person_id);
CREATE INDEX intervention_history_by_writing_unit ON intervention_history (writing_unit_id);
CREATE INDEX intervention_history_by_plan ON intervention_history (plan_id, since);
ALTER TABLE intervention_history ENABLE ROW LEVEL SECURITY;
