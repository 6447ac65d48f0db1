-- IV-2, IV-8: the last recorded company of an intervention that is not over is the current one.
CREATE FUNCTION company_of_running() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT i.catalogue_code, true INTO NEW.catalogue_code, NEW.running
      FROM intervention i WHERE i.id = NEW.intervention_id FOR NO KEY UPDATE;
    UPDATE intervention_company SET running = false WHERE intervention_id = NEW.intervention_id AND running;
    RETURN NEW;
END $$;
CREATE TRIGGER company_of_running BEFORE INSERT ON intervention_company
    FOR EACH ROW EXECUTE FUNCTION company_of_running();

-- An intervention that is over has no current company.
CREATE FUNCTION company_is_left() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE intervention_company SET running = false WHERE intervention_id = NEW.id AND running;
    RETURN NULL;
END $$;
CREATE TRIGGER company_is_left AFTER UPDATE OF state ON intervention FOR EACH ROW
    WHEN (NEW.state IN ('completed', 'ended-early', 'withdrawn', 'declined')) EXECUTE FUNCTION company_is_left();

-- IV-8: a company-oriented intervention starts only after its company is recorded.
CREATE FUNCTION intervention_has_a_company() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM catalogue_entry e WHERE e.code = NEW.catalogue_code AND e.company_oriented)
       AND NOT EXISTS (SELECT FROM intervention_company c WHERE c.intervention_id = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.company-missing',
            MESSAGE = 'a company-oriented intervention names its company before it starts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intervention_has_a_company BEFORE UPDATE OF state ON intervention FOR EACH ROW
    WHEN (NEW.state = 'started' AND OLD.state <> 'started') EXECUTE FUNCTION intervention_has_a_company();
