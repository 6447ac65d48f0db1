-- The target group (TG-1 to TG-4): benefits, readiness, and the group that follows from them on any day,
-- which is computed and never stored; and the state six months after (PL-8).

-- Full years lived on a day. Born on 29 February, one turns older on 1 March where there is no 29th.
CREATE FUNCTION age_on(birth_date date, day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(year FROM age(day::timestamp, birth_date::timestamp))::integer;

-- TG-1, of 18-29-year-olds. NULL: no group, for the benefit asks for a category and there is none yet.
-- -1: the law does not know the combination.
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
GRANT EXECUTE ON FUNCTION age_on(date, date), benefit_group(text, boolean, text) TO enplan_app, enplan_worker;

CREATE TABLE benefit_episode (
    id                       uuid PRIMARY KEY,
    young_person_id          uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area         information_area NOT NULL DEFAULT 4,
    writing_unit_id          uuid NOT NULL REFERENCES unit (id),
    kind                     text NOT NULL CONSTRAINT benefit_episode_kind_known CHECK (kind IN ('a-dagpenge', 'sygedagpenge',
                                 'kontanthjaelp', 'uddannelseshjaelp', 'integrationsydelse', 'ressourceforloeb',
                                 'jobafklaringsforloeb', 'rehabilitent', 'fleksjob', 'ledighedsydelse', 'foertidspension')),
    leads                    boolean NOT NULL,
    in_integration_programme boolean NOT NULL CONSTRAINT benefit_episode_programme
                                 CHECK (NOT in_integration_programme OR kind IN ('kontanthjaelp', 'integrationsydelse')),
    from_day                 date NOT NULL,
    to_day                   date,
    recorded_at              timestamptz NOT NULL,
    version                  bigint NOT NULL DEFAULT 1,
    CONSTRAINT benefit_episode_period CHECK (from_day <= to_day),
    -- TG-2: two at once never lead.
    CONSTRAINT "benefit.overlap" EXCLUDE USING gist (young_person_id WITH =, daterange(from_day, to_day, '[]') WITH &&) WHERE (leads)
);
COMMENT ON COLUMN benefit_episode.leads IS 'TG-2: the one that decides the group while it is had.';
COMMENT ON COLUMN benefit_episode.to_day IS 'The last day; NULL: it goes on.';
CREATE INDEX benefit_episode_by_young_person ON benefit_episode (young_person_id, from_day);
CALL protect('benefit_episode');

-- TG-4: each track is a step function. The latest day counts, and of one day the latest recorded.
CREATE TABLE readiness (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    track            text NOT NULL,
    verdict          text NOT NULL,
    assessed_on      date NOT NULL,
    assessor_id      uuid NOT NULL REFERENCES employee (id),
    note             text,
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT readiness_verdict_of_track CHECK (CASE
        WHEN track = 'benefit' THEN verdict IN ('aabenlyst-uddannelsesparat', 'uddannelsesparat', 'aktivitetsparat', 'jobparat')
        WHEN track IN ('eud', 'hf', 'gymnasium') THEN verdict IN ('ready', 'not-ready')
        ELSE false END)
);
COMMENT ON COLUMN readiness.track IS 'The category for the benefit, or a kind of youth education.';
CREATE INDEX readiness_by_young_person ON readiness (young_person_id, track, assessed_on);
CALL protect('readiness');
-- Nothing is overwritten.
REVOKE UPDATE ON readiness FROM enplan_app, enplan_worker;

-- A category may be told up to eight weeks ahead (chosen): of the first day of a benefit that is to come.
CREATE FUNCTION readiness_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.assessed_on > acting_today() + CASE NEW.track WHEN 'benefit' THEN 56 ELSE 0 END) IS NOT FALSE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'readiness_assessed_on_not_ahead',
            MESSAGE = 'too far ahead to be assessed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER readiness_in_time BEFORE INSERT ON readiness FOR EACH ROW EXECUTE FUNCTION readiness_in_time();

-- The group of a young person on a day, as an expression over all of their rows: read views, the list and
-- the functions below are made from it, each behind its own question of who may see.
CREATE FUNCTION target_group_of(person text, birth_date text, day text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('(CASE
        WHEN age_on(%2$s, %3$s) BETWEEN 15 AND 17 THEN
            -- Ready for none of those assessed. Neither in education nor in work (YP-10) has its place here.
            (SELECT CASE WHEN bool_and(latest.verdict = ''not-ready'') THEN 0 END
               FROM (SELECT DISTINCT ON (r.track) r.verdict FROM readiness r
                      WHERE r.young_person_id = %1$s AND r.track <> ''benefit'' AND r.assessed_on <= %3$s
                      ORDER BY r.track, r.assessed_on DESC, r.recorded_at DESC, r.id DESC) latest)
        WHEN age_on(%2$s, %3$s) BETWEEN 18 AND 29 THEN
            (SELECT nullif(benefit_group(e.kind, e.in_integration_programme,
                        (SELECT r.verdict FROM readiness r
                          WHERE r.young_person_id = %1$s AND r.track = ''benefit'' AND r.assessed_on <= %3$s
                          ORDER BY r.assessed_on DESC, r.recorded_at DESC, r.id DESC LIMIT 1)), -1)
               FROM benefit_episode e
              WHERE e.young_person_id = %1$s AND e.leads AND daterange(e.from_day, e.to_day, ''[]'') @> %3$s)
        END)', person, birth_date, day);

-- A group follows from all rows or none: does a basis of the caller's open education and employment,
-- whoever wrote it?
CREATE FUNCTION opens_target_group(person text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('EXISTS (SELECT FROM access_basis g WHERE g.young_person_id = %s AND %s
        AND g.areas & 4 <> 0 AND g.giver_id IS NULL)', person, basis_is_mine('g'));

DO $do$
BEGIN
    -- The group of a young person on a day; NULL: none, or not for the caller. Runs as the caller.
    EXECUTE format($function$
CREATE FUNCTION target_group_on(person uuid, day date) RETURNS integer LANGUAGE sql STABLE
RETURN (SELECT %s FROM young_person y WHERE y.id = person AND %s) $function$,
        target_group_of('y.id', 'y.birth_date', 'day'), opens_target_group('y.id'));

    -- PL-8: the state is taken after a leaving: of group 1, 2 or 3 (to another or none), or of a plan.
    EXECUTE format($function$
CREATE FUNCTION follow_up_was_left() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
    was_left boolean;
BEGIN
    IF NEW.kind = 'plan' THEN
        was_left := EXISTS (SELECT FROM plan p WHERE p.young_person_id = NEW.young_person_id
            AND (p.closed_at AT TIME ZONE 'Europe/Copenhagen')::date = NEW.left_on);
    ELSE
        was_left := (SELECT %1$s BETWEEN 1 AND 3 AND %2$s IS DISTINCT FROM %1$s
                       FROM young_person y WHERE y.id = NEW.young_person_id);
    END IF;
    IF was_left IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'follow-up.not-left', MESSAGE = 'nothing was left on that day';
    END IF;
    RETURN NEW;
END $body$ $function$,
        target_group_of('y.id', 'y.birth_date', '(NEW.left_on - 1)'), target_group_of('y.id', 'y.birth_date', 'NEW.left_on'));
END $do$;
GRANT EXECUTE ON FUNCTION target_group_on(uuid, date) TO enplan_app;

-- TG-1: whoever changes benefits or categories locks the young person (by an update: a REPEATABLE READ
-- transaction, which would look in its old snapshot, fails on it), then looks at every day.
CREATE FUNCTION target_group_is_defined() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE young_person SET version = version WHERE id = NEW.young_person_id;
    IF EXISTS (
        SELECT FROM benefit_episode e
          JOIN (SELECT c.verdict, daterange(c.assessed_on, lead(c.assessed_on) OVER (ORDER BY c.assessed_on)) AS days
                  FROM (SELECT DISTINCT ON (r.assessed_on) r.verdict, r.assessed_on FROM readiness r
                         WHERE r.young_person_id = NEW.young_person_id AND r.track = 'benefit'
                         ORDER BY r.assessed_on, r.recorded_at DESC, r.id DESC) c) c
            ON c.days && daterange(e.from_day, e.to_day, '[]')
         WHERE e.young_person_id = NEW.young_person_id AND e.leads
           AND benefit_group(e.kind, e.in_integration_programme, c.verdict) = -1) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'target-group.not-defined',
            MESSAGE = 'the law does not know this benefit with this category';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER benefit_has_a_target_group AFTER INSERT OR UPDATE ON benefit_episode
    FOR EACH ROW EXECUTE FUNCTION target_group_is_defined();
CREATE TRIGGER readiness_has_a_target_group AFTER INSERT OR UPDATE ON readiness
    FOR EACH ROW EXECUTE FUNCTION target_group_is_defined();

-- TG-2, at commit: on a day with benefits one of them leads; also for whom a benefit was taken from.
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
CREATE CONSTRAINT TRIGGER benefits_are_led AFTER INSERT OR UPDATE ON benefit_episode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION benefits_are_led();

-- PL-8: what became of a young person six months after they left a target group, or their plan was closed.
CREATE TABLE follow_up (
    id               uuid PRIMARY KEY,
    young_person_id  uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area information_area NOT NULL DEFAULT 2,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT follow_up_kind_known CHECK (kind IN ('target-group', 'plan')),
    left_on          date NOT NULL,
    state            text NOT NULL CONSTRAINT follow_up_state_known
                         CHECK (state IN ('education-or-work', 'public-support', 'self-supporting-or-left')),
    taken_on         date NOT NULL,
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT "follow-up.already-taken" UNIQUE (young_person_id, kind, left_on),
    CONSTRAINT "follow-up.too-early" CHECK (taken_on >= (left_on + interval '6 months')::date)
);
COMMENT ON COLUMN follow_up.left_on IS 'The first day outside the group, or the day the plan was closed.';
CALL protect('follow_up');
REVOKE UPDATE ON follow_up FROM enplan_app, enplan_worker;
-- Seen as what was left is: a group tells of benefits.
CREATE FUNCTION follow_up_is_seen_as_what_was_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.information_area := CASE NEW.kind WHEN 'target-group' THEN 4 ELSE 2 END;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up_is_seen_as_what_was_left BEFORE INSERT ON follow_up
    FOR EACH ROW EXECUTE FUNCTION follow_up_is_seen_as_what_was_left();
CREATE TRIGGER follow_up_is_taken_by_now BEFORE INSERT ON follow_up
    FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('taken_on');
CREATE TRIGGER follow_up_was_left BEFORE INSERT ON follow_up FOR EACH ROW EXECUTE FUNCTION follow_up_was_left();
