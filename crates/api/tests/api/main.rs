//! The interface, through its public routes only: one binary, one module per capability or concern.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may fail loudly")]

mod absence;
mod access_matrix;
mod as_of;
mod calendars;
mod caseload;
mod caseload_units;
mod catalogue;
mod clashes;
mod closing;
mod coordinating;
mod corrections;
mod courses;
mod cpr;
mod cursors;
mod days;
mod deadlines;
mod definer_functions;
mod education_and_work;
mod faults;
mod follow_ups;
mod grants;
mod growth;
mod guardians;
mod headers;
mod hidden_facts;
mod hidden_numbers;
mod hidden_rows;
mod hotline;
mod hotline_ties;
mod idempotency;
mod institutions;
mod interventions;
mod journal;
mod line_model;
mod lists;
mod log;
mod logged_refusals;
mod meetings;
mod network_meetings;
mod openapi;
mod organisation;
mod outside_parties;
mod participants;
mod plans;
mod problems;
mod progress;
mod provision;
mod recovery;
mod residence;
mod responsibility;
mod reviews;
mod rights;
mod sanctions;
mod search;
mod session;
mod steps;
mod target_groups;
mod tasks;
mod texts;
mod timeline;
mod transitions;
mod versions;
mod waiting_list;
mod walk;
mod weak_bases;
mod worlds;
mod write_matrix;
mod young_people;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use test_support::{Answer, TestApp};

/// Asserts that a committed file says what the code says; with the variable set it is rewritten, and
/// review sees the diff.
fn committed(file: &str, current: &str, rewrite: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    if std::env::var_os(rewrite).is_some() {
        std::fs::write(&path, current).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == current, "{file} is out of date; rerun with {rewrite}=1 and review the diff");
}

/// Status, headers and body, without what names the request: to tell whether two answers differ.
fn but_for_the_request(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let id = answer.header("x-request-id");
    let headers = answer.headers.iter().filter(|(name, _)| name.as_str() != "x-request-id");
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, headers.collect(), String::from_utf8_lossy(&answer.raw).replace(id, ""))
}

/// The access entry of the request that was just answered.
async fn entry_of(app: &TestApp, answer: &Answer) -> Value {
    let mut entries = entries_of(app, answer).await;
    assert_eq!(entries.len(), 1, "entries of one request: {entries:?}");
    entries.remove(0)
}

/// The access entries of the request that was just answered: one for each id in it that does not exist for the caller.
async fn entries_of(app: &TestApp, answer: &Answer) -> Vec<Value> {
    let id = answer.header("x-request-id");
    app.sql(&format!("SELECT * FROM access_entry WHERE request_id = '{id}' ORDER BY id")).await
}
