-- TM-1: the unit that assesses a need sees the young person until the need is assessed. If a meeting follows, it sees
-- them until the meeting is held or a referral replaces it.

-- This function and the four below are receiver functions of `access_rule`.
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

-- TM-2: the unit to which an exempt need is referred instead.
CREATE FUNCTION unit_referred_to(of_referral uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.young_person_id, r.unit_id, NULL::uuid, 'infinity'::timestamptz, r.unit_id = r.writing_unit_id
      FROM transition_referral r WHERE r.id = of_referral
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

-- TM-2: the unit to which a need is referred receives access by law.
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
