{% from "access/macros.sql" import bases_of, may_see_in_view, reads_fact, reads_task %}
{% from "caseload/macros.sql" import on_nobodys_hands %}

-- CL-8: an assignment with what an employee who takes it over needs to know first, as far as it is visible to the caller.
CREATE VIEW assignment_file WITH (security_barrier) AS
SELECT s.id, s.young_person_id, a.basis_id, a.areas, y.given_name, y.family_name, s.unit_id, u.name AS unit_name, s.employee_id,
       e.given_name || ' ' || e.family_name AS employee_name, s.function, s.began_at, s.planned_end, s.note,
       CASE WHEN s.unit_id = ANY (a.holders) THEN s.exception_reason END AS exception_reason,
       CASE WHEN s.unit_id = ANY (a.holders) THEN s.exception_until END AS exception_until, s.ended_at, s.end_reason, s.version,
       s.ended_at IS NULL AND {{ on_nobodys_hands("s", "e") }} AS in_intake,
       (SELECT count(*) FILTER (WHERE g.before <> g.employee_id) FROM (
            SELECT c.employee_id, lag(c.employee_id) OVER (ORDER BY c.began_at, c.id) AS before FROM assignment c
             WHERE c.young_person_id = s.young_person_id AND c.function = s.function AND {{ may_see_in_view("c", "a") }}) g) AS changes,
       (SELECT min(t.due_on) FROM task t WHERE t.young_person_id = s.young_person_id AND t.done_at IS NULL AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }}) AS next_task_due,
       (SELECT count(*) FROM task t WHERE t.young_person_id = s.young_person_id AND t.done_at IS NULL
           AND t.due_on < acting_today() AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }}) AS overdue_tasks,
       (SELECT p.next_review_on FROM plan p WHERE p.young_person_id = s.young_person_id AND p.state = 'active' AND {{ may_see_in_view("p", "a") }}) AS next_review_on,
       (SELECT count(*) FROM intervention i WHERE i.young_person_id = s.young_person_id AND i.state = 'started' AND {{ may_see_in_view("i", "a", provider="i.providing_unit_id") }}) AS started_interventions,
       (SELECT max(j.took_place_at) FROM journal_entry j WHERE j.young_person_id = s.young_person_id
           AND j.kind = 'conversation' AND {{ may_see_in_view("j", "a") }} AND {{ reads_fact("'journal'", "j.young_person_id") }}) AS last_conversation_at
  FROM assignment s
  JOIN LATERAL {{ bases_of("s.young_person_id") }} a ON true
  JOIN unit u ON u.id = s.unit_id
  JOIN employee e ON e.id = s.employee_id
  LEFT JOIN young_person y ON y.id = s.young_person_id AND {{ may_see_in_view("y", "a") }}
 WHERE {{ may_see_in_view("s", "a") }};
GRANT SELECT ON assignment_file TO enplan_app;
