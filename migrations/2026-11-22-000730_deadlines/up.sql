-- Deadlines as data, and the tasks that follow from them as a level (DL-1 to DL-6): what stands is derived from
-- what was told, whenever it is asked; what is told of it (a task, its rising) is kept, once. With absence and
-- drop-out (AB-1), the gap list (AB-2) and the two clocks of 15-17-year-olds (HL-9).

-- DL-6: Easter Sunday, by the algorithm of Meeus, Jones and Butcher.
CREATE FUNCTION easter(year integer) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    a integer := year % 19;
    b integer := year / 100;
    c integer := year % 100;
    h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    n integer := h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
BEGIN
    RETURN make_date(year, n / 31, n % 31 + 1);
END $$;

-- The same as `domain::calendar::is_working_day`; a test holds the two against each other, day by day.
CREATE FUNCTION is_working_day(day date) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(isodow FROM day) < 6
       AND to_char(day, 'MM-DD') NOT IN ('01-01', '06-05', '12-24', '12-25', '12-26', '12-31')
       AND day - easter(extract(year FROM day)::integer) NOT IN (-3, -2, 1, 39, 50)
       AND (day - easter(extract(year FROM day)::integer) <> 26 OR extract(year FROM day) >= 2024);

CREATE FUNCTION add_working_days(from_day date, days integer) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    day date := from_day;
    remaining integer := days;
BEGIN
    WHILE remaining > 0 LOOP
        day := day + 1;
        IF is_working_day(day) THEN
            remaining := remaining - 1;
        END IF;
    END LOOP;
    RETURN day;
END $$;

-- DL-1. Law moves: each row holds for what begins on its days.
CREATE TABLE deadline_rule (
    code         text NOT NULL,
    valid_from   date NOT NULL,
    valid_to     date,
    rule         text NOT NULL,
    starts_from  text NOT NULL CONSTRAINT deadline_rule_starts_known CHECK (starts_from IN ('benefit', 'intervention-started',
                     'plan-activated', 'something-started-in-a-draft', 'second-unit-joined', 'plan-closed', 'group-left', 'moved-out',
                     'place-offered', 'number-contested', 'plan-not-followed', 'young-person-contacted', 'absence', 'nothing-agreed', 'past-due',
                     'transition-need', 'need-to-judge', 'need-exempted', 'responsibility-agreed', 'school-ends',
                     'pregnancy-known', 'birth')),
    of           text[] NOT NULL DEFAULT '{}',
    asked_after  integer NOT NULL DEFAULT 0 CONSTRAINT deadline_rule_asked_after CHECK (asked_after BETWEEN 0 AND 3650),
    length       integer NOT NULL CONSTRAINT deadline_rule_length CHECK (length BETWEEN 1 AND 3650),
    unit         text NOT NULL CONSTRAINT deadline_rule_unit_known CHECK (unit IN ('working-days', 'days', 'weeks', 'months')),
    whose        text NOT NULL CONSTRAINT deadline_rule_whose_known CHECK (whose IN ('coordinator', 'institution', 'uu', 'team-leader',
                     'sender', 'receiver', 'director')),
    act          text,
    source       text NOT NULL,
    PRIMARY KEY (code, valid_from),
    CONSTRAINT deadline_rule_one_at_a_time EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON COLUMN deadline_rule.code IS 'The kind of the task; of DL-5, how long it is past due before it rises.';
COMMENT ON COLUMN deadline_rule.of IS 'Of which benefits, or offers of the catalogue.';
COMMENT ON COLUMN deadline_rule.asked_after IS 'Days that pass before it is asked for; its length runs from then on.';
COMMENT ON COLUMN deadline_rule.act IS 'The operation that ends it; NULL: it is ticked.';
COMMENT ON COLUMN deadline_rule.source IS 'Of the dossier, or chosen.';
CALL keep_in_calendar('deadline_rule');
GRANT SELECT ON deadline_rule TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON deadline_rule TO enplan_worker;

INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, asked_after, length, unit, whose, act, source) VALUES
    ('hold-first-conversation', '2000-01-01', 'DL-1', 'benefit', '{uddannelseshjaelp}', 0, 7, 'days', 'coordinator', 'writeConversation', 'S2'),
    ('call-sick-listed', '2000-01-01', 'DL-1', 'benefit', '{sygedagpenge}', 0, 5, 'working-days', 'coordinator', 'writeConversation', 'S1'),
    ('start-internship', '2000-01-01', 'DL-1', 'intervention-started', '{jobigen}', 0, 1, 'months', 'coordinator', 'startIntervention', 'S0'),
    ('take-state', '2000-01-01', 'PL-8', 'plan-closed', '{}', 0, 6, 'months', 'coordinator', 'takeState', 'S1'),
    ('take-group-state', '2000-01-01', 'PL-8', 'group-left', '{}', 0, 6, 'months', 'coordinator', 'takeState', 'S1'),
    ('hold-review', '2000-01-01', 'PL-5', 'plan-activated', '{}', 0, 26, 'weeks', 'coordinator', 'holdReview', 'chosen'),
    ('measure-indicators', '2000-01-01', 'PL-12', 'plan-activated', '{}', 0, 26, 'weeks', 'coordinator', 'measureIndicators', 'chosen'),
    ('activate-plan', '2000-01-01', 'IV-4', 'something-started-in-a-draft', '{}', 0, 4, 'weeks', 'coordinator', 'activatePlan', 'chosen'),
    ('offer-contact-person', '2000-01-01', 'PL-2', 'second-unit-joined', '{}', 0, 5, 'working-days', 'coordinator', 'setContactPerson', 'chosen'),
    ('hand-over', '2000-01-01', 'YP-6', 'moved-out', '{}', 0, 5, 'working-days', 'coordinator', NULL, 'chosen'),
    ('answer-offer', '2000-01-01', 'IV-3', 'place-offered', '{}', 0, 5, 'working-days', 'coordinator', 'startIntervention', 'chosen'),
    ('contact-young-person', '2019-08-01', 'HL-9', 'plan-not-followed', '{}', 0, 5, 'working-days', 'coordinator', 'writeConversation', 'KUI § 2 a'),
    ('start-activity', '2019-08-01', 'HL-9', 'young-person-contacted', '{}', 0, 30, 'days', 'coordinator', 'startIntervention', 'KUI § 2 a'),
    ('contact-absent', '2000-01-01', 'AB-1', 'absence', '{}', 0, 2, 'working-days', 'institution', NULL, 'S2; length chosen'),
    ('answer-absence', '2000-01-01', 'AB-1', 'absence', '{}', 14, 5, 'working-days', 'coordinator', 'writeConversation', 'S2; length chosen'),
    ('guide-absentee', '2000-01-01', 'AB-1', 'absence', '{}', 14, 5, 'working-days', 'uu', 'writeConversation', 'S2; length chosen'),
    ('check-number', '2000-01-01', 'YP-2', 'number-contested', '{}', 0, 7, 'days', 'coordinator', NULL, 'chosen'),
    ('close-gap', '2000-01-01', 'AB-2', 'nothing-agreed', '{}', 14, 5, 'working-days', 'coordinator', 'referIntervention', 'chosen'),
    ('raise-overdue', '2000-01-01', 'DL-5', 'past-due', '{}', 0, 3, 'working-days', 'team-leader', NULL, 'chosen');

-- The day by which what begins on `from_day` is to be done. NULL: no rule of that day asks for it.
CREATE FUNCTION deadline_of(asked text, from_day date) RETURNS date LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT CASE r.unit
        WHEN 'working-days' THEN add_working_days(from_day, r.length)
        WHEN 'days' THEN from_day + r.length
        WHEN 'weeks' THEN from_day + 7 * r.length
        ELSE (from_day + make_interval(months => r.length))::date END
      FROM deadline_rule r WHERE r.code = asked AND daterange(r.valid_from, r.valid_to, '[]') @> from_day
$$;
GRANT EXECUTE ON FUNCTION easter(integer), is_working_day(date), add_working_days(date, integer), deadline_of(text, date)
    TO enplan_app, enplan_worker;

-- AC-19, YP-2: creates the task to check a number that another young person also received, in the case of the young person who
-- had it first.
CREATE FUNCTION ask_to_check_number(task_id uuid, given uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
    SELECT task_id, y.id, 1, y.writing_unit_id, 'check-number', y.id, task_holder(y.id), deadline_of('check-number', acting_today()), acting_now()
      FROM person_identifier g JOIN person_identifier n ON n.digest = g.digest AND NOT n.contested
      JOIN young_person y ON y.id = n.young_person_id
     WHERE g.id = given AND g.contested
        ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION ask_to_check_number(uuid, uuid) TO enplan_worker;

-- DL-6: when schools are closed, as each municipality decides it.
CREATE TABLE school_holiday (
    municipality_code text NOT NULL CONSTRAINT school_holiday_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    from_day          date NOT NULL,
    to_day            date NOT NULL,
    name              text NOT NULL,
    PRIMARY KEY (municipality_code, from_day),
    CONSTRAINT school_holiday_period CHECK (from_day <= to_day)
);
COMMENT ON COLUMN school_holiday.to_day IS 'The last day.';
CALL keep_in_calendar('school_holiday');
GRANT SELECT ON school_holiday TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON school_holiday TO enplan_worker;

-- AB-1: an absence as the institution tells it: when it was, and when it was told. Part of the intervention.
CREATE TABLE absence (
    id                uuid PRIMARY KEY,
    intervention_id   uuid NOT NULL,
    young_person_id   uuid NOT NULL,
    information_area  information_area NOT NULL,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    providing_unit_id uuid NOT NULL REFERENCES unit (id),
    from_day          date NOT NULL,
    to_day            date,
    dropped_out_on    date,
    municipality_code text,
    told_on           date NOT NULL,
    last_told_on      date DEFAULT acting_today(),
    told_by_id        uuid NOT NULL REFERENCES employee (id),
    CONSTRAINT absence_once UNIQUE (intervention_id, from_day),
    CONSTRAINT absence_period CHECK (from_day <= to_day),
    CONSTRAINT absence_dropped_out CHECK (dropped_out_on BETWEEN from_day AND coalesce(to_day, dropped_out_on))
);
COMMENT ON COLUMN absence.to_day IS 'The last day; NULL: it goes on, until a day of presence is told.';
COMMENT ON COLUMN absence.dropped_out_on IS 'The day on which they stopped.';
COMMENT ON COLUMN absence.municipality_code IS 'Where they live, if that is another municipality than ours.';
COMMENT ON COLUMN absence.told_on IS 'The day on which it was told first.';
COMMENT ON COLUMN absence.last_told_on IS 'Since when it is told so; NULL: since the day itself.';
CALL protect_as_intervention('absence');
CREATE TRIGGER absence_is_of_a_past_day BEFORE INSERT ON absence FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('from_day');
CREATE TRIGGER absence_ended_by_now BEFORE INSERT OR UPDATE OF to_day ON absence FOR EACH ROW
    WHEN (NEW.to_day IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('to_day');
CREATE TRIGGER absence_dropped_out_by_now BEFORE INSERT OR UPDATE OF dropped_out_on ON absence FOR EACH ROW
    WHEN (NEW.dropped_out_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('dropped_out_on');

CREATE FUNCTION absence_of_what_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id AND i.state = 'started' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.step-not-allowed', MESSAGE = 'it does not run';
    END IF;
    PERFORM FROM intervention i WHERE i.id = NEW.intervention_id AND NEW.from_day >= i.started_on;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.day-out-of-range', MESSAGE = 'before it began';
    END IF;
    SELECT r.municipality_code INTO NEW.municipality_code FROM residence r
     WHERE r.young_person_id = NEW.young_person_id AND r.from_day <= NEW.from_day ORDER BY r.from_day DESC LIMIT 1;
    IF EXISTS (SELECT FROM installation o WHERE o.municipality_code = NEW.municipality_code) THEN
        NEW.municipality_code := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER absence_of_what_runs BEFORE INSERT ON absence FOR EACH ROW EXECUTE FUNCTION absence_of_what_runs();

-- AB-1: the absences of an intervention. Attendance that was told to be absent (IV-9) is part of them, and a day of presence
-- ends what goes on.
CREATE FUNCTION absences_told(of_intervention uuid)
RETURNS TABLE (from_day date, last_day date, dropped_out_on date, told_on date, last_told_on date, goes_on boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.from_day, coalesce(a.to_day, came.before, acting_today()), a.dropped_out_on, a.told_on, a.last_told_on,
           coalesce(a.to_day, came.before) IS NULL
      FROM absence a
     CROSS JOIN LATERAL (SELECT min(p.on_day) - 1 AS before FROM attendance p
          WHERE p.intervention_id = a.intervention_id AND p.presence = 'present' AND p.on_day > a.from_day) came
     WHERE a.intervention_id = of_intervention
    UNION ALL
    SELECT p.on_day, p.on_day, NULL, NULL, p.last_told_on, false FROM attendance p
     WHERE p.intervention_id = of_intervention AND p.presence = 'absent'
$$;

-- The first day on which it was known that somebody stayed away from a day to another.
CREATE FUNCTION absence_known_on(of_intervention uuid, from_day date, to_day date) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT greatest(to_day, max(d.known_on))
      FROM (SELECT min(coalesce(t.last_told_on, t.from_day)) AS known_on
              FROM absences_told(of_intervention) t
             CROSS JOIN LATERAL generate_series(greatest(t.from_day, absence_known_on.from_day), least(t.last_day, absence_known_on.to_day), '1 day') away
             GROUP BY away) d
$$;

-- AB-1: spells that touch or overlap are one; days on which nobody works stand between none.
CREATE FUNCTION absence_spells(of_intervention uuid)
RETURNS TABLE (during daterange, last_day date, dropped_out_on date, told_on date, goes_on boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH told AS (
        SELECT * FROM absences_told(of_intervention)
    ), spell AS (
        SELECT unnest(range_agg(daterange(t.from_day, add_working_days(t.last_day, 1)))) AS days FROM told t
    )
    SELECT s.days, max(t.last_day), min(t.dropped_out_on), min(t.told_on), bool_or(t.goes_on)
      FROM spell s JOIN told t ON t.from_day <@ s.days GROUP BY s.days
$$;

-- AB-2: "periodic exemption".
CREATE TABLE plan_exemption (
    id               uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    reason           text NOT NULL,
    from_day         date NOT NULL,
    to_day           date NOT NULL,
    given_by_id      uuid NOT NULL REFERENCES employee (id),
    given_at         timestamptz NOT NULL,
    FOREIGN KEY (plan_id, young_person_id) REFERENCES plan (id, young_person_id) ON UPDATE CASCADE,
    -- 26 weeks at most (chosen): so often a plan is reviewed.
    CONSTRAINT "plan.exemption-out-of-range" CHECK (to_day BETWEEN from_day AND from_day + 182)
);
COMMENT ON COLUMN plan_exemption.to_day IS 'The last day.';
CREATE INDEX plan_exemption_by_plan ON plan_exemption (plan_id, to_day);
CREATE INDEX plan_exemption_by_young_person ON plan_exemption (young_person_id);
CALL protect('plan_exemption');
REVOKE UPDATE ON plan_exemption FROM enplan_app, enplan_worker;
CREATE TRIGGER plan_exemption_in_open_plan BEFORE INSERT ON plan_exemption FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER plan_exemption_from_now BEFORE INSERT ON plan_exemption FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('from_day');

-- HL-9: a 15-17-year-old does not follow the plan. What ends the clocks is told elsewhere.
CREATE TABLE activity_clock (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    contact_id       uuid REFERENCES hotline_contact (id),
    from_day         date NOT NULL,
    started_by_id    uuid NOT NULL REFERENCES employee (id),
    started_at       timestamptz NOT NULL
);
COMMENT ON COLUMN activity_clock.contact_id IS 'The contact that told of it; NULL: somebody who works the case did.';
CREATE INDEX activity_clock_by_contact ON activity_clock (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_clock_by_young_person ON activity_clock (young_person_id, from_day);
CALL protect('activity_clock');
REVOKE UPDATE ON activity_clock FROM enplan_app, enplan_worker;
CREATE TRIGGER activity_clock_of_a_past_day BEFORE INSERT ON activity_clock FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('from_day');

-- When a day begins.
CREATE FUNCTION start_of(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN day::timestamp AT TIME ZONE 'Europe/Copenhagen';

-- When somebody spoke with a young person first, from a moment on; with somebody of these units, or of any. A letter is none.
CREATE FUNCTION spoken_with(person uuid, from_at timestamptz, units uuid[]) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT min(j.took_place_at) FROM journal_entry j
     WHERE j.young_person_id = person AND j.kind = 'conversation' AND j.young_person_took_part AND j.form <> 'letter'
       AND j.took_place_at >= from_at AND (units IS NULL OR j.writing_unit_id = ANY (units))
$$;

-- HL-9: the first activity that began from a day on: an intervention, an education or work.
CREATE FUNCTION active_from(person uuid, from_day date) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least((SELECT min(i.started_on) FROM intervention i WHERE i.young_person_id = person AND i.started_on >= from_day),
                 (SELECT min(w.started_on) FROM education_and_work w WHERE w.young_person_id = person AND w.started_on >= from_day))
$$;

-- HL-9: clocks, with the moment of the contact and the day of the activity, which may begin before they speak. Those of a
-- contact that is tied to somebody else by now are nobody's.
CREATE VIEW clock_of_activity AS
    SELECT c.id, c.young_person_id, c.information_area, c.writing_unit_id, c.from_day, spoken.at AS spoken_at,
           (spoken.at AT TIME ZONE 'Europe/Copenhagen')::date AS spoken_on, active.day AS active_on, spoken.at IS NULL OR active.day IS NULL AS runs
      FROM activity_clock c
      LEFT JOIN hotline_contact h ON h.id = c.contact_id
     CROSS JOIN LATERAL spoken_with(c.young_person_id, coalesce(h.called_at, start_of(c.from_day)), NULL) spoken (at)
     CROSS JOIN LATERAL active_from(c.young_person_id, c.from_day) active (day)
     WHERE c.contact_id IS NULL OR h.young_person_id = c.young_person_id;

-- HL-9: of those alone whom the law means, and one at a time. The young person is locked by an update first.
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

-- The unit that has the case: that of the open plan, else the one that registered the young person.
CREATE FUNCTION case_unit(person uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT p.writing_unit_id FROM plan p WHERE p.young_person_id = person AND p.state <> 'closed'),
                    (SELECT y.writing_unit_id FROM young_person y WHERE y.id = person))
$$;

-- The units that have or had the case.
CREATE FUNCTION case_units(person uuid) RETURNS uuid[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(u.writing_unit_id) FROM (SELECT y.writing_unit_id FROM young_person y WHERE y.id = person
                                               UNION SELECT p.writing_unit_id FROM plan p WHERE p.young_person_id = person) u
$$;

-- AB-1: who of UU takes the signal: who takes part in the plan, else the unit that takes such signals.
CREATE FUNCTION guidance_for(of_plan uuid) RETURNS TABLE (unit_id uuid, employee_id uuid)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.unit_id, g.employee_id FROM (
        SELECT m.unit_id, m.employee_id, m.joined_at FROM plan_participant m JOIN unit u ON u.id = m.unit_id AND u.department = 'UU'
         WHERE m.plan_id = of_plan AND m.left_at IS NULL
        UNION ALL SELECT u.id, NULL, 'infinity' FROM unit u WHERE u.takes_absence_signals) g
     ORDER BY g.joined_at, g.unit_id LIMIT 1
$$;

-- AB-2: since when an active plan has nothing running or agreed; since when that is asked about (exemptions
-- counted); and when something was agreed after all.
CREATE FUNCTION plan_gap(of_plan uuid, OUT gap_from date, OUT asked_on date, OUT met_at timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.gap_from, greatest(g.gap_from + r.asked_after, (SELECT max(x.to_day) + 1 FROM plan_exemption x
             WHERE x.plan_id = of_plan AND x.to_day >= g.gap_from)), g.agreed_at
      FROM (
        -- The last that ended, also before the plan was activated: nobody drops out meanwhile.
        SELECT coalesce(max(CASE i.state
                   WHEN 'declined' THEN i.declined_on
                   WHEN 'withdrawn' THEN (SELECT (min(h.since) AT TIME ZONE 'Europe/Copenhagen')::date
                                            FROM intervention_history h WHERE h.id = i.id AND h.state = 'withdrawn')
                   ELSE i.ended_on END), (p.activated_at AT TIME ZONE 'Europe/Copenhagen')::date) AS gap_from,
               min(i.referred_at) FILTER (WHERE i.state IN ('referred', 'waiting', 'offered', 'started')) AS agreed_at
          FROM plan p LEFT JOIN intervention i ON i.plan_id = p.id
         WHERE p.id = of_plan AND p.state = 'active' GROUP BY p.activated_at) g
      JOIN deadline_rule r ON r.code = 'close-gap' AND daterange(r.valid_from, r.valid_to, '[]') @> g.gap_from
     WHERE (g.agreed_at AT TIME ZONE 'Europe/Copenhagen')::date <= g.gap_from IS NOT TRUE
$$;

-- DL-3: every deadline that stands, as what is told stands now, of the young people `y` for whom `whom` holds. Each has
-- the days on which it is one and the same (`during`), the day from which on its length runs, the day from which on it is
-- asked for, and when its act happened.
CREATE FUNCTION case_deadlines_of(whom text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN replace($sql$
    SELECT r.code AS kind, e.id AS subject_id, y.id AS young_person_id, 4 AS information_area, u.unit AS writing_unit_id,
           y.id AS about, NULL::uuid AS named_id, daterange(NULL, NULL) AS during, e.from_day AS occasion,
           e.from_day AS runs_from, e.from_day AS asked_on, spoken_with(y.id, start_of(e.from_day), case_units(y.id)) AS met_at
      FROM young_person y
      JOIN benefit_episode e ON e.young_person_id = y.id AND e.from_day <= acting_today()
           -- What began more than eight weeks (chosen) before it was told is history.
           AND e.from_day >= (e.recorded_at AT TIME ZONE 'Europe/Copenhagen')::date - 56
           AND (e.to_day >= acting_today()) IS NOT FALSE
      JOIN deadline_rule r ON r.starts_from = 'benefit' AND e.kind = ANY (r.of) AND daterange(r.valid_from, r.valid_to, '[]') @> e.from_day
     CROSS JOIN LATERAL (SELECT case_unit(y.id) AS unit) u
     WHERE <whom> AND NOT EXISTS (SELECT FROM benefit_episode b
        WHERE b.young_person_id = y.id AND b.kind = e.kind AND b.to_day = e.from_day - 1)
    UNION ALL
    SELECT r.code, i.id, y.id, i.information_area, i.writing_unit_id, i.id, NULL, daterange(NULL, NULL),
           i.started_on, i.started_on, i.started_on,
           (SELECT start_of(min(w.started_on)) FROM intervention w
              JOIN catalogue_entry c ON c.code = w.catalogue_code AND c.company_oriented
             WHERE w.young_person_id = y.id AND w.started_on >= i.started_on)
      FROM young_person y
      JOIN intervention i ON i.young_person_id = y.id AND i.state = 'started' AND i.started_on <= acting_today()
      JOIN deadline_rule r ON r.starts_from = 'intervention-started' AND i.catalogue_code = ANY (r.of)
           AND daterange(r.valid_from, r.valid_to, '[]') @> i.started_on
     WHERE <whom>
    UNION ALL
    SELECT k.kind, c.id, y.id, c.information_area, c.writing_unit_id, y.id, NULL, daterange(NULL, NULL),
           c.from_day, k.runs_from, k.runs_from, k.met_at
      FROM young_person y
      JOIN clock_of_activity c ON c.young_person_id = y.id
     CROSS JOIN LATERAL (VALUES
        ('contact-young-person', c.from_day, c.spoken_at),
        ('start-activity', c.spoken_on, start_of(c.active_on))) k (kind, runs_from, met_at)
     WHERE <whom> AND k.runs_from IS NOT NULL AND (k.met_at IS NOT NULL OR age_on(y.birth_date, acting_today()) < 18)
    UNION ALL
    SELECT k.kind, i.id, y.id, i.information_area, k.unit_id, k.about, k.named_id, s.during, lower(s.during), known.day, known.day,
           CASE WHEN k.kind <> 'contact-absent' THEN spoken_with(y.id, start_of(known.day), k.spoken_by) END
      FROM young_person y
      JOIN intervention i ON i.young_person_id = y.id AND i.started_on IS NOT NULL
           AND (EXISTS (SELECT FROM absence a WHERE a.intervention_id = i.id)
                OR EXISTS (SELECT FROM attendance a WHERE a.intervention_id = i.id AND a.presence = 'absent'))
      JOIN plan p ON p.id = i.plan_id AND (p.state <> 'closed' OR i.carried_on_by_id IS NOT NULL)
      JOIN unit provider ON provider.id = i.providing_unit_id
      JOIN unit own ON own.id = coalesce(i.carried_on_by_id, p.writing_unit_id)
     CROSS JOIN LATERAL absence_spells(i.id) s
     CROSS JOIN LATERAL (
        SELECT 'contact-absent' AS kind, provider.id AS unit_id, NULL::uuid AS about, NULL::uuid AS named_id, NULL::uuid[] AS spoken_by,
               greatest(early.last + 1, absence_known_on(i.id, lower(s.during), early.last)) AS known_on
          FROM add_working_days(lower(s.during) - 1, provider.early_absence_days) early (last)
         WHERE provider.early_absence_days IS NOT NULL AND i.state = 'started' AND s.last_day >= early.last
        UNION ALL
        SELECT r.code, u.unit_id, u.about, u.named_id, u.spoken_by, least(long.known_on, (SELECT min(greatest(t.dropped_out_on, t.last_told_on))
                 FROM absences_told(i.id) t WHERE t.dropped_out_on IS NOT NULL AND t.from_day <@ s.during))
          FROM deadline_rule r
         CROSS JOIN LATERAL (
            SELECT coalesce(i.carried_on_by_id, i.writing_unit_id) AS unit_id, i.id AS about, NULL::uuid AS named_id, NULL::uuid[] AS spoken_by
             WHERE r.whose = 'coordinator'
            UNION ALL
            -- UU guides those who stay away from a school or the like and live here.
            SELECT g.unit_id, NULL, g.employee_id, (SELECT array_agg(w.id) FROM unit w WHERE w.department = 'UU')
              FROM guidance_for(p.id) g
             WHERE r.whose = 'uu' AND own.department <> 'UU' AND provider.department = 'institution' AND i.information_area = 4
               AND NOT EXISTS (SELECT FROM absence a WHERE a.intervention_id = i.id AND a.municipality_code IS NOT NULL
                               AND a.from_day <@ s.during)) u
          LEFT JOIN LATERAL (SELECT greatest(reached.day, absence_known_on(i.id, lower(s.during), reached.day - 1)) AS known_on
                FROM (SELECT lower(s.during) + r.asked_after AS day) reached
               WHERE i.state = 'started' AND s.last_day >= reached.day - 1) long ON true
         WHERE r.starts_from = 'absence' AND r.asked_after > 0 AND daterange(r.valid_from, r.valid_to, '[]') @> lower(s.during)) k
     -- Nobody answers before it is known; and what was asked for once is not asked for anew because more is told.
     CROSS JOIN LATERAL (SELECT least(k.known_on, (SELECT min((t.made_at AT TIME ZONE 'Europe/Copenhagen')::date) FROM task t
            WHERE t.subject_id = i.id AND t.kind = k.kind AND t.occasion <@ s.during)) AS day) known
     -- What had been over for more than eight weeks (chosen) when it was told is history.
     WHERE <whom> AND known.day <= s.last_day + 56
    UNION ALL
    SELECT 'close-gap', p.id, y.id, p.information_area, p.writing_unit_id, p.id, NULL, daterange(g.gap_from, NULL),
           g.gap_from, g.asked_on, g.asked_on, g.met_at
      FROM young_person y
      JOIN plan p ON p.young_person_id = y.id AND p.state = 'active'
           AND (NOT EXISTS (SELECT FROM intervention i WHERE i.plan_id = p.id AND i.state IN ('referred', 'waiting', 'offered', 'started'))
                OR EXISTS (SELECT FROM task t WHERE t.kind = 'close-gap' AND t.subject_id = p.id AND t.done_at IS NULL))
     CROSS JOIN LATERAL plan_gap(p.id) g
     WHERE <whom> $sql$, '<whom>', whom);

-- All of them. A capability with deadlines of its own replaces it by a longer one, and calls `make_reckoning`.
CREATE FUNCTION standing_deadlines_of(whom text) RETURNS text LANGUAGE sql IMMUTABLE RETURN case_deadlines_of(whom);

-- Compiling such a statement (jit) takes seconds, running it milliseconds.
-- What is to be done about the tasks, so that they tell what stands: `ask`, `reopen`, `end`, `lapse`, `move`. A task is
-- of what stands on its occasion, however the days around it were moved; one that was ticked stays ticked.
CREATE FUNCTION deadline_changes_of(whom text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format($sql$
    WITH stands AS MATERIALIZED (%1$s), matched AS (
        SELECT s.*, t.id AS task_id, t.done_at, t.ended, t.original_due_on, t.employee_id AS task_of, t.young_person_id AS task_about,
               s.met_at IS NULL AND s.asked_on <= acting_today() AS asks
          FROM stands s
          -- UU's guidance is asked of one unit after the other; where two were asked for what turned out to be one, the first stands.
          LEFT JOIN LATERAL (SELECT * FROM task t WHERE t.kind = s.kind AND t.subject_id = s.subject_id AND t.occasion <@ s.during
                                AND (t.kind <> 'guide-absentee' OR t.writing_unit_id = s.writing_unit_id)
                              ORDER BY t.done_at IS NOT NULL, t.ended <> 'tick', CASE WHEN t.done_at IS NULL THEN t.occasion END,
                                       t.made_at DESC LIMIT 1) t ON true
    ), wanted AS (
        -- Looked up only of what may have to be told.
        SELECT m.*, CASE WHEN m.asks OR m.task_id IS NOT NULL AND m.done_at IS NULL THEN deadline_of(m.kind, m.runs_from) END AS due,
               -- DL-7: the task belongs to the employee who is named for it, if that employee can sign in; otherwise to the
               -- employee who has the case.
               CASE WHEN m.asks OR m.task_id IS NOT NULL AND m.done_at IS NULL
                    THEN coalesce((SELECT e.id FROM employee e WHERE e.id = m.named_id AND e.deactivated_at IS NULL), task_holder(m.about),
                                  CASE WHEN NOT follows_the_case(m.kind)
                                       THEN has_case_of(m.young_person_id, m.writing_unit_id, m.information_area) END) END AS employee_id
          FROM matched m
    )
    SELECT CASE WHEN w.task_id IS NULL THEN 'ask' WHEN w.done_at IS NOT NULL THEN 'reopen' WHEN w.met_at IS NOT NULL THEN 'end'
                WHEN NOT w.asks THEN 'lapse' ELSE 'move' END AS change,
           w.task_id, w.kind, w.subject_id, w.young_person_id, w.information_area, w.writing_unit_id, w.employee_id, w.occasion, w.due, w.met_at
      FROM wanted w
     WHERE CASE WHEN w.task_id IS NULL THEN w.asks AND w.due IS NOT NULL
                WHEN w.done_at IS NOT NULL THEN w.asks AND w.ended <> 'tick' AND w.due IS NOT NULL
                ELSE NOT w.asks OR (w.original_due_on, w.task_of, w.task_about) IS DISTINCT FROM (w.due, w.employee_id, w.young_person_id) END
    UNION ALL
    SELECT 'lapse', t.id, t.kind, t.subject_id, y.id, NULL, NULL, NULL, NULL, NULL, NULL
      FROM task t JOIN young_person y ON y.id = t.young_person_id
     WHERE t.done_at IS NULL AND t.occasion IS NOT NULL AND %2$s
       AND NOT EXISTS (SELECT FROM matched m WHERE m.task_id = t.id) $sql$,
    standing_deadlines_of(whom), whom);

-- Makes from the templates what the round and the acts ask.
CREATE PROCEDURE make_reckoning() LANGUAGE plpgsql AS $do$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION deadline_changes(person uuid) RETURNS TABLE (change text, task_id uuid, kind text, subject_id uuid,
        young_person_id uuid, information_area integer, writing_unit_id uuid, employee_id uuid, occasion date, due date, met_at timestamptz)
        LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET jit = off AS $body$
        #variable_conflict use_column
        BEGIN RETURN QUERY %s; END $body$', deadline_changes_of('y.id = person'));
    -- Of whom something is to be told, as things stand.
    EXECUTE format('CREATE OR REPLACE FUNCTION deadlines_to_reckon() RETURNS TABLE (young_person_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $body$
        SELECT DISTINCT c.young_person_id FROM (%s) c ORDER BY 1 $body$', deadline_changes_of('true'));
END $do$;
CALL make_reckoning();

-- Makes the tasks of a young person tell what stands, once, however many do so at the same moment.
CREATE FUNCTION reckon_deadlines(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('deadlines'), hashtext(person::text));
    FOR c IN SELECT * FROM deadline_changes(person) LOOP
        CASE c.change
        WHEN 'ask' THEN
            c.task_id := gen_random_uuid();
            INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, occasion, employee_id,
                              original_due_on, made_at)
            VALUES (c.task_id, c.young_person_id, c.information_area, c.writing_unit_id, c.kind, c.subject_id, c.occasion, c.employee_id,
                    c.due, acting_now()) ON CONFLICT DO NOTHING;
            IF FOUND AND c.kind IN ('guide-absentee', 'plan-leaving-school') THEN
                PERFORM grant_by_rule(c.kind, c.task_id);
            END IF;
        WHEN 'reopen' THEN
            -- What was broken when it fell away stays counted so (DL-4); what is due ahead may rise anew.
            UPDATE task SET done_at = NULL, ended = NULL, original_due_on = c.due, employee_id = c.employee_id,
                            missed_on = coalesce(missed_on, CASE WHEN (done_at AT TIME ZONE 'Europe/Copenhagen')::date > due_on THEN due_on END),
                            raised_at = CASE WHEN greatest(c.due, exempt_until) < acting_today() THEN raised_at END
             WHERE id = c.task_id AND done_at IS NOT NULL AND ended <> 'tick';
        WHEN 'end' THEN
            UPDATE task SET done_at = c.met_at, ended = 'act' WHERE id = c.task_id AND done_at IS NULL;
        WHEN 'lapse' THEN
            UPDATE task SET done_at = acting_now(), ended = 'lapsed' WHERE id = c.task_id AND done_at IS NULL;
        ELSE
            UPDATE task SET original_due_on = coalesce(c.due, original_due_on), employee_id = c.employee_id,
                            young_person_id = c.young_person_id WHERE id = c.task_id AND done_at IS NULL;
        END CASE;
    END LOOP;
END $$;

-- AB-1: the unit that guides the absentee sees their school and work until the guidance is done.
CREATE FUNCTION guiding_unit(of_task uuid)
RETURNS TABLE (young_person_id uuid, holder_id uuid, giver_id uuid, until timestamptz, own_recording boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.young_person_id, t.writing_unit_id, NULL::uuid, 'infinity'::timestamptz,
           (SELECT coalesce(bool_and(works_for(r.by_id, t.writing_unit_id)), true)
              FROM (SELECT a.told_by_id AS by_id FROM absence a WHERE a.intervention_id = t.subject_id
                    UNION ALL
                    SELECT a.told_by_id FROM attendance a WHERE a.intervention_id = t.subject_id AND a.presence = 'absent') r)
      FROM task t WHERE t.id = of_task AND t.kind = 'guide-absentee' AND t.done_at IS NULL
$$;
INSERT INTO access_rule (code, valid_from, receivers, kind, areas, legal_basis, reason, source) VALUES
    ('guide-absentee', '2000-01-01', 'guiding_unit', 'law', 5, 'KUI-loven', 'Fravær eller frafald er meldt.', 'AB-1');
CREATE FUNCTION guidance_is_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE access_basis SET valid_to = greatest(acting_now(), valid_from)
     WHERE source_id = NEW.id AND kind = 'law' AND valid_to > acting_now();
    RETURN NULL;
END $$;
CREATE TRIGGER guidance_is_over AFTER UPDATE OF done_at ON task FOR EACH ROW
    WHEN (NEW.kind IN ('guide-absentee', 'plan-leaving-school') AND NEW.done_at IS NOT NULL AND OLD.done_at IS NULL) EXECUTE FUNCTION guidance_is_over();

-- HL-9: a contact about a 15-17-year-old who does not follow the plan starts the clocks, from the day of the call on; as
-- the case's, whom the hotline does not see. Gives the clock that runs for them, a new one or the one that ran; NULL: the law
-- means others, or the acting do not see such a contact.
CREATE FUNCTION start_clocks_of_contact(clock_id uuid, of_contact uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    contact hotline_contact;
    called  date;
    years   integer;
    running uuid;
BEGIN
    SELECT * INTO contact FROM hotline_contact c WHERE c.id = of_contact AND c.plan_not_followed AND sees_contact(c.id);
    called := (contact.called_at AT TIME ZONE 'Europe/Copenhagen')::date;
    UPDATE young_person SET version = version WHERE id = contact.young_person_id RETURNING age_on(birth_date, called) INTO years;
    IF years IS NULL OR years NOT BETWEEN 15 AND 17 THEN
        RETURN NULL;
    END IF;
    SELECT c.id INTO running FROM clock_of_activity c WHERE c.young_person_id = contact.young_person_id AND c.runs LIMIT 1;
    IF running IS NOT NULL THEN
        RETURN running;
    END IF;
    INSERT INTO activity_clock (id, young_person_id, writing_unit_id, contact_id, from_day, started_by_id, started_at)
    VALUES (clock_id, contact.young_person_id, case_unit(contact.young_person_id), of_contact, called, acting_employee(), acting_now());
    PERFORM reckon_deadlines(contact.young_person_id);
    RETURN clock_id;
END $$;
GRANT EXECUTE ON FUNCTION start_clocks_of_contact(uuid, uuid) TO enplan_worker;

-- As `reckon_deadlines`, for the round of due jobs: whom somebody else is changing is left to the next one.
CREATE FUNCTION reckon_due_deadlines(person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM young_person WHERE id = person FOR KEY SHARE SKIP LOCKED;
    IF NOT FOUND OR NOT pg_try_advisory_xact_lock(hashtext('deadlines'), hashtext(person::text)) THEN
        RETURN false;
    END IF;
    PERFORM reckon_deadlines(person);
    RETURN true;
END $$;

-- DL-5: what is so long past due rises, once. Gives what rose, at most `lim`.
CREATE FUNCTION raise_overdue(lim integer) RETURNS TABLE (id uuid, young_person_id uuid, kind text, due_on date)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task k SET raised_at = acting_now()
     WHERE k.raised_at IS NULL AND k.done_at IS NULL AND k.id IN (
        SELECT t.id FROM task t WHERE t.done_at IS NULL AND t.raised_at IS NULL AND t.due_on < acting_today()
           AND deadline_of('raise-overdue', t.due_on) <= acting_today()
            -- TM-9: the same day.
            OR t.done_at IS NULL AND t.raised_at IS NULL AND t.due_on <= acting_today() AND t.kind IN ('accept-responsibility', 'press-for-acceptance')
         ORDER BY t.id LIMIT lim FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING k.id, k.young_person_id, k.kind, k.due_on
$$;
GRANT EXECUTE ON FUNCTION reckon_deadlines(uuid) TO enplan_app, enplan_worker;
GRANT EXECUTE ON FUNCTION deadlines_to_reckon(), reckon_due_deadlines(uuid), raise_overdue(integer) TO enplan_worker;

-- DL-5: was it kept or broken? NULL: it is open and not past due, or fell away before it was, or tells somebody something.
CREATE FUNCTION is_kept(t task) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN t.kind = 'hotline-notice' THEN NULL
        WHEN t.missed_on IS NOT NULL OR coalesce((t.done_at AT TIME ZONE 'Europe/Copenhagen')::date, acting_today()) > t.due_on THEN false
        WHEN t.ended IN ('act', 'tick') THEN true END
$$;

DO $do$
BEGIN
    -- Deadlines of what a unit wrote, by the month in which they were due and by kind. Numbers are told where the caller
    -- sees each of those kept (or broken) anyhow, or where 5 or more (AC-8, chosen) are hidden.
    EXECUTE format($function$
CREATE FUNCTION unit_deadlines(asked_unit uuid, first_month date, last_month date)
RETURNS TABLE (month date, kind text, kept integer, broken integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    SELECT n.month, n.kind, CASE WHEN n.told THEN n.kept END, CASE WHEN n.told THEN n.broken END
      FROM (SELECT date_trunc('month', due.day)::date AS month, t.kind,
                   count(*) FILTER (WHERE k.kept)::integer AS kept, count(*) FILTER (WHERE NOT k.kept)::integer AS broken,
                   count(*) FILTER (WHERE k.kept AND NOT %1$s) NOT BETWEEN 1 AND 4
                   AND count(*) FILTER (WHERE NOT k.kept AND NOT %1$s) NOT BETWEEN 1 AND 4 AS told
              FROM task t CROSS JOIN LATERAL is_kept(t) k (kept) CROSS JOIN LATERAL coalesce(t.missed_on, t.due_on) due (day)
             WHERE t.writing_unit_id = asked_unit AND k.kept IS NOT NULL AND acting_role_reads(fact_of_task(t.kind, t.information_area))
               AND due.day >= first_month AND due.day < last_month + interval '1 month'
             GROUP BY 1, 2) n
     WHERE asked_unit = ANY (acting_holders())
     ORDER BY 1, 2
$body$ $function$, '(' || may_see('t', 't.young_person_id') || ' AND ' || reads_task('t') || ')');

    -- AB-2: active plans with nothing running or agreed for so long, the longest first, `lim` of them after the day
    -- and the plan of the last one seen.
    EXECUTE format($function$
CREATE FUNCTION list_gaps(after_day date, after_id uuid, lim integer)
RETURNS TABLE (plan_id uuid, young_person_id uuid, basis_id uuid, areas integer, given_name text, family_name text,
               gap_from date, asked_on date, employee_id uuid, employee_name text)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT g.id, g.young_person_id, g.basis_id, g.areas, y.given_name, y.family_name, g.gap_from, g.asked_on, g.coordinator,
           w.given_name || ' ' || w.family_name
      FROM (SELECT p.*, a.*, gap.*, coordinator_of(p.id) AS coordinator
              FROM (SELECT DISTINCT b.young_person_id AS who FROM access_basis b WHERE %4$s) mine
              JOIN plan p ON p.young_person_id = mine.who AND p.state = 'active'
              JOIN LATERAL %1$s a ON true
             CROSS JOIN LATERAL plan_gap(p.id) gap
             WHERE %2$s AND gap.met_at IS NULL AND gap.asked_on <= acting_today() AND (gap.gap_from, p.id) > (after_day, after_id)
             ORDER BY gap.gap_from, p.id LIMIT lim) g
      LEFT JOIN young_person y ON y.id = g.young_person_id AND %3$s
      LEFT JOIN employee w ON w.id = g.coordinator
     ORDER BY g.gap_from, g.id;
END $body$ $function$, bases_of('p.young_person_id'), may_see_in_view('p', 'a'), may_see_in_view('y', 'g'), basis_is_mine('b'));
END $do$;
GRANT EXECUTE ON FUNCTION unit_deadlines(uuid, date, date), list_gaps(date, uuid, integer), absences_told(uuid), absence_spells(uuid) TO enplan_app;
