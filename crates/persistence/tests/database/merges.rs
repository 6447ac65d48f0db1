//! YP-8: whatever two registrations hold, merging them loses nothing and hides nothing, and undoing it leaves
//! every row and everybody's sight as before.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};

/// The registrations that are merged, and what each of them may hold: 4,000,100 has the odds that `#seed`
/// gives it, 4,000,200 others.
const PAIR: &str = "
    SELECT setseed(0.SEED);
    CREATE TEMPORARY TABLE who ON COMMIT DROP AS
        SELECT p.person, p.n, random() < 0.45 AS opened, random() < 0.5 AS closed, random() < 0.7 AS coordinated
          FROM (VALUES (#4000100, 1), (#4000200, 2)) p (person, n);
    CREATE TEMPORARY TABLE plans ON COMMIT DROP AS
        SELECT gen_random_uuid() AS id, w.person, w.n, false AS open FROM who w WHERE w.closed
        UNION ALL SELECT gen_random_uuid(), w.person, w.n, true FROM who w WHERE w.opened;
    INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
        SELECT person, #2, 'Freja', 'Holm', '2008-02-29', '2026-11-01' FROM who;
    INSERT INTO person_identifier (id, young_person_id, writing_unit_id, kind, cipher, digest, key_id, valid_from, valid_to)
        SELECT gen_random_uuid(), person, #2, 'cpr', '', uuid_send(gen_random_uuid()), 1, '2026-01-01', valid_to
          FROM who, (VALUES (date '2026-02-01'), (NULL)) v (valid_to);
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from, valid_to)
        SELECT gen_random_uuid(), person, #2, 'unit', 'registration', 63, person, '', timestamptz '2026-11-01', timestamptz 'infinity' FROM who
        UNION ALL SELECT gen_random_uuid(), person, #13, 'employee', 'law', 1 + (random() * 62)::int, gen_random_uuid(), '', '2026-11-01',
               CASE WHEN random() < 0.3 THEN timestamptz '2026-11-10' ELSE 'infinity' END FROM who WHERE random() < 0.6;
    INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
        SELECT person, timestamptz '2026-11-02' - random() * interval '3 days', #2, CASE n WHEN 1 THEN 'JV' ELSE 'UU' END FROM who WHERE coordinated OR opened OR closed;
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at, closed_at, outcome, previous_plan_id)
        SELECT id, person, #2, CASE WHEN open THEN 'draft' ELSE 'closed' END, 'why', '2026-11-02',
               CASE WHEN NOT open THEN timestamptz '2026-11-03' END, CASE WHEN NOT open THEN 'own-wish' END,
               CASE WHEN open THEN (SELECT c.id FROM plans c WHERE c.person = p.person AND NOT c.open) END FROM plans p;
    INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
        SELECT id, kind, '2026-11-03', person, #2, #11 FROM plans, unnest(ARRAY['coordinator', 'contact-person']) kind WHERE random() < 0.7;
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at, left_at)
        SELECT gen_random_uuid(), id, person, #2, unit, #11, '2026-11-03', CASE WHEN random() < 0.2 THEN timestamptz '2026-11-04' END
          FROM plans, unnest(ARRAY[#2, #3]) unit WHERE random() < 0.8;
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), young_person_id, unit_id, 'unit', 'participation', 7, id, '', '2026-11-03' FROM plan_participant
         WHERE left_at IS NULL;
    INSERT INTO plan_link (id, plan_id, young_person_id, writing_unit_id, kind, title, reference, linked_at)
        SELECT gen_random_uuid(), id, person, #3, 'other', 'T', 'R', '2026-11-03' FROM plans WHERE random() < 0.5;
    INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
        SELECT gen_random_uuid(), id, person, #3, 'social', 'what', '2027-01-01', '2026-11-03' FROM plans, generate_series(1, (random() * 3)::int);
    INSERT INTO goal_progress (id, goal_id, plan_id, young_person_id, writing_unit_id, voice, on_day, score, entered_by_id, entered_at)
        SELECT gen_random_uuid(), id, plan_id, young_person_id, #2, 'professional', date '2026-11-03' + d, 5, #11, '2026-11-20'
          FROM goal, generate_series(1, 3) d WHERE young_person_id IN (SELECT person FROM who) AND random() < 0.6;
    INSERT INTO plan_indicators (id, plan_id, young_person_id, writing_unit_id, on_day, everyday_coping, entered_by_id, entered_at)
        SELECT gen_random_uuid(), id, person, #2, '2026-11-03', 3, #11, '2026-11-20' FROM plans WHERE random() < 0.5;
    INSERT INTO plan_review (id, plan_id, young_person_id, writing_unit_id, on_day, took_part, young_person_took_part,
            decisions, next_review_on, entered_by_id, entered_at)
        SELECT gen_random_uuid(), id, person, #2, '2026-11-03', '{Mother}', true, 'what', '2027-01-01', #11, '2026-11-20'
          FROM plans WHERE random() < 0.5;
    INSERT INTO intervention (id, plan_id, young_person_id, information_area, writing_unit_id, providing_unit_id,
            title, area, repeatable, state, planned_start, responsible_id, referred_at, holds_from, started_on)
        SELECT gen_random_uuid(), id, person, CASE WHEN random() < 0.5 THEN 4 ELSE 8 END, CASE WHEN random() < 0.5 THEN #2 ELSE #3 END,
               #4, 'T', 'education', true, 'started', '2026-11-03', #11, '2026-11-03', '2026-11-03', '2026-11-03'
          FROM plans, generate_series(1, (random() * 3)::int) WHERE open;
    INSERT INTO attendance (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id, on_day, presence)
        SELECT id, young_person_id, information_area, writing_unit_id, providing_unit_id, date '2026-11-03' + d, 'present'
          FROM intervention, generate_series(0, 2) d WHERE young_person_id IN (SELECT person FROM who) AND random() < 0.5;
    INSERT INTO intervention_hours (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id, from_day, weekly_minutes, form)
        SELECT id, young_person_id, information_area, writing_unit_id, providing_unit_id, '2026-11-03', 600, 'internship'
          FROM intervention WHERE young_person_id IN (SELECT person FROM who) AND random() < 0.5;
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), young_person_id, #4, 'unit', 'provision', 1, id, '', '2026-11-03' FROM intervention
         WHERE young_person_id IN (SELECT person FROM who);
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
        SELECT gen_random_uuid(), person, 2, #2, 'hold-review', id, date '2026-12-01', timestamptz '2026-11-03' FROM plans WHERE open
        UNION ALL SELECT gen_random_uuid(), young_person_id, information_area, writing_unit_id, 'answer-offer', id, '2026-12-01', '2026-11-03'
          FROM intervention WHERE young_person_id IN (SELECT person FROM who) AND random() < 0.5;
    INSERT INTO support_need (id, young_person_id, writing_unit_id, legal_basis_code, goes_on_after_18, words, from_day, judged_on, judged_by_id, recorded_at)
        SELECT gen_random_uuid(), person, #2, 'bl-ungestoette', true, 'what', '2026-11-03', '2026-11-03', #11, '2026-11-03' FROM who WHERE random() < 0.4;
    INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, support_need_id, guide, acute, raised_on, state, decided_on)
        SELECT gen_random_uuid(), young_person_id, #2, 'support-need', id, 17, false, '2026-02-01', 'exempt', '2026-02-01' FROM support_need;
    INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, reason, raised_by_id, guide, acute, raised_on, state)
        SELECT gen_random_uuid(), person, #2, 'by-hand', 'why', #11, 17, false, '2026-02-01', 'open' FROM who WHERE random() < 0.4;
    INSERT INTO transition_committee (id, need_id, young_person_id, writing_unit_id, on_day, words, told_by_id)
        SELECT gen_random_uuid(), id, young_person_id, #2, '2026-11-03', 'what', #11 FROM transition_need WHERE random() < 0.5;
    INSERT INTO transition_referral (id, need_id, young_person_id, writing_unit_id, unit_id, words, made_on, made_by_id)
        SELECT gen_random_uuid(), n.id, n.young_person_id, #2, u.id, 'what', '2026-11-03', #11 FROM transition_need n, unit u
         WHERE n.state = 'exempt' AND u.id = #3 AND random() < 0.7;
    INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from, coordinates_from, agreed_at, agreed_by_id)
        SELECT gen_random_uuid(), id, young_person_id, #2, #3, '2026-12-01', '2027-01-01', '2026-11-03', #11 FROM transition_need
         WHERE state = 'open' AND random() < 0.7;
    INSERT INTO statutory_responsibility (id, young_person_id, writing_unit_id, unit_id, legal_basis_code, from_day, decided_on, decided_by_id, recorded_at)
        SELECT gen_random_uuid(), person, #2, #2, 'lab', '2026-11-03', '2026-11-03', #11, '2026-11-03' FROM who WHERE random() < 0.4;
    INSERT INTO education_handover (id, young_person_id, writing_unit_id, from_school, to_education, receiver, told, on_day, basis_kind, basis_words, entered_by_id, entered_at)
        SELECT gen_random_uuid(), person, #3, 'where', 'where', 'who', 'what', '2026-11-03', 'necessity', 'why', #11, '2026-11-03' FROM who WHERE random() < 0.5;
    INSERT INTO journal_entry (id, young_person_id, information_area, writing_unit_id, kind, took_place_at, text, entered_by_id, entered_at)
        SELECT gen_random_uuid(), person, 8, #3, 'note', '2026-11-03', 'what', #11, '2026-11-03' FROM who WHERE random() < 0.7;
    INSERT INTO journal_correction (id, entry_id, young_person_id, information_area, writing_unit_id, text, reason, entered_by_id, entered_at)
        SELECT gen_random_uuid(), id, young_person_id, 8, #3, 'what', 'why', #11, '2026-11-03' FROM journal_entry;
    INSERT INTO external_participant (id, plan_id, young_person_id, information_area, writing_unit_id, name, role, basis_kind, basis_words, entered_by_id, entered_at)
        SELECT gen_random_uuid(), id, person, 8, #3, 'who', 'doctor', 'necessity', 'why', #11, '2026-11-03' FROM plans WHERE random() < 0.5;
    INSERT INTO external_disclosure (id, participant_id, plan_id, young_person_id, information_area, writing_unit_id, told, on_day, basis_kind, basis_words, entered_by_id, entered_at)
        SELECT gen_random_uuid(), id, plan_id, young_person_id, 8, #3, 'what', '2026-11-03', 'necessity', 'why', #11, '2026-11-03' FROM external_participant;
    INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, place, grade, state, started_on, source, recorded_at)
        SELECT gen_random_uuid(), person, #2, 'school', 'where', 9, 'started', '2026-08-01', 'register', '2026-11-03' FROM who WHERE random() < 0.7;
    INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, told_at)
        SELECT gen_random_uuid(), person, #2, 'who', 'mother', true, '2020-01-01', '2020-01-01' FROM who WHERE random() < 0.7;
    INSERT INTO residence (id, young_person_id, writing_unit_id, from_day, municipality_code, source, recorded_at)
        SELECT gen_random_uuid(), person, #2, date '2026-01-01' + n, '0791', 'register', '2026-11-03' FROM who WHERE random() < 0.7;
    INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme, from_day, to_day, recorded_at)
        SELECT gen_random_uuid(), person, #2, 'fleksjob', true, false, date '2026-01-01' + (random() * 40)::int, date '2026-02-10' + (random() * 40)::int, '2026-11-03'
          FROM who WHERE random() < 0.5;
    INSERT INTO sanction (id, benefit_id, young_person_id, writing_unit_id, kind, on_day, ground, source, recorded_at)
        SELECT gen_random_uuid(), id, young_person_id, #2, 'punktsanktion', '2026-02-10', 'why', 'recorded', '2026-11-03' FROM benefit_episode
         WHERE random() < 0.7;
    INSERT INTO readiness (id, young_person_id, writing_unit_id, track, verdict, assessed_on, assessor_id, recorded_at)
        SELECT gen_random_uuid(), person, #3, 'eud', 'ready', '2026-01-01', #11, '2026-11-03' FROM who WHERE random() < 0.7;
    INSERT INTO follow_up (id, young_person_id, writing_unit_id, kind, left_on, state, source, taken_on, recorded_at)
        SELECT gen_random_uuid(), person, #2, 'plan', date '2024-01-01' + n, 'public-support', 'asked', '2026-01-01', '2026-11-03' FROM who WHERE random() < 0.5;
    INSERT INTO intake_assessment (id, young_person_id, information_area, writing_unit_id, catalogue_code, assessed_on, assessed_by_id, in_target_group, reason)
        SELECT gen_random_uuid(), person, 4, #3, 'stigen', '2026-11-03', #11, true, 'why' FROM who WHERE random() < 0.5;
    INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at, ended_at, end_reason)
        SELECT gen_random_uuid(), person, #2, unit, #11, f, f, '2026-11-03', ended, CASE WHEN ended IS NOT NULL THEN 'why' END
          FROM who, unnest(ARRAY[#2, #3]) unit, unnest(ARRAY['caseworker', 'adviser']) f,
               (SELECT CASE WHEN SEED % 2 = 0 THEN timestamptz '2026-11-04' END) e (ended) WHERE random() < 0.25;
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), young_person_id, holder, kind, 'assignment', 7, id, '', '2026-11-03' FROM assignment,
            LATERAL (VALUES (employee_id, 'employee'), (unit_id, 'unit')) h (holder, kind) WHERE ended_at IS NULL;
    INSERT INTO intake_entry (id, young_person_id, writing_unit_id, unit_id, function, reason, from_day, entered_at, left_at, left_because)
        SELECT gen_random_uuid(), person, #2, #4, 'caseworker', 'why', '2026-11-03', '2026-11-03', left_at, CASE WHEN left_at IS NOT NULL THEN 'assigned' END
          FROM who, (SELECT CASE WHEN random() < 0.5 THEN timestamptz '2026-11-04' END) l (left_at) WHERE random() < 0.5;
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), young_person_id, unit_id, 'unit', 'assignment', 7, id, '', '2026-11-03' FROM intake_entry WHERE left_at IS NULL;
    INSERT INTO correction (id, young_person_id, information_area, writing_unit_id, act, written, written_id, reason, was, corrected_by_id, corrected_at)
        SELECT gen_random_uuid(), person, 2, #2, 'voided', 'goal', gen_random_uuid(), 'why', '[]', #11, '2026-11-03' FROM who WHERE random() < 0.5;
    INSERT INTO hotline_contact (id, young_person_id, information_area, writing_unit_id, logging_unit_id, logged_by_id, summary, caller_kind,
            channel, topic, urgency, called_at, logged_at, only_information, plan_not_followed, due_at, state, tie_asked, concern, assess_by, receipt_by)
        SELECT gen_random_uuid(), person, CASE WHEN c IS NULL THEN 4 ELSE 16 END, CASE WHEN c IS NULL THEN #3 ELSE #2 END, #3, #13, 'what', 'other',
               'phone', 'other', 'high', '2026-11-03', '2026-11-03', false, false, '2026-11-04', 'open', true, c,
               CASE WHEN c IS NOT NULL THEN timestamptz '2026-11-04' END, CASE WHEN c IS NOT NULL THEN date '2026-11-11' END
          FROM who, (VALUES (NULL), ('unborn')) kinds (c) WHERE random() < 0.7;
    INSERT INTO event (recorded_at, id, request_id, role, young_person_id, subject_kind, subject_id, kind, salt, digest,
            information_area, writing_unit_id, registration_id)
        SELECT '2026-11-03', gen_random_uuid(), person, 'system', person, 'young-person', person::text, 'young-person.amended', '', '', 1, #2, person
          FROM who, generate_series(1, 3);";

/// What both of them have, and one cannot.
const BOTH_HAVE: &str = "
    SELECT 'assignment.already-assigned' FROM assignment WHERE ended_at IS NULL
     GROUP BY unit_id, function HAVING count(*) > 1
    UNION SELECT 'intake.already-waiting' FROM intake_entry WHERE left_at IS NULL GROUP BY unit_id, function HAVING count(*) > 1
    UNION SELECT 'support-need.already-told' FROM support_need HAVING count(*) > 1
    UNION SELECT 'transition-need.already-open' FROM transition_need WHERE state = 'open' HAVING count(*) > 1
    UNION SELECT 'responsibility.already-held' FROM statutory_responsibility HAVING count(*) > 1
    UNION SELECT 'benefit.overlap' FROM benefit_episode a JOIN benefit_episode b ON a.id < b.id
       AND daterange(a.from_day, a.to_day, '[]') && daterange(b.from_day, b.to_day, '[]')";

const KEPT: u64 = 4_000_100;
const MERGED: u64 = 4_000_200;

/// Everything that hangs on a young person, but what tells of the merge itself and what is kept of the past.
async fn tables(admin: &Prompt) -> Vec<String> {
    admin
        .column(
            "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
              WHERE c.table_schema = 'public' AND c.column_name = 'young_person_id' AND t.table_type = 'BASE TABLE'
                AND c.table_name NOT LIKE 'event%' AND c.table_name NOT LIKE '%history' AND c.table_name NOT IN ('merge', 'idempotency_key')
              UNION ALL SELECT 'young_person' ORDER BY 1",
        )
        .await
}

async fn rows(prompt: &Prompt, tables: &[String]) -> Vec<Vec<String>> {
    let each = tables.iter().map(|table| match table.as_str() {
        // Of these the app may not read all.
        "correction" => {
            "SELECT 'correction', concat_ws(' ', id, young_person_id) FROM correction".to_owned()
        }
        _ => format!("SELECT '{table}', t::text FROM {table} t"),
    });
    let all = each.collect::<Vec<_>>().join(" UNION ALL ");
    prompt.rows(&format!("{all} ORDER BY 1, 2")).await
}

/// What three sessions see: of the unit that registered, of a unit that takes part, of the provider.
async fn sights(app: &Prompt, tables: &[String]) -> Vec<Vec<Vec<String>>> {
    let mut sights = Vec::new();
    for session in [1011, 1013, 1014] {
        app.begin(id(session), NOW).await;
        sights.push(rows(app, tables).await);
        for person in [KEPT, MERGED] {
            let timeline = "SELECT id::text, kind FROM timeline(#PERSON, '2027-01-01', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 200)
                             WHERE kind NOT LIKE 'merge%'";
            sights.push(app.rows(&timeline.replace("PERSON", &person.to_string())).await);
        }
        app.rollback().await;
    }
    sights
}

/// A statement of the caseworker's, committed.
async fn caseworker(app: &Prompt, statement: &str) -> Option<String> {
    app.begin(id(1011), NOW).await;
    let refused = app.refusal(&format!("{statement}; COMMIT")).await;
    app.rollback().await;
    refused
}

#[tokio::test]
async fn yp_08_merging_and_undoing_leave_every_row_and_everybodys_sight_as_before() {
    let (mut merged, mut refused) = (0, 0);
    for seed in 100..140 {
        let database = town().await;
        let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
        admin.load(&PAIR.replace("SEED", &seed.to_string())).await;
        for person in [KEPT, MERGED] {
            let reckon =
                format!("SELECT reckon_group_task(gen_random_uuid(), #{person}, acting_now())");
            assert_eq!(caseworker(&app, &reckon).await, None);
        }
        let tables = tables(&admin).await;
        let (before, seen) = (rows(&admin, &tables).await, sights(&app, &tables).await);
        let open = "SELECT count(*) FROM plan WHERE state <> 'closed' AND young_person_id <> #100";
        let open_before = admin.value(open).await;

        let merge = format!("SELECT merge_young_people(#77, #{KEPT}, #{MERGED}, #2, 'twice')");
        if let Some(rule) = caseworker(&app, &merge).await {
            if open_before == "2" {
                assert_eq!(rule, "merge.two-open-plans", "seed {seed}");
            } else {
                let both = admin.column(BOTH_HAVE).await;
                assert!(both.contains(&rule), "seed {seed}: {rule} of {both:?}");
            }
            assert_eq!(
                rows(&admin, &tables).await,
                before,
                "seed {seed}: a refusal changed something"
            );
            refused += 1;
            continue;
        }
        merged += 1;
        let husk = admin.value("SELECT husk_id FROM merge").await;
        assert_eq!(
            admin.value(&format!("SELECT count(*) FROM young_person WHERE id = #{MERGED}")).await,
            "0"
        );
        assert_eq!(
            admin
                .value(&format!(
                    "SELECT count(*) FROM access_basis b WHERE b.young_person_id = #{MERGED}"
                ))
                .await,
            "0"
        );
        for table in tables.iter().filter(|table| *table != "young_person") {
            let left = admin
                .rows(&format!("SELECT t::text FROM {table} t WHERE young_person_id = '{husk}'"))
                .await;
            let may_stay = ["task", "coordination"].contains(&table.as_str());
            assert!(left.is_empty() || may_stay, "seed {seed}: {table} is left behind: {left:?}");
        }
        let missing = "SELECT count(*) FROM plan p WHERE p.young_person_id <> #100 AND NOT EXISTS
            (SELECT FROM coordination c WHERE c.young_person_id = p.young_person_id AND c.from_at <= p.opened_at)";
        assert_eq!(admin.value(missing).await, "0", "seed {seed}: a plan without a department");
        let of_kept = format!(
            "SELECT count(*) FROM plan WHERE young_person_id = #{KEPT} AND state <> 'closed'"
        );
        let expected = if open_before == "0" { "0" } else { "1" };
        assert_eq!(admin.value(&of_kept).await, expected, "seed {seed}");
        app.begin(id(1011), NOW).await;
        let events =
            app.rows(&format!("SELECT * FROM timeline(#{KEPT}, '2027-01-01', #{KEPT}, 200)")).await;
        assert_eq!(events.len(), 6, "seed {seed}: the timeline tells of both");
        app.rollback().await;

        assert_eq!(caseworker(&app, "SELECT undo_merge(#77, 'two')").await, None, "seed {seed}");
        assert_eq!(rows(&admin, &tables).await, before, "seed {seed}: a row is not as before");
        assert_eq!(sights(&app, &tables).await, seen, "seed {seed}: somebody sees something else");
    }
    assert!(merged > 10 && refused > 3, "{merged} {refused}: too little was met");
}
