-- HL-7: the words of a summary are added to the words of its list.
CREATE FUNCTION hotline_words_are_known() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- In order, so that two concurrent transactions do not deadlock.
    INSERT INTO hotline_word SELECT NEW.writing_unit_id, told.word FROM unnest(tsvector_to_array(NEW.words)) told (word)
     WHERE length(told.word) BETWEEN 4 AND 100
       AND NOT EXISTS (SELECT FROM hotline_word k WHERE k.writing_unit_id = NEW.writing_unit_id AND k.word = told.word)
     ORDER BY told.word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER hotline_words_are_known AFTER INSERT ON hotline_contact FOR EACH ROW EXECUTE FUNCTION hotline_words_are_known();

-- HL-7: the search for a typed word: the words that begin with it if they are few, so that the index need not gather all
-- of them; otherwise everything that begins so.
CREATE FUNCTION words_from(typed text) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC
    SELECT CASE WHEN length(typed) < 4 OR count(*) > 50 THEN typed || ':*' ELSE concat_ws(' | ', typed, string_agg(begun.word, ' | ')) END
      FROM (SELECT w.word FROM hotline_word w WHERE w.word > typed COLLATE "C" AND w.word < (typed || '~') COLLATE "C" LIMIT 51) begun;
    END;

-- HL-7: words of summaries that a typed word may have meant: the ten nearest ones of the caller's own lists. Without
-- lists, all that are near enough, of all lists: if some were left out because others are nearer, the search would reveal
-- the words of hidden contacts.
CREATE FUNCTION words_near(typed text, lists uuid[]) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC
    SELECT string_agg(' | ' || near.word, '') FROM (
        SELECT w.word FROM hotline_word w
         WHERE (lists IS NULL OR w.writing_unit_id = ANY (lists))
           AND w.word % typed AND least(levenshtein(typed, w.word), levenshtein(typed, left(w.word, length(typed))))
                                  <= CASE WHEN length(typed) >= 6 THEN 2 WHEN length(typed) >= 4 THEN 1 ELSE 0 END
         GROUP BY w.word ORDER BY similarity(w.word, typed) DESC, w.word LIMIT CASE WHEN lists IS NOT NULL THEN 10 END) near;
    END;

-- HL-7: where the words of a text match: the first character (from 0) and the number of characters.
CREATE FUNCTION hit_marks(told text, fits tsquery) RETURNS json LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
    SELECT coalesce(json_agg(json_build_object('start', t.until - length(t.part), 'length', length(t.part)) ORDER BY t.no), '[]')
      FROM (SELECT m.part[1] AS part, m.no, sum(length(m.part[1])) OVER (ORDER BY m.no) AS until
              FROM regexp_matches(told, '[^[:space:][:punct:]]+|[[:space:][:punct:]]+', 'g') WITH ORDINALITY m (part, no)) t
     WHERE t.part !~ '^[[:space:][:punct:]]' AND to_tsvector('simple'::regconfig, fold_name(t.part)) @@ fits;
    END;
