-- The municipality: its installation and keys, units as a tree, employees, their roles and accounts, and their sessions.

CREATE TABLE installation (
    only_one          boolean PRIMARY KEY DEFAULT true CONSTRAINT installation_only_one CHECK (only_one),
    demonstration     boolean NOT NULL,
    municipality      text,
    municipality_code text CONSTRAINT installation_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    loaded_at         timestamptz,
    CONSTRAINT installation_municipality_whole CHECK ((municipality IS NULL) = (municipality_code IS NULL)),
    CONSTRAINT installation_loaded_after CHECK (loaded_at IS NULL OR municipality IS NOT NULL)
);

CREATE TABLE installation_key (
    purpose     text NOT NULL CONSTRAINT installation_key_purpose CHECK (purpose IN ('look-up', 'sealing')),
    id          smallint NOT NULL,
    fingerprint bytea NOT NULL CONSTRAINT installation_key_fingerprint CHECK (length(fingerprint) = 32),
    used        boolean NOT NULL,
    PRIMARY KEY (purpose, id),
    CONSTRAINT installation_key_one_look_up CHECK (purpose = 'sealing' OR id = 0 AND used)
);

CREATE TABLE unit (
    id          uuid PRIMARY KEY,
    code        text NOT NULL CONSTRAINT "unit.code-taken" UNIQUE
                     CONSTRAINT unit_code_form CHECK (code ~ '^[a-z0-9-]{1,60}$'),
    name        text NOT NULL,
    department  text NOT NULL CONSTRAINT unit_department_known
                     CHECK (department IN ('BU', 'JV', 'UU', 'institution', 'administration')),
    parent_id   uuid REFERENCES unit (id),
    path        uuid[] NOT NULL,
    operational boolean NOT NULL,
    early_absence_days integer CONSTRAINT unit_early_absence CHECK (early_absence_days BETWEEN 1 AND 30),
    takes_absence_signals boolean NOT NULL DEFAULT false,
    receives_needs boolean NOT NULL DEFAULT false,
    CONSTRAINT unit_path_ends_here CHECK (path[array_upper(path, 1)] = id)
);
CREATE INDEX unit_by_parent ON unit (parent_id);
CREATE INDEX unit_by_path ON unit USING gin (path);

CREATE TABLE employee (
    id             uuid PRIMARY KEY,
    username       text NOT NULL CONSTRAINT "employee.username-taken" UNIQUE
                        CONSTRAINT employee_username_form CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,59}$'),
    given_name     text NOT NULL,
    family_name    text NOT NULL,
    telephone      text,
    employed_on    date,
    deactivated_at timestamptz,
    employment_ended_at timestamptz,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT "employee.employment-ended" CHECK (employment_ended_at IS NULL OR deactivated_at IS NOT NULL),
    CONSTRAINT employee_employed_on_in_calendar CHECK (employed_on BETWEEN '1900-01-01' AND '2199-12-31')
);
ALTER TABLE employee ENABLE ROW LEVEL SECURITY;

CREATE TABLE account (
    employee_id    uuid PRIMARY KEY REFERENCES employee (id),
    password_hash  text NOT NULL,
    changed_at     timestamptz NOT NULL,
    one_time_until timestamptz
);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;

-- OR-3: a role or a pass phrase that one person proposes and another one confirms. A role in force is a row of `employee_role`, a
-- pass phrase is a row of `account`. For the application, only `confirm_rights` writes them.
CREATE TABLE rights_request (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CONSTRAINT rights_request_kind_known CHECK (kind IN ('role', 'pass-phrase')),
    employee_id     uuid NOT NULL REFERENCES employee (id),
    role            text,
    unit_id         uuid REFERENCES unit (id),
    requested_by_id uuid REFERENCES employee (id),
    requested_at    timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL GENERATED ALWAYS AS ((requested_at AT TIME ZONE 'UTC' + interval '14 days') AT TIME ZONE 'UTC') STORED,
    state           text NOT NULL DEFAULT 'pending' CONSTRAINT rights_request_state_known
                         CHECK (state IN ('pending', 'confirmed', 'refused', 'withdrawn', 'lapsed')),
    settled_at      timestamptz,
    settled_by_id   uuid REFERENCES employee (id),
    version         bigint NOT NULL DEFAULT 1,
    CONSTRAINT rights_request_of_its_kind CHECK ((kind = 'role') = (num_nulls(role, unit_id) = 0) AND num_nulls(role, unit_id) <> 1),
    CONSTRAINT rights_request_settled CHECK ((state = 'pending') = (settled_at IS NULL)
        AND (state IN ('confirmed', 'refused', 'withdrawn') AND requested_by_id IS NOT NULL) = (settled_by_id IS NOT NULL)),
    CONSTRAINT rights_request_on_the_machine CHECK (requested_by_id IS NOT NULL OR state = 'confirmed'),
    CONSTRAINT "employee.own-rights" CHECK (requested_by_id <> employee_id),
    CONSTRAINT "employee.own-rights:confirmed" CHECK (state <> 'confirmed' OR settled_by_id <> employee_id),
    CONSTRAINT "rights-request.own-request" CHECK (state <> 'confirmed' OR settled_by_id <> requested_by_id),
    CONSTRAINT "rights-request.already-pending" EXCLUDE USING gist
        (employee_id WITH =, kind WITH =, coalesce(role, '') WITH =, coalesce(unit_id, employee_id) WITH =,
         tstzrange(requested_at, expires_at) WITH &&) WHERE (state = 'pending')
);
CREATE INDEX rights_request_by_employee ON rights_request (employee_id);
CREATE INDEX rights_request_by_unit ON rights_request (unit_id);
CREATE INDEX rights_request_by_requester ON rights_request (requested_by_id);
CREATE INDEX rights_request_by_settler ON rights_request (settled_by_id);
ALTER TABLE rights_request ENABLE ROW LEVEL SECURITY;

CREATE TABLE employee_role (
    id          uuid PRIMARY KEY,
    employee_id uuid NOT NULL REFERENCES employee (id),
    role        text NOT NULL CONSTRAINT employee_role_known CHECK (role IN (
                    'caseworker', 'job-consultant', 'adviser', 'counsellor', 'hotline', 'team-leader',
                    'department-head', 'benefits-officer', 'treatment-counsellor', 'psychologist',
                    'institution-counsellor', 'mentor', 'steering-group', 'data-protection-officer', 'administrator')),
    unit_id     uuid NOT NULL REFERENCES unit (id),
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz NOT NULL DEFAULT 'infinity',
    rights_request_id uuid REFERENCES rights_request (id),
    CONSTRAINT employee_role_period CHECK (valid_from <= valid_to),
    CONSTRAINT "employee.role-already-held" EXCLUDE USING gist
        (employee_id WITH =, unit_id WITH =, role WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX employee_role_by_employee ON employee_role (employee_id, valid_to);
CREATE INDEX employee_role_by_unit ON employee_role (unit_id);
CREATE INDEX employee_role_by_request ON employee_role (rights_request_id);
ALTER TABLE employee_role ENABLE ROW LEVEL SECURITY;

CREATE TABLE session (
    id           uuid PRIMARY KEY,
    employee_id  uuid NOT NULL REFERENCES employee (id),
    started_at   timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_by_employee ON session (employee_id);
ALTER TABLE session ENABLE ROW LEVEL SECURITY;

CREATE TABLE refresh_token (
    digest     bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id),
    issued_at  timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;

-- AC-17: the facts that the roles read.
CREATE TABLE role_reads (
    department text NOT NULL,
    role       text NOT NULL,
    facts      text[] NOT NULL CONSTRAINT role_reads_facts_known CHECK (facts <@ ARRAY['pregnancy', 'journal', 'contact', 'follow_up']),
    PRIMARY KEY (department, role)
);
ALTER TABLE role_reads ENABLE ROW LEVEL SECURITY;

INSERT INTO role_reads (department, role, facts)
SELECT k.department, r, k.facts FROM (VALUES
    ('BU', '{adviser,team-leader}'::text[], '{pregnancy,journal,contact,follow_up}'::text[]),
    ('BU', '{psychologist}', '{pregnancy,journal,contact}'),
    ('BU', '{department-head}', '{journal,contact}'),
    ('JV', '{caseworker,job-consultant,adviser,team-leader}', '{pregnancy,journal,contact,follow_up}'),
    ('JV', '{treatment-counsellor}', '{pregnancy,journal,contact}'),
    ('JV', '{benefits-officer,department-head}', '{journal,contact}'),
    ('UU', '{counsellor,team-leader}', '{pregnancy,journal,contact,follow_up}'),
    ('UU', '{department-head,mentor}', '{journal,contact}'),
    ('UU', '{hotline}', '{contact}')) k (department, roles, facts) CROSS JOIN LATERAL unnest(k.roles) r;
