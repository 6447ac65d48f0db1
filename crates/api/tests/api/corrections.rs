//! YP-8: what was written on the wrong young person is moved or voided, and two registrations are merged, all
//! through the interface.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, done, entry, join, places, refer, referral,
    refused, step,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// Leads JobSpor.
const LEADER: &str = "jv.teamleder";

fn correction<'a>(app: &'a TestApp, who: &'a str, person: Uuid, body: Value) -> Call<'a> {
    app.as_(who).post(&format!("/api/v1/young-people/{person}/corrections"), body)
}

fn void(written: &str, id: Uuid) -> Value {
    json!({ "written": written, "writtenId": id, "reason": "Skrevet på en forkert." })
}

async fn of(app: &TestApp, who: &str, person: Uuid, what: &str) -> Answer {
    app.as_(who).get(&format!("/api/v1/young-people/{person}/{what}")).await.expect(200)
}

async fn benefit(app: &TestApp, person: Uuid) -> Uuid {
    let body = json!({ "kind": "sygedagpenge", "from": "2026-06-01" });
    let path = format!("/api/v1/young-people/{person}/benefits");
    done(app.as_(CASEWORKER).post(&path, body)).await.id()
}

fn kinds(timeline: &Answer) -> Vec<&str> {
    timeline.items().iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn yp_08_a_benefit_is_moved_to_the_right_one_and_both_timelines_tell() {
    let app = TestApp::new().await;
    let (wrong, right) =
        (app.young_person(CASEWORKER).await.id(), app.active_plan(CASEWORKER).await);
    let benefit = benefit(&app, wrong).await;
    let body = json!({ "written": "benefit-episode", "writtenId": benefit, "moveTo": right.young_person, "reason": "x" });
    let moved = done(correction(&app, CASEWORKER, wrong, body)).await;
    assert_eq!((moved.status, &moved.body["act"]), (201, &json!("moved-away")));
    assert!(of(&app, CASEWORKER, wrong, "benefits").await.items().is_empty());
    assert_eq!(
        of(&app, CASEWORKER, right.young_person, "benefits").await.items()[0]["id"],
        json!(benefit)
    );
    assert_eq!(
        of(&app, CASEWORKER, right.young_person, "target-group").await.body["group"],
        json!(1)
    );
    assert_eq!(kinds(&of(&app, CASEWORKER, wrong, "timeline").await)[0], "correction.moved-away");
    assert_eq!(
        kinds(&of(&app, CASEWORKER, right.young_person, "timeline").await)[0],
        "correction.moved-here"
    );
    // Whoever sees the one and not the other is not told who the other is.
    done(join(&app, CASEWORKER, right.plan, COUNSELLOR)).await;
    let told = of(&app, COUNSELLOR, right.young_person, "corrections").await;
    assert_eq!(
        (&told.items()[0]["act"], &told.items()[0]["otherId"]),
        (&json!("moved-here"), &Value::Null)
    );
    assert!(!String::from_utf8_lossy(&told.raw).contains(&wrong.to_string()));
    let told = of(&app, CASEWORKER, right.young_person, "corrections").await;
    assert_eq!(told.items()[0]["otherId"], json!(wrong));
}

#[actix_web::test]
async fn yp_08_a_conversation_is_moved_with_what_stands_beside_it_and_stays_in_its_area() {
    let app = TestApp::new().await;
    let (wrong, right) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    for case in [&wrong, &right] {
        done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    }
    let body = json!({
        "informationArea": "health", "tookPlaceAt": app.now(), "form": "face-to-face", "minutes": 30,
        "youngPersonTookPart": true, "text": "Om søvn.",
    });
    let path = format!("/api/v1/young-people/{}/conversations", wrong.young_person);
    let talk = done(app.as_(STRANGER).post(&path, body)).await.id();
    let beside = format!("/api/v1/conversations/{talk}/corrections");
    done(app.as_(STRANGER).post(&beside, json!({ "text": "Om mad.", "reason": "Hørt forkert." })))
        .await;
    let mut body = void("journal-entry", talk);
    body["moveTo"] = json!(right.young_person);
    // What another unit wrote about health does not exist for the caseworker.
    let unseen = correction(&app, CASEWORKER, wrong.young_person, body.clone());
    refused(&app, unseen, (422, "request.invalid")).await;
    done(correction(&app, STRANGER, wrong.young_person, body)).await;
    let conversations = |case: Uuid, who| of(&app, who, case, "conversations");
    assert!(conversations(wrong.young_person, STRANGER).await.items().is_empty());
    let moved = conversations(right.young_person, STRANGER).await;
    assert_eq!(
        (moved.items()[0]["id"].clone(), moved.items()[0]["corrections"][0]["text"].clone()),
        (json!(talk), json!("Om mad."))
    );
    assert!(conversations(right.young_person, CASEWORKER).await.items().is_empty());
    for case in [wrong.young_person, right.young_person] {
        assert!(
            of(&app, CASEWORKER, case, "corrections").await.items().is_empty(),
            "of an area that is closed"
        );
        assert!(!kinds(&of(&app, CASEWORKER, case, "timeline").await)[0].starts_with("correction"));
        assert_eq!(of(&app, STRANGER, case, "corrections").await.items().len(), 1);
    }
}

#[actix_web::test]
async fn yp_08_tg_02_voiding_leaves_no_benefit_without_one_that_leads() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let leading = benefit(&app, person).await;
    let path = format!("/api/v1/young-people/{person}/benefits");
    let beside = json!({ "kind": "fleksjob", "from": "2026-07-01", "leading": false });
    let beside = done(app.as_(CASEWORKER).post(&path, beside)).await.id();
    let alone = correction(&app, CASEWORKER, person, void("benefit-episode", leading));
    refused(&app, alone, (409, "benefit.leading-missing")).await;
    done(correction(&app, CASEWORKER, person, void("benefit-episode", beside))).await;
    done(correction(&app, CASEWORKER, person, void("benefit-episode", leading))).await;
    assert!(of(&app, CASEWORKER, person, "benefits").await.items().is_empty());
}

#[actix_web::test]
async fn yp_08_a_voided_intervention_frees_its_place_its_tasks_and_its_access() {
    let app = TestApp::new().await;
    done(app.as_(crate::steps::LEADER).put("/api/v1/intervention-catalogue/kursus", entry(&app)))
        .await;
    done(places(&app, crate::steps::LEADER, "kursus", "2026-01-01", 1)).await;
    let (wrong, next) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    let held = done(refer(&app, CASEWORKER, wrong.plan, referral(&app, "kursus"))).await.id();
    let waits = done(refer(&app, CASEWORKER, next.plan, referral(&app, "kursus"))).await;
    assert_eq!(waits.body["state"], "waiting");
    done(correction(&app, CASEWORKER, wrong.young_person, void("intervention", held))).await;
    let path = format!("/api/v1/interventions/{held}");
    assert_eq!(app.as_(CASEWORKER).get(&path).await.problem(), (404, "not-found"));
    let offered = app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", waits.id())).await;
    assert_eq!(offered.body["state"], "offered", "the place goes to the next in line");
    let left =
        format!("SELECT 1 FROM access_basis WHERE source_id = '{held}' AND valid_to = 'infinity'");
    assert!(app.sql(&left).await.is_empty(), "the provider's access has ended");
    let kept = app.sql("SELECT json_array_length(was) AS rows FROM correction").await;
    assert!(
        kept[0]["rows"].as_i64().unwrap() >= 2,
        "the row and its history are kept for the journal"
    );
    let past = format!("/api/v1/plans/{}?on={}", wrong.plan, app.today());
    let past = app.as_(CASEWORKER).get(&past).await.expect(200);
    assert!(
        !String::from_utf8_lossy(&past.raw).contains(&held.to_string()),
        "nor is it in the past"
    );
}

#[actix_web::test]
async fn yp_08_what_is_told_of_a_goal_is_voided_and_told_anew() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let plan = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", case.plan)).await;
    let goal: Uuid = plan.body["goals"][0]["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/api/v1/goals/{goal}/progress");
    let tell = |score: i64| {
        app.as_(CASEWORKER).post(&path, json!({ "voice": "professional", "score": score }))
    };
    let told = done(tell(2)).await;
    let wrong = told.body["professional"][0]["id"].as_str().unwrap().parse().unwrap();
    refused(&app, tell(7), (409, "goal.progress-already-told")).await;
    done(correction(&app, CASEWORKER, case.young_person, void("goal-progress", wrong))).await;
    let told = done(tell(7)).await;
    assert_eq!(told.body["professional"][0]["score"], 7);
    // PL-3: the last goal of an active plan stays.
    let last = correction(&app, CASEWORKER, case.young_person, void("goal", goal));
    refused(&app, last, (409, "plan.not-ready")).await;
}

#[actix_web::test]
async fn yp_08_what_others_wrote_or_cannot_be_seen_is_not_corrected() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let (person, elsewhere) = (case.young_person, app.young_person(STRANGER).await.id());
    let mine = benefit(&app, person).await;
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    let goal = json!({ "area": "education", "wishedResult": "x", "targetDate": "2027-08-01" });
    done(app.as_(COUNSELLOR).post(&format!("/api/v1/plans/{}/goals", case.plan), goal)).await;
    let plan = correction(&app, CASEWORKER, person, void("plan", case.plan));
    refused(&app, plan, (409, "correction.others-writing")).await;

    let not_mine = correction(&app, COUNSELLOR, person, void("benefit-episode", mine));
    let answer = refused(&app, not_mine, (422, "request.invalid")).await;
    assert_eq!(answer.pointers(), ["/writtenId"]);
    let of_another = correction(&app, CASEWORKER, person, void("readiness", mine));
    assert_eq!(
        refused(&app, of_another, (422, "request.invalid")).await.pointers(),
        ["/writtenId"]
    );
    for (written, to) in [("plan", elsewhere), ("benefit-episode", person)] {
        let body = json!({ "written": written, "writtenId": mine, "moveTo": to, "reason": "x" });
        let answer =
            refused(&app, correction(&app, CASEWORKER, person, body), (422, "request.invalid"))
                .await;
        assert_eq!(answer.pointers(), ["/moveTo"], "{written}");
    }
    // One whom the caller may not see is nobody.
    let to = |other: Uuid| {
        let body = json!({ "written": "benefit-episode", "writtenId": mine, "moveTo": other, "reason": "x" });
        correction(&app, CASEWORKER, person, body)
    };
    let (hidden, nobody) = (
        refused(&app, to(elsewhere), (422, "request.invalid")).await,
        refused(&app, to(Uuid::now_v7()), (422, "request.invalid")).await,
    );
    assert_eq!(hidden.body["errors"], nobody.body["errors"]);
    let theirs = correction(&app, STRANGER, person, void("benefit-episode", mine));
    refused(&app, theirs, (404, "not-found")).await;
}

/// The kept one's version named, as its leader.
async fn merge<'a>(app: &'a TestApp, who: &'a str, kept: Uuid, merged: Uuid) -> Call<'a> {
    let path = format!("/api/v1/young-people/{kept}");
    let version = app.as_(CASEWORKER).get(&path).await.version();
    let body = json!({ "mergedId": merged, "reason": "Registreret to gange." });
    app.as_(who).post(&format!("{path}/merge"), body).if_match(version)
}

#[actix_web::test]
async fn yp_08_two_registrations_become_one_and_are_two_again() {
    let app = TestApp::new().await;
    let (kept, twin) = (app.young_person(CASEWORKER).await.id(), app.active_plan(CASEWORKER).await);
    let number = app.numbers_used().pop().unwrap();
    let course =
        done(refer(&app, CASEWORKER, twin.plan, referral(&app, "virksomhedspraktik"))).await;
    app.advance(TimeDelta::minutes(1));
    let before = of(&app, CASEWORKER, twin.young_person, "case-file").await;

    let merged = done(merge(&app, LEADER, kept, twin.young_person).await).await;
    assert_eq!((merged.status, merged.version()), (201, 1));
    let gone =
        app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{}", twin.young_person)).await;
    assert_eq!(gone.problem(), (404, "not-found"));
    let file = of(&app, CASEWORKER, kept, "case-file").await;
    assert_eq!(file.body["interventions"][0]["id"], json!(course.id()));
    assert_eq!(file.body["plan"]["id"], json!(twin.plan));
    let found =
        app.as_(CASEWORKER).post("/api/v1/young-people/lookup", json!({ "cpr": number })).await;
    assert_eq!(found.expect(200).id(), kept);
    // Nobody finds what is left of the other one.
    let list = app.as_(CASEWORKER).get("/api/v1/young-people?limit=200").await.expect(200);
    assert_eq!(list.items().len(), 1);
    let timeline = of(&app, CASEWORKER, kept, "timeline?limit=200").await;
    let registered =
        kinds(&timeline).iter().filter(|kind| **kind == "young-person.registered").count();
    assert_eq!(registered, 2);

    // What happens to the other's plan meanwhile is the other's again afterwards, with access and tasks.
    app.advance(TimeDelta::minutes(1));
    let told = app.company();
    let path = format!("/api/v1/interventions/{}/company", course.id());
    done(app.as_(CASEWORKER).put(&path, told.clone()).if_match(course.version())).await;
    done(join(&app, CASEWORKER, twin.plan, COUNSELLOR)).await;
    let provided = json!({
        "tailored": { "title": "x", "area": "education", "providerId": app.unit("vaeksthuset") },
        "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER),
    });
    let path = format!("/api/v1/plans/{}/interventions", twin.plan);
    let provided = done(app.as_(CASEWORKER).post(&path, provided)).await.id();
    of(&app, COUNSELLOR, kept, "case-file").await;
    app.advance(TimeDelta::minutes(1));
    let undo = format!("/api/v1/merges/{}/undo", merged.id());
    let undone =
        done(app.as_(LEADER).post(&undo, json!({ "reason": "To personer." })).if_match(1)).await;
    assert_eq!(undone.body["undoneById"], json!(app.employee(LEADER)));
    let after = of(&app, CASEWORKER, twin.young_person, "case-file").await;
    assert_eq!(after.body["interventions"][0]["company"]["cvr"], told["cvr"]);
    for member in ["youngPerson", "targetGroup"] {
        assert_eq!(after.body[member], before.body[member]);
    }
    let tasks = |file: &Answer| {
        let tasks = file.body["tasks"].as_array().unwrap().iter();
        tasks.map(|task| task["kind"].clone()).collect::<Vec<_>>()
    };
    assert!(tasks(&before).iter().all(|task| tasks(&after).contains(task)));
    assert!(tasks(&after).contains(&json!("offer-contact-person")), "it was asked for meanwhile");
    of(&app, COUNSELLOR, twin.young_person, "case-file").await;
    for who in [COUNSELLOR, INSTITUTION] {
        let kept = app.as_(who).get(&format!("/api/v1/young-people/{kept}")).await;
        assert_eq!(
            kept.problem(),
            (404, "not-found"),
            "{who} has nothing to do with the one that was kept"
        );
    }
    done(step(&app, INSTITUTION, provided, "start", json!({ "on": app.today() })).await).await;
    let theirs = of(&app, CASEWORKER, twin.young_person, "timeline?limit=200").await;
    assert!(kinds(&theirs).contains(&"intervention.company-named"));
    assert!(kinds(&theirs).contains(&"merge.undone"));
    let ours = of(&app, CASEWORKER, kept, "timeline").await;
    assert_eq!(kinds(&ours)[..2], ["merge.undone", "merge.made"]);
    assert!(!String::from_utf8_lossy(&ours.raw).contains(&course.id().to_string()));
    let again = app.as_(LEADER).post(&undo, json!({ "reason": "x" })).if_match(2);
    refused(&app, again, (412, "version.stale")).await;
}

/// PL-1 stays whole; and whose access came with the other registration undoes it as well.
#[actix_web::test]
async fn yp_08_pl_01_of_two_open_plans_one_is_closed_first() {
    let app = TestApp::new().await;
    let (kept, twin) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    let both = merge(&app, LEADER, kept.young_person, twin.young_person).await;
    refused(&app, both, (409, "merge.two-open-plans")).await;
    done(
        crate::steps::plan_step(
            &app,
            CASEWORKER,
            twin.plan,
            "close",
            json!({ "outcome": "own-wish" }),
        )
        .await,
    )
    .await;
    // Of two cases in one function of a unit, too.
    let both = merge(&app, LEADER, kept.young_person, twin.young_person).await;
    refused(&app, both, (409, "assignment.already-assigned")).await;
    let case = format!("SELECT id FROM assignment WHERE young_person_id = '{}'", twin.young_person);
    let case = app.sql(&case).await[0]["id"].as_str().unwrap().to_owned();
    let end = format!("/api/v1/assignments/{case}/end");
    done(app.as_(CASEWORKER).post(&end, json!({ "reason": "x" })).if_match(1)).await;
    let merged = done(merge(&app, LEADER, kept.young_person, twin.young_person).await).await;
    let file = of(&app, CASEWORKER, kept.young_person, "case-file").await;
    assert_eq!(file.body["plan"]["id"], json!(kept.plan));
    let undo = format!("/api/v1/merges/{}/undo", merged.id());
    // The basis of the one who merged is of the other registration alone.
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE young_person_id = '{}' AND source_id <> '{}'",
        app.now(), kept.young_person, twin.young_person
    ))
    .await;
    app.advance(TimeDelta::minutes(1));
    let undone = done(app.as_(LEADER).post(&undo, json!({ "reason": "x" })).if_match(1)).await;
    assert_eq!(undone.body["mergedId"], json!(twin.young_person));
}

#[actix_web::test]
async fn yp_08_a_merge_is_refused_whole_and_the_latest_is_undone_first() {
    let app = TestApp::new().await;
    let [one, two, three] = [0; 3].map(|_| app.young_person(CASEWORKER));
    let [one, two, three] = [one.await.id(), two.await.id(), three.await.id()];
    for (who, problem) in
        [(CASEWORKER, (403, "access.denied")), ("uu.teamleder", (404, "not-found"))]
    {
        refused(&app, merge(&app, who, one, two).await, problem).await;
    }
    let hidden = app.young_person(STRANGER).await.id();
    for (other, pointer) in
        [(one, "/mergedId"), (hidden, "/mergedId"), (Uuid::now_v7(), "/mergedId")]
    {
        let answer =
            refused(&app, merge(&app, LEADER, one, other).await, (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    let blind = json!({ "mergedId": two, "reason": "x" });
    let blind = app.as_(LEADER).post(&format!("/api/v1/young-people/{one}/merge"), blind);
    refused(&app, blind, (428, "version.missing")).await;
    // TG-2 holds over both.
    let benefits = [benefit(&app, one).await, benefit(&app, two).await];
    refused(&app, merge(&app, LEADER, one, two).await, (409, "benefit.overlap")).await;
    done(correction(&app, CASEWORKER, two, void("benefit-episode", benefits[1]))).await;

    let first = done(merge(&app, LEADER, one, two).await).await;
    app.advance(TimeDelta::minutes(1));
    let second = done(merge(&app, LEADER, one, three).await).await;
    let undo = |merge: &Answer| {
        let path = format!("/api/v1/merges/{}/undo", merge.id());
        app.as_(LEADER).post(&path, json!({ "reason": "x" })).if_match(1)
    };
    refused(&app, undo(&first), (409, "merge.later-merge")).await;
    done(undo(&second)).await;
    done(undo(&first)).await;
    for person in [one, two, three] {
        of(&app, CASEWORKER, person, "case-file").await;
    }
    assert_eq!(of(&app, CASEWORKER, one, "merges").await.items().len(), 2);
}

/// TG-1, PL-1, YP-9: what is taken away or brought leaves both young people as the rules have them.
#[actix_web::test]
async fn yp_08_a_correction_breaks_no_rule_of_either() {
    let app = TestApp::new().await;
    let (person, other) =
        (app.young_person(CASEWORKER).await.id(), app.young_person(CASEWORKER).await.id());
    let path = format!("/api/v1/young-people/{person}");
    let assess = |on: &str, category: &str| {
        let body = json!({ "on": on, "category": category });
        app.as_(CASEWORKER).post(&format!("{path}/readiness"), body)
    };
    done(assess("2026-01-01", "jobparat")).await;
    let renewed = done(assess("2026-06-01", "uddannelsesparat")).await.id();
    let benefit = json!({ "kind": "uddannelseshjaelp", "from": "2026-06-01" });
    done(app.as_(CASEWORKER).post(&format!("{path}/benefits"), benefit)).await;
    refused(
        &app,
        correction(&app, CASEWORKER, person, void("readiness", renewed)),
        (409, "target-group.not-defined"),
    )
    .await;
    let mut away = void("readiness", renewed);
    away["moveTo"] = json!(other);
    refused(&app, correction(&app, CASEWORKER, person, away), (409, "target-group.not-defined"))
        .await;

    // A plan that a later one names stays until that one is voided.
    let first = app.draft(CASEWORKER).await;
    crate::steps::close(&app, CASEWORKER, first.plan).await;
    let body = json!({ "purpose": "Videre.", "previousPlanId": first.plan });
    let path = format!("/api/v1/young-people/{}/plans", first.young_person);
    let second = done(app.as_(CASEWORKER).post(&path, body)).await.id();
    let named = correction(&app, CASEWORKER, first.young_person, void("plan", first.plan));
    refused(&app, named, (409, "correction.named-by-later-plan")).await;
    for plan in [second, first.plan] {
        done(correction(&app, CASEWORKER, first.young_person, void("plan", plan))).await;
    }
}

/// DL-2: what is asked for follows what was corrected.
#[actix_web::test]
async fn yp_08_pl_08_the_state_after_is_asked_of_the_right_one() {
    let app = TestApp::new().await;
    let (wrong, right) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    let body = json!({ "kind": "sygedagpenge", "from": "2026-01-01", "to": "2026-06-30" });
    let path = format!("/api/v1/young-people/{}/benefits", wrong.young_person);
    let benefit = done(app.as_(CASEWORKER).post(&path, body)).await.id();
    let asked = async |case: Uuid| {
        let file = of(&app, CASEWORKER, case, "case-file").await;
        let tasks = file.body["tasks"].as_array().unwrap().clone();
        tasks.iter().any(|task| task["kind"] == "take-group-state")
    };
    assert_eq!([asked(wrong.young_person).await, asked(right.young_person).await], [true, false]);
    let mut body = void("benefit-episode", benefit);
    body["moveTo"] = json!(right.young_person);
    done(correction(&app, CASEWORKER, wrong.young_person, body)).await;
    assert_eq!([asked(wrong.young_person).await, asked(right.young_person).await], [false, true]);
}

/// Whoever writes on the other registration while it is merged writes on nobody, or before it: never beside it.
#[actix_web::test]
async fn yp_08_f1_nothing_written_meanwhile_is_lost() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        let (kept, twin) =
            (app.young_person(CASEWORKER).await.id(), app.young_person(CASEWORKER).await.id());
        let other = app.instance().await;
        let path = format!("/api/v1/young-people/{twin}/readiness");
        let write = async |education: &str| {
            let body = json!({ "on": app.today(), "education": education, "ready": true });
            other.as_(CASEWORKER).post(&path, body).await
        };
        let merge = merge(&app, LEADER, kept, twin).await;
        let (merged, hf, eud, gymnasium) =
            tokio::join!(merge, write("hf"), write("eud"), write("gymnasium"));
        assert_eq!(merged.status, 201, "{:#}", merged.body);
        let written = [hf, eud, gymnasium];
        let stored = written.iter().filter(|answer| answer.status == 201).count();
        assert!(
            written.iter().all(|answer| [201, 404].contains(&answer.status)),
            "{:#}",
            written[0].body
        );
        assert_eq!(of(&app, CASEWORKER, kept, "readiness").await.items().len(), stored);
    }
}

#[actix_web::test]
async fn ac_09_a_provider_corrects_nothing() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let body = json!({
        "tailored": { "title": "x", "area": "education", "providerId": app.unit("vaeksthuset") },
        "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER),
    });
    let thing =
        done(app.as_(CASEWORKER).post(&format!("/api/v1/plans/{}/interventions", case.plan), body))
            .await;
    done(step(&app, INSTITUTION, thing.id(), "start", json!({ "on": app.today() })).await).await;
    let theirs = correction(&app, INSTITUTION, case.young_person, void("intervention", thing.id()));
    refused(&app, theirs, (403, "access.denied")).await;
}

/// AC-15: employees who received access to one of the two through the other have none afterwards.
#[actix_web::test]
async fn yp_08_ac_15_undoing_a_merge_ends_access_that_came_through_the_other() {
    let app = TestApp::new().await;
    let kept = app.young_person(CASEWORKER).await.id();
    let twin = app.young_person(CASEWORKER).await.id();
    let intake = |person: Uuid, unit: &str, function: &str| {
        let body = json!({ "unitId": app.unit_of(unit), "function": function, "reason": "x" });
        (format!("/api/v1/young-people/{person}/intake"), body)
    };
    let (path, body) = intake(twin, COUNSELLOR, "counsellor");
    done(app.as_(CASEWORKER).post(&path, body)).await;
    let merged = done(merge(&app, LEADER, kept, twin).await).await;
    app.advance(TimeDelta::minutes(1));
    let own = json!({ "employeeId": app.employee(COUNSELLOR), "function": "counsellor" });
    done(app.as_(COUNSELLOR).post(&format!("/api/v1/young-people/{kept}/assignments"), own)).await;
    let (path, body) = intake(kept, STRANGER, "adviser");
    done(app.as_(COUNSELLOR).post(&path, body)).await;
    app.advance(TimeDelta::minutes(1));
    let undo = format!("/api/v1/merges/{}/undo", merged.id());
    done(app.as_(LEADER).post(&undo, json!({ "reason": "To personer." })).if_match(1)).await;
    for who in [COUNSELLOR, STRANGER] {
        let answer = app.as_(who).get(&format!("/api/v1/young-people/{kept}")).await;
        assert_eq!(answer.problem(), (404, "not-found"), "{who}");
    }
    let open = format!(
        "SELECT id FROM assignment WHERE young_person_id = '{kept}' AND ended_at IS NULL
         UNION ALL SELECT id FROM intake_entry WHERE young_person_id = '{kept}' AND left_at IS NULL"
    );
    assert!(app.sql(&open).await.is_empty());
}
