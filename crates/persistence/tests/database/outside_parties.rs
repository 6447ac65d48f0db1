//! PL-14 to PL-16: what the database keeps by itself of what is told outside.

use crate::fixture::town;
use crate::rules::Rule;
use crate::sql::{NOW, Prompt, id};

const NECESSITY: &str = "'necessity', NULL, 'why'";
const CONSENT: &str = "'consent', NULL, 'why'";

/// A statement that tells something outside, by what differs.
type Told = fn(&str) -> String;

fn order(number: u64, on: &str, basis: &str) -> String {
    format!(
        "INSERT INTO education_order (id, plan_id, young_person_id, writing_unit_id, education, school, from_day,
             to_day, on_day, basis_kind, basis_paragraph, basis_words, entered_by_id, entered_at)
         VALUES (#{number}, #300, #100, #2, 'what', 'where', '2027-01-11', '2027-06-25', '{on}', {basis}, #11, '{NOW}');"
    )
}

fn remark(number: u64, on: &str, basis: &str) -> String {
    format!(
        "INSERT INTO support_remark (id, plan_id, young_person_id, information_area, writing_unit_id, school, told,
             on_day, basis_kind, basis_paragraph, basis_words, entered_by_id, entered_at)
         VALUES (#{number}, #300, #100, 4, #2, 'where', 'what', '{on}', {basis}, #11, '{NOW}');"
    )
}

/// A doctor, with a consent's given on, areas, until and withdrawn on.
fn doctor(number: u64, basis: &str, consent: &str) -> String {
    format!(
        "INSERT INTO external_participant (id, plan_id, young_person_id, information_area, writing_unit_id, name, role,
             basis_kind, basis_paragraph, basis_words, consent_given_on, consent_areas, consent_until,
             consent_withdrawn_on, entered_by_id, entered_at)
         VALUES (#{number}, #300, #100, 8, #2, 'who', 'doctor', {basis}, {consent}, #11, '{NOW}');"
    )
}

const GIVEN: &str = "'2026-11-05', 10, '2026-11-20', NULL";
const NONE: &str = "NULL, NULL, NULL, NULL";

fn sent(number: u64, area: i32, on: &str, basis: &str) -> String {
    format!(
        "INSERT INTO external_disclosure (id, participant_id, plan_id, young_person_id, information_area,
             writing_unit_id, told, on_day, basis_kind, basis_paragraph, basis_words, entered_by_id, entered_at)
         VALUES (#{number}, #820, #300, #100, {area}, #2, 'what', '{on}', {basis}, #11, '{NOW}');"
    )
}

async fn must_hold(code: &str, given: &str, breaks: &str, without: &str) {
    Rule { code, given, breaks, without }.must_hold().await;
}

#[tokio::test]
async fn pl_14_pl_15_pl_16_what_is_told_names_its_basis() {
    let known = doctor(820, NECESSITY, NONE);
    let told: [(&str, Told); 4] = [
        ("education_order", |basis| order(800, "2026-11-20", basis)),
        ("support_remark", |basis| remark(800, "2026-11-20", basis)),
        ("external_participant", |basis| doctor(821, basis, NONE)),
        ("external_disclosure", |basis| sent(830, 8, "2026-11-20", basis)),
    ];
    for (table, told) in told {
        for (rule, basis) in [
            ("basis", "'law', NULL, 'why'"),
            ("basis", "'necessity', '§ 1', 'why'"),
            ("basis_known", "'habit', NULL, 'why'"),
        ] {
            let constraint = format!("{table}_{rule}");
            let without = format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}");
            must_hold(&constraint, &known, &told(basis), &without).await;
        }
        let database = town().await;
        let worker = Prompt::of_worker(&database).await;
        worker.run(&known).await;
        worker.run(&told("'law', '§ 1', 'why'")).await;
    }
}

/// The plan was opened on 2 November 2026; 26 weeks before it was 4 May.
#[tokio::test]
async fn pl_14_pl_15_pl_16_it_is_told_on_a_day_that_fits_an_open_plan() {
    let known = doctor(820, NECESSITY, NONE);
    let closed = format!(
        "{known} UPDATE plan SET state = 'closed', closed_at = '2026-11-20', outcome = 'education' WHERE id = #300;"
    );
    let told: [(&str, Told); 3] = [
        ("education_order", |on| order(800, on, NECESSITY)),
        ("support_remark", |on| remark(800, on, NECESSITY)),
        ("external_disclosure", |on| sent(830, 8, on, NECESSITY)),
    ];
    for (table, told) in told {
        for day in ["2026-05-03", "2026-11-23"] {
            let without = format!("DROP TRIGGER {table}_day_fits ON {table}");
            must_hold("plan.day-out-of-range", &known, &told(day), &without).await;
        }
        let without = format!("DROP TRIGGER {table}_in_open_plan ON {table}");
        must_hold("plan.closed", &closed, &told("2026-11-02"), &without).await;
    }
    let without = "DROP TRIGGER external_participant_in_open_plan ON external_participant";
    must_hold("plan.closed", &closed, &doctor(821, NECESSITY, NONE), without).await;
}

#[tokio::test]
async fn pl_14_pl_15_each_row_is_whole() {
    let order = order(800, "2026-11-20", NECESSITY);
    let remark = remark(800, "2026-11-20", NECESSITY);
    for (table, constraint, breaks) in [
        (
            "education_order",
            "education_order_period",
            order.replace("'2027-06-25'", "'2027-01-10'"),
        ),
        ("support_remark", "support_remark_area", remark.replace(", 4, #2", ", 32, #2")),
    ] {
        let without = format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}");
        must_hold(constraint, "", &breaks, &without).await;
    }
    for (table, given, constraint, breaks) in [
        ("education_order", &order, "education_order_receipt", "SET received_on = '2026-11-21'"),
        ("education_order", &order, "education_order_receipt", "SET received_by = 'who'"),
        (
            "education_order",
            &order,
            "disclosure.day-out-of-range",
            "SET received_by = 'who', received_on = '2026-11-19'",
        ),
        ("support_remark", &remark, "support_remark_receipt", "SET received_by = 'who'"),
        ("support_remark", &remark, "support_remark_answer", "SET answer = 'what'"),
        (
            "support_remark",
            &remark,
            "disclosure.day-out-of-range",
            "SET answer = 'what', answered_on = '2026-11-19'",
        ),
        (
            "support_remark",
            &remark,
            "disclosure.day-out-of-range",
            "SET received_by = 'who', received_on = '2026-11-19'",
        ),
    ] {
        let breaks = format!("UPDATE {table} {breaks}");
        let database = town().await;
        let admin = Prompt::of_admin(&database).await;
        admin.run(given).await;
        assert_eq!(admin.refusal(&breaks).await.as_deref(), Some(constraint), "{breaks}");
        admin.run(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{constraint}\"")).await;
        assert_eq!(admin.refusal(&breaks).await, None, "{breaks} without what keeps it");
    }
}

#[tokio::test]
async fn pl_14_pl_15_what_comes_back_comes_once_and_not_ahead() {
    for (table, told) in [
        ("education_order", order(800, "2026-11-20", NECESSITY)),
        ("support_remark", remark(800, "2026-11-20", NECESSITY)),
    ] {
        let database = town().await;
        let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
        admin.run(&told).await;
        let receive =
            |on: &str| format!("UPDATE {table} SET received_on = '{on}', received_by = 'who'");
        app.begin(id(1011), NOW).await;
        assert_eq!(
            app.refusal(&receive("2026-11-23")).await.as_deref(),
            Some("disclosure.day-out-of-range")
        );
        app.rollback().await;
        app.begin(id(1011), NOW).await;
        app.run(&receive("2026-11-22")).await;
        assert_eq!(
            app.refusal(&receive("2026-11-21")).await.as_deref(),
            Some("disclosure.already-received")
        );
        app.rollback().await;
    }
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    admin.run(&remark(800, "2026-11-20", NECESSITY)).await;
    let answer =
        |on: &str| format!("UPDATE support_remark SET answered_on = '{on}', answer = 'what'");
    app.begin(id(1011), NOW).await;
    assert_eq!(
        app.refusal(&answer("2026-11-23")).await.as_deref(),
        Some("disclosure.day-out-of-range")
    );
    app.rollback().await;
    app.begin(id(1011), NOW).await;
    app.run(&answer("2026-11-22")).await;
    assert_eq!(
        app.refusal(&answer("2026-11-21")).await.as_deref(),
        Some("disclosure.already-answered")
    );
    app.rollback().await;
}

#[tokio::test]
async fn pl_14_pl_15_pl_16_what_was_told_stays() {
    let database = town().await;
    let changes = [
        "UPDATE education_order SET school = 'x'",
        "UPDATE education_order SET on_day = '2026-11-21'",
        "UPDATE support_remark SET told = 'x'",
        "UPDATE support_remark SET basis_words = 'x'",
        "UPDATE external_participant SET consent_areas = 63",
        "UPDATE external_participant SET consent_until = NULL",
        "UPDATE external_participant SET name = 'x'",
        "UPDATE external_disclosure SET told = 'x'",
    ];
    for prompt in [Prompt::of_app(&database).await, Prompt::of_worker(&database).await] {
        for change in changes {
            assert_eq!(prompt.refusal(change).await.as_deref(), Some("42501"), "{change}");
        }
    }
}

#[tokio::test]
async fn pl_16_a_participant_rests_on_a_consent_with_its_days_or_on_neither() {
    for (constraint, breaks) in [
        ("external_participant_consent", doctor(820, CONSENT, NONE)),
        ("external_participant_consent", doctor(820, CONSENT, "'2026-11-05', NULL, NULL, NULL")),
        ("external_participant_consent", doctor(820, NECESSITY, GIVEN)),
        ("external_participant_consent", doctor(820, NECESSITY, "NULL, NULL, '2026-11-20', NULL")),
        ("external_participant_consent_areas", doctor(820, CONSENT, "'2026-11-05', 0, NULL, NULL")),
        (
            "external_participant_consent_areas",
            doctor(820, CONSENT, "'2026-11-05', 64, NULL, NULL"),
        ),
        (
            "external_participant_consent_period",
            doctor(820, CONSENT, "'2026-11-05', 8, '2026-11-04', NULL"),
        ),
        (
            "external_participant_consent_period",
            doctor(820, CONSENT, "'2026-11-05', 8, NULL, '2026-11-04'"),
        ),
        ("external_participant_consent_given", doctor(820, CONSENT, "'2026-11-23', 8, NULL, NULL")),
        (
            "external_participant_role_words",
            doctor(820, CONSENT, GIVEN).replace("'doctor'", "'other'"),
        ),
        (
            "external_participant_role_known",
            doctor(820, CONSENT, GIVEN).replace("'doctor'", "'friend'"),
        ),
        ("external_participant_area", doctor(820, CONSENT, GIVEN).replace(", 8, #2", ", 1, #2")),
    ] {
        let without = format!("ALTER TABLE external_participant DROP CONSTRAINT {constraint}");
        must_hold(constraint, "", &breaks, &without).await;
    }
}

/// Areas 8 and 2, from 5 to 20 November.
#[tokio::test]
async fn pl_16_under_a_consent_is_sent_what_it_covers_on_the_days_on_which_it_holds() {
    let without = "DROP TRIGGER external_disclosure_has_a_basis ON external_disclosure";
    let given = doctor(820, CONSENT, GIVEN);
    let withdrawn = doctor(820, CONSENT, "'2026-11-05', 10, NULL, '2026-11-10'");
    let needless = doctor(820, NECESSITY, NONE);
    for (given, area, on) in [
        (&given, 8, "2026-11-04"),
        (&given, 8, "2026-11-21"),
        (&given, 32, "2026-11-10"),
        (&withdrawn, 8, "2026-11-10"),
        (&needless, 8, "2026-11-10"),
    ] {
        must_hold("external-participant.no-basis", given, &sent(830, area, on, CONSENT), without)
            .await;
        let database = town().await;
        let worker = Prompt::of_worker(&database).await;
        worker.run(given).await;
        worker.run(&sent(830, area, on, NECESSITY)).await;
    }
    for (given, area, on) in
        [(&given, 8, "2026-11-05"), (&given, 2, "2026-11-20"), (&withdrawn, 8, "2026-11-09")]
    {
        let database = town().await;
        let worker = Prompt::of_worker(&database).await;
        worker.run(given).await;
        worker.run(&sent(830, area, on, CONSENT)).await;
    }
    let ended = given
        .replace(
            "consent_withdrawn_on, entered_by_id",
            "consent_withdrawn_on, ended_on, entered_by_id",
        )
        .replace("'2026-11-20', NULL, #11", "'2026-11-20', NULL, '2026-11-10', #11");
    must_hold(
        "external-participant.ended",
        &ended,
        &sent(830, 8, "2026-11-11", NECESSITY),
        without,
    )
    .await;
}

#[tokio::test]
async fn pl_16_what_is_withdrawn_or_ended_does_not_come_back() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    admin.run(&doctor(820, CONSENT, GIVEN)).await;
    for (column, code) in [
        ("consent_withdrawn_on", "external-participant.no-consent"),
        ("ended_on", "external-participant.ended"),
    ] {
        let set = |value: &str| format!("UPDATE external_participant SET {column} = {value}");
        for again in ["NULL", "'2026-11-21'"] {
            app.begin(id(1011), NOW).await;
            app.run(&set("'2026-11-22'")).await;
            assert_eq!(app.refusal(&set(again)).await.as_deref(), Some(code), "{column} {again}");
            app.rollback().await;
        }
    }
}
