-- From B&U to J&V (TM-1, TM-2, TM-3, TM-9, TM-12, TM-14, TM-15): law as data, needs of support and of transition meetings, who
-- decides and who coordinates, handovers to youth education.

-- Laws change: a legal basis is data with days. A new decision uses a row that is in force on its day and applies to the
-- age; earlier decisions keep theirs.
CREATE TABLE legal_basis (
    code       text PRIMARY KEY CONSTRAINT legal_basis_code_form CHECK (code ~ '^[a-z0-9-]{1,60}$'),
    law        text NOT NULL,
    paragraph  text NOT NULL,
    title      text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    from_age   integer NOT NULL,
    to_age     integer,
    department text NOT NULL CONSTRAINT legal_basis_department_known CHECK (department IN ('BU', 'JV', 'UU')),
    area       information_area NOT NULL DEFAULT 2 CONSTRAINT legal_basis_area_known CHECK (area IN (2, 16)),
    leads_to   text CONSTRAINT legal_basis_leads_known CHECK (leads_to IN ('meeting', 'referral')),
    aftercare  boolean NOT NULL DEFAULT false,
    successor  text REFERENCES legal_basis (code),
    CONSTRAINT legal_basis_period CHECK (valid_from <= valid_to),
    CONSTRAINT legal_basis_ages CHECK (from_age BETWEEN 0 AND 99 AND from_age <= to_age),
    CONSTRAINT legal_basis_valid_from_in_calendar CHECK (valid_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT legal_basis_valid_to_in_calendar CHECK (valid_to BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX legal_basis_by_successor ON legal_basis (successor) WHERE successor IS NOT NULL;

-- Area 16 is support by the family's law. The ungeplan and the preparation for adult life are of the plan.
INSERT INTO legal_basis (code, law, paragraph, title, valid_from, valid_to, from_age, to_age, department, area, leads_to, aftercare, successor) VALUES
    ('bl-ungestoette', 'Barnets lov', '§§ 113-121', 'Ungestøtte', '2024-01-01', NULL, 18, 22, 'BU', 16, 'referral', true, NULL),
    ('bl-ungestoette-kontaktperson', 'Barnets lov', '§§ 113-121', 'Ungestøtte: fast kontaktperson', '2024-01-01', NULL, 18, 22, 'BU', 16, 'referral', true, NULL),
    ('bl-ungestoette-anbringelse', 'Barnets lov', '§§ 113-121', 'Ungestøtte: opretholdt anbringelse', '2024-01-01', NULL, 18, 22, 'BU', 16, 'meeting', true, NULL),
    ('sel-76', 'Serviceloven', '§ 76', 'Efterværn', '2000-01-01', '2023-12-31', 18, 22, 'BU', 16, 'referral', true, 'bl-ungestoette'),
    ('sel-76-kontaktperson', 'Serviceloven', '§ 76', 'Efterværn: fast kontaktperson', '2000-01-01', '2023-12-31', 18, 22, 'BU', 16, 'referral', true, 'bl-ungestoette-kontaktperson'),
    ('sel-76-a', 'Serviceloven', '§ 76 a', 'Opretholdt anbringelse', '2000-01-01', '2023-12-31', 18, 22, 'BU', 16, 'meeting', true, 'bl-ungestoette-anbringelse'),
    ('sel-85', 'Serviceloven', '§ 85', 'Bostøtte, som den unge ikke kan bo alene uden', '2000-01-01', NULL, 18, NULL, 'JV', 2, 'meeting', false, NULL),
    ('sel-99', 'Serviceloven', '§ 99', 'Støtte- og kontaktperson', '2000-01-01', NULL, 18, NULL, 'JV', 2, 'referral', false, NULL),
    ('sel-107', 'Serviceloven', '§ 107', 'Midlertidigt botilbud', '2000-01-01', NULL, 18, NULL, 'JV', 2, 'meeting', false, NULL),
    ('sel-108', 'Serviceloven', '§ 108', 'Længerevarende botilbud', '2000-01-01', NULL, 18, NULL, 'JV', 2, 'meeting', false, NULL),
    ('abl-105', 'Almenboligloven', '§ 105', 'Længerevarende bolig', '2000-01-01', NULL, 18, NULL, 'JV', 2, 'meeting', false, NULL),
    ('bl-32', 'Barnets lov', '§ 32', 'Støttende indsatser', '2024-01-01', NULL, 0, 17, 'BU', 16, NULL, false, NULL),
    ('bl-46', 'Barnets lov', '§§ 46-47', 'Anbringelse', '2024-01-01', NULL, 0, 17, 'BU', 16, NULL, false, NULL),
    ('bl-108', 'Barnets lov', '§§ 108-110', 'Ungeplan', '2024-01-01', NULL, 16, 22, 'BU', 2, NULL, false, NULL),
    ('bl-122', 'Barnets lov', '§§ 122-123', 'Forberedelse til voksenlivet', '2024-01-01', NULL, 16, 17, 'BU', 2, NULL, false, NULL),
    ('lab', 'Lov om en aktiv beskæftigelsesindsats', '§ 6', 'Beskæftigelsesindsats', '2020-01-01', NULL, 18, 29, 'JV', 2, NULL, false, NULL),
    ('lau', 'Lov om aktiv socialpolitik', '§ 23', 'Uddannelseshjælp', '2014-01-01', NULL, 18, 29, 'JV', 2, NULL, false, NULL),
    ('kui-2a', 'KUI-loven', '§ 2 a', 'Pligt til uddannelse, beskæftigelse eller aktivitet', '2019-08-01', NULL, 15, 17, 'UU', 2, NULL, false, NULL),
    ('kui-1', 'KUI-loven', '§ 1', 'Kommunal ungeindsats', '2019-08-01', NULL, 15, 24, 'UU', 2, NULL, false, NULL),
    ('stu', 'STU-loven', '§ 1', 'Særligt tilrettelagt ungdomsuddannelse', '2007-08-01', NULL, 15, 24, 'UU', 2, NULL, false, NULL);

-- TM-1, TM-3: the age at which a need is found, and the birthday by which its meeting is held.
CREATE TABLE transition_guide (
    guide           smallint PRIMARY KEY CONSTRAINT transition_guide_known CHECK (guide IN (15, 17)),
    found_at_months integer NOT NULL,
    source          text NOT NULL,
    CONSTRAINT transition_guide_before_birthday CHECK (found_at_months BETWEEN 0 AND 12 * guide)
);

INSERT INTO transition_guide VALUES (15, 174, 'S2'), (17, 198, 'S2');

-- The support that B&U gives, and the legal basis to which it corresponds after 18.
CREATE TABLE support_need (
    id                 uuid PRIMARY KEY,
    young_person_id    uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area   information_area NOT NULL DEFAULT 16 CONSTRAINT support_need_is_family CHECK (information_area = 16),
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    legal_basis_code   text NOT NULL REFERENCES legal_basis (code),
    guide              smallint NOT NULL DEFAULT 17 REFERENCES transition_guide (guide),
    goes_on_after_18   boolean NOT NULL,
    words              text NOT NULL,
    from_day           date NOT NULL,
    to_day             date,
    judged_on          date NOT NULL,
    judged_by_id       uuid NOT NULL REFERENCES employee (id),
    recorded_at        timestamptz NOT NULL,
    version            bigint NOT NULL DEFAULT 1,
    CONSTRAINT support_need_of_person UNIQUE (id, young_person_id),
    CONSTRAINT support_need_period CHECK (from_day <= to_day),
    -- The same support is given once at a time.
    CONSTRAINT "support-need.already-told" EXCLUDE USING gist (young_person_id WITH =, legal_basis_code WITH =, daterange(from_day, to_day, '[]') WITH &&),
    CONSTRAINT support_need_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT support_need_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT support_need_judged_on_in_calendar CHECK (judged_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX support_need_by_young_person ON support_need (young_person_id, from_day);
CREATE INDEX support_need_by_legal_basis ON support_need (legal_basis_code);
CREATE INDEX support_need_by_guide ON support_need (guide);
ALTER TABLE support_need ENABLE ROW LEVEL SECURITY;

-- TM-1: the need of a transition meeting. Its state is what is to be done about it. The due day follows from the birth date
-- (YP-7).
CREATE TABLE transition_need (
    id                uuid PRIMARY KEY,
    young_person_id   uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area  information_area NOT NULL DEFAULT 2,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    origin            text NOT NULL CONSTRAINT transition_need_origin_known CHECK (origin IN ('support-need', 'enrolment', 'aftercare-ends', 'by-hand')),
    support_need_id   uuid,
    guide             smallint REFERENCES transition_guide (guide),
    acute             boolean NOT NULL,
    reason            text,
    raised_on         date NOT NULL,
    raised_by_id      uuid REFERENCES employee (id),
    state             text NOT NULL CONSTRAINT transition_need_state_known CHECK (state IN ('to-judge', 'open', 'exempt', 'not-in-need', 'held')),
    decided_on        date,
    decided_by_id     uuid REFERENCES employee (id),
    decided_words     text,
    version           bigint NOT NULL DEFAULT 1,
    UNIQUE (id, young_person_id),
    FOREIGN KEY (support_need_id, young_person_id) REFERENCES support_need (id, young_person_id) ON UPDATE CASCADE,
    -- Detected automatically, or created manually with a reason.
    CONSTRAINT transition_need_origin_columns CHECK (CASE WHEN origin = 'by-hand'
        THEN num_nonnulls(reason, raised_by_id, guide) = 3 AND support_need_id IS NULL
        ELSE num_nonnulls(reason, raised_by_id) = 0
             AND (origin = 'enrolment') = (support_need_id IS NULL)
             AND (origin = 'aftercare-ends') = (guide IS NULL) END),
    -- If a rule exempts it, no employee decided.
    CONSTRAINT transition_need_state_columns CHECK (CASE state
        WHEN 'to-judge' THEN num_nonnulls(decided_on, decided_by_id, decided_words) = 0
        WHEN 'open' THEN num_nonnulls(decided_on, decided_by_id, decided_words) IN (0, 3)
        WHEN 'not-in-need' THEN num_nonnulls(decided_on, decided_by_id, decided_words) = 3
        WHEN 'exempt' THEN decided_on IS NOT NULL AND (decided_by_id IS NULL) = (decided_words IS NULL)
        ELSE num_nonnulls(decided_on, decided_by_id) = 2 AND decided_words IS NULL END),
    CONSTRAINT transition_need_to_judge CHECK (state <> 'to-judge' OR origin IN ('enrolment', 'by-hand')),
    CONSTRAINT transition_need_raised_on_in_calendar CHECK (raised_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT transition_need_decided_on_in_calendar CHECK (decided_on BETWEEN '1900-01-01' AND '2199-12-31')
);
-- A young person has at most one open need.
CREATE UNIQUE INDEX "transition-need.already-open" ON transition_need (young_person_id) WHERE state IN ('to-judge', 'open');
CREATE INDEX transition_need_by_young_person ON transition_need (young_person_id, raised_on);
CREATE INDEX transition_need_by_support_need ON transition_need (support_need_id, young_person_id);
CREATE INDEX transition_need_by_guide ON transition_need (guide);
CREATE INDEX transition_need_by_state ON transition_need (state, young_person_id);
ALTER TABLE transition_need ENABLE ROW LEVEL SECURITY;

-- TM-12: the aftercare committee's statement about a need. It is of family, as the aftercare is.
CREATE TABLE transition_committee (
    id               uuid PRIMARY KEY,
    need_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 16 CONSTRAINT transition_committee_is_family CHECK (information_area = 16),
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    on_day           date NOT NULL,
    words            text NOT NULL,
    told_by_id       uuid NOT NULL REFERENCES employee (id),
    FOREIGN KEY (need_id, young_person_id) REFERENCES transition_need (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT "transition-need.committee-told" UNIQUE (need_id),
    CONSTRAINT transition_committee_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX transition_committee_by_need ON transition_committee (need_id, young_person_id);
CREATE INDEX transition_committee_by_young_person ON transition_committee (young_person_id);
ALTER TABLE transition_committee ENABLE ROW LEVEL SECURITY;

-- TM-2: a referral instead of a meeting.
CREATE TABLE transition_referral (
    id               uuid PRIMARY KEY,
    need_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    words            text NOT NULL,
    made_on          date NOT NULL,
    made_by_id       uuid NOT NULL REFERENCES employee (id),
    FOREIGN KEY (need_id, young_person_id) REFERENCES transition_need (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT "transition-referral.already-made" UNIQUE (need_id, unit_id),
    CONSTRAINT transition_referral_made_on_in_calendar CHECK (made_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX transition_referral_by_need ON transition_referral (need_id, young_person_id);
CREATE INDEX transition_referral_by_young_person ON transition_referral (young_person_id);
CREATE INDEX transition_referral_by_unit ON transition_referral (unit_id);
ALTER TABLE transition_referral ENABLE ROW LEVEL SECURITY;

-- TM-9: the units that decide under a legal basis, from and to which day. There may be several.
CREATE TABLE statutory_responsibility (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    legal_basis_code text NOT NULL REFERENCES legal_basis (code),
    from_day         date NOT NULL,
    to_day           date,
    decided_on       date NOT NULL,
    decided_by_id    uuid NOT NULL REFERENCES employee (id),
    recorded_at      timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT statutory_responsibility_period CHECK (from_day <= to_day),
    CONSTRAINT "responsibility.already-held" EXCLUDE USING gist
        (young_person_id WITH =, unit_id WITH =, legal_basis_code WITH =, daterange(from_day, to_day, '[]') WITH &&),
    CONSTRAINT statutory_responsibility_from_day_in_calendar CHECK (from_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT statutory_responsibility_to_day_in_calendar CHECK (to_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT statutory_responsibility_decided_on_in_calendar CHECK (decided_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX statutory_responsibility_by_young_person ON statutory_responsibility (young_person_id, from_day);
CREATE INDEX statutory_responsibility_by_unit ON statutory_responsibility (unit_id);
CREATE INDEX statutory_responsibility_by_legal_basis ON statutory_responsibility (legal_basis_code);
ALTER TABLE statutory_responsibility ENABLE ROW LEVEL SECURITY;

-- TM-9: the agreement at the meeting that the coordination transfers to a unit. It transfers automatically, once the day
-- has come, the receiver has accepted, the meeting is held and the steps are done.
CREATE TABLE responsibility_agreement (
    id                uuid PRIMARY KEY,
    need_id           uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL DEFAULT 2,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    receiving_unit_id uuid NOT NULL REFERENCES unit (id),
    coordinator_id    uuid REFERENCES employee (id),
    supports_from     date NOT NULL,
    coordinates_from  date NOT NULL,
    agreed_at         timestamptz NOT NULL,
    agreed_by_id      uuid NOT NULL REFERENCES employee (id),
    accepted_at       timestamptz,
    accepted_by_id    uuid REFERENCES employee (id),
    replaced_at       timestamptz,
    passed_at         timestamptz,
    exception_reason  text,
    exception_until   date,
    version           bigint NOT NULL DEFAULT 1,
    CONSTRAINT responsibility_agreement_exception CHECK ((exception_reason IS NULL) = (exception_until IS NULL)),
    -- CL-3: at most 90 days (chosen) from the first day of coordination.
    CONSTRAINT "caseload.exception-out-of-range:acceptance" CHECK (exception_until BETWEEN
        greatest(coordinates_from, (accepted_at AT TIME ZONE 'Europe/Copenhagen')::date)
        AND greatest(coordinates_from, (accepted_at AT TIME ZONE 'Europe/Copenhagen')::date) + 90),
    FOREIGN KEY (need_id, young_person_id) REFERENCES transition_need (id, young_person_id) ON UPDATE CASCADE,
    -- The receiver supports the young person before it coordinates.
    CONSTRAINT "responsibility.days-contradict" CHECK (supports_from <= coordinates_from),
    CONSTRAINT responsibility_agreement_accepted CHECK (num_nonnulls(accepted_at, accepted_by_id) <> 1 AND agreed_at <= accepted_at),
    CONSTRAINT responsibility_agreement_passed CHECK (passed_at IS NULL OR accepted_at <= passed_at AND replaced_at IS NULL),
    CONSTRAINT responsibility_agreement_supports_from_in_calendar CHECK (supports_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT responsibility_agreement_coordinates_from_in_calendar CHECK (coordinates_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT responsibility_agreement_exception_until_in_calendar CHECK (exception_until BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE UNIQUE INDEX "responsibility.already-agreed" ON responsibility_agreement (young_person_id) WHERE passed_at IS NULL AND replaced_at IS NULL;
CREATE INDEX responsibility_agreement_by_need ON responsibility_agreement (need_id, young_person_id);
CREATE INDEX responsibility_agreement_by_young_person ON responsibility_agreement (young_person_id);
CREATE INDEX responsibility_agreement_by_unit ON responsibility_agreement (receiving_unit_id);
ALTER TABLE responsibility_agreement ENABLE ROW LEVEL SECURITY;

-- TM-15: the handover from school to youth education.
CREATE TABLE education_handover (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    from_school      text NOT NULL,
    to_education     text NOT NULL,
    receiver         text NOT NULL,
    told             text NOT NULL,
    on_day           date NOT NULL,
    basis_kind       text NOT NULL CONSTRAINT education_handover_basis_known CHECK (basis_kind IN ('law', 'consent', 'necessity')),
    basis_paragraph  text,
    basis_words      text NOT NULL,
    mentor_id        uuid REFERENCES employee (id),
    mentor_until     date,
    received_on      date,
    received_by      text,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT education_handover_basis CHECK ((basis_kind = 'law') = (basis_paragraph IS NOT NULL)),
    CONSTRAINT education_handover_receipt CHECK (num_nonnulls(received_on, received_by) <> 1),
    CONSTRAINT education_handover_mentor CHECK ((mentor_id IS NULL) = (mentor_until IS NULL) AND mentor_until >= on_day),
    CONSTRAINT "disclosure.day-out-of-range" CHECK (received_on >= on_day),
    CONSTRAINT education_handover_on_day_in_calendar CHECK (on_day BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_handover_mentor_until_in_calendar CHECK (mentor_until BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT education_handover_received_on_in_calendar CHECK (received_on BETWEEN '1900-01-01' AND '2199-12-31')
);
CREATE INDEX education_handover_by_young_person ON education_handover (young_person_id, on_day);
CREATE INDEX education_handover_by_mentor ON education_handover (mentor_id) WHERE mentor_id IS NOT NULL;
ALTER TABLE education_handover ENABLE ROW LEVEL SECURITY;

-- TM-1: enrolment in these requires an assessment: an education by its name, a special school by its place.
CREATE TABLE special_education (
    kind   text NOT NULL CONSTRAINT special_education_kind_known CHECK (kind IN ('education', 'school')),
    folded text NOT NULL,
    name   text NOT NULL,
    PRIMARY KEY (kind, folded),
    CONSTRAINT special_education_folded CHECK (folded = fold_name(name))
);

INSERT INTO special_education (kind, folded, name)
    SELECT 'education', fold_name(n), n FROM unnest(ARRAY['STU', 'Særligt tilrettelagt ungdomsuddannelse']) n;

INSERT INTO access_rule (code, valid_from, receivers, kind, areas, lasts, legal_basis, reason, source) VALUES
    ('judge-need', '2000-01-01', 'judging_unit_of_need', 'law', 7, NULL, 'KUI-loven', 'Behovet for et overgangsmøde skal vurderes.', 'TM-1'),
    ('prepare-transition-meeting', '2000-01-01', 'receiving_units_of_need', 'law', 3, NULL, 'Barnets lov §§ 122-123', 'Et overgangsmøde forberedes.', 'TM-11'),
    ('plan-leaving-school', '2000-01-01', 'unit_after_school', 'law', 5, NULL, 'KUI-loven', 'Den unge går snart ud af skolen.', 'TM-14'),
    ('refer-instead', '2000-01-01', 'unit_referred_to', 'law', 3, '182 days', 'Barnets lov §§ 122-123', 'Henvist i stedet for et overgangsmøde.', 'TM-2; 26 weeks chosen'),
    ('acceptance', '2000-01-01', 'accepting_unit', 'participation', 7, NULL, NULL, 'Har taget imod den unge fra en anden afdeling.', 'TM-8');

INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, asked_after, length, unit, whose, act, source) VALUES
    ('hold-transition-meeting', '2000-01-01', 'TM-3', 'transition-need', '{}', 0, 1, 'days', 'sender', 'holdMeeting', 'S2: the birthday itself'),
    ('judge-need', '2000-01-01', 'TM-1', 'need-to-judge', '{}', 0, 4, 'weeks', 'uu', 'judgeTransitionNeed', 'chosen'),
    ('refer-instead', '2000-01-01', 'TM-2', 'need-exempted', '{}', 0, 4, 'weeks', 'sender', 'referTransitionNeed', 'chosen'),
    ('bring-before-committee', '2000-01-01', 'TM-12', 'transition-need', '{}', 0, 3, 'months', 'sender', 'tellAftercareCommittee', 'chosen'),
    ('accept-responsibility', '2000-01-01', 'TM-9', 'responsibility-agreed', '{}', 0, 1, 'days', 'receiver', 'acceptTransitionNeed', 'S2: the day itself'),
    ('press-for-acceptance', '2000-01-01', 'TM-9', 'responsibility-agreed', '{}', 0, 1, 'days', 'sender', 'acceptTransitionNeed', 'S2: the day itself'),
    ('plan-leaving-school', '2000-01-01', 'TM-14', 'school-ends', '{}', 0, 6, 'months', 'uu', NULL, 'S2'),
    ('settle-responsibility', '2000-01-01', 'TM-9', 'responsibility-agreed', '{}', 0, 5, 'working-days', 'director', 'acceptTransitionNeed', 'chosen');
