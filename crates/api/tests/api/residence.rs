//! YP-6: residence is a history of moves; moving out ends nothing, and asks for the case to be handed over.

use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, close, done, join, plan_step, refused};
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

fn path(person: Uuid) -> String {
    format!("/api/v1/young-people/{person}/residence")
}

fn moves<'a>(app: &'a TestApp, person: Uuid, from: &str, to: &str) -> Call<'a> {
    let place = if to.len() == 4 { "municipalityCode" } else { "countryCode" };
    let body = json!({ "from": from, place: to, "address": "Granvej 7", "source": "register" });
    app.as_(CASEWORKER).post(&path(person), body)
}

/// The open tasks of handing the case over: about what, whose, and when.
async fn tasks(app: &TestApp, person: Uuid) -> Vec<Value> {
    let file =
        done(app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/case-file"))).await;
    let tasks = file.body["tasks"].as_array().unwrap().iter();
    let tasks = tasks.filter(|task| task["kind"] == "hand-over");
    tasks.map(|task| json!([task["subjectId"], task["employeeId"], task["dueOn"]])).collect()
}

#[actix_web::test]
async fn yp_06_each_move_holds_until_the_next() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    for (from, to) in [("2026-01-01", "0740"), ("2020-01-01", "0791"), ("2026-06-01", "NO")] {
        done(moves(&app, person, from, to)).await;
    }
    let again = moves(&app, person, "2026-01-01", "0791");
    refused(&app, again, (409, "residence.already-told")).await;
    let list = done(app.as_(CASEWORKER).get(&path(person))).await;
    let told: Vec<Value> = list
        .items()
        .iter()
        .map(|one| {
            json!([one["from"], one["municipalityCode"], one["countryCode"], one["address"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["2026-06-01", null, "NO", "Granvej 7"]),
            json!(["2026-01-01", "0740", null, "Granvej 7"]),
            json!(["2020-01-01", "0791", null, "Granvej 7"]),
        ]
    );
    for (body, wrong) in [
        (json!({ "from": "2026-11-24", "municipalityCode": "0791" }), "/from"),
        (json!({ "from": "2026-11-23", "municipalityCode": "791" }), "/municipalityCode"),
        (json!({ "from": "2026-11-23", "countryCode": "no" }), "/countryCode"),
        (json!({ "from": "2026-11-23", "countryCode": "DK" }), "/countryCode"),
        (json!({ "from": "2026-11-23" }), "/municipalityCode"),
        (
            json!({ "from": "2026-11-23", "municipalityCode": "0791", "countryCode": "NO" }),
            "/countryCode",
        ),
    ] {
        let mut body = body;
        body["source"] = json!("register");
        let told =
            refused(&app, app.as_(CASEWORKER).post(&path(person), body), (422, "request.invalid"))
                .await;
        assert_eq!(told.pointers(), [wrong]);
    }
}

/// YP-5: it tells where they are, so it stands in no event, and in no answer but this one.
#[actix_web::test]
async fn yp_06_the_address_is_in_no_event_and_in_no_other_answer() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    done(moves(&app, person, "2020-01-01", "0791")).await;
    let events = app.sql("SELECT payload FROM event WHERE kind = 'residence.told'").await;
    assert_eq!(events[0]["payload"]["municipality_code"], Value::Null);
    assert_eq!(events[0]["payload"]["municipalityCode"], "0791");
    assert!(
        !serde_json::to_string(&app.sql("SELECT * FROM event").await).unwrap().contains("Granvej")
    );
    for path in [
        "/api/v1/young-people".to_owned(),
        format!("/api/v1/young-people/{person}"),
        format!("/api/v1/young-people/{person}/case-file"),
        format!("/api/v1/plans/{}", case.plan),
    ] {
        let answer = done(app.as_(CASEWORKER).get(&path)).await;
        assert!(!String::from_utf8_lossy(&answer.raw).contains("Granvej"), "{path}");
    }
}

#[actix_web::test]
async fn yp_06_moving_out_asks_the_coordinator_once_and_ends_nothing() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    let asked = [json!([case.plan, app.employee(CASEWORKER), "2026-11-30"])];
    done(moves(&app, person, "2020-01-01", "0791")).await;
    assert_eq!(tasks(&app, person).await, [Value::Null; 0]);
    done(moves(&app, person, "2020-06-01", "0740")).await;
    assert_eq!(tasks(&app, person).await, asked);
    done(moves(&app, person, "2021-01-01", "NO")).await;
    assert_eq!(tasks(&app, person).await, asked, "moved on: asked once");
    let plan = done(app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", case.plan))).await;
    assert_eq!(plan.body["state"], "active");

    // A move of the past that changes nothing of today asks for nothing, and ends no task.
    done(moves(&app, person, "2020-03-01", "0791")).await;
    assert_eq!(tasks(&app, person).await, asked);
    done(moves(&app, person, "2026-01-01", "0791")).await;
    assert_eq!(tasks(&app, person).await, [Value::Null; 0], "moved back");
    done(moves(&app, person, "2026-02-01", "NO")).await;
    assert_eq!(tasks(&app, person).await, asked, "and out again");
}

#[actix_web::test]
async fn yp_06_another_coordinator_or_the_closing_hands_the_case_over() {
    let app = TestApp::new().await;
    let coordinator = async |plan: Uuid, who: &str| -> Answer {
        app.advance(chrono::TimeDelta::minutes(1));
        let body = json!({ "coordinatorId": app.employee(who) });
        done(plan_step(&app, CASEWORKER, plan, "coordinator", body).await).await
    };
    let case = app.active_plan(CASEWORKER).await;
    done(moves(&app, case.young_person, "2026-01-01", "0740")).await;
    coordinator(case.plan, CASEWORKER).await;
    assert_eq!(tasks(&app, case.young_person).await.len(), 1, "the same one");
    coordinator(case.plan, "jv.sagsbehandler2").await;
    assert_eq!(tasks(&app, case.young_person).await, [Value::Null; 0]);
    done(moves(&app, case.young_person, "2026-02-01", "0751")).await;
    assert_eq!(tasks(&app, case.young_person).await, [Value::Null; 0], "handed over already");

    let case = app.active_plan(CASEWORKER).await;
    done(moves(&app, case.young_person, "2026-01-01", "0740")).await;
    close(&app, CASEWORKER, case.plan).await;
    assert_eq!(tasks(&app, case.young_person).await, [Value::Null; 0]);
    done(moves(&app, case.young_person, "2026-02-01", "0791")).await;
    done(moves(&app, case.young_person, "2026-03-01", "0740")).await;
    assert_eq!(tasks(&app, case.young_person).await, [Value::Null; 0], "no open plan, no task");
}

#[actix_web::test]
async fn ac_09_moves_are_told_to_those_who_see_the_plan_alone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    done(moves(&app, person, "2020-01-01", "0791")).await;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items().len(), 1);
    app.referral(CASEWORKER, case.plan, "fgu-agu").await;
    refused(&app, app.as_("fgu.vejleder").get(&path(person)), (403, "access.denied")).await;
    refused(&app, app.as_(STRANGER).get(&path(person)), (404, "not-found")).await;
    app.execute("UPDATE access_basis SET areas = 5 WHERE kind = 'participation'").await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items(), [Value::Null; 0]);
}
