-- The provider's side: what is asked for before a start, extensions, attendance.

-- Puts a table behind the intervention it hangs on: its rows have the area, writer and provider of that,
-- whoever writes them, and so are seen by whoever sees that.
CREATE PROCEDURE protect_as_intervention(target regclass)
LANGUAGE plpgsql AS $$
BEGIN
    CALL protect(target, 'young_person_id', 'providing_unit_id');
    EXECUTE format('ALTER TABLE %s ADD FOREIGN KEY
        (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        REFERENCES intervention (id, young_person_id, information_area, writing_unit_id, providing_unit_id)
        ON UPDATE CASCADE', target);
    EXECUTE format('ALTER POLICY app_insert ON %s WITH CHECK (%s)', target,
        may_write(target::text, format('%s.young_person_id', target), format('%s.providing_unit_id', target)));
END $$;

-- For a table that is protected so: it is told of while the intervention is not over, and so never in a
-- closed plan (PL-9). What is told stays as it was told (PL-11), but for the columns that end it.
CREATE FUNCTION part_of_what_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id
        AND i.state IN ('referred', 'waiting', 'offered', 'started') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.step-not-allowed',
            MESSAGE = 'the intervention is over';
    END IF;
    RETURN NULL;
END $$;
CREATE PROCEDURE tell_while_it_runs(target regclass, ending text DEFAULT NULL)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE UPDATE ON %s FROM enplan_app, enplan_worker', target);
    EXECUTE format('CREATE TRIGGER part_of_what_runs AFTER INSERT %s ON %s FOR EACH ROW EXECUTE FUNCTION part_of_what_runs()',
        'OR UPDATE OF ' || ending, target);
    IF ending IS NOT NULL THEN
        EXECUTE format('GRANT UPDATE (%s) ON %s TO enplan_app, enplan_worker', ending, target);
    END IF;
END $$;

-- IV-11: UU's assessment of whether somebody is in the target group of an offer. The newest counts.
CREATE TABLE intake_assessment (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    catalogue_code   text NOT NULL REFERENCES catalogue_entry (code),
    assessed_on      date NOT NULL,
    assessed_by_id   uuid NOT NULL REFERENCES employee (id),
    in_target_group  boolean NOT NULL,
    reason           text NOT NULL
);
CREATE INDEX intake_assessment_newest ON intake_assessment (young_person_id, catalogue_code, assessed_on DESC, id DESC);
CREATE INDEX intake_assessment_by_offer ON intake_assessment (catalogue_code);
CALL protect('intake_assessment');
-- Nothing is overwritten.
REVOKE UPDATE ON intake_assessment FROM enplan_app, enplan_worker;
CREATE TRIGGER intake_assessment_is_made_by_now BEFORE INSERT ON intake_assessment
    FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('assessed_on');

-- What the newest assessment of UU's says; NULL where there is none.
CREATE FUNCTION newest_assessment(of_person uuid, offer text) RETURNS boolean
LANGUAGE sql STABLE RETURN (SELECT a.in_target_group FROM intake_assessment a
    JOIN unit u ON u.id = a.writing_unit_id AND u.department = 'UU'
    WHERE a.young_person_id = of_person AND a.catalogue_code = offer ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1);

-- The same for whoever starts the offer, also the provider, who does not see the assessment (AC-9).
CREATE FUNCTION is_assessed(of_person uuid, offer text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(newest_assessment(of_person, offer), false)
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = of_person
           AND b.holder_id = ANY (acting_holders()) AND b.valid_from <= acting_now() AND b.valid_to > acting_now())
$$;
GRANT EXECUTE ON FUNCTION is_assessed(uuid, text) TO enplan_app;

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

-- A later planned end, with its reason. The intervention has the last.
CREATE TABLE intervention_extension (
    intervention_id   uuid NOT NULL,
    planned_end       date NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    reason            text NOT NULL,
    extended_on       date NOT NULL,
    PRIMARY KEY (intervention_id, planned_end)
);
CALL protect_as_intervention('intervention_extension');
CALL tell_while_it_runs('intervention_extension');

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

-- IV-6 at a SQL prompt too: outside an offer's ages or usual length, as it is planned or as it really began,
-- there is a reason; what was extended has that of the extension. At commit: an extension is kept after it.
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

-- IV-9: what somebody was on a day of an intervention that has started. Told again, it is corrected.
CREATE TABLE attendance (
    intervention_id   uuid NOT NULL,
    on_day            date NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    presence          text NOT NULL CONSTRAINT attendance_presence_known CHECK (presence IN ('present', 'excused', 'absent')),
    last_told_on      date DEFAULT acting_today(),
    told_by_id        uuid DEFAULT acting_employee(),
    hours             double precision CONSTRAINT attendance_hours CHECK (hours BETWEEN 0.25 AND 24 AND hours * 4 = trunc(hours * 4)),
    PRIMARY KEY (intervention_id, on_day),
    CONSTRAINT attendance_hours_of_presence CHECK (hours IS NULL OR presence = 'present')
);
COMMENT ON COLUMN attendance.last_told_on IS 'Since when it is told so; NULL: since the day itself.';
COMMENT ON COLUMN attendance.told_by_id IS 'The employee who recorded the day first.';
COMMENT ON COLUMN attendance.hours IS 'Quarters of an hour, which add up exactly.';
CALL protect_as_intervention('attendance');

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

-- IV-9: nor does it end before the last day on which somebody came.
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
