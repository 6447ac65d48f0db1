//! AC-15: access never grows by itself. A unit with access for one purpose can neither extend it nor pass it on.

use crate::meetings::{ADVISER, World, called, holding};
use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, done, everything, join, refused, step};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// Asserts that the request is refused because of the caller's access, and that nothing changed.
async fn forbidden(app: &TestApp, call: Call<'_>) -> Answer {
    let before = everything(app).await;
    let answer = call.await;
    assert_eq!(answer.status, 403, "{:#}", answer.body);
    assert!(
        ["access.not-passed-on", "access.denied"].contains(&answer.code()),
        "{:#}",
        answer.body
    );
    assert_eq!(everything(app).await, before, "a refusal changed something");
    answer
}

/// The valid access bases of an employee's unit: kind, areas, and whether they have an end.
async fn bases(app: &TestApp, who: &str, person: Uuid) -> BTreeSet<(String, i64, bool)> {
    let rows = app
        .sql(&format!(
            "SELECT kind, areas, valid_to < 'infinity' AS ends FROM access_basis
              WHERE young_person_id = '{person}' AND holder_id = '{}' AND valid_from <= '{now}' AND valid_to > '{now}'",
            app.unit_of(who),
            now = app.now(),
        ))
        .await;
    rows.iter()
        .map(|row| {
            (
                row["kind"].as_str().unwrap().to_owned(),
                row["areas"].as_i64().unwrap(),
                row["ends"] == true,
            )
        })
        .collect()
}

fn basis(kind: &str, areas: i64, ends: bool) -> BTreeSet<(String, i64, bool)> {
    BTreeSet::from([(kind.to_owned(), areas, ends)])
}

#[actix_web::test]
async fn a01_a_unit_that_prepares_a_meeting_does_not_make_itself_a_participant() {
    let world = World::new().await;
    let (app, person, plan) = (&world.app, world.person, world.plan);
    let by_law = basis("law", 3, false);
    assert_eq!(bases(app, STRANGER, person).await, by_law);
    let me = app.as_(STRANGER);
    let path = format!("/api/v1/plans/{plan}");
    let read = done(me.get(&path)).await;
    let purpose = json!({ "purpose": read.body["purpose"] });
    forbidden(app, me.patch(&path, purpose).if_match(read.version())).await;
    let goal = json!({ "area": "social", "wishedResult": "x", "targetDate": "2027-01-01" });
    forbidden(app, me.post(&format!("{path}/goals"), goal)).await;
    forbidden(app, me.post(&format!("{path}/participants"), called(app, STRANGER))).await;
    forbidden(app, me.post(&format!("{path}/participants"), called(app, CASEWORKER))).await;
    let intake =
        json!({ "unitId": app.unit_of(CASEWORKER), "function": "caseworker", "reason": "x" });
    forbidden(app, me.post(&format!("/api/v1/young-people/{person}/intake"), intake)).await;
    let offer = json!({
        "tailored": { "title": "x", "area": "education", "providerId": app.unit("mercantec") },
        "plannedStart": app.today(), "responsibleId": app.employee(STRANGER),
    });
    forbidden(app, me.post(&format!("{path}/interventions"), offer)).await;
    let assignment = json!({ "employeeId": app.employee(STRANGER), "function": "adviser" });
    forbidden(app, me.post(&format!("/api/v1/young-people/{person}/assignments"), assignment))
        .await;
    assert_eq!(bases(app, STRANGER, person).await, by_law);
}

#[actix_web::test]
async fn a02_a_unit_that_is_called_to_a_meeting_opens_no_plan() {
    let world = World::new().await;
    let app = &world.app;
    let body = app.registration(ADVISER);
    let person = done(app.as_(ADVISER).post("/api/v1/young-people", body)).await.id();
    let path = format!("/api/v1/young-people/{person}");
    done(app.as_(ADVISER).post(&format!("{path}/pregnancies"), json!({ "knownOn": app.today() })))
        .await;
    let at = json!({ "roomId": world.rooms[0], "startsAt": "2026-12-20T12:00:00Z", "endsAt": "2026-12-20T13:00:00Z" });
    let meeting = json!({ "at": at, "employees": [called(app, CASEWORKER)] });
    done(app.as_(ADVISER).post(&format!("{path}/network-meetings"), meeting)).await;
    let seen = bases(app, CASEWORKER, person).await;
    let both = BTreeSet::from([("meeting".to_owned(), 1, true), ("meeting".to_owned(), 8, true)]);
    assert_eq!(seen, both);
    forbidden(app, app.as_(CASEWORKER).post(&format!("{path}/plans"), json!({ "purpose": "x" })))
        .await;
    assert_eq!(bases(app, CASEWORKER, person).await, both);
    let plan = format!("SELECT id FROM plan WHERE young_person_id = '{person}'");
    assert!(app.sql(&plan).await.is_empty());
}

/// The manually created need is settled, so no unit has access because of it any longer.
async fn settle(world: &World) {
    let (now, need) = (world.app.now(), world.need);
    world
        .app
        .execute(&format!(
            "SELECT set_config('app.now', '{now}', false);
             UPDATE transition_need SET state = 'exempt', decided_on = '2026-11-23' WHERE id = '{need}'"
        ))
        .await;
}

/// A young person of 16 with a plan of the youth unit, who was absent from Væksthuset for so long that UU guides them.
async fn guided() -> World {
    let world = World::new().await;
    let app = &world.app;
    settle(&world).await;
    let body = json!({
        "tailored": { "title": "Et forløb", "area": "education", "providerId": app.unit("vaeksthuset") },
        "plannedStart": "2026-11-02", "responsibleId": app.employee(ADVISER),
    });
    let path = format!("/api/v1/plans/{}/interventions", world.plan);
    let id = done(app.as_(ADVISER).post(&path, body)).await.id();
    done(step(app, ADVISER, id, "start", json!({ "on": "2026-11-02" })).await).await;
    app.at("2026-11-25T09:00:00Z");
    let absence = json!({ "items": [{ "interventionId": id, "from": "2026-11-02" }] });
    done(app.as_("vaeksthuset.konsulent").post("/api/v1/absences", absence)).await;
    app.run_due_jobs().await;
    world
}

#[actix_web::test]
async fn a03_a_fact_that_a_unit_records_itself_opens_nothing_to_it() {
    let world = guided().await;
    let (app, person) = (&world.app, world.person);
    let by_law = basis("law", 5, false);
    assert_eq!(bases(app, COUNSELLOR, person).await, by_law);
    let stu = |who| {
        let episode = json!({
            "kind": "education", "name": "STU", "place": "opdigtet", "source": "caseworker",
            "days": { "startedOn": "2026-11-24" },
        });
        app.as_(who).post(&format!("/api/v1/young-people/{person}/education-and-work"), episode)
    };
    // Regardless of whether the role may record it.
    let recorded = stu(COUNSELLOR).await;
    assert!([201, 403].contains(&recorded.status), "{:#}", recorded.body);
    app.advance(chrono::TimeDelta::minutes(1));
    app.run_due_jobs().await;
    assert_eq!(bases(app, COUNSELLOR, person).await, by_law);
    let task = "UPDATE task SET done_at = made_at, ended = 'tick' WHERE kind = 'guide-absentee'";
    app.execute(&format!("SELECT set_config('app.now', '{}', false); {task}", app.now())).await;
    app.advance(chrono::TimeDelta::minutes(1));
    app.run_due_jobs().await;
    assert_eq!(bases(app, COUNSELLOR, person).await, BTreeSet::new(), "it ends with the duty");
}

/// If the unit that works with the young person records the same fact, it opens access for the duty, until the duty is
/// done.
#[actix_web::test]
async fn a03_a_fact_that_another_unit_records_opens_what_the_duty_needs() {
    let world = World::new().await;
    let (app, person) = (&world.app, world.person);
    settle(&world).await;
    assert_eq!(bases(app, COUNSELLOR, person).await, BTreeSet::new());
    let episode = json!({
        "kind": "education", "name": "STU", "place": "x", "source": "caseworker", "days": { "startedOn": "2026-11-22" },
    });
    let path = format!("/api/v1/young-people/{person}/education-and-work");
    done(app.as_(ADVISER).post(&path, episode)).await;
    app.run_due_jobs().await;
    assert_eq!(bases(app, COUNSELLOR, person).await, basis("law", 7, false));
    let rule = format!(
        "SELECT access_rule, source_id FROM access_basis WHERE young_person_id = '{person}' AND holder_id = '{}'",
        app.unit_of(COUNSELLOR)
    );
    let opened = &app.sql(&rule).await[0];
    assert_eq!(opened["access_rule"], "judge-need");
    let need = opened["source_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/transition-needs/{need}");
    let read = done(app.as_(COUNSELLOR).get(&path)).await;
    let judged = json!({ "inNeed": false, "words": "x" });
    done(app.as_(COUNSELLOR).post(&format!("{path}/judge"), judged).if_match(read.version())).await;
    assert_eq!(bases(app, COUNSELLOR, person).await, basis("law", 7, true));
    app.advance(chrono::TimeDelta::days(28));
    assert_eq!(bases(app, COUNSELLOR, person).await, BTreeSet::new());
}

#[actix_web::test]
async fn tm_08_a_held_meeting_opens_for_six_months_and_acceptance_makes_it_participation() {
    let world = World::new().await;
    let (app, person) = (&world.app, world.person);
    let meeting = world.called(0).await;
    app.at("2026-12-01T10:00:00Z");
    done(world.step(&meeting, "hold", holding(&world, &meeting))).await;
    assert_eq!(bases(app, CASEWORKER, person).await, basis("meeting", 7, true));
    let plan = done(app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", world.plan))).await;
    let takes_part = plan.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["unitId"] == json!(app.unit_of(CASEWORKER)));
    assert!(takes_part, "a participant of the joint plan from the meeting on");
    // It cannot be passed on before it is accepted.
    let intake = json!({ "unitId": app.unit_of(STRANGER), "function": "adviser", "reason": "x" });
    forbidden(
        app,
        app.as_(CASEWORKER).post(&format!("/api/v1/young-people/{person}/intake"), intake),
    )
    .await;
    app.at("2027-06-01T12:00:00Z");
    assert_eq!(bases(app, CASEWORKER, person).await, BTreeSet::new(), "after six months");
    app.at("2027-05-30T12:00:00Z");
    let path = format!("/api/v1/transition-needs/{}", world.need);
    let need = done(app.as_(CASEWORKER).get(&path)).await;
    done(app.as_(CASEWORKER).post_nothing(&format!("{path}/accept")).if_match(need.version()))
        .await;
    assert_eq!(bases(app, CASEWORKER, person).await, basis("participation", 7, false));
    // It ends with the participation.
    let plan = done(app.as_(ADVISER).get(&format!("/api/v1/plans/{}", world.plan))).await;
    let theirs = plan.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["unitId"] == json!(app.unit_of(CASEWORKER)))
        .unwrap();
    let path =
        format!("/api/v1/plans/{}/participants/{}/end", world.plan, theirs["id"].as_str().unwrap());
    app.advance(chrono::TimeDelta::minutes(1));
    done(app.as_(ADVISER).post_nothing(&path)).await;
    assert_eq!(bases(app, CASEWORKER, person).await, BTreeSet::new());
}

fn widening(app: &TestApp, who: &str, areas: &[&str], until: &str) -> Value {
    json!({ "unitId": app.unit_of(who), "areas": areas, "legalBasis": "kui-1", "reason": "Skal vejledes.", "until": until })
}

#[actix_web::test]
async fn ac_15_access_is_widened_by_a_separate_action_with_a_reason() {
    let world = World::new().await;
    let (app, person) = (&world.app, world.person);
    let path = format!("/api/v1/young-people/{person}/access-bases");
    let school = &["education-and-employment"];
    // Not by the holder of the narrow basis, not for more areas than the caller sees, not for longer than half a year,
    // and not to a unit without access.
    forbidden(app, app.as_(STRANGER).post(&path, widening(app, STRANGER, school, "2027-01-31")))
        .await;
    forbidden(
        app,
        app.as_(ADVISER).post(&path, widening(app, STRANGER, &["health"], "2027-01-31")),
    )
    .await;
    forbidden(app, app.as_(ADVISER).post(&path, widening(app, CASEWORKER, school, "2027-01-31")))
        .await;
    for (until, pointer) in [("2027-06-01", "/until"), ("2026-11-22", "/until")] {
        let answer = app.as_(ADVISER).post(&path, widening(app, STRANGER, school, until)).await;
        assert_eq!(
            (answer.problem(), answer.pointers()),
            ((422, "request.invalid"), vec![pointer])
        );
    }
    let mut unknown = widening(app, STRANGER, school, "2027-01-31");
    unknown["legalBasis"] = json!("x");
    assert_eq!(app.as_(ADVISER).post(&path, unknown).await.pointers(), ["/legalBasis"]);
    assert_eq!(
        app.as_("rusmiddel.behandler")
            .post(&path, widening(app, STRANGER, school, "2027-01-31"))
            .await
            .problem(),
        (404, "not-found")
    );

    let widened =
        done(app.as_(ADVISER).post(&path, widening(app, STRANGER, school, "2027-01-31"))).await;
    assert_eq!(widened.status, 201);
    let both = BTreeSet::from([("law".to_owned(), 3, false), ("law".to_owned(), 4, true)]);
    assert_eq!(bases(app, STRANGER, person).await, both);
    done(app.as_(STRANGER).get(&format!("/api/v1/young-people/{person}/education-and-work"))).await;
    let timeline =
        done(app.as_(ADVISER).get(&format!("/api/v1/young-people/{person}/timeline"))).await;
    assert!(
        timeline.items().iter().any(|one| one["kind"] == "young-person.access-widened"),
        "{:#}",
        timeline.body
    );
    // The access is only for that unit, and ends.
    forbidden(app, app.as_(STRANGER).post(&path, widening(app, STRANGER, &["plan"], "2027-01-31")))
        .await;
    app.at("2027-01-31T12:00:00Z");
    assert_eq!(bases(app, STRANGER, person).await, both);
    app.at("2027-02-01T12:00:00Z");
    assert_eq!(bases(app, STRANGER, person).await, basis("law", 3, false));
}

/// If nobody may pass access on, the leader of the unit that has access by law widens it for that unit.
#[actix_web::test]
async fn ac_15_the_leader_widens_where_nobody_may_pass_on() {
    let world = World::new().await;
    let (app, person) = (&world.app, world.person);
    let path = format!("/api/v1/young-people/{person}/access-bases");
    let body = || widening(app, STRANGER, &["plan", "education-and-employment"], "2027-01-31");
    forbidden(app, app.as_("social.teamleder").post(&path, body())).await;
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE young_person_id = '{person}' AND kind IN ('registration', 'participation', 'assignment')",
        app.now()
    ))
    .await;
    forbidden(app, app.as_(STRANGER).post(&path, body())).await;
    let for_another = widening(app, CASEWORKER, &["plan"], "2027-01-31");
    forbidden(app, app.as_("social.teamleder").post(&path, for_another)).await;
    done(app.as_("social.teamleder").post(&path, body())).await;
    let both = BTreeSet::from([("law".to_owned(), 3, false), ("law".to_owned(), 6, true)]);
    assert_eq!(bases(app, STRANGER, person).await, both);
}

const LEADER: &str = "uu.teamleder";

/// Ends the participation of an employee's unit, as the caseworker.
/// The response to the end of a unit's participation.
async fn leaving(app: &TestApp, plan: Uuid, who: &str) -> Answer {
    let path = format!("/api/v1/plans/{plan}");
    let read = done(app.as_(CASEWORKER).get(&path)).await;
    let participants = read.body["participants"].as_array().unwrap();
    let unit = json!(app.unit_of(who));
    let theirs = participants.iter().find(|one| one["unitId"] == unit).unwrap();
    let id = theirs["id"].as_str().unwrap();
    app.as_(CASEWORKER).post_nothing(&format!("{path}/participants/{id}/end")).await
}

async fn leaves(app: &TestApp, plan: Uuid, who: &str) -> Answer {
    leaving(app, plan, who).await.expect(200)
}

async fn waits(app: &TestApp, by: &str, person: Uuid, function: &str) -> Uuid {
    let path = format!("/api/v1/young-people/{person}/intake");
    let body = json!({ "unitId": app.unit_of(COUNSELLOR), "function": function, "reason": "x" });
    done(app.as_(by).post(&path, body)).await.id()
}

/// Assigns the case to the counsellor, as the leader of the unit.
async fn assigned(app: &TestApp, person: Uuid) -> Uuid {
    let path = format!("/api/v1/young-people/{person}/assignments");
    let body = json!({ "employeeId": app.employee(COUNSELLOR), "function": "counsellor" });
    done(app.as_(LEADER).post(&path, body)).await.id()
}

/// A unit that leaves the plan loses everything that it gave itself by taking part, whatever it was: the case, a place
/// in its intake, more areas.
#[actix_web::test]
async fn ac_15_a_unit_that_leaves_the_plan_keeps_nothing_that_it_gave_itself() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    app.participant(CASEWORKER, case.plan, COUNSELLOR).await;
    let assignment = assigned(&app, person).await;
    let entry = waits(&app, COUNSELLOR, person, "mentor").await;
    let path = format!("/api/v1/young-people/{person}/access-bases");
    let school = &["education-and-employment"];
    done(app.as_(COUNSELLOR).post(&path, widening(&app, COUNSELLOR, school, "2027-01-31"))).await;
    assert_eq!(bases(&app, COUNSELLOR, person).await.len(), 3);

    let answer = leaves(&app, case.plan, COUNSELLOR).await;
    assert_eq!(answer.body["assignments"], json!([assignment]));
    assert_eq!(answer.body["intakeEntries"], json!([entry]));
    assert_eq!(bases(&app, COUNSELLOR, person).await, BTreeSet::new());
    for who in [COUNSELLOR, LEADER] {
        refused(
            &app,
            app.as_(who).get(&format!("/api/v1/plans/{}", case.plan)),
            (404, "not-found"),
        )
        .await;
        let note = json!({ "informationArea": "plan", "tookPlaceAt": app.now(), "text": "x" });
        let note = app.as_(who).post(&format!("/api/v1/young-people/{person}/notes"), note);
        refused(&app, note, (404, "not-found")).await;
    }
    let kinds = format!(
        "SELECT kind FROM event WHERE request_id = '{}' ORDER BY kind",
        answer.header("x-request-id")
    );
    let kinds = app.sql(&kinds).await;
    let kinds: Vec<&str> = kinds.iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["assignment.ended", "intake.left", "plan.participant-left"]);
    // The case is counted no longer.
    let running =
        format!("SELECT id FROM assignment WHERE id = '{assignment}' AND ended_at IS NULL");
    assert!(app.sql(&running).await.is_empty());
    // The caseworker's unit has lost nothing, and may ask the other one again.
    app.participant(CASEWORKER, case.plan, COUNSELLOR).await;
}

/// A unit that was referred the case and has taken it is out as well; one whose referral still waits keeps that referral.
#[actix_web::test]
async fn ac_15_a_unit_that_leaves_the_plan_keeps_a_referral_that_still_waits() {
    for still_waits in [false, true] {
        let app = TestApp::new().await;
        let case = app.active_plan(CASEWORKER).await;
        let person = case.young_person;
        waits(&app, CASEWORKER, person, if still_waits { "mentor" } else { "counsellor" }).await;
        let assignment = assigned(&app, person).await;
        let plan = format!("/api/v1/plans/{}", case.plan);
        let read = done(app.as_(COUNSELLOR).get(&plan)).await;
        let same = json!({ "purpose": read.body["purpose"] });
        done(app.as_(COUNSELLOR).patch(&plan, same).if_match(read.version())).await;

        let answer = leaves(&app, case.plan, COUNSELLOR).await;
        let ended = if still_waits { json!([]) } else { json!([assignment]) };
        assert_eq!(answer.body["assignments"], ended);
        let left = bases(&app, COUNSELLOR, person).await;
        assert_eq!(left.len(), usize::from(still_waits), "{left:?}");
    }
}

/// A unit that registered the young person keeps its case when it leaves the plan.
#[actix_web::test]
async fn ac_15_a_unit_that_leaves_the_plan_keeps_what_its_registration_supports() {
    let app = TestApp::new().await;
    let person = app.young_person(COUNSELLOR).await.id();
    let path = format!("/api/v1/young-people/{person}/plans");
    let plan = done(app.as_(COUNSELLOR).post(&path, json!({ "purpose": "x" }))).await.id();
    app.participant(COUNSELLOR, plan, CASEWORKER).await;
    let assignment = assigned(&app, person).await;
    let answer = leaves(&app, plan, COUNSELLOR).await;
    assert_eq!(answer.body["assignments"], json!([]));
    let running =
        format!("SELECT id FROM assignment WHERE id = '{assignment}' AND ended_at IS NULL");
    assert_eq!(app.sql(&running).await.len(), 1);
    let kinds: BTreeSet<String> =
        bases(&app, COUNSELLOR, person).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["assignment", "registration"].map(str::to_owned).into());
}

/// A withdrawn referral takes with it what the unit gave itself by it.
#[actix_web::test]
async fn ac_15_a_withdrawn_referral_ends_what_the_unit_gave_itself() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let referred = waits(&app, CASEWORKER, person, "counsellor").await;
    let own = waits(&app, COUNSELLOR, person, "mentor").await;
    done(app.as_(COUNSELLOR).get(&format!("/api/v1/young-people/{person}"))).await;
    app.advance(chrono::TimeDelta::minutes(1));
    let path = format!("/api/v1/intake-entries/{referred}/withdraw");
    done(app.as_(CASEWORKER).post(&path, json!({ "reason": "En fejl." })).if_match(1)).await;
    let gone = app.as_(COUNSELLOR).get(&format!("/api/v1/young-people/{person}")).await;
    assert_eq!(gone.problem(), (404, "not-found"));
    assert_eq!(bases(&app, COUNSELLOR, person).await, BTreeSet::new());
    let left = format!("SELECT left_because, left_reason FROM intake_entry WHERE id = '{own}'");
    let left = &app.sql(&left).await[0];
    assert_eq!(left, &json!({ "left_because": "withdrawn", "left_reason": "En fejl." }));
    let events = format!("SELECT kind FROM event WHERE subject_id = '{own}' ORDER BY recorded_at");
    assert_eq!(app.sql(&events).await.last().unwrap()["kind"], "intake.left");
}

/// A unit that provides a running intervention does not leave the plan: it would no longer see what it provides.
#[actix_web::test]
async fn pl_07_a_unit_with_running_interventions_does_not_leave_the_plan() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let plan = format!("/api/v1/plans/{}", case.plan);
    done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    let own = json!({
        "tailored": { "title": "Et forløb", "area": "social", "providerId": app.unit_of(STRANGER) },
        "plannedStart": app.today(), "responsibleId": app.employee(STRANGER),
    });
    let own = done(app.as_(STRANGER).post(&format!("{plan}/interventions"), own)).await.id();
    done(step(&app, STRANGER, own, "start", json!({ "on": app.today() })).await).await;
    app.advance(chrono::TimeDelta::minutes(1));
    let refused = leaving(&app, case.plan, STRANGER).await;
    assert_eq!(refused.problem(), (409, "action.not-possible"), "the caller does not see it");
    done(app.as_(STRANGER).get(&format!("/api/v1/interventions/{own}"))).await;
    let ended = json!({ "on": app.today(), "reason": "completed" });
    done(step(&app, STRANGER, own, "end", ended).await).await;
    leaves(&app, case.plan, STRANGER).await;
}

/// The law of a widening is one that applies to the young person's age.
#[actix_web::test]
async fn ac_15_access_is_widened_on_a_law_for_the_young_persons_age() {
    let world = World::new().await;
    let (app, person) = (&world.app, world.person);
    let path = format!("/api/v1/young-people/{person}/access-bases");
    let of_adults = "SELECT code FROM legal_basis WHERE from_age >= 18 ORDER BY code LIMIT 1";
    let of_adults = app.sql(of_adults).await[0]["code"].clone();
    let mut body = widening(app, STRANGER, &["plan"], "2027-01-10");
    body["legalBasis"] = of_adults;
    let answer = app.as_(ADVISER).post(&path, body).await;
    assert_eq!(answer.problem(), (409, "legal-basis.not-valid"));
}
