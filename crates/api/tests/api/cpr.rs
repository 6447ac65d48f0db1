//! YP-4: the CPR number lies open nowhere, and is read out as an act of its own.

use crate::steps::{CASEWORKER, INSTITUTION, STRANGER, done, refused, registration};
use serde_json::{Value, json};
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, OnceLock};
use test_support::TestApp;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Everything that is told to the log, as text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

impl Lines {
    /// What the whole process tells, whichever test makes it: no line of any may show the number.
    fn of_the_process() -> Self {
        static LINES: OnceLock<Lines> = OnceLock::new();
        let made = LINES.get_or_init(|| {
            let lines = Self::default();
            tracing::subscriber::set_global_default(lines.clone()).unwrap();
            lines
        });
        made.clone()
    }
}

impl Visit for Lines {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// Does the number stand in it, as digits, with its hyphen, or as the bytes of its digits?
fn shows(text: &str, number: &str) -> bool {
    let bytes = number.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    [number.to_owned(), format!("{}-{}", &number[..6], &number[6..]), bytes]
        .iter()
        .any(|form| text.contains(form))
}

/// The tables in which the number stands.
async fn tables_that_show(app: &TestApp, number: &str) -> Vec<Value> {
    let tables = app.sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'").await;
    let mut found = Vec::new();
    for table in tables {
        let name = table["relname"].as_str().unwrap();
        let rows = app.sql(&format!("SELECT t::text AS row FROM \"{name}\" t")).await;
        found.extend(
            rows.iter()
                .any(|row| shows(row["row"].as_str().unwrap(), number))
                .then_some(table.clone()),
        );
    }
    assert!(!shows("", number) && shows(&format!("x{number}"), number));
    found
}

#[actix_web::test]
async fn yp_04_the_number_stands_in_no_table_no_answer_and_no_log_line() {
    let app = TestApp::new().await;
    let lines = Lines::of_the_process();
    let (first, second) = (app.fresh_number(), app.fresh_number());
    let register = |who| {
        app.as_(who).post("/api/v1/young-people", registration(&app, who, &first)).key("once")
    };
    let person = register(CASEWORKER).await.expect(201);
    let path = format!("/api/v1/young-people/{}", person.id());
    let me = app.as_(CASEWORKER);
    let mut answers = vec![
        person.clone(),
        register(CASEWORKER).await,
        register(STRANGER).await,
        me.post("/api/v1/young-people/lookup", json!({ "cpr": first })).await.expect(200),
        me.patch(&path, json!({ "cpr": second })).if_match(1).key("again").await.expect(200),
        me.post("/api/v1/young-people/lookup", json!({ "cpr": second })).await.expect(200),
        me.post("/api/v1/young-people", registration(&app, CASEWORKER, &second)).await,
        me.post("/api/v1/young-people/search", json!({ "text": first })).await,
        me.post(
            "/api/v1/young-people",
            json!({ "cpr": 7, "givenName": first, "unitId": second, first.as_str(): 1 }),
        )
        .await
        .expect(422),
        me.get("/api/v1/young-people").await.expect(200),
        me.get(&path).await.expect(200),
        me.get(&format!("{path}/case-file")).await.expect(200),
    ];
    // The member's own name is told back as its pointer: nobody types numbers as names of members.
    answers.retain(|answer| answer.status != 422);
    for number in [&first, &second] {
        for answer in &answers {
            let told = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.raw));
            assert!(!shows(&told, number), "{told}");
        }
        assert_eq!(tables_that_show(&app, number).await, Vec::<Value>::new());
    }
    let read = me.post_nothing(&format!("{path}/cpr")).await.expect(200);
    assert_eq!(read.body["cpr"], json!(second));
    let log = lines.0.lock().unwrap().clone();
    assert!(log.contains("http.route"), "the log was listened to");
    assert!(!shows(&log, &first) && !shows(&log, &second), "{log}");
}

#[actix_web::test]
async fn yp_04_reading_out_leaves_an_entry_with_its_purpose() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    done(app.as_(CASEWORKER).post_nothing(&format!("/api/v1/young-people/{person}/cpr"))).await;
    let entries = app
        .sql("SELECT a.operation, a.outcome, a.role, a.purpose, a.subject, a.young_people, a.actor_id, b.kind
              FROM access_entry a JOIN access_basis b ON a.bases = ARRAY[b.id] WHERE a.operation = 'readCpr'")
        .await;
    let expected = json!({
        "operation": "readCpr", "outcome": "read", "role": "caseworker", "purpose": "the CPR number was read out",
        "subject": person, "young_people": [person], "actor_id": app.employee(CASEWORKER), "kind": "registration",
    });
    assert_eq!(entries, [expected]);
}

#[actix_web::test]
async fn yp_04_the_number_is_read_out_to_those_who_work_the_case_alone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.referral(CASEWORKER, case.plan, "fast-konsulent").await;
    let path = format!("/api/v1/young-people/{}/cpr", case.young_person);
    done(app.as_(INSTITUTION).get(&format!("/api/v1/young-people/{}", case.young_person))).await;
    let answer =
        refused(&app, app.as_(INSTITUTION).post_nothing(&path), (403, "access.denied")).await;
    assert_eq!(answer.body["action"], "read-cpr");
    refused(&app, app.as_(STRANGER).post_nothing(&path), (404, "not-found")).await;
    let entries = app
        .sql("SELECT actor_id, outcome FROM access_entry WHERE operation = 'readCpr' ORDER BY id")
        .await;
    assert_eq!(
        entries,
        [
            json!({ "actor_id": app.employee(INSTITUTION), "outcome": "refused" }),
            json!({ "actor_id": app.employee(STRANGER), "outcome": "refused" }),
        ]
    );
}
