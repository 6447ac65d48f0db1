//! Assignments under a norm that holds (CL-2 to CL-9, CL-11), through the interface.

use crate::entry_of;
use crate::steps::{CASEWORKER, STRANGER, done, everything};
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

const COLLEAGUE: &str = "jv.sagsbehandler2";
const CONSULTANT: &str = "jv.jobkonsulent";
const TEAM_LEADER: &str = "jv.teamleder";

/// From today on JobSpor's caseworkers may have this many cases.
async fn norm(app: &TestApp, function: &str, cases: i32) {
    app.execute(&format!(
        "INSERT INTO caseload_norm (id, unit_id, function, from_day, cases, reason, decision_no, decided_at)
         SELECT gen_random_uuid(), u.id, '{function}', '2026-01-06', {cases}, 'x', 100 + count(n.*), '2026-01-06Z'
           FROM unit u LEFT JOIN caseload_norm n ON n.unit_id = u.id WHERE u.code = 'jobspor' GROUP BY u.id"
    ))
    .await;
}

fn to(app: &TestApp, who: &str, function: &str) -> Value {
    json!({ "employeeId": app.employee(who), "function": function })
}

/// Somebody of JobSpor's gives a case of the unit to somebody.
fn assign<'a>(app: &'a TestApp, by: &'a str, person: Uuid, who: &str, function: &str) -> Call<'a> {
    let path = format!("/api/v1/young-people/{person}/assignments");
    app.as_(by).post(&path, to(app, who, function))
}

/// A new young person of JobSpor, given to somebody.
async fn given(app: &TestApp, who: &str, function: &str) -> (Uuid, Answer) {
    let person = app.young_person(CASEWORKER).await.id();
    (person, done(assign(app, CASEWORKER, person, who, function)).await)
}

/// The only open assignment of a young person.
async fn assignment(app: &TestApp, person: Uuid) -> Uuid {
    let running = format!(
        "SELECT id FROM assignment WHERE young_person_id = '{person}' AND ended_at IS NULL"
    );
    let rows = app.sql(&running).await;
    assert_eq!(rows.len(), 1);
    rows[0]["id"].as_str().unwrap().parse().unwrap()
}

fn hand_over<'a>(app: &'a TestApp, by: &'a str, moves: &[(&Answer, &str)]) -> Call<'a> {
    let moves: Vec<Value> = moves
        .iter()
        .map(|(from, who)| json!({ "assignmentId": from.id(), "toEmployeeId": app.employee(who) }))
        .collect();
    app.as_(by).post("/api/v1/handovers", json!({ "moves": moves, "reason": "Ny fordeling." }))
}

/// How many cases somebody has, as the database counts them.
async fn number(app: &TestApp, who: &str) -> i64 {
    let query = format!(
        "SELECT count(DISTINCT young_person_id) AS number FROM assignment
          WHERE ended_at IS NULL AND employee_id = '{}'",
        app.employee(who)
    );
    app.sql(&query).await[0]["number"].as_i64().unwrap()
}

#[actix_web::test]
async fn cl_02_beyond_the_limit_it_is_refused_with_limit_number_and_colleagues_with_room() {
    let app = TestApp::new().await;
    norm(&app, "caseworker", 2).await;
    app.employ("test.tredje", "caseworker", "jobspor").await;
    // The colleague had the young person once; the third one is emptier.
    let (person, first) = given(&app, COLLEAGUE, "caseworker").await;
    let end = format!("/api/v1/assignments/{}/end", first.id());
    done(app.as_(CASEWORKER).post(&end, json!({ "reason": "x" })).if_match(1)).await;
    given(&app, COLLEAGUE, "caseworker").await;
    for _ in 0..2 {
        given(&app, CASEWORKER, "caseworker").await;
    }
    let before = everything(&app).await;
    let no = assign(&app, CASEWORKER, person, CASEWORKER, "caseworker").await;
    assert_eq!(no.problem(), (409, "caseload.limit-reached"));
    let colleague = |who: &str, name: &str, current: u32, has_had: bool| json!({ "employeeId": app.employee(who), "name": name, "current": current, "limit": 2, "hasHad": has_had });
    assert_eq!(
        json!([
            no.body["limit"],
            no.body["current"],
            no.body["employeeId"],
            no.body["youngPersonId"]
        ]),
        json!([2, 2, app.employee(CASEWORKER), person])
    );
    assert_eq!(
        no.body["colleagues"],
        json!([
            colleague(COLLEAGUE, "Rasmus Toft", 1, true),
            colleague("test.tredje", "Eva Ny", 0, false)
        ])
    );
    assert_eq!(everything(&app).await, before);
    // What cannot be given to one may be given to another.
    done(assign(&app, CASEWORKER, person, COLLEAGUE, "caseworker")).await;
    let both = app.young_person(CASEWORKER).await.id();
    let no = assign(&app, CASEWORKER, both, COLLEAGUE, "caseworker").await;
    assert_eq!(no.body["colleagues"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn cl_01_a_mentors_function_counts_under_the_job_consultants_norm_and_nobody_twice() {
    let app = TestApp::new().await;
    norm(&app, "job-consultant", 1).await;
    let (person, _) = given(&app, CONSULTANT, "job-consultant").await;
    // One they have already is no new one.
    done(assign(&app, CASEWORKER, person, CONSULTANT, "mentor")).await;
    let other = app.young_person(CASEWORKER).await.id();
    let no = assign(&app, CASEWORKER, other, CONSULTANT, "mentor").await;
    assert_eq!(no.problem(), (409, "caseload.limit-reached"));
    // A caseworker is no mentor, and no mentor of another unit is taken.
    let no = assign(&app, CASEWORKER, other, CASEWORKER, "mentor").await;
    assert_eq!(no.problem(), (409, "assignment.not-in-function"));
    for who in ["mentor", "social.raadgiver"] {
        let no = assign(&app, CASEWORKER, other, who, "mentor").await;
        assert_eq!((no.status, no.pointers()), (422, vec!["/employeeId"]), "{who}");
    }
}

#[actix_web::test]
async fn cl_03_only_a_team_leader_goes_beyond_for_at_most_90_days() {
    let app = TestApp::new().await;
    norm(&app, "caseworker", 1).await;
    given(&app, CASEWORKER, "caseworker").await;
    let person = app.young_person(CASEWORKER).await.id();
    let path = format!("/api/v1/young-people/{person}/assignments");
    let with = |until: &str| {
        let mut body = to(&app, CASEWORKER, "caseworker");
        body["exception"] = json!({ "reason": "Barsel i teamet.", "until": until });
        body
    };
    // The clock stands at 23 November: 90 days on is 21 February.
    for who in [CASEWORKER, CONSULTANT, COLLEAGUE] {
        let no = app.as_(who).post(&path, with("2027-02-21")).await;
        assert_eq!(no.problem(), (403, "access.denied"), "{who}");
    }
    for until in ["2027-02-22", "2026-11-22"] {
        let no = app.as_(TEAM_LEADER).post(&path, with(until)).await;
        assert_eq!(no.problem(), (409, "caseload.exception-out-of-range"), "{until}");
        assert_eq!(json!([no.body["from"], no.body["to"]]), json!(["2026-11-23", "2027-02-21"]));
    }
    let made = done(app.as_(TEAM_LEADER).post(&path, with("2027-02-21"))).await;
    assert_eq!(made.body["exception"]["until"], json!("2027-02-21"));
    // Counted apart: still full, and by one.
    let no = assign(
        &app,
        TEAM_LEADER,
        app.young_person(CASEWORKER).await.id(),
        CASEWORKER,
        "caseworker",
    )
    .await;
    assert_eq!(no.body["current"], json!(1));
    // Where there is room it is no exception.
    let third = app.young_person(CASEWORKER).await.id();
    let mut body = to(&app, COLLEAGUE, "caseworker");
    body["exception"] = json!({ "reason": "x", "until": "2027-02-21" });
    let made =
        app.as_(TEAM_LEADER).post(&format!("/api/v1/young-people/{third}/assignments"), body);
    assert_eq!(done(made).await.body["exception"], Value::Null);
    // Past its end it counts like any other.
    app.at("2027-02-22T09:00:00Z");
    let no = assign(
        &app,
        TEAM_LEADER,
        app.young_person(CASEWORKER).await.id(),
        CASEWORKER,
        "caseworker",
    )
    .await;
    assert_eq!(no.body["current"], json!(2));
}

#[actix_web::test]
async fn cl_08_a_hand_over_is_all_or_nothing_and_two_full_ones_may_swap() {
    let app = TestApp::new().await;
    norm(&app, "caseworker", 1).await;
    let (_, mine) = given(&app, CASEWORKER, "caseworker").await;
    let (_, theirs) = given(&app, COLLEAGUE, "caseworker").await;
    let before = everything(&app).await;
    let no = hand_over(&app, CASEWORKER, &[(&mine, COLLEAGUE)]).await;
    assert_eq!(no.problem(), (409, "caseload.limit-reached"));
    assert_eq!(no.body["colleagues"], json!([]), "not the one it is taken from");
    let no = hand_over(&app, CASEWORKER, &[(&mine, COLLEAGUE), (&theirs, COLLEAGUE)]).await;
    assert_eq!(no.problem(), (409, "handover.same-employee"));
    for who in [STRANGER, "mentor"] {
        let no = hand_over(&app, CASEWORKER, &[(&mine, who)]).await;
        assert_eq!(no.pointers(), ["/moves/0/toEmployeeId"]);
    }
    let twice = hand_over(&app, CASEWORKER, &[(&mine, COLLEAGUE), (&mine, COLLEAGUE)]).await;
    assert_eq!(twice.pointers(), ["/moves/1/assignmentId"]);
    let hidden = hand_over(&app, STRANGER, &[(&mine, COLLEAGUE)]).await;
    assert_eq!(hidden.pointers(), ["/moves/0/assignmentId"]);
    assert_eq!(everything(&app).await, before);

    let swapped = hand_over(&app, CASEWORKER, &[(&mine, COLLEAGUE), (&theirs, CASEWORKER)]);
    let swapped = done(swapped).await;
    let receivers: Vec<&Value> =
        swapped.body["items"].as_array().unwrap().iter().map(|item| &item["employeeId"]).collect();
    assert_eq!(receivers, [&json!(app.employee(COLLEAGUE)), &json!(app.employee(CASEWORKER))]);
    assert_eq!((number(&app, CASEWORKER).await, number(&app, COLLEAGUE).await), (1, 1));
    // What is handed over has ended there.
    let no = hand_over(&app, CASEWORKER, &[(&mine, COLLEAGUE)]).await;
    assert_eq!(no.problem(), (409, "assignment.ended"));
    let old = app.as_(CASEWORKER).get(&format!("/api/v1/assignments/{}", mine.id())).await;
    assert_eq!(old.body["endReason"], json!("Ny fordeling."));
}

#[actix_web::test]
async fn cl_08_the_receiver_is_told_first_what_is_to_be_known_and_coordinates() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let mine = assignment(&app, case.young_person).await;
    let talk = json!({
        "informationArea": "plan", "tookPlaceAt": "2026-11-20T09:00:00Z", "form": "video", "minutes": 20,
        "youngPersonTookPart": true, "text": "x",
    });
    let path = format!("/api/v1/young-people/{}", case.young_person);
    done(app.as_(CASEWORKER).post(&format!("{path}/conversations"), talk)).await;
    app.started(CASEWORKER, case.plan, "virksomhedspraktik").await;
    let review = app.as_(CASEWORKER).get("/api/v1/tasks?mine=true").await.items()[0].clone();
    app.advance(chrono::TimeDelta::seconds(1));
    let moves = json!([{
        "assignmentId": mine, "toEmployeeId": app.employee(COLLEAGUE), "note": "Ringer helst om eftermiddagen.",
    }]);
    let passed =
        app.as_(TEAM_LEADER).post("/api/v1/handovers", json!({ "moves": moves, "reason": "x" }));
    let passed = done(passed).await;
    let told = &passed.body["items"][0];
    assert_eq!(
        json!([
            told["employeeId"],
            told["note"],
            told["changes"],
            told["nextTaskDue"],
            told["overdueTasks"],
            told["nextReviewOn"],
            told["startedInterventions"],
            told["lastConversationAt"],
        ]),
        json!([
            app.employee(COLLEAGUE),
            "Ringer helst om eftermiddagen.",
            1,
            review["dueOn"],
            0,
            review["dueOn"],
            1,
            "2026-11-20T09:00:00Z",
        ])
    );
    let plan = app.as_(COLLEAGUE).get(&format!("/api/v1/plans/{}", case.plan)).await;
    assert_eq!(plan.body["coordinator"]["employeeId"], json!(app.employee(COLLEAGUE)));
    assert!(app.as_(CASEWORKER).get("/api/v1/tasks?mine=true").await.items().is_empty());
    assert!(!app.as_(COLLEAGUE).get("/api/v1/tasks?mine=true").await.items().is_empty());
    // A return to the same employee is another change.
    app.advance(chrono::TimeDelta::seconds(1));
    let now = json!([{ "assignmentId": told["id"], "toEmployeeId": app.employee(CASEWORKER) }]);
    let back =
        app.as_(TEAM_LEADER).post("/api/v1/handovers", json!({ "moves": now, "reason": "x" }));
    let back = done(back).await.body["items"][0].clone();
    assert_eq!(back["changes"], json!(2));
    let has = async |person: Uuid| {
        let path = format!("/api/v1/young-people/{person}/case-file");
        let file = app.as_(CASEWORKER).get(&path).await;
        let all = file.body["assignments"].as_array().unwrap().clone();
        all.into_iter().map(|one| one["employeeId"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(has(case.young_person).await, [json!(app.employee(CASEWORKER))]);
    // Resuming a case after its end is not a change.
    let (person, first) = given(&app, CASEWORKER, "caseworker").await;
    let at = format!("/api/v1/assignments/{}", first.id());
    done(app.as_(CASEWORKER).post(&format!("{at}/end"), json!({ "reason": "x" })).if_match(1))
        .await;
    done(app.as_(CASEWORKER).post_nothing(&format!("{at}/reopen")).if_match(2)).await;
    assert_eq!(has(person).await, [json!(app.employee(CASEWORKER))]);
    let briefs = app.as_(CASEWORKER).get("/api/v1/me/caseload").await;
    let briefs = briefs.body["cases"].as_array().unwrap().clone();
    let again = briefs.iter().find(|one| one["youngPersonId"] == json!(person)).unwrap();
    assert_eq!(again["changes"], json!(0));
}

#[actix_web::test]
async fn cl_02_somebody_of_the_unit_has_the_case_in_that_function_already() {
    let app = TestApp::new().await;
    let (person, first) = given(&app, CASEWORKER, "caseworker").await;
    for who in [CASEWORKER, COLLEAGUE] {
        let no = assign(&app, CASEWORKER, person, who, "caseworker").await;
        assert_eq!(no.problem(), (409, "assignment.already-assigned"));
        assert_eq!(no.body["employeeId"], json!(app.employee(CASEWORKER)));
    }
    // In another function somebody else may.
    done(assign(&app, CASEWORKER, person, CONSULTANT, "job-consultant")).await;
    let end = format!("/api/v1/assignments/{}/end", first.id());
    let reopen = format!("/api/v1/assignments/{}/reopen", first.id());
    let running = app.as_(CASEWORKER).post_nothing(&reopen).if_match(1).await;
    assert_eq!(running.problem(), (409, "assignment.running"));
    // Another unit that sees the case leaves it to its own.
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES ('{0}', '{person}', '{1}', 'unit', 'participation', 7, '{0}', 'x', '2026-11-01Z')",
        Uuid::now_v7(),
        app.unit_of(STRANGER)
    ))
    .await;
    let no = app.as_(STRANGER).post(&end, json!({ "reason": "x" })).if_match(1).await;
    assert_eq!(no.problem(), (409, "assignment.of-another-unit"));
    let ended = done(app.as_(CASEWORKER).post(&end, json!({ "reason": "x" })).if_match(1)).await;
    assert_eq!((ended.version(), &ended.body["endReason"]), (2, &json!("x")));
    let again = app.as_(CASEWORKER).post(&end, json!({ "reason": "x" })).if_match(2).await;
    assert_eq!(again.problem(), (409, "assignment.ended"));
}

/// AC-7: what an assignment opened is closed when it ends.
#[actix_web::test]
async fn ac_07_an_assignment_opens_the_case_and_its_end_closes_it() {
    let app = TestApp::new().await;
    let person = app.young_person("bu.raadgiver").await.id();
    let path = format!("/api/v1/young-people/{person}");
    let hidden = app.as_(TEAM_LEADER).get(&path).await;
    assert_eq!(hidden.status, 404);
    let wanted =
        json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "reason": "Fylder 18." });
    let entry = done(app.as_("bu.raadgiver").post(&format!("{path}/intake"), wanted.clone())).await;
    for who in [TEAM_LEADER, CASEWORKER] {
        assert_eq!(app.as_(who).get(&path).await.status, 200, "{who} sees who lies in the intake");
    }
    let twice = app.as_("bu.raadgiver").post(&format!("{path}/intake"), wanted.clone()).await;
    assert_eq!(twice.problem(), (409, "intake.already-waiting"));
    let made = done(assign(&app, TEAM_LEADER, person, CASEWORKER, "caseworker")).await;
    let entry =
        app.as_("bu.raadgiver").get(&format!("/api/v1/intake-entries/{}", entry.id())).await;
    assert_eq!(
        json!([entry.body["leftBecause"], entry.body["leftReason"], entry.version()]),
        json!(["assigned", null, 2])
    );
    let no = app.as_("bu.raadgiver").post(&format!("{path}/intake"), wanted).await;
    assert_eq!(no.problem(), (409, "assignment.already-assigned"));
    let held = format!("SELECT holder_id FROM access_basis WHERE source_id = '{}'", made.id());
    let held: Vec<Value> =
        app.sql(&held).await.iter().map(|row| row["holder_id"].clone()).collect();
    assert!(
        held.contains(&json!(app.employee(CASEWORKER)))
            && held.contains(&json!(app.unit("jobspor")))
    );
    let end = format!("/api/v1/assignments/{}/end", made.id());
    done(app.as_(CASEWORKER).post(&end, json!({ "reason": "x" })).if_match(1)).await;
    for who in [TEAM_LEADER, CASEWORKER] {
        assert_eq!(app.as_(who).get(&path).await.status, 404, "{who}");
    }
}

#[actix_web::test]
async fn cl_11_what_is_taken_out_of_the_intake_is_seen_no_longer() {
    let app = TestApp::new().await;
    let person = app.young_person("bu.raadgiver").await.id();
    let path = format!("/api/v1/young-people/{person}");
    let wanted = json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "reason": "x" });
    let entry = done(app.as_("bu.raadgiver").post(&format!("{path}/intake"), wanted)).await;
    let at = format!("/api/v1/intake-entries/{}/withdraw", entry.id());
    let out =
        done(app.as_(TEAM_LEADER).post(&at, json!({ "reason": "Fik plads i UU." })).if_match(1))
            .await;
    assert_eq!(json!([out.body["leftBecause"], out.version()]), json!(["withdrawn", 2]));
    assert_eq!(app.as_(TEAM_LEADER).get(&path).await.status, 404);
    let no = app.as_("bu.raadgiver").post(&at, json!({ "reason": "x" })).if_match(2).await;
    assert_eq!(no.problem(), (409, "intake.left"));
    for (body, pointer) in [
        (json!({ "unitId": app.unit("vuc"), "function": "mentor", "reason": "x" }), "/unitId"),
        (json!({ "unitId": app.unit("jv"), "function": "mentor", "reason": "x" }), "/unitId"),
        (
            json!({ "unitId": app.unit("jobspor"), "function": "mentor", "reason": "x", "from": "2026-11-22" }),
            "/from",
        ),
    ] {
        let no = app.as_("bu.raadgiver").post(&format!("{path}/intake"), body).await;
        assert_eq!((no.status, no.pointers()), (422, vec![pointer]));
    }
}

#[actix_web::test]
async fn cl_08_a_list_is_shared_out_in_one_step_or_not_at_all() {
    let app = TestApp::new().await;
    norm(&app, "caseworker", 2).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(app.young_person(CASEWORKER).await.id());
    }
    let item = |person: &Uuid, who: &str| {
        let mut item = to(&app, who, "caseworker");
        item["youngPersonId"] = json!(person);
        item
    };
    let all = |who: [&str; 4]| -> Value {
        json!({ "items": people.iter().zip(who).map(|(person, who)| item(person, who)).collect::<Vec<_>>() })
    };
    let before = everything(&app).await;
    let too_many = [CASEWORKER, COLLEAGUE, CASEWORKER, CASEWORKER];
    let no = app.as_(TEAM_LEADER).post("/api/v1/assignments", all(too_many)).await;
    assert_eq!(no.problem(), (409, "caseload.limit-reached"));
    assert_eq!(
        json!([no.body["youngPersonId"], no.body["current"], no.body["colleagues"][0]["current"]]),
        json!([people[3], 2, 1])
    );
    let hidden = app.young_person(STRANGER).await.id();
    let body = json!({ "items": [item(&people[0], CASEWORKER), item(&hidden, CASEWORKER)] });
    let no = app.as_(TEAM_LEADER).post("/api/v1/assignments", body).await;
    assert_eq!(no.pointers(), ["/items/1/youngPersonId"]);
    let twice = json!({ "items": [item(&people[0], CASEWORKER), item(&people[0], COLLEAGUE)] });
    let no = app.as_(TEAM_LEADER).post("/api/v1/assignments", twice).await;
    assert_eq!(no.problem(), (409, "assignment.already-assigned"));
    let after = everything(&app).await;
    let but_for = |rows: &[Value], names: &[&str]| -> Vec<Value> {
        rows.iter().filter(|row| !names.contains(&row["name"].as_str().unwrap())).cloned().collect()
    };
    // The stranger's young person was registered meanwhile.
    let registered = ["young_person", "person_identifier", "access_basis", "coordination", "event"];
    assert_eq!(but_for(&after, &registered), but_for(&before, &registered));

    let fitting = [CASEWORKER, COLLEAGUE, CASEWORKER, COLLEAGUE];
    let made = done(app.as_(TEAM_LEADER).post("/api/v1/assignments", all(fitting))).await;
    assert_eq!((made.status, made.body["items"].as_array().unwrap().len()), (201, 4));
    assert_eq!((number(&app, CASEWORKER).await, number(&app, COLLEAGUE).await), (2, 2));
}

#[actix_web::test]
async fn cl_05_what_if_answers_as_the_command_would_and_changes_nothing() {
    let app = TestApp::new().await;
    norm(&app, "caseworker", 2).await;
    let (_, mine) = given(&app, CASEWORKER, "caseworker").await;
    given(&app, CASEWORKER, "caseworker").await;
    let (first, second) =
        (app.young_person(CASEWORKER).await.id(), app.young_person(CASEWORKER).await.id());
    let before = everything(&app).await;
    let wish = |person: Uuid, who: &str| {
        let mut wish = to(&app, who, "caseworker");
        wish["youngPersonId"] = json!(person);
        wish
    };
    // Passing one on makes room for one, not for two.
    let body = json!({
        "move": [{ "assignmentId": mine.id(), "toEmployeeId": app.employee(COLLEAGUE) }],
        "assign": [wish(first, CASEWORKER), wish(second, CASEWORKER)],
    });
    let answer = app.as_(TEAM_LEADER).post("/api/v1/caseload/what-if", body).await.expect(200);
    let outcomes = answer.body["outcomes"].as_array().unwrap();
    let possible: Vec<&Value> = outcomes.iter().map(|outcome| &outcome["possible"]).collect();
    assert_eq!(
        json!([
            answer.body["possible"],
            possible,
            outcomes[2]["refusal"]["code"],
            outcomes[2]["refusal"]["limit"]
        ]),
        json!([false, [true, true, false], "caseload.limit-reached", 2])
    );
    let shifts: Vec<Value> = answer.body["employees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shift| json!([shift["employeeId"], shift["before"], shift["after"], shift["limit"]]))
        .collect();
    assert_eq!(shifts, [json!([app.employee(COLLEAGUE), 0, 1, 2])], "in the end she has two again");
    assert_eq!(everything(&app).await, before);
    let entry = entry_of(&app, &answer).await;
    assert_eq!((&entry["operation"], &entry["role"]), (&json!("whatIf"), &json!("team-leader")));
    assert_eq!(entry["young_people"].as_array().unwrap().len(), 3);
    // The command says the same.
    let no = assign(&app, TEAM_LEADER, first, CASEWORKER, "caseworker").await;
    let alone = json!({ "assign": [wish(first, CASEWORKER)] });
    let asked = app.as_(TEAM_LEADER).post("/api/v1/caseload/what-if", alone).await;
    let refusal = &asked.body["outcomes"][0]["refusal"];
    for member in ["code", "limit", "current", "colleagues", "employeeId", "youngPersonId"] {
        assert_eq!(refusal[member], no.body[member], "{member}");
    }
    let mut beyond = wish(first, CASEWORKER);
    beyond["exception"] = json!({ "reason": "x", "until": "2026-12-01" });
    let asked = json!({ "assign": [beyond] });
    let leader = app.as_(TEAM_LEADER).post("/api/v1/caseload/what-if", asked.clone()).await;
    assert_eq!(leader.body["outcomes"][0]["exception"], json!(true));
    let worker = app.as_(CASEWORKER).post("/api/v1/caseload/what-if", asked).await;
    assert_eq!(worker.problem(), (403, "access.denied"));
}

#[actix_web::test]
async fn cl_02_recommended_are_those_who_know_the_young_person_then_the_emptiest_and_perhaps_nobody()
 {
    let app = TestApp::new().await;
    norm(&app, "caseworker", 2).await;
    let (known, had) = given(&app, CASEWORKER, "caseworker").await;
    let end = format!("/api/v1/assignments/{}/end", had.id());
    done(app.as_(CASEWORKER).post(&end, json!({ "reason": "x" })).if_match(1)).await;
    given(&app, CASEWORKER, "caseworker").await;
    let mut people = vec![known];
    for _ in 0..3 {
        people.push(app.young_person(CASEWORKER).await.id());
    }
    let body = json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "youngPersonIds": people });
    let answer =
        app.as_(TEAM_LEADER).post("/api/v1/caseload/recommendations", body).await.expect(200);
    let items = answer.body["items"].as_array().unwrap();
    let whom: Vec<&Value> = items.iter().map(|item| &item["employeeId"]).collect();
    let (hers, his) = (json!(app.employee(CASEWORKER)), json!(app.employee(COLLEAGUE)));
    assert_eq!(whom, [&hers, &his, &his, &Value::Null]);
    let because = |item: &Value| -> Vec<Value> {
        item["candidates"].as_array().unwrap().iter().map(|one| one["because"].clone()).collect()
    };
    assert_eq!(because(&items[0]), [json!("has-had"), json!("has-room")]);
    assert_eq!(because(&items[1]), [json!("has-room"), json!("limit-reached")]);
    assert_eq!(because(&items[3]), [json!("limit-reached"), json!("limit-reached")]);
    assert_eq!(number(&app, COLLEAGUE).await, 0);
    let entry = entry_of(&app, &answer).await;
    assert_eq!(entry["young_people"].as_array().unwrap().len(), 4);
    // Of a unit that is not the caller's nothing is told.
    let body = json!({ "unitId": app.unit("ungeenheden"), "function": "adviser", "youngPersonIds": [known] });
    let no = app.as_(TEAM_LEADER).post("/api/v1/caseload/recommendations", body).await;
    assert_eq!(no.pointers(), ["/unitId"]);
}

#[actix_web::test]
async fn cl_09_a_stopped_sign_in_puts_the_cases_into_the_intake_until_they_are_handed_over() {
    let app = TestApp::new().await;
    let (_, first) = given(&app, CASEWORKER, "caseworker").await;
    let (_, second) = given(&app, CASEWORKER, "caseworker").await;
    let admin = app.as_("admin");
    let at = format!("/api/v1/employees/{}", app.employee(CASEWORKER));
    let stopped = done(admin.post_nothing(&format!("{at}/deactivate")).if_match(1)).await;
    let version = stopped.version();
    let lies = async |of: &Answer| {
        let path = format!("/api/v1/assignments/{}", of.id());
        app.as_(TEAM_LEADER).get(&path).await.body["inIntake"].clone()
    };
    assert_eq!((lies(&first).await, lies(&second).await), (json!(true), json!(true)));
    let (person, _) = given_by(&app, TEAM_LEADER, COLLEAGUE).await;
    let no = assign(&app, TEAM_LEADER, person, CASEWORKER, "caseworker").await;
    assert_eq!(no.problem(), (409, "assignment.already-assigned"));
    let fresh = app.young_person(TEAM_LEADER).await.id();
    let no = assign(&app, TEAM_LEADER, fresh, CASEWORKER, "caseworker").await;
    assert_eq!(no.problem(), (409, "assignment.not-in-function"));
    let no = admin.post_nothing(&format!("{at}/end-employment")).if_match(version).await;
    assert_eq!(no.problem(), (409, "employee.has-open-cases"));
    done(hand_over(&app, TEAM_LEADER, &[(&first, COLLEAGUE)])).await;
    // Opened again: what is left is theirs again.
    let open = done(admin.post_nothing(&format!("{at}/reactivate")).if_match(version)).await;
    assert_eq!(open.body["deactivatedAt"], Value::Null);
    assert_eq!(lies(&second).await, json!(false));
    let no = admin.post_nothing(&format!("{at}/reactivate")).if_match(open.version()).await;
    assert_eq!(no.problem(), (409, "employee.not-stopped"));
    let stopped =
        done(admin.post_nothing(&format!("{at}/deactivate")).if_match(open.version())).await;
    // Not beyond the limit.
    norm(&app, "caseworker", 0).await;
    let no = admin.post_nothing(&format!("{at}/reactivate")).if_match(stopped.version()).await;
    assert_eq!(no.problem(), (409, "caseload.limit-reached"));
    norm(&app, "caseworker", 5).await;
    done(hand_over(&app, TEAM_LEADER, &[(&second, COLLEAGUE)])).await;
    let gone =
        done(admin.post_nothing(&format!("{at}/end-employment")).if_match(stopped.version())).await;
    assert_eq!(
        (gone.body["roles"].clone(), gone.body["employmentEndedAt"].is_null()),
        (json!([]), false)
    );
    let no = admin.post_nothing(&format!("{at}/reactivate")).if_match(gone.version()).await;
    assert_eq!(no.problem(), (409, "employee.employment-ended"));
}

/// A new young person whom `by` registers and gives to somebody.
async fn given_by(app: &TestApp, by: &str, who: &str) -> (Uuid, Answer) {
    let person = app.young_person(by).await.id();
    (person, done(assign(app, by, person, who, "caseworker")).await)
}

/// AC-7: who holds the role no more sees the unit's cases no more, also by what was assigned to them.
#[actix_web::test]
async fn cl_09_a_role_that_ends_leaves_the_case_with_the_unit() {
    let app = TestApp::new().await;
    let (person, made) = given(&app, COLLEAGUE, "caseworker").await;
    app.execute(&format!(
        "INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
         VALUES (gen_random_uuid(), '{}', 'adviser', '{}', '2026-01-05')",
        app.employee(COLLEAGUE),
        app.unit("socialafdelingen")
    ))
    .await;
    let path = format!("/api/v1/young-people/{person}");
    assert_eq!(app.as_(COLLEAGUE).get(&path).await.status, 200);
    let role = format!(
        "SELECT id FROM employee_role WHERE employee_id = '{}' AND role = 'caseworker'",
        app.employee(COLLEAGUE)
    );
    let role = app.sql(&role).await[0]["id"].as_str().unwrap().to_owned();
    let end = format!("/api/v1/employees/{}/roles/{role}/end", app.employee(COLLEAGUE));
    done(app.as_("admin").post_nothing(&end)).await;
    app.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(app.as_(COLLEAGUE).get(&path).await.status, 404);
    let lies = app.as_(TEAM_LEADER).get(&format!("/api/v1/assignments/{}", made.id())).await;
    assert_eq!(lies.body["inIntake"], json!(true));
    // Given back, the case is theirs again.
    app.give_role(app.employee(COLLEAGUE), "caseworker", "jobspor").await.expect(200);
    assert_eq!(app.as_(COLLEAGUE).get(&path).await.status, 200);
    let lies = app.as_(TEAM_LEADER).get(&format!("/api/v1/assignments/{}", made.id())).await;
    assert_eq!(lies.body["inIntake"], json!(false));
}

/// CL-4: ten at once on two instances, one place left, on each way in.
#[actix_web::test]
async fn cl_04_however_many_assign_at_once_the_norm_is_not_passed() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    norm(&app, "caseworker", 1).await;
    let mut people = Vec::new();
    for _ in 0..10 {
        people.push(app.young_person(CASEWORKER).await.id());
    }
    let tries = people.iter().enumerate().map(|(n, person)| {
        let app = if n % 2 == 0 { &app } else { &other };
        async move { assign(app, CASEWORKER, *person, CASEWORKER, "caseworker").await }
    });
    let answers = futures_util::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused =
        answers.iter().filter(|one| one.problem() == (409, "caseload.limit-reached")).count();
    assert_eq!((made, refused, number(&app, CASEWORKER).await), (1, 9, 1));
}

/// LG-1: a hand-over tells in each young person's timeline from whom to whom.
#[actix_web::test]
async fn lg_01_the_timeline_tells_who_had_the_case() {
    let app = TestApp::new().await;
    let (person, mine) = given(&app, CASEWORKER, "caseworker").await;
    done(hand_over(&app, CASEWORKER, &[(&mine, COLLEAGUE)])).await;
    let told = app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/timeline")).await;
    let kinds: Vec<&Value> = told.items().iter().map(|event| &event["kind"]).collect();
    assert_eq!(
        kinds,
        [
            &json!("assignment.handed-over"),
            &json!("assignment.made"),
            &json!("young-person.registered")
        ]
    );
    let list = app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/assignments")).await;
    let whose: Vec<&Value> =
        list.body["items"].as_array().unwrap().iter().map(|one| &one["employeeId"]).collect();
    assert_eq!(whose, [&json!(app.employee(COLLEAGUE)), &json!(app.employee(CASEWORKER))]);
}

/// YP-8: a case given to the wrong young person is voided, and nobody sees them by it.
#[actix_web::test]
async fn yp_08_an_assignment_of_the_wrong_one_is_voided() {
    let app = TestApp::new().await;
    let (person, made) = given(&app, CASEWORKER, "caseworker").await;
    let wrong =
        json!({ "written": "assignment", "writtenId": made.id(), "reason": "Forkert ung." });
    let path = format!("/api/v1/young-people/{person}/corrections");
    done(app.as_(CASEWORKER).post(&path, wrong)).await;
    assert_eq!(number(&app, CASEWORKER).await, 0);
    let open = format!(
        "SELECT 1 FROM access_basis WHERE source_id = '{}' AND valid_to > '{}'",
        made.id(),
        app.now()
    );
    assert!(app.sql(&open).await.is_empty());
}

/// AC-7: an answer of several young people is given again to whoever still sees them all.
#[actix_web::test]
async fn ac_07_a_list_is_told_again_to_whoever_still_sees_all_of_it() {
    let app = TestApp::new().await;
    let (_, mine) = given(&app, CASEWORKER, "caseworker").await;
    let (other, theirs) = given(&app, CASEWORKER, "caseworker").await;
    let over = || {
        let moves = [(&mine, COLLEAGUE), (&theirs, COLLEAGUE)];
        hand_over(&app, TEAM_LEADER, &moves).key("en-gang")
    };
    let (first, again) = (over().await, over().await);
    assert_eq!((first.status, &first.raw), (201, &again.raw));
    let entry = entry_of(&app, &again).await;
    assert_eq!(
        (&entry["outcome"], entry["young_people"].as_array().unwrap().len()),
        (&json!("replayed"), 2)
    );
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE young_person_id = '{other}'",
        app.now()
    ))
    .await;
    assert_eq!(over().await.status, 404);
}

/// AC-7: what the act itself ended is no reason to keep its answer from whoever still works the case.
#[actix_web::test]
async fn ac_07_who_assigned_from_the_intake_is_answered_again() {
    let app = TestApp::new().await;
    let person = app.young_person("bu.raadgiver").await.id();
    let path = format!("/api/v1/young-people/{person}");
    let wanted = json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "reason": "x" });
    done(app.as_("bu.raadgiver").post(&format!("{path}/intake"), wanted)).await;
    let once = || assign(&app, TEAM_LEADER, person, CASEWORKER, "caseworker").key("en-gang");
    let (first, again) = (once().await, once().await);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.raw, again.raw);
    // Who only provides something by then is not told again.
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{now}' WHERE young_person_id = '{person}';
         INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES ('{0}', '{person}', '{1}', 'unit', 'provision', 1, '{0}', 'x', '2026-11-01Z')",
        Uuid::now_v7(),
        app.unit("jobspor"),
        now = app.now()
    ))
    .await;
    assert_eq!(once().await.status, 404);
}

/// AC-1: a case that is given in one unit is no way into it for another unit of the same employee.
#[actix_web::test]
async fn ac_01_what_was_given_in_one_unit_is_not_worked_in_another() {
    let app = TestApp::new().await;
    // The other role is met first.
    app.execute(&format!(
        "INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
         VALUES (gen_random_uuid(), '{0}', 'adviser', '{1}', '2026-01-04');
         UPDATE employee_role SET valid_from = '2026-01-06' WHERE employee_id = '{0}' AND role = 'caseworker'",
        app.employee(COLLEAGUE),
        app.unit("socialafdelingen")
    ))
    .await;
    let case = app.active_plan(CONSULTANT).await;
    done(assign(&app, CASEWORKER, case.young_person, COLLEAGUE, "caseworker")).await;
    let goal = json!({ "area": "social", "wishedResult": "x", "targetDate": "2027-01-01" });
    let path = format!("/api/v1/plans/{}", case.plan);
    done(app.as_(COLLEAGUE).post(&format!("{path}/goals"), goal)).await;
    let units =
        format!("SELECT DISTINCT unit_id FROM plan_participant WHERE plan_id = '{}'", case.plan);
    let units: Vec<Value> =
        app.sql(&units).await.iter().map(|row| row["unit_id"].clone()).collect();
    assert_eq!(units, [json!(app.unit("jobspor"))]);
}

/// AC-1: what a law opens for itself is not passed on as a case.
#[actix_web::test]
async fn ac_01_a_basis_for_a_purpose_of_its_own_gives_nobody_a_case() {
    let app = TestApp::new().await;
    let person = app.young_person("bu.raadgiver").await.id();
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES ('{0}', '{person}', '{1}', 'unit', 'break-glass', 7, '{0}', 'x', '2026-11-01Z')",
        Uuid::now_v7(),
        app.unit("jobspor")
    ))
    .await;
    let no = assign(&app, CASEWORKER, person, CASEWORKER, "caseworker").await;
    assert_eq!(no.problem(), (403, "access.denied"));
    let wanted = json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "reason": "x" });
    let path = format!("/api/v1/young-people/{person}/intake");
    assert_eq!(app.as_(CASEWORKER).post(&path, wanted).await.problem(), (403, "access.denied"));
}

#[actix_web::test]
async fn cl_11_a_third_unit_takes_nobody_out_of_an_intake() {
    let app = TestApp::new().await;
    let case = app.active_plan("bu.raadgiver").await;
    app.participant("bu.raadgiver", case.plan, STRANGER).await;
    let path = format!("/api/v1/young-people/{}/intake", case.young_person);
    let wanted = json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "reason": "x" });
    let entry = done(app.as_("bu.raadgiver").post(&path, wanted)).await;
    let at = format!("/api/v1/intake-entries/{}/withdraw", entry.id());
    let no = app.as_(STRANGER).post(&at, json!({ "reason": "x" })).if_match(1).await;
    assert_eq!(no.problem(), (409, "assignment.of-another-unit"));
    done(app.as_("bu.raadgiver").post(&at, json!({ "reason": "x" })).if_match(1)).await;
}

/// CL-8: whoever keeps a part of the case keeps the coordination; a planned end goes along.
#[actix_web::test]
async fn cl_08_a_side_function_takes_no_coordination_along_and_the_planned_end_stays() {
    let app = TestApp::new().await;
    app.employ("test.konsulent", "job-consultant", "jobspor").await;
    let person = app.young_person(CONSULTANT).await.id();
    let path = format!("/api/v1/young-people/{person}/assignments");
    let mut main = to(&app, CONSULTANT, "job-consultant");
    main["plannedEnd"] = json!("2027-03-31");
    let main = done(app.as_(CASEWORKER).post(&path, main)).await;
    let side = to(&app, CONSULTANT, "mentor");
    let side = done(app.as_(CASEWORKER).post(&path, side)).await;
    let plan = app.plan(CONSULTANT, person).await;
    let activate = format!("/api/v1/plans/{}/activate", plan.id());
    done(app.as_(CONSULTANT).post_nothing(&activate).if_match(plan.version())).await;
    app.advance(chrono::TimeDelta::seconds(1));
    let coordinator = async || {
        let plan = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", plan.id())).await;
        plan.body["coordinator"]["employeeId"].clone()
    };
    done(hand_over(&app, CASEWORKER, &[(&side, "test.konsulent")])).await;
    assert_eq!(coordinator().await, json!(app.employee(CONSULTANT)));
    let passed = done(hand_over(&app, CASEWORKER, &[(&main, "test.konsulent")])).await;
    assert_eq!(passed.body["items"][0]["plannedEnd"], json!("2027-03-31"));
    assert_eq!(coordinator().await, json!(app.employee("test.konsulent")));
    let mut past = to(&app, CASEWORKER, "caseworker");
    past["plannedEnd"] = json!("2026-11-22");
    assert_eq!(app.as_(CASEWORKER).post(&path, past).await.pointers(), ["/plannedEnd"]);
}

/// CL-10: stopping twice does not change since when.
#[actix_web::test]
async fn cl_10_a_sign_in_that_is_stopped_was_stopped_then() {
    let app = TestApp::new().await;
    let at = format!("/api/v1/employees/{}/deactivate", app.employee(COLLEAGUE));
    let first = done(app.as_("admin").post_nothing(&at).if_match(1)).await;
    app.advance(chrono::TimeDelta::hours(2));
    let again = done(app.as_("admin").post_nothing(&at).if_match(first.version())).await;
    assert_eq!(again.body["deactivatedAt"], first.body["deactivatedAt"]);
}

/// CL-1: who comes to be job consultant has their mentor's cases under that norm.
#[actix_web::test]
async fn cl_01_a_mentor_who_becomes_job_consultant_does_not_begin_anew() {
    let app = TestApp::new().await;
    norm(&app, "job-consultant", 1).await;
    let who = app.employ("test.mentor", "mentor", "jobspor").await;
    let (_, first) = given(&app, "test.mentor", "mentor").await;
    let (_, second) = given(&app, "test.mentor", "mentor").await;
    let give = format!("/api/v1/employees/{who}/roles");
    let role = json!({ "role": "job-consultant", "unitId": app.unit("jobspor") });
    let proposed = done(app.as_("admin").post(&give, role)).await.pending("role");
    let no = app.confirm("admin2", &proposed).await;
    assert_eq!(no.problem(), (409, "caseload.limit-reached"));
    done(hand_over(&app, CASEWORKER, &[(&second, CONSULTANT)])).await;
    app.confirm("admin2", &proposed).await.expect(200);
    let third = app.young_person(CASEWORKER).await.id();
    let no = assign(&app, CASEWORKER, third, "test.mentor", "mentor").await;
    assert_eq!((no.problem(), &no.body["current"]), ((409, "caseload.limit-reached"), &json!(1)));
    let lies = app.as_(TEAM_LEADER).get(&format!("/api/v1/assignments/{}", first.id())).await;
    assert_eq!(lies.body["inIntake"], json!(false));
}
