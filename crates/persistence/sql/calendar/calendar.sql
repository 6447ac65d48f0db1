-- Refuses a row if the day in the column (the argument of the trigger) is after today, or if the current time is not set.
CREATE FUNCTION day_is_not_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::date > acting_today() IS NOT FALSE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = format('%s_%s_not_ahead', TG_TABLE_NAME, TG_ARGV[0]),
            MESSAGE = 'a day that is not there yet';
    END IF;
    RETURN NEW;
END $$;

-- The time at which a day begins in Denmark.
CREATE FUNCTION start_of(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN day::timestamp AT TIME ZONE 'Europe/Copenhagen';

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
GRANT EXECUTE ON FUNCTION easter(integer) TO enplan_app, enplan_worker;

-- DL-6: the same as `domain::calendar::is_working_day`; a test compares the two for every day.
CREATE FUNCTION is_working_day(day date) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(isodow FROM day) < 6
       AND to_char(day, 'MM-DD') NOT IN ('01-01', '06-05', '12-24', '12-25', '12-26', '12-31')
       AND day - easter(extract(year FROM day)::integer) NOT IN (-3, -2, 1, 39, 50)
       AND (day - easter(extract(year FROM day)::integer) <> 26 OR extract(year FROM day) >= 2024);
GRANT EXECUTE ON FUNCTION is_working_day(date) TO enplan_app, enplan_worker;

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
GRANT EXECUTE ON FUNCTION add_working_days(date, integer) TO enplan_app, enplan_worker;

-- YP-7: full years of age on a day. A person born on 29 February becomes a year older on 1 March in a year without a 29
-- February.
CREATE FUNCTION age_on(birth_date date, day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(year FROM age(day::timestamp, birth_date::timestamp))::integer;
GRANT EXECUTE ON FUNCTION age_on(date, date) TO enplan_app, enplan_worker;

-- YP-7: the day on which a person becomes this many years old. For a person born on 29 February: 1 March in a year
-- without a 29 February.
CREATE FUNCTION birthday(birth_date date, years integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (birth_date + make_interval(years => years))::date
         + (extract(day FROM birth_date + make_interval(years => years)) < extract(day FROM birth_date))::integer;
GRANT EXECUTE ON FUNCTION birthday(date, integer) TO enplan_app, enplan_worker;

-- YP-7: the day on which a person is this many months old. If the month does not have that day: the first day of the next
-- month.
CREATE FUNCTION months_old(birth_date date, months integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (birth_date + make_interval(months => months))::date
         + (extract(day FROM birth_date + make_interval(months => months)) < extract(day FROM birth_date))::integer;
GRANT EXECUTE ON FUNCTION months_old(date, integer) TO enplan_app, enplan_worker;
