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
    let due = |left_on: &str, due_on: &str, told: Value| {
        json!({
            "of": "target-group", "leftOn": left_on, "dueOn": due_on, "told": told, "state": null,
            "source": null, "takenOn": null,
        })
    };
    let first = due("2026-02-28", "2026-08-28", json!("public-support"));
    let known = [due("2026-08-31", "2027-02-28", Value::Null), first];
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
        "of": "target-group", "leftOn": "2026-02-28", "dueOn": "2026-08-28", "told": "public-support",
        "state": "public-support", "source": "asked", "takenOn": "2026-08-28",
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
    refused(&app, hidden, (403, "access.denied")).await;
}

/// What `path` of somebody's is told.
async fn tell(app: &TestApp, person: Uuid, what: &str, body: Value) -> Answer {
    let path = format!("/api/v1/young-people/{person}/{what}");
    done(app.as_(CASEWORKER).post(&path, body)).await
}

fn work(days: &Value) -> Value {
    json!({ "kind": "job", "place": "Savværket", "hoursPerWeek": 18, "days": days, "source": "young-person" })
}

#[actix_web::test]
async fn pl_08_the_state_is_taken_from_the_episodes_where_they_tell_it() {
    let app = TestApp::new().await;
    let of = |person, left_on: &str| {
        let body = json!({ "of": "target-group", "leftOn": left_on });
        app.as_(CASEWORKER).post(&path(person), body)
    };
    // Due on 1 August 2026; each has something else to tell of that day.
    let job = work(&json!({ "startedOn": "2026-03-01", "completedOn": "2026-08-02" }));
    let ended = work(&json!({ "startedOn": "2026-03-01", "completedOn": "2026-08-01" }));
    let benefit = json!({ "kind": "fleksjob", "from": "2026-08-01" });
    let abroad = json!({ "from": "2026-08-01", "countryCode": "NO", "source": "register" });
    let elsewhere =
        json!({ "from": "2026-08-01", "municipalityCode": "0740", "source": "register" });
    for (told, state) in [
        (vec![("education-and-work", &job)], Some("education-or-work")),
        (vec![("benefits", &benefit)], Some("public-support")),
        (vec![("residence", &abroad)], Some("self-supporting-or-left")),
        (vec![], None),
        (vec![("education-and-work", &ended), ("residence", &elsewhere)], None),
        (vec![("education-and-work", &job), ("benefits", &benefit)], None),
        (vec![("education-and-work", &job), ("residence", &abroad)], None),
    ] {
        let person = app.young_person(CASEWORKER).await.id();
        had(&app, person, "rehabilitent", "2026-01-01", Some("2026-01-31")).await;
        for (what, body) in &told {
            tell(&app, person, what, (*body).clone()).await;
        }
        let known = list(&app, person).await;
        let due = &known.items()[known.items().len() - 1];
        assert_eq!([&due["leftOn"], &due["dueOn"]], ["2026-02-01", "2026-08-01"]);
        assert_eq!(due["told"], json!(state), "{told:?}");
        match state {
            None => {
                refused(&app, of(person, "2026-02-01"), (409, "follow-up.not-told")).await;
                let asked = done(take(&app, person, "target-group", "2026-02-01")).await;
                assert_eq!(asked.body["source"], "asked");
            }
            Some(state) => {
                let taken = done(of(person, "2026-02-01")).await;
                assert_eq!([&taken.body["state"], &taken.body["source"]], [state, "episodes"]);
                let stored =
                    format!("SELECT source FROM follow_up WHERE young_person_id = '{person}'");
                assert_eq!(app.sql(&stored).await[0]["source"], "episodes");
            }
        }
    }
    // Before it is due nothing is told, whatever is known today.
    let person = app.young_person(CASEWORKER).await.id();
    had(&app, person, "rehabilitent", "2026-01-01", Some("2026-06-30")).await;
    tell(&app, person, "education-and-work", work(&json!({ "startedOn": "2026-07-01" }))).await;
    assert_eq!(list(&app, person).await.items()[0]["told"], Value::Null);
    app.at("2027-01-01T09:00:00Z");
    assert_eq!(list(&app, person).await.items()[0]["told"], "education-or-work");
    // Who does not see all of it is told nothing, and is refused.
    app.execute("UPDATE access_basis SET areas = 5").await;
    assert_eq!(list(&app, person).await.items()[0]["told"], Value::Null);
    refused(&app, of(person, "2026-07-01"), (403, "access.denied")).await;
}

/// The open tasks about somebody's groups: whose, and when.
async fn group_tasks(app: &TestApp, person: Uuid) -> Vec<Value> {
    let file =
        done(app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/case-file"))).await;
    let tasks = file.body["tasks"].as_array().unwrap().iter();
    let tasks = tasks.filter(|task| task["kind"] == "take-group-state");
    tasks.map(|task| json!([task["subjectId"], task["employeeId"], task["dueOn"]])).collect()
}

/// Born on 14 May 2006: 30 on 14 May 2036.
#[actix_web::test]
async fn pl_08_one_task_asks_for_the_state_after_the_next_leaving() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let task = |who: Value, due_on: &str| vec![json!([person, who, due_on])];
    assert_eq!(group_tasks(&app, person).await, [Value::Null; 0]);
    had(&app, person, "uddannelseshjaelp", "2026-01-01", None).await;
    assert_eq!(group_tasks(&app, person).await, [Value::Null; 0], "in no group without a category");
    let found = json!({ "on": "2026-02-01", "category": "aktivitetsparat" });
    tell(&app, person, "readiness", found).await;
    assert_eq!(
        group_tasks(&app, person).await,
        task(Value::Null, "2036-11-14"),
        "the 30th birthday"
    );

    // Whoever comes to coordinate has it, and it is moved with what is told.
    app.plan(CASEWORKER, person).await;
    let me = || json!(app.employee(CASEWORKER));
    let found = json!({ "on": "2026-11-01", "category": "uddannelsesparat" });
    tell(&app, person, "readiness", found).await;
    assert_eq!(group_tasks(&app, person).await, task(me(), "2027-05-01"), "another group");
    had(&app, person, "sygedagpenge", "2025-01-01", Some("2025-06-30")).await;
    assert_eq!(group_tasks(&app, person).await, task(me(), "2026-01-01"), "an earlier one");

    done(take(&app, person, "target-group", "2025-07-01")).await;
    assert_eq!(group_tasks(&app, person).await, task(me(), "2027-05-01"), "the next one");
    let benefits = app.sql("SELECT id FROM benefit_episode WHERE kind = 'uddannelseshjaelp'").await;
    let end = format!("/api/v1/benefits/{}/end", benefits[0]["id"].as_str().unwrap());
    done(app.as_(CASEWORKER).post(&end, json!({ "on": "2026-01-31" })).if_match(1)).await;
    assert_eq!(group_tasks(&app, person).await, [Value::Null; 0], "no group was ever left");
    assert_eq!(app.sql("SELECT id FROM task WHERE kind = 'take-group-state'").await.len(), 1);
}

#[actix_web::test]
async fn pl_08_another_birth_date_moves_the_task() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    had(&app, person, "sygedagpenge", "2026-01-01", None).await;
    let due = async || group_tasks(&app, person).await[0][2].clone();
    assert_eq!(due().await, "2036-11-14");
    let amended = json!({ "cpr": crate::steps::number("2000-02-29", 1) });
    let path = format!("/api/v1/young-people/{person}");
    done(app.as_(CASEWORKER).patch(&path, amended).if_match(1)).await;
    assert_eq!(due().await, "2030-09-01", "a leap day child is 30 on 1 March");
}

/// Who records a benefit may see less than there is: the task is reckoned from all of it.
#[actix_web::test]
async fn pl_08_the_task_is_reckoned_from_what_the_caller_does_not_see_too() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    had(&app, person, "sygedagpenge", "2026-01-01", Some("2026-03-31")).await;
    app.participant(CASEWORKER, case.plan, "uu.vejleder").await;
    app.execute("UPDATE access_basis SET areas = 3 WHERE kind = 'participation'").await;
    let (me, path) = (app.as_("uu.vejleder"), format!("/api/v1/young-people/{person}"));
    let seen = me.get(&path).await.version();
    done(me.patch(&path, json!({ "givenName": "Ny" })).if_match(seen)).await;
    app.execute("UPDATE access_basis SET areas = 7").await;
    let me = app.employee(CASEWORKER);
    assert_eq!(group_tasks(&app, person).await, [json!([person, me, "2026-10-01"])]);
}
