{% from "calendar/macros.sql" import day_of %}
{% from "target_groups/macros.sql" import target_group_of %}

-- PL-8: a follow-up status is recorded after a young person left group 1, 2 or 3 (for another group or for none), or
-- after a plan was closed.
CREATE FUNCTION follow_up_was_left() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was_left boolean;
BEGIN
    IF NEW.kind = 'plan' THEN
        was_left := EXISTS (SELECT FROM plan p WHERE p.young_person_id = NEW.young_person_id
            AND {{ day_of("p.closed_at") }} = NEW.left_on);
    ELSE
        was_left := (SELECT {{ target_group_of("y.id", "y.birth_date", "(NEW.left_on - 1)") }} BETWEEN 1 AND 3 AND {{ target_group_of("y.id", "y.birth_date", "NEW.left_on") }} IS DISTINCT FROM {{ target_group_of("y.id", "y.birth_date", "(NEW.left_on - 1)") }}
                       FROM young_person y WHERE y.id = NEW.young_person_id);
    END IF;
    IF was_left IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'follow-up.not-left', MESSAGE = 'nothing was left on that day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up_was_left BEFORE INSERT ON follow_up FOR EACH ROW EXECUTE FUNCTION follow_up_was_left();

-- PL-8: the follow-up status has the area of what was left: a group follows from benefits.
CREATE FUNCTION follow_up_is_seen_as_what_was_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.information_area := CASE NEW.kind WHEN 'target-group' THEN 4 ELSE 2 END;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up_is_seen_as_what_was_left BEFORE INSERT ON follow_up
    FOR EACH ROW EXECUTE FUNCTION follow_up_is_seen_as_what_was_left();

-- PL-8: the first day on which the young person left, or will leave as recorded today, group 1, 2 or 3 and whose
-- follow-up status is not recorded: at the latest the 30th birthday (a day later for a person born on 29 February).
CREATE FUNCTION next_leaving(person uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT min(d.day) FROM young_person y
 CROSS JOIN LATERAL (
    SELECT e.from_day FROM benefit_episode e WHERE e.young_person_id = y.id
    UNION SELECT e.to_day + 1 FROM benefit_episode e WHERE e.young_person_id = y.id AND e.to_day IS NOT NULL
    UNION SELECT r.assessed_on FROM readiness r WHERE r.young_person_id = y.id
    UNION SELECT (y.birth_date + interval '30 years')::date + leap FROM generate_series(0, 1) leap) d (day)
 WHERE y.id = person AND {{ target_group_of("y.id", "y.birth_date", "(d.day - 1)") }} BETWEEN 1 AND 3 AND {{ target_group_of("y.id", "y.birth_date", "d.day") }} IS DISTINCT FROM {{ target_group_of("y.id", "y.birth_date", "(d.day - 1)") }}
   AND NOT EXISTS (SELECT FROM follow_up f WHERE f.young_person_id = y.id AND f.kind = 'target-group' AND f.left_on = d.day)
$$;
