//! AC-17 at a SQL prompt: functions that run with the owner's rights neither tell nor change anything of a young person for
//! whom the caller has no access basis. All of them are called, with ids of hidden records and with ids that do not exist.

use crate::access_matrix::{Standing, case_of, municipality};
use crate::walk::WORKER;
use std::collections::BTreeSet;
use uuid::Uuid;

/// An employee without any access basis for the hidden young person.
const STRANGER: &str = "test.fremmed";

/// Functions that answer differently on purpose, with the reason.
const ALLOWED: &[(&str, &str)] = &[];

/// Calls every such function with each id as its first, and the young person, an employee or a unit as its further ids: once
/// with the hidden ids and once with unknown ones, each in a subtransaction. Notes the functions whose result, refusal or changes differ.
const PROBE: &str = "
    DO $probe$
    DECLARE
        f        record;
        ids      uuid[] := '{IDS}';
        unknown  uuid[] := '{UNKNOWN}';
        others   uuid[] := '{OTHERS}';
        words    text[] := '{WORDS}';
        found    text := '';
        combined int;
        which    int;
        choice   int;
        call     text[];
        result   text[];
        changes  bigint;
        has_hidden boolean;
        uuids    int;
        word     text;
        kind     text;
        turn     int;
    BEGIN
        FOR f IN SELECT p.oid, p.proname, (SELECT array_agg(t::regtype::text ORDER BY n) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a (t, n)) AS kinds
                   FROM pg_proc p
                  WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND has_function_privilege(p.oid, 'EXECUTE')
                    AND p.pronargs > 0 AND p.proname <> 'act_as' ORDER BY p.proname LOOP
            uuids := cardinality(array_positions(f.kinds, 'uuid'));
            CONTINUE WHEN uuids = 0 AND NOT f.kinds @> ARRAY['uuid[]'];
            FOREACH word IN ARRAY CASE WHEN f.kinds @> ARRAY['text'] AND uuids < 2 THEN words ELSE words[1:1] END LOOP
                FOR combined IN 0 .. (cardinality(ids) + cardinality(others)) * (CASE WHEN uuids < 2 THEN 1 ELSE 1 + cardinality(others) END) - 1 LOOP
                    result := '{}';
                    has_hidden := false;
                    FOR turn IN 1 .. 2 LOOP
                        call := '{}';
                        which := NULL;
                        FOREACH kind IN ARRAY f.kinds LOOP
                            IF kind IN ('uuid', 'uuid[]') THEN
                                choice := CASE WHEN which IS NULL THEN combined % (cardinality(ids) + cardinality(others)) + 1
                                               WHEN which = 0 THEN 1 ELSE cardinality(ids) + which END;
                                which := combined / (cardinality(ids) + cardinality(others));
                                has_hidden := has_hidden OR choice <= cardinality(ids);
                                call := call || CASE kind WHEN 'uuid' THEN '%L' ELSE 'ARRAY[%L::uuid]' END;
                                call[cardinality(call)] := format(call[cardinality(call)],
                                    ((CASE turn WHEN 1 THEN ids ELSE unknown END) || others)[choice]);
                            ELSE
                                call := call || CASE kind WHEN 'text' THEN quote_literal(word) WHEN 'integer' THEN '5' WHEN 'boolean' THEN 'true'
                                    WHEN 'timestamp with time zone' THEN 'acting_now()' WHEN 'date' THEN 'acting_today()'
                                    WHEN 'date[]' THEN 'ARRAY[acting_today()]' WHEN 'information_area' THEN '2'
                                    WHEN 'bytea' THEN '''\\x00''::bytea' ELSE 'NULL::' || kind END;
                            END IF;
                        END LOOP;
                        EXIT WHEN NOT has_hidden;
                        BEGIN
                            SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) INTO changes FROM pg_stat_xact_user_tables;
                            EXECUTE format('SELECT string_agg(t::text, '';'') FROM %I(%s) t', f.proname, array_to_string(call, ', ')) INTO kind;
                            SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) - changes INTO changes FROM pg_stat_xact_user_tables;
                            RAISE EXCEPTION USING ERRCODE = 'P0099';
                        EXCEPTION WHEN SQLSTATE 'P0099' THEN
                            result := result || format('%s; %s changes', kind, changes);
                        WHEN OTHERS THEN
                            result := result || SQLERRM;
                        END;
                    END LOOP;
                    CONTINUE WHEN NOT has_hidden;
                    FOR choice IN 1 .. cardinality(ids) LOOP
                        result[1] := replace(result[1], ids[choice]::text, unknown[choice]::text);
                    END LOOP;
                    IF result[1] IS DISTINCT FROM result[2] THEN
                        found := found || format(E'%s(%s): %s | %s\\n', f.proname, array_to_string(call, ', '), result[1], result[2]);
                        EXIT;
                    END IF;
                END LOOP;
            END LOOP;
        END LOOP;
        PERFORM set_config('probe.found', found, false);
    END $probe$;";

fn literal<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    format!("{{{}}}", all.join(","))
}

#[actix_web::test]
async fn ac_17_functions_of_the_owner_tell_and_change_nothing_of_hidden_people() {
    let app = municipality().await;
    let (number, case, intervention) = case_of(&app, WORKER).await;
    let hidden = Standing::hidden(&app, &number, case, WORKER, intervention).await;
    app.employ(STRANGER, "caseworker", "trepas").await;
    // One record of each table, and the young person.
    let tables = app
        .sql(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'young_person_id'
               JOIN pg_attribute i ON i.attrelid = c.oid AND i.attname = 'id'
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
                AND c.relname NOT IN ('access_basis') ORDER BY 1",
        )
        .await;
    let mut ids = vec![hidden.person];
    for table in &tables {
        let table = table["relname"].as_str().unwrap();
        let first = format!(
            "SELECT id FROM {table} WHERE young_person_id = '{}' ORDER BY id LIMIT 1",
            hidden.person
        );
        let found = app.sql(&first).await;
        ids.extend(found.iter().map(|row| row["id"].as_str().unwrap().parse::<Uuid>().unwrap()));
    }
    assert!(ids.len() > 20, "{} records", ids.len());
    let kinds = app
        .sql("SELECT DISTINCT kind FROM task UNION SELECT code FROM access_rule UNION SELECT 'plan.already-open'")
        .await;
    let words = ["x"].into_iter().chain(kinds.iter().map(|row| row["kind"].as_str().unwrap()));
    let probe = PROBE
        .replace("{IDS}", &literal(&ids))
        .replace("{UNKNOWN}", &literal(ids.iter().map(|_| Uuid::now_v7())))
        .replace(
            "{OTHERS}",
            &literal([
                app.employee(WORKER),
                app.employee(STRANGER),
                app.unit_of(WORKER),
                app.unit_of(STRANGER),
            ]),
        )
        .replace("{WORDS}", &literal(words));
    let opening = app.opening(STRANGER).await;
    app.execute(&format!(
        "BEGIN; SET LOCAL SESSION AUTHORIZATION enplan_app; SELECT act_as('{}', '{}'); {probe} COMMIT",
        opening.session,
        app.now().to_rfc3339()
    ))
    .await;
    let found = app.sql("SELECT current_setting('probe.found') AS found").await;
    let found: BTreeSet<&str> = found[0]["found"].as_str().unwrap().lines().collect();
    let unexpected: Vec<&&str> = found
        .iter()
        .filter(|line| !ALLOWED.iter().any(|(name, _)| line.starts_with(&format!("{name}("))))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    for (name, reason) in ALLOWED {
        let still = found.iter().any(|line| line.starts_with(&format!("{name}(")));
        assert!(still, "{name} answers alike now ({reason})");
    }
}
