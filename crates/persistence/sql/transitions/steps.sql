-- TM-3: the day by which the transition meeting is held. Also callable as `n.due_on`.
CREATE FUNCTION due_on(n transition_need) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN n.guide IS NOT NULL THEN birthday(y.birth_date, n.guide)
                ELSE (SELECT aftercare_ends_on(s.to_day, y.birth_date) FROM support_need s WHERE s.id = n.support_need_id) END
      FROM young_person y WHERE y.id = n.young_person_id
$$;

-- TM-2: does the young person have support that continues after 18 and requires a meeting?
CREATE FUNCTION is_met_about(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM support_need s JOIN legal_basis l ON l.code = s.legal_basis_code AND l.leads_to = 'meeting'
        WHERE s.young_person_id = person AND s.goes_on_after_18 AND (s.to_day >= acting_today()) IS NOT FALSE)
$$;

-- TM-12: must the need of a 17-year meeting still go before the aftercare committee?
CREATE FUNCTION wants_committee(n transition_need) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT n.guide IS NOT DISTINCT FROM 17 AND NOT EXISTS (SELECT FROM transition_committee c WHERE c.need_id = n.id) AND EXISTS (SELECT FROM support_need s JOIN legal_basis l ON l.code = s.legal_basis_code AND l.aftercare
        WHERE s.young_person_id = n.young_person_id AND s.goes_on_after_18 AND (s.to_day >= acting_today()) IS NOT FALSE)
$$;

-- TM-1, TM-2: a need only goes forward, and what was decided about it is not changed. A merge moves all of it.
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

-- TM-1: from the 18th birthday on no need is created manually. Only an aftercare that ends creates one.
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

-- TM-12: the committee's statement is recorded for a need that is assessed and not settled.
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

-- TM-2: a referral is made for an exempt need, to the job centre or UU.
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
