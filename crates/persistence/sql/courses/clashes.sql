{% from "access/macros.sql" import bases_of, basis_is_held, may_see_in_view %}
{% from "courses/macros.sql" import sessions_of %}

-- IV-12: all that may clash for a young person: what runs in the open plan or was transferred from a closed one, and what
-- has ended. Of an intervention that is hidden from the caller only id, days and minutes, only while it runs, and only if
-- an access basis of the caller opens the plan. An intervention that is under way after its planned end continues.
CREATE FUNCTION planned_for(of_person uuid) RETURNS TABLE (intervention_id uuid, catalogue_code text, mentoring boolean,
    over boolean, from_day date, until_day date, sessions json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, CASE WHEN v.seen THEN i.catalogue_code END, v.seen AND coalesce(e.mentoring, false), i.ended_on IS NOT NULL,
           coalesce(i.started_on, i.planned_start),
           CASE WHEN i.state <> 'started' OR i.planned_end > acting_today() THEN coalesce(i.ended_on, i.planned_end) END,
           (SELECT coalesce(json_agg(s), '[]') FROM {{ sessions_of("i", "(SELECT acting_now())") }} s)
      FROM intervention i
      JOIN plan p ON p.id = i.plan_id
      LEFT JOIN catalogue_entry e ON e.code = i.catalogue_code
      JOIN LATERAL {{ bases_of("i.young_person_id") }} a ON true
     CROSS JOIN LATERAL (SELECT {{ may_see_in_view("i", "a", provider="i.providing_unit_id") }} AS seen) v
     WHERE i.young_person_id = of_person
       AND (i.ended_on IS NOT NULL AND v.seen
            OR i.state IN ('referred', 'waiting', 'offered', 'started') AND (p.state <> 'closed' OR i.carried_on_by_id IS NOT NULL)
               AND (v.seen OR a.areas & 2 <> 0))
     ORDER BY i.id
$$;
GRANT EXECUTE ON FUNCTION planned_for(uuid) TO enplan_app;

-- IV-10: the number of interventions of a young person that are under way on a day, in all areas. NULL if the plan is not
-- visible to the caller.
CREATE FUNCTION interventions_under_way(of_person uuid, on_day date) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM intervention i WHERE i.young_person_id = of_person
               AND i.started_on <= on_day AND (i.ended_on IS NULL OR i.ended_on > on_day))
     WHERE EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = of_person AND b.areas & 2 <> 0
           AND {{ basis_is_held("b") }})
$$;
GRANT EXECUTE ON FUNCTION interventions_under_way(uuid, date) TO enplan_app;

-- The employee to ask about hidden interventions: the coordinating caseworker of the young person's open plan.
CREATE FUNCTION coordinator_to_ask(of_person uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coordinator_of(p.id) FROM plan p
     WHERE p.young_person_id = of_person AND p.state <> 'closed'
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = of_person AND b.areas & 2 <> 0
           AND {{ basis_is_held("b") }})
$$;
GRANT EXECUTE ON FUNCTION coordinator_to_ask(uuid) TO enplan_app;
