//! AC-16: the changes that a temporary or partial access basis allows (A4, A5). Every cell is in `write_matrix`.

use crate::meetings::{ADVISER, World, called};
use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, done, refused};
use serde_json::{Value, json};
use test_support::TestApp;
use uuid::Uuid;

/// The basis by law of an employee's unit, as for a receiver of transition needs.
async fn open_by_law(app: &TestApp, person: Uuid, who: &str, areas: i32) {
    let source = Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, legal_basis, reason, valid_from)
         VALUES ('{source}', '{person}', '{}', 'unit', 'law', {areas}, '{source}', 'x', 'x', '2026-11-01Z')",
        app.unit_of(who)
    ))
    .await;
}

const DENIED: (u16, &str) = (403, "access.denied");

/// A4: a unit that receives a need sees identity and plan. It cannot take over the case.
#[actix_web::test]
async fn a04_by_law_nobody_coordinates_ends_participation_or_closes() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    open_by_law(&app, case.young_person, STRANGER, 3).await;
    let me = app.as_(STRANGER);
    let plan = format!("/api/v1/plans/{}", case.plan);
    let read = done(me.get(&plan)).await;
    let version = read.version();
    let opener = read.body["participants"][0]["id"].as_str().unwrap().to_owned();

    let coordinator = json!({ "coordinatorId": app.employee(STRANGER) });
    let coordinate = me.put(&format!("{plan}/coordinator"), coordinator).if_match(version);
    refused(&app, coordinate, DENIED).await;
    refused(&app, me.post_nothing(&format!("{plan}/participants/{opener}/end")), DENIED).await;
    let close = me.post(&format!("{plan}/close"), json!({ "outcome": "education" }));
    refused(&app, close.if_match(version), DENIED).await;
    let amend = me.patch(&plan, json!({ "purpose": read.body["purpose"] })).if_match(version);
    refused(&app, amend, DENIED).await;
    let intake =
        json!({ "unitId": app.unit_of(STRANGER), "function": "caseworker", "reason": "x" });
    let path = format!("/api/v1/young-people/{}/intake", case.young_person);
    refused(&app, me.post(&path, intake), DENIED).await;
    let path = format!("/api/v1/young-people/{}", case.young_person);
    let person = done(me.get(&path)).await;
    let rename = me.patch(&path, json!({ "givenName": "x" })).if_match(person.version());
    refused(&app, rename, DENIED).await;

    // The actions of the duty remain allowed: a conversation and a note in the opened areas.
    for (about, problem) in [("plan", None), ("education-and-employment", Some(DENIED))] {
        let note =
            json!({ "informationArea": about, "tookPlaceAt": app.now(), "text": "Talt med mor." });
        let note = me.post(&format!("{path}/notes"), note);
        match problem {
            Some(problem) => drop(refused(&app, note, problem).await),
            None => drop(done(note).await),
        }
    }
}

/// A4, the other half: the same employee, once the unit takes part.
#[actix_web::test]
async fn a04_who_takes_part_does_all_of_that() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.participant(CASEWORKER, case.plan, STRANGER).await;
    let me = app.as_(STRANGER);
    let plan = format!("/api/v1/plans/{}", case.plan);
    let version = done(me.get(&plan)).await.version();
    let amend = me.patch(&plan, json!({ "purpose": "Et nyt formål." })).if_match(version);
    done(amend).await;
}

/// A5: an invitation to a network meeting allows no change of the case.
#[actix_web::test]
async fn a05_who_is_called_to_a_meeting_changes_nothing() {
    let world = World::new().await;
    let app = &world.app;
    let person = format!("/api/v1/young-people/{}", world.person);
    let pregnancy = json!({ "knownOn": app.today(), "networkMap": "Mormor." });
    done(app.as_(ADVISER).post(&format!("{person}/pregnancies"), pregnancy)).await;
    let meeting = json!({
        "at": { "roomId": world.rooms[0], "startsAt": "2026-11-25T12:00:00Z", "endsAt": "2026-11-25T14:00:00Z" },
        "employees": [called(app, ADVISER), called(app, CASEWORKER), called(app, COUNSELLOR)],
    });
    done(app.as_(ADVISER).post(&format!("{person}/network-meetings"), meeting)).await;

    let me = app.as_(CASEWORKER);
    let read = done(me.get(&person)).await;
    for change in [
        json!({ "givenName": "x" }),
        json!({ "cpr": app.fresh_number() }),
        json!({ "givenName": "x", "cpr": app.fresh_number() }),
    ] {
        refused(app, me.patch(&person, change).if_match(read.version()), DENIED).await;
    }
    let posts: [(&str, Value); 7] = [
        ("benefits", json!({ "kind": "sygedagpenge", "from": app.today() })),
        ("readiness", json!({ "on": app.today(), "category": "jobparat" })),
        ("plans", json!({ "purpose": "x" })),
        (
            "education-and-work",
            json!({ "kind": "education", "name": "STU", "place": "x", "source": "caseworker", "days": { "startedOn": "2026-08-01" } }),
        ),
        (
            "residence",
            json!({ "from": "2026-01-01", "municipalityCode": "0791", "source": "register" }),
        ),
        ("notes", json!({ "informationArea": "health", "tookPlaceAt": app.now(), "text": "x" })),
        (
            "conversations",
            json!({ "informationArea": "health", "tookPlaceAt": app.now(), "form": "telephone", "minutes": 10, "youngPersonTookPart": true, "text": "x" }),
        ),
    ];
    for (path, body) in posts {
        let answer = me.post(&format!("{person}/{path}"), body).await;
        assert_eq!(answer.problem(), DENIED, "{path}: {:#}", answer.body);
    }
}
