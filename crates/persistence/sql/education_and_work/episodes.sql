-- YP-10: a recorded date is not changed, and an episode that has ended stays ended.
CREATE FUNCTION episode_days_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.applied_on, OLD.enrolled_on, OLD.started_on, OLD.ended_on) IS DISTINCT FROM
       (CASE WHEN OLD.applied_on IS NOT NULL THEN NEW.applied_on END, CASE WHEN OLD.enrolled_on IS NOT NULL THEN NEW.enrolled_on END,
        CASE WHEN OLD.started_on IS NOT NULL THEN NEW.started_on END, CASE WHEN OLD.ended_on IS NOT NULL THEN NEW.ended_on END)
       OR OLD.ended_on IS NOT NULL AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'episode.already-told', MESSAGE = 'a day that was told stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER episode_days_stay BEFORE UPDATE ON education_and_work FOR EACH ROW EXECUTE FUNCTION episode_days_stay();
