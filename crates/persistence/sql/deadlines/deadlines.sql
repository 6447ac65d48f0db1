{% from "calendar/macros.sql" import day_of %}
{% from "deadlines/rules.sql" import case_deadlines %}
{% from "transitions/deadlines.sql" import transition_deadlines %}

{#- What is to be done about the tasks, so that they agree with the deadlines in force: `ask`, `reopen`, `end`, `lapse`, `move`. A task
    belongs to the deadline that is in force on its occasion, regardless of how the days around it were moved. A task that was
    ticked stays ticked. -#}
{% macro deadline_changes_of(whom) -%}
    WITH stands AS MATERIALIZED ({{ case_deadlines(whom) }} UNION ALL {{ transition_deadlines(whom) }}), matched AS (
        SELECT s.*, t.id AS task_id, t.done_at, t.ended, t.original_due_on, t.employee_id AS task_of, t.young_person_id AS task_about,
               s.met_at IS NULL AND s.asked_on <= acting_today() AS asks
          FROM stands s
          -- UU's guidance is required of one unit after the other. If two were asked for what is one spell, the first one
          -- stays.
          LEFT JOIN LATERAL (SELECT * FROM task t WHERE t.kind = s.kind AND t.subject_id = s.subject_id AND t.occasion <@ s.during
                                AND (t.kind <> 'guide-absentee' OR t.writing_unit_id = s.writing_unit_id)
                              ORDER BY t.done_at IS NOT NULL, t.ended <> 'tick', CASE WHEN t.done_at IS NULL THEN t.occasion END,
                                       t.made_at DESC LIMIT 1) t ON true
    ), wanted AS (
        -- Computed only for tasks that may have to change.
        SELECT m.*, CASE WHEN m.asks OR m.task_id IS NOT NULL AND m.done_at IS NULL THEN deadline_of(m.kind, m.runs_from) END AS due,
               -- DL-7: the task belongs to the employee who is named for it, if that employee can sign in; otherwise to the
               -- employee who has the case.
               CASE WHEN m.asks OR m.task_id IS NOT NULL AND m.done_at IS NULL
                    THEN coalesce((SELECT e.id FROM employee e WHERE e.id = m.named_id AND e.deactivated_at IS NULL), task_holder(m.about),
                                  CASE WHEN NOT follows_the_case(m.kind)
                                       THEN has_case_of(m.young_person_id, m.writing_unit_id, m.information_area) END) END AS employee_id
          FROM matched m
    )
    SELECT CASE WHEN w.task_id IS NULL THEN 'ask' WHEN w.done_at IS NOT NULL THEN 'reopen' WHEN w.met_at IS NOT NULL THEN 'end'
                WHEN NOT w.asks THEN 'lapse' ELSE 'move' END AS change,
           w.task_id, w.kind, w.subject_id, w.young_person_id, w.information_area, w.writing_unit_id, w.employee_id, w.occasion, w.due, w.met_at
      FROM wanted w
     WHERE CASE WHEN w.task_id IS NULL THEN w.asks AND w.due IS NOT NULL
                WHEN w.done_at IS NOT NULL THEN w.asks AND w.ended <> 'tick' AND w.due IS NOT NULL
                ELSE NOT w.asks OR (w.original_due_on, w.task_of, w.task_about) IS DISTINCT FROM (w.due, w.employee_id, w.young_person_id) END
    UNION ALL
    SELECT 'lapse', t.id, t.kind, t.subject_id, y.id, NULL, NULL, NULL, NULL, NULL, NULL
      FROM task t JOIN young_person y ON y.id = t.young_person_id
     WHERE t.done_at IS NULL AND t.occasion IS NOT NULL AND {{ whom }}
       AND NOT EXISTS (SELECT FROM matched m WHERE m.task_id = t.id)
{%- endmacro %}

-- DL-1: the day by which what begins on `from_day` must be done. NULL if no rule of that day requires it.
CREATE FUNCTION deadline_of(asked text, from_day date) RETURNS date LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT CASE r.unit
        WHEN 'working-days' THEN add_working_days(from_day, r.length)
        WHEN 'days' THEN from_day + r.length
        WHEN 'weeks' THEN from_day + 7 * r.length
        ELSE (from_day + make_interval(months => r.length))::date END
      FROM deadline_rule r WHERE r.code = asked AND daterange(r.valid_from, r.valid_to, '[]') @> from_day
$$;
GRANT EXECUTE ON FUNCTION deadline_of(text, date) TO enplan_app, enplan_worker;

-- The unit that has the case: the unit of the open plan, otherwise the one that registered the young person.
CREATE FUNCTION case_unit(person uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT p.writing_unit_id FROM plan p WHERE p.young_person_id = person AND p.state <> 'closed'),
                    (SELECT y.writing_unit_id FROM young_person y WHERE y.id = person))
$$;

-- The units that have or had the case.
CREATE FUNCTION case_units(person uuid) RETURNS uuid[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(u.writing_unit_id) FROM (SELECT y.writing_unit_id FROM young_person y WHERE y.id = person
                                               UNION SELECT p.writing_unit_id FROM plan p WHERE p.young_person_id = person) u
$$;

-- DL-3: what is to be done about the tasks of a young person, so that they agree with the deadlines in force. `deadlines_to_reckon`
-- and `reckon_deadlines` make it from the same macro. Compiling such a statement (jit) takes seconds, running it milliseconds.
CREATE FUNCTION deadline_changes(person uuid) RETURNS TABLE (change text, task_id uuid, kind text, subject_id uuid,
    young_person_id uuid, information_area integer, writing_unit_id uuid, employee_id uuid, occasion date, due date, met_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY {{ deadline_changes_of("y.id = person") }};
END $$;

-- The young people for whom something is to be done about a task now.
CREATE FUNCTION deadlines_to_reckon() RETURNS TABLE (young_person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
    SELECT DISTINCT c.young_person_id FROM ({{ deadline_changes_of("true") }}) c ORDER BY 1
$$;
GRANT EXECUTE ON FUNCTION deadlines_to_reckon() TO enplan_worker;

-- DL-3: changes the tasks of a young person so that they agree with the deadlines in force. Concurrent calls do it once.
CREATE FUNCTION reckon_deadlines(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('deadlines'), hashtext(person::text));
    FOR c IN SELECT * FROM deadline_changes(person) LOOP
        CASE c.change
        WHEN 'ask' THEN
            c.task_id := gen_random_uuid();
            INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, occasion, employee_id,
                              original_due_on, made_at)
            VALUES (c.task_id, c.young_person_id, c.information_area, c.writing_unit_id, c.kind, c.subject_id, c.occasion, c.employee_id,
                    c.due, acting_now()) ON CONFLICT DO NOTHING;
            IF FOUND AND c.kind IN ('guide-absentee', 'plan-leaving-school') THEN
                PERFORM grant_by_rule(c.kind, c.task_id);
            END IF;
        WHEN 'reopen' THEN
            -- A task that was missed when it lapsed stays counted as missed (DL-4). One that is due ahead may be escalated
            -- again.
            UPDATE task SET done_at = NULL, ended = NULL, original_due_on = c.due, employee_id = c.employee_id,
                            missed_on = coalesce(missed_on, CASE WHEN {{ day_of("done_at") }} > due_on THEN due_on END),
                            raised_at = CASE WHEN greatest(c.due, exempt_until) < acting_today() THEN raised_at END
             WHERE id = c.task_id AND done_at IS NOT NULL AND ended <> 'tick';
        WHEN 'end' THEN
            UPDATE task SET done_at = c.met_at, ended = 'act' WHERE id = c.task_id AND done_at IS NULL;
        WHEN 'lapse' THEN
            UPDATE task SET done_at = acting_now(), ended = 'lapsed' WHERE id = c.task_id AND done_at IS NULL;
        ELSE
            UPDATE task SET original_due_on = coalesce(c.due, original_due_on), employee_id = c.employee_id,
                            young_person_id = c.young_person_id WHERE id = c.task_id AND done_at IS NULL;
        END CASE;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION reckon_deadlines(uuid) TO enplan_app, enplan_worker;

-- `reckon_deadlines` for the round of due jobs. A young person whom another transaction is changing is left to the next
-- round.
CREATE FUNCTION reckon_due_deadlines(person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM young_person WHERE id = person FOR KEY SHARE SKIP LOCKED;
    IF NOT FOUND OR NOT pg_try_advisory_xact_lock(hashtext('deadlines'), hashtext(person::text)) THEN
        RETURN false;
    END IF;
    PERFORM reckon_deadlines(person);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION reckon_due_deadlines(uuid) TO enplan_worker;

-- DL-5: escalates the tasks that are past due for that long, once. Returns at most `lim` of them.
CREATE FUNCTION raise_overdue(lim integer) RETURNS TABLE (id uuid, young_person_id uuid, kind text, due_on date)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task k SET raised_at = acting_now()
     WHERE k.raised_at IS NULL AND k.done_at IS NULL AND k.id IN (
        SELECT t.id FROM task t WHERE t.done_at IS NULL AND t.raised_at IS NULL AND t.due_on < acting_today()
           AND deadline_of('raise-overdue', t.due_on) <= acting_today()
            -- TM-9: on the same day.
            OR t.done_at IS NULL AND t.raised_at IS NULL AND t.due_on <= acting_today() AND t.kind IN ('accept-responsibility', 'press-for-acceptance')
         ORDER BY t.id LIMIT lim FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING k.id, k.young_person_id, k.kind, k.due_on
$$;
GRANT EXECUTE ON FUNCTION raise_overdue(integer) TO enplan_worker;
