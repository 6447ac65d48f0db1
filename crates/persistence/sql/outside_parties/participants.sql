-- PL-16: a withdrawn consent and an ended participation are not restored.
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

-- PL-16: under a consent, only what it opens is disclosed, on the days on which it is in force. FOR SHARE waits for a
-- transaction that withdraws it.
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
