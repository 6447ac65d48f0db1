-- How it goes with a plan: progress on its goals in two voices, the BIP indicators, and held reviews. What
-- was told stays: no role of the application changes a row.

-- What is told of a plan is of a day from 26 weeks before it was opened (chosen) to today, when it is told.
CREATE FUNCTION plan_day_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM plan WHERE id = NEW.plan_id
        AND NEW.on_day BETWEEN (opened_at AT TIME ZONE 'Europe/Copenhagen')::date - 182
                           AND acting_today()
        AND (NEW.entered_at AT TIME ZONE 'Europe/Copenhagen')::date <= acting_today();
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.day-out-of-range', MESSAGE = 'the day does not fit the plan';
    END IF;
    RETURN NEW;
END $$;

-- PL-5, at commit: a review that is overdue is held, and not set anew.
CREATE FUNCTION overdue_review_is_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF acting_today() <= OLD.next_review_on THEN
        RETURN NULL;
    END IF;
    PERFORM FROM plan_review r WHERE r.plan_id = NEW.id AND r.next_review_on = NEW.next_review_on
        AND (r.entered_at AT TIME ZONE 'Europe/Copenhagen')::date > OLD.next_review_on;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.review-overdue', MESSAGE = 'the review is overdue';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER overdue_review_is_held AFTER UPDATE ON plan DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.next_review_on <> NEW.next_review_on) EXECUTE FUNCTION overdue_review_is_held();
