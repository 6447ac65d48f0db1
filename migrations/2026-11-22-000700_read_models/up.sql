-- Read models: views of the owner that carry the one predicate and ask for the caller's bases once per
-- young person instead of once per table, and the two functions behind list and search, which begin
-- with what the caller may see. Each gives the basis id beside the row, for the access log.

-- The columns of a goal `g` with the latest score of each voice, told until `moment`, that `a` may see
-- (PL-4); of the index alone.
CREATE FUNCTION goal_columns(moment text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('g.id, g.plan_id, g.young_person_id, g.area, g.wished_result, g.target_date, g.result, g.set_at, g.version,
       (SELECT v.score FROM goal_progress v WHERE v.goal_id = g.id AND v.voice = ''young-person'' AND v.on_day <= %2$s AND v.entered_at <= %3$s AND %1$s
         ORDER BY v.on_day DESC LIMIT 1) AS young_person_score,
       (SELECT v.score FROM goal_progress v WHERE v.goal_id = g.id AND v.voice = ''professional'' AND v.on_day <= %2$s AND v.entered_at <= %3$s AND %1$s
         ORDER BY v.on_day DESC LIMIT 1) AS professional_score', may_see_in_view('v', 'a'), day_of(moment), moment);

-- Interventions as they were at a moment: from the table, or from its history (PL-11).
CREATE FUNCTION intervention_file_of(interventions text, moment text, in_line text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format($view$
SELECT i.id, i.plan_id, i.young_person_id, a.basis_id, i.information_area, i.catalogue_code, i.title, i.area,
       i.providing_unit_id, u.code AS providing_unit_code, u.name AS providing_unit_name, i.state,
       i.planned_start, i.planned_end, i.responsible_id, e.given_name || ' ' || e.family_name AS responsible_name,
       i.reason, i.referred_at, i.offered_at, i.offer_expires_on, i.started_on, i.ended_on, i.end_reason,
       i.declined_by, i.declined_on, i.decline_reason, i.answer_by, i.accepted_on, i.acceptance_reason,
       i.priority, i.priority_reason, i.note, i.carried_on_by_id, i.version, %6$s AS place_in_line,
       (SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT x.planned_end, x.reason, x.extended_on FROM intervention_extension x
             WHERE x.intervention_id = i.id AND x.extended_on <= %7$s AND %2$s ORDER BY x.planned_end) x) AS extensions,
       json_build_object(
           'company', (SELECT json_build_object('cvr', c.cvr, 'name', c.name, 'supervisor_name', c.supervisor_name,
               'supervisor_telephone', c.supervisor_telephone) FROM intervention_company c WHERE c.intervention_id = i.id AND c.told_at <= %8$s
                ORDER BY c.told_no DESC LIMIT 1),
           'hours', (SELECT coalesce(json_agg(h ORDER BY h.from_day), '[]') FROM (
               SELECT DISTINCT ON (h.from_day) h.from_day, h.weekly_minutes, h.form FROM intervention_hours h
                WHERE h.intervention_id = i.id AND h.told_at <= %8$s ORDER BY h.from_day, h.told_no DESC) h),
           'sessions', (SELECT coalesce(json_agg(s ORDER BY s.weekday, s.from_minute), '[]') FROM %4$s s)) AS course
  FROM %5$s i
  JOIN LATERAL %1$s a ON true
  JOIN unit u ON u.id = i.providing_unit_id
  JOIN employee e ON e.id = i.responsible_id
 WHERE %3$s $view$, bases_of('i.young_person_id'), may_see_in_view('x', 'a', 'x.providing_unit_id'),
        may_see_in_view('i', 'a', 'i.providing_unit_id'), sessions_of('i', moment), interventions, in_line, day_of(moment), moment);

-- Plans with all that hangs on them as they were at a moment, from the tables or from their history (PL-11).
CREATE FUNCTION plan_file_of(plans text, goals text, moment text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format($view$
SELECT p.id, p.young_person_id, a.basis_id, p.information_area, p.state, p.purpose, p.own_words, p.own_words_absent,
       p.previous_plan_id, p.opened_at, p.activated_at, p.next_review_on, p.closed_at, p.outcome, p.outcome_note, p.version,
       (SELECT max(h.on_day) FROM plan_review h WHERE h.plan_id = p.id AND h.entered_at <= %12$s AND %9$s) AS last_review_on,
       (SELECT c.department FROM (SELECT * FROM coordination c
         WHERE c.young_person_id = p.young_person_id AND c.from_at <= %12$s
         ORDER BY c.from_at DESC LIMIT 1) c WHERE %7$s) AS coordinating_department,
       (SELECT coalesce(json_agg(r), '[]') FROM (
            SELECT r.kind, r.from_at, r.employee_id, e.given_name || ' ' || e.family_name AS employee_name,
                   r.outside_name, r.outside_telephone, r.outside_organisation, r.declined_reason
              FROM (SELECT DISTINCT ON (r.kind) r.* FROM plan_role r
                     WHERE r.plan_id = p.id AND r.from_at <= %12$s
                     ORDER BY r.kind, r.from_at DESC) r
              LEFT JOIN employee e ON e.id = r.employee_id
             WHERE %3$s ORDER BY r.kind) r) AS roles,
       (SELECT coalesce(json_agg(g), '[]') FROM (
            SELECT %8$s
              FROM %11$s g WHERE g.plan_id = p.id AND %4$s ORDER BY g.set_at, g.id) g) AS goals,
       (SELECT coalesce(json_agg(m), '[]') FROM (
            SELECT m.id, m.unit_id, u.code AS unit_code, u.name AS unit_name, m.employee_id,
                   e.given_name || ' ' || e.family_name AS employee_name, m.joined_at, m.left_at
              FROM plan_participant m JOIN unit u ON u.id = m.unit_id JOIN employee e ON e.id = m.employee_id
             WHERE m.plan_id = p.id AND m.joined_at <= %12$s AND (m.left_at IS NULL OR m.left_at > %12$s) AND %5$s
             ORDER BY m.joined_at, m.id) m) AS participants,
       (SELECT coalesce(json_agg(l), '[]') FROM (
            SELECT l.id, l.writing_unit_id AS unit_id, u.name AS unit_name, l.kind, l.title, l.reference, l.linked_at
              FROM plan_link l JOIN unit u ON u.id = l.writing_unit_id
             WHERE l.plan_id = p.id AND l.linked_at <= %12$s AND %6$s ORDER BY l.linked_at, l.id) l) AS links
  FROM %10$s p
  JOIN LATERAL %1$s a ON true
 WHERE %2$s $view$, bases_of('p.young_person_id'),
        may_see_in_view('p', 'a'), may_see_in_view('r', 'a'),
        may_see_in_view('g', 'a'), may_see_in_view('m', 'a'),
        may_see_in_view('l', 'a'), may_see_in_view('c', 'a'),
        goal_columns(moment), may_see_in_view('h', 'a'), plans, goals, moment);

-- The assignment `s` to the employee `e` is on nobody's hands: they cannot sign in, or hold that post no more (CL-9).
CREATE FUNCTION on_nobodys_hands(s text, e text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(%2$s.deactivated_at IS NOT NULL OR NOT EXISTS (SELECT FROM employee_role held
        WHERE held.employee_id = %1$s.employee_id AND held.unit_id = %1$s.unit_id AND held.role = %1$s.counts_as
          AND held.valid_from <= acting_now() AND held.valid_to > acting_now()))', s, e);

-- How many cases those present in a unit have room for on each of these days, in each function that has a norm then:
-- where nobody is there, none.
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

DO $do$
DECLARE
    present text := '(SELECT acting_now())';
BEGIN
    EXECUTE 'CREATE VIEW intervention_file WITH (security_barrier) AS ' || intervention_file_of('intervention', present,
        'CASE i.state WHEN ''waiting'' THEN (SELECT count(*) FROM intervention w
           WHERE w.catalogue_code = i.catalogue_code AND w.state = ''waiting''
             AND (-w.priority, w.ticket) <= (-i.priority, i.ticket)) END');
    EXECUTE format('CREATE VIEW goal_file WITH (security_barrier) AS SELECT %s FROM goal g JOIN LATERAL %s a ON true WHERE %s',
        goal_columns(present), bases_of('g.young_person_id'), may_see_in_view('g', 'a'));
    EXECUTE 'CREATE VIEW plan_file WITH (security_barrier) AS ' || plan_file_of('plan', 'goal', present);

    -- PL-11. The caller's bases are those of now; the place in line is not kept.
    EXECUTE format('CREATE FUNCTION plan_file_at(of_plan uuid, moment timestamptz) RETURNS SETOF plan_file
        LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $body$ %s $body$', plan_file_of(
        '(SELECT * FROM plan_history k WHERE k.id = of_plan AND k.since <= moment ORDER BY k.history_no DESC LIMIT 1)',
        '(SELECT DISTINCT ON (k.id) k.* FROM goal_history k WHERE k.plan_id = of_plan AND k.since <= moment
           ORDER BY k.id, k.history_no DESC)', 'moment'));
    EXECUTE format('CREATE FUNCTION intervention_files_at(of_plan uuid, moment timestamptz) RETURNS SETOF intervention_file
        LANGUAGE sql STABLE ROWS 5 SECURITY DEFINER SET search_path = public, pg_temp AS $body$ %s ORDER BY i.referred_at, i.id $body$',
        intervention_file_of('(SELECT DISTINCT ON (k.id) k.* FROM intervention_history k WHERE k.plan_id = of_plan AND k.since <= moment
           ORDER BY k.id, k.history_no DESC)', 'moment', 'NULL::bigint'));

    EXECUTE format($view$
CREATE VIEW case_file WITH (security_barrier) AS
SELECT y.id, a.basis_id, a.areas, y.given_name, y.family_name, y.birth_date, y.registered_at, y.version,
       (SELECT n.kind FROM person_identifier n WHERE n.young_person_id = y.id AND n.valid_to IS NULL AND %4$s) AS identifier_kind,
       (SELECT row_to_json(p) FROM (SELECT * FROM plan_file f WHERE f.young_person_id = y.id
         ORDER BY f.state = 'closed', f.opened_at DESC LIMIT 1) p) AS plan,
       (SELECT coalesce(json_agg(i), '[]') FROM (SELECT * FROM intervention_file f WHERE f.young_person_id = y.id
         ORDER BY f.referred_at, f.id) i) AS interventions,
       (SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT t.id, t.kind, t.subject_id, t.employee_id, t.due_on FROM task t
             WHERE t.young_person_id = y.id AND t.done_at IS NULL AND %2$s ORDER BY t.due_on, t.id) t) AS tasks,
       (SELECT coalesce(json_agg(s), '[]') FROM (
            SELECT s.id, s.function, s.employee_id, e.given_name || ' ' || e.family_name AS employee_name, s.unit_id,
                   u.name AS unit_name, s.began_at
              FROM assignment s JOIN employee e ON e.id = s.employee_id JOIN unit u ON u.id = s.unit_id
             WHERE s.young_person_id = y.id AND s.ended_at IS NULL AND %13$s ORDER BY s.began_at, s.id) s) AS assignments,
       CASE WHEN a.areas & 2 <> 0 THEN (SELECT coalesce(bit_or(h.information_area), 0) FROM (
            SELECT i.information_area FROM intervention i WHERE i.young_person_id = y.id AND NOT %3$s
            UNION ALL SELECT e.information_area FROM benefit_episode e WHERE e.young_person_id = y.id AND NOT %7$s
            UNION ALL SELECT r.information_area FROM readiness r WHERE r.young_person_id = y.id AND NOT %8$s
            UNION ALL SELECT w.information_area FROM education_and_work w WHERE w.young_person_id = y.id AND NOT %9$s
            UNION ALL SELECT s.information_area FROM sanction s WHERE s.young_person_id = y.id AND NOT %10$s
            UNION ALL SELECT m.information_area FROM residence m WHERE m.young_person_id = y.id AND NOT %11$s
            UNION ALL SELECT g.information_area FROM guardian g WHERE g.young_person_id = y.id AND NOT %12$s) h)
            ELSE 0 END AS hidden_areas,
       CASE WHEN a.wide & 4 <> 0 THEN %6$s END AS target_group
  FROM young_person y
  JOIN LATERAL %1$s a ON true
 WHERE %5$s $view$, bases_of('y.id'),
        may_see_in_view('t', 'a') || ' AND ' || reads_task('t'), may_see_in_view('i', 'a', 'i.providing_unit_id'),
        may_see_in_view('n', 'a'), may_see_in_view('y', 'a'),
        target_group_of('y.id', 'y.birth_date', '(SELECT acting_today())'),
        may_see_in_view('e', 'a'), may_see_in_view('r', 'a'), may_see_in_view('w', 'a'), may_see_in_view('s', 'a'),
        may_see_in_view('m', 'a'), may_see_in_view('g', 'a'), may_see_in_view('s', 'a'));

    -- Assignments with what whoever takes one over needs to know first (CL-8), of what the caller sees.
    EXECUTE format($view$
CREATE VIEW assignment_file WITH (security_barrier) AS
SELECT s.id, s.young_person_id, a.basis_id, a.areas, y.given_name, y.family_name, s.unit_id, u.name AS unit_name, s.employee_id,
       e.given_name || ' ' || e.family_name AS employee_name, s.function, s.began_at, s.planned_end, s.note,
       CASE WHEN s.unit_id = ANY (a.holders) THEN s.exception_reason END AS exception_reason,
       CASE WHEN s.unit_id = ANY (a.holders) THEN s.exception_until END AS exception_until, s.ended_at, s.end_reason, s.version,
       s.ended_at IS NULL AND %8$s AS in_intake,
       (SELECT count(*) FILTER (WHERE g.before <> g.employee_id) FROM (
            SELECT c.employee_id, lag(c.employee_id) OVER (ORDER BY c.began_at, c.id) AS before FROM assignment c
             WHERE c.young_person_id = s.young_person_id AND c.function = s.function AND %2$s) g) AS changes,
       (SELECT min(t.due_on) FROM task t WHERE t.young_person_id = s.young_person_id AND t.done_at IS NULL AND %4$s) AS next_task_due,
       (SELECT count(*) FROM task t WHERE t.young_person_id = s.young_person_id AND t.done_at IS NULL
           AND t.due_on < acting_today() AND %4$s) AS overdue_tasks,
       (SELECT p.next_review_on FROM plan p WHERE p.young_person_id = s.young_person_id AND p.state = 'active' AND %5$s) AS next_review_on,
       (SELECT count(*) FROM intervention i WHERE i.young_person_id = s.young_person_id AND i.state = 'started' AND %6$s) AS started_interventions,
       (SELECT max(j.took_place_at) FROM journal_entry j WHERE j.young_person_id = s.young_person_id
           AND j.kind = 'conversation' AND %7$s) AS last_conversation_at
  FROM assignment s
  JOIN LATERAL %1$s a ON true
  JOIN unit u ON u.id = s.unit_id
  JOIN employee e ON e.id = s.employee_id
  LEFT JOIN young_person y ON y.id = s.young_person_id AND %9$s
 WHERE %3$s $view$, bases_of('s.young_person_id'), may_see_in_view('c', 'a'), may_see_in_view('s', 'a'), may_see_in_view('t', 'a') || ' AND ' || reads_task('t'),
        may_see_in_view('p', 'a'), may_see_in_view('i', 'a', 'i.providing_unit_id'), may_see_in_view('j', 'a') || ' AND ' || reads_fact('''journal''', 'j.young_person_id'),
        on_nobodys_hands('s', 'e'), may_see_in_view('y', 'a'));

    -- CL-11: a unit's intake queue, oldest first, `lim` rows after the time and the id of the last row of the previous page: the
    -- young people who wait or are expected, the cases of employees who no longer hold their position (CL-9), and the drafts
    -- without a coordinator (PL-17).
    EXECUTE format($function$
CREATE FUNCTION intake_of(of_unit uuid, after_since timestamptz, after_id uuid, lim integer)
RETURNS TABLE (id uuid, kind text, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, function text,
               since timestamptz, from_day date, reason text, employee_id uuid, employee_name text, next_task_due date,
               overdue_tasks bigint, version bigint)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.id, l.kind, l.young_person_id, a.basis_id, a.areas, y.given_name, y.family_name, l.function, l.since, l.from_day,
           l.reason, l.employee_id, l.employee_name,
           (SELECT min(t.due_on) FROM task t WHERE t.young_person_id = l.young_person_id AND t.done_at IS NULL AND %3$s),
           (SELECT count(*) FROM task t WHERE t.young_person_id = l.young_person_id AND t.done_at IS NULL
               AND t.due_on < acting_today() AND %3$s),
           l.version
      FROM (
        SELECT n.id, 'entry' AS kind, n.young_person_id, n.function::text, n.entered_at AS since, n.from_day, n.reason,
               NULL::uuid AS employee_id, NULL::text AS employee_name, n.version, n.information_area, n.writing_unit_id
          FROM intake_entry n WHERE n.unit_id = of_unit AND n.left_at IS NULL
        UNION ALL
        SELECT s.id, 'assignment', s.young_person_id, s.function, greatest(s.began_at, least(e.deactivated_at,
               (SELECT max(r.valid_to) FROM employee_role r WHERE r.employee_id = s.employee_id AND r.unit_id = s.unit_id
                   AND r.role = s.counts_as))), NULL, NULL, s.employee_id, e.given_name || ' ' || e.family_name, s.version,
               s.information_area, s.writing_unit_id
          FROM assignment s JOIN employee e ON e.id = s.employee_id
         WHERE s.unit_id = of_unit AND s.ended_at IS NULL AND %4$s
        UNION ALL
        -- PL-17: a draft whose coordinator, if there is one, does not have the case.
        SELECT p.id, 'plan', p.young_person_id, NULL, p.opened_at, NULL, NULL, e.id, e.given_name || ' ' || e.family_name, p.version,
               p.information_area, p.writing_unit_id
          FROM plan p LEFT JOIN employee e ON e.id = coordinator_of(p.id)
         WHERE p.writing_unit_id = of_unit AND p.state = 'draft'
           AND NOT EXISTS (SELECT FROM assignment s WHERE s.young_person_id = p.young_person_id AND s.employee_id = e.id AND s.ended_at IS NULL)) l
      JOIN LATERAL %1$s a ON true
      -- One after the other: of a few in a list the planner else reads all there are.
      LEFT JOIN LATERAL (SELECT y.given_name, y.family_name FROM young_person y WHERE y.id = l.young_person_id AND %5$s LIMIT 1) y ON true
     WHERE of_unit = ANY (acting_holders()) AND (l.since, l.id) > (after_since, after_id) AND %2$s
     ORDER BY l.since, l.id LIMIT lim;
END $body$ $function$, bases_of('l.young_person_id'), may_see_in_view('l', 'a'), may_see_in_view('t', 'a') || ' AND ' || reads_task('t'),
        on_nobodys_hands('s', 'e'), may_see_in_view('y', 'a'));

    -- CL-6: what is to happen to the young people of a unit that the caller is of, from a day to a day: who turns
    -- 15, 17, 18 and 30; who comes into its intake, or goes into another's; whose assignment ends as planned. Whoever has a
    -- young person in two functions of one post has one case, and leaves with the later of them.
    EXECUTE format($function$
CREATE FUNCTION forecast_of(of_unit uuid, first date, last date)
RETURNS TABLE (on_day date, what text, function text, young_person_id uuid, basis_id uuid)
LANGUAGE sql STABLE ROWS 1000 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    WITH own AS MATERIALIZED (
        SELECT DISTINCT ON (b.young_person_id) b.young_person_id, b.id AS basis_id FROM access_basis b
         WHERE b.holder_id = of_unit AND %1$s AND b.kind <> 'provision' AND b.areas & 3 = 3 AND b.giver_id IS NULL
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
$body$ $function$, basis_is_mine('b'));

    -- Newest registered first, `lim` of them after `before`; of one of the caller's units, or of all; of
    -- one target group, as far as the caller may see it, or of any.
    -- Each holder's index is walked only as far as the page reaches, however many there are beyond.
    EXECUTE format($function$
CREATE FUNCTION list_young_people(before uuid, of_unit uuid, of_group integer, lim integer)
RETURNS TABLE (id uuid, basis_id uuid, areas integer, given_name text, family_name text, birth_date date, plan_id uuid,
               plan_state text, coordinating_department text, started_interventions bigint, target_group integer)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
    RETURN QUERY
    SELECT y.id, a.basis_id, a.areas, y.given_name, y.family_name, y.birth_date, p.id, p.state, c.department,
           CASE WHEN a.areas & 2 <> 0 THEN (SELECT count(*) FROM intervention i
               WHERE i.young_person_id = y.id AND i.state = 'started' AND %2$s) END,
           CASE WHEN a.wide & 4 <> 0 THEN %7$s END
      FROM (SELECT DISTINCT m.young_person_id
              FROM unnest(acting_holders()) h
             CROSS JOIN LATERAL (SELECT DISTINCT b.young_person_id FROM access_basis b
                  WHERE b.holder_id = h AND (of_unit IS NULL OR h = of_unit) AND b.young_person_id < before AND %3$s AND %6$s
                    AND (of_group IS NULL OR of_group = (SELECT %8$s FROM young_person o WHERE o.id = b.young_person_id AND %9$s))
                  ORDER BY b.young_person_id DESC LIMIT lim) m
             ORDER BY m.young_person_id DESC LIMIT lim) page
      JOIN young_person y ON y.id = page.young_person_id
      JOIN LATERAL %1$s a ON true
      LEFT JOIN LATERAL (SELECT p.id, p.state FROM plan p WHERE p.young_person_id = y.id AND %4$s
                          ORDER BY p.state = 'closed', p.opened_at DESC LIMIT 1) p ON true
      LEFT JOIN LATERAL (SELECT c.* FROM coordination c
                          WHERE c.young_person_id = y.id AND c.from_at <= acting_now()
                          ORDER BY c.from_at DESC LIMIT 1) c ON %5$s
     ORDER BY y.id DESC;
END $body$ $function$, bases_of('y.id'), may_see_in_view('i', 'a', 'i.providing_unit_id'), basis_is_mine('b'),
        may_see_in_view('p', 'a'), may_see_in_view('c', 'a'), opens_identity('b'),
        target_group_of('y.id', 'y.birth_date', 'acting_today()'),
        target_group_of('o.id', 'o.birth_date', 'acting_today()'), opens_target_group('o.id'));

    -- The only way to search names: what the caller may see first, names compared there, ranked last.
    -- With a wide view (more than 20,000) the name index first and the predicate after is quicker.
    EXECUTE format($function$
CREATE FUNCTION search_young_people(words text, lim integer)
RETURNS TABLE (id uuid, basis_id uuid, given_name text, family_name text, birth_date date, score real)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
    wanted text := fold_name(words);
BEGIN
    IF wanted = '' THEN
        RETURN;
    ELSIF (SELECT count(*) FROM (SELECT FROM access_basis b WHERE %1$s LIMIT 20001) seen) <= 20000 THEN
        RETURN QUERY
        SELECT y.id, mine.basis_id, y.given_name, y.family_name, y.birth_date, word_similarity(wanted, y.folded_name) AS score
          FROM (SELECT b.young_person_id, (array_agg(b.id))[1] AS basis_id FROM access_basis b WHERE %1$s AND %3$s GROUP BY 1) mine
          JOIN young_person y ON y.id = mine.young_person_id
         WHERE word_similarity(wanted, y.folded_name) >= 0.45
         ORDER BY score DESC, y.folded_name, y.id LIMIT lim;
    ELSE
        PERFORM set_config('pg_trgm.word_similarity_threshold', '0.45', true);
        RETURN QUERY
        SELECT y.id, a.basis_id, y.given_name, y.family_name, y.birth_date, word_similarity(wanted, y.folded_name) AS score
          FROM young_person y JOIN LATERAL %2$s a ON true
         WHERE wanted <%% y.folded_name AND %4$s
         ORDER BY score DESC, y.folded_name, y.id LIMIT lim;
    END IF;
END $body$ $function$, basis_is_mine('b'), bases_of('y.id'), opens_identity('b'), may_see_in_view('y', 'a'));

    -- Open tasks, soonest due first, `lim` of them after the day and the id of the last one seen: the caller's
    -- own, or those of everybody who is or was in their units, and of nobody yet; all, those past due, or those that
    -- rose for it (DL-5).
    EXECUTE format($function$
CREATE FUNCTION list_tasks(of_mine boolean, past_due boolean, risen boolean, after_day date, after_id uuid, lim integer)
RETURNS TABLE (id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text, kind text,
               subject_id uuid, employee_id uuid, employee_name text, due_on date, original_due_on date, missed_on date,
               raised_at timestamptz, version bigint)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.id, t.young_person_id, t.basis_id, t.areas, y.given_name, y.family_name, t.kind, t.subject_id,
           t.employee_id, w.given_name || ' ' || w.family_name, t.due_on, t.original_due_on, t.missed_on, t.raised_at, t.version
      FROM (
        SELECT mine.*
          FROM (SELECT acting_employee() AS id
                 UNION
                SELECT r.employee_id FROM employee_role r
                 WHERE NOT of_mine AND r.unit_id = ANY (acting_holders()) AND r.valid_from <= acting_now()) who
         CROSS JOIN LATERAL (
            SELECT t.*, a.* FROM task t JOIN LATERAL %1$s a ON true
             WHERE t.employee_id = who.id AND t.done_at IS NULL AND (t.due_on, t.id) > (after_day, after_id)
               AND (NOT past_due OR t.due_on < acting_today())
               AND (NOT risen OR t.raised_at IS NOT NULL AND t.due_on < acting_today()) AND %2$s
             ORDER BY t.due_on, t.id LIMIT lim) mine
        UNION ALL
        SELECT nobodys.*
          FROM unnest(CASE WHEN NOT of_mine THEN acting_holders() END) h
         CROSS JOIN LATERAL (
            SELECT t.*, a.* FROM task t JOIN LATERAL %1$s a ON true
             WHERE t.writing_unit_id = h AND t.employee_id IS NULL AND t.done_at IS NULL AND (t.due_on, t.id) > (after_day, after_id)
               AND (NOT past_due OR t.due_on < acting_today())
               AND (NOT risen OR t.raised_at IS NOT NULL AND t.due_on < acting_today()) AND %2$s
             ORDER BY t.due_on, t.id LIMIT lim) nobodys
        ORDER BY due_on, id LIMIT lim) t
      LEFT JOIN young_person y ON y.id = t.young_person_id AND %3$s
      LEFT JOIN employee w ON w.id = t.employee_id
     ORDER BY t.due_on, t.id;
END $body$ $function$, bases_of('t.young_person_id'), may_see_in_view('t', 'a') || ' AND ' || reads_task('t'), may_see_in_view('y', 't'));

    -- What happened to a young person, newest first, `lim` of it after the moment and the id of the last one
    -- seen: the events of whatever the caller may see, each with the name of its thing where it has one.
    EXECUTE format($function$
CREATE FUNCTION timeline(person uuid, before timestamptz, before_id uuid, lim integer)
RETURNS TABLE (recorded_at timestamptz, id uuid, kind text, subject_id uuid, title text, information_area integer,
               actor_id uuid, actor_name text, unit_name text)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
    RETURN QUERY
    SELECT e.recorded_at, e.id, e.kind, e.subject_id::uuid,
           CASE e.subject_kind
               WHEN 'intervention' THEN (SELECT i.title FROM intervention i WHERE i.id = e.subject_id::uuid AND i.young_person_id = person)
               WHEN 'goal' THEN (SELECT g.wished_result FROM goal g WHERE g.id = e.subject_id::uuid AND g.young_person_id = person) END,
           e.information_area::integer, e.actor_id, w.given_name || ' ' || w.family_name, u.name
      FROM %1$s a
     CROSS JOIN registrations_of(person) r
     CROSS JOIN LATERAL (
        SELECT * FROM event e
         WHERE e.registration_id = r AND e.recorded_at <= before AND (e.recorded_at, e.id) < (before, before_id) AND %2$s
         ORDER BY e.recorded_at DESC, e.id DESC LIMIT lim) e
      LEFT JOIN employee w ON w.id = e.actor_id
      LEFT JOIN unit u ON u.id = e.unit_id
     ORDER BY e.recorded_at DESC, e.id DESC LIMIT lim;
END $body$ $function$, bases_of('person'), may_see_in_view('e', 'a', 'e.providing_unit_id') || ' AND ' || reads_fact($fact$CASE e.subject_kind
            WHEN 'task' THEN fact_of_task(e.payload ->> 'task', e.information_area)
            WHEN 'correction' THEN (SELECT fact_of(c.written, c.information_area) FROM correction c WHERE c.id = e.subject_id::uuid)
            ELSE fact_of(replace(e.subject_kind, '-', '_'), e.information_area) END$fact$, 'person'));
END $do$;

GRANT SELECT ON intervention_file, goal_file, plan_file, case_file, assignment_file TO enplan_app;
GRANT EXECUTE ON FUNCTION plan_file_at(uuid, timestamptz), intervention_files_at(uuid, timestamptz), list_young_people(uuid, uuid, integer, integer), search_young_people(text, integer),
    timeline(uuid, timestamptz, uuid, integer), list_tasks(boolean, boolean, boolean, date, uuid, integer),
    intake_of(uuid, timestamptz, uuid, integer), forecast_of(uuid, date, date), caseload_capacity(uuid, date[], timestamptz) TO enplan_app;
