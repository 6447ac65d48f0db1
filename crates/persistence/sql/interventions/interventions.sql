{% from "plans/macros.sql" import keep_history %}

-- IV-4: the steps in the life of an intervention, and its beginnings.
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

-- IV-4: in a draft plan, only interventions that cannot wait are referred and started.
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

-- PL-9: an intervention of a closed plan is not changed. One that was transferred to another unit may still end after the
-- closing.
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

-- The catalogue entry of an intervention is set once: places, ages and the requirements for a start follow from it.
CREATE FUNCTION intervention_stays_its_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the offer of an intervention is set once';
END $$;
CREATE TRIGGER intervention_stays_its_offer BEFORE UPDATE OF catalogue_code ON intervention FOR EACH ROW
    WHEN (OLD.catalogue_code IS DISTINCT FROM NEW.catalogue_code) EXECUTE FUNCTION intervention_stays_its_offer();

-- IV-2: the catalogue entry decides whether an intervention may run more than once at a time, read under its lock. An
-- intervention without a catalogue entry always may.
CREATE FUNCTION intervention_repeats_as_offered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT e.repeatable INTO NEW.repeatable FROM catalogue_entry e WHERE e.code = NEW.catalogue_code FOR NO KEY UPDATE;
    NEW.repeatable := coalesce(NEW.repeatable, true);
    RETURN NEW;
END $$;
CREATE TRIGGER intervention_repeats_as_offered BEFORE INSERT OR UPDATE OF repeatable ON intervention
    FOR EACH ROW EXECUTE FUNCTION intervention_repeats_as_offered();

-- IV-2: running interventions follow their catalogue entry. The plans are locked first, by id, because each step locks
-- the plan and then the intervention.
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

-- For a table that is protected so: it is told of while the intervention is not over, and so never in a
-- closed plan (PL-9). What is told stays as it was told (PL-11), but for the columns that end it.
CREATE FUNCTION part_of_what_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id
        AND i.state IN ('referred', 'waiting', 'offered', 'started') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.step-not-allowed',
            MESSAGE = 'the intervention is over';
    END IF;
    RETURN NULL;
END $$;

{{ keep_history("intervention") }}
