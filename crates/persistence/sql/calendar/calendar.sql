-- Refuses a row whose day (the argument) lies ahead of today, or where nobody tells what day it is.
CREATE FUNCTION day_is_not_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::date > acting_today() IS NOT FALSE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = format('%s_%s_not_ahead', TG_TABLE_NAME, TG_ARGV[0]),
            MESSAGE = 'a day that is not there yet';
    END IF;
    RETURN NEW;
END $$;

-- When a day begins.
CREATE FUNCTION start_of(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN day::timestamp AT TIME ZONE 'Europe/Copenhagen';

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
GRANT EXECUTE ON FUNCTION easter(integer) TO enplan_app, enplan_worker;

-- The same as `domain::calendar::is_working_day`; a test holds the two against each other, day by day.
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
GRANT EXECUTE ON FUNCTION birthday(date, integer) TO enplan_app, enplan_worker;

-- The day on which somebody is so many months old; of a day that the month does not have, the first of the next (YP-7).
CREATE FUNCTION months_old(birth_date date, months integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (birth_date + make_interval(months => months))::date
         + (extract(day FROM birth_date + make_interval(months => months)) < extract(day FROM birth_date))::integer;
GRANT EXECUTE ON FUNCTION months_old(date, integer) TO enplan_app, enplan_worker;
