//! U10, U11, U12, U15: typed text is stored in one normalised form, and text without visible characters is refused.

use crate::hotline::HOTLINE;
use crate::meetings::World;
use crate::steps::{CASEWORKER, done, refused, registration};
use serde_json::{Value, json};
use test_support::{PASS_PHRASE, TestApp};

#[actix_web::test]
async fn u10_names_are_kept_composed_and_without_blanks() {
    let app = TestApp::new().await;
    let mut body = registration(&app, CASEWORKER, &app.fresh_number());
    body["givenName"] = json!("  A\u{30a}se\u{200b} ");
    body["familyName"] = json!("\tMu\u{308}ller\u{a0}Friis\n");
    let person = done(app.as_(CASEWORKER).post("/api/v1/young-people", body)).await;
    assert_eq!(
        (&person.body["givenName"], &person.body["familyName"]),
        (&json!("Åse"), &json!("Müller\u{a0}Friis"))
    );
    let kept =
        app.sql("SELECT given_name FROM young_person WHERE given_name IS NFC NORMALIZED").await;
    assert_eq!(kept, [json!({ "given_name": "Åse" })]);
}

/// U10: two meeting rooms with names that look the same are one; otherwise it could be booked twice. This also applies
/// at a SQL prompt of the application's role.
#[actix_web::test]
async fn u10_a_room_has_one_name_however_it_is_spelt() {
    let world = World::new().await;
    let app = &world.app;
    let room = |name: &str| {
        let body =
            json!({ "unitId": app.unit_of("bu.teamleder"), "name": name, "place": "Rådhuset" });
        app.as_("bu.teamleder").post("/api/v1/meeting-rooms", body)
    };
    done(room("Mødelokale Åen")).await;
    for again in [
        "Mødelokale A\u{30a}en",
        "MØDELOKALE ÅEN",
        " mødelokale\u{a0} \u{200b}åen",
        "Møde\u{ad}lokale Åen",
        "Ｍødelokale Åen",
    ] {
        refused(app, room(again), (409, "meeting-room.already-told")).await;
    }
    for other in ["Mødelokale Aen", "Mødelokale Ågen"] {
        done(room(other)).await;
    }
    let keys = "SELECT count(DISTINCT folded(n)) AS n FROM unnest(ARRAY[U&'\\00C5en', U&'A\\030Aen', U&'\\00E5EN ', U&'\\212Ben']) n";
    assert_eq!(app.sql(keys).await, [json!({ "n": 1 })]);
}

/// U10: nothing else reads a body, so no text can come in another way.
#[test]
fn u10_every_body_passes_one_place() {
    fn look(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let takes = [
                ": Json<",
                ": web::Json<",
                ": Form<",
                ": web::Form<",
                ": Bytes,",
                ": Payload,",
                "from_slice(",
            ];
            let at = path.file_name().unwrap().to_string_lossy().into_owned();
            found.extend(
                takes.iter().filter(|one| text.contains(**one)).map(|one| format!("{at}: {one}")),
            );
        }
    }
    let mut found = Vec::new();
    look(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    // `page` reads back its own cursor; `public` stores the compressed document.
    assert_eq!(
        found,
        [
            "body.rs: : Bytes,",
            "body.rs: from_slice(",
            "page.rs: from_slice(",
            "public.rs: : Bytes,"
        ]
    );
}

/// U15: text without visible characters is refused in every field.
#[actix_web::test]
async fn u15_what_nobody_can_read_is_refused() {
    let app = TestApp::new().await;
    for unseen in ["\u{200b}", "\u{3164}", " \u{2060} ", "…", "\u{2800}\u{200d}", "\u{301}", "!?"]
    {
        let mut body = registration(&app, CASEWORKER, &app.fresh_number());
        body["givenName"] = json!(unseen);
        body["familyName"] = json!(unseen);
        let answer = app.as_(CASEWORKER).post("/api/v1/young-people", body).await;
        assert_eq!(answer.problem(), (422, "request.invalid"), "{}", unseen.escape_unicode());
        assert_eq!(answer.pointers(), ["/familyName", "/givenName"]);
    }
    // A number is not a name, but may be a text.
    let mut body = registration(&app, CASEWORKER, &app.fresh_number());
    body["givenName"] = json!("7");
    assert_eq!(
        app.as_(CASEWORKER).post("/api/v1/young-people", body).await.pointers(),
        ["/givenName"]
    );
}

/// U15: in every body, the schema of each text requires a visible character, or has another format.
#[test]
fn u15_every_text_of_every_body_asks_for_something_to_read() {
    let document = serde_json::to_value(api::openapi::document()).unwrap();
    let mut texts = Vec::new();
    for (_, item) in document["paths"].as_object().unwrap() {
        for (_, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            texts_of(schema, &document, name, 0, &mut texts);
        }
    }
    assert!(texts.len() > 200, "they are found: {}", texts.len());
    for (at, schema) in &texts {
        let says = |member: &str| schema.get(member).is_some();
        let readable = schema["pattern"]
            .as_str()
            .is_some_and(|pattern| !pattern.contains("Cc") || pattern.contains(r"\p{L}"));
        assert!(
            readable || says("format") || says("enum") || schema["maxLength"] == 8,
            "{at}: {schema}"
        );
        let is_secret =
            ["password", "current", "new"].iter().any(|name| at.ends_with(&format!("/{name}")));
        assert_eq!(
            is_secret,
            schema["format"] == "password",
            "RFC 8265 holds for pass phrases, and for nothing else: {at}"
        );
    }
}

fn texts_of(
    schema: &Value,
    document: &Value,
    at: &str,
    depth: usize,
    texts: &mut Vec<(String, Value)>,
) {
    if depth > 12 {
        return;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return texts_of(document.pointer(pointer).unwrap(), document, at, depth + 1, texts);
    }
    let kind = &schema["type"];
    if kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("string"))) {
        texts.push((at.to_owned(), schema.clone()));
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        texts_of(member, document, &format!("{at}/{name}"), depth + 1, texts);
    }
    texts_of_each(&schema["oneOf"], document, at, depth, texts);
    texts_of_each(&schema["anyOf"], document, at, depth, texts);
    texts_of_each(&schema["allOf"], document, at, depth, texts);
    if schema["items"].is_object() {
        texts_of(&schema["items"], document, &format!("{at}/-"), depth + 1, texts);
    }
}

fn texts_of_each(
    schemas: &Value,
    document: &Value,
    at: &str,
    depth: usize,
    texts: &mut Vec<(String, Value)>,
) {
    for schema in schemas.as_array().into_iter().flatten() {
        texts_of(schema, document, at, depth + 1, texts);
    }
}

/// U11: keyboards compose letters differently; blanks count.
#[actix_web::test]
async fn u11_a_pass_phrase_holds_however_it_is_typed() {
    let app = TestApp::new().await;
    let sign_in = |name: &'static str, phrase: &str| {
        app.as_nobody().post("/api/v1/session", json!({ "username": name, "password": phrase }))
    };
    let change = json!({ "current": PASS_PHRASE, "new": "blåbærgrød  i januar" });
    app.as_("mentor").put("/api/v1/me/password", change).await.expect(204);
    for (name, phrase) in [
        ("mentor", "blåbærgrød  i januar"),
        ("mentor", "bla\u{30a}bærgrød \u{a0}i januar"),
        (" MENTOR ", "blåbærgrød  i januar"),
        ("ｍentor", "blåbærgrød  i januar"),
    ] {
        sign_in(name, phrase).await.expect(201);
    }
    for wrong in ["blåbærgrød i januar", "Blåbærgrød  i januar", " blåbærgrød  i januar"] {
        assert_eq!(sign_in("mentor", wrong).await.status, 401, "{wrong}");
    }
    assert_eq!(sign_in("mentor", "a\u{7}b").await.pointers(), ["/password"]);
}

/// U12: a client's clock may be ahead by five minutes; a stored timestamp is never in the future.
#[actix_web::test]
async fn u12_what_happened_may_be_some_minutes_ahead() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let path = format!("/api/v1/young-people/{}/notes", case.young_person);
    let note = |ahead: chrono::TimeDelta| {
        let body = json!({ "informationArea": "plan", "tookPlaceAt": app.now() + ahead, "text": "Mødte op." });
        app.as_(CASEWORKER).post(&path, body)
    };
    let call = |ahead: chrono::TimeDelta| {
        let body = json!({
            "callerKind": "relative", "channel": "phone", "topic": "other", "urgency": "normal",
            "summary": "Vil ringes op.", "calledAt": app.now() + ahead,
        });
        app.as_(HOTLINE).post("/api/v1/hotline/contacts", body)
    };
    let now = app.now();
    for ahead in [chrono::TimeDelta::seconds(2), chrono::TimeDelta::minutes(5)] {
        let note = done(note(ahead)).await;
        assert_eq!(
            note.body["tookPlaceAt"]
                .as_str()
                .unwrap()
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap(),
            now
        );
        let contact = done(call(ahead)).await;
        assert_eq!(contact.body["calledAt"], contact.body["loggedAt"]);
    }
    let late = chrono::TimeDelta::minutes(5) + chrono::TimeDelta::microseconds(1);
    refused(&app, note(late), (409, "journal.moment-out-of-range")).await;
    refused(&app, call(late), (409, "hotline.moment-out-of-range")).await;
}
