{% from "calendar/macros.sql" import day_of %}

-- The first time from a given time on at which an employee of these units (or of any) spoke with the young person. A
-- letter does not count.
CREATE FUNCTION spoken_with(person uuid, from_at timestamptz, units uuid[]) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT min(j.took_place_at) FROM journal_entry j
     WHERE j.young_person_id = person AND j.kind = 'conversation' AND j.young_person_took_part AND j.form <> 'letter'
       AND j.took_place_at >= from_at AND (units IS NULL OR j.writing_unit_id = ANY (units))
$$;

-- HL-9: the first day from a given day on at which an activity began: an intervention, an education or work.
CREATE FUNCTION active_from(person uuid, from_day date) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least((SELECT min(i.started_on) FROM intervention i WHERE i.young_person_id = person AND i.started_on >= from_day),
                 (SELECT min(w.started_on) FROM education_and_work w WHERE w.young_person_id = person AND w.started_on >= from_day))
$$;

-- HL-9: the two deadlines of a 15-17-year-old who does not follow the plan, with the time of the conversation and the day
-- of the activity, which may begin before the conversation. If the contact is linked to another young person by now, it
-- counts for nobody.
CREATE VIEW clock_of_activity AS
    SELECT c.id, c.young_person_id, c.information_area, c.writing_unit_id, c.from_day, spoken.at AS spoken_at,
           {{ day_of("spoken.at") }} AS spoken_on, active.day AS active_on, spoken.at IS NULL OR active.day IS NULL AS runs
      FROM activity_clock c
      LEFT JOIN hotline_contact h ON h.id = c.contact_id
     CROSS JOIN LATERAL spoken_with(c.young_person_id, coalesce(h.called_at, start_of(c.from_day)), NULL) spoken (at)
     CROSS JOIN LATERAL active_from(c.young_person_id, c.from_day) active (day)
     WHERE c.contact_id IS NULL OR h.young_person_id = c.young_person_id;

-- HL-9: only for the ages that the law defines, and one at a time. The young person is locked first, by an update.
CREATE FUNCTION activity_clock_may_start() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    years integer;
BEGIN
    UPDATE young_person SET version = version WHERE id = NEW.young_person_id
        RETURNING age_on(birth_date, NEW.from_day) INTO years;
    IF years NOT BETWEEN 15 AND 17 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'activity-clock.age-out-of-range', MESSAGE = 'the law means others';
    ELSIF EXISTS (SELECT FROM clock_of_activity c WHERE c.young_person_id = NEW.young_person_id AND c.runs) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'activity-clock.already-running', MESSAGE = 'one runs already';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activity_clock_may_start BEFORE INSERT ON activity_clock FOR EACH ROW EXECUTE FUNCTION activity_clock_may_start();
