-- TM-11: what the shared overview of transitions knows of meetings.

-- When a need's last transition meeting was held, and when the planned one begins: not one that is over and was not told held.
CREATE OR REPLACE FUNCTION meetings_of(of_need uuid) RETURNS TABLE (last_at timestamptz, next_at timestamptz) LANGUAGE sql STABLE
AS $$ SELECT max(m.starts_at) FILTER (WHERE m.state = 'held'), min(m.starts_at) FILTER (WHERE m.state = 'planned' AND m.ends_at > acting_now())
        FROM meeting m WHERE m.need_id = of_need AND m.kind = 'transition' $$;

DO $do$
BEGIN
    -- What is due in each of the coming windows, of the needs that the caller sees and for which nothing is booked, and the
    -- slots there are: a need is due in the last window that ends by its day, or in the first one where it is late.
    EXECUTE format($function$
CREATE FUNCTION window_demand()
RETURNS TABLE (window_id uuid, first_day date, last_day date, due integer, slots integer, free integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $body$
    WITH coming AS (
        SELECT w.id, w.first_day, w.last_day FROM meeting_window w WHERE w.last_day >= acting_today() AND w.withdrawn_at IS NULL
    ), wanted AS (
        SELECT coalesce((SELECT w.id FROM coming w WHERE w.last_day <= due.day ORDER BY w.last_day DESC LIMIT 1),
                        (SELECT w.id FROM coming w ORDER BY w.last_day LIMIT 1)) AS window_id
          FROM (SELECT DISTINCT b.young_person_id AS id FROM access_basis b WHERE %3$s) mine
          JOIN transition_need n ON n.young_person_id = mine.id AND n.state = 'open'
          JOIN young_person y ON y.id = n.young_person_id
         CROSS JOIN LATERAL (SELECT CASE WHEN n.guide IS NOT NULL THEN birthday(y.birth_date, n.guide)
                ELSE (SELECT aftercare_ends_on(s.to_day, y.birth_date) FROM support_need s WHERE s.id = n.support_need_id) END AS day) due
          JOIN LATERAL %1$s a ON true
         WHERE %2$s AND NOT EXISTS (SELECT FROM meeting m WHERE m.need_id = n.id AND m.kind = 'transition' AND m.state = 'planned'
                                       AND m.ends_at > acting_now())
    )
    SELECT w.id, w.first_day, w.last_day, (SELECT count(*) FROM wanted d WHERE d.window_id = w.id)::integer,
           count(s.id)::integer,
           count(s.id) FILTER (WHERE s.starts_at > acting_now()
               AND NOT EXISTS (SELECT FROM meeting m WHERE m.room_id = s.room_id AND m.busy && tstzrange(s.starts_at, s.ends_at)))::integer
      FROM coming w LEFT JOIN meeting_slot s ON s.window_id = w.id AND s.withdrawn_at IS NULL
     GROUP BY w.id, w.first_day, w.last_day ORDER BY w.first_day
$body$ $function$, bases_of('n.young_person_id'), may_see_in_view('n', 'a'), basis_is_mine('b'));
END $do$;
GRANT EXECUTE ON FUNCTION window_demand() TO enplan_app;
