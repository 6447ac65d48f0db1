-- The catalogue, places with dated capacity, the waiting list, the interventions, and the tasks they make.

CREATE TABLE catalogue_entry (
    code             text PRIMARY KEY CONSTRAINT catalogue_entry_code_form CHECK (code ~ '^[a-z0-9-]{1,60}$'),
    title            text NOT NULL,
    description      text NOT NULL,
    provider_unit_id uuid NOT NULL REFERENCES unit (id),
    area             text NOT NULL CONSTRAINT catalogue_entry_area_known
                         CHECK (area IN ('education', 'employment', 'health', 'social', 'family')),
    usual_weeks      integer CONSTRAINT catalogue_entry_weeks CHECK (usual_weeks BETWEEN 1 AND 520),
    min_age          integer CONSTRAINT catalogue_entry_min_age CHECK (min_age BETWEEN 0 AND 99),
    max_age          integer CONSTRAINT catalogue_entry_max_age CHECK (max_age BETWEEN 0 AND 99),
    target_groups    integer[] NOT NULL CONSTRAINT catalogue_entry_groups CHECK (target_groups <@ ARRAY[0, 1, 2, 3, 4]),
    company_oriented boolean NOT NULL,
    repeatable       boolean NOT NULL,
    cannot_wait      boolean NOT NULL,
    visitation       boolean NOT NULL DEFAULT false,
    assessment_required boolean NOT NULL DEFAULT false,
    mentoring        boolean NOT NULL DEFAULT false,
    last_ticket      bigint NOT NULL DEFAULT 0,
    version          bigint NOT NULL DEFAULT 1
);
COMMENT ON COLUMN catalogue_entry.repeatable IS 'IV-2: may run more than once at a time for one young person.';
COMMENT ON COLUMN catalogue_entry.cannot_wait IS 'IV-4: may be referred and started while the plan is a draft.';
COMMENT ON COLUMN catalogue_entry.visitation IS 'IV-11: starts only after the provider has accepted the referral.';
COMMENT ON COLUMN catalogue_entry.assessment_required IS 'IV-11: starts only where UU''s newest intake assessment says yes.';
COMMENT ON COLUMN catalogue_entry.mentoring IS 'One adult who follows the young person: two of them at once clash.';
COMMENT ON COLUMN catalogue_entry.last_ticket IS 'The last number drawn in line. Drawing one locks the entry.';
CREATE INDEX catalogue_entry_by_provider ON catalogue_entry (provider_unit_id);

-- IV-3: places from a day on, until the next row begins. No row, or NULL: as many as are needed.
CREATE TABLE catalogue_places (
    code        text NOT NULL REFERENCES catalogue_entry (code),
    from_day    date NOT NULL,
    places      integer CONSTRAINT catalogue_places_number CHECK (places BETWEEN 0 AND 10000),
    reason      text NOT NULL,
    decided_by_id uuid REFERENCES employee (id),
    PRIMARY KEY (code, from_day)
);
CALL keep_in_calendar('catalogue_places');

-- The catalogue is read by everybody and edited by the providing unit's leader.
ALTER TABLE catalogue_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalogue_places ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON catalogue_entry FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_insert ON catalogue_entry FOR INSERT TO enplan_app
    WITH CHECK (provider_unit_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_update ON catalogue_entry FOR UPDATE TO enplan_app
    USING (provider_unit_id = ANY ((SELECT acting_holders())::uuid[]))
    WITH CHECK (provider_unit_id = ANY ((SELECT acting_holders())::uuid[]));
CREATE POLICY app_read ON catalogue_places FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_write ON catalogue_places TO enplan_app USING (EXISTS (SELECT FROM catalogue_entry e
    WHERE e.code = catalogue_places.code AND e.provider_unit_id = ANY ((SELECT acting_holders())::uuid[])));
CREATE POLICY worker ON catalogue_entry TO enplan_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON catalogue_places TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON catalogue_entry, catalogue_places TO enplan_app, enplan_worker;

CREATE TABLE intervention (
    id                uuid PRIMARY KEY,
    plan_id           uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    catalogue_code    text REFERENCES catalogue_entry (code),
    title             text NOT NULL,
    area              text NOT NULL CONSTRAINT intervention_area_known
                          CHECK (area IN ('education', 'employment', 'health', 'social', 'family')),
    repeatable        boolean NOT NULL,
    state             text NOT NULL,
    planned_start     date NOT NULL,
    planned_end       date,
    responsible_id    uuid NOT NULL REFERENCES employee (id),
    reason            text,
    referred_at       timestamptz NOT NULL,
    answer_by         date,
    accepted_on       date,
    accepted_by_id    uuid REFERENCES employee (id),
    acceptance_reason text,
    ticket            bigint,
    priority          integer NOT NULL DEFAULT 0 CONSTRAINT intervention_priority CHECK (priority BETWEEN 0 AND 9),
    priority_reason   text,
    holds_from        date,
    offered_at        timestamptz,
    offer_expires_on  date,
    started_on        date,
    ended_on          date,
    end_reason        text CONSTRAINT intervention_end_reason_known CHECK (end_reason IN ('education', 'employment',
                          'internship', 'substance-abuse', 'mental-health', 'physical-health', 'moved', 'other-offer',
                          'did-not-attend', 'own-wish', 'completed')),
    declined_by       text CONSTRAINT intervention_declined_by_known CHECK (declined_by IN ('provider', 'young-person', 'lapsed')),
    declined_on       date,
    decline_reason    text,
    note              text,
    carried_on_by_id  uuid REFERENCES unit (id),
    version           bigint NOT NULL DEFAULT 1,
    -- The days on which it takes a place: open-ended until it has ended, for most are prolonged.
    held              daterange GENERATED ALWAYS AS (CASE
                          WHEN state IN ('referred', 'offered') THEN daterange(holds_from, NULL)
                          WHEN state = 'started' THEN daterange(started_on, NULL)
                          WHEN state IN ('completed', 'ended-early') THEN daterange(started_on, ended_on)
                          ELSE 'empty'::daterange END) STORED,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    -- What is part of it bears all that decides who sees it (000660_courses).
    UNIQUE (id, young_person_id, information_area, writing_unit_id, providing_unit_id),
    CONSTRAINT intervention_planned CHECK (planned_start <= planned_end),
    CONSTRAINT intervention_tailored CHECK (catalogue_code IS NOT NULL OR repeatable),
    CONSTRAINT intervention_state_columns CHECK (CASE state
        WHEN 'referred'    THEN holds_from IS NOT NULL AND num_nonnulls(offered_at, offer_expires_on, started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'waiting'     THEN ticket IS NOT NULL AND num_nonnulls(holds_from, offered_at, offer_expires_on, started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'offered'     THEN num_nonnulls(ticket, holds_from, offered_at, offer_expires_on) = 4 AND num_nonnulls(started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'started'     THEN started_on IS NOT NULL AND num_nonnulls(ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'completed'   THEN num_nonnulls(started_on, ended_on) = 2 AND end_reason = 'completed'
        WHEN 'ended-early' THEN num_nonnulls(started_on, ended_on, end_reason) = 3 AND end_reason <> 'completed'
        WHEN 'withdrawn'   THEN num_nonnulls(started_on, ended_on, end_reason, declined_by, declined_on, decline_reason) = 0
        WHEN 'declined'    THEN num_nonnulls(declined_by, declined_on, decline_reason) = 3 AND num_nonnulls(started_on, ended_on, end_reason) = 0
        ELSE false END),
    CONSTRAINT intervention_period CHECK (started_on <= ended_on),
    CONSTRAINT intervention_acceptance CHECK ((accepted_on IS NULL) = (accepted_by_id IS NULL)
        AND (acceptance_reason IS NULL OR accepted_on IS NOT NULL)),
    CONSTRAINT intervention_priority_reason CHECK (priority = 0 OR priority_reason IS NOT NULL)
);
COMMENT ON COLUMN intervention.answer_by IS 'IV-11: the day by which the provider''s visitation answers.';
COMMENT ON COLUMN intervention.priority IS 'IV-3: given by the provider''s visitation; 9 stands first in line.';
COMMENT ON COLUMN intervention.carried_on_by_id IS 'PL-7: the unit that carries it on after the plan has closed.';
CREATE INDEX intervention_by_plan ON intervention (plan_id, young_person_id);
CREATE INDEX intervention_by_young_person ON intervention (young_person_id);
CREATE INDEX intervention_by_provider ON intervention (providing_unit_id, state);
CREATE INDEX intervention_by_responsible ON intervention (responsible_id);
CREATE INDEX intervention_by_offer_expiry ON intervention (offer_expires_on) WHERE state = 'offered';
CREATE INDEX intervention_in_line ON intervention (catalogue_code, priority DESC, ticket) WHERE state = 'waiting';
CREATE INDEX intervention_held ON intervention USING gist (catalogue_code, held);
-- IV-2.
CREATE UNIQUE INDEX "intervention.already-running" ON intervention (young_person_id, catalogue_code)
    WHERE NOT repeatable AND state IN ('referred', 'waiting', 'offered', 'started');
CALL protect('intervention', 'young_person_id', 'providing_unit_id');

-- Whether it may run beside another is the offer's word, under its lock, and follows it; one without an
-- offer always may.
CREATE FUNCTION intervention_repeats_as_offered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT e.repeatable INTO NEW.repeatable FROM catalogue_entry e WHERE e.code = NEW.catalogue_code FOR NO KEY UPDATE;
    NEW.repeatable := coalesce(NEW.repeatable, true);
    RETURN NEW;
END $$;
CREATE TRIGGER intervention_repeats_as_offered BEFORE INSERT OR UPDATE OF repeatable ON intervention
    FOR EACH ROW EXECUTE FUNCTION intervention_repeats_as_offered();
-- The plans are locked first, by id: whoever takes a step locks plan and then intervention.
CREATE FUNCTION running_ones_repeat_as_offered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM plan p WHERE p.id IN (SELECT i.plan_id FROM intervention i
        WHERE i.catalogue_code = NEW.code AND i.state IN ('referred', 'waiting', 'offered', 'started'))
      ORDER BY p.id FOR SHARE;
    UPDATE intervention SET repeatable = NEW.repeatable
     WHERE catalogue_code = NEW.code AND state IN ('referred', 'waiting', 'offered', 'started');
    RETURN NULL;
END $$;
CREATE TRIGGER running_ones_repeat_as_offered AFTER UPDATE OF repeatable ON catalogue_entry
    FOR EACH ROW WHEN (NEW.repeatable <> OLD.repeatable) EXECUTE FUNCTION running_ones_repeat_as_offered();

-- What it is an offer of is said once: places, ages and what is asked for before a start follow from it.
CREATE FUNCTION intervention_stays_its_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the offer of an intervention is set once';
END $$;
CREATE TRIGGER intervention_stays_its_offer BEFORE UPDATE OF catalogue_code ON intervention FOR EACH ROW
    WHEN (OLD.catalogue_code IS DISTINCT FROM NEW.catalogue_code) EXECUTE FUNCTION intervention_stays_its_offer();

-- IV-4: no other step, and no other beginning.
CREATE FUNCTION intervention_takes_a_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (OLD.state IS NOT DISTINCT FROM NEW.state OR CASE coalesce(OLD.state, '')
        WHEN '' THEN NEW.state IN ('referred', 'waiting')
        WHEN 'referred' THEN NEW.state IN ('started', 'withdrawn', 'declined')
        WHEN 'waiting'  THEN NEW.state IN ('offered', 'withdrawn', 'declined')
        WHEN 'offered'  THEN NEW.state IN ('started', 'withdrawn', 'declined')
        WHEN 'started'  THEN NEW.state IN ('completed', 'ended-early')
        ELSE false END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.step-not-allowed',
            MESSAGE = 'no such step in the life of an intervention';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intervention_takes_a_step BEFORE INSERT OR UPDATE OF state ON intervention
    FOR EACH ROW EXECUTE FUNCTION intervention_takes_a_step();

-- IV-4: only what cannot wait is referred to, and started, in a draft plan.
CREATE FUNCTION intervention_may_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM plan p WHERE p.id = NEW.plan_id AND p.state = 'draft')
        AND NOT EXISTS (SELECT FROM catalogue_entry e WHERE e.code = NEW.catalogue_code AND e.cannot_wait) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.not-active', MESSAGE = 'the plan is not active';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intervention_is_referred_in_time AFTER INSERT ON intervention
    FOR EACH ROW EXECUTE FUNCTION intervention_may_begin();
CREATE TRIGGER intervention_is_started_in_time AFTER UPDATE OF state ON intervention FOR EACH ROW
    WHEN (NEW.state = 'started' AND OLD.state <> 'started') EXECUTE FUNCTION intervention_may_begin();

-- What ended with its plan is ended; what another unit was given to carry on may still end after the closing.
CREATE FUNCTION intervention_in_open_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.young_person_id <> OLD.young_person_id THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'what hangs on a plan stays on it';
    END IF;
    PERFORM FROM plan WHERE id = NEW.plan_id AND (state <> 'closed' OR TG_OP = 'UPDATE' AND OLD.carried_on_by_id IS NOT NULL)
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.closed', MESSAGE = 'a closed plan changes no more';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intervention_in_open_plan BEFORE INSERT OR UPDATE ON intervention
    FOR EACH ROW EXECUTE FUNCTION intervention_in_open_plan();

-- PL-7. A REPEATABLE READ transaction would count in its old snapshot: it is sent back.
CREATE FUNCTION plan_leaves_nothing_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'a plan is closed in READ COMMITTED';
    END IF;
    IF EXISTS (SELECT FROM intervention i WHERE i.plan_id = NEW.id AND i.carried_on_by_id IS NULL
               AND i.state IN ('referred', 'waiting', 'offered', 'started')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'plan.interventions-running',
            MESSAGE = 'interventions are running';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_leaves_nothing_running BEFORE UPDATE OF state ON plan
    FOR EACH ROW WHEN (NEW.state = 'closed') EXECUTE FUNCTION plan_leaves_nothing_running();

-- How many interventions of a plan are running, also those whose area the caller may not see:
-- the plan must not close over them.
CREATE FUNCTION running_interventions(of_plan uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM intervention i
     WHERE i.plan_id = of_plan AND i.carried_on_by_id IS NULL AND i.state IN ('referred', 'waiting', 'offered', 'started')
       AND is_for_acting(i.young_person_id)
$$;

-- Places. All of these look beyond the caller's sight, and give back numbers and ids only.

-- Draws the next number in line, and so locks the offer until the transaction ends (D-14).
CREATE FUNCTION draw_ticket(offer text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE catalogue_entry SET last_ticket = last_ticket + 1 WHERE code = offer RETURNING last_ticket
$$;

-- The lock alone.
CREATE FUNCTION lock_offer(offer text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM catalogue_entry WHERE code = offer FOR NO KEY UPDATE
$$;

-- Where a plan is in its life, for whoever provides something in it and does not see it (AC-9); locked
-- against its closing meanwhile.
CREATE FUNCTION plan_stage_for_provider(wanted uuid) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.state FROM plan p
     WHERE p.id = wanted AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = p.young_person_id
           AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
       FOR NO KEY UPDATE
$$;

-- How many more could hold a place from `first` on, on every day (negative: how many too many);
-- NULL where places are not limited.
CREATE FUNCTION free_places(offer text, first date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH hold AS (
        SELECT greatest(lower(i.held), first) AS begins, upper(i.held) AS ends
          FROM intervention i
         WHERE i.catalogue_code = offer AND i.held && daterange(first, NULL)
    ), change AS (
        SELECT first AS day, 0 AS delta
        UNION ALL SELECT begins, 1 FROM hold
        UNION ALL SELECT ends, -1 FROM hold WHERE ends IS NOT NULL
        UNION ALL SELECT from_day, 0 FROM catalogue_places WHERE code = offer AND from_day > first
    ), level AS (
        SELECT day, sum(sum(delta)) OVER (ORDER BY day) AS taken FROM change GROUP BY day
    )
    SELECT min(c.places - l.taken)::integer
      FROM level l
      JOIN LATERAL (SELECT p.places FROM catalogue_places p
                     WHERE p.code = offer AND p.from_day <= l.day ORDER BY p.from_day DESC LIMIT 1) c ON true
$$;

-- The state of an offer's places on a day: places (NULL: not limited), started, and held by a referral or an offer.
CREATE FUNCTION places_on(offer text, on_day date) RETURNS TABLE (places integer, started bigint, reserved bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT p.places FROM catalogue_places p WHERE p.code = offer AND p.from_day <= on_day ORDER BY p.from_day DESC LIMIT 1),
           count(*) FILTER (WHERE i.started_on IS NOT NULL),
           count(*) FILTER (WHERE i.started_on IS NULL)
      FROM intervention i WHERE i.catalogue_code = offer AND i.held @> on_day
$$;

-- The place in line of somebody's last referral to the offer, where its place was offered and nobody answered:
-- the one passed over keeps it, whoever referred.
CREATE FUNCTION kept_place(person uuid, offer text) RETURNS TABLE (ticket bigint, priority integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.ticket, l.priority
      FROM (SELECT i.ticket, i.priority, i.declined_by FROM intervention i
             WHERE i.young_person_id = person AND i.catalogue_code = offer ORDER BY i.referred_at DESC LIMIT 1) l
     WHERE l.declined_by = 'lapsed' AND l.ticket IS NOT NULL
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person
           AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;

-- The first `lim` who wait, in order; and how many there are.
CREATE FUNCTION waiting_line(offer text, lim integer) RETURNS TABLE (intervention_id uuid, place_in_line bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, row_number() OVER (ORDER BY i.priority DESC, i.ticket) FROM intervention i
     WHERE i.catalogue_code = offer AND i.state = 'waiting' ORDER BY i.priority DESC, i.ticket LIMIT lim
$$;
CREATE FUNCTION waiting_count(offer text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM intervention i WHERE i.catalogue_code = offer AND i.state = 'waiting'
$$;

GRANT EXECUTE ON FUNCTION running_interventions(uuid), draw_ticket(text), lock_offer(text), plan_stage_for_provider(uuid), free_places(text, date),
    places_on(text, date), waiting_line(text, integer), waiting_count(text), kept_place(uuid, text) TO enplan_app, enplan_worker;

-- IV-3 at a SQL prompt too: whoever comes to hold a place locks the offer, then counts. By an update: a
-- REPEATABLE READ transaction, which would count in its old snapshot, fails on it.
CREATE FUNCTION intervention_has_a_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE catalogue_entry SET last_ticket = last_ticket WHERE code = NEW.catalogue_code;
    IF free_places(NEW.catalogue_code, lower(NEW.held)) < 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.no-place', MESSAGE = 'no place is free';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intervention_gets_a_place AFTER INSERT ON intervention FOR EACH ROW
    WHEN (NEW.catalogue_code IS NOT NULL AND NOT isempty(NEW.held)) EXECUTE FUNCTION intervention_has_a_place();
CREATE TRIGGER intervention_takes_a_place AFTER UPDATE ON intervention FOR EACH ROW
    WHEN (NEW.catalogue_code IS NOT NULL AND NOT NEW.held <@ OLD.held)
    EXECUTE FUNCTION intervention_has_a_place();

CREATE FUNCTION places_are_not_taken_away() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A row that is moved leaves its days to the one before (OLD is empty where it is new).
    UPDATE catalogue_entry SET last_ticket = last_ticket WHERE code IN (NEW.code, OLD.code);
    IF least(free_places(NEW.code, least(NEW.from_day, OLD.from_day)), free_places(OLD.code, OLD.from_day)) < 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue.places-held', MESSAGE = 'more places are held than that';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER places_are_not_taken_away AFTER INSERT OR UPDATE ON catalogue_places
    FOR EACH ROW EXECUTE FUNCTION places_are_not_taken_away();

-- What is to be done, by whom, by when. Done by the act it asks for (DL-2).
CREATE TABLE task (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT task_kind_known CHECK (kind IN
                         ('answer-offer', 'activate-plan', 'offer-contact-person', 'hold-review', 'measure-indicators', 'take-state',
                         'take-group-state', 'hand-over', 'answer-hotline', 'hotline-notice',
                         'hold-first-conversation', 'call-sick-listed', 'start-internship',
                         'contact-young-person', 'start-activity', 'contact-absent', 'answer-absence', 'guide-absentee', 'close-gap',
                         'hold-transition-meeting', 'judge-need', 'refer-instead', 'bring-before-committee', 'accept-responsibility',
                         'press-for-acceptance', 'settle-responsibility', 'plan-leaving-school',
                         'agreed-at-meeting', 'hold-first-network-meeting', 'hold-second-network-meeting', 'check-number')),
    subject_id       uuid NOT NULL,
    occasion         date,
    employee_id      uuid REFERENCES employee (id),
    original_due_on  date NOT NULL,
    exempt_until     date,
    exempt_reason    text,
    -- DL-4: max(original, today + what the exemption gives).
    due_on           date NOT NULL GENERATED ALWAYS AS (greatest(original_due_on, exempt_until)) STORED,
    missed_on        date,
    made_at          timestamptz NOT NULL,
    raised_at        timestamptz,
    done_at          timestamptz,
    ended            text CONSTRAINT task_ended_known CHECK (ended IN ('act', 'tick', 'lapsed')),
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT task_ended CHECK ((done_at IS NULL) = (ended IS NULL)),
    CONSTRAINT task_exemption CHECK ((exempt_until IS NULL) = (exempt_reason IS NULL))
);
COMMENT ON COLUMN task.occasion IS 'Of a deadline that is reckoned (DL-3): the day from which on it was asked for.';
COMMENT ON COLUMN task.employee_id IS
    'The employee to whom the task belongs (DL-7); NULL if it is in the intake queue of the unit that wrote it.';
COMMENT ON COLUMN task.missed_on IS 'DL-4: the due day that had passed when it was exempted; it stays counted as broken.';
COMMENT ON COLUMN task.raised_at IS 'DL-5: when it rose to the team leader.';
COMMENT ON COLUMN task.ended IS 'By its act, by a tick, or because nothing asks for it any more.';
CREATE UNIQUE INDEX task_once ON task (kind, subject_id) WHERE done_at IS NULL AND occasion IS NULL;
CREATE UNIQUE INDEX task_once_each_time ON task (kind, subject_id, occasion, writing_unit_id) WHERE occasion IS NOT NULL;
CREATE INDEX task_by_subject ON task (subject_id);
CREATE INDEX task_raised ON task (due_on) WHERE done_at IS NULL AND raised_at IS NULL;
CREATE INDEX task_by_unit ON task (writing_unit_id, due_on);
CREATE INDEX task_by_young_person ON task (young_person_id, done_at);
CREATE INDEX task_by_employee ON task (employee_id, due_on, id) WHERE done_at IS NULL;
CREATE INDEX task_of_nobody ON task (writing_unit_id, due_on, id) WHERE done_at IS NULL AND employee_id IS NULL;
CALL protect('task', also => '{law}');
CALL protect_fact('task', reads_task('task'));
-- An employee may tick their own tasks with any access basis, and a provider may tick the tasks of its own interventions.
DO $do$
BEGIN
    EXECUTE format('ALTER POLICY app_update ON task USING (%1$s OR %2$s) WITH CHECK (%1$s OR %2$s)',
        may_write('task', 'task.young_person_id', 'task.writing_unit_id', '{law}'),
        'employee_id = (SELECT acting_employee()) AND ' || may_see('task', 'task.young_person_id'));
END $do$;

-- Whoever changes a task, an act, a rule or somebody who ticks it: it is another version.
CREATE FUNCTION task_is_another_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER task_is_another_version BEFORE UPDATE ON task FOR EACH ROW
    WHEN ((OLD.young_person_id, OLD.subject_id) = (NEW.young_person_id, NEW.subject_id)) EXECUTE FUNCTION task_is_another_version();

-- DL-4: whoever exempts, what had passed by then stays counted as broken. It may rise anew.
CREATE FUNCTION task_missed_stays_missed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.missed_on := coalesce(OLD.missed_on, CASE WHEN OLD.due_on < acting_today() THEN OLD.due_on END);
    NEW.raised_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER task_missed_stays_missed BEFORE UPDATE OF exempt_until ON task FOR EACH ROW
    WHEN (OLD.exempt_until IS DISTINCT FROM NEW.exempt_until) EXECUTE FUNCTION task_missed_stays_missed();

-- Who coordinates a plan; the one who makes a task for them may not see the plan.
CREATE FUNCTION coordinator_of(of_plan uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.employee_id FROM plan_role r
     WHERE r.plan_id = of_plan AND r.kind = 'coordinator' AND r.from_at <= acting_now() ORDER BY r.from_at DESC LIMIT 1
$$;

-- The holder of a task about an intervention, a plan or a young person: the coordinating caseworker of the open plan; if that
-- caseworker does not see the area of an intervention, the employee responsible for it. The caseload replaces this function.
CREATE FUNCTION task_holder(about uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coordinator_of(p.id) FROM plan p WHERE p.id = about
    UNION ALL
    SELECT CASE WHEN c.id IS NULL OR employee_sees(c.id, i.young_person_id, i.information_area) THEN c.id ELSE i.responsible_id END
      FROM intervention i CROSS JOIN LATERAL (SELECT coordinator_of(i.plan_id) AS id) c WHERE i.id = about
    UNION ALL
    SELECT CASE WHEN employee_sees(c.id, p.young_person_id, 4) THEN c.id END
      FROM plan p CROSS JOIN LATERAL (SELECT coordinator_of(p.id) AS id) c WHERE p.young_person_id = about AND p.state <> 'closed'
$$;

-- Asks whose it is for a task, once, about an intervention, a plan or a young person. Whoever took the step
-- that makes it, it is written as the unit that wrote what it is about: so they see it who see that, and a
-- provider does not (AC-9).
CREATE FUNCTION ask_task(task_id uuid, asked_kind text, about uuid, due date, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
    SELECT task_id, s.young_person_id, s.information_area, s.writing_unit_id, asked_kind, about, task_holder(about), due, at
      FROM (SELECT i.young_person_id, i.information_area, i.writing_unit_id FROM intervention i WHERE i.id = about
            UNION ALL
            SELECT p.young_person_id, p.information_area, p.writing_unit_id FROM plan p WHERE p.id = about
            UNION ALL
            -- Of their group, which education and employment tells.
            SELECT y.id, 4, y.writing_unit_id FROM young_person y WHERE y.id = about) s
     WHERE is_for_acting(s.young_person_id)
        ON CONFLICT DO NOTHING
$$;

-- Whoever coordinates from now on has the plan's open tasks.
CREATE FUNCTION tasks_follow_the_coordinator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE task t SET employee_id = task_holder(t.subject_id)
     WHERE t.done_at IS NULL AND t.young_person_id = NEW.young_person_id AND t.kind NOT IN ('contact-absent', 'guide-absentee')
       AND (t.subject_id IN (NEW.plan_id, NEW.young_person_id)
            OR t.subject_id IN (SELECT i.id FROM intervention i WHERE i.plan_id = NEW.plan_id));
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_follow_the_coordinator AFTER INSERT ON plan_role FOR EACH ROW
    WHEN (NEW.kind = 'coordinator') EXECUTE FUNCTION tasks_follow_the_coordinator();

-- The act that a task asked for has happened: whoever did it, the task is done, also where they do not see it.
CREATE FUNCTION finish_task(done_kind text, done_subject uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task SET done_at = at, ended = 'act' WHERE kind = done_kind AND subject_id = done_subject AND done_at IS NULL
       AND is_for_acting(young_person_id)
$$;

-- PL-8: the one open task of taking the state after the next leaving of a group stands, is moved or is done, as
-- all benefits, categories, the birth date and the states that were taken tell, also those that the caller does
-- not see.
CREATE FUNCTION reckon_group_task(task_id uuid, person uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due date := deadline_of('take-group-state', next_leaving(person));
BEGIN
    IF due IS NULL THEN
        PERFORM finish_task('take-group-state', person, at);
    ELSE
        PERFORM ask_task(task_id, 'take-group-state', person, due, at);
        UPDATE task SET original_due_on = due
         WHERE kind = 'take-group-state' AND subject_id = person AND done_at IS NULL AND original_due_on <> due;
    END IF;
END $$;

-- What they are about is over.
CREATE FUNCTION finish_tasks(about uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task SET done_at = at, ended = 'lapsed' WHERE subject_id = about AND done_at IS NULL AND is_for_acting(young_person_id)
$$;
GRANT EXECUTE ON FUNCTION ask_task(uuid, text, uuid, date, timestamptz), finish_task(text, uuid, timestamptz), finish_tasks(uuid, timestamptz)
    TO enplan_app, enplan_worker;
GRANT EXECUTE ON FUNCTION reckon_group_task(uuid, uuid, timestamptz) TO enplan_app;
