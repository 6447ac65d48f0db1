-- PL-11: what a plan, its goals and its interventions were at any moment. Each state is kept beside the
-- moment since when it holds; the last one is what stands in the table itself.

-- Keeps every state of a table's rows from now on, seen by whoever sees the row: its own area, writer and
-- provider decide. Written by the trigger alone. What is changed where nobody tells the moment (a load, a SQL
-- prompt) holds since the state before it. What is there already is taken to be as it was since it `began`.
CREATE PROCEDURE keep_history(target regclass, began text, providing text DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
    past text := target || '_history';
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE %s, since timestamptz NOT NULL,
        history_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        FOREIGN KEY (young_person_id) REFERENCES young_person (id) ON UPDATE CASCADE)', past, target);
    EXECUTE format('CREATE INDEX %I ON %I (id, since)', past || '_by_id', past);
    EXECUTE format('CREATE INDEX %I ON %I (young_person_id)', past || '_by_young_person', past);
    EXECUTE format('CREATE INDEX %I ON %I (writing_unit_id)', past || '_by_writing_unit', past);
    CALL protect(past::regclass, 'young_person_id', providing);
    EXECUTE format('REVOKE INSERT, UPDATE ON %I FROM enplan_app, enplan_worker', past);
    EXECUTE format('INSERT INTO %I SELECT t.*, t.%I FROM %s t', past, began, target);
    EXECUTE format('CREATE FUNCTION %1$I() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        BEGIN
            INSERT INTO %2$I SELECT NEW.*, coalesce(acting_now(),
                (SELECT max(k.since) FROM %2$I k WHERE k.id = NEW.id), ''-infinity'');
            RETURN NULL;
        END $body$', target || '_is_kept', past);
    EXECUTE format('CREATE TRIGGER %1$I AFTER INSERT OR UPDATE ON %2$s FOR EACH ROW EXECUTE FUNCTION %1$I()',
        target || '_is_kept', target);
END $$;
CALL keep_history('plan', 'opened_at');
CALL keep_history('goal', 'set_at');
CALL keep_history('intervention', 'referred_at', 'providing_unit_id');
CREATE INDEX goal_history_by_plan ON goal_history (plan_id, since);
CREATE INDEX intervention_history_by_plan ON intervention_history (plan_id, since);
