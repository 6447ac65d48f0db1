{% from "access/macros.sql" import is_valid %}

-- AC-15: is there the record that an access basis names as its source, for this young person and holder?
CREATE FUNCTION access_has_source(b access_basis) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE b.kind
        WHEN 'assignment' THEN
            EXISTS (SELECT FROM assignment a WHERE a.id = b.source_id AND a.young_person_id = b.young_person_id
                    AND b.holder_id IN (a.unit_id, a.employee_id) AND a.ended_at IS NULL)
            OR EXISTS (SELECT FROM intake_entry e WHERE e.id = b.source_id AND e.young_person_id = b.young_person_id
                       AND e.unit_id = b.holder_id AND e.left_at IS NULL)
        WHEN 'participation' THEN
            EXISTS (SELECT FROM plan_participant m WHERE m.id = b.source_id AND m.young_person_id = b.young_person_id
                    AND m.unit_id = b.holder_id AND m.left_at IS NULL)
            OR EXISTS (SELECT FROM intervention i WHERE i.id = b.source_id AND i.young_person_id = b.young_person_id
                       AND i.carried_on_by_id = b.holder_id)
        WHEN 'provision' THEN
            EXISTS (SELECT FROM intervention i WHERE i.id = b.source_id AND i.young_person_id = b.young_person_id
                    AND i.providing_unit_id = b.holder_id)
        ELSE EXISTS (SELECT FROM responsibility_agreement a WHERE a.id = b.source_id AND a.young_person_id = b.young_person_id
                     AND a.receiving_unit_id = b.holder_id AND a.replaced_at IS NULL) END
$$;

-- AC-15: may an access basis arise in the way and from the source that it states? Checked for every new basis, regardless of the
-- writing role.
CREATE FUNCTION access_arises(b access_basis) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    giver access_basis;
    has   boolean;
BEGIN
    IF b.arose = 'registered' THEN
        -- A young person without any earlier access basis, just registered by that unit.
        RETURN b.kind = 'registration' AND b.areas & ~7 = 0 AND b.holder_id = ANY (acting_holders())
           AND EXISTS (SELECT FROM young_person y WHERE y.id = b.young_person_id AND y.writing_unit_id = b.holder_id AND y.registered_at = acting_now())
           AND NOT EXISTS (SELECT FROM access_basis o WHERE o.young_person_id = b.young_person_id);
    ELSIF b.arose = 'by-rule' THEN
        RETURN EXISTS (SELECT FROM access_by_rule(b.access_rule, b.source_id) r
            WHERE (r.young_person_id, r.holder_id, r.kind) = (b.young_person_id, b.holder_id, b.kind)
              AND b.areas & ~r.areas = 0 AND coalesce(r.giver_id, b.giver_id) IS NOT DISTINCT FROM b.giver_id AND b.valid_to <= r.valid_to);
    END IF;
    SELECT * INTO giver FROM passable_bases(b.young_person_id, 63) p
     WHERE p.id = b.from_basis_id AND b.areas & ~p.areas = 0 AND b.valid_to <= p.valid_to;
    IF b.arose = 'passed-on' THEN
        RETURN giver.id IS NOT NULL AND b.kind IN ('participation', 'provision', 'assignment', 'law') AND access_has_source(b);
    ELSIF b.arose = 'replaced' THEN
        -- Inside the unit that holds the basis.
        RETURN giver.id IS NOT NULL AND b.kind = 'assignment' AND access_has_source(b)
           AND (b.holder_id = giver.holder_id OR EXISTS (SELECT FROM roles_at(b.holder_id, acting_now()) r WHERE r.unit_id = giver.holder_id));
    ELSIF b.arose = 'widened' THEN
        IF NOT EXISTS (SELECT FROM young_person y WHERE y.id = b.young_person_id
                       AND legal_basis_holds(b.legal_basis, acting_today(), y.birth_date, acting_today())) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law now, or not for them';
        END IF;
        has := EXISTS (SELECT FROM access_basis h WHERE h.young_person_id = b.young_person_id AND h.holder_id = b.holder_id
                       AND {{ is_valid("h") }});
        -- For 26 weeks at most (chosen), by a caller who may pass the basis on. Otherwise by the leader of the unit that has
        -- access by law, for that unit, and only the areas that a unit works with.
        RETURN b.kind = 'law' AND has AND b.valid_to <= acting_now() + interval '183 days' AND (giver.id IS NOT NULL
            OR b.areas & ~7 = 0 AND leads(acting_employee(), b.holder_id)
               AND EXISTS (SELECT FROM access_basis l WHERE l.id = b.from_basis_id AND l.young_person_id = b.young_person_id AND l.holder_id = b.holder_id
                           AND l.kind = 'law' AND l.arose IS DISTINCT FROM 'widened' AND {{ is_valid("l") }})
               AND NOT EXISTS (SELECT FROM access_basis o WHERE o.young_person_id = b.young_person_id
                               AND o.kind IN ('registration', 'participation', 'assignment') AND o.giver_id IS NULL
                               AND {{ is_valid("o") }}));
    END IF;
    RETURN false;
END $$;

-- AC-15: an access basis can only be ended. It is extended only if the fact of its rule lasts longer. The trigger applies
-- to the application and to every function that it calls.
CREATE FUNCTION access_never_grows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    -- The owner loads access bases that arose elsewhere.
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;
    ELSIF TG_OP = 'INSERT' THEN
        -- CL-12: a basis does not begin before it is created.
        allowed := NEW.valid_from >= acting_now() AND access_arises(NEW);
    ELSE
        allowed := to_jsonb(NEW) - ARRAY['valid_to', 'young_person_id'] = to_jsonb(OLD) - ARRAY['valid_to', 'young_person_id']
               AND (NEW.valid_to <= OLD.valid_to OR NEW.arose = 'by-rule' AND access_arises(NEW));
    END IF;
    IF allowed IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'access.not-passed-on', MESSAGE = 'nothing of the caller''s can be passed on so';
    END IF;
    RETURN NEW;
END $$;
-- This trigger fires after the triggers that narrow the access basis.
CREATE TRIGGER never_grows BEFORE INSERT OR UPDATE ON access_basis FOR EACH ROW EXECUTE FUNCTION access_never_grows();
