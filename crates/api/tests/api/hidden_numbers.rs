//! A7, AC-19: neither status nor work done reveals whether a CPR number is registered, checks are limited, and the access log
//! shows who probed a number.

use crate::but_for_the_request;
use crate::hotline::{HOTLINE, contact, path, with};
use crate::steps::{CASEWORKER, STRANGER, done, refused};
use chrono::TimeDelta;
use serde_json::{Value, json};
use test_support::{Answer, Statements, TestApp};
use uuid::Uuid;

fn looks_up<'a>(app: &'a TestApp, who: &'a str, number: &str) -> test_support::Call<'a> {
    app.as_(who).post("/api/v1/young-people/lookup", json!({ "cpr": number }))
}

fn registers<'a>(app: &'a TestApp, who: &'a str, number: &str) -> test_support::Call<'a> {
    let body = with(app.registration(who), "cpr", json!(number));
    app.as_(who).post("/api/v1/young-people", body)
}

/// The number of a young person that only the caseworker sees.
async fn known(app: &TestApp) -> (String, Uuid) {
    let number = app.fresh_number();
    let person = done(registers(app, CASEWORKER, &number)).await.id();
    (number, person)
}

/// A young person of the stranger's own unit.
async fn own(app: &TestApp) -> (Uuid, i64) {
    let person = app.young_person(STRANGER).await;
    (person.id(), person.version())
}

/// The statements that one request with a number sends to the database before its response, and the response.
async fn said(
    app: &TestApp,
    heard: &Statements,
    operation: &str,
    number: &str,
) -> (Answer, Vec<String>) {
    let contact = async |cpr: Option<&str>| {
        let body = with(contact("drop-out-risk", "x"), "planNotFollowed", json!(true));
        let body = match cpr {
            Some(number) => with(body, "cpr", json!(number)),
            None => body,
        };
        app.as_(HOTLINE).post("/api/v1/hotline/contacts", body).await.expect(201)
    };
    let answer = match operation {
        "look-up" => {
            let _ = heard.take();
            looks_up(app, STRANGER, number).await
        }
        "need" => {
            let body = json!({ "cpr": number, "reason": "x" });
            let _ = heard.take();
            app.as_(STRANGER).post("/api/v1/transition-needs", body).await
        }
        "change of number" => {
            let (person, version) = own(app).await;
            app.token(STRANGER).await;
            let _ = heard.take();
            let call = app
                .as_(STRANGER)
                .patch(&format!("/api/v1/young-people/{person}"), json!({ "cpr": number }));
            call.if_match(version).await
        }
        "contact" => {
            let _ = heard.take();
            contact(Some(number)).await
        }
        "tie" => {
            let untied = contact(None).await;
            let _ = heard.take();
            let call = app.as_(HOTLINE).post(&path(untied.id(), "/link"), json!({ "cpr": number }));
            call.if_match(1).await
        }
        // The young person to whom a number linked a contact may be hidden, in any following step.
        "tie to another" => {
            let tied = contact(Some(number)).await;
            app.run_queued_jobs().await;
            let other = json!({ "cpr": app.fresh_number(), "reason": "x" });
            let _ = heard.take();
            let call = app.as_(HOTLINE).post(&path(tied.id(), "/link"), other);
            call.if_match(1).await
        }
        "reopen" => {
            let tied = contact(Some(number)).await;
            app.run_queued_jobs().await;
            let taken = app.as_(HOTLINE).post_nothing(&path(tied.id(), "/take"));
            let taken = done(taken.if_match(1)).await;
            let _ = heard.take();
            let call = app
                .as_(HOTLINE)
                .post(&path(taken.id(), "/reopen"), json!({ "reason": "x" }))
                .if_match(taken.version());
            call.await
        }
        other => panic!("{other}"),
    };
    (answer, heard.take())
}

const OPERATIONS: [&str; 7] =
    ["look-up", "need", "change of number", "contact", "tie", "tie to another", "reopen"];

/// The same statements, in the same number and order, are sent before the response, whether the number is registered or
/// not.
#[actix_web::test]
async fn a07_ac_19_the_statements_do_not_reveal_whether_a_number_is_registered() {
    let heard = Statements::of_this_test();
    let app = TestApp::new().await;
    for operation in OPERATIONS {
        // Statements that a connection prepares at their first use are not compared.
        for _ in 0..2 {
            let _ = said(&app, &heard, operation, &app.fresh_number()).await;
        }
        let (number, _) = known(&app).await;
        let (of_known, to_known) = said(&app, &heard, operation, &number).await;
        let (of_unknown, to_unknown) = said(&app, &heard, operation, &app.fresh_number()).await;
        assert_eq!(of_known.problem(), of_unknown.problem(), "{operation}");
        assert!(to_known.len() > 3, "{operation}: it was listened to");
        assert_eq!(to_known, to_unknown, "{operation}");
        app.run_queued_jobs().await;
        app.advance(TimeDelta::hours(1));
    }
}

/// The refusal of a registered, hidden number equals that of an unregistered number in every byte.
#[actix_web::test]
async fn a07_ac_19_a_look_up_returns_the_same_for_hidden_and_absent() {
    let app = TestApp::new().await;
    let (number, _) = known(&app).await;
    let hidden = looks_up(&app, STRANGER, &number).await;
    let absent = looks_up(&app, STRANGER, &app.fresh_number()).await;
    assert_eq!(but_for_the_request(&hidden), but_for_the_request(&absent));
    assert_eq!(hidden.problem(), (404, "not-found"));
}

/// A new number is accepted, whether another young person has it or not. The unit that has the other case checks it.
#[actix_web::test]
async fn a07_ac_19_a_change_of_number_reveals_nothing_and_creates_a_task() {
    let app = TestApp::new().await;
    let (number, holder) = known(&app).await;
    let mut answers = Vec::new();
    for wanted in [&number, &app.fresh_number()] {
        let (person, version) = own(&app).await;
        let path = format!("/api/v1/young-people/{person}");
        let changed =
            app.as_(STRANGER).patch(&path, json!({ "cpr": wanted })).if_match(version).await;
        app.run_queued_jobs().await;
        let read = done(app.as_(STRANGER).post_nothing(&format!("{path}/cpr"))).await;
        assert_eq!(read.body["cpr"], json!(wanted), "it is theirs, as far as they see");
        assert_eq!(done(looks_up(&app, STRANGER, wanted)).await.id(), person);
        let (status, headers, body) = but_for_the_request(&changed);
        let names = format!("SELECT family_name FROM young_person WHERE id = '{person}'");
        let name = app.sql(&names).await[0]["family_name"].as_str().unwrap().to_owned();
        answers.push((status, headers, body.replace(&person.to_string(), "").replace(&name, "")));
    }
    assert_eq!(answers[0], answers[1]);
    // The young person who has the number keeps it, and their unit receives the task to check it. A third registration
    // with it is still refused.
    assert_eq!(done(looks_up(&app, CASEWORKER, &number)).await.id(), holder);
    let asked = done(app.as_(CASEWORKER).get("/api/v1/tasks")).await;
    let asked: Vec<&Value> =
        asked.items().iter().filter(|task| task["kind"] == "check-number").collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0]["youngPersonId"], json!(holder));
    refused(
        &app,
        registers(&app, "uu.vejleder", &number),
        (409, "young-person.already-registered"),
    )
    .await;
    // A caller who sees both is refused at once.
    let (_, other) = known(&app).await;
    let call = app
        .as_(CASEWORKER)
        .patch(&format!("/api/v1/young-people/{other}"), json!({ "cpr": number }))
        .if_match(1);
    let answer = refused(&app, call, (409, "young-person.already-registered")).await;
    assert_eq!(answer.uuid("youngPersonId"), holder);
}

/// Only registration reveals that a number is registered, and which unit to ask for access.
#[actix_web::test]
async fn a07_ac_19_registration_states_which_unit_to_ask_for_access() {
    let app = TestApp::new().await;
    let (number, _) = known(&app).await;
    let taken = (409, "young-person.already-registered");
    let answer = refused(&app, registers(&app, STRANGER, &number), taken).await;
    assert_eq!(answer.body["ask"]["unitId"], json!(app.unit_of(HOTLINE)));
    assert_eq!(answer.body.get("youngPersonId"), None);
    let answer = refused(&app, registers(&app, CASEWORKER, &number), taken).await;
    assert_eq!(answer.body.get("ask"), None);
}

/// 20 checks without access within an hour, in any instance and by any operation; the alarm is at the tenth.
#[actix_web::test]
async fn a07_ac_19_an_employee_checks_twenty_numbers_an_hour_without_access() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let (number, _) = known(&app).await;
    let alarms =
        "SELECT count(*) AS n FROM event WHERE kind = 'access-checks.alarmed' AND actor_id IS NULL";
    for turn in 0..20 {
        // Checks of visible young people do not count.
        done(registers(&app, STRANGER, &app.fresh_number())).await;
        let raised = app.sql(alarms).await[0]["n"].as_i64().unwrap();
        // A running registration counts until it has led to access.
        assert!(raised == i64::from(turn > 8), "{turn}: {raised}");
        let instance = if turn % 2 == 0 { &app } else { &other };
        let answer = match turn % 3 {
            0 => looks_up(instance, STRANGER, &app.fresh_number()).await,
            1 => looks_up(instance, STRANGER, &number).await,
            _ => registers(instance, STRANGER, &number).await,
        };
        assert!(matches!(answer.status, 404 | 409), "{turn}: {}", answer.status);
    }
    for instance in [&app, &other] {
        for wanted in [&number, &app.fresh_number()] {
            let waits = looks_up(instance, STRANGER, wanted).await;
            assert_eq!(waits.problem(), (429, "access.too-many-checks"));
            assert_eq!(waits.header("retry-after"), "3600");
            assert_eq!(registers(instance, STRANGER, wanted).await.status, 429);
        }
    }
    // Other employees may check, visible young people are still found, and after an hour checks are allowed again.
    assert_eq!(looks_up(&app, CASEWORKER, &app.fresh_number()).await.status, 404);
    let mine = app.fresh_number();
    app.advance(TimeDelta::hours(1));
    done(registers(&app, STRANGER, &mine)).await;
    for _ in 0..20 {
        let _ = looks_up(&app, STRANGER, &number).await.expect(404);
    }
    let _ = looks_up(&app, STRANGER, &mine).await.expect(200);
    let _ = looks_up(&app, STRANGER, &number).await.expect(429);
}

/// Two concurrent checks are both counted.
#[actix_web::test]
async fn a07_ac_19_checks_at_once_are_counted_one_after_the_other() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let (number, _) = known(&app).await;
    // One alone: if two were counted as one each time, an even limit would not show it.
    let _ = looks_up(&app, STRANGER, &number).await.expect(404);
    let calls = (0..23).map(|turn| {
        let instance = if turn % 2 == 0 { &app } else { &other };
        async { looks_up(instance, STRANGER, &number).await.status }
    });
    let mut statuses = futures_util::future::join_all(calls).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![404; 19], vec![429; 4]].concat());
}

/// 100 checks a day for all employees of a unit together; the alarm is at the fiftieth; from midnight checks are
/// allowed again.
#[actix_web::test]
async fn a07_ac_19_a_unit_checks_a_hundred_numbers_a_day_without_access() {
    let app = TestApp::new().await;
    let (number, _) = known(&app).await;
    let who = ["en.ny", "to.ny", "tre.ny", "fire.ny", "fem.ny", "seks.ny"];
    for username in who {
        app.employ(username, "adviser", "socialafdelingen").await;
    }
    for username in &who[..5] {
        for _ in 0..20 {
            let _ = looks_up(&app, username, &number).await.expect(404);
        }
    }
    let answer = looks_up(&app, who[5], &number).await;
    assert_eq!(answer.problem(), (429, "access.too-many-checks"));
    let of_unit = "SELECT count(*) AS n FROM event WHERE kind = 'access-checks.alarmed' AND payload ->> 'of' = 'unit'";
    assert_eq!(app.sql(of_unit).await[0]["n"], 1);
    app.at("2026-11-23T23:00:00Z");
    let _ = looks_up(&app, who[5], &number).await.expect(404);
}

/// The keyed digest finds all employees who checked a number, for every operation and every result.
#[actix_web::test]
async fn a07_ac_19_the_access_log_shows_who_probed_a_number() {
    let app = TestApp::new().await;
    let (number, _) = known(&app).await;
    let _ = looks_up(&app, STRANGER, &number).await.expect(404);
    let _ = registers(&app, STRANGER, &number).await.expect(409);
    let (person, version) = own(&app).await;
    let call = app
        .as_(STRANGER)
        .patch(&format!("/api/v1/young-people/{person}"), json!({ "cpr": number }));
    done(call.if_match(version)).await;
    let body = with(contact("absence", "x"), "cpr", json!(number));
    done(app.as_(HOTLINE).post("/api/v1/hotline/contacts", body)).await;
    for _ in 0..19 {
        let _ = looks_up(&app, STRANGER, &number).await;
    }
    let probed = app
        .sql(&format!(
            "SELECT a.operation, a.outcome, a.actor_id, count(*) AS n FROM access_entry a
              WHERE a.number_digest = (SELECT n.digest FROM person_identifier n WHERE NOT n.contested AND n.young_person_id <> '{person}'
                                        ORDER BY n.id LIMIT 1)
              GROUP BY 1, 2, 3 ORDER BY 3, 1, 2"
        ))
        .await;
    let mut expected: Vec<Value> = [
        ("amendYoungPerson", "changed", STRANGER, 1),
        ("logContact", "changed", HOTLINE, 1),
        // From then on it is the number of a young person of the caller's own unit.
        ("lookUpYoungPerson", "read", STRANGER, 19),
        ("lookUpYoungPerson", "refused", STRANGER, 1),
        ("registerYoungPerson", "changed", CASEWORKER, 1),
        ("registerYoungPerson", "refused", STRANGER, 1),
    ]
    .map(|(operation, outcome, who, n)| {
        json!({ "operation": operation, "outcome": outcome, "actor_id": app.employee(who), "n": n })
    })
    .to_vec();
    let mut probed = probed;
    let order = |one: &Value| one.to_string();
    expected.sort_by_key(order);
    probed.sort_by_key(order);
    assert_eq!(probed, expected);
}

/// A contact with a number that the caller gave to one of their own is linked to that one, whether another young person
/// has the number or not.
#[actix_web::test]
async fn a07_ac_19_the_link_of_a_contact_does_not_show_who_else_has_the_number() {
    let app = TestApp::new().await;
    let (registered, _) = known(&app).await;
    let leader = "uu.teamleder";
    for number in [registered, app.fresh_number()] {
        let own = with(app.registration(leader), "unitId", json!(app.unit("uu-vejledningen")));
        let person = done(app.as_(leader).post("/api/v1/young-people", own)).await;
        let whose = format!("/api/v1/young-people/{}", person.id());
        let change = app.as_(leader).patch(&whose, json!({ "cpr": number }));
        done(change.if_match(person.version())).await;
        let contacts = "/api/v1/hotline/contacts";
        let body = with(contact("other", "x"), "cpr", json!(number));
        let by_log = done(app.as_(leader).post(contacts, body)).await.id();
        // Logged by a colleague who does not see the young person.
        let by_link = done(app.as_(HOTLINE).post(contacts, contact("other", "x"))).await;
        let link = app.as_(leader).post(&path(by_link.id(), "/link"), json!({ "cpr": number }));
        done(link.if_match(by_link.version())).await;
        app.run_queued_jobs().await;
        for logged in [by_log, by_link.id()] {
            let read = done(app.as_(leader).get(&path(logged, ""))).await;
            assert_eq!(read.body["youngPersonId"], json!(person.id()));
        }
    }
}

/// A new number is a check of it: twenty an hour.
#[actix_web::test]
async fn a07_ac_19_changes_of_numbers_count_as_checks() {
    let app = TestApp::new().await;
    let (person, mut version) = own(&app).await;
    let path = format!("/api/v1/young-people/{person}");
    for _ in 0..20 {
        let body = json!({ "cpr": app.fresh_number() });
        version = done(app.as_(STRANGER).patch(&path, body).if_match(version)).await.version();
    }
    let body = json!({ "cpr": app.fresh_number() });
    let answer = app.as_(STRANGER).patch(&path, body).if_match(version).await;
    assert_eq!(answer.problem(), (429, "access.too-many-checks"));
}
