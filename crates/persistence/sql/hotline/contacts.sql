{% from "access/macros.sql" import may_see, reads_fact %}
{% from "calendar/macros.sql" import day_of %}

-- HL-4: open → taken → answered → closed, and back to open. A contact that was solved during the call begins closed.
-- HL-10: the text is not changed, nor is an assessment or an acknowledgement of receipt.
CREATE FUNCTION hotline_contact_takes_a_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeable text[] := ARRAY['young_person_id', 'tie_asked', 'tie_number', 'state', 'owner_id', 'taken_at', 'answered_at', 'closed_at', 'assessed_at',
                               'receipted_at', 'version', 'words'];
BEGIN
    NEW.tie_asked := NEW.tie_asked OR num_nonnulls(NEW.young_person_id, NEW.tie_number) > 0 OR TG_OP = 'UPDATE' AND OLD.tie_asked;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('open', 'closed') OR num_nonnulls(NEW.assessed_at, NEW.receipted_at) > 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'hotline.step-not-allowed',
                MESSAGE = 'a contact begins open, or closed where it was solved while speaking';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - changeable <> to_jsonb(OLD) - changeable
       OR OLD.assessed_at IS NOT NULL AND NEW.assessed_at IS DISTINCT FROM OLD.assessed_at
       OR OLD.receipted_at IS NOT NULL AND NEW.receipted_at IS DISTINCT FROM OLD.receipted_at THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'what was logged stays; a correction stands beside it';
    ELSIF (CASE WHEN NEW.state = OLD.state
               THEN (NEW.owner_id, NEW.taken_at, NEW.answered_at, NEW.closed_at)
                    IS DISTINCT FROM (OLD.owner_id, OLD.taken_at, OLD.answered_at, OLD.closed_at)
               ELSE (OLD.state, NEW.state) NOT IN (('open', 'taken'), ('taken', 'answered'), ('answered', 'closed'))
                    AND NEW.state <> 'open'
                    OR NEW.state IN ('answered', 'closed') AND (NEW.owner_id, NEW.taken_at) IS DISTINCT FROM (OLD.owner_id, OLD.taken_at)
                    OR NEW.state = 'closed' AND NEW.answered_at IS DISTINCT FROM OLD.answered_at END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'hotline.step-not-allowed',
            MESSAGE = format('no step from %s to %s', OLD.state, NEW.state);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hotline_contact_takes_a_step BEFORE INSERT OR UPDATE ON hotline_contact
    FOR EACH ROW EXECUTE FUNCTION hotline_contact_takes_a_step();

-- HL-10: a concern about a child is about a young person under 18 on the date of the call. Checked whenever the contact
-- is linked, but not when two registrations are merged or a merge is undone.
CREATE FUNCTION concern_about_a_minor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    former uuid := CASE WHEN TG_OP = 'UPDATE' THEN OLD.young_person_id END;
BEGIN
    IF EXISTS (SELECT FROM young_person y WHERE y.id = NEW.young_person_id
               AND age_on(y.birth_date, {{ day_of("NEW.called_at") }}) >= 18)
       AND NOT EXISTS (SELECT FROM merge m WHERE m.undone_at IS NULL
               AND (former, NEW.young_person_id) IN ((m.merged_id, m.young_person_id), (m.young_person_id, m.merged_id))) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'hotline.concern-of-age', MESSAGE = 'they are of age';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER concern_about_a_minor BEFORE INSERT ON hotline_contact
    FOR EACH ROW WHEN (NEW.concern = 'under-18') EXECUTE FUNCTION concern_about_a_minor();
CREATE TRIGGER concern_about_a_minor_when_tied BEFORE UPDATE OF young_person_id ON hotline_contact
    FOR EACH ROW WHEN (NEW.concern = 'under-18' AND NEW.young_person_id IS DISTINCT FROM OLD.young_person_id)
    EXECUTE FUNCTION concern_about_a_minor();

-- HL-10: the hotline caller is recorded together with the contact, by the employee who logs it and who may not see it
-- afterwards.
CREATE FUNCTION is_being_logged(contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact AND c.logged_by_id = acting_employee() AND c.logged_at = acting_now())
$$;
GRANT EXECUTE ON FUNCTION is_being_logged(uuid) TO enplan_app;

-- Is the contact visible to the caller? The same condition as the policies, for the functions that go beyond the caller's
-- sight.
CREATE FUNCTION sees_contact(contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact AND (c.writing_unit_id = ANY (acting_holders())
        OR {{ may_see("c") }} AND {{ reads_fact("'contact'", "c.young_person_id") }}))
$$;

-- HL-8: the contact that the caller logged by this very request, however long ago, also if it is no longer visible to the
-- caller.
CREATE FUNCTION contact_of_request(digest bytea) RETURNS TABLE (id uuid, called_at timestamptz, logged_at timestamptz, due_at timestamptz)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.called_at, c.logged_at, c.due_at FROM hotline_contact c WHERE c.logged_by_id = acting_employee() AND c.request_digest = digest
$$;
GRANT EXECUTE ON FUNCTION contact_of_request(bytea) TO enplan_app;

-- HL-10: what the hotline still sees of the concerns that it logged: the id and the time, nothing else.
CREATE FUNCTION passed_on_contacts(before uuid, lim integer) RETURNS TABLE (id uuid, logged_at timestamptz)
LANGUAGE sql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.logged_at FROM hotline_contact c
     WHERE c.concern IS NOT NULL AND c.logging_unit_id = ANY (acting_holders()) AND c.id < before ORDER BY c.id DESC LIMIT lim
$$;
GRANT EXECUTE ON FUNCTION passed_on_contacts(uuid, integer) TO enplan_app;

-- Locks the young person to whom a contact is linked and the one to whom it is to be linked, visible or not, in the order
-- of their ids and before the contact, as a merge does.
CREATE FUNCTION lock_people_of_contact(contact uuid, also uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF sees_contact(contact) THEN
        PERFORM FROM young_person y
          WHERE y.id IN (SELECT c.young_person_id FROM hotline_contact c WHERE c.id = contact UNION SELECT also)
          ORDER BY y.id FOR NO KEY UPDATE;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION lock_people_of_contact(uuid, uuid) TO enplan_app;
