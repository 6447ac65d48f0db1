{% from "access/macros.sql" import may_write %}

-- AC-16: may the caller change who the young person is? Only callers who work on the case may.
CREATE FUNCTION may_change_identity(young_person young_person) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp
    RETURN {{ may_write("young_person", "young_person.id") }};
GRANT EXECUTE ON FUNCTION may_change_identity(young_person) TO enplan_app, enplan_worker;

-- AC-16: checks each change by the application. The worker's changes fire the trigger as well, so every role may execute
-- the functions that it calls.
CREATE FUNCTION identity_is_changed_by_casework() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'enplan_app' AND NOT may_change_identity(OLD) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the access basis does not change who somebody is';
    END IF;
    RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION identity_is_changed_by_casework() TO enplan_app, enplan_worker;
CREATE TRIGGER identity_is_changed_by_casework BEFORE UPDATE ON young_person FOR EACH ROW EXECUTE FUNCTION identity_is_changed_by_casework();
