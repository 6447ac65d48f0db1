//! IV-3: places, the line for them, and the offers that come by themselves.

use crate::steps::{
    CASEWORKER, LEADER, STRANGER, done, join, new_offer, places, refer, referral, referred,
    refused, shared_plan, state, step,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use test_support::{OpenCase, TestApp};
use uuid::Uuid;

const OFFER: &str = "kursus";
const NO_PLACE: (u16, &str) = (409, "intervention.no-place");

/// Referrals to an offer with `count` places, in this order, by these accounts.
async fn line(app: &TestApp, count: i32, by: &[&str]) -> Vec<(OpenCase, Uuid)> {
    new_offer(app, OFFER, count).await;
    let mut referrals = Vec::new();
    for who in by {
        referrals.push(referred(app, who, OFFER).await);
    }
    referrals
}

async fn states(app: &TestApp, referrals: &[(OpenCase, Uuid)]) -> Vec<String> {
    let mut states = Vec::new();
    for (_, id) in referrals {
        states.push(state(app, *id).await);
    }
    states
}

/// AC-10: of those in line only whom one may also read: the hotline's unit takes part, its role reads nobody.
#[actix_web::test]
async fn ac_10_the_line_names_those_alone_whom_one_may_read() {
    let app = TestApp::new().await;
    let all = line(&app, 0, &[CASEWORKER, STRANGER]).await;
    done(join(&app, CASEWORKER, all[0].0.plan, "uu.hotline")).await;
    done(join(&app, CASEWORKER, all[0].0.plan, "mentor")).await;
    for (who, named) in [("uu.hotline", Value::Null), ("mentor", json!(all[0].1))] {
        let read = app.as_(who).get(&format!("/api/v1/interventions/{}", all[0].1)).await;
        assert_eq!(read.status == 200, !named.is_null(), "{who}");
        let path = format!("/api/v1/intervention-catalogue/{OFFER}/places");
        let told = app.as_(who).get(&path).await.expect(200);
        let waiting = told.body["waiting"].as_array().unwrap();
        let ids: Vec<&Value> = waiting.iter().map(|one| &one["interventionId"]).collect();
        let readable: Vec<&Value> = Some(&named).into_iter().filter(|id| !id.is_null()).collect();
        assert_eq!(ids, readable, "{who}");
        let id = told.header("x-request-id");
        let entries = app
            .sql(&format!("SELECT young_people FROM access_entry WHERE request_id = '{id}'"))
            .await;
        let logged = if named.is_null() {
            vec![]
        } else {
            vec![json!({ "young_people": [all[0].0.young_person] })]
        };
        assert_eq!(entries, logged, "{who}");
    }
}

/// The line is as long as it is; of it no more is told than a page.
#[actix_web::test]
async fn iv_03_of_a_long_line_the_first_are_told_and_how_many_wait() {
    let app = TestApp::new().await;
    // An employee who coordinates this number of plans exceeds the norm (PL-17).
    app.execute("UPDATE caseload_norm SET cases = 500").await;
    let by = [CASEWORKER; 52];
    let all = line(&app, 0, &by).await;
    let path = format!("/api/v1/intervention-catalogue/{OFFER}/places");
    let told = app.as_(CASEWORKER).get(&path).await.expect(200).body;
    let waiting = told["waiting"].as_array().unwrap();
    assert_eq!((waiting.len(), &told["waitingCount"]), (50, &json!(52)));
    assert_eq!(waiting[49]["interventionId"], json!(all[49].1));
    // One who stands behind the page is told their own place.
    let last = app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", all[51].1)).await;
    assert_eq!(last.expect(200).body["place"], 52);
}

/// The offers to be answered that an account finds in a case file.
async fn tasks(app: &TestApp, who: &str, case: OpenCase) -> Value {
    let path = format!("/api/v1/young-people/{}/case-file", case.young_person);
    let file = app.as_(who).get(&path).await.expect(200).body;
    let tasks = file["tasks"].as_array().unwrap().iter();
    tasks.filter(|task| task["kind"] == "answer-offer").cloned().collect()
}

fn start(app: &TestApp) -> Value {
    json!({ "on": app.today() })
}

#[actix_web::test]
async fn iv_03_places_are_taken_in_order_then_a_line_forms() {
    let app = TestApp::new().await;
    let all = line(&app, 2, &[CASEWORKER, STRANGER, CASEWORKER, STRANGER, CASEWORKER]).await;
    assert_eq!(states(&app, &all).await, ["referred", "referred", "waiting", "waiting", "waiting"]);
    done(step(&app, CASEWORKER, all[0].1, "start", start(&app)).await).await;
    // A number in line counts those whom one cannot see; who they are is not told.
    let third =
        app.as_(STRANGER).get(&format!("/api/v1/interventions/{}", all[3].1)).await.expect(200);
    assert_eq!(third.body["place"], 2);
    let told = app
        .as_(STRANGER)
        .get(&format!("/api/v1/intervention-catalogue/{OFFER}/places"))
        .await
        .expect(200);
    // Numbers with one to four hidden rows are not shown either (AC-8).
    assert_eq!(
        told.body,
        json!({
            "on": "2026-11-23", "places": 2, "started": null, "reserved": 1, "free": null,
            "waitingCount": null,
            "waiting": [{ "place": 2, "interventionId": all[3].1, "youngPersonId": all[3].0.young_person }],
        })
    );
    let leader = app.as_("uu.teamleder");
    let told =
        leader.get(&format!("/api/v1/intervention-catalogue/{OFFER}/places")).await.expect(200);
    let numbers =
        ["started", "reserved", "free", "waitingCount"].map(|name| told.body[name].clone());
    assert_eq!(numbers, [json!(1), json!(1), json!(0), json!(3)]);
}

#[actix_web::test]
async fn iv_03_who_asked_for_a_place_and_not_for_the_line_is_refused() {
    let app = TestApp::new().await;
    line(&app, 1, &[STRANGER, STRANGER, CASEWORKER]).await;
    let case = app.active_plan(CASEWORKER).await;
    let mut body = referral(&app, OFFER);
    body["onNoPlace"] = json!("refuse");
    let answer = refused(&app, refer(&app, CASEWORKER, case.plan, body.clone()), NO_PLACE).await;
    assert_eq!(answer.body["waiting"], 2);
    new_offer(&app, "andet", 1).await;
    body["catalogueCode"] = json!("andet");
    assert_eq!(done(refer(&app, CASEWORKER, case.plan, body)).await.body["state"], "referred");
}

/// Whatever frees the only place, the first in line, whom the one who frees it cannot see, is offered it.
async fn freed_by(free: impl AsyncFnOnce(&TestApp, &[(OpenCase, Uuid)])) {
    let app = TestApp::new().await;
    let all = line(&app, 1, &[CASEWORKER, STRANGER, CASEWORKER]).await;
    assert_eq!(states(&app, &all).await, ["referred", "waiting", "waiting"]);
    assert_eq!(
        app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", all[1].1)).await.status,
        404
    );
    free(&app, &all).await;
    assert_eq!(states(&app, &all[1..]).await, ["offered", "waiting"]);
    let offered =
        app.as_(STRANGER).get(&format!("/api/v1/interventions/{}", all[1].1)).await.expect(200);
    assert_eq!(
        [&offered.body["offerExpiresOn"], &offered.body["offeredAt"]],
        ["2026-11-30", "2026-11-23T09:00:00Z"]
    );
    let asked = tasks(&app, STRANGER, all[1].0).await;
    assert_eq!([&asked[0]["kind"], &asked[0]["dueOn"]], ["answer-offer", "2026-11-30"]);
    assert_eq!(
        [&asked[0]["subjectId"], &asked[0]["employeeId"]],
        [&json!(all[1].1), &json!(app.employee(STRANGER))]
    );
    assert_eq!(app.sql("SELECT FROM job").await.len(), 0, "the queue is empty");
    let event = "SELECT actor_id, role FROM event WHERE kind = 'intervention.offered'";
    assert_eq!(app.sql(event).await, [json!({ "actor_id": null, "role": "system" })]);
}

#[actix_web::test]
async fn iv_03_an_end_offers_the_place_before_the_answer() {
    freed_by(async |app, all| {
        done(step(app, CASEWORKER, all[0].1, "start", start(app)).await).await;
        done(
            step(app, CASEWORKER, all[0].1, "end", json!({ "on": app.today(), "reason": "moved" }))
                .await,
        )
        .await;
    })
    .await;
}

#[actix_web::test]
async fn iv_03_a_withdrawal_offers_the_place_before_the_answer() {
    freed_by(async |app, all| {
        done(step(app, CASEWORKER, all[0].1, "withdraw", json!({ "note": "Flyttet." })).await)
            .await;
    })
    .await;
}

#[actix_web::test]
async fn iv_03_a_decline_by_the_provider_offers_the_place_before_the_answer() {
    freed_by(async |app, all| {
        done(step(app, LEADER, all[0].1, "decline", json!({ "reason": "Kom ikke." })).await).await;
    })
    .await;
}

#[actix_web::test]
async fn iv_03_a_raise_of_places_offers_them_before_the_answer() {
    freed_by(async |app, _| {
        done(places(app, LEADER, OFFER, "2026-11-01", 2)).await;
    })
    .await;
}

#[actix_web::test]
async fn iv_03_places_decided_for_a_later_day_are_offered_on_that_day() {
    let app = TestApp::new().await;
    let all = line(&app, 0, &[CASEWORKER, STRANGER]).await;
    done(places(&app, LEADER, OFFER, "2026-12-01", 1)).await;
    app.at("2026-11-30T22:59:59Z");
    app.run_due_jobs().await;
    assert_eq!(states(&app, &all).await, ["waiting", "waiting"]);
    app.at("2026-11-30T23:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(states(&app, &all).await, ["offered", "waiting"]);
    assert_eq!(tasks(&app, CASEWORKER, all[0].0).await[0]["dueOn"], "2026-12-08");
}

#[actix_web::test]
async fn iv_03_a_start_told_for_a_later_day_frees_the_place_until_then() {
    let app = TestApp::new().await;
    let all = line(&app, 1, &[CASEWORKER, STRANGER]).await;
    done(places(&app, LEADER, OFFER, "2026-12-10", 2)).await;
    assert_eq!(states(&app, &all).await, ["referred", "waiting"]);
    done(step(&app, CASEWORKER, all[0].1, "start", json!({ "on": "2026-12-10" })).await).await;
    assert_eq!(states(&app, &all).await, ["started", "offered"]);
}

#[actix_web::test]
async fn iv_03_who_plans_to_start_later_gets_the_places_of_then() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 0).await;
    done(places(&app, LEADER, OFFER, "2027-01-01", 1)).await;
    let (early, late) = (app.active_plan(CASEWORKER).await, app.active_plan(STRANGER).await);
    let mut body = referral(&app, OFFER);
    assert_eq!(
        done(refer(&app, CASEWORKER, early.plan, body.clone())).await.body["state"],
        "waiting"
    );
    body["plannedStart"] = json!("2027-01-04");
    // A place is free from then on, yet somebody stands in line: it is not jumped.
    let waits = done(refer(&app, STRANGER, late.plan, body.clone())).await;
    assert_eq!((&waits.body["state"], &waits.body["place"]), (&json!("waiting"), &json!(2)));
    new_offer(&app, "andet", 0).await;
    done(places(&app, LEADER, "andet", "2027-01-01", 1)).await;
    body["catalogueCode"] = json!("andet");
    assert_eq!(done(refer(&app, STRANGER, late.plan, body)).await.body["state"], "referred");
}

#[actix_web::test]
async fn iv_03_nobody_jumps_the_line_while_a_place_is_free() {
    let app = TestApp::new().await;
    let all = line(&app, 0, &[CASEWORKER, STRANGER]).await;
    done(places(&app, LEADER, OFFER, "2026-11-24", 3)).await;
    app.at("2026-11-24T09:00:00Z");
    let read = app.as_(LEADER).get(&format!("/api/v1/intervention-catalogue/{OFFER}/places")).await;
    assert_eq!(
        (&read.body["free"], read.body["waiting"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    let (_, third) = referred(&app, STRANGER, OFFER).await;
    assert_eq!(state(&app, third).await, "waiting");
    // Nor by an offer that is made by hand.
    let answer =
        refused(&app, step(&app, LEADER, all[1].1, "offer", json!({})).await, NO_PLACE).await;
    assert_eq!(answer.body["waiting"], 3);
    done(step(&app, LEADER, all[0].1, "offer", json!({})).await).await;
    done(step(&app, LEADER, all[1].1, "offer", json!({})).await).await;
    assert_eq!(states(&app, &all).await, ["offered", "offered"]);
}

/// Whoever plans to start later would take the place that falls free for the first in line.
#[actix_web::test]
async fn iv_03_nobody_behind_is_offered_a_place_before_the_first() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 0).await;
    let first = referred(&app, CASEWORKER, OFFER).await;
    let case = app.active_plan(STRANGER).await;
    let mut later = referral(&app, OFFER);
    later["plannedStart"] = json!("2027-01-04");
    let second = (case, done(refer(&app, STRANGER, case.plan, later)).await.id());
    done(places(&app, LEADER, OFFER, "2027-01-01", 1)).await;
    assert_eq!(states(&app, &[first, second]).await, ["waiting", "waiting"]);
    app.at("2027-01-01T09:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(states(&app, &[first, second]).await, ["offered", "waiting"]);
}

/// The coordinator does not see a health offer that another unit referred to: its task is its referrer's.
#[actix_web::test]
async fn iv_03_the_task_of_an_offer_is_given_to_somebody_who_sees_it() {
    let app = TestApp::new().await;
    let treatment = "rusmiddel.behandler";
    let case = shared_plan(&app, CASEWORKER, treatment).await;
    new_offer(&app, OFFER, 0).await;
    app.execute("UPDATE catalogue_entry SET area = 'health' WHERE code = 'kursus'").await;
    let mut body = referral(&app, OFFER);
    body["responsibleId"] = json!(app.employee(treatment));
    done(refer(&app, treatment, case.plan, body)).await;
    done(places(&app, LEADER, OFFER, &app.today(), 1)).await;
    let of_the_coordinator = tasks(&app, CASEWORKER, case).await;
    assert!(
        of_the_coordinator.as_array().unwrap().iter().all(|task| task["kind"] != "answer-offer")
    );
    let theirs = tasks(&app, treatment, case).await;
    let theirs = theirs.as_array().unwrap().iter().find(|task| task["kind"] == "answer-offer");
    assert_eq!(theirs.unwrap()["employeeId"], json!(app.employee(treatment)));
}

#[actix_web::test]
async fn iv_03_an_offer_by_hand_needs_a_free_place() {
    let app = TestApp::new().await;
    let all = line(&app, 1, &[CASEWORKER, STRANGER]).await;
    let answer =
        refused(&app, step(&app, LEADER, all[1].1, "offer", json!({})).await, NO_PLACE).await;
    assert_eq!(answer.body["waiting"], 1);
}

/// Offers on `now`; the last day to answer is `until`, and the midnight after it is `over`.
async fn expires(now: &str, until: &str, over: &str) {
    let app = TestApp::new().await;
    app.at(now);
    let all = line(&app, 0, &[CASEWORKER, STRANGER]).await;
    done(places(&app, LEADER, OFFER, "2026-01-01", 1)).await;
    let offered =
        app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", all[0].1)).await.expect(200);
    assert_eq!(offered.body["offerExpiresOn"], until, "offered at {now}");
    let over: chrono::DateTime<chrono::Utc> = over.parse().unwrap();
    app.at(&(over - TimeDelta::seconds(1)).to_rfc3339());
    app.run_due_jobs().await;
    assert_eq!(
        states(&app, &all).await,
        ["offered", "waiting"],
        "its last day is one to answer on"
    );
    app.at(&over.to_rfc3339());
    app.run_due_jobs().await;
    assert_eq!(states(&app, &all).await, ["declined", "offered"]);
}

#[actix_web::test]
async fn dl_06_an_offer_stands_five_working_days_of_the_danish_calendar() {
    // A usual week; over Christmas and New Year; over Easter and into summer time; late at night.
    expires("2026-11-23T09:00:00Z", "2026-11-30", "2026-11-30T23:00:00Z").await;
    expires("2026-12-22T09:00:00Z", "2027-01-04", "2027-01-04T23:00:00Z").await;
    expires("2027-03-24T09:00:00Z", "2027-04-05", "2027-04-05T22:00:00Z").await;
    expires("2026-11-23T23:30:00Z", "2026-12-01", "2026-12-01T23:00:00Z").await;
    // Ascension Day and Whit Monday.
    expires("2027-05-05T09:00:00Z", "2027-05-13", "2027-05-13T22:00:00Z").await;
}

#[actix_web::test]
async fn iv_03_an_unanswered_offer_goes_on_and_the_one_passed_over_keeps_the_place_in_line() {
    let app = TestApp::new().await;
    let all = line(&app, 0, &[CASEWORKER, STRANGER, STRANGER]).await;
    done(places(&app, LEADER, OFFER, "2026-01-01", 1)).await;
    app.at("2026-12-01T09:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(states(&app, &all).await, ["declined", "offered", "waiting"]);
    let lapsed =
        app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", all[0].1)).await.expect(200);
    assert_eq!(
        [&lapsed.body["declinedBy"], &lapsed.body["declineReason"]],
        ["lapsed", "offer-lapsed"]
    );
    assert_eq!(tasks(&app, CASEWORKER, all[0].0).await, json!([]), "its task is over with it");
    assert_eq!(tasks(&app, STRANGER, all[1].0).await[0]["dueOn"], "2026-12-08");
    // Twice is as once.
    app.run_due_jobs().await;
    assert_eq!(states(&app, &all).await, ["declined", "offered", "waiting"]);
    let again = app.referral(CASEWORKER, all[0].0.plan, OFFER).await;
    assert_eq!((&again.body["state"], &again.body["place"]), (&json!("waiting"), &json!(1)));
    assert_eq!(
        app.as_(STRANGER).get(&format!("/api/v1/interventions/{}", all[2].1)).await.body["place"],
        2
    );
    // Whoever said no begins at the end of the line.
    done(step(&app, STRANGER, all[1].1, "decline", json!({ "reason": "Vil ikke." })).await).await;
    assert_eq!(state(&app, again.id()).await, "offered");
    assert_eq!(app.referral(STRANGER, all[1].0.plan, OFFER).await.body["place"], 2);
}

#[actix_web::test]
async fn iv_03_the_task_of_an_offer_is_done_by_its_answer_whoever_gives_it() {
    let app = TestApp::new().await;
    let all = line(&app, 0, &[CASEWORKER; 4]).await;
    done(places(&app, LEADER, OFFER, "2026-01-01", 4)).await;
    app.advance(TimeDelta::hours(1));
    for ((case, id), (who, what, body)) in all.iter().zip([
        (CASEWORKER, "start", start(&app)),
        (CASEWORKER, "withdraw", json!({})),
        (LEADER, "decline", json!({ "reason": "Ikke egnet." })),
        (LEADER, "start", start(&app)),
    ]) {
        assert_eq!(tasks(&app, CASEWORKER, *case).await[0]["subjectId"], json!(id));
        done(step(&app, who, *id, what, body).await).await;
        assert_eq!(tasks(&app, CASEWORKER, *case).await, json!([]), "{what} by {who}");
    }
    assert_eq!(
        app.sql(
            "SELECT FROM task WHERE kind = 'answer-offer' AND done_at = '2026-11-23T10:00:00Z'"
        )
        .await
        .len(),
        4
    );
}

#[actix_web::test]
async fn iv_03_the_coordinator_finds_the_task_of_an_offer_that_the_provider_made_by_hand() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 0).await;
    let mut health = crate::steps::entry(&app);
    health["area"] = json!("health");
    done(
        app.as_(LEADER).put(&format!("/api/v1/intervention-catalogue/{OFFER}"), health).if_match(1),
    )
    .await;
    let (case, id) = referred(&app, CASEWORKER, OFFER).await;
    done(places(&app, LEADER, OFFER, "2026-11-24", 1)).await;
    app.advance(TimeDelta::days(1));
    done(step(&app, LEADER, id, "offer", json!({})).await).await;
    assert_eq!(tasks(&app, CASEWORKER, case).await[0]["subjectId"], json!(id));
}

#[actix_web::test]
async fn iv_03_fewer_places_than_are_held_are_not_decided_for_any_day() {
    let app = TestApp::new().await;
    let all = line(&app, 3, &[CASEWORKER, STRANGER, CASEWORKER]).await;
    done(step(&app, CASEWORKER, all[0].1, "start", json!({ "on": "2026-12-10" })).await).await;
    for (from, count) in
        [("2026-11-23", 1), ("2026-12-10", 2), ("2027-05-01", 2), ("2026-01-01", 1)]
    {
        refused(&app, places(&app, LEADER, OFFER, from, count), (409, "catalogue.places-held"))
            .await;
    }
    // Two are held until the tenth, and nobody held any before today.
    done(places(&app, LEADER, OFFER, "2026-12-01", 3)).await;
    done(places(&app, LEADER, OFFER, "2026-11-01", 2)).await;
    done(places(&app, LEADER, OFFER, "2026-06-01", 0)).await;
    for wrong in [
        json!({ "from": "2026-12-01", "places": -1, "reason": "x" }),
        json!({ "from": "2026-12-01", "places": 5 }),
    ] {
        let call =
            app.as_(LEADER).post(&format!("/api/v1/intervention-catalogue/{OFFER}/places"), wrong);
        refused(&app, call, (422, "request.invalid")).await;
    }
}

#[actix_web::test]
async fn iv_03_a_start_told_back_to_a_day_when_all_places_were_taken_is_refused() {
    let app = TestApp::new().await;
    let all = line(&app, 1, &[CASEWORKER]).await;
    done(step(&app, CASEWORKER, all[0].1, "start", start(&app)).await).await;
    app.advance(TimeDelta::days(3));
    done(
        step(&app, CASEWORKER, all[0].1, "end", json!({ "on": "2026-11-26", "reason": "moved" }))
            .await,
    )
    .await;
    let (_, next) = referred(&app, STRANGER, OFFER).await;
    assert_eq!(state(&app, next).await, "referred");
    for taken in ["2026-11-23", "2026-11-25"] {
        refused(&app, step(&app, STRANGER, next, "start", json!({ "on": taken })).await, NO_PLACE)
            .await;
    }
    done(step(&app, STRANGER, next, "start", json!({ "on": "2026-11-26" })).await).await;
}

/// Also where another unit refers again, which does not see the referral that lapsed.
#[actix_web::test]
async fn iv_03_the_place_in_line_is_the_young_persons_whoever_refers() {
    let app = TestApp::new().await;
    let treatment = "rusmiddel.behandler";
    let case = shared_plan(&app, CASEWORKER, treatment).await;
    new_offer(&app, OFFER, 0).await;
    app.execute("UPDATE catalogue_entry SET area = 'health' WHERE code = 'kursus'").await;
    done(refer(&app, treatment, case.plan, referral(&app, OFFER))).await;
    referred(&app, STRANGER, OFFER).await;
    referred(&app, STRANGER, OFFER).await;
    done(places(&app, LEADER, OFFER, "2026-01-01", 1)).await;
    app.at("2026-12-01T09:00:00Z");
    app.run_due_jobs().await;
    let again = done(refer(&app, CASEWORKER, case.plan, referral(&app, OFFER))).await;
    assert_eq!((&again.body["state"], &again.body["place"]), (&json!("waiting"), &json!(1)));
}
