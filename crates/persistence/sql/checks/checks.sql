{% from "access/macros.sql" import basis_is_held %}

-- The young person with this number, if the caller has an access basis. The work is the same whether the number is registered or
-- not: one probe of the numbers and one of the access bases.
CREATE FUNCTION person_of_mine(number bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT whose FROM unnest(coalesce((SELECT array_agg(n.young_person_id ORDER BY n.contested) FROM person_identifier n WHERE n.digest = number),
                                      ARRAY['00000000-0000-0000-0000-000000000000'::uuid])) whose
     WHERE EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = whose AND {{ basis_is_held("b") }})
     LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION person_of_mine(bytea) TO enplan_app;

-- AC-19: the number of seconds until the caller may make the next check: 20 an hour for an employee (chosen). NULL: now. A number
-- also counts against the unit: 100 a day (chosen). An action that hidden rows may prevent does not wait for the unit, because
-- that would keep all its employees from their own cases for a day.
CREATE FUNCTION wait_for_check(of_number boolean) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(1, ceil(extract(epoch FROM max(full_until) - acting_now())))::integer FROM (
        (SELECT a.checked_at + interval '1 hour' FROM access_check a
          WHERE a.employee_id = acting_employee() AND NOT a.gave_access AND NOT a.of_card AND a.checked_at > acting_now() - interval '1 hour'
          ORDER BY a.checked_at DESC OFFSET 19 LIMIT 1)
        UNION ALL
        (SELECT (acting_today() + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen' FROM access_check a CROSS JOIN LATERAL unnest(a.unit_ids) u
          WHERE of_number AND NOT a.gave_access AND NOT a.of_card AND a.checked_at >= acting_today()::timestamp AT TIME ZONE 'Europe/Copenhagen'
            AND u = ANY (acting_holders())
          GROUP BY u HAVING count(*) >= 100 LIMIT 1)) full_until (full_until)
    HAVING max(full_until) IS NOT NULL
$$;
GRANT EXECUTE ON FUNCTION wait_for_check(boolean) TO enplan_app;

-- AC-19: counts a check of the caller before it is made, once under the id `counted`. Returns the number of seconds until it
-- may be made (NULL: now), and the number of alarms. The number of a visible young person may always be checked. Half of the limit of an employee
-- or a unit raises an alarm: an event for each unit, once an hour and once a day.
CREATE FUNCTION begin_check(request uuid, counted uuid, number bytea, OUT wait integer, OUT alarms integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who     uuid := acting_employee();
    units   uuid[] := array_remove(acting_holders(), who);
    seen    boolean := number IS NOT NULL AND person_of_mine(number) IS NOT NULL;
    alarmed record;
    salt    bytea;
    told    text;
BEGIN
    alarms := 0;
    IF who IS NULL THEN
        RETURN;
    END IF;
    -- Locks are taken in a fixed order, so that two transactions do not deadlock. A later statement counts.
    PERFORM pg_advisory_xact_lock(hashtext('access_check'), key) FROM (SELECT hashtext(h::text) AS key FROM unnest(units || who) h ORDER BY 1) k;
    IF NOT seen THEN
        wait := wait_for_check(number IS NOT NULL);
        IF wait IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO access_check (request_id, employee_id, unit_ids, checked_at, gave_access)
    VALUES (counted, who, units, acting_now(), seen)
        -- The same action again, an hour later, counts again.
        ON CONFLICT (request_id) DO UPDATE SET checked_at = acting_now() WHERE access_check.checked_at <= acting_now() - interval '1 hour';
    FOR alarmed IN
        SELECT * FROM (
            SELECT 'employee' AS kind, who AS id, acting_now() - interval '1 hour' AS since, 10 = (SELECT count(*) FROM access_check a
                WHERE a.employee_id = who AND NOT a.gave_access AND NOT a.of_card AND a.checked_at > acting_now() - interval '1 hour') AS half
            UNION ALL
            SELECT 'unit', u, acting_today()::timestamp AT TIME ZONE 'Europe/Copenhagen', 50 = (SELECT count(*) FROM access_check a
                WHERE u = ANY (a.unit_ids) AND NOT a.gave_access AND NOT a.of_card AND a.checked_at >= acting_today()::timestamp AT TIME ZONE 'Europe/Copenhagen')
              FROM unnest(units) u) k
         -- A registration counts until it has given access, so the same half may be reached twice.
         WHERE CASE WHEN k.half AND NOT seen THEN NOT EXISTS (SELECT FROM event e WHERE e.recorded_at > k.since
                        AND e.kind = 'access-checks.alarmed' AND e.payload ->> 'id' = k.id::text) END
    LOOP
        alarms := alarms + 1;
        salt := uuid_send(gen_random_uuid());
        told := json_build_object('of', alarmed.kind, 'id', alarmed.id)::text;
        INSERT INTO event (recorded_at, id, request_id, actor_id, role, unit_id, subject_kind, subject_id, kind, payload, salt, digest)
        SELECT acting_now(), gen_random_uuid(), request, NULL, 'system', u, 'employee', who::text, 'access-checks.alarmed', told::json, salt,
               sha256(salt || convert_to(told, 'UTF8'))
          FROM unnest(CASE alarmed.kind WHEN 'unit' THEN ARRAY[alarmed.id] ELSE units END) u;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION begin_check(uuid, uuid, bytea) TO enplan_app;

-- HL-5: counts a card of the hotline before it is shown, `most` within an hour for each employee. Returns the number of seconds until
-- it may be shown; NULL: now. Callers who have no contacts are not counted: they are refused.
CREATE FUNCTION begin_card(request uuid, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who  uuid := acting_employee();
    wait integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access_check'), hashtext(who::text));
    SELECT greatest(1, ceil(extract(epoch FROM a.checked_at + interval '1 hour' - acting_now()))) INTO wait
      FROM access_check a
     WHERE a.employee_id = who AND a.of_card AND a.checked_at > acting_now() - interval '1 hour'
     ORDER BY a.checked_at DESC OFFSET most - 1 LIMIT 1;
    IF wait IS NULL THEN
        INSERT INTO access_check (request_id, employee_id, unit_ids, checked_at, gave_access, of_card)
        SELECT request, who, '{}', acting_now(), false, true
         WHERE EXISTS (SELECT FROM hotline_duty d WHERE d.duty = 'contacts' AND d.unit_id = ANY (acting_holders()));
    END IF;
    RETURN wait;
END $$;
GRANT EXECUTE ON FUNCTION begin_card(uuid, integer) TO enplan_app;

-- AC-19: cancels the count of this request's check, because it led to access (a registration).
CREATE FUNCTION check_gave_access(request uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_check SET gave_access = true WHERE request_id = request AND employee_id = acting_employee()
$$;
GRANT EXECUTE ON FUNCTION check_gave_access(uuid) TO enplan_app;
