//! Deadlines: data, tasks as a level, exemptions, what rises and what is counted (DL-1 to DL-5), the gap list (AB-2),
//! and the clocks of 15-17-year-olds (HL-9).

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, close, done, join, number, plan_step, refer,
    referral, referred, refused, registration, shared_plan, step,
};
use domain::tasks::TaskKind;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use strum::VariantArray as _;
use test_support::contract::operations;
use test_support::{Answer, OpenCase, TestApp};
use uuid::Uuid;

const NONE: [Value; 0] = [];
const LEADER: &str = "jv.teamleder";

/// The tasks of a kind, as they lie there.
async fn tasks(app: &TestApp, kind: &str) -> Vec<Value> {
    app.sql(&format!("SELECT * FROM task WHERE kind = '{kind}' ORDER BY made_at, id")).await
}

/// The only task of a kind.
async fn task(app: &TestApp, kind: &str) -> Value {
    let mut all = tasks(app, kind).await;
    assert_eq!(all.len(), 1, "{kind}: {all:?}");
    all.remove(0)
}

fn mine<'a>(answer: &'a Answer, kind: &str) -> Vec<&'a Value> {
    answer.items().iter().filter(|task| task["kind"] == kind).collect()
}

/// What the due jobs tell, in both instances at once and again.
async fn run_everywhere(app: &TestApp, other: &TestApp) {
    join_all(vec![
        app.run_due_jobs(),
        other.run_due_jobs(),
        app.run_due_jobs(),
        other.run_due_jobs(),
    ])
    .await;
}

/// A benefit of the young person from a day on.
async fn benefit(app: &TestApp, case: OpenCase, kind: &str, from: &str) -> Uuid {
    let path = format!("/api/v1/young-people/{}/benefits", case.young_person);
    done(app.as_(CASEWORKER).post(&path, json!({ "kind": kind, "from": from }))).await.id()
}

async fn talk(app: &TestApp, who: &str, person: Uuid, form: &str, with_them: bool) {
    let mut body = json!({
        "informationArea": "education-and-employment", "tookPlaceAt": app.now(), "form": form,
        "youngPersonTookPart": with_them, "text": "x",
    });
    if form != "letter" {
        body["minutes"] = json!(20);
    }
    if !with_them {
        body["tookPart"] = json!(["Arbejdsgiver"]);
    }
    done(app.as_(who).post(&format!("/api/v1/young-people/{person}/conversations"), body)).await;
}

#[actix_web::test]
async fn dl_01_every_deadline_is_a_row_that_anybody_can_read() {
    let app = TestApp::new().await;
    let rules = app.as_("admin").get("/api/v1/deadline-rules").await.expect(200);
    let codes: BTreeSet<&str> =
        rules.items().iter().map(|rule| rule["code"].as_str().unwrap()).collect();
    // What a contact asks for is due when the contact is (HL-3), what was agreed at a meeting on the day that was agreed (TM-8).
    let with_a_day = [TaskKind::AnswerHotline, TaskKind::HotlineNotice, TaskKind::AgreedAtMeeting];
    let kinds: Vec<TaskKind> =
        TaskKind::VARIANTS.iter().copied().filter(|kind| !with_a_day.contains(kind)).collect();
    assert_eq!(codes, kinds.iter().map(<&str>::from).chain(["raise-overdue"]).collect());
    for kind in &kinds {
        let rule = rules.items().iter().find(|rule| rule["code"] == <&str>::from(*kind)).unwrap();
        assert_eq!(
            (&rule["rule"], &rule["act"]),
            (&json!(kind.rule()), &json!(kind.act())),
            "{kind:?}"
        );
    }
    let first =
        rules.items().iter().find(|rule| rule["code"] == "hold-first-conversation").unwrap();
    assert_eq!(
        json!([
            first["startsFrom"],
            first["of"],
            first["length"],
            first["unit"],
            first["whose"],
            first["source"]
        ]),
        json!(["benefit", ["uddannelseshjaelp"], 7, "days", "coordinator", "S2"])
    );
    let hidden = app.as_("styregruppe").get("/api/v1/deadline-rules").await;
    assert_eq!(hidden.problem(), (403, "access.denied"));
}

/// DL-1: what a rule says is what is done, also from the day on which another one holds.
#[actix_web::test]
async fn dl_01_law_moves_and_with_it_the_deadline() {
    let app = TestApp::new().await;
    app.execute(
        "UPDATE deadline_rule SET valid_to = '2026-11-22' WHERE code = 'hold-first-conversation';
         INSERT INTO deadline_rule (code, valid_from, rule, starts_from, of, length, unit, whose, act, source)
         VALUES ('hold-first-conversation', '2026-11-23', 'DL-1', 'benefit', '{uddannelseshjaelp}', 3, 'days', 'coordinator', 'writeConversation', 'x')",
    )
    .await;
    let (old, new) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    benefit(&app, old, "uddannelseshjaelp", "2026-11-22").await;
    benefit(&app, new, "uddannelseshjaelp", "2026-11-23").await;
    app.run_due_jobs().await;
    let due: BTreeSet<String> = tasks(&app, "hold-first-conversation")
        .await
        .iter()
        .map(|task| task["due_on"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(due, BTreeSet::from(["2026-11-29".to_owned(), "2026-11-26".to_owned()]));
    // The amounts are read, not repeated.
    app.execute("UPDATE deadline_rule SET length = 2 WHERE code = 'hand-over'").await;
    let path = format!("/api/v1/young-people/{}/residence", old.young_person);
    let away = json!({ "from": "2026-11-20", "municipalityCode": "0751", "source": "register" });
    done(app.as_(CASEWORKER).post(&path, away)).await;
    assert_eq!(task(&app, "hand-over").await["due_on"], "2026-11-25");
}

#[actix_web::test]
async fn dl_01_dl_02_the_first_conversation_is_asked_for_and_ended_by_being_held() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    benefit(&app, case, "uddannelseshjaelp", "2026-11-20").await;
    app.run_due_jobs().await;
    let list = app.as_(CASEWORKER).get("/api/v1/tasks?mine=true").await.expect(200);
    let asked = mine(&list, "hold-first-conversation")[0].clone();
    assert_eq!(
        json!([
            asked["dueOn"],
            asked["originalDueOn"],
            asked["rule"],
            asked["act"],
            asked["actPath"],
            asked["text"],
            asked["why"],
            asked["broken"]
        ]),
        json!([
            "2026-11-27",
            "2026-11-27",
            "DL-1",
            "writeConversation",
            format!("/api/v1/young-people/{person}/conversations"),
            "Hold den første samtale",
            "Den unge får uddannelseshjælp",
            false
        ])
    );
    // Neither a letter, nor a talk about them, nor one with another unit is it.
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    talk(&app, CASEWORKER, person, "letter", true).await;
    talk(&app, CASEWORKER, person, "telephone", false).await;
    talk(&app, COUNSELLOR, person, "telephone", true).await;
    app.run_due_jobs().await;
    assert_eq!(task(&app, "hold-first-conversation").await["done_at"], Value::Null);
    app.at("2026-11-27T20:00:00Z");
    talk(&app, "jv.sagsbehandler2", person, "telephone", true).await;
    let ended = task(&app, "hold-first-conversation").await;
    assert_eq!(
        (&ended["ended"], ended["done_at"].as_str().unwrap().get(..10)),
        (&json!("act"), Some("2026-11-27"))
    );
    app.run_due_jobs().await;
    assert_eq!(task(&app, "hold-first-conversation").await, ended, "and stays so");
}

#[actix_web::test]
async fn dl_02_who_was_spoken_with_first_is_never_asked_about() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    talk(&app, CASEWORKER, case.young_person, "face-to-face", true).await;
    benefit(&app, case, "uddannelseshjaelp", "2026-11-23").await;
    for day in ["2026-11-23", "2026-12-05"] {
        app.at(&format!("{day}T20:00:00Z"));
        app.run_due_jobs().await;
    }
    assert_eq!(tasks(&app, "hold-first-conversation").await, NONE);
    // What began long before it was told is history.
    let other = app.active_plan(CASEWORKER).await;
    benefit(&app, other, "uddannelseshjaelp", "2026-09-01").await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "hold-first-conversation").await, NONE);
}

/// A conversation that was written on the wrong young person ends nobody's deadline.
/// Who had the case then spoke with them in time; that another unit has it now asks for nothing anew.
#[actix_web::test]
async fn dl_02_an_act_stands_when_another_unit_has_the_case() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    benefit(&app, case, "uddannelseshjaelp", "2026-11-23").await;
    talk(&app, CASEWORKER, case.young_person, "telephone", true).await;
    let before = tasks(&app, "hold-first-conversation").await;
    close(&app, CASEWORKER, case.plan).await;
    app.at("2027-01-11T09:00:00Z");
    app.plan(COUNSELLOR, case.young_person).await;
    app.run_due_jobs().await;
    assert_eq!(tasks(&app, "hold-first-conversation").await, before);
}

#[actix_web::test]
async fn dl_03_yp_08_an_act_that_is_voided_ends_nothing() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    benefit(&app, case, "sygedagpenge", "2026-11-23").await;
    app.run_due_jobs().await;
    talk(&app, CASEWORKER, case.young_person, "telephone", true).await;
    let asked = task(&app, "call-sick-listed").await;
    assert_eq!((&asked["ended"], &asked["due_on"]), (&json!("act"), &json!("2026-11-30")));
    let talks = format!("/api/v1/young-people/{}/conversations", case.young_person);
    let talk = app.as_(CASEWORKER).get(&talks).await.items()[0]["id"].clone();
    let wrong = json!({ "written": "journal-entry", "writtenId": talk, "reason": "Forkert ung." });
    done(
        app.as_(CASEWORKER)
            .post(&format!("/api/v1/young-people/{}/corrections", case.young_person), wrong),
    )
    .await;
    app.run_due_jobs().await;
    let again = task(&app, "call-sick-listed").await;
    assert_eq!(
        (&again["id"], &again["ended"], &again["done_at"]),
        (&asked["id"], &Value::Null, &Value::Null)
    );
}

/// DL-3: ten days of standing still, then everything due is told once, however many run at once.
#[actix_web::test]
async fn dl_03_after_the_service_stood_still_each_notice_is_told_once() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let mut cases = Vec::new();
    for _ in 0..6 {
        let case = app.active_plan(CASEWORKER).await;
        benefit(&app, case, "uddannelseshjaelp", "2026-11-23").await;
        cases.push(case);
    }
    // Nobody runs for ten days and more; then all at once.
    app.at("2026-12-08T09:00:00Z");
    run_everywhere(&app, &second).await;
    let told = tasks(&app, "hold-first-conversation").await;
    assert_eq!(told.len(), 6);
    for _ in 0..3 {
        run_everywhere(&app, &second).await;
        app.advance(chrono::TimeDelta::days(1));
    }
    let again = tasks(&app, "hold-first-conversation").await;
    let ids = |tasks: &[Value]| tasks.iter().map(|task| task["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&told), "each is asked for once");
    assert!(again.iter().all(|task| !task["raised_at"].is_null()), "and has risen");
    let risen = "SELECT subject_id, count(*) FROM event WHERE kind = 'task.raised'
                  AND payload ->> 'task' = 'hold-first-conversation' GROUP BY 1";
    let risen = app.sql(risen).await;
    assert_eq!(risen.len(), 6);
    assert!(risen.iter().all(|one| one["count"] == 1), "each rose once: {risen:?}");
}

/// DL-3: the day from which a deadline runs is moved there and back.
#[actix_web::test]
async fn dl_03_moved_back_and_forth_it_is_told_once_and_due_as_it_stands() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = benefit(&app, case, "uddannelseshjaelp", "2026-11-10").await;
    let from = async |day: &str| {
        app.execute(&format!("UPDATE benefit_episode SET from_day = '{day}' WHERE id = '{id}'"))
            .await;
        run_everywhere(&app, &second).await;
    };
    run_everywhere(&app, &second).await;
    let first = task(&app, "hold-first-conversation").await;
    assert_eq!((&first["due_on"], first["raised_at"].is_null()), (&json!("2026-11-17"), false));
    for (day, due, stands) in [
        ("2026-11-20", "2026-11-27", true),
        ("2026-12-01", "2026-11-27", false),
        ("2026-11-10", "2026-11-17", true),
        ("2026-11-20", "2026-11-27", true),
        ("2026-11-10", "2026-11-17", true),
    ] {
        from(day).await;
        let now = task(&app, "hold-first-conversation").await;
        assert_eq!((&now["id"], &now["due_on"]), (&first["id"], &json!(due)), "{day}");
        assert_eq!(now["ended"] == "lapsed", !stands, "{day}");
    }
    let risen = app.sql("SELECT 1 FROM event WHERE kind = 'task.raised'").await;
    assert_eq!(risen.len(), 1, "it rose once");
    // Voided, nothing is asked for any more.
    let wrong = json!({ "written": "benefit-episode", "writtenId": id, "reason": "Forkert ung." });
    done(
        app.as_(CASEWORKER)
            .post(&format!("/api/v1/young-people/{}/corrections", case.young_person), wrong),
    )
    .await;
    run_everywhere(&app, &second).await;
    assert_eq!(tasks(&app, "hold-first-conversation").await, NONE);
}

#[actix_web::test]
async fn dl_01_immediate_activation_leads_to_an_internship_within_a_month() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.started(CASEWORKER, case.plan, "jobigen").await;
    app.run_due_jobs().await;
    assert_eq!(task(&app, "start-internship").await["due_on"], "2026-12-23");
    app.at("2026-12-10T09:00:00Z");
    app.started(CASEWORKER, case.plan, "virksomhedspraktik").await;
    assert_eq!(task(&app, "start-internship").await["ended"], "act");
}

#[actix_web::test]
async fn dl_04_a_deadline_is_moved_by_a_stated_exemption_alone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    benefit(&app, case, "uddannelseshjaelp", "2026-11-23").await;
    app.run_due_jobs().await;
    let id = task(&app, "hold-first-conversation").await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/tasks/{id}/exempt");
    let version =
        async || app.as_(LEADER).get(&format!("/api/v1/tasks/{id}")).await.expect(200).version();
    let exempt = async |body: Value| app.as_(LEADER).post(&path, body).if_match(version().await);
    // A shorter one than the deadline itself moves nothing, but is kept.
    let given = done(exempt(json!({ "reason": "Indlagt.", "days": 2 })).await).await;
    assert_eq!(
        json!([
            given.body["dueOn"],
            given.body["originalDueOn"],
            given.body["exemption"],
            given.body["broken"]
        ]),
        json!(["2026-11-30", "2026-11-30", "Indlagt.", false])
    );
    let given =
        done(exempt(json!({ "reason": "Indlagt igen.", "until": "2026-12-15" })).await).await;
    assert_eq!(
        (&given.body["dueOn"], &given.body["originalDueOn"]),
        (&json!("2026-12-15"), &json!("2026-11-30"))
    );
    let event = app.sql("SELECT payload FROM event WHERE kind = 'task.exempted' ORDER BY recorded_at DESC, id DESC LIMIT 1").await;
    assert_eq!(
        event[0]["payload"],
        json!({ "task": "hold-first-conversation", "reason": "Indlagt igen.", "until": "2026-12-15",
                "originalDueOn": "2026-11-30", "dueOn": "2026-12-15", "wasOverdue": false })
    );
    // Past due it stays broken, also once it is exempted and done in time.
    app.at("2026-12-22T09:00:00Z");
    app.run_due_jobs().await;
    assert!(!task(&app, "hold-first-conversation").await["raised_at"].is_null());
    let given = done(exempt(json!({ "reason": "Aftalt.", "days": 10 })).await).await;
    assert_eq!(
        json!([given.body["dueOn"], given.body["broken"], given.body["raisedAt"]]),
        json!(["2027-01-01", true, null])
    );
    talk(&app, CASEWORKER, case.young_person, "video", true).await;
    let read = app.as_(LEADER).get(&format!("/api/v1/tasks/{id}")).await;
    assert_eq!(
        (&read.body["broken"], &read.body["originalDueOn"]),
        (&json!(true), &json!("2026-11-30"))
    );
    refused(&app, exempt(json!({ "reason": "x", "days": 1 })).await, (409, "task.done-already"))
        .await;
}

#[actix_web::test]
async fn dl_04_an_exemption_has_a_reason_an_end_and_a_leader() {
    let app = TestApp::new().await;
    app.active_plan(CASEWORKER).await;
    let review = task(&app, "hold-review").await;
    let path = format!("/api/v1/tasks/{}/exempt", review["id"].as_str().unwrap());
    let call = |who, body| app.as_(who).post(&path, body).if_match(1);
    let week = || json!({ "reason": "x", "days": 7 });
    refused(&app, call(CASEWORKER, week()), (403, "access.denied")).await;
    refused(&app, call("social.teamleder", week()), (404, "not-found")).await;
    refused(&app, app.as_(LEADER).post(&path, week()), (428, "version.missing")).await;
    for (body, pointer) in [
        (json!({ "reason": "x" }), "/until"),
        (json!({ "reason": "x", "days": 1, "until": "2026-12-01" }), "/days"),
        (json!({ "days": 1 }), "/reason"),
        (json!({ "reason": "x", "days": 0 }), "/days"),
        (json!({ "reason": "x", "days": 366 }), "/days"),
    ] {
        let answer = refused(&app, call(LEADER, body), (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    for until in ["2026-11-23", "2027-11-24"] {
        let body = json!({ "reason": "x", "until": until });
        let answer = refused(&app, call(LEADER, body), (409, "task.exemption-out-of-range")).await;
        assert_eq!(
            (&answer.body["from"], &answer.body["to"]),
            (&json!("2026-11-24"), &json!("2027-11-23"))
        );
    }
    // Of two at once one is stale.
    let answers =
        join_all([call(LEADER, week()).into_future(), call(LEADER, week()).into_future()]).await;
    let mut problems: Vec<_> = answers.iter().map(Answer::problem).collect();
    problems.sort_unstable();
    assert_eq!(problems, [(200, ""), (412, "version.stale")]);
}

#[actix_web::test]
async fn dl_05_what_is_three_working_days_past_due_rises_to_the_leader() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    benefit(&app, case, "uddannelseshjaelp", "2026-11-19").await;
    // Due on Thursday the 26th; Friday, Monday and Tuesday are the working days after.
    for (now, risen) in [("2026-11-26", 0), ("2026-11-30", 0), ("2026-12-01", 1), ("2026-12-02", 1)]
    {
        app.at(&format!("{now}T09:00:00Z"));
        app.run_due_jobs().await;
        let list = app.as_(LEADER).get("/api/v1/tasks?raised=true").await.expect(200);
        assert_eq!(mine(&list, "hold-first-conversation").len(), risen, "{now}");
        assert!(
            list.items().iter().all(|task| task["broken"] == true && !task["raisedAt"].is_null())
        );
    }
    for who in [STRANGER, "social.teamleder"] {
        assert!(
            app.as_(who).get("/api/v1/tasks?raised=true").await.expect(200).items().is_empty(),
            "{who}"
        );
    }
    talk(&app, CASEWORKER, case.young_person, "telephone", true).await;
    assert!(app.as_(LEADER).get("/api/v1/tasks?raised=true").await.items().is_empty());
}

#[actix_web::test]
async fn dl_05_ac_08_kept_and_broken_are_counted_and_small_hidden_numbers_are_not() {
    let app = TestApp::new().await;
    let mut people = Vec::new();
    for kept in [true, true, false] {
        let case = app.active_plan(CASEWORKER).await;
        benefit(&app, case, "uddannelseshjaelp", "2026-11-23").await;
        people.push((case, kept));
    }
    app.run_due_jobs().await;
    for (case, _) in people.iter().filter(|(_, kept)| *kept) {
        talk(&app, CASEWORKER, case.young_person, "telephone", true).await;
    }
    let path = format!("/api/v1/units/{}/deadlines", app.unit("jobspor"));
    let counted = async || {
        let answer =
            app.as_(LEADER).get(&format!("{path}?from=2026-11&to=2026-12")).await.expect(200);
        answer.items().to_vec()
    };
    let cell = |kept: Value, broken: Value| {
        json!({ "month": "2026-11", "kind": "hold-first-conversation", "rule": "DL-1",
                "suppressed": kept.is_null(), "kept": kept, "broken": broken })
    };
    assert_eq!(
        counted().await,
        [cell(json!(2), json!(0))],
        "what is open and not past due is not counted"
    );
    app.at("2026-12-01T09:00:00Z");
    assert_eq!(counted().await, [cell(json!(2), json!(1))]);
    // Done late it is broken all the same.
    talk(&app, CASEWORKER, people[2].0.young_person, "telephone", true).await;
    assert_eq!(counted().await, [cell(json!(2), json!(1))]);
    // Of people whom the leader sees no more nothing is told, until there are five.
    let gone = people[0].0.young_person;
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '2026-11-30Z' WHERE young_person_id = '{gone}'"
    ))
    .await;
    assert_eq!(counted().await, [cell(Value::Null, Value::Null)]);
    app.execute(&format!(
        "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at, done_at, ended)
         SELECT gen_random_uuid(), '{gone}', 4, '{}', 'hold-first-conversation', gen_random_uuid(), '2026-11-30', '2026-11-23Z', '2026-11-24Z', 'act'
           FROM generate_series(1, 4)",
        app.unit("jobspor")
    ))
    .await;
    assert_eq!(counted().await, [cell(json!(6), json!(1))]);
    for who in [CASEWORKER, STRANGER, "social.teamleder"] {
        assert_eq!(app.as_(who).get(&path).await.problem(), (403, "access.denied"), "{who}");
    }
    assert_eq!(
        app.as_(LEADER).get(&format!("{path}?from=2026-1")).await.problem(),
        (422, "request.invalid")
    );
}

/// HL-9: a 16-year-old of UU's, with an active plan.
async fn sixteen(app: &TestApp) -> OpenCase {
    let body = registration(app, COUNSELLOR, &number("2010-05-14", 901));
    let young_person = done(app.as_(COUNSELLOR).post("/api/v1/young-people", body)).await.id();
    let plan = app.plan(COUNSELLOR, young_person).await;
    let path = format!("/api/v1/plans/{}/activate", plan.id());
    let plan = done(app.as_(COUNSELLOR).post_nothing(&path).if_match(plan.version())).await;
    OpenCase { young_person, plan: plan.id(), version: plan.version() }
}

#[actix_web::test]
async fn hl_09_two_clocks_run_one_from_the_end_of_the_other() {
    let app = TestApp::new().await;
    let case = sixteen(&app).await;
    let path = format!("/api/v1/young-people/{}/activity-clocks", case.young_person);
    let start = |who| app.as_(who).post(&path, json!({ "on": "2026-11-23" }));
    refused(&app, start(STRANGER), (404, "not-found")).await;
    let ahead = app.as_(COUNSELLOR).post(&path, json!({ "on": "2026-11-24" }));
    refused(&app, ahead, (422, "request.invalid")).await;
    let clocks = done(start(COUNSELLOR)).await;
    assert_eq!(
        (&clocks.body["contactDueOn"], &clocks.body["activityDueOn"]),
        (&json!("2026-11-30"), &Value::Null)
    );
    refused(&app, start(COUNSELLOR), (409, "activity-clock.already-running")).await;
    assert_eq!(tasks(&app, "start-activity").await, NONE, "it begins with the contact");

    app.at("2026-11-25T20:00:00Z");
    talk(&app, COUNSELLOR, case.young_person, "telephone", true).await;
    assert_eq!(task(&app, "contact-young-person").await["ended"], "act");
    let activity = task(&app, "start-activity").await;
    assert_eq!((&activity["due_on"], &activity["ended"]), (&json!("2026-12-25"), &Value::Null));
    assert_eq!(activity["employee_id"], json!(app.employee(COUNSELLOR)));
    refused(&app, start(COUNSELLOR), (409, "activity-clock.already-running")).await;

    app.at("2026-12-01T09:00:00Z");
    let school = json!({
        "kind": "education", "name": "GF1", "place": "Mercantec", "days": { "startedOn": "2026-12-01" }, "source": "institution",
    });
    let path = format!("/api/v1/young-people/{}/education-and-work", case.young_person);
    done(app.as_(COUNSELLOR).post(&path, school)).await;
    assert_eq!(task(&app, "start-activity").await["ended"], "act");
    let again = app.as_(COUNSELLOR).post(
        &format!("/api/v1/young-people/{}/activity-clocks", case.young_person),
        json!({ "on": "2026-12-01" }),
    );
    done(again).await;
}

/// An activity that began before they spoke is one all the same; what was said before the call is no contact about it.
#[actix_web::test]
async fn hl_09_the_clocks_run_from_the_call() {
    let app = TestApp::new().await;
    let case = sixteen(&app).await;
    talk(&app, COUNSELLOR, case.young_person, "telephone", true).await;
    app.advance(chrono::TimeDelta::hours(1));
    let call = json!({
        "callerKind": "institution", "channel": "phone", "topic": "absence", "urgency": "high", "summary": "Møder ikke op.",
        "planNotFollowed": true, "cpr": number("2010-05-14", 901),
    });
    app.as_("uu.hotline").post("/api/v1/hotline/contacts", call).await.expect(201);
    app.run_queued_jobs().await;
    assert_eq!(task(&app, "contact-young-person").await["ended"], Value::Null);
    app.at("2026-11-25T09:00:00Z");
    let school = json!({
        "kind": "education", "name": "GF1", "place": "Mercantec", "days": { "startedOn": "2026-11-25" }, "source": "institution",
    });
    let path = format!("/api/v1/young-people/{}/education-and-work", case.young_person);
    done(app.as_(COUNSELLOR).post(&path, school)).await;
    app.at("2026-11-27T09:00:00Z");
    talk(&app, COUNSELLOR, case.young_person, "telephone", true).await;
    app.run_due_jobs().await;
    assert_eq!(task(&app, "contact-young-person").await["ended"], "act");
    assert_eq!(tasks(&app, "start-activity").await, NONE, "it has begun");
}

#[actix_web::test]
async fn hl_09_the_clocks_are_for_those_under_18_and_start_once_at_a_time() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let adult = app.active_plan(CASEWORKER).await;
    let path = format!("/api/v1/young-people/{}/activity-clocks", adult.young_person);
    let answer = refused(
        &app,
        app.as_(CASEWORKER).post(&path, json!({ "on": "2026-11-23" })),
        (409, "activity-clock.age-out-of-range"),
    )
    .await;
    assert_eq!(answer.body["age"], 20);
    let case = sixteen(&app).await;
    let path = format!("/api/v1/young-people/{}/activity-clocks", case.young_person);
    let start = |on: usize| {
        let app = if on.is_multiple_of(2) { &app } else { &second };
        app.as_(COUNSELLOR).post(&path, json!({ "on": "2026-11-23" })).into_future()
    };
    let answers = join_all((0..6).map(start)).await;
    let mut problems: Vec<_> = answers.iter().map(Answer::problem).collect();
    problems.sort_unstable();
    assert_eq!(problems[0], (201, ""));
    assert!(
        problems[1..].iter().all(|one| *one == (409, "activity-clock.already-running")),
        "{problems:?}"
    );
    task(&app, "contact-young-person").await;
    // At 18 the law asks no more; what was past due by then stays broken.
    app.at("2028-05-14T09:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(task(&app, "contact-young-person").await["ended"], "lapsed");
}

#[actix_web::test]
async fn hl_09_a_contact_starts_the_clocks_of_whom_the_law_means_and_of_nobody_else() {
    let app = TestApp::new().await;
    let (first, second) = (sixteen(&app).await, app.active_plan(CASEWORKER).await);
    let adult = app.numbers_used().pop().unwrap();
    let log = async |number: Option<&str>| {
        let mut body = json!({
            "callerKind": "institution", "channel": "phone", "topic": "other", "urgency": "normal", "summary": "Møder ikke op.",
            "planNotFollowed": true, "onlyInformation": true, "calledAt": "2026-11-20T12:00:00Z",
        });
        if let Some(number) = number {
            body["cpr"] = json!(number);
        }
        let answer = app.as_("uu.hotline").post("/api/v1/hotline/contacts", body).await.expect(201);
        app.run_queued_jobs().await;
        answer
    };
    let link = async |contact: &Answer, number: &str| {
        let path = format!("/api/v1/hotline/contacts/{}/link", contact.id());
        let body = json!({ "cpr": number, "reason": "Nu kendt." });
        let call = app.as_("uu.hotline").post(&path, body);
        let answer = call.if_match(contact.version()).await.expect(200);
        app.run_queued_jobs().await;
        answer
    };
    log(Some(&adult)).await;
    assert_eq!(tasks(&app, "contact-young-person").await, NONE, "20 years old");

    // Solved while speaking, and tied later: the clock runs from the call, a Friday.
    let contact = log(None).await;
    let contact = link(&contact, &number("2010-05-14", 901)).await;
    let asked = task(&app, "contact-young-person").await;
    assert_eq!(
        (&asked["due_on"], &asked["employee_id"], &asked["young_person_id"]),
        (&json!("2026-11-27"), &json!(app.employee(COUNSELLOR)), &json!(first.young_person))
    );
    let timeline = format!("/api/v1/young-people/{}/timeline", first.young_person);
    let timeline = app.as_(COUNSELLOR).get(&timeline).await.expect(200);
    assert!(timeline.items().iter().any(|event| event["kind"] == "activity-clocks.started"));
    log(Some(&number("2010-05-14", 901))).await;
    task(&app, "contact-young-person").await;

    // It was about somebody else: they run for nobody, and may start again.
    link(&contact, &adult).await;
    assert_eq!(task(&app, "contact-young-person").await["ended"], "lapsed");
    run_everywhere(&app, &app.instance().await).await;
    assert_eq!(task(&app, "contact-young-person").await["ended"], "lapsed");
    log(Some(&number("2010-05-14", 901))).await;
    let all = tasks(&app, "contact-young-person").await;
    assert_eq!(all.iter().filter(|task| task["ended"].is_null()).count(), 1, "{all:?}");
    assert!(all.iter().all(|task| task["young_person_id"] != json!(second.young_person)));
}

#[actix_web::test]
async fn ab_02_a_plan_without_anything_agreed_is_on_the_gap_list_and_asked_about_once() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let (case, busy) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    app.started(CASEWORKER, busy.plan, "hverdagsmestring").await;
    let gaps = async |who: &str| -> Vec<Value> {
        let list = app.as_(who).get("/api/v1/gap-list").await.expect(200);
        list.items().iter().map(|gap| gap["id"].clone()).collect()
    };
    app.at("2026-12-06T09:00:00Z");
    run_everywhere(&app, &second).await;
    assert!(gaps(CASEWORKER).await.is_empty(), "13 days");
    app.at("2026-12-07T09:00:00Z");
    run_everywhere(&app, &second).await;
    for who in [CASEWORKER, "jv.sagsbehandler2", LEADER] {
        assert_eq!(gaps(who).await, [json!(case.plan)], "{who}");
    }
    // A basis that does not open the plan tells of none of its gaps (AC-10).
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES (gen_random_uuid(), '{}', '{}', 'unit', 'law', 5, gen_random_uuid(), 'x', '2026-11-01Z')",
        case.young_person,
        app.unit_of(COUNSELLOR)
    ))
    .await;
    for who in [STRANGER, COUNSELLOR, INSTITUTION] {
        assert!(gaps(who).await.is_empty(), "{who}");
    }
    let asked = task(&app, "close-gap").await;
    assert_eq!(
        (&asked["due_on"], &asked["employee_id"], &asked["occasion"]),
        (&json!("2026-12-14"), &json!(app.employee(CASEWORKER)), &json!("2026-11-23"))
    );
    // A referral ends it.
    let referred =
        done(refer(&app, CASEWORKER, case.plan, referral(&app, "hverdagsmestring"))).await;
    assert!(gaps(CASEWORKER).await.is_empty());
    assert_eq!(task(&app, "close-gap").await["ended"], "act");
    // Withdrawn, another gap begins, and is asked about anew.
    done(step(&app, CASEWORKER, referred.id(), "withdraw", json!({})).await).await;
    app.at("2026-12-20T09:00:00Z");
    run_everywhere(&app, &second).await;
    assert_eq!(tasks(&app, "close-gap").await.len(), 1);
    app.at("2026-12-21T09:00:00Z");
    run_everywhere(&app, &second).await;
    run_everywhere(&app, &second).await;
    let all = tasks(&app, "close-gap").await;
    assert_eq!(
        (all.len(), &all[1]["occasion"], &all[1]["ended"]),
        (2, &json!("2026-12-07"), &Value::Null)
    );
    // A closed plan has no gaps.
    close(&app, CASEWORKER, case.plan).await;
    run_everywhere(&app, &second).await;
    assert!(gaps(CASEWORKER).await.is_empty());
    assert_eq!(tasks(&app, "close-gap").await[1]["ended"], "lapsed");
}

#[actix_web::test]
async fn ab_02_a_plan_is_exempt_for_a_time_with_a_reason_and_an_end() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.at("2026-12-07T09:00:00Z");
    app.run_due_jobs().await;
    let path = format!("/api/v1/plans/{}/exemptions", case.plan);
    let exempt =
        |who, until: &str| app.as_(who).post(&path, json!({ "reason": "Barsel.", "until": until }));
    for until in ["2026-12-06", "2027-06-08"] {
        let answer =
            refused(&app, exempt(CASEWORKER, until), (409, "plan.exemption-out-of-range")).await;
        assert_eq!(
            (&answer.body["from"], &answer.body["to"]),
            (&json!("2026-12-07"), &json!("2027-06-07"))
        );
    }
    refused(&app, exempt(STRANGER, "2026-12-20"), (404, "not-found")).await;
    let given = done(exempt(CASEWORKER, "2026-12-20")).await;
    let listed = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(listed.items(), std::slice::from_ref(&given.body));
    assert_eq!(task(&app, "close-gap").await["ended"], "lapsed");
    let gaps =
        async || app.as_(CASEWORKER).get("/api/v1/gap-list").await.expect(200).items().to_vec();
    app.at("2026-12-20T20:00:00Z");
    assert!(gaps().await.is_empty());
    app.at("2026-12-21T09:00:00Z");
    app.run_due_jobs().await;
    let back = gaps().await;
    assert_eq!(
        (&back[0]["since"], &back[0]["askedOn"]),
        (&json!("2026-11-23"), &json!("2026-12-21"))
    );
    // The same gap, and so the same task, due anew.
    let asked = task(&app, "close-gap").await;
    assert_eq!((&asked["ended"], &asked["due_on"]), (&Value::Null, &json!("2026-12-30")));
    close(&app, CASEWORKER, case.plan).await;
    refused(&app, exempt(CASEWORKER, "2026-12-28"), (409, "plan.closed")).await;
}

/// DL-4: what was broken when the plan was exempted stays counted so, and what is due ahead may rise anew.
#[actix_web::test]
async fn ab_02_dl_04_an_exempted_plan_keeps_what_was_broken() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.at("2026-12-07T09:00:00Z");
    app.run_due_jobs().await;
    app.at("2026-12-20T09:00:00Z");
    app.run_due_jobs().await;
    let overdue = task(&app, "close-gap").await;
    assert_eq!((&overdue["due_on"], overdue["raised_at"].is_null()), (&json!("2026-12-14"), false));
    let exempt = json!({ "reason": "Barsel.", "until": "2027-01-10" });
    let path = format!("/api/v1/plans/{}/exemptions", case.plan);
    done(app.as_(CASEWORKER).post(&path, exempt)).await;
    app.at("2027-01-11T09:00:00Z");
    app.run_due_jobs().await;
    let again = task(&app, "close-gap").await;
    assert_eq!(
        json!([again["id"], again["due_on"], again["missed_on"], again["raised_at"]]),
        json!([overdue["id"], "2027-01-18", "2026-12-14", null])
    );
}

/// The gap is from when the last intervention was withdrawn, whatever is written about it later.
#[actix_web::test]
async fn ab_02_a_gap_begins_when_the_last_one_was_withdrawn() {
    let app = TestApp::new().await;
    let (case, id) = referred(&app, CASEWORKER, "hverdagsmestring").await;
    done(step(&app, CASEWORKER, id, "withdraw", json!({})).await).await;
    app.at("2026-12-10T09:00:00Z");
    app.execute(&format!(
        "SELECT set_config('app.now', '2026-12-10T09:00Z', true); UPDATE intervention SET version = version + 1 WHERE id = '{id}'"
    ))
    .await;
    let gaps = app.as_(CASEWORKER).get("/api/v1/gap-list").await.expect(200);
    assert_eq!(
        (&gaps.items()[0]["id"], &gaps.items()[0]["since"]),
        (&json!(case.plan), &json!("2026-11-23"))
    );
}

#[actix_web::test]
async fn ab_02_the_gap_list_is_paged_the_longest_first() {
    let app = TestApp::new().await;
    let mut plans = Vec::new();
    for day in ["2026-11-03", "2026-11-01", "2026-11-02"] {
        let case = app.active_plan(CASEWORKER).await;
        app.execute(&format!(
            "UPDATE plan SET activated_at = '{day}T09:00Z' WHERE id = '{}'",
            case.plan
        ))
        .await;
        plans.push((day, case.plan));
    }
    plans.sort_unstable();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            app.as_(CASEWORKER).get(&format!("/api/v1/gap-list?limit=1{cursor}")).await.expect(200);
        seen.extend(page.items().iter().map(|gap| gap["id"].clone()));
        let Some(next) = page.body["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, plans.iter().map(|(_, plan)| json!(plan)).collect::<Vec<_>>());
}

/// Whoever coordinates from now on has the deadlines too.
#[actix_web::test]
async fn dl_01_a_deadline_is_whose_case_it_is() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    benefit(&app, case, "uddannelseshjaelp", "2026-11-23").await;
    app.run_due_jobs().await;
    app.advance(chrono::TimeDelta::minutes(1));
    let other = json!({ "coordinatorId": app.employee("jv.sagsbehandler2") });
    done(plan_step(&app, CASEWORKER, case.plan, "coordinator", other).await).await;
    app.run_due_jobs().await;
    let whose = task(&app, "hold-first-conversation").await["employee_id"].clone();
    assert_eq!(whose, json!(app.employee("jv.sagsbehandler2")));
    // Of somebody without a plan it is the unit's.
    let alone = app.young_person(CASEWORKER).await.id();
    let path = format!("/api/v1/young-people/{alone}/benefits");
    done(app.as_(CASEWORKER).post(&path, json!({ "kind": "sygedagpenge", "from": "2026-11-23" })))
        .await;
    app.run_due_jobs().await;
    assert_eq!(task(&app, "call-sick-listed").await["employee_id"], Value::Null);
    let units = app.as_(LEADER).get("/api/v1/tasks").await.expect(200);
    assert_eq!(mine(&units, "call-sick-listed").len(), 1);
}

#[test]
fn dl_02_a_task_links_to_the_operation_that_does_it() {
    let all = operations();
    for kind in TaskKind::VARIANTS {
        let Some(act) = kind.act() else { continue };
        let operation = all.iter().find(|one| one.id == act).unwrap_or_else(|| panic!("{act}"));
        if let Some(path) = kind.act_path() {
            let path = path.replace("{subject}", "{id}").replace("{person}", "{id}");
            assert_eq!(operation.path, format!("/api/v1{path}"), "{kind:?}");
        }
    }
}

#[actix_web::test]
async fn dl_06_school_holidays_are_those_of_a_municipality() {
    let app = TestApp::new().await;
    let ours = app.as_(CASEWORKER).get("/api/v1/school-holidays").await.expect(200);
    assert_eq!(
        ours.items()[0],
        json!({ "municipalityCode": "0791", "from": "2026-10-10", "to": "2026-10-18", "name": "Efterårsferie" })
    );
    let named =
        app.as_(CASEWORKER).get("/api/v1/school-holidays?municipalityCode=0791").await.expect(200);
    assert_eq!(named.items(), ours.items());
    let theirs =
        app.as_(CASEWORKER).get("/api/v1/school-holidays?municipalityCode=0751").await.expect(200);
    assert!(theirs.items().is_empty());
    let wrong = app.as_(CASEWORKER).get("/api/v1/school-holidays?municipalityCode=79").await;
    assert_eq!(wrong.problem(), (422, "request.invalid"));
}
