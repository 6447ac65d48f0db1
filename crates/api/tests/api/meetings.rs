//! TM-4 to TM-8, TM-10: meetings in slots of windows, called, moved, cancelled and held.

use crate::steps::{CASEWORKER, COUNSELLOR, LEADER, STRANGER, done, refused};
use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// An adviser of the youth unit, who sends.
pub const ADVISER: &str = "bu.raadgiver";
/// Another counsellor of UU, beside [`COUNSELLOR`].
const SECOND_COUNSELLOR: &str = "test.vejleder";

/// A calendar with a window of twelve slots in two rooms, and somebody of 16 with an active plan and an open need.
pub struct World {
    pub app: TestApp,
    pub rooms: [Uuid; 2],
    /// By time, then by room.
    pub slots: Vec<Uuid>,
    pub person: Uuid,
    pub need: Uuid,
    pub plan: Uuid,
}

/// The replacement number (day + 60) of somebody born on 15 March 2010: 16 years old.
fn number_of_16(serial: u32) -> String {
    format!("750310{}{:03}", 4 + serial / 1000, serial % 1000)
}

impl World {
    pub async fn new() -> Self {
        Self::of(TestApp::new().await).await
    }

    /// In this municipality.
    pub async fn of(app: TestApp) -> Self {
        app.employ(SECOND_COUNSELLOR, "counsellor", "uu-vejledningen").await;
        let rooms = [room(&app, "Lokale 1").await, room(&app, "Lokale 2").await];
        let leader = app.as_("bu.teamleder");
        let window = json!({
            "unitId": app.unit_of("bu.teamleder"), "firstDay": "2026-12-01", "lastDay": "2026-12-14",
        });
        let window = leader.post("/api/v1/meeting-windows", window).await.expect(201).id();
        let times = (1..=6).flat_map(|day| rooms.map(|room| (day, room)));
        let slots: Vec<Value> = times
            .map(|(day, room)| {
                json!({
                    "roomId": room, "startsAt": format!("2026-12-0{day}T09:00:00Z"), "endsAt": format!("2026-12-0{day}T10:00:00Z"),
                })
            })
            .collect();
        let path = format!("/api/v1/meeting-windows/{window}/slots");
        leader.post(&path, json!({ "slots": slots })).await.expect(201);
        let listed = app.as_(CASEWORKER).get("/api/v1/meeting-slots?free=true").await.expect(200);
        let mut listed: Vec<Value> = listed.items().to_vec();
        listed
            .sort_by_key(|slot| (slot["startsAt"].to_string(), slot["roomId"] == json!(rooms[1])));
        let slots =
            listed.iter().map(|slot| slot["id"].as_str().unwrap().parse().unwrap()).collect();
        let (person, plan, need) = somebody(&app, 1, false).await;
        Self { app, rooms, slots, person, need, plan }
    }

    /// A meeting with one of each side, in a slot.
    pub fn body(&self, slot: usize) -> Value {
        json!({ "kind": "transition", "slotId": self.slots[slot], "employees": of_each_side(&self.app) })
    }

    pub fn call<'a>(&'a self, who: &'a str, body: Value) -> Call<'a> {
        self.app.as_(who).post(&format!("/api/v1/transition-needs/{}/meetings", self.need), body)
    }

    /// The same, that stands.
    pub async fn called(&self, slot: usize) -> Answer {
        self.call(ADVISER, self.body(slot)).await.expect(201)
    }

    pub fn step<'a>(&'a self, meeting: &Answer, step: &str, body: Value) -> Call<'a> {
        let path = format!("/api/v1/meetings/{}/{step}", meeting.id());
        self.app.as_(ADVISER).post(&path, body).if_match(meeting.version())
    }
}

async fn room(app: &TestApp, name: &str) -> Uuid {
    let body = json!({ "unitId": app.unit_of("bu.teamleder"), "name": name, "place": "Rådhuset, Prinsens Alle 5" });
    app.as_("bu.teamleder").post("/api/v1/meeting-rooms", body).await.expect(201).id()
}

/// Somebody of 16 of the youth unit's, with an active plan and a need that was raised by hand; and their mother.
pub async fn somebody(app: &TestApp, serial: u32, acute: bool) -> (Uuid, Uuid, Uuid) {
    let me = app.as_(ADVISER);
    let body = json!({
        "cpr": number_of_16(serial), "givenName": "Kaja", "familyName": "Prøvesen", "unitId": app.unit_of(ADVISER),
    });
    let person = me.post("/api/v1/young-people", body).await.expect(201).id();
    let plan = app.plan(ADVISER, person).await;
    let path = format!("/api/v1/plans/{}/activate", plan.id());
    let plan = me.post_nothing(&path).if_match(plan.version()).await.expect(200).id();
    let mother =
        json!({ "name": "Mor", "relation": "mother", "hasCustody": true, "from": "2010-03-15" });
    me.post(&format!("/api/v1/young-people/{person}/guardians"), mother).await.expect(201);
    let need =
        json!({ "youngPersonId": person, "acute": acute, "reason": "Skal have støtte efter 18." });
    let need = me.post("/api/v1/transition-needs", need).await.expect(201).id();
    (person, plan, need)
}

pub fn called(app: &TestApp, who: &str) -> Value {
    json!({ "unitId": app.unit_of(who), "employeeId": app.employee(who) })
}

pub fn of_each_side(app: &TestApp) -> Vec<Value> {
    [ADVISER, CASEWORKER, COUNSELLOR].map(|who| called(app, who)).to_vec()
}

fn parties(meeting: &Answer) -> Vec<&str> {
    let parties = meeting.body["participants"].as_array().unwrap();
    parties.iter().map(|one| one["party"].as_str().unwrap()).collect()
}

fn outside(room: Uuid, because: &str, starts_at: &str, ends_at: &str) -> Value {
    json!({ "because": because, "at": { "roomId": room, "startsAt": starts_at, "endsAt": ends_at } })
}

#[actix_web::test]
async fn tm_04_a_meeting_is_called_in_a_slot_with_those_it_takes() {
    let world = World::new().await;
    let meeting = world.called(0).await;
    assert_eq!(parties(&meeting), ["young-person", "guardian", "employee", "employee", "employee"]);
    assert_eq!(meeting.body["state"], "planned");
    assert_eq!(meeting.body["place"], "Lokale 1, Rådhuset, Prinsens Alle 5");
    let path = format!("/api/v1/meetings/{}", meeting.id());
    assert_eq!(done(world.app.as_(ADVISER).get(&path)).await.body, meeting.body);
    let list = format!("/api/v1/young-people/{}/meetings", world.person);
    assert_eq!(
        done(world.app.as_(ADVISER).get(&list)).await.items(),
        std::slice::from_ref(&meeting.body)
    );
    let free = done(world.app.as_(STRANGER).get("/api/v1/meeting-slots?free=true")).await;
    assert_eq!(free.items().len(), 11, "the slot is taken, whoever asks");
    let all = done(world.app.as_(STRANGER).get("/api/v1/meeting-slots?limit=5")).await;
    let taken: Vec<_> = all.items().iter().filter(|slot| slot["free"] == false).collect();
    let rooms: Vec<_> = taken.iter().map(|slot| [&slot["roomId"], &slot["room"]]).collect();
    assert_eq!(rooms, [[&Value::Null, &Value::Null]], "nor who is where (YP-5)");
    let next = format!("/api/v1/meeting-slots?cursor={}", all.body["nextCursor"].as_str().unwrap());
    assert_eq!(done(world.app.as_(STRANGER).get(&next)).await.items().len(), 7);
    // A second one for the same need waits for the first.
    let again = world.call(
        ADVISER,
        json!({
            "kind": "transition", "slotId": world.slots[2], "employees": of_each_side(&world.app),
        }),
    );
    refused(&world.app, again, (409, "meeting.already-booked")).await;
    assert_eq!(
        world.call("rusmiddel.behandler", world.body(2)).await.problem(),
        (404, "not-found")
    );
}

#[actix_web::test]
async fn tm_04_outside_the_windows_only_acute_overdue_or_moved_for_illness() {
    let world = World::new().await;
    let app = &world.app;
    let at = |because| {
        let mut body = world.body(0);
        body["slotId"] = Value::Null;
        let outside =
            outside(world.rooms[0], because, "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z");
        body["outside"] = outside;
        body
    };
    for because in ["acute", "overdue", "illness"] {
        let call = world.call(ADVISER, at(because));
        refused(app, call, (409, "meeting.outside-window")).await;
    }
    // It ends after it begins, and soon enough.
    for ends_at in ["2026-11-25T08:00:00Z", "2026-11-25T09:14:00Z", "2026-11-25T13:01:00Z"] {
        let mut body = at("acute");
        body["outside"]["at"]["endsAt"] = json!(ends_at);
        let call = world.call(ADVISER, body);
        refused(app, call, (409, "meeting.time-out-of-range")).await;
    }
    // Moved for illness, it may be outside; for another reason not.
    let meeting = world.called(0).await;
    let outside =
        outside(world.rooms[0], "illness", "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z");
    let body =
        |because| json!({ "outside": outside, "because": because, "reason": "Lægen er syg." });
    let call = world.step(&meeting, "move", body("other"));
    refused(app, call, (409, "meeting.outside-window")).await;
    let moved = done(world.step(&meeting, "move", body("illness"))).await;
    assert_eq!(moved.body["outsideBecause"], "illness");
    // Acute ones have their own way, and so have those past due.
    let (_, _, acute) = somebody(app, 2, true).await;
    let mut body = at("acute");
    body["outside"]["at"] = json!({ "roomId": world.rooms[0], "startsAt": "2026-11-26T09:00:00Z", "endsAt": "2026-11-26T10:00:00Z" });
    let path = |need: Uuid| format!("/api/v1/transition-needs/{need}/meetings");
    done(app.as_(ADVISER).post(&path(acute), body.clone())).await;
    // The 17th birthday is the last day in time.
    app.at("2027-03-15T22:00:00Z");
    let (_, _, need) = somebody(app, 3, false).await;
    body["outside"] =
        self::outside(world.rooms[0], "overdue", "2027-04-01T09:00:00Z", "2027-04-01T10:00:00Z");
    refused(app, app.as_(ADVISER).post(&path(need), body.clone()), (409, "meeting.outside-window"))
        .await;
    app.at("2027-03-15T23:00:00Z");
    done(app.as_(ADVISER).post(&path(need), body)).await;
}

#[actix_web::test]
async fn tm_04_a_window_is_two_weeks_and_there_are_two_a_year() {
    let world = World::new().await;
    let app = &world.app;
    let window = |first, last| json!({ "unitId": app.unit_of("bu.teamleder"), "firstDay": first, "lastDay": last });
    let set =
        |first, last| app.as_("bu.teamleder").post("/api/v1/meeting-windows", window(first, last));
    refused(app, set("2026-06-01", "2026-06-15"), (409, "meeting-window.days-out-of-range")).await;
    refused(app, set("2026-12-14", "2026-12-20"), (409, "meeting-window.overlaps")).await;
    done(set("2026-06-01", "2026-06-14")).await;
    refused(app, set("2026-09-01", "2026-09-14"), (409, "meeting-window.two-a-year")).await;
    done(set("2027-06-01", "2027-06-14")).await;
    let windows = done(app.as_(CASEWORKER).get("/api/v1/meeting-windows")).await;
    let days: Vec<_> =
        windows.items().iter().map(|one| one["firstDay"].as_str().unwrap()).collect();
    assert_eq!(days, ["2027-06-01", "2026-12-01", "2026-06-01"]);
    // Of another unit it is not for them to tell.
    let foreign = json!({ "unitId": app.unit_of("bu.teamleder"), "name": "x", "place": "x" });
    let call = app.as_(LEADER).post("/api/v1/meeting-rooms", foreign.clone());
    refused(app, call, (403, "access.denied")).await;
    // A room is told once, also by another unit and spelt otherwise: else it could be booked twice.
    let again = json!({ "unitId": app.unit_of(LEADER), "name": "lokale  1", "place": "rådhuset, Prinsens Alle 5" });
    let call = app.as_(LEADER).post("/api/v1/meeting-rooms", again);
    refused(app, call, (409, "meeting-room.already-told")).await;
    // Slots lie in the window, by the clock of Copenhagen, and not over one another.
    let id = windows.items()[1]["id"].as_str().unwrap();
    let path = format!("/api/v1/meeting-windows/{id}/slots");
    let slot = |starts_at, ends_at| json!({ "slots": [{ "roomId": world.rooms[0], "startsAt": starts_at, "endsAt": ends_at }] });
    for (starts_at, ends_at, problem) in [
        ("2026-11-30T22:00:00Z", "2026-11-30T23:00:00Z", "meeting-slot.time-out-of-range"),
        ("2026-12-14T22:30:00Z", "2026-12-14T23:30:00Z", "meeting-slot.time-out-of-range"),
        ("2026-12-03T12:00:00Z", "2026-12-03T12:14:00Z", "meeting-slot.time-out-of-range"),
        ("2026-12-03T12:00:00Z", "2026-12-03T16:01:00Z", "meeting-slot.time-out-of-range"),
        ("2026-12-03T09:30:00Z", "2026-12-03T10:30:00Z", "meeting-slot.overlaps"),
        ("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", "meeting-slot.time-out-of-range"),
    ] {
        let call = app.as_("bu.teamleder").post(&path, slot(starts_at, ends_at));
        refused(app, call, (409, problem)).await;
    }
    done(app.as_("bu.teamleder").post(&path, slot("2026-11-30T23:00:00Z", "2026-12-01T00:00:00Z")))
        .await;
}

/// TM-5: the refusal names what is taken, and offers slots that do suit all.
#[actix_web::test]
async fn tm_05_nobody_and_no_room_is_in_two_meetings_at_once() {
    let world = World::new().await;
    let app = &world.app;
    world.called(0).await;
    // An employee is in a meeting with two others; a second young person, the same time in the other room.
    let (person, _, need) = somebody(app, 2, false).await;
    let path = format!("/api/v1/transition-needs/{need}/meetings");
    let body = |slot: usize, receives: &str| {
        let employees =
            ["handicap.teamleder", receives, SECOND_COUNSELLOR].map(|who| called(app, who));
        json!({ "kind": "transition", "slotId": world.slots[slot], "employees": employees })
    };
    let others = "jv.sagsbehandler2";
    let call = app.as_(ADVISER).post(&path, body(0, others));
    let told = refused(app, call, (409, "meeting.double-booked")).await;
    assert_eq!(told.body["taken"], json!([{ "what": "room", "id": world.rooms[0] }]));
    let call = app.as_(ADVISER).post(&path, body(1, CASEWORKER));
    let told = refused(app, call, (409, "meeting.double-booked")).await;
    assert_eq!(told.body["taken"], json!([{ "what": "employee", "id": app.employee(CASEWORKER) }]));
    let free: Vec<&str> = told.body["nextFree"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| slot["id"].as_str().unwrap())
        .collect();
    // Not the other room at the same time: the one who is taken would be there too.
    let expected: Vec<String> = world.slots[2..5].iter().map(Uuid::to_string).collect();
    assert_eq!(free.len(), 3);
    assert!(
        free[..2].iter().all(|one| world.slots[2..4].iter().any(|slot| slot.to_string() == *one)),
        "{expected:?}"
    );
    for slot in &free {
        let mut body = body(1, CASEWORKER);
        body["slotId"] = json!(slot);
        let meeting = done(app.as_(ADVISER).post(&path, body)).await;
        done(world.step(&meeting, "cancel", json!({ "reason": "x" }))).await;
    }
    // With others, the other room at the same time suits.
    let meeting = done(app.as_(ADVISER).post(&path, body(1, others))).await;
    // The young person: a network meeting at the same time, in a third room and with nobody else of these.
    let third = room(app, "Lokale 3").await;
    let known = json!({ "knownOn": "2026-11-20" });
    done(app.as_(ADVISER).post(&format!("/api/v1/young-people/{person}/pregnancies"), known)).await;
    let at = json!({ "roomId": third, "startsAt": "2026-12-01T09:30:00Z", "endsAt": "2026-12-01T10:30:00Z" });
    let network = json!({ "at": at, "employees": [called(app, "ppr.psykolog")] });
    let path = format!("/api/v1/young-people/{person}/network-meetings");
    let told =
        refused(app, app.as_(ADVISER).post(&path, network.clone()), (409, "meeting.double-booked"))
            .await;
    assert_eq!(told.body["taken"], json!([{ "what": "young-person", "id": person }]));
    done(world.step(&meeting, "cancel", json!({ "reason": "x" }))).await;
    done(app.as_(ADVISER).post(&path, network)).await;
}

/// Somebody of each side, other people for each of them.
async fn others_of_each_side(app: &TestApp, count: usize) -> Vec<Vec<Value>> {
    let mut sides = Vec::new();
    for index in 0..count {
        let mut three = Vec::new();
        for (role, beside) in
            [("adviser", ADVISER), ("caseworker", CASEWORKER), ("counsellor", COUNSELLOR)]
        {
            let unit = app.unit_of(beside);
            let units = app.sql(&format!("SELECT code FROM unit WHERE id = '{unit}'")).await;
            let who = format!("test.{role}{index}");
            app.employ(&who, role, units[0]["code"].as_str().unwrap()).await;
            three.push(called(app, &who));
        }
        sides.push(three);
    }
    sides
}

/// 32 clients, each with a need of its own, on two instances, want the same thing at once: one gets it, and the others are told
/// that this is what is taken.
async fn thirty_two(app: &TestApp, taken: &Value, body: impl Fn(usize) -> Value) {
    let mut needs = Vec::new();
    for serial in 0..32 {
        needs.push(somebody(app, 100 + serial, true).await.2);
    }
    let second = app.instance().await;
    let calls = needs.iter().enumerate().map(|(index, need)| {
        let app = if index % 2 == 0 { app } else { &second };
        let path = format!("/api/v1/transition-needs/{need}/meetings");
        let body = body(index);
        async move { app.as_(ADVISER).post(&path, body).await }
    });
    app.as_(ADVISER).get("/api/v1/me").await.expect(200);
    let mut answers = join_all(calls).await;
    // Whoever was told to come back does.
    for (index, answer) in answers.iter_mut().enumerate() {
        while answer.status == 503 {
            let path = format!("/api/v1/transition-needs/{}/meetings", needs[index]);
            *answer = app.as_(ADVISER).post(&path, body(index)).await;
        }
    }
    let got = answers.iter().filter(|answer| answer.status == 201).count();
    let told = answers.iter().filter(|answer| answer.body["taken"] == *taken);
    let statuses: Vec<_> =
        answers.iter().map(|answer| (answer.status, answer.body["code"].clone())).collect();
    assert_eq!((got, told.count()), (1, 31), "{statuses:?}");
    let booked = app.sql("SELECT count(*) AS n FROM meeting").await;
    assert_eq!(booked[0]["n"], 1);
}

#[actix_web::test]
async fn tm_05_one_of_32_gets_the_last_slot() {
    let world = World::new().await;
    let app = &world.app;
    let sides = others_of_each_side(app, 32).await;
    let taken = json!([{ "what": "room", "id": world.rooms[0] }]);
    thirty_two(app, &taken, |index| {
        json!({ "kind": "transition", "slotId": world.slots[0], "employees": sides[index] })
    })
    .await;
}

#[actix_web::test]
async fn tm_05_one_of_32_gets_the_room() {
    let world = World::new().await;
    let app = &world.app;
    let sides = others_of_each_side(app, 32).await;
    let taken = json!([{ "what": "room", "id": world.rooms[0] }]);
    thirty_two(app, &taken, |index| {
        // Times that overlap, none of them the same.
        let at = format!("2026-11-25T09:{index:02}:00Z");
        let outside = outside(world.rooms[0], "acute", &at, "2026-11-25T10:00:00Z");
        json!({ "kind": "transition", "outside": outside, "employees": sides[index] })
    })
    .await;
}

#[actix_web::test]
async fn tm_05_one_of_32_gets_the_employee() {
    let world = World::new().await;
    let app = &world.app;
    let sides = others_of_each_side(app, 32).await;
    let mut rooms = Vec::new();
    for index in 0..32 {
        rooms.push(room(app, &format!("Rum {index}")).await);
    }
    let taken = json!([{ "what": "employee", "id": app.employee(CASEWORKER) }]);
    thirty_two(app, &taken, |index| {
        let outside =
            outside(rooms[index], "acute", "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z");
        // In another order for every second one.
        let mut employees = sides[index].clone();
        employees[1] = called(app, CASEWORKER);
        if index % 2 == 0 {
            employees.reverse();
        }
        json!({ "kind": "transition", "outside": outside, "employees": employees })
    })
    .await;
}

/// The young person is in one of two meetings, with other people in other rooms.
#[actix_web::test]
async fn tm_05_a_handover_and_a_network_meeting_at_once() {
    let world = World::new().await;
    let app = &world.app;
    let sides = others_of_each_side(app, 1).await;
    let path = format!("/api/v1/young-people/{}", world.person);
    let known = json!({ "knownOn": "2026-11-20" });
    done(app.as_(ADVISER).post(&format!("{path}/pregnancies"), known)).await;
    let third = room(app, "Lokale 3").await;
    let second = app.instance().await;
    for slot in [0, 2, 4] {
        let day = 1 + slot / 2;
        let at = json!({
            "roomId": third, "startsAt": format!("2026-12-0{day}T09:30:00Z"), "endsAt": format!("2026-12-0{day}T10:30:00Z"),
        });
        let network = json!({ "at": at, "employees": sides[0] });
        let network = second.as_(ADVISER).post(&format!("{path}/network-meetings"), network);
        let handover = world.call(ADVISER, world.body(slot));
        let answers =
            futures_util::future::join(async { handover.await }, async { network.await }).await;
        let mut answers = [answers.0, answers.1];
        answers.sort_by_key(|answer| answer.status);
        assert_eq!([answers[0].status, answers[1].status], [201, 409], "{}", answers[1].body);
        let taken = json!([{ "what": "young-person", "id": world.person }]);
        assert_eq!(answers[1].body["taken"], taken);
        done(world.step(&answers[0], "cancel", json!({ "reason": "x" }))).await;
    }
}

/// Two meetings are moved to one slot at once: one gets it.
#[actix_web::test]
async fn tm_10_two_are_moved_to_one_slot_at_once() {
    let world = World::new().await;
    let app = &world.app;
    let sides = others_of_each_side(app, 1).await;
    let first = world.called(0).await;
    let (_, _, need) = somebody(app, 2, false).await;
    let body = json!({ "kind": "transition", "slotId": world.slots[1], "employees": sides[0] });
    let path = format!("/api/v1/transition-needs/{need}/meetings");
    let second = done(app.as_(ADVISER).post(&path, body)).await;
    let to = json!({ "slotId": world.slots[2], "because": "other", "reason": "x" });
    let [one, other] = [&first, &second].map(|meeting| world.step(meeting, "move", to.clone()));
    let answers = futures_util::future::join(async { one.await }, async { other.await }).await;
    let mut answers = [answers.0, answers.1];
    answers.sort_by_key(|answer| answer.status);
    assert_eq!([answers[0].status, answers[1].status], [200, 409]);
    assert_eq!(answers[1].body["taken"], json!([{ "what": "room", "id": world.rooms[0] }]));
}

#[actix_web::test]
async fn tm_06_it_is_called_by_an_adviser_a_counsellor_or_who_raised_it_with_each_side() {
    let world = World::new().await;
    let app = &world.app;
    for (who, missing) in
        [(ADVISER, "sending"), (CASEWORKER, "receiving"), (COUNSELLOR, "guidance")]
    {
        let mut body = world.body(0);
        let employees = [ADVISER, CASEWORKER, COUNSELLOR].iter().filter(|one| **one != who);
        body["employees"] = employees.map(|who| called(app, who)).collect();
        let told = refused(app, world.call(ADVISER, body), (409, "meeting.party-missing")).await;
        assert_eq!(told.body["missing"], json!([missing]));
    }
    // Nor is somebody called who has left.
    app.employ("test.tidligere", "caseworker", "jobspor").await;
    app.execute(&format!(
        "UPDATE employee SET deactivated_at = '2026-11-23T07:00Z' WHERE id = '{}'",
        app.employee("test.tidligere")
    ))
    .await;
    let mut body = world.body(0);
    body["employees"][1]["employeeId"] = json!(app.employee("test.tidligere"));
    let told = refused(app, world.call(ADVISER, body), (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/employees/1/employeeId"]);
    // J&V takes part in the plan, and did not raise the need.
    app.participant(ADVISER, world.plan, CASEWORKER).await;
    refused(app, world.call(CASEWORKER, world.body(0)), (403, "access.denied")).await;
    app.participant(ADVISER, world.plan, COUNSELLOR).await;
    done(world.call(COUNSELLOR, world.body(0))).await;
    // What their own unit raised, they call.
    let own = app.active_plan(CASEWORKER).await;
    app.participant(CASEWORKER, own.plan, ADVISER).await;
    app.execute(&format!(
        "UPDATE young_person SET birth_date = '2010-03-15' WHERE id = '{}'",
        own.young_person
    ))
    .await;
    let raised = json!({ "youngPersonId": own.young_person, "reason": "x" });
    let need = app.as_(CASEWORKER).post("/api/v1/transition-needs", raised).await.expect(201).id();
    let path = format!("/api/v1/transition-needs/{need}/meetings");
    done(app.as_(CASEWORKER).post(&path, world.body(2))).await;
    // Faults of those who are called, all at once.
    let mut body = world.body(4);
    body["employees"] = json!([
        called(app, ADVISER), called(app, ADVISER), { "unitId": app.unit_of(ADVISER), "employeeId": app.employee(CASEWORKER) },
        { "unitId": app.unit_of("vuc.vejleder"), "employeeId": app.employee("vuc.vejleder") },
    ]);
    let told = refused(app, world.call(ADVISER, body), (422, "request.invalid")).await;
    assert_eq!(
        told.pointers(),
        ["/employees/1/employeeId", "/employees/2/employeeId", "/employees/3/unitId"]
    );
}

#[actix_web::test]
async fn tm_07_a_sparring_meeting_is_without_the_young_person_and_says_why() {
    let world = World::new().await;
    let app = &world.app;
    let mut body = world.body(0);
    body["kind"] = json!("sparring");
    let told = refused(app, world.call(ADVISER, body.clone()), (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/withoutBecause"]);
    body["withoutBecause"] = json!("Parterne skal finde en retning.");
    let meeting = done(world.call(ADVISER, body)).await;
    assert_eq!(parties(&meeting), ["employee", "employee", "employee"]);
    assert_eq!(meeting.body["withoutBecause"], "Parterne skal finde en retning.");
    // The handover beside it; it is not without them.
    let mut body = world.body(2);
    body["withoutBecause"] = json!("x");
    refused(app, world.call(ADVISER, body), (422, "request.invalid")).await;
    world.called(2).await;
}

#[actix_web::test]
async fn tm_10_moving_and_cancelling_keep_what_was_and_the_need_remains() {
    let world = World::new().await;
    let app = &world.app;
    let meeting = world.called(0).await;
    let to = |slot: usize| json!({ "slotId": world.slots[slot], "because": "other", "reason": "Den unge har prøve." });
    let moved = done(world.step(&meeting, "move", to(2))).await;
    assert_eq!(moved.body["startsAt"], "2026-12-02T09:00:00Z");
    assert_eq!(moved.body["moves"][0]["startsAt"], "2026-12-01T09:00:00Z");
    assert_eq!(moved.body["moves"][0]["reason"], "Den unge har prøve.");
    refused(app, world.step(&meeting, "move", to(4)), (412, "version.stale")).await;
    // Where it was, others may be; where it is, they may not.
    let (_, _, need) = somebody(app, 2, false).await;
    let path = format!("/api/v1/transition-needs/{need}/meetings");
    let told =
        refused(app, app.as_(ADVISER).post(&path, world.body(2)), (409, "meeting.double-booked"))
            .await;
    assert_eq!(told.body["taken"].as_array().unwrap().len(), 4, "the room and three people");
    let other = done(app.as_(ADVISER).post(&path, world.body(0))).await;
    // It does not clash with itself, and does with the other.
    refused(app, world.step(&moved, "move", to(1)), (409, "meeting.double-booked")).await;
    let moved = done(world.step(&moved, "move", to(3))).await;
    // Cancelled, all are free; it is on record.
    let cancelled = done(world.step(&moved, "cancel", json!({ "reason": "Sygdom." }))).await;
    assert_eq!(
        (&cancelled.body["state"], &cancelled.body["cancelReason"]),
        (&json!("cancelled"), &json!("Sygdom."))
    );
    refused(
        app,
        world.step(&cancelled, "cancel", json!({ "reason": "x" })),
        (409, "meeting.step-not-allowed"),
    )
    .await;
    done(world.step(&other, "move", to(3))).await;
    let need =
        done(app.as_(ADVISER).get(&format!("/api/v1/transition-needs/{}", world.need))).await;
    assert_eq!(need.body["state"], "open");
    world.called(4).await;
    let list = format!("/api/v1/young-people/{}/meetings", world.person);
    let states: Vec<Value> = done(app.as_(ADVISER).get(&list))
        .await
        .items()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["planned", "cancelled"]);
}

/// Somebody who told that they cannot come is free for others, and somebody else is called instead.
#[actix_web::test]
async fn tm_05_whoever_cannot_come_is_free() {
    let world = World::new().await;
    let app = &world.app;
    let meeting = world.called(0).await;
    let participants = meeting.body["participants"].as_array().unwrap();
    let receiving = participants
        .iter()
        .find(|one| one["employeeId"] == json!(app.employee(CASEWORKER)))
        .unwrap();
    let excuse = json!({ "participantId": receiving["id"], "reason": "Kursus." });
    let excused = done(world.step(&meeting, "excuses", excuse.clone())).await;
    let again =
        refused(app, world.step(&excused, "excuses", excuse), (422, "request.invalid")).await;
    assert_eq!(again.pointers(), ["/participantId"]);
    let (_, _, need) = somebody(app, 2, false).await;
    let employees =
        ["handicap.teamleder", CASEWORKER, SECOND_COUNSELLOR].map(|who| called(app, who)).to_vec();
    let body = json!({
        "kind": "transition", "slotId": world.slots[1],
        "employees": employees,
    });
    done(app.as_(ADVISER).post(&format!("/api/v1/transition-needs/{need}/meetings"), body)).await;
    // Those who are taken there are not called here.
    let invite = |who: &str| json!({ "employees": [called(app, who)], "outsideParties": [{ "name": "Dr. Holm", "role": "doctor" }] });
    let call = world.step(&excused, "participants", invite(SECOND_COUNSELLOR));
    refused(app, call, (409, "meeting.double-booked")).await;
    let invited = done(world.step(&excused, "participants", invite("jv.sagsbehandler2"))).await;
    assert_eq!(parties(&invited).len(), 7);
    let call = world.step(&invited, "participants", invite("jv.sagsbehandler2"));
    refused(app, call, (422, "request.invalid")).await;
    // An excuse is not for ever; but now they are somewhere else.
    let call = world.step(&invited, "participants", invite(CASEWORKER));
    let told = refused(app, call, (409, "meeting.double-booked")).await;
    let taken = json!([{ "what": "employee", "id": app.employee(CASEWORKER) }]);
    assert_eq!(told.body["taken"], taken);
    assert_eq!(told.body["nextFree"][0]["startsAt"], "2026-12-02T09:00:00Z");
    // What is offered suits those who are called already, too: not when one of them is in another meeting.
    let (_, _, need) = somebody(app, 3, false).await;
    let employees =
        [ADVISER, "jv.jobkonsulent", SECOND_COUNSELLOR].map(|who| called(app, who)).to_vec();
    let body = json!({ "kind": "transition", "slotId": world.slots[2], "employees": employees });
    done(app.as_(ADVISER).post(&format!("/api/v1/transition-needs/{need}/meetings"), body)).await;
    let call = world.step(&invited, "participants", invite(CASEWORKER));
    let told = refused(app, call, (409, "meeting.double-booked")).await;
    assert_eq!(told.body["nextFree"][0]["startsAt"], "2026-12-03T09:00:00Z");
    let moved = json!({ "slotId": world.slots[4], "because": "other", "reason": "x" });
    let moved = done(world.step(&invited, "move", moved)).await;
    let again = json!({ "employees": [called(app, CASEWORKER)] });
    let back = done(world.step(&moved, "participants", again)).await;
    let theirs = back.body["participants"].as_array().unwrap();
    let theirs = theirs.iter().find(|one| one["id"] == receiving["id"]).unwrap();
    assert_eq!([&theirs["excusedAt"], &theirs["excuse"]], [&Value::Null, &Value::Null]);
    assert_eq!(parties(&back).len(), 7);
}

/// The most who can be told of in one request are called.
#[actix_web::test]
async fn tm_08_a_meeting_is_of_sixty_people_at_most() {
    let world = World::new().await;
    let app = &world.app;
    let strangers = |count: usize| -> Vec<Value> {
        (0..count).map(|no| json!({ "name": format!("Nr. {no}"), "role": "other" })).collect()
    };
    let mut body = world.body(0);
    body["outsideParties"] = json!(strangers(30));
    let meeting = done(world.call(ADVISER, body)).await;
    let invite = |count| json!({ "outsideParties": strangers(count) });
    let call = world.step(&meeting, "participants", invite(26));
    let told = refused(app, call, (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/outsideParties"]);
    done(world.step(&meeting, "participants", invite(25))).await;
}

/// What nobody is to meet in any more is withdrawn, and what is planned in it goes first.
#[actix_web::test]
async fn tm_04_slots_windows_and_rooms_are_withdrawn_while_nothing_is_planned_there() {
    let world = World::new().await;
    let app = &world.app;
    let leader = app.as_("bu.teamleder");
    let meeting = world.called(0).await;
    let windows = done(leader.get("/api/v1/meeting-windows")).await;
    let window = format!("/api/v1/meeting-windows/{}", windows.items()[0]["id"].as_str().unwrap());
    let slot = |no: usize| format!("/api/v1/meeting-slots/{}", world.slots[no]);
    let room = |no: usize| format!("/api/v1/meeting-rooms/{}", world.rooms[no]);
    for path in [&slot(0), &window, &room(0)] {
        refused(app, leader.delete(path), (409, "meeting-calendar.in-use")).await;
        refused(app, app.as_(LEADER).delete(path), (403, "access.denied")).await;
    }
    let free = async || {
        done(app.as_(CASEWORKER).get("/api/v1/meeting-slots?free=true")).await.items().len()
    };
    done(leader.delete(&slot(1))).await;
    refused(app, leader.delete(&slot(1)), (404, "not-found")).await;
    assert_eq!(free().await, 10);
    done(leader.delete(&room(1))).await;
    assert_eq!(free().await, 5);
    let to = json!({ "slotId": world.slots[3], "because": "other", "reason": "x" });
    let told = refused(app, world.step(&meeting, "move", to), (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/slotId"]);
    done(world.step(&meeting, "cancel", json!({ "reason": "x" }))).await;
    done(leader.delete(&window)).await;
    assert_eq!(free().await, 0);
    assert_eq!(done(leader.get("/api/v1/meeting-windows")).await.items().len(), 0);
    done(leader.delete(&room(0))).await;
    assert_eq!(done(leader.get("/api/v1/meeting-rooms")).await.items().len(), 0);
}

/// TM-11: what was planned and is over is booked no more.
#[actix_web::test]
async fn tm_11_a_planned_meeting_that_is_over_is_not_booked_for_ever() {
    let world = World::new().await;
    let app = &world.app;
    world.called(0).await;
    let path = format!("/api/v1/transition-needs/{}", world.need);
    let state = async || done(app.as_(ADVISER).get(&path)).await.body["standing"].clone();
    app.at("2026-12-01T09:59:59Z");
    assert_eq!(state().await, "booked");
    app.at("2026-12-01T10:00:00Z");
    assert_eq!(state().await, "to-book");
}

/// What "held" is, of a handover to JobSpor.
pub fn holding(world: &World, meeting: &Answer) -> Value {
    let app = &world.app;
    let participants = meeting.body["participants"].as_array().unwrap();
    let attendance: Vec<Value> = participants
        .iter()
        .map(|one| json!({ "participantId": one["id"], "came": true }))
        .collect();
    json!({
        "attendance": attendance,
        "minutes": {
            "supportNeeds": "Støtte i hverdagen.", "education": "Vil på FGU.", "jobAndIncome": "Har et fritidsjob.",
            "housing": "Bor hjemme.", "socialRelations": "Har to gode venner.",
        },
        "decisions": [{
            "legalBasis": "lab", "unitId": app.unit_of(CASEWORKER), "words": "Får en indsats fra 18.", "from": "2028-03-15",
        }],
        "receiver": {
            "unitId": app.unit_of(CASEWORKER), "employeeId": app.employee(CASEWORKER),
            "supportsFrom": "2027-09-15", "coordinatesFrom": "2028-03-15",
        },
        "agreed": [{ "what": "Ringer til FGU.", "employeeId": app.employee(CASEWORKER), "dueOn": "2027-01-15" }],
    })
}

#[actix_web::test]
async fn tm_08_held_hands_over_to_who_receives() {
    let world = World::new().await;
    let app = &world.app;
    let meeting = world.called(0).await;
    let path = format!("/api/v1/meetings/{}", meeting.id());
    // JobSpor does not see them yet, though one of it is called.
    assert_eq!(app.as_(CASEWORKER).get(&path).await.problem(), (404, "not-found"));
    let early = world.step(&meeting, "hold", holding(&world, &meeting));
    refused(app, early, (409, "meeting.not-begun")).await;
    app.at("2026-12-01T10:00:00Z");

    let mut lacking = holding(&world, &meeting);
    lacking["attendance"].as_array_mut().unwrap().pop();
    lacking["minutes"]["housing"] = Value::Null;
    lacking["decisions"] = json!([]);
    lacking["receiver"] = Value::Null;
    let told =
        refused(app, world.step(&meeting, "hold", lacking), (409, "meeting.not-complete")).await;
    let lacks: Vec<_> =
        told.body["lacks"].as_array().unwrap().iter().map(|one| one["what"].clone()).collect();
    // The last one is UU's.
    assert_eq!(lacks, ["attendance", "side", "topic", "decision", "receiver"]);

    // Law that holds from 18 on, and not before; law that was replaced.
    for (code, from) in [("lab", "2026-12-01"), ("sel-76", "2028-03-15")] {
        let mut body = holding(&world, &meeting);
        body["decisions"][0]["legalBasis"] = json!(code);
        body["decisions"][0]["from"] = json!(from);
        refused(app, world.step(&meeting, "hold", body), (409, "legal-basis.not-valid")).await;
    }
    let mut absent = holding(&world, &meeting);
    let last = absent["attendance"].as_array().unwrap().len() - 1;
    absent["attendance"][last]["came"] = json!(false);
    absent["attendance"][last]["absenceReason"] = json!("Syg.");
    let call = world.step(&meeting, "hold", absent);
    let told = refused(app, call, (409, "meeting.not-complete")).await;
    assert_eq!(told.body["lacks"], json!([{ "what": "side", "side": "guidance" }]));
    // Another one of UU comes instead, and the one who told ahead did not come.
    let theirs = meeting.body["participants"][last]["id"].clone();
    app.at("2026-12-01T08:00:00Z");
    let excuse = json!({ "participantId": theirs, "reason": "Syg." });
    let meeting = done(world.step(&meeting, "excuses", excuse)).await;
    let invite = json!({ "employees": [called(app, SECOND_COUNSELLOR)] });
    let meeting = done(world.step(&meeting, "participants", invite)).await;
    app.at("2026-12-03T10:00:00Z");
    let call = world.step(&meeting, "hold", holding(&world, &meeting));
    let told = refused(app, call, (422, "request.invalid")).await;
    assert_eq!(told.pointers(), [format!("/attendance/{last}/came")]);
    let mut absent = holding(&world, &meeting);
    absent["attendance"][last]["came"] = json!(false);
    absent["attendance"][0]["came"] = json!(false);
    // Who receives coordinates.
    let mut treats = absent.clone();
    treats["receiver"]["unitId"] = json!(app.unit_of("rusmiddel.behandler"));
    treats["receiver"]["employeeId"] = json!(app.employee("rusmiddel.behandler"));
    let told = refused(app, world.step(&meeting, "hold", treats), (422, "request.invalid")).await;
    assert_eq!(told.pointers(), ["/receiver/employeeId"]);
    // Two decisions under one law are both on record, and who decides under it once.
    let again = absent["decisions"][0].clone();
    absent["decisions"].as_array_mut().unwrap().push(again);

    let held = done(world.step(&meeting, "hold", absent)).await;
    assert_eq!(held.body["state"], "held");
    assert_eq!(held.body["minutes"]["receivingUnitId"], json!(app.unit_of(CASEWORKER)));
    assert_eq!(held.body["participants"][0]["came"], false, "called, and did not come");
    // The receiver sees them by the meeting, takes part in the plan, and has what was agreed to do.
    done(app.as_(CASEWORKER).get(&path)).await;
    let bases = app.sql(&format!(
        "SELECT DISTINCT kind FROM access_basis WHERE young_person_id = '{}' AND holder_id = '{}' ORDER BY kind",
        world.person, app.unit_of(CASEWORKER)
    )).await;
    let kinds: Vec<_> = bases.iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["meeting"], "participation comes with acceptance");
    let plan = done(app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", world.plan))).await;
    let units: Vec<_> = plan.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["unitId"].clone())
        .collect();
    assert!(units.contains(&json!(app.unit_of(CASEWORKER))));
    let tasks = done(app.as_(CASEWORKER).get("/api/v1/tasks?mine=true")).await;
    let agreed =
        tasks.items().iter().find(|task| task["kind"] == "agreed-at-meeting").unwrap().clone();
    assert_eq!(agreed["subjectId"], held.body["agreed"][0]["id"]);
    let need =
        done(app.as_(ADVISER).get(&format!("/api/v1/transition-needs/{}", world.need))).await;
    assert_eq!(need.body["state"], "held");
    // It was held on its day, whenever that is told.
    assert_eq!(need.body["decidedOn"], "2026-12-01");
    assert_eq!(held.body["decisions"].as_array().unwrap().len(), 2);
    assert_eq!(need.body["agreement"]["coordinatesFrom"], "2028-03-15");
    let path = format!("/api/v1/young-people/{}/responsibility?on=2028-03-15", world.person);
    let decides = done(app.as_(ADVISER).get(&path)).await;
    let statutory = decides.body["statutory"].as_array().unwrap();
    assert_eq!((statutory.len(), &statutory[0]["legalBasis"]), (1, &json!("lab")));
    let decided = app.sql("SELECT decided_on::text FROM statutory_responsibility").await;
    assert_eq!(decided[0]["decided_on"], "2026-12-01");
    // The case file tells of the meeting.
    let file = format!("/api/v1/young-people/{}/case-file", world.person);
    let file = done(app.as_(CASEWORKER).get(&file)).await;
    let told = json!([{
        "id": held.body["id"], "kind": "transition", "startsAt": "2026-12-01T09:00:00Z", "state": "held",
    }]);
    assert_eq!(file.body["meetings"], told);
    // It stays held.
    refused(
        app,
        world.step(&held, "cancel", json!({ "reason": "x" })),
        (409, "meeting.step-not-allowed"),
    )
    .await;
    // Ticked, it is done.
    let id = agreed["id"].as_str().unwrap();
    let task = done(app.as_(CASEWORKER).get(&format!("/api/v1/tasks/{id}"))).await;
    done(
        app.as_(CASEWORKER)
            .post_nothing(&format!("/api/v1/tasks/{id}/complete"))
            .if_match(task.version()),
    )
    .await;
    let held = done(app.as_(ADVISER).get(&format!("/api/v1/meetings/{}", held.id()))).await;
    assert!(!held.body["agreed"][0]["doneAt"].is_null());
}

/// TM-9, by the meeting: accepted, held and done, the coordination passes on the day, and not while something is open.
#[actix_web::test]
async fn tm_09_what_was_agreed_at_the_meeting_is_done_before_the_coordination_passes() {
    let world = World::new().await;
    let app = &world.app;
    let meeting = world.called(0).await;
    app.at("2026-12-01T10:00:00Z");
    done(world.step(&meeting, "hold", holding(&world, &meeting))).await;
    let path = format!("/api/v1/transition-needs/{}", world.need);
    let need = done(app.as_(CASEWORKER).get(&path)).await;
    done(app.as_(CASEWORKER).post_nothing(&format!("{path}/accept")).if_match(need.version()))
        .await;
    let coordinates = async || {
        let steps = format!(
            "SELECT department FROM coordination WHERE young_person_id = '{}' ORDER BY from_at",
            world.person
        );
        app.sql(&steps)
            .await
            .iter()
            .map(|row| row["department"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    app.at("2028-03-15T08:00:00Z");
    app.run_due_jobs().await;
    assert_eq!(coordinates().await, ["BU"], "something is open");
    let tasks = done(app.as_(CASEWORKER).get("/api/v1/tasks?mine=true")).await;
    let agreed =
        tasks.items().iter().find(|task| task["kind"] == "agreed-at-meeting").unwrap().clone();
    let task = format!("/api/v1/tasks/{}", agreed["id"].as_str().unwrap());
    let version = done(app.as_(CASEWORKER).get(&task)).await.version();
    done(app.as_(CASEWORKER).post_nothing(&format!("{task}/complete")).if_match(version)).await;
    app.advance(chrono::TimeDelta::minutes(2));
    app.run_due_jobs().await;
    assert_eq!(coordinates().await, ["BU", "JV"]);
}

/// YP-9: guardians are called to what is held while the young person is under 18.
#[actix_web::test]
async fn yp_09_a_meeting_moved_beyond_the_18th_birthday_is_the_young_persons_alone() {
    let world = World::new().await;
    let app = &world.app;
    let (_, _, need) = somebody(app, 2, true).await;
    let at = |day: &str| {
        outside(world.rooms[0], "acute", &format!("{day}T09:00:00Z"), &format!("{day}T10:00:00Z"))
    };
    let body = json!({ "kind": "transition", "outside": at("2028-03-14"), "employees": of_each_side(app) });
    let path = format!("/api/v1/transition-needs/{need}/meetings");
    let meeting = done(app.as_(ADVISER).post(&path, body.clone())).await;
    assert!(parties(&meeting).contains(&"guardian"));
    let moved = json!({ "outside": at("2028-03-15"), "because": "other", "reason": "x" });
    let moved = done(world.step(&meeting, "move", moved)).await;
    let guardian = moved.body["participants"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["party"] == "guardian")
        .unwrap();
    assert!(!guardian["excusedAt"].is_null());
    let cancelled = done(world.step(&moved, "cancel", json!({ "reason": "x" }))).await;
    assert_eq!(cancelled.body["state"], "cancelled");
    let body = json!({ "kind": "transition", "outside": at("2028-03-15"), "employees": of_each_side(app) });
    let meeting = done(app.as_(ADVISER).post(&path, body)).await;
    assert!(!parties(&meeting).contains(&"guardian"));
}
