{% from "access/macros.sql" import basis_is_held %}

-- IV-11: the result of UU's newest target-group assessment. NULL if there is none.
CREATE FUNCTION newest_assessment(of_person uuid, offer text) RETURNS boolean
LANGUAGE sql STABLE RETURN (SELECT a.in_target_group FROM intake_assessment a
    JOIN unit u ON u.id = a.writing_unit_id AND u.department = 'UU'
    WHERE a.young_person_id = of_person AND a.catalogue_code = offer ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1);

-- IV-11: the same for any caller who starts the intervention, also for the provider, who does not see the assessment
-- (AC-9).
CREATE FUNCTION is_assessed(of_person uuid, offer text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(newest_assessment(of_person, offer), false)
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = of_person
           AND {{ basis_is_held("b") }})
$$;
GRANT EXECUTE ON FUNCTION is_assessed(uuid, text) TO enplan_app;

-- IV-11: an intervention starts after the provider has accepted it and UU's assessment is positive, if its catalogue
-- entry requires that.
CREATE FUNCTION intervention_may_start() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry catalogue_entry;
BEGIN
    SELECT * INTO entry FROM catalogue_entry WHERE code = NEW.catalogue_code;
    IF entry.visitation AND NEW.accepted_on IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.not-accepted', MESSAGE = 'the provider has not accepted it';
    ELSIF entry.assessment_required AND newest_assessment(NEW.young_person_id, entry.code) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.assessment-missing', MESSAGE = 'no assessment says yes';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intervention_is_started AFTER UPDATE ON intervention FOR EACH ROW
    WHEN (NEW.state = 'started' AND (OLD.state <> 'started' OR NEW.accepted_on IS NULL AND OLD.accepted_on IS NOT NULL))
    EXECUTE FUNCTION intervention_may_start();
