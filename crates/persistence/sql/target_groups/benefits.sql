-- TG-2, at commit: on each day with benefits one of them is the leading benefit, also for a young person from whom a
-- benefit was moved away.
CREATE FUNCTION benefits_are_led() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (
            SELECT range_agg(daterange(e.from_day, e.to_day, '[]')) AS had,
                   range_agg(daterange(e.from_day, e.to_day, '[]')) FILTER (WHERE e.leads) AS led
              FROM benefit_episode e WHERE e.young_person_id IN (NEW.young_person_id, OLD.young_person_id)
             GROUP BY e.young_person_id) days
         WHERE days.led @> days.had IS NOT TRUE AND days.had IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit.leading-missing',
            MESSAGE = 'on each day with benefits one of them leads';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER benefits_are_led AFTER INSERT OR UPDATE OR DELETE ON benefit_episode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION benefits_are_led();

-- TG-5: a sanction is within its benefit. The benefit is locked, then read.
CREATE FUNCTION sanction_lies_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM benefit_episode e WHERE e.id = NEW.benefit_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM benefit_episode e WHERE e.id = NEW.benefit_id AND NOT daterange(e.from_day, e.to_day, '[]') @> NEW.on_day) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'sanction.day-out-of-range',
            MESSAGE = 'the day lies outside the benefit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_lies_within BEFORE INSERT ON sanction FOR EACH ROW EXECUTE FUNCTION sanction_lies_within();

-- TG-5, at commit: if another benefit leads from a day on, the benefits alongside are split, and a sanction belongs to
-- the part that includes its day. A benefit does not end before a sanction against it.
CREATE FUNCTION sanctions_stay_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE sanction s SET benefit_id = part.id
      FROM benefit_episode part
     WHERE s.benefit_id = NEW.id AND part.young_person_id = NEW.young_person_id AND part.kind = NEW.kind
       AND daterange(part.from_day, part.to_day, '[]') @> s.on_day
       AND NOT EXISTS (SELECT FROM benefit_episode e WHERE e.id = NEW.id AND daterange(e.from_day, e.to_day, '[]') @> s.on_day);
    IF EXISTS (SELECT FROM sanction s JOIN benefit_episode e ON e.id = s.benefit_id
                WHERE e.id = NEW.id AND NOT daterange(e.from_day, e.to_day, '[]') @> s.on_day) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'sanction.day-out-of-range',
            MESSAGE = 'a sanction would lie outside the benefit';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sanctions_stay_within AFTER UPDATE ON benefit_episode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sanctions_stay_within();

-- TG-4: a category is recorded at most eight weeks ahead (chosen), for the first day of a future benefit.
CREATE FUNCTION readiness_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.assessed_on > acting_today() + CASE NEW.track WHEN 'benefit' THEN 56 ELSE 0 END) IS NOT FALSE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'readiness_assessed_on_not_ahead',
            MESSAGE = 'too far ahead to be assessed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER readiness_in_time BEFORE INSERT ON readiness FOR EACH ROW EXECUTE FUNCTION readiness_in_time();
