//! TM-2, TM-9, YP-8: what was agreed and accepted before the meeting, what a need in preparation allows, who is responsible
//! on which day, and registrations that are merged meanwhile.

use crate::meetings::World;
use crate::steps::{done, refused, row};
use crate::transitions::{
    ADVISER, GUIDE, RECEIVER, WORKER, asked, born, id, need, needs, step, support, task, tell,
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// That the social department coordinates from the 18th birthday of [`World`]'s young person on.
fn agreement(app: &TestApp) -> Value {
    json!({
        "unitId": app.unit_of(RECEIVER), "coordinatorId": app.employee(RECEIVER), "supportsFrom": "2027-09-15",
        "coordinatesFrom": "2028-03-15",
    })
}

/// All came, and `who` receives from those days on.
fn holding(app: &TestApp, meeting: &Answer, who: &str) -> Value {
    let participants = meeting.body["participants"].as_array().unwrap().iter();
    let attendance: Vec<Value> =
        participants.map(|one| json!({ "participantId": one["id"], "came": true })).collect();
    json!({
        "attendance": attendance,
        "minutes": { "supportNeeds": "x", "education": "x", "jobAndIncome": "x", "housing": "x", "socialRelations": "x" },
        "decisions": [{ "legalBasis": "sel-107", "unitId": app.unit_of(who), "words": "x", "from": "2028-03-15" }],
        "receiver": {
            "unitId": app.unit_of(who), "employeeId": app.employee(who), "supportsFrom": "2027-09-15",
            "coordinatesFrom": "2028-03-15",
        },
    })
}

async fn agreements(app: &TestApp, person: Uuid) -> Vec<Value> {
    let all = format!(
        "SELECT * FROM responsibility_agreement WHERE young_person_id = '{person}' ORDER BY agreed_at, id"
    );
    app.sql(&all).await
}

async fn version_of(app: &TestApp, meeting: &Answer) -> i64 {
    row(app, "meeting", meeting.id()).await["version"].as_i64().unwrap()
}

/// Accepted before the meeting: the same stays as it was accepted; who else receives accepts anew.
#[actix_web::test]
async fn tm_09_a_meeting_keeps_what_was_accepted_or_agrees_on_another() {
    for (receiver, kept) in [(RECEIVER, true), (WORKER, false)] {
        let world = World::new().await;
        let app = &world.app;
        done(step(app, ADVISER, world.need, "agree", agreement(app)).await).await;
        done(step(app, RECEIVER, world.need, "accept", Value::Null).await).await;
        // Whoever accepts takes part in the plan.
        let plan = done(app.as_(RECEIVER).get(&format!("/api/v1/plans/{}", world.plan))).await;
        let units = plan.body["participants"].as_array().unwrap();
        assert!(units.iter().any(|one| one["unitId"] == json!(app.unit_of(RECEIVER))));
        let meeting = world.called(0).await;
        app.at("2026-12-01T10:00:00Z");
        let path = format!("/api/v1/meetings/{}/hold", meeting.id());
        let hold = app.as_(ADVISER).post(&path, holding(app, &meeting, receiver));
        done(hold.if_match(version_of(app, &meeting).await)).await;
        let all = agreements(app, world.person).await;
        let accepted: Vec<bool> = all.iter().map(|one| !one["accepted_at"].is_null()).collect();
        let replaced: Vec<bool> = all.iter().map(|one| !one["replaced_at"].is_null()).collect();
        if kept {
            assert_eq!((accepted, replaced), (vec![true], vec![false]));
        } else {
            assert_eq!((accepted, replaced), (vec![true, false], vec![true, false]));
        }
        let passes = if kept { "JV" } else { "BU" };
        app.at("2028-03-15T12:00:00Z");
        app.run_due_jobs().await;
        let path = format!("/api/v1/young-people/{}/responsibility", world.person);
        let now = done(app.as_(ADVISER).get(&path)).await;
        assert_eq!(now.body["coordinating"][0]["department"], passes);
    }
}

#[actix_web::test]
async fn tm_02_what_the_law_asks_a_meeting_for_is_not_referred_and_what_is_prepared_is_cancelled_first()
 {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    let told = tell(&app, person, support(&app, "sel-107")).await;
    let found = id(&need(&app, person).await);
    let refer = || json!({ "unitId": app.unit_of(WORKER), "words": "x" });
    for who in [ADVISER, "bu.teamleder"] {
        let call = step(&app, who, found, "refer", refer()).await;
        refused(&app, call, (409, "transition-need.not-exempt")).await;
    }
    // Once it does not go on, the need may be referred; and then what was agreed of it holds no more.
    let end = format!("/api/v1/support-needs/{}/end", told.id());
    app.at("2026-11-24T10:00:00Z");
    done(app.as_(ADVISER).post(&end, json!({ "on": "2026-11-23" })).if_match(1)).await;
    done(step(&app, ADVISER, found, "agree", agreement(&app)).await).await;
    done(step(&app, RECEIVER, found, "accept", Value::Null).await).await;
    done(step(&app, ADVISER, found, "refer", refer()).await).await;
    let agreed = &agreements(&app, person).await[0];
    assert!(!agreed["replaced_at"].is_null());
    let opened = format!(
        "SELECT valid_to <= '{}' AS over FROM access_basis WHERE source_id = '{}'",
        app.now(),
        agreed["id"].as_str().unwrap()
    );
    assert_eq!(app.sql(&opened).await[0]["over"], true);
    let call = step(&app, ADVISER, found, "agree", agreement(&app)).await;
    refused(&app, call, (409, "transition-need.step-not-allowed")).await;
    // A booked meeting is cancelled first.
    let world = World::new().await;
    let meeting = world.called(0).await;
    let app = &world.app;
    let refer = || json!({ "unitId": app.unit_of(WORKER), "words": "x" });
    let call = step(app, ADVISER, world.need, "refer", refer()).await;
    refused(app, call, (409, "transition-need.in-preparation")).await;
    done(world.step(&meeting, "cancel", json!({ "reason": "x" }))).await;
    done(step(app, ADVISER, world.need, "refer", refer()).await).await;
}

/// A larger need of support is found whatever stood before it.
#[actix_web::test]
async fn tm_01_a_further_need_of_support_is_found_after_one_that_was_exempt() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    let first = tell(&app, person, support(&app, "sel-85")).await;
    let found = id(&need(&app, person).await);
    let end = format!("/api/v1/support-needs/{}/end", first.id());
    app.at("2026-11-24T10:00:00Z");
    done(app.as_(ADVISER).post(&end, json!({ "on": "2026-11-23" })).if_match(1)).await;
    let refer = json!({ "unitId": app.unit_of(WORKER), "words": "x" });
    done(step(&app, ADVISER, found, "refer", refer).await).await;
    tell(&app, person, support(&app, "sel-85")).await;
    let states = needs(&app, person).await;
    assert_eq!(states.len(), 2, "{states:?}");
    // Where UU was to judge, B&U's need decides, and what is told late is acute.
    let pupil = born(&app, GUIDE, "2010-01-05", 2).await;
    let body = json!({
        "kind": "education", "name": "STU", "place": "x", "days": { "startedOn": "2026-08-10" }, "source": "register",
    });
    done(app.as_(GUIDE).post(&format!("/api/v1/young-people/{pupil}/education-and-work"), body))
        .await;
    app.run_due_jobs().await;
    assert_eq!(need(&app, pupil).await["state"], "to-judge");
    let plan = app.plan(GUIDE, pupil).await;
    app.participant(GUIDE, plan.id(), ADVISER).await;
    tell(&app, pupil, support(&app, "sel-107")).await;
    let decided = need(&app, pupil).await;
    assert_eq!((&decided["state"], &decided["acute"]), (&json!("open"), &json!(true)));
}

/// What UU does not judge is late by the same day as what is to be met about.
#[actix_web::test]
async fn tm_03_what_is_not_judged_is_overdue_too() {
    let app = TestApp::new().await;
    let person = born(&app, GUIDE, "2010-05-23", 1).await;
    let body = json!({
        "kind": "education", "name": "STU", "place": "x", "days": { "startedOn": "2026-08-10" }, "source": "register",
    });
    done(app.as_(GUIDE).post(&format!("/api/v1/young-people/{person}/education-and-work"), body))
        .await;
    app.run_due_jobs().await;
    let standing = async |state: &str| {
        let path = format!("/api/v1/transition-needs?youngPersonId={person}&state={state}");
        done(app.as_(GUIDE).get(&path)).await.items().len()
    };
    assert_eq!((standing("to-judge").await, standing("overdue").await), (1, 0));
    app.at("2027-05-24T10:00:00Z");
    assert_eq!((standing("to-judge").await, standing("overdue").await), (0, 1));
    let other = born(&app, GUIDE, "2010-05-23", 2).await;
    let path = format!("/api/v1/transition-needs?youngPersonId={other}");
    assert_eq!(done(app.as_(GUIDE).get(&path)).await.items().len(), 0);
}

/// § 76 alone is exempt from the meeting, and not from the committee; what it says is the family's.
#[actix_web::test]
async fn tm_12_ac_03_aftercare_alone_goes_before_its_committee_and_is_told_to_the_family_department()
 {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    tell(&app, person, support(&app, "bl-ungestoette")).await;
    let found = id(&need(&app, person).await);
    let asked = asked(&app, person).await;
    assert!(asked.iter().any(|(kind, _)| kind == "bring-before-committee"), "{asked:?}");
    let refer = json!({ "unitId": app.unit_of(WORKER), "words": "Vil gerne have et fritidsjob." });
    done(step(&app, ADVISER, found, "refer", refer).await).await;
    let path = format!("/api/v1/transition-needs/{found}");
    let seen = async |who: &str| done(app.as_(who).get(&path)).await.body;
    assert_eq!(seen(ADVISER).await["wantsCommittee"], true);
    assert_eq!(
        seen(WORKER).await["wantsCommittee"],
        false,
        "that there is aftercare is not theirs"
    );
    let said = json!({ "on": app.today(), "words": "Fast kontaktperson i et år." });
    done(step(&app, ADVISER, found, "committee", said.clone()).await).await;
    assert_eq!(seen(ADVISER).await["committeeWords"], "Fast kontaktperson i et år.");
    assert_eq!(seen(WORKER).await["committeeWords"], Value::Null);
    let tasks = done(app.as_(WORKER).get(&format!("/api/v1/young-people/{person}/timeline"))).await;
    assert!(
        !tasks.body.to_string().contains("efterværnsudvalg")
            && !tasks.body.to_string().contains("committee")
    );
    let again = step(&app, ADVISER, found, "committee", said).await;
    refused(&app, again, (409, "transition-need.committee-told")).await;
    // Who decides by the family's law is the family's to know as well.
    let law = |code: &str| json!({ "legalBasis": code, "from": app.today() });
    let path = format!("/api/v1/young-people/{person}/responsibility");
    for code in ["bl-46", "bl-122"] {
        done(app.as_(ADVISER).post(&path, law(code))).await;
    }
    let told = async |who: &str| -> Vec<Value> {
        let answer = done(app.as_(who).get(&path)).await;
        let statutory = answer.body["statutory"].as_array().unwrap().iter();
        statutory.map(|one| one["legalBasis"].clone()).collect()
    };
    assert_eq!(told(ADVISER).await.len(), 2);
    assert_eq!(told(WORKER).await, ["bl-122"]);
}

/// An aftercare that was prolonged ends later; one that another follows does not end.
#[actix_web::test]
async fn tm_14_the_end_that_stands_raises_the_need() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2006-03-10", 1).await;
    let mut body = support(&app, "bl-ungestoette");
    body["to"] = json!("2027-03-01");
    let first = tell(&app, person, body).await;
    let found = id(&need(&app, person).await);
    let refer = json!({ "unitId": app.unit_of(WORKER), "words": "x" });
    done(step(&app, ADVISER, found, "refer", refer).await).await;
    let end = format!("/api/v1/support-needs/{}/end", first.id());
    done(app.as_(ADVISER).post(&end, json!({ "on": "2028-03-01" })).if_match(1)).await;
    for (now, count) in [("2027-08-31T12:00:00Z", 1), ("2027-09-01T12:00:00Z", 2)] {
        app.at(now);
        app.run_due_jobs().await;
        assert_eq!(needs(&app, person).await.len(), count, "{now}");
    }
    // Of another kind from the next day on: it goes on.
    let other = born(&app, ADVISER, "2007-03-10", 2).await;
    let mut body = support(&app, "bl-ungestoette-anbringelse");
    body["from"] = json!("2027-12-02");
    tell(&app, other, body).await;
    let mut body = support(&app, "bl-ungestoette");
    body["from"] = json!("2026-11-23");
    body["to"] = json!("2027-12-01");
    tell(&app, other, body).await;
    app.run_due_jobs().await;
    assert_eq!(needs(&app, other).await.len(), 0);
    let mut early = support(&app, "sel-85");
    early["from"] = json!("2026-11-23");
    early["to"] = json!("2027-12-01");
    let minor = born(&app, ADVISER, "2010-05-23", 3).await;
    let path = format!("/api/v1/young-people/{minor}/support-needs");
    refused(&app, app.as_(ADVISER).post(&path, early), (409, "support-need.days-contradict")).await;
}

/// Any day: as it was, and as it will be by what was accepted.
#[actix_web::test]
async fn tm_09_who_supports_and_who_coordinates_on_any_day() {
    let world = World::new().await;
    let app = &world.app;
    let path = format!("/api/v1/young-people/{}/responsibility", world.person);
    let on = async |day: &str| {
        let told = done(app.as_(ADVISER).get(&format!("{path}?on={day}"))).await;
        (told.body["coordinating"][0]["department"].clone(), told.body["supportingUnitId"].clone())
    };
    let social = json!(app.unit_of(RECEIVER));
    done(step(app, ADVISER, world.need, "agree", agreement(app)).await).await;
    assert_eq!(on("2028-03-15").await, (json!("BU"), social.clone()), "nobody has accepted");
    done(step(app, RECEIVER, world.need, "accept", Value::Null).await).await;
    assert_eq!(on("2027-09-14").await, (json!("BU"), Value::Null));
    assert_eq!(on("2027-09-15").await, (json!("BU"), social.clone()));
    assert_eq!(on("2028-03-14").await, (json!("BU"), social.clone()));
    assert_eq!(on("2028-03-15").await, (json!("JV"), Value::Null));
    let meeting = world.called(0).await;
    app.at("2026-12-01T10:00:00Z");
    let hold = format!("/api/v1/meetings/{}/hold", meeting.id());
    let hold = app.as_(ADVISER).post(&hold, holding(app, &meeting, RECEIVER));
    done(hold.if_match(version_of(app, &meeting).await)).await;
    // The day came while nobody looked: the past tells the same.
    app.at("2028-04-01T12:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(on("2028-03-14").await, (json!("BU"), social.clone()));
    assert_eq!(on("2028-03-15").await, (json!("JV"), Value::Null));
    assert_eq!(on("2028-04-01").await, (json!("JV"), Value::Null));

    // What a unit decides it ends, and nobody else.
    let read = done(app.as_(RECEIVER).get(&path)).await;
    let decides = read.body["statutory"][0].clone();
    let end = format!("/api/v1/responsibilities/{}/end", decides["id"].as_str().unwrap());
    let body = json!({ "on": "2028-12-31" });
    let call = app.as_(ADVISER).post(&end, body.clone()).if_match(1);
    refused(app, call, (409, "responsibility.not-the-decider")).await;
    let early = app.as_(RECEIVER).post(&end, json!({ "on": "2028-03-14" })).if_match(1).await;
    assert_eq!(early.pointers(), ["/on"]);
    let ended = done(app.as_(RECEIVER).post(&end, body.clone()).if_match(1)).await;
    assert_eq!((&ended.body["to"], ended.version()), (&json!("2028-12-31"), 2));
    let stale = app.as_(RECEIVER).post(&end, body).if_match(1);
    refused(app, stale, (412, "version.stale")).await;
    let later = done(app.as_(RECEIVER).get(&format!("{path}?on=2029-01-01"))).await;
    assert_eq!(later.body["statutory"], json!([]));
}

/// The coordination passes to a unit: whoever was named coordinates the plan where they still work there.
#[actix_web::test]
async fn tm_09_somebody_who_left_coordinates_nothing() {
    let world = World::new().await;
    let app = &world.app;
    let meeting = world.called(0).await;
    app.at("2026-12-01T10:00:00Z");
    let hold = format!("/api/v1/meetings/{}/hold", meeting.id());
    let hold = app.as_(ADVISER).post(&hold, holding(app, &meeting, RECEIVER));
    done(hold.if_match(version_of(app, &meeting).await)).await;
    done(step(app, RECEIVER, world.need, "accept", Value::Null).await).await;
    let leaver = app.employee(RECEIVER);
    app.execute(&format!(
        "UPDATE employee SET deactivated_at = '2027-01-01' WHERE id = '{leaver}'"
    ))
    .await;
    app.at("2028-03-15T12:00:00Z");
    join_all([app.run_due_jobs(), app.run_due_jobs()]).await;
    let path = format!("/api/v1/young-people/{}/responsibility", world.person);
    let now = done(app.as_(ADVISER).get(&path)).await;
    assert_eq!(now.body["coordinating"][0]["department"], "JV");
    let plan = done(app.as_(ADVISER).get(&format!("/api/v1/plans/{}", world.plan))).await;
    assert_ne!(plan.body["coordinator"]["employeeId"], json!(leaver));
}

/// A10: an identical agreement changes nothing, not even the version, and may be sent twice under a key.
#[actix_web::test]
async fn a10_agreeing_on_the_same_again_changes_nothing() {
    let world = World::new().await;
    let app = &world.app;
    let first = done(step(app, ADVISER, world.need, "agree", agreement(app)).await).await;
    for key in ["k", "k", "l"] {
        let again = step(app, ADVISER, world.need, "agree", agreement(app)).await.key(key);
        let again = done(again).await;
        assert_eq!((again.version(), &again.body), (first.version(), &first.body));
        let id = again.header("x-request-id");
        let events = app.sql(&format!("SELECT FROM event WHERE request_id = '{id}'")).await;
        assert_eq!(events.len(), 0, "{key}");
    }
    assert_eq!(agreements(app, world.person).await.len(), 1);
}

/// Accepting and agreeing anew at the same moment: what was accepted is what stands.
#[actix_web::test]
async fn tm_09_accepting_and_agreeing_anew_at_once() {
    let world = World::new().await;
    let app = &world.app;
    let other = app.instance().await;
    done(step(app, ADVISER, world.need, "agree", agreement(app)).await).await;
    let mut anew = agreement(app);
    anew["coordinatesFrom"] = json!("2028-04-01");
    let accept = step(app, RECEIVER, world.need, "accept", Value::Null).await;
    let agree = step(&other, ADVISER, world.need, "agree", anew).await;
    let [accepted, agreed] =
        join_all([accept.into_future(), agree.into_future()]).await.try_into().unwrap();
    let mut statuses = [accepted.status, agreed.status];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && [409, 412].contains(&statuses[1]), "{statuses:?}");
    let open: Vec<Value> = agreements(app, world.person)
        .await
        .into_iter()
        .filter(|one| one["replaced_at"].is_null())
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["accepted_at"].is_null(), accepted.status != 200);
}

/// YP-8: needs that name no support follow a merge too, and go back with all that was opened by them.
#[actix_web::test]
async fn yp_08_a_need_raised_by_hand_follows_a_merge_and_goes_back() {
    let world = World::new().await;
    let app = &world.app;
    let twin = born(app, ADVISER, "2010-03-15", 77).await;
    let leader = app.as_("bu.teamleder");
    let merge = json!({ "mergedId": world.person, "reason": "Registreret to gange." });
    let path = format!("/api/v1/young-people/{twin}");
    let version = leader.get(&path).await.version();
    let merged = done(leader.post(&format!("{path}/merge"), merge).if_match(version)).await;
    assert_eq!(need(app, twin).await["id"], json!(world.need));
    let call = world.called(0).await;
    app.at("2026-12-01T10:00:00Z");
    let hold = format!("/api/v1/meetings/{}/hold", call.id());
    let hold = app.as_(ADVISER).post(&hold, holding(app, &call, RECEIVER));
    done(hold.if_match(version_of(app, &call).await)).await;
    let seen = async |who: &str, person: Uuid| {
        app.as_(who).get(&format!("/api/v1/young-people/{person}")).await.status
    };
    assert_eq!(seen(RECEIVER, twin).await, 200);
    let undo = format!("/api/v1/merges/{}/undo", merged.id());
    let why = json!({ "reason": "To forskellige." });
    done(leader.post(&undo, why).if_match(1)).await;
    assert_eq!(need(app, world.person).await["id"], json!(world.need));
    assert_eq!((seen(RECEIVER, world.person).await, seen(RECEIVER, twin).await), (200, 404));
    let left = app
        .sql(&format!(
            "SELECT kind FROM task WHERE young_person_id = '{twin}' AND kind IN ('hold-transition-meeting', 'accept-responsibility', 'agreed-at-meeting')"
        ))
        .await;
    assert_eq!(left, Vec::<Value>::new());
}

/// YP-8: what was told of the wrong one is voided, with the need that follows from it; not what the coordination passed by.
#[actix_web::test]
async fn yp_08_support_that_was_told_by_mistake_is_voided() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    let told = tell(&app, person, support(&app, "sel-107")).await;
    let found = id(&need(&app, person).await);
    assert_eq!(
        app.as_(RECEIVER).get(&format!("/api/v1/transition-needs/{found}")).await.status,
        200
    );
    let path = format!("/api/v1/young-people/{person}/corrections");
    let void = json!({ "written": "support-need", "writtenId": told.id(), "reason": "Skrevet på den forkerte." });
    done(app.as_(ADVISER).post(&path, void)).await;
    assert_eq!(needs(&app, person).await.len(), 0);
    assert_eq!(asked(&app, person).await, []);
    assert_eq!(app.as_(RECEIVER).get(&format!("/api/v1/young-people/{person}")).await.status, 404);
}

/// UU is told half a year before primary school ends, of those with support that goes on; and not for good.
#[actix_web::test]
async fn tm_14_uu_is_told_half_a_year_before_school_ends() {
    let app = TestApp::new().await;
    let mut pupils = Vec::new();
    for (serial, grade, in_need) in [(1, 9, true), (2, 8, true), (3, 9, false)] {
        let person = born(&app, ADVISER, "2011-05-23", serial).await;
        let school = json!({
            "kind": "school", "place": "Houlkærskolen", "grade": grade, "days": { "startedOn": "2026-08-10" }, "source": "register",
        });
        let path = format!("/api/v1/young-people/{person}");
        done(app.as_(ADVISER).post(&format!("{path}/education-and-work"), school)).await;
        if in_need {
            tell(&app, person, support(&app, "sel-85")).await;
        }
        pupils.push(person);
    }
    let leaving = pupils[0];
    app.at("2026-12-29T22:59:59Z");
    app.run_due_jobs().await;
    assert_eq!(asked(&app, leaving).await, []);
    assert_eq!(app.as_(GUIDE).get(&format!("/api/v1/young-people/{leaving}")).await.status, 404);
    app.at("2026-12-29T23:00:00Z");
    join_all([app.run_due_jobs(), app.run_due_jobs()]).await;
    assert_eq!(asked(&app, leaving).await, [task("plan-leaving-school", "2027-06-30")]);
    for other in &pupils[1..] {
        assert_eq!(asked(&app, *other).await, []);
    }
    // UU sees where they go to school, and nothing of the family.
    let path = format!("/api/v1/young-people/{leaving}");
    let school = done(app.as_(GUIDE).get(&format!("{path}/education-and-work"))).await;
    assert_eq!(school.items().len(), 1, "{}", school.body);
    let supports = done(app.as_(GUIDE).get(&format!("{path}/support-needs"))).await;
    assert_eq!(supports.items().len(), 0);
    app.at("2027-07-30T12:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(asked(&app, leaving).await.len(), 1, "to the end of the school year");
    app.at("2027-07-31T12:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(asked(&app, leaving).await, [], "school is over");
    assert_eq!(app.as_(GUIDE).get(&path).await.status, 404);
}

/// YP-8: the coordination that passed goes with its registration, there and back, whenever it passed.
#[actix_web::test]
async fn yp_08_the_coordination_follows_a_merge_and_goes_back() {
    for passes_first in [true, false] {
        let world = World::new().await;
        let app = &world.app;
        let meeting = world.called(0).await;
        app.at("2026-12-01T10:00:00Z");
        let hold = format!("/api/v1/meetings/{}/hold", meeting.id());
        let hold = app.as_(ADVISER).post(&hold, holding(app, &meeting, RECEIVER));
        done(hold.if_match(version_of(app, &meeting).await)).await;
        done(step(app, RECEIVER, world.need, "accept", Value::Null).await).await;
        let twin = born(app, ADVISER, "2010-03-15", 77).await;
        if passes_first {
            app.at("2028-03-15T12:00:00Z");
            app.run_due_jobs().await;
        }
        let leader = app.as_("bu.teamleder");
        let path = format!("/api/v1/young-people/{twin}");
        let version = leader.get(&path).await.version();
        let merge = json!({ "mergedId": world.person, "reason": "Registreret to gange." });
        let merged = done(leader.post(&format!("{path}/merge"), merge).if_match(version)).await;
        app.at("2028-03-16T12:00:00Z");
        app.run_due_jobs().await;
        let coordinating = async |person: Uuid| -> Vec<Value> {
            let path = format!("/api/v1/young-people/{person}/responsibility");
            let told = done(app.as_(ADVISER).get(&path)).await;
            let steps = told.body["coordinating"].as_array().unwrap().iter();
            steps.map(|step| step["department"].clone()).collect()
        };
        assert_eq!(coordinating(twin).await, ["JV"], "{passes_first}");
        let undo = format!("/api/v1/merges/{}/undo", merged.id());
        done(leader.post(&undo, json!({ "reason": "To forskellige." })).if_match(1)).await;
        assert_eq!(coordinating(world.person).await, ["JV"], "{passes_first}");
        assert_eq!(coordinating(twin).await, Vec::<Value>::new(), "{passes_first}");
    }
}
