-- What a young person's life tells beside the case: school and work (YP-10), where they live (YP-6), and
-- their guardians (YP-9).

-- Full years lived on a day. Born on 29 February, one turns older on 1 March where there is no 29th.
CREATE FUNCTION age_on(birth_date date, day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(year FROM age(day::timestamp, birth_date::timestamp))::integer;
GRANT EXECUTE ON FUNCTION age_on(date, date) TO enplan_app, enplan_worker;

-- The day on which somebody turns so many years old: of a leap day child 1 March, where there is no 29th (YP-7).
CREATE FUNCTION birthday(birth_date date, years integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (birth_date + make_interval(years => years))::date
         + (extract(day FROM birth_date + make_interval(years => years)) < extract(day FROM birth_date))::integer;

-- YP-10: an education, a grade of school, or work, with the days that were told of it.
CREATE TABLE education_and_work (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL,
    name             text,
    place            text NOT NULL,
    grade            smallint,
    weekly_minutes   smallint,
    state            text NOT NULL,
    applied_on       date,
    enrolled_on      date,
    started_on       date,
    ended_on         date,
    source           text NOT NULL CONSTRAINT education_and_work_source_known
                         CHECK (source IN ('young-person', 'institution', 'register', 'caseworker')),
    recorded_at      timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    first_day        date NOT NULL GENERATED ALWAYS AS (coalesce(applied_on, enrolled_on, started_on)) STORED,
    -- The rest group's definition: a job counts from 18 hours a week, a spare-time job alone never.
    held             daterange GENERATED ALWAYS AS (
                         CASE WHEN (kind IN ('education', 'school', 'apprenticeship') OR kind = 'job' AND weekly_minutes >= 18 * 60)
                                   AND coalesce(enrolled_on, started_on) IS NOT NULL
                                   AND (ended_on < coalesce(enrolled_on, started_on)) IS NOT TRUE
                              THEN daterange(coalesce(enrolled_on, started_on), ended_on) END) STORED,
    CONSTRAINT education_and_work_kind_columns CHECK (CASE kind
        WHEN 'education' THEN name IS NOT NULL AND num_nonnulls(grade, weekly_minutes) = 0
        WHEN 'school' THEN num_nonnulls(name, weekly_minutes) = 0 AND grade IS NOT NULL AND grade BETWEEN 7 AND 10
        WHEN 'apprenticeship' THEN num_nonnulls(name, weekly_minutes) = 2 AND grade IS NULL
        WHEN 'job' THEN num_nonnulls(name, grade) = 0 AND weekly_minutes IS NOT NULL
        WHEN 'spare-time-job' THEN num_nonnulls(name, grade) = 0 AND weekly_minutes IS NOT NULL
        ELSE false END),
    CONSTRAINT education_and_work_weekly CHECK (weekly_minutes BETWEEN 0 AND 37 * 60),
    CONSTRAINT education_and_work_state_columns CHECK (CASE state
        WHEN 'applied' THEN applied_on IS NOT NULL AND num_nonnulls(enrolled_on, started_on, ended_on) = 0
        WHEN 'enrolled' THEN enrolled_on IS NOT NULL AND num_nonnulls(started_on, ended_on) = 0
        WHEN 'started' THEN started_on IS NOT NULL AND ended_on IS NULL
        WHEN 'completed' THEN num_nonnulls(started_on, ended_on) = 2
        WHEN 'dropped-out' THEN ended_on IS NOT NULL AND num_nonnulls(applied_on, enrolled_on, started_on) > 0
        ELSE false END),
    -- Days follow one another; those that were not told are left out.
    CONSTRAINT "episode.days-contradict" CHECK (applied_on <= least(enrolled_on, started_on, ended_on)
        AND enrolled_on <= least(started_on, ended_on) AND started_on <= ended_on)
);
COMMENT ON COLUMN education_and_work.name IS 'Of the education or the trade.';
COMMENT ON COLUMN education_and_work.place IS 'The institution, the school or the employer; reveals where somebody is (YP-5).';
COMMENT ON COLUMN education_and_work.ended_on IS 'Completed or dropped out: the first day outside it.';
COMMENT ON COLUMN education_and_work.held IS 'TG-1: on these days nobody is neither in education nor in work; NULL: it does not count.';
CREATE INDEX education_and_work_by_young_person ON education_and_work (young_person_id, first_day);
CALL protect('education_and_work', also => '{law}');

-- A day that was told stays, and what has ended has ended.
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

-- YP-6: where somebody lives, as a step function: each row holds until the next begins.
CREATE TABLE residence (
    id                uuid PRIMARY KEY,
    young_person_id   uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    from_day          date NOT NULL,
    information_area  information_area NOT NULL DEFAULT 2,
    writing_unit_id   uuid NOT NULL REFERENCES unit (id),
    municipality_code text CONSTRAINT residence_municipality_form CHECK (municipality_code ~ '^[0-9]{4}$'),
    country_code      text CONSTRAINT residence_country_form CHECK (country_code ~ '^[A-Z]{2}$' AND country_code <> 'DK'),
    address           text,
    source            text NOT NULL CONSTRAINT residence_source_known
                          CHECK (source IN ('young-person', 'institution', 'register', 'caseworker')),
    recorded_at       timestamptz NOT NULL,
    CONSTRAINT "residence.already-told" UNIQUE (young_person_id, from_day),
    CONSTRAINT residence_somewhere CHECK (num_nonnulls(municipality_code, country_code) = 1)
);
COMMENT ON COLUMN residence.municipality_code IS 'In Denmark; else the country.';
COMMENT ON COLUMN residence.address IS 'Reveals where somebody is: in no list, event or message (YP-5).';
CALL protect('residence');
-- A step function is only ever added to.
REVOKE UPDATE ON residence FROM enplan_app, enplan_worker;

-- YP-9: who has a say, or is to be spoken with, while the young person is under 18.
CREATE TABLE guardian (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    name             text NOT NULL,
    relation         text NOT NULL CONSTRAINT guardian_relation_known CHECK (relation IN
                         ('mother', 'father', 'co-parent', 'step-parent', 'foster-parent', 'relative', 'appointed', 'other')),
    has_custody      boolean NOT NULL,
    telephone        text,
    email            text,
    from_day         date NOT NULL,
    to_day           date,
    told_at          timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT guardian_period CHECK (from_day <= to_day)
);
COMMENT ON COLUMN guardian.to_day IS 'The last day; NULL: until the young person is of age.';
COMMENT ON COLUMN guardian.told_at IS 'When it was written, or last changed: while the young person was under 18.';
CREATE INDEX guardian_by_young_person ON guardian (young_person_id, from_day);
CALL protect('guardian');

CREATE FUNCTION guardian_of_a_minor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM young_person y WHERE y.id = NEW.young_person_id
               AND age_on(y.birth_date, (NEW.told_at AT TIME ZONE 'Europe/Copenhagen')::date) >= 18) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'guardian.of-age', MESSAGE = 'the young person is of age';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guardian_of_a_minor BEFORE INSERT OR UPDATE OF told_at ON guardian
    FOR EACH ROW EXECUTE FUNCTION guardian_of_a_minor();
