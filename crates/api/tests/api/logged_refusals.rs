//! LG-2: every refusal about a young person is in the access log, wherever the id appeared. So is every fault of the
//! service after personal data were read (A10, A11).

use crate::access_matrix::{Standing, body, case_of, municipality, path_of};
use crate::entry_of;
use crate::walk::WORKER;
use actix_web::http::Method;
use api::problem::ApiError;
use persistence::{Operation, Tx};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::contract::{document, operations};
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// A caller who names hidden records, and has records of the same kind.
const STRANGER: &str = "uu.vejleder";
const LEADER: &str = "uu.teamleder";
const HOTLINE: &str = "uu.hotline";

/// Members of bodies and queries that contain the id of a young person's record: the operation, the pointer, the
/// caller, and the table of the record.
const OF_A_PERSON: [(&str, &str, &str, &str); 21] = [
    ("addMember", "/interventionId", STRANGER, "intervention"),
    ("assignCases", "/items/*/youngPersonId", STRANGER, "young_person"),
    ("closePlan", "/carryOn/*/interventionIds/*", STRANGER, "intervention"),
    ("correct", "/moveTo", STRANGER, "young_person"),
    ("correct", "/writtenId", STRANGER, "benefit_episode"),
    ("excuseParticipant", "/participantId", STRANGER, "meeting_participant"),
    ("handOver", "/moves/*/assignmentId", STRANGER, "assignment"),
    ("holdMeeting", "/attendance/*/participantId", STRANGER, "meeting_participant"),
    ("linkContact", "/youngPersonId", HOTLINE, "young_person"),
    ("listTransitionNeeds", "?youngPersonId", STRANGER, "young_person"),
    ("logContact", "/calledBefore", HOTLINE, "hotline_contact"),
    ("logContact", "/youngPersonId", HOTLINE, "young_person"),
    ("mergeYoungPeople", "/mergedId", LEADER, "young_person"),
    ("openPlan", "/previousPlanId", STRANGER, "plan"),
    ("raiseTransitionNeed", "/youngPersonId", STRANGER, "young_person"),
    ("recommend", "/youngPersonIds/*", LEADER, "young_person"),
    ("recordSanction", "/benefitId", WORKER, "benefit_episode"),
    ("reportAbsences", "/items/*/interventionId", STRANGER, "intervention"),
    ("sendMinutes", "/participantId", STRANGER, "meeting_participant"),
    ("whatIf", "/assign/*/youngPersonId", STRANGER, "young_person"),
    ("whatIf", "/move/*/assignmentId", STRANGER, "assignment"),
];

/// The last part of members that contain the id of an employee, a unit, a meeting room or a slot, which belong to no
/// case.
const OF_NOBODY: [&str; 12] = [
    "byEmployeeId",
    "contactPersonId",
    "coordinatorId",
    "employeeId",
    "institutionId",
    "mentorId",
    "providerId",
    "responsibleId",
    "roomId",
    "slotId",
    "toEmployeeId",
    "unitId",
];

/// The pointers at which the schema contains ids: `/items/*/unitId`.
fn ids_in(document: &Value, schema: &Value, at: &str, seen: &[&str], found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        if !seen.contains(&name) {
            let referred = document.pointer(name.trim_start_matches('#')).unwrap();
            ids_in(document, referred, at, &[seen, &[name]].concat(), found);
        }
        return;
    }
    if schema["format"] == "uuid" {
        found.insert(at.to_owned());
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        for one in schema[choice].as_array().into_iter().flatten() {
            ids_in(document, one, at, seen, found);
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        ids_in(document, member, &format!("{at}/{name}"), seen, found);
    }
    if schema["items"].is_object() {
        ids_in(document, &schema["items"], &format!("{at}/*"), seen, found);
    }
}

/// Each member with an id is classified as belonging to a young person or not. A new one must be classified, and tested
/// below.
#[test]
fn a11_every_member_that_holds_an_id_is_known() {
    let document = document();
    let mut unknown = Vec::new();
    for operation in operations() {
        let mut found = BTreeSet::new();
        if let Some(schema) = operation.body() {
            ids_in(&document, schema, "", &[], &mut found);
        }
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" && parameter["schema"].to_string().contains("\"uuid\"") {
                found.insert(format!("?{}", parameter["name"].as_str().unwrap()));
            }
        }
        for at in found {
            let of_a_person = OF_A_PERSON.iter().any(|row| (row.0, row.1) == (&operation.id, &*at));
            let name = at.rsplit(['/', '?']).find(|part| *part != "*").unwrap();
            // The document of `linkPlan` shows the body of `linkContact`, which has its name.
            let is_another = operation.id == "linkPlan" && name == "youngPersonId";
            if !of_a_person && !OF_NOBODY.contains(&name) && !is_another {
                unknown.push(format!("{} {at}", operation.id));
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

/// Writes the id where the pointer leads; a star is the first of a list.
fn put(into: &mut Value, pointer: &str, id: &Value) {
    let Some((name, rest)) = pointer.trim_start_matches('/').split_once('/') else {
        match pointer.trim_start_matches('/') {
            "*" => *into = json!([id]),
            name => into[name] = id.clone(),
        }
        return;
    };
    if name == "*" {
        if into.as_array().is_none_or(Vec::is_empty) {
            *into = json!([{}]);
        }
        return put(&mut into[0], rest, id);
    }
    put(&mut into[name], rest, id);
}

/// A record of this kind that belongs to the young person.
async fn thing_of(app: &TestApp, table: &str, person: Uuid) -> Uuid {
    if table == "young_person" {
        return person;
    }
    let query = format!("SELECT id FROM {table} WHERE young_person_id = '{person}' ORDER BY id");
    app.sql(&query).await[0]["id"].as_str().unwrap().parse().unwrap()
}

/// The request of the row by its caller, about the caller's own records except for this id.
async fn naming(
    app: &TestApp,
    (operation, at, who, _): (&str, &str, &str, &str),
    own: &Standing,
    id: Uuid,
) -> Answer {
    let operation = operations().into_iter().find(|one| one.id == operation).unwrap();
    let path = path_of(app, &operation, own);
    if let Some(name) = at.strip_prefix('?') {
        return app.as_(who).get(&format!("{path}?{name}={id}")).await;
    }
    let mut sent = body(app, who, &operation.id, own).unwrap_or_else(|| json!({}));
    match (&*operation.id, at) {
        ("whatIf", "/assign/*/youngPersonId") => {
            sent = json!({ "assign": [{ "employeeId": app.employee(who), "function": "counsellor" }] });
        }
        ("whatIf", _) => sent["assign"] = json!([]),
        ("closePlan", _) => sent["carryOn"] = json!([{ "unitId": app.unit_of(who) }]),
        ("holdMeeting", _) => sent["attendance"] = json!([{ "came": true }]),
        ("correct", "/moveTo") => sent["writtenId"] = json!(own.plan),
        ("correct", _) => sent["written"] = json!("benefit-episode"),
        _ => {}
    }
    for (name, other) in [("youngPersonId", "cpr"), ("calledBefore", "cpr")] {
        if at.ends_with(name) && sent[other].is_string() {
            sent.as_object_mut().unwrap().remove(other);
        }
    }
    put(&mut sent, at, &json!(id));
    let thing = path.split('/').nth(4).unwrap_or_default();
    let table = match path.split('/').nth(3).unwrap() {
        "plans" => "plan",
        "meetings" => "meeting",
        "young-people" => "young_person",
        "hotline" => "hotline_contact",
        _ => "",
    };
    let id = if table == "hotline_contact" { own.contact.to_string() } else { thing.to_owned() };
    let version = match Uuid::parse_str(&id) {
        Ok(id) if !table.is_empty() => {
            let rows = app.sql(&format!("SELECT version FROM {table} WHERE id = '{id}'")).await;
            rows[0]["version"].as_i64().unwrap()
        }
        _ => 1,
    };
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    app.as_(who).call(method, &path).json(sent).if_match(version).await
}

/// A hidden id is refused like a missing one, and the refusal is in the access log under that id.
#[actix_web::test]
async fn a11_a_hidden_id_is_logged_wherever_it_stood() {
    let app = municipality().await;
    let (number, case, intervention) = case_of(&app, WORKER).await;
    let hidden = Standing::hidden(&app, &number, case, WORKER, intervention).await;
    let (number, case, intervention) = case_of(&app, STRANGER).await;
    let own = Standing::hidden(&app, &number, case, STRANGER, intervention).await;
    // The contact of one's own is the hotline's.
    let call = json!({
        "callerKind": "other", "channel": "phone", "topic": "other", "urgency": "normal", "summary": "x",
    });
    let logged = app.as_(HOTLINE).post("/api/v1/hotline/contacts", call).await.expect(201);
    let of_the_hotline = Standing { contact: logged.id(), ..own.clone() };
    let mut faults = Vec::new();
    for row in OF_A_PERSON {
        let (own, theirs) = match row.2 {
            HOTLINE => (&of_the_hotline, &hidden),
            WORKER => (&hidden, &own),
            _ => (&own, &hidden),
        };
        let id = thing_of(&app, row.3, theirs.person).await;
        if row.0 == "sendMinutes" {
            // Of a meeting that was held.
            app.execute(&format!(
                "SET LOCAL session_replication_role = replica;
                 UPDATE meeting SET state = 'held', held_at = ends_at WHERE id = '{}'",
                own.meeting()
            ))
            .await;
        }
        let answer = naming(&app, row, own, id).await;
        let missing = naming(&app, row, own, Uuid::now_v7()).await;
        let request = answer.header("x-request-id");
        let entries = format!(
            "SELECT FROM access_entry WHERE request_id = '{request}' AND outcome = 'refused' AND subject = '{id}'
                AND operation = '{}'",
            row.0
        );
        let entries = app.sql(&entries).await.len();
        let is_refused = matches!(answer.status, 404 | 409 | 422)
            || (answer.status == 200 && ["listTransitionNeeds", "reportAbsences"].contains(&row.0));
        if entries != 1 || !is_refused || answer.problem() != missing.problem() {
            faults.push(format!(
                "{} {}: {entries} entries of {} {}",
                row.0, row.1, answer.status, answer.body
            ));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// If several ids are hidden, each is logged; a young person who was read is logged once.
#[actix_web::test]
async fn a11_each_hidden_id_of_a_list_is_logged() {
    let app = municipality().await;
    let hidden = [app.young_person(WORKER).await.id(), app.young_person(WORKER).await.id()];
    let seen = app.young_person(STRANGER).await.id();
    let people: Vec<Uuid> = hidden.into_iter().chain([seen]).collect();
    let unit = app.unit_of(LEADER);
    let asked = json!({ "unitId": unit, "youngPersonIds": people, "function": "counsellor" });
    let answer = app.as_(LEADER).post("/api/v1/caseload/recommendations", asked).await;
    assert_eq!(answer.problem(), (422, "request.invalid"));
    let request = answer.header("x-request-id");
    let entries = app
        .sql(&format!(
            "SELECT subject, young_people FROM access_entry WHERE request_id = '{request}' ORDER BY id"
        ))
        .await;
    let first = json!({ "subject": hidden[0], "young_people": [seen] });
    assert_eq!(entries, [first, json!({ "subject": hidden[1], "young_people": [] })]);
}

/// Writes values that the constraints forbid into every row of the table.
async fn corrupt(app: &TestApp, table: &str, change: &str) {
    app.execute(&format!(
        "DO $$ DECLARE named text; BEGIN
           FOR named IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c' LOOP
             EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', named);
           END LOOP;
         END $$;
         SET LOCAL session_replication_role = replica;
         UPDATE {table} SET {change}"
    ))
    .await;
}

/// A fault after personal data were read is in the access log, for a read and a command.
#[actix_web::test]
async fn a10_a_fault_of_ours_is_logged_with_whose_data_were_read() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    corrupt(&app, "plan", "state = 'impossible'").await;
    let plan = format!("/api/v1/plans/{}", case.plan);
    let me = app.as_(WORKER);
    app.execute("ALTER TABLE guardian RENAME COLUMN telephone TO other").await;
    let guardians = format!("/api/v1/young-people/{}/guardians", case.young_person);
    for (answer, subject) in [
        (me.get(&guardians).await, case.young_person),
        (me.patch(&plan, json!({ "purpose": "x" })).if_match(case.version).await, case.plan),
        (
            me.patch(&plan, json!({ "purpose": "x" })).if_match(case.version).key("k").await,
            case.plan,
        ),
    ] {
        assert_eq!(answer.problem(), (500, "service.failed"), "{:#}", answer.body);
        let entry = entry_of(&app, &answer).await;
        assert_eq!(
            (&entry["outcome"], &entry["young_people"], &entry["subject"]),
            (&json!("failed"), &json!([case.young_person]), &json!(subject))
        );
    }
}

/// A panic is a fault like any other.
#[actix_web::test]
async fn a10_a_panic_is_logged_with_whose_data_were_read() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let opening = app.opening(WORKER).await;
    let operation = Operation { name: "readPlan", subject: Some(case.plan) };
    let broken = async |tx: &mut Tx| -> Result<(), ApiError> {
        tx.case_of(case.young_person.into()).await?;
        panic!("nobody foresaw this")
    };
    let ended = app.store().read(opening, operation, broken).await;
    assert_eq!(ended.unwrap_err().code(), "service.failed");
    let entry = format!(
        "SELECT outcome, young_people FROM access_entry WHERE request_id = '{}'",
        opening.request
    );
    let expected = json!({ "outcome": "failed", "young_people": [case.young_person] });
    assert_eq!(app.sql(&entry).await, [expected]);
}

/// A refusal because of a version or a field also concerns the young person.
#[actix_web::test]
async fn a11_every_refusal_within_a_case_is_logged() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let plan = format!("/api/v1/plans/{}", case.plan);
    let me = app.as_(WORKER);
    let nobody = json!({ "coordinatorId": Uuid::now_v7() });
    for (answer, status) in [
        (me.patch(&plan, json!({ "purpose": "x" })).if_match(99).await, 412),
        (me.patch(&plan, json!({ "purpose": "x" })).await, 428),
        (me.put(&format!("{plan}/coordinator"), nobody).if_match(case.version).await, 422),
    ] {
        assert_eq!(answer.status, status, "{:#}", answer.body);
        let entry = entry_of(&app, &answer).await;
        assert_eq!(
            (&entry["outcome"], &entry["young_people"]),
            (&json!("refused"), &json!([case.young_person]))
        );
    }
}

/// A request that was refused because of its form, before its transaction began, is in the access log under its id. This
/// holds for every operation with a body.
#[actix_web::test]
async fn a11_a_refusal_of_the_form_is_logged_for_every_operation() {
    let app = TestApp::new().await;
    let id = Uuid::now_v7();
    let mut sent = 0;
    for operation in operations().iter().filter(|one| one.body().is_some() && !one.is_public()) {
        let path = operation.path_to(&id.to_string());
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let call = app.as_(WORKER).call(method, &path).json(json!({ "noSuchMember": 1 }));
        let answer = call.if_match(1).await;
        assert_eq!(answer.problem(), (422, "request.invalid"), "{}", operation.id);
        let entry = entry_of(&app, &answer).await;
        let subject = if operation.name.contains("{id}") { json!(id) } else { Value::Null };
        assert_eq!(
            [&entry["operation"], &entry["outcome"], &entry["subject"], &entry["actor_id"]],
            [&json!(operation.id), &json!("refused"), &subject, &json!(app.employee(WORKER))]
        );
        sent += 1;
    }
    assert!(sent > 90, "{sent} operations");
    // The same for a header and a parameter. A request without a valid token is nobody's.
    let plan = format!("/api/v1/plans/{id}");
    let patch = || app.as_(WORKER).patch(&plan, json!({ "purpose": "x" }));
    let list = app.as_(WORKER).get("/api/v1/tasks?limit=0");
    for answer in [patch().key(&"k".repeat(201)).if_match(1).await, list.await] {
        assert_eq!(answer.status, 422, "{:#}", answer.body);
        assert_eq!(entry_of(&app, &answer).await["outcome"], "refused");
    }
}
