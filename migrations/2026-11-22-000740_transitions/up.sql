-- From B&U to J&V (TM-1, TM-2, TM-3, TM-9, TM-12, TM-14, TM-15): which law decides, what support a young person has and
-- will need, the need of a transition meeting that follows from it, and who decides and who coordinates on which day.

-- Law moves: a paragraph is data with days. A new decision uses a row that holds that day and for that age; older
-- decisions keep theirs.
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
    CONSTRAINT legal_basis_ages CHECK (from_age BETWEEN 0 AND 99 AND from_age <= to_age)
);
COMMENT ON COLUMN legal_basis.valid_to IS 'The last day on which it is decided by; NULL: it goes on.';
COMMENT ON COLUMN legal_basis.to_age IS 'The last year of age for which it holds; NULL: all later ones.';
COMMENT ON COLUMN legal_basis.area IS 'Of what kind it tells who decides under it (AC-3): of the plan, or of the family.';
COMMENT ON COLUMN legal_basis.leads_to IS 'TM-2: whether a need of support that answers to it after 18 is met about, or referred. NULL: it is no such need.';
COMMENT ON COLUMN legal_basis.aftercare IS 'TM-12, TM-14: it goes before the aftercare committee, and its end raises a need.';
CREATE INDEX legal_basis_by_successor ON legal_basis (successor) WHERE successor IS NOT NULL;
CALL keep_in_calendar('legal_basis');
GRANT SELECT ON legal_basis TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON legal_basis TO enplan_worker;

INSERT INTO legal_basis (code, law, paragraph, title, valid_from, valid_to, from_age, to_age, department, leads_to, aftercare, successor) VALUES
    ('bl-ungestoette', 'Barnets lov', '§§ 113-121', 'Ungestøtte', '2024-01-01', NULL, 18, 22, 'BU', 'referral', true, NULL),
    ('bl-ungestoette-kontaktperson', 'Barnets lov', '§§ 113-121', 'Ungestøtte: fast kontaktperson', '2024-01-01', NULL, 18, 22, 'BU', 'referral', true, NULL),
    ('bl-ungestoette-anbringelse', 'Barnets lov', '§§ 113-121', 'Ungestøtte: opretholdt anbringelse', '2024-01-01', NULL, 18, 22, 'BU', 'meeting', true, NULL),
    ('sel-76', 'Serviceloven', '§ 76', 'Efterværn', '2000-01-01', '2023-12-31', 18, 22, 'BU', 'referral', true, 'bl-ungestoette'),
    ('sel-76-kontaktperson', 'Serviceloven', '§ 76', 'Efterværn: fast kontaktperson', '2000-01-01', '2023-12-31', 18, 22, 'BU', 'referral', true, 'bl-ungestoette-kontaktperson'),
    ('sel-76-a', 'Serviceloven', '§ 76 a', 'Opretholdt anbringelse', '2000-01-01', '2023-12-31', 18, 22, 'BU', 'meeting', true, 'bl-ungestoette-anbringelse'),
    ('sel-85', 'Serviceloven', '§ 85', 'Bostøtte, som den unge ikke kan bo alene uden', '2000-01-01', NULL, 18, NULL, 'JV', 'meeting', false, NULL),
    ('sel-99', 'Serviceloven', '§ 99', 'Støtte- og kontaktperson', '2000-01-01', NULL, 18, NULL, 'JV', 'referral', false, NULL),
    ('sel-107', 'Serviceloven', '§ 107', 'Midlertidigt botilbud', '2000-01-01', NULL, 18, NULL, 'JV', 'meeting', false, NULL),
    ('sel-108', 'Serviceloven', '§ 108', 'Længerevarende botilbud', '2000-01-01', NULL, 18, NULL, 'JV', 'meeting', false, NULL),
    ('abl-105', 'Almenboligloven', '§ 105', 'Længerevarende bolig', '2000-01-01', NULL, 18, NULL, 'JV', 'meeting', false, NULL),
    ('bl-32', 'Barnets lov', '§ 32', 'Støttende indsatser', '2024-01-01', NULL, 0, 17, 'BU', NULL, false, NULL),
    ('bl-46', 'Barnets lov', '§§ 46-47', 'Anbringelse', '2024-01-01', NULL, 0, 17, 'BU', NULL, false, NULL),
    ('bl-108', 'Barnets lov', '§§ 108-110', 'Ungeplan', '2024-01-01', NULL, 16, 22, 'BU', NULL, false, NULL),
    ('bl-122', 'Barnets lov', '§§ 122-123', 'Forberedelse til voksenlivet', '2024-01-01', NULL, 16, 17, 'BU', NULL, false, NULL),
    ('lab', 'Lov om en aktiv beskæftigelsesindsats', '§ 6', 'Beskæftigelsesindsats', '2020-01-01', NULL, 18, 29, 'JV', NULL, false, NULL),
    ('lau', 'Lov om aktiv socialpolitik', '§ 23', 'Uddannelseshjælp', '2014-01-01', NULL, 18, 29, 'JV', NULL, false, NULL),
    ('kui-2a', 'KUI-loven', '§ 2 a', 'Pligt til uddannelse, beskæftigelse eller aktivitet', '2019-08-01', NULL, 15, 17, 'UU', NULL, false, NULL),
    ('kui-1', 'KUI-loven', '§ 1', 'Kommunal ungeindsats', '2019-08-01', NULL, 15, 24, 'UU', NULL, false, NULL),
    ('stu', 'STU-loven', '§ 1', 'Særligt tilrettelagt ungdomsuddannelse', '2007-08-01', NULL, 15, 24, 'UU', NULL, false, NULL);
-- Support by the family's law, as it is given: the ungeplan and what prepares for adult life are the plan's.
UPDATE legal_basis SET area = 16 WHERE aftercare OR code IN ('bl-32', 'bl-46');

-- Is it decided by on a day, of what takes effect on another, for somebody born on a third?
CREATE FUNCTION legal_basis_holds(asked text, decided_on date, born date, effect_on date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM legal_basis l WHERE l.code = asked AND daterange(l.valid_from, l.valid_to, '[]') @> decided_on
        AND age_on(born, effect_on) BETWEEN l.from_age AND coalesce(l.to_age, age_on(born, effect_on)))
$$;
GRANT EXECUTE ON FUNCTION legal_basis_holds(text, date, date, date) TO enplan_app;

-- TM-1, TM-3: at which age a need is found, and by which birthday its meeting is held.
CREATE TABLE transition_guide (
    guide           smallint PRIMARY KEY CONSTRAINT transition_guide_known CHECK (guide IN (15, 17)),
    found_at_months integer NOT NULL,
    source          text NOT NULL,
    CONSTRAINT transition_guide_before_birthday CHECK (found_at_months BETWEEN 0 AND 12 * guide)
);
COMMENT ON COLUMN transition_guide.guide IS 'The birthday by which its meeting is held.';
COMMENT ON COLUMN transition_guide.found_at_months IS 'Months of age.';
GRANT SELECT ON transition_guide TO enplan_app, enplan_worker;
INSERT INTO transition_guide VALUES (15, 174, 'S2'), (17, 198, 'S2');

-- The day on which somebody is so many months old; of a day that the month does not have, the first of the next (YP-7).
CREATE FUNCTION months_old(birth_date date, months integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (birth_date + make_interval(months => months))::date
         + (extract(day FROM birth_date + make_interval(months => months)) < extract(day FROM birth_date))::integer;
GRANT EXECUTE ON FUNCTION months_old(date, integer), birthday(date, integer) TO enplan_app, enplan_worker;

-- The support that B&U gives, and to what it answers after 18.
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
    -- One kind of support is had once at a time.
    CONSTRAINT "support-need.already-told" EXCLUDE USING gist (young_person_id WITH =, legal_basis_code WITH =, daterange(from_day, to_day, '[]') WITH &&)
);
COMMENT ON COLUMN support_need.legal_basis_code IS 'To what it answers after 18 (TM-2).';
COMMENT ON COLUMN support_need.guide IS 'TM-1: whether it is handed over at 15 or at 17, as the adviser chose.';
COMMENT ON COLUMN support_need.to_day IS 'The last day; NULL: it goes on.';
CREATE INDEX support_need_by_young_person ON support_need (young_person_id, from_day);
CREATE INDEX support_need_by_legal_basis ON support_need (legal_basis_code);
CREATE INDEX support_need_by_guide ON support_need (guide);
CALL protect('support_need');
REVOKE UPDATE ON support_need FROM enplan_app, enplan_worker;
GRANT UPDATE (to_day, version) ON support_need TO enplan_app;
CREATE TRIGGER support_need_judged_by_now BEFORE INSERT ON support_need FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('judged_on');

-- TM-1: the need of a transition meeting. What is to be done about it is its state; by when, and what is overdue,
-- follows from the birth date (YP-7).
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
    -- Found by rule, or raised by somebody with a reason.
    CONSTRAINT transition_need_origin_columns CHECK (CASE WHEN origin = 'by-hand'
        THEN num_nonnulls(reason, raised_by_id, guide) = 3 AND support_need_id IS NULL
        ELSE num_nonnulls(reason, raised_by_id) = 0
             AND (origin = 'enrolment') = (support_need_id IS NULL)
             AND (origin = 'aftercare-ends') = (guide IS NULL) END),
    -- Exempted by rule, nobody decided.
    CONSTRAINT transition_need_state_columns CHECK (CASE state
        WHEN 'to-judge' THEN num_nonnulls(decided_on, decided_by_id, decided_words) = 0
        WHEN 'open' THEN num_nonnulls(decided_on, decided_by_id, decided_words) IN (0, 3)
        WHEN 'not-in-need' THEN num_nonnulls(decided_on, decided_by_id, decided_words) = 3
        WHEN 'exempt' THEN decided_on IS NOT NULL AND (decided_by_id IS NULL) = (decided_words IS NULL)
        ELSE num_nonnulls(decided_on, decided_by_id) = 2 AND decided_words IS NULL END),
    CONSTRAINT transition_need_to_judge CHECK (state <> 'to-judge' OR origin IN ('enrolment', 'by-hand'))
);
COMMENT ON COLUMN transition_need.guide IS 'NULL: of an aftercare that ends (TM-14).';
COMMENT ON COLUMN transition_need.acute IS 'Seen late, or moved in: it has its own way, outside the windows (TM-4).';
COMMENT ON COLUMN transition_need.raised_by_id IS 'NULL: it was found by rule.';
COMMENT ON COLUMN transition_need.decided_on IS 'When it was judged, exempted, or its meeting held.';
-- One at a time is to be met about.
CREATE UNIQUE INDEX "transition-need.already-open" ON transition_need (young_person_id) WHERE state IN ('to-judge', 'open');
CREATE INDEX transition_need_by_young_person ON transition_need (young_person_id, raised_on);
CREATE INDEX transition_need_by_support_need ON transition_need (support_need_id, young_person_id);
CREATE INDEX transition_need_by_guide ON transition_need (guide);
CREATE INDEX transition_need_by_state ON transition_need (state, young_person_id);
CALL protect('transition_need', also => '{law,meeting}');
REVOKE UPDATE ON transition_need FROM enplan_app, enplan_worker;
GRANT UPDATE (state, guide, decided_on, decided_by_id, decided_words, version) ON transition_need TO enplan_app;

-- TM-12: what the aftercare committee said of a need. It is the family's, as the aftercare is.
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
    CONSTRAINT "transition-need.committee-told" UNIQUE (need_id)
);
COMMENT ON COLUMN transition_committee.on_day IS 'When the committee talked it through.';
CREATE INDEX transition_committee_by_need ON transition_committee (need_id, young_person_id);
CREATE INDEX transition_committee_by_young_person ON transition_committee (young_person_id);
CALL protect('transition_committee', also => '{law}');
REVOKE UPDATE ON transition_committee FROM enplan_app, enplan_worker;
CREATE TRIGGER transition_committee_by_now BEFORE INSERT ON transition_committee FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('on_day');

-- TM-2: instead of a meeting.
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
    CONSTRAINT "transition-referral.already-made" UNIQUE (need_id, unit_id)
);
CREATE INDEX transition_referral_by_need ON transition_referral (need_id, young_person_id);
CREATE INDEX transition_referral_by_young_person ON transition_referral (young_person_id);
CREATE INDEX transition_referral_by_unit ON transition_referral (unit_id);
CALL protect('transition_referral', also => '{law}');
REVOKE UPDATE ON transition_referral FROM enplan_app, enplan_worker;

-- TM-9: which units decide under which law, from and to which day. Several may.
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
        (young_person_id WITH =, unit_id WITH =, legal_basis_code WITH =, daterange(from_day, to_day, '[]') WITH &&)
);
COMMENT ON COLUMN statutory_responsibility.to_day IS 'The last day, as told; it ends with the age for which the law holds in any case (YP-7).';
CREATE INDEX statutory_responsibility_by_young_person ON statutory_responsibility (young_person_id, from_day);
CREATE INDEX statutory_responsibility_by_unit ON statutory_responsibility (unit_id);
CREATE INDEX statutory_responsibility_by_legal_basis ON statutory_responsibility (legal_basis_code);
CALL protect('statutory_responsibility', 'young_person_id', 'unit_id', '{law}');
REVOKE UPDATE ON statutory_responsibility FROM enplan_app, enplan_worker;
GRANT UPDATE (to_day, version) ON statutory_responsibility TO enplan_app;

-- TM-9: that the coordination passes to a unit, agreed at the meeting. It passes by itself, once the day has come, the
-- receiver has accepted, the meeting is held and the steps are done.
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
    -- The receiver supports before it coordinates.
    CONSTRAINT "responsibility.days-contradict" CHECK (supports_from <= coordinates_from),
    CONSTRAINT responsibility_agreement_accepted CHECK (num_nonnulls(accepted_at, accepted_by_id) <> 1 AND agreed_at <= accepted_at),
    CONSTRAINT responsibility_agreement_passed CHECK (passed_at IS NULL OR accepted_at <= passed_at AND replaced_at IS NULL)
);
COMMENT ON COLUMN responsibility_agreement.receiving_unit_id IS 'TM-9: whose department coordinates then.';
COMMENT ON COLUMN responsibility_agreement.coordinator_id IS 'Who of them coordinates the plan; NULL: not named yet.';
COMMENT ON COLUMN responsibility_agreement.replaced_at IS 'Another was agreed instead.';
COMMENT ON COLUMN responsibility_agreement.passed_at IS 'From when on they coordinate.';
COMMENT ON COLUMN responsibility_agreement.exception_until IS 'CL-3: the last day of an acceptance beyond the norm.';
CREATE UNIQUE INDEX "responsibility.already-agreed" ON responsibility_agreement (young_person_id) WHERE passed_at IS NULL AND replaced_at IS NULL;
CREATE INDEX responsibility_agreement_by_need ON responsibility_agreement (need_id, young_person_id);
CREATE INDEX responsibility_agreement_by_young_person ON responsibility_agreement (young_person_id);
CREATE INDEX responsibility_agreement_by_unit ON responsibility_agreement (receiving_unit_id);
CALL protect('responsibility_agreement', also => '{law,meeting}');
REVOKE UPDATE ON responsibility_agreement FROM enplan_app;
GRANT UPDATE (accepted_at, accepted_by_id, replaced_at, exception_reason, exception_until, version) ON responsibility_agreement TO enplan_app;

-- TM-15: from school to youth education, kept as one.
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
    CONSTRAINT "disclosure.day-out-of-range" CHECK (received_on >= on_day)
);
COMMENT ON COLUMN education_handover.from_school IS 'Reveals where somebody is (YP-5), as does the education.';
COMMENT ON COLUMN education_handover.receiver IS 'Who there is told, by name.';
COMMENT ON COLUMN education_handover.mentor_until IS 'The last day of UU''s mentor.';
CREATE INDEX education_handover_by_young_person ON education_handover (young_person_id, on_day);
CREATE INDEX education_handover_by_mentor ON education_handover (mentor_id) WHERE mentor_id IS NOT NULL;
CALL protect('education_handover', also => '{law}');
REVOKE UPDATE ON education_handover FROM enplan_app, enplan_worker;
GRANT UPDATE (received_on, received_by, version) ON education_handover TO enplan_app;
CREATE TRIGGER education_handover_is_received BEFORE UPDATE ON education_handover FOR EACH ROW EXECUTE FUNCTION is_received_once();
CREATE TRIGGER education_handover_not_ahead BEFORE INSERT ON education_handover FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('on_day');

-- TM-1: enrolment in these is looked at: an education by its name, a special school by its place.
CREATE TABLE special_education (
    kind   text NOT NULL CONSTRAINT special_education_kind_known CHECK (kind IN ('education', 'school')),
    folded text NOT NULL,
    name   text NOT NULL,
    PRIMARY KEY (kind, folded),
    CONSTRAINT special_education_folded CHECK (folded = fold_name(name))
);
COMMENT ON TABLE special_education IS 'What the municipality counts as STU or a special school.';
GRANT SELECT ON special_education TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON special_education TO enplan_worker;
INSERT INTO special_education (kind, folded, name)
    SELECT 'education', fold_name(n), n FROM unnest(ARRAY['STU', 'Særligt tilrettelagt ungdomsuddannelse']) n;

-- Law that a new row stands on was in force when it was judged or decided, and is for them.
CREATE FUNCTION support_need_stands_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM legal_basis l JOIN young_person y ON y.id = NEW.young_person_id
            WHERE l.code = NEW.legal_basis_code AND l.leads_to IS NOT NULL
              AND legal_basis_holds(l.code, NEW.judged_on, y.birth_date, greatest(NEW.from_day, birthday(y.birth_date, 18)))) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law then, or not for them';
    ELSIF NEW.goes_on_after_18 AND NEW.to_day >= NEW.from_day AND NEW.to_day < (SELECT birthday(y.birth_date, 18) FROM young_person y WHERE y.id = NEW.young_person_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'support-need.days-contradict', MESSAGE = 'it ends before they are 18';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER support_need_stands_on_law BEFORE INSERT ON support_need
    FOR EACH ROW EXECUTE FUNCTION support_need_stands_on_law();

-- A decision is for an age that the law is for, and of a unit that decides under it. It tells what its law tells (AC-3).
CREATE FUNCTION responsibility_stands_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    born date := (SELECT y.birth_date FROM young_person y WHERE y.id = NEW.young_person_id);
BEGIN
    IF NOT legal_basis_holds(NEW.legal_basis_code, NEW.decided_on, born, NEW.from_day) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law then, or not for them';
    ELSIF NOT EXISTS (SELECT FROM legal_basis l JOIN unit u ON u.department = l.department AND u.operational
                       WHERE l.code = NEW.legal_basis_code AND u.id = NEW.unit_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.other-department', MESSAGE = 'another department decides under it';
    END IF;
    SELECT l.area INTO NEW.information_area FROM legal_basis l WHERE l.code = NEW.legal_basis_code;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_stands_on_law BEFORE INSERT ON statutory_responsibility FOR EACH ROW EXECUTE FUNCTION responsibility_stands_on_law();
-- TM-9: what is decided by law for an age ends with that age, at midnight, by itself. NULL: it goes on.
CREATE FUNCTION decides_to(s statutory_responsibility) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least(s.to_day, birthday(y.birth_date, l.to_age + 1) - 1)
      FROM young_person y, legal_basis l WHERE y.id = s.young_person_id AND l.code = s.legal_basis_code
$$;
GRANT EXECUTE ON FUNCTION decides_to(statutory_responsibility) TO enplan_app;
CREATE TRIGGER responsibility_decided_by_now BEFORE INSERT ON statutory_responsibility FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('decided_on');

-- TM-14: when an aftercare ends: its last day, or the 23rd birthday.
CREATE FUNCTION aftercare_ends_on(to_day date, born date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(to_day, birthday(born, 23));

-- TM-3: by when the meeting is held. Also `n.due_on`.
CREATE FUNCTION due_on(n transition_need) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN n.guide IS NOT NULL THEN birthday(y.birth_date, n.guide)
                ELSE (SELECT aftercare_ends_on(s.to_day, y.birth_date) FROM support_need s WHERE s.id = n.support_need_id) END
      FROM young_person y WHERE y.id = n.young_person_id
$$;

-- TM-2: has somebody support that goes on after 18 and is met about?
CREATE FUNCTION is_met_about(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM support_need s JOIN legal_basis l ON l.code = s.legal_basis_code AND l.leads_to = 'meeting'
        WHERE s.young_person_id = person AND s.goes_on_after_18 AND (s.to_day >= acting_today()) IS NOT FALSE)
$$;

-- TM-12: does it still go before the aftercare committee, of whose 17-year meeting it is?
CREATE FUNCTION wants_committee(n transition_need) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT n.guide IS NOT DISTINCT FROM 17 AND NOT EXISTS (SELECT FROM transition_committee c WHERE c.need_id = n.id) AND EXISTS (SELECT FROM support_need s JOIN legal_basis l ON l.code = s.legal_basis_code AND l.aftercare
        WHERE s.young_person_id = n.young_person_id AND s.goes_on_after_18 AND (s.to_day >= acting_today()) IS NOT FALSE)
$$;

-- A need goes on, and not back; what was decided of it stays. A merge moves all of it.
CREATE FUNCTION transition_need_takes_a_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (('to-judge', 'open'), ('to-judge', 'not-in-need'), ('to-judge', 'exempt'), ('open', 'exempt'), ('open', 'held')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.step-not-allowed', MESSAGE = 'a need goes on, and not back';
    ELSIF NEW.state = 'held' AND wants_committee(NEW) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.committee-missing', MESSAGE = 'the aftercare committee comes first';
    ELSIF NEW.state = 'exempt' AND is_met_about(NEW.young_person_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.not-exempt', MESSAGE = 'the law asks for a meeting';
    ELSIF NEW.state = 'exempt' AND ((SELECT m.next_at IS NOT NULL FROM meetings_of(NEW.id) m)
            OR EXISTS (SELECT FROM responsibility_agreement a WHERE a.need_id = NEW.id AND a.passed_at IS NULL AND a.replaced_at IS NULL)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.in-preparation', MESSAGE = 'a meeting is booked, or a receiver agreed on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transition_need_takes_a_step BEFORE UPDATE OF state ON transition_need FOR EACH ROW
    WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION transition_need_takes_a_step();
-- From the 18th birthday on there is nothing to hand over, but an aftercare that ends.
CREATE FUNCTION transition_need_of_a_minor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM young_person y WHERE y.id = NEW.young_person_id AND NEW.raised_on >= birthday(y.birth_date, 18)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.age-out-of-range', MESSAGE = 'the young person is of age';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transition_need_of_a_minor BEFORE INSERT ON transition_need FOR EACH ROW
    WHEN (NEW.origin = 'by-hand') EXECUTE FUNCTION transition_need_of_a_minor();
CREATE TRIGGER transition_need_decided_by_now BEFORE INSERT OR UPDATE OF decided_on ON transition_need FOR EACH ROW
    WHEN (NEW.decided_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('decided_on');
CREATE FUNCTION committee_of_open_need() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM transition_need n WHERE n.id = NEW.need_id AND n.state IN ('open', 'exempt') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.step-not-allowed', MESSAGE = 'it is settled, or not judged yet';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_of_open_need BEFORE INSERT ON transition_committee FOR EACH ROW EXECUTE FUNCTION committee_of_open_need();

-- TM-2: it is referred where it is exempt.
CREATE FUNCTION referral_of_exempt_need() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM transition_need n WHERE n.id = NEW.need_id AND n.state = 'exempt' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.step-not-allowed', MESSAGE = 'it is not exempt';
    ELSIF NOT EXISTS (SELECT FROM unit u WHERE u.id = NEW.unit_id AND u.operational AND u.department IN ('JV', 'UU')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-referral.other-department', MESSAGE = 'the jobcenter or UU';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referral_of_exempt_need BEFORE INSERT ON transition_referral FOR EACH ROW EXECUTE FUNCTION referral_of_exempt_need();

-- Who judges it for UU: who takes part in the plan, else the unit that takes such signals.
CREATE FUNCTION judging_unit(person uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT g.unit_id FROM plan p CROSS JOIN LATERAL guidance_for(p.id) g WHERE p.young_person_id = person AND p.state <> 'closed'),
                    (SELECT u.id FROM unit u WHERE u.takes_absence_signals ORDER BY u.id LIMIT 1))
$$;

-- TM-1: the unit that assesses a need sees the young person until the need is assessed. If a meeting follows, it sees them until
-- the meeting is held or a referral replaces it.
CREATE FUNCTION judging_unit_of_need(of_need uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.young_person_id, n.writing_unit_id, NULL::uuid, 'infinity'::timestamptz,
           -- A manually created need is the creating unit's own recording.
           n.origin <> 'enrolment' OR (SELECT coalesce(bool_and(w.writing_unit_id = n.writing_unit_id), true)
              FROM education_and_work w
              JOIN special_education e ON e.kind = w.kind AND e.folded = fold_name(CASE w.kind WHEN 'education' THEN w.name ELSE w.place END)
             WHERE w.young_person_id = n.young_person_id AND w.held @> acting_today())
      FROM transition_need n WHERE n.id = of_need AND n.state = 'to-judge'
$$;

-- TM-11: the receiving units see a need for a meeting from the day on which it is found.
CREATE FUNCTION receiving_units_of_need(of_need uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.young_person_id, u.id, NULL::uuid, 'infinity'::timestamptz,
           u.id = n.writing_unit_id OR works_for(n.raised_by_id, u.id) OR works_for(n.decided_by_id, u.id)
      FROM transition_need n JOIN unit u ON u.receives_needs WHERE n.id = of_need AND n.state = 'open'
$$;

-- TM-14: the unit that prepares the time after school sees the young person's education until this is done.
CREATE FUNCTION unit_after_school(of_task uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.young_person_id, t.writing_unit_id, NULL::uuid, 'infinity'::timestamptz, w.writing_unit_id = t.writing_unit_id
      FROM task t JOIN education_and_work w ON w.id = t.subject_id AND w.young_person_id = t.young_person_id AND w.kind = 'school'
     WHERE t.id = of_task AND t.kind = 'plan-leaving-school' AND t.done_at IS NULL
       AND EXISTS (SELECT FROM support_need s WHERE s.young_person_id = t.young_person_id AND s.goes_on_after_18)
$$;

-- TM-8: acceptance changes the receiver's access to participation: by its row in the open plan, otherwise by the agreement. It is
-- the only fact recorded by the unit itself that widens the unit's access (AC-15), except if an employee who works for the unit named it as receiver.
CREATE FUNCTION accepting_unit(fact uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.young_person_id, a.receiving_unit_id, NULL::uuid, 'infinity'::timestamptz,
           a.receiving_unit_id = a.writing_unit_id OR works_for(a.agreed_by_id, a.receiving_unit_id)
      FROM responsibility_agreement a
      LEFT JOIN plan_participant m ON m.young_person_id = a.young_person_id AND m.unit_id = a.receiving_unit_id AND m.left_at IS NULL
     WHERE coalesce(m.id, a.id) = fact AND a.accepted_at IS NOT NULL AND a.replaced_at IS NULL
$$;

-- TM-2: the unit to which an exempt need is referred instead.
CREATE FUNCTION unit_referred_to(of_referral uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.young_person_id, r.unit_id, NULL::uuid, 'infinity'::timestamptz, r.unit_id = r.writing_unit_id
      FROM transition_referral r WHERE r.id = of_referral
$$;

INSERT INTO access_rule (code, valid_from, receivers, kind, areas, lasts, legal_basis, reason, source) VALUES
    ('judge-need', '2000-01-01', 'judging_unit_of_need', 'law', 7, NULL, 'KUI-loven', 'Behovet for et overgangsmøde skal vurderes.', 'TM-1'),
    ('prepare-transition-meeting', '2000-01-01', 'receiving_units_of_need', 'law', 3, NULL, 'Barnets lov §§ 122-123', 'Et overgangsmøde forberedes.', 'TM-11'),
    ('plan-leaving-school', '2000-01-01', 'unit_after_school', 'law', 5, NULL, 'KUI-loven', 'Den unge går snart ud af skolen.', 'TM-14'),
    ('refer-instead', '2000-01-01', 'unit_referred_to', 'law', 3, '182 days', 'Barnets lov §§ 122-123', 'Henvist i stedet for et overgangsmøde.', 'TM-2; 26 weeks chosen'),
    ('acceptance', '2000-01-01', 'accepting_unit', 'participation', 7, NULL, NULL, 'Har taget imod den unge fra en anden afdeling.', 'TM-8');

CREATE FUNCTION referral_is_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM grant_by_rule('refer-instead', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER referral_is_shown AFTER INSERT ON transition_referral FOR EACH ROW EXECUTE FUNCTION referral_is_shown();

-- When a need is settled, the access by law lasts for four more weeks (chosen), for recording and referring. An agreed receiver
-- has access by the agreement.
CREATE FUNCTION need_is_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = 'to-judge' THEN
        PERFORM grant_by_rule('judge-need', NEW.id);
    ELSIF NEW.state = 'open' THEN
        PERFORM grant_by_rule('prepare-transition-meeting', NEW.id);
    ELSE
        UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now() + interval '28 days')
         WHERE b.source_id = NEW.id AND b.kind = 'law' AND b.valid_to = 'infinity';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER need_is_shown AFTER INSERT OR UPDATE OF state ON transition_need FOR EACH ROW EXECUTE FUNCTION need_is_shown();

-- TM-8, TM-9: acceptance makes the receiver a participant, and its previous access basis ends. The access from a replaced
-- agreement ends with that agreement.
CREATE FUNCTION agreement_is_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.replaced_at IS NULL THEN
        PERFORM grant_by_rule('acceptance', coalesce((SELECT m.id FROM plan_participant m
            WHERE m.young_person_id = NEW.young_person_id AND m.unit_id = NEW.receiving_unit_id AND m.left_at IS NULL), NEW.id));
    END IF;
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now())
     WHERE b.source_id = NEW.id AND (b.kind = 'law' OR NEW.replaced_at IS NOT NULL) AND b.valid_to > acting_now();
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_is_shown AFTER UPDATE OF accepted_at ON responsibility_agreement FOR EACH ROW
    WHEN (OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL) EXECUTE FUNCTION agreement_is_shown();
CREATE TRIGGER agreement_is_shown_no_more AFTER UPDATE OF replaced_at ON responsibility_agreement FOR EACH ROW
    WHEN (OLD.replaced_at IS NULL AND NEW.replaced_at IS NOT NULL) EXECUTE FUNCTION agreement_is_shown();

-- An agreement is of a need that is met about; it is accepted once, by a unit that receives, and stays.
CREATE FUNCTION agreement_takes_a_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM transition_need n WHERE n.id = NEW.need_id AND n.state IN ('open', 'held') FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.step-not-allowed', MESSAGE = 'it is not met about';
        ELSIF NOT EXISTS (SELECT FROM unit u WHERE u.id = NEW.receiving_unit_id AND u.operational AND u.department IN ('BU', 'JV', 'UU')) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.other-department', MESSAGE = 'no unit that coordinates';
        END IF;
    ELSIF OLD.passed_at IS NOT NULL OR OLD.replaced_at IS NOT NULL
          OR OLD.accepted_at IS NOT NULL AND (OLD.accepted_at, OLD.accepted_by_id) IS DISTINCT FROM (NEW.accepted_at, NEW.accepted_by_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.already-accepted', MESSAGE = 'it stays as it was agreed';
    ELSIF OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL AND (NEW.receiving_unit_id = ANY (acting_holders())) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.not-the-receiver', MESSAGE = 'another unit receives';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_is_of_a_unit BEFORE INSERT ON responsibility_agreement FOR EACH ROW EXECUTE FUNCTION agreement_takes_a_step();
CREATE TRIGGER agreement_takes_a_step BEFORE UPDATE OF accepted_at, accepted_by_id, replaced_at, passed_at ON responsibility_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_takes_a_step();

-- YP-8: an agreement by which the coordination passed is voided by nobody; it passes back by another.
CREATE FUNCTION passed_agreement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'correction.coordination-passed', MESSAGE = 'the coordination passed by it';
END $$;
CREATE TRIGGER passed_agreement_stays BEFORE DELETE ON responsibility_agreement FOR EACH ROW
    WHEN (OLD.passed_at IS NOT NULL) EXECUTE FUNCTION passed_agreement_stays();

-- TM-9: when the last of what was agreed at the meeting was done; 'infinity': something is open. NULL: nothing was agreed.
-- Whoever keeps what was agreed replaces it.
CREATE FUNCTION agreed_is_done_at(of_need uuid) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT NULL::timestamptz WHERE of_need IS NOT NULL
$$;

-- TM-9: the moment at which the coordination passes by an agreement: at midnight of the day, or as soon after as it is
-- accepted, the meeting held and everything done. NULL: not yet.
CREATE FUNCTION passes_at(a responsibility_agreement) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.at FROM (
        SELECT greatest(a.coordinates_from::timestamp AT TIME ZONE 'Europe/Copenhagen', a.accepted_at,
                        n.decided_on::timestamp AT TIME ZONE 'Europe/Copenhagen', agreed_is_done_at(n.id)) AS at
          FROM transition_need n WHERE n.id = a.need_id AND n.state = 'held') p
     WHERE a.accepted_at IS NOT NULL AND a.replaced_at IS NULL AND p.at <= acting_now()
$$;

-- TM-9, at commit: another department coordinates by an agreement that was accepted, and from its moment on; nothing is
-- put before what stands, but what a merge lends.
CREATE FUNCTION coordination_was_accepted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM coordination c WHERE c.young_person_id = NEW.young_person_id AND c.from_at > NEW.from_at)
       AND NOT EXISTS (SELECT FROM merge m WHERE m.young_person_id = NEW.young_person_id AND m.undone_at IS NULL
                       AND coalesce(m.coordinated_from, m.merged_at) > NEW.from_at)
       OR (SELECT c.department FROM coordination c WHERE c.young_person_id = NEW.young_person_id AND c.from_at < NEW.from_at
            ORDER BY c.from_at DESC LIMIT 1) <> NEW.department
       AND NOT EXISTS (SELECT FROM responsibility_agreement a JOIN unit u ON u.id = a.receiving_unit_id
                        WHERE a.young_person_id = NEW.young_person_id AND u.department = NEW.department AND a.passed_at = NEW.from_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.not-accepted', MESSAGE = 'the receiver has not accepted';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER coordination_was_accepted AFTER INSERT ON coordination
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION coordination_was_accepted();

-- Does somebody work in a unit now?
CREATE FUNCTION works_in(who uuid, in_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM employee_role r JOIN employee e ON e.id = r.employee_id AND e.deactivated_at IS NULL
        WHERE r.employee_id = who AND r.unit_id = in_unit AND r.valid_from <= acting_now() AND r.valid_to > acting_now())
$$;

-- PL-17: the function in which an employee coordinates in a unit now; NULL if the employee may not coordinate in it.
CREATE FUNCTION coordinates_as(who uuid, in_unit uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.role FROM employee_role r
     WHERE r.employee_id = who AND r.unit_id = in_unit AND r.role = ANY (coordinating_functions()) AND works_in(who, in_unit)
       AND r.valid_from <= acting_now() AND r.valid_to > acting_now()
     ORDER BY array_position(coordinating_functions(), r.role) LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION coordinates_as(uuid, uuid) TO enplan_app;

-- PL-17: an accepted agreement reserves room from the day on which its coordinator takes over, also if there is no open plan yet: one
-- may be opened before that day.
CREATE OR REPLACE FUNCTION cases_to_come(of_unit uuid)
RETURNS TABLE (young_person_id uuid, employee_id uuid, function text, from_day date, exception_until date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.young_person_id, a.coordinator_id, coordinates_as(a.coordinator_id, of_unit), a.coordinates_from, a.exception_until
      FROM responsibility_agreement a
     WHERE a.receiving_unit_id = of_unit AND a.accepted_at IS NOT NULL AND a.passed_at IS NULL AND a.replaced_at IS NULL
       AND coordinates_as(a.coordinator_id, of_unit) IS NOT NULL
$$;
CREATE OR REPLACE FUNCTION was_reserved(a assignment) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM responsibility_agreement g WHERE g.young_person_id = a.young_person_id AND g.coordinator_id = a.employee_id
                   AND g.receiving_unit_id = a.unit_id AND g.passed_at = a.began_at)
$$;

-- PL-17, CL-4: the employee who is to coordinate is locked. Then their cases are counted as of the day on which they take over.
-- Only the unit's leader may go beyond the norm (CL-3).
CREATE FUNCTION acceptance_reserves_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    on_day date := greatest(NEW.coordinates_from, acting_today());
    post   text := coordinates_as(NEW.coordinator_id, NEW.receiving_unit_id);
BEGIN
    IF NEW.exception_until IS NOT NULL AND NOT acting_leads(NEW.receiving_unit_id, 'team-leader') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the unit''s leader alone goes beyond the norm';
    END IF;
    PERFORM lock_employees(ARRAY[NEW.coordinator_id]);
    IF NEW.exception_until IS NULL
        AND EXISTS (SELECT FROM cases_to_come(NEW.receiving_unit_id) c WHERE c.young_person_id = NEW.young_person_id)
        AND NOT EXISTS (SELECT FROM assignment a WHERE a.young_person_id = NEW.young_person_id AND a.employee_id = NEW.coordinator_id
                        AND a.unit_id = NEW.receiving_unit_id AND a.counts_as = post AND a.ended_at IS NULL
                        AND a.exception_until >= on_day IS NOT TRUE)
        AND EXISTS (SELECT FROM caseload_of(NEW.receiving_unit_id, on_day, 'infinity', NEW.coordinator_id, false) c
                    WHERE c.function = post AND c.young_people + c.reserved > c.case_limit) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'caseload.limit-reached', MESSAGE = 'no room from that day';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER acceptance_reserves_room AFTER UPDATE OF accepted_at, exception_until ON responsibility_agreement FOR EACH ROW
    WHEN (NEW.accepted_at IS NOT NULL AND NEW.passed_at IS NULL AND NEW.coordinator_id IS NOT NULL
          AND (OLD.accepted_at, OLD.exception_until) IS DISTINCT FROM (NEW.accepted_at, NEW.exception_until))
    EXECUTE FUNCTION acceptance_reserves_room();

-- PL-17: the employee who coordinates by an agreement has the case from then on. The norm is not checked again, so the transfer
-- never fails. If a colleague of the unit had the case in that function, it is handed over.
CREATE FUNCTION give_case_by(a responsibility_agreement) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    post    text := coordinates_as(a.coordinator_id, a.receiving_unit_id);
    began   date := (a.passed_at AT TIME ZONE 'Europe/Copenhagen')::date;
    allowed boolean := a.exception_until BETWEEN began AND began + 90 IS TRUE;
    before  uuid;
BEGIN
    IF EXISTS (SELECT FROM assignment s WHERE s.young_person_id = a.young_person_id AND s.employee_id = a.coordinator_id
               AND s.unit_id = a.receiving_unit_id AND s.ended_at IS NULL) THEN
        RETURN;
    END IF;
    UPDATE assignment s SET ended_at = greatest(s.began_at, a.passed_at), end_reason = 'Koordineringen er gået over til en kollega.',
                            version = s.version + 1
     WHERE s.young_person_id = a.young_person_id AND s.unit_id = a.receiving_unit_id AND s.function = post AND s.ended_at IS NULL
     RETURNING s.id INTO before;
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now()) WHERE b.source_id = before AND b.valid_to > acting_now();
    INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at, exception_reason, exception_until)
    VALUES (gen_random_uuid(), a.young_person_id, a.receiving_unit_id, a.receiving_unit_id, a.coordinator_id, post, post, a.passed_at,
            CASE WHEN allowed THEN a.exception_reason END, CASE WHEN allowed THEN a.exception_until END);
    UPDATE intake_entry n SET left_at = greatest(n.entered_at, acting_now()), left_because = 'assigned', version = n.version + 1
     WHERE n.young_person_id = a.young_person_id AND n.unit_id = a.receiving_unit_id AND n.function = post AND n.left_at IS NULL;
END $$;

-- Lets the coordination pass where it is time, from the moment on at which it was. Gives the agreement by which.
CREATE FUNCTION pass_coordination(person uuid) RETURNS TABLE (agreement_id uuid, department text, from_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a      responsibility_agreement;
    moment timestamptz;
BEGIN
    SELECT * INTO a FROM responsibility_agreement g
     WHERE g.young_person_id = person AND g.passed_at IS NULL AND g.replaced_at IS NULL AND is_for_acting(person) FOR UPDATE;
    moment := passes_at(a);
    IF moment IS NULL THEN
        RETURN;
    END IF;
    -- Not before the step that stands.
    moment := greatest(moment, (SELECT max(c.from_at) + interval '1 microsecond' FROM coordination c WHERE c.young_person_id = person));
    UPDATE responsibility_agreement g SET passed_at = moment, version = g.version + 1 WHERE g.id = a.id RETURNING * INTO a;
    INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
    SELECT person, moment, u.id, u.department FROM unit u WHERE u.id = a.receiving_unit_id;
    UPDATE transition_need n SET version = n.version + 1 WHERE n.id = a.need_id;
    -- Who received before has passed it on.
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now() + interval '28 days')
      FROM responsibility_agreement g
     WHERE g.young_person_id = person AND g.passed_at < moment AND g.receiving_unit_id <> a.receiving_unit_id
       AND b.source_id = g.id AND b.valid_to > acting_now() + interval '28 days';
    -- The named employee coordinates the open plan from then on and has the case, if they still work in the unit.
    INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
    SELECT p.id, 'coordinator', greatest(moment, (SELECT max(r.from_at) + interval '1 microsecond' FROM plan_role r
                                                   WHERE r.plan_id = p.id AND r.kind = 'coordinator'), p.opened_at),
           person, a.receiving_unit_id, a.coordinator_id FROM plan p
     WHERE p.young_person_id = person AND p.state <> 'closed' AND coordinates_as(a.coordinator_id, a.receiving_unit_id) IS NOT NULL
       AND coordinator_of(p.id) IS DISTINCT FROM a.coordinator_id;
    IF FOUND THEN
        PERFORM give_case_by(a);
        UPDATE plan p SET version = p.version + 1 WHERE p.young_person_id = person AND p.state <> 'closed';
    END IF;
    RETURN QUERY SELECT a.id, u.department, moment FROM unit u WHERE u.id = a.receiving_unit_id;
END $$;

-- DL-3, TM-1, TM-2, TM-14: the needs that stand and nobody was told of, of the young people `y` for whom `whom` holds: as
-- what was told stands now, at most one of each.
CREATE FUNCTION needs_to_find_of(whom text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN replace(replace($sql$
    SELECT y.id AS young_person_id, 'support-need' AS origin, s.id AS support_need_id, s.guide, s.writing_unit_id,
           CASE s.leads_to WHEN 'meeting' THEN 'open' ELSE 'exempt' END AS state,
           -- Told when less than three months (chosen) were left.
           (s.recorded_at AT TIME ZONE 'Europe/Copenhagen')::date > months_old(y.birth_date, 12 * s.guide - 3) AS acute
      FROM young_person y
     CROSS JOIN LATERAL (
        SELECT s.*, l.leads_to FROM support_need s
          JOIN legal_basis l ON l.code = s.legal_basis_code
          JOIN transition_guide g ON g.guide = s.guide AND months_old(y.birth_date, g.found_at_months) <= acting_today()
         WHERE s.young_person_id = y.id AND s.goes_on_after_18 AND s.from_day <= acting_today() AND (s.to_day >= acting_today()) IS NOT FALSE
           AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
                AND (n.state IN ('open', 'held') OR n.support_need_id = s.id
                     OR l.leads_to = 'referral' AND n.state IN ('to-judge', 'exempt')))
         ORDER BY l.leads_to = 'meeting' DESC, s.guide, s.from_day, s.id LIMIT 1) s
     WHERE <whom> AND <minor>
    UNION ALL
    SELECT y.id, 'enrolment', NULL, g.guide, judging_unit(y.id), 'to-judge', false
      FROM young_person y
     CROSS JOIN LATERAL (SELECT max(g.guide) AS guide FROM transition_guide g WHERE months_old(y.birth_date, g.found_at_months) <= acting_today()) g
     WHERE <whom> AND g.guide IS NOT NULL AND <minor> AND judging_unit(y.id) IS NOT NULL
       AND EXISTS (SELECT FROM education_and_work w
             JOIN special_education e ON e.kind = w.kind AND e.folded = fold_name(CASE w.kind WHEN 'education' THEN w.name ELSE w.place END)
            WHERE w.young_person_id = y.id AND w.held @> acting_today())
       AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
            AND (n.state IN ('to-judge', 'open', 'held') OR n.origin = 'enrolment' AND n.guide >= g.guide))
    UNION ALL
    SELECT y.id, 'aftercare-ends', s.id, NULL, s.writing_unit_id, 'open', false
      FROM young_person y
      JOIN support_need s ON s.young_person_id = y.id AND s.goes_on_after_18
      JOIN legal_basis l ON l.code = s.legal_basis_code AND l.aftercare
     CROSS JOIN LATERAL aftercare_ends_on(s.to_day, y.birth_date) ends (day)
     WHERE <whom> AND ends.day > birthday(y.birth_date, 18) AND acting_today() BETWEEN (ends.day - interval '6 months')::date AND ends.day
       -- What had ended when it was told is history.
       AND (s.recorded_at AT TIME ZONE 'Europe/Copenhagen')::date <= ends.day
       -- Another goes on from it, or its end was found already.
       AND NOT EXISTS (SELECT FROM support_need o JOIN legal_basis k ON k.code = o.legal_basis_code AND k.aftercare
            WHERE o.young_person_id = y.id AND o.goes_on_after_18 AND daterange(o.from_day, o.to_day, '[]') @> ends.day + 1
              AND ends.day < birthday(y.birth_date, 23))
       AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
            AND (n.state IN ('to-judge', 'open') OR n.origin = 'aftercare-ends' AND n.raised_on >= (ends.day - interval '6 months')::date)) $sql$,
    -- Who is old enough for the first guide; the days of birth alone tell most of those who are not.
    '<minor>', 'y.birth_date BETWEEN acting_today() - 6580 AND acting_today() - 5200 AND acting_today() < birthday(y.birth_date, 18)'), '<whom>', whom);

DO $do$
BEGIN
    EXECUTE format('CREATE FUNCTION needs_to_find(person uuid) RETURNS TABLE (young_person_id uuid, origin text, support_need_id uuid, guide smallint,
        writing_unit_id uuid, state text, acute boolean) LANGUAGE sql STABLE SET search_path = public, pg_temp SET jit = off AS $body$ %s $body$',
        needs_to_find_of('y.id = person'));
    -- Whose transition moves by time alone.
    EXECUTE format('CREATE FUNCTION transitions_due() RETURNS TABLE (young_person_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $body$
        SELECT f.young_person_id FROM (%s) f
        UNION SELECT a.young_person_id FROM responsibility_agreement a WHERE a.passed_at IS NULL AND a.replaced_at IS NULL AND passes_at(a) IS NOT NULL
        ORDER BY 1 $body$', needs_to_find_of('true'));
END $do$;

-- Finds what is to be found, once, however many do so at the same moment: whoever calls it has locked the young person.
-- Where UU was to judge, the need of support has decided.
CREATE FUNCTION find_transition_needs(person uuid) RETURNS TABLE (id uuid, origin text, state text, guide smallint, acute boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    f record;
BEGIN
    PERFORM FROM young_person y WHERE y.id = person FOR NO KEY UPDATE;
    FOR f IN SELECT * FROM needs_to_find(person) WHERE is_for_acting(person) ORDER BY origin = 'support-need' DESC, support_need_id LOOP
        RETURN QUERY UPDATE transition_need n SET state = 'open', guide = f.guide, acute = n.acute OR f.acute, version = n.version + 1
             WHERE n.young_person_id = person AND n.state = 'to-judge' AND f.origin = 'support-need'
            RETURNING n.id, n.origin, n.state, n.guide, n.acute;
        IF NOT FOUND THEN
            RETURN QUERY INSERT INTO transition_need AS n (id, young_person_id, writing_unit_id, origin, support_need_id, guide, acute, raised_on,
                    state, decided_on)
                VALUES (gen_random_uuid(), person, f.writing_unit_id, f.origin, f.support_need_id, f.guide, f.acute, acting_today(), f.state,
                        CASE f.state WHEN 'exempt' THEN acting_today() END)
                ON CONFLICT (young_person_id) WHERE state IN ('to-judge', 'open') DO NOTHING
                RETURNING n.id, n.origin, n.state, n.guide, n.acute;
        END IF;
    END LOOP;
END $$;

-- Locks the employee who is to coordinate next, because the case will be assigned to that employee (PL-17). This lock comes
-- before that of the young person (D-13).
CREATE FUNCTION lock_next_coordinator(person uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT lock_employees(array_agg(a.coordinator_id)) FROM responsibility_agreement a
     WHERE a.young_person_id = person AND a.passed_at IS NULL AND a.replaced_at IS NULL
$$;

-- Whoever the round of due jobs does not get the lock of is left to the next one.
CREATE FUNCTION lock_for_transition(person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_next_coordinator(person);
    PERFORM FROM young_person WHERE id = person FOR NO KEY UPDATE SKIP LOCKED;
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION find_transition_needs(uuid), pass_coordination(uuid), lock_next_coordinator(uuid) TO enplan_app, enplan_worker;
GRANT EXECUTE ON FUNCTION transitions_due(), lock_for_transition(uuid) TO enplan_worker;

INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, asked_after, length, unit, whose, act, source) VALUES
    ('hold-transition-meeting', '2000-01-01', 'TM-3', 'transition-need', '{}', 0, 1, 'days', 'sender', 'holdMeeting', 'S2: the birthday itself'),
    ('judge-need', '2000-01-01', 'TM-1', 'need-to-judge', '{}', 0, 4, 'weeks', 'uu', 'judgeTransitionNeed', 'chosen'),
    ('refer-instead', '2000-01-01', 'TM-2', 'need-exempted', '{}', 0, 4, 'weeks', 'sender', 'referTransitionNeed', 'chosen'),
    ('bring-before-committee', '2000-01-01', 'TM-12', 'transition-need', '{}', 0, 3, 'months', 'sender', 'tellAftercareCommittee', 'chosen'),
    ('accept-responsibility', '2000-01-01', 'TM-9', 'responsibility-agreed', '{}', 0, 1, 'days', 'receiver', 'acceptTransitionNeed', 'S2: the day itself'),
    ('press-for-acceptance', '2000-01-01', 'TM-9', 'responsibility-agreed', '{}', 0, 1, 'days', 'sender', 'acceptTransitionNeed', 'S2: the day itself'),
    ('plan-leaving-school', '2000-01-01', 'TM-14', 'school-ends', '{}', 0, 6, 'months', 'uu', NULL, 'S2'),
    ('settle-responsibility', '2000-01-01', 'TM-9', 'responsibility-agreed', '{}', 0, 5, 'working-days', 'director', 'acceptTransitionNeed', 'chosen');

-- Who raised a need, or told of the support it follows from, while they work there.
CREATE FUNCTION who_raised(n transition_need) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT raised.by_id
      FROM (SELECT coalesce(n.raised_by_id, (SELECT s.judged_by_id FROM support_need s WHERE s.id = n.support_need_id)) AS by_id) raised
     WHERE works_in(raised.by_id, n.writing_unit_id)
$$;

-- Who leads the departments above a unit, the nearest first.
CREATE FUNCTION head_above(of_unit uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT r.employee_id FROM unit u JOIN employee_role r ON r.unit_id = ANY (u.path) AND r.role = 'department-head'
     WHERE u.id = of_unit AND works_in(r.employee_id, r.unit_id)
     ORDER BY array_position(u.path, r.unit_id) DESC, r.valid_from, r.employee_id LIMIT 1
$$;

-- The deadlines of transitions, as `case_deadlines_of` tells the others. One whose day is told runs from the day before.
CREATE FUNCTION transition_deadlines_of(whom text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN replace($sql$
    SELECT k.kind, n.id AS subject_id, y.id AS young_person_id,
           CASE k.kind WHEN 'bring-before-committee' THEN 16 ELSE n.information_area::integer END AS information_area, n.writing_unit_id, n.id AS about,
           coalesce(has_case_of(y.id, n.writing_unit_id, n.information_area), who_raised(n)) AS named_id, daterange(NULL, NULL) AS during, n.raised_on AS occasion,
           k.runs_from, k.asked_on, k.met_at
      FROM young_person y
      JOIN transition_need n ON n.young_person_id = y.id
     CROSS JOIN LATERAL (SELECT n.decided_on::timestamp AT TIME ZONE 'Europe/Copenhagen' AS at) decided
     CROSS JOIN LATERAL (
        SELECT 'hold-transition-meeting', n.due_on - 1, n.raised_on, CASE n.state WHEN 'held' THEN decided.at END
         WHERE n.state IN ('open', 'held')
        UNION ALL
        SELECT 'judge-need', n.raised_on, n.raised_on, decided.at
         WHERE n.state = 'to-judge' OR n.origin = 'enrolment' AND n.decided_by_id IS NOT NULL
        UNION ALL
        SELECT 'refer-instead', n.decided_on, n.decided_on,
               (SELECT min(r.made_on)::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM transition_referral r WHERE r.need_id = n.id)
         WHERE n.state = 'exempt'
        UNION ALL
        -- By the day of the meeting at the latest.
        SELECT 'bring-before-committee', least(n.raised_on, (n.due_on - interval '3 months')::date), n.raised_on, talked.at
          FROM (SELECT (SELECT c.on_day::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM transition_committee c WHERE c.need_id = n.id) AS at) talked
         WHERE talked.at IS NOT NULL OR n.state IN ('open', 'exempt') AND wants_committee(n)) k (kind, runs_from, asked_on, met_at)
     WHERE <whom>
    UNION ALL
    SELECT k.kind, a.id, y.id, a.information_area, k.unit_id, a.id, k.employee_id, daterange(NULL, NULL),
           k.asked_on, k.runs_from, k.asked_on, a.accepted_at
      FROM young_person y
      JOIN responsibility_agreement a ON a.young_person_id = y.id AND a.replaced_at IS NULL
     CROSS JOIN LATERAL (VALUES
        ('accept-responsibility', a.receiving_unit_id, CASE WHEN works_in(a.coordinator_id, a.receiving_unit_id) THEN a.coordinator_id END,
         (a.agreed_at AT TIME ZONE 'Europe/Copenhagen')::date, a.coordinates_from - 1),
        ('press-for-acceptance', a.writing_unit_id, NULL, a.coordinates_from, a.coordinates_from - 1),
        -- It is the directors' on the day by which it was to be settled.
        ('settle-responsibility', a.receiving_unit_id, head_above(a.receiving_unit_id),
         deadline_of('settle-responsibility', a.coordinates_from), a.coordinates_from)) k (kind, unit_id, employee_id, asked_on, runs_from)
     WHERE <whom>
    UNION ALL
    SELECT 'plan-leaving-school', w.id, y.id, w.information_area, judging_unit(y.id), w.id, NULL, daterange(NULL, NULL),
           ends.told_on, ends.told_on, ends.told_on, NULL
      FROM young_person y
      JOIN education_and_work w ON w.young_person_id = y.id AND w.kind = 'school' AND w.grade IN (9, 10) AND w.state = 'started'
     -- Half a year before the end of June of its school year.
     CROSS JOIN LATERAL (SELECT make_date(extract(year FROM w.started_on)::integer + (extract(month FROM w.started_on) >= 7)::integer - 1, 12, 30) AS told_on) ends
     WHERE <whom> AND acting_today() < ends.told_on + 213 AND judging_unit(y.id) IS NOT NULL AND EXISTS (SELECT FROM support_need s WHERE s.young_person_id = y.id AND s.goes_on_after_18)
    $sql$, '<whom>', whom);
CREATE OR REPLACE FUNCTION standing_deadlines_of(whom text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN case_deadlines_of(whom) || ' UNION ALL ' || transition_deadlines_of(whom);
CALL make_reckoning();

-- TM-11: who goes to a school.
CREATE INDEX education_and_work_by_place ON education_and_work (fold_name(place), young_person_id) WHERE place IS NOT NULL;

-- TM-11: when a need's last meeting was held, and its next one begins. Whoever keeps meetings replaces it.
CREATE FUNCTION meetings_of(of_need uuid) RETURNS TABLE (last_at timestamptz, next_at timestamptz) LANGUAGE sql STABLE
AS $$ SELECT NULL::timestamptz, NULL::timestamptz WHERE of_need IS NOT NULL $$;
DO $do$
BEGIN
    -- A need that the caller sees, with what follows from it.
    EXECUTE format($function$
CREATE FUNCTION read_transition_need(of_need uuid)
RETURNS TABLE (id uuid, young_person_id uuid, writing_unit_id uuid, origin text, guide smallint, acute boolean, reason text, raised_on date,
               state text, decided_on date, decided_words text, committee_on date, committee_words text, due date, wants_committee boolean, exempts boolean,
               last_at timestamptz, next_at timestamptz, version bigint, stored_version bigint)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    SELECT n.id, n.young_person_id, n.writing_unit_id, n.origin, n.guide, n.acute, n.reason, n.raised_on, n.state, n.decided_on,
           n.decided_words, c.on_day, c.words, due_on(n), wants_committee(n) AND EXISTS (SELECT FROM support_need s JOIN legal_basis l ON l.code = s.legal_basis_code AND l.aftercare
                                      WHERE s.young_person_id = n.young_person_id AND %4$s),
           NOT is_met_about(n.young_person_id),
           -- The statement of the aftercare committee counts in the version only if the caller sees it.
           m.last_at, m.next_at, n.version + (c.id IS NOT NULL)::integer, n.version
      FROM transition_need n
      JOIN LATERAL %1$s a ON true
      -- What it tells of aftercare is the family's.
      LEFT JOIN transition_committee c ON c.need_id = n.id AND %3$s
     CROSS JOIN LATERAL meetings_of(n.id) m
     WHERE n.id = of_need AND %2$s
$body$ $function$, bases_of('n.young_person_id'), may_see_in_view('n', 'a'), may_see_in_view('c', 'a'), may_see_in_view('s', 'a'));

    -- TM-11: the shared overview: needs that the caller sees, the soonest due first, `lim` of them after the day and the
    -- need of the last one seen. A field that one does not see is not filtered on either (AC-10).
    EXECUTE format($function$
CREATE FUNCTION list_transition_needs(of_person uuid, of_standing text, of_unit uuid, of_school text, of_month integer, of_breach boolean,
    due_from date, due_to date, after_due date, after_id uuid, lim integer)
RETURNS TABLE (id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, birth_date date, school text,
               origin text, guide smallint, acute boolean, state text, standing text, due_on date, raised_on date, unit_id uuid, unit_name text,
               last_meeting timestamptz, next_meeting timestamptz, receiving_unit_id uuid, receiving_unit_name text,
               coordinates_from date, accepted_at timestamptz, passed_at timestamptz, version bigint)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT n.id, n.young_person_id, a.basis_id, a.areas, who.given_name, who.family_name, who.birth_date, at_school.place, n.origin, n.guide,
           n.acute, n.state, standing.told, n.day, n.raised_on, n.writing_unit_id, u.name, m.last_at, m.next_at, g.receiving_unit_id, r.name,
           g.coordinates_from, g.accepted_at, g.passed_at,
           n.version + (SELECT count(*) FROM transition_committee c WHERE c.need_id = n.id AND %7$s)
      -- In order first, by what costs nothing to tell: what is seen of them, and the rest, is asked of the first that are told alone.
      FROM (SELECT n.*, due.day
              FROM (SELECT DISTINCT b.young_person_id AS id FROM access_basis b
                     WHERE %4$s AND (of_person IS NULL OR b.young_person_id = of_person)) mine
              JOIN transition_need n ON n.young_person_id = mine.id
              JOIN young_person y ON y.id = n.young_person_id
             CROSS JOIN LATERAL (SELECT CASE WHEN n.guide IS NOT NULL THEN birthday(y.birth_date, n.guide)
                    ELSE (SELECT aftercare_ends_on(s.to_day, y.birth_date) FROM support_need s WHERE s.id = n.support_need_id) END AS day) due
             WHERE (due.day, n.id) > (after_due, after_id)
               AND (of_standing IS NULL OR CASE WHEN of_standing IN ('overdue', 'to-judge', 'to-book', 'booked')
                    THEN n.state IN ('open', 'to-judge') AND (due.day < acting_today()) = (of_standing = 'overdue') ELSE n.state = of_standing END)
               AND (due_from IS NULL OR due.day >= due_from) AND (due_to IS NULL OR due.day <= due_to)
               AND (of_month IS NULL OR extract(month FROM y.birth_date) = of_month)
               AND (of_unit IS NULL OR n.writing_unit_id = of_unit OR n.id IN (SELECT g.need_id FROM responsibility_agreement g
                    WHERE g.receiving_unit_id = of_unit AND g.replaced_at IS NULL))
               AND (of_school IS NULL OR n.young_person_id IN (SELECT w.young_person_id FROM education_and_work w
                    WHERE fold_name(w.place) = fold_name(of_school)))
               AND (NOT of_breach OR n.id IN (SELECT g.need_id FROM responsibility_agreement g
                    WHERE g.accepted_at IS NULL AND g.replaced_at IS NULL AND g.coordinates_from <= acting_today()))
             ORDER BY due.day, n.id OFFSET 0) n
      JOIN LATERAL %1$s a ON true
      JOIN young_person y ON y.id = n.young_person_id
      JOIN unit u ON u.id = n.writing_unit_id
      LEFT JOIN LATERAL (SELECT y.* WHERE %3$s) who ON true
      LEFT JOIN LATERAL (SELECT w.place FROM education_and_work w
            WHERE w.young_person_id = y.id AND w.kind IN ('school', 'education') AND w.held @> acting_today() AND %5$s
            ORDER BY w.first_day DESC, w.id LIMIT 1) at_school ON true
      LEFT JOIN LATERAL (SELECT g.* FROM responsibility_agreement g WHERE g.need_id = n.id AND g.replaced_at IS NULL AND %6$s
            ORDER BY g.agreed_at DESC, g.id DESC LIMIT 1) g ON true
      LEFT JOIN unit r ON r.id = g.receiving_unit_id
     CROSS JOIN LATERAL meetings_of(n.id) m
     CROSS JOIN LATERAL (SELECT CASE WHEN n.state NOT IN ('open', 'to-judge') THEN n.state WHEN n.day < acting_today() THEN 'overdue'
                WHEN n.state = 'to-judge' THEN n.state WHEN m.next_at IS NOT NULL THEN 'booked' ELSE 'to-book' END AS told) standing
     WHERE %2$s
       AND (of_standing IS NULL OR standing.told = of_standing)
       AND (of_unit IS NULL OR of_unit IN (n.writing_unit_id, g.receiving_unit_id))
       AND (of_school IS NULL OR fold_name(at_school.place) = fold_name(of_school))
       AND (of_month IS NULL OR extract(month FROM who.birth_date) = of_month)
       AND (NOT of_breach OR g.id IS NOT NULL AND g.accepted_at IS NULL AND g.coordinates_from <= acting_today())
     ORDER BY n.day, n.id LIMIT lim;
END $body$ $function$, bases_of('n.young_person_id'), may_see_in_view('n', 'a'), may_see_in_view('y', 'a'), basis_is_mine('b'),
        may_see_in_view('w', 'a'), may_see_in_view('g', 'a'), may_see_in_view('c', 'a'));
END $do$;
GRANT EXECUTE ON FUNCTION read_transition_need(uuid) TO enplan_app;
GRANT EXECUTE ON FUNCTION list_transition_needs(uuid, text, uuid, text, integer, boolean, date, date, date, uuid, integer) TO enplan_app;
