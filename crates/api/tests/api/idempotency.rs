//! Requests that may come twice (D-28, F2).

use crate::access_matrix::{OF_EVERYBODY, municipality};
use crate::walk::{IMPERSONAL, OF_A_LIST, READS, story};
use crate::{but_for_the_request, entry_of};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::contract::{Operation, operations};
use test_support::{Answer, TestApp};
use uuid::Uuid;

const WORKER: &str = "jv.sagsbehandler";

fn goal(wished: &str) -> Value {
    json!({ "area": "social", "wishedResult": wished, "targetDate": "2027-01-01" })
}

async fn set_goal(app: &TestApp, who: &str, plan: Uuid, key: &str, wished: &str) -> Answer {
    app.as_(who).post(&format!("/api/v1/plans/{plan}/goals"), goal(wished)).key(key).await
}

async fn goals(app: &TestApp) -> usize {
    app.sql("SELECT 1 FROM goal").await.len()
}

/// Whatever changes something takes a key, and nothing else does.
#[test]
fn every_operation_that_changes_something_takes_a_key() {
    let takes_a_key = |operation: &Operation| {
        let parameters = operation.value["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "Idempotency-Key"))
    };
    for operation in operations() {
        let id = &&*operation.id;
        let changes = !operation.is_public()
            && !READS.contains(id)
            && *id != "readCard"
            && !OF_A_LIST.contains(id)
            && !IMPERSONAL.contains(id)
            && !OF_EVERYBODY.contains(id);
        assert_eq!(takes_a_key(&operation), changes, "{}", operation.name);
    }
}

/// Their response is not stored, because it contains a secret or is the same again anyway.
const NOT_KEPT: [&str; 2] = ["subscribeCalendar", "withdrawCalendar"];

/// Its response is not stored either, and its version is stale: a one-time pass phrase is shown once (OR-3).
const SHOWN_ONCE: &str = "confirmRightsRequest";

/// A10: each command twice with one key: the second response equals the first, or is a refusal if the command itself
/// ended the caller's access. It is in the access log.
#[actix_web::test]
async fn a10_every_command_may_come_twice() {
    let app = municipality().await;
    let taking: Vec<Operation> = operations()
        .into_iter()
        .filter(|one| one.value["parameters"].to_string().contains("\"Idempotency-Key\""))
        .collect();
    let named = move |method: &str, path: &str| {
        let fits = |one: &&Operation| one.method == method && is_at(&one.path, path);
        taking.iter().find(fits).map(|one| one.id.clone())
    };
    app.repeat_commands(named.clone());
    story(&app).await;
    let (mut repeated, mut faults) = (BTreeSet::new(), Vec::new());
    for (operation, first, second) in app.repeated() {
        let same = but_for_the_request(&first) == but_for_the_request(&second);
        let is_refused = matches!(second.status, 403 | 404);
        let outcome = if same { "replayed" } else { "refused" };
        let id = second.header("x-request-id");
        let logged =
            format!("SELECT outcome, operation FROM access_entry WHERE request_id = '{id}'");
        let logged = app.sql(&logged).await;
        if NOT_KEPT.contains(&&*operation) {
            assert_eq!(first.status, second.status, "{operation}");
        } else if operation == SHOWN_ONCE {
            assert_eq!(second.problem(), (412, "version.stale"));
        } else if !(same || is_refused)
            || logged != [json!({ "outcome": outcome, "operation": operation })]
        {
            faults.push(format!("{operation}: {} {} {logged:?}", second.status, second.body));
        }
        repeated.insert(operation);
    }
    assert_eq!(faults, Vec::<String>::new());
    let all: BTreeSet<String> = operations()
        .iter()
        .filter_map(|one| named(&one.method, &one.path_to(&Uuid::nil().to_string())))
        .collect();
    let missing: Vec<&String> = all.difference(&repeated).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Does the path fit the template?
fn is_at(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(part, own)| part.starts_with('{') || part == own)
}

/// A10: the response of a command without an event is stored and returned again like any other.
#[actix_web::test]
async fn a10_a_command_that_changes_nothing_takes_a_key() {
    let app = TestApp::new().await;
    let absent = json!({ "items": [{ "interventionId": Uuid::now_v7(), "from": app.today() }] });
    let report = async || app.as_(WORKER).post("/api/v1/absences", absent.clone()).key("k").await;
    let first = report().await.expect(200);
    assert_eq!(first.items()[0]["problem"]["code"], "not-found");
    let second = report().await;
    assert_eq!(but_for_the_request(&first), but_for_the_request(&second));
    assert_eq!(entry_of(&app, &first).await["outcome"], "refused");
    assert_eq!(entry_of(&app, &second).await["outcome"], "replayed");
    // The replay requires the role that allowed the command.
    app.execute(&format!(
        "UPDATE employee_role SET valid_to = '{}' WHERE employee_id = '{}'",
        app.now(),
        app.employee(WORKER)
    ))
    .await;
    assert_eq!(report().await.problem(), (403, "access.denied"));
}

#[actix_web::test]
async fn the_same_key_and_body_give_the_first_answer_again() {
    let app = TestApp::new().await;
    let body = app.registration(WORKER);
    let register = async || {
        app.as_(WORKER).post("/api/v1/young-people", body.clone()).key("k").await.expect(201)
    };
    let (first, second) = (register().await, register().await);
    assert_eq!(but_for_the_request(&first), but_for_the_request(&second));
    assert!(!first.header("location").is_empty() && !first.header("etag").is_empty());
    assert_eq!(app.sql("SELECT 1 FROM young_person").await.len(), 1);
    assert_eq!(
        app.sql("SELECT 1 FROM event WHERE kind = 'young-person.registered'").await.len(),
        1
    );

    let entry = entry_of(&app, &second).await;
    assert_eq!(
        (&entry["outcome"], &entry["operation"]),
        (&json!("replayed"), &json!("registerYoungPerson"))
    );
    assert_eq!(entry["young_people"], json!([first.id()]));
}

/// A retry after a lost answer bears the version that the first try had.
#[actix_web::test]
async fn a_replay_of_a_change_asks_for_no_newer_version() {
    let app = TestApp::new().await;
    let draft = app.draft(WORKER).await;
    let path = format!("/api/v1/plans/{}/activate", draft.plan);
    let activate = async || {
        app.as_(WORKER).post_nothing(&path).if_match(draft.version).key("k").await.expect(200)
    };
    let (first, second) = (activate().await, activate().await);
    assert_eq!(but_for_the_request(&first), but_for_the_request(&second));
    assert_eq!(app.sql("SELECT 1 FROM event WHERE kind = 'plan.activated'").await.len(), 1);
}

#[actix_web::test]
async fn a_key_answers_for_one_request_of_one_person() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let other = app.active_plan(WORKER).await;
    let first = set_goal(&app, WORKER, case.plan, "k", "et").await.expect(201);
    assert_eq!(
        set_goal(&app, WORKER, case.plan, "k", "to").await.problem(),
        (422, "request.key-reused")
    );
    assert_eq!(
        set_goal(&app, WORKER, other.plan, "k", "et").await.problem(),
        (422, "request.key-reused")
    );
    let colleague = set_goal(&app, "jv.teamleder", case.plan, "k", "et").await.expect(201);
    let another_key = set_goal(&app, WORKER, case.plan, "l", "et").await.expect(201);
    assert!(first.id() != colleague.id() && first.id() != another_key.id());
}

/// F2: twenty at once, at two instances, have one effect, and nobody hears anything else.
#[actix_web::test]
async fn f2_twenty_at_once_have_one_effect() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let case = app.active_plan(WORKER).await;
    let before = goals(&app).await;
    let tries = (0..20)
        .map(|n| set_goal(if n % 2 == 0 { &app } else { &second }, WORKER, case.plan, "k", "et"));
    let answers = join_all(tries).await;
    let made: Vec<Uuid> =
        answers.iter().filter(|answer| answer.status == 201).map(Answer::id).collect();
    assert!(made.len() > 1 && made.iter().all(|id| *id == made[0]));
    let waited = |answer: &&Answer| answer.status != 201;
    assert!(answers.iter().filter(waited).all(|answer| {
        ["request.in-progress", "service.unavailable"].contains(&answer.code())
            && !answer.header("retry-after").is_empty()
    }));
    assert_eq!(goals(&app).await, before + 1);
}

/// A refusal changed nothing, and is decided again.
#[actix_web::test]
async fn a_refusal_is_not_kept() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let path = format!("/api/v1/young-people/{}/plans", case.young_person);
    let open = async || app.as_(WORKER).post(&path, json!({ "purpose": "x" })).key("k").await;
    assert_eq!(open().await.problem(), (409, "plan.already-open"));
    let close = app
        .as_(WORKER)
        .post(&format!("/api/v1/plans/{}/close", case.plan), json!({ "outcome": "education" }));
    close.if_match(case.version).await.expect(200);
    open().await.expect(201);
}

/// Who lost sight of the young person does not get the old answer either.
#[actix_web::test]
async fn a_replay_passes_visibility() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let joined = app.participant(WORKER, case.plan, "uu.vejleder").await;
    set_goal(&app, "uu.vejleder", case.plan, "k", "et").await.expect(201);
    let participants = joined.body["participants"].as_array().unwrap();
    let theirs =
        participants.iter().find(|one| one["unitId"] == json!(app.unit_of("uu.vejleder"))).unwrap();
    let end =
        format!("/api/v1/plans/{}/participants/{}/end", case.plan, theirs["id"].as_str().unwrap());
    app.as_(WORKER).post_nothing(&end).await.expect(200);
    let replayed = set_goal(&app, "uu.vejleder", case.plan, "k", "et").await;
    let missing = set_goal(&app, "uu.vejleder", Uuid::now_v7(), "l", "et").await;
    assert_eq!(replayed.problem(), (404, "not-found"));
    assert_eq!(but_for_the_request(&replayed), but_for_the_request(&missing));
}

/// AC-7, AC-9: a basis that is left, and opens less, does not open the old answer.
#[actix_web::test]
async fn ac_07_a_replay_asks_for_the_basis_of_the_first_time() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let joined = app.participant(WORKER, case.plan, "uu.vejleder").await;
    let theirs = joined.body["participants"].as_array().unwrap().iter();
    let theirs = theirs
        .filter(|one| one["unitId"] == json!(app.unit_of("uu.vejleder")))
        .map(|one| one["id"].as_str().unwrap())
        .next()
        .unwrap();
    let provided = json!({
        "tailored": { "title": "Afklaring", "area": "education", "providerId": app.unit_of("uu.vejleder") },
        "plannedStart": app.today(), "responsibleId": app.employee(WORKER),
    });
    let interventions = format!("/api/v1/plans/{}/interventions", case.plan);
    app.as_(WORKER).post(&interventions, provided).await.expect(201);

    set_goal(&app, "uu.vejleder", case.plan, "k", "et").await.expect(201);
    let again = set_goal(&app, "uu.vejleder", case.plan, "k", "et").await.expect(201);
    let entry = entry_of(&app, &again).await;
    assert_eq!((&entry["role"], &entry["areas"]), (&json!("counsellor"), &json!(7)));

    let end = format!("/api/v1/plans/{}/participants/{theirs}/end", case.plan);
    app.as_(WORKER).post_nothing(&end).await.expect(200);
    app.as_("uu.vejleder")
        .get(&format!("/api/v1/young-people/{}", case.young_person))
        .await
        .expect(200);
    let late = set_goal(&app, "uu.vejleder", case.plan, "k", "et").await;
    assert_eq!(late.problem(), (404, "not-found"));
    assert_eq!(entry_of(&app, &late).await["outcome"], "refused");
}

/// AC-7: nor does the answer to a role that ended.
#[actix_web::test]
async fn ac_07_a_replay_asks_for_the_role_of_the_first_time() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    set_goal(&app, WORKER, case.plan, "k", "et").await.expect(201);
    let body = json!({ "username": "ny.navn", "givenName": "Eva", "familyName": "Ny" });
    let employ = async || app.as_("admin").post("/api/v1/employees", body.clone()).key("k").await;
    employ().await.expect(201);
    employ().await.expect(201);

    app.execute(&format!(
        "UPDATE employee_role SET valid_to = '{}' WHERE employee_id <> '{}'",
        app.now(),
        app.employee("admin2")
    ))
    .await;
    let refused = employ().await;
    assert_eq!(refused.problem(), (403, "access.denied"));
    assert_eq!(refused.body["action"], "manage-employees");
    assert_eq!(entry_of(&app, &refused).await["outcome"], "refused");
    // Of a case neither the basis is left.
    let refused = set_goal(&app, WORKER, case.plan, "k", "et").await;
    assert_eq!(refused.problem(), (404, "not-found"));
}

/// AC-7: nor does who lost their session or role.
#[actix_web::test]
async fn a_replay_passes_sign_in() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    set_goal(&app, WORKER, case.plan, "k", "et").await.expect(201);
    app.execute("UPDATE session SET ended_at = '2026-11-23T09:00Z'").await;
    assert_eq!(
        set_goal(&app, WORKER, case.plan, "k", "et").await.problem(),
        (401, "session.required")
    );
}

#[actix_web::test]
async fn an_answer_is_kept_a_day() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let first = set_goal(&app, WORKER, case.plan, "k", "et").await.expect(201);
    app.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(set_goal(&app, WORKER, case.plan, "k", "et").await.id(), first.id());
    app.advance(TimeDelta::seconds(2));
    assert_ne!(set_goal(&app, WORKER, case.plan, "k", "et").await.expect(201).id(), first.id());
    app.advance(TimeDelta::hours(25));
    app.run_due_jobs().await;
    assert_eq!(app.sql("SELECT 1 FROM idempotency_key").await, Vec::<Value>::new());
}

/// What is kept is sealed: it tells of a person (C2).
#[actix_web::test]
async fn a_kept_answer_lies_encrypted() {
    let app = TestApp::new().await;
    let body = app.registration(WORKER);
    app.as_(WORKER).post("/api/v1/young-people", body).key("k").await.expect(201);
    let kept = "SELECT position('Freja'::bytea IN answer) AS at, length(answer) AS long FROM idempotency_key";
    let kept = app.sql(kept).await;
    assert_eq!((kept.len(), &kept[0]["at"]), (1, &json!(0)));
    assert!(kept[0]["long"].as_i64().unwrap() > 100);
}

#[actix_web::test]
async fn a_key_has_bounds() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    set_goal(&app, WORKER, case.plan, &"k".repeat(200), "et").await.expect(201);
    for key in ["", &"k".repeat(201)] {
        let answer = set_goal(&app, WORKER, case.plan, key, "et").await;
        assert_eq!(
            (answer.problem(), answer.pointers()),
            ((422, "request.invalid"), vec!["Idempotency-Key"])
        );
    }
}
