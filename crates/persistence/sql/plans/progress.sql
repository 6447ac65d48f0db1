{% from "calendar/macros.sql" import day_of %}

-- PL-4, PL-5, PL-12: a record of a plan is for a day from 26 weeks before the plan was opened (chosen) until today.
CREATE FUNCTION plan_day_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM plan WHERE id = NEW.plan_id
        AND NEW.on_day BETWEEN {{ day_of("opened_at") }} - 182
                           AND acting_today()
        AND {{ day_of("NEW.entered_at") }} <= acting_today();
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.day-out-of-range', MESSAGE = 'the day does not fit the plan';
    END IF;
    RETURN NEW;
END $$;

-- PL-5, at commit: an overdue review is held; its date is not moved.
CREATE FUNCTION overdue_review_is_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF acting_today() <= OLD.next_review_on THEN
        RETURN NULL;
    END IF;
    PERFORM FROM plan_review r WHERE r.plan_id = NEW.id AND r.next_review_on = NEW.next_review_on
        AND {{ day_of("r.entered_at") }} > OLD.next_review_on;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.review-overdue', MESSAGE = 'the review is overdue';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER overdue_review_is_held AFTER UPDATE ON plan DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.next_review_on <> NEW.next_review_on) EXECUTE FUNCTION overdue_review_is_held();
