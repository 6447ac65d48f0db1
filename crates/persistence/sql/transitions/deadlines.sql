{% from "calendar/macros.sql" import day_of %}

{#- The deadlines of transitions, with the same columns as `case_deadlines` in deadlines/rules.sql. A deadline with a given day runs
    from the day before. -#}
{% macro transition_deadlines(whom) -%}
    -- TM-1, TM-2, TM-3, TM-12: what a need requires in its state.
    SELECT k.kind, n.id AS subject_id, y.id AS young_person_id,
           CASE k.kind WHEN 'bring-before-committee' THEN 16 ELSE n.information_area::integer END AS information_area, n.writing_unit_id, n.id AS about,
           coalesce(has_case_of(y.id, n.writing_unit_id, n.information_area), who_raised(n)) AS named_id, daterange(NULL, NULL) AS during, n.raised_on AS occasion,
           k.runs_from, k.asked_on, k.met_at
      FROM young_person y
      JOIN transition_need n ON n.young_person_id = y.id
     CROSS JOIN LATERAL (SELECT n.decided_on::timestamp AT TIME ZONE 'Europe/Copenhagen' AS at) decided
     CROSS JOIN LATERAL (
        SELECT 'hold-transition-meeting', n.due_on - 1, n.raised_on, CASE n.state WHEN 'held' THEN decided.at END
         WHERE n.state IN ('open', 'held')
        UNION ALL
        SELECT 'judge-need', n.raised_on, n.raised_on, decided.at
         WHERE n.state = 'to-judge' OR n.origin = 'enrolment' AND n.decided_by_id IS NOT NULL
        UNION ALL
        SELECT 'refer-instead', n.decided_on, n.decided_on,
               (SELECT min(r.made_on)::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM transition_referral r WHERE r.need_id = n.id)
         WHERE n.state = 'exempt'
        UNION ALL
        -- By the day of the meeting at the latest.
        SELECT 'bring-before-committee', least(n.raised_on, (n.due_on - interval '3 months')::date), n.raised_on, talked.at
          FROM (SELECT (SELECT c.on_day::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM transition_committee c WHERE c.need_id = n.id) AS at) talked
         WHERE talked.at IS NOT NULL OR n.state IN ('open', 'exempt') AND wants_committee(n)) k (kind, runs_from, asked_on, met_at)
     WHERE {{ whom }}
    UNION ALL
    -- TM-9: an agreement is accepted, by the day on which the receiver coordinates.
    SELECT k.kind, a.id, y.id, a.information_area, k.unit_id, a.id, k.employee_id, daterange(NULL, NULL),
           k.asked_on, k.runs_from, k.asked_on, a.accepted_at
      FROM young_person y
      JOIN responsibility_agreement a ON a.young_person_id = y.id AND a.replaced_at IS NULL
     CROSS JOIN LATERAL (VALUES
        ('accept-responsibility', a.receiving_unit_id, CASE WHEN works_in(a.coordinator_id, a.receiving_unit_id) THEN a.coordinator_id END,
         {{ day_of("a.agreed_at") }}, a.coordinates_from - 1),
        ('press-for-acceptance', a.writing_unit_id, NULL, a.coordinates_from, a.coordinates_from - 1),
        -- The directors have it from the day by which it was to be settled.
        ('settle-responsibility', a.receiving_unit_id, head_above(a.receiving_unit_id),
         deadline_of('settle-responsibility', a.coordinates_from), a.coordinates_from)) k (kind, unit_id, employee_id, asked_on, runs_from)
     WHERE {{ whom }}
    UNION ALL
    -- TM-14: a young person with support after 18 leaves school.
    SELECT 'plan-leaving-school', w.id, y.id, w.information_area, judging_unit(y.id), w.id, NULL, daterange(NULL, NULL),
           ends.told_on, ends.told_on, ends.told_on, NULL
      FROM young_person y
      JOIN education_and_work w ON w.young_person_id = y.id AND w.kind = 'school' AND w.grade IN (9, 10) AND w.state = 'started'
     -- Half a year before the end of June of the school year.
     CROSS JOIN LATERAL (SELECT make_date(extract(year FROM w.started_on)::integer + (extract(month FROM w.started_on) >= 7)::integer - 1, 12, 30) AS told_on) ends
     WHERE {{ whom }} AND acting_today() < ends.told_on + 213 AND judging_unit(y.id) IS NOT NULL AND EXISTS (SELECT FROM support_need s WHERE s.young_person_id = y.id AND s.goes_on_after_18)
{%- endmacro %}

-- The employee who created a need, or who recorded the support from which it follows, if they still work in the unit.
CREATE FUNCTION who_raised(n transition_need) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT raised.by_id
      FROM (SELECT coalesce(n.raised_by_id, (SELECT s.judged_by_id FROM support_need s WHERE s.id = n.support_need_id)) AS by_id) raised
     WHERE works_in(raised.by_id, n.writing_unit_id)
$$;

-- The employee who leads the department above a unit; the nearest one first.
CREATE FUNCTION head_above(of_unit uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT r.employee_id FROM unit u JOIN employee_role r ON r.unit_id = ANY (u.path) AND r.role = 'department-head'
     WHERE u.id = of_unit AND works_in(r.employee_id, r.unit_id)
     ORDER BY array_position(u.path, r.unit_id) DESC, r.valid_from, r.employee_id LIMIT 1
$$;
