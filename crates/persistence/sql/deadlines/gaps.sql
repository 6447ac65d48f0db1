{% from "access/macros.sql" import bases_of, basis_is_mine, may_see_in_view %}
{% from "calendar/macros.sql" import day_of %}

-- AB-2: the day since which an active plan has nothing running or agreed, the day since which that requires action
-- (exemptions counted), and the time at which something was agreed after all.
CREATE FUNCTION plan_gap(of_plan uuid, OUT gap_from date, OUT asked_on date, OUT met_at timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.gap_from, greatest(g.gap_from + r.asked_after, (SELECT max(x.to_day) + 1 FROM plan_exemption x
             WHERE x.plan_id = of_plan AND x.to_day >= g.gap_from)), g.agreed_at
      FROM (
        -- The last intervention that ended, also before the plan was activated: nobody drops out meanwhile.
        SELECT coalesce(max(CASE i.state
                   WHEN 'declined' THEN i.declined_on
                   WHEN 'withdrawn' THEN (SELECT (min(h.since) AT TIME ZONE 'Europe/Copenhagen')::date
                                            FROM intervention_history h WHERE h.id = i.id AND h.state = 'withdrawn')
                   ELSE i.ended_on END), {{ day_of("p.activated_at") }}) AS gap_from,
               min(i.referred_at) FILTER (WHERE i.state IN ('referred', 'waiting', 'offered', 'started')) AS agreed_at
          FROM plan p LEFT JOIN intervention i ON i.plan_id = p.id
         WHERE p.id = of_plan AND p.state = 'active' GROUP BY p.activated_at) g
      JOIN deadline_rule r ON r.code = 'close-gap' AND daterange(r.valid_from, r.valid_to, '[]') @> g.gap_from
     WHERE {{ day_of("g.agreed_at") }} <= g.gap_from IS NOT TRUE
$$;

-- AB-2: active plans that have had nothing running or agreed for that long, the longest first: `lim` of them after the
-- day and the plan of the last row of the previous page.
CREATE FUNCTION list_gaps(after_day date, after_id uuid, lim integer)
RETURNS TABLE (plan_id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text,
               gap_from date, asked_on date, employee_id uuid, employee_name text)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT g.id, g.young_person_id, g.basis_id, g.areas, y.given_name, y.family_name, g.gap_from, g.asked_on, g.coordinator,
           w.given_name || ' ' || w.family_name
      FROM (SELECT p.*, a.*, gap.*, coordinator_of(p.id) AS coordinator
              FROM (SELECT DISTINCT b.young_person_id AS who FROM access_basis b WHERE {{ basis_is_mine("b") }}) mine
              JOIN plan p ON p.young_person_id = mine.who AND p.state = 'active'
              JOIN LATERAL {{ bases_of("p.young_person_id") }} a ON true
             CROSS JOIN LATERAL plan_gap(p.id) gap
             WHERE {{ may_see_in_view("p", "a") }} AND gap.met_at IS NULL AND gap.asked_on <= acting_today() AND (gap.gap_from, p.id) > (after_day, after_id)
             ORDER BY gap.gap_from, p.id LIMIT lim) g
      LEFT JOIN young_person y ON y.id = g.young_person_id AND {{ may_see_in_view("y", "g") }}
      LEFT JOIN employee w ON w.id = g.coordinator
     ORDER BY g.gap_from, g.id;
END $$;
GRANT EXECUTE ON FUNCTION list_gaps(date, uuid, integer) TO enplan_app;
