//! HL-1, HL-5, HL-6, HL-10 over HTTP: to whom contacts are tied, what that sets going, and what it must not tell.

use crate::hotline::{HOTLINE, TAKES_CONCERNS, contact, log, path, step, with};
use crate::steps::CASEWORKER;
use serde_json::{Value, json};
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// A number that nobody has, of somebody born on 14 May of the year.
fn number_of(app: &TestApp, year: u32) -> String {
    app.fresh_number().replacen("740506", &format!("7405{year:02}"), 1)
}

/// Somebody of the caseworker's, with the number.
async fn registered(app: &TestApp, number: &str) -> Uuid {
    let registration = with(app.registration(CASEWORKER), "cpr", json!(number));
    app.as_(CASEWORKER).post("/api/v1/young-people", registration).await.expect(201).id()
}

fn about_a_child(summary: &str) -> Value {
    with(contact("wellbeing", summary), "concern", json!({ "about": "under-18" }))
}

/// What an answer tells, but for what is made up for each.
fn told(answer: &Answer) -> (u16, String, String) {
    let mut text = String::from_utf8_lossy(&answer.raw).replace(answer.header("x-request-id"), "");
    if let Some(id) = answer.body["id"].as_str() {
        text = text.replace(id, "");
    }
    (answer.status, text, answer.header("etag").to_owned())
}

/// Whether anybody has a number shows in no answer to a concern: not by their age, whenever they called, whether it is logged
/// with the number or tied to it, and not where the number tells another birthday than the one that is registered.
#[actix_web::test]
async fn hl_05_hl_10_a_concern_does_not_tell_whether_anybody_has_a_number() {
    let app = TestApp::new().await;
    for (year, register_as, expected) in [
        // Of age by the number: refused, also where the register tells otherwise.
        (6, None, (409, "hotline.concern-of-age")),
        (6, Some("2012-05-14"), (409, "hotline.concern-of-age")),
        // A child by the number.
        (12, None, (201, "")),
        (12, Some("2006-05-14"), (201, "")),
    ] {
        let (known, unknown) = (number_of(&app, year), number_of(&app, year));
        let person = registered(&app, &known).await;
        if let Some(born) = register_as {
            let born =
                format!("UPDATE young_person SET birth_date = '{born}' WHERE id = '{person}'");
            app.execute(&born).await;
        }
        let tied_to = async |contact: Uuid| -> Value {
            let row = format!("SELECT young_person_id FROM hotline_contact WHERE id = '{contact}'");
            app.sql(&row).await[0]["young_person_id"].clone()
        };
        for called_at in [None, Some(app.now())] {
            let mut answers = Vec::new();
            for number in [&known, &unknown] {
                let body = about_a_child("x");
                let body = match called_at {
                    Some(at) => with(body, "calledAt", json!(at)),
                    None => body,
                };
                let untied = log(&app, body.clone()).await.expect(201);
                let logged = log(&app, with(body, "cpr", json!(number))).await;
                let linked =
                    step(&app, TAKES_CONCERNS, "/link", &untied, json!({ "cpr": number })).await;
                answers.push((told(&logged), told(&linked).0, linked.body["code"].clone()));
                if logged.status == 201 {
                    assert_eq!(linked.status, 200);
                    let child = number == &known && register_as.is_none();
                    let whom = if child { json!(person) } else { Value::Null };
                    assert_eq!(tied_to(logged.id()).await, whom, "who is of age is no child");
                    assert_eq!(tied_to(untied.id()).await, whom, "who is of age is no child");
                } else {
                    assert_eq!((logged.problem(), linked.problem()), (expected, expected));
                }
            }
            assert_eq!(answers[0], answers[1], "{year} {register_as:?} {called_at:?}");
            assert_eq!(answers[0].0.0, expected.0, "{year} {register_as:?} {called_at:?}");
        }
    }
}

/// A concern about a child is tied to no adult, neither at first nor later.
#[actix_web::test]
async fn hl_10_a_concern_about_a_child_is_tied_to_no_adult_afterwards() {
    let app = TestApp::new().await;
    let child = number_of(&app, 12);
    registered(&app, &child).await;
    let adult = app.young_person("bu.raadgiver").await.id();
    let plan = app.plan("bu.raadgiver", adult).await.id();
    app.participant("bu.raadgiver", plan, TAKES_CONCERNS).await;
    let logged = log(&app, with(about_a_child("x"), "cpr", json!(child))).await.expect(201);
    let body = json!({ "youngPersonId": adult, "reason": "x" });
    let tied = step(&app, TAKES_CONCERNS, "/link", &logged, body).await;
    assert_eq!(tied.problem(), (409, "hotline.concern-of-age"));
    let logged = log(&app, about_a_child("x")).await.expect(201);
    let body = json!({ "youngPersonId": adult, "reason": "x" });
    let tied = step(&app, TAKES_CONCERNS, "/link", &logged, body).await;
    assert_eq!(tied.problem(), (409, "hotline.concern-of-age"));
    assert_eq!(app.as_(HOTLINE).get(&path(logged.id(), "")).await.status, 404);
}
