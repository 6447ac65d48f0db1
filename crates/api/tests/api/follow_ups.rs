//! PL-8: the state six months after a target group was left, and after a plan was closed.

use crate::steps::{CASEWORKER, close, done, refused};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

fn path(person: Uuid) -> String {
    format!("/api/v1/young-people/{person}/follow-ups")
}

fn take<'a>(app: &'a TestApp, person: Uuid, of: &str, left_on: &str) -> Call<'a> {
    let body = json!({ "of": of, "leftOn": left_on, "state": "education-or-work" });
    app.as_(CASEWORKER).post(&path(person), body)
}

async fn list(app: &TestApp, person: Uuid) -> Answer {
    done(app.as_(CASEWORKER).get(&path(person))).await
}

async fn had(app: &TestApp, person: Uuid, kind: &str, from: &str, to: Option<&str>) {
    let mut body = json!({ "kind": kind, "from": from });
    if let Some(to) = to {
        body["to"] = json!(to);
    }
    let path = format!("/api/v1/young-people/{person}/benefits");
    done(app.as_(CASEWORKER).post(&path, body)).await;
}

#[actix_web::test]
async fn pl_08_each_leaving_of_groups_1_to_3_is_due_six_months_after() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    had(&app, person, "sygedagpenge", "2026-01-01", Some("2026-02-27")).await;
    had(&app, person, "rehabilitent", "2026-02-28", Some("2026-08-30")).await;
    had(&app, person, "fleksjob", "2026-10-01", Some("2026-10-31")).await;
    had(&app, person, "a-dagpenge", "2026-11-01", Some("2026-12-31")).await;
    let due = |left_on: &str, due_on: &str| json!({ "of": "target-group", "leftOn": left_on, "dueOn": due_on, "state": null, "takenOn": null });
    let known = [due("2026-08-31", "2027-02-28"), due("2026-02-28", "2026-08-28")];
    assert_eq!(list(&app, person).await.items(), known, "neither group 4 nor what is to come");

    let problem = (409, "follow-up.too-early");
    let told = refused(&app, take(&app, person, "target-group", "2026-08-31"), problem).await;
    assert_eq!(told.body["dueOn"], "2027-02-28");
    for (of, day) in [
        ("target-group", "2026-02-27"),
        ("target-group", "2026-11-01"),
        ("target-group", "2027-01-01"),
        ("plan", "2026-02-28"),
    ] {
        refused(&app, take(&app, person, of, day), (409, "follow-up.not-left")).await;
    }
    let body = json!({ "of": "target-group", "leftOn": "2026-02-28", "state": "public-support", "takenOn": "2026-08-28" });
    for (taken_on, problem) in
        [("2026-08-27", (409, "follow-up.too-early")), ("2026-11-24", (422, "request.invalid"))]
    {
        let mut body = body.clone();
        body["takenOn"] = json!(taken_on);
        refused(&app, app.as_(CASEWORKER).post(&path(person), body), problem).await;
    }
    let taken = done(app.as_(CASEWORKER).post(&path(person), body)).await;
    let expected = json!({
        "of": "target-group", "leftOn": "2026-02-28", "dueOn": "2026-08-28", "state": "public-support", "takenOn": "2026-08-28",
    });
    assert_eq!(taken.body, expected);
    assert_eq!(list(&app, person).await.items()[1], expected);
    let again = take(&app, person, "target-group", "2026-02-28");
    refused(&app, again, (409, "follow-up.already-taken")).await;
}

#[actix_web::test]
async fn pl_08_after_closing_the_coordinator_is_asked_until_it_is_taken() {
    let app = TestApp::new().await;
    app.at("2026-08-31T21:59:00Z");
    let case = app.active_plan(CASEWORKER).await;
    close(&app, CASEWORKER, case.plan).await;
    let file = format!("/api/v1/young-people/{}/case-file", case.young_person);
    let tasks = async || done(app.as_(CASEWORKER).get(&file)).await.body["tasks"].clone();
    let asked = tasks().await;
    assert_eq!(asked.as_array().unwrap().len(), 1);
    assert_eq!(asked[0]["kind"], "take-state");
    assert_eq!(asked[0]["subjectId"], json!(case.plan));
    assert_eq!(asked[0]["employeeId"], json!(app.employee(CASEWORKER)));
    assert_eq!(asked[0]["dueOn"], "2027-02-28");

    app.at("2027-02-27T22:59:00Z");
    let take = || take(&app, case.young_person, "plan", "2026-08-31");
    refused(&app, take(), (409, "follow-up.too-early")).await;
    assert_eq!(tasks().await, asked);
    app.at("2027-02-27T23:00:00Z");
    assert_eq!(done(take()).await.body["takenOn"], "2027-02-28");
    assert_eq!(tasks().await, json!([]));
    assert_eq!(list(&app, case.young_person).await.items()[0]["state"], "education-or-work");
}

#[actix_web::test]
async fn pl_08_of_twenty_clients_one_takes_the_state() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    for round in 1..=5 {
        let person = app.young_person(CASEWORKER).await.id();
        had(&app, person, "rehabilitent", "2026-01-01", Some("2026-03-31")).await;
        let take = |on: usize| {
            let app = if on.is_multiple_of(2) { &app } else { &second };
            take(app, person, "target-group", "2026-04-01").into_future()
        };
        let answers = join_all((0..20).map(take)).await;
        let with = |problem| answers.iter().filter(|answer| answer.problem() == problem).count();
        let told = (with((201, "")), with((409, "follow-up.already-taken")));
        assert_eq!(told, (1, 19), "round {round}");
    }
}

#[actix_web::test]
async fn pl_08_without_sight_of_the_benefits_no_leaving_of_a_group_is_told() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    had(&app, person, "rehabilitent", "2026-01-01", Some("2026-03-31")).await;
    assert_eq!(list(&app, person).await.items().len(), 1);
    app.execute("UPDATE access_basis SET areas = 3").await;
    assert_eq!(list(&app, person).await.items(), [Value::Null; 0]);
    let hidden = take(&app, person, "target-group", "2026-04-01");
    refused(&app, hidden, (409, "follow-up.not-left")).await;
}
