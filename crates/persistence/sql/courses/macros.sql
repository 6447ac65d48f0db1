{% from "calendar/macros.sql" import day_of %}

{#- The weekly sessions of the intervention `i` as they were recorded at `moment`, with the days from and until which they are
    held if those are not the intervention's own: from the first day of a group membership on, the sessions of the group; before
    and after it, the intervention's own. At most one membership has not ended. -#}
{% macro sessions_of(i, moment) -%}
(
        WITH stay AS (
            SELECT m.group_id, greatest(m.from_day, g.from_day) AS from_day, g.to_day + 1 AS until_day
              FROM group_member m JOIN intervention_group g ON g.id = m.group_id
             WHERE m.intervention_id = {{ i }}.id AND m.joined_at <= {{ moment }} AND (m.left_at IS NULL OR m.left_at > {{ moment }})
               AND (g.to_day IS NULL OR g.to_day >= {{ day_of(moment) }})
        )
        SELECT stay.group_id, s.weekday, s.from_minute, s.to_minute, stay.from_day, stay.until_day
          FROM stay JOIN group_session s ON s.group_id = stay.group_id
         WHERE s.told_at <= {{ moment }} AND (s.replaced_at IS NULL OR s.replaced_at > {{ moment }})
        UNION ALL
        SELECT NULL, s.weekday, s.from_minute, s.to_minute, apart.from_day, apart.until_day
          FROM intervention_session s
         CROSS JOIN (SELECT NULL::date AS from_day, (SELECT from_day FROM stay) AS until_day
                     UNION ALL SELECT until_day, NULL FROM stay WHERE until_day IS NOT NULL) apart
         WHERE s.intervention_id = {{ i }}.id AND s.told_at <= {{ moment }} AND (s.replaced_at IS NULL OR s.replaced_at > {{ moment }})
           AND (apart.until_day IS NULL OR apart.until_day > {{ day_of(moment) }}))
{%- endmacro %}
