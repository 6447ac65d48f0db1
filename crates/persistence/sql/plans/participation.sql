{% from "access/macros.sql" import basis_is_held, is_valid %}

-- PL-8: the participants of a closed plan see it until the follow-up status after six months is due, and four weeks
-- longer to record it.
CREATE FUNCTION end_participations(ended_plan uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_basis b SET valid_to = least(b.valid_to, at)
      FROM plan_participant m
     WHERE m.plan_id = ended_plan AND b.source_id = m.id AND b.kind = 'participation' AND b.valid_to > at AND at > acting_now()
       AND works_with(b.young_person_id) AND EXISTS (SELECT FROM plan p WHERE p.id = ended_plan AND p.state = 'closed');
$$;
GRANT EXECUTE ON FUNCTION end_participations(uuid, timestamptz) TO enplan_app;

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

-- AC-15: ends the access of a unit that left the plan.
CREATE FUNCTION end_participation_access(participation uuid, at timestamptz, because text, OUT assignments uuid[], OUT intake_entries uuid[])
RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT over.* FROM plan_participant m CROSS JOIN LATERAL end_access_inside(m.id, m.unit_id, m.young_person_id, at, because) over
     WHERE m.id = participation AND m.left_at IS NOT NULL AND works_with(m.young_person_id)
$$;
GRANT EXECUTE ON FUNCTION end_participation_access(uuid, timestamptz, text) TO enplan_app;

-- AC-15: ends the access of a unit from whose intake queue the case was withdrawn.
CREATE FUNCTION end_referral_access(entry uuid, at timestamptz, because text, OUT assignments uuid[], OUT intake_entries uuid[])
RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT over.* FROM intake_entry e CROSS JOIN LATERAL end_access_inside(e.id, e.unit_id, e.young_person_id, at, because) over
     WHERE e.id = entry AND e.left_because = 'withdrawn' AND works_with(e.young_person_id)
       AND (e.unit_id = ANY (acting_holders()) OR e.writing_unit_id = ANY (acting_holders()))
$$;
GRANT EXECUTE ON FUNCTION end_referral_access(uuid, timestamptz, text) TO enplan_app;

-- PL-7: a unit does not leave the plan while it provides, or one of its employees is responsible for, a running intervention that
-- it would no longer see. Checked at commit, when its access has ended.
CREATE FUNCTION participant_leaves_nothing_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM intervention i
         WHERE i.plan_id = NEW.plan_id AND i.state IN ('referred', 'waiting', 'offered', 'started')
           AND (i.providing_unit_id = NEW.unit_id OR works_for(i.responsible_id, NEW.unit_id))
           AND NOT EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = i.young_person_id AND {{ is_valid("b") }}
                AND (b.holder_id = CASE WHEN i.providing_unit_id = NEW.unit_id THEN NEW.unit_id ELSE i.responsible_id END
                     OR i.providing_unit_id <> NEW.unit_id AND works_for(i.responsible_id, b.holder_id)))) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'participation.interventions-running',
            MESSAGE = 'the unit has running interventions';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER participant_leaves_nothing_running AFTER UPDATE OF left_at ON plan_participant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.left_at IS NOT NULL AND OLD.left_at IS NULL)
    EXECUTE FUNCTION participant_leaves_nothing_running();

-- TM-8: a unit takes part in the plan because it receives the young person, regardless of the access of the employee who records
-- it. The access rules decide the access of the unit.
CREATE FUNCTION receiver_takes_part(participant uuid, of_plan uuid, receiver uuid, who uuid, by_unit uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
    SELECT participant, p.id, p.young_person_id, by_unit, receiver, who, acting_now() FROM plan p
     WHERE p.id = of_plan AND by_unit = ANY (acting_holders()) AND is_for_acting(p.young_person_id)
       AND (EXISTS (SELECT FROM responsibility_agreement a WHERE a.young_person_id = p.young_person_id AND a.receiving_unit_id = receiver
                    AND a.accepted_at IS NOT NULL AND a.replaced_at IS NULL)
            OR EXISTS (SELECT FROM meeting m CROSS JOIN LATERAL receiving_unit_of_meeting(m.id) r
                        WHERE m.young_person_id = p.young_person_id AND r.holder_id = receiver));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- If the unit accepted before there was a plan, or before it took part, its access from now on comes from its participation.
    PERFORM grant_by_rule('acceptance', participant);
    UPDATE access_basis b SET valid_to = greatest(b.valid_from, acting_now())
      FROM responsibility_agreement a
     WHERE a.receiving_unit_id = receiver AND b.source_id = a.id AND b.kind = 'participation' AND b.holder_id = receiver AND b.valid_to > acting_now()
       AND EXISTS (SELECT FROM access_basis n WHERE n.source_id = participant);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION receiver_takes_part(uuid, uuid, uuid, uuid, uuid) TO enplan_app;
