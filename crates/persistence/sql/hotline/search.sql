{% from "access/macros.sql" import basis_is_mine, may_see, opens_row %}

-- HL-7: the contacts that the caller sees, newest first after `before`. With a text, contacts in which all of its words
-- occur or begin a word (rank 0) come before contacts with similar words (rank 1). The filters apply before the ranking.

-- Of the caller's own lists, the newest contacts are read first, which finds a common word at once, and more of them if
-- some were found. A word that is rare there is left to the index of words. Of other lists, the caller's access bases
-- lead to the contacts if they are few: young person by young person, hence OFFSET 0, because a common word does not lead
-- to them. The filters depend on the parameters, therefore the statements are dynamic.
CREATE FUNCTION find_contacts(wanted text, of_state text, of_topic text, of_caller text, of_institution uuid, called_from timestamptz,
    called_to timestamptz, past_due boolean, after_rank integer, before uuid, lim integer)
RETURNS TABLE (id uuid, rank integer, marks json)
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    holders  uuid[] := acting_holders();
    typed    text[] := string_to_array(nullif(fold_name(wanted), ''), ' ');
    exact    tsquery := to_tsquery('simple', (SELECT string_agg('(' || words_from(w) || ')', ' & ') FROM unnest(typed) w));
    -- The words for the caller's own lists, for other lists, and for the marks.
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
    narrow   boolean := (SELECT count(*) FROM (SELECT FROM access_basis b WHERE {{ basis_is_mine("b", "holders", "acting_now()") }} LIMIT 5001) seen) <= 5000;
    -- $1 the caller's holders, $2 before, $3 how many, $4 the words.
    -- Of the unit `h`, written so that its own index alone gives the order: the primary key would be read through the contacts
    -- of all units.
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
            -- The hotline caller of a concern is neither shown to others nor found by them.
            || CASE WHEN of_caller IS NOT NULL OR of_institution IS NOT NULL THEN ' AND c.concern IS NULL' ELSE '' END;
        others := CASE WHEN narrow
            THEN 'SELECT DISTINCT c.id FROM access_basis b CROSS JOIN LATERAL (SELECT * FROM hotline_contact c
                WHERE c.young_person_id = b.young_person_id OFFSET 0) c WHERE {{ basis_is_mine("b", "$1", "(SELECT acting_now())") | replace("'", "''") }}
                AND {{ opens_row("b", "c") }}' || others
            ELSE 'SELECT c.id FROM hotline_contact c WHERE c.young_person_id IS NOT NULL' || others || ' AND {{ may_see("c") | replace("'", "''") }}' END;
        RETURN QUERY EXECUTE 'SELECT c.id, $6, hit_marks(c.summary, $7) FROM (SELECT n.id FROM unnest($5) n (id) UNION ALL SELECT n.id FROM (' || others
                || ' ORDER BY 1 DESC LIMIT $3) n ORDER BY 1 DESC LIMIT $3) n JOIN hotline_contact c ON c.id = n.id ORDER BY c.id DESC'
            USING holders, before, lim - told, alike, hits, place, marked;
        GET DIAGNOSTICS more = ROW_COUNT;
        told := told + more;
        EXIT WHEN told >= lim;
        before := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    END LOOP;
END $$;
GRANT EXECUTE
    ON FUNCTION find_contacts(text, text, text, text, uuid, timestamptz, timestamptz, boolean, integer, uuid, integer) TO enplan_app;
