-- Creates a task about an intervention, a plan or a young person for its holder, once. Regardless of the caller, its
-- writing unit is the unit that wrote the subject: so it is visible to those who see the subject, and not to a provider
-- (AC-9).
CREATE FUNCTION ask_task(task_id uuid, asked_kind text, about uuid, due date, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
    SELECT task_id, s.young_person_id, s.information_area, s.writing_unit_id, asked_kind, about, task_holder(about), due, at
      FROM (SELECT i.young_person_id, i.information_area, i.writing_unit_id FROM intervention i WHERE i.id = about
            UNION ALL
            SELECT p.young_person_id, p.information_area, p.writing_unit_id FROM plan p WHERE p.id = about
            UNION ALL
            -- About the target group, which is of education and employment.
            SELECT y.id, 4, y.writing_unit_id FROM young_person y WHERE y.id = about) s
     WHERE is_for_acting(s.young_person_id)
        ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION ask_task(uuid, text, uuid, date, timestamptz) TO enplan_app, enplan_worker;

-- Does the caller do the act of a task: as one who works with the young person, as the unit or the employee whose task it is, or,
-- except for guidance, as the unit that provides the intervention?
CREATE FUNCTION does_act_of(t task) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT session_user <> 'enplan_app' OR works_with(t.young_person_id)
        OR is_for_acting(t.young_person_id) AND (t.employee_id = acting_employee() OR t.writing_unit_id = ANY (acting_holders())
            OR t.kind <> 'guide-absentee' AND EXISTS (SELECT FROM intervention i
                WHERE i.id = t.subject_id AND i.providing_unit_id = ANY (acting_holders())))
$$;

-- Ends a task because its act has happened, also if the task is not visible to the caller.
CREATE FUNCTION finish_task(done_kind text, done_subject uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task t SET done_at = at, ended = 'act'
     WHERE t.kind = done_kind AND t.subject_id = done_subject AND t.done_at IS NULL AND does_act_of(t)
$$;
GRANT EXECUTE ON FUNCTION finish_task(text, uuid, timestamptz) TO enplan_app, enplan_worker;

-- Ends the tasks about a subject that is over.
CREATE FUNCTION finish_tasks(about uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task t SET done_at = at, ended = 'lapsed'
     WHERE t.subject_id = about AND t.done_at IS NULL AND does_act_of(t)
$$;
GRANT EXECUTE ON FUNCTION finish_tasks(uuid, timestamptz) TO enplan_app, enplan_worker;

-- PL-8: creates, moves or ends the one open task to record the follow-up status after the next leaving of a group. It
-- follows from all benefits, categories, the birth date and the recorded statuses, also from those that are hidden from
-- the caller.
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

-- Each change of a task makes another version of it: by an act, a rule or an employee who ticks it.
CREATE FUNCTION task_is_another_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER task_is_another_version BEFORE UPDATE ON task FOR EACH ROW
    WHEN ((OLD.young_person_id, OLD.subject_id) = (NEW.young_person_id, NEW.subject_id)) EXECUTE FUNCTION task_is_another_version();

-- DL-4: a due day that had passed before an exemption stays counted as missed. The task may be escalated again.
CREATE FUNCTION task_missed_stays_missed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.missed_on := coalesce(OLD.missed_on, CASE WHEN OLD.due_on < acting_today() THEN OLD.due_on END);
    NEW.raised_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER task_missed_stays_missed BEFORE UPDATE OF exempt_until ON task FOR EACH ROW
    WHEN (OLD.exempt_until IS DISTINCT FROM NEW.exempt_until) EXECUTE FUNCTION task_missed_stays_missed();
