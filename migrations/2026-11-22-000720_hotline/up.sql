-- The hotline: contacts as they were logged and what became of them (HL-1 to HL-10). A contact is of a unit, and may
-- be of a young person; the text of it is never changed, what is written later stands beside it.

-- For typing errors (HL-7).
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- Which unit does what: data of the municipality.
CREATE TABLE hotline_duty (
    duty    text PRIMARY KEY CONSTRAINT hotline_duty_known CHECK (duty IN ('contacts', 'concerns')),
    unit_id uuid NOT NULL REFERENCES unit (id)
);
COMMENT ON TABLE hotline_duty IS 'Who runs the hotline (contacts), and who takes notifications of concern (HL-10).';
ALTER TABLE hotline_duty ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON hotline_duty FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY worker ON hotline_duty TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT ON hotline_duty TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON hotline_duty TO enplan_worker;

CREATE TABLE hotline_contact (
    id                 uuid PRIMARY KEY,
    young_person_id    uuid REFERENCES young_person (id) ON UPDATE CASCADE,
    tie_asked          boolean NOT NULL DEFAULT false,
    tie_number         bytea,
    information_area   information_area NOT NULL,
    writing_unit_id    uuid NOT NULL REFERENCES unit (id),
    logging_unit_id    uuid NOT NULL REFERENCES unit (id),
    caller_kind        text NOT NULL CONSTRAINT hotline_contact_caller_known
                           CHECK (caller_kind IN ('institution', 'employer', 'young-person', 'relative', 'colleague', 'other')),
    institution_id     uuid REFERENCES unit (id),
    channel            text NOT NULL CONSTRAINT hotline_contact_channel_known
                           CHECK (channel IN ('phone', 'email', 'digital-post', 'in-person')),
    topic              text NOT NULL CONSTRAINT hotline_contact_topic_known CHECK (topic IN ('drop-out-risk', 'absence', 'economy',
                           'substance-abuse', 'wellbeing', 'housing', 'guidance', 'other')),
    urgency            text NOT NULL CONSTRAINT hotline_contact_urgency_known CHECK (urgency IN ('acute', 'high', 'normal')),
    summary            text NOT NULL,
    called_at          timestamptz NOT NULL,
    logged_at          timestamptz NOT NULL,
    logged_by_id       uuid NOT NULL REFERENCES employee (id),
    only_information   boolean NOT NULL,
    plan_not_followed  boolean NOT NULL,
    earlier_contact_id uuid REFERENCES hotline_contact (id),
    shown_to           text,
    concern            text CONSTRAINT hotline_contact_concern_known CHECK (concern IN ('under-18', 'unborn')),
    assess_by          timestamptz,
    assessed_at        timestamptz,
    receipt_by         date,
    receipted_at       timestamptz,
    due_at             timestamptz NOT NULL,
    state              text NOT NULL,
    owner_id           uuid REFERENCES employee (id),
    taken_at           timestamptz,
    answered_at        timestamptz,
    closed_at          timestamptz,
    version            bigint NOT NULL DEFAULT 1,
    request_digest     bytea,
    words              tsvector NOT NULL GENERATED ALWAYS AS (strip(to_tsvector('simple'::regconfig, fold_name(summary)))) STORED,
    CONSTRAINT hotline_contact_institution_calls CHECK (institution_id IS NULL OR caller_kind = 'institution'),
    -- What a concern tells is family's and B&U's, all else education's and the hotline's.
    CONSTRAINT hotline_contact_area CHECK (CASE WHEN concern IS NULL THEN information_area = 4 AND writing_unit_id = logging_unit_id
        ELSE information_area = 16 AND NOT only_information AND shown_to IS NULL END),
    CONSTRAINT hotline_contact_concern_columns CHECK (CASE WHEN concern IS NULL
        THEN num_nonnulls(assess_by, assessed_at, receipt_by, receipted_at) = 0
        ELSE num_nonnulls(assess_by, receipt_by) = 2 AND assess_by = called_at + interval '24 hours' END),
    -- Each state has the columns its Rust variant has.
    CONSTRAINT hotline_contact_state_columns CHECK (CASE state
        WHEN 'open'     THEN num_nonnulls(owner_id, taken_at, answered_at, closed_at) = 0
        WHEN 'taken'    THEN num_nonnulls(owner_id, taken_at) = 2 AND num_nonnulls(answered_at, closed_at) = 0
        WHEN 'answered' THEN num_nonnulls(owner_id, taken_at, answered_at) = 3 AND closed_at IS NULL
        WHEN 'closed'   THEN num_nonnulls(owner_id, taken_at, answered_at, closed_at) = 4
        ELSE false END),
    CONSTRAINT "hotline.concern-unhandled" CHECK (concern IS NULL OR state <> 'closed' OR num_nonnulls(assessed_at, receipted_at) = 2),
    -- A year back at most (chosen).
    CONSTRAINT "hotline.moment-out-of-range" CHECK (called_at <= logged_at
        AND (called_at AT TIME ZONE 'Europe/Copenhagen')::date >= (logged_at AT TIME ZONE 'Europe/Copenhagen')::date - 365)
);
COMMENT ON COLUMN hotline_contact.young_person_id IS 'NULL: about somebody not known, not named, or not tied yet.';
COMMENT ON COLUMN hotline_contact.tie_asked IS 'Somebody asked to tie it, to an id or a number, whether anybody has that or not. It stays so.';
COMMENT ON COLUMN hotline_contact.tie_number IS
    'The digest of the CPR number to which a job links the contact. The job runs after the response, so that the response time does not reveal whether the number is registered (AC-19).';
COMMENT ON COLUMN hotline_contact.writing_unit_id IS 'Whose contact it is, and on whose list: of a concern that of B&U, else the hotline''s.';
COMMENT ON COLUMN hotline_contact.logging_unit_id IS 'Where it was logged; of a concern they see no more of it.';
COMMENT ON COLUMN hotline_contact.called_at IS 'When they called; logged_at, when it was noted.';
COMMENT ON COLUMN hotline_contact.shown_to IS 'It was not for us: where they were shown to.';
COMMENT ON COLUMN hotline_contact.due_at IS 'HL-3: the last moment of the day it is due.';
COMMENT ON COLUMN hotline_contact.request_digest IS 'HL-8: the request that logged it, under its key; NULL where it had none.';
COMMENT ON COLUMN hotline_contact.words IS 'HL-7: the summary''s words, folded as names are.';
-- A list walks the newest first; most contacts are closed.
CREATE INDEX hotline_contact_of_unit ON hotline_contact (writing_unit_id, id);
CREATE INDEX hotline_contact_by_call ON hotline_contact (writing_unit_id, called_at);
CREATE INDEX hotline_contact_unfinished ON hotline_contact (writing_unit_id, id) WHERE state <> 'closed';
CREATE INDEX hotline_contact_by_young_person ON hotline_contact (young_person_id, id) WHERE young_person_id IS NOT NULL;
CREATE INDEX hotline_contact_tied ON hotline_contact (id) WHERE young_person_id IS NOT NULL;
CREATE INDEX hotline_contact_by_institution ON hotline_contact (institution_id, id) WHERE institution_id IS NOT NULL;
CREATE INDEX hotline_contact_by_earlier ON hotline_contact (earlier_contact_id) WHERE earlier_contact_id IS NOT NULL;
CREATE INDEX hotline_contact_passed_on ON hotline_contact (logging_unit_id, id) WHERE concern IS NOT NULL;
CREATE UNIQUE INDEX hotline_contact_sent_once ON hotline_contact (logged_by_id, request_digest) WHERE request_digest IS NOT NULL;
CREATE INDEX hotline_contact_by_words ON hotline_contact USING gin (words);
CALL keep_in_calendar('hotline_contact');

-- Seen by those on whose list it is, and by the one predicate by those who see what it tells of the young person.
ALTER TABLE hotline_contact ENABLE ROW LEVEL SECURITY;
DO $do$
DECLARE
    listed text := 'writing_unit_id = ANY ((SELECT acting_holders())::uuid[])';
BEGIN
    EXECUTE format('CREATE POLICY app_read ON hotline_contact FOR SELECT TO enplan_app USING (%s OR %s)', listed,
        '(' || may_see('hotline_contact', 'hotline_contact.young_person_id') || ' AND ' || reads_fact('''contact''', 'hotline_contact.young_person_id') || ')');
    EXECUTE format('CREATE POLICY app_update ON hotline_contact FOR UPDATE TO enplan_app USING (%1$s OR %2$s) WITH CHECK (%1$s OR %2$s)', listed,
        may_write('hotline_contact', 'hotline_contact.young_person_id'));
END $do$;
-- Logged by the hotline, and at once on the list of whose it is.
CREATE POLICY app_insert ON hotline_contact FOR INSERT TO enplan_app WITH CHECK (
    logged_by_id = (SELECT acting_employee()) AND logged_at = (SELECT acting_now())
    AND logging_unit_id = ANY ((SELECT acting_holders())::uuid[])
    AND logging_unit_id = (SELECT d.unit_id FROM hotline_duty d WHERE d.duty = 'contacts')
    AND writing_unit_id = (SELECT d.unit_id FROM hotline_duty d
                            WHERE d.duty = CASE WHEN concern IS NULL THEN 'contacts' ELSE 'concerns' END));
CREATE POLICY worker ON hotline_contact TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (young_person_id, tie_asked, tie_number, state, owner_id, taken_at, answered_at, closed_at, assessed_at, receipted_at, version)
    ON hotline_contact TO enplan_app, enplan_worker;

-- HL-4: open → taken → answered → closed, and back to open; what was solved while speaking begins closed. HL-10: the text
-- stays, and so does what was done once.
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

-- HL-10: a concern about a child is about somebody under 18 when they called. Asked whenever it is tied, not when two
-- registrations are merged, or are two again.
CREATE FUNCTION concern_about_a_minor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    former uuid := CASE WHEN TG_OP = 'UPDATE' THEN OLD.young_person_id END;
BEGIN
    IF EXISTS (SELECT FROM young_person y WHERE y.id = NEW.young_person_id
               AND age_on(y.birth_date, (NEW.called_at AT TIME ZONE 'Europe/Copenhagen')::date) >= 18)
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

-- What was written later: never changed, and seen where its contact is.
CREATE TABLE hotline_entry (
    id            uuid PRIMARY KEY,
    contact_id    uuid NOT NULL REFERENCES hotline_contact (id),
    kind          text NOT NULL CONSTRAINT hotline_entry_kind_known
                      CHECK (kind IN ('answer', 'reopening', 'correction', 'assessment', 'receipt', 'link')),
    text          text NOT NULL,
    reason        text CONSTRAINT hotline_entry_correction_has_reason CHECK ((kind = 'correction') = (reason IS NOT NULL)),
    entered_by_id uuid NOT NULL REFERENCES employee (id),
    entered_at    timestamptz NOT NULL
);
CREATE INDEX hotline_entry_by_contact ON hotline_entry (contact_id, entered_at, id);
ALTER TABLE hotline_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON hotline_entry FOR SELECT TO enplan_app
    USING (EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact_id));
DO $do$
BEGIN
    EXECUTE format('CREATE POLICY app_insert ON hotline_entry FOR INSERT TO enplan_app WITH CHECK (entered_by_id = (SELECT acting_employee())
        AND entered_at = (SELECT acting_now()) AND EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact_id
            AND (c.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) OR %s)))', may_write('c', 'c.young_person_id'));
END $do$;
CREATE POLICY worker ON hotline_entry TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON hotline_entry TO enplan_app, enplan_worker;
CREATE TRIGGER hotline_entry_stays BEFORE UPDATE ON hotline_entry FOR EACH ROW EXECUTE FUNCTION stays_as_written();

-- Who called, apart from what they told (HL-10): in no list, search or event.
CREATE TABLE hotline_caller (
    contact_id uuid PRIMARY KEY REFERENCES hotline_contact (id),
    name       text,
    telephone  text,
    relation   text,
    CONSTRAINT hotline_caller_something CHECK (num_nonnulls(name, telephone, relation) > 0)
);
-- It is written with its contact, by the one who logs it, who may not see it any more.
CREATE FUNCTION is_being_logged(contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact AND c.logged_by_id = acting_employee() AND c.logged_at = acting_now())
$$;
GRANT EXECUTE ON FUNCTION is_being_logged(uuid) TO enplan_app;
ALTER TABLE hotline_caller ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_read ON hotline_caller FOR SELECT TO enplan_app USING (EXISTS (SELECT FROM hotline_contact c
    WHERE c.id = contact_id AND (c.concern IS NULL OR c.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]))));
CREATE POLICY app_insert ON hotline_caller FOR INSERT TO enplan_app WITH CHECK (is_being_logged(contact_id));
CREATE POLICY worker ON hotline_caller TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON hotline_caller TO enplan_app, enplan_worker;
CREATE TRIGGER hotline_caller_stays BEFORE UPDATE ON hotline_caller FOR EACH ROW EXECUTE FUNCTION stays_as_written();

-- Every word that stands in a summary, by the list its contact is on, so that a typing error is looked for among words and not
-- among texts. Read by the search alone.
CREATE TABLE hotline_word (
    writing_unit_id uuid NOT NULL REFERENCES unit (id),
    word            text COLLATE "C" NOT NULL,
    PRIMARY KEY (writing_unit_id, word)
);
CREATE INDEX hotline_word_begins ON hotline_word (word);
CREATE INDEX hotline_word_alike ON hotline_word USING gin (word gin_trgm_ops);
ALTER TABLE hotline_word ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION hotline_words_are_known() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- In order, so that two at once do not wait for each other.
    INSERT INTO hotline_word SELECT NEW.writing_unit_id, told.word FROM unnest(tsvector_to_array(NEW.words)) told (word)
     WHERE length(told.word) BETWEEN 4 AND 100
       AND NOT EXISTS (SELECT FROM hotline_word k WHERE k.writing_unit_id = NEW.writing_unit_id AND k.word = told.word)
     ORDER BY told.word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER hotline_words_are_known AFTER INSERT ON hotline_contact FOR EACH ROW EXECUTE FUNCTION hotline_words_are_known();

-- HL-10: what the hotline still knows of the concerns it logged: that it did, when, and nothing else.
CREATE FUNCTION passed_on_contacts(before uuid, lim integer) RETURNS TABLE (id uuid, logged_at timestamptz)
LANGUAGE sql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.logged_at FROM hotline_contact c
     WHERE c.concern IS NOT NULL AND c.logging_unit_id = ANY (acting_holders()) AND c.id < before ORDER BY c.id DESC LIMIT lim
$$;

-- HL-8: the contact that the acting logged by this very request, however long ago, also where they see no more of it.
CREATE FUNCTION contact_of_request(digest bytea) RETURNS TABLE (id uuid, called_at timestamptz, logged_at timestamptz, due_at timestamptz)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.called_at, c.logged_at, c.due_at FROM hotline_contact c WHERE c.logged_by_id = acting_employee() AND c.request_digest = digest
$$;

-- Links a contact to the young person who has its stored number; the job that runs after the response calls it. A concern about a
-- child is linked only to a young person under 18 on the date of the call. Returns the young person; NULL if there is none.
CREATE FUNCTION tie_contact(of_contact uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    contact hotline_contact;
    person  uuid;
BEGIN
    SELECT y.id INTO person FROM hotline_contact c JOIN person_identifier n ON n.digest = c.tie_number AND NOT n.contested
      JOIN young_person y ON y.id = n.young_person_id WHERE c.id = of_contact FOR NO KEY UPDATE OF y;
    SELECT * INTO contact FROM hotline_contact c WHERE c.id = of_contact FOR NO KEY UPDATE;
    -- Read again after both are locked, because the contact may have been linked to another young person meanwhile.
    SELECT y.id INTO person FROM person_identifier n JOIN young_person y ON y.id = n.young_person_id
     WHERE n.digest = contact.tie_number AND NOT n.contested AND y.id = person
       AND (contact.concern = 'under-18' AND age_on(y.birth_date, (contact.called_at AT TIME ZONE 'Europe/Copenhagen')::date) >= 18) IS NOT TRUE;
    UPDATE hotline_contact SET young_person_id = person, tie_number = NULL WHERE id = of_contact AND tie_number IS NOT NULL;
    RETURN CASE WHEN contact.tie_number IS NOT NULL THEN person END;
END $$;
GRANT EXECUTE ON FUNCTION tie_contact(uuid) TO enplan_worker;

-- HL-5, within an unfinished contact of the hotline's: whose number it is, for the access log; and of one who has an open plan,
-- how to reach the coordinating caseworker and the contact person. An employee who can no longer sign in is not named. For the
-- coordinating caseworker, the unit with the case in its intake queue is returned instead. Nothing else of the case. Once it was
-- asked to tie the contact, of that one alone: else a second number would tell whether anybody has the first.
CREATE FUNCTION hotline_card(of_contact uuid, number bytea)
RETURNS TABLE (young_person_id uuid, has_plan boolean, role text, name text, username text, unit text, telephone text, organisation text)
LANGUAGE sql STABLE ROWS 2 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.young_person_id, p.id IS NOT NULL, r.kind, coalesce(e.given_name || ' ' || e.family_name, r.outside_name), e.username,
           coalesce((SELECT u.name FROM employee_role h JOIN unit u ON u.id = h.unit_id
             WHERE h.employee_id = e.id AND h.valid_from <= acting_now() AND h.valid_to > acting_now() ORDER BY h.valid_from, h.id LIMIT 1),
               CASE WHEN r.kind = 'coordinator' AND e.id IS NULL THEN (SELECT u.name FROM unit u WHERE u.id = coalesce(
                   (SELECT a.unit_id FROM assignment a WHERE a.young_person_id = p.young_person_id AND a.employee_id = r.employee_id
                       AND a.ended_at IS NULL ORDER BY a.began_at, a.id LIMIT 1), p.writing_unit_id)) END),
           coalesce(e.telephone, r.outside_telephone), r.outside_organisation
      FROM hotline_contact c
      JOIN hotline_duty d ON d.duty = 'contacts' AND d.unit_id = c.writing_unit_id
      JOIN person_identifier n ON n.digest = number AND NOT n.contested
      LEFT JOIN plan p ON p.young_person_id = n.young_person_id AND p.state <> 'closed'
      LEFT JOIN LATERAL (SELECT DISTINCT ON (r.kind) r.* FROM plan_role r
            WHERE r.plan_id = p.id AND r.from_at <= acting_now() ORDER BY r.kind, r.from_at DESC) r ON r.declined_reason IS NULL
      LEFT JOIN employee e ON e.id = r.employee_id AND e.deactivated_at IS NULL
     WHERE c.id = of_contact AND c.state IN ('open', 'taken') AND c.writing_unit_id = ANY (acting_holders())
       AND (NOT c.tie_asked OR c.young_person_id = n.young_person_id OR c.tie_number = number)
$$;

GRANT EXECUTE ON FUNCTION contact_of_request(bytea), passed_on_contacts(uuid, integer), hotline_card(uuid, bytea) TO enplan_app;

-- Does the contact exist for the acting? As the policies say it, for the functions that go beyond their sight.
DO $do$
BEGIN
    EXECUTE format('CREATE FUNCTION sees_contact(contact uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        SELECT EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact AND (c.writing_unit_id = ANY (acting_holders()) OR %s)) $body$',
        may_see('c', 'c.young_person_id') || ' AND ' || reads_fact('''contact''', 'c.young_person_id'));
END $do$;

-- Locks whom a contact is tied to and whom it is to be tied to, seen or not, in the order of their ids: before the contact, as
-- a merge does.
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

-- The tasks to answer a contact are done, and the notice to the contact person is over: the contact was answered, by an employee who
-- sees it and perhaps not the young person.
CREATE FUNCTION contact_is_answered(contact uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task SET done_at = acting_now(), ended = CASE kind WHEN 'answer-hotline' THEN 'act' ELSE 'lapsed' END
     WHERE subject_id = contact AND done_at IS NULL AND sees_contact(contact)
$$;
GRANT EXECUTE ON FUNCTION contact_is_answered(uuid) TO enplan_app;

-- HL-6: asks for an answer to a contact that is tied to a young person: the employee who has the case (DL-7) and sees what it is
-- about; else the unit that has it. Whoever is the contact person is told that there is
-- something, without content. Nothing where it is asked for already, not tied, or over, nor of a contact that the acting do
-- not see.
CREATE FUNCTION ask_to_answer(task_id uuid, notice_id uuid, contact uuid, due date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    about  hotline_contact;
    of_one plan;
    person young_person;
    helper uuid;
BEGIN
    SELECT * INTO about FROM hotline_contact c
     WHERE c.id = contact AND c.state IN ('open', 'taken') AND c.concern IS NULL
       AND (c.topic = 'drop-out-risk' OR c.plan_not_followed) AND sees_contact(c.id);
    SELECT * INTO person FROM young_person WHERE id = about.young_person_id;
    IF person.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO of_one FROM plan WHERE young_person_id = person.id AND state <> 'closed';
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
    SELECT task_id, person.id, about.information_area, coalesce(of_one.writing_unit_id, person.writing_unit_id), 'answer-hotline', contact,
           has_case_in(person.id, of_one.id, coalesce(of_one.writing_unit_id, person.writing_unit_id), about.information_area), due, acting_now()
        ON CONFLICT DO NOTHING;
    SELECT r.employee_id INTO helper FROM plan_role r
     WHERE r.plan_id = of_one.id AND r.kind = 'contact-person' AND r.from_at <= acting_now() ORDER BY r.from_at DESC LIMIT 1;
    IF helper IS NOT NULL THEN
        INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
        VALUES (notice_id, person.id, 2, of_one.writing_unit_id, 'hotline-notice', contact, helper, due, acting_now())
            ON CONFLICT DO NOTHING;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION ask_to_answer(uuid, uuid, uuid, date) TO enplan_worker;

-- What is looked for where a word was typed: the words that begin with it, where they are few enough to be told (so that the
-- index need not gather all of them), else whatever begins so.
CREATE FUNCTION words_from(typed text) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC
    SELECT CASE WHEN length(typed) < 4 OR count(*) > 50 THEN typed || ':*' ELSE concat_ws(' | ', typed, string_agg(begun.word, ' | ')) END
      FROM (SELECT w.word FROM hotline_word w WHERE w.word > typed COLLATE "C" AND w.word < (typed || '~') COLLATE "C" LIMIT 51) begun;
    END;

-- Words of summaries that may have been meant by a word that was typed: the ten nearest of one's own lists. Without lists, of
-- all: then every one that is near enough, for were some left out because others are nearer, the search would tell what
-- stands in contacts that one does not see.
CREATE FUNCTION words_near(typed text, lists uuid[]) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC
    SELECT string_agg(' | ' || near.word, '') FROM (
        SELECT w.word FROM hotline_word w
         WHERE (lists IS NULL OR w.writing_unit_id = ANY (lists))
           AND w.word % typed AND least(levenshtein(typed, w.word), levenshtein(typed, left(w.word, length(typed))))
                                  <= CASE WHEN length(typed) >= 6 THEN 2 WHEN length(typed) >= 4 THEN 1 ELSE 0 END
         GROUP BY w.word ORDER BY similarity(w.word, typed) DESC, w.word LIMIT CASE WHEN lists IS NOT NULL THEN 10 END) near;
    END;

-- Where in a text its words fit: the first character (from 0) and how many.
CREATE FUNCTION hit_marks(told text, fits tsquery) RETURNS json LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
    SELECT coalesce(json_agg(json_build_object('start', t.until - length(t.part), 'length', length(t.part)) ORDER BY t.no), '[]')
      FROM (SELECT m.part[1] AS part, m.no, sum(length(m.part[1])) OVER (ORDER BY m.no) AS until
              FROM regexp_matches(told, '[^[:space:][:punct:]]+|[[:space:][:punct:]]+', 'g') WITH ORDINALITY m (part, no)) t
     WHERE t.part !~ '^[[:space:][:punct:]]' AND to_tsvector('simple'::regconfig, fold_name(t.part)) @@ fits;
    END;

DO $do$
BEGIN
    -- A contact as its readers see it, with the basis by which they see the young person where they have one: who has none
    -- is told of the contact, not of whom it is tied to. Who notified of a concern is for those alone on whose list it is: what
    -- kind of caller, and which institution, too.
    EXECUTE format($view$
CREATE VIEW hotline_file WITH (security_barrier) AS
SELECT c.id, c.young_person_id, a.basis_id, a.areas, c.information_area, c.writing_unit_id, u.name AS writing_unit_name,
       CASE WHEN own.list OR c.concern IS NULL THEN c.caller_kind END AS caller_kind, i.id AS institution_id, i.name AS institution_name, c.channel, c.topic, c.urgency, c.summary, c.called_at, c.logged_at,
       c.logged_by_id, l.given_name || ' ' || l.family_name AS logged_by, c.only_information, c.plan_not_followed, c.earlier_contact_id,
       c.shown_to, c.concern, c.assess_by, c.assessed_at, c.receipt_by, c.receipted_at, c.due_at, c.state, c.owner_id,
       o.given_name || ' ' || o.family_name AS owner_name, c.taken_at, c.answered_at, c.closed_at, c.version,
       array_remove(ARRAY[CASE WHEN c.state IN ('open', 'taken') AND c.due_at < acting_now() THEN 'answer' END,
                          CASE WHEN c.assessed_at IS NULL AND c.assess_by < acting_now() THEN 'assess' END,
                          CASE WHEN c.receipted_at IS NULL AND c.receipt_by < acting_today() THEN 'receipt' END], NULL) AS past_due,
       (SELECT coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind, 'text', e.text, 'reason', e.reason,
               'entered_by_id', e.entered_by_id, 'entered_by', w.given_name || ' ' || w.family_name,
               'entered_at', e.entered_at) ORDER BY e.entered_at, e.id), '[]')
          FROM hotline_entry e JOIN employee w ON w.id = e.entered_by_id WHERE e.contact_id = c.id) AS entries
  FROM hotline_contact c
 CROSS JOIN LATERAL (SELECT c.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) AS list) own
  LEFT JOIN LATERAL %1$s a ON true
  JOIN unit u ON u.id = c.writing_unit_id
  LEFT JOIN unit i ON i.id = c.institution_id AND (own.list OR c.concern IS NULL)
  JOIN employee l ON l.id = c.logged_by_id
  LEFT JOIN employee o ON o.id = c.owner_id
 WHERE c.writing_unit_id = ANY ((SELECT acting_holders())::uuid[]) OR %2$s $view$,
        bases_of('c.young_person_id'), '(' || may_see_in_view('c', 'a') || ' AND ' || reads_fact('''contact''', 'c.young_person_id') || ')');
    GRANT SELECT ON hotline_file TO enplan_app;

    -- HL-7: contacts that the caller sees, newest first after `before`; with words, those in which all of them stand or
    -- begin (rank 0) before those in which something alike stands (rank 1). Filtered before it is ranked.
    -- Of one's own lists the newest are looked through first, which finds a common word at once, and more of them where some were
    -- found; a word that is rare there is left to the index of words. Of others, one's bases lead to the contacts where they are few (person by
    -- person, hence OFFSET 0: a common word is no way to them).
    EXECUTE format($function$
CREATE FUNCTION find_contacts(wanted text, of_state text, of_topic text, of_caller text, of_institution uuid, called_from timestamptz,
    called_to timestamptz, past_due boolean, after_rank integer, before uuid, lim integer)
RETURNS TABLE (id uuid, rank integer, marks json)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
    holders  uuid[] := acting_holders();
    typed    text[] := string_to_array(nullif(fold_name(wanted), ''), ' ');
    exact    tsquery := to_tsquery('simple', (SELECT string_agg('(' || words_from(w) || ')', ' & ') FROM unnest(typed) w));
    -- Of my lists, of others', and what is marked.
    fits     tsquery := exact;
    alike    tsquery := exact;
    marked   tsquery := to_tsquery('simple', (SELECT string_agg(words_from(w), ' | ') FROM unnest(typed) w));
    kept     text := concat(
        CASE WHEN past_due OR of_state <> 'closed' THEN ' AND c.state <> ''closed''' END,
        ' AND c.state = ' || quote_literal(of_state), ' AND c.topic = ' || quote_literal(of_topic),
        ' AND c.caller_kind = ' || quote_literal(of_caller), ' AND c.institution_id = ' || quote_literal(of_institution),
        ' AND c.called_at >= ' || quote_literal(called_from), ' AND c.called_at < ' || quote_literal(called_to),
        CASE WHEN past_due THEN ' AND (c.state IN (''open'', ''taken'') AND c.due_at < acting_now() OR c.assessed_at IS NULL
            AND c.assess_by < acting_now() OR c.receipted_at IS NULL AND c.receipt_by < acting_today())' END);
    narrow   boolean := (SELECT count(*) FROM (SELECT FROM access_basis b WHERE %1$s LIMIT 5001) seen) <= 5000;
    -- $1 my units, $2 before, $3 how many, $4 the words.
    -- Of the unit `h`, put so that its own index alone gives the order: the primary key would be walked through everybody's.
    listed   text := 'c.writing_unit_id >= h AND (c.writing_unit_id, c.id) < (h, $2)';
    newest   text := ' ORDER BY c.writing_unit_id DESC, c.id DESC';
    own text; others text; hits uuid[]; window_size integer; found integer; told integer := 0; more integer;
BEGIN
    IF wanted IS NOT NULL AND typed IS NULL THEN
        RETURN;
    END IF;
    FOR place IN after_rank .. CASE WHEN wanted IS NULL THEN 0 ELSE 1 END LOOP
        IF place = 1 THEN
            SELECT to_tsquery('simple', string_agg(concat('(', words_from(w), near.mine, ')'), ' & ')) && !! exact,
                   to_tsquery('simple', string_agg(concat('(', words_from(w), near.every, ')'), ' & ')) && !! exact,
                   to_tsquery('simple', string_agg(concat(words_from(w), near.every), ' | '))
              INTO fits, alike, marked
              FROM unnest(typed) w CROSS JOIN LATERAL (SELECT words_near(w, holders) AS mine, words_near(w, NULL) AS every) near;
        END IF;
        FOREACH window_size IN ARRAY ARRAY[5000, 25000] LOOP
            own := 'SELECT n.id FROM unnest($1) h CROSS JOIN LATERAL (SELECT c.id FROM ' || CASE WHEN wanted IS NULL
                THEN 'hotline_contact c WHERE ' || listed || kept || newest || ' LIMIT $3) n'
                ELSE '(SELECT * FROM hotline_contact c WHERE ' || listed || newest || ' LIMIT ' || window_size || ') c
                    WHERE c.words @@ $4' || kept || ' LIMIT $3) n' END;
            EXECUTE 'SELECT array_agg(n.id) FROM (' || own || ' ORDER BY 1 DESC LIMIT $3) n' INTO hits USING holders, before, lim - told, fits;
            found := coalesce(cardinality(hits), 0);
            EXIT WHEN wanted IS NULL OR found >= lim - told OR found * 5 < lim - told;
        END LOOP;
        IF wanted IS NOT NULL AND found < lim - told THEN
            EXECUTE 'WITH c AS MATERIALIZED (SELECT c.id FROM hotline_contact c WHERE c.words @@ $4 AND c.writing_unit_id = ANY ($1)
                AND c.id < $2' || kept || ') SELECT array_agg(n.id) FROM (SELECT c.id FROM c ORDER BY c.id DESC LIMIT $3) n'
               INTO hits USING holders, before, lim - told, fits;
        END IF;
        others := CASE WHEN wanted IS NOT NULL THEN ' AND c.words @@ $4' ELSE '' END || kept || ' AND c.id < $2 AND c.writing_unit_id <> ALL ($1)'
            -- Who notified of a concern is not told to others, nor found by them.
            || CASE WHEN of_caller IS NOT NULL OR of_institution IS NOT NULL THEN ' AND c.concern IS NULL' ELSE '' END;
        others := CASE WHEN narrow
            THEN 'SELECT DISTINCT c.id FROM access_basis b CROSS JOIN LATERAL (SELECT * FROM hotline_contact c
                WHERE c.young_person_id = b.young_person_id OFFSET 0) c WHERE %2$s
                AND (b.areas & c.information_area) <> 0 AND (b.giver_id IS NULL OR b.giver_id = c.writing_unit_id)' || others
            ELSE 'SELECT c.id FROM hotline_contact c WHERE c.young_person_id IS NOT NULL' || others || ' AND %3$s' END;
        RETURN QUERY EXECUTE 'SELECT c.id, $6, hit_marks(c.summary, $7) FROM (SELECT n.id FROM unnest($5) n (id) UNION ALL SELECT n.id FROM (' || others
                || ' ORDER BY 1 DESC LIMIT $3) n ORDER BY 1 DESC LIMIT $3) n JOIN hotline_contact c ON c.id = n.id ORDER BY c.id DESC'
            USING holders, before, lim - told, alike, hits, place, marked;
        GET DIAGNOSTICS more = ROW_COUNT;
        told := told + more;
        EXIT WHEN told >= lim;
        before := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    END LOOP;
END $body$ $function$, basis_is_mine('b', 'holders', 'acting_now()'),
        replace(basis_is_mine('b', '$1', '(SELECT acting_now())'), '''', ''''''), replace(may_see('c', 'c.young_person_id'), '''', ''''''));
END $do$;
GRANT EXECUTE ON FUNCTION find_contacts(text, text, text, text, uuid, timestamptz, timestamptz, boolean, integer, uuid, integer) TO enplan_app;
