-- IV-9: attendance is recorded for a day of an intervention that has started, until today.
CREATE FUNCTION attendance_of_a_started_day() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i JOIN plan p ON p.id = i.plan_id
      WHERE i.id = NEW.intervention_id AND NEW.on_day BETWEEN i.started_on AND coalesce(i.ended_on, acting_today())
        AND (p.state <> 'closed' OR i.carried_on_by_id IS NOT NULL) FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.day-out-of-range', MESSAGE = 'not a day of a started intervention';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_is_told AFTER INSERT ON attendance FOR EACH ROW EXECUTE FUNCTION attendance_of_a_started_day();
CREATE TRIGGER attendance_is_corrected AFTER UPDATE OF intervention_id, on_day, presence, hours ON attendance
    FOR EACH ROW EXECUTE FUNCTION attendance_of_a_started_day();

-- IV-9: an intervention does not end before the last day on which the young person was present.
CREATE FUNCTION intervention_ends_after_presence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM attendance a WHERE a.intervention_id = NEW.id AND a.presence = 'present'
               AND a.on_day NOT BETWEEN NEW.started_on AND coalesce(NEW.ended_on, a.on_day)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.day-out-of-range',
            MESSAGE = 'somebody came on a day outside it';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intervention_ends_after_presence AFTER UPDATE ON intervention FOR EACH ROW
    WHEN ((OLD.started_on, OLD.ended_on) IS DISTINCT FROM (NEW.started_on, NEW.ended_on))
    EXECUTE FUNCTION intervention_ends_after_presence();
