//! The timeline: all that happened to a young person in one order, as far as the caller may see it.

use crate::steps::{CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, done, join, step};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, TestApp};
use uuid::Uuid;

async fn timeline(app: &TestApp, who: &str, person: Uuid, query: &str) -> Answer {
    app.as_(who).get(&format!("/api/v1/young-people/{person}/timeline{query}")).await
}

fn kinds(answer: &Answer) -> Vec<&str> {
    answer.items().iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

/// An intervention about health, referred to by somebody of a unit that takes part.
async fn health(app: &TestApp, who: &str, plan: Uuid) -> Uuid {
    let body = json!({
        "tailored": { "title": "Angsthåndtering", "area": "health", "providerId": app.unit("vaeksthuset") },
        "plannedStart": app.today(), "responsibleId": app.employee(who),
    });
    done(app.as_(who).post(&format!("/api/v1/plans/{plan}/interventions"), body)).await.id()
}

#[actix_web::test]
async fn ac_03_the_timeline_is_of_what_the_caller_sees() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    app.advance(TimeDelta::minutes(1));
    let course = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    app.advance(TimeDelta::minutes(1));
    let hidden = health(&app, STRANGER, case.plan).await;
    app.advance(TimeDelta::minutes(1));
    done(step(&app, INSTITUTION, hidden, "start", json!({ "on": app.today() })).await).await;

    let theirs = timeline(&app, STRANGER, case.young_person, "").await.expect(200);
    assert_eq!(
        kinds(&theirs)[..3],
        ["intervention.started", "intervention.referred", "intervention.referred"]
    );
    let started = &theirs.items()[0];
    assert_eq!(started["subjectId"], json!(hidden));
    assert_eq!(
        [&started["title"], &started["text"], &started["informationArea"], &started["byId"]],
        [
            &json!("Angsthåndtering"),
            &json!("Indsats startet"),
            &json!("health"),
            &json!(app.employee(INSTITUTION))
        ]
    );

    // What a unit writes about health is its own until shared, and so is what happens to it.
    let ours = timeline(&app, CASEWORKER, case.young_person, "").await.expect(200);
    assert_eq!(ours.items()[0]["subjectId"], json!(course));
    assert!(!String::from_utf8_lossy(&ours.raw).contains(&hidden.to_string()));
    assert_eq!(kinds(&ours).last(), Some(&"young-person.registered"));

    // Who provides sees the intervention, not the case; to others there is nobody.
    let provider = timeline(&app, INSTITUTION, case.young_person, "").await;
    assert_eq!(provider.problem(), (403, "access.denied"));
    let nobody = timeline(&app, COUNSELLOR, case.young_person, "").await;
    assert_eq!(nobody.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn the_timeline_speaks_danish_or_english() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let path = format!("/api/v1/young-people/{person}/timeline");
    for (language, text) in
        [("da", "Den unge blev registreret"), ("en", "The young person was registered")]
    {
        let told = app.as_(CASEWORKER).get(&path).header("Accept-Language", language).await;
        assert_eq!(told.items()[0]["text"], json!(text));
    }
}

#[actix_web::test]
async fn a_timeline_of_2_000_entries_comes_in_pages_each_once_and_in_order() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let before = timeline(&app, CASEWORKER, case.young_person, "").await.items().len();
    // Seven at a time have one moment, so that pages end between them.
    app.execute(&format!(
        "INSERT INTO event (recorded_at, id, request_id, role, young_person_id, subject_kind, subject_id, kind, salt, digest)
         SELECT timestamptz '2026-05-01Z' + n / 7 * interval '1 hour', gen_random_uuid(), gen_random_uuid(), 'system',
                '{}', 'plan', '{}', 'plan.amended', '', '' FROM generate_series(1, 2000) n",
        case.young_person, case.plan
    ))
    .await;
    let (mut seen, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let query = format!("?limit=200{cursor}");
        let page = timeline(&app, CASEWORKER, case.young_person, &query).await.expect(200);
        seen.extend_from_slice(page.items());
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), before + 2000);
    let ids: BTreeSet<&str> = seen.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), seen.len(), "an entry came twice");
    assert!(
        seen.is_sorted_by_key(|entry| std::cmp::Reverse(entry["at"].as_str().map(str::to_owned)))
    );
    let wrong = timeline(&app, CASEWORKER, case.young_person, "?cursor=AAAA").await;
    assert_eq!(wrong.problem(), (422, "request.invalid"));
}
