{% from "access/macros.sql" import may_see, reads_task %}
{% from "calendar/macros.sql" import day_of %}

-- DL-5: was the deadline met? NULL if it is open and not past due, if it lapsed before it was due, or if the task is only
-- a notice.
CREATE FUNCTION is_kept(t task) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN t.kind = 'hotline-notice' THEN NULL
        WHEN t.missed_on IS NOT NULL OR coalesce({{ day_of("t.done_at") }}, acting_today()) > t.due_on THEN false
        WHEN t.ended IN ('act', 'tick') THEN true END
$$;

-- DL-5: the deadlines of a unit's own records, by the month in which they were due and by kind. The numbers are shown if
-- the caller sees each of the met (or missed) ones anyway, or if 5 or more of them are hidden (AC-8, chosen).
CREATE FUNCTION unit_deadlines(asked_unit uuid, first_month date, last_month date)
RETURNS TABLE (month date, kind text, kept integer, broken integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.month, n.kind, CASE WHEN n.told THEN n.kept END, CASE WHEN n.told THEN n.broken END
      FROM (SELECT date_trunc('month', due.day)::date AS month, t.kind,
                   count(*) FILTER (WHERE k.kept)::integer AS kept, count(*) FILTER (WHERE NOT k.kept)::integer AS broken,
                   count(*) FILTER (WHERE k.kept AND NOT ({{ may_see("t") }} AND {{ reads_task("t") }})) NOT BETWEEN 1 AND 4
                   AND count(*) FILTER (WHERE NOT k.kept AND NOT ({{ may_see("t") }} AND {{ reads_task("t") }})) NOT BETWEEN 1 AND 4 AS told
              FROM task t CROSS JOIN LATERAL is_kept(t) k (kept) CROSS JOIN LATERAL coalesce(t.missed_on, t.due_on) due (day)
             WHERE t.writing_unit_id = asked_unit AND k.kept IS NOT NULL AND acting_role_reads(fact_of_task(t.kind, t.information_area))
               AND due.day >= first_month AND due.day < last_month + interval '1 month'
             GROUP BY 1, 2) n
     WHERE asked_unit = ANY (acting_holders())
     ORDER BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION unit_deadlines(uuid, date, date) TO enplan_app;
