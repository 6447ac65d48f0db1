{% from "access/macros.sql" import may_see, reads_task %}

-- DL-5: was it kept or broken? NULL: it is open and not past due, or fell away before it was, or tells somebody something.
CREATE FUNCTION is_kept(t task) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN t.kind = 'hotline-notice' THEN NULL
        WHEN t.missed_on IS NOT NULL OR coalesce((t.done_at AT TIME ZONE 'Europe/Copenhagen')::date, acting_today()) > t.due_on THEN false
        WHEN t.ended IN ('act', 'tick') THEN true END
$$;

-- Deadlines of what a unit wrote, by the month in which they were due and by kind. Numbers are told where the caller
-- sees each of those kept (or broken) anyhow, or where 5 or more (AC-8, chosen) are hidden.
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
