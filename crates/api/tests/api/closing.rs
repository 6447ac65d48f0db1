//! PL-7 and PL-9: how a plan is closed, and that it changes no more.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, close, done, join, plan_step, referred, refused,
    row, shared_plan, state, step,
};
use serde_json::{Value, json};
use test_support::TestApp;
use uuid::Uuid;

#[actix_web::test]
async fn pl_07_a_plan_is_not_closed_over_what_runs_at_any_stage() {
    let app = TestApp::new().await;
    let running = (409, "plan.interventions-running");
    let (case, referral) = referred(&app, CASEWORKER, "stigen").await;
    let end = json!({ "outcome": "employment", "note": "Fået arbejde." });
    let refusal =
        refused(&app, plan_step(&app, CASEWORKER, case.plan, "close", end.clone()).await, running)
            .await;
    assert_eq!(refusal.body["running"], 1);
    done(step(&app, CASEWORKER, referral, "start", json!({ "on": app.today() })).await).await;
    refused(&app, plan_step(&app, CASEWORKER, case.plan, "close", end.clone()).await, running)
        .await;
    done(
        step(
            &app,
            CASEWORKER,
            referral,
            "end",
            json!({ "on": app.today(), "reason": "completed" }),
        )
        .await,
    )
    .await;
    let closed = done(plan_step(&app, CASEWORKER, case.plan, "close", end).await).await;
    assert_eq!(
        [
            &closed.body["state"],
            &closed.body["outcome"],
            &closed.body["outcomeNote"],
            &closed.body["closedAt"]
        ],
        ["closed", "employment", "Fået arbejde.", "2026-11-23T09:00:00Z"],
    );
}

#[actix_web::test]
async fn pl_07_what_runs_in_an_area_the_caller_cannot_see_counts_too() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, "rusmiddel.behandler").await;
    let hidden = app.referral("rusmiddel.behandler", case.plan, "rusmiddelcentret").await.id();
    let path = format!("/api/v1/interventions/{hidden}");
    assert_eq!(app.as_(CASEWORKER).get(&path).await.status, 404);
    let end = json!({ "outcome": "education" });
    let refusal = refused(
        &app,
        plan_step(&app, CASEWORKER, case.plan, "close", end).await,
        (409, "action.not-possible"),
    )
    .await;
    // AC-18: the response states the unit to ask, but neither the interventions nor their number.
    assert_eq!(refusal.body["ask"]["unitId"], json!(app.unit("uu-hotline")));
    assert_eq!(refusal.body["running"], Value::Null);
    assert!(!String::from_utf8_lossy(&refusal.raw).contains(&hidden.to_string()));
    // They cannot give away what they do not see either.
    let give = json!({ "outcome": "education", "carryOn": [{ "unitId": app.unit("rusmiddelcentret"), "interventionIds": [hidden] }] });
    refused(
        &app,
        plan_step(&app, CASEWORKER, case.plan, "close", give).await,
        (422, "request.invalid"),
    )
    .await;
    done(step(&app, "rusmiddel.behandler", hidden, "withdraw", json!({})).await).await;
    close(&app, CASEWORKER, case.plan).await;
}

#[actix_web::test]
async fn pl_07_what_a_named_unit_carries_on_runs_after_the_closing_and_ends_then() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let carried = app.started(CASEWORKER, case.plan, "fast-konsulent").await.id();
    let other = app.started(CASEWORKER, case.plan, "stigen").await.id();
    let unit = app.unit("ungeenheden");
    let give = |ids: Value| json!({ "outcome": "education", "carryOn": [{ "unitId": unit, "interventionIds": ids }] });
    // The rest still runs: nothing is given, nothing is closed.
    let part = plan_step(&app, CASEWORKER, case.plan, "close", give(json!([carried]))).await;
    assert_eq!(refused(&app, part, (409, "plan.interventions-running")).await.body["running"], 1);
    for (wrong, pointer) in [
        (give(json!([carried, Uuid::nil()])), "/carryOn/0/interventionIds"),
        (give(json!([])), "/carryOn/0/interventionIds"),
        (
            json!({ "outcome": "education", "carryOn": [{ "unitId": Uuid::nil(), "interventionIds": [carried] }] }),
            "/carryOn/0/unitId",
        ),
        (
            json!({ "outcome": "education", "carryOn": [{ "unitId": app.unit("jv"), "interventionIds": [carried] }] }),
            "/carryOn/0/unitId",
        ),
        // An institution carries on what it provides, and nothing else.
        (
            json!({ "outcome": "education", "carryOn": [{ "unitId": app.unit("vaeksthuset"), "interventionIds": [carried, other] }] }),
            "/carryOn/0/interventionIds",
        ),
    ] {
        let call = plan_step(&app, CASEWORKER, case.plan, "close", wrong).await;
        assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), [pointer]);
    }
    done(plan_step(&app, CASEWORKER, case.plan, "close", give(json!([carried, other]))).await)
        .await;
    assert_eq!(row(&app, "intervention", carried).await["carried_on_by_id"], json!(unit));
    assert_eq!(
        (state(&app, carried).await, state(&app, other).await),
        ("started".to_owned(), "started".to_owned())
    );
    // The unit that carries it on sees the young person while it lasts; the provider still sees it, and ends it.
    let sees = async || {
        app.as_("bu.raadgiver").get(&format!("/api/v1/interventions/{other}")).await.status
    };
    assert_eq!(sees().await, 200);
    let end = json!({ "on": app.today(), "reason": "education" });
    let ended = done(step(&app, INSTITUTION, carried, "end", end.clone()).await).await;
    assert_eq!(ended.body["state"], "ended-early");
    done(step(&app, "bu.raadgiver", other, "end", end).await).await;
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(sees().await, 404);
}

#[actix_web::test]
async fn pl_07_a_referral_that_is_carried_on_starts_after_the_closing() {
    let app = TestApp::new().await;
    let (case, referral) = referred(&app, CASEWORKER, "stigen").await;
    let give = json!({ "outcome": "education", "carryOn": [{ "unitId": app.unit("jobspor"), "interventionIds": [referral] }] });
    done(plan_step(&app, CASEWORKER, case.plan, "close", give).await).await;
    let on = json!({ "on": app.today() });
    done(step(&app, CASEWORKER, referral, "start", on).await).await;
}

#[actix_web::test]
async fn pl_09_a_closed_plan_refuses_every_change() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let me = app.as_(CASEWORKER);
    let goal =
        json!({ "area": "education", "wishedResult": "Er begyndt.", "targetDate": "2027-08-01" });
    let first =
        done(me.post(&format!("/api/v1/plans/{}/goals", case.plan), goal.clone())).await.id();
    let over = app.referral(CASEWORKER, case.plan, "stigen").await.id();
    done(step(&app, CASEWORKER, over, "withdraw", json!({})).await).await;
    let participants = app.sql("SELECT id FROM plan_participant ORDER BY joined_at, id").await;
    close(&app, CASEWORKER, case.plan).await;
    app.advance(chrono::TimeDelta::hours(1));
    let plan = |rest: &str| format!("/api/v1/plans/{}/{rest}", case.plan);
    let change =
        |rest: &'static str, body: Value| plan_step(&app, CASEWORKER, case.plan, rest, body);
    let referral = json!({ "catalogueCode": "stigen", "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER) });
    let tailored = json!({ "tailored": { "title": "Svømning", "area": "social" }, "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER) });
    let link = json!({ "kind": "min-plan", "title": "Min plan", "reference": "1" });
    let end = format!("participants/{}/end", participants[1]["id"].as_str().unwrap());
    for call in [
        change("", json!({ "purpose": "Igen." })).await,
        change("activate", json!({})).await,
        change("close", json!({ "outcome": "own-wish" })).await,
        change("coordinator", json!({ "coordinatorId": app.employee(CASEWORKER) })).await,
        change("contact-person", json!({ "declined": { "reason": "Nej." } })).await,
        change(
            "reviews",
            json!({ "heldOn": app.today(), "tookPart": ["Mor"], "youngPersonTookPart": true,
                    "decisions": "Videre.", "nextReviewOn": app.today() }),
        )
        .await,
        me.post(&plan("indicators"), json!({ "everydayCoping": 3 })),
        me.post(
            &format!("/api/v1/goals/{first}/progress"),
            json!({ "voice": "professional", "score": 5 }),
        ),
        me.post(&plan("goals"), goal),
        me.patch(&format!("/api/v1/goals/{first}"), json!({ "result": "Nået." })).if_match(1),
        join(&app, CASEWORKER, case.plan, STRANGER),
        me.post_nothing(&plan(&end)),
        me.post(&plan("links"), link),
        me.post(&plan("interventions"), referral),
        me.post(&plan("interventions"), tailored),
        step(&app, CASEWORKER, over, "start", json!({ "on": app.today() })).await,
    ] {
        let _ = refused(&app, call, (409, "plan.closed")).await;
    }
    for (what, body) in [
        ("withdraw", json!({})),
        ("decline", json!({ "reason": "Nej." })),
        ("end", json!({ "on": app.today(), "reason": "moved" })),
    ] {
        let _ = refused(
            &app,
            step(&app, CASEWORKER, over, what, body).await,
            (409, "intervention.step-not-allowed"),
        )
        .await;
    }
}

#[actix_web::test]
async fn pl_07_a_draft_can_be_closed_and_every_outcome_is_one_of_the_rule() {
    let app = TestApp::new().await;
    for outcome in [
        "education",
        "employment",
        "self-supporting",
        "moved-away",
        "left-the-country",
        "reached-30",
        "own-wish",
        "permanent-benefit",
        "continues-on-public-support",
        "deceased",
    ] {
        let plan = app.draft(CASEWORKER).await.plan;
        let closed =
            done(plan_step(&app, CASEWORKER, plan, "close", json!({ "outcome": outcome })).await)
                .await;
        assert_eq!(
            (&closed.body["outcome"], &closed.body["activatedAt"]),
            (&json!(outcome), &Value::Null)
        );
    }
    let plan = app.draft(CASEWORKER).await.plan;
    for wrong in [json!({ "outcome": "dropped-out" }), json!({})] {
        assert_eq!(
            refused(
                &app,
                plan_step(&app, CASEWORKER, plan, "close", wrong).await,
                (422, "request.invalid")
            )
            .await
            .pointers(),
            ["/outcome"]
        );
    }
}

/// PL-7: each intervention is given once, to one unit.
#[actix_web::test]
async fn pl_07_what_is_given_twice_is_refused() {
    let app = TestApp::new().await;
    let (case, id) = referred(&app, CASEWORKER, "stigen").await;
    let unit = app.unit_of(STRANGER);
    let given = |ids: &[Uuid]| json!({ "unitId": unit, "interventionIds": ids });
    for (carry_on, pointer) in [
        (json!([given(&[id, id])]), "/carryOn/0/interventionIds"),
        (json!([given(&[id]), given(&[id])]), "/carryOn/1/interventionIds"),
    ] {
        let body = json!({ "outcome": "education", "carryOn": carry_on });
        let call = plan_step(&app, CASEWORKER, case.plan, "close", body).await;
        let answer = refused(&app, call, (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
}
