-- Caseload (CL-1 to CL-11): norms, terms and cover, who has which case, and the units' intake queues.

-- The functions of employees in a case; the role of the same name performs each.
CREATE FUNCTION case_functions() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['caseworker', 'job-consultant', 'mentor', 'adviser', 'counsellor', 'psychologist', 'treatment-counsellor',
                 'benefits-officer', 'team-leader'];
GRANT EXECUTE ON FUNCTION case_functions() TO enplan_app, enplan_worker;

CREATE DOMAIN case_function AS text CONSTRAINT case_function_known CHECK (VALUE = ANY (case_functions()));

-- CL-1: the norm of a function in a unit, from a day until the next decided norm begins. Decisions are only added.
CREATE TABLE caseload_norm (
    id            uuid PRIMARY KEY,
    unit_id       uuid NOT NULL REFERENCES unit (id),
    function      case_function NOT NULL,
    from_day      date NOT NULL,
    cases         integer CONSTRAINT caseload_norm_cases CHECK (cases BETWEEN 0 AND 500),
    reason        text NOT NULL,
    decision_no   integer NOT NULL,
    decided_by_id uuid REFERENCES employee (id),
    decided_at    timestamptz NOT NULL,
    CONSTRAINT "version.stale:caseload-norm" UNIQUE (unit_id, decision_no),
    CONSTRAINT caseload_norm_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX caseload_norm_by_day ON caseload_norm (unit_id, function, from_day DESC, decision_no DESC);
CREATE INDEX caseload_norm_by_decider ON caseload_norm (decided_by_id);
ALTER TABLE caseload_norm ENABLE ROW LEVEL SECURITY;

-- CL-5: the part of the norm that applies to an employee, from a day until the next terms begin. Terms are only added.
CREATE TABLE caseload_terms (
    id               uuid PRIMARY KEY,
    employee_id      uuid NOT NULL REFERENCES employee (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    function         case_function NOT NULL,
    from_day         date NOT NULL,
    employment_share integer NOT NULL CONSTRAINT caseload_terms_share CHECK (employment_share BETWEEN 0 AND 100),
    reduction        integer NOT NULL CONSTRAINT caseload_terms_reduction CHECK (reduction BETWEEN 0 AND 500),
    reason           text NOT NULL,
    terms_no         bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    agreed_by_id     uuid NOT NULL REFERENCES employee (id),
    agreed_at        timestamptz NOT NULL,
    CONSTRAINT caseload_terms_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX caseload_terms_by_day ON caseload_terms (unit_id, employee_id, function, from_day DESC, terms_no DESC);
CREATE INDEX caseload_terms_by_employee ON caseload_terms (employee_id);
CREATE INDEX caseload_terms_by_agreer ON caseload_terms (agreed_by_id);
ALTER TABLE caseload_terms ENABLE ROW LEVEL SECURITY;

-- CL-5: an employee covers for an absent colleague.
CREATE TABLE cover (
    id            uuid PRIMARY KEY,
    unit_id       uuid NOT NULL REFERENCES unit (id),
    absent_id     uuid NOT NULL REFERENCES employee (id),
    covered_by_id uuid NOT NULL REFERENCES employee (id),
    from_day      date NOT NULL,
    until_day     date NOT NULL,
    reason        text NOT NULL,
    decided_by_id uuid NOT NULL REFERENCES employee (id),
    decided_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT cover_of_another CHECK (absent_id <> covered_by_id),
    -- At most a year (chosen).
    CONSTRAINT "cover.days-out-of-range" CHECK (until_day BETWEEN from_day AND from_day + 365),
    CONSTRAINT "cover.already-covered" EXCLUDE USING gist (absent_id WITH =, covered_by_id WITH =, unit_id WITH =,
        daterange(from_day, until_day, '[]') WITH &&) WHERE (ended_at IS NULL),
    CONSTRAINT cover_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT cover_until_day_in_calendar CHECK (until_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX cover_by_unit ON cover (unit_id, until_day);
CREATE INDEX cover_by_coverer ON cover (covered_by_id);
CREATE INDEX cover_by_decider ON cover (decided_by_id);
ALTER TABLE cover ENABLE ROW LEVEL SECURITY;

-- An employee of a unit has the case, in a function. It counts under one norm of the unit.
CREATE TABLE assignment (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    employee_id      uuid NOT NULL REFERENCES employee (id),
    function         case_function NOT NULL,
    counts_as        case_function NOT NULL,
    recounted_at     timestamptz,
    began_at         timestamptz NOT NULL,
    planned_end      date,
    note             text,
    exception_reason text,
    exception_until  date,
    ended_at         timestamptz,
    end_reason       text,
    version          bigint NOT NULL DEFAULT 1,
    -- CL-1: a job consultant's mentor function is part of their norm.
    CONSTRAINT assignment_counts CHECK (counts_as = function OR (function = 'mentor' AND counts_as = 'job-consultant')),
    CONSTRAINT assignment_exception CHECK ((exception_reason IS NULL) = (exception_until IS NULL)),
    -- CL-3: at most 90 days (chosen).
    CONSTRAINT "caseload.exception-out-of-range" CHECK (exception_until BETWEEN
        (began_at AT TIME ZONE 'Europe/Copenhagen')::date AND (began_at AT TIME ZONE 'Europe/Copenhagen')::date + 90),
    CONSTRAINT assignment_period CHECK (began_at <= ended_at),
    CONSTRAINT assignment_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT assignment_planned_end_in_calendar CHECK (planned_end BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT assignment_exception_until_in_calendar CHECK (exception_until BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE UNIQUE INDEX "assignment.already-assigned" ON assignment (young_person_id, unit_id, function) WHERE ended_at IS NULL;
CREATE INDEX assignment_by_young_person ON assignment (young_person_id, function, began_at);
CREATE INDEX assignment_by_unit ON assignment (unit_id, employee_id) WHERE ended_at IS NULL;
CREATE INDEX assignment_of_the_past ON assignment (unit_id, ended_at, began_at);
CREATE INDEX assignment_by_employee ON assignment (employee_id, unit_id, ended_at);
CREATE INDEX assignment_by_writer ON assignment (writing_unit_id);
ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;

-- CL-11: a young person for whom no employee of the unit has room, or who arrives on a day.
CREATE TABLE intake_entry (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    function         case_function NOT NULL,
    reason           text NOT NULL,
    from_day         date NOT NULL,
    entered_at       timestamptz NOT NULL,
    left_at          timestamptz,
    left_because     text CONSTRAINT intake_entry_left_because_known CHECK (left_because IN ('assigned', 'withdrawn')),
    left_reason      text,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT intake_entry_left CHECK ((left_at IS NULL) = (left_because IS NULL)
        AND (left_because IS NOT DISTINCT FROM 'withdrawn') = (left_reason IS NOT NULL)),
    CONSTRAINT intake_entry_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE UNIQUE INDEX "intake.already-waiting" ON intake_entry (young_person_id, unit_id, function) WHERE left_at IS NULL;
CREATE INDEX intake_entry_by_young_person ON intake_entry (young_person_id);
CREATE INDEX intake_entry_by_unit ON intake_entry (unit_id, entered_at, id) WHERE left_at IS NULL;
CREATE INDEX intake_entry_by_writer ON intake_entry (writing_unit_id, from_day) WHERE left_at IS NULL;
ALTER TABLE intake_entry ENABLE ROW LEVEL SECURITY;

-- CL-10: past periods in which a sign-in was stopped, to know who was present on a past day.
CREATE TABLE past_stop (
    employee_id uuid NOT NULL REFERENCES employee (id),
    stopped_at  timestamptz NOT NULL,
    opened_at   timestamptz NOT NULL,
    PRIMARY KEY (employee_id, stopped_at),
    CONSTRAINT past_stop_period CHECK (stopped_at <= opened_at)
);
ALTER TABLE past_stop ENABLE ROW LEVEL SECURITY;
