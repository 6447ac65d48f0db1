{% from "access/macros.sql" import is_valid %}

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

-- AC-15: ends the access of a unit that left the plan.
CREATE FUNCTION end_participation_access(participation uuid, at timestamptz, because text, OUT assignments uuid[], OUT intake_entries uuid[])
RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT over.* FROM plan_participant m CROSS JOIN LATERAL end_access_inside(m.id, m.unit_id, m.young_person_id, at, because) over
     WHERE m.id = participation AND m.left_at IS NOT NULL AND works_with(m.young_person_id)
$$;
GRANT EXECUTE ON FUNCTION end_participation_access(uuid, timestamptz, text) TO enplan_app;

-- PL-7: a unit does not leave the plan while it provides, or one of its employees is responsible for, a running intervention that
-- it would no longer see. Checked at commit, when its access has ended.
CREATE FUNCTION participant_leaves_nothing_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'a unit leaves a plan in READ COMMITTED';
    END IF;
    -- A transaction that adds an intervention holds a share of the plan. It ends first.
    PERFORM FROM plan WHERE id = NEW.plan_id FOR NO KEY UPDATE;
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
