//! From B&U to J&V: needs found by themselves and raised by hand, what is decided of them, who decides and who
//! coordinates on which day, the shared overview (TM-1 to TM-3, TM-9, TM-11, TM-12, TM-14, TM-15).

use crate::access_matrix::PEOPLE;
use crate::entry_of;
use crate::steps::{done, number, refused, registration, row};
use domain::access::policy::{ActionKind, Relation, allows};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// An adviser of the youth unit.
pub const ADVISER: &str = "bu.raadgiver";
/// A counsellor of UU, in the unit that takes its signals.
pub const GUIDE: &str = "uu.vejleder";
/// An adviser of the social department, which receives.
pub const RECEIVER: &str = "social.raadgiver";
/// A caseworker of JobSpor.
pub const WORKER: &str = "jv.sagsbehandler";

/// A young person of `who`, born on a day.
pub async fn born(app: &TestApp, who: &str, day: &str, serial: u32) -> Uuid {
    let body = registration(app, who, &number(day, serial));
    done(app.as_(who).post("/api/v1/young-people", body)).await.id()
}

/// Support that goes on after 18.
pub fn support(app: &TestApp, law: &str) -> Value {
    json!({ "legalBasis": law, "goesOnAfter18": true, "words": "Kan ikke bo alene.", "from": app.today() })
}

pub async fn tell(app: &TestApp, person: Uuid, body: Value) -> Answer {
    done(app.as_(ADVISER).post(&format!("/api/v1/young-people/{person}/support-needs"), body)).await
}

/// The needs of a young person, as they lie there.
pub async fn needs(app: &TestApp, person: Uuid) -> Vec<Value> {
    app.sql(&format!("SELECT *, due_on(n) AS due FROM transition_need n WHERE young_person_id = '{person}' ORDER BY raised_on, id"))
        .await
}

/// The only one.
pub async fn need(app: &TestApp, person: Uuid) -> Value {
    let mut all = needs(app, person).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

pub fn id(row: &Value) -> Uuid {
    row["id"].as_str().unwrap().parse().unwrap()
}

/// A step of a need, in its present version.
pub async fn step<'a>(
    app: &'a TestApp,
    who: &'a str,
    need: Uuid,
    step: &str,
    body: Value,
) -> Call<'a> {
    // The version that they read: what is hidden from them does not change it (AC-17).
    let read = app.as_(who).get(&format!("/api/v1/transition-needs/{need}")).await;
    let version = if read.status == 200 {
        read.version()
    } else {
        row(app, "transition_need", need).await["version"].as_i64().unwrap()
    };
    let path = format!("/api/v1/transition-needs/{need}/{step}");
    let call = if body.is_null() {
        app.as_(who).post_nothing(&path)
    } else {
        app.as_(who).post(&path, body)
    };
    call.if_match(version)
}

/// That a meeting was held, as whoever holds it tells.
pub async fn hold(app: &TestApp, need: Uuid) {
    app.execute(&format!(
        "SELECT set_config('app.now', '{}', true);
         UPDATE transition_need SET state = 'held', decided_on = acting_today(), version = version + 1,
                decided_by_id = '{}' WHERE id = '{need}'",
        app.now(),
        app.employee(ADVISER)
    ))
    .await;
}

/// The open tasks about somebody, by kind and day.
pub async fn asked(app: &TestApp, person: Uuid) -> Vec<(String, String)> {
    let open = format!(
        "SELECT kind, due_on FROM task WHERE young_person_id = '{person}' AND done_at IS NULL ORDER BY kind"
    );
    let text = |task: &Value, column: &str| task[column].as_str().unwrap().to_owned();
    app.sql(&open).await.iter().map(|task| (text(task, "kind"), text(task, "due_on"))).collect()
}

pub fn task(kind: &str, due: &str) -> (String, String) {
    (kind.to_owned(), due.to_owned())
}

/// The events of a kind about somebody.
pub async fn events(app: &TestApp, person: Uuid, kind: &str) -> usize {
    app.sql(&format!("SELECT 1 FROM event WHERE young_person_id = '{person}' AND kind = '{kind}'"))
        .await
        .len()
}

pub async fn listed(app: &TestApp, who: &str, query: &str) -> Vec<Value> {
    done(app.as_(who).get(&format!("/api/v1/transition-needs?limit=200&{query}")))
        .await
        .items()
        .to_vec()
}

/// On the very night, in Copenhagen; once, whatever runs at the same moment and again.
#[actix_web::test]
async fn tm_01_a_need_is_found_at_midnight_of_sixteen_and_a_half_once() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let person = born(&app, ADVISER, "2010-06-15", 1).await;
    let told = tell(&app, person, support(&app, "sel-107")).await;
    assert_eq!((told.body["guide"].as_i64(), needs(&app, person).await.len()), (Some(17), 0));
    app.at("2026-12-14T22:59:59Z");
    join_all([app.run_due_jobs(), other.run_due_jobs()]).await;
    assert_eq!(needs(&app, person).await.len(), 0, "the last second before");
    assert_eq!(app.as_(RECEIVER).get(&format!("/api/v1/young-people/{person}")).await.status, 404);
    app.at("2026-12-14T23:00:00Z");
    for _ in 0..3 {
        join_all(vec![app.run_due_jobs(), other.run_due_jobs(), app.run_due_jobs()]).await;
    }
    let found = need(&app, person).await;
    assert_eq!(
        [
            &found["origin"],
            &found["state"],
            &found["guide"],
            &found["acute"],
            &found["raised_on"],
            &found["due"]
        ],
        [
            &json!("support-need"),
            &json!("open"),
            &json!(17),
            &json!(false),
            &json!("2026-12-15"),
            &json!("2027-06-15")
        ]
    );
    assert_eq!(asked(&app, person).await, [task("hold-transition-meeting", "2027-06-15")]);
    assert_eq!(events(&app, person, "transition-need.found").await, 1);
    // The adviser's unit calls; who receives sees who it is and the need, and nothing of the family.
    let seen =
        done(app.as_(RECEIVER).get(&format!("/api/v1/transition-needs/{}", id(&found)))).await;
    assert_eq!(
        (&seen.body["standing"], &seen.body["dueOn"]),
        (&json!("to-book"), &json!("2027-06-15"))
    );
    let path = format!("/api/v1/young-people/{person}/support-needs");
    assert_eq!(done(app.as_(RECEIVER).get(&path)).await.items().len(), 0);
    assert_eq!(done(app.as_(ADVISER).get(&path)).await.items().len(), 1);
    assert_eq!(
        app.as_(WORKER).get(&format!("/api/v1/transition-needs/{}", id(&found))).await.status,
        404
    );
}

/// Leap-day children, the guide of 15, and what was told late.
#[actix_web::test]
async fn tm_01_the_guide_decides_when_and_what_is_told_late_is_found_at_once() {
    let app = TestApp::new().await;
    for (serial, day, guide, before, on, due) in [
        (1, "2012-02-29", 17, "2028-08-28", "2028-08-29", "2029-03-01"),
        (2, "2012-08-31", 15, "2027-02-28", "2027-03-01", "2027-08-31"),
        (3, "2012-06-15", 15, "2026-12-14", "2026-12-15", "2027-06-15"),
    ] {
        app.at("2026-11-23T10:00:00Z");
        let person = born(&app, ADVISER, day, serial).await;
        let mut body = support(&app, "sel-85");
        body["guide"] = json!(guide);
        tell(&app, person, body).await;
        app.at(&format!("{before}T12:00:00Z"));
        app.run_due_jobs().await;
        assert_eq!(needs(&app, person).await.len(), 0, "{day}");
        app.at(&format!("{on}T12:00:00Z"));
        app.run_due_jobs().await;
        assert_eq!(need(&app, person).await["due"], json!(due), "{day}");
    }
    app.at("2026-11-23T10:00:00Z");
    // With four and with two months left, and after the day itself: no run is waited for.
    for (serial, day, acute) in
        [(4, "2010-03-23", false), (5, "2010-01-23", true), (6, "2009-03-23", true)]
    {
        let person = born(&app, ADVISER, day, serial).await;
        tell(&app, person, support(&app, "sel-108")).await;
        let found = need(&app, person).await;
        assert_eq!((&found["acute"], &found["state"]), (&json!(acute), &json!("open")), "{day}");
        let found = events(&app, person, "transition-need.found").await;
        assert_eq!(found, 1, "{day}");
    }
    // Who is of age, or whose support does not go on, is handed over by nobody.
    let of_age = born(&app, ADVISER, "2008-11-23", 7).await;
    tell(&app, of_age, support(&app, "sel-85")).await;
    let ends = born(&app, ADVISER, "2010-01-23", 8).await;
    let mut body = support(&app, "sel-85");
    body["goesOnAfter18"] = json!(false);
    tell(&app, ends, body).await;
    app.run_due_jobs().await;
    assert_eq!((needs(&app, of_age).await.len(), needs(&app, ends).await.len()), (0, 0));
}

/// A service that stood still tells everything once on its return.
#[actix_web::test]
async fn tm_01_what_was_due_while_the_service_stood_still_is_told_once() {
    let app = TestApp::new().await;
    let mut people = Vec::new();
    for day in 24..29 {
        let person = born(&app, ADVISER, &format!("2010-05-{day}"), day).await;
        tell(&app, person, support(&app, "sel-107")).await;
        people.push(person);
    }
    app.run_due_jobs().await;
    app.at("2026-11-28T10:00:00Z");
    join_all([app.run_due_jobs(), app.run_due_jobs()]).await;
    app.run_due_jobs().await;
    for person in people {
        let found = need(&app, person).await;
        assert_eq!(found["acute"], false, "that it stood still makes nothing acute");
        assert_eq!(asked(&app, person).await.len(), 1);
        assert_eq!(events(&app, person, "transition-need.found").await, 1);
    }
}

#[actix_web::test]
async fn tm_02_what_is_exempt_is_referred_instead() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    tell(&app, person, support(&app, "bl-ungestoette")).await;
    let found = need(&app, person).await;
    assert_eq!((&found["state"], &found["decided_by_id"]), (&json!("exempt"), &Value::Null));
    let committee = task("bring-before-committee", "2027-02-23");
    assert_eq!(asked(&app, person).await, [committee.clone(), task("refer-instead", "2026-12-21")]);
    assert_eq!(
        app.as_(RECEIVER).get(&format!("/api/v1/transition-needs/{}", id(&found))).await.status,
        404
    );
    let refer = |unit: &str| json!({ "unitId": app.unit(unit), "words": "Efterværn alene." });
    for unit in ["vuc", "handicapteamet", "jv"] {
        let call = step(&app, ADVISER, id(&found), "refer", refer(unit)).await;
        refused(&app, call, (409, "transition-referral.other-department")).await;
    }
    let referred = done(step(&app, ADVISER, id(&found), "refer", refer("jobspor")).await).await;
    assert_eq!(referred.body["referrals"].as_array().unwrap().len(), 1);
    let again = step(&app, ADVISER, id(&found), "refer", refer("jobspor")).await;
    refused(&app, again, (409, "transition-referral.already-made")).await;
    done(step(&app, ADVISER, id(&found), "refer", refer("uu-vejledningen")).await).await;
    assert_eq!(asked(&app, person).await, [committee]);
    done(app.as_(WORKER).get(&format!("/api/v1/transition-needs/{}", id(&found)))).await;
    // A larger need, told later, is met about all the same.
    tell(&app, person, support(&app, "sel-107")).await;
    let states: Vec<Value> =
        needs(&app, person).await.iter().map(|need| need["state"].clone()).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&json!("open")) && states.contains(&json!("exempt")));
}

/// New decisions use a row that holds that day; older ones keep theirs.
#[actix_web::test]
async fn tm_02_paragraphs_change_and_older_decisions_keep_theirs() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    let path = format!("/api/v1/young-people/{person}/support-needs");
    for law in ["sel-76", "kui-2a", "findes-ikke"] {
        let call = app.as_(ADVISER).post(&path, support(&app, law));
        refused(&app, call, (409, "legal-basis.not-valid")).await;
    }
    let mut before = support(&app, "sel-76-a");
    before["judgedOn"] = json!("2023-12-31");
    tell(&app, person, before.clone()).await;
    assert_eq!(need(&app, person).await["state"], "open", "a continued placement is met about");
    before["judgedOn"] = json!("2026-11-24");
    assert_eq!(app.as_(ADVISER).post(&path, before).await.pointers(), ["/judgedOn"]);
    let twice = app.as_(ADVISER).post(&path, support(&app, "sel-76-a"));
    assert_eq!(twice.await.code(), "legal-basis.not-valid");
    tell(&app, person, support(&app, "sel-85")).await;
    refused(
        &app,
        app.as_(ADVISER).post(&path, support(&app, "sel-85")),
        (409, "support-need.already-told"),
    )
    .await;
    let law = done(app.as_(WORKER).get("/api/v1/legal-bases")).await;
    let old = law.items().iter().find(|row| row["code"] == "sel-76-a").unwrap();
    assert_eq!(
        (&old["validTo"], &old["successor"]),
        (&json!("2023-12-31"), &json!("bl-ungestoette-anbringelse"))
    );
}

/// Many at STU or a special school have no case in the family department: UU is asked, and sees them for it.
#[actix_web::test]
async fn tm_01_enrolment_in_stu_or_a_special_school_is_judged_by_uu() {
    let app = TestApp::new().await;
    app.execute("INSERT INTO special_education VALUES ('school', fold_name('Søndre Skole'), 'Søndre Skole')").await;
    let person = born(&app, WORKER, "2011-12-15", 1).await;
    let path = format!("/api/v1/young-people/{person}/education-and-work");
    let school = json!({ "kind": "school", "place": "søndre  skole", "grade": 8, "days": { "startedOn": "2026-08-10" }, "source": "register" });
    done(app.as_(WORKER).post(&path, school)).await;
    app.at("2026-06-14T12:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(needs(&app, person).await.len(), 0, "not at school there yet, and not 14½");
    app.at("2026-11-24T12:00:00Z");
    app.run_due_jobs().await;
    let found = need(&app, person).await;
    assert_eq!(
        (&found["state"], &found["guide"], &found["origin"]),
        (&json!("to-judge"), &json!(15), &json!("enrolment"))
    );
    assert_eq!(asked(&app, person).await, [task("judge-need", "2026-12-22")]);
    // Who is not UU's cannot judge; who is sees them by law.
    let judge = |in_need: bool| json!({ "inNeed": in_need, "words": "Talt med den unge." });
    let call = step(&app, WORKER, id(&found), "judge", judge(true)).await;
    refused(&app, call, (403, "access.denied")).await;
    let judged = done(step(&app, GUIDE, id(&found), "judge", judge(false)).await).await;
    assert_eq!(
        (&judged.body["state"], &judged.body["standing"]),
        (&json!("not-in-need"), &json!("not-in-need"))
    );
    let call = step(&app, GUIDE, id(&found), "judge", judge(true)).await;
    refused(&app, call, (409, "transition-need.step-not-allowed")).await;
    assert_eq!(asked(&app, person).await, []);
    app.run_due_jobs().await;
    assert_eq!(needs(&app, person).await.len(), 1, "it was judged");
    // Four weeks later UU sees them no more; at 16½ it is asked again.
    app.at("2026-12-23T12:00:00Z");
    assert_eq!(app.as_(GUIDE).get(&format!("/api/v1/young-people/{person}")).await.status, 404);
    app.at("2028-06-15T12:00:00Z");
    app.run_due_jobs().await;
    let again = needs(&app, person).await;
    assert_eq!((again.len(), &again[1]["guide"]), (2, &json!(17)));
    let judged = done(step(&app, GUIDE, id(&again[1]), "judge", judge(true)).await).await;
    assert_eq!(
        (&judged.body["standing"], &judged.body["dueOn"]),
        (&json!("to-book"), &json!("2028-12-15"))
    );
    // The need of support of B&U decides where UU has not judged.
    done(app.as_(RECEIVER).get(&format!("/api/v1/transition-needs/{}", id(&again[1])))).await;
}

#[actix_web::test]
async fn tm_01_any_municipal_unit_raises_a_need_by_hand_one_at_a_time() {
    let app = TestApp::new().await;
    let person = born(&app, WORKER, "2010-05-23", 1).await;
    let raise = json!({ "youngPersonId": person, "acute": true, "reason": "Flyttet hertil." });
    let me = app.as_(WORKER);
    assert_eq!(app.as_(RECEIVER).post("/api/v1/transition-needs", raise.clone()).await.status, 404);
    let raised = done(me.post("/api/v1/transition-needs", raise.clone())).await;
    assert_eq!(
        [
            &raised.body["origin"],
            &raised.body["acute"],
            &raised.body["standing"],
            &raised.body["dueOn"]
        ],
        [&json!("by-hand"), &json!(true), &json!("to-book"), &json!("2027-05-23")]
    );
    assert_eq!(raised.header("location"), format!("/api/v1/transition-needs/{}", raised.id()));
    refused(
        &app,
        me.post("/api/v1/transition-needs", raise.clone()),
        (409, "transition-need.already-open"),
    )
    .await;
    // By number, too; of both or neither nothing comes.
    let cpr = number("2010-05-23", 1);
    let by_number = json!({ "cpr": cpr, "reason": "x" });
    refused(
        &app,
        me.post("/api/v1/transition-needs", by_number),
        (409, "transition-need.already-open"),
    )
    .await;
    let both = json!({ "cpr": cpr, "youngPersonId": person, "reason": "x" });
    assert_eq!(me.post("/api/v1/transition-needs", both).await.pointers(), ["/cpr"]);
    let none = me.post("/api/v1/transition-needs", json!({ "reason": "x" })).await;
    assert_eq!(none.pointers(), ["/youngPersonId"]);
    let nobody = json!({ "cpr": number("2010-05-23", 77), "reason": "x" });
    assert_eq!(me.post("/api/v1/transition-needs", nobody).await.problem(), (404, "not-found"));
    let of_age = born(&app, WORKER, "2008-11-23", 2).await;
    let late = json!({ "youngPersonId": of_age, "reason": "x" });
    refused(
        &app,
        me.post("/api/v1/transition-needs", late),
        (409, "transition-need.age-out-of-range"),
    )
    .await;
    // Eight who raise it at once make one.
    let other = born(&app, WORKER, "2010-05-23", 3).await;
    let second = app.instance().await;
    let raise = json!({ "youngPersonId": other, "reason": "x" });
    let at_once = (0..8).map(|on: usize| {
        let app = if on.is_multiple_of(2) { &app } else { &second };
        app.as_(WORKER).post("/api/v1/transition-needs", raise.clone()).into_future()
    });
    let mut answers: Vec<u16> = join_all(at_once).await.iter().map(|one| one.status).collect();
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409, 409, 409]);
}

/// Past its day a need stays in sight every day until a meeting is held.
#[actix_web::test]
async fn tm_03_an_overdue_need_stays_in_sight_until_a_meeting_is_held() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    tell(&app, person, support(&app, "sel-107")).await;
    let found = id(&need(&app, person).await);
    for (now, state) in [
        ("2027-05-23T21:59:59Z", "to-book"),
        ("2027-05-23T22:00:00Z", "overdue"),
        ("2027-12-31T12:00:00Z", "overdue"),
        ("2029-01-01T12:00:00Z", "overdue"),
    ] {
        app.at(now);
        app.run_due_jobs().await;
        for who in [ADVISER, RECEIVER] {
            let seen = listed(&app, who, &format!("state={state}")).await;
            assert_eq!(seen.len(), 1, "{who} {now}");
            assert_eq!(id(&seen[0]), found);
        }
    }
    assert_eq!(asked(&app, person).await, [task("hold-transition-meeting", "2027-05-23")]);
    hold(&app, found).await;
    app.run_due_jobs().await;
    assert_eq!(asked(&app, person).await, []);
    let seen = listed(&app, ADVISER, "state=held").await;
    assert_eq!(seen.len(), 1);
    // One handover: no other is found, also not by another kind of support.
    tell(&app, person, support(&app, "sel-85")).await;
    assert_eq!(needs(&app, person).await.len(), 1);
}

#[actix_web::test]
async fn tm_12_aftercare_goes_before_its_committee_first() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2010-05-23", 1).await;
    tell(&app, person, support(&app, "bl-ungestoette-anbringelse")).await;
    let found = id(&need(&app, person).await);
    assert_eq!(
        asked(&app, person).await,
        [
            task("bring-before-committee", "2027-02-23"),
            task("hold-transition-meeting", "2027-05-23")
        ]
    );
    let said = |on: &str| json!({ "on": on, "words": "Opretholdt anbringelse." });
    let ahead = step(&app, ADVISER, found, "committee", said("2026-11-24")).await;
    refused(&app, ahead, (409, "transition-need.day-out-of-range")).await;
    let told = done(step(&app, ADVISER, found, "committee", said("2026-11-23")).await).await;
    assert_eq!(
        (&told.body["wantsCommittee"], &told.body["committeeOn"]),
        (&json!(false), &json!("2026-11-23"))
    );
    assert_eq!(asked(&app, person).await, [task("hold-transition-meeting", "2027-05-23")]);
}

#[actix_web::test]
async fn tm_14_aftercare_that_ends_raises_a_need_half_a_year_before() {
    let app = TestApp::new().await;
    // To the 23rd birthday, and to a day that was told.
    let to_23 = born(&app, ADVISER, "2004-03-10", 1).await;
    let to_a_day = born(&app, ADVISER, "2006-03-10", 2).await;
    let aftercare = tell(&app, to_a_day, support(&app, "bl-ungestoette")).await;
    tell(&app, to_23, support(&app, "bl-ungestoette")).await;
    let end = format!("/api/v1/support-needs/{}/end", aftercare.id());
    let early = app.as_(ADVISER).post(&end, json!({ "on": "2026-11-22" })).if_match(1).await;
    assert_eq!(early.pointers(), ["/on"]);
    assert_eq!(need(&app, to_23).await["due"], "2027-03-10");
    let call = app.as_(ADVISER).post(&end, json!({ "on": "2027-08-01" })).if_match(1);
    done(call).await;
    app.at("2027-01-31T12:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(needs(&app, to_a_day).await.len(), 0);
    app.at("2027-02-01T12:00:00Z");
    app.run_due_jobs().await;
    let found = need(&app, to_a_day).await;
    assert_eq!(
        (&found["origin"], &found["state"], &found["due"]),
        (&json!("aftercare-ends"), &json!("open"), &json!("2027-08-01"))
    );
}

/// The whole way: agreed, accepted, held; it passes at midnight of the 18th birthday, and any day tells who.
#[actix_web::test]
async fn tm_09_the_coordination_passes_at_midnight_when_accepted_and_held() {
    let app = TestApp::new().await;
    let person = born(&app, ADVISER, "2009-03-28", 1).await;
    let plan = app.plan(ADVISER, person).await;
    let path = format!("/api/v1/plans/{}/activate", plan.id());
    done(app.as_(ADVISER).post_nothing(&path).if_match(plan.version())).await;
    tell(&app, person, support(&app, "sel-107")).await;
    let found = id(&need(&app, person).await);
    let law = |law: &str, from: &str| json!({ "legalBasis": law, "from": from });
    let path = format!("/api/v1/young-people/{person}/responsibility");
    let minor = done(app.as_(ADVISER).post(&path, law("bl-122", "2026-11-23"))).await;
    assert_eq!(minor.body["to"], "2027-03-27", "law for those under 18 ends by itself");
    let agreement = |unit: &str, who: Option<&str>| {
        json!({ "unitId": app.unit(unit), "supportsFrom": "2027-01-01", "coordinatesFrom": "2027-03-28",
                "coordinatorId": who.map(|who| app.employee(who)) })
    };
    let stranger =
        step(&app, ADVISER, found, "agree", agreement("socialafdelingen", Some(WORKER))).await;
    assert_eq!(stranger.await.pointers(), ["/coordinatorId"]);
    let mut backwards = agreement("socialafdelingen", None);
    backwards["supportsFrom"] = json!("2027-03-29");
    let call = step(&app, ADVISER, found, "agree", backwards).await;
    refused(&app, call, (409, "responsibility.days-contradict")).await;
    let call = step(&app, ADVISER, found, "agree", agreement("vuc", None)).await;
    refused(&app, call, (409, "responsibility.other-department")).await;
    // First agreed with JobSpor, then with the social department instead.
    done(step(&app, ADVISER, found, "agree", agreement("jobspor", None)).await).await;
    done(app.as_(WORKER).get(&path)).await;
    done(step(&app, ADVISER, found, "agree", agreement("socialafdelingen", Some(RECEIVER))).await)
        .await;
    assert_eq!(app.as_(WORKER).get(&path).await.status, 404, "what was replaced opens nothing");
    let call = step(&app, ADVISER, found, "accept", Value::Null).await;
    refused(&app, call, (409, "responsibility.not-the-receiver")).await;
    done(step(&app, RECEIVER, found, "accept", Value::Null).await).await;
    let call = step(&app, RECEIVER, found, "accept", Value::Null).await;
    refused(&app, call, (409, "responsibility.already-accepted")).await;
    let call = step(&app, ADVISER, found, "agree", agreement("jobspor", None)).await;
    refused(&app, call, (409, "responsibility.already-accepted")).await;
    done(app.as_(RECEIVER).post(&path, law("sel-107", "2027-03-28"))).await;
    refused(
        &app,
        app.as_(RECEIVER).post(&path, law("sel-107", "2027-03-27")),
        (409, "legal-basis.not-valid"),
    )
    .await;
    refused(
        &app,
        app.as_(RECEIVER).post(&path, law("bl-122", "2026-11-23")),
        (409, "responsibility.other-department"),
    )
    .await;
    refused(
        &app,
        app.as_(RECEIVER).post(&path, law("sel-107", "2027-04-01")),
        (409, "responsibility.already-held"),
    )
    .await;

    // Not held yet: it does not pass, whatever the day.
    app.at("2027-03-29T12:00:00Z");
    app.run_due_jobs().await;
    let on = |day: &str| format!("{path}?on={day}");
    let now = done(app.as_(RECEIVER).get(&path)).await;
    assert_eq!(now.body["coordinating"][0]["department"], "BU");
    app.at("2027-02-01T12:00:00Z");
    hold(&app, found).await;
    app.at("2027-03-27T22:59:59Z");
    app.run_due_jobs().await;
    assert_eq!(
        done(app.as_(RECEIVER).get(&path)).await.body["coordinating"][0]["department"],
        "BU"
    );
    // The service stands still for five days: it passed at midnight all the same, once.
    app.at("2027-04-02T12:00:00Z");
    join_all([app.run_due_jobs(), app.run_due_jobs()]).await;
    app.run_due_jobs().await;
    assert_eq!(events(&app, person, "responsibility.passed").await, 1);
    let whole = |answer: &Answer| {
        let departments = |list: &str| -> Vec<String> {
            let told = answer.body[list].as_array().unwrap();
            told.iter().map(|one| one["department"].as_str().unwrap().to_owned()).collect()
        };
        (departments("statutory"), departments("coordinating"))
    };
    for (day, statutory, coordinating) in [
        ("2026-11-22", vec![], vec![]),
        ("2026-11-23", vec!["BU"], vec!["BU"]),
        ("2027-03-27", vec!["BU"], vec!["BU"]),
        ("2027-03-28", vec!["JV"], vec!["JV"]),
        ("2027-12-24", vec!["JV"], vec!["JV"]),
    ] {
        let told = done(app.as_(RECEIVER).get(&on(day))).await;
        assert_eq!(
            whole(&told),
            (
                statutory.into_iter().map(str::to_owned).collect(),
                coordinating.into_iter().map(str::to_owned).collect(),
            ),
            "{day}"
        );
    }
    let told = done(app.as_(RECEIVER).get(&on("2027-03-28"))).await;
    assert_eq!(told.body["coordinating"][0]["from"], "2027-03-27T23:00:00Z");
    let plan = done(app.as_(RECEIVER).get(&format!("/api/v1/plans/{}", plan.id()))).await;
    assert_eq!(
        plan.body["coordinator"]["employeeId"],
        json!(app.employee(RECEIVER)),
        "{:#}",
        plan.body
    );
}

/// The day has come and the receiver has not accepted: the coordination stays, and that rises.
#[actix_web::test]
async fn tm_09_what_is_not_accepted_stays_and_rises_the_same_day() {
    const DIRECTOR: &str = "test.direktoer";
    let app = TestApp::new().await;
    app.employ(DIRECTOR, "department-head", "jv").await;
    let person = born(&app, ADVISER, "2009-01-04", 1).await;
    app.plan(ADVISER, person).await;
    tell(&app, person, support(&app, "sel-107")).await;
    let found = id(&need(&app, person).await);
    let agreement = json!({ "unitId": app.unit("socialafdelingen"), "supportsFrom": "2026-12-01", "coordinatesFrom": "2027-01-04" });
    done(step(&app, ADVISER, found, "agree", agreement).await).await;
    hold(&app, found).await;
    app.run_due_jobs().await;
    assert_eq!(asked(&app, person).await, [task("accept-responsibility", "2027-01-04")]);
    for (now, breach, raised) in [
        ("2027-01-03T12:00:00Z", Value::Null, vec![]),
        (
            "2027-01-04T12:00:00Z",
            json!("team-leaders"),
            vec!["handicap.teamleder", "social.teamleder"],
        ),
        ("2027-01-08T12:00:00Z", json!("team-leaders"), vec![]),
        ("2027-01-11T12:00:00Z", json!("directors"), vec![]),
    ] {
        app.at(now);
        app.run_due_jobs().await;
        let read = done(app.as_(RECEIVER).get(&format!("/api/v1/transition-needs/{found}"))).await;
        assert_eq!(read.body["agreement"]["breach"], breach, "{now}");
        let seen = listed(&app, RECEIVER, "breach=true").await;
        assert_eq!(seen.len(), usize::from(!breach.is_null()), "{now}");
        if !raised.is_empty() {
            assert_eq!(
                asked(&app, person).await,
                [
                    task("accept-responsibility", "2027-01-04"),
                    task("press-for-acceptance", "2027-01-04"),
                ]
            );
            assert_eq!(events(&app, person, "task.raised").await, 2, "to both team leaders");
        }
        let told =
            done(app.as_(RECEIVER).get(&format!("/api/v1/young-people/{person}/responsibility")))
                .await;
        assert_eq!(told.body["coordinating"][0]["department"], "BU", "{now}");
    }
    // It is a task of who leads the department above the receiver, once.
    let director =
        app.sql("SELECT due_on, employee_id FROM task WHERE kind = 'settle-responsibility'").await;
    assert_eq!(
        (director.len(), &director[0]["due_on"], &director[0]["employee_id"]),
        (1, &json!("2027-01-11"), &json!(app.employee(DIRECTOR)))
    );
    let list = done(app.as_(DIRECTOR).get("/api/v1/tasks?mine=true")).await;
    assert!(
        list.items().iter().any(|task| task["kind"] == "settle-responsibility"),
        "{}",
        list.body
    );
    // Accepted late: from that moment on, and not before.
    done(step(&app, RECEIVER, found, "accept", Value::Null).await).await;
    let told =
        done(app.as_(RECEIVER).get(&format!("/api/v1/young-people/{person}/responsibility"))).await;
    let steps = told.body["coordinating"].as_array().unwrap();
    assert_eq!(
        (steps.len(), &steps[1]["department"], &steps[1]["from"]),
        (2, &json!("JV"), &json!("2027-01-11T12:00:00Z"))
    );
    assert_eq!(asked(&app, person).await, []);
    assert_eq!(listed(&app, RECEIVER, "breach=true").await.len(), 0);
}

/// The overview tells of exactly those whom a single read tells of, to every role; its filters, and who looked.
#[actix_web::test]
async fn tm_11_the_overview_lists_what_each_role_may_read() {
    let app = crate::access_matrix::municipality().await;
    let school = |place: &str| json!({ "kind": "school", "place": place, "grade": 9, "days": { "startedOn": "2026-08-10" }, "source": "register" });
    let mut all = Vec::new();
    for (serial, owner, day) in [
        (1, ADVISER, "2010-01-23"),
        (2, ADVISER, "2010-04-23"),
        (3, WORKER, "2009-10-23"),
        (4, GUIDE, "2010-04-02"),
        (5, "handicap.teamleder", "2010-05-01"),
    ] {
        let person = born(&app, owner, day, serial).await;
        let place = if serial == 2 { "Houlkærskolen" } else { "Møllehøjskolen" };
        if owner != "handicap.teamleder" {
            done(
                app.as_(owner).post(
                    &format!("/api/v1/young-people/{person}/education-and-work"),
                    school(place),
                ),
            )
            .await;
        }
        let raise = json!({ "youngPersonId": person, "reason": "x" });
        all.push(done(app.as_(owner).post("/api/v1/transition-needs", raise)).await.id());
    }
    for (username, department, role, _) in PEOPLE {
        if !allows(*department, *role, Relation::Any, ActionKind::FindYoungPeople) {
            continue;
        }
        let answer = done(app.as_(username).get("/api/v1/transition-needs")).await;
        let in_list: BTreeSet<Uuid> = answer.items().iter().map(id).collect();
        let mut read = BTreeSet::new();
        for need in &all {
            let one = app.as_(username).get(&format!("/api/v1/transition-needs/{need}")).await;
            assert!([200, 404].contains(&one.status), "{username}: {}", one.status);
            if one.status == 200 {
                read.insert(*need);
            }
        }
        assert_eq!(in_list, read, "{username}");
        if !in_list.is_empty() {
            let entry = entry_of(&app, &answer).await;
            assert_eq!(
                entry["young_people"].as_array().unwrap().len(),
                in_list.len(),
                "{username}"
            );
        }
    }
    let seen = async |query: &str| -> Vec<usize> {
        let items = listed(&app, RECEIVER, query).await;
        items.iter().map(|item| 1 + all.iter().position(|one| *one == id(item)).unwrap()).collect()
    };
    assert_eq!(seen("").await, [3, 1, 4, 2, 5], "the soonest due first");
    assert_eq!(seen("state=overdue").await, [3]);
    assert_eq!(seen("state=to-book").await, [1, 4, 2, 5]);
    assert_eq!(seen("birthMonth=4").await, [4, 2]);
    assert_eq!(seen("quarter=2027-Q2").await, [4, 2, 5]);
    assert_eq!(seen(&format!("unitId={}", app.unit_of(ADVISER))).await, [1, 2]);
    assert_eq!(
        seen("school=houlkaerskolen").await,
        Vec::<usize>::new(),
        "not for whom the area does not open"
    );
    let of_school = listed(&app, ADVISER, "school=houlkaerskolen").await;
    assert_eq!((of_school.len(), &of_school[0]["school"]), (1, &json!("Houlkærskolen")));
    for (query, pointer) in
        [("quarter=2027-Q5", "quarter"), ("birthMonth=13", "birthMonth"), ("limit=0", "limit")]
    {
        let answer = app.as_(RECEIVER).get(&format!("/api/v1/transition-needs?{query}")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    // Page by page it is the same.
    let mut paged = Vec::new();
    let mut path = "/api/v1/transition-needs?limit=2".to_owned();
    loop {
        let page = done(app.as_(RECEIVER).get(&path)).await;
        paged.extend(page.items().iter().map(id));
        let Some(cursor) = page.body["nextCursor"].as_str() else { break };
        path = format!("/api/v1/transition-needs?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, listed(&app, RECEIVER, "").await.iter().map(id).collect::<Vec<_>>());
}

/// What is booked is told by the overview, and what is due in the coming windows by the slots there are.
#[actix_web::test]
async fn tm_11_windows_tell_what_is_due_in_them_and_whether_there_are_slots_enough() {
    let app = TestApp::new().await;
    let unit = app.unit("socialafdelingen");
    app.execute(&format!(
        "SELECT set_config('app.now', '{}', true);
         DELETE FROM meeting; DELETE FROM meeting_slot; DELETE FROM meeting_window; DELETE FROM meeting_room;
         INSERT INTO meeting_room (id, unit_id, name, place) VALUES ('{unit}', '{unit}', 'x', 'x');
         INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES
            ('00000000-0000-0000-0000-000000000001', '{unit}', '2026-12-01', '2026-12-14'),
            ('00000000-0000-0000-0000-000000000002', '{unit}', '2027-05-01', '2027-05-14');
         INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at)
         SELECT gen_random_uuid(), w.id, '{unit}', w.first_day + interval '10 hours' + n * interval '1 hour', w.first_day + interval '11 hours' + n * interval '1 hour'
           FROM meeting_window w, generate_series(0, 1) n",
        app.now()
    ))
    .await;
    // Due before the first window ends, between them, and after the second; one late.
    let mut all = Vec::new();
    for (serial, day) in
        [(1, "2009-12-10"), (2, "2010-04-23"), (3, "2010-05-20"), (4, "2009-10-01")]
    {
        let person = born(&app, WORKER, day, serial).await;
        let raise = json!({ "youngPersonId": person, "reason": "x" });
        all.push((
            person,
            done(app.as_(WORKER).post("/api/v1/transition-needs", raise)).await.id(),
        ));
    }
    let demand = async |who: &str| -> Vec<(i64, i64, bool)> {
        let told = done(app.as_(who).get("/api/v1/meeting-window-demand")).await;
        let number = |window: &Value, member: &str| window[member].as_i64().unwrap();
        let tell = |window: &Value| {
            (number(window, "due"), number(window, "free"), window["enough"] == true)
        };
        told.items().iter().map(tell).collect()
    };
    assert_eq!(demand(RECEIVER).await, [(3, 2, false), (1, 2, true)]);
    assert_eq!(
        demand(ADVISER).await,
        [(0, 2, true), (0, 2, true)],
        "of whom one does not see, nothing is counted"
    );
    let (person, need) = all[1];
    app.execute(&format!(
        "SELECT set_config('app.now', '{}', true);
         INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, slot_id, room_id, starts_at, ends_at, called_by_id, called_at, changed_at)
         SELECT gen_random_uuid(), '{person}', '{}', 'transition', '{need}', s.id, s.room_id, s.starts_at, s.ends_at, '{}', acting_now(), acting_now()
           FROM meeting_slot s ORDER BY s.starts_at LIMIT 1",
        app.now(), app.unit_of(WORKER), app.employee(WORKER)
    ))
    .await;
    assert_eq!(demand(RECEIVER).await, [(2, 1, false), (1, 2, true)]);
    let booked = listed(&app, RECEIVER, "state=booked").await;
    assert_eq!((booked.len(), id(&booked[0])), (1, need));
    assert!(booked[0]["nextMeeting"].is_string());
}

#[actix_web::test]
async fn tm_15_the_handover_to_youth_education_is_kept_as_one_with_its_receipt() {
    let app = TestApp::new().await;
    let person = born(&app, GUIDE, "2010-05-23", 1).await;
    let path = format!("/api/v1/young-people/{person}/education-handovers");
    let me = app.as_(GUIDE);
    let handover = json!({
        "fromSchool": "Houlkærskolen", "toEducation": "Mercantec", "receiver": "Lis Juul", "told": "Ordblind.",
        "basis": { "kind": "consent", "words": "Skriftligt." }, "mentorId": app.employee("mentor"),
    });
    let made = done(me.post(&path, handover.clone())).await;
    assert_eq!(
        (&made.body["mentorUntil"], &made.body["receivedOn"]),
        (&json!("2026-11-30"), &Value::Null)
    );
    let mut wrong = handover.clone();
    wrong["on"] = json!("2026-11-24");
    assert_eq!(me.post(&path, wrong).await.pointers(), ["/on"]);
    let mut wrong = handover.clone();
    wrong["basis"] = json!({ "kind": "law", "words": "x" });
    assert_eq!(me.post(&path, wrong).await.pointers(), ["/basis/paragraph"]);
    let mut wrong = handover;
    wrong["mentorUntil"] = json!("2026-11-22");
    assert_eq!(me.post(&path, wrong).await.pointers(), ["/mentorUntil"]);
    let receipt = format!("/api/v1/education-handovers/{}/receipt", made.id());
    let by = json!({ "by": "Lis Juul" });
    assert_eq!(me.post(&receipt, by.clone()).await.problem(), (428, "version.missing"));
    let received = done(me.post(&receipt, by.clone()).if_match(1)).await;
    assert_eq!((&received.body["receivedOn"], received.version()), (&json!("2026-11-23"), 2));
    refused(&app, me.post(&receipt, by).if_match(2), (409, "disclosure.already-received")).await;
    assert_eq!(done(me.get(&path)).await.items().len(), 1);
    assert_eq!(app.as_(WORKER).get(&path).await.problem(), (404, "not-found"));
}
