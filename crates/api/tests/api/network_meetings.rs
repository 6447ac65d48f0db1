//! NM-1 to NM-3: the two network meetings about a pregnancy.

use crate::meetings::{ADVISER, World, called};
use crate::steps::{CASEWORKER, COUNSELLOR, done, refused};
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

fn at(world: &World, day: &str) -> Value {
    json!({ "roomId": world.rooms[0], "startsAt": format!("{day}T12:00:00Z"), "endsAt": format!("{day}T14:00:00Z") })
}

fn network<'a>(world: &'a World, who: &'a str, day: &str) -> Call<'a> {
    let body = json!({
        "at": at(world, day),
        "employees": [called(&world.app, ADVISER), called(&world.app, COUNSELLOR)],
        "outsideParties": [{ "name": "Dr. Holm", "role": "doctor", "organisation": "Lægehuset" }, { "name": "Jordemoder Bo", "role": "midwife" }],
    });
    world
        .app
        .as_(who)
        .post(&format!("/api/v1/young-people/{}/network-meetings", world.person), body)
}

fn pregnancy<'a>(world: &'a World, who: &'a str, known_on: &str) -> Call<'a> {
    let body =
        json!({ "knownOn": known_on, "networkMap": "Mormor, en ven og sundhedsplejersken." });
    world.app.as_(who).post(&format!("/api/v1/young-people/{}/pregnancies", world.person), body)
}

/// The open tasks of network meetings: which, and by when.
async fn tasks(world: &World) -> Vec<Value> {
    let tasks = done(world.app.as_(ADVISER).get("/api/v1/tasks?mine=true")).await;
    let tasks = tasks.items().iter().filter(|task| task["rule"] == "NM-1");
    tasks.map(|task| json!([task["kind"], task["dueOn"]])).collect()
}

/// Opens health to a unit of the case.
async fn open_health(app: &TestApp, person: Uuid, who: &str) {
    let source = Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES ('{source}', '{person}', '{}', 'unit', 'consent', 8, '{source}', 'x', '2026-11-01Z')",
        app.unit_of(who)
    ))
    .await;
}

fn holding(meeting: &Answer, absent: Option<&str>) -> Value {
    let participants = meeting.body["participants"].as_array().unwrap();
    let attendance: Vec<Value> = participants
        .iter()
        .map(|one| json!({ "participantId": one["id"], "came": Some(one["party"].as_str().unwrap()) != absent }))
        .collect();
    json!({ "attendance": attendance, "minutes": { "other": "Fælles handleplan lagt i den fælles plan." } })
}

#[actix_web::test]
async fn nm_01_the_first_within_14_days_and_the_second_8_weeks_after_the_birth() {
    let world = World::new().await;
    let app = &world.app;
    refused(app, network(&world, ADVISER, "2026-11-25"), (409, "meeting.need-not-open")).await;
    // Not ahead, nor longer ago than a pregnancy lasts.
    for day in ["2026-11-24", "2026-01-26", "1900-01-01"] {
        let out = refused(app, pregnancy(&world, ADVISER, day), (422, "request.invalid")).await;
        assert_eq!(out.pointers(), ["/knownOn"], "{day}");
    }
    let known = done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    refused(
        app,
        pregnancy(&world, ADVISER, "2026-11-21"),
        (409, "network-meeting.already-registered"),
    )
    .await;
    assert_eq!(tasks(&world).await, [json!(["hold-first-network-meeting", "2026-12-04"])]);
    let first = done(network(&world, ADVISER, "2026-11-25")).await;
    assert_eq!((&first.body["kind"], &first.body["networkNo"]), (&json!("network"), &json!(1)));
    // The second waits for the birth.
    refused(app, network(&world, ADVISER, "2026-11-26"), (409, "meeting.need-not-open")).await;
    app.at("2026-11-25T14:00:00Z");
    done(world.step(&first, "hold", holding(&first, None))).await;
    assert_eq!(tasks(&world).await, Vec::<Value>::new());

    app.at("2027-06-01T08:00:00Z");
    let path = format!("/api/v1/pregnancies/{}/birth", known.id());
    let birth = |day: &str| {
        app.as_(ADVISER).post(&path, json!({ "bornOn": day })).if_match(known.version())
    };
    refused(app, birth("2026-11-19"), (409, "network-meeting.day-out-of-range")).await;
    refused(app, birth("2027-06-02"), (409, "network-meeting.day-out-of-range")).await;
    let born = done(birth("2027-05-30")).await;
    let again =
        app.as_(ADVISER).post(&path, json!({ "bornOn": "2027-05-30" })).if_match(born.version());
    refused(app, again, (409, "network-meeting.birth-told")).await;
    assert_eq!(tasks(&world).await, [json!(["hold-second-network-meeting", "2027-07-25"])]);
    let second = done(network(&world, ADVISER, "2027-07-20")).await;
    assert_eq!(second.body["networkNo"], 2);
    app.at("2027-07-20T14:00:00Z");
    done(world.step(&second, "hold", holding(&second, None))).await;
    assert_eq!(tasks(&world).await, Vec::<Value>::new());
    refused(app, network(&world, ADVISER, "2027-08-20"), (409, "meeting.need-not-open")).await;
    let listed =
        done(app.as_(ADVISER).get(&format!("/api/v1/young-people/{}/pregnancies", world.person)))
            .await;
    assert_eq!(listed.items()[0]["bornOn"], "2027-05-30");
}

#[actix_web::test]
async fn nm_02_an_absence_of_the_municipality_has_a_reason_and_those_outside_get_the_minutes() {
    let world = World::new().await;
    let app = &world.app;
    let known = done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    // Who takes part in the plan and did not register it does not call it, nor know of it.
    app.participant(ADVISER, world.plan, CASEWORKER).await;
    refused(app, network(&world, CASEWORKER, "2026-11-25"), (409, "meeting.need-not-open")).await;
    // Nor does another adviser, who may call any handover.
    let other = "familie.raadgiver";
    app.employ(other, "adviser", "familie-og-raadgivning").await;
    app.participant(ADVISER, world.plan, other).await;
    open_health(app, world.person, other).await;
    refused(app, network(&world, other, "2026-11-25"), (403, "access.denied")).await;
    let path = format!("/api/v1/pregnancies/{}/birth", known.id());
    let birth = app.as_(other).post(&path, json!({ "bornOn": "2026-11-21" }));
    refused(app, birth.if_match(known.version()), (403, "access.denied")).await;
    let meeting = done(network(&world, ADVISER, "2026-11-25")).await;
    app.at("2026-11-25T14:00:00Z");
    let call = world.step(&meeting, "hold", holding(&meeting, Some("employee")));
    refused(app, call, (409, "meeting.absence-without-reason")).await;
    // Those outside may stay away, and get the minutes.
    let send = |meeting: &Answer, party: &str| {
        let one = meeting.body["participants"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["party"] == party)
            .unwrap();
        let basis = json!({ "kind": "consent", "words": "Den unge har sagt ja." });
        world.step(meeting, "minutes-sent", json!({ "participantId": one["id"], "basis": basis }))
    };
    refused(app, send(&meeting, "outside"), (409, "meeting.step-not-allowed")).await;
    let mut body = holding(&meeting, Some("outside"));
    body["decisions"] = json!([{
        "legalBasis": "lab", "unitId": app.unit_of(CASEWORKER), "words": "x", "from": "2028-03-15",
    }]);
    let told = refused(app, world.step(&meeting, "hold", body), (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/decisions"]);
    let mut body = holding(&meeting, Some("outside"));
    body["minutes"] = json!({});
    let told =
        refused(app, world.step(&meeting, "hold", body), (409, "meeting.not-complete")).await;
    assert_eq!(told.body["lacks"], json!([{ "what": "minutes" }]));
    let held = done(world.step(&meeting, "hold", holding(&meeting, Some("outside")))).await;
    refused(app, send(&held, "employee"), (422, "request.invalid")).await;
    let sent = done(send(&held, "outside")).await;
    let outside = sent.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["party"] == "outside");
    let told: Vec<bool> = outside.map(|one| one["minutesSentAt"].is_null()).collect();
    assert_eq!(told, [false, true]);
    refused(app, send(&sent, "outside"), (422, "request.invalid")).await;
}

/// NM-3: the common plan of action is the joint plan, so there is no other; the parties are named, the network is told in words.
#[actix_web::test]
async fn nm_03_named_parties_and_a_network_map() {
    let world = World::new().await;
    let known = done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    assert_eq!(known.body["networkMap"], "Mormor, en ven og sundhedsplejersken.");
    let meeting = done(network(&world, ADVISER, "2026-11-25")).await;
    let named: Vec<Value> = meeting.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["party"] == "outside")
        .map(|one| json!([one["name"], one["role"], one["organisation"]]))
        .collect();
    assert_eq!(
        named,
        [json!(["Dr. Holm", "doctor", "Lægehuset"]), json!(["Jordemoder Bo", "midwife", null])]
    );
    // It stands in no calendar which kind of meeting it is: see `calendars`.
    let path = format!("/api/v1/meetings/{}/calendar.ics", meeting.id());
    let entry = done(world.app.as_(COUNSELLOR).get(&path)).await;
    assert!(String::from_utf8_lossy(&entry.raw).contains("SUMMARY:Møde KP"));
}

/// A pregnancy and the meetings about it are health: for the unit that registered it, and those who are called until 28 days after.
#[actix_web::test]
async fn ac_03_a_pregnancy_is_seen_by_who_registered_it_and_who_is_called() {
    let world = World::new().await;
    let app = &world.app;
    app.participant(ADVISER, world.plan, CASEWORKER).await;
    let path = format!("/api/v1/young-people/{}", world.person);
    let known = done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    let meeting = done(network(&world, ADVISER, "2026-11-25")).await;
    let meeting_path = format!("/api/v1/meetings/{}", meeting.id());
    let sees = async |who: &str| {
        let items = |answer: Answer| (answer.status == 200).then(|| answer.items().len());
        (
            items(app.as_(who).get(&format!("{path}/pregnancies")).await),
            items(app.as_(who).get(&format!("{path}/meetings")).await),
            app.as_(who).get(&meeting_path).await.status,
        )
    };
    assert_eq!(sees(ADVISER).await, (Some(1), Some(1), 200));
    // All of the case is open to J&V, but for health; UU is called, and sees this alone.
    assert_eq!(sees(CASEWORKER).await, (Some(0), Some(0), 404));
    assert_eq!(sees(COUNSELLOR).await, (Some(1), Some(1), 200));
    let file = done(app.as_(COUNSELLOR).get(&format!("{path}/case-file"))).await;
    assert_eq!(file.body["meetings"].as_array().unwrap().len(), 1);
    let told = (&file.body["plan"], &file.body["youngPerson"]["givenName"]);
    assert_eq!(told, (&Value::Null, &json!("Kaja")));
    let timeline = done(app.as_(CASEWORKER).get(&format!("{path}/timeline"))).await;
    let kinds = timeline.body.to_string();
    assert!(!kinds.contains("pregnancy") && !kinds.contains("meeting.called"), "{kinds}");
    // Nor by the tasks of it.
    for (who, tasks) in [(ADVISER, 1), (CASEWORKER, 0)] {
        let file = done(app.as_(who).get(&format!("{path}/case-file"))).await;
        let asked = file.body["tasks"].as_array().unwrap();
        let asked = asked.iter().filter(|task| task["kind"] == "hold-first-network-meeting");
        assert_eq!(asked.count(), tasks, "{who}");
    }
    // Who is called does not cancel it, nor tell the birth.
    let reason = json!({ "reason": "x" });
    let cancel = app.as_(COUNSELLOR).post(&format!("{meeting_path}/cancel"), reason);
    refused(app, cancel.if_match(meeting.version()), (403, "access.denied")).await;
    let birth = format!("/api/v1/pregnancies/{}/birth", known.id());
    let birth = app.as_(COUNSELLOR).post(&birth, json!({ "bornOn": "2026-11-21" }));
    refused(app, birth.if_match(known.version()), (403, "access.denied")).await;
    // A head of the department sees no pregnancy, whatever is open to them.
    app.employ("test.bu-chef", "department-head", "bu").await;
    let chief = app.as_("test.bu-chef").get(&format!("{path}/pregnancies"));
    refused(app, chief, (403, "access.denied")).await;
    // What was agreed is for somebody who is called, and they see the task of it.
    app.at("2026-11-25T14:00:00Z");
    let mut body = holding(&meeting, None);
    let agreed = |who: &str| json!([{ "what": "Følger med til jordemoder.", "employeeId": app.employee(who), "dueOn": "2026-12-01" }]);
    body["agreed"] = agreed(CASEWORKER);
    let call = world.step(&meeting, "hold", body.clone());
    let told = refused(app, call, (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/agreed/0/employeeId"]);
    body["agreed"] = agreed(COUNSELLOR);
    done(world.step(&meeting, "hold", body)).await;
    let mine = done(app.as_(COUNSELLOR).get("/api/v1/tasks?mine=true")).await;
    assert!(mine.items().iter().any(|task| task["kind"] == "agreed-at-meeting"));
    // 28 days after it was held it is over.
    app.at("2026-12-23T13:59:59Z");
    assert_eq!(sees(COUNSELLOR).await, (Some(1), Some(1), 200));
    app.at("2026-12-23T14:00:00Z");
    assert_eq!(sees(COUNSELLOR).await, (None, None, 404));
    assert_eq!(sees(ADVISER).await, (Some(1), Some(1), 200));
}

/// NM-1: told late that it was held, it was held in time.
#[actix_web::test]
async fn nm_01_a_meeting_counts_on_its_day() {
    let world = World::new().await;
    let app = &world.app;
    done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    let meeting = done(network(&world, ADVISER, "2026-12-04")).await;
    app.at("2026-12-20T14:00:00Z");
    done(world.step(&meeting, "hold", holding(&meeting, None))).await;
    let done_at = "SELECT done_at = '2026-12-04T12:00Z' AS on_its_day FROM task WHERE kind = 'hold-first-network-meeting'";
    assert_eq!(app.sql(done_at).await[0]["on_its_day"], true);
}

/// Ended, nothing more is asked for; a second pregnancy does not swallow the first one's second meeting.
#[actix_web::test]
async fn nm_01_a_pregnancy_ends_and_another_one_begins() {
    let world = World::new().await;
    let app = &world.app;
    let known = done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    let end = |known: &Answer, on: &str| {
        let path = format!("/api/v1/pregnancies/{}/end", known.id());
        let body = json!({ "on": on, "because": "Graviditeten er afbrudt." });
        app.as_(ADVISER).post(&path, body).if_match(known.version())
    };
    refused(app, end(&known, "2026-11-19"), (409, "network-meeting.day-out-of-range")).await;
    refused(app, end(&known, "2026-11-24"), (409, "network-meeting.day-out-of-range")).await;
    assert_eq!(tasks(&world).await.len(), 1);
    let ended = done(end(&known, "2026-11-23")).await;
    assert_eq!(ended.body["endReason"], "Graviditeten er afbrudt.");
    assert_eq!(tasks(&world).await, Vec::<Value>::new());
    refused(app, end(&ended, "2026-11-23"), (409, "network-meeting.already-ended")).await;
    let path = format!("/api/v1/pregnancies/{}/birth", known.id());
    let birth = app.as_(ADVISER).post(&path, json!({ "bornOn": "2026-11-23" }));
    refused(app, birth.if_match(ended.version()), (409, "network-meeting.already-ended")).await;
    refused(app, network(&world, ADVISER, "2026-11-25"), (409, "meeting.need-not-open")).await;
    // Two that lack a meeting: that of the first one is called first.
    let first = done(pregnancy(&world, ADVISER, "2026-11-23")).await;
    let meeting = done(network(&world, ADVISER, "2026-11-25")).await;
    assert_eq!(meeting.body["pregnancyId"], first.body["id"]);
    app.at("2026-11-25T14:00:00Z");
    done(world.step(&meeting, "hold", holding(&meeting, None))).await;
    app.at("2027-08-01T08:00:00Z");
    let path = format!("/api/v1/pregnancies/{}/birth", first.id());
    let birth = app.as_(ADVISER).post(&path, json!({ "bornOn": "2027-07-20" }));
    done(birth.if_match(first.version())).await;
    let second = done(pregnancy(&world, ADVISER, "2027-08-01")).await;
    for (day, of, no) in [("2027-08-03", &first, 2), ("2027-08-04", &second, 1)] {
        let meeting = done(network(&world, ADVISER, day)).await;
        let told = (&meeting.body["pregnancyId"], &meeting.body["networkNo"]);
        assert_eq!(told, (&of.body["id"], &json!(no)));
    }
    refused(app, network(&world, ADVISER, "2027-08-05"), (409, "meeting.need-not-open")).await;
}

/// YP-8: registered by mistake, it is voided with the meetings, the tasks and the access that hung on it.
#[actix_web::test]
async fn yp_08_a_pregnancy_and_a_meeting_are_voided() {
    let world = World::new().await;
    let app = &world.app;
    let known = done(pregnancy(&world, ADVISER, "2026-11-20")).await;
    let meeting = done(network(&world, ADVISER, "2026-11-25")).await;
    let correct = |written: &str, id: Uuid| {
        let body = json!({ "written": written, "writtenId": id, "reason": "Forkert person." });
        app.as_(ADVISER).post(&format!("/api/v1/young-people/{}/corrections", world.person), body)
    };
    app.at("2026-11-25T14:00:00Z");
    let held = done(world.step(&meeting, "hold", holding(&meeting, None))).await;
    assert_eq!(tasks(&world).await, Vec::<Value>::new());
    // Voided, it is asked for again, and nobody sees by it.
    done(correct("meeting", held.id())).await;
    assert_eq!(tasks(&world).await.len(), 1);
    let sees = app.as_(COUNSELLOR).get(&format!("/api/v1/young-people/{}", world.person));
    assert_eq!(sees.await.problem(), (404, "not-found"));
    done(network(&world, ADVISER, "2026-11-27")).await;
    done(correct("pregnancy", known.id())).await;
    for table in ["pregnancy", "meeting", "meeting_participant"] {
        assert_eq!(app.sql(&format!("SELECT 1 FROM {table}")).await.len(), 0, "{table}");
    }
    assert_eq!(tasks(&world).await, Vec::<Value>::new());
    done(pregnancy(&world, ADVISER, "2026-11-21")).await;
    // A handover that was called is voided; one that was held is not.
    let meeting = world.called(0).await;
    done(correct("meeting", meeting.id())).await;
    let meeting = world.called(0).await;
    app.at("2026-12-01T10:00:00Z");
    let body = crate::meetings::holding(&world, &meeting);
    let held = done(world.step(&meeting, "hold", body)).await;
    refused(app, correct("meeting", held.id()), (409, "meeting.step-not-allowed")).await;
}
