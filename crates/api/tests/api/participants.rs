//! PL-6: the units that take part in the one plan, their links, and what they see by it.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, close, done, join, plan_step, refused,
    shared_plan,
};
use chrono::TimeDelta;
use serde_json::json;
use test_support::{OpenCase, TestApp};
use uuid::Uuid;

/// What is answered to somebody who asks for the young person, their plan, and their case file.
async fn sees(app: &TestApp, who: &str, case: OpenCase) -> [u16; 3] {
    let person = format!("/api/v1/young-people/{}", case.young_person);
    let (plan, file) = (format!("/api/v1/plans/{}", case.plan), format!("{person}/case-file"));
    let me = app.as_(who);
    [me.get(&person).await.status, me.get(&plan).await.status, me.get(&file).await.status]
}

/// The participation of an account's unit.
async fn participation(app: &TestApp, who: &str, plan: Uuid) -> Uuid {
    let unit = app.unit_of(who);
    let now = format!(
        "SELECT id FROM plan_participant WHERE plan_id = '{plan}' AND unit_id = '{unit}' AND left_at IS NULL"
    );
    app.sql(&now).await[0]["id"].as_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn pl_06_the_one_who_opens_takes_part_and_others_get_access_with_the_answer() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    assert_eq!(sees(&app, STRANGER, case).await, [404; 3]);
    let plan = done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    let units: Vec<_> = plan.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["unitCode"].clone())
        .collect();
    assert_eq!(units, ["jobspor", "socialafdelingen"]);
    assert_eq!(plan.body["participants"][1]["employeeId"], json!(app.employee(STRANGER)));
    assert_eq!(sees(&app, STRANGER, case).await, [200; 3]);
    refused(&app, join(&app, CASEWORKER, case.plan, STRANGER), (409, "plan.already-participating"))
        .await;
    // Their colleagues see it too, another unit of the same department does not.
    assert_eq!(sees(&app, "social.teamleder", case).await, [200; 3]);
    assert_eq!(sees(&app, "rusmiddel.behandler", case).await, [404; 3]);
}

#[actix_web::test]
async fn pl_06_who_leaves_the_plan_sees_nothing_at_the_next_request() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, STRANGER).await;
    let theirs = participation(&app, STRANGER, case.plan).await;
    let end = |who| {
        app.as_(who).post_nothing(&format!("/api/v1/plans/{}/participants/{theirs}/end", case.plan))
    };
    refused(&app, end(COUNSELLOR), (404, "not-found")).await;
    done(end(STRANGER)).await;
    assert_eq!(sees(&app, STRANGER, case).await, [404; 3]);
    refused(&app, end(CASEWORKER), (404, "not-found")).await;
    // They may come back, and leave again.
    done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    assert_eq!(sees(&app, STRANGER, case).await, [200; 3]);
    let again = participation(&app, STRANGER, case.plan).await;
    done(
        app.as_(CASEWORKER)
            .post_nothing(&format!("/api/v1/plans/{}/participants/{again}/end", case.plan)),
    )
    .await;
    assert_eq!(sees(&app, STRANGER, case).await, [404; 3]);
    assert_eq!(sees(&app, CASEWORKER, case).await, [200; 3]);
}

#[actix_web::test]
async fn pl_06_a_participation_is_ended_through_its_own_plan() {
    let app = TestApp::new().await;
    let (case, other) =
        (shared_plan(&app, CASEWORKER, STRANGER).await, app.active_plan(CASEWORKER).await);
    let theirs = participation(&app, STRANGER, case.plan).await;
    let call = app
        .as_(CASEWORKER)
        .post_nothing(&format!("/api/v1/plans/{}/participants/{theirs}/end", other.plan));
    refused(&app, call, (404, "not-found")).await;
    assert_eq!(sees(&app, STRANGER, case).await, [200; 3]);
}

#[actix_web::test]
async fn pl_06_neither_an_institution_nor_a_department_takes_part() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let path = format!("/api/v1/plans/{}/participants", case.plan);
    let join = |unit: Uuid, who: &str| {
        app.as_(CASEWORKER).post(&path, json!({ "unitId": unit, "employeeId": app.employee(who) }))
    };
    for (unit, who) in [
        (app.unit("vaeksthuset"), INSTITUTION),
        (app.unit("uu"), "uu.teamleder"),
        (app.unit("jobcenter"), "job.afdelingsleder"),
        (app.unit("systemforvaltning"), "admin"),
        (Uuid::nil(), COUNSELLOR),
    ] {
        let answer = refused(&app, join(unit, who), (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), ["/unitId"], "{who}");
    }
    // The named person works in the unit.
    let answer =
        refused(&app, join(app.unit("uu-vejledningen"), STRANGER), (422, "request.invalid")).await;
    assert_eq!(
        (answer.pointers()[0], &answer.body["errors"][0]["code"]),
        ("/employeeId", &json!("employee.not-in-unit"))
    );
}

#[actix_web::test]
async fn pl_06_a_departments_own_plan_is_linked_by_each_participant() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let path = format!("/api/v1/plans/{}/links", case.plan);
    let link =
        json!({ "kind": "education-plan", "title": "Uddannelsesplan", "reference": "UU-17" });
    refused(&app, app.as_(STRANGER).post(&path, link.clone()), (404, "not-found")).await;
    let plan = done(app.as_(COUNSELLOR).post(&path, link.clone())).await;
    let linked = &plan.body["links"][0];
    assert_eq!(
        (&linked["kind"], &linked["unitId"]),
        (&link["kind"], &json!(app.unit("uu-vejledningen")))
    );
    let read = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", case.plan)).await.expect(200);
    assert_eq!(read.body["links"], plan.body["links"]);
    let mut wrong = link;
    wrong["kind"] = json!("another-joint-plan");
    assert_eq!(
        refused(&app, app.as_(COUNSELLOR).post(&path, wrong), (422, "request.invalid"))
            .await
            .pointers(),
        ["/kind"]
    );
}

#[actix_web::test]
async fn pl_08_participants_see_a_closed_plan_for_thirty_weeks_and_the_registering_unit_after() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, STRANGER).await;
    let left = shared_plan(&app, CASEWORKER, STRANGER).await;
    let theirs = participation(&app, STRANGER, left.plan).await;
    done(
        app.as_(CASEWORKER)
            .post_nothing(&format!("/api/v1/plans/{}/participants/{theirs}/end", left.plan)),
    )
    .await;
    close(&app, CASEWORKER, left.plan).await;
    assert_eq!(
        sees(&app, STRANGER, left).await,
        [404; 3],
        "who left before gets nothing back by the closing"
    );
    close(&app, CASEWORKER, case.plan).await;
    app.advance(TimeDelta::weeks(30) - TimeDelta::microseconds(1));
    assert_eq!(sees(&app, STRANGER, case).await, [200; 3]);
    let again = plan_step(&app, STRANGER, case.plan, "", json!({ "purpose": "Igen." })).await;
    refused(&app, again, (409, "plan.closed")).await;
    app.advance(TimeDelta::microseconds(1));
    assert_eq!(sees(&app, STRANGER, case).await, [404; 3]);
    assert_eq!(app.as_(STRANGER).get("/api/v1/young-people").await.expect(200).items().len(), 0);
    app.advance(TimeDelta::weeks(200));
    assert_eq!(sees(&app, CASEWORKER, case).await, [200; 3]);
}

/// A unit that sees the young person by an older basis and works in the new plan takes part in it from then on.
#[actix_web::test]
async fn pl_06_whoever_works_in_a_plan_takes_part_in_it() {
    let app = TestApp::new().await;
    let old = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    close(&app, CASEWORKER, old.plan).await;
    let plan = app.plan(COUNSELLOR, old.young_person).await.id();
    let units = async || {
        let plan = app.as_(COUNSELLOR).get(&format!("/api/v1/plans/{plan}")).await.expect(200);
        let participants = plan.body["participants"].as_array().unwrap().clone();
        let each =
            participants.iter().map(|one| (one["unitId"].clone(), one["employeeId"].clone()));
        each.collect::<Vec<_>>()
    };
    let of = |who| (json!(app.unit_of(who)), json!(app.employee(who)));
    assert_eq!(units().await, [of(COUNSELLOR)]);
    // Reading is not working in it.
    app.as_(CASEWORKER).get(&format!("/api/v1/plans/{plan}")).await.expect(200);
    assert_eq!(units().await, [of(COUNSELLOR)]);
    let goal = json!({ "area": "employment", "wishedResult": "Et fritidsjob.", "targetDate": "2027-08-01" });
    app.advance(chrono::TimeDelta::minutes(1));
    for _ in 0..2 {
        done(app.as_(CASEWORKER).post(&format!("/api/v1/plans/{plan}/goals"), goal.clone())).await;
        assert_eq!(units().await, [of(COUNSELLOR), of(CASEWORKER)]);
    }
    let events = app.sql("SELECT 1 FROM event WHERE kind = 'plan.participant-joined'").await.len();
    // Activation asks for a contact person now.
    let activate = plan_step(&app, COUNSELLOR, plan, "activate", json!({})).await;
    refused(&app, activate, (409, "plan.contact-person-not-offered")).await;
    assert_eq!(events, 2, "one for each that joined");
}
