-- The target group (TG-1 to TG-5): benefits, readiness, and the group that follows from them on any day,
-- which is computed and never stored; sanctions; and the state six months after (PL-8).

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
GRANT EXECUTE ON FUNCTION benefit_group(text, boolean, text) TO enplan_app, enplan_worker;

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
    CONSTRAINT benefit_episode_of_person UNIQUE (id, young_person_id),
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
            -- Ready for none of those assessed, or neither in education nor in work, where it is known (YP-10).
            coalesce((SELECT CASE WHEN bool_and(latest.verdict = ''not-ready'') THEN 0 END
               FROM (SELECT DISTINCT ON (r.track) r.verdict FROM readiness r
                      WHERE r.young_person_id = %1$s AND r.track <> ''benefit'' AND r.assessed_on <= %3$s
                      ORDER BY r.track, r.assessed_on DESC, r.recorded_at DESC, r.id DESC) latest),
              (SELECT 0 FROM education_and_work w WHERE w.young_person_id = %1$s AND w.first_day <= %3$s
               HAVING count(*) > 0 AND bool_or(w.held @> %3$s) IS NOT TRUE))
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
DECLARE
    person uuid;
BEGIN
    -- Also of whom something was taken from (YP-8).
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
-- A merge moves benefits and categories in two statements, and asks at its end.
CREATE CONSTRAINT TRIGGER benefit_has_a_target_group AFTER INSERT OR UPDATE OR DELETE ON benefit_episode
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION target_group_is_defined();
CREATE CONSTRAINT TRIGGER readiness_has_a_target_group AFTER INSERT OR UPDATE OR DELETE ON readiness
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION target_group_is_defined();

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
CREATE CONSTRAINT TRIGGER benefits_are_led AFTER INSERT OR UPDATE OR DELETE ON benefit_episode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION benefits_are_led();

-- TG-5: a sanction lies within the benefit that it is against.
CREATE TABLE sanction (
    id               uuid PRIMARY KEY,
    benefit_id       uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL DEFAULT 4,
    writing_unit_id  uuid NOT NULL REFERENCES unit (id),
    kind             text NOT NULL CONSTRAINT sanction_kind_known CHECK (kind IN ('fradrag-for-udeblivelse', 'punktsanktion',
                         'periodesanktion', 'skaerpet-raadighedssanktion', 'nedsaettelse-ved-ophoer', 'tilbagebetaling')),
    on_day           date NOT NULL,
    ground           text NOT NULL,
    source           text NOT NULL CONSTRAINT sanction_source_known CHECK (source IN ('recorded', 'imported')),
    recorded_at      timestamptz NOT NULL,
    FOREIGN KEY (benefit_id, young_person_id) REFERENCES benefit_episode (id, young_person_id) ON UPDATE CASCADE
);
CREATE INDEX sanction_by_benefit ON sanction (benefit_id, young_person_id);
CREATE INDEX sanction_by_young_person ON sanction (young_person_id, on_day);
CALL protect('sanction');
REVOKE UPDATE ON sanction FROM enplan_app, enplan_worker;

-- The benefit is locked, then looked at.
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

-- At commit: where another benefit leads from a day on, those beside it are split, and a sanction goes
-- with the part that has its day. A benefit does not end before a sanction against it.
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
    source           text NOT NULL CONSTRAINT follow_up_source_known CHECK (source IN ('episodes', 'asked')),
    taken_on         date NOT NULL,
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT "follow-up.already-taken" UNIQUE (young_person_id, kind, left_on),
    CONSTRAINT "follow-up.too-early" CHECK (taken_on >= (left_on + interval '6 months')::date)
);
COMMENT ON COLUMN follow_up.left_on IS 'The first day outside the group, or the day the plan was closed.';
COMMENT ON COLUMN follow_up.source IS 'Told by the young person''s benefits, education, work and residence, or asked for.';
CALL protect('follow_up');
CALL protect_fact('follow_up');
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

DO $do$
BEGIN
    -- PL-8: the first leaving of group 1, 2 or 3 whose state is not taken: one of the past, or one that is to
    -- come as it stands today, at the latest by the 30th birthday (of a leap day child one day later).
    EXECUTE format($function$
CREATE FUNCTION next_leaving(person uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
SELECT min(d.day) FROM young_person y
 CROSS JOIN LATERAL (
    SELECT e.from_day FROM benefit_episode e WHERE e.young_person_id = y.id
    UNION SELECT e.to_day + 1 FROM benefit_episode e WHERE e.young_person_id = y.id AND e.to_day IS NOT NULL
    UNION SELECT r.assessed_on FROM readiness r WHERE r.young_person_id = y.id
    UNION SELECT (y.birth_date + interval '30 years')::date + leap FROM generate_series(0, 1) leap) d (day)
 WHERE y.id = person AND %1$s BETWEEN 1 AND 3 AND %2$s IS DISTINCT FROM %1$s
   AND NOT EXISTS (SELECT FROM follow_up f WHERE f.young_person_id = y.id AND f.kind = 'target-group' AND f.left_on = d.day)
$body$ $function$, target_group_of('y.id', 'y.birth_date', '(d.day - 1)'), target_group_of('y.id', 'y.birth_date', 'd.day'));
END $do$;
