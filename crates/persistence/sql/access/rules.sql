-- AC-15: the access that a rule opens now because of a fact. A fact that a unit recorded itself opens no access for that
-- unit. The rule names the function that finds the receivers, therefore the statement is dynamic.
CREATE FUNCTION access_by_rule(of_rule text, fact uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, kind text, areas integer, giver_id uuid, legal_basis text, reason text, valid_to timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    rule access_rule;
BEGIN
    SELECT * INTO rule FROM access_rule r WHERE r.code = of_rule AND daterange(r.valid_from, r.valid_to, '[]') @> acting_today();
    IF FOUND THEN
        RETURN QUERY EXECUTE format('SELECT f.young_person_id, f.holder_id, $2, $3, f.giver_id, $4, $5, least(f.until, acting_now() + $6)
              FROM %I($1) f WHERE f.own_recording IS NOT TRUE', rule.receivers)
        USING fact, rule.kind, rule.areas, rule.legal_basis, rule.reason, rule.lasts;
    END IF;
END $$;

-- Creates the access bases that a rule opens because of a fact, once. Called where the fact is recorded.
CREATE FUNCTION grant_by_rule(of_rule text, fact uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id, source_id, legal_basis, reason,
                              granted_by_id, valid_from, valid_to, arose, access_rule)
    SELECT gen_random_uuid(), r.young_person_id, r.holder_id, 'unit', r.kind, r.areas, r.giver_id, fact, r.legal_basis, r.reason,
           acting_employee(), acting_now(), r.valid_to, 'by-rule', of_rule
      FROM access_by_rule(of_rule, fact) r
        ON CONFLICT DO NOTHING
$$;
