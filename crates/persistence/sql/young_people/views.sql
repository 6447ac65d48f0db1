{% from "access/macros.sql" import bases_of, basis_is_mine, may_see_in_view, opens_identity, reads_task %}
{% from "target_groups/macros.sql" import opens_target_group, target_group_of %}

-- A young person with the current plan, the interventions, the open tasks and the assignments, as far as they are visible
-- to the caller.
CREATE VIEW case_file WITH (security_barrier) AS
SELECT y.id, a.basis_id, a.areas, y.given_name, y.family_name, y.birth_date, y.registered_at, y.version,
       (SELECT n.kind FROM person_identifier n WHERE n.young_person_id = y.id AND n.valid_to IS NULL AND {{ may_see_in_view("n", "a") }}) AS identifier_kind,
       (SELECT row_to_json(p) FROM (SELECT * FROM plan_file f WHERE f.young_person_id = y.id
         ORDER BY f.state = 'closed', f.opened_at DESC LIMIT 1) p) AS plan,
       (SELECT coalesce(json_agg(i), '[]') FROM (SELECT * FROM intervention_file f WHERE f.young_person_id = y.id
         ORDER BY f.referred_at, f.id) i) AS interventions,
       (SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT t.id, t.kind, t.subject_id, t.employee_id, t.due_on FROM task t
             WHERE t.young_person_id = y.id AND t.done_at IS NULL AND {{ may_see_in_view("t", "a") }} AND {{ reads_task("t") }} ORDER BY t.due_on, t.id) t) AS tasks,
       (SELECT coalesce(json_agg(s), '[]') FROM (
            SELECT s.id, s.function, s.employee_id, e.given_name || ' ' || e.family_name AS employee_name, s.unit_id,
                   u.name AS unit_name, s.began_at
              FROM assignment s JOIN employee e ON e.id = s.employee_id JOIN unit u ON u.id = s.unit_id
             WHERE s.young_person_id = y.id AND s.ended_at IS NULL AND {{ may_see_in_view("s", "a") }} ORDER BY s.began_at, s.id) s) AS assignments,
       CASE WHEN a.areas & 2 <> 0 THEN (SELECT coalesce(bit_or(h.information_area), 0) FROM (
            SELECT i.information_area FROM intervention i WHERE i.young_person_id = y.id AND NOT {{ may_see_in_view("i", "a", provider="i.providing_unit_id") }}
            UNION ALL SELECT e.information_area FROM benefit_episode e WHERE e.young_person_id = y.id AND NOT {{ may_see_in_view("e", "a") }}
            UNION ALL SELECT r.information_area FROM readiness r WHERE r.young_person_id = y.id AND NOT {{ may_see_in_view("r", "a") }}
            UNION ALL SELECT w.information_area FROM education_and_work w WHERE w.young_person_id = y.id AND NOT {{ may_see_in_view("w", "a") }}
            UNION ALL SELECT s.information_area FROM sanction s WHERE s.young_person_id = y.id AND NOT {{ may_see_in_view("s", "a") }}
            UNION ALL SELECT m.information_area FROM residence m WHERE m.young_person_id = y.id AND NOT {{ may_see_in_view("m", "a") }}
            UNION ALL SELECT g.information_area FROM guardian g WHERE g.young_person_id = y.id AND NOT {{ may_see_in_view("g", "a") }}) h)
            ELSE 0 END AS hidden_areas,
       CASE WHEN a.wide & 4 <> 0 THEN {{ target_group_of("y.id", "y.birth_date", "(SELECT acting_today())") }} END AS target_group
  FROM young_person y
  JOIN LATERAL {{ bases_of("y.id") }} a ON true
 WHERE {{ may_see_in_view("y", "a") }};
GRANT SELECT ON case_file TO enplan_app;

-- Young people, the newest registration first: `lim` of them after `before`, of one of the caller's units or of all, of
-- one target group as far as it is visible to the caller, or of any. The index of each holder is read only as far as the
-- page reaches, however many rows follow.
CREATE FUNCTION list_young_people(before uuid, of_unit uuid, of_group integer, lim integer)
RETURNS TABLE (id uuid, basis_id uuid, areas integer, given_name text, family_name text, birth_date date, plan_id uuid,
               plan_state text, coordinating_department text, started_interventions bigint, target_group integer)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT y.id, a.basis_id, a.areas, y.given_name, y.family_name, y.birth_date, p.id, p.state, c.department,
           CASE WHEN a.areas & 2 <> 0 THEN (SELECT count(*) FROM intervention i
               WHERE i.young_person_id = y.id AND i.state = 'started' AND {{ may_see_in_view("i", "a", provider="i.providing_unit_id") }}) END,
           CASE WHEN a.wide & 4 <> 0 THEN {{ target_group_of("y.id", "y.birth_date", "acting_today()") }} END
      FROM (SELECT DISTINCT m.young_person_id
              FROM unnest(acting_holders()) h
             CROSS JOIN LATERAL (SELECT DISTINCT b.young_person_id FROM access_basis b
                  WHERE b.holder_id = h AND (of_unit IS NULL OR h = of_unit) AND b.young_person_id < before AND {{ basis_is_mine("b") }} AND {{ opens_identity("b") }}
                    AND (of_group IS NULL OR of_group = (SELECT {{ target_group_of("o.id", "o.birth_date", "acting_today()") }} FROM young_person o WHERE o.id = b.young_person_id AND {{ opens_target_group("o.id") }}))
                  ORDER BY b.young_person_id DESC LIMIT lim) m
             ORDER BY m.young_person_id DESC LIMIT lim) page
      JOIN young_person y ON y.id = page.young_person_id
      JOIN LATERAL {{ bases_of("y.id") }} a ON true
      LEFT JOIN LATERAL (SELECT p.id, p.state FROM plan p WHERE p.young_person_id = y.id AND {{ may_see_in_view("p", "a") }}
                          ORDER BY p.state = 'closed', p.opened_at DESC LIMIT 1) p ON true
      LEFT JOIN LATERAL (SELECT c.* FROM coordination c
                          WHERE c.young_person_id = y.id AND c.from_at <= acting_now()
                          ORDER BY c.from_at DESC LIMIT 1) c ON {{ may_see_in_view("c", "a") }}
     ORDER BY y.id DESC;
END $$;
GRANT EXECUTE ON FUNCTION list_young_people(uuid, uuid, integer, integer) TO enplan_app;

-- The only way to search names: what is visible to the caller first, names compared there, ranked last. If the caller
-- sees more than 20,000 young people, it is faster to use the name index first and the predicate after it.
CREATE FUNCTION search_young_people(words text, lim integer)
RETURNS TABLE (id uuid, basis_id uuid, given_name text, family_name text, birth_date date, score real)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted text := fold_name(words);
BEGIN
    IF wanted = '' THEN
        RETURN;
    ELSIF (SELECT count(*) FROM (SELECT FROM access_basis b WHERE {{ basis_is_mine("b") }} LIMIT 20001) seen) <= 20000 THEN
        RETURN QUERY
        SELECT y.id, mine.basis_id, y.given_name, y.family_name, y.birth_date, word_similarity(wanted, y.folded_name) AS score
          FROM (SELECT b.young_person_id, (array_agg(b.id))[1] AS basis_id FROM access_basis b WHERE {{ basis_is_mine("b") }} AND {{ opens_identity("b") }} GROUP BY 1) mine
          JOIN young_person y ON y.id = mine.young_person_id
         WHERE word_similarity(wanted, y.folded_name) >= 0.45
         ORDER BY score DESC, y.folded_name, y.id LIMIT lim;
    ELSE
        PERFORM set_config('pg_trgm.word_similarity_threshold', '0.45', true);
        RETURN QUERY
        SELECT y.id, a.basis_id, y.given_name, y.family_name, y.birth_date, word_similarity(wanted, y.folded_name) AS score
          FROM young_person y JOIN LATERAL {{ bases_of("y.id") }} a ON true
         WHERE wanted <% y.folded_name AND {{ may_see_in_view("y", "a") }}
         ORDER BY score DESC, y.folded_name, y.id LIMIT lim;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION search_young_people(text, integer) TO enplan_app;
