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
GRANT EXECUTE ON FUNCTION ask_task(uuid, text, uuid, date, timestamptz) TO enplan_app, enplan_worker;

-- The act that a task asked for has happened: whoever did it, the task is done, also where they do not see it.
CREATE FUNCTION finish_task(done_kind text, done_subject uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task SET done_at = at, ended = 'act' WHERE kind = done_kind AND subject_id = done_subject AND done_at IS NULL
       AND is_for_acting(young_person_id)
$$;
GRANT EXECUTE ON FUNCTION finish_task(text, uuid, timestamptz) TO enplan_app, enplan_worker;

-- What they are about is over.
CREATE FUNCTION finish_tasks(about uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task SET done_at = at, ended = 'lapsed' WHERE subject_id = about AND done_at IS NULL AND is_for_acting(young_person_id)
$$;
GRANT EXECUTE ON FUNCTION finish_tasks(uuid, timestamptz) TO enplan_app, enplan_worker;

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
GRANT EXECUTE ON FUNCTION reckon_group_task(uuid, uuid, timestamptz) TO enplan_app;

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
