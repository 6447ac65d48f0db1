//! What holds for every operation, present and future: the document is walked, not remembered.

use crate::access_matrix::{
    GROUP, OF_EVERYBODY, On, ROWS, Standing, ask, body, case_of, municipality, open_family,
};
use crate::{but_for_the_request, entry_of};
use actix_web::http::Method;
use domain::access::policy::{Relation, allows};
use domain::organisation::{Department, Role};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use test_support::contract::{Operation, operations};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// Whose case it is.
pub const WORKER: &str = "jv.sagsbehandler";
/// Who has nothing to do with it.
const STRANGER: &str = "uu.vejleder";

fn call<'a>(app: &'a TestApp, who: Option<&'a str>, operation: &Operation) -> Call<'a> {
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    let speaker = who.map_or_else(|| app.as_nobody(), |who| app.as_(who));
    speaker.call(method, &operation.path_to(&Uuid::nil().to_string())).if_match(1)
}

/// A body that fits the operation's schema.
fn fitting(app: &TestApp, operation: &Operation, standing: &Standing) -> Option<Value> {
    match &*operation.id {
        "signIn" => Some(json!({ "username": "admin", "password": "x" })),
        "refreshSession" => Some(json!({ "refreshToken": "x" })),
        id => body(app, WORKER, id, standing),
    }
}

/// What is wrong with an answer that is to be a problem document of this operation.
fn fault(operation: &Operation, answer: &Answer, expected: (u16, &str)) -> Option<String> {
    let Operation { name, value, .. } = operation;
    let documented = expected.0 == 405 || !value["responses"][expected.0.to_string()].is_null();
    let whole = answer.header("content-type") == "application/problem+json"
        && answer.body["type"] == format!("/problems/{}", expected.1)
        && answer.body["instance"] == format!("urn:uuid:{}", answer.header("x-request-id"))
        && answer.body["status"] == expected.0
        && answer.header("cache-control") == "no-store";
    match (answer.problem() == expected, whole, documented) {
        (false, ..) => Some(format!("{name}: {:?} instead of {expected:?}", answer.problem())),
        (_, false, _) => Some(format!("{name}: not a whole problem document: {}", answer.body)),
        (.., false) => Some(format!("{name}: {} is not documented", expected.0)),
        _ => None,
    }
}

/// Somebody of the caseworker's, with a plan and an intervention.
pub async fn standing(app: &TestApp) -> Standing {
    let (number, case, intervention) = case_of(app, WORKER).await;
    Standing::hidden(app, &number, case, WORKER, intervention).await
}

#[actix_web::test]
async fn every_operation_asks_who_is_calling() {
    let app = municipality().await;
    let mut faults = Vec::new();
    for operation in operations().iter().filter(|operation| !operation.is_public()) {
        let without = call(&app, None, operation).await;
        let with_another =
            call(&app, None, operation).header("Authorization", "Bearer x.y.z").await;
        for answer in [without, with_another] {
            faults.extend(fault(operation, &answer, (401, "session.required")));
            if answer.header("www-authenticate") != "Bearer" {
                faults.push(format!("{}: no WWW-Authenticate", operation.name));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// AC-7: the token still holds, and counts no more.
#[actix_web::test]
async fn ac_07_every_operation_refuses_what_was_revoked() {
    const END_ROLE: &str =
        "UPDATE employee_role SET valid_to = '2026-11-23T09:00Z' WHERE employee_id";
    let mut faults = Vec::new();
    for revoke in [
        "UPDATE session SET ended_at = '2026-11-23T09:00Z' WHERE employee_id",
        "UPDATE employee SET deactivated_at = '2026-11-23T09:00Z' WHERE id",
        END_ROLE,
    ] {
        let app = municipality().await;
        let standing = standing(&app).await;
        app.execute(&format!("{revoke} = '{}'", app.employee(WORKER))).await;
        for operation in operations().iter().filter(|operation| !operation.is_public()) {
            let row = ROWS.iter().find(|row| row.0 == operation.id);
            let expected = match row {
                _ if revoke != END_ROLE => (401, "session.required"),
                Some(row) if row.2.is_listed() => (422, "request.invalid"),
                Some(row)
                    if row.2.is_of_a_case()
                        || matches!(row.2, On::Cover | On::Rights | On::Contact) =>
                {
                    (404, "not-found")
                }
                Some(_) => (403, "access.denied"),
                None => continue,
            };
            if operation.id == "signOut" {
                continue; // Ending what is over is no failure.
            }
            let answer = ask(&app, WORKER, operation, &standing).await;
            faults.extend(fault(operation, &answer, expected));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[actix_web::test]
async fn every_body_that_does_not_fit_is_refused() {
    let app = municipality().await;
    let standing = standing(&app).await;
    let mut faults = Vec::new();
    for operation in operations() {
        let Some(schema) = operation.body() else { continue };
        let Some(mut fits) = fitting(&app, &operation, &standing) else {
            panic!("{} needs a body that fits", operation.name);
        };
        let call = || call(&app, Some(WORKER), &operation);
        for (content_type, text, expected) in [
            ("application/json", "{\"open\":".to_owned(), (400, "request.not-json")),
            ("application/json", String::new(), (400, "request.not-json")),
            ("text/plain", fits.to_string(), (415, "request.unsupported-media-type")),
            (
                "application/json",
                format!("\"{}\"", "x".repeat(300 * 1024)),
                (413, "request.too-large"),
            ),
            ("application/json", "[]".to_owned(), (422, "request.invalid")),
        ] {
            faults.extend(fault(&operation, &call().body(content_type, text).await, expected));
        }
        let empty = call().json(json!({})).await;
        let document = test_support::contract::document();
        let name = schema["$ref"].as_str().unwrap().trim_start_matches('#');
        let required =
            document.pointer(&format!("{name}/required")).and_then(Value::as_array).cloned();
        let required: BTreeSet<String> =
            required.iter().flatten().map(|name| format!("/{}", name.as_str().unwrap())).collect();
        let told: BTreeSet<String> = empty.pointers().into_iter().map(str::to_owned).collect();
        if !required.is_empty() && told != required {
            faults.push(format!(
                "{}: an empty body lacks {required:?}, told was {told:?}",
                operation.name
            ));
        }
        fits["ikkeNoget"] = json!("6101701234");
        let unknown = call().json(fits).await;
        faults.extend(fault(&operation, &unknown, (422, "request.invalid")));
        if unknown.pointers() != ["/ikkeNoget"]
            || String::from_utf8_lossy(&unknown.raw).contains("6101701234")
        {
            faults
                .push(format!("{}: an unknown member is told as {}", operation.name, unknown.body));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[actix_web::test]
async fn every_path_tells_which_methods_it_has() {
    let app = municipality().await;
    let mut methods: BTreeMap<String, (BTreeSet<String>, Operation)> = BTreeMap::new();
    for operation in operations() {
        let entry = methods
            .entry(operation.path.clone())
            .or_insert_with(|| (BTreeSet::new(), operation.clone()));
        entry.0.insert(operation.method);
    }
    let mut faults = Vec::new();
    for (path, (known, operation)) in &methods {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if known.contains(method) {
                continue;
            }
            let other = Operation { method: method.to_owned(), ..operation.clone() };
            let answer = call(&app, Some(WORKER), &other).await;
            faults.extend(fault(&other, &answer, (405, "request.method-not-allowed")));
            let told: BTreeSet<String> =
                answer.header("allow").split(", ").map(str::to_owned).collect();
            if &told != known {
                faults.push(format!("{method} {path}: allowed are {known:?}, told was {told:?}"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    let nowhere = app.as_(WORKER).get("/api/v1/nowhere").await;
    assert_eq!(nowhere.problem(), (404, "not-found"));
}

/// U16: every operation that takes parameters names the one that it does not know, and the one out of its bounds.
#[actix_web::test]
async fn u16_every_query_names_the_parameter_that_is_wrong() {
    let app = TestApp::new().await;
    let (mut faults, mut asked) = (Vec::new(), 0);
    for operation in operations().iter().filter(|operation| !operation.is_public()) {
        let parameters = operation.value["parameters"].as_array().into_iter().flatten();
        let of_query: Vec<&str> = parameters
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        if of_query.is_empty() {
            continue;
        }
        asked += 1;
        let path = operation.path_to(&Uuid::nil().to_string());
        let wrong = of_query.contains(&"limit").then_some(("limit", "999"));
        for (name, value) in [("unasked", "1")].into_iter().chain(wrong) {
            let answer = app.as_("admin").get(&format!("{path}?{name}={value}")).await;
            let answered = (answer.problem(), answer.pointers());
            if answered != ((422, "request.invalid"), vec![name]) {
                faults.push(format!("{} {name}: {answered:?}", operation.name));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(asked >= 20, "{asked} operations take parameters");
}

/// A3: "not for you" is byte for byte "not there", and leaves every row as it was.
#[actix_web::test]
async fn a3_hidden_cannot_be_told_from_missing() {
    let app = municipality().await;
    let hidden = standing(&app).await;
    let missing = hidden.nowhere(app.fresh_number());
    app.as_(STRANGER).get("/api/v1/me").await.expect(200);
    let before = app.dump().await;
    let mut asked = 0;
    for operation in operations() {
        let Some(row) = ROWS.iter().find(|row| row.0 == operation.id) else { continue };
        if matches!(row.2, On::Nothing | On::Unit | On::Hotline) {
            continue;
        }
        let (first, second) = (
            ask(&app, STRANGER, &operation, &hidden).await,
            ask(&app, STRANGER, &operation, &missing).await,
        );
        let expected =
            if row.2.is_listed() { (422, "request.invalid") } else { (404, "not-found") };
        assert_eq!(first.problem(), expected, "{}", operation.name);
        assert_eq!(but_for_the_request(&first), but_for_the_request(&second), "{}", operation.name);
        asked += 1;
    }
    assert!(asked >= 25, "{asked} operations name a thing");
    assert_eq!(app.dump().await, before);
}

/// A3: what the role may not do leaves every row as it was, and is on the access log (LG-2).
#[actix_web::test]
async fn a3_a_forbidden_change_changes_nothing() {
    let app = municipality().await;
    let standing = standing(&app).await;
    app.participant(WORKER, standing.plan, "uu.hotline").await;
    open_family(&app, standing.person, app.unit_of("uu.hotline")).await;
    app.as_("uu.hotline").get("/api/v1/me").await.expect(200);
    let before = app.dump().await;
    for operation in operations() {
        let Some(row) = ROWS.iter().find(|row| row.0 == operation.id) else { continue };
        if !row.2.is_of_a_case() {
            continue;
        }
        let answer = ask(&app, "uu.hotline", &operation, &standing).await;
        // AC-17: for a role that does not read a fact, it does not exist.
        let is_hidden = row.2.is_read_by().is_some_and(|read| {
            !allows(Department::Guidance, Role::Hotline, Relation::Works, read)
        });
        let expected = if is_hidden { (404, "not-found") } else { (403, "access.denied") };
        assert_eq!(answer.problem(), expected, "{}", operation.name);
        let entry = entry_of(&app, &answer).await;
        assert_eq!(
            (&entry["outcome"], &entry["operation"]),
            (&json!("refused"), &json!(operation.id))
        );
        let people = if is_hidden { json!([]) } else { json!([standing.person]) };
        assert_eq!(entry["young_people"], people, "{}", operation.name);
    }
    assert_eq!(app.dump().await, before);
}

/// Operations that tell of a person and change nothing. Every other one is in [`story`].
pub const READS: [&str; 60] = [
    "listMeetings",
    "readMeeting",
    "readMeetingCalendar",
    "listPregnancies",
    "listSupportNeeds",
    "listTransitionNeeds",
    "readTransitionNeed",
    "readResponsibility",
    "listEducationHandovers",
    "listAssignments",
    "readAssignment",
    "readIntakeEntry",
    "listIntake",
    "myCaseload",
    "readForecast",
    "listContacts",
    "readCaller",
    "readContact",
    "searchContacts",
    "listConversations",
    "listEducationOrders",
    "listExternalParticipants",
    "listNotes",
    "listSupportRemarks",
    "readConversation",
    "readNote",
    "listAbsences",
    "listGaps",
    "listPlanExemptions",
    "listAssessments",
    "listReviews",
    "listTasks",
    "listClashes",
    "listCorrections",
    "listMerges",
    "listBenefits",
    "listEducationAndWork",
    "listFollowUps",
    "listGuardians",
    "listResidence",
    "listSanctions",
    "listReadiness",
    "listYoungPeople",
    "lookUpYoungPerson",
    "readAttendance",
    "readCaseFile",
    "readCombination",
    "readCpr",
    "readTask",
    "readTimeline",
    "readGoal",
    "readIndicators",
    "readGroup",
    "readIntervention",
    "readPlaces",
    "readPlan",
    "readProgress",
    "readTargetGroup",
    "readYoungPerson",
    "searchYoungPeople",
];

/// Operations that tell of those in a list, and change nothing: tested with them.
pub const OF_A_LIST: [&str; 2] = ["recommend", "whatIf"];

/// Operations that tell of no young person.
pub const IMPERSONAL: [&str; 22] = [
    "listMeetingRooms",
    "listMeetingWindows",
    "listMeetingSlots",
    "listLegalBases",
    "readWindowDemand",
    "listCaseloadTerms",
    "listCover",
    "readCaseload",
    "readCover",
    "readNorms",
    "listPassedOn",
    "listCatalogue",
    "listDeadlineRules",
    "listSchoolHolidays",
    "readUnitDeadlines",
    "listEmployees",
    "listRightsRequests",
    "readRightsRequest",
    "listGroups",
    "listUnits",
    "readCatalogueEntry",
    "readFaceToFace",
];

/// LG-2: durable before the answer leaves: found as soon as it has come, by somebody else.
#[actix_web::test]
async fn lg_02_every_reading_is_on_the_access_log() {
    let app = municipality().await;
    let mut standing = standing(&app).await;
    app.execute("INSERT INTO catalogue_places (code, from_day, places, reason) VALUES ('own-jobspor', '2026-01-01', 0, 'x')")
        .await;
    "own-jobspor".clone_into(&mut standing.offer);
    standing.unit = app.unit("jobspor");
    let waiting = app.referral(WORKER, standing.plan, "own-jobspor").await;
    assert_eq!(waiting.body["state"], "waiting");
    let other = app.young_person(WORKER).await.id();
    // A plan that has had nothing for long.
    let gap = app.active_plan(WORKER).await;
    app.execute(&format!("UPDATE plan SET activated_at = '2026-11-01Z' WHERE id = '{}'", gap.plan))
        .await;
    standing.unit = app.unit("jobspor");
    app.execute(&format!(
        "UPDATE intervention_group SET provider_unit_id = '{0}' WHERE id = '{GROUP}';
         INSERT INTO group_member (id, group_id, intervention_id, young_person_id, information_area, writing_unit_id,
                                   providing_unit_id, from_day)
         SELECT id, '{GROUP}', id, young_person_id, information_area, writing_unit_id, providing_unit_id, '2026-11-23'
           FROM intervention WHERE id = '{1}'",
        app.unit("sosu"),
        standing.intervention
    ))
    .await;
    for operation in operations() {
        if !READS.contains(&&*operation.id) {
            continue;
        }
        // A unit's are its leader's to see.
        let (who, role) = match &*operation.id {
            "listIntake" | "readForecast" => ("jv.teamleder", "team-leader"),
            _ => (WORKER, "caseworker"),
        };
        let answer = ask(&app, who, &operation, &standing).await.expect(200);
        let entry = entry_of(&app, &answer).await;
        let expected = match &*operation.id {
            "listYoungPeople" | "searchYoungPeople" => {
                BTreeSet::from([standing.person, other, gap.young_person])
            }
            // The coordinator of an active plan has the case (PL-17).
            "listTasks" | "myCaseload" => BTreeSet::from([standing.person, gap.young_person]),
            "listGaps" => BTreeSet::from([gap.young_person]),
            _ => BTreeSet::from([standing.person]),
        };
        let seen: Vec<Uuid> = serde_json::from_value(entry["young_people"].clone()).unwrap();
        assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), expected, "{}", operation.name);
        assert_eq!(seen.len(), expected.len(), "one for each person shown: {}", operation.name);
        assert_eq!(entry["actor_id"], json!(app.employee(who)));
        assert_eq!(
            (&entry["outcome"], &entry["operation"]),
            (&json!("read"), &json!(operation.id))
        );
        assert_ne!(entry["areas"], 0, "{}", operation.name);
        assert_eq!(entry["role"], role, "{}", operation.name);
        let bases: Vec<Uuid> = serde_json::from_value(entry["bases"].clone()).unwrap();
        for (person, basis) in seen.iter().zip(&bases) {
            let held = format!(
                "SELECT 1 FROM access_basis WHERE id = '{basis}' AND young_person_id = '{person}'"
            );
            assert_eq!(app.sql(&held).await.len(), 1, "{}", operation.name);
        }
        assert_eq!(bases.len(), seen.len());
        let subject = operation
            .names_a_thing()
            .then(|| answer.body["id"].as_str().map(str::to_owned))
            .flatten();
        if let Some(subject) = subject {
            assert_eq!(entry["subject"], json!(subject), "{}", operation.name);
        }
    }
}

/// LG-1, YP-4: whatever is changed is one event that tells who, as what, where, on which basis and for
/// whom; and no CPR number stands in any answer, event or column.
#[actix_web::test]
async fn lg_01_every_change_is_one_event() {
    let app = municipality().await;
    let steps = story(&app).await;
    let told: BTreeSet<&str> = steps
        .iter()
        .map(|step| step.0)
        .chain(READS)
        .chain(OF_A_LIST)
        .chain(IMPERSONAL)
        .chain(OF_EVERYBODY)
        // By no basis: `hotline.rs` asks for its entry.
        .chain(["readCard"])
        .collect();
    let all = operations();
    let documented: BTreeSet<&str> = all
        .iter()
        .filter(|operation| !operation.is_public())
        .map(|operation| &*operation.id)
        .collect();
    assert_eq!(
        told, documented,
        "a new operation belongs into the story, or to those that change nothing"
    );

    let registered = steps.iter().find(|step| step.0 == "registerYoungPerson").unwrap().2.id();
    for (operation, who, answer) in &steps {
        assert!((200..300).contains(&answer.status), "{operation}: {}", answer.body);
        let id = answer.header("x-request-id");
        let events =
            app.sql(&format!("SELECT * FROM event WHERE request_id = '{id}' ORDER BY id")).await;
        // Of a merge that is undone both timelines tell.
        let expected = if *operation == "undoMerge" { 2 } else { 1 };
        assert_eq!(events.len(), expected, "{operation}");
        let event = &events[0];
        assert_eq!(event["actor_id"], json!(app.employee(who)), "{operation}");
        let roles = format!(
            "SELECT 1 FROM employee_role WHERE employee_id = '{}' AND role = '{}' AND unit_id = '{}'",
            app.employee(who),
            event["role"].as_str().unwrap(),
            event["unit_id"].as_str().unwrap()
        );
        assert_eq!(app.sql(&roles).await.len(), 1, "{operation}");
        let about_a_case = ROWS
            .iter()
            .filter(|row| row.0 == *operation)
            .any(|row| row.2.is_of_a_case() || row.2.is_listed() || row.2 == On::Number);
        if about_a_case {
            assert_eq!(event["young_person_id"], json!(registered), "{operation}");
            let basis = event["basis_id"].as_str().unwrap();
            let held = format!(
                "SELECT 1 FROM access_basis WHERE id = '{basis}' AND young_person_id = '{registered}'"
            );
            assert_eq!(app.sql(&held).await.len(), 1, "{operation}");
        }
        if *operation == "registerYoungPerson" {
            assert_eq!(event["young_person_id"], json!(registered));
        }
    }

    let mut everything = serde_json::to_string(&app.dump().await).unwrap();
    everything += &serde_json::to_string(&app.sql("SELECT * FROM access_entry").await).unwrap();
    everything.extend(steps.iter().map(|step| String::from_utf8_lossy(&step.2.raw).into_owned()));
    let numbers = app.numbers_used();
    assert!(numbers.len() >= 2);
    for number in numbers {
        let (date, rest) = number.split_at(6);
        assert!(
            !everything.contains(&number) && !everything.contains(&format!("{date}-{rest}")),
            "{number}"
        );
    }
}

pub type Steps<'a> = Vec<(&'static str, &'a str, Answer)>;

/// A story in which every operation that changes something succeeds.
#[expect(clippy::too_many_lines, reason = "a line for each step")]
pub async fn story(app: &TestApp) -> Steps<'static> {
    let mut steps = organisation_story(app).await;
    steps.extend(unit_story(app).await);
    let worker = app.as_(WORKER);
    let person = worker.post("/api/v1/young-people", app.registration(WORKER)).await.expect(201);
    let path = format!("/api/v1/young-people/{}", person.id());
    let assessments = format!("{path}/intake-assessments");
    let amended = worker.patch(&path, json!({ "cpr": app.fresh_number() })).if_match(1).await;
    let person_id = person.id();
    let goal = json!({ "area": "social", "wishedResult": "x", "targetDate": "2027-01-01" });
    let plan = worker
        .post(&format!("{path}/plans"), json!({ "purpose": "x", "goals": [goal] }))
        .await
        .expect(201);
    let plan_id = plan.id();
    let path = format!("/api/v1/plans/{plan_id}");
    steps.extend([("registerYoungPerson", WORKER, person), ("amendYoungPerson", WORKER, amended)]);
    let mut version = plan.version();
    steps.push(("openPlan", WORKER, plan));
    // The coordinator already has the case (PL-17); otherwise naming would cause two changes.
    let mine = json!({ "employeeId": app.employee(WORKER), "function": "caseworker" });
    let given = format!("/api/v1/young-people/{person_id}/assignments");
    steps.push(("assignCase", WORKER, worker.post(&given, mine).await));
    for (operation, method, at, body) in [
        ("amendPlan", Method::PATCH, "", json!({ "ownWords": "x" })),
        (
            "setCoordinator",
            Method::PUT,
            "/coordinator",
            json!({ "coordinatorId": app.employee(WORKER) }),
        ),
        (
            "setContactPerson",
            Method::PUT,
            "/contact-person",
            json!({ "declined": { "reason": "x" } }),
        ),
        ("activatePlan", Method::POST, "/activate", Value::Null),
    ] {
        let call = worker.call(method, &format!("{path}{at}")).if_match(version);
        let answer = if body.is_null() { call.await } else { call.json(body).await }.expect(200);
        version = answer.version();
        steps.push((operation, WORKER, answer));
    }
    let set = worker.post(&format!("{path}/goals"), goal).await.expect(201);
    let at = format!("/api/v1/goals/{}", set.id());
    let result = worker.patch(&at, json!({ "result": "x" })).if_match(set.version()).await;
    let score = json!({ "voice": "young-person", "score": 5 });
    steps.push(("tellProgress", WORKER, worker.post(&format!("{at}/progress"), score).await));
    let measured = json!({ "everydayCoping": 3 });
    let measured = worker.post(&format!("{path}/indicators"), measured).await;
    let review = json!({
        "heldOn": app.today(), "tookPart": ["x"], "youngPersonTookPart": true, "decisions": "x",
        "nextReviewOn": app.today(),
    });
    let held = worker.post(&format!("{path}/reviews"), review).if_match(version).await;
    let joined = app.participant(WORKER, plan_id, STRANGER).await;
    let widening = json!({
        "unitId": app.unit_of(STRANGER), "areas": ["plan"], "legalBasis": "kui-1", "reason": "x", "until": app.today(),
    });
    let bases = format!("/api/v1/young-people/{person_id}/access-bases");
    steps.push(("widenAccess", WORKER, worker.post(&bases, widening).await));
    let assessment = json!({
        "catalogueCode": "fgu-agu", "on": app.today(), "inTargetGroup": true, "reason": "x",
    });
    let assessed = app.as_(STRANGER).post(&assessments, assessment).await;
    steps.push(("assessIntake", STRANGER, assessed));
    let participants = joined.body["participants"].as_array().unwrap();
    let theirs =
        participants.iter().find(|one| one["unitId"] == json!(app.unit_of(STRANGER))).unwrap();
    let left = worker
        .post_nothing(&format!("{path}/participants/{}/end", theirs["id"].as_str().unwrap()))
        .await;
    let link = worker.post(
        &format!("{path}/links"),
        json!({ "kind": "min-plan", "title": "x", "reference": "x" }),
    );
    steps.extend([
        ("linkPlan", WORKER, link.await),
        ("addGoal", WORKER, set),
        ("amendGoal", WORKER, result),
        ("measureIndicators", WORKER, measured),
        ("holdReview", WORKER, held),
    ]);
    steps.extend([("addParticipant", WORKER, joined), ("endParticipation", WORKER, left)]);
    steps.extend(journal_story(app, person_id).await);
    steps.extend(caseload_story(app, person_id).await);
    steps.extend(transition_story(app, person_id, plan_id).await);
    steps.extend(meeting_story(app, person_id).await);
    steps.extend(outside_story(app, &path).await);
    steps.extend(intervention_story(app, &path).await);
    let version = worker.get(&path).await.version();
    let closed = worker
        .post(&format!("{path}/close"), json!({ "outcome": "education" }))
        .if_match(version)
        .await;
    let left_on = app.today();
    let person = closed.uuid("youngPersonId");
    steps.push(("closePlan", WORKER, closed));
    steps.extend(target_group_story(app, person).await);
    steps.extend(life_story(app, person).await);
    app.at("2027-06-01T09:00:00Z");
    let state = json!({ "of": "plan", "leftOn": left_on, "state": "education-or-work" });
    let taken =
        app.as_(WORKER).post(&format!("/api/v1/young-people/{person}/follow-ups"), state).await;
    steps.push(("takeState", WORKER, taken));
    steps.push(("completeTask", WORKER, moved_away(app, person).await));
    steps.push(("exemptTask", "jv.teamleder", exempted(app, person).await));
    steps.extend(correction_story(app, person).await);
    steps.extend(hotline_story(app).await);
    steps
}

/// A contact that is answered, and a concern that is handled.
async fn hotline_story(app: &TestApp) -> Steps<'static> {
    let (hotline, adviser) = ("uu.hotline", "bu.modtagelse");
    let body = json!({
        "callerKind": "other", "channel": "phone", "topic": "other", "urgency": "normal", "summary": "x",
    });
    let mut concern = body.clone();
    concern["concern"] = json!({ "about": "unborn" });
    let logged = app.as_(hotline).post("/api/v1/hotline/contacts", body).await.expect(201);
    let passed_on = app.as_(hotline).post("/api/v1/hotline/contacts", concern).await.expect(201);
    let mut steps = vec![];
    for (who, thing, version, operation, at, body) in [
        (hotline, &logged, 1, "linkContact", "link", json!({ "cpr": app.fresh_number() })),
        (hotline, &logged, 2, "takeContact", "take", Value::Null),
        (hotline, &logged, 3, "answerContact", "answer", json!({ "text": "x" })),
        (hotline, &logged, 4, "closeContact", "close", Value::Null),
        (hotline, &logged, 5, "reopenContact", "reopen", json!({ "reason": "x" })),
        (
            hotline,
            &logged,
            6,
            "correctContact",
            "corrections",
            json!({ "text": "x", "reason": "x" }),
        ),
        (adviser, &passed_on, 1, "assessConcern", "assess-concern", json!({ "text": "x" })),
        (adviser, &passed_on, 2, "receiptConcern", "receipt-concern", json!({ "text": "x" })),
    ] {
        let path = format!("/api/v1/hotline/contacts/{}/{at}", thing.id());
        let call = app.as_(who).call(Method::POST, &path).if_match(version);
        let answer = if body.is_null() { call.await } else { call.json(body).await };
        steps.push((operation, who, answer));
    }
    steps.push(("logContact", hotline, logged));
    steps
}

/// The case is given, passed on, ended and taken up again; it lies in intakes.
async fn caseload_story(app: &TestApp, person: Uuid) -> Steps<'static> {
    let worker = app.as_(WORKER);
    app.employ("test.konsulent", "job-consultant", "jobspor").await;
    let path = format!("/api/v1/young-people/{person}");
    let item = json!({
        "youngPersonId": person, "employeeId": app.employee("jv.jobkonsulent"), "function": "job-consultant",
    });
    let many = worker.post("/api/v1/assignments", json!({ "items": [item] })).await;
    let given = &many.body["items"][0]["id"];
    let moves = json!([{ "assignmentId": given, "toEmployeeId": app.employee("test.konsulent") }]);
    let passed = worker.post("/api/v1/handovers", json!({ "moves": moves, "reason": "x" })).await;
    let now = passed.body["items"][0]["id"].as_str().unwrap();
    assert_ne!(passed.body["items"][0]["employeeId"], json!(app.employee("jv.jobkonsulent")));
    let at = format!("/api/v1/assignments/{now}");
    let ended = worker.post(&format!("{at}/end"), json!({ "reason": "x" })).if_match(1).await;
    let again = worker.post_nothing(&format!("{at}/reopen")).if_match(2).await;
    let wanted = json!({ "unitId": app.unit("jobspor"), "function": "mentor", "reason": "x" });
    let entered = worker.post(&format!("{path}/intake"), wanted).await;
    let at = format!("/api/v1/intake-entries/{}/withdraw", entered.id());
    let withdrawn = worker.post(&at, json!({ "reason": "x" })).if_match(1).await;
    vec![
        ("assignCases", WORKER, many),
        ("handOver", WORKER, passed),
        ("endAssignment", WORKER, ended),
        ("reopenAssignment", WORKER, again),
        ("putIntoIntake", WORKER, entered),
        ("withdrawFromIntake", WORKER, withdrawn),
    ]
}

/// Something voided, and a second registration merged and taken apart again.
async fn correction_story(app: &TestApp, person: Uuid) -> Steps<'static> {
    let (worker, leader) = (app.as_(WORKER), app.as_("jv.teamleder"));
    let path = format!("/api/v1/young-people/{person}");
    let body = json!({ "on": app.today(), "education": "hf", "ready": true });
    let assessed = worker.post(&format!("{path}/readiness"), body).await.expect(201);
    let wrong = json!({ "written": "readiness", "writtenId": assessed.id(), "reason": "x" });
    let voided = worker.post(&format!("{path}/corrections"), wrong).await;
    let twin = app.young_person(WORKER).await.id();
    let version = worker.get(&path).await.version();
    let body = json!({ "mergedId": twin, "reason": "x" });
    let merged = leader.post(&format!("{path}/merge"), body).if_match(version).await.expect(201);
    let undo = format!("/api/v1/merges/{}/undo", merged.id());
    let undone = leader.post(&undo, json!({ "reason": "x" })).if_match(1).await;
    vec![
        ("correct", WORKER, voided),
        ("mergeYoungPeople", "jv.teamleder", merged),
        ("undoMerge", "jv.teamleder", undone),
    ]
}

/// The task of taking the state, exempted.
async fn exempted(app: &TestApp, person: Uuid) -> Answer {
    let state = format!(
        "SELECT id FROM task WHERE young_person_id = '{person}' AND kind = 'take-group-state'"
    );
    let task = app.sql(&state).await[0]["id"].as_str().unwrap().to_owned();
    let leader = app.as_("jv.teamleder");
    let version = leader.get(&format!("/api/v1/tasks/{task}")).await.version();
    let wait = json!({ "reason": "x", "days": 7 });
    leader.post(&format!("/api/v1/tasks/{task}/exempt"), wait).if_match(version).await
}

/// The task of handing a case over, ticked.
async fn moved_away(app: &TestApp, person: Uuid) -> Answer {
    let (id, unit) = (Uuid::now_v7(), app.unit_of(WORKER));
    app.execute(&format!(
        "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
         VALUES ('{id}', '{person}', 2, '{unit}', 'hand-over', '{person}', '2027-06-01', '2027-05-01Z')"
    ))
    .await;
    app.as_(WORKER).post_nothing(&format!("/api/v1/tasks/{id}/complete")).if_match(1).await
}

async fn journal_story(app: &TestApp, person: Uuid) -> Steps<'static> {
    let worker = app.as_(WORKER);
    let path = format!("/api/v1/young-people/{person}");
    let conversation = json!({
        "informationArea": "plan", "tookPlaceAt": app.now(), "form": "telephone", "minutes": 20,
        "youngPersonTookPart": true, "text": "x",
    });
    let held = worker.post(&format!("{path}/conversations"), conversation).await.expect(201);
    let note = json!({ "informationArea": "health", "tookPlaceAt": app.now(), "text": "x" });
    let noted = worker.post(&format!("{path}/notes"), note).await.expect(201);
    let correction = json!({ "text": "x", "reason": "x" });
    let path = format!("/api/v1/conversations/{}/corrections", held.id());
    let held_otherwise = worker.post(&path, correction.clone()).await;
    let path = format!("/api/v1/notes/{}/corrections", noted.id());
    let noted_otherwise = worker.post(&path, correction).await;
    vec![
        ("writeConversation", WORKER, held),
        ("writeNote", WORKER, noted),
        ("correctConversation", WORKER, held_otherwise),
        ("correctNote", WORKER, noted_otherwise),
    ]
}

async fn outside_story(app: &TestApp, plan: &str) -> Steps<'static> {
    let worker = app.as_(WORKER);
    let basis = json!({ "kind": "necessity", "words": "x" });
    let order = json!({ "education": "x", "school": "x", "from": app.today(), "basis": basis });
    let order = worker.post(&format!("{plan}/education-orders"), order).await.expect(201);
    let receipt = json!({ "by": "x" });
    let at = format!("/api/v1/education-orders/{}/receipt", order.id());
    let received = worker.post(&at, receipt.clone()).if_match(1).await;
    let remark = json!({ "school": "x", "remark": "x", "basis": basis });
    let remark = worker.post(&format!("{plan}/support-remarks"), remark).await.expect(201);
    let at = format!("/api/v1/support-remarks/{}", remark.id());
    let reached = worker.post(&format!("{at}/receipt"), receipt).if_match(1).await;
    let answer = json!({ "text": "x" });
    let answered = worker.post(&format!("{at}/answer"), answer).if_match(2).await;
    let doctor = json!({
        "name": "x", "role": "doctor",
        "consent": { "givenOn": app.today(), "purpose": "x", "areas": ["health"] },
    });
    let named = worker.post(&format!("{plan}/external-participants"), doctor).await.expect(201);
    let at = format!("/api/v1/external-participants/{}", named.id());
    let sent = json!({ "informationArea": "health", "what": "x", "basis": basis });
    let told = worker.post(&format!("{at}/sent"), sent).await;
    let withdrawn = worker.post_nothing(&format!("{at}/withdraw-consent")).if_match(1).await;
    let ended = worker.post_nothing(&format!("{at}/end")).if_match(2).await;
    let pause = json!({ "reason": "x", "until": app.today() });
    let exempted = worker.post(&format!("{plan}/exemptions"), pause).await;
    vec![
        ("exemptPlan", WORKER, exempted),
        ("giveEducationOrder", WORKER, order),
        ("receiveEducationOrder", WORKER, received),
        ("sendSupportRemark", WORKER, remark),
        ("receiveSupportRemark", WORKER, reached),
        ("answerSupportRemark", WORKER, answered),
        ("nameExternalParticipant", WORKER, named),
        ("tellExternalParticipant", WORKER, told),
        ("withdrawConsent", WORKER, withdrawn),
        ("endExternalParticipant", WORKER, ended),
    ]
}

async fn target_group_story(app: &TestApp, person: Uuid) -> Steps<'static> {
    let worker = app.as_(WORKER);
    let path = format!("/api/v1/young-people/{person}");
    let body = json!({ "kind": "a-dagpenge", "from": "2026-01-01" });
    let recorded = worker.post(&format!("{path}/benefits"), body).await;
    let beside = json!({ "kind": "fleksjob", "from": "2026-03-01", "leading": false });
    let beside = worker.post(&format!("{path}/benefits"), beside).await.expect(201);
    let at = format!("/api/v1/benefits/{}/lead", beside.id());
    let led = worker.post(&at, json!({ "from": "2026-03-01" })).if_match(1).await;
    let end = format!("/api/v1/benefits/{}/end", recorded.id());
    let ended = worker.post(&end, json!({ "on": "2026-02-01" })).if_match(2).await;
    let sanction = json!({
        "benefitId": recorded.id(), "kind": "punktsanktion", "on": "2026-01-15", "ground": "x",
    });
    let sanctioned = worker.post(&format!("{path}/sanctions"), sanction).await;
    let body = json!({ "on": app.today(), "category": "jobparat" });
    let assessed = worker.post(&format!("{path}/readiness"), body).await;
    vec![
        ("recordBenefit", WORKER, recorded),
        ("leadBenefit", WORKER, led),
        ("endBenefit", WORKER, ended),
        ("assessReadiness", WORKER, assessed),
        ("recordSanction", WORKER, sanctioned),
    ]
}

async fn life_story(app: &TestApp, person: Uuid) -> Steps<'static> {
    let worker = app.as_(WORKER);
    let path = format!("/api/v1/young-people/{person}");
    let school = json!({
        "kind": "school", "place": "x", "grade": 9, "days": { "startedOn": "2021-08-10" },
        "source": "young-person",
    });
    let recorded = worker.post(&format!("{path}/education-and-work"), school).await;
    let at = format!("/api/v1/education-and-work/{}", recorded.id());
    let passed = worker.patch(&at, json!({ "completedOn": "2022-06-24" })).if_match(1).await;
    let to = json!({ "from": "2026-01-01", "municipalityCode": "0791", "source": "register" });
    let moved = worker.post(&format!("{path}/residence"), to).await;
    // While they were under 18.
    app.execute(&format!(
        "UPDATE young_person SET birth_date = '2010-05-14' WHERE id = '{person}'"
    ))
    .await;
    let mother = json!({ "name": "x", "relation": "mother", "hasCustody": true });
    let guardian = worker.post(&format!("{path}/guardians"), mother).await;
    let at = format!("/api/v1/guardians/{}", guardian.id());
    let amended = worker.patch(&at, json!({ "telephone": "x" })).if_match(1).await;
    let clocks =
        worker.post(&format!("{path}/activity-clocks"), json!({ "on": app.today() })).await;
    app.execute(&format!(
        "UPDATE young_person SET birth_date = '2006-05-14' WHERE id = '{person}'"
    ))
    .await;
    vec![
        ("recordEpisode", WORKER, recorded),
        ("tellEpisodeDays", WORKER, passed),
        ("tellResidence", WORKER, moved),
        ("recordGuardian", WORKER, guardian),
        ("amendGuardian", WORKER, amended),
        ("startActivityClocks", WORKER, clocks),
    ]
}

async fn organisation_story(app: &TestApp) -> Steps<'static> {
    let (admin, leader) = (app.as_("admin"), app.as_("jv.teamleder"));
    let new = json!({ "username": "ny", "givenName": "x", "familyName": "x" });
    let employed = admin.post("/api/v1/employees", new).await.expect(201);
    let path = format!("/api/v1/employees/{}", employed.id());
    let role = json!({ "role": "mentor", "unitId": app.unit("jobspor") });
    let given = admin.post(&format!("{path}/roles"), role).await.expect(201);
    let confirmed = app.confirm("jv.teamleder", &given.pending("role")).await;
    let listed = admin.get("/api/v1/employees?limit=200").await;
    let new = listed.items().iter().find(|one| one["id"] == employed.body["id"]).unwrap();
    let role = new["roles"][0]["id"].as_str().unwrap();
    let ended = admin.post_nothing(&format!("{path}/roles/{role}/end")).await.expect(200);
    let other = json!({ "role": "caseworker", "unitId": app.unit("jobspor") });
    let other = admin.post(&format!("{path}/roles"), other).await.expect(201).pending("role");
    let refuse = format!("/api/v1/rights-requests/{}/refuse", other["id"].as_str().unwrap());
    let refused = leader.post_nothing(&refuse).if_match(1).await;
    app.confirm("admin2", &employed.pending("pass-phrase")).await.expect(200);
    let reset = admin.post_nothing(&format!("{path}/reset-password")).await;
    let number = json!({ "telephone": "00 00 00 01" });
    let told =
        admin.put(&format!("{path}/telephone"), number).if_match(ended.version()).await.expect(200);
    let deactivated =
        admin.post_nothing(&format!("{path}/deactivate")).if_match(told.version()).await;
    let version = deactivated.version();
    let reactivated = admin.post_nothing(&format!("{path}/reactivate")).if_match(version).await;
    let version = reactivated.version();
    let gone = admin.post_nothing(&format!("{path}/end-employment")).if_match(version).await;
    let entry = json!({
        "title": "x", "description": "x", "providerId": app.unit("jobspor"), "area": "social",
        "companyOriented": false, "repeatable": true, "cannotWait": false,
    });
    let path = "/api/v1/intervention-catalogue/nyt";
    let written = leader.put(path, entry).await;
    let places = json!({ "from": app.today(), "places": 0, "reason": "x" });
    let decided = leader.post(&format!("{path}/places"), places).await.expect(200);
    let later = json!({ "from": "2026-11-30", "places": 9, "reason": "x" });
    leader.post(&format!("{path}/places"), later).await.expect(200);
    vec![
        ("employ", "admin", employed),
        ("giveRole", "admin", given),
        ("confirmRightsRequest", "jv.teamleder", confirmed),
        ("refuseRightsRequest", "jv.teamleder", refused),
        ("resetPassword", "admin", reset),
        ("endRole", "admin", ended),
        ("tellTelephone", "admin", told),
        ("deactivateEmployee", "admin", deactivated),
        ("reactivateEmployee", "admin", reactivated),
        ("endEmployment", "admin", gone),
        ("putCatalogueEntry", "jv.teamleder", written),
        ("setPlaces", "jv.teamleder", decided),
    ]
}

/// What the leader of a unit decides of its caseload.
async fn unit_story(app: &TestApp) -> Steps<'static> {
    let (leader, unit) = (app.as_("jv.teamleder"), app.unit("jobspor"));
    let path = format!("/api/v1/units/{unit}/norms");
    let version = leader.get(&path).await.version();
    let norm = json!({ "function": "caseworker", "from": app.today(), "cases": 44, "reason": "x" });
    let decided = leader.put(&path, norm).if_match(version).await;
    let path = format!("/api/v1/employees/{}", app.employee("jv.sagsbehandler2"));
    let terms = json!({
        "unitId": unit, "function": "caseworker", "from": app.today(), "employmentShare": 80, "reduction": 2,
        "reason": "x",
    });
    let agreed = leader.post(&format!("{path}/caseload-terms"), terms).await;
    let cover = json!({
        "unitId": unit, "byEmployeeId": app.employee(WORKER), "from": app.today(), "until": app.today(),
        "reason": "x",
    });
    let covered = leader.post(&format!("{path}/cover"), cover).await;
    let end = format!("/api/v1/covers/{}/end", covered.id());
    let ended = leader.post_nothing(&end).if_match(1).await;
    vec![
        ("decideNorm", "jv.teamleder", decided),
        ("agreeCaseloadTerms", "jv.teamleder", agreed),
        ("decideCover", "jv.teamleder", covered),
        ("endCover", "jv.teamleder", ended),
    ]
}

async fn transition_story(app: &TestApp, person: Uuid, plan: Uuid) -> Steps<'static> {
    const ADVISER: &str = "bu.raadgiver";
    const GUIDE: &str = "uu.vejleder";
    let worker = app.as_(WORKER);
    let (adviser, guide) = (app.as_(ADVISER), app.as_(GUIDE));
    app.participant(WORKER, plan, ADVISER).await;
    app.participant(WORKER, plan, GUIDE).await;
    let path = format!("/api/v1/young-people/{person}");
    let born = async |born: &str| {
        let turn = format!("UPDATE young_person SET birth_date = '{born}' WHERE id = '{person}'");
        app.execute(&turn).await;
    };
    born("2010-05-14").await;
    let support = json!({ "legalBasis": "sel-107", "goesOnAfter18": false, "words": "x", "from": app.today() });
    let told = adviser.post(&format!("{path}/support-needs"), support).await;
    let end = format!("/api/v1/support-needs/{}/end", told.id());
    let ended = adviser.post(&end, json!({ "on": app.today() })).if_match(1).await;
    let raise = json!({ "youngPersonId": person, "reason": "x" });
    let raised = worker.post("/api/v1/transition-needs", raise.clone()).await;
    let need = format!("/api/v1/transition-needs/{}", raised.id());
    let said = json!({ "on": app.today(), "words": "x" });
    let committee = adviser.post(&format!("{need}/committee"), said).if_match(1).await;
    let agreement = json!({
        "unitId": app.unit_of(WORKER), "supportsFrom": app.today(), "coordinatesFrom": "2028-05-14",
    });
    let to = json!({ "unitId": app.unit_of(WORKER), "words": "x" });
    let referred = adviser.post(&format!("{need}/refer"), to).if_match(2).await;
    let second = worker.post("/api/v1/transition-needs", raise).await.expect(201).id();
    let second = format!("/api/v1/transition-needs/{second}");
    let agreed = adviser.post(&format!("{second}/agree"), agreement).if_match(1).await;
    let accepted = worker.post_nothing(&format!("{second}/accept")).if_match(2).await;
    app.execute(&format!(
        "SELECT set_config('app.now', '{}', true);
         UPDATE transition_need SET state = 'held', decided_on = acting_today(), decided_by_id = '{}' WHERE state = 'open'",
        app.now(),
        app.employee(ADVISER)
    ))
    .await;
    // As one that a school raised.
    app.execute(&format!(
        "SELECT set_config('app.now', '{now}', true);
         INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, guide, acute, raised_on, state)
         VALUES (gen_random_uuid(), '{person}', '{}', 'enrolment', 17, false, '2026-11-23', 'to-judge')",
        app.unit_of(GUIDE),
        now = app.now()
    ))
    .await;
    let found = app.sql("SELECT id FROM transition_need WHERE state = 'to-judge'").await;
    let judge = format!("/api/v1/transition-needs/{}/judge", found[0]["id"].as_str().unwrap());
    let verdict = json!({ "inNeed": false, "words": "x" });
    let judged = guide.post(&judge, verdict).if_match(1).await;
    let law = json!({ "legalBasis": "lab", "from": "2028-05-14" });
    let decided = worker.post(&format!("{path}/responsibility"), law).await;
    let end = format!("/api/v1/responsibilities/{}/end", decided.id());
    let no_more = worker.post(&end, json!({ "on": "2029-01-01" })).if_match(1).await;
    let handover = json!({
        "fromSchool": "x", "toEducation": "x", "receiver": "x", "told": "x",
        "basis": { "kind": "necessity", "words": "x" },
    });
    let handed = guide.post(&format!("{path}/education-handovers"), handover).await;
    let receipt = format!("/api/v1/education-handovers/{}/receipt", handed.id());
    let received = guide.post(&receipt, json!({ "by": "x" })).if_match(1).await;
    born("2006-05-14").await;
    vec![
        ("tellSupportNeed", ADVISER, told),
        ("endSupportNeed", ADVISER, ended),
        ("raiseTransitionNeed", WORKER, raised),
        ("tellAftercareCommittee", ADVISER, committee),
        ("agreeResponsibility", ADVISER, agreed),
        ("acceptTransitionNeed", WORKER, accepted),
        ("referTransitionNeed", ADVISER, referred),
        ("judgeTransitionNeed", GUIDE, judged),
        ("decideResponsibility", WORKER, decided),
        ("endResponsibility", WORKER, no_more),
        ("handOverToEducation", GUIDE, handed),
        ("receiveEducationHandover", GUIDE, received),
    ]
}

/// Rooms, a window and its slots, a calendar; a handover that is called and cancelled, and a network meeting that is held.
#[expect(clippy::too_many_lines, reason = "a line for each step")]
async fn meeting_story(app: &TestApp, person: Uuid) -> Steps<'static> {
    const ADVISER: &str = "bu.raadgiver";
    const LEADER: &str = "bu.teamleder";
    let (adviser, leader) = (app.as_(ADVISER), app.as_(LEADER));
    let unit = app.unit_of(LEADER);
    let room = json!({ "unitId": unit, "name": "Lokale 1", "place": "x" });
    let room = leader.post("/api/v1/meeting-rooms", room).await;
    let window = json!({ "unitId": unit, "firstDay": "2026-12-01", "lastDay": "2026-12-14" });
    let window = leader.post("/api/v1/meeting-windows", window).await;
    let time = |from: i64, to: i64| {
        let at = |minutes| app.now() + chrono::TimeDelta::minutes(minutes);
        json!({ "roomId": room.id(), "startsAt": at(from), "endsAt": at(to) })
    };
    let slot = json!({
        "roomId": room.id(), "startsAt": "2026-12-01T09:00:00Z", "endsAt": "2026-12-01T10:00:00Z",
    });
    let path = format!("/api/v1/meeting-windows/{}/slots", window.id());
    let offered = leader.post(&path, json!({ "slots": [slot] })).await;
    let slot_id = offered.body["items"][0]["id"].clone();
    let subscribed = adviser.post_nothing("/api/v1/me/calendar").await;
    let withdrawn = adviser.post_nothing("/api/v1/me/calendar/withdraw").await;
    let called = |who: &str| json!({ "unitId": app.unit_of(who), "employeeId": app.employee(who) });
    // As one that was raised by hand, by somebody of 16.
    app.execute(&format!(
        "SELECT set_config('app.now', '{}', true);
         UPDATE young_person SET birth_date = '2010-05-14' WHERE id = '{person}';
         INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, guide, acute, reason, raised_on, raised_by_id, state)
         VALUES (gen_random_uuid(), '{person}', '{}', 'by-hand', 17, true, 'x', '2026-11-23', '{}', 'open')",
        app.now(),
        app.unit_of(ADVISER),
        app.employee(ADVISER)
    ))
    .await;
    let need = app.sql("SELECT id FROM transition_need WHERE state = 'open'").await;
    let need = need[0]["id"].as_str().unwrap().to_owned();
    let body = json!({
        "kind": "transition", "slotId": offered.body["items"][0]["id"],
        "employees": [called(ADVISER), called(WORKER), called(STRANGER)],
    });
    let meeting = adviser.post(&format!("/api/v1/transition-needs/{need}/meetings"), body).await;
    let step = async |meeting: &Answer, step: &str, body: Value| {
        let path = format!("/api/v1/meetings/{}/{step}", meeting.id());
        adviser.post(&path, body).if_match(meeting.version()).await
    };
    let acute = json!({ "because": "acute", "at": time(200, 260) });
    let moved =
        step(&meeting, "move", json!({ "outside": acute, "because": "other", "reason": "x" }))
            .await;
    let participant = moved.body["participants"][1]["id"].clone();
    let excuse = json!({ "participantId": participant, "reason": "x" });
    let excused = step(&moved, "excuses", excuse).await;
    let invite = json!({ "outsideParties": [{ "name": "x", "role": "doctor" }] });
    let invited = step(&excused, "participants", invite).await;
    let path = format!("/api/v1/meetings/{}/place-protection", meeting.id());
    let protected = json!({ "placeProtected": true });
    let protected = adviser.put(&path, protected).if_match(invited.version()).await;
    let cancelled = step(&protected, "cancel", json!({ "reason": "x" })).await;
    let path = format!("/api/v1/young-people/{person}");
    let known = json!({ "knownOn": app.today() });
    let known = adviser.post(&format!("{path}/pregnancies"), known).await;
    let network = json!({
        "at": time(5, 65), "employees": [called(ADVISER)], "outsideParties": [{ "name": "x", "role": "midwife" }],
    });
    let network = adviser.post(&format!("{path}/network-meetings"), network).await;
    app.advance(chrono::TimeDelta::minutes(5));
    let participants = network.body["participants"].as_array().unwrap().clone();
    let attendance: Vec<Value> = participants
        .iter()
        .map(|one| json!({ "participantId": one["id"], "came": true }))
        .collect();
    let held =
        step(&network, "hold", json!({ "attendance": attendance, "minutes": { "other": "x" } }))
            .await;
    let midwife = participants.iter().find(|one| one["party"] == "outside").unwrap();
    let sent =
        json!({ "participantId": midwife["id"], "basis": { "kind": "consent", "words": "x" } });
    let sent = step(&held, "minutes-sent", sent).await;
    app.execute(&format!(
        "UPDATE young_person SET birth_date = '2006-05-14' WHERE id = '{person}'"
    ))
    .await;
    let birth = format!("/api/v1/pregnancies/{}/birth", known.id());
    let born = adviser.post(&birth, json!({ "bornOn": app.today() })).if_match(1).await;
    let end = format!("/api/v1/pregnancies/{}/end", known.id());
    let ended = json!({ "on": app.today(), "because": "x" });
    let ended = adviser.post(&end, ended).if_match(born.version()).await;
    app.advance(chrono::TimeDelta::hours(2));
    let slot = format!("/api/v1/meeting-slots/{}", slot_id.as_str().unwrap());
    let slot = leader.delete(&slot).await;
    let window_withdrawn = leader.delete(&format!("/api/v1/meeting-windows/{}", window.id())).await;
    let room_withdrawn = leader.delete(&format!("/api/v1/meeting-rooms/{}", room.id())).await;
    vec![
        ("tellMeetingRoom", LEADER, room),
        ("setMeetingWindow", LEADER, window),
        ("offerMeetingSlots", LEADER, offered),
        ("subscribeCalendar", ADVISER, subscribed),
        ("withdrawCalendar", ADVISER, withdrawn),
        ("callMeeting", ADVISER, meeting),
        ("moveMeeting", ADVISER, moved),
        ("excuseParticipant", ADVISER, excused),
        ("inviteToMeeting", ADVISER, invited),
        ("protectMeetingPlace", ADVISER, protected),
        ("cancelMeeting", ADVISER, cancelled),
        ("registerPregnancy", ADVISER, known),
        ("callNetworkMeeting", ADVISER, network),
        ("holdMeeting", ADVISER, held),
        ("sendMinutes", ADVISER, sent),
        ("tellBirth", ADVISER, born),
        ("endPregnancy", ADVISER, ended),
        ("withdrawMeetingSlot", LEADER, slot),
        ("withdrawMeetingWindow", LEADER, window_withdrawn),
        ("withdrawMeetingRoom", LEADER, room_withdrawn),
    ]
}

async fn intervention_story(app: &TestApp, plan: &str) -> Steps<'static> {
    let worker = app.as_(WORKER);
    let plan: Uuid = plan.rsplit('/').next().unwrap().parse().unwrap();
    let mut steps = Vec::new();
    let waiting = app.referral(WORKER, plan, "nyt").await;
    let mut referred = Vec::new();
    for code in ["virksomhedspraktik", "loentilskud", "ordinaere-timer", "jobspor"] {
        referred.push(app.referral(WORKER, plan, code).await);
    }
    let step = async |step: &str, thing: &Answer, body: Value| {
        let path = format!("/api/v1/interventions/{}/{step}", thing.id());
        let call = worker.call(Method::POST, &path).if_match(thing.version());
        if body.is_null() { call.await } else { call.json(body).await }.expect(200)
    };
    let first = json!({ "priority": 9, "reason": "x" });
    let prioritised = step("prioritise", &waiting, first).await;
    let accepted = step("accept", &referred[0], json!({})).await;
    let refused = step("refuse", &referred[3], json!({ "reason": "x" })).await;
    let (arranged, arranging) = course_story(app, &accepted).await;
    steps.extend(arranging);
    let started = step("start", &arranged, json!({ "on": app.today() })).await;
    let days = json!({ "days": [{ "on": app.today(), "presence": "present", "hours": 3 }] });
    let attended =
        worker.post(&format!("/api/v1/interventions/{}/attendance", started.id()), days).await;
    let absent = json!({ "items": [{ "interventionId": started.id(), "from": app.today() }] });
    steps.push(("reportAbsences", WORKER, worker.post("/api/v1/absences", absent).await));
    let later = json!({ "plannedEnd": "2027-06-30", "reason": "x" });
    let extended = step("extend", &started, later).await;
    let ended = step("end", &extended, json!({ "on": app.today(), "reason": "education" })).await;
    let withdrawn = step("withdraw", &referred[1], json!({})).await;
    let declined = step("decline", &referred[2], json!({ "reason": "x" })).await;
    // The place of next week has not been offered yet, for no job has run.
    app.at("2026-11-30T09:00:00Z");
    let offered = step("offer", &prioritised, Value::Null).await;
    step("decline", &offered, json!({ "reason": "x" })).await;
    steps.extend([("referIntervention", WORKER, waiting), ("startIntervention", WORKER, started)]);
    steps.extend([("endIntervention", WORKER, ended), ("withdrawIntervention", WORKER, withdrawn)]);
    steps.extend([("declineIntervention", WORKER, declined), ("offerPlace", WORKER, offered)]);
    steps.extend([("acceptReferral", WORKER, accepted), ("refuseReferral", WORKER, refused)]);
    steps.extend([("prioritiseReferral", WORKER, prioritised)]);
    steps
        .extend([("recordAttendance", WORKER, attended), ("extendIntervention", WORKER, extended)]);
    steps
}

/// How an intervention of JobSpor's is to run. Gives it as it is then, too.
async fn course_story(app: &TestApp, thing: &Answer) -> (Answer, Steps<'static>) {
    let worker = app.as_(WORKER);
    let path = format!("/api/v1/interventions/{}", thing.id());
    let sessions = json!([{ "weekday": "monday", "from": "09:00", "to": "12:00" }]);
    let company = worker.put(&format!("{path}/company"), app.company());
    let company = company.if_match(thing.version()).await.expect(200);
    let schedule = worker.put(&format!("{path}/schedule"), json!({ "sessions": sessions }));
    let schedule = schedule.if_match(company.version()).await.expect(200);
    let hours = json!({ "from": app.today(), "hoursPerWeek": 7.5, "form": "internship" });
    let hours = worker.post(&format!("{path}/hours"), hours).await;
    let group = json!({
        "title": "x", "providerId": app.unit("jobspor"), "from": app.today(), "sessions": sessions,
    });
    let group = worker.post("/api/v1/intervention-groups", group).await.expect(201);
    let members = format!("/api/v1/intervention-groups/{}/members", group.id());
    let joined = worker.post(&members, json!({ "interventionId": thing.id() })).await;
    let end = format!("{members}/{}/end", thing.id());
    let left = worker.post(&end, json!({ "on": app.today() })).await;
    let change = format!("/api/v1/intervention-groups/{}", group.id());
    let changed = worker.patch(&change, json!({ "title": "y" })).if_match(1).await;
    let arranged = schedule.clone();
    let steps = [
        ("setCompany", WORKER, company),
        ("setSchedule", WORKER, schedule),
        ("tellHours", WORKER, hours),
        ("setUpGroup", WORKER, group),
        ("changeGroup", WORKER, changed),
        ("addMember", WORKER, joined),
        ("endMembership", WORKER, left),
    ];
    (arranged, steps.into())
}
