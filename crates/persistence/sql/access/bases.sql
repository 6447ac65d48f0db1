{% from "access/macros.sql" import basis_is_held, is_valid %}

-- Does the caller have an access basis for the young person? Jobs may do everything. Called by the functions that write
-- or return more than the caller sees. Inlined by its callers, which fix the search path.
CREATE FUNCTION is_for_acting(person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT session_user <> 'enplan_app' OR EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person
        AND {{ basis_is_held("b") }})
$$;

-- AC-15: the access bases of the caller that can be passed on and that open some of the wanted areas.
CREATE FUNCTION passable_bases(person uuid, wanted integer) RETURNS SETOF access_basis
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.* FROM access_basis b
     WHERE b.young_person_id = person AND {{ basis_is_held("b") }}
       AND b.kind IN ('registration', 'participation', 'assignment') AND b.giver_id IS NULL AND b.areas & wanted <> 0
$$;
GRANT EXECUTE ON FUNCTION passable_bases(uuid, integer) TO enplan_app;

-- Does the employee see records of the young person in this area? An employee who coordinates a plan does (D-21),
-- and so does an employee who receives a task.
CREATE FUNCTION employee_sees(who uuid, person uuid, area information_area) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_basis b
        WHERE b.young_person_id = person AND {{ is_valid("b") }}
          AND b.areas & area <> 0 AND b.giver_id IS NULL
          AND (b.holder_id = who OR b.holder_id IN (SELECT unit_id FROM roles_at(who, acting_now()))))
        AND EXISTS (SELECT FROM employee e WHERE e.id = who AND e.deactivated_at IS NULL)
$$;

-- The same for a caller who has an access basis for the young person. NULL for other callers.
CREATE FUNCTION colleague_sees(who uuid, person uuid, area information_area) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT employee_sees(who, person, area) WHERE is_for_acting(person)
$$;
GRANT EXECUTE ON FUNCTION colleague_sees(uuid, uuid, information_area) TO enplan_app;

-- AC-16: ends the access that a source created, also that of other units. Allowed for callers who work on the case, and
-- for the unit that has its access from that source. A registration is never ended in this way. Returns the number of
-- access bases that ended.
CREATE FUNCTION end_access(source uuid, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    UPDATE access_basis a SET valid_to = greatest(at, a.valid_from)
     WHERE a.source_id = source AND a.valid_to > at AND a.kind <> 'registration'
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = a.young_person_id
                   AND b.holder_id = ANY (acting_holders())
                   AND (b.kind IN ('registration', 'participation', 'assignment') OR b.source_id = source)
                   AND {{ is_valid("b") }});
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
GRANT EXECUTE ON FUNCTION end_access(uuid, timestamptz) TO enplan_app;

-- Is the basis held by a unit, or by an employee because of an assignment in that unit?
CREATE FUNCTION is_inside(b access_basis, of_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT b.holder_id = of_unit OR EXISTS (SELECT FROM assignment a WHERE a.id = b.source_id AND a.unit_id = of_unit)
$$;

-- AC-15: ends the access that a source gave a unit, and what the unit gave itself by it, directly or in several steps
-- (assignments, intake entries, widened areas). Assignments and intake entries whose access ends, end too. What another
-- access basis of the unit supports stays (its registration, a referral to its intake queue). So does what the unit
-- passed on to others: they take part themselves. Returns the assignments and intake entries that ended.
CREATE FUNCTION end_access_inside(source uuid, of_unit uuid, person uuid, at timestamptz, because text,
                                  OUT assignments uuid[], OUT intake_entries uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    origin  uuid;
    own     uuid[];
    ended   uuid[];
BEGIN
    -- The access basis by which the unit itself began, and all that it gave itself from there.
    WITH RECURSIVE back AS (
        SELECT b.id, b.from_basis_id, 0 AS step FROM access_basis b WHERE b.source_id = source AND b.holder_id = of_unit
        UNION ALL
        SELECT b.id, b.from_basis_id, back.step + 1 FROM back JOIN access_basis b ON b.id = back.from_basis_id
         WHERE is_inside(b, of_unit))
    SELECT back.id INTO origin FROM back ORDER BY back.step DESC LIMIT 1;
    WITH RECURSIVE given AS (
        SELECT origin AS id
        UNION ALL
        SELECT b.id FROM given JOIN access_basis b ON b.from_basis_id = given.id WHERE is_inside(b, of_unit))
    SELECT array_agg(given.id) INTO own FROM given;
    WITH over AS (
        UPDATE access_basis b SET valid_to = greatest(at, b.valid_from)
         WHERE b.id = ANY (own) AND b.valid_to > at
           AND (b.source_id = source OR b.id <> origin AND NOT EXISTS (
                SELECT FROM access_basis o
                 WHERE o.young_person_id = person AND o.holder_id = of_unit AND o.source_id <> source
                   AND (o.id = origin OR o.id <> ALL (own))
                   AND o.kind IN ('registration', 'participation', 'assignment') AND o.giver_id IS NULL
                   AND o.valid_from <= at AND o.valid_to >= b.valid_to AND b.areas & ~o.areas = 0))
        RETURNING b.source_id)
    SELECT array_agg(over.source_id) INTO ended FROM over;
    WITH over AS (
        UPDATE assignment a SET ended_at = greatest(at, a.began_at), end_reason = because, version = a.version + 1
         WHERE a.id = ANY (ended) AND a.ended_at IS NULL RETURNING a.id)
    SELECT coalesce(array_agg(over.id), '{}') INTO assignments FROM over;
    WITH over AS (
        UPDATE intake_entry i SET left_at = at, left_because = 'withdrawn', left_reason = because, version = i.version + 1
         WHERE i.id = ANY (ended) AND i.left_at IS NULL RETURNING i.id)
    SELECT coalesce(array_agg(over.id), '{}') INTO intake_entries FROM over;
END $$;

-- AC-1: an access basis is held by an operational unit or by an employee.
CREATE FUNCTION access_basis_holder_operates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (CASE NEW.holder_kind
        WHEN 'unit' THEN EXISTS (SELECT FROM unit u WHERE u.id = NEW.holder_id AND u.operational)
        ELSE EXISTS (SELECT FROM employee e WHERE e.id = NEW.holder_id) END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'access.holder-not-operational',
            MESSAGE = 'an access basis is held by an operational unit or an employee';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_basis_holder_operates BEFORE INSERT ON access_basis
    FOR EACH ROW EXECUTE FUNCTION access_basis_holder_operates();
