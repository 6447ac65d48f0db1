{% from "access/macros.sql" import basis_is_held %}

-- The functions of places and waiting lists count beyond the caller's sight and return only numbers and ids.

-- Draws the next number of the waiting list, and so locks the catalogue entry until the transaction ends (D-14).
CREATE FUNCTION draw_ticket(offer text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE catalogue_entry SET last_ticket = last_ticket + 1 WHERE code = offer RETURNING last_ticket
$$;
GRANT EXECUTE ON FUNCTION draw_ticket(text) TO enplan_app, enplan_worker;

-- Locks the catalogue entry and draws no number.
CREATE FUNCTION lock_offer(offer text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM catalogue_entry WHERE code = offer FOR NO KEY UPDATE
$$;
GRANT EXECUTE ON FUNCTION lock_offer(text) TO enplan_app, enplan_worker;

-- IV-3: the number of places that are free on every day from `first` on (negative: too many are held). NULL if places are
-- not limited.
CREATE FUNCTION free_places(offer text, first date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH hold AS (
        SELECT greatest(lower(i.held), first) AS begins, upper(i.held) AS ends
          FROM intervention i
         WHERE i.catalogue_code = offer AND i.held && daterange(first, NULL)
    ), change AS (
        SELECT first AS day, 0 AS delta
        UNION ALL SELECT begins, 1 FROM hold
        UNION ALL SELECT ends, -1 FROM hold WHERE ends IS NOT NULL
        UNION ALL SELECT from_day, 0 FROM catalogue_places WHERE code = offer AND from_day > first
    ), level AS (
        SELECT day, sum(sum(delta)) OVER (ORDER BY day) AS taken FROM change GROUP BY day
    )
    SELECT min(c.places - l.taken)::integer
      FROM level l
      JOIN LATERAL (SELECT p.places FROM catalogue_places p
                     WHERE p.code = offer AND p.from_day <= l.day ORDER BY p.from_day DESC LIMIT 1) c ON true
$$;
GRANT EXECUTE ON FUNCTION free_places(text, date) TO enplan_app, enplan_worker;

-- IV-3: the places of a catalogue entry on a day (NULL if not limited), the number of started interventions, and the
-- number of places held by a referral or an offer.
CREATE FUNCTION places_on(offer text, on_day date) RETURNS TABLE (places integer, started bigint, reserved bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT p.places FROM catalogue_places p WHERE p.code = offer AND p.from_day <= on_day ORDER BY p.from_day DESC LIMIT 1),
           count(*) FILTER (WHERE i.started_on IS NOT NULL),
           count(*) FILTER (WHERE i.started_on IS NULL)
      FROM intervention i WHERE i.catalogue_code = offer AND i.held @> on_day
$$;
GRANT EXECUTE ON FUNCTION places_on(text, date) TO enplan_app, enplan_worker;

-- IV-3: the position on the waiting list of the young person's last referral to the catalogue entry, if its place was
-- offered and nobody answered. The position is kept, regardless of the referring unit.
CREATE FUNCTION kept_place(person uuid, offer text) RETURNS TABLE (ticket bigint, priority integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.ticket, l.priority
      FROM (SELECT i.ticket, i.priority, i.declined_by FROM intervention i
             WHERE i.young_person_id = person AND i.catalogue_code = offer ORDER BY i.referred_at DESC LIMIT 1) l
     WHERE l.declined_by = 'lapsed' AND l.ticket IS NOT NULL
       AND EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = person
           AND {{ basis_is_held("b") }})
$$;
GRANT EXECUTE ON FUNCTION kept_place(uuid, text) TO enplan_app, enplan_worker;

-- IV-3: the first `lim` interventions on the waiting list, in order.
CREATE FUNCTION waiting_line(offer text, lim integer) RETURNS TABLE (intervention_id uuid, place_in_line bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, row_number() OVER (ORDER BY i.priority DESC, i.ticket) FROM intervention i
     WHERE i.catalogue_code = offer AND i.state = 'waiting' ORDER BY i.priority DESC, i.ticket LIMIT lim
$$;
GRANT EXECUTE ON FUNCTION waiting_line(text, integer) TO enplan_app, enplan_worker;

-- IV-3: the number of interventions on the waiting list.
CREATE FUNCTION waiting_count(offer text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM intervention i WHERE i.catalogue_code = offer AND i.state = 'waiting'
$$;
GRANT EXECUTE ON FUNCTION waiting_count(text) TO enplan_app, enplan_worker;

-- IV-3, also at an SQL prompt: an intervention that comes to hold a place locks the catalogue entry, then places are
-- counted. The lock is an update: a REPEATABLE READ transaction, which would count in its old snapshot, fails on it.
CREATE FUNCTION intervention_has_a_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE catalogue_entry SET last_ticket = last_ticket WHERE code = NEW.catalogue_code;
    IF free_places(NEW.catalogue_code, lower(NEW.held)) < 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention.no-place', MESSAGE = 'no place is free';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intervention_gets_a_place AFTER INSERT ON intervention FOR EACH ROW
    WHEN (NEW.catalogue_code IS NOT NULL AND NOT isempty(NEW.held)) EXECUTE FUNCTION intervention_has_a_place();
CREATE TRIGGER intervention_takes_a_place AFTER UPDATE ON intervention FOR EACH ROW
    WHEN (NEW.catalogue_code IS NOT NULL AND NOT NEW.held <@ OLD.held)
    EXECUTE FUNCTION intervention_has_a_place();

-- IV-3: places are not reduced below the number that is held.
CREATE FUNCTION places_are_not_taken_away() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A row that is moved leaves its days to the previous row (OLD is empty for a new row).
    UPDATE catalogue_entry SET last_ticket = last_ticket WHERE code IN (NEW.code, OLD.code);
    IF least(free_places(NEW.code, least(NEW.from_day, OLD.from_day)), free_places(OLD.code, OLD.from_day)) < 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue.places-held', MESSAGE = 'more places are held than that';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER places_are_not_taken_away AFTER INSERT OR UPDATE ON catalogue_places
    FOR EACH ROW EXECUTE FUNCTION places_are_not_taken_away();
