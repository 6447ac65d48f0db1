//! IV-2, IV-4, IV-5, IV-7: interventions in parallel, their life, why they end, and those that are tailored.

use crate::steps::{
    CASEWORKER, LEADER, STRANGER, done, join, new_offer, places, refer, referral, referred,
    refused, row, shared_plan, state, step,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::fmt::Write as _;
use test_support::TestApp;
use uuid::Uuid;

#[actix_web::test]
async fn iv_02_different_offers_run_in_parallel() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    for offer in ["stigen", "igmu", "vuc-avu"] {
        app.started(CASEWORKER, case.plan, offer).await;
    }
    let states = app.sql("SELECT state FROM intervention").await;
    assert_eq!(states, vec![json!({ "state": "started" }); 3]);
}

#[actix_web::test]
async fn iv_02_the_same_offer_does_not_run_twice_at_once() {
    let app = TestApp::new().await;
    let running = (409, "intervention.already-running");
    let case = app.active_plan(CASEWORKER).await;
    new_offer(&app, "kursus", 0).await;
    let again = || refer(&app, CASEWORKER, case.plan, referral(&app, "kursus"));
    let first = done(again()).await;
    assert_eq!(first.body["state"], "waiting");
    refused(&app, again(), running).await;
    done(places(&app, LEADER, "kursus", "2026-01-01", 1)).await;
    assert_eq!(state(&app, first.id()).await, "offered");
    refused(&app, again(), running).await;
    done(step(&app, CASEWORKER, first.id(), "start", json!({ "on": app.today() })).await).await;
    refused(&app, again(), running).await;
    app.advance(TimeDelta::days(1));
    done(
        step(&app, CASEWORKER, first.id(), "end", json!({ "on": app.today(), "reason": "moved" }))
            .await,
    )
    .await;
    let second = done(again()).await;
    assert_eq!(second.body["state"], "referred");
    refused(&app, again(), running).await;
    done(step(&app, CASEWORKER, second.id(), "withdraw", json!({})).await).await;
    done(again()).await;
    // Another young person is not concerned.
    let other = app.active_plan(CASEWORKER).await;
    done(refer(&app, CASEWORKER, other.plan, referral(&app, "kursus"))).await;
}

#[actix_web::test]
async fn iv_02_also_where_another_unit_referred_and_the_caller_does_not_see_it() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, "rusmiddel.behandler").await;
    app.referral("rusmiddel.behandler", case.plan, "rusmiddelcentret").await;
    let again = refer(&app, CASEWORKER, case.plan, referral(&app, "rusmiddelcentret"));
    refused(&app, again, (409, "action.not-possible")).await;
}

#[actix_web::test]
async fn iv_02_what_repeats_runs_as_often_as_is_asked() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    for _ in 0..3 {
        app.started(CASEWORKER, case.plan, "virksomhedspraktik").await;
    }
    assert_eq!(app.sql("SELECT FROM intervention WHERE state = 'started'").await.len(), 3);
}

const STATES: [&str; 8] = [
    "referred",
    "waiting",
    "offered",
    "started",
    "completed",
    "ended-early",
    "withdrawn",
    "declined",
];

/// An intervention in this state, of an offer of its own, on a day on which a place is free.
async fn reach(app: &TestApp, plan: Uuid, wanted: &str, code: &str) -> Uuid {
    let in_line = ["waiting", "offered"].contains(&wanted);
    new_offer(app, code, i32::from(!in_line)).await;
    let id = app.referral(CASEWORKER, plan, code).await.id();
    if in_line {
        let tomorrow = (app.now() + TimeDelta::days(1)).date_naive().to_string();
        done(places(app, LEADER, code, &tomorrow, 1)).await;
        app.advance(TimeDelta::days(1));
    }
    let end = |reason: &str| json!({ "on": app.today(), "reason": reason });
    let start = json!({ "on": app.today() });
    let way: &[(&str, &str, Value)] = match wanted {
        "offered" => &[(LEADER, "offer", json!({}))],
        "started" => &[(CASEWORKER, "start", start)],
        "completed" => &[(CASEWORKER, "start", start), (CASEWORKER, "end", end("completed"))],
        "ended-early" => &[(CASEWORKER, "start", start), (CASEWORKER, "end", end("own-wish"))],
        "withdrawn" => &[(CASEWORKER, "withdraw", json!({}))],
        "declined" => &[(CASEWORKER, "decline", json!({ "reason": "Nej tak." }))],
        _ => &[],
    };
    for (who, what, body) in way {
        done(step(app, who, id, what, body.clone()).await).await;
    }
    assert_eq!(state(app, id).await, wanted);
    id
}

#[actix_web::test]
async fn iv_04_every_step_from_every_state() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let mut table = String::new();
    for from in STATES {
        for what in ["offer", "start", "end", "withdraw", "decline"] {
            let id = reach(&app, case.plan, from, &format!("{from}-{what}")).await;
            let body = match what {
                "start" => json!({ "on": app.today() }),
                "end" => json!({ "on": app.today(), "reason": "employment" }),
                "decline" => json!({ "reason": "Nej tak." }),
                _ => json!({}),
            };
            let call =
                step(&app, if what == "offer" { LEADER } else { CASEWORKER }, id, what, body).await;
            let before = row(&app, "intervention", id).await;
            let answer = call.await;
            if answer.status == 200 {
                let to = state(&app, id).await;
                assert_eq!(answer.body["state"], json!(to));
                writeln!(table, "{from} -> {what} -> {to}").unwrap();
            } else {
                assert_eq!(
                    answer.problem(),
                    (409, "intervention.step-not-allowed"),
                    "{what} from {from}"
                );
                assert_eq!([&answer.body["state"], &answer.body["step"]], [from, what]);
                assert_eq!(row(&app, "intervention", id).await, before);
            }
        }
    }
    insta::assert_snapshot!(table, @r"
    referred -> start -> started
    referred -> withdraw -> withdrawn
    referred -> decline -> declined
    waiting -> offer -> offered
    waiting -> withdraw -> withdrawn
    waiting -> decline -> declined
    offered -> start -> started
    offered -> withdraw -> withdrawn
    offered -> decline -> declined
    started -> end -> ended-early
    ");
}

#[actix_web::test]
async fn iv_04_what_cannot_wait_starts_in_a_draft_which_is_then_to_be_activated() {
    let app = TestApp::new().await;
    let draft = app.draft(CASEWORKER).await;
    let tailored = json!({ "tailored": { "title": "Svømning", "area": "social" }, "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER) });
    for other in [referral(&app, "stigen"), tailored] {
        refused(&app, refer(&app, CASEWORKER, draft.plan, other), (409, "plan.not-active")).await;
    }
    let file = format!("/api/v1/young-people/{}/case-file", draft.young_person);
    let tasks = async || -> Value {
        let file = app.as_(CASEWORKER).get(&file).await.expect(200).body;
        let tasks = file["tasks"].as_array().unwrap().iter();
        tasks.filter(|task| task["kind"] == "activate-plan").cloned().collect()
    };
    app.referral(CASEWORKER, draft.plan, "dobbeltvejledning").await;
    assert_eq!(tasks().await, json!([]), "a referral alone asks for nothing");
    app.started(CASEWORKER, draft.plan, "jobigen").await;
    let asked = tasks().await;
    assert_eq!([&asked[0]["kind"], &asked[0]["dueOn"]], ["activate-plan", "2026-12-21"]);
    assert_eq!(
        [&asked[0]["subjectId"], &asked[0]["employeeId"]],
        [&json!(draft.plan), &json!(app.employee(CASEWORKER))]
    );
    app.advance(TimeDelta::days(7));
    app.started(CASEWORKER, draft.plan, "nytteindsats").await;
    assert_eq!(tasks().await, asked, "asked once, and due as it was");
    app.advance(TimeDelta::days(1));
    done(
        app.as_(CASEWORKER)
            .post_nothing(&format!("/api/v1/plans/{}/activate", draft.plan))
            .if_match(draft.version),
    )
    .await;
    assert_eq!(tasks().await, json!([]));
    assert_eq!(
        app.sql("SELECT done_at FROM task WHERE kind = 'activate-plan'").await,
        [json!({ "done_at": "2026-12-01T09:00:00+00:00" })]
    );
    app.started(CASEWORKER, draft.plan, "stigen").await;
    assert_eq!(tasks().await, json!([]), "an active plan is not asked to be activated");
}

#[actix_web::test]
async fn iv_04_a_start_is_told_half_a_year_ahead_or_back_and_an_end_not_beforehand() {
    let app = TestApp::new().await;
    let (_, id) = referred(&app, CASEWORKER, "igmu").await;
    for day in ["2026-05-24", "2027-05-25"] {
        let answer = refused(
            &app,
            step(&app, CASEWORKER, id, "start", json!({ "on": day })).await,
            (409, "intervention.day-out-of-range"),
        )
        .await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-05-25", "2027-05-24"]);
    }
    done(step(&app, CASEWORKER, id, "start", json!({ "on": "2026-11-10" })).await).await;
    for day in ["2026-11-09", "2026-11-24"] {
        let end = json!({ "on": day, "reason": "completed" });
        let answer = refused(
            &app,
            step(&app, CASEWORKER, id, "end", end).await,
            (409, "intervention.day-out-of-range"),
        )
        .await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-10", "2026-11-23"]);
    }
    done(
        step(&app, CASEWORKER, id, "end", json!({ "on": "2026-11-10", "reason": "completed" }))
            .await,
    )
    .await;
}

#[actix_web::test]
async fn iv_05_ending_needs_one_of_the_reasons_and_only_completed_completes() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let end = async |reason: Value| {
        let id = app.started(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
        let mut body = json!({ "on": app.today(), "reason": reason, "note": "Aftalt." });
        body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        (id, step(&app, CASEWORKER, id, "end", body).await)
    };
    for reason in [
        "education",
        "employment",
        "internship",
        "substance-abuse",
        "mental-health",
        "physical-health",
        "moved",
        "other-offer",
        "did-not-attend",
        "own-wish",
        "completed",
    ] {
        let (id, call) = end(json!(reason)).await;
        let ended = done(call).await;
        let expected = if reason == "completed" { "completed" } else { "ended-early" };
        assert_eq!(
            [&ended.body["state"], &ended.body["endReason"], &ended.body["note"]],
            [expected, reason, "Aftalt."]
        );
        let kept = row(&app, "intervention", id).await;
        assert_eq!(
            [&kept["state"], &kept["end_reason"], &kept["ended_on"]],
            [expected, reason, "2026-11-23"]
        );
    }
    for wrong in [json!("dropped-out"), Value::Null, json!(7)] {
        let (_, call) = end(wrong).await;
        assert!(
            refused(&app, call, (422, "request.invalid"))
                .await
                .pointers()
                .iter()
                .all(|pointer| *pointer == "/reason")
        );
    }
}

#[actix_web::test]
async fn iv_07_a_tailored_one_has_a_title_and_area_of_its_own_and_no_catalogue_entry() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let tailored = |what: Value| json!({ "tailored": what, "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER) });
    let call = refer(
        &app,
        CASEWORKER,
        case.plan,
        tailored(json!({ "title": "Genoptræning", "area": "health" })),
    );
    let own = done(call).await;
    assert_eq!(
        [&own.body["title"], &own.body["area"], &own.body["informationArea"], &own.body["state"]],
        ["Genoptræning", "health", "health", "referred"]
    );
    assert_eq!(
        (own.body["catalogueCode"].clone(), own.uuid("providerId")),
        (Value::Null, app.unit("jobspor"))
    );
    let elsewhere =
        json!({ "title": "Svømning", "area": "social", "providerId": app.unit("vaeksthuset") });
    assert_eq!(
        done(refer(&app, CASEWORKER, case.plan, tailored(elsewhere.clone())))
            .await
            .uuid("providerId"),
        app.unit("vaeksthuset")
    );
    // It repeats as often as it is wanted.
    done(refer(&app, CASEWORKER, case.plan, tailored(elsewhere))).await;
    for (wrong, pointer) in [
        (json!({ "title": " ", "area": "health" }), "/tailored/title"),
        (json!({ "area": "health" }), "/tailored/title"),
        (json!({ "title": "Svømning", "area": "crime" }), "/tailored/area"),
        (
            json!({ "title": "Svømning", "area": "social", "providerId": app.unit("bu") }),
            "/tailored/providerId",
        ),
        (
            json!({ "title": "Svømning", "area": "social", "providerId": Uuid::nil() }),
            "/tailored/providerId",
        ),
    ] {
        let answer = refused(
            &app,
            refer(&app, CASEWORKER, case.plan, tailored(wrong)),
            (422, "request.invalid"),
        )
        .await;
        assert!(answer.pointers().contains(&pointer), "{:#}", answer.body);
    }
}

#[actix_web::test]
async fn iv_07_a_referral_is_to_the_catalogue_or_tailored_and_not_both() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let with = |members: Value| {
        let mut body = referral(&app, "igmu");
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        refer(&app, CASEWORKER, case.plan, body)
    };
    for (members, pointer) in [
        (json!({ "tailored": { "title": "Svømning", "area": "social" } }), "/tailored"),
        (json!({ "catalogueCode": null }), "/catalogueCode"),
        (json!({ "catalogueCode": "findes-ikke" }), "/catalogueCode"),
        (json!({ "plannedEnd": "2026-11-22" }), "/plannedEnd"),
        (json!({ "plannedStart": null }), "/plannedStart"),
        (json!({ "responsibleId": Uuid::nil() }), "/responsibleId"),
        (json!({ "onNoPlace": "push" }), "/onNoPlace"),
    ] {
        let answer = refused(&app, with(members), (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    refused(&app, refer(&app, STRANGER, case.plan, referral(&app, "igmu")), (404, "not-found"))
        .await;
    done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    done(refer(&app, STRANGER, case.plan, referral(&app, "igmu"))).await;
}
