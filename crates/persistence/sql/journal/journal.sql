{% from "access/macros.sql" import bases_of, may_see, may_see_in_view, reads_fact %}

-- PL-13: an entry with its corrections in order. A correction has the area and the writing unit of its entry, so it needs
-- no check of its own.
CREATE VIEW journal_file WITH (security_barrier) AS
SELECT e.id, e.kind, e.young_person_id, a.basis_id, e.information_area, e.writing_unit_id, u.name AS writing_unit_name,
       e.took_place_at, e.form, e.minutes, e.took_part, e.young_person_took_part, e.text,
       e.entered_by_id, w.given_name || ' ' || w.family_name AS entered_by, e.entered_at,
       (SELECT coalesce(json_agg(json_build_object('id', c.id, 'text', c.text, 'reason', c.reason,
               'entered_by_id', c.entered_by_id, 'entered_by', k.given_name || ' ' || k.family_name,
               'entered_at', c.entered_at) ORDER BY c.entered_at, c.id), '[]')
          FROM journal_correction c JOIN employee k ON k.id = c.entered_by_id WHERE c.entry_id = e.id) AS corrections
  FROM journal_entry e
  JOIN LATERAL {{ bases_of("e.young_person_id") }} a ON true
  JOIN unit u ON u.id = e.writing_unit_id
  JOIN employee w ON w.id = e.entered_by_id
 WHERE {{ may_see_in_view("e", "a") }} AND {{ reads_fact("'journal'", "e.young_person_id") }};
GRANT SELECT ON journal_file TO enplan_app;

-- Time spent on conversations that one of the caller's units recorded, and how much of it face to face, by month in
-- Denmark. Letters take no time and do not count. A month is shown if the caller sees each of its conversations anyway,
-- or if 5 or more of them (AC-8, chosen) are hidden: the difference to what is visible is then never a smaller number.
CREATE FUNCTION face_to_face(asked_unit uuid, first_month date, last_month date)
RETURNS TABLE (month date, conversations integer, minutes integer, minutes_face_to_face integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.month::date, CASE WHEN n.told THEN n.conversations END, CASE WHEN n.told THEN n.minutes END,
           CASE WHEN n.told THEN n.minutes_face_to_face END
      FROM generate_series(first_month::timestamp, last_month::timestamp, '1 month') m (month)
     CROSS JOIN LATERAL (
            SELECT count(*)::integer AS conversations, coalesce(sum(e.minutes), 0)::integer AS minutes,
                   coalesce(sum(e.minutes) FILTER (WHERE e.form = 'face-to-face'), 0)::integer AS minutes_face_to_face,
                   count(*) FILTER (WHERE NOT {{ may_see("e") }}) NOT BETWEEN 1 AND 4 AS told
              FROM journal_entry e
             WHERE e.writing_unit_id = asked_unit AND e.kind = 'conversation' AND e.form <> 'letter'
               AND e.took_place_at >= m.month AT TIME ZONE 'Europe/Copenhagen'
               AND e.took_place_at < (m.month + interval '1 month') AT TIME ZONE 'Europe/Copenhagen') n
     WHERE asked_unit = ANY (acting_holders())
     ORDER BY 1
$$;
GRANT EXECUTE ON FUNCTION face_to_face(uuid, date, date) TO enplan_app;
