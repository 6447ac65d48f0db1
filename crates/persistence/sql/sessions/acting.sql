-- Opens a transaction for a session: who acts, which holders they act for, and when. Never raises an error: the first
-- typed read (`acting`) returns whether the session is valid, and an unknown session sees nothing.
CREATE FUNCTION act_as(session_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who     uuid;
    state   text := 'unknown';
    roles   text := '';
    holders text := '';
    readers text[];
    blind   boolean := false;
BEGIN
    SELECT s.employee_id,
           CASE WHEN s.ended_at IS NOT NULL THEN 'ended'
                WHEN at >= s.started_at + interval '12 hours' OR at >= s.refreshed_at + interval '8 hours' THEN 'expired'
                WHEN e.deactivated_at <= at THEN 'deactivated'
                WHEN a.one_time_until <= at THEN 'expired'
                WHEN a.one_time_until IS NOT NULL THEN 'password-must-change'
                ELSE 'active' END
      INTO who, state
      FROM session s JOIN employee e ON e.id = s.employee_id LEFT JOIN account a ON a.employee_id = e.id
     WHERE s.id = session_id;
    IF state = 'active' THEN
        SELECT string_agg(format('%s@%s@%s', r.role, r.unit_id, r.department), ','),
               string_agg(DISTINCT r.unit_id::text, ','),
               ARRAY[string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'pregnancy' = ANY (k.facts)),
                     string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'journal' = ANY (k.facts)),
                     string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'contact' = ANY (k.facts)),
                     string_agg(DISTINCT r.unit_id::text, ',') FILTER (WHERE 'follow_up' = ANY (k.facts))],
               bool_or(coalesce(cardinality(k.facts), 0) < 4)
          INTO roles, holders, readers, blind
          FROM roles_at(who, at) r LEFT JOIN role_reads k ON k.department = r.department AND k.role = r.role;
        holders := concat_ws(',', who::text, holders);
    ELSIF state <> 'password-must-change' THEN
        who := NULL;
    END IF;
    PERFORM set_config('app.actor', coalesce(who::text, ''), true),
            set_config('app.session_state', coalesce(state, 'unknown'), true),
            set_config('app.roles', coalesce(roles, ''), true),
            set_config('app.holders', coalesce(holders, ''), true),
            set_config('app.blind', CASE WHEN blind THEN 'on' ELSE '' END, true),
            set_config('app.now', at::text, true);
    -- Not needed if all roles of the employee read all facts.
    IF blind THEN
        PERFORM set_config('app.readers.' || k.fact, concat_ws(',', CASE WHEN k.units IS NOT NULL THEN who::text END, k.units), true)
           FROM unnest(ARRAY['pregnancy', 'journal', 'contact', 'follow_up'], readers) k (fact, units);
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION act_as(uuid, timestamptz) TO enplan_app;

-- Who acts in this transaction, and the state of their session.
CREATE VIEW acting AS
SELECT acting_employee() AS employee_id,
       coalesce(NULLIF(current_setting('app.session_state', true), ''), 'unknown') AS session_state,
       coalesce(current_setting('app.roles', true), '') AS roles;
GRANT SELECT ON acting TO enplan_app;
