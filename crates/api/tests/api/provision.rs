//! IV-3 (priority), IV-6, IV-9, IV-11: what providers decide and tell, and the freedom to tailor.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, LEADER, STRANGER, close, done, entry, join, new_offer,
    number, places, plan_step, refer, referral, referred, refused, registration, row, shared_plan,
    state, step,
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use test_support::{Answer, Call, OpenCase, TestApp};
use uuid::Uuid;

const OFFER: &str = "kursus";
const FGU: &str = "fgu.vejleder";
const TREATMENT: &str = "rusmiddel.behandler";
const WRONG: (u16, &str) = (422, "request.invalid");
const NOT_ALLOWED: (u16, &str) = (409, "intervention.step-not-allowed");

/// An offer of STIGEN's with these members besides what is usual.
async fn offer_with(app: &TestApp, code: &str, members: Value) {
    let mut body = entry(app);
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    done(app.as_(LEADER).put(&format!("/api/v1/intervention-catalogue/{code}"), body)).await;
}

async fn read(app: &TestApp, who: &str, id: Uuid) -> Value {
    app.as_(who).get(&format!("/api/v1/interventions/{id}")).await.expect(200).body
}

fn start(app: &TestApp) -> Value {
    json!({ "on": app.today() })
}

/// The payload of the one event of this kind about a thing.
async fn payload(app: &TestApp, kind: &str, subject: Uuid) -> Value {
    let told =
        format!("SELECT payload FROM event WHERE kind = '{kind}' AND subject_id = '{subject}'");
    let mut events = app.sql(&told).await;
    assert_eq!(events.len(), 1, "{kind}");
    events.remove(0)["payload"].take()
}

#[actix_web::test]
async fn iv_11_what_asks_for_a_visitation_starts_after_its_yes() {
    let app = TestApp::new().await;
    offer_with(&app, OFFER, json!({ "visitation": true })).await;
    let (_, id) = referred(&app, CASEWORKER, OFFER).await;
    let unanswered =
        json!({ "answerBy": "2026-11-30", "answer": null, "reason": null, "on": null });
    assert_eq!(read(&app, CASEWORKER, id).await["visitation"], unanswered);
    for who in [CASEWORKER, LEADER] {
        let call = step(&app, who, id, "start", start(&app)).await;
        refused(&app, call, (409, "intervention.not-accepted")).await;
    }
    let yes = json!({ "reason": "Plads på holdet." });
    let call = step(&app, CASEWORKER, id, "accept", yes.clone()).await;
    refused(&app, call, (403, "access.denied")).await;
    app.advance(TimeDelta::days(1));
    let accepted = done(step(&app, LEADER, id, "accept", yes).await).await.body;
    let answered = json!({
        "answerBy": "2026-11-30", "answer": "accepted", "reason": "Plads på holdet.", "on": "2026-11-24",
    });
    assert_eq!((&accepted["state"], &accepted["visitation"]), (&json!("referred"), &answered));
    assert_eq!(row(&app, "intervention", id).await["accepted_by_id"], json!(app.employee(LEADER)));
    let told = payload(&app, "intervention.accepted", id).await;
    let by = app.employee(LEADER);
    let expected = json!({ "on": "2026-11-24", "by": by, "reason": "Plads på holdet." });
    assert_eq!(told["accepted"], expected);
    let again = step(&app, LEADER, id, "accept", json!({})).await;
    refused(&app, again, (409, "intervention.already-accepted")).await;
    let started = done(step(&app, CASEWORKER, id, "start", start(&app)).await).await.body;
    assert_eq!(started["visitation"], answered);
    for late in ["accept", "refuse"] {
        let body = json!({ "reason": "For sent." });
        refused(&app, step(&app, LEADER, id, late, body).await, NOT_ALLOWED).await;
    }
}

#[actix_web::test]
async fn iv_11_a_yes_leaves_the_place_in_line_the_offer_and_its_task_as_they_are() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 0).await;
    let (_, first) = referred(&app, CASEWORKER, OFFER).await;
    let (_, second) = referred(&app, CASEWORKER, OFFER).await;
    let accepted = done(step(&app, LEADER, second, "accept", json!({})).await).await.body;
    assert_eq!([&accepted["state"], &accepted["place"]], [&json!("waiting"), &json!(2)]);
    done(places(&app, LEADER, OFFER, "2026-01-01", 1)).await;
    let accepted = done(step(&app, LEADER, first, "accept", json!({})).await).await.body;
    assert_eq!(
        [&accepted["state"], &accepted["offerExpiresOn"], &accepted["visitation"]["answer"]],
        ["offered", "2026-11-30", "accepted"]
    );
    assert_eq!(
        app.sql("SELECT FROM task WHERE kind = 'answer-offer' AND done_at IS NULL").await.len(),
        1
    );
}

#[actix_web::test]
async fn iv_11_the_providers_no_is_told_apart_from_the_young_persons() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 1).await;
    let (_, first) = referred(&app, CASEWORKER, OFFER).await;
    let (case, second) = referred(&app, STRANGER, OFFER).await;
    let (_, third) = referred(&app, STRANGER, OFFER).await;
    let no = json!({ "reason": "Ikke i målgruppen." });
    refused(&app, step(&app, LEADER, first, "refuse", json!({})).await, WRONG).await;
    let call = step(&app, CASEWORKER, first, "refuse", no.clone()).await;
    refused(&app, call, (403, "access.denied")).await;
    done(step(&app, LEADER, first, "accept", json!({})).await).await;
    let answer = done(step(&app, LEADER, first, "refuse", no).await).await.body;
    let visitation = json!({
        "answerBy": null, "answer": "refused", "reason": "Ikke i målgruppen.", "on": "2026-11-23",
    });
    for body in [&answer, &read(&app, CASEWORKER, first).await] {
        assert_eq!([&body["state"], &body["declinedBy"]], ["declined", "provider"]);
        assert_eq!(body["visitation"], visitation);
    }
    // Its place went on before the answer, and with it went the provider's sight.
    assert_eq!([state(&app, second).await, state(&app, third).await], ["offered", "waiting"]);
    assert_eq!(app.as_(LEADER).get(&format!("/api/v1/interventions/{first}")).await.status, 404);
    let own = json!({ "reason": "Vil ikke." });
    let answer = done(step(&app, LEADER, second, "decline", own).await).await.body;
    assert_eq!([&answer["declinedBy"], &answer["declineReason"]], ["young-person", "Vil ikke."]);
    assert_eq!(answer["visitation"]["answer"], Value::Null);
    let again = app.referral(STRANGER, case.plan, OFFER).await.body;
    assert_eq!(again["place"], 1, "the third was offered the place of the second");
}

#[actix_web::test]
async fn iv_03_a_reason_that_is_worded_like_a_lapse_keeps_no_place_in_line() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 0).await;
    let (case, first) = referred(&app, CASEWORKER, OFFER).await;
    referred(&app, STRANGER, OFFER).await;
    let call = step(&app, CASEWORKER, first, "decline", json!({ "reason": "offer-lapsed" })).await;
    assert_eq!(done(call).await.body["declinedBy"], "young-person");
    assert_eq!(app.referral(CASEWORKER, case.plan, OFFER).await.body["place"], 2);
}

#[actix_web::test]
async fn iv_11_a_referral_names_the_day_by_which_the_visitation_answers() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let with = |by: &str| {
        let mut body = referral(&app, "igmu");
        body["answerBy"] = json!(by);
        refer(&app, CASEWORKER, case.plan, body)
    };
    let answer = refused(&app, with("2026-11-22"), WRONG).await;
    assert_eq!(answer.pointers(), ["/answerBy"]);
    let answer = done(with("2026-12-01")).await;
    assert_eq!(answer.body["visitation"]["answerBy"], "2026-12-01");
    let told = payload(&app, "intervention.referred", answer.id()).await;
    assert_eq!(told["answerBy"], "2026-12-01");
    // Of an offer without visitation, by no day where none is named.
    let (_, id) = referred(&app, CASEWORKER, "vuc-avu").await;
    assert_eq!(read(&app, CASEWORKER, id).await["visitation"]["answerBy"], Value::Null);
}

/// Assesses whether somebody is in the target group of FGU's AGU line.
fn assess<'a>(app: &'a TestApp, who: &'a str, case: OpenCase, on: &str, yes: bool) -> Call<'a> {
    let body =
        json!({ "catalogueCode": "fgu-agu", "on": on, "inTargetGroup": yes, "reason": "Samtale." });
    let path = format!("/api/v1/young-people/{}/intake-assessments", case.young_person);
    app.as_(who).post(&path, body)
}

#[actix_web::test]
async fn iv_11_fgu_starts_only_with_uus_newest_assessment_which_the_provider_does_not_see() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let id = app.referral(CASEWORKER, case.plan, "fgu-agu").await.id();
    done(step(&app, FGU, id, "accept", json!({})).await).await;
    let missing = async || {
        let call = step(&app, FGU, id, "start", start(&app)).await;
        refused(&app, call, (409, "intervention.assessment-missing")).await;
    };
    missing().await;
    done(assess(&app, COUNSELLOR, case, "2026-11-20", false)).await;
    missing().await;
    // One of a day before counts no more, whenever it is written.
    done(assess(&app, COUNSELLOR, case, "2026-11-19", true)).await;
    missing().await;
    let made = done(assess(&app, COUNSELLOR, case, "2026-11-20", true)).await;
    assert_eq!(made.status, 201);
    let told = payload(&app, "intake-assessment.made", made.id()).await;
    let expected = json!({ "catalogueCode": "fgu-agu", "on": "2026-11-20", "inTargetGroup": true, "reason": "Samtale." });
    assert_eq!(told, expected);
    let path = format!("/api/v1/young-people/{}/intake-assessments", case.young_person);
    let listed = async |who: &str| app.as_(who).get(&path).await.expect(200).items().to_vec();
    let seen = listed(CASEWORKER).await;
    assert_eq!((seen.len(), &seen[0]), (3, &made.body));
    assert_eq!(seen[0]["assessedById"], json!(app.employee(COUNSELLOR)));
    assert_eq!(listed(FGU).await, [Value::Null; 0]);
    done(step(&app, FGU, id, "start", start(&app)).await).await;
}

#[actix_web::test]
async fn iv_11_an_assessment_of_another_offer_or_person_does_not_count() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let other = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    done(assess(&app, COUNSELLOR, other, "2026-11-20", true)).await;
    let id = app.referral(CASEWORKER, case.plan, "fgu-pgu").await.id();
    done(step(&app, FGU, id, "accept", json!({})).await).await;
    done(assess(&app, COUNSELLOR, case, "2026-11-20", true)).await;
    let call = step(&app, CASEWORKER, id, "start", start(&app)).await;
    refused(&app, call, (409, "intervention.assessment-missing")).await;
}

#[actix_web::test]
async fn iv_11_only_uu_assesses_whom_it_works_with() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.referral(CASEWORKER, case.plan, "fgu-agu").await;
    let day = app.today();
    for (who, problem) in [
        (CASEWORKER, (403, "access.denied")),
        (FGU, (403, "access.denied")),
        (COUNSELLOR, (404, "not-found")),
    ] {
        refused(&app, assess(&app, who, case, &day, true), problem).await;
    }
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    let answer = refused(&app, assess(&app, COUNSELLOR, case, "2026-11-24", true), WRONG).await;
    assert_eq!(answer.pointers(), ["/on"]);
    let path = format!("/api/v1/young-people/{}/intake-assessments", case.young_person);
    let unknown =
        json!({ "catalogueCode": "findes-ikke", "on": day, "inTargetGroup": true, "reason": "x" });
    let answer = refused(&app, app.as_(COUNSELLOR).post(&path, unknown), WRONG).await;
    assert_eq!(answer.pointers(), ["/catalogueCode"]);
    done(assess(&app, COUNSELLOR, case, &day, true)).await;
    done(assess(&app, LEADER, case, &day, true)).await;
}

/// Gives somebody in line a priority, as the provider.
async fn prioritise(app: &TestApp, id: Uuid, priority: i32) -> Answer {
    let body = json!({ "priority": priority, "reason": "Bor på gaden." });
    done(step(app, LEADER, id, "prioritise", body).await).await
}

#[actix_web::test]
async fn iv_03_the_line_is_ordered_by_priority_then_by_number() {
    let app = TestApp::new().await;
    new_offer(&app, OFFER, 0).await;
    let mut all = Vec::new();
    for who in [CASEWORKER, STRANGER, CASEWORKER, STRANGER] {
        all.push(referred(&app, who, OFFER).await);
    }
    let ids: Vec<Uuid> = all.iter().map(|(_, id)| *id).collect();
    let body = json!({ "priority": 5, "reason": "Bor på gaden." });
    let call = step(&app, CASEWORKER, ids[2], "prioritise", body).await;
    refused(&app, call, (403, "access.denied")).await;
    for (wrong, pointer) in [
        (json!({ "priority": 10, "reason": "x" }), "/priority"),
        (json!({ "priority": -1, "reason": "x" }), "/priority"),
        (json!({ "priority": 5 }), "/reason"),
    ] {
        let call = step(&app, LEADER, ids[2], "prioritise", wrong).await;
        assert_eq!(refused(&app, call, WRONG).await.pointers(), [pointer]);
    }
    let first = prioritise(&app, ids[2], 5).await.body;
    assert_eq!(
        [&first["place"], &first["priority"], &first["priorityReason"]],
        [&json!(1), &json!(5), &json!("Bor på gaden.")]
    );
    let told = payload(&app, "intervention.prioritised", ids[2]).await;
    assert_eq!(told["prioritised"], json!({ "priority": 5, "reason": "Bor på gaden." }));
    prioritise(&app, ids[3], 5).await;
    let path = format!("/api/v1/intervention-catalogue/{OFFER}/places");
    let line = app.as_(LEADER).get(&path).await.expect(200).body["waiting"].clone();
    let line: Vec<&Value> =
        line.as_array().unwrap().iter().map(|one| &one["interventionId"]).collect();
    assert_eq!(
        line,
        [ids[2], ids[3], ids[0], ids[1]].map(|id| json!(id)).iter().collect::<Vec<_>>()
    );
    for (place, (who, id)) in
        [(CASEWORKER, ids[2]), (STRANGER, ids[3]), (CASEWORKER, ids[0]), (STRANGER, ids[1])]
            .into_iter()
            .enumerate()
    {
        assert_eq!(read(&app, who, id).await["place"], json!(place + 1));
    }
    // A place that falls free goes that way, and so does one that is offered by hand.
    done(places(&app, LEADER, OFFER, "2026-01-01", 1)).await;
    assert_eq!([state(&app, ids[2]).await, state(&app, ids[0]).await], ["offered", "waiting"]);
    let call =
        step(&app, LEADER, ids[2], "prioritise", json!({ "priority": 0, "reason": "x" })).await;
    refused(&app, call, NOT_ALLOWED).await;
    // Who is passed over keeps number and priority: before the one of the same priority and a later number.
    app.at("2026-12-01T09:00:00Z");
    app.run_due_jobs().await;
    assert_eq!([state(&app, ids[2]).await, state(&app, ids[3]).await], ["declined", "offered"]);
    let again = app.referral(CASEWORKER, all[2].0.plan, OFFER).await.body;
    assert_eq!([&again["place"], &again["priority"]], [&json!(1), &json!(5)]);
    prioritise(&app, ids[1], 9).await;
    let again = read(&app, CASEWORKER, again["id"].as_str().unwrap().parse().unwrap()).await;
    assert_eq!(again["place"], 2);
}

/// A started intervention that is planned to end on a day.
async fn started_until(app: &TestApp, who: &str, plan: Uuid, code: &str, end: &str) -> Uuid {
    let mut body = referral(app, code);
    body["plannedEnd"] = json!(end);
    let id = done(refer(app, who, plan, body)).await.id();
    done(step(app, who, id, "start", start(app)).await).await;
    id
}

#[actix_web::test]
async fn iv_06_an_extension_is_to_a_later_day_has_a_reason_and_is_kept() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = started_until(&app, CASEWORKER, case.plan, "stigen", "2027-02-22").await;
    let extend = |end: &str| json!({ "plannedEnd": end, "reason": "Er godt på vej." });
    for day in ["2027-02-22", "2026-12-01", "2036-11-11"] {
        let call = step(&app, CASEWORKER, id, "extend", extend(day)).await;
        let answer = refused(&app, call, (409, "intervention.day-out-of-range")).await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2027-02-23", "2036-11-10"]);
    }
    let call = step(&app, CASEWORKER, id, "extend", json!({ "plannedEnd": "2027-03-01" })).await;
    assert_eq!(refused(&app, call, WRONG).await.pointers(), ["/reason"]);
    done(step(&app, CASEWORKER, id, "extend", extend("2027-03-31")).await).await;
    app.advance(TimeDelta::days(7));
    let answer = done(step(&app, LEADER, id, "extend", extend("2027-06-30")).await).await.body;
    let kept = json!([
        { "plannedEnd": "2027-03-31", "reason": "Er godt på vej.", "on": "2026-11-23" },
        { "plannedEnd": "2027-06-30", "reason": "Er godt på vej.", "on": "2026-11-30" },
    ]);
    let file = format!("/api/v1/young-people/{}/case-file", case.young_person);
    let file = app.as_(CASEWORKER).get(&file).await.expect(200).body;
    for body in [&answer, &read(&app, LEADER, id).await, &file["interventions"][0]] {
        assert_eq!((&body["plannedEnd"], &body["extensions"]), (&json!("2027-06-30"), &kept));
    }
    let events = app.sql("SELECT payload FROM event WHERE kind = 'intervention.extended'").await;
    let expected =
        json!({ "on": "2026-11-23", "plannedEnd": "2027-03-31", "reason": "Er godt på vej." });
    assert_eq!((events.len(), &events[0]["payload"]["extended"]), (2, &expected));
}

/// Somebody with an active plan, born on a day.
async fn born(app: &TestApp, day: &str) -> OpenCase {
    let cpr = number(day, 501);
    let body = registration(app, CASEWORKER, &cpr);
    let young_person = done(app.as_(CASEWORKER).post("/api/v1/young-people", body)).await.id();
    let plan = app.plan(CASEWORKER, young_person).await;
    let path = format!("/api/v1/plans/{}/activate", plan.id());
    let active = done(app.as_(CASEWORKER).post_nothing(&path).if_match(plan.version())).await;
    OpenCase { young_person, plan: plan.id(), version: active.version() }
}

#[actix_web::test]
async fn iv_06_outside_ages_or_usual_length_needs_a_reason_that_is_kept() {
    let app = TestApp::new().await;
    // 18 on 1 December 2026; STIGEN is from 18, and 13 weeks.
    let case = born(&app, "2008-12-01").await;
    let with = |start: &str, end: Option<&str>, reason: Option<&str>| {
        let mut body = referral(&app, "stigen");
        (body["plannedStart"], body["plannedEnd"], body["reason"]) =
            (json!(start), json!(end), json!(reason));
        refer(&app, CASEWORKER, case.plan, body)
    };
    for (start, end, outside) in [
        ("2026-11-30", None, json!(["age"])),
        ("2026-12-01", Some("2027-03-03"), json!(["length"])),
        ("2026-11-23", Some("2027-02-23"), json!(["age", "length"])),
    ] {
        let call = with(start, end, None);
        let answer = refused(&app, call, (409, "intervention.reason-needed")).await;
        assert_eq!(answer.body["outside"], outside, "{start} {end:?}");
    }
    let inside = done(with("2026-12-01", Some("2027-03-02"), None)).await;
    assert_eq!(payload(&app, "intervention.referred", inside.id()).await["outside"], json!([]));
    done(step(&app, CASEWORKER, inside.id(), "withdraw", json!({})).await).await;
    let reason = Some("Venter ikke til december.");
    let outside = done(with("2026-11-23", Some("2027-02-23"), reason)).await;
    assert_eq!(read(&app, CASEWORKER, outside.id()).await["reason"], json!(reason));
    let told = payload(&app, "intervention.referred", outside.id()).await;
    assert_eq!((&told["outside"], &told["reason"]), (&json!(["age", "length"]), &json!(reason)));
}

/// By the target group of the planned start, as far as one is known (TG-1).
#[actix_web::test]
async fn iv_06_outside_the_target_groups_needs_a_reason() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let benefits = format!("/api/v1/young-people/{}/benefits", case.young_person);
    let ill = json!({ "kind": "sygedagpenge", "from": "2026-11-01", "to": "2026-12-31" });
    done(app.as_(CASEWORKER).post(&benefits, ill)).await;
    // STIGEN is for groups 2 and 3; who is ill is in group 1, and in none afterwards.
    let mut body = referral(&app, "stigen");
    let needed = refused(
        &app,
        refer(&app, CASEWORKER, case.plan, body.clone()),
        (409, "intervention.reason-needed"),
    )
    .await;
    assert_eq!(needed.body["outside"], json!(["target-group"]));
    body["reason"] = json!("Vil gerne i gang.");
    let referred = done(refer(&app, CASEWORKER, case.plan, body.clone())).await.id();
    done(step(&app, CASEWORKER, referred, "withdraw", json!({})).await).await;
    (body["reason"], body["plannedStart"]) = (Value::Null, json!("2027-01-04"));
    done(refer(&app, CASEWORKER, case.plan, body)).await;
}

#[actix_web::test]
async fn iv_06_too_old_is_outside_and_what_is_tailored_never_is() {
    let app = TestApp::new().await;
    let case = born(&app, "2003-11-23").await;
    let call = refer(&app, CASEWORKER, case.plan, referral(&app, "eftervaern"));
    let answer = refused(&app, call, (409, "intervention.reason-needed")).await;
    assert_eq!(answer.body["outside"], json!(["age"]));
    let tailored = json!({
        "tailored": { "title": "Svømning", "area": "social" }, "plannedStart": app.today(),
        "plannedEnd": "2029-01-01", "responsibleId": app.employee(CASEWORKER),
    });
    done(refer(&app, CASEWORKER, case.plan, tailored)).await;
}

/// Tells days of an intervention.
fn attend<'a>(app: &'a TestApp, who: &'a str, id: Uuid, days: Value) -> Call<'a> {
    let path = format!("/api/v1/interventions/{id}/attendance");
    let body = Value::Object([("days".to_owned(), days)].into_iter().collect());
    app.as_(who).post(&path, body)
}

fn day(on: &str, presence: &str) -> Value {
    json!({ "on": on, "presence": presence, "hours": null })
}

fn present(on: &str, hours: f64) -> Value {
    json!({ "on": on, "presence": "present", "hours": hours })
}

#[actix_web::test]
async fn iv_09_attendance_is_told_by_day_corrected_and_added_up() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = app.started(CASEWORKER, case.plan, "fast-konsulent").await.id();
    app.advance(TimeDelta::days(4));
    let days = json!([
        present("2026-11-23", 3.0),
        present("2026-11-24", 2.25),
        day("2026-11-25", "excused"),
        day("2026-11-27", "absent"),
    ]);
    let answer = done(attend(&app, INSTITUTION, id, days.clone())).await.body;
    let sum = json!({ "present": 2, "excused": 1, "absent": 1, "hours": 5.25 });
    assert_eq!((&answer["days"], &answer["summary"]), (&days, &sum));
    let version = row(&app, "intervention", id).await["version"].clone();
    let corrected = json!([day("2026-11-26", "absent"), day("2026-11-24", "absent")]);
    let answer = done(attend(&app, CASEWORKER, id, corrected.clone())).await.body;
    let told =
        [day("2026-11-24", "absent"), day("2026-11-25", "excused"), day("2026-11-26", "absent")];
    assert_eq!(answer["days"], json!(told), "the days from the first to the last");
    assert_eq!(row(&app, "intervention", id).await["version"], version);
    let events = app
        .sql("SELECT payload, actor_id FROM event WHERE kind = 'intervention.attended' ORDER BY recorded_at, id")
        .await;
    assert_eq!(events[0]["payload"], json!({ "days": days, "former": [] }));
    let both = json!({ "days": corrected, "former": [present("2026-11-24", 2.25)] });
    assert_eq!((events.len(), &events[1]["payload"]), (2, &both));
    let path = format!("/api/v1/interventions/{id}/attendance");
    for who in [CASEWORKER, INSTITUTION] {
        let whole = app.as_(who).get(&path).await.expect(200).body;
        let sum = json!({ "present": 1, "excused": 1, "absent": 3, "hours": 3.0 });
        assert_eq!(
            (whole["days"].as_array().unwrap().len(), &whole["summary"]),
            (5, &sum),
            "{who}"
        );
    }
    let path = format!("{path}?from=2026-11-24&to=2026-11-25");
    let part = app.as_(CASEWORKER).get(&path).await.expect(200).body;
    assert_eq!(part["days"], json!([day("2026-11-24", "absent"), day("2026-11-25", "excused")]));
    assert_eq!(part["summary"]["excused"], 1);
}

#[actix_web::test]
async fn iv_09_only_days_of_a_started_intervention_up_to_today() {
    let app = TestApp::new().await;
    let (_, id) = referred(&app, CASEWORKER, "fast-konsulent").await;
    let today = json!([day("2026-11-23", "present")]);
    refused(&app, attend(&app, INSTITUTION, id, today.clone()), NOT_ALLOWED).await;
    let began = json!({ "on": "2026-11-20" });
    done(step(&app, INSTITUTION, id, "start", began).await).await;
    for wrong in ["2026-11-19", "2026-11-24"] {
        let days = json!([day("2026-11-23", "present"), day(wrong, "present")]);
        let answer = refused(
            &app,
            attend(&app, INSTITUTION, id, days),
            (409, "intervention.day-out-of-range"),
        )
        .await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-20", "2026-11-23"]);
    }
    let many: Vec<Value> = vec![day("2026-11-23", "present"); 101];
    for (days, pointers) in [
        (json!([]), vec!["/days"]),
        (json!(many), vec!["/days"]),
        (json!([day("2026-11-23", "late")]), vec!["/days/0/presence"]),
        (json!([present("2026-11-23", 0.1)]), vec!["/days/0/hours"]),
        (json!([present("2026-11-23", 1.1)]), vec!["/days/0/hours"]),
        (json!([present("2026-11-23", 24.25)]), vec!["/days/0/hours"]),
        (
            json!([
                day("2026-11-23", "present"), day("2026-11-23", "absent"),
                { "on": "2026-11-21", "presence": "absent", "hours": 2 },
            ]),
            vec!["/days/1/on", "/days/2/hours"],
        ),
    ] {
        let answer = refused(&app, attend(&app, INSTITUTION, id, days), WRONG).await;
        for pointer in pointers {
            assert!(answer.pointers().contains(&pointer), "{:#}", answer.body);
        }
    }
    done(attend(&app, INSTITUTION, id, today.clone())).await;
    let end = json!({ "on": "2026-11-23", "reason": "completed" });
    done(step(&app, CASEWORKER, id, "end", end).await).await;
    // Its days can still be put right, and no others are told.
    app.advance(TimeDelta::days(1));
    done(attend(&app, CASEWORKER, id, json!([day("2026-11-23", "excused")]))).await;
    let late = attend(&app, CASEWORKER, id, json!([day("2026-11-24", "present")]));
    let answer = refused(&app, late, (409, "intervention.day-out-of-range")).await;
    assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-20", "2026-11-23"]);
}

/// It ends on the last day on which somebody came, or later; and with its plan its days stay as they are.
#[actix_web::test]
async fn iv_09_it_does_not_end_before_the_last_day_on_which_somebody_came() {
    let app = TestApp::new().await;
    let (case, id) = referred(&app, CASEWORKER, "fast-konsulent").await;
    done(step(&app, INSTITUTION, id, "start", json!({ "on": "2026-11-16" })).await).await;
    let days = json!([day("2026-11-19", "present"), day("2026-11-20", "absent")]);
    done(attend(&app, INSTITUTION, id, days)).await;
    let end = |on: &str| json!({ "on": on, "reason": "did-not-attend" });
    let call = step(&app, CASEWORKER, id, "end", end("2026-11-18")).await;
    let answer = refused(&app, call, (409, "intervention.day-out-of-range")).await;
    assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-19", "2026-11-23"]);
    done(step(&app, CASEWORKER, id, "end", end("2026-11-19")).await).await;
    close(&app, CASEWORKER, case.plan).await;
    let corrected = attend(&app, CASEWORKER, id, json!([day("2026-11-19", "excused")]));
    refused(&app, corrected, (409, "plan.closed")).await;
}

/// The offer could not wait when somebody was referred to it, and now it can.
#[actix_web::test]
async fn iv_04_what_can_wait_by_now_does_not_start_in_a_draft_plan() {
    let app = TestApp::new().await;
    offer_with(&app, OFFER, json!({ "cannotWait": true })).await;
    let case = app.draft(CASEWORKER).await;
    let id = app.referral(CASEWORKER, case.plan, OFFER).await.expect(201).id();
    let path = format!("/api/v1/intervention-catalogue/{OFFER}");
    done(app.as_(LEADER).put(&path, entry(&app)).if_match(1)).await;
    let call = step(&app, CASEWORKER, id, "start", start(&app)).await;
    refused(&app, call, (409, "plan.not-active")).await;
    done(plan_step(&app, CASEWORKER, case.plan, "activate", json!({})).await).await;
    done(step(&app, CASEWORKER, id, "start", start(&app)).await).await;
}

/// Planned for the 18th birthday, and begun before; planned for thirteen weeks, and begun a week early.
#[actix_web::test]
async fn iv_06_a_start_outside_what_was_planned_needs_a_reason_of_its_own() {
    let app = TestApp::new().await;
    let case = born(&app, "2008-12-01").await;
    let mut body = referral(&app, "stigen");
    (body["plannedStart"], body["plannedEnd"]) = (json!("2026-12-01"), json!("2027-03-02"));
    let id = done(refer(&app, CASEWORKER, case.plan, body)).await.id();
    for (on, outside) in
        [("2026-11-30", json!(["age", "length"])), ("2026-11-23", json!(["age", "length"]))]
    {
        let call = step(&app, CASEWORKER, id, "start", json!({ "on": on })).await;
        let answer = refused(&app, call, (409, "intervention.reason-needed")).await;
        assert_eq!(answer.body["outside"], outside, "{on}");
    }
    let began = json!({ "on": "2026-11-30", "reason": "Er parat før fødselsdagen." });
    let started = done(step(&app, CASEWORKER, id, "start", began).await).await.body;
    assert_eq!(started["reason"], "Er parat før fødselsdagen.");
    let told = payload(&app, "intervention.started", id).await;
    let expected = json!({ "on": "2026-11-30", "reason": "Er parat før fødselsdagen." });
    assert_eq!(told["started"], expected);
}

/// A reason that stands covers what it was given for, and nothing that grew since.
#[actix_web::test]
async fn iv_06_a_reason_that_was_given_is_not_asked_for_again() {
    let app = TestApp::new().await;
    let case = born(&app, "2008-12-01").await;
    let planned = async |start: &str| {
        let mut body = referral(&app, "stigen");
        (body["plannedStart"], body["plannedEnd"]) = (json!(start), json!("2027-03-02"));
        body["reason"] = json!("Trænger til det nu.");
        done(refer(&app, CASEWORKER, case.plan, body)).await.id()
    };
    let id = planned("2026-11-30").await;
    done(step(&app, CASEWORKER, id, "start", json!({ "on": "2026-11-30" })).await).await;
    done(
        step(&app, CASEWORKER, id, "end", json!({ "on": "2026-11-30", "reason": "own-wish" }))
            .await,
    )
    .await;
    let id = planned("2026-12-01").await;
    let call = step(&app, CASEWORKER, id, "start", json!({ "on": "2026-11-30" })).await;
    let answer = refused(&app, call, (409, "intervention.reason-needed")).await;
    assert_eq!(answer.body["outside"], json!(["age", "length"]));
}

/// What the provider writes of a course in health is seen by whoever sees that, and by nobody else.
#[actix_web::test]
async fn iv_09_ac_03_attendance_and_extensions_are_seen_as_the_intervention_is() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, TREATMENT).await;
    let body = json!({
        "tailored": { "title": "Angstforløb", "area": "health", "providerId": app.unit("vaeksthuset") },
        "plannedStart": app.today(), "responsibleId": app.employee(TREATMENT),
    });
    let id = done(refer(&app, TREATMENT, case.plan, body)).await.id();
    done(step(&app, INSTITUTION, id, "start", start(&app)).await).await;
    done(attend(&app, INSTITUTION, id, json!([present("2026-11-23", 1.5)]))).await;
    let longer = json!({ "plannedEnd": "2027-01-31", "reason": "Aftalt." });
    done(step(&app, INSTITUTION, id, "extend", longer.clone()).await).await;
    let path = format!("/api/v1/interventions/{id}/attendance");
    for who in [TREATMENT, INSTITUTION] {
        assert_eq!(
            app.as_(who).get(&path).await.expect(200).body["summary"]["hours"],
            1.5,
            "{who}"
        );
        assert_eq!(read(&app, who, id).await["extensions"][0]["plannedEnd"], "2027-01-31", "{who}");
    }
    for who in [CASEWORKER, COUNSELLOR] {
        assert_eq!(app.as_(who).get(&path).await.problem(), (404, "not-found"), "{who}");
        let days = json!([present("2026-11-23", 2.0)]);
        refused(&app, attend(&app, who, id, days), (404, "not-found")).await;
        let call = step(&app, who, id, "extend", longer.clone()).await;
        refused(&app, call, (404, "not-found")).await;
    }
    // The unit that wrote the referral corrects what the provider wrote.
    done(attend(&app, TREATMENT, id, json!([day("2026-11-23", "absent")]))).await;
}

#[actix_web::test]
async fn iv_09_of_many_who_tell_the_same_day_at_once_each_corrects_the_one_before() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = app.started(CASEWORKER, case.plan, "fast-konsulent").await.id();
    let telling = (1..=20_u32).map(|hours| {
        let app = if hours % 2 == 0 { &app } else { &second };
        let who = if hours % 3 == 0 { INSTITUTION } else { CASEWORKER };
        attend(app, who, id, json!([present("2026-11-23", f64::from(hours))])).into_future()
    });
    for answer in join_all(telling).await {
        assert_eq!(answer.status, 200, "{:#}", answer.body);
    }
    // Every telling but the first replaced another one's hours, none of them twice.
    let told = app
        .sql("SELECT payload->'former' AS former FROM event WHERE kind = 'intervention.attended'")
        .await;
    let mut replaced: Vec<f64> =
        told.iter().filter_map(|event| event["former"][0]["hours"].as_f64()).collect();
    let now = app.sql("SELECT hours FROM attendance").await;
    assert_eq!(now.len(), 1);
    replaced.push(now[0]["hours"].as_f64().unwrap());
    replaced.sort_unstable_by(f64::total_cmp);
    assert_eq!(replaced, (1..=20_u32).map(f64::from).collect::<Vec<_>>());
}

#[actix_web::test]
async fn iv_11_of_a_yes_and_a_no_at_once_one_counts() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let (_, id) = referred(&app, CASEWORKER, "stigen").await;
    let answering = (0..20_usize).map(|on| {
        let app = if on % 4 < 2 { &app } else { &second };
        let answer = ["accept", "refuse"][on % 2];
        let path = format!("/api/v1/interventions/{id}/{answer}");
        app.as_(LEADER).post(&path, json!({ "reason": "Svar." })).if_match(1).into_future()
    });
    let answers = join_all(answering).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let told = "SELECT FROM event WHERE kind IN ('intervention.accepted', 'intervention.declined')";
    assert_eq!(app.sql(told).await.len(), 1);
}
