{% from "access/macros.sql" import bases_of, may_see_in_view %}
{% from "calendar/macros.sql" import day_of %}
{% from "courses/macros.sql" import sessions_of %}

{#- Interventions as they were at `moment` (PL-11): `interventions` is the table or its history, `in_line` the expression for the
    position on the waiting list. -#}
{% macro intervention_file_of(interventions, moment, in_line) -%}
SELECT i.id, i.plan_id, i.young_person_id, a.basis_id, i.information_area, i.catalogue_code, i.title, i.area,
       i.providing_unit_id, u.code AS providing_unit_code, u.name AS providing_unit_name, i.state,
       i.planned_start, i.planned_end, i.responsible_id, e.given_name || ' ' || e.family_name AS responsible_name,
       i.reason, i.referred_at, i.offered_at, i.offer_expires_on, i.started_on, i.ended_on, i.end_reason,
       i.declined_by, i.declined_on, i.decline_reason, i.answer_by, i.accepted_on, i.acceptance_reason,
       i.priority, i.priority_reason, i.note, i.carried_on_by_id, i.version, {{ in_line }} AS place_in_line,
       (SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT x.planned_end, x.reason, x.extended_on FROM intervention_extension x
             WHERE x.intervention_id = i.id AND x.extended_on <= {{ day_of(moment) }} AND {{ may_see_in_view("x", "a", provider="x.providing_unit_id") }} ORDER BY x.planned_end) x) AS extensions,
       json_build_object(
           'company', (SELECT json_build_object('cvr', c.cvr, 'name', c.name, 'supervisor_name', c.supervisor_name,
               'supervisor_telephone', c.supervisor_telephone) FROM intervention_company c WHERE c.intervention_id = i.id AND c.told_at <= {{ moment }}
                ORDER BY c.told_no DESC LIMIT 1),
           'hours', (SELECT coalesce(json_agg(h ORDER BY h.from_day), '[]') FROM (
               SELECT DISTINCT ON (h.from_day) h.from_day, h.weekly_minutes, h.form FROM intervention_hours h
                WHERE h.intervention_id = i.id AND h.told_at <= {{ moment }} ORDER BY h.from_day, h.told_no DESC) h),
           'sessions', (SELECT coalesce(json_agg(s ORDER BY s.weekday, s.from_minute), '[]') FROM {{ sessions_of("i", moment) }} s)) AS course
  FROM {{ interventions }} i
  JOIN LATERAL {{ bases_of("i.young_person_id") }} a ON true
  JOIN unit u ON u.id = i.providing_unit_id
  JOIN employee e ON e.id = i.responsible_id
 WHERE {{ may_see_in_view("i", "a", provider="i.providing_unit_id") }}
{%- endmacro %}
