//! YP-10, TG-1: school, education and work as a history of episodes, and what follows from it.

use crate::steps::{
    CASEWORKER, COUNSELLOR, STRANGER, done, everything, join, number, refused, registration,
};
use crate::{but_for_the_request, entry_of};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

fn path(person: Uuid) -> String {
    format!("/api/v1/young-people/{person}/education-and-work")
}

fn record(app: &TestApp, person: Uuid, body: Value) -> Call<'_> {
    app.as_(CASEWORKER).post(&path(person), body)
}

/// Days of an episode, in the version in which it was last answered.
fn tell<'a>(app: &'a TestApp, episode: &Answer, days: Value) -> Call<'a> {
    let path = format!("/api/v1/education-and-work/{}", episode.id());
    app.as_(CASEWORKER).patch(&path, days).if_match(episode.version())
}

fn eud(days: &Value) -> Value {
    json!({
        "kind": "education", "name": "Tømrer, grundforløb 1", "place": "Mercantec", "days": days,
        "source": "young-person",
    })
}

/// In education or work on a day.
async fn is_in(app: &TestApp, person: Uuid, day: &str) -> Value {
    let path = format!("{}?on={day}", path(person));
    done(app.as_(CASEWORKER).get(&path)).await.body["inEducationOrWork"].clone()
}

#[actix_web::test]
async fn yp_10_from_the_application_to_the_end_each_with_its_day() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    assert_eq!(is_in(&app, person, "2026-11-23").await, Value::Null, "nothing was heard");
    let applied = done(record(&app, person, eud(&json!({ "appliedOn": "2026-03-01" })))).await;
    assert_eq!(applied.header("etag"), "\"1\"");
    let enrolled = done(tell(&app, &applied, json!({ "enrolledOn": "2026-06-01" }))).await;
    let stale = tell(&app, &applied, json!({ "startedOn": "2026-08-10" }));
    refused(&app, stale, (412, "version.stale")).await;
    let started = done(tell(&app, &enrolled, json!({ "startedOn": "2026-08-10" }))).await;
    let again = tell(&app, &started, json!({ "startedOn": "2026-08-11" }));
    refused(&app, again, (409, "episode.already-told")).await;
    let early = tell(&app, &started, json!({ "droppedOutOn": "2026-08-09" }));
    refused(&app, early, (409, "episode.days-contradict")).await;
    refused(&app, tell(&app, &started, json!({})), (409, "episode.days-contradict")).await;
    let ahead = tell(&app, &started, json!({ "completedOn": "2026-11-24" }));
    let told = refused(&app, ahead, (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/completedOn"]);
    let left = done(tell(&app, &started, json!({ "droppedOutOn": "2026-10-01" }))).await;
    let expected = json!({
        "id": applied.id(), "kind": "education", "name": "Tømrer, grundforløb 1", "place": "Mercantec",
        "grade": null, "hoursPerWeek": null, "state": "dropped-out", "appliedOn": "2026-03-01",
        "enrolledOn": "2026-06-01", "startedOn": "2026-08-10", "completedOn": null,
        "droppedOutOn": "2026-10-01", "source": "young-person", "version": 4,
    });
    assert_eq!(left.body, expected);
    let after = tell(&app, &left, json!({ "completedOn": "2026-11-01" }));
    refused(&app, after, (409, "episode.already-told")).await;
    let list = done(app.as_(CASEWORKER).get(&path(person))).await;
    assert_eq!(list.items(), [expected]);
    assert_eq!(entry_of(&app, &list).await["operation"], "listEducationAndWork");
    for (day, is) in [
        ("2026-02-28", Value::Null),
        ("2026-03-01", json!(false)),
        ("2026-08-09", json!(false)),
        ("2026-08-10", json!(true)),
        ("2026-09-30", json!(true)),
        ("2026-10-01", json!(false)),
    ] {
        assert_eq!(is_in(&app, person, day).await, is, "{day}");
    }
    let events = app
        .sql("SELECT kind FROM event WHERE subject_kind = 'education-and-work' ORDER BY id")
        .await;
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["episode.recorded", "episode.days-told", "episode.days-told", "episode.days-told"]
    );
}

#[actix_web::test]
async fn yp_10_work_counts_from_18_hours_and_a_spare_time_job_never() {
    let app = TestApp::new().await;
    for (kind, hours, counts) in [
        ("job", json!(17.9), false),
        ("job", json!(18), true),
        ("spare-time-job", json!(37), false),
        ("apprenticeship", json!(1), true),
    ] {
        let person = app.young_person(CASEWORKER).await.id();
        let mut body = json!({
            "kind": kind, "place": "Savværket", "hoursPerWeek": hours, "days": { "startedOn": "2026-01-01" },
            "source": "register",
        });
        if kind == "apprenticeship" {
            body["name"] = json!("Tømrer");
        }
        done(record(&app, person, body)).await;
        assert_eq!(is_in(&app, person, "2026-01-01").await, counts, "{kind} {hours}");
    }
}

#[actix_web::test]
async fn yp_10_a_grade_is_passed_when_it_is_completed() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    for (grade, days) in [
        (9, json!({ "startedOn": "2025-08-11", "completedOn": "2026-06-26" })),
        (8, json!({ "startedOn": "2024-08-12", "completedOn": "2025-06-27" })),
        (10, json!({ "startedOn": "2026-08-10" })),
    ] {
        let school = json!({ "kind": "school", "place": "Skolen", "grade": grade, "days": days, "source": "institution" });
        done(record(&app, person, school)).await;
    }
    for (day, grades) in [("2026-06-25", json!([8])), ("2026-11-23", json!([8, 9]))] {
        let list = done(app.as_(CASEWORKER).get(&format!("{}?on={day}", path(person)))).await;
        assert_eq!(list.body["gradesPassed"], grades, "{day}");
    }
}

#[actix_web::test]
async fn yp_10_what_cannot_be_an_episode_is_told_by_its_field() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let with = |kind: &str, more: Value| {
        let mut body = json!({ "kind": kind, "place": "x", "days": { "startedOn": "2026-01-01" }, "source": "register" });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (body, wrong) in [
        (with("education", json!({})), "/name"),
        (with("education", json!({ "name": "x", "grade": 9 })), "/grade"),
        (with("education", json!({ "name": "x", "hoursPerWeek": 9 })), "/hoursPerWeek"),
        (with("school", json!({})), "/grade"),
        (with("school", json!({ "grade": 6 })), "/grade"),
        (with("school", json!({ "grade": 11 })), "/grade"),
        (with("school", json!({ "grade": 9, "name": "x" })), "/name"),
        (with("apprenticeship", json!({ "name": "x" })), "/hoursPerWeek"),
        (with("job", json!({ "hoursPerWeek": 37.5 })), "/hoursPerWeek"),
        (with("job", json!({ "hoursPerWeek": 7.55 })), "/hoursPerWeek"),
        (with("job", json!({ "hoursPerWeek": 8, "name": "x" })), "/name"),
        (with("uddannelse", json!({})), "/kind"),
        (with("job", json!({ "hoursPerWeek": 8, "source": "rumour" })), "/source"),
        (
            with("job", json!({ "hoursPerWeek": 8, "days": { "startedOn": "2026-11-24" } })),
            "/days/startedOn",
        ),
    ] {
        let told = refused(&app, record(&app, person, body), (422, "request.invalid")).await;
        assert_eq!(told.pointers(), [wrong]);
    }
    let contradict = (409, "episode.days-contradict");
    for days in [
        json!({}),
        json!({ "completedOn": "2026-01-01" }),
        json!({ "startedOn": "2026-01-02", "completedOn": "2026-01-01" }),
        json!({ "startedOn": "2026-01-01", "completedOn": "2026-02-01", "droppedOutOn": "2026-02-01" }),
    ] {
        refused(&app, record(&app, person, eud(&days)), contradict).await;
    }
}

#[actix_web::test]
async fn tg_01_neither_in_education_nor_in_work_is_group_0_from_15_to_17() {
    let app = TestApp::new().await;
    let body = registration(&app, CASEWORKER, &number("2010-06-15", 1));
    let person = done(app.as_(CASEWORKER).post("/api/v1/young-people", body)).await.id();
    // As reads of one, list and case file tell it.
    let group = async |day: &str| {
        let path = format!("/api/v1/young-people/{person}/target-group?on={day}");
        done(app.as_(CASEWORKER).get(&path)).await.body["group"].clone()
    };
    let told = async || {
        let file =
            done(app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/case-file")))
                .await;
        let list = done(app.as_(CASEWORKER).get("/api/v1/young-people?group=0")).await;
        let today = group("2026-11-23").await;
        assert_eq!(file.body["targetGroup"], today);
        assert_eq!(list.items().len(), usize::from(today == 0));
        today
    };
    assert_eq!(told().await, Value::Null, "unknown");
    let school = json!({ "kind": "school", "place": "Skolen", "grade": 9, "days": { "startedOn": "2025-08-11" }, "source": "register" });
    let school = done(record(&app, person, school)).await;
    assert_eq!(told().await, Value::Null, "at school");
    done(tell(&app, &school, json!({ "completedOn": "2026-06-26" }))).await;
    assert_eq!(told().await, 0);
    let applied = done(record(&app, person, eud(&json!({ "appliedOn": "2026-07-01" })))).await;
    assert_eq!(told().await, 0, "an application is no place");
    done(tell(&app, &applied, json!({ "enrolledOn": "2026-10-01" }))).await;
    assert_eq!(told().await, Value::Null, "has a place");
    for (day, is) in [
        ("2025-08-10", Value::Null),
        ("2026-06-25", Value::Null),
        ("2026-06-26", json!(0)),
        ("2026-09-30", json!(0)),
        ("2026-10-01", Value::Null),
    ] {
        assert_eq!(group(day).await, is, "{day}");
    }
    let on = format!("/api/v1/young-people/{person}/target-group");
    let history = done(app.as_(CASEWORKER).get(&on)).await.body["history"].clone();
    let expected =
        json!([{ "from": "2026-06-26", "group": 0 }, { "from": "2026-10-01", "group": null }]);
    assert_eq!(history, expected);
}

#[actix_web::test]
async fn ac_09_it_is_told_to_those_who_work_with_the_young_person_alone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    let episode = done(record(&app, person, eud(&json!({ "startedOn": "2026-08-10" })))).await;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items().len(), 1);
    // The school that provides an intervention sees that one, and nothing of this.
    app.referral(CASEWORKER, case.plan, "fgu-agu").await;
    refused(&app, app.as_("fgu.vejleder").get(&path(person)), (403, "access.denied")).await;
    let at = format!("/api/v1/education-and-work/{}", episode.id());
    let nowhere = format!("/api/v1/education-and-work/{}", Uuid::now_v7());
    let days = json!({ "droppedOutOn": "2026-10-01" });
    for who in [STRANGER, "fgu.vejleder"] {
        let hidden = app.as_(who).patch(&at, days.clone()).if_match(1).await;
        let missing = app.as_(who).patch(&nowhere, days.clone()).if_match(1).await;
        assert_eq!(hidden.problem(), (404, "not-found"));
        assert_eq!(but_for_the_request(&hidden), but_for_the_request(&missing));
    }
    // By a basis that opens the plan alone there is none of it, but that there is more.
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    app.execute("UPDATE access_basis SET areas = 3 WHERE kind = 'participation'").await;
    let file = format!("/api/v1/young-people/{person}/case-file");
    let hidden = async || done(app.as_(COUNSELLOR).get(&file)).await.body["hiddenAreas"].clone();
    assert_eq!(hidden().await, json!([]));
    done(record(&app, person, eud(&json!({ "startedOn": "2026-08-10" })))).await;
    assert_eq!(hidden().await, json!(["education-and-employment"]));
    assert_eq!(done(app.as_(COUNSELLOR).get(&path(person))).await.items(), [Value::Null; 0]);
}

#[actix_web::test]
async fn yp_10_of_twenty_clients_one_tells_the_day() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let person = app.young_person(CASEWORKER).await.id();
    let applied = done(record(&app, person, eud(&json!({ "appliedOn": "2026-03-01" })))).await;
    let tell = |on: usize| {
        let app = if on.is_multiple_of(2) { &app } else { &second };
        tell(app, &applied, json!({ "enrolledOn": format!("2026-06-{:02}", on + 1) })).into_future()
    };
    let answers = join_all((0..20).map(tell)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let told = answers.iter().filter(|answer| answer.problem() == (412, "version.stale"));
    assert_eq!(told.count(), 19);
}

#[actix_web::test]
async fn yp_10_the_same_request_twice_is_one_episode() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let body = eud(&json!({ "appliedOn": "2026-03-01" }));
    let first = done(record(&app, person, body.clone()).key("one")).await;
    let before = everything(&app).await;
    assert_eq!(done(record(&app, person, body).key("one")).await.body, first.body);
    assert_eq!(everything(&app).await, before);
}
