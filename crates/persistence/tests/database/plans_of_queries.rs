//! Lists and case files reach what they show by indexes, however many young people there are.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};

/// Young people 100,001 to 120,000, each with a plan, a goal with progress, a review and two interventions; every hundredth is
/// team A's, the others are those of five hundred other units. (Of 5,000 the planner rather reads all than fetch fifty.)
const MANY: &str = "
    CREATE TEMPORARY VIEW many AS
        SELECT lpad((100000 + n)::text, 32, '0')::uuid AS person, lpad((200000 + n)::text, 32, '0')::uuid AS plan,
               CASE WHEN n % 100 = 0 THEN #2 ELSE lpad((5000 + n % 500)::text, 32, '0')::uuid END AS unit, n
          FROM generate_series(1, 20000) n;
    INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
        SELECT person, unit, 'Young', n::text, '2008-01-01', '2026-11-01' FROM many;
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), person, unit, 'unit', 'registration', 7, person, '', '2026-11-01' FROM many;
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at)
        SELECT plan, person, unit, 'draft', 'why', '2026-11-02' FROM many;
    INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
        SELECT plan, plan, person, unit, 'social', 'what', '2027-01-01', '2026-11-02' FROM many;
    INSERT INTO goal_progress (id, goal_id, plan_id, young_person_id, writing_unit_id, voice, on_day, score,
            entered_by_id, entered_at)
        SELECT gen_random_uuid(), plan, plan, person, unit, 'professional', date '2026-11-03' + day, 5, #11, '2026-11-20'
          FROM many, generate_series(1, 3) day;
    INSERT INTO plan_review (id, plan_id, young_person_id, writing_unit_id, on_day, took_part,
            young_person_took_part, decisions, next_review_on, entered_by_id, entered_at)
        SELECT gen_random_uuid(), plan, person, unit, '2026-11-03', '{Mother}', true, 'what', '2027-01-01', #11,
               '2026-11-20' FROM many;
    INSERT INTO intervention (id, plan_id, young_person_id, information_area, writing_unit_id, providing_unit_id,
            title, area, repeatable, state, planned_start, responsible_id, referred_at, holds_from, started_on)
        SELECT gen_random_uuid(), plan, person, 4, unit, #4, 'T', 'education', true, 'started', '2026-11-03', #11,
               '2026-11-03', '2026-11-03', '2026-11-03' FROM many, generate_series(1, 2);
    INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme, from_day, recorded_at)
        SELECT gen_random_uuid(), person, unit, CASE WHEN n % 1000 = 0 THEN 'fleksjob' ELSE 'uddannelseshjaelp' END, true, false,
               '2026-03-01', '2026-11-03' FROM many;
    INSERT INTO readiness (id, young_person_id, writing_unit_id, track, verdict, assessed_on, assessor_id, recorded_at)
        SELECT gen_random_uuid(), person, unit, 'benefit', 'aktivitetsparat', '2026-03-01', #11, '2026-11-03' FROM many;
    INSERT INTO event (recorded_at, id, request_id, role, young_person_id, subject_kind, subject_id, kind, salt, digest,
            information_area, writing_unit_id, registration_id)
        SELECT timestamptz '2026-11-01' + e * interval '1 hour', gen_random_uuid(), plan, 'system', person, 'plan', plan::text,
               'plan.amended', '', '', 2, unit, person FROM many, generate_series(1, 3) e;
    -- Every fifth is 16, and at school.
    UPDATE young_person SET birth_date = '2010-05-01' WHERE id IN (SELECT person FROM many WHERE n % 5 = 1);
    INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, place, grade, state, started_on, source, recorded_at)
        SELECT gen_random_uuid(), person, unit, 'school', 'where', 9, 'started', '2026-08-01', 'register', '2026-11-03' FROM many;
    INSERT INTO residence (id, young_person_id, writing_unit_id, from_day, municipality_code, source, recorded_at)
        SELECT gen_random_uuid(), person, unit, '2026-01-01', '0791', 'register', '2026-11-03' FROM many;
    INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, told_at)
        SELECT gen_random_uuid(), person, unit, 'who', 'mother', true, '2020-01-01', '2020-01-01' FROM many;
    INSERT INTO sanction (id, benefit_id, young_person_id, writing_unit_id, kind, on_day, ground, source, recorded_at)
        SELECT gen_random_uuid(), b.id, b.young_person_id, b.writing_unit_id, 'punktsanktion', '2026-03-01', 'why', 'recorded', '2026-11-03'
          FROM benefit_episode b;
    -- Team A's sixty caseworkers have 2,700 cases, each given on twice; the others those of their units.
    SET session_replication_role = replica;
    INSERT INTO employee (id, username, given_name, family_name)
        SELECT lpad((300000 + e)::text, 32, '0')::uuid, 'many-' || e, 'Many', e::text FROM generate_series(0, 59) e;
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
        SELECT gen_random_uuid(), lpad((300000 + e)::text, 32, '0')::uuid, 'caseworker', #2, '2026-01-01' FROM generate_series(0, 59) e;
    INSERT INTO caseload_norm (id, unit_id, function, from_day, cases, reason, decision_no, decided_at)
        VALUES (gen_random_uuid(), #2, 'caseworker', '2026-01-01', 45, 'why', 100, '2026-01-01');
    INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at, ended_at, end_reason)
        SELECT gen_random_uuid(), person, unit, CASE WHEN n <= 2700 THEN #2 ELSE unit END, lpad((300000 + (n + g) % 60)::text, 32, '0')::uuid,
               'caseworker', 'caseworker', timestamptz '2026-01-01' + g * interval '90 days',
               CASE WHEN g < 2 THEN timestamptz '2026-03-31' + g * interval '90 days' END, CASE WHEN g < 2 THEN 'why' END
          FROM many, generate_series(0, 2) g;
    INSERT INTO intake_entry (id, young_person_id, writing_unit_id, unit_id, function, reason, from_day, entered_at)
        SELECT gen_random_uuid(), person, unit, unit, 'mentor', 'why', '2027-01-01', '2026-11-03' FROM many;
    RESET session_replication_role;
    ANALYZE;";

#[tokio::test]
async fn lists_and_case_files_scan_no_table() {
    let database = town().await;
    Prompt::of_admin(&database).await.load(MANY).await;
    let app = Prompt::of_app(&database).await;
    for query in [
        "SELECT * FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL, 50)",
        "SELECT * FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', #2, NULL, 50)",
        "SELECT * FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, 4, 50)",
        "SELECT * FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', #2, 3, 50)",
        "SELECT * FROM case_file WHERE id = #102500",
        "SELECT target_group_on(#102500, '2026-11-22')",
        "SELECT target_group_on(#102501, '2026-11-22')",
        "SELECT * FROM plan_file WHERE id = #202500",
        "SELECT * FROM goal_file WHERE id = #202500",
        "SELECT * FROM goal_progress WHERE goal_id = #202500",
        "SELECT * FROM plan_review WHERE plan_id = #202500",
        "SELECT * FROM intervention_file WHERE plan_id = #202500",
        "SELECT * FROM young_person WHERE id = #102500",
        "SELECT * FROM plan WHERE young_person_id = #102500",
        "SELECT * FROM timeline(#102500, '2026-11-22', #102500, 50)",
        "SELECT * FROM search_young_people('young 2500', 10)",
        "SELECT * FROM caseload_of(#2, '2026-11-22', '2026-11-22T12:00Z')",
        "SELECT * FROM caseload_of(#2, '2026-11-22', '2026-11-22T12:00Z', #300001)",
        "SELECT * FROM caseload_capacity(#2, ARRAY[date '2026-11-30', '2026-12-31'], '2026-11-22T12:00Z')",
        "SELECT * FROM forecast_of(#2, '2026-11-23', '2027-10-31')",
        "SELECT * FROM intake_of(#2, '2026-01-01', #1, 50)",
        "SELECT * FROM assignment_file WHERE employee_id = #300042 AND ended_at IS NULL",
        "SELECT * FROM assignment_file WHERE young_person_id = #102500",
    ] {
        app.begin(id(1011), NOW).await;
        assert!(!app.rows(query).await.is_empty(), "{query}");
        // What this transaction did, functions and views included.
        let scans = app
            .rows(
                "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE seq_tup_read > 0
                    AND (relname LIKE 'event%' OR relname IN ('access_basis', 'young_person', 'plan', 'intervention', 'goal', 'goal_progress',
                                    'plan_review', 'benefit_episode', 'readiness', 'education_and_work', 'residence',
                                    'guardian', 'sanction', 'assignment', 'intake_entry', 'task'))",
            )
            .await;
        assert!(scans.is_empty(), "{query} scans {scans:?}");
        app.rollback().await;
    }
}
