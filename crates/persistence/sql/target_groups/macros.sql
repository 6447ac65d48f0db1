{% from "access/macros.sql" import basis_is_mine %}

{#- The target group of a young person on a day (TG-1 to TG-4), as an expression over all of their rows. It is never stored.
    Read views, the list and the functions in groups.sql are made from it, each with its own check of who may see it. -#}
{% macro target_group_of(person, birth_date, day) -%}
(CASE
        WHEN age_on({{ birth_date }}, {{ day }}) BETWEEN 15 AND 17 THEN
            -- Ready for none of the kinds of youth education that were assessed, or neither in education nor in work, if that is known (YP-10).
            coalesce((SELECT CASE WHEN bool_and(latest.verdict = 'not-ready') THEN 0 END
               FROM (SELECT DISTINCT ON (r.track) r.verdict FROM readiness r
                      WHERE r.young_person_id = {{ person }} AND r.track <> 'benefit' AND r.assessed_on <= {{ day }}
                      ORDER BY r.track, r.assessed_on DESC, r.recorded_at DESC, r.id DESC) latest),
              (SELECT 0 FROM education_and_work w WHERE w.young_person_id = {{ person }} AND w.first_day <= {{ day }}
               HAVING count(*) > 0 AND bool_or(w.held @> {{ day }}) IS NOT TRUE))
        WHEN age_on({{ birth_date }}, {{ day }}) BETWEEN 18 AND 29 THEN
            (SELECT nullif(benefit_group(e.kind, e.in_integration_programme,
                        (SELECT r.verdict FROM readiness r
                          WHERE r.young_person_id = {{ person }} AND r.track = 'benefit' AND r.assessed_on <= {{ day }}
                          ORDER BY r.assessed_on DESC, r.recorded_at DESC, r.id DESC LIMIT 1)), -1)
               FROM benefit_episode e
              WHERE e.young_person_id = {{ person }} AND e.leads AND daterange(e.from_day, e.to_day, '[]') @> {{ day }})
        END)
{%- endmacro %}

{#- A group follows from all rows or from none: does an access basis of the caller open education and employment, regardless of
    the writing unit? -#}
{% macro opens_target_group(person) -%}
EXISTS (SELECT FROM access_basis g WHERE g.young_person_id = {{ person }} AND {{ basis_is_mine("g") }}
        AND g.areas & 4 <> 0 AND g.giver_id IS NULL)
{%- endmacro %}
