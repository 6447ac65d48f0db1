{% from "target_groups/macros.sql" import opens_target_group, target_group_of %}

-- TG-1, for 18-29-year-olds: the group that follows from a benefit and a category. NULL if the benefit requires a
-- category and there is none yet. -1 if the law does not define the combination.
CREATE FUNCTION benefit_group(kind text, in_integration_programme boolean, category text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
    WHEN kind IN ('a-dagpenge', 'sygedagpenge') THEN 1
    WHEN kind IN ('ressourceforloeb', 'jobafklaringsforloeb', 'rehabilitent') THEN 3
    WHEN kind IN ('fleksjob', 'ledighedsydelse', 'foertidspension') THEN 4
    WHEN category IS NULL THEN NULL
    WHEN category = 'aktivitetsparat' THEN 3
    WHEN category = 'jobparat' AND kind IN ('kontanthjaelp', 'integrationsydelse') THEN 1
    WHEN kind = 'kontanthjaelp' OR in_integration_programme THEN -1
    WHEN category = 'aabenlyst-uddannelsesparat' THEN 1
    WHEN category = 'uddannelsesparat' THEN 2
    ELSE -1 END;
GRANT EXECUTE ON FUNCTION benefit_group(text, boolean, text) TO enplan_app, enplan_worker;

-- The target group of a young person on a day. NULL if there is none, or if it is not visible to the caller. Runs with
-- the caller's rights.
CREATE FUNCTION target_group_on(person uuid, day date) RETURNS integer LANGUAGE sql STABLE
RETURN (SELECT {{ target_group_of("y.id", "y.birth_date", "day") }} FROM young_person y WHERE y.id = person AND {{ opens_target_group("y.id") }});
GRANT EXECUTE ON FUNCTION target_group_on(uuid, date) TO enplan_app;

-- TG-1: a change of benefits or categories locks the young person, then checks every day. The lock is an update: a
-- REPEATABLE READ transaction, which would read in its old snapshot, fails on it.
CREATE FUNCTION target_group_is_defined() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person uuid;
BEGIN
    -- Also for a young person from whom something was moved away (YP-8).
    FOR person IN SELECT DISTINCT p FROM unnest(ARRAY[NEW.young_person_id, OLD.young_person_id]) p WHERE p IS NOT NULL ORDER BY p LOOP
        UPDATE young_person SET version = version WHERE id = person;
        IF EXISTS (
            SELECT FROM benefit_episode e
              JOIN (SELECT c.verdict, daterange(c.assessed_on, lead(c.assessed_on) OVER (ORDER BY c.assessed_on)) AS days
                      FROM (SELECT DISTINCT ON (r.assessed_on) r.verdict, r.assessed_on FROM readiness r
                             WHERE r.young_person_id = person AND r.track = 'benefit'
                             ORDER BY r.assessed_on, r.recorded_at DESC, r.id DESC) c) c
                ON c.days && daterange(e.from_day, e.to_day, '[]')
             WHERE e.young_person_id = person AND e.leads
               AND benefit_group(e.kind, e.in_integration_programme, c.verdict) = -1) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'target-group.not-defined',
                MESSAGE = 'the law does not know this benefit with this category';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
-- A merge moves benefits and categories in two statements, and checks at its end.
CREATE CONSTRAINT TRIGGER benefit_has_a_target_group AFTER INSERT OR UPDATE OR DELETE ON benefit_episode
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION target_group_is_defined();
CREATE CONSTRAINT TRIGGER readiness_has_a_target_group AFTER INSERT OR UPDATE OR DELETE ON readiness
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION target_group_is_defined();
