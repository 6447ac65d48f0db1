//! From B&U to J&V in the database: what nobody can write, whoever asks; what follows from a birth date, held against the
//! domain; and a year of 600 young people, day by day (TM-1 to TM-3, TM-9, TM-12).

use crate::fixture::town;
use crate::sql::{Prompt, id};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::responsibility::Agreement;
use domain::transitions::Guide;
use std::collections::BTreeMap;
use test_support::TestDatabase;

/// Young person 101 of team 2, 16 years and a half, with the adviser 15 of the youth unit 5, the social department 6, which
/// receives; support 400 and its need 500, met about and not held.
const TRANSITION: &str = "
    INSERT INTO unit (id, code, name, department, parent_id, path, operational, receives_needs) VALUES
        (#5, 'youth', 'Youth', 'BU', NULL, ARRAY[#5], true, false),
        (#6, 'social', 'Social', 'JV', NULL, ARRAY[#6], true, true);
    INSERT INTO employee (id, username, given_name, family_name) VALUES (#15, 'e15', 'Employee', '15'), (#16, 'e16', 'Employee', '16');
    INSERT INTO session (id, employee_id, started_at, refreshed_at) VALUES
        (#1015, #15, '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00'), (#1016, #16, '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00');
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from) VALUES
        (#25, #15, 'adviser', #5, '2026-01-01'), (#26, #16, 'adviser', #6, '2026-01-01');
    INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
        VALUES (#101, #5, 'Ida', 'Holm', '2010-05-22', '2026-11-01');
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        VALUES (#201, #101, #5, 'unit', 'registration', 7, #101, 'registered', '2026-11-01');
    INSERT INTO support_need (id, young_person_id, writing_unit_id, legal_basis_code, goes_on_after_18, words, from_day, judged_on, judged_by_id, recorded_at)
        VALUES (#400, #101, #5, 'sel-107', true, 'x', '2026-11-01', '2026-11-01', #15, '2026-11-01');
    INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, support_need_id, guide, acute, raised_on, state)
        VALUES (#500, #101, #5, 'support-need', #400, 17, false, '2026-11-22', 'open');
";

fn committee(need: &str, on: &str) -> String {
    format!(
        "INSERT INTO transition_committee (id, need_id, young_person_id, writing_unit_id, on_day, words, told_by_id)
         VALUES (gen_random_uuid(), {need}, #101, #5, '{on}', 'x', #15)"
    )
}

async fn transition() -> (TestDatabase, Prompt) {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(TRANSITION).await;
    (database, admin)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Every constraint and trigger, as the application and as the owner of the database would meet it.
#[tokio::test]
async fn tm_01_tm_02_tm_03_what_nobody_can_write_of_a_need() {
    let (database, admin) = transition().await;
    let app = Prompt::of_app(&database).await;
    let need = |id: u32, columns: &str| {
        format!(
            "INSERT INTO transition_need (id, young_person_id, writing_unit_id, raised_on, acute, origin, guide, support_need_id, reason,
                 raised_by_id, state, decided_on, decided_by_id, decided_words) VALUES (#{id}, #101, #5, '2026-11-22', false, {columns})"
        )
    };
    let support = |columns: &str| {
        format!(
            "INSERT INTO support_need (id, young_person_id, writing_unit_id, judged_by_id, recorded_at, words, goes_on_after_18,
                 legal_basis_code, from_day, to_day, judged_on) VALUES (#499, #101, #5, #15, '2026-11-22', 'x', true, {columns})"
        )
    };
    let cases = [
        (need(501, "'by-hand', 17, NULL, 'x', #15, 'open', NULL, NULL, NULL"), "transition-need.already-open"),
        (need(501, "'by-hand', 17, NULL, NULL, #15, 'open', NULL, NULL, NULL"), "transition_need_origin_columns"),
        (need(501, "'support-need', 17, NULL, NULL, NULL, 'open', NULL, NULL, NULL"), "transition_need_origin_columns"),
        (need(501, "'enrolment', NULL, NULL, NULL, NULL, 'to-judge', NULL, NULL, NULL"), "transition_need_origin_columns"),
        (need(501, "'support-need', 17, #400, NULL, NULL, 'to-judge', NULL, NULL, NULL"), "transition_need_to_judge"),
        (need(501, "'support-need', 17, #400, NULL, NULL, 'held', NULL, NULL, NULL"), "transition_need_state_columns"),
        (need(501, "'support-need', 17, #400, NULL, NULL, 'not-in-need', '2026-11-22', #15, NULL"), "transition_need_state_columns"),
        (need(501, "'support-need', 17, #400, NULL, NULL, 'exempt', '2026-11-23', NULL, NULL"), "transition_need_decided_on_not_ahead"),
        (committee("#500", "2026-11-23"), "transition_committee_on_day_not_ahead"),
        ("UPDATE transition_need SET state = 'exempt', decided_on = '2026-11-22', decided_by_id = #15, decided_words = 'x' WHERE id = #500".to_owned(),
            "transition-need.not-exempt"),
        (support("'sel-85', '2026-11-22', '2028-05-21', '2026-11-22'"), "support-need.days-contradict"),
        ("UPDATE transition_need SET state = 'to-judge' WHERE id = #500".to_owned(), "transition-need.step-not-allowed"),
        ("UPDATE transition_need SET state = 'not-in-need', decided_on = '2026-11-22', decided_by_id = #15, decided_words = 'x' WHERE id = #500".to_owned(),
            "transition-need.step-not-allowed"),
        (support("'sel-107', '2026-11-22', NULL, '2026-11-22'"), "support-need.already-told"),
        (support("'sel-76', '2026-11-22', NULL, '2024-01-01'"), "legal-basis.not-valid"),
        (support("'kui-1', '2026-11-22', NULL, '2026-11-22'"), "legal-basis.not-valid"),
        (support("'sel-85', '2026-11-22', '2026-11-21', '2026-11-22'"), "support_need_period"),
        (support("'sel-85', '2026-11-22', NULL, '2026-11-23'"), "support_need_judged_on_not_ahead"),
        ("INSERT INTO transition_referral (id, need_id, young_person_id, writing_unit_id, unit_id, words, made_on, made_by_id)
            VALUES (#600, #500, #101, #5, #6, 'x', '2026-11-22', #15)".to_owned(), "transition-need.step-not-allowed"),
    ];
    for (statement, expected) in &cases {
        assert_eq!(admin.refusal(statement).await.as_deref(), Some(*expected), "{statement}");
        app.begin(id(1015), "2026-11-22 10:00:00+00").await;
        let refusal = app.refusal(statement).await;
        // The application records only needs that an employee raises.
        let is_found = statement.starts_with("INSERT INTO transition_need")
            && !statement.contains("'by-hand'");
        assert!(
            refusal.as_deref() == Some(*expected)
                || is_found && refusal.as_deref() == Some("42501"),
            "as the application: {refusal:?} {statement}"
        );
        app.rollback().await;
    }
    // Whoever raises one for somebody who is of age; what is append-only, or decided once.
    admin.run("UPDATE young_person SET birth_date = '2008-11-22' WHERE id = #101").await;
    let of_age = need(501, "'by-hand', 17, NULL, 'x', #15, 'open', NULL, NULL, NULL");
    assert_eq!(admin.refusal(&of_age).await.as_deref(), Some("transition-need.age-out-of-range"));
    for append_only in [
        "transition_referral SET words = 'y'",
        "transition_committee SET words = 'y'",
        "transition_need SET acute = true",
        "transition_need SET reason = 'y'",
        "support_need SET goes_on_after_18 = false",
        "statutory_responsibility SET unit_id = #5",
        "legal_basis SET valid_to = NULL",
        "responsibility_agreement SET receiving_unit_id = #5",
    ] {
        app.begin(id(1015), "2026-11-22 10:00:00+00").await;
        assert_eq!(
            app.refusal(&format!("UPDATE {append_only}")).await.as_deref(),
            Some("42501"),
            "{append_only}"
        );
        app.rollback().await;
    }
}

/// TM-12: however it is written.
#[tokio::test]
async fn tm_12_a_meeting_is_not_held_before_the_committee() {
    let (_database, admin) = transition().await;
    let hold = "UPDATE transition_need SET state = 'held', decided_on = '2026-11-22', decided_by_id = #15 WHERE id = #500";
    admin.run("UPDATE support_need SET legal_basis_code = 'bl-ungestoette-anbringelse' WHERE id = #400").await;
    assert_eq!(admin.refusal(hold).await.as_deref(), Some("transition-need.committee-missing"));
    admin.run(&committee("#500", "2026-11-20")).await;
    let again = committee("#500", "2026-11-21");
    assert_eq!(admin.refusal(&again).await.as_deref(), Some("transition-need.committee-told"));
    admin.run(hold).await;
    admin.run("DELETE FROM transition_committee").await;
    assert_eq!(
        admin.refusal(&again).await.as_deref(),
        Some("transition-need.step-not-allowed"),
        "it is settled"
    );
}

/// TM-9: no gap, no overlap, and no passing that nobody accepted, however it is written.
#[tokio::test]
async fn tm_09_another_department_coordinates_by_an_accepted_agreement_alone() {
    let (database, admin) = transition().await;
    let app = Prompt::of_app(&database).await;
    admin.run("INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department) VALUES (#101, '2026-11-02', #5, 'BU')").await;
    let pass = "INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department) VALUES (#101, '2026-11-20', #5, 'JV')";
    assert_eq!(admin.refusal(pass).await.as_deref(), Some("responsibility.not-accepted"));
    app.begin(id(1015), "2026-11-22 10:00:00+00").await;
    app.run(pass).await;
    assert_eq!(app.refusal("COMMIT").await.as_deref(), Some("responsibility.not-accepted"));
    app.rollback().await;
    let agree = "INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from,
        coordinates_from, agreed_at, agreed_by_id) VALUES ";
    admin
        .run(&format!(
            "{agree} (#700, #500, #101, #5, #6, '2026-11-22', '2026-11-23', '2026-11-22', #15)"
        ))
        .await;
    for (values, expected) in [
        (
            "(#701, #500, #101, #5, #6, '2026-11-22', '2026-11-23', '2026-11-22', #15)",
            "responsibility.already-agreed",
        ),
        (
            "(#701, #500, #101, #5, #6, '2026-11-24', '2026-11-23', '2026-11-22', #15)",
            "responsibility.days-contradict",
        ),
        (
            "(#701, #500, #101, #5, #4, '2026-11-22', '2026-11-23', '2026-11-22', #15)",
            "responsibility.other-department",
        ),
        (
            "(#701, #500, #100, #5, #6, '2026-11-22', '2026-11-23', '2026-11-22', #15)",
            "responsibility_agreement_need_id_young_person_id_fkey",
        ),
    ] {
        assert_eq!(
            admin.refusal(&format!("{agree} {values}")).await.as_deref(),
            Some(expected),
            "{values}"
        );
    }
    // Only who receives accepts; it does not pass before the day, nor before the meeting.
    let accept = "UPDATE responsibility_agreement SET accepted_at = acting_now(), accepted_by_id = acting_employee() WHERE id = #700";
    app.begin(id(1015), "2026-11-22 10:00:00+00").await;
    assert_eq!(app.refusal(accept).await.as_deref(), Some("responsibility.not-the-receiver"));
    app.rollback().await;
    app.begin(id(1016), "2026-11-22 10:00:00+00").await;
    app.run(&format!("{accept}; COMMIT")).await;
    let passes = |at: &str| {
        format!(
            "SELECT set_config('app.now', '{at}', false); SELECT agreement_id FROM pass_coordination(#101)"
        )
    };
    assert_eq!(
        admin.rows(&passes("2026-11-24 10:00:00+00")).await.len(),
        1,
        "not held: only the setting answers"
    );
    admin.run("SELECT set_config('app.now', '2026-11-22 11:00:00+00', false);
        UPDATE transition_need SET state = 'held', decided_on = '2026-11-22', decided_by_id = #15 WHERE id = #500").await;
    assert_eq!(
        admin.rows(&passes("2026-11-22 22:59:59+00")).await.len(),
        1,
        "a second before midnight"
    );
    assert_eq!(admin.rows(&passes("2026-11-27 10:00:00+00")).await.len(), 2);
    assert_eq!(admin.rows(&passes("2026-11-27 10:00:00+00")).await.len(), 1, "once");
    let steps = admin.column("SELECT department || ' ' || from_at FROM coordination WHERE young_person_id = #101 ORDER BY from_at").await;
    assert_eq!(steps, ["BU 2026-11-02 00:00:00+00", "JV 2026-11-22 23:00:00+00"]);
    let undo = "UPDATE responsibility_agreement SET accepted_at = NULL, accepted_by_id = NULL, passed_at = NULL WHERE id = #700";
    assert_eq!(admin.refusal(undo).await.as_deref(), Some("responsibility.already-accepted"));
}

/// TM-9: law for an age ends with it, whatever was told.
#[tokio::test]
async fn tm_09_statutory_responsibility_ends_with_the_age_of_its_law() {
    let (_database, admin) = transition().await;
    let decide = |columns: &str| {
        format!(
            "INSERT INTO statutory_responsibility (id, young_person_id, writing_unit_id, decided_by_id, recorded_at, unit_id, legal_basis_code,
                 from_day, to_day, decided_on) VALUES (gen_random_uuid(), #101, #5, #15, '2026-11-22', {columns})"
        )
    };
    for (columns, expected) in [
        ("#5, 'bl-122', '2026-05-21', NULL, '2026-11-22'", "legal-basis.not-valid"),
        ("#6, 'sel-107', '2028-05-21', NULL, '2026-11-22'", "legal-basis.not-valid"),
        ("#5, 'sel-107', '2028-05-22', NULL, '2026-11-22'", "responsibility.other-department"),
        (
            "#6, 'sel-107', '2028-05-22', NULL, '2026-11-23'",
            "statutory_responsibility_decided_on_not_ahead",
        ),
        (
            "#6, 'sel-107', '2028-05-22', '2028-05-21', '2026-11-22'",
            "statutory_responsibility_period",
        ),
    ] {
        assert_eq!(admin.refusal(&decide(columns)).await.as_deref(), Some(expected), "{columns}");
    }
    admin.run(&decide("#5, 'bl-122', '2026-05-22', '2030-01-01', '2026-11-22'")).await;
    assert_eq!(
        admin.refusal(&decide("#5, 'bl-122', '2028-05-21', NULL, '2026-11-22'")).await.as_deref(),
        Some("responsibility.already-held")
    );
    admin.run(&decide("#6, 'sel-107', '2028-05-22', NULL, '2026-11-22'")).await;
    let decides = "SELECT legal_basis_code || ' ' || coalesce(decides_to(s)::text, '') || ' ' || information_area FROM statutory_responsibility s ORDER BY 1";
    assert_eq!(admin.column(decides).await, ["bl-122 2028-05-21 2", "sel-107  2"]);
    // It follows the birth date, as that is known (YP-7); and the family's law is the family's (AC-3).
    admin.run("UPDATE young_person SET birth_date = '2010-06-22' WHERE id = #101").await;
    admin.run(&decide("#5, 'bl-46', '2026-06-22', NULL, '2026-11-22'")).await;
    assert_eq!(
        admin.column(decides).await,
        ["bl-122 2028-06-21 2", "bl-46 2028-06-21 16", "sel-107  2"]
    );
}

/// What the database computes of a birth date is what the domain does, on every day of four years.
#[tokio::test]
async fn tm_01_birthdays_and_half_years_are_the_domains() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let days = "SELECT d::date || ' ' || months_old(d::date, 174) || ' ' || birthday(d::date, 15) || ' ' || months_old(d::date, 198) || ' ' || birthday(d::date, 17)
        FROM generate_series(timestamp '2009-01-01', '2013-12-31', '1 day') d";
    for row in admin.column(days).await {
        let told: Vec<NaiveDate> = row.split(' ').map(day).collect();
        let born = told[0];
        let expected = [
            Guide::Fifteen.found_on(born),
            Guide::Fifteen.due_on(born),
            Guide::Seventeen.found_on(born),
            Guide::Seventeen.due_on(born),
        ];
        assert_eq!(told[1..], expected, "{born}");
    }
    assert_eq!(
        admin
            .value("SELECT count(*) FROM transition_guide WHERE found_at_months = 12 * guide - 6")
            .await,
        "2"
    );
}

/// Of those with support that is met about: who is 17 and neither held nor overdue.
const LOST: &str = "SELECT y.family_name FROM young_person y JOIN support_need s ON s.young_person_id = y.id AND s.goes_on_after_18
                  JOIN legal_basis l ON l.code = s.legal_basis_code AND l.leads_to = 'meeting'
                 WHERE birthday(y.birth_date, 17) < acting_today() AND birthday(y.birth_date, 18) > acting_today()
                   AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
                        AND (n.state = 'held' OR n.state = 'open' AND due_on(n) < acting_today()))";
/// Of those at STU: who is 17 and neither judged nor late to be.
const UNJUDGED: &str = "SELECT y.family_name FROM young_person y JOIN education_and_work w ON w.young_person_id = y.id
                 WHERE birthday(y.birth_date, 17) < acting_today() AND birthday(y.birth_date, 18) > acting_today()
                   AND NOT EXISTS (SELECT FROM transition_need n WHERE n.young_person_id = y.id
                        AND n.state = 'to-judge' AND due_on(n) < acting_today())";

/// A year of 600 young people, simulated day by day: nobody with a need who turns 17 is without a meeting or off the overdue list on
/// any day; the coordination has neither gap nor overlap at any instant, and passes as the domain says.
#[tokio::test]
async fn tm_03_tm_09_a_year_of_six_hundred_young_people() {
    let (_database, admin) = transition().await;
    admin.run("DELETE FROM transition_need; DELETE FROM support_need;
        DELETE FROM access_basis WHERE young_person_id = #101; DELETE FROM young_person WHERE id = #101").await;
    // Born from 2009 to 2012; of every ten: seven need a meeting, one a referral, one has nothing, one is at STU. Every third
    // uses the guide of 15.
    admin.run("
        INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
        SELECT lpad((10000 + n)::text, 32, '0')::uuid, #5, 'Ung', n::text, date '2009-03-01' + (n * 7919) % 1200, '2026-01-01' FROM generate_series(1, 600) n;
        INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), y.id, #5, 'unit', 'registration', 7, y.id, 'registered', '2026-01-01' FROM young_person y WHERE y.family_name ~ '^[0-9]+$';
        INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
        SELECT y.id, '2026-01-02', #5, 'BU' FROM young_person y WHERE y.family_name ~ '^[0-9]+$';
        INSERT INTO support_need (id, young_person_id, writing_unit_id, legal_basis_code, guide, goes_on_after_18, words, from_day, judged_on, judged_by_id, recorded_at)
        SELECT gen_random_uuid(), y.id, #5, CASE n % 10 WHEN 7 THEN 'bl-ungestoette' WHEN 8 THEN 'sel-85' ELSE (ARRAY['sel-85', 'sel-107', 'sel-108', 'abl-105'])[1 + n % 4] END,
               CASE WHEN n % 3 = 0 THEN 15 ELSE 17 END, n % 10 <> 8, 'x', '2026-01-05', '2026-01-05', #15, '2026-01-05'
          FROM young_person y CROSS JOIN LATERAL (SELECT y.family_name::integer AS n) n WHERE y.family_name ~ '^[0-9]+$' AND n % 10 < 9;
        INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, name, place, state, started_on, source, recorded_at)
        SELECT gen_random_uuid(), y.id, #5, 'education', 'STU', 'x', 'started', '2026-01-05', 'register', '2026-01-05'
          FROM young_person y WHERE y.family_name ~ '9$';
        UPDATE unit SET takes_absence_signals = true WHERE id = #9").await;
    let mut at: DateTime<Utc> = "2026-01-10T03:00:00Z".parse().unwrap();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for turn in 0..365 {
        // It stands still for five days in the summer.
        if !(180..185).contains(&turn) {
            admin.run(&format!("SELECT set_config('app.now', '{at}', false)")).await;
            for person in admin.column("SELECT young_person_id FROM transitions_due()").await {
                let new = admin
                    .column(&format!(
                        "SELECT origin || ' ' || state FROM find_transition_needs('{person}')"
                    ))
                    .await;
                for origin in new {
                    *found.entry(origin).or_default() += 1;
                }
                admin
                    .column(&format!("SELECT agreement_id FROM pass_coordination('{person}')"))
                    .await;
            }
            assert_eq!(
                admin.column("SELECT young_person_id FROM transitions_due()").await,
                [""; 0],
                "told once, on {at}"
            );
            // Every fourth meeting is held in time, every fourth late, the others never; the one agreed passes at 17.
            admin.run("
                UPDATE transition_need n SET state = 'held', decided_on = acting_today(), decided_by_id = #15
                  FROM young_person y WHERE y.id = n.young_person_id AND n.state = 'open'
                   AND CASE y.family_name::integer % 4 WHEN 0 THEN acting_today() = n.raised_on + 30 WHEN 1 THEN acting_today() = due_on(n) + 20 ELSE false END;
                INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from, coordinates_from,
                    agreed_at, agreed_by_id)
                SELECT gen_random_uuid(), n.id, n.young_person_id, #5, #6, acting_today(), acting_today() + 10, acting_now(), #15
                  FROM transition_need n WHERE n.state = 'held' AND n.decided_on = acting_today();
                SELECT set_config('app.holders', '00000000-0000-0000-0000-000000000006', false);
                UPDATE responsibility_agreement a SET accepted_at = acting_now(), accepted_by_id = #16
                  FROM young_person y WHERE y.id = a.young_person_id AND a.accepted_at IS NULL
                   AND acting_today() = (a.agreed_at AT TIME ZONE 'Europe/Copenhagen')::date + y.family_name::integer % 20").await;
            assert_eq!(admin.column(LOST).await, [""; 0], "neither held nor overdue on {at}");
            assert_eq!(admin.column(UNJUDGED).await, [""; 0], "neither judged nor late on {at}");
        }
        at += TimeDelta::days(1);
    }
    for origin in ["support-need open", "support-need exempt", "enrolment to-judge"] {
        assert!(found.get(origin).is_some_and(|count| *count > 20), "{found:?}");
    }
    let twice = "SELECT young_person_id FROM transition_need WHERE origin <> 'enrolment' GROUP BY 1 HAVING count(*) > 1";
    assert_eq!(admin.column(twice).await, [""; 0], "one handover each");
    // Who coordinates, at the instants around each step: exactly one, and the one that was agreed.
    let steps = admin.rows("SELECT young_person_id, min(from_at), count(*), count(*) FILTER (WHERE department = 'JV') FROM coordination
        WHERE young_person_id <> #100 GROUP BY 1").await;
    assert_eq!(steps.len(), 600);
    assert!(
        steps
            .iter()
            .all(|step| step[1].starts_with("2026-01-02") && ["1", "2"].contains(&&*step[2]))
    );
    let passed = "SELECT to_char(a.passed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), a.supports_from, a.coordinates_from,
            to_char(a.accepted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), n.decided_on
        FROM responsibility_agreement a JOIN transition_need n ON n.id = a.need_id WHERE a.passed_at IS NOT NULL";
    let passed = admin.rows(passed).await;
    assert!(passed.len() > 50, "{}", passed.len());
    for row in &passed {
        let moment = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let agreed = Agreement {
            supports_from: day(&row[1]),
            coordinates_from: day(&row[2]),
            accepted_at: Some(moment(&row[3])),
            passed_at: None,
        };
        assert_eq!(
            agreed.passes_at(Some(day(&row[4])), None, at),
            Some(moment(&row[0])),
            "{row:?}"
        );
    }
    let jv: usize = steps.iter().filter(|step| step[3] == "1").count();
    assert_eq!(jv, passed.len());
}
