use crate::committed;
use serde_json::Value;
use std::collections::BTreeSet;
use test_support::contract::{Operation, document, operations};

/// The committed document is what clients build against. It changes only on purpose:
/// `UPDATE_OPENAPI=1 cargo test -p api openapi` rewrites it, and review sees the diff.
#[test]
fn the_committed_document_is_current() {
    let current = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    committed("openapi/enplan.json", &current, "UPDATE_OPENAPI");
}

/// House rules for every operation, present and future.
#[test]
fn every_operation_is_documented() {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for Operation { name, id, value, .. } in operations() {
        for field in ["operationId", "summary", "tags"] {
            if value[field].is_null() {
                faults.push(format!("{name}: no {field}"));
            }
        }
        if !ids.insert(id.clone()) {
            faults.push(format!("{name}: {id} is another operation's id"));
        }
        let responses = value["responses"].as_object().unwrap();
        if !responses.keys().any(|status| status.starts_with('2')) {
            faults.push(format!("{name}: no success"));
        }
        for (status, response) in responses {
            let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
            if status.starts_with(['4', '5']) && problem != "#/components/schemas/Problem" {
                faults.push(format!("{name}: {status} is not a problem document"));
            }
            if response["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{name}: {status} is not described"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// A member that nobody knows is refused, so the schemas have to say so (A4).
#[test]
fn every_body_is_closed() {
    let document = document();
    let mut open = Vec::new();
    for operation in operations() {
        if let Some(schema) = operation.body() {
            look_into(&document, schema, &operation.name, &mut open);
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

/// Follows references, members and items to every object that a body is made of.
fn look_into(document: &Value, schema: &Value, at: &str, open: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return look_into(document, target, &format!("{at} {reference}"), open);
    }
    if !schema["properties"].is_null() && schema["additionalProperties"] != false {
        open.push(at.to_owned());
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        look_into(document, member, &format!("{at}/{name}"), open);
    }
    for part in ["oneOf", "anyOf", "allOf"] {
        for member in schema[part].as_array().into_iter().flatten() {
            look_into(document, member, at, open);
        }
    }
    if schema["items"].is_object() {
        look_into(document, &schema["items"], &format!("{at}/*"), open);
    }
}

/// Whoever may be called without a token is on this list. It is reviewed, not generated, and may only
/// shrink.
#[test]
fn what_is_public_is_reviewed() {
    let public: Vec<String> = operations()
        .into_iter()
        .filter(Operation::is_public)
        .map(|operation| operation.name)
        .collect();
    let reviewed = [
        "GET /.well-known/jwks.json",
        // By its secret alone, as calendar programs read (TM-13).
        "GET /api/v1/calendars/{token}.ics",
        "POST /api/v1/session",
        "POST /api/v1/session/refresh",
        "GET /health/live",
        "GET /health/ready",
        "GET /openapi.json",
        "GET /problems/{code}",
    ];
    assert_eq!(public, reviewed);
}
