{% from "access/macros.sql" import basis_is_mine %}

-- The number of cases for which the employees present in a unit have room on each of these days, for each function that
-- has a norm on that day: 0 if no employee is present.
CREATE FUNCTION caseload_capacity(of_unit uuid, days date[], moment timestamptz)
RETURNS TABLE (on_day date, function text, cases bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d, n.function, coalesce(sum(l.case_limit), 0)
      FROM unnest(days) d
     CROSS JOIN LATERAL (SELECT DISTINCT ON (k.function) k.function, k.cases FROM caseload_norm k
                          WHERE k.unit_id = of_unit AND k.from_day <= d ORDER BY k.function, k.from_day DESC, k.decision_no DESC) n
      LEFT JOIN LATERAL (SELECT c.case_limit FROM caseload_limits(of_unit, d, moment) c
                          WHERE c.function = n.function AND c.present) l ON true
     WHERE n.cases IS NOT NULL
     GROUP BY d, n.function
$$;
GRANT EXECUTE ON FUNCTION caseload_capacity(uuid, date[], timestamptz) TO enplan_app;

-- CL-6: what happens to the young people of one of the caller's units from one day to another: the young people who turn
-- 15, 17, 18 or 30, who arrive in its intake queue or leave for another one, and whose assignment ends as planned. An
-- employee who has a young person in two functions of one position has one case, which ends with the later assignment.
CREATE FUNCTION forecast_of(of_unit uuid, first date, last date)
RETURNS TABLE (on_day date, what text, function text, young_person_id uuid, basis_id uuid)
LANGUAGE sql STABLE ROWS 1000 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH own AS MATERIALIZED (
        SELECT DISTINCT ON (b.young_person_id) b.young_person_id, b.id AS basis_id FROM access_basis b
         WHERE b.holder_id = of_unit AND {{ basis_is_mine("b") }} AND b.kind <> 'provision' AND b.areas & 3 = 3 AND b.giver_id IS NULL
    )
    SELECT birthday(y.birth_date, years), 'turns-' || years, NULL, y.id, o.basis_id
      FROM own o JOIN young_person y ON y.id = o.young_person_id CROSS JOIN unnest(ARRAY[15, 17, 18, 30]) years
     WHERE birthday(y.birth_date, years) BETWEEN first AND last
    UNION ALL
    SELECT n.from_day, 'comes', n.function, n.young_person_id, o.basis_id
      FROM intake_entry n JOIN own o USING (young_person_id)
     WHERE n.unit_id = of_unit AND n.left_at IS NULL AND n.from_day <= last
    UNION ALL
    -- TM-9: young people who arrive by an accepted transition and do not wait already.
    SELECT c.from_day, 'comes', c.function, c.young_person_id, o.basis_id
      FROM cases_to_come(of_unit) c JOIN own o USING (young_person_id)
     WHERE c.from_day <= last
       AND NOT EXISTS (SELECT FROM intake_entry n WHERE n.young_person_id = c.young_person_id AND n.unit_id = of_unit
                       AND n.function = c.function AND n.left_at IS NULL AND n.from_day <= last)
       AND NOT EXISTS (SELECT FROM assignment s WHERE s.young_person_id = c.young_person_id AND s.unit_id = of_unit
                       AND s.counts_as = c.function AND s.ended_at IS NULL)
    UNION ALL
    SELECT max(l.on_day), 'leaves', l.function, l.young_person_id, l.basis_id
      FROM (SELECT s.employee_id, s.counts_as AS function, s.young_person_id, o.basis_id, least(s.planned_end, birthday(y.birth_date, 30),
                (SELECT min(n.from_day) FROM intake_entry n WHERE n.young_person_id = s.young_person_id
                    AND n.writing_unit_id = of_unit AND n.unit_id <> of_unit AND n.left_at IS NULL AND n.from_day >= first)) AS on_day
              FROM assignment s JOIN own o USING (young_person_id) JOIN young_person y ON y.id = s.young_person_id
             WHERE s.unit_id = of_unit AND s.ended_at IS NULL) l
     GROUP BY l.employee_id, l.function, l.young_person_id, l.basis_id
    HAVING max(l.on_day) <= last
$$;
GRANT EXECUTE ON FUNCTION forecast_of(uuid, date, date) TO enplan_app;
