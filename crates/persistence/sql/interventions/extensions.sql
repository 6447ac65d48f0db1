-- A new extension states the planned end that the intervention has.
CREATE FUNCTION extension_is_the_planned_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id AND i.planned_end = NEW.planned_end FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention_extension_planned',
            MESSAGE = 'the intervention is planned to end on another day';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER extension_is_the_planned_end AFTER INSERT ON intervention_extension
    FOR EACH ROW EXECUTE FUNCTION extension_is_the_planned_end();

-- IV-6, also at an SQL prompt: outside the ages or the usual length of its catalogue entry, as planned or as it really
-- began, an intervention has a reason. An extended one has the reason of its extension. Checked at commit, because an
-- extension is stored after it.
CREATE FUNCTION intervention_has_a_reason() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i JOIN catalogue_entry e ON e.code = i.catalogue_code
        JOIN young_person y ON y.id = i.young_person_id
        CROSS JOIN LATERAL coalesce(i.started_on, i.planned_start) begins
        CROSS JOIN LATERAL age_on(y.birth_date, begins) years
       WHERE i.id = NEW.id AND i.reason IS NULL
         AND (years < e.min_age OR years > e.max_age
              OR i.planned_end - begins > e.usual_weeks * 7 AND NOT EXISTS (SELECT FROM intervention_extension x
                  WHERE x.intervention_id = i.id AND x.planned_end = i.planned_end));
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.reason-needed', MESSAGE = 'outside the offer without a reason';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intervention_has_a_reason AFTER INSERT ON intervention
    FOR EACH ROW EXECUTE FUNCTION intervention_has_a_reason();
CREATE CONSTRAINT TRIGGER intervention_keeps_a_reason AFTER UPDATE ON intervention DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.reason, OLD.planned_start, OLD.planned_end, OLD.started_on)
        IS DISTINCT FROM (NEW.reason, NEW.planned_start, NEW.planned_end, NEW.started_on))
    EXECUTE FUNCTION intervention_has_a_reason();
