-- The joint plan: one open plan per young person, its goals, roles, participants and links.

CREATE TABLE plan (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    state            text NOT NULL,
    purpose          text NOT NULL,
    own_words        text,
    own_words_absent text,
    previous_plan_id uuid,
    opened_at        timestamptz NOT NULL,
    activated_at     timestamptz,
    next_review_on   date,
    review_set_on    date,
    closed_at        timestamptz,
    outcome          text,
    outcome_note     text,
    version          bigint NOT NULL DEFAULT 1,
    UNIQUE (id, young_person_id),
    CONSTRAINT plan_previous FOREIGN KEY (previous_plan_id, young_person_id)
        REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_outcome_known CHECK (outcome IN ('education', 'employment', 'self-supporting', 'moved-away',
        'left-the-country', 'reached-30', 'own-wish', 'permanent-benefit', 'continues-on-public-support', 'deceased')),
    CONSTRAINT plan_own_words_once CHECK (num_nonnulls(own_words, own_words_absent) <= 1),
    -- Each state has the columns its Rust variant has.
    CONSTRAINT plan_state_columns CHECK (CASE state
        WHEN 'draft'  THEN num_nonnulls(activated_at, next_review_on, review_set_on, closed_at, outcome, outcome_note) = 0
        WHEN 'active' THEN num_nonnulls(activated_at, next_review_on, review_set_on) = 3
                       AND num_nonnulls(closed_at, outcome, outcome_note) = 0
                       AND num_nonnulls(own_words, own_words_absent) = 1
        WHEN 'closed' THEN num_nonnulls(closed_at, outcome) = 2 AND num_nonnulls(next_review_on, review_set_on) = 0
        ELSE false END),
    -- PL-5: 26 weeks ahead at most (chosen), of the day on which it was set.
    CONSTRAINT "plan.review-out-of-range" CHECK (next_review_on BETWEEN review_set_on AND review_set_on + 182)
);
COMMENT ON COLUMN plan.own_words_absent IS 'PL-3: how they were asked, and would not or could not say.';
COMMENT ON COLUMN plan.review_set_on IS 'PL-5: the day on which the next review was set.';
CREATE UNIQUE INDEX "plan.already-open" ON plan (young_person_id) WHERE state <> 'closed';
CREATE INDEX plan_by_young_person ON plan (young_person_id, opened_at);
CREATE INDEX plan_drafts ON plan (writing_unit_id, opened_at) WHERE state = 'draft';
CREATE INDEX plan_by_previous ON plan (previous_plan_id) WHERE previous_plan_id IS NOT NULL;
CALL protect('plan');

-- PL-9. Whatever hangs on a plan is refused too, also when the closing commits meanwhile: FOR SHARE waits for it.
CREATE FUNCTION plan_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' AND NEW.young_person_id = OLD.young_person_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'a closed plan changes no more';
    ELSIF NEW.state = 'draft' AND OLD.state <> 'draft' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.step-not-allowed', MESSAGE = 'a plan is no draft again';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_review_is_set_by_now BEFORE INSERT OR UPDATE OF review_set_on ON plan FOR EACH ROW
    WHEN (NEW.review_set_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('review_set_on');
CREATE TRIGGER plan_stays_closed BEFORE UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION plan_stays_closed();

CREATE FUNCTION plan_is_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A merge moves what hangs on closed plans too (D-8); nothing moves to another plan.
    IF TG_OP = 'UPDATE' AND NEW.young_person_id <> OLD.young_person_id THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'what hangs on a plan stays on it';
    END IF;
    PERFORM FROM plan WHERE id = NEW.plan_id AND state <> 'closed' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'a closed plan changes no more';
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE goal (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    area             text NOT NULL CONSTRAINT goal_area_known CHECK (area IN ('education', 'employment', 'health', 'social',
                         'everyday-coping', 'network', 'housing-and-economy')),
    wished_result    text NOT NULL,
    target_date      date NOT NULL,
    result           text,
    set_at           timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    UNIQUE (id, plan_id, young_person_id),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE
);
COMMENT ON COLUMN goal.result IS 'What came of it, once it is known.';
CREATE INDEX goal_by_plan ON goal (plan_id, young_person_id);
CREATE INDEX goal_by_young_person ON goal (young_person_id);
CALL protect('goal');
CREATE TRIGGER goal_in_open_plan BEFORE INSERT OR UPDATE ON goal FOR EACH ROW EXECUTE FUNCTION plan_is_open();

-- Contact person and coordinator: each row holds until the next of its kind begins (D-19, D-21).
CREATE TABLE plan_role (
    plan_id              uuid NOT NULL,
    kind                 text NOT NULL CONSTRAINT plan_role_kind_known CHECK (kind IN ('contact-person', 'coordinator')),
    from_at              timestamptz NOT NULL,
    young_person_id      uuid NOT NULL,
    information_area     information_area NOT NULL DEFAULT 2,
    writing_unit_id      uuid NOT NULL REFERENCES unit (id),
    employee_id          uuid REFERENCES employee (id),
    outside_name         text,
    outside_telephone    text,
    outside_organisation text,
    declined_reason      text,
    PRIMARY KEY (plan_id, kind, from_at),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    CONSTRAINT plan_role_one_way CHECK (num_nonnulls(employee_id, outside_name, declined_reason) <= 1),
    CONSTRAINT plan_role_outside CHECK (outside_name IS NOT NULL OR num_nonnulls(outside_telephone, outside_organisation) = 0),
    CONSTRAINT plan_role_coordinator_is_employed CHECK (kind = 'contact-person' OR employee_id IS NOT NULL)
);
COMMENT ON COLUMN plan_role.declined_reason IS 'PL-2: a contact person was offered and declined; why.';
CREATE INDEX plan_role_by_young_person ON plan_role (young_person_id);
CREATE INDEX plan_role_by_employee ON plan_role (employee_id);
CALL protect('plan_role');
-- A step function is only ever added to.
REVOKE UPDATE ON plan_role FROM enplan_app;
CREATE TRIGGER plan_role_in_open_plan BEFORE INSERT OR UPDATE ON plan_role FOR EACH ROW EXECUTE FUNCTION plan_is_open();

-- PL-6: each unit that works with the young person, with a named person.
CREATE TABLE plan_participant (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    unit_id          uuid NOT NULL REFERENCES unit (id),
    employee_id      uuid NOT NULL REFERENCES employee (id),
    joined_at        timestamptz NOT NULL,
    left_at          timestamptz,
    CONSTRAINT plan_participant_period CHECK (joined_at <= left_at),
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "plan.already-participating" ON plan_participant (plan_id, unit_id) WHERE left_at IS NULL;
CREATE INDEX plan_participant_by_plan ON plan_participant (plan_id, young_person_id);
CREATE INDEX plan_participant_by_young_person ON plan_participant (young_person_id);
CREATE INDEX plan_participant_by_unit ON plan_participant (unit_id);
CALL protect('plan_participant');
-- TM-8: the unit that records the outcome of a transition meeting adds the receiver as a participant, also if it convened the
-- meeting by law. This ends no participation.
DO $do$
BEGIN
    EXECUTE format('ALTER POLICY app_insert ON plan_participant WITH CHECK (writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) AND %s)',
        may_write('plan_participant', 'plan_participant.young_person_id', NULL, '{law}'));
END $do$;
CREATE TRIGGER plan_participant_in_open_plan BEFORE INSERT OR UPDATE ON plan_participant FOR EACH ROW EXECUTE FUNCTION plan_is_open();

-- PL-6: a department's own plan is linked, never a second plan.
CREATE TABLE plan_link (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT plan_link_kind_known CHECK (kind IN
                         ('education-plan', 'min-plan', 'handleplan', 'ungeplan', 'course-plan', 'other')),
    title            text NOT NULL,
    reference        text NOT NULL,
    linked_at        timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE
);
CREATE INDEX plan_link_by_plan ON plan_link (plan_id, young_person_id);
CREATE INDEX plan_link_by_young_person ON plan_link (young_person_id);
CALL protect('plan_link');
CREATE TRIGGER plan_link_in_open_plan BEFORE INSERT OR UPDATE ON plan_link FOR EACH ROW EXECUTE FUNCTION plan_is_open();

-- At commit: an open plan has a coordinating department (D-19); an active one a coordinating
-- caseworker (PL-2), a goal (PL-3) and, where two units or more work, an answer about the contact person.
CREATE FUNCTION plan_is_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM coordination c WHERE c.young_person_id = p.young_person_id AND c.from_at <= p.opened_at) THEN 'plan.department-missing'
        WHEN p.state <> 'active' THEN NULL
        WHEN NOT EXISTS (SELECT FROM plan_role r WHERE r.plan_id = p.id AND r.kind = 'coordinator' AND r.from_at <= p.activated_at) THEN 'plan.coordinator-missing'
        -- U7: an employee who can sign in.
        WHEN OLD.state IS DISTINCT FROM 'active' AND NOT EXISTS (
             SELECT FROM employee e WHERE e.deactivated_at IS NULL AND e.id = (SELECT r.employee_id FROM plan_role r
              WHERE r.plan_id = p.id AND r.kind = 'coordinator' ORDER BY r.from_at DESC LIMIT 1)) THEN 'plan.coordinator-missing'
        WHEN NOT EXISTS (SELECT FROM goal g WHERE g.plan_id = p.id) THEN 'plan.not-ready'
        WHEN (SELECT count(*) FROM plan_participant m WHERE m.plan_id = p.id AND m.left_at IS NULL) > 1
             AND NOT EXISTS (SELECT FROM plan_role r WHERE r.plan_id = p.id AND r.kind = 'contact-person')
             AND TG_OP = 'UPDATE' AND OLD.state = 'draft' THEN 'plan.contact-person-not-offered'
        END INTO broken
      FROM plan p WHERE p.id = NEW.id AND p.state <> 'closed';
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = broken, MESSAGE = 'the plan lacks what its state asks for';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_is_complete AFTER INSERT OR UPDATE OF state ON plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION plan_is_complete();

-- A closed plan's participants keep sight of it for as long as the state after six months is due
-- (PL-8), and four weeks more to write it down.
CREATE FUNCTION end_participations(ended_plan uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_basis b SET valid_to = least(b.valid_to, at)
      FROM plan_participant m
     WHERE m.plan_id = ended_plan AND b.source_id = m.id AND b.kind = 'participation' AND b.valid_to > at
       AND EXISTS (SELECT FROM access_basis c WHERE c.young_person_id = b.young_person_id
                   AND c.holder_id = ANY (acting_holders())
                   AND c.valid_from <= acting_now() AND c.valid_to > acting_now());
$$;
GRANT EXECUTE ON FUNCTION end_participations(uuid, timestamptz) TO enplan_app;

-- Does this employee see what is written of the young person in this area? Whoever coordinates a plan does
-- (D-21), and whoever is given a task.
CREATE FUNCTION employee_sees(who uuid, person uuid, area information_area) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_basis b
        WHERE b.young_person_id = person AND b.valid_from <= acting_now() AND b.valid_to > acting_now()
          AND b.areas & area <> 0 AND b.giver_id IS NULL
          AND (b.holder_id = who OR b.holder_id IN (SELECT unit_id FROM roles_at(who, acting_now()))))
        AND EXISTS (SELECT FROM employee e WHERE e.id = who AND e.deactivated_at IS NULL)
$$;
-- The same for a caller who has an access basis for the young person. NULL for other callers.
CREATE FUNCTION colleague_sees(who uuid, person uuid, area information_area) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT employee_sees(who, person, area) WHERE is_for_acting(person)
$$;
GRANT EXECUTE ON FUNCTION colleague_sees(uuid, uuid, information_area) TO enplan_app;
