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

-- PL-4: how far, 0-10, as the young person and as the professional see it; each a series of its own.
CREATE TABLE goal_progress (
    id               uuid PRIMARY KEY,
    goal_id          uuid NOT NULL,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    voice            text NOT NULL CONSTRAINT goal_progress_voice_known CHECK (voice IN ('young-person', 'professional')),
    on_day           date NOT NULL,
    score            smallint NOT NULL CONSTRAINT goal_progress_scale CHECK (score BETWEEN 0 AND 10),
    note             text,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    FOREIGN KEY (goal_id, plan_id, young_person_id) REFERENCES goal (id, plan_id, young_person_id) ON UPDATE CASCADE,
    -- Carries what the latest score of a voice is read by (`plan_file`).
    CONSTRAINT "goal.progress-already-told" UNIQUE (goal_id, voice, on_day) INCLUDE (score, entered_at, information_area, writing_unit_id)
);
COMMENT ON COLUMN goal_progress.entered_by_id IS 'Who wrote it down; the young person''s voice is entered in their name.';
CREATE INDEX goal_progress_by_young_person ON goal_progress (young_person_id);
CALL protect('goal_progress');
CREATE TRIGGER goal_progress_in_open_plan BEFORE INSERT OR UPDATE ON goal_progress FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER goal_progress_day_fits BEFORE INSERT ON goal_progress FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

-- PL-12: a row for each measurement; what was not measured is NULL.
CREATE TABLE plan_indicators (
    id                 uuid PRIMARY KEY,
    plan_id            uuid NOT NULL,
    young_person_id    uuid NOT NULL,
    information_area   information_area NOT NULL DEFAULT 2,
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    on_day             date NOT NULL,
    everyday_coping    smallint CONSTRAINT plan_indicators_everyday_coping CHECK (everyday_coping BETWEEN 1 AND 5),
    reservation_wage   smallint CONSTRAINT plan_indicators_reservation_wage CHECK (reservation_wage BETWEEN 1 AND 5),
    caseworker_belief  smallint CONSTRAINT plan_indicators_caseworker_belief CHECK (caseworker_belief BETWEEN 1 AND 5),
    supportive_network smallint CONSTRAINT plan_indicators_supportive_network CHECK (supportive_network BETWEEN 1 AND 5),
    entered_by_id      uuid NOT NULL REFERENCES employee (id),
    entered_at         timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_indicators_something CHECK
        (num_nonnulls(everyday_coping, reservation_wage, caseworker_belief, supportive_network) > 0)
);
CREATE INDEX plan_indicators_by_plan ON plan_indicators (plan_id, on_day);
CREATE INDEX plan_indicators_by_young_person ON plan_indicators (young_person_id);
CALL protect('plan_indicators');
CREATE TRIGGER plan_indicators_in_open_plan BEFORE INSERT OR UPDATE ON plan_indicators FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER plan_indicators_day_fits BEFORE INSERT ON plan_indicators FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

-- PL-5: held reviews. The next one is the plan's.
CREATE TABLE plan_review (
    id                     uuid PRIMARY KEY,
    plan_id                uuid NOT NULL,
    young_person_id        uuid NOT NULL,
    information_area       information_area NOT NULL DEFAULT 2,
    writing_unit_id        uuid NOT NULL REFERENCES unit (id),
    on_day                 date NOT NULL,
    took_part              text[] NOT NULL CONSTRAINT plan_review_took_part CHECK (cardinality(took_part) BETWEEN 1 AND 20),
    young_person_took_part boolean NOT NULL,
    decisions              text NOT NULL,
    next_review_on         date NOT NULL,
    entered_by_id          uuid NOT NULL REFERENCES employee (id),
    entered_at             timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE
);
COMMENT ON COLUMN plan_review.took_part IS 'Names or roles, as they were written down.';
COMMENT ON COLUMN plan_review.next_review_on IS 'As it was set at this review; the plan''s own may have been moved since.';
CREATE INDEX plan_review_by_plan ON plan_review (plan_id, on_day, id);
CREATE INDEX plan_review_by_young_person ON plan_review (young_person_id);
CALL protect('plan_review');
CREATE TRIGGER plan_review_in_open_plan BEFORE INSERT OR UPDATE ON plan_review FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER plan_review_day_fits BEFORE INSERT ON plan_review FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

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

REVOKE UPDATE ON goal_progress, plan_indicators, plan_review FROM enplan_app, enplan_worker;
