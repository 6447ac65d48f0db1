{% from "access/macros.sql" import bases_of, may_see_in_view, reads_fact %}

{#- AC-17: the fact that the event `e` reveals. -#}
{% set event_fact = "CASE e.subject_kind
            WHEN 'task' THEN fact_of_task(e.payload ->> 'task', e.information_area)
            WHEN 'correction' THEN (SELECT fact_of(c.written, c.information_area) FROM correction c WHERE c.id = e.subject_id::uuid)
            ELSE fact_of(replace(e.subject_kind, '-', '_'), e.information_area) END" %}

-- What happened to a young person, newest first: `lim` events after the time and the id of the last row of the previous
-- page, as far as their subjects are visible to the caller, with the title of the subject if it has one.
CREATE FUNCTION timeline(person uuid, before timestamptz, before_id uuid, lim integer)
RETURNS TABLE (recorded_at timestamptz, id uuid, kind text, subject_id uuid, title text, information_area integer,
               actor_id uuid, actor_name text, unit_name text)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT e.recorded_at, e.id, e.kind, e.subject_id::uuid,
           CASE e.subject_kind
               WHEN 'intervention' THEN (SELECT i.title FROM intervention i WHERE i.id = e.subject_id::uuid AND i.young_person_id = person)
               WHEN 'goal' THEN (SELECT g.wished_result FROM goal g WHERE g.id = e.subject_id::uuid AND g.young_person_id = person) END,
           e.information_area::integer, e.actor_id, w.given_name || ' ' || w.family_name, u.name
      FROM {{ bases_of("person") }} a
     CROSS JOIN registrations_of(person) r
     CROSS JOIN LATERAL (
        SELECT * FROM event e
         WHERE e.registration_id = r AND e.recorded_at <= before AND (e.recorded_at, e.id) < (before, before_id) AND {{ may_see_in_view("e", "a", provider="e.providing_unit_id") }} AND {{ reads_fact(event_fact, "person") }}
         ORDER BY e.recorded_at DESC, e.id DESC LIMIT lim) e
      LEFT JOIN employee w ON w.id = e.actor_id
      LEFT JOIN unit u ON u.id = e.unit_id
     ORDER BY e.recorded_at DESC, e.id DESC LIMIT lim;
END $$;
GRANT EXECUTE ON FUNCTION timeline(uuid, timestamptz, uuid, integer) TO enplan_app;
