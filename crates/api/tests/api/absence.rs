//! Absence and drop-out (AB-1): what institutions report, the spells they make, and the signals, once for each.

use crate::entries_of;
use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, done, join, plan_step, refused, step,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, OpenCase, TestApp};
use uuid::Uuid;

const NONE: [Value; 0] = [];
const FGU: &str = "fgu.vejleder";

/// A young person of the caseworker's who has been somewhere since the 2nd of November, a Monday.
async fn attending(app: &TestApp, provider: &str) -> (OpenCase, Uuid) {
    let case = app.active_plan(CASEWORKER).await;
    let body = json!({
        "tailored": { "title": "Et forløb", "area": "education", "providerId": app.unit(provider) },
        "plannedStart": "2026-11-02", "responsibleId": app.employee(CASEWORKER),
    });
    let referral =
        app.as_(CASEWORKER).post(&format!("/api/v1/plans/{}/interventions", case.plan), body);
    let id = done(referral).await.id();
    done(step(app, CASEWORKER, id, "start", json!({ "on": "2026-11-02" })).await).await;
    (case, id)
}

#[expect(clippy::needless_pass_by_value, reason = "mostly a literal")]
fn report<'a>(app: &'a TestApp, who: &'a str, items: Value) -> test_support::Call<'a> {
    app.as_(who).post("/api/v1/absences", json!({ "items": items }))
}

async fn told(app: &TestApp, who: &str, items: Value) -> Answer {
    let answer = done(report(app, who, items)).await;
    assert!(answer.items().iter().all(|item| item["problem"].is_null()), "{:#}", answer.body);
    answer
}

async fn talk(app: &TestApp, who: &str, person: Uuid) {
    let talk = json!({
        "informationArea": "education-and-employment", "tookPlaceAt": app.now(), "form": "telephone", "minutes": 10,
        "youngPersonTookPart": true, "text": "x",
    });
    done(app.as_(who).post(&format!("/api/v1/young-people/{person}/conversations"), talk)).await;
}

/// One after the other, each kind once: how it ended, and when it was due.
async fn signals(app: &TestApp) -> Vec<(String, String, Value)> {
    let tasks = "SELECT kind, ended, due_on FROM task WHERE kind IN ('answer-absence', 'guide-absentee') ORDER BY kind, occasion, ended";
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tasks = app.sql(tasks).await;
    tasks.iter().map(|t| (text(&t["kind"]), text(&t["due_on"]), t["ended"].clone())).collect()
}

fn signal(kind: &str, due: &str, ended: Value) -> (String, String, Value) {
    (kind.to_owned(), due.to_owned(), ended)
}

async fn tasks(app: &TestApp, kind: &str) -> Vec<Value> {
    app.sql(&format!("SELECT * FROM task WHERE kind = '{kind}' ORDER BY made_at, id")).await
}

#[actix_web::test]
async fn ab_01_after_14_days_the_caseworker_and_uu_are_signalled_once() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    app.at("2026-11-24T09:00:00Z");
    told(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-11" }])).await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "answer-absence").await, NONE, "13 days so far, the 24th not over");
    assert!(app.as_(COUNSELLOR).get("/api/v1/tasks").await.expect(200).items().is_empty());
    app.at("2026-11-25T09:00:00Z");
    for _ in 0..2 {
        tokio::join!(app.run_due_jobs(), second.run_due_jobs());
    }
    let asked = tasks(&app, "answer-absence").await;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        json!([asked[0]["due_on"], asked[0]["employee_id"], asked[0]["subject_id"]]),
        json!(["2026-12-02", app.employee(CASEWORKER), id])
    );
    // UU, which took no part, sees whom it is to guide as far as school and work go, until that is done.
    let list = app.as_(COUNSELLOR).get("/api/v1/tasks").await.expect(200);
    assert_eq!(list.items().len(), 1);
    assert_eq!(list.items()[0]["kind"], "guide-absentee");
    let person = format!("/api/v1/young-people/{}", case.young_person);
    app.as_(COUNSELLOR).get(&person).await.expect(200);
    assert_eq!(app.as_(COUNSELLOR).get(&format!("/api/v1/plans/{}", case.plan)).await.status, 404);
    // More of the same spell tells nothing new.
    told(
        &app,
        INSTITUTION,
        json!([{ "interventionId": id, "from": "2026-11-09", "to": "2026-11-25" }]),
    )
    .await;
    app.at("2026-12-20T09:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(
        (tasks(&app, "answer-absence").await.len(), tasks(&app, "guide-absentee").await.len()),
        (1, 1)
    );
    talk(&app, COUNSELLOR, case.young_person).await;
    assert_eq!(tasks(&app, "answer-absence").await[0]["ended"], "act");
    assert_eq!(tasks(&app, "guide-absentee").await[0]["ended"], "act");
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(
        app.as_(COUNSELLOR).get(&person).await.status,
        404,
        "the access ended with the task"
    );
}

#[actix_web::test]
async fn ab_01_fgu_takes_contact_itself_after_three_working_days() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "fgu").await;
    let (_, elsewhere) = attending(&app, "vaeksthuset").await;
    app.at("2026-11-24T09:00:00Z");
    // Thursday, Friday and Monday.
    told(&app, FGU, json!([{ "interventionId": id, "from": "2026-11-19" }])).await;
    told(&app, INSTITUTION, json!([{ "interventionId": elsewhere, "from": "2026-11-19" }])).await;
    app.run_due_jobs().await;
    let asked = tasks(&app, "contact-absent").await;
    assert_eq!(asked.len(), 1);
    assert_eq!((&asked[0]["subject_id"], &asked[0]["due_on"]), (&json!(id), &json!("2026-11-26")));
    let list = app.as_(FGU).get("/api/v1/tasks").await.expect(200);
    assert_eq!((list.items().len(), &list.items()[0]["kind"]), (1, &json!("contact-absent")));
    let tick = format!("/api/v1/tasks/{}/complete", asked[0]["id"].as_str().unwrap());
    refused(&app, app.as_(INSTITUTION).post_nothing(&tick).if_match(1), (404, "not-found")).await;
    done(app.as_(FGU).post_nothing(&tick).if_match(1)).await;
    app.run_due_jobs().await;
    let asked = tasks(&app, "contact-absent").await;
    assert_eq!((asked.len(), &asked[0]["ended"]), (1, &json!("tick")), "what was ticked stays so");
}

#[actix_web::test]
async fn ab_01_two_days_at_a_weekend_are_not_three() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "fgu").await;
    app.at("2026-11-24T09:00:00Z");
    told(
        &app,
        FGU,
        json!([
            { "interventionId": id, "from": "2026-11-20", "to": "2026-11-20" },
            { "interventionId": id, "from": "2026-11-23", "to": "2026-11-23" },
        ]),
    )
    .await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "contact-absent").await, NONE);
    let read = app.as_(FGU).get(&format!("/api/v1/interventions/{id}/absences")).await.expect(200);
    let spells = read.body["spells"].as_array().unwrap();
    assert_eq!(spells.len(), 1, "a weekend stands between none");
    assert_eq!(
        (&spells[0]["firstDay"], &spells[0]["lastDay"]),
        (&json!("2026-11-20"), &json!("2026-11-23"))
    );
}

/// IV-9: what was told as attendance is part of the spells, and a day of presence ends what goes on.
#[actix_web::test]
async fn ab_01_iv_09_attendance_feeds_the_same_spells() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "fgu").await;
    app.at("2026-11-26T09:00:00Z");
    let days = |days: &[(&str, &str)]| -> Value {
        days.iter().map(|(on, presence)| json!({ "on": on, "presence": presence })).collect()
    };
    let attendance = format!("/api/v1/interventions/{id}/attendance");
    let absent =
        days(&[("2026-11-23", "absent"), ("2026-11-24", "absent"), ("2026-11-25", "absent")]);
    done(app.as_(FGU).post(&attendance, json!({ "days": absent }))).await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "contact-absent").await.len(), 1);
    told(&app, FGU, json!([{ "interventionId": id, "from": "2026-11-25" }])).await;
    app.at("2026-12-08T09:00:00Z");
    let came = days(&[("2026-11-30", "present")]);
    done(app.as_(FGU).post(&attendance, json!({ "days": came }))).await;
    let read = app.as_(FGU).get(&format!("/api/v1/interventions/{id}/absences")).await.expect(200);
    assert_eq!(
        read.body["spells"],
        json!([{ "firstDay": "2026-11-23", "lastDay": "2026-11-29", "goesOn": false, "droppedOutOn": null, "toldOn": "2026-11-26" }])
    );
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "answer-absence").await, NONE, "a week");
}

#[actix_web::test]
async fn ab_01_a_drop_out_is_signalled_at_once_and_both_days_are_kept() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    app.at("2026-11-25T09:00:00Z");
    let gone =
        json!([{ "interventionId": id, "from": "2026-11-20", "droppedOutOn": "2026-11-20" }]);
    let answer = told(&app, INSTITUTION, gone.clone()).await;
    let absence = &answer.items()[0]["absence"];
    assert_eq!(
        (&absence["droppedOutOn"], &absence["toldOn"]),
        (&json!("2026-11-20"), &json!("2026-11-25"))
    );
    app.run_due_jobs().await;
    let asked = tasks(&app, "answer-absence").await;
    assert_eq!(
        (asked.len(), &asked[0]["due_on"]),
        (1, &json!("2026-12-02")),
        "in time from the day it was told"
    );
    // UU takes part: its named person is asked.
    let guide = tasks(&app, "guide-absentee").await;
    assert_eq!(guide[0]["employee_id"], json!(app.employee(COUNSELLOR)));
    // The unit already has access. The access for the duty arises nevertheless, and ends with the duty (AC-15).
    let bases = "SELECT areas, source_id, valid_to FROM access_basis WHERE kind = 'law'";
    let guides = json!({ "areas": 5, "source_id": guide[0]["id"], "valid_to": "infinity" });
    assert_eq!(app.sql(bases).await, [guides]);
    // Told again on another day: the first one is kept.
    app.at("2026-11-27T09:00:00Z");
    let again = told(&app, INSTITUTION, gone).await;
    assert_eq!(again.items()[0]["absence"], *absence);
    let event = app.sql("SELECT payload FROM event WHERE kind = 'absence.told' ORDER BY recorded_at DESC LIMIT 1").await;
    assert_eq!(event[0]["payload"]["former"]["toldOn"], "2026-11-25");
    // Also once the intervention is over.
    done(
        step(
            &app,
            CASEWORKER,
            id,
            "end",
            json!({ "on": "2026-11-20", "reason": "did-not-attend" }),
        )
        .await,
    )
    .await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "answer-absence").await[0]["ended"], Value::Null);
}

#[actix_web::test]
async fn ab_01_a_batch_answers_for_each_and_takes_what_is_right() {
    let app = TestApp::new().await;
    let (case, right) = attending(&app, "vaeksthuset").await;
    let (_, wrong) = attending(&app, "vaeksthuset").await;
    let (_, theirs) = attending(&app, "fgu").await;
    let waiting = app.referral(CASEWORKER, case.plan, "hverdagsmestring").await.id();
    let items = json!([
        { "interventionId": theirs, "from": "2026-11-20" },
        { "interventionId": right, "from": "2026-11-20" },
        { "interventionId": wrong, "from": "2026-11-01" },
        { "interventionId": wrong, "from": "2026-11-20", "to": "2026-11-24" },
        { "interventionId": wrong, "from": "2026-11-20", "to": "2026-11-19" },
        { "interventionId": wrong, "from": "2026-11-20", "to": "2026-11-21", "droppedOutOn": "2026-11-22" },
        { "interventionId": Uuid::nil(), "from": "2026-11-20" },
        { "interventionId": waiting, "from": "2026-11-20" },
    ]);
    let answer = report(&app, INSTITUTION, items).key("en-dag").await.expect(200);
    let codes: Vec<(Value, Value)> = answer
        .items()
        .iter()
        .map(|item| (item["problem"]["status"].clone(), item["problem"]["code"].clone()))
        .collect();
    let (hidden, outside) =
        ((json!(404), json!("not-found")), (json!(409), json!("intervention.day-out-of-range")));
    assert_eq!(
        codes,
        [
            hidden.clone(),
            (Value::Null, Value::Null),
            outside.clone(),
            outside.clone(),
            outside.clone(),
            outside,
            hidden,
            (json!(409), json!("intervention.step-not-allowed"))
        ]
    );
    let rows = app.sql("SELECT intervention_id FROM absence").await;
    assert_eq!(rows, [json!({ "intervention_id": right })]);
    let logged = entries_of(&app, &answer).await;
    let logged: BTreeSet<_> = logged
        .iter()
        .map(|entry| (entry["outcome"].as_str().unwrap(), entry["subject"].as_str().unwrap()))
        .collect();
    let (theirs, nobodys) = (theirs.to_string(), Uuid::nil().to_string());
    let hidden = BTreeSet::from([("refused", theirs.as_str()), ("refused", nobodys.as_str())]);
    assert_eq!(logged, hidden, "LG-2: what was refused is on the log");
    let events = "SELECT count(*) FROM event WHERE kind = 'absence.told'";
    assert_eq!(app.sql(events).await[0]["count"], 1);
    for who in ["styregruppe", "uu.hotline", "ydelse.medarbejder"] {
        let items = json!([{ "interventionId": right, "from": "2026-11-20" }]);
        refused(&app, report(&app, who, items), (403, "access.denied")).await;
    }
    let blind =
        report(&app, STRANGER, json!([{ "interventionId": right, "from": "2026-11-20" }])).await;
    assert_eq!(blind.items()[0]["problem"]["code"], "not-found");
}

#[actix_web::test]
async fn ab_01_the_same_batch_under_one_key_is_told_once() {
    let app = TestApp::new().await;
    let (_, id) = attending(&app, "vaeksthuset").await;
    let items = || json!([{ "interventionId": id, "from": "2026-11-20" }]);
    let first = report(&app, INSTITUTION, items()).key("samme").await.expect(200);
    let again = report(&app, INSTITUTION, items()).key("samme").await.expect(200);
    assert_eq!(first.body, again.body);
    let events = "SELECT count(*) FROM event WHERE kind = 'absence.told'";
    assert_eq!(app.sql(events).await[0]["count"], 1);
    let other = report(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-19" }]))
        .key("samme")
        .await;
    assert_eq!(other.problem(), (422, "request.key-reused"));
    // Nor to whom the young person is not open any more (AC-7).
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE kind = 'provision'",
        app.now()
    ))
    .await;
    let late = report(&app, INSTITUTION, items()).key("samme").await;
    assert_eq!(late.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn ab_01_who_lives_elsewhere_is_marked_so_for_those_who_may_know() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    let moved = json!({ "from": "2026-11-01", "municipalityCode": "0751", "source": "register" });
    done(
        app.as_(CASEWORKER)
            .post(&format!("/api/v1/young-people/{}/residence", case.young_person), moved),
    )
    .await;
    told(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-20" }])).await;
    let path = format!("/api/v1/interventions/{id}/absences");
    let known = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(known.body["municipalityCode"], "0751");
    let provided = app.as_(INSTITUTION).get(&path).await.expect(200);
    assert_eq!(
        (&provided.body["municipalityCode"], provided.items()),
        (&Value::Null, known.items())
    );
    assert_eq!(app.as_(STRANGER).get(&path).await.problem(), (404, "not-found"));
}

/// A conversation ends the signal once it has been given, and none before does: 14 days are told to those who can help.
#[actix_web::test]
async fn ab_01_who_was_spoken_with_before_is_signalled_all_the_same() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    told(&app, INSTITUTION, json!([{ "interventionId": id, "from": "2026-11-11" }])).await;
    talk(&app, CASEWORKER, case.young_person).await;
    app.at("2026-11-25T09:00:00Z");
    app.run_due_jobs().await;
    let open =
        ["answer-absence", "guide-absentee"].map(|kind| signal(kind, "2026-12-02", Value::Null));
    assert_eq!(signals(&app).await, open);
    talk(&app, CASEWORKER, case.young_person).await;
    assert_eq!(signals(&app).await[0], signal("answer-absence", "2026-12-02", json!("act")));
    // That it goes on, and for how long, asks for nothing anew.
    app.at("2026-12-03T09:00:00Z");
    let longer = json!([{ "interventionId": id, "from": "2026-11-11", "to": "2026-12-02" }]);
    told(&app, INSTITUTION, longer).await;
    app.run_due_jobs().await;
    assert_eq!(signals(&app).await[0], signal("answer-absence", "2026-12-02", json!("act")));
}

/// What is told late is due from the day on which it is known.
#[actix_web::test]
async fn ab_01_nobody_answers_late_for_what_was_told_late() {
    let app = TestApp::new().await;
    let (_, attended) = attending(&app, "vaeksthuset").await;
    let (_, extended) = attending(&app, "vaeksthuset").await;
    let report = |to| json!([{ "interventionId": extended, "from": "2026-11-02", "to": to }]);
    told(&app, INSTITUTION, report("2026-11-04")).await;
    app.at("2026-12-04T09:00:00Z");
    told(&app, INSTITUTION, report("2026-11-20")).await;
    let days: Vec<Value> = (2..21)
        .map(|day| json!({ "on": format!("2026-11-{day:02}"), "presence": "absent" }))
        .collect();
    let attendance = format!("/api/v1/interventions/{attended}/attendance");
    done(app.as_(INSTITUTION).post(&attendance, json!({ "days": days }))).await;
    app.run_due_jobs().await;
    let expected = ["answer-absence", "answer-absence", "guide-absentee", "guide-absentee"];
    assert_eq!(signals(&app).await, expected.map(|kind| signal(kind, "2026-12-11", Value::Null)));
    // What was over long before it was told is history.
    let (_, old) = attending(&app, "vaeksthuset").await;
    app.at("2027-01-20T09:00:00Z");
    told(
        &app,
        CASEWORKER,
        json!([{ "interventionId": old, "from": "2026-11-02", "to": "2026-11-24" }]),
    )
    .await;
    app.run_due_jobs().await;
    assert_eq!(signals(&app).await.len(), 4);
}

#[actix_web::test]
async fn ab_01_each_spell_is_signalled_also_while_another_waits() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    app.at("2026-12-04T09:00:00Z");
    told(
        &app,
        INSTITUTION,
        json!([{ "interventionId": id, "from": "2026-11-02", "to": "2026-11-17" }, { "interventionId": id, "from": "2026-11-19" }]),
    )
    .await;
    for _ in 0..2 {
        app.run_due_jobs().await;
    }
    let expected = ["answer-absence", "answer-absence", "guide-absentee", "guide-absentee"];
    assert_eq!(signals(&app).await, expected.map(|kind| signal(kind, "2026-12-11", Value::Null)));
    // They turn out to be one: the first stands.
    let between = json!([{ "interventionId": id, "from": "2026-11-18", "to": "2026-11-18" }]);
    told(&app, INSTITUTION, between).await;
    app.run_due_jobs().await;
    let ended: Vec<Value> = signals(&app).await.into_iter().map(|(.., ended)| ended).collect();
    let lapsed = json!("lapsed");
    assert_eq!(ended, [Value::Null, lapsed.clone(), Value::Null, lapsed]);
    talk(&app, COUNSELLOR, case.young_person).await;
    assert!(signals(&app).await.iter().all(|(.., ended)| !ended.is_null()));
}

/// UU is told of those who stay away from a school or the like and live here, and of nobody's treatment.
#[actix_web::test]
async fn ab_01_ac_09_uu_is_signalled_of_schools_alone_and_of_those_who_live_here() {
    let app = TestApp::new().await;
    let (treated, treatment) = attending(&app, "rusmiddelcentret").await;
    let (moved, elsewhere) = attending(&app, "vaeksthuset").await;
    let residence =
        json!({ "from": "2026-11-01", "municipalityCode": "0751", "source": "register" });
    let path = format!("/api/v1/young-people/{}/residence", moved.young_person);
    done(app.as_(CASEWORKER).post(&path, residence)).await;
    for (who, id) in [("rusmiddel.behandler", treatment), (INSTITUTION, elsewhere)] {
        let gone =
            json!([{ "interventionId": id, "from": "2026-11-20", "droppedOutOn": "2026-11-20" }]);
        told(&app, who, gone).await;
    }
    app.run_due_jobs().await;
    let expected = ["answer-absence"; 2].map(|kind| signal(kind, "2026-11-30", Value::Null));
    assert_eq!(signals(&app).await, expected, "the caseworker alone");
    for case in [treated, moved] {
        let path = format!("/api/v1/young-people/{}", case.young_person);
        assert_eq!(app.as_(COUNSELLOR).get(&path).await.status, 404);
    }
}

/// What was reported of the wrong one is taken out, and the access that it gave ends.
#[actix_web::test]
async fn ab_01_yp_08_a_signal_by_mistake_leaves_no_access() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    let gone =
        json!([{ "interventionId": id, "from": "2026-11-20", "droppedOutOn": "2026-11-20" }]);
    told(&app, INSTITUTION, gone).await;
    app.run_due_jobs().await;
    let person = format!("/api/v1/young-people/{}", case.young_person);
    app.as_(COUNSELLOR).get(&person).await.expect(200);
    let wrong = json!({ "written": "intervention", "writtenId": id, "reason": "Forkert ung." });
    done(app.as_(CASEWORKER).post(&format!("{person}/corrections"), wrong)).await;
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(app.as_(COUNSELLOR).get(&person).await.status, 404);
}

/// What was signalled of two registrations while they were one is of the one it was about.
#[actix_web::test]
async fn ab_01_yp_08_a_signal_follows_its_young_person_when_a_merge_is_undone() {
    let app = TestApp::new().await;
    let kept = app.young_person(CASEWORKER).await;
    let (twin, id) = attending(&app, "vaeksthuset").await;
    let path = |id: Uuid| format!("/api/v1/young-people/{id}");
    let body = json!({ "mergedId": twin.young_person, "reason": "Registreret to gange." });
    let merge = app.as_("jv.teamleder").post(&format!("{}/merge", path(kept.id())), body);
    let merged = done(merge.if_match(kept.version())).await;
    let gone =
        json!([{ "interventionId": id, "from": "2026-11-20", "droppedOutOn": "2026-11-20" }]);
    told(&app, INSTITUTION, gone).await;
    app.run_due_jobs().await;
    app.as_(COUNSELLOR).get(&path(kept.id())).await.expect(200);
    let undo = format!("/api/v1/merges/{}/undo", merged.id());
    let undo = app.as_("jv.teamleder").post(&undo, json!({ "reason": "To personer." }));
    done(undo.if_match(1)).await;
    app.as_(COUNSELLOR).get(&path(twin.young_person)).await.expect(200);
    assert_eq!(app.as_(COUNSELLOR).get(&path(kept.id())).await.status, 404);
}

/// Nobody drops out unseen from what runs on after the plan.
#[actix_web::test]
async fn ab_01_pl_07_what_is_carried_on_is_signalled_to_those_who_carry_it_on() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "vaeksthuset").await;
    let unit = app.unit("jobspor");
    let close = json!({ "outcome": "employment", "carryOn": [{ "unitId": unit, "interventionIds": [id] }] });
    done(plan_step(&app, CASEWORKER, case.plan, "close", close).await).await;
    let gone =
        json!([{ "interventionId": id, "from": "2026-11-20", "droppedOutOn": "2026-11-20" }]);
    told(&app, INSTITUTION, gone).await;
    app.run_due_jobs().await;
    let asked = tasks(&app, "answer-absence").await;
    assert_eq!((asked.len(), &asked[0]["writing_unit_id"]), (1, &json!(unit)));
    assert_eq!(tasks(&app, "guide-absentee").await.len(), 1);
}

/// Whoever of UU takes part in the plan has the signal, and who does no more has lost it; the institution's is its own.
#[actix_web::test]
async fn ab_01_the_signal_is_asked_of_whoever_guides_now() {
    let app = TestApp::new().await;
    let (case, id) = attending(&app, "fgu").await;
    app.at("2026-11-25T09:00:00Z");
    told(&app, FGU, json!([{ "interventionId": id, "from": "2026-11-11" }])).await;
    app.run_due_jobs().await;
    let guides = async || -> Vec<(Value, Value, Value)> {
        let all = tasks(&app, "guide-absentee").await;
        let open = all.iter().filter(|task| task["ended"].is_null());
        let own = |task: &Value| {
            (
                task["writing_unit_id"].clone(),
                task["employee_id"].clone(),
                task["young_person_id"].clone(),
            )
        };
        open.map(own).collect()
    };
    let person = json!(case.young_person);
    let fallback = (json!(app.unit("uu-vejledningen")), Value::Null, person.clone());
    assert_eq!(guides().await, [fallback]);
    done(join(&app, CASEWORKER, case.plan, "mentor")).await;
    app.run_due_jobs().await;
    let mentor = (json!(app.unit("uu-mentorer")), json!(app.employee("mentor")), person);
    assert_eq!(guides().await, [mentor]);
    app.advance(chrono::TimeDelta::minutes(1));
    let path = format!("/api/v1/young-people/{}", case.young_person);
    assert_eq!(app.as_(COUNSELLOR).get(&path).await.status, 404, "they guide no more");
    // Another coordinator has the caseworker's task, and not the institution's.
    let before = tasks(&app, "contact-absent").await;
    let other = json!({ "coordinatorId": app.employee("jv.sagsbehandler2") });
    done(plan_step(&app, CASEWORKER, case.plan, "coordinator", other).await).await;
    assert_eq!(tasks(&app, "contact-absent").await, before);
    let asked = tasks(&app, "answer-absence").await;
    assert_eq!(asked[0]["employee_id"], json!(app.employee("jv.sagsbehandler2")));
}
