//! YP-9: guardians are recorded while the young person is under 18, and end at that midnight by themselves.

use crate::but_for_the_request;
use crate::steps::{
    CASEWORKER, COUNSELLOR, STRANGER, done, everything, join, number, refused, registration,
};
use serde_json::{Value, json};
use test_support::{Call, TestApp};
use uuid::Uuid;

/// Somebody of the caseworker's, born on this day.
async fn born(app: &TestApp, day: &str, serial: u32) -> Uuid {
    let body = registration(app, CASEWORKER, &number(day, serial));
    done(app.as_(CASEWORKER).post("/api/v1/young-people", body)).await.id()
}

fn path(person: Uuid) -> String {
    format!("/api/v1/young-people/{person}/guardians")
}

fn mother(app: &TestApp, person: Uuid) -> Call<'_> {
    let body = json!({
        "name": "Karen Holm", "relation": "mother", "hasCustody": true, "telephone": "12345678",
        "email": "karen@example.org", "from": "2020-01-01",
    });
    app.as_(CASEWORKER).post(&path(person), body)
}

/// Who is told as current.
async fn current(app: &TestApp, person: Uuid) -> Vec<Value> {
    let list = done(app.as_(CASEWORKER).get(&path(person))).await;
    list.items()
        .iter()
        .filter(|one| one["current"] == true)
        .map(|one| one["name"].clone())
        .collect()
}

#[actix_web::test]
async fn yp_09_recorded_changed_and_ended_while_under_18() {
    let app = TestApp::new().await;
    let person = born(&app, "2010-06-15", 1).await;
    let recorded = done(mother(&app, person)).await;
    let expected = json!({
        "id": recorded.id(), "name": "Karen Holm", "relation": "mother", "hasCustody": true,
        "telephone": "12345678", "email": "karen@example.org", "from": "2020-01-01", "to": null,
        "current": true, "version": 1,
    });
    assert_eq!(recorded.body, expected);
    let at = format!("/api/v1/guardians/{}", recorded.id());
    let change = json!({ "telephone": "87654321", "to": "2026-11-23" });
    let stale = app.as_(CASEWORKER).patch(&at, change.clone()).if_match(2);
    refused(&app, stale, (412, "version.stale")).await;
    let early = app.as_(CASEWORKER).patch(&at, json!({ "to": "2019-12-31" })).if_match(1);
    assert_eq!(refused(&app, early, (422, "request.invalid")).await.pointers(), ["/to"]);
    let changed = done(app.as_(CASEWORKER).patch(&at, change).if_match(1)).await;
    let mut expected = expected;
    (expected["telephone"], expected["to"], expected["version"]) =
        (json!("87654321"), json!("2026-11-23"), json!(2));
    assert_eq!(changed.body, expected);
    assert_eq!(current(&app, person).await, ["Karen Holm"], "the last day");
    app.advance(chrono::TimeDelta::days(1));
    assert_eq!(current(&app, person).await, [Value::Null; 0]);
    let father =
        json!({ "name": "Per", "relation": "father", "hasCustody": false, "to": "2026-11-23" });
    let wrong =
        refused(&app, app.as_(CASEWORKER).post(&path(person), father), (422, "request.invalid"))
            .await;
    assert_eq!(wrong.pointers(), ["/to"], "from today where nothing is told");
}

/// In winter, in summer, on the nights on which the clock is changed, and of a child of 29 February.
#[actix_web::test]
async fn yp_09_at_the_midnight_of_18_in_copenhagen_they_are_guardians_no_more() {
    let app = TestApp::new().await;
    for (serial, (born_on, last, first)) in (1..).zip([
        ("2008-02-29", "2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z"),
        ("2008-03-29", "2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z"),
        ("2008-07-01", "2026-06-30T21:59:59Z", "2026-06-30T22:00:00Z"),
        ("2008-10-25", "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z"),
        ("2008-10-26", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"),
        ("2008-11-23", "2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z"),
    ]) {
        app.at(last);
        let person = born(&app, born_on, serial).await;
        let recorded = done(mother(&app, person)).await;
        assert_eq!(current(&app, person).await, ["Karen Holm"], "{born_on} at {last}");
        let stored = async || app.sql("SELECT * FROM guardian ORDER BY id").await;
        let before = stored().await;
        app.at(first);
        assert_eq!(current(&app, person).await, [Value::Null; 0], "{born_on} at {first}");
        refused(&app, mother(&app, person), (409, "guardian.of-age")).await;
        let at = format!("/api/v1/guardians/{}", recorded.id());
        let change = app.as_(CASEWORKER).patch(&at, json!({ "telephone": "1" })).if_match(1);
        refused(&app, change, (409, "guardian.of-age")).await;
        assert_eq!(stored().await, before, "nothing stored changes");
    }
}

#[actix_web::test]
async fn yp_09_guardians_are_told_to_those_who_see_the_plan_and_to_no_provider() {
    let app = TestApp::new().await;
    let person = born(&app, "2010-06-15", 1).await;
    let recorded = done(mother(&app, person)).await;
    let plan = app.plan(CASEWORKER, person).await;
    let activate = format!("/api/v1/plans/{}/activate", plan.id());
    done(app.as_(CASEWORKER).post_nothing(&activate).if_match(plan.version())).await;
    done(join(&app, CASEWORKER, plan.id(), COUNSELLOR)).await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items().len(), 1);
    let body = json!({
        "tailored": { "title": "x", "area": "education", "providerId": app.unit("fgu") },
        "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER),
    });
    let referrals = format!("/api/v1/plans/{}/interventions", plan.id());
    done(app.as_(CASEWORKER).post(&referrals, body)).await;
    refused(&app, app.as_("fgu.vejleder").get(&path(person)), (403, "access.denied")).await;
    let at = format!("/api/v1/guardians/{}", recorded.id());
    let nowhere = format!("/api/v1/guardians/{}", Uuid::now_v7());
    for who in [STRANGER, "fgu.vejleder"] {
        let hidden = app.as_(who).patch(&at, json!({ "name": "x" })).if_match(1).await;
        let missing = app.as_(who).patch(&nowhere, json!({ "name": "x" })).if_match(1).await;
        assert_eq!(hidden.problem(), (404, "not-found"), "{who}");
        assert_eq!(but_for_the_request(&hidden), but_for_the_request(&missing));
    }
    app.execute("UPDATE access_basis SET areas = 5 WHERE kind = 'participation'").await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items(), [Value::Null; 0]);
}

#[actix_web::test]
async fn yp_09_the_same_request_twice_is_one_guardian() {
    let app = TestApp::new().await;
    let person = born(&app, "2010-06-15", 1).await;
    let first = done(mother(&app, person).key("one")).await;
    let before = everything(&app).await;
    assert_eq!(done(mother(&app, person).key("one")).await.body, first.body);
    assert_eq!(everything(&app).await, before);
}
