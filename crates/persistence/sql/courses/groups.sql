-- Locks a group before its members are counted.
CREATE FUNCTION lock_group(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM intervention_group WHERE id = wanted FOR NO KEY UPDATE
$$;
GRANT EXECUTE ON FUNCTION lock_group(uuid) TO enplan_app, enplan_worker;

-- The highest number of members on any day from `first` on (only on that day if `last` is the same day), including hidden
-- ones. A membership lasts no longer than its intervention.
CREATE FUNCTION group_members(of_group uuid, first date, last date DEFAULT 'infinity') RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH stay AS (
        SELECT daterange(m.from_day, least(m.until_day, i.ended_on)) AS days
          FROM group_member m JOIN intervention i ON i.id = m.intervention_id
         WHERE m.group_id = of_group AND i.state NOT IN ('withdrawn', 'declined')
           AND m.from_day <= coalesce(least(m.until_day, i.ended_on), m.from_day)
    )
    SELECT coalesce(max((SELECT count(*) FROM stay s WHERE s.days @> turn.day)), 0)
      FROM (SELECT first AS day UNION SELECT lower(days) FROM stay WHERE lower(days) > first AND lower(days) <= last) turn
$$;
GRANT EXECUTE ON FUNCTION group_members(uuid, date, date) TO enplan_app, enplan_worker;

-- IV-12, also at an SQL prompt. The lock is an update: a REPEATABLE READ transaction, which would count in its old
-- snapshot, fails on it.
CREATE FUNCTION group_has_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it intervention_group;
BEGIN
    UPDATE intervention_group SET size = size WHERE id = NEW.group_id RETURNING * INTO it;
    IF group_members(NEW.group_id, NEW.from_day) > it.size THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.full', MESSAGE = 'the group is full';
    ELSIF it.catalogue_code <> (SELECT coalesce(i.catalogue_code, '') FROM intervention i WHERE i.id = NEW.intervention_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.another-offer', MESSAGE = 'the group is of another offer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER group_has_room AFTER INSERT OR UPDATE ON group_member FOR EACH ROW EXECUTE FUNCTION group_has_room();

-- PL-11: the size of a group is not set below the number of its members, and a group that is over is not changed, so that
-- the past is not changed afterwards.
CREATE FUNCTION group_keeps_its_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.to_day < acting_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.over', MESSAGE = 'the group is over';
    ELSIF NEW.to_day IS DISTINCT FROM OLD.to_day AND NEW.to_day < acting_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention_group_ends_ahead',
            MESSAGE = 'a group is not ended for days that have been';
    ELSIF group_members(NEW.id, coalesce(acting_today(), NEW.from_day)) > NEW.size THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'group.members-beyond', MESSAGE = 'it has more members';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER group_keeps_its_members BEFORE UPDATE ON intervention_group FOR EACH ROW
    WHEN ((OLD.size, OLD.to_day, OLD.title) IS DISTINCT FROM (NEW.size, NEW.to_day, NEW.title))
    EXECUTE FUNCTION group_keeps_its_members();
