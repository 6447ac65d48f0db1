{% from "access/macros.sql" import is_valid %}

-- AC-17: the fact that a row reveals, by its table and information area. NULL: no role rule hides the row.
CREATE FUNCTION fact_of(thing text, area integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN thing = 'pregnancy' OR area = 8 AND thing IN ('meeting', 'meeting_participant', 'meeting_move', 'meeting_minutes',
                         'meeting_decision', 'meeting_task') THEN 'pregnancy'
                WHEN thing IN ('journal_entry', 'journal_correction') THEN 'journal'
                WHEN thing = 'hotline_contact' THEN 'contact'
                WHEN thing = 'follow_up' THEN 'follow_up' END;
GRANT EXECUTE ON FUNCTION fact_of(text, integer) TO enplan_app, enplan_worker;

-- AC-17: the fact that a task reveals, by its kind and information area. NULL: no role rule hides the task.
CREATE FUNCTION fact_of_task(kind text, area integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN kind IN ('hold-first-network-meeting', 'hold-second-network-meeting') OR kind = 'agreed-at-meeting' AND area = 8 THEN 'pregnancy'
                WHEN kind = 'answer-hotline' THEN 'contact'
                WHEN kind IN ('take-state', 'take-group-state') THEN 'follow_up' END;
GRANT EXECUTE ON FUNCTION fact_of_task(text, integer) TO enplan_app, enplan_worker;

-- AC-17: does the caller work with the young person in a role that reads the fact? Used by the macro `reads_fact`.
CREATE FUNCTION acting_reads(fact text, person uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person
        AND b.holder_id = ANY (string_to_array(NULLIF(current_setting('app.readers.' || fact, true), ''), ',')::uuid[])
        AND {{ is_valid("b") }})
$$;
GRANT EXECUTE ON FUNCTION acting_reads(text, uuid) TO enplan_app, enplan_worker;

-- Does any role of the caller read the fact, of any young person? If not, figures do not reveal to the caller that there
-- is one.
CREATE FUNCTION acting_role_reads(fact text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('app.blind', true) IS DISTINCT FROM 'on' OR fact IS NULL
        OR NULLIF(current_setting('app.readers.' || fact, true), '') IS NOT NULL;
