{% from "access/macros.sql" import bases_of, may_see_in_view %}
{% from "calendar/macros.sql" import day_of %}

{#- The columns of a goal `g`, with the latest score of each voice (PL-4) that was recorded until `moment` and that the bases `a`
    show. Both scores are read from the index alone. -#}
{% macro goal_columns(moment) -%}
g.id, g.plan_id, g.young_person_id, g.area, g.wished_result, g.target_date, g.result, g.set_at, g.version,
       (SELECT v.score FROM goal_progress v WHERE v.goal_id = g.id AND v.voice = 'young-person' AND v.on_day <= {{ day_of(moment) }} AND v.entered_at <= {{ moment }} AND {{ may_see_in_view("v", "a") }}
         ORDER BY v.on_day DESC LIMIT 1) AS young_person_score,
       (SELECT v.score FROM goal_progress v WHERE v.goal_id = g.id AND v.voice = 'professional' AND v.on_day <= {{ day_of(moment) }} AND v.entered_at <= {{ moment }} AND {{ may_see_in_view("v", "a") }}
         ORDER BY v.on_day DESC LIMIT 1) AS professional_score
{%- endmacro %}

{#- Plans with all records that belong to them, as they were at `moment` (PL-11): `plans` and `goals` are the tables or their
    histories. -#}
{% macro plan_file_of(plans, goals, moment) -%}
SELECT p.id, p.young_person_id, a.basis_id, p.information_area, p.state, p.purpose, p.own_words, p.own_words_absent,
       p.previous_plan_id, p.opened_at, p.activated_at, p.next_review_on, p.closed_at, p.outcome, p.outcome_note, p.version,
       (SELECT max(h.on_day) FROM plan_review h WHERE h.plan_id = p.id AND h.entered_at <= {{ moment }} AND {{ may_see_in_view("h", "a") }}) AS last_review_on,
       (SELECT c.department FROM (SELECT * FROM coordination c
         WHERE c.young_person_id = p.young_person_id AND c.from_at <= {{ moment }}
         ORDER BY c.from_at DESC LIMIT 1) c WHERE {{ may_see_in_view("c", "a") }}) AS coordinating_department,
       (SELECT coalesce(json_agg(r), '[]') FROM (
            SELECT r.kind, r.from_at, r.employee_id, e.given_name || ' ' || e.family_name AS employee_name,
                   r.outside_name, r.outside_telephone, r.outside_organisation, r.declined_reason
              FROM (SELECT DISTINCT ON (r.kind) r.* FROM plan_role r
                     WHERE r.plan_id = p.id AND r.from_at <= {{ moment }}
                     ORDER BY r.kind, r.from_at DESC) r
              LEFT JOIN employee e ON e.id = r.employee_id
             WHERE {{ may_see_in_view("r", "a") }} ORDER BY r.kind) r) AS roles,
       (SELECT coalesce(json_agg(g), '[]') FROM (
            SELECT {{ goal_columns(moment) }}
              FROM {{ goals }} g WHERE g.plan_id = p.id AND {{ may_see_in_view("g", "a") }} ORDER BY g.set_at, g.id) g) AS goals,
       (SELECT coalesce(json_agg(m), '[]') FROM (
            SELECT m.id, m.unit_id, u.code AS unit_code, u.name AS unit_name, m.employee_id,
                   e.given_name || ' ' || e.family_name AS employee_name, m.joined_at, m.left_at
              FROM plan_participant m JOIN unit u ON u.id = m.unit_id JOIN employee e ON e.id = m.employee_id
             WHERE m.plan_id = p.id AND m.joined_at <= {{ moment }} AND (m.left_at IS NULL OR m.left_at > {{ moment }}) AND {{ may_see_in_view("m", "a") }}
             ORDER BY m.joined_at, m.id) m) AS participants,
       (SELECT coalesce(json_agg(l), '[]') FROM (
            SELECT l.id, l.writing_unit_id AS unit_id, u.name AS unit_name, l.kind, l.title, l.reference, l.linked_at
              FROM plan_link l JOIN unit u ON u.id = l.writing_unit_id
             WHERE l.plan_id = p.id AND l.linked_at <= {{ moment }} AND {{ may_see_in_view("l", "a") }} ORDER BY l.linked_at, l.id) l) AS links
  FROM {{ plans }} p
  JOIN LATERAL {{ bases_of("p.young_person_id") }} a ON true
 WHERE {{ may_see_in_view("p", "a") }}
{%- endmacro %}

{#- PL-11: stores every state of the rows of `table` in its history from now on. A change without a known time (a load, an SQL
    prompt) gets the time of the state before it. -#}
{% macro keep_history(table) -%}
CREATE FUNCTION {{ table }}_is_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO {{ table }}_history SELECT NEW.*, coalesce(acting_now(),
        (SELECT max(k.since) FROM {{ table }}_history k WHERE k.id = NEW.id), '-infinity');
    RETURN NULL;
END $$;
CREATE TRIGGER {{ table }}_is_kept AFTER INSERT OR UPDATE ON {{ table }} FOR EACH ROW EXECUTE FUNCTION {{ table }}_is_kept();
{%- endmacro %}
