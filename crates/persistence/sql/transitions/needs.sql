{% from "calendar/macros.sql" import day_of %}

{#- Who is old enough for the first guideline, and not of age; the date of birth alone excludes most of those who are not. -#}
{% macro of_first_guide() -%}
y.birth_date BETWEEN acting_today() - 6580 AND acting_today() - 5200 AND acting_today() < birthday(y.birth_date, 18)
{%- endmacro %}

{#- DL-3, TM-1, TM-2, TM-14: the needs of a transition meeting that exist and are not recorded yet, of the young people `y` for whom
    the condition `whom` is true: derived from what is recorded now, at most one of each origin. -#}
{% macro needs_to_find_of(whom) -%}
    -- TM-1, TM-2: support that continues after 18, from the age of its guideline on.
    SELECT y.id AS young_person_id, 'support-need' AS origin, s.id AS support_need_id, s.guide, s.writing_unit_id,
           CASE s.leads_to WHEN 'meeting' THEN 'open' ELSE 'exempt' END AS state,
           -- Recorded when less than three months (chosen) were left.
           {{ day_of("s.recorded_at") }} > months_old(y.birth_date, 12 * s.guide - 3) AS acute
      FROM young_person y
     CROSS JOIN LATERAL (
        SELECT s.*, l.leads_to FROM support_need s
          JOIN legal_basis l ON l.code = s.legal_basis_code
          JOIN transition_guide g ON g.guide = s.guide AND months_old(y.birth_date, g.found_at_months) <= acting_today()
         WHERE s.young_person_id = y.id AND s.goes_on_after_18 AND s.from_day <= acting_today() AND (s.to_day >= acting_today()) IS NOT FALSE
           AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
                AND (n.state IN ('open', 'held') OR n.support_need_id = s.id
                     OR l.leads_to = 'referral' AND n.state IN ('to-judge', 'exempt')))
         ORDER BY l.leads_to = 'meeting' DESC, s.guide, s.from_day, s.id LIMIT 1) s
     WHERE {{ whom }} AND {{ of_first_guide() }}
    UNION ALL
    -- TM-1: enrolment in a special education, for UU to assess.
    SELECT y.id, 'enrolment', NULL, g.guide, judging_unit(y.id), 'to-judge', false
      FROM young_person y
     CROSS JOIN LATERAL (SELECT max(g.guide) AS guide FROM transition_guide g WHERE months_old(y.birth_date, g.found_at_months) <= acting_today()) g
     WHERE {{ whom }} AND g.guide IS NOT NULL AND {{ of_first_guide() }} AND judging_unit(y.id) IS NOT NULL
       AND EXISTS (SELECT FROM education_and_work w
             JOIN special_education e ON e.kind = w.kind AND e.folded = fold_name(CASE w.kind WHEN 'education' THEN w.name ELSE w.place END)
            WHERE w.young_person_id = y.id AND w.held @> acting_today())
       AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
            AND (n.state IN ('to-judge', 'open', 'held') OR n.origin = 'enrolment' AND n.guide >= g.guide))
    UNION ALL
    -- TM-14: an aftercare ends within six months.
    SELECT y.id, 'aftercare-ends', s.id, NULL, s.writing_unit_id, 'open', false
      FROM young_person y
      JOIN support_need s ON s.young_person_id = y.id AND s.goes_on_after_18
      JOIN legal_basis l ON l.code = s.legal_basis_code AND l.aftercare
     CROSS JOIN LATERAL aftercare_ends_on(s.to_day, y.birth_date) ends (day)
     WHERE {{ whom }} AND ends.day > birthday(y.birth_date, 18) AND acting_today() BETWEEN (ends.day - interval '6 months')::date AND ends.day
       -- An aftercare that had ended when it was recorded is history.
       AND {{ day_of("s.recorded_at") }} <= ends.day
       -- Another aftercare continues it, or its end was found already.
       AND NOT EXISTS (SELECT FROM support_need o JOIN legal_basis k ON k.code = o.legal_basis_code AND k.aftercare
            WHERE o.young_person_id = y.id AND o.goes_on_after_18 AND daterange(o.from_day, o.to_day, '[]') @> ends.day + 1
              AND ends.day < birthday(y.birth_date, 23))
       AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
            AND (n.state IN ('to-judge', 'open') OR n.origin = 'aftercare-ends' AND n.raised_on >= (ends.day - interval '6 months')::date))
{%- endmacro %}

-- The needs of one young person that are to be found.
CREATE FUNCTION needs_to_find(person uuid) RETURNS TABLE (young_person_id uuid, origin text, support_need_id uuid, guide smallint,
    writing_unit_id uuid, state text, acute boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp SET jit = off AS $$
{{ needs_to_find_of("y.id = person") }}
$$;

-- The young people for whom something of the transition changes by time alone.
CREATE FUNCTION transitions_due() RETURNS TABLE (young_person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
    SELECT f.young_person_id FROM ({{ needs_to_find_of("true") }}) f
    UNION SELECT a.young_person_id FROM responsibility_agreement a WHERE a.passed_at IS NULL AND a.replaced_at IS NULL AND passes_at(a) IS NOT NULL
    ORDER BY 1
$$;
GRANT EXECUTE ON FUNCTION transitions_due() TO enplan_worker;

-- Records the needs that are to be found. Concurrent calls do it once, because the young person is locked. If UU was to
-- assess a need, the need of support has decided it.
CREATE FUNCTION find_transition_needs(person uuid) RETURNS TABLE (id uuid, origin text, state text, guide smallint, acute boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    f record;
BEGIN
    PERFORM FROM young_person y WHERE y.id = person FOR NO KEY UPDATE;
    FOR f IN SELECT * FROM needs_to_find(person) WHERE is_for_acting(person) ORDER BY origin = 'support-need' DESC, support_need_id LOOP
        RETURN QUERY UPDATE transition_need n SET state = 'open', guide = f.guide, acute = n.acute OR f.acute, version = n.version + 1
             WHERE n.young_person_id = person AND n.state = 'to-judge' AND f.origin = 'support-need'
            RETURNING n.id, n.origin, n.state, n.guide, n.acute;
        IF NOT FOUND THEN
            RETURN QUERY INSERT INTO transition_need AS n (id, young_person_id, writing_unit_id, origin, support_need_id, guide, acute, raised_on,
                    state, decided_on)
                VALUES (gen_random_uuid(), person, f.writing_unit_id, f.origin, f.support_need_id, f.guide, f.acute, acting_today(), f.state,
                        CASE f.state WHEN 'exempt' THEN acting_today() END)
                ON CONFLICT (young_person_id) WHERE state IN ('to-judge', 'open') DO NOTHING
                RETURNING n.id, n.origin, n.state, n.guide, n.acute;
        END IF;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION find_transition_needs(uuid) TO enplan_app, enplan_worker;

-- Locks the employee who is to coordinate next, because the case will be assigned to that employee (PL-17). This lock comes
-- before that of the young person (D-13).
CREATE FUNCTION lock_next_coordinator(person uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT lock_employees(array_agg(a.coordinator_id)) FROM responsibility_agreement a
     WHERE a.young_person_id = person AND a.passed_at IS NULL AND a.replaced_at IS NULL
$$;
GRANT EXECUTE ON FUNCTION lock_next_coordinator(uuid) TO enplan_app, enplan_worker;

-- Locks for the round of due jobs. Returns false if another transaction has the young person: they are left to the next
-- round.
CREATE FUNCTION lock_for_transition(person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_next_coordinator(person);
    PERFORM FROM young_person WHERE id = person FOR NO KEY UPDATE SKIP LOCKED;
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION lock_for_transition(uuid) TO enplan_worker;

-- TM-1: the unit of UU that assesses needs of the young person: the one that takes part in the plan, otherwise the one
-- that takes such signals.
CREATE FUNCTION judging_unit(person uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT g.unit_id FROM plan p CROSS JOIN LATERAL guidance_for(p.id) g WHERE p.young_person_id = person AND p.state <> 'closed'),
                    (SELECT u.id FROM unit u WHERE u.takes_absence_signals ORDER BY u.id LIMIT 1))
$$;
