{% from "access/macros.sql" import bases_of, may_see_in_view, reads_task %}

-- Open tasks, the soonest due first: `lim` of them after the day and the id of the last row of the previous page. The
-- caller's own tasks, or those of all employees who are or were in the caller's units and of nobody yet; all of them,
-- those past due, or those that were escalated (DL-5).
CREATE FUNCTION list_tasks(of_mine boolean, past_due boolean, risen boolean, after_day date, after_id uuid, lim integer)
RETURNS TABLE (id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, kind text,
               subject_id uuid, employee_id uuid, employee_name text, due_on date, original_due_on date, missed_on date,
               raised_at timestamptz, version bigint)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.id, t.young_person_id, t.basis_id, t.areas, y.given_name, y.family_name, t.kind, t.subject_id,
           t.employee_id, w.given_name || ' ' || w.family_name, t.due_on, t.original_due_on, t.missed_on, t.raised_at, t.version
      FROM (
        SELECT mine.*
          FROM (SELECT acting_employee() AS id
                 UNION
                SELECT r.employee_id FROM employee_role r
                 WHERE NOT of_mine AND r.unit_id = ANY (acting_holders()) AND r.valid_from <= acting_now()) who
         CROSS JOIN LATERAL (
            SELECT t.*, a.* FROM task t JOIN LATERAL {{ bases_of("t.young_person_id") }} a ON true
             WHERE t.employee_id = who.id AND t.done_at IS NULL AND (t.due_on, t.id) > (after_day, after_id)
               AND (NOT past_due OR t.due_on < acting_today())
               AND (NOT risen OR t.raised_at IS NOT NULL AND t.due_on < acting_today()) AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }}
             ORDER BY t.due_on, t.id LIMIT lim) mine
        UNION ALL
        SELECT nobodys.*
          FROM unnest(CASE WHEN NOT of_mine THEN acting_holders() END) h
         CROSS JOIN LATERAL (
            SELECT t.*, a.* FROM task t JOIN LATERAL {{ bases_of("t.young_person_id") }} a ON true
             WHERE t.writing_unit_id = h AND t.employee_id IS NULL AND t.done_at IS NULL AND (t.due_on, t.id) > (after_day, after_id)
               AND (NOT past_due OR t.due_on < acting_today())
               AND (NOT risen OR t.raised_at IS NOT NULL AND t.due_on < acting_today()) AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }}
             ORDER BY t.due_on, t.id LIMIT lim) nobodys
        ORDER BY due_on, id LIMIT lim) t
      LEFT JOIN young_person y ON y.id = t.young_person_id AND {{ may_see_in_view("y", "t") }}
      LEFT JOIN employee w ON w.id = t.employee_id
     ORDER BY t.due_on, t.id;
END $$;
GRANT EXECUTE ON FUNCTION list_tasks(boolean, boolean, boolean, date, uuid, integer) TO enplan_app;
