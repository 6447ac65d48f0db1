{% from "access/macros.sql" import bases_of, may_see_in_view, reads_task %}
{% from "caseload/macros.sql" import on_nobodys_hands %}

-- CL-11: a young person does not wait for a function that an employee of the unit already has in the case.
CREATE FUNCTION intake_entry_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM young_person WHERE id = NEW.young_person_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM assignment a WHERE a.young_person_id = NEW.young_person_id AND a.unit_id = NEW.unit_id
               AND a.function = NEW.function AND a.ended_at IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment.already-assigned', MESSAGE = 'somebody does it already';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intake_entry_waits AFTER INSERT ON intake_entry FOR EACH ROW WHEN (NEW.left_at IS NULL)
    EXECUTE FUNCTION intake_entry_waits();

-- CL-11: a unit's intake queue, oldest first, `lim` rows after the time and the id of the last row of the previous page: the
-- young people who wait or are expected, the cases of employees who no longer hold their position (CL-9), and the drafts
-- without a coordinator (PL-17).
CREATE FUNCTION intake_of(of_unit uuid, after_since timestamptz, after_id uuid, lim integer)
RETURNS TABLE (id uuid, kind text, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, function text,
               since timestamptz, from_day date, reason text, employee_id uuid, employee_name text, next_task_due date,
               overdue_tasks bigint, version bigint)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.id, l.kind, l.young_person_id, a.basis_id, a.areas, y.given_name, y.family_name, l.function, l.since, l.from_day,
           l.reason, l.employee_id, l.employee_name,
           (SELECT min(t.due_on) FROM task t WHERE t.young_person_id = l.young_person_id AND t.done_at IS NULL AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }}),
           (SELECT count(*) FROM task t WHERE t.young_person_id = l.young_person_id AND t.done_at IS NULL
               AND t.due_on < acting_today() AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }}),
           l.version
      FROM (
        SELECT n.id, 'entry' AS kind, n.young_person_id, n.function::text, n.entered_at AS since, n.from_day, n.reason,
               NULL::uuid AS employee_id, NULL::text AS employee_name, n.version, n.information_area, n.writing_unit_id
          FROM intake_entry n WHERE n.unit_id = of_unit AND n.left_at IS NULL
        UNION ALL
        SELECT s.id, 'assignment', s.young_person_id, s.function, greatest(s.began_at, least(e.deactivated_at,
               (SELECT max(r.valid_to) FROM employee_role r WHERE r.employee_id = s.employee_id AND r.unit_id = s.unit_id
                   AND r.role = s.counts_as))), NULL, NULL, s.employee_id, e.given_name || ' ' || e.family_name, s.version,
               s.information_area, s.writing_unit_id
          FROM assignment s JOIN employee e ON e.id = s.employee_id
         WHERE s.unit_id = of_unit AND s.ended_at IS NULL AND {{ on_nobodys_hands("s", "e") }}
        UNION ALL
        -- PL-17: a draft whose coordinator, if there is one, does not have the case.
        SELECT p.id, 'plan', p.young_person_id, NULL, p.opened_at, NULL, NULL, e.id, e.given_name || ' ' || e.family_name, p.version,
               p.information_area, p.writing_unit_id
          FROM plan p LEFT JOIN employee e ON e.id = coordinator_of(p.id)
         WHERE p.writing_unit_id = of_unit AND p.state = 'draft'
           AND NOT EXISTS (SELECT FROM assignment s WHERE s.young_person_id = p.young_person_id AND s.employee_id = e.id AND s.ended_at IS NULL)) l
      JOIN LATERAL {{ bases_of("l.young_person_id") }} a ON true
      -- Row by row: for a short list the planner would otherwise read all young people.
      LEFT JOIN LATERAL (SELECT y.given_name, y.family_name FROM young_person y WHERE y.id = l.young_person_id AND {{ may_see_in_view("y", "a") }} LIMIT 1) y ON true
     WHERE of_unit = ANY (acting_holders()) AND (l.since, l.id) > (after_since, after_id) AND {{ may_see_in_view("l", "a") }}
     ORDER BY l.since, l.id LIMIT lim;
END $$;
GRANT EXECUTE ON FUNCTION intake_of(uuid, timestamptz, uuid, integer) TO enplan_app;

-- AC-15: ends the access of a unit from whose intake queue the case was withdrawn.
CREATE FUNCTION end_referral_access(entry uuid, at timestamptz, because text, OUT assignments uuid[], OUT intake_entries uuid[])
RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT over.* FROM intake_entry e CROSS JOIN LATERAL end_access_inside(e.id, e.unit_id, e.young_person_id, at, because) over
     WHERE e.id = entry AND e.left_because = 'withdrawn' AND works_with(e.young_person_id)
       AND (e.unit_id = ANY (acting_holders()) OR e.writing_unit_id = ANY (acting_holders()))
$$;
GRANT EXECUTE ON FUNCTION end_referral_access(uuid, timestamptz, text) TO enplan_app;
