{% from "access/macros.sql" import bases_of, is_valid, may_see_in_view, reads_fact %}

-- A contact as its readers see it, with the access basis by which they see the young person. A reader without one sees
-- the contact but not to whom it is linked. Only the unit on whose list a concern is sees who notified of it, also the
-- kind of hotline caller and the institution.
CREATE VIEW hotline_file WITH (security_barrier) AS
SELECT c.id, c.young_person_id, a.basis_id, a.areas, c.information_area, c.writing_unit_id, u.name AS writing_unit_name,
       CASE WHEN own.list OR c.concern IS NULL THEN c.caller_kind END AS caller_kind, i.id AS institution_id, i.name AS institution_name, c.channel, c.topic, c.urgency, c.summary, c.called_at, c.logged_at,
       c.logged_by_id, l.given_name || ' ' || l.family_name AS logged_by, c.only_information, c.plan_not_followed, c.earlier_contact_id,
       c.shown_to, c.concern, c.assess_by, c.assessed_at, c.receipt_by, c.receipted_at, c.due_at, c.state, c.owner_id,
       o.given_name || ' ' || o.family_name AS owner_name, c.taken_at, c.answered_at, c.closed_at, c.version,
       array_remove(ARRAY[CASE WHEN c.state IN ('open', 'taken') AND c.due_at < acting_now() THEN 'answer' END,
                          CASE WHEN c.assessed_at IS NULL AND c.assess_by < acting_now() THEN 'assess' END,
                          CASE WHEN c.receipted_at IS NULL AND c.receipt_by < acting_today() THEN 'receipt' END], NULL) AS past_due,
       (SELECT coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind, 'text', e.text, 'reason', e.reason,
               'entered_by_id', e.entered_by_id, 'entered_by', w.given_name || ' ' || w.family_name,
               'entered_at', e.entered_at) ORDER BY e.entered_at, e.id), '[]')
          FROM hotline_entry e JOIN employee w ON w.id = e.entered_by_id WHERE e.contact_id = c.id) AS entries
  FROM hotline_contact c
 CROSS JOIN LATERAL (SELECT c.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) AS list) own
  LEFT JOIN LATERAL {{ bases_of("c.young_person_id") }} a ON true
  JOIN unit u ON u.id = c.writing_unit_id
  LEFT JOIN unit i ON i.id = c.institution_id AND (own.list OR c.concern IS NULL)
  JOIN employee l ON l.id = c.logged_by_id
  LEFT JOIN employee o ON o.id = c.owner_id
 WHERE c.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) OR ({{ may_see_in_view("c", "a") }} AND {{ reads_fact("'contact'", "c.young_person_id") }});
GRANT SELECT ON hotline_file TO enplan_app;

-- HL-5: within an unfinished contact of the hotline, the young person who has the number, for the access log; and if
-- there is an open plan, how to reach the coordinating caseworker and the contact person. An employee who can no longer
-- sign in is not named. For the coordinating caseworker, the unit with the case in its intake queue is returned instead.
-- Nothing else of the case is returned. Once the contact was to be linked, only the same number has a card: otherwise a
-- second number would reveal whether the first one is registered.
CREATE FUNCTION hotline_card(of_contact uuid, number bytea)
RETURNS TABLE (young_person_id uuid, has_plan boolean, role text, name text, username text, unit text, telephone text, organisation text)
LANGUAGE sql STABLE ROWS 2 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.young_person_id, p.id IS NOT NULL, r.kind, coalesce(e.given_name || ' ' || e.family_name, r.outside_name), e.username,
           coalesce((SELECT u.name FROM employee_role h JOIN unit u ON u.id = h.unit_id
             WHERE h.employee_id = e.id AND {{ is_valid("h") }} ORDER BY h.valid_from, h.id LIMIT 1),
               CASE WHEN r.kind = 'coordinator' AND e.id IS NULL THEN (SELECT u.name FROM unit u WHERE u.id = coalesce(
                   (SELECT a.unit_id FROM assignment a WHERE a.young_person_id = p.young_person_id AND a.employee_id = r.employee_id
                       AND a.ended_at IS NULL ORDER BY a.began_at, a.id LIMIT 1), p.writing_unit_id)) END),
           coalesce(e.telephone, r.outside_telephone), r.outside_organisation
      FROM hotline_contact c
      JOIN hotline_duty d ON d.duty = 'contacts' AND d.unit_id = c.writing_unit_id
      JOIN person_identifier n ON n.digest = number AND NOT n.contested
      LEFT JOIN plan p ON p.young_person_id = n.young_person_id AND p.state <> 'closed'
      LEFT JOIN LATERAL (SELECT DISTINCT ON (r.kind) r.* FROM plan_role r
            WHERE r.plan_id = p.id AND r.from_at <= acting_now() ORDER BY r.kind, r.from_at DESC) r ON r.declined_reason IS NULL
      LEFT JOIN employee e ON e.id = r.employee_id AND e.deactivated_at IS NULL
     WHERE c.id = of_contact AND c.state IN ('open', 'taken') AND c.writing_unit_id = ANY (acting_holders())
       AND (NOT c.tie_asked OR c.young_person_id = n.young_person_id OR c.tie_number = number)
$$;
GRANT EXECUTE ON FUNCTION hotline_card(uuid, bytea) TO enplan_app;
