{% from "calendar/macros.sql" import day_of %}

-- YP-9: a guardian is recorded or changed while the young person is under 18.
CREATE FUNCTION guardian_of_a_minor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM young_person y WHERE y.id = NEW.young_person_id
               AND age_on(y.birth_date, {{ day_of("NEW.told_at") }}) >= 18) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'guardian.of-age', MESSAGE = 'the young person is of age';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guardian_of_a_minor BEFORE INSERT OR UPDATE OF told_at ON guardian
    FOR EACH ROW EXECUTE FUNCTION guardian_of_a_minor();
