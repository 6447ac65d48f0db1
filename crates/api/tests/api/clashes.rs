//! What clashes, across departments, and what is told of it to whom. It warns, and never refuses.

use crate::entry_of;
use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, LEADER, done, entry, plan_step, refer, referral, refused,
    shared_plan, step,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// Where nothing clashes.
const NOTHING: [[Value; 3]; 0] = [];
const TREATMENT: &str = "rusmiddel.behandler";

fn weekly(weekday: &str, from: &str, to: &str) -> Value {
    json!([{ "weekday": weekday, "from": from, "to": to }])
}

/// Refers to an offer with a session of its own.
async fn refer_with(app: &TestApp, who: &str, plan: Uuid, code: &str, sessions: Value) -> Answer {
    let mut body = referral(app, code);
    body["sessions"] = sessions;
    done(refer(app, who, plan, body).header("Accept-Language", "en")).await
}

/// Kind, id and title of what clashes.
fn told(answer: &Answer) -> Vec<[Value; 3]> {
    let clashes = answer.body["clashes"].as_array().unwrap();
    clashes
        .iter()
        .map(|one| ["kind", "interventionId", "title"].map(|name| one[name].clone()))
        .collect()
}

/// Writes an entry of STIGEN's, with what it presumes and excludes.
async fn offer(app: &TestApp, code: &str, more: Value) {
    let mut body = entry(app);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    done(app.as_(LEADER).put(&format!("/api/v1/intervention-catalogue/{code}"), body)).await;
}

#[actix_web::test]
async fn clashes_same_hours_are_told_and_refuse_nothing() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let first =
        refer_with(&app, CASEWORKER, case.plan, "stigen", weekly("monday", "09:00", "12:00")).await;
    assert_eq!(told(&first), NOTHING);
    let with = |first: &Answer, title: &str| [json!("same-hours"), json!(first.id()), json!(title)];
    let second =
        refer_with(&app, CASEWORKER, case.plan, "igmu", weekly("monday", "11:59", "13:00")).await;
    assert_eq!(told(&second), [with(&first, "STIGEN")]);
    assert_eq!(second.body["clashes"][0]["message"], "The hours are the same.");
    let beside =
        refer_with(&app, CASEWORKER, case.plan, "jobspor", weekly("monday", "13:00", "14:00"))
            .await;
    assert_eq!(told(&beside), NOTHING);
    // A schedule that is set tells it too.
    let path = format!("/api/v1/interventions/{}/schedule", beside.id());
    let set =
        app.as_(CASEWORKER).put(&path, json!({ "sessions": weekly("monday", "08:00", "09:30") }));
    let set = done(set.if_match(1)).await;
    assert_eq!(told(&set), [with(&first, "STIGEN")]);
    assert_eq!(set.body["clashes"][0]["message"], "Tiderne falder sammen.");
    // What is over clashes no more.
    for id in [first.id(), second.id()] {
        done(step(&app, CASEWORKER, id, "withdraw", json!({})).await).await;
    }
    let list =
        app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}/clashes", case.plan)).await.expect(200);
    assert!(list.items().is_empty());
}

#[actix_web::test]
async fn clashes_with_a_group_are_told_when_a_member_joins() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let first =
        refer_with(&app, CASEWORKER, case.plan, "stigen", weekly("friday", "09:00", "12:00")).await;
    let second = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await;
    let group = json!({
        "title": "Hold", "providerId": app.unit("jobspor"), "from": "2026-12-07",
        "sessions": weekly("friday", "11:00", "15:00"),
    });
    let group = done(app.as_(CASEWORKER).post("/api/v1/intervention-groups", group)).await.id();
    let path = format!("/api/v1/intervention-groups/{group}/members");
    let joined =
        done(app.as_(CASEWORKER).post(&path, json!({ "interventionId": second.id() }))).await;
    assert_eq!(told(&joined), [[json!("same-hours"), json!(first.id()), json!("STIGEN")]]);
}

#[actix_web::test]
async fn clashes_two_mentors_what_is_presumed_and_what_excludes() {
    let app = TestApp::new().await;
    offer(&app, "afklaring", json!({})).await;
    offer(&app, "linje", json!({ "presumes": ["afklaring"] })).await;
    offer(&app, "ophold", json!({ "excludes": ["afklaring"] })).await;
    offer(&app, "mentor-a", json!({ "mentoring": true, "title": "A" })).await;
    offer(&app, "mentor-b", json!({ "mentoring": true, "title": "B" })).await;
    let case = app.active_plan(CASEWORKER).await;
    let refer_to =
        async |code: &str| done(refer(&app, CASEWORKER, case.plan, referral(&app, code))).await;

    let line = refer_to("linje").await;
    assert_eq!(
        told(&line),
        [[json!("presumes"), json!(null), json!("Et forløb")]],
        "it is missing"
    );
    let first = refer_to("afklaring").await;
    assert_eq!(told(&first), NOTHING);
    let list = format!("/api/v1/plans/{}/clashes", case.plan);
    let present = app.as_(CASEWORKER).get(&list).await.expect(200);
    assert_eq!(present.items().len(), 1, "{:#}", present.body);
    assert_eq!(present.items()[0]["interventionId"], json!(line.id()));
    assert_eq!(present.items()[0]["clashes"][0]["interventionId"], json!(first.id()), "it runs");

    // An exclusion counts both ways, whoever of the two says so.
    let stay = refer_to("ophold").await;
    assert_eq!(told(&stay), [[json!("excludes"), json!(first.id()), json!("Et forløb")]]);
    let present = app.as_(CASEWORKER).get(&list).await.expect(200);
    let of_first = present.items().iter().find(|one| one["interventionId"] == json!(first.id()));
    assert_eq!(of_first.unwrap()["clashes"][0]["interventionId"], json!(stay.id()));
    done(step(&app, CASEWORKER, stay.id(), "withdraw", json!({})).await).await;

    done(step(&app, CASEWORKER, first.id(), "start", json!({ "on": app.today() })).await).await;
    app.advance(TimeDelta::days(7));
    let end = json!({ "on": app.today(), "reason": "completed" });
    done(step(&app, CASEWORKER, first.id(), "end", end).await).await;
    done(step(&app, CASEWORKER, line.id(), "withdraw", json!({})).await).await;
    assert_eq!(told(&refer_to("linje").await), NOTHING, "it has been");

    let one = refer_to("mentor-a").await;
    let two = refer_to("mentor-b").await;
    assert_eq!(told(&two), [[json!("two-mentors"), json!(one.id()), json!("A")]]);
}

#[actix_web::test]
async fn clashes_with_what_the_caller_does_not_see_tell_only_that_there_is_something() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, TREATMENT).await;
    let hidden = refer_with(
        &app,
        TREATMENT,
        case.plan,
        "rusmiddelcentret",
        weekly("monday", "09:00", "12:00"),
    )
    .await;
    let seen =
        refer_with(&app, CASEWORKER, case.plan, "stigen", weekly("monday", "10:00", "11:00")).await;
    let masked = json!([{
        "kind": "same-hours",
        "message": "Something else is planned then. Ask the coordinating caseworker.",
        "coordinatorId": app.employee(CASEWORKER),
    }]);
    assert_eq!(seen.body["clashes"], masked);
    let text = String::from_utf8_lossy(&seen.raw).into_owned();
    let hidden_id = hidden.id().to_string();
    for secret in ["Rusmiddel", "12:00", &hidden_id] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    // A second hidden one is no second warning: how many there are is not told.
    refer_with(
        &app,
        TREATMENT,
        case.plan,
        "flyvende-misbrugskonsulent",
        weekly("monday", "10:00", "11:00"),
    )
    .await;
    let list = format!("/api/v1/plans/{}/clashes", case.plan);
    let present = app.as_(CASEWORKER).get(&list).header("Accept-Language", "en").await.expect(200);
    assert_eq!(
        present.body,
        json!({ "items": [
        { "interventionId": seen.id(), "title": "STIGEN", "clashes": masked },
    ] })
    );
    let read = entry_of(&app, &present).await;
    assert_eq!(read["areas"], 7, "what was not told is not on the log");
    // Who treats sees both, and is told in Danish.
    let theirs = app.as_(TREATMENT).get(&list).await.expect(200);
    assert_eq!(theirs.items().len(), 3, "{:#}", theirs.body);
    let of_hidden = theirs.items().iter().find(|one| one["interventionId"] == json!(hidden.id()));
    assert!(of_hidden.unwrap()["clashes"].as_array().unwrap().iter().any(|one| {
        one["interventionId"] == json!(seen.id()) && one["message"] == "Tiderne falder sammen."
    }));
    // A provider does not see the plan, and could try one hour after the other.
    let path = format!("/api/v1/interventions/{}/schedule", seen.id());
    let set = app.as_(LEADER).put(&path, json!({ "sessions": weekly("monday", "09:30", "10:30") }));
    let set = done(set.if_match(1).header("Accept-Language", "en")).await;
    assert_eq!(told(&set), NOTHING);
    assert_eq!(app.as_(COUNSELLOR).get(&list).await.problem(), (404, "not-found"));
}

/// Or it could try one hour after the other, and learn when something else is (AC-9).
#[actix_web::test]
async fn ac_09_an_institution_is_told_of_clashes_with_what_it_provides_alone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let hours = weekly("monday", "09:00", "12:00");
    refer_with(&app, CASEWORKER, case.plan, "stigen", hours.clone()).await;
    let theirs = refer_with(
        &app,
        CASEWORKER,
        case.plan,
        "fast-konsulent",
        weekly("friday", "09:00", "12:00"),
    )
    .await;
    let set = async |sessions: Value| {
        let path = format!("/api/v1/interventions/{}/schedule", theirs.id());
        let version = app.as_(INSTITUTION).get(&path.replace("/schedule", "")).await.version();
        let body = json!({ "sessions": sessions });
        done(app.as_(INSTITUTION).put(&path, body).if_match(version)).await
    };
    assert_eq!(told(&set(hours.clone()).await), NOTHING);
    // What they provide themselves they are told of; the caseworker is told of all.
    let second = refer_with(
        &app,
        CASEWORKER,
        case.plan,
        "angstforloeb",
        weekly("tuesday", "09:00", "10:00"),
    )
    .await;
    let tuesday = told(&set(weekly("tuesday", "09:30", "11:00")).await);
    assert_eq!(tuesday, [[json!("same-hours"), json!(second.id()), second.body["title"].clone()]]);
    set(hours).await;
    let list = format!("/api/v1/plans/{}/clashes", case.plan);
    assert_eq!(app.as_(CASEWORKER).get(&list).await.expect(200).items().len(), 2);
}

/// The catalogue is read by all: a word of what excludes, is presumed or mentors would name the hidden one.
#[actix_web::test]
async fn ac_03_of_what_is_hidden_only_the_same_hours_are_told() {
    let app = TestApp::new().await;
    let probe = json!({ "excludes": ["rusmiddelcentret"], "mentoring": true });
    offer(&app, "probe", probe).await;
    offer(&app, "linje", json!({ "presumes": ["rusmiddelcentret"] })).await;
    offer(&app, "samtaler", json!({ "area": "health", "mentoring": true })).await;
    let case = shared_plan(&app, CASEWORKER, TREATMENT).await;
    let missing = done(refer(&app, CASEWORKER, case.plan, referral(&app, "linje"))).await;
    assert_eq!(told(&missing), NOTHING, "an offer of a closed area is missing");
    let hidden = ["rusmiddelcentret", "samtaler"]
        .map(|code| refer(&app, TREATMENT, case.plan, referral(&app, code)));
    let [treatment, mentor] = hidden;
    let (treatment, mentor) = (done(treatment).await.id(), done(mentor).await.id());
    let probing = done(refer(&app, CASEWORKER, case.plan, referral(&app, "probe"))).await;
    assert_eq!(told(&probing), NOTHING);
    let list = format!("/api/v1/plans/{}/clashes", case.plan);
    assert!(app.as_(CASEWORKER).get(&list).await.expect(200).items().is_empty());
    // Who answers for the hidden one sees both sides, and finds it.
    let theirs = app.as_(TREATMENT).get(&list).await.expect(200);
    let kinds = |id: Uuid| {
        let of = theirs.items().iter().find(|one| one["interventionId"] == json!(id)).unwrap();
        let clashes = of["clashes"].as_array().unwrap().iter();
        clashes
            .map(|one| [&one["kind"], &one["interventionId"]].map(Clone::clone))
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(treatment), [[json!("excludes"), json!(probing.id())]]);
    assert_eq!(kinds(mentor), [[json!("two-mentors"), json!(probing.id())]]);
    assert_eq!(kinds(missing.id()), [[json!("presumes"), json!(treatment)]]);
}

/// Whoever provides one thing has no part in the plan: in a department as in an institution (AC-9).
#[actix_web::test]
async fn ac_09_a_department_that_provides_is_told_nothing_of_the_plan_either() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let hours = weekly("monday", "09:00", "12:00");
    refer_with(&app, CASEWORKER, case.plan, "igmu", hours.clone()).await;
    let theirs = refer_with(&app, CASEWORKER, case.plan, "stigen", json!([])).await;
    let path = format!("/api/v1/interventions/{}/schedule", theirs.id());
    let set = app.as_(LEADER).put(&path, json!({ "sessions": hours })).if_match(1);
    assert_eq!(told(&done(set).await), NOTHING);
}

#[actix_web::test]
async fn clashes_with_what_was_carried_on_after_a_closing() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let hours = weekly("monday", "09:00", "12:00");
    let carried = refer_with(&app, CASEWORKER, case.plan, "stigen", hours.clone()).await;
    let given = json!({ "unitId": app.unit("jobspor"), "interventionIds": [carried.id()] });
    let close = json!({ "outcome": "education", "carryOn": [given] });
    done(plan_step(&app, CASEWORKER, case.plan, "close", close).await).await;
    let plans = format!("/api/v1/young-people/{}/plans", case.young_person);
    let body = json!({ "purpose": "Igen.", "coordinatorId": app.employee(CASEWORKER), "previousPlanId": case.plan });
    let plan = done(app.as_(CASEWORKER).post(&plans, body)).await.id();
    let rescue = json!({ "cannotWait": true });
    offer(&app, "redning", rescue).await;
    let new = refer_with(&app, CASEWORKER, plan, "redning", hours).await;
    assert_eq!(told(&new), [[json!("same-hours"), json!(carried.id()), json!("STIGEN")]]);
}

#[actix_web::test]
async fn clashes_the_catalogue_says_what_presumes_and_excludes() {
    let app = TestApp::new().await;
    let path = "/api/v1/intervention-catalogue/linje";
    let put = |more: Value| {
        let mut body = entry(&app);
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        app.as_(LEADER).put(path, body)
    };
    let wrong = json!({ "presumes": ["nothing", "stigen"], "excludes": ["igmu", "linje"] });
    let answer = refused(&app, put(wrong), (422, "request.invalid")).await;
    assert_eq!(answer.pointers(), ["/presumes/0", "/excludes/1"]);
    let twice =
        refused(&app, put(json!({ "excludes": ["igmu", "igmu"] })), (422, "request.invalid")).await;
    assert_eq!(twice.pointers(), ["/excludes"]);
    let made =
        done(put(json!({ "mentoring": true, "presumes": ["stigen"], "excludes": ["igmu"] }))).await;
    let shown = |body: &Value| ["mentoring", "presumes", "excludes"].map(|name| body[name].clone());
    assert_eq!(shown(&made.body), [json!(true), json!(["stigen"]), json!(["igmu"])]);
    let other = app.as_(CASEWORKER).get("/api/v1/intervention-catalogue/igmu").await.expect(200);
    assert_eq!(other.body["excludes"], json!(["linje"]), "both ways");
    // The other's leader writes their own, and takes nothing from it.
    let mut theirs = other.body.clone();
    for name in ["code", "places", "version"] {
        theirs.as_object_mut().unwrap().remove(name);
    }
    theirs["excludes"] = json!([]);
    app.employ("test.mercantec", "team-leader", "mercantec").await;
    let written = app.as_("test.mercantec").put("/api/v1/intervention-catalogue/igmu", theirs);
    assert_eq!(done(written.if_match(1)).await.body["excludes"], json!(["linje"]));
    let none = done(put(json!({})).if_match(1)).await;
    assert_eq!(shown(&none.body), [json!(false), json!([]), json!([])]);
    let list = app.as_(CASEWORKER).get("/api/v1/intervention-catalogue").await.expect(200);
    let igmu = list.items().iter().find(|one| one["code"] == "igmu").unwrap();
    assert_eq!(igmu["excludes"], json!([]));
}
