//! PL-4 and PL-12: progress on goals in two voices, and the BIP indicators.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, close, done, plan_step, refused, shared_plan,
};
use serde_json::{Value, json};
use test_support::{Call, OpenCase, TestApp};

const MENTOR: &str = "mentor";

/// The first goal of a plan.
async fn goal_of(app: &TestApp, case: &OpenCase) -> String {
    let goal = app.sql(&format!("SELECT id FROM goal WHERE plan_id = '{}'", case.plan)).await;
    format!("/api/v1/goals/{}", goal[0]["id"].as_str().unwrap())
}

/// Tells a score in a voice.
fn tell<'a>(app: &'a TestApp, who: &'a str, goal: &str, voice: &str, score: i32) -> Call<'a> {
    app.as_(who).post(&format!("{goal}/progress"), json!({ "voice": voice, "score": score }))
}

/// A series as days and scores.
fn drawn(series: &Value) -> Vec<(&str, i64)> {
    let points = series.as_array().unwrap().iter();
    points.map(|at| (at["on"].as_str().unwrap(), at["score"].as_i64().unwrap())).collect()
}

/// The tasks of a young person that are to be done: kind and day.
async fn tasks(app: &TestApp, case: &OpenCase) -> Vec<(String, String)> {
    let path = format!("/api/v1/young-people/{}/case-file", case.young_person);
    let file = done(app.as_(CASEWORKER).get(&path)).await.body;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tasks = file["tasks"].as_array().unwrap().iter();
    tasks.map(|task| (text(&task["kind"]), text(&task["dueOn"]))).collect()
}

#[actix_web::test]
async fn pl_04_each_voice_is_a_series_of_its_own() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let goal = goal_of(&app, &case).await;
    let earlier =
        json!({ "voice": "young-person", "score": 2, "on": "2026-10-01", "note": "Tungt." });
    done(tell(&app, CASEWORKER, &goal, "young-person", 6)).await;
    done(tell(&app, COUNSELLOR, &goal, "professional", 0)).await;
    let told = app.as_(COUNSELLOR).post(&format!("{goal}/progress"), earlier).await.expect(201);
    assert_eq!(told.header("location"), format!("{goal}/progress"));
    let read = done(app.as_(CASEWORKER).get(&format!("{goal}/progress"))).await;
    assert_eq!(read.body, told.body);
    assert_eq!(drawn(&read.body["youngPerson"]), [("2026-10-01", 2), ("2026-11-23", 6)]);
    assert_eq!(drawn(&read.body["professional"]), [("2026-11-23", 0)]);
    let first = &read.body["youngPerson"][0];
    assert_eq!(first["enteredById"], json!(app.employee(COUNSELLOR)), "in the young person's name");
    assert_eq!([&first["note"], &first["enteredAt"]], ["Tungt.", "2026-11-23T09:00:00Z"]);
}

#[actix_web::test]
async fn pl_04_goals_show_the_latest_score_of_each_voice() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let goal = goal_of(&app, &case).await;
    let me = app.as_(CASEWORKER);
    let shown = async || {
        let plan = done(me.get(&format!("/api/v1/plans/{}", case.plan))).await.body;
        let path = format!("/api/v1/young-people/{}/case-file", case.young_person);
        let file = done(me.get(&path)).await.body;
        let goal = done(me.get(&goal)).await.body;
        assert_eq!(plan, file["plan"]);
        assert_eq!(plan["goals"][0], goal);
        goal["progress"].clone()
    };
    assert_eq!(shown().await, json!({ "youngPerson": null, "professional": null }));
    done(tell(&app, CASEWORKER, &goal, "young-person", 7)).await;
    let earlier = json!({ "voice": "young-person", "score": 2, "on": "2026-10-01" });
    done(me.post(&format!("{goal}/progress"), earlier)).await;
    assert_eq!(shown().await, json!({ "youngPerson": 7, "professional": null }));
    done(tell(&app, CASEWORKER, &goal, "professional", 10)).await;
    assert_eq!(shown().await, json!({ "youngPerson": 7, "professional": 10 }));
}

#[actix_web::test]
async fn pl_04_a_second_score_of_a_day_is_refused_and_nothing_is_overwritten() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let goal = goal_of(&app, &case).await;
    let tries = (0..6).map(|n| {
        let app = if n % 2 == 0 { &app } else { &other };
        tell(app, CASEWORKER, &goal, "professional", n).into_future()
    });
    let answers = futures_util::future::join_all(tries).await;
    let mut problems: Vec<_> = answers.iter().map(test_support::Answer::problem).collect();
    problems.sort_unstable();
    assert_eq!(problems[0], (201, ""));
    assert_eq!(problems[1..], [(409, "goal.progress-already-told"); 5]);
    let again = tell(&app, "jv.sagsbehandler2", &goal, "professional", 9);
    refused(&app, again, (409, "goal.progress-already-told")).await;
    done(tell(&app, CASEWORKER, &goal, "young-person", 9)).await;
    app.advance(chrono::TimeDelta::days(1));
    done(tell(&app, CASEWORKER, &goal, "professional", 9)).await;
}

#[actix_web::test]
async fn pl_04_a_score_is_0_to_10_of_a_day_that_fits() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let goal = goal_of(&app, &case).await;
    for (wrong, pointer) in [
        (json!({ "voice": "professional", "score": 11 }), "/score"),
        (json!({ "voice": "professional", "score": -1 }), "/score"),
        (json!({ "voice": "professional", "score": 2.5 }), "/score"),
        (json!({ "voice": "mother", "score": 2 }), "/voice"),
        (json!({ "voice": "professional", "score": 2, "on": "i går" }), "/on"),
        (json!({ "voice": "professional", "score": 2, "note": " " }), "/note"),
    ] {
        let call = app.as_(CASEWORKER).post(&format!("{goal}/progress"), wrong);
        assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), [pointer]);
    }
    for on in ["2026-11-24", "2026-05-24"] {
        let body = json!({ "voice": "professional", "score": 2, "on": on });
        let call = app.as_(CASEWORKER).post(&format!("{goal}/progress"), body);
        let answer = refused(&app, call, (409, "plan.day-out-of-range")).await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-05-25", "2026-11-23"]);
    }
}

/// A mentor who takes part tells how it goes, and changes nothing else; a provider sees no goal.
#[actix_web::test]
async fn pl_04_a_mentor_who_takes_part_tells_progress() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, MENTOR).await;
    let goal = goal_of(&app, &case).await;
    let told = done(tell(&app, MENTOR, &goal, "young-person", 4)).await;
    assert_eq!(told.body["youngPerson"][0]["enteredById"], json!(app.employee(MENTOR)));
    let event = app.sql("SELECT role, payload FROM event WHERE kind = 'goal.progress-told'").await;
    assert_eq!(event[0]["role"], "mentor");
    assert_eq!(
        event[0]["payload"],
        json!({ "voice": "young-person", "score": 4, "on": "2026-11-23", "note": null })
    );
    let change = plan_step(&app, MENTOR, case.plan, "", json!({ "purpose": "Mit." })).await;
    refused(&app, change, (403, "access.denied")).await;
    app.referral(CASEWORKER, case.plan, "fast-konsulent").await;
    for who in [INSTITUTION, STRANGER] {
        refused(&app, tell(&app, who, &goal, "professional", 4), (404, "not-found")).await;
    }
}

#[actix_web::test]
async fn pl_12_the_indicators_are_four_series() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let path = format!("/api/v1/plans/{}/indicators", case.plan);
    let me = app.as_(CASEWORKER);
    let first = json!({ "on": "2026-09-01", "everydayCoping": 1, "caseworkerBelief": 2 });
    let whole = json!({ "everydayCoping": 4, "reservationWage": 5, "caseworkerBelief": 3, "supportiveNetwork": 1 });
    done(me.post(&path, whole)).await;
    let told = app.as_("jv.sagsbehandler2").post(&path, first).await.expect(201);
    let read = done(me.get(&path)).await.body;
    assert_eq!(read, told.body);
    assert_eq!(drawn(&read["everydayCoping"]), [("2026-09-01", 1), ("2026-11-23", 4)]);
    assert_eq!(drawn(&read["reservationWage"]), [("2026-11-23", 5)]);
    assert_eq!(drawn(&read["caseworkerBelief"]), [("2026-09-01", 2), ("2026-11-23", 3)]);
    assert_eq!(drawn(&read["supportiveNetwork"]), [("2026-11-23", 1)]);
    let by = &read["everydayCoping"][0]["measuredById"];
    assert_eq!(*by, json!(app.employee("jv.sagsbehandler2")));
    for (wrong, pointer) in [
        (json!({}), ""),
        (json!({ "on": "2026-11-23" }), ""),
        (json!({ "reservationWage": 0 }), "/reservationWage"),
        (json!({ "supportiveNetwork": 6 }), "/supportiveNetwork"),
    ] {
        let answer = refused(&app, me.post(&path, wrong), (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    let ahead = me.post(&path, json!({ "on": "2026-11-24", "everydayCoping": 3 }));
    refused(&app, ahead, (409, "plan.day-out-of-range")).await;
}

#[actix_web::test]
async fn pl_12_activation_asks_for_a_measurement_within_26_weeks() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let asked = ("measure-indicators".to_owned(), "2027-05-24".to_owned());
    assert!(tasks(&app, &case).await.contains(&asked));
    let path = format!("/api/v1/plans/{}/indicators", case.plan);
    done(app.as_(CASEWORKER).post(&path, json!({ "everydayCoping": 3 }))).await;
    assert!(!tasks(&app, &case).await.contains(&asked));

    // What was measured in the draft is not asked for again.
    let draft = app.draft(CASEWORKER).await;
    let path = format!("/api/v1/plans/{}/indicators", draft.plan);
    done(app.as_(CASEWORKER).post(&path, json!({ "everydayCoping": 3 }))).await;
    done(plan_step(&app, CASEWORKER, draft.plan, "activate", json!({})).await).await;
    let kinds: Vec<_> = tasks(&app, &draft).await.into_iter().map(|task| task.0).collect();
    assert_eq!(kinds, ["hold-review"]);

    let closed = app.active_plan(CASEWORKER).await;
    close(&app, CASEWORKER, closed.plan).await;
    let kinds: Vec<_> = tasks(&app, &closed).await.into_iter().map(|task| task.0).collect();
    assert_eq!(kinds, ["take-state"], "no task of a plan outlives it");
}
