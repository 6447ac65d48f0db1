//! E1: no body and no query names a day that something later could not count with, write or read.

use actix_web::http::Method;
use serde_json::{Value, json};
use test_support::contract::{document, operations};
use test_support::{Answer, TestApp};
use uuid::Uuid;

const WORKER: &str = "jv.sagsbehandler";

/// Every member of a schema that is a date: the way to it, and its own schema.
fn dates(document: &Value, schema: &Value, at: &str, found: &mut Vec<(String, Value)>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return dates(document, target, at, found);
    }
    if schema["format"] == "date" {
        found.push((at.to_owned(), schema.clone()));
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        dates(document, member, &format!("{at}/{name}"), found);
    }
    for part in ["oneOf", "anyOf", "allOf"] {
        for member in schema[part].as_array().into_iter().flatten() {
            dates(document, member, at, found);
        }
    }
    if schema["items"].is_object() {
        dates(document, &schema["items"], &format!("{at}/0"), found);
    }
}

/// A body of one member, at a pointer.
fn body_of(pointer: &str, value: &str) -> Value {
    pointer.rsplit('/').filter(|part| !part.is_empty()).fold(json!(value), |inner, part| match part
    {
        "0" => json!([inner]),
        name => json!({ name: inner }),
    })
}

/// The code of the fault that is told of a field.
fn code_at<'a>(answer: &'a Answer, pointer: &str) -> Vec<&'a str> {
    let errors = answer.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
    let here = errors.iter().filter(|error| error["pointer"] == pointer);
    here.filter_map(|error| error["code"].as_str()).collect()
}

/// Every operation of the document, present and future, that takes a day.
#[actix_web::test]
async fn e1_no_operation_takes_a_day_outside_the_calendar() {
    let app = TestApp::new().await;
    let document = document();
    let (mut taken, mut faults) = (0, Vec::new());
    for operation in operations() {
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let path = operation.path_to(&Uuid::nil().to_string());
        let call = |path: &str| app.as_(WORKER).call(method.clone(), path).if_match(1);
        let mut in_body = Vec::new();
        dates(&document, operation.body().unwrap_or(&Value::Null), "", &mut in_body);
        for (pointer, schema) in in_body {
            taken += 1;
            if schema["pattern"].is_null() {
                faults.push(format!("{} {pointer}: the document shows no bound", operation.name));
            }
            for (day, expected) in [
                ("0000-01-01", "field.range"),
                ("1899-12-31", "field.range"),
                ("2200-01-01", "field.range"),
                ("9999-12-31", "field.range"),
                ("2026-02-30", "field.format"),
                ("x", "field.format"),
            ] {
                let answer = call(&path).json(body_of(&pointer, day)).await;
                let answered = (answer.problem(), code_at(&answer, &pointer));
                if answered != ((422, "request.invalid"), vec![expected]) {
                    faults.push(format!("{} {pointer} {day}: {answered:?}", operation.name));
                }
            }
            // A rule may still say that it is too early or not yet.
            for day in ["1900-01-01", "2199-12-31"] {
                let answer = call(&path).json(body_of(&pointer, day)).await;
                let by_its_form =
                    code_at(&answer, &pointer).iter().any(|code| *code != "field.range");
                if answer.status >= 500 || by_its_form {
                    faults.push(format!("{} {pointer} {day}: {}", operation.name, answer.body));
                }
            }
        }
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            let mut found = Vec::new();
            dates(&document, &parameter["schema"], "", &mut found);
            for (_, schema) in found {
                taken += 1;
                let name = parameter["name"].as_str().unwrap();
                if schema["pattern"].is_null() {
                    faults.push(format!("{} {name}: the document shows no bound", operation.name));
                }
                for day in ["0000-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "x"] {
                    let answer = call(&format!("{path}?{name}={day}")).await;
                    let answered = (answer.problem(), answer.pointers());
                    if answered != ((422, "request.invalid"), vec![name]) {
                        faults.push(format!("{} {name} {day}: {answered:?}", operation.name));
                    }
                }
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(taken > 30, "{taken}");
}

/// Whatever stands at the edges of the calendar can be read and counted with.
#[actix_web::test]
async fn e1_what_stands_at_the_edges_of_the_calendar_can_be_read() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let me = app.as_(WORKER);
    let plan = format!("/api/v1/plans/{}", case.plan);
    let (first, last) = ("1900-01-01", "2199-12-31");
    for day in [first, last] {
        let goal =
            json!({ "area": "social", "wishedResult": "At holde af nogen.", "targetDate": day });
        me.post(&format!("{plan}/goals"), goal).await.expect(201);
        let referral = json!({ "tailored": { "title": "Ved kanten", "area": "social" }, "plannedStart": day,
            "plannedEnd": last, "responsibleId": app.employee(WORKER) });
        let referred = me.post(&format!("{plan}/interventions"), referral).await.expect(201);
        let intervention = referred.uuid("id");
        let hours = json!({ "from": day, "hoursPerWeek": 7.5, "form": "internship" });
        me.post(&format!("/api/v1/interventions/{intervention}/hours"), hours).await.expect(200);
        let group = json!({ "title": "Ved kanten", "providerId": app.unit_of(WORKER), "from": day, "to": last,
            "sessions": [{ "weekday": "monday", "from": "09:00", "to": "12:00" }] });
        let leads = app.as_("jv.teamleder");
        let group = leads.post("/api/v1/intervention-groups", group).await.expect(201).id();
        let member = json!({ "interventionId": intervention });
        let members = format!("/api/v1/intervention-groups/{group}/members");
        me.post(&members, member).await.expect(201);
    }
    let person = format!("/api/v1/young-people/{}", case.young_person);
    for path in [
        plan.clone(),
        format!("{plan}/clashes"),
        format!("{plan}?on={}", app.now().date_naive()),
        format!("{person}/case-file"),
        format!("{person}/combination?on={first}"),
        format!("{person}/combination?on={last}"),
        format!("{person}/target-group?on={first}"),
        format!("{person}/target-group?on={last}"),
        format!("{person}/timeline"),
        "/api/v1/intervention-groups".to_owned(),
        format!("/api/v1/intervention-catalogue/stigen/places?on={last}"),
    ] {
        let answer = me.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {:#}", answer.body);
    }
}
