//! PL-13: conversations and notes are written once, corrections stand beside them; the share of time face to
//! face follows from them.

use crate::entry_of;
use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, close, done, join, refused, shared_plan,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// A mentor of UU.
const MENTOR: &str = "mentor";
/// Leads JobSpor.
const TEAM_LEADER: &str = "jv.teamleder";

fn held(area: &str, at: &str) -> Value {
    json!({
        "informationArea": area, "tookPlaceAt": at, "form": "face-to-face", "minutes": 45,
        "tookPart": ["Mor", "Kontaktlærer"], "youngPersonTookPart": true, "text": "Praktik fra februar.",
    })
}

fn note(area: &str, at: &str) -> Value {
    json!({ "informationArea": area, "tookPlaceAt": at, "text": "Ringede forgæves." })
}

fn write<'a>(app: &'a TestApp, who: &'a str, person: Uuid, what: &str, body: Value) -> Call<'a> {
    app.as_(who).post(&format!("/api/v1/young-people/{person}/{what}"), body)
}

/// Every page of one by one.
async fn listed(app: &TestApp, who: &str, person: Uuid, what: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/young-people/{person}/{what}?limit=1{cursor}");
        let page = done(app.as_(who).get(&path)).await;
        all.extend_from_slice(page.items());
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[actix_web::test]
async fn pl_13_a_conversation_is_kept_as_it_was_written() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let call = write(
        &app,
        CASEWORKER,
        case.young_person,
        "conversations",
        held("plan", "2026-11-20T12:30:00Z"),
    );
    let written = call.await.expect(201);
    let path = format!("/api/v1/conversations/{}", written.id());
    assert_eq!((written.header("location"), written.header("etag")), (&*path, "\"1\""));
    assert_eq!(
        written.body,
        json!({
            "id": written.id(), "youngPersonId": case.young_person, "informationArea": "plan",
            "tookPlaceAt": "2026-11-20T12:30:00Z", "form": "face-to-face", "minutes": 45,
            "tookPart": ["Mor", "Kontaktlærer"], "youngPersonTookPart": true, "text": "Praktik fra februar.",
            "unitId": app.unit("jobspor"), "unit": written.body["unit"], "enteredById": app.employee(CASEWORKER),
            "enteredBy": written.body["enteredBy"], "enteredAt": app.now(), "corrections": [], "version": 1,
        }),
        "both moments are kept"
    );
    assert_eq!(done(app.as_(CASEWORKER).get(&path)).await.body, written.body);
    let events = app
        .sql("SELECT kind, payload, subject_kind FROM event WHERE kind LIKE 'conversation%'")
        .await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["payload"]["form"], &events[0]["subject_kind"]),
        (&json!("face-to-face"), &json!("journal-entry"))
    );

    let letter = json!({
        "informationArea": "plan", "tookPlaceAt": "2026-11-20T12:30:00Z", "form": "letter",
        "youngPersonTookPart": true, "text": "Brev.",
    });
    let letter = done(write(&app, CASEWORKER, case.young_person, "conversations", letter)).await;
    assert_eq!((&letter.body["minutes"], &letter.body["tookPart"]), (&Value::Null, &json!([])));
    let noted =
        write(&app, CASEWORKER, case.young_person, "notes", note("crime", "2026-11-20T12:30:00Z"));
    let noted = noted.await.expect(201);
    let path = format!("/api/v1/notes/{}", noted.id());
    assert_eq!(noted.header("location"), path);
    assert_eq!(noted.body["form"], Value::Null, "a note is no conversation");
    assert_eq!(done(app.as_(CASEWORKER).get(&path)).await.body, noted.body);

    // Each is found among its kind alone.
    for (kind, other) in [("notes", written.id()), ("conversations", noted.id())] {
        let call = app.as_(CASEWORKER).get(&format!("/api/v1/{kind}/{other}"));
        refused(&app, call, (404, "not-found")).await;
        let body = json!({ "text": "x", "reason": "x" });
        let call = app.as_(CASEWORKER).post(&format!("/api/v1/{kind}/{other}/corrections"), body);
        refused(&app, call, (404, "not-found")).await;
    }
    // Also when no plan is open.
    let other = app.young_person(CASEWORKER).await.id();
    done(write(&app, CASEWORKER, other, "notes", note("plan", "2026-11-20T12:30:00Z"))).await;
    close(&app, CASEWORKER, case.plan).await;
    done(write(&app, CASEWORKER, case.young_person, "notes", note("plan", "2026-11-20T12:30:00Z")))
        .await;
}

#[actix_web::test]
async fn pl_13_what_does_not_fit_is_refused() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    for what in ["conversations", "notes"] {
        for at in ["2026-11-23T09:05:01Z", "2025-11-22T22:59:59Z"] {
            let body = if what == "notes" { note("plan", at) } else { held("plan", at) };
            let call = write(&app, CASEWORKER, person, what, body);
            let answer = refused(&app, call, (409, "journal.moment-out-of-range")).await;
            assert_eq!(
                [&answer.body["from"], &answer.body["to"]],
                ["2025-11-22T23:00:00Z", "2026-11-23T09:00:00Z"]
            );
        }
    }
    let changed = |changes: &[(&str, Value)]| {
        let mut body = held("plan", "2026-11-20T12:30:00Z");
        for (member, value) in changes {
            body[*member] = value.clone();
        }
        body
    };
    for (changes, pointer) in [
        (vec![("minutes", Value::Null)], "/minutes"),
        (vec![("form", json!("letter"))], "/minutes"),
        (vec![("minutes", json!(0))], "/minutes"),
        (vec![("minutes", json!(1441))], "/minutes"),
        (vec![("tookPart", json!([]))], "/tookPart"),
        (vec![("tookPart", json!(vec!["Mor"; 21]))], "/tookPart"),
        (vec![("tookPart", json!([" "]))], "/tookPart/0"),
        (vec![("informationArea", json!("identity"))], "/informationArea"),
        (vec![("form", json!("sms"))], "/form"),
        (vec![("tookPlaceAt", json!("2026-11-20"))], "/tookPlaceAt"),
        (vec![("text", json!(" "))], "/text"),
    ] {
        let call = write(&app, CASEWORKER, person, "conversations", changed(&changes));
        assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), [pointer]);
    }
    let mut alone = changed(&[("youngPersonTookPart", json!(false))]);
    alone.as_object_mut().unwrap().remove("tookPart");
    let call = write(&app, CASEWORKER, person, "conversations", alone);
    assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), ["/tookPart"]);
    for cursor in ["x", "IjEi"] {
        let call = app
            .as_(CASEWORKER)
            .get(&format!("/api/v1/young-people/{person}/notes?cursor={cursor}"));
        assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), ["cursor"]);
    }
}

#[actix_web::test]
async fn pl_13_corrections_stand_beside_in_order_and_change_nothing() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let call = write(
        &app,
        CASEWORKER,
        case.young_person,
        "conversations",
        held("plan", "2026-11-20T12:30:00Z"),
    );
    let written = done(call).await;
    let path = format!("/api/v1/conversations/{}", written.id());
    let mut latest = written.clone();
    for (who, text) in
        [(CASEWORKER, "Fra marts."), (COUNSELLOR, "Fra april."), (CASEWORKER, "Fra maj.")]
    {
        // Of one moment, in the order in which they came.
        let body = json!({ "text": text, "reason": "Skrevet forkert." });
        latest = app.as_(who).post(&format!("{path}/corrections"), body).await.expect(201);
    }
    let texts: Vec<&Value> =
        latest.body["corrections"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, ["Fra marts.", "Fra april.", "Fra maj."]);
    assert_eq!((latest.header("etag"), &latest.body["text"]), ("\"4\"", &written.body["text"]));
    assert_eq!(latest.body["corrections"][1]["enteredById"], json!(app.employee(COUNSELLOR)));
    assert_eq!(latest.body["corrections"][1]["reason"], "Skrevet forkert.");
    let list = listed(&app, COUNSELLOR, case.young_person, "conversations").await;
    assert_eq!(list, [latest.body.clone()], "and in the list");
    for (member, value) in written.body.as_object().unwrap() {
        if !["corrections", "version"].contains(&&**member) {
            assert_eq!(&latest.body[member], value, "{member} stays");
        }
    }
}

/// AC-3: what a unit writes in health, family or crime is its own until it is shared.
#[actix_web::test]
async fn pl_13_ac_03_what_is_its_writers_own_exists_for_nobody_else() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let common = ["plan", "education-and-employment"];
    for area in ["plan", "education-and-employment", "health", "family-and-social", "crime"] {
        for what in ["conversations", "notes"] {
            let body = if what == "notes" { note } else { held };
            let body = body(area, "2026-11-20T12:30:00Z");
            let call = write(&app, CASEWORKER, case.young_person, what, body);
            let path = format!("/api/v1/{what}/{}", done(call).await.id());
            let correction = json!({ "text": "x", "reason": "x" });
            done(app.as_(CASEWORKER).post(&format!("{path}/corrections"), correction.clone()))
                .await;
            let theirs = app.as_(COUNSELLOR).get(&path).await;
            if common.contains(&area) {
                assert_eq!(theirs.status, 200, "{area}");
            } else {
                let missing =
                    app.as_(COUNSELLOR).get(&format!("/api/v1/{what}/{}", Uuid::now_v7())).await;
                assert_eq!(
                    crate::but_for_the_request(&theirs),
                    crate::but_for_the_request(&missing),
                    "{area}"
                );
                let call = app.as_(COUNSELLOR).post(&format!("{path}/corrections"), correction);
                refused(&app, call, (404, "not-found")).await;
            }
        }
    }
    for what in ["conversations", "notes"] {
        let areas = async |who: &str| -> BTreeSet<String> {
            let list = listed(&app, who, case.young_person, what).await;
            list.iter().map(|one| one["informationArea"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(areas(COUNSELLOR).await, common.map(str::to_owned).into());
        assert_eq!(areas(CASEWORKER).await.len(), 5);
    }
    // Shared, by a basis that names the giver: with its corrections. A consent is to read it, and to write one's own (AC-16).
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id, source_id, reason, valid_from)
         VALUES (gen_random_uuid(), '{}', '{}', 'unit', 'consent', 8, '{}', gen_random_uuid(), 'x', '2026-11-01Z')",
        case.young_person, app.unit_of(COUNSELLOR), app.unit("jobspor"),
    ))
    .await;
    let list = listed(&app, COUNSELLOR, case.young_person, "notes").await;
    let health = list.iter().find(|one| one["informationArea"] == "health").unwrap();
    assert_eq!(health["corrections"].as_array().unwrap().len(), 1);
    let path = format!("/api/v1/notes/{}", health["id"].as_str().unwrap());
    let theirs = json!({ "text": "Vi så det anderledes.", "reason": "x" });
    let call = app.as_(COUNSELLOR).post(&format!("{path}/corrections"), theirs.clone());
    refused(&app, call, (403, "access.denied")).await;
    // What is common they correct beside, and the writer sees it.
    let common = list.iter().find(|one| one["informationArea"] == "plan").unwrap();
    let path = format!("/api/v1/notes/{}", common["id"].as_str().unwrap());
    done(app.as_(COUNSELLOR).post(&format!("{path}/corrections"), theirs)).await;
    let seen = done(app.as_(CASEWORKER).get(&path)).await;
    assert_eq!(seen.body["corrections"][1]["text"], "Vi så det anderledes.");
}

#[actix_web::test]
async fn pl_13_lists_come_newest_first_page_by_page() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    // Two at the same moment, one told late.
    for at in [
        "2026-11-20T12:30:00Z",
        "2026-11-22T08:00:00Z",
        "2026-11-22T08:00:00Z",
        "2026-10-01T08:00:00.000001Z",
        "2026-11-23T08:00:00Z",
    ] {
        done(write(&app, CASEWORKER, person, "conversations", held("plan", at))).await;
    }
    done(write(&app, CASEWORKER, person, "notes", note("plan", "2026-11-22T08:00:00Z"))).await;
    let whole = app
        .as_(CASEWORKER)
        .get(&format!("/api/v1/young-people/{person}/conversations"))
        .await
        .expect(200);
    let moments: Vec<&Value> = whole.items().iter().map(|one| &one["tookPlaceAt"]).collect();
    assert_eq!(
        moments,
        [
            "2026-11-23T08:00:00Z",
            "2026-11-22T08:00:00Z",
            "2026-11-22T08:00:00Z",
            "2026-11-20T12:30:00Z",
            "2026-10-01T08:00:00.000001Z"
        ]
    );
    assert_eq!(whole.body["nextCursor"], Value::Null);
    assert_eq!(
        listed(&app, CASEWORKER, person, "conversations").await,
        whole.items(),
        "page by page the same"
    );
    assert_eq!(entry_of(&app, &whole).await["young_people"], json!([person]));
}

#[actix_web::test]
async fn pl_13_a_mentor_writes_an_institution_does_not_read() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let person = case.young_person;
    let body = held("plan", "2026-11-20T12:30:00Z");
    for who in [MENTOR, STRANGER, INSTITUTION] {
        refused(&app, write(&app, who, person, "conversations", body.clone()), (404, "not-found"))
            .await;
    }
    done(join(&app, CASEWORKER, case.plan, MENTOR)).await;
    let theirs = done(write(&app, MENTOR, person, "conversations", body.clone())).await;
    assert_eq!(theirs.body["unitId"], json!(app.unit("uu-mentorer")));
    assert_eq!(listed(&app, CASEWORKER, person, "conversations").await.len(), 1);
    // By law the whole case is open to them, but for the journal.
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES (gen_random_uuid(), '{person}', '{}', 'unit', 'law', 63, gen_random_uuid(), 'x', '2026-11-01Z')",
        app.unit_of(INSTITUTION)
    ))
    .await;
    done(app.as_(INSTITUTION).get(&format!("/api/v1/plans/{}", case.plan))).await;
    let me = app.as_(INSTITUTION);
    for call in [
        write(&app, INSTITUTION, person, "conversations", body),
        me.get(&format!("/api/v1/young-people/{person}/conversations")),
    ] {
        refused(&app, call, (403, "access.denied")).await;
    }
    // AC-17: to a role that does not read the journal there is no entry in it.
    let entry = me.get(&format!("/api/v1/conversations/{}", theirs.id()));
    refused(&app, entry, (404, "not-found")).await;
}

/// The months of a unit as somebody is told them.
async fn months(app: &TestApp, who: &str, unit: &str, range: &str) -> Answer {
    app.as_(who).get(&format!("/api/v1/units/{}/face-to-face{range}", app.unit(unit))).await
}

#[actix_web::test]
async fn pl_13_the_share_face_to_face_is_told_by_month_in_copenhagen() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    // The last minute of October and the first of November, in winter; of September in summer time.
    for (at, form, minutes) in [
        ("2026-10-31T22:59:59Z", "face-to-face", json!(30)),
        ("2026-10-31T23:00:00Z", "telephone", json!(20)),
        ("2026-09-30T22:00:00Z", "video", json!(60)),
        ("2026-09-30T21:59:59Z", "face-to-face", json!(10)),
        ("2026-11-20T12:00:00Z", "face-to-face", json!(10)),
        ("2026-11-20T12:00:00Z", "letter", Value::Null),
    ] {
        let mut body = held("health", at);
        body["form"] = json!(form);
        body["minutes"] = minutes;
        if body["minutes"].is_null() {
            body.as_object_mut().unwrap().remove("minutes");
        }
        done(write(&app, CASEWORKER, case.young_person, "conversations", body)).await;
    }
    // Another unit's, and a note.
    done(write(
        &app,
        COUNSELLOR,
        case.young_person,
        "conversations",
        held("plan", "2026-11-20T12:00:00Z"),
    ))
    .await;
    done(write(&app, CASEWORKER, case.young_person, "notes", note("plan", "2026-11-20T12:00:00Z")))
        .await;
    let told = months(&app, TEAM_LEADER, "jobspor", "?from=2026-08&to=2026-11").await.expect(200);
    let month = |month: &str, conversations: i32, minutes: i32, face: i32, share: Value| {
        json!({ "month": month, "suppressed": false, "conversations": conversations, "minutes": minutes,
                "minutesFaceToFace": face, "share": share })
    };
    assert_eq!(
        told.items(),
        [
            month("2026-08", 0, 0, 0, Value::Null),
            month("2026-09", 1, 10, 10, json!(1.0)),
            month("2026-10", 2, 90, 30, json!(0.333)),
            month("2026-11", 2, 30, 10, json!(0.333)),
        ],
        "small numbers too, of one who sees each of them"
    );
    // A year to this month where nothing is asked.
    let year = months(&app, "job.afdelingsleder", "jobspor", "").await.expect(200);
    let asked: Vec<&Value> = year.items().iter().map(|one| &one["month"]).collect();
    assert_eq!((asked.len(), asked[0], asked[11]), (12, &json!("2025-12"), &json!("2026-11")));
    for who in [CASEWORKER, "uu.teamleder", "styregruppe"] {
        assert_eq!(
            months(&app, who, "jobspor", "").await.problem(),
            (403, "access.denied"),
            "{who}"
        );
    }
    for (range, parameter) in [
        ("?from=2026-11&to=2026-10", "to"),
        ("?from=2023-11&to=2026-11", "to"),
        ("?from=2026", "from"),
        ("?to=2026-13", "to"),
    ] {
        let answer = months(&app, TEAM_LEADER, "jobspor", range).await;
        assert_eq!((answer.status, answer.pointers()), (422, vec![parameter]), "{range}");
    }
}

/// AC-8: what is hidden from the caller is told from five conversations on, also by subtraction.
#[actix_web::test]
async fn pl_13_ac_08_no_small_number_of_what_is_hidden_is_told() {
    let app = TestApp::new().await;
    let (seen, gone) =
        (app.young_person(CASEWORKER).await.id(), app.young_person(CASEWORKER).await.id());
    let held = held("plan", "2026-11-20T12:00:00Z");
    let write = async |person: Uuid, times: usize| {
        for _ in 0..times {
            done(write(&app, CASEWORKER, person, "conversations", held.clone())).await;
        }
    };
    let told = async || {
        let one = months(&app, TEAM_LEADER, "jobspor", "?from=2026-11").await.expect(200).items()
            [0]
        .clone();
        assert_eq!(one["suppressed"] == true, one["conversations"].is_null());
        for number in ["minutes", "minutesFaceToFace", "share"] {
            assert_eq!(one[number].is_null(), one["conversations"].is_null(), "{number}");
        }
        one["conversations"].clone()
    };
    write(seen, 6).await;
    assert_eq!(told().await, 6);
    write(gone, 1).await;
    assert_eq!(told().await, 7, "all are seen");
    // Whom the unit sees no more.
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE young_person_id = '{gone}'",
        app.now()
    ))
    .await;
    assert_eq!(told().await, Value::Null, "seven less the six that are seen is one");
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = 'infinity' WHERE young_person_id = '{gone}'"
    ))
    .await;
    write(gone, 3).await;
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE young_person_id = '{gone}'",
        app.now()
    ))
    .await;
    assert_eq!(told().await, Value::Null, "four");
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = 'infinity' WHERE young_person_id = '{gone}'"
    ))
    .await;
    write(gone, 1).await;
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = '{}' WHERE young_person_id = '{gone}'",
        app.now()
    ))
    .await;
    assert_eq!(told().await, 11, "five");
}
