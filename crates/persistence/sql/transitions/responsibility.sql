{% from "access/macros.sql" import is_valid %}
{% from "calendar/macros.sql" import day_of %}

-- TM-9: an agreement belongs to a need for a meeting. A receiving unit accepts it once, and it is not changed after that.
CREATE FUNCTION agreement_takes_a_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM transition_need n WHERE n.id = NEW.need_id AND n.state IN ('open', 'held') FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'transition-need.step-not-allowed', MESSAGE = 'it is not met about';
        ELSIF NOT EXISTS (SELECT FROM unit u WHERE u.id = NEW.receiving_unit_id AND u.operational AND u.department IN ('BU', 'JV', 'UU')) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.other-department', MESSAGE = 'no unit that coordinates';
        END IF;
    ELSIF OLD.passed_at IS NOT NULL OR OLD.replaced_at IS NOT NULL
          OR OLD.accepted_at IS NOT NULL AND (OLD.accepted_at, OLD.accepted_by_id) IS DISTINCT FROM (NEW.accepted_at, NEW.accepted_by_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.already-accepted', MESSAGE = 'it stays as it was agreed';
    ELSIF OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL AND (NEW.receiving_unit_id = ANY (acting_holders())) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.not-the-receiver', MESSAGE = 'another unit receives';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_is_of_a_unit BEFORE INSERT ON responsibility_agreement FOR EACH ROW EXECUTE FUNCTION agreement_takes_a_step();
CREATE TRIGGER agreement_takes_a_step BEFORE UPDATE OF accepted_at, accepted_by_id, replaced_at, passed_at ON responsibility_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_takes_a_step();

-- YP-8: an agreement by which the coordination was transferred is not voided. Another agreement transfers the
-- coordination back.
CREATE FUNCTION passed_agreement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'correction.coordination-passed', MESSAGE = 'the coordination passed by it';
END $$;
CREATE TRIGGER passed_agreement_stays BEFORE DELETE ON responsibility_agreement FOR EACH ROW
    WHEN (OLD.passed_at IS NOT NULL) EXECUTE FUNCTION passed_agreement_stays();

-- PL-17: the function in which an employee coordinates in a unit now; NULL if the employee may not coordinate in it.
CREATE FUNCTION coordinates_as(who uuid, in_unit uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.role FROM employee_role r
     WHERE r.employee_id = who AND r.unit_id = in_unit AND r.role = ANY (coordinating_functions()) AND works_in(who, in_unit)
       AND {{ is_valid("r") }}
     ORDER BY array_position(coordinating_functions(), r.role) LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION coordinates_as(uuid, uuid) TO enplan_app;

-- TM-9: when the last step that was agreed at the meeting was done: the coordination waits for it. 'infinity' if a step
-- is open, NULL if nothing was agreed.
CREATE FUNCTION agreed_is_done_at(of_need uuid) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT max(coalesce(t.done_at, 'infinity')) FROM meeting m JOIN meeting_task k ON k.meeting_id = m.id
      LEFT JOIN task t ON t.kind = 'agreed-at-meeting' AND t.subject_id = k.id
     WHERE m.need_id = of_need
$$;

-- TM-9: the time at which the coordination transfers by an agreement: at midnight of the day, or as soon after it as the
-- agreement is accepted, the meeting is held and all steps are done. NULL if not yet.
CREATE FUNCTION passes_at(a responsibility_agreement) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.at FROM (
        SELECT greatest(a.coordinates_from::timestamp AT TIME ZONE 'Europe/Copenhagen', a.accepted_at,
                        n.decided_on::timestamp AT TIME ZONE 'Europe/Copenhagen', agreed_is_done_at(n.id)) AS at
          FROM transition_need n WHERE n.id = a.need_id AND n.state = 'held') p
     WHERE a.accepted_at IS NOT NULL AND a.replaced_at IS NULL AND p.at <= acting_now()
$$;

-- TM-9: transfers the coordination if it is time, from the time on at which it was due. Returns the agreement.
CREATE FUNCTION pass_coordination(person uuid) RETURNS TABLE (agreement_id uuid, department text, from_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a      responsibility_agreement;
    moment timestamptz;
BEGIN
    SELECT * INTO a FROM responsibility_agreement g
     WHERE g.young_person_id = person AND g.passed_at IS NULL AND g.replaced_at IS NULL AND is_for_acting(person) FOR UPDATE;
    moment := passes_at(a);
    IF moment IS NULL THEN
        RETURN;
    END IF;
    -- Not before the current step.
    moment := greatest(moment, (SELECT max(c.from_at) + interval '1 microsecond' FROM coordination c WHERE c.young_person_id = person));
    UPDATE responsibility_agreement g SET passed_at = moment, version = g.version + 1 WHERE g.id = a.id RETURNING * INTO a;
    INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
    SELECT person, moment, u.id, u.department FROM unit u WHERE u.id = a.receiving_unit_id;
    UPDATE transition_need n SET version = n.version + 1 WHERE n.id = a.need_id;
    -- The earlier receiver has transferred it.
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now() + interval '28 days')
      FROM responsibility_agreement g
     WHERE g.young_person_id = person AND g.passed_at < moment AND g.receiving_unit_id <> a.receiving_unit_id
       AND b.source_id = g.id AND b.valid_to > acting_now() + interval '28 days';
    -- The named employee coordinates the open plan from then on and has the case, if they still work in the unit.
    INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
    SELECT p.id, 'coordinator', greatest(moment, (SELECT max(r.from_at) + interval '1 microsecond' FROM plan_role r
                                                   WHERE r.plan_id = p.id AND r.kind = 'coordinator'), p.opened_at),
           person, a.receiving_unit_id, a.coordinator_id FROM plan p
     WHERE p.young_person_id = person AND p.state <> 'closed' AND coordinates_as(a.coordinator_id, a.receiving_unit_id) IS NOT NULL
       AND coordinator_of(p.id) IS DISTINCT FROM a.coordinator_id;
    IF FOUND THEN
        PERFORM give_case_by(a);
        UPDATE plan p SET version = p.version + 1 WHERE p.young_person_id = person AND p.state <> 'closed';
    END IF;
    RETURN QUERY SELECT a.id, u.department, moment FROM unit u WHERE u.id = a.receiving_unit_id;
END $$;
GRANT EXECUTE ON FUNCTION pass_coordination(uuid) TO enplan_app, enplan_worker;

-- TM-9, at commit: another department coordinates only by an agreement that was accepted, from the time of the transfer
-- on. Nothing is inserted before an existing step, except by a merge.
CREATE FUNCTION coordination_was_accepted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM coordination c WHERE c.young_person_id = NEW.young_person_id AND c.from_at > NEW.from_at)
       AND NOT EXISTS (SELECT FROM merge m WHERE m.young_person_id = NEW.young_person_id AND m.undone_at IS NULL
                       AND coalesce(m.coordinated_from, m.merged_at) > NEW.from_at)
       OR (SELECT c.department FROM coordination c WHERE c.young_person_id = NEW.young_person_id AND c.from_at < NEW.from_at
            ORDER BY c.from_at DESC LIMIT 1) <> NEW.department
       AND NOT EXISTS (SELECT FROM responsibility_agreement a JOIN unit u ON u.id = a.receiving_unit_id
                        WHERE a.young_person_id = NEW.young_person_id AND u.department = NEW.department AND a.passed_at = NEW.from_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.not-accepted', MESSAGE = 'the receiver has not accepted';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER coordination_was_accepted AFTER INSERT ON coordination
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION coordination_was_accepted();

-- PL-17: the employee who coordinates by an agreement has the case from then on. The norm is not checked again, so the transfer
-- never fails. If a colleague of the unit had the case in that function, it is handed over.
CREATE FUNCTION give_case_by(a responsibility_agreement) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    post    text := coordinates_as(a.coordinator_id, a.receiving_unit_id);
    began   date := {{ day_of("a.passed_at") }};
    allowed boolean := a.exception_until BETWEEN began AND began + 90 IS TRUE;
    before  uuid;
BEGIN
    IF EXISTS (SELECT FROM assignment s WHERE s.young_person_id = a.young_person_id AND s.employee_id = a.coordinator_id
               AND s.unit_id = a.receiving_unit_id AND s.ended_at IS NULL) THEN
        RETURN;
    END IF;
    UPDATE assignment s SET ended_at = greatest(s.began_at, a.passed_at), end_reason = 'Koordineringen er gået over til en kollega.',
                            version = s.version + 1
     WHERE s.young_person_id = a.young_person_id AND s.unit_id = a.receiving_unit_id AND s.function = post AND s.ended_at IS NULL
     RETURNING s.id INTO before;
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now()) WHERE b.source_id = before AND b.valid_to > acting_now();
    INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at, exception_reason, exception_until)
    VALUES (gen_random_uuid(), a.young_person_id, a.receiving_unit_id, a.receiving_unit_id, a.coordinator_id, post, post, a.passed_at,
            CASE WHEN allowed THEN a.exception_reason END, CASE WHEN allowed THEN a.exception_until END);
    UPDATE intake_entry n SET left_at = greatest(n.entered_at, acting_now()), left_because = 'assigned', version = n.version + 1
     WHERE n.young_person_id = a.young_person_id AND n.unit_id = a.receiving_unit_id AND n.function = post AND n.left_at IS NULL;
END $$;
