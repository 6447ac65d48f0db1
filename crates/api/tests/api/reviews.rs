//! PL-5: an active plan has a next review, and those that were held are kept.

use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, done, plan_step, refused, shared_plan};
use serde_json::{Value, json};
use test_support::{Call, OpenCase, TestApp};
use uuid::Uuid;

/// The members of a review that was held on a day.
fn held(on: &str, next: &str) -> Value {
    json!({
        "heldOn": on, "tookPart": ["Mor", "Kontaktlærer"], "youngPersonTookPart": true,
        "decisions": "Praktik fra februar.", "nextReviewOn": next,
    })
}

async fn review<'a>(app: &'a TestApp, who: &'a str, plan: Uuid, body: Value) -> Call<'a> {
    plan_step(app, who, plan, "reviews", body).await
}

/// When the review that is to be held is due.
async fn due(app: &TestApp, case: &OpenCase) -> Vec<Value> {
    let open = format!(
        "SELECT due_on FROM task WHERE kind = 'hold-review' AND subject_id = '{}' AND done_at IS NULL",
        case.plan
    );
    app.sql(&open).await.into_iter().map(|task| task["due_on"].clone()).collect()
}

#[actix_web::test]
async fn pl_05_activation_sets_the_next_review_26_weeks_ahead_or_as_told() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let plan = done(app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", case.plan))).await;
    assert_eq!(
        [&plan.body["nextReviewOn"], &plan.body["lastReviewOn"]],
        [&json!("2027-05-24"), &Value::Null]
    );
    assert_eq!(due(&app, &case).await, ["2027-05-24"]);

    let draft = app.draft(CASEWORKER).await;
    let activate =
        async |body: Value| plan_step(&app, CASEWORKER, draft.plan, "activate", body).await;
    for day in ["2026-11-22", "2027-05-25"] {
        let call = activate(json!({ "nextReviewOn": day })).await;
        let answer = refused(&app, call, (409, "plan.review-out-of-range")).await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-23", "2027-05-24"]);
    }
    let wrong = activate(json!({ "nextReviewOn": "snart" })).await;
    assert_eq!(refused(&app, wrong, (422, "request.invalid")).await.pointers(), ["/nextReviewOn"]);
    let untyped =
        app.as_(CASEWORKER).post_nothing(&format!("/api/v1/plans/{}/activate", draft.plan));
    let untyped = untyped.body("text/plain", "{}").if_match(draft.version);
    refused(&app, untyped, (415, "request.unsupported-media-type")).await;
    let active = done(activate(json!({ "nextReviewOn": "2027-01-11" })).await).await;
    assert_eq!(active.body["nextReviewOn"], "2027-01-11");
    assert_eq!(due(&app, &draft).await, ["2027-01-11"]);
}

#[actix_web::test]
async fn pl_05_a_held_review_is_kept_and_sets_the_next_one() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let first = review(&app, CASEWORKER, case.plan, held("2026-11-20", "2027-02-01")).await;
    let plan = first.await.expect(201);
    assert_eq!(plan.version(), case.version + 1);
    assert_eq!(plan.header("location"), format!("/api/v1/plans/{}/reviews", case.plan));
    assert_eq!(
        [&plan.body["nextReviewOn"], &plan.body["lastReviewOn"]],
        ["2027-02-01", "2026-11-20"]
    );
    assert_eq!(due(&app, &case).await, ["2027-02-01"]);
    let past =
        app.sql("SELECT due_on FROM task WHERE kind = 'hold-review' AND done_at IS NOT NULL").await;
    assert_eq!(past, [json!({ "due_on": "2027-05-24" })], "the review that was asked for is held");

    app.at("2027-02-01T09:00:00Z");
    let mut second = held("2027-02-01", "2027-04-01");
    second["youngPersonTookPart"] = json!(false);
    done(review(&app, COUNSELLOR, case.plan, second).await).await;
    // Told late, and so not the last one.
    let plan =
        done(review(&app, CASEWORKER, case.plan, held("2026-12-24", "2027-04-01")).await).await;
    assert_eq!(plan.body["lastReviewOn"], "2027-02-01");
    let list = format!("/api/v1/plans/{}/reviews", case.plan);
    let all = done(app.as_(COUNSELLOR).get(&list)).await.body;
    let days = |page: &Value| -> Vec<Value> {
        page["items"].as_array().unwrap().iter().map(|item| item["heldOn"].clone()).collect()
    };
    assert_eq!(days(&all), ["2027-02-01", "2026-12-24", "2026-11-20"], "newest first");
    let (newest, oldest) = (&all["items"][0], &all["items"][2]);
    assert_eq!(newest["enteredById"], json!(app.employee(COUNSELLOR)));
    assert_eq!([&newest["youngPersonTookPart"], &oldest["youngPersonTookPart"]], [false, true]);
    assert_eq!(oldest["tookPart"], json!(["Mor", "Kontaktlærer"]));
    assert_eq!(
        [&oldest["decisions"], &oldest["nextReviewOn"]],
        ["Praktik fra februar.", "2027-02-01"]
    );

    let mut read = Vec::new();
    let mut at = format!("{list}?limit=1");
    loop {
        let page = done(app.as_(CASEWORKER).get(&at)).await.body;
        read.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        at = format!("{list}?limit=1&cursor={cursor}");
    }
    assert_eq!(json!(read), all["items"], "page by page the same");
}

#[actix_web::test]
async fn pl_05_what_does_not_fit_is_refused() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    for (body, code) in [
        (held("2026-11-24", "2027-02-01"), "plan.day-out-of-range"),
        (held("2026-05-24", "2027-02-01"), "plan.day-out-of-range"),
        (held("2026-11-20", "2026-11-22"), "plan.review-out-of-range"),
        (held("2026-11-20", "2027-05-25"), "plan.review-out-of-range"),
    ] {
        refused(&app, review(&app, CASEWORKER, case.plan, body).await, (409, code)).await;
    }
    let draft = app.draft(CASEWORKER).await;
    let early = review(&app, CASEWORKER, draft.plan, held("2026-11-20", "2027-02-01")).await;
    refused(&app, early, (409, "plan.step-not-allowed")).await;
    let moved = json!({ "nextReviewOn": "2027-02-01" });
    let moved = plan_step(&app, CASEWORKER, draft.plan, "", moved).await;
    refused(&app, moved, (409, "plan.step-not-allowed")).await;
    let strange = review(&app, STRANGER, case.plan, held("2026-11-20", "2027-02-01")).await;
    refused(&app, strange, (404, "not-found")).await;
    let mut wrong = held("2026-11-20", "2027-02-01");
    for (took_part, pointer) in [
        (json!([]), "/tookPart"),
        (json!(vec!["Mor"; 21]), "/tookPart"),
        (json!(["Mor", " "]), "/tookPart/1"),
    ] {
        wrong["tookPart"] = took_part;
        let call = review(&app, CASEWORKER, case.plan, wrong.clone()).await;
        assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), [pointer]);
    }
}

#[actix_web::test]
async fn pl_05_the_next_review_is_moved_and_its_task_with_it() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let amend = async |body: Value| plan_step(&app, CASEWORKER, case.plan, "", body).await;
    let plan = done(amend(json!({ "nextReviewOn": "2027-03-01" })).await).await;
    assert_eq!(
        [&plan.body["nextReviewOn"], &plan.body["purpose"]],
        ["2027-03-01", "At komme i gang."]
    );
    assert_eq!(due(&app, &case).await, ["2027-03-01"]);
    let far = amend(json!({ "nextReviewOn": "2027-05-25" })).await;
    refused(&app, far, (409, "plan.review-out-of-range")).await;
    // On its day it can still be moved; once it is overdue the words alone.
    app.at("2027-03-01T09:00:00Z");
    done(amend(json!({ "nextReviewOn": "2027-03-01" })).await).await;
    app.at("2027-03-02T09:00:00Z");
    let plan = done(amend(json!({ "purpose": "Nyt." })).await).await;
    assert_eq!(plan.body["nextReviewOn"], "2027-03-01", "what is left out stays");
    let moved = amend(json!({ "nextReviewOn": "2027-03-08" })).await;
    let told = refused(&app, moved, (409, "plan.review-overdue")).await;
    assert_eq!(told.body["since"], "2027-03-01");
    assert_eq!(due(&app, &case).await, ["2027-03-01"], "the task keeps the day it was due first");
    let review = held("2027-03-02", "2027-03-08");
    done(plan_step(&app, CASEWORKER, case.plan, "reviews", review).await).await;
    assert_eq!(due(&app, &case).await, ["2027-03-08"]);
    done(amend(json!({ "nextReviewOn": "2027-03-09" })).await).await;
}

/// PL-10: of two who tell of the same review, one does.
#[actix_web::test]
async fn pl_05_two_who_hold_a_review_at_once_hold_one() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let path = format!("/api/v1/plans/{}/reviews", case.plan);
    let tries = (0..6).map(|n| {
        let app = if n % 2 == 0 { &app } else { &other };
        let body = held("2026-11-20", "2027-02-01");
        app.as_(CASEWORKER).post(&path, body).if_match(case.version).into_future()
    });
    let answers = futures_util::future::join_all(tries).await;
    let mut problems: Vec<_> = answers.iter().map(test_support::Answer::problem).collect();
    problems.sort_unstable();
    assert_eq!(problems[0], (201, ""));
    assert_eq!(problems[1..], [(412, "version.stale"); 5]);
    assert_eq!(app.sql("SELECT FROM plan_review").await.len(), 1);
    assert_eq!(due(&app, &case).await, ["2027-02-01"]);
}
