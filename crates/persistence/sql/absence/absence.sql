-- AB-1: an absence is recorded while its intervention is started, and not for a day before its start. The municipality
-- where the young person lives is stored if it is another one than ours.
CREATE FUNCTION absence_of_what_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id AND i.state = 'started' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.step-not-allowed', MESSAGE = 'it does not run';
    END IF;
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id AND NEW.from_day >= i.started_on;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.day-out-of-range', MESSAGE = 'before it began';
    END IF;
    SELECT r.municipality_code INTO NEW.municipality_code FROM residence r
     WHERE r.young_person_id = NEW.young_person_id AND r.from_day <= NEW.from_day ORDER BY r.from_day DESC LIMIT 1;
    IF EXISTS (SELECT FROM installation o WHERE o.municipality_code = NEW.municipality_code) THEN
        NEW.municipality_code := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER absence_of_what_runs BEFORE INSERT ON absence FOR EACH ROW EXECUTE FUNCTION absence_of_what_runs();

-- AB-1: the absences of an intervention. Days recorded as absent in the attendance (IV-9) are among them, and a day of
-- presence ends an absence that is ongoing.
CREATE FUNCTION absences_told(of_intervention uuid)
RETURNS TABLE (from_day date, last_day date, dropped_out_on date, told_on date, last_told_on date, goes_on boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.from_day, coalesce(a.to_day, came.before, acting_today()), a.dropped_out_on, a.told_on, a.last_told_on,
           coalesce(a.to_day, came.before) IS NULL
      FROM absence a
     CROSS JOIN LATERAL (SELECT min(p.on_day) - 1 AS before FROM attendance p
          WHERE p.intervention_id = a.intervention_id AND p.presence = 'present' AND p.on_day > a.from_day) came
     WHERE a.intervention_id = of_intervention
    UNION ALL
    SELECT p.on_day, p.on_day, NULL, NULL, p.last_told_on, false FROM attendance p
     WHERE p.intervention_id = of_intervention AND p.presence = 'absent'
$$;
GRANT EXECUTE ON FUNCTION absences_told(uuid) TO enplan_app;

-- The first day on which the absence from one day to another was known.
CREATE FUNCTION absence_known_on(of_intervention uuid, from_day date, to_day date) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT greatest(to_day, max(d.known_on))
      FROM (SELECT min(coalesce(t.last_told_on, t.from_day)) AS known_on
              FROM absences_told(of_intervention) t
             CROSS JOIN LATERAL generate_series(greatest(t.from_day, absence_known_on.from_day), least(t.last_day, absence_known_on.to_day), '1 day') away
             GROUP BY away) d
$$;

-- AB-1: absences that touch or overlap are one spell. Days that are not working days do not separate two spells.
CREATE FUNCTION absence_spells(of_intervention uuid)
RETURNS TABLE (during daterange, last_day date, dropped_out_on date, told_on date, goes_on boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH told AS (
        SELECT * FROM absences_told(of_intervention)
    ), spell AS (
        SELECT unnest(range_agg(daterange(t.from_day, add_working_days(t.last_day, 1)))) AS days FROM told t
    )
    SELECT s.days, max(t.last_day), min(t.dropped_out_on), min(t.told_on), bool_or(t.goes_on)
      FROM spell s JOIN told t ON t.from_day <@ s.days GROUP BY s.days
$$;
GRANT EXECUTE ON FUNCTION absence_spells(uuid) TO enplan_app;

-- AB-1: the unit and the employee of UU who receive the signal: those that take part in the plan, otherwise the unit that
-- takes such signals.
CREATE FUNCTION guidance_for(of_plan uuid) RETURNS TABLE (unit_id uuid, employee_id uuid)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.unit_id, g.employee_id FROM (
        SELECT m.unit_id, m.employee_id, m.joined_at FROM plan_participant m JOIN unit u ON u.id = m.unit_id AND u.department = 'UU'
         WHERE m.plan_id = of_plan AND m.left_at IS NULL
        UNION ALL SELECT u.id, NULL, 'infinity' FROM unit u WHERE u.takes_absence_signals) g
     ORDER BY g.joined_at, g.unit_id LIMIT 1
$$;

-- AB-1: the unit that guides the absent young person sees their school and work until the guidance is done. A receiver
-- function of `access_rule`.
CREATE FUNCTION guiding_unit(of_task uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.young_person_id, t.writing_unit_id, NULL::uuid, 'infinity'::timestamptz,
           (SELECT coalesce(bool_and(works_for(r.by_id, t.writing_unit_id)), true)
              FROM (SELECT a.told_by_id AS by_id FROM absence a WHERE a.intervention_id = t.subject_id
                    UNION ALL
                    SELECT a.told_by_id FROM attendance a WHERE a.intervention_id = t.subject_id AND a.presence = 'absent') r)
      FROM task t JOIN intervention i ON i.id = t.subject_id AND i.young_person_id = t.young_person_id
     WHERE t.id = of_task AND t.kind = 'guide-absentee' AND t.done_at IS NULL
$$;

-- AB-1, TM-14: the access ends when the task is done.
CREATE FUNCTION guidance_is_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE access_basis SET valid_to = greatest(acting_now(), valid_from)
     WHERE source_id = NEW.id AND kind = 'law' AND valid_to > acting_now();
    RETURN NULL;
END $$;
CREATE TRIGGER guidance_is_over AFTER UPDATE OF done_at ON task FOR EACH ROW
    WHEN (NEW.kind IN ('guide-absentee', 'plan-leaving-school') AND NEW.done_at IS NOT NULL AND OLD.done_at IS NULL) EXECUTE FUNCTION guidance_is_over();
