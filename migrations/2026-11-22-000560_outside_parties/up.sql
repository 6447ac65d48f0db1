-- Whom the municipality tells something outside: schools, of an education order (PL-14) and of what support is
-- needed (PL-15), and people without an account who take part in a plan (PL-16). Whatever is told names its day
-- (`on_day`) and on which basis: `basis_kind`, the paragraph of a law, and words.

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
    CONSTRAINT "disclosure.day-out-of-range" CHECK (received_on >= on_day)
);
COMMENT ON COLUMN education_order.told IS 'What the school was told besides the order itself.';
COMMENT ON COLUMN education_order.on_day IS 'When the school was told of it.';
CREATE INDEX education_order_by_plan ON education_order (plan_id, young_person_id);
CREATE INDEX education_order_by_young_person ON education_order (young_person_id);
CALL protect('education_order');

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
    CONSTRAINT "disclosure.day-out-of-range" CHECK (received_on >= on_day AND answered_on >= on_day)
);
COMMENT ON COLUMN support_remark.told IS 'The remark.';
CREATE INDEX support_remark_by_plan ON support_remark (plan_id, young_person_id);
CREATE INDEX support_remark_by_young_person ON support_remark (young_person_id);
CALL protect('support_remark');

-- Somebody who takes part without an account. Naming them opens nothing to anybody.
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
    CONSTRAINT external_participant_consent_given CHECK (consent_given_on <= (entered_at AT TIME ZONE 'Europe/Copenhagen')::date)
);
COMMENT ON COLUMN external_participant.basis_words IS 'Of a consent: its purpose.';
COMMENT ON COLUMN external_participant.consent_withdrawn_on IS 'The first day on which it holds no more.';
CREATE INDEX external_participant_by_plan ON external_participant (plan_id, young_person_id);
CREATE INDEX external_participant_by_young_person ON external_participant (young_person_id);
CALL protect('external_participant');

-- What was sent to them; of the area of what was sent.
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
    CONSTRAINT external_disclosure_basis CHECK ((basis_kind = 'law') = (basis_paragraph IS NOT NULL))
);
CREATE INDEX external_disclosure_by_participant ON external_disclosure (participant_id, plan_id, young_person_id);
CREATE INDEX external_disclosure_by_plan ON external_disclosure (plan_id);
CREATE INDEX external_disclosure_by_young_person ON external_disclosure (young_person_id);
CALL protect('external_disclosure');

-- What was told stays; beside it only what comes back, and what ends.
REVOKE UPDATE ON education_order, support_remark, external_participant, external_disclosure FROM enplan_app, enplan_worker;
GRANT UPDATE (received_on, received_by, version) ON education_order TO enplan_app;
GRANT UPDATE (received_on, received_by, answered_on, answer, version) ON support_remark TO enplan_app;
GRANT UPDATE (consent_withdrawn_on, ended_on, version) ON external_participant TO enplan_app;

DO $do$
DECLARE
    told text;
BEGIN
    FOREACH told IN ARRAY ARRAY['education_order', 'support_remark', 'external_participant', 'external_disclosure'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_in_open_plan BEFORE INSERT OR UPDATE ON %1$s FOR EACH ROW EXECUTE FUNCTION plan_is_open()', told);
    END LOOP;
    FOREACH told IN ARRAY ARRAY['education_order', 'support_remark', 'external_disclosure'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_day_fits BEFORE INSERT ON %1$s FOR EACH ROW EXECUTE FUNCTION plan_day_fits()', told);
    END LOOP;
END $do$;

-- What comes back is told once, and not ahead.
CREATE FUNCTION is_received_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.received_on, OLD.received_by) IS DISTINCT FROM (NEW.received_on, NEW.received_by) THEN
        IF OLD.received_on IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.already-received', MESSAGE = 'a receipt stays as it was told';
        ELSIF NEW.received_on > acting_today() THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.day-out-of-range', MESSAGE = 'the day lies ahead';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER education_order_is_received BEFORE UPDATE ON education_order FOR EACH ROW EXECUTE FUNCTION is_received_once();
CREATE TRIGGER support_remark_is_received BEFORE UPDATE ON support_remark FOR EACH ROW EXECUTE FUNCTION is_received_once();

CREATE FUNCTION is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.answered_on, OLD.answer) IS DISTINCT FROM (NEW.answered_on, NEW.answer) THEN
        IF OLD.answered_on IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.already-answered', MESSAGE = 'an answer stays as it was told';
        ELSIF NEW.answered_on > acting_today() THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.day-out-of-range', MESSAGE = 'the day lies ahead';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER support_remark_is_answered BEFORE UPDATE ON support_remark FOR EACH ROW EXECUTE FUNCTION is_answered_once();

-- A consent that was withdrawn, and a participation that ended, do not come back.
CREATE FUNCTION external_participant_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.consent_withdrawn_on IS NOT NULL AND NEW.consent_withdrawn_on IS DISTINCT FROM OLD.consent_withdrawn_on THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'external-participant.no-consent', MESSAGE = 'the consent is withdrawn';
    ELSIF OLD.ended_on IS NOT NULL AND NEW.ended_on IS DISTINCT FROM OLD.ended_on THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'external-participant.ended', MESSAGE = 'the participation has ended';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER external_participant_ends BEFORE UPDATE ON external_participant FOR EACH ROW EXECUTE FUNCTION external_participant_ends();

-- Under a consent that which it opens is sent, on the days on which it holds. FOR SHARE waits for one who withdraws it.
CREATE FUNCTION external_disclosure_has_a_basis() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    p external_participant;
BEGIN
    SELECT * INTO p FROM external_participant WHERE id = NEW.participant_id FOR SHARE;
    IF NEW.on_day > p.ended_on THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'external-participant.ended', MESSAGE = 'the participation has ended';
    ELSIF NEW.basis_kind = 'consent' AND (p.consent_areas & NEW.information_area <> 0
            AND daterange(p.consent_given_on, p.consent_until, '[]') @> NEW.on_day
            AND NEW.on_day < coalesce(p.consent_withdrawn_on, 'infinity')) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'external-participant.no-basis', MESSAGE = 'no consent holds for it on that day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER external_disclosure_has_a_basis BEFORE INSERT ON external_disclosure
    FOR EACH ROW EXECUTE FUNCTION external_disclosure_has_a_basis();
