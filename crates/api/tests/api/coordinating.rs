//! PL-17, U1, U3, U7, DL-7: the coordinator of an active plan has the case and is counted, on every path. A draft
//! without a coordinator, and a plan whose coordinator has left, are in the unit's intake queue. A deadline belongs to
//! the employee who has the case.

use crate::hotline::{HOTLINE, contact, log};
use crate::meetings::World;
use crate::steps::{CASEWORKER, COUNSELLOR, done, join, plan_step, refused};
use crate::transitions::{ADVISER, RECEIVER, hold, step};
use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

const COLLEAGUE: &str = "jv.sagsbehandler2";
const CONSULTANT: &str = "jv.jobkonsulent";
const TEAM_LEADER: &str = "jv.teamleder";
const LIMIT: (u16, &str) = (409, "caseload.limit-reached");
const WITHOUT_CASE: (u16, &str) = (409, "plan.coordinator-without-case");

/// Sets the norm of a function in a unit to this number of cases from today on.
async fn norm(app: &TestApp, unit: &str, function: &str, cases: i32) {
    app.execute(&format!(
        "INSERT INTO caseload_norm (id, unit_id, function, from_day, cases, reason, decision_no, decided_at)
         SELECT gen_random_uuid(), u.id, '{function}', '2026-01-06', {cases}, 'x', 100 + count(n.*), '2026-01-06Z'
           FROM unit u LEFT JOIN caseload_norm n ON n.unit_id = u.id WHERE u.code = '{unit}' GROUP BY u.id"
    ))
    .await;
}

/// The caseload of an employee in their first position, as they read it themselves.
async fn standing(app: &TestApp, who: &str) -> Value {
    app.as_(who).get("/api/v1/me/caseload").await.expect(200).body["standings"][0].clone()
}

async fn current(app: &TestApp, who: &str) -> Value {
    standing(app, who).await["current"].clone()
}

/// A plan to open, with a coordinator or without one.
fn plan(app: &TestApp, who: Option<&str>) -> Value {
    let mut body = json!({
        "purpose": "At komme i gang.", "ownWords": "Jeg vil gerne være tømrer.",
        "goals": [{ "area": "education", "wishedResult": "Er begyndt på EUD.", "targetDate": "2027-08-01" }],
    });
    if let Some(who) = who {
        body["coordinatorId"] = json!(app.employee(who));
    }
    body
}

fn coordinator(app: &TestApp, who: &str) -> Value {
    json!({ "coordinatorId": app.employee(who) })
}

/// The same beyond the norm.
fn beyond(mut body: Value) -> Value {
    body["exception"] = json!({ "reason": "Barsel i teamet.", "until": "2026-12-31" });
    body
}

fn open<'a>(app: &'a TestApp, by: &'a str, person: Uuid, body: Value) -> Call<'a> {
    app.as_(by).post(&format!("/api/v1/young-people/{person}/plans"), body)
}

/// A new young person of JobSpor with a draft without a coordinator.
async fn draft(app: &TestApp) -> (Uuid, Uuid) {
    let person = app.young_person(CASEWORKER).await.id();
    (person, done(open(app, CASEWORKER, person, plan(app, None))).await.id())
}

/// The employees who have a young person's case now, with their functions.
async fn has_case(app: &TestApp, person: Uuid) -> Vec<Value> {
    let all = format!(
        "SELECT e.username || ' ' || a.function AS had FROM assignment a JOIN employee e ON e.id = a.employee_id
          WHERE a.young_person_id = '{person}' AND a.ended_at IS NULL ORDER BY 1"
    );
    app.sql(&all).await.into_iter().map(|row| row["had"].clone()).collect()
}

async fn assignment(app: &TestApp, person: Uuid) -> (Uuid, i64) {
    let running = format!(
        "SELECT id, version FROM assignment WHERE young_person_id = '{person}' AND ended_at IS NULL"
    );
    let row = &app.sql(&running).await[0];
    (row["id"].as_str().unwrap().parse().unwrap(), row["version"].as_i64().unwrap())
}

async fn end(app: &TestApp, person: Uuid) -> Call<'_> {
    let (id, version) = assignment(app, person).await;
    let path = format!("/api/v1/assignments/{id}/end");
    app.as_(CASEWORKER).post(&path, json!({ "reason": "x" })).if_match(version)
}

/// The rows of JobSpor's intake queue: kind, young person, and former coordinator.
async fn intake(app: &TestApp) -> Vec<Value> {
    let path = format!("/api/v1/units/{}/intake", app.unit("jobspor"));
    let listed = app.as_(TEAM_LEADER).get(&path).await.expect(200);
    let told = |item: &Value| json!([item["kind"], item["youngPersonId"], item["employeeId"]]);
    listed.items().iter().map(told).collect()
}

#[actix_web::test]
async fn u01_who_coordinates_has_the_case_and_is_counted_once() {
    let app = TestApp::new().await;
    let mut last = None;
    for _ in 0..3 {
        last = Some(app.active_plan(CASEWORKER).await);
    }
    let last = last.unwrap();
    assert_eq!(current(&app, CASEWORKER).await, json!(3));
    assert_eq!(has_case(&app, last.young_person).await, ["jv.sagsbehandler caseworker"]);
    // If the employee already has the case, the assignment does not change.
    let person = app.young_person(CASEWORKER).await.id();
    let path = format!("/api/v1/young-people/{person}/assignments");
    let body =
        json!({ "employeeId": app.employee(CASEWORKER), "function": "caseworker", "note": "x" });
    done(app.as_(CASEWORKER).post(&path, body)).await;
    app.plan(CASEWORKER, person).await;
    assert_eq!(current(&app, CASEWORKER).await, json!(4));
    // Without a norm a case is counted and never refused. A leader who coordinates has the case as a leader.
    app.active_plan("handicap.teamleder").await;
    let leads = standing(&app, "handicap.teamleder").await;
    assert_eq!(
        json!([leads["function"], leads["current"], leads["limit"]]),
        json!(["team-leader", 1, null])
    );
    // The overview, what if, and who has the case in the file.
    let path = format!("/api/v1/units/{}/caseload", app.unit("jobspor"));
    let all = app.as_(TEAM_LEADER).get(&path).await.expect(200);
    let sofie = json!(app.employee(CASEWORKER));
    let of_sofie = |list: &Value| {
        list.as_array().unwrap().iter().find(|one| one["employeeId"] == sofie).unwrap().clone()
    };
    assert_eq!(of_sofie(&all.body["employees"])["current"], json!(4));
    let asked = json!({ "assign": [{
        "youngPersonId": app.young_person(CASEWORKER).await.id(), "employeeId": sofie, "function": "caseworker",
    }] });
    let what_if = app.as_(TEAM_LEADER).post("/api/v1/caseload/what-if", asked).await.expect(200);
    let shift = of_sofie(&what_if.body["employees"]);
    assert_eq!(json!([shift["before"], shift["after"]]), json!([4, 5]));
}

/// Opening, naming, changing, activating and handing over are refused at the norm; only the leader may go beyond it.
#[actix_web::test]
async fn pl_17_on_each_path_the_norm_is_kept_and_exceeded_by_the_leader_alone() {
    let app = TestApp::new().await;
    norm(&app, "jobspor", "caseworker", 1).await;
    app.active_plan(CASEWORKER).await;
    // The colleague's plan, and a draft that the colleague coordinates without having the case any longer.
    let theirs = app.active_plan(COLLEAGUE).await;
    let drafted = app.young_person(CASEWORKER).await.id();
    norm(&app, "jobspor", "caseworker", 2).await;
    let stale = done(open(&app, CASEWORKER, drafted, plan(&app, Some(COLLEAGUE)))).await.id();
    done(end(&app, drafted).await).await;
    norm(&app, "jobspor", "caseworker", 1).await;
    let (_, unnamed) = draft(&app).await;
    let person = app.young_person(CASEWORKER).await.id();
    let (body, who) = (plan(&app, Some(CASEWORKER)), coordinator(&app, CASEWORKER));
    app.advance(chrono::TimeDelta::seconds(1));

    let no = refused(&app, open(&app, CASEWORKER, person, body.clone()), LIMIT).await;
    assert_eq!(
        json!([
            no.body["limit"],
            no.body["current"],
            no.body["reserved"],
            no.body["employeeId"],
            no.body["youngPersonId"]
        ]),
        json!([1, 1, 0, app.employee(CASEWORKER), person])
    );
    assert_eq!(no.body["colleagues"], json!([]), "the colleague is full as well");
    for (plan, step, body) in [
        (unnamed, "coordinator", who.clone()),
        (theirs.plan, "coordinator", who.clone()),
        (stale, "activate", json!({})),
    ] {
        let call = plan_step(&app, CASEWORKER, plan, step, body.clone()).await;
        refused(&app, call, LIMIT).await;
        let call = plan_step(&app, CASEWORKER, plan, step, beyond(body)).await;
        refused(&app, call, (403, "access.denied")).await;
    }
    let (case, _) = assignment(&app, theirs.young_person).await;
    let over = json!({ "moves": [{ "assignmentId": case, "toEmployeeId": app.employee(CASEWORKER) }], "reason": "x" });
    refused(&app, app.as_(CASEWORKER).post("/api/v1/handovers", over), LIMIT).await;

    // Beyond the norm by the leader.
    app.advance(chrono::TimeDelta::seconds(1));
    done(open(&app, TEAM_LEADER, person, beyond(body))).await;
    for (plan, step, body) in [
        (unnamed, "coordinator", who.clone()),
        (stale, "activate", json!({})),
        (theirs.plan, "coordinator", who),
    ] {
        done(plan_step(&app, TEAM_LEADER, plan, step, beyond(body)).await).await;
    }
    let stands = standing(&app, CASEWORKER).await;
    assert_eq!(json!([stands["current"], stands["exceptions"]]), json!([1, 3]));
    // The previous employee hands the case over; a refusal names a colleague with room.
    assert_eq!(has_case(&app, theirs.young_person).await, ["jv.sagsbehandler caseworker"]);
    let stands = standing(&app, COLLEAGUE).await;
    assert_eq!(json!([stands["current"], stands["exceptions"]]), json!([0, 1]));
    let person = app.young_person(CASEWORKER).await.id();
    let no = open(&app, CASEWORKER, person, plan(&app, Some(CASEWORKER))).await;
    assert_eq!(no.body["colleagues"][0]["employeeId"], json!(app.employee(COLLEAGUE)));
}

#[actix_web::test]
async fn pl_17_a_draft_without_a_coordinator_lies_in_the_intake_until_there_is_one() {
    let app = TestApp::new().await;
    norm(&app, "jobspor", "caseworker", 0).await;
    let (person, id) = draft(&app).await;
    assert_eq!(intake(&app).await, [json!(["plan", person, null])]);
    let call = plan_step(&app, CASEWORKER, id, "activate", json!({})).await;
    refused(&app, call, (409, "plan.coordinator-missing")).await;
    let call = plan_step(&app, TEAM_LEADER, id, "coordinator", coordinator(&app, CONSULTANT)).await;
    done(call).await;
    assert_eq!(intake(&app).await, Vec::<Value>::new());
    assert_eq!(has_case(&app, person).await, ["jv.jobkonsulent job-consultant"]);
    done(plan_step(&app, CASEWORKER, id, "activate", json!({})).await).await;
}

#[actix_web::test]
async fn pl_17_the_employees_unit_takes_part_first() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let who = coordinator(&app, COUNSELLOR);
    // A unit with access by law that does not take part.
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES ('{0}', '{1}', '{2}', 'unit', 'law', 7, '{0}', 'x', '2026-11-01Z')",
        Uuid::now_v7(),
        case.young_person,
        app.unit_of(COUNSELLOR)
    ))
    .await;
    app.advance(chrono::TimeDelta::seconds(1));
    let no = plan_step(&app, CASEWORKER, case.plan, "coordinator", who.clone()).await.await;
    assert_eq!((no.status, no.pointers()), (422, vec!["/coordinatorId"]));
    assert_eq!(no.body["errors"][0]["code"], "employee.unit-not-participating");
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    app.advance(chrono::TimeDelta::seconds(1));
    done(plan_step(&app, CASEWORKER, case.plan, "coordinator", who).await).await;
    let both = ["jv.sagsbehandler caseworker", "uu.vejleder counsellor"];
    assert_eq!(has_case(&app, case.young_person).await, both);
    // The participation cannot end while an employee of the unit coordinates, and only the other unit hands over its
    // own assignments.
    let plan = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", case.plan)).await;
    let guides = json!(app.unit_of(COUNSELLOR));
    let part = plan.body["participants"].as_array().unwrap();
    let part = part.iter().find(|one| one["unitId"] == guides).unwrap();
    let path =
        format!("/api/v1/plans/{}/participants/{}/end", case.plan, part["id"].as_str().unwrap());
    refused(&app, app.as_(CASEWORKER).post_nothing(&path), WITHOUT_CASE).await;
    app.employ("uu.anden", "counsellor", "uu-vejledningen").await;
    let other = coordinator(&app, "uu.anden");
    app.advance(chrono::TimeDelta::seconds(1));
    let call = plan_step(&app, CASEWORKER, case.plan, "coordinator", other.clone()).await;
    refused(&app, call, (409, "assignment.already-assigned")).await;
    done(plan_step(&app, COUNSELLOR, case.plan, "coordinator", other).await).await;
    let both = ["jv.sagsbehandler caseworker", "uu.anden counsellor"];
    assert_eq!(has_case(&app, case.young_person).await, both);
}

#[actix_web::test]
async fn pl_17_the_case_of_the_coordinator_does_not_go_without_a_next_one() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    refused(&app, end(&app, case.young_person).await, WITHOUT_CASE).await;
    // The case of a coordinator cannot be handed over to a colleague who may not coordinate.
    let (id, _) = assignment(&app, case.young_person).await;
    app.advance(chrono::TimeDelta::seconds(1));
    let over = json!({ "moves": [{ "assignmentId": id, "toEmployeeId": app.employee(COLLEAGUE) }], "reason": "x" });
    done(app.as_(CASEWORKER).post("/api/v1/handovers", over)).await;
    let plan = app.as_(COLLEAGUE).get(&format!("/api/v1/plans/{}", case.plan)).await;
    assert_eq!(plan.body["coordinator"]["employeeId"], json!(app.employee(COLLEAGUE)));
    assert_eq!(has_case(&app, case.young_person).await, ["jv.sagsbehandler2 caseworker"]);
    // After another employee has become coordinator, the assignment can end.
    app.advance(chrono::TimeDelta::seconds(1));
    let who = coordinator(&app, CONSULTANT);
    done(plan_step(&app, CASEWORKER, case.plan, "coordinator", who).await).await;
    let both = ["jv.jobkonsulent job-consultant", "jv.sagsbehandler2 caseworker"];
    assert_eq!(has_case(&app, case.young_person).await, both);
    let of_colleague = format!(
        "SELECT id FROM assignment WHERE young_person_id = '{}' AND function = 'caseworker' AND ended_at IS NULL",
        case.young_person
    );
    let id = app.sql(&of_colleague).await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/assignments/{id}/end");
    done(app.as_(CASEWORKER).post(&path, json!({ "reason": "x" })).if_match(1)).await;
    // It can also end after the plan was closed.
    done(plan_step(&app, CASEWORKER, case.plan, "close", json!({ "outcome": "education" })).await)
        .await;
    done(end(&app, case.young_person).await).await;
}

/// Twenty concurrent requests to two instances on all paths: exactly one receives the last room.
#[actix_web::test]
async fn pl_17_of_twenty_at_once_on_two_instances_one_gets_the_last_place() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    norm(&app, "jobspor", "caseworker", 2).await;
    app.active_plan(CASEWORKER).await;
    let (mut drafts, mut people) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        drafts.push(draft(&app).await.1);
        people.push(app.young_person(CASEWORKER).await.id());
    }
    let tries = (0..20).map(|n| {
        let (app, draft, person) =
            (if n % 3 == 0 { &other } else { &app }, drafts[n / 2], people[n / 2]);
        async move {
            // A busy instance returns 503; the request is then repeated.
            loop {
                let call = if n % 2 == 0 {
                    let path = format!("/api/v1/plans/{draft}/coordinator");
                    app.as_(CASEWORKER).put(&path, coordinator(app, CASEWORKER)).if_match(1)
                } else {
                    open(app, CASEWORKER, person, plan(app, Some(CASEWORKER)))
                };
                let answer = call.await;
                if answer.status != 503 {
                    return answer;
                }
            }
        }
    });
    let answers: Vec<Answer> = join_all(tries).await;
    let done = answers.iter().filter(|answer| (200..300).contains(&answer.status)).count();
    let full = answers.iter().filter(|answer| answer.status == 409 && answer.problem() == LIMIT);
    assert_eq!((done, full.count()), (1, 19));
    assert_eq!(current(&app, CASEWORKER).await, json!(2));
}

/// TM-9: acceptance reserves room from the first day of coordination, and the transfer itself never fails.
#[actix_web::test]
async fn pl_17_acceptance_reserves_room_and_the_transfer_never_fails() {
    let world = World::new().await;
    let app = &world.app;
    let unit = "socialafdelingen";
    norm(app, unit, "adviser", 1).await;
    let agreed = json!({
        "unitId": app.unit_of(RECEIVER), "coordinatorId": app.employee(RECEIVER), "supportsFrom": "2026-12-01",
        "coordinatesFrom": "2027-03-15",
    });
    done(step(app, ADVISER, world.need, "agree", agreed.clone()).await).await;
    let first = app.active_plan(RECEIVER).await;
    // At the norm the acceptance is refused; only the leader may go beyond it.
    let no =
        refused(app, step(app, RECEIVER, world.need, "accept", Value::Null).await, LIMIT).await;
    assert_eq!(json!([no.body["limit"], no.body["current"]]), json!([1, 1]));
    let over = json!({ "exception": { "reason": "x", "until": "2027-04-01" } });
    let call = step(app, RECEIVER, world.need, "accept", over.clone()).await;
    refused(app, call, (403, "access.denied")).await;
    for until in ["2027-03-14", "2027-06-14"] {
        let call = step(
            app,
            "social.teamleder",
            world.need,
            "accept",
            json!({ "exception": { "reason": "x", "until": until } }),
        )
        .await;
        refused(app, call, (409, "caseload.exception-out-of-range")).await;
    }
    // Free room is reserved and cannot be used for another case meanwhile.
    done(plan_step(app, RECEIVER, first.plan, "close", json!({ "outcome": "education" })).await)
        .await;
    let (case, version) = assignment(app, first.young_person).await;
    let path = format!("/api/v1/assignments/{case}/end");
    done(app.as_(RECEIVER).post(&path, json!({ "reason": "x" })).if_match(version)).await;
    done(step(app, RECEIVER, world.need, "accept", Value::Null).await).await;
    let stands = standing(app, RECEIVER).await;
    assert_eq!(json!([stands["current"], stands["reserved"], stands["room"]]), json!([0, 1, 0]));
    let person = app.young_person(RECEIVER).await.id();
    let no = refused(app, open(app, RECEIVER, person, plan(app, Some(RECEIVER))), LIMIT).await;
    assert_eq!(json!([no.body["current"], no.body["reserved"]]), json!([0, 1]));
    let forecast = format!("/api/v1/units/{}/forecast", app.unit(unit));
    let ahead = app.as_("social.teamleder").get(&forecast).await.expect(200);
    let months = ahead.body["months"].as_array().unwrap();
    let comes = months.iter().find(|month| month["month"] == "2027-03").unwrap();
    assert_eq!(comes["coming"][0]["youngPersonId"], json!(world.person), "{comes:#}");
    // The norm is lowered before the day: the employee coordinates nevertheless, and is shown beyond the norm (CL-7).
    norm(app, unit, "adviser", 0).await;
    hold(app, world.need).await;
    app.at("2027-03-15T08:00:00Z");
    app.run_due_jobs().await;
    let case = app.as_(RECEIVER).get(&format!("/api/v1/plans/{}", world.plan)).await.expect(200);
    assert_eq!(case.body["coordinator"]["employeeId"], json!(app.employee(RECEIVER)));
    let both = ["bu.raadgiver adviser", "social.raadgiver adviser"];
    assert_eq!(has_case(app, world.person).await, both);
    let stands = standing(app, RECEIVER).await;
    assert_eq!(
        json!([stands["current"], stands["reserved"], stands["room"], stands["keepsNorm"]]),
        json!([1, 0, -1, false])
    );
}

/// The same for a young person without an open plan: one may be opened before the day.
#[actix_web::test]
async fn pl_17_acceptance_reserves_room_also_if_there_is_no_plan_yet() {
    let world = World::new().await;
    let app = &world.app;
    norm(app, "socialafdelingen", "adviser", 1).await;
    let agreed = json!({
        "unitId": app.unit_of(RECEIVER), "coordinatorId": app.employee(RECEIVER), "supportsFrom": "2026-12-01",
        "coordinatesFrom": "2027-03-15",
    });
    done(step(app, ADVISER, world.need, "agree", agreed).await).await;
    let outcome = json!({ "outcome": "education" });
    done(plan_step(app, ADVISER, world.plan, "close", outcome.clone()).await).await;
    let first = app.active_plan(RECEIVER).await;
    refused(app, step(app, RECEIVER, world.need, "accept", Value::Null).await, LIMIT).await;
    done(plan_step(app, RECEIVER, first.plan, "close", outcome).await).await;
    let (case, version) = assignment(app, first.young_person).await;
    let path = format!("/api/v1/assignments/{case}/end");
    done(app.as_(RECEIVER).post(&path, json!({ "reason": "x" })).if_match(version)).await;
    done(step(app, RECEIVER, world.need, "accept", Value::Null).await).await;
    assert_eq!(standing(app, RECEIVER).await["reserved"], json!(1));
    let another = app.young_person(RECEIVER).await.id();
    refused(app, open(app, RECEIVER, another, plan(app, Some(RECEIVER))), LIMIT).await;
    // The plan that is opened in time has the place.
    done(open(app, ADVISER, world.person, plan(app, Some(ADVISER)))).await;
    hold(app, world.need).await;
    app.at("2027-03-15T08:00:00Z");
    app.run_due_jobs().await;
    let stands = standing(app, RECEIVER).await;
    assert_eq!(json!([stands["current"], stands["reserved"]]), json!([1, 0]));
}

/// An acceptance beyond the norm has an exception, which the assignment receives when the coordination begins.
#[actix_web::test]
async fn pl_17_accepted_beyond_the_norm_the_case_is_an_exception_when_it_comes() {
    let world = World::new().await;
    let app = &world.app;
    norm(app, "socialafdelingen", "adviser", 0).await;
    let agreed = json!({
        "unitId": app.unit_of(RECEIVER), "coordinatorId": app.employee(RECEIVER), "supportsFrom": "2026-12-01",
        "coordinatesFrom": "2027-03-15",
    });
    done(step(app, ADVISER, world.need, "agree", agreed).await).await;
    let over = json!({ "exception": { "reason": "Sygdom.", "until": "2027-04-01" } });
    let accepted = done(step(app, "social.teamleder", world.need, "accept", over).await).await;
    assert_eq!(accepted.body["agreement"]["exceptionUntil"], "2027-04-01");
    assert_eq!(standing(app, RECEIVER).await["reserved"], json!(0), "it stands apart");
    hold(app, world.need).await;
    app.at("2027-03-15T08:00:00Z");
    app.run_due_jobs().await;
    let stands = standing(app, RECEIVER).await;
    assert_eq!(json!([stands["current"], stands["exceptions"]]), json!([0, 1]));
}

/// U7: the employment of a coordinator cannot end. A coordinator who cannot sign in is not named to the hotline, and
/// the plan is in the intake queue.
#[actix_web::test]
async fn u07_a_coordinator_who_is_gone_is_in_the_intake_and_on_no_card() {
    let app = TestApp::new().await;
    let case = app.active_plan(COLLEAGUE).await;
    let number = app.numbers_used().pop().unwrap();
    let drafted = app.young_person(CASEWORKER).await.id();
    let draft = done(open(&app, CASEWORKER, drafted, plan(&app, Some(COLLEAGUE)))).await.id();
    let helper = json!({ "employeeId": app.employee(COLLEAGUE) });
    app.advance(chrono::TimeDelta::seconds(1));
    done(plan_step(&app, CASEWORKER, case.plan, "contact-person", helper).await).await;
    let path = |step: &str| format!("/api/v1/employees/{}/{step}", app.employee(COLLEAGUE));
    let no = app.as_("admin").post_nothing(&path("end-employment")).if_match(1).await;
    assert_eq!(no.problem(), (409, "employee.has-open-cases"));
    done(app.as_("admin").post_nothing(&path("deactivate")).if_match(1)).await;
    let gone = json!(app.employee(COLLEAGUE));
    assert_eq!(
        intake(&app).await,
        [json!(["assignment", case.young_person, gone]), json!(["assignment", drafted, gone]),]
    );
    let call = plan_step(&app, CASEWORKER, draft, "activate", json!({})).await;
    refused(&app, call, (409, "plan.coordinator-missing")).await;
    let open = log(&app, contact("absence", "x")).await.expect(201);
    let card = format!("/api/v1/hotline/contacts/{}/card", open.id());
    let card = app.as_(HOTLINE).post(&card, json!({ "cpr": number })).await.expect(200);
    assert_eq!(
        card.body,
        json!({
            "hasPlan": true, "contactPerson": null,
            "coordinator": { "name": null, "username": null, "unit": "JobSpor", "telephone": null, "organisation": null },
        })
    );
    // The tasks are in the intake queue, and belong to the employee again after the return.
    let query = format!(
        "SELECT kind, employee_id FROM task WHERE young_person_id = '{}' AND done_at IS NULL ORDER BY kind",
        case.young_person
    );
    let whose = async || {
        let all = app.sql(&query).await;
        all.iter().map(|row| row["employee_id"].clone()).collect::<Vec<_>>()
    };
    let many = whose().await.len();
    assert!(many > 0 && whose().await.iter().all(Value::is_null));
    done(app.as_("admin").post_nothing(&path("reactivate")).if_match(2)).await;
    assert_eq!(whose().await, vec![gone; many]);
}

/// U3: without a plan, a deadline belongs to the employee who has the case, and moves when the case is handed over.
#[actix_web::test]
async fn u03_dl_07_the_first_conversation_belongs_to_who_has_the_case_without_a_plan() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let path = format!("/api/v1/young-people/{person}");
    let body = json!({ "on": app.today(), "category": "aktivitetsparat" });
    done(app.as_(CASEWORKER).post(&format!("{path}/readiness"), body)).await;
    let body = json!({ "kind": "uddannelseshjaelp", "from": app.today() });
    done(app.as_(CASEWORKER).post(&format!("{path}/benefits"), body)).await;
    app.run_due_jobs().await;
    let whose = async || {
        let query = format!(
            "SELECT employee_id FROM task WHERE kind = 'hold-first-conversation' AND young_person_id = '{person}'"
        );
        app.sql(&query).await[0]["employee_id"].clone()
    };
    assert_eq!(whose().await, Value::Null, "it lies in the intake");
    let assign = json!({ "employeeId": app.employee(COLLEAGUE), "function": "caseworker" });
    done(app.as_(CASEWORKER).post(&format!("{path}/assignments"), assign)).await;
    assert_eq!(whose().await, json!(app.employee(COLLEAGUE)));
    let mine = app.as_(COLLEAGUE).get("/api/v1/tasks?mine=true").await.expect(200);
    assert!(mine.items().iter().any(|task| task["kind"] == "hold-first-conversation"));
    // The round of due jobs applies the same rule, and the plan's coordinator comes first.
    app.run_due_jobs().await;
    assert_eq!(whose().await, json!(app.employee(COLLEAGUE)));
    app.advance(chrono::TimeDelta::seconds(1));
    done(open(&app, CASEWORKER, person, plan(&app, Some(CONSULTANT)))).await;
    assert_eq!(whose().await, json!(app.employee(CONSULTANT)));
    app.run_due_jobs().await;
    assert_eq!(whose().await, json!(app.employee(CONSULTANT)));
    // A newly recorded one belongs at once to the employee who has the case.
    app.execute("DELETE FROM task").await;
    app.run_due_jobs().await;
    assert_eq!(whose().await, json!(app.employee(CONSULTANT)));
}
