//! Absence and drop-out (AB-1): what institutions report, the spells they make, and the signals, once for each.

use crate::entry_of;
use crate::steps::{CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, done, join, refused, step};
use serde_json::{Value, json};
use test_support::{Answer, OpenCase, TestApp};
use uuid::Uuid;

const NONE: [Value; 0] = [];
const FGU: &str = "fgu.vejleder";

/// A young person of the caseworker's who has been somewhere since the 2nd of November, a Monday.
async fn attending(app: &TestApp, provider: &str) -> (OpenCase, Uuid) {
    let case = app.active_plan(CASEWORKER).await;
    let body = json!({
        "tailored": { "title": "Et forløb", "area": "education", "providerId": app.unit(provider) },
        "plannedStart": "2026-11-02", "responsibleId": app.employee(CASEWORKER),
    });
    let referral =
        app.as_(CASEWORKER).post(&format!("/api/v1/plans/{}/interventions", case.plan), body);
    let id = done(referral).await.id();
    done(step(app, CASEWORKER, id, "start", json!({ "on": "2026-11-02" })).await).await;
    (case, id)
}

#[expect(clippy::needless_pass_by_value, reason = "mostly a literal")]
fn report<'a>(app: &'a TestApp, who: &'a str, items: Value) -> test_support::Call<'a> {
    app.as_(who).post("/api/v1/absences", json!({ "items": items }))
}

async fn told(app: &TestApp, who: &str, items: Value) -> Answer {
    let answer = done(report(app, who, items)).await;
    assert!(answer.items().iter().all(|item| item["problem"].is_null()), "{:#}", answer.body);
    answer
}

async fn tasks(app: &TestApp, kind: &str) -> Vec<Value> {
    app.sql(&format!("SELECT * FROM task WHERE kind = '{kind}' ORDER BY made_at, id")).await
}

#[actix_web::test]
async fn ab_01_after_14_days_the_caseworker_and_uu_are_signalled_once() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    app.at("2026-11-24T09:00:00Z");
    told(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-11" }])).await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "answer-absence").await, NONE, "13 days so far, the 24th not over");
    assert!(app.as_(COUNSELLOR).get("/api/v1/tasks").await.expect(200).items().is_empty());
    app.at("2026-11-25T09:00:00Z");
    for _ in 0..2 {
        tokio::join!(app.run_due_jobs(), second.run_due_jobs());
    }
    let asked = tasks(&app, "answer-absence").await;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        json!([asked[0]["due_on"], asked[0]["employee_id"], asked[0]["subject_id"]]),
        json!(["2026-12-02", app.employee(CASEWORKER), id])
    );
    // UU, which took no part, sees whom it is to guide as far as school and work go, until that is done.
    let list = app.as_(COUNSELLOR).get("/api/v1/tasks").await.expect(200);
    assert_eq!(list.items().len(), 1);
    assert_eq!(list.items()[0]["kind"], "guide-absentee");
    let person = format!("/api/v1/young-people/{}", case.young_person);
    app.as_(COUNSELLOR).get(&person).await.expect(200);
    assert_eq!(app.as_(COUNSELLOR).get(&format!("/api/v1/plans/{}", case.plan)).await.status, 404);
    // More of the same spell tells nothing new.
    told(
        &app,
        INSTITUTION,
        json!([{ "interventionId": id, "from": "2026-11-09", "to": "2026-11-25" }]),
    )
    .await;
    app.at("2026-12-20T09:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(
        (tasks(&app, "answer-absence").await.len(), tasks(&app, "guide-absentee").await.len()),
        (1, 1)
    );
    let talk = json!({
        "informationArea": "education-and-employment", "tookPlaceAt": app.now(), "form": "telephone", "minutes": 10,
        "youngPersonTookPart": true, "text": "x",
    });
    done(app.as_(COUNSELLOR).post(&format!("{person}/conversations"), talk)).await;
    assert_eq!(tasks(&app, "answer-absence").await[0]["ended"], "act");
    assert_eq!(tasks(&app, "guide-absentee").await[0]["ended"], "act");
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(
        app.as_(COUNSELLOR).get(&person).await.status,
        404,
        "the access ended with the task"
    );
}

#[actix_web::test]
async fn ab_01_fgu_takes_contact_itself_after_three_working_days() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "fgu").await;
    let (_, elsewhere) = attending(&app, "vaeksthuset").await;
    app.at("2026-11-24T09:00:00Z");
    // Thursday, Friday and Monday.
    told(&app, FGU, json!([{ "interventionId": id, "from": "2026-11-19" }])).await;
    told(&app, INSTITUTION, json!([{ "interventionId": elsewhere, "from": "2026-11-19" }])).await;
    app.run_due_jobs().await;
    let asked = tasks(&app, "contact-absent").await;
    assert_eq!(asked.len(), 1);
    assert_eq!((&asked[0]["subject_id"], &asked[0]["due_on"]), (&json!(id), &json!("2026-11-26")));
    let list = app.as_(FGU).get("/api/v1/tasks").await.expect(200);
    assert_eq!((list.items().len(), &list.items()[0]["kind"]), (1, &json!("contact-absent")));
    let tick = format!("/api/v1/tasks/{}/complete", asked[0]["id"].as_str().unwrap());
    refused(&app, app.as_(INSTITUTION).post_nothing(&tick).if_match(1), (404, "not-found")).await;
    done(app.as_(FGU).post_nothing(&tick).if_match(1)).await;
    app.run_due_jobs().await;
    let asked = tasks(&app, "contact-absent").await;
    assert_eq!((asked.len(), &asked[0]["ended"]), (1, &json!("tick")), "what was ticked stays so");
}

#[actix_web::test]
async fn ab_01_two_days_at_a_weekend_are_not_three() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "fgu").await;
    app.at("2026-11-24T09:00:00Z");
    told(
        &app,
        FGU,
        json!([
            { "interventionId": id, "from": "2026-11-20", "to": "2026-11-20" },
            { "interventionId": id, "from": "2026-11-23", "to": "2026-11-23" },
        ]),
    )
    .await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "contact-absent").await, NONE);
    let read = app.as_(FGU).get(&format!("/api/v1/interventions/{id}/absences")).await.expect(200);
    let spells = read.body["spells"].as_array().unwrap();
    assert_eq!(spells.len(), 1, "a weekend stands between none");
    assert_eq!(
        (&spells[0]["firstDay"], &spells[0]["lastDay"]),
        (&json!("2026-11-20"), &json!("2026-11-23"))
    );
}

/// IV-9: what was told as attendance is part of the spells, and a day of presence ends what goes on.
#[actix_web::test]
async fn ab_01_iv_09_attendance_feeds_the_same_spells() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "fgu").await;
    app.at("2026-11-26T09:00:00Z");
    let days = |days: &[(&str, &str)]| -> Value {
        days.iter().map(|(on, presence)| json!({ "on": on, "presence": presence })).collect()
    };
    let attendance = format!("/api/v1/interventions/{id}/attendance");
    let absent =
        days(&[("2026-11-23", "absent"), ("2026-11-24", "absent"), ("2026-11-25", "absent")]);
    done(app.as_(FGU).post(&attendance, json!({ "days": absent }))).await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "contact-absent").await.len(), 1);
    told(&app, FGU, json!([{ "interventionId": id, "from": "2026-11-25" }])).await;
    app.at("2026-12-08T09:00:00Z");
    let came = days(&[("2026-11-30", "present")]);
    done(app.as_(FGU).post(&attendance, json!({ "days": came }))).await;
    let read = app.as_(FGU).get(&format!("/api/v1/interventions/{id}/absences")).await.expect(200);
    assert_eq!(
        read.body["spells"],
        json!([{ "firstDay": "2026-11-23", "lastDay": "2026-11-29", "goesOn": false, "droppedOutOn": null, "toldOn": "2026-11-26" }])
    );
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "answer-absence").await, NONE, "a week");
}

#[actix_web::test]
async fn ab_01_a_drop_out_is_signalled_at_once_and_both_days_are_kept() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    app.at("2026-11-25T09:00:00Z");
    let gone =
        json!([{ "interventionId": id, "from": "2026-11-20", "droppedOutOn": "2026-11-20" }]);
    let answer = told(&app, INSTITUTION, gone.clone()).await;
    let absence = &answer.items()[0]["absence"];
    assert_eq!(
        (&absence["droppedOutOn"], &absence["toldOn"]),
        (&json!("2026-11-20"), &json!("2026-11-25"))
    );
    app.run_due_jobs().await;
    let asked = tasks(&app, "answer-absence").await;
    assert_eq!(
        (asked.len(), &asked[0]["due_on"]),
        (1, &json!("2026-12-02")),
        "in time from the day it was told"
    );
    // UU takes part: its named person is asked.
    let guide = tasks(&app, "guide-absentee").await;
    assert_eq!(guide[0]["employee_id"], json!(app.employee(COUNSELLOR)));
    let bases = "SELECT 1 FROM access_basis WHERE kind = 'law'";
    assert!(app.sql(bases).await.is_empty(), "and has its access already");
    // Told again on another day: the first one is kept.
    app.at("2026-11-27T09:00:00Z");
    let again = told(&app, INSTITUTION, gone).await;
    assert_eq!(again.items()[0]["absence"], *absence);
    let event = app.sql("SELECT payload FROM event WHERE kind = 'absence.told' ORDER BY recorded_at DESC LIMIT 1").await;
    assert_eq!(event[0]["payload"]["former"]["toldOn"], "2026-11-25");
    // Also once the intervention is over.
    done(
        step(
            &app,
            CASEWORKER,
            id,
            "end",
            json!({ "on": "2026-11-20", "reason": "did-not-attend" }),
        )
        .await,
    )
    .await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "answer-absence").await[0]["ended"], Value::Null);
}

#[actix_web::test]
async fn ab_01_a_batch_answers_for_each_and_takes_what_is_right() {
    let app = TestApp::new().await;
    let (case, right) = attending(&app, "vaeksthuset").await;
    let (_, wrong) = attending(&app, "vaeksthuset").await;
    let (_, theirs) = attending(&app, "fgu").await;
    let waiting = app.referral(CASEWORKER, case.plan, "hverdagsmestring").await.id();
    let items = json!([
        { "interventionId": theirs, "from": "2026-11-20" },
        { "interventionId": right, "from": "2026-11-20" },
        { "interventionId": wrong, "from": "2026-11-01" },
        { "interventionId": wrong, "from": "2026-11-20", "to": "2026-11-24" },
        { "interventionId": wrong, "from": "2026-11-20", "to": "2026-11-19" },
        { "interventionId": wrong, "from": "2026-11-20", "to": "2026-11-21", "droppedOutOn": "2026-11-22" },
        { "interventionId": Uuid::nil(), "from": "2026-11-20" },
        { "interventionId": waiting, "from": "2026-11-20" },
    ]);
    let answer = report(&app, INSTITUTION, items).key("en-dag").await.expect(200);
    let codes: Vec<(Value, Value)> = answer
        .items()
        .iter()
        .map(|item| (item["problem"]["status"].clone(), item["problem"]["code"].clone()))
        .collect();
    let (hidden, outside) =
        ((json!(404), json!("not-found")), (json!(409), json!("intervention.day-out-of-range")));
    assert_eq!(
        codes,
        [
            hidden.clone(),
            (Value::Null, Value::Null),
            outside.clone(),
            outside.clone(),
            outside.clone(),
            outside,
            hidden,
            (json!(409), json!("intervention.step-not-allowed"))
        ]
    );
    let rows = app.sql("SELECT intervention_id FROM absence").await;
    assert_eq!(rows, [json!({ "intervention_id": right })]);
    assert_eq!(
        entry_of(&app, &answer).await["outcome"],
        "refused",
        "LG-2: what was refused is on the log"
    );
    let events = "SELECT count(*) FROM event WHERE kind = 'absence.told'";
    assert_eq!(app.sql(events).await[0]["count"], 1);
    for who in ["styregruppe", "uu.hotline", "ydelse.medarbejder"] {
        let items = json!([{ "interventionId": right, "from": "2026-11-20" }]);
        refused(&app, report(&app, who, items), (403, "access.denied")).await;
    }
    let blind =
        report(&app, STRANGER, json!([{ "interventionId": right, "from": "2026-11-20" }])).await;
    assert_eq!(blind.items()[0]["problem"]["code"], "not-found");
}

#[actix_web::test]
async fn ab_01_the_same_batch_under_one_key_is_told_once() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "vaeksthuset").await;
    let items = || json!([{ "interventionId": id, "from": "2026-11-20" }]);
    let first = report(&app, INSTITUTION, items()).key("samme").await.expect(200);
    let again = report(&app, INSTITUTION, items()).key("samme").await.expect(200);
    assert_eq!(first.body, again.body);
    let events = "SELECT count(*) FROM event WHERE kind = 'absence.told'";
    assert_eq!(app.sql(events).await[0]["count"], 1);
    let other = report(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-19" }]))
        .key("samme")
        .await;
    assert_eq!(other.problem(), (422, "request.key-reused"));
}

#[actix_web::test]
async fn ab_01_who_lives_elsewhere_is_marked_so_for_those_who_may_know() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    let moved = json!({ "from": "2026-11-01", "municipalityCode": "0751", "source": "register" });
    done(
        app.as_(CASEWORKER)
            .post(&format!("/api/v1/young-people/{}/residence", case.young_person), moved),
    )
    .await;
    told(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-20" }])).await;
    let path = format!("/api/v1/interventions/{id}/absences");
    let known = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(known.body["municipalityCode"], "0751");
    let provided = app.as_(INSTITUTION).get(&path).await.expect(200);
    assert_eq!(
        (&provided.body["municipalityCode"], provided.items()),
        (&Value::Null, known.items())
    );
    assert_eq!(app.as_(STRANGER).get(&path).await.problem(), (404, "not-found"));
}
