-- Conversations and notes (PL-13): written once, and never changed; corrections stand beside them. When it
-- took place and when it was written down are both kept (duty to note).

-- What was written stays, whoever asks; a merge may move it to another young person (D-8).
CREATE FUNCTION stays_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'young_person_id' <> to_jsonb(OLD) - 'young_person_id' THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'what was written stays; a correction stands beside it';
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE journal_entry (
    id                     uuid PRIMARY KEY,
    young_person_id        uuid NOT NULL REFERENCES young_person (id) ON UPDATE CASCADE,
    information_area       information_area NOT NULL CONSTRAINT journal_entry_area CHECK (information_area <> 1),
    writing_unit_id        uuid NOT NULL REFERENCES unit (id),
    kind                   text NOT NULL,
    took_place_at          timestamptz NOT NULL,
    form                   text CONSTRAINT journal_entry_form_known CHECK (form IN ('face-to-face', 'telephone', 'video', 'letter')),
    minutes                smallint CONSTRAINT journal_entry_minutes CHECK (minutes BETWEEN 1 AND 1440),
    took_part              text[] CONSTRAINT journal_entry_took_part CHECK (cardinality(took_part) <= 20),
    young_person_took_part boolean,
    text                   text NOT NULL,
    entered_by_id          uuid NOT NULL REFERENCES employee (id),
    entered_at             timestamptz NOT NULL,
    UNIQUE (id, young_person_id, information_area, writing_unit_id),
    -- Each kind has the columns its Rust variant has. A letter lasts no time; somebody takes part.
    CONSTRAINT journal_entry_columns CHECK (CASE kind
        WHEN 'conversation' THEN num_nonnulls(form, took_part, young_person_took_part) = 3
                             AND (form = 'letter') = (minutes IS NULL)
                             AND (young_person_took_part OR cardinality(took_part) > 0)
        WHEN 'note'         THEN num_nonnulls(form, minutes, took_part, young_person_took_part) = 0
        ELSE false END),
    -- A year back at most (chosen).
    CONSTRAINT "journal.moment-out-of-range" CHECK (took_place_at <= entered_at
        AND (took_place_at AT TIME ZONE 'Europe/Copenhagen')::date >= (entered_at AT TIME ZONE 'Europe/Copenhagen')::date - 365)
);
COMMENT ON COLUMN journal_entry.took_place_at IS 'When it began; of a note: the moment it is about.';
COMMENT ON COLUMN journal_entry.took_part IS 'Beside the young person: names or roles, as they were written down.';
CREATE INDEX journal_entry_newest ON journal_entry (young_person_id, kind, took_place_at DESC, id DESC);
CREATE INDEX journal_entry_by_unit ON journal_entry (writing_unit_id, took_place_at) WHERE kind = 'conversation';
CALL protect('journal_entry', also => '{law,consent,break-glass}');
CALL protect_fact('journal_entry');

-- A correction has the area and the writer of what it corrects, whoever makes it, and so is seen by exactly
-- those who see that.
CREATE TABLE journal_correction (
    id               uuid PRIMARY KEY,
    entry_id         uuid NOT NULL,
    young_person_id  uuid NOT NULL,
    information_area information_area NOT NULL,
    writing_unit_id  uuid NOT NULL,
    text             text NOT NULL,
    reason           text NOT NULL,
    entered_by_id    uuid NOT NULL REFERENCES employee (id),
    entered_at       timestamptz NOT NULL,
    FOREIGN KEY (entry_id, young_person_id, information_area, writing_unit_id)
        REFERENCES journal_entry (id, young_person_id, information_area, writing_unit_id) ON UPDATE CASCADE
);
CREATE INDEX journal_correction_by_entry ON journal_correction (entry_id, entered_at, id);
CALL protect('journal_correction', also => '{law,consent,break-glass}');
CALL protect_fact('journal_correction');
DO $do$
BEGIN
    EXECUTE format('ALTER POLICY app_insert ON journal_correction WITH CHECK (%s)',
        may_write('journal_correction', 'journal_correction.young_person_id', NULL, '{law,consent,break-glass}'));
END $do$;

REVOKE UPDATE ON journal_entry, journal_correction FROM enplan_app, enplan_worker;
CREATE TRIGGER journal_entry_stays BEFORE UPDATE ON journal_entry FOR EACH ROW EXECUTE FUNCTION stays_as_written();
CREATE TRIGGER journal_correction_stays BEFORE UPDATE ON journal_correction FOR EACH ROW EXECUTE FUNCTION stays_as_written();

DO $do$
BEGIN
    -- An entry with its corrections in order, which need no question of their own.
    EXECUTE format($view$
CREATE VIEW journal_file WITH (security_barrier) AS
SELECT e.id, e.kind, e.young_person_id, a.basis_id, e.information_area, e.writing_unit_id, u.name AS writing_unit_name,
       e.took_place_at, e.form, e.minutes, e.took_part, e.young_person_took_part, e.text,
       e.entered_by_id, w.given_name || ' ' || w.family_name AS entered_by, e.entered_at,
       (SELECT coalesce(json_agg(json_build_object('id', c.id, 'text', c.text, 'reason', c.reason,
               'entered_by_id', c.entered_by_id, 'entered_by', k.given_name || ' ' || k.family_name,
               'entered_at', c.entered_at) ORDER BY c.entered_at, c.id), '[]')
          FROM journal_correction c JOIN employee k ON k.id = c.entered_by_id WHERE c.entry_id = e.id) AS corrections
  FROM journal_entry e
  JOIN LATERAL %1$s a ON true
  JOIN unit u ON u.id = e.writing_unit_id
  JOIN employee w ON w.id = e.entered_by_id
 WHERE %2$s $view$, bases_of('e.young_person_id'), may_see_in_view('e', 'a') || ' AND ' || reads_fact('''journal''', 'e.young_person_id'));

    -- Time spent on conversations that one of the caller's units wrote down, and how much of it face to face, by
    -- month in Copenhagen. Letters last no time and do not count. A month is told where the caller sees each of
    -- its conversations anyhow, or where 5 or more (AC-8, chosen) are hidden: what is seen, subtracted, leaves
    -- no smaller number.
    EXECUTE format($function$
CREATE FUNCTION face_to_face(asked_unit uuid, first_month date, last_month date)
RETURNS TABLE (month date, conversations integer, minutes integer, minutes_face_to_face integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    SELECT m.month::date, CASE WHEN n.told THEN n.conversations END, CASE WHEN n.told THEN n.minutes END,
           CASE WHEN n.told THEN n.minutes_face_to_face END
      FROM generate_series(first_month::timestamp, last_month::timestamp, '1 month') m (month)
     CROSS JOIN LATERAL (
            SELECT count(*)::integer AS conversations, coalesce(sum(e.minutes), 0)::integer AS minutes,
                   coalesce(sum(e.minutes) FILTER (WHERE e.form = 'face-to-face'), 0)::integer AS minutes_face_to_face,
                   count(*) FILTER (WHERE NOT %1$s) NOT BETWEEN 1 AND 4 AS told
              FROM journal_entry e
             WHERE e.writing_unit_id = asked_unit AND e.kind = 'conversation' AND e.form <> 'letter'
               AND e.took_place_at >= m.month AT TIME ZONE 'Europe/Copenhagen'
               AND e.took_place_at < (m.month + interval '1 month') AT TIME ZONE 'Europe/Copenhagen') n
     WHERE asked_unit = ANY (acting_holders())
     ORDER BY 1
$body$ $function$, may_see('e', 'e.young_person_id'));
END $do$;
GRANT SELECT ON journal_file TO enplan_app;
GRANT EXECUTE ON FUNCTION face_to_face(uuid, date, date) TO enplan_app;
