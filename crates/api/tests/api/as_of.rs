//! PL-11: what a plan was on any day, set against a slow replay of the events.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, done, join, plan_step, refused, shared_plan,
    step,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::{day_of, end_of};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use test_support::{START, TestApp};
use uuid::Uuid;

/// Something that is done to a plan, some hours after what was done before.
#[derive(Debug, Clone)]
enum Act {
    Purpose,
    Goal,
    Result(usize),
    Activate,
    Join,
    Leave,
    Contact(bool),
    Coordinator(bool),
    Refer,
    Start(usize),
    End(usize),
    Withdraw(usize),
    Close,
}

fn act() -> impl Strategy<Value = (i64, Act)> {
    let act = prop_oneof![
        2 => Just(Act::Purpose),
        3 => Just(Act::Goal),
        2 => (0..3_usize).prop_map(Act::Result),
        3 => Just(Act::Activate),
        2 => Just(Act::Join),
        1 => Just(Act::Leave),
        2 => any::<bool>().prop_map(Act::Contact),
        2 => any::<bool>().prop_map(Act::Coordinator),
        3 => Just(Act::Refer),
        3 => (0..2_usize).prop_map(Act::Start),
        3 => (0..2_usize).prop_map(Act::End),
        3 => (0..2_usize).prop_map(Act::Withdraw),
        1 => Just(Act::Close),
    ];
    (0..60_i64, act)
}

/// Most begin as a plan does: with a goal, in force, and with a referral. So each state is met tens of times.
fn history() -> impl Strategy<Value = Vec<(i64, Act)>> {
    let begins = prop_oneof![
        2 => Just(vec![(1, Act::Goal), (1, Act::Activate), (1, Act::Refer)]),
        2 => Just(vec![(1, Act::Goal), (1, Act::Activate), (1, Act::Refer), (9, Act::Start(0))]),
        1 => Just(Vec::new()),
    ];
    (begins, prop::collection::vec(act(), 4..14)).prop_map(|(mut begins, then)| {
        begins.extend(then);
        begins
    })
}

/// What is compared: as the interface shows it, and as the events tell it.
#[derive(Debug, Default, Clone, PartialEq)]
struct Shown {
    state: String,
    words: Value,
    goals: BTreeMap<String, Value>,
    units: BTreeSet<String>,
    contact: Value,
    coordinator: Value,
    next_review: Value,
    interventions: BTreeMap<String, String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Shown {
    fn by(plan: &Value) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let goal = |goal: &Value| {
            let mut shown = Map::new();
            for member in ["area", "wishedResult", "targetDate", "result"] {
                shown.insert(member.to_owned(), goal[member].clone());
            }
            (text(&goal["id"]), Value::Object(shown))
        };
        let contact = &plan["contactPerson"];
        Self {
            state: text(&plan["state"]),
            words: json!([plan["purpose"], plan["ownWords"]]),
            goals: list(&plan["goals"]).iter().map(goal).collect(),
            units: list(&plan["participants"]).iter().map(|one| text(&one["unitId"])).collect(),
            contact: json!([contact["employeeId"], contact["declined"]]),
            coordinator: plan["coordinator"]["employeeId"].clone(),
            next_review: plan["nextReviewOn"].clone(),
            interventions: list(&plan["asOf"]["interventions"])
                .iter()
                .map(|one| (text(&one["id"]), text(&one["state"])))
                .collect(),
        }
    }

    /// One event after the other, each as slowly as it comes; none before the plan was opened.
    fn replayed(events: &[Value], until: DateTime<Utc>) -> Option<Self> {
        let mut shown: Option<Self> = None;
        let mut joined = BTreeMap::new();
        for event in events {
            let at: DateTime<Utc> = text(&event["recorded_at"]).parse().unwrap();
            if at > until {
                break;
            }
            let (told, subject) = (&event["payload"], text(&event["subject_id"]));
            let said = |words: &Value| words["said"].clone();
            if event["kind"] == "plan.opened" {
                shown = Some(Self {
                    state: "draft".to_owned(),
                    words: json!([told["purpose"], said(&told["ownWords"])]),
                    units: BTreeSet::from([text(&event["unit_id"])]),
                    contact: json!([told["contactPersonId"], null]),
                    coordinator: told["coordinatorId"].clone(),
                    ..Self::default()
                });
            }
            let Some(shown) = shown.as_mut() else { continue };
            let kind = text(&event["kind"]);
            match kind.as_str() {
                "plan.amended" => {
                    let told = &told["amended"];
                    shown.words = json!([told["purpose"], said(&told["ownWords"])]);
                }
                "plan.activated" => {
                    "active".clone_into(&mut shown.state);
                    shown.next_review = told["activated"]["nextReview"]["on"].clone();
                }
                "plan.closed" => {
                    "closed".clone_into(&mut shown.state);
                    shown.next_review = Value::Null;
                }
                "goal.set" | "goal.amended" => drop(shown.goals.insert(subject, told.clone())),
                "plan.participant-joined" => {
                    joined.insert(subject, text(&told["unitId"]));
                    shown.units.insert(text(&told["unitId"]));
                }
                "plan.participant-left" => drop(shown.units.remove(&joined[&subject])),
                "plan.contact-person-set" => {
                    shown.contact = json!([told["employee"], told["declined"]]);
                }
                "plan.coordinator-set" => shown.coordinator = told["coordinatorId"].clone(),
                "intervention.referred" => {
                    shown.interventions.insert(subject, text(&told["state"]));
                }
                "intervention.ended" => {
                    shown.interventions.insert(subject, "ended-early".to_owned());
                }
                _ => {
                    if let Some(state) = kind.strip_prefix("intervention.") {
                        shown.interventions.insert(subject, state.to_owned());
                    }
                }
            }
        }
        shown
    }
}

/// Does what it can of a history; what a rule refuses changes nothing.
async fn live(app: &TestApp, history: &[(i64, Act)]) -> (Uuid, Uuid) {
    let me = app.as_(CASEWORKER);
    let person = app.young_person(CASEWORKER).await.id();
    let body = json!({
        "purpose": "Først.", "ownWords": "Ja.", "coordinatorId": app.employee(CASEWORKER),
        "contactPersonId": app.employee(CASEWORKER),
    });
    let plan = done(me.post(&format!("/api/v1/young-people/{person}/plans"), body)).await.id();
    let (mut goals, mut interventions, mut participant) = (Vec::new(), Vec::new(), None);
    for (hours, act) in history {
        app.advance(TimeDelta::hours(*hours) + TimeDelta::minutes(1));
        let today = app.today();
        let other = |is_first: &bool| if *is_first { CASEWORKER } else { "jv.sagsbehandler2" };
        let call = match act {
            Act::Purpose => {
                plan_step(app, CASEWORKER, plan, "", json!({ "purpose": app.now().to_rfc3339() })).await
            }
            Act::Goal => me.post(
                &format!("/api/v1/plans/{plan}/goals"),
                json!({ "area": "education", "wishedResult": app.now().to_rfc3339(), "targetDate": today }),
            ),
            Act::Result(which) => {
                let Some(goal) = goals.get(*which) else { continue };
                let path = format!("/api/v1/goals/{goal}");
                let version = me.get(&path).await.version();
                me.patch(&path, json!({ "result": app.now().to_rfc3339() })).if_match(version)
            }
            Act::Activate => plan_step(app, CASEWORKER, plan, "activate", json!({})).await,
            Act::Join => join(app, CASEWORKER, plan, COUNSELLOR),
            Act::Leave => {
                let Some(participant) = participant.take() else { continue };
                me.post_nothing(&format!("/api/v1/plans/{plan}/participants/{participant}/end"))
            }
            Act::Contact(true) => {
                let declined = json!({ "declined": { "reason": app.now().to_rfc3339() } });
                plan_step(app, CASEWORKER, plan, "contact-person", declined).await
            }
            Act::Contact(false) => {
                let who = json!({ "employeeId": app.employee(STRANGER) });
                plan_step(app, CASEWORKER, plan, "contact-person", who).await
            }
            Act::Coordinator(first) => {
                let who = json!({ "coordinatorId": app.employee(other(first)) });
                plan_step(app, CASEWORKER, plan, "coordinator", who).await
            }
            Act::Refer => me.post(
                &format!("/api/v1/plans/{plan}/interventions"),
                json!({
                    "tailored": { "title": "Svømning", "area": "employment" }, "plannedStart": today,
                    "responsibleId": app.employee(CASEWORKER),
                }),
            ),
            Act::Start(which) | Act::End(which) | Act::Withdraw(which) => {
                let Some(id) = interventions.get(*which) else { continue };
                let (what, body) = match act {
                    Act::Start(_) => ("start", json!({ "on": today })),
                    Act::End(_) => ("end", json!({ "on": today, "reason": "own-wish" })),
                    _ => ("withdraw", json!({})),
                };
                step(app, CASEWORKER, *id, what, body).await
            }
            Act::Close => plan_step(app, CASEWORKER, plan, "close", json!({ "outcome": "education" })).await,
        };
        let answer = call.await;
        match (act, answer.status) {
            (Act::Goal, 201) => goals.push(answer.id()),
            (Act::Refer, 201) => interventions.push(answer.id()),
            (Act::Join, 201) => {
                let last = answer.body["participants"].as_array().unwrap().last().unwrap().clone();
                participant = Some(text(&last["id"]));
            }
            (_, status) => assert!(status < 300 || status == 409, "{act:?}: {:#}", answer.body),
        }
    }
    (person, plan)
}

#[actix_web::test]
async fn pl_11_any_day_of_two_hundred_histories_is_as_the_events_tell() {
    let app = TestApp::new().await;
    // An employee who coordinates this number of plans exceeds any norm (PL-17).
    app.execute("UPDATE caseload_norm SET cases = 500").await;
    let mut runner = TestRunner::default();
    let (mut compared, mut changed) = (0, BTreeSet::new());
    for _ in 0..200 {
        app.at(START);
        let history = history().new_tree(&mut runner).unwrap().current();
        let (person, plan) = live(&app, &history).await;
        let events = app
            .sql(&format!(
                "SELECT recorded_at, kind, subject_id, unit_id, payload FROM event
                  WHERE young_person_id = '{person}' ORDER BY recorded_at, id"
            ))
            .await;
        let (first, last) = (day_of(START.parse().unwrap()), day_of(app.now()));
        let days = usize::try_from((last - first).num_days()).unwrap();
        let middle = (0..=days).prop_map(move |n| first + chrono::Days::new(n.try_into().unwrap()));
        let on = middle.new_tree(&mut runner).unwrap().current();
        for day in BTreeSet::from([first, on, last]) {
            let path = format!("/api/v1/plans/{plan}?on={day}");
            let shown = Shown::by(&app.as_(CASEWORKER).get(&path).await.expect(200).body);
            let told = Shown::replayed(&events, end_of(day)).unwrap();
            assert_eq!(shown, told, "on {day} of {history:?}");
            compared += 1;
            changed.insert(told.state.clone());
            changed.extend(told.interventions.into_values());
        }
        let now = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{plan}")).await.expect(200);
        let last =
            app.as_(CASEWORKER).get(&format!("/api/v1/plans/{plan}?on={last}")).await.expect(200);
        let mut last = last.body;
        last.as_object_mut().unwrap().remove("asOf");
        assert_eq!(last, now.body, "today is as it is now");
    }
    let met = ["active", "closed", "draft", "ended-early", "referred", "started", "withdrawn"];
    assert!(
        compared > 400 && met.iter().all(|state| changed.contains(*state)),
        "{compared} of {changed:?}"
    );
}

#[actix_web::test]
async fn pl_11_there_was_no_plan_before_it_and_none_is_ahead() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let on = |day: &str| app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}?on={day}", case.plan));
    refused(&app, on("2026-11-22"), (404, "not-found")).await;
    refused(&app, on("2026-11-24"), (422, "request.invalid")).await;
    refused(&app, on("-9999-01-01"), (422, "request.invalid")).await;
    let today: NaiveDate = app.today().parse().unwrap();
    assert_eq!(on(&today.to_string()).await.expect(200).body["asOf"]["on"], json!(today));
    // What the caller may not see today they do not see of the past either.
    let theirs = app.as_(STRANGER).get(&format!("/api/v1/plans/{}?on={today}", case.plan));
    refused(&app, theirs, (404, "not-found")).await;
}

/// The target group and the progress of that day stand beside it (TG-3, PL-4).
#[actix_web::test]
async fn pl_11_progress_and_target_group_are_those_of_the_day() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let me = app.as_(CASEWORKER);
    let plan = format!("/api/v1/plans/{}", case.plan);
    let goal = text(&me.get(&plan).await.expect(200).body["goals"][0]["id"]);
    let benefits = format!("/api/v1/young-people/{}/benefits", case.young_person);
    done(me.post(&benefits, json!({ "kind": "sygedagpenge", "from": "2026-11-25" }))).await;
    for (score, now) in [(3, "2026-11-23T10:00:00Z"), (7, "2026-11-26T10:00:00Z")] {
        app.at(now);
        let told = json!({ "voice": "young-person", "score": score });
        done(app.as_(CASEWORKER).post(&format!("/api/v1/goals/{goal}/progress"), told)).await;
    }
    // What is told later of an earlier day was not known then.
    let late = json!({ "voice": "professional", "score": 5, "on": "2026-11-24" });
    done(me.post(&format!("/api/v1/goals/{goal}/progress"), late)).await;
    for (day, score, ours, group) in [
        ("2026-11-24", 3, Value::Null, Value::Null),
        ("2026-11-25", 3, Value::Null, json!(1)),
        ("2026-11-26", 7, json!(5), json!(1)),
    ] {
        let shown = me.get(&format!("{plan}?on={day}")).await.expect(200).body;
        assert_eq!(shown["goals"][0]["progress"]["youngPerson"], score, "{day}");
        assert_eq!(shown["goals"][0]["progress"]["professional"], ours, "{day}");
        assert_eq!(shown["asOf"]["targetGroup"], group, "{day}");
    }
}

/// AC-3: what is another unit's own today is so in the past as well; and what a provider sees is no plan (AC-9).
#[actix_web::test]
async fn pl_11_ac_03_the_past_shows_no_more_than_today() {
    let app = TestApp::new().await;
    let treatment = "rusmiddel.behandler";
    let case = shared_plan(&app, CASEWORKER, treatment).await;
    let hidden = app.referral(treatment, case.plan, "rusmiddelcentret").await.id();
    let seen = app.referral(CASEWORKER, case.plan, "fast-konsulent").await.id();
    let path = format!("/api/v1/plans/{}?on={}", case.plan, app.today());
    app.advance(TimeDelta::days(2));
    for (who, expected) in
        [(CASEWORKER, BTreeSet::from([seen])), (treatment, BTreeSet::from([hidden]))]
    {
        let shown = app.as_(who).get(&path).await.expect(200).body["asOf"]["interventions"].clone();
        let ids = shown.as_array().unwrap().iter().map(|one| text(&one["id"]).parse().unwrap());
        assert_eq!(ids.collect::<BTreeSet<Uuid>>(), expected, "{who}");
    }
    assert_eq!(app.as_(INSTITUTION).get(&path).await.problem(), (404, "not-found"));
}

/// Company, hours, own sessions and group are kept as they were told; nothing of the past moves with what is
/// told later (IV-8, IV-12).
#[actix_web::test]
async fn pl_11_company_hours_and_sessions_are_those_that_were_told_then() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    let weekly = |day: &str| json!([{ "weekday": day, "from": "09:00", "to": "12:00" }]);
    let group = json!({
        "title": "Hold", "providerId": app.unit("jobspor"), "from": app.today(), "sessions": weekly("monday"),
    });
    let groups = "/api/v1/intervention-groups";
    let group = done(app.as_(CASEWORKER).post(groups, group)).await.id();
    let put = async |what: &str, body: Value| {
        let path = format!("/api/v1/interventions/{id}");
        let version = app.as_(CASEWORKER).get(&path).await.expect(200).version();
        done(app.as_(CASEWORKER).put(&format!("{path}/{what}"), body).if_match(version)).await
    };
    let hours = |on: &str, hours: i32| {
        let body = json!({ "from": on, "hoursPerWeek": hours, "form": "internship" });
        app.as_(CASEWORKER).post(&format!("/api/v1/interventions/{id}/hours"), body)
    };
    let (mut seen, first) = (Vec::new(), app.today());
    let see = async || {
        let path = format!("/api/v1/interventions/{id}");
        let now = app.as_(CASEWORKER).get(&path).await.expect(200).body;
        (app.today(), ["company", "hours", "schedule"].map(|name| now[name].clone()))
    };
    seen.push(see().await);
    app.advance(TimeDelta::days(1));
    put("company", app.company()).await;
    put("schedule", json!({ "sessions": weekly("tuesday") })).await;
    done(hours(&first, 10)).await;
    seen.push(see().await);
    app.advance(TimeDelta::days(1));
    put("company", app.company()).await;
    put("schedule", json!({ "sessions": weekly("friday") })).await;
    done(hours(&first, 20)).await;
    seen.push(see().await);
    app.advance(TimeDelta::days(1));
    let members = format!("{groups}/{group}/members");
    done(app.as_(CASEWORKER).post(&members, json!({ "interventionId": id, "from": first }))).await;
    seen.push(see().await);
    app.advance(TimeDelta::days(1));
    let path = format!("{groups}/{group}");
    done(app.as_(CASEWORKER).patch(&path, json!({ "sessions": weekly("sunday") })).if_match(1))
        .await;
    seen.push(see().await);
    app.advance(TimeDelta::days(1));
    let left = app.as_(CASEWORKER).post(&format!("{members}/{id}/end"), json!({ "on": first }));
    done(left).await;
    put("schedule", json!({ "sessions": [] })).await;
    seen.push(see().await);
    let distinct: BTreeSet<String> =
        seen.iter().map(|(_, shown)| json!(shown).to_string()).collect();
    assert_eq!(distinct.len(), 6, "each day was another");
    for (day, shown) in seen {
        let path = format!("/api/v1/plans/{}?on={day}", case.plan);
        let then = app.as_(CASEWORKER).get(&path).await.expect(200).body;
        let one = &then["asOf"]["interventions"][0];
        assert_eq!(["company", "hours", "schedule"].map(|name| one[name].clone()), shown, "{day}");
    }
}
