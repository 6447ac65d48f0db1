{% from "access/macros.sql" import bases_of, basis_is_mine, may_see_in_view %}

-- TM-11: when the last transition meeting of a need was held, and when the planned one begins, unless it is over without
-- a recorded outcome.
CREATE FUNCTION meetings_of(of_need uuid) RETURNS TABLE (last_at timestamptz, next_at timestamptz) LANGUAGE sql STABLE
AS $$ SELECT max(m.starts_at) FILTER (WHERE m.state = 'held'), min(m.starts_at) FILTER (WHERE m.state = 'planned' AND m.ends_at > acting_now())
        FROM meeting m WHERE m.need_id = of_need AND m.kind = 'transition' $$;

-- A need that is visible to the caller, with what follows from it.
CREATE FUNCTION read_transition_need(of_need uuid)
RETURNS TABLE (id uuid, young_person_id uuid, writing_unit_id uuid, origin text, guide smallint, acute boolean, reason text, raised_on date,
               state text, decided_on date, decided_words text, committee_on date, committee_words text, due date, wants_committee boolean, exempts boolean,
               last_at timestamptz, next_at timestamptz, version bigint, stored_version bigint)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.id, n.young_person_id, n.writing_unit_id, n.origin, n.guide, n.acute, n.reason, n.raised_on, n.state, n.decided_on,
           n.decided_words, c.on_day, c.words, due_on(n), wants_committee(n) AND EXISTS (SELECT FROM support_need s JOIN legal_basis l ON l.code = s.legal_basis_code AND l.aftercare
                                      WHERE s.young_person_id = n.young_person_id AND {{ may_see_in_view("s", "a") }}),
           NOT is_met_about(n.young_person_id),
           -- The statement of the aftercare committee counts in the version only if the caller sees it.
           m.last_at, m.next_at, n.version + (c.id IS NOT NULL)::integer, n.version
      FROM transition_need n
      JOIN LATERAL {{ bases_of("n.young_person_id") }} a ON true
      -- The statement about aftercare is of family.
      LEFT JOIN transition_committee c ON c.need_id = n.id AND {{ may_see_in_view("c", "a") }}
     CROSS JOIN LATERAL meetings_of(n.id) m
     WHERE n.id = of_need AND {{ may_see_in_view("n", "a") }}
$$;
GRANT EXECUTE ON FUNCTION read_transition_need(uuid) TO enplan_app;

-- TM-11: the shared overview of the needs that are visible to the caller, the soonest due first: `lim` of them after the
-- day and the need of the last row of the previous page. A field that is hidden from the caller is not filtered on either
-- (AC-10).
CREATE FUNCTION list_transition_needs(of_person uuid, of_standing text, of_unit uuid, of_school text, of_month integer, of_breach boolean,
    due_from date, due_to date, after_due date, after_id uuid, lim integer)
RETURNS TABLE (id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, birth_date date, school text,
               origin text, guide smallint, acute boolean, state text, standing text, due_on date, raised_on date, unit_id uuid, unit_name text,
               last_meeting timestamptz, next_meeting timestamptz, receiving_unit_id uuid, receiving_unit_name text,
               coordinates_from date, accepted_at timestamptz, passed_at timestamptz, version bigint)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT n.id, n.young_person_id, a.basis_id, a.areas, who.given_name, who.family_name, who.birth_date, at_school.place, n.origin, n.guide,
           n.acute, n.state, standing.told, n.day, n.raised_on, n.writing_unit_id, u.name, m.last_at, m.next_at, g.receiving_unit_id, r.name,
           g.coordinates_from, g.accepted_at, g.passed_at,
           n.version + (SELECT count(*) FROM transition_committee c WHERE c.need_id = n.id AND {{ may_see_in_view("c", "a") }})
      -- In order first, by columns that cost nothing. What is visible of them, and the rest, is read only for the first
      -- ones.
      FROM (SELECT n.*, due.day
              FROM (SELECT DISTINCT b.young_person_id AS id FROM access_basis b
                     WHERE {{ basis_is_mine("b") }} AND (of_person IS NULL OR b.young_person_id = of_person)) mine
              JOIN transition_need n ON n.young_person_id = mine.id
              JOIN young_person y ON y.id = n.young_person_id
             CROSS JOIN LATERAL (SELECT CASE WHEN n.guide IS NOT NULL THEN birthday(y.birth_date, n.guide)
                    ELSE (SELECT aftercare_ends_on(s.to_day, y.birth_date) FROM support_need s WHERE s.id = n.support_need_id) END AS day) due
             WHERE (due.day, n.id) > (after_due, after_id)
               AND (of_standing IS NULL OR CASE WHEN of_standing IN ('overdue', 'to-judge', 'to-book', 'booked')
                    THEN n.state IN ('open', 'to-judge') AND (due.day < acting_today()) = (of_standing = 'overdue') ELSE n.state = of_standing END)
               AND (due_from IS NULL OR due.day >= due_from) AND (due_to IS NULL OR due.day <= due_to)
               AND (of_month IS NULL OR extract(month FROM y.birth_date) = of_month)
               AND (of_unit IS NULL OR n.writing_unit_id = of_unit OR n.id IN (SELECT g.need_id FROM responsibility_agreement g
                    WHERE g.receiving_unit_id = of_unit AND g.replaced_at IS NULL))
               AND (of_school IS NULL OR n.young_person_id IN (SELECT w.young_person_id FROM education_and_work w
                    WHERE fold_name(w.place) = fold_name(of_school)))
               AND (NOT of_breach OR n.id IN (SELECT g.need_id FROM responsibility_agreement g
                    WHERE g.accepted_at IS NULL AND g.replaced_at IS NULL AND g.coordinates_from <= acting_today()))
             ORDER BY due.day, n.id OFFSET 0) n
      JOIN LATERAL {{ bases_of("n.young_person_id") }} a ON true
      JOIN young_person y ON y.id = n.young_person_id
      JOIN unit u ON u.id = n.writing_unit_id
      LEFT JOIN LATERAL (SELECT y.* WHERE {{ may_see_in_view("y", "a") }}) who ON true
      LEFT JOIN LATERAL (SELECT w.place FROM education_and_work w
            WHERE w.young_person_id = y.id AND w.kind IN ('school', 'education') AND w.held @> acting_today() AND {{ may_see_in_view("w", "a") }}
            ORDER BY w.first_day DESC, w.id LIMIT 1) at_school ON true
      LEFT JOIN LATERAL (SELECT g.* FROM responsibility_agreement g WHERE g.need_id = n.id AND g.replaced_at IS NULL AND {{ may_see_in_view("g", "a") }}
            ORDER BY g.agreed_at DESC, g.id DESC LIMIT 1) g ON true
      LEFT JOIN unit r ON r.id = g.receiving_unit_id
     CROSS JOIN LATERAL meetings_of(n.id) m
     CROSS JOIN LATERAL (SELECT CASE WHEN n.state NOT IN ('open', 'to-judge') THEN n.state WHEN n.day < acting_today() THEN 'overdue'
                WHEN n.state = 'to-judge' THEN n.state WHEN m.next_at IS NOT NULL THEN 'booked' ELSE 'to-book' END AS told) standing
     WHERE {{ may_see_in_view("n", "a") }}
       AND (of_standing IS NULL OR standing.told = of_standing)
       AND (of_unit IS NULL OR of_unit IN (n.writing_unit_id, g.receiving_unit_id))
       AND (of_school IS NULL OR fold_name(at_school.place) = fold_name(of_school))
       AND (of_month IS NULL OR extract(month FROM who.birth_date) = of_month)
       AND (NOT of_breach OR g.id IS NOT NULL AND g.accepted_at IS NULL AND g.coordinates_from <= acting_today())
     ORDER BY n.day, n.id LIMIT lim;
END $$;
GRANT EXECUTE
    ON FUNCTION list_transition_needs(uuid, text, uuid, text, integer, boolean, date, date, date, uuid, integer) TO enplan_app;

-- TM-11: the demand in each of the coming windows, from the needs that are visible to the caller and for which nothing is
-- booked, and the slots that exist. A need is due in the last window that ends by its day, or in the first one if it is
-- late.
CREATE FUNCTION window_demand()
RETURNS TABLE (window_id uuid, first_day date, last_day date, due integer, slots integer, free integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
    WITH coming AS (
        SELECT w.id, w.first_day, w.last_day FROM meeting_window w WHERE w.last_day >= acting_today() AND w.withdrawn_at IS NULL
    ), wanted AS (
        SELECT coalesce((SELECT w.id FROM coming w WHERE w.last_day <= due.day ORDER BY w.last_day DESC LIMIT 1),
                        (SELECT w.id FROM coming w ORDER BY w.last_day LIMIT 1)) AS window_id
          FROM (SELECT DISTINCT b.young_person_id AS id FROM access_basis b WHERE {{ basis_is_mine("b") }}) mine
          JOIN transition_need n ON n.young_person_id = mine.id AND n.state = 'open'
          JOIN young_person y ON y.id = n.young_person_id
         CROSS JOIN LATERAL (SELECT CASE WHEN n.guide IS NOT NULL THEN birthday(y.birth_date, n.guide)
                ELSE (SELECT aftercare_ends_on(s.to_day, y.birth_date) FROM support_need s WHERE s.id = n.support_need_id) END AS day) due
          JOIN LATERAL {{ bases_of("n.young_person_id") }} a ON true
         WHERE {{ may_see_in_view("n", "a") }} AND NOT EXISTS (SELECT FROM meeting m WHERE m.need_id = n.id AND m.kind = 'transition' AND m.state = 'planned'
                                       AND m.ends_at > acting_now())
    )
    SELECT w.id, w.first_day, w.last_day, (SELECT count(*) FROM wanted d WHERE d.window_id = w.id)::integer,
           count(s.id)::integer,
           count(s.id) FILTER (WHERE s.starts_at > acting_now()
               AND NOT EXISTS (SELECT FROM meeting m WHERE m.room_id = s.room_id AND m.busy && tstzrange(s.starts_at, s.ends_at)))::integer
      FROM coming w LEFT JOIN meeting_slot s ON s.window_id = w.id AND s.withdrawn_at IS NULL
     GROUP BY w.id, w.first_day, w.last_day ORDER BY w.first_day
$$;
GRANT EXECUTE ON FUNCTION window_demand() TO enplan_app;
