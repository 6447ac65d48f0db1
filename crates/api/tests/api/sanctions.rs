//! TG-5: a sanction belongs to a benefit, and lies within it.

use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, done, join, refused};
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

fn path(person: Uuid) -> String {
    format!("/api/v1/young-people/{person}/sanctions")
}

async fn had(app: &TestApp, person: Uuid, body: Value) -> Answer {
    done(app.as_(CASEWORKER).post(&format!("/api/v1/young-people/{person}/benefits"), body)).await
}

fn sanction<'a>(app: &'a TestApp, person: Uuid, benefit: Uuid, on: &str) -> Call<'a> {
    let body = json!({ "benefitId": benefit, "kind": "punktsanktion", "on": on, "ground": "Udeblev fra samtale." });
    app.as_(CASEWORKER).post(&path(person), body)
}

#[actix_web::test]
async fn tg_05_a_sanction_lies_within_its_benefit() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let benefit = json!({ "kind": "sygedagpenge", "from": "2026-01-01", "to": "2026-03-31" });
    let benefit = had(&app, person, benefit).await;
    let outside = (409, "sanction.day-out-of-range");
    for on in ["2025-12-31", "2026-04-01"] {
        let told = refused(&app, sanction(&app, person, benefit.id(), on), outside).await;
        assert_eq!([&told.body["from"], &told.body["to"]], ["2026-01-01", "2026-03-31"]);
    }
    let recorded = done(sanction(&app, person, benefit.id(), "2026-03-31")).await;
    let body = &recorded.body;
    assert_eq!(
        [&body["kind"], &body["on"], &body["source"]],
        ["punktsanktion", "2026-03-31", "recorded"]
    );
    let list = done(app.as_(CASEWORKER).get(&path(person))).await;
    assert_eq!(list.items(), std::slice::from_ref(body));
    // The benefit does not end before it.
    let end = format!("/api/v1/benefits/{}/end", benefit.id());
    let early = app.as_(CASEWORKER).post(&end, json!({ "on": "2026-03-30" })).if_match(1);
    refused(&app, early, outside).await;
    done(app.as_(CASEWORKER).post(&end, json!({ "on": "2026-03-31" })).if_match(1)).await;

    // Another one's benefit, and none: told alike.
    let other = app.young_person(CASEWORKER).await.id();
    let theirs = had(&app, other, json!({ "kind": "fleksjob", "from": "2026-01-01" })).await;
    for benefit in [theirs.id(), Uuid::now_v7()] {
        let wrong = sanction(&app, person, benefit, "2026-02-01");
        let told = refused(&app, wrong, (422, "request.invalid")).await;
        assert_eq!(told.pointers(), ["/benefitId"]);
    }
}

#[actix_web::test]
async fn tg_05_where_another_benefit_leads_the_sanction_goes_with_its_day() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let first = had(&app, person, json!({ "kind": "sygedagpenge", "from": "2026-01-01" })).await;
    let beside = json!({ "kind": "rehabilitent", "from": "2026-03-01", "leading": false });
    let beside = had(&app, person, beside).await;
    for on in ["2026-02-01", "2026-05-01"] {
        done(sanction(&app, person, first.id(), on)).await;
    }
    let lead = format!("/api/v1/benefits/{}/lead", beside.id());
    done(app.as_(CASEWORKER).post(&lead, json!({ "from": "2026-04-01" })).if_match(1)).await;
    let parts = app
        .sql("SELECT s.on_day, b.from_day, b.kind FROM sanction s JOIN benefit_episode b ON b.id = s.benefit_id ORDER BY s.on_day")
        .await;
    let parts: Vec<Value> =
        parts.iter().map(|row| json!([row["on_day"], row["from_day"], row["kind"]])).collect();
    let expected = [
        json!(["2026-02-01", "2026-01-01", "sygedagpenge"]),
        json!(["2026-05-01", "2026-04-01", "sygedagpenge"]),
    ];
    assert_eq!(parts, expected);
}

#[actix_web::test]
async fn tg_05_written_by_those_who_record_benefits_and_read_with_them() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    let benefit = had(&app, person, json!({ "kind": "sygedagpenge", "from": "2026-01-01" })).await;
    done(sanction(&app, person, benefit.id(), "2026-03-31")).await;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items().len(), 1);
    let body = json!({ "benefitId": benefit.id(), "kind": "punktsanktion", "on": "2026-03-31", "ground": "x" });
    let by_counsellor = app.as_(COUNSELLOR).post(&path(person), body);
    refused(&app, by_counsellor, (403, "access.denied")).await;
    refused(&app, app.as_(STRANGER).get(&path(person)), (404, "not-found")).await;
    app.execute("UPDATE access_basis SET areas = 3 WHERE kind = 'participation'").await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items(), [Value::Null; 0]);
}
