//! A15: a cursor is accepted only from the caller and in the list for which it was returned.

use crate::hotline::{HOTLINE, contact, log};
use crate::walk::WORKER;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use test_support::contract::operations;
use test_support::{Answer, TestApp};
use uuid::Uuid;

const REFUSED: (u16, &str) = (422, "request.invalid");

fn takes_a_cursor(parameters: &serde_json::Value) -> bool {
    parameters.as_array().into_iter().flatten().any(|one| one["name"] == "cursor")
}

#[actix_web::test]
async fn a15_a_forged_cursor_is_refused_by_every_list() {
    let app = TestApp::new().await;
    let id = Uuid::now_v7();
    let forged: Vec<String> = [
        json!(id),
        json!(["-4800-01-01T00:00:00Z", id]),
        json!(["-262143-01-01T00:00:00Z", id]),
        json!(["-262143-01-01", id]),
        json!([0, id]),
        json!(null),
    ]
    .iter()
    .map(|key| BASE64_URL_SAFE_NO_PAD.encode(key.to_string()))
    .chain(["x".to_owned(), "A".repeat(2_000)])
    .collect();
    let mut lists = 0;
    for operation in operations() {
        let path = operation.path_to(&id.to_string());
        let calls: Vec<_> = if takes_a_cursor(&operation.value["parameters"]) {
            let me = app.as_(WORKER);
            forged.iter().map(|cursor| me.get(&format!("{path}?cursor={cursor}"))).collect()
        } else if operation.id == "searchContacts" {
            let me = app.as_(WORKER);
            forged.iter().map(|cursor| me.post(&path, json!({ "cursor": cursor }))).collect()
        } else {
            continue;
        };
        for call in calls {
            let answer = call.await;
            let told: Vec<_> = answer.pointers().iter().map(|one| one.trim_matches('/')).collect();
            let told = (answer.problem(), told);
            assert_eq!(told, (REFUSED, vec!["cursor"]), "{}: {}", operation.id, answer.body);
        }
        lists += 1;
    }
    assert!(lists >= 16, "{lists} lists");
}

#[actix_web::test]
async fn a15_a_cursor_belongs_to_a_list_and_a_caller() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        app.young_person(WORKER).await;
    }
    let page = async |who: &str, path: &str, cursor: &str| -> Answer {
        app.as_(who).get(&format!("{path}?limit=1&cursor={cursor}")).await
    };
    let list = "/api/v1/young-people";
    let first = app.as_(WORKER).get(&format!("{list}?limit=1")).await.expect(200);
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let second = page(WORKER, list, cursor).await.expect(200);
    assert_ne!(first.items(), second.items());
    assert_eq!(page("jv.teamleder", list, cursor).await.problem(), REFUSED);
    assert_eq!(page(WORKER, "/api/v1/tasks", cursor).await.problem(), REFUSED);
    // A cursor of one filter is refused with another one, and accepted with another limit.
    let filter = format!("{cursor}&unitId={}", app.unit_of(WORKER));
    let refused = page(WORKER, list, &filter).await;
    assert_eq!((refused.problem(), refused.pointers()), (REFUSED, vec!["cursor"]));
    let both = format!("{list}?cursor={cursor}&limit=2");
    app.as_(WORKER).get(&both).await.expect(200);
    let mut changed = cursor.to_owned().into_bytes();
    changed[60] = if changed[60] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    assert_eq!(page(WORKER, list, &changed).await.problem(), REFUSED);
    // Another instance with the same keys accepts it.
    let other = app.instance().await;
    let path = format!("{list}?limit=1&cursor={cursor}");
    assert_eq!(other.as_(WORKER).get(&path).await.expect(200).items(), second.items());
}

/// The same for a filter in the body.
#[actix_web::test]
async fn a15_a_cursor_of_a_search_belongs_to_its_words() {
    let app = TestApp::new().await;
    for _ in 0..2 {
        log(&app, contact("absence", "Er ikke kommet.")).await.expect(201);
    }
    let search = async |text: Option<&str>, cursor: Option<&str>| {
        let body = json!({ "text": text, "limit": 1, "cursor": cursor });
        app.as_(HOTLINE).post("/api/v1/hotline/contacts/search", body).await
    };
    let first = search(None, None).await.expect(200);
    let cursor = first.body["nextCursor"].as_str();
    assert!(cursor.is_some());
    search(None, cursor).await.expect(200);
    assert_eq!(search(Some("kommet"), cursor).await.problem(), REFUSED);
}
