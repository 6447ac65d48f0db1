//! TM-13, YP-5: meetings in the calendars of those who are called, read back with a calendar library.

use crate::entry_of;
use crate::meetings::{ADVISER, World, of_each_side};
use crate::steps::{CASEWORKER, done};
use icalendar::{
    Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime, Event, EventLike,
};
use serde_json::{Value, json};
use test_support::{Answer, TestApp};

/// The events of a calendar, as a calendar program reads them.
fn events(answer: &Answer) -> Vec<Event> {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = String::from_utf8(answer.raw.to_vec()).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    let calendar: Calendar = text.parse().unwrap();
    // RFC 5545, 3.6: a calendar has a component even if it contains no meetings.
    assert!(text.contains("\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Copenhagen\r\n"), "{text}");
    calendar
        .components
        .into_iter()
        .filter_map(|component| match component {
            CalendarComponent::Event(event) => Some(event),
            CalendarComponent::Other(clock) if clock.component_kind() == "VTIMEZONE" => None,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn starts(event: &Event) -> String {
    match event.get_start().unwrap() {
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => at.to_rfc3339(),
        other => panic!("{other:?}"),
    }
}

/// The path of a new subscription.
async fn subscribe(app: &TestApp, who: &str) -> String {
    let made = done(app.as_(who).post_nothing("/api/v1/me/calendar")).await;
    made.body["path"].as_str().unwrap().to_owned()
}

/// What a calendar program reads: with the secret alone.
async fn read(app: &TestApp, path: &str) -> Answer {
    app.as_nobody().get(path).await
}

#[actix_web::test]
async fn tm_13_whoever_is_called_takes_the_meeting_into_a_calendar() {
    let world = World::new().await;
    let app = &world.app;
    let meeting = world.called(0).await;
    let path = format!("/api/v1/meetings/{}/calendar.ics", meeting.id());
    let answer = done(app.as_(CASEWORKER).get(&path)).await;
    let [event] = &events(&answer)[..] else { panic!("one") };
    assert_eq!(event.get_uid(), Some(&*format!("{}@enplan", meeting.id())));
    assert_eq!(event.get_summary(), Some("Møde KP"));
    assert_eq!(event.get_location(), Some("Lokale 1, Rådhuset, Prinsens Alle 5"));
    assert_eq!(starts(event), "2026-12-01T09:00:00+00:00");
    // Read without a basis, by being called; on the access log.
    let entry = entry_of(app, &answer).await;
    assert_eq!((&entry["young_people"], &entry["bases"]), (&json!([world.person]), &json!([null])));
    // Whoever may read the meeting hands it to those who are invited and have no account: the same, and no more.
    let handed = done(app.as_("bu.teamleder").get(&path)).await;
    assert_eq!(handed.raw, answer.raw);
    // Nobody else: neither who does not see them nor who is not called.
    for who in ["rusmiddel.behandler", "admin"] {
        assert_eq!(app.as_(who).get(&path).await.problem(), (404, "not-found"), "{who}");
    }
    // Nothing else of anybody.
    let text = String::from_utf8(answer.raw.to_vec()).unwrap();
    for personal in [
        "Kaja",
        "Prøvesen",
        "Mor",
        "2010",
        "overgang",
        "transition",
        ADVISER,
        &world.person.to_string(),
    ] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}

#[actix_web::test]
async fn tm_13_a_subscribed_calendar_is_told_of_moves_and_cancels_until_it_is_withdrawn() {
    let world = World::new().await;
    let app = &world.app;
    let path = subscribe(app, CASEWORKER).await;
    assert_eq!(events(&read(app, &path).await).len(), 0);
    let meeting = world.called(0).await;
    let [event] = &events(&read(app, &path).await)[..] else { panic!("one") };
    let first = event.get_sequence().unwrap();
    let to = json!({ "slotId": world.slots[2], "because": "other", "reason": "x" });
    app.advance(chrono::TimeDelta::minutes(1));
    let moved = done(world.step(&meeting, "move", to)).await;
    let answer = read(app, &path).await;
    let [event] = &events(&answer)[..] else { panic!("one, moved") };
    assert_eq!(starts(event), "2026-12-02T09:00:00+00:00");
    let second = event.get_sequence().unwrap();
    assert!(second > first, "a program takes the newer one");
    let entry = entry_of(app, &answer).await;
    assert_eq!(
        (&entry["actor_id"], &entry["operation"]),
        (&json!(app.employee(CASEWORKER)), &json!("readSubscribedCalendar"))
    );
    done(world.step(&moved, "cancel", json!({ "reason": "x" }))).await;
    let [event] = &events(&read(app, &path).await)[..] else { panic!("one, cancelled") };
    assert_eq!(event.get_status(), Some(icalendar::EventStatus::Cancelled));
    assert_eq!(event.get_location(), None, "nobody goes there");
    assert!(event.get_sequence().unwrap() > second);

    // Another secret: the old one holds no more; withdrawn, none does; a guess is like one that was withdrawn.
    let newer = subscribe(app, CASEWORKER).await;
    let guess = format!("/api/v1/calendars/{}.ics", "A".repeat(43));
    let missing = read(app, &guess).await;
    assert_eq!(missing.problem(), (404, "not-found"));
    assert_eq!(
        crate::but_for_the_request(&read(app, &path).await),
        crate::but_for_the_request(&missing)
    );
    assert_eq!(read(app, &newer).await.status, 200);
    done(app.as_(CASEWORKER).post_nothing("/api/v1/me/calendar/withdraw")).await;
    assert_eq!(read(app, &newer).await.problem(), (404, "not-found"));
    // With nothing to withdraw, and under a key, it is done all the same.
    let withdraw = || {
        app.as_(CASEWORKER)
            .post_nothing("/api/v1/me/calendar/withdraw")
            .header("Idempotency-Key", "tilbage")
    };
    assert_eq!([withdraw().await.status, withdraw().await.status], [204, 204]);
    // The secret itself is nowhere.
    let secret = newer.trim_start_matches("/api/v1/calendars/").trim_end_matches(".ics");
    let everything: String = app.dump().await.values().map(Value::to_string).collect();
    assert!(!everything.contains(secret));
    // Nor is it told twice: no answer is kept under a key.
    let keyed = || {
        app.as_(CASEWORKER).post_nothing("/api/v1/me/calendar").header("Idempotency-Key", "igen")
    };
    let (one, other) = (done(keyed()).await, done(keyed()).await);
    assert_ne!(one.body["path"], other.body["path"]);
    assert_eq!(app.sql("SELECT 1 FROM idempotency_key").await.len(), 0);
    // Two at once: each has one, and the later one holds.
    let second = app.instance().await;
    let calls = [app, &second, app, &second].map(|app| async move {
        app.as_(CASEWORKER).post_nothing("/api/v1/me/calendar").await.status
    });
    assert_eq!(futures_util::future::join_all(calls).await, [201; 4]);
    // Whoever is not of the unit any more for which they were called has nothing of it.
    app.give_role(app.employee(CASEWORKER), "mentor", "uu-mentorer").await.expect(200);
    let of_before = subscribe(app, CASEWORKER).await;
    assert_eq!(events(&read(app, &of_before).await).len(), 1);
    let role = |to: &str| {
        format!(
            "UPDATE employee_role SET valid_to = '{to}' WHERE employee_id = '{}' AND role = 'caseworker'",
            app.employee(CASEWORKER)
        )
    };
    app.execute(&role("2026-11-23T07:00Z")).await;
    assert_eq!(events(&read(app, &of_before).await).len(), 0);
    app.execute(&role("infinity")).await;
    // Whose sign-in is stopped has no calendar.
    let last = subscribe(app, CASEWORKER).await;
    app.execute(&format!(
        "UPDATE employee SET deactivated_at = '2026-11-23T08:00Z' WHERE id = '{}'",
        app.employee(CASEWORKER)
    ))
    .await;
    assert_eq!(read(app, &last).await.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn yp_05_a_protected_place_is_in_no_calendar() {
    let world = World::new().await;
    let app = &world.app;
    let mut body = world.body(0);
    body["placeProtected"] = json!(true);
    let meeting = done(world.call(ADVISER, body)).await;
    let path = subscribe(app, CASEWORKER).await;
    for answer in [
        read(app, &path).await,
        done(app.as_(CASEWORKER).get(&format!("/api/v1/meetings/{}/calendar.ics", meeting.id())))
            .await,
    ] {
        let [event] = &events(&answer)[..] else { panic!("one") };
        assert_eq!(event.get_location(), None);
        assert!(!String::from_utf8_lossy(&answer.raw).contains("Lokale"));
    }
    // Those who are called, and the unit that called it, see where; others of the case do not.
    assert_eq!(meeting.body["place"], "Lokale 1, Rådhuset, Prinsens Alle 5");
    app.participant(ADVISER, world.plan, "jv.sagsbehandler2").await;
    let path = format!("/api/v1/meetings/{}", meeting.id());
    let other = done(app.as_("jv.sagsbehandler2").get(&path)).await;
    let hidden = ["place", "roomId", "slotId"].map(|member| other.body[member].clone());
    assert_eq!(
        (hidden, &other.body["placeProtected"]),
        ([Value::Null, Value::Null, Value::Null], &json!(true))
    );
    let called = done(app.as_(CASEWORKER).get(&path)).await;
    assert_eq!(called.body["place"], "Lokale 1, Rådhuset, Prinsens Alle 5");
    // Told late, or by mistake: calendars drop it, and get it again.
    let mine = subscribe(app, CASEWORKER).await;
    let mut version = meeting.version();
    for (protected, location) in
        [(false, Some("Lokale 1, Rådhuset, Prinsens Alle 5")), (true, None)]
    {
        let before = events(&read(app, &mine).await).remove(0);
        app.advance(chrono::TimeDelta::minutes(1));
        let protect = app
            .as_(ADVISER)
            .put(&format!("{path}/place-protection"), json!({ "placeProtected": protected }))
            .if_match(version);
        version = done(protect).await.version();
        let after = events(&read(app, &mine).await).remove(0);
        assert_eq!(after.get_location(), location);
        assert!(after.get_sequence() > before.get_sequence());
        assert!(after.get_last_modified() > before.get_last_modified());
    }
    let events = app.sql("SELECT payload FROM event WHERE kind LIKE 'meeting.%'").await;
    assert!(!format!("{events:?}").contains(&world.rooms[0].to_string()), "in no event");
}

/// DST: an entry is a moment, whatever the clock of Copenhagen does that night.
#[actix_web::test]
async fn tm_13_a_meeting_on_the_night_of_the_clocks_is_one_moment() {
    let world = World::new().await;
    let app = &world.app;
    let (_, _, need) = crate::meetings::somebody(app, 2, true).await;
    let path = subscribe(app, CASEWORKER).await;
    for (starts_at, ends_at) in [
        ("2027-03-28T00:45:00+01:00", "2027-03-28T03:15:00+02:00"),
        ("2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"),
    ] {
        let outside = json!({ "because": "acute", "at": { "roomId": world.rooms[0], "startsAt": starts_at, "endsAt": ends_at } });
        let body =
            json!({ "kind": "transition", "outside": outside, "employees": of_each_side(app) });
        let meeting =
            done(app.as_(ADVISER).post(&format!("/api/v1/transition-needs/{need}/meetings"), body))
                .await;
        let read = read(app, &path).await;
        let event = events(&read)
            .into_iter()
            .find(|event| event.get_uid().unwrap().contains(&meeting.id().to_string()))
            .unwrap();
        let at: chrono::DateTime<chrono::Utc> = starts_at.parse().unwrap();
        assert_eq!(starts(&event), at.to_rfc3339());
        done(world.step(&meeting, "cancel", json!({ "reason": "x" }))).await;
    }
}

/// U18 (RFC 5545): a program updates an entry if its sequence increases, and the entry changes with the name.
#[actix_web::test]
async fn u18_other_initials_are_a_newer_entry() {
    let world = World::new().await;
    let app = &world.app;
    let path = subscribe(app, CASEWORKER).await;
    let meeting = world.called(0).await;
    let of_meeting = format!("/api/v1/meetings/{}/calendar.ics", meeting.id());
    let stamps = async || {
        let [event] = &events(&read(app, &path).await)[..] else { panic!("one") };
        let [same] = &events(&app.as_(CASEWORKER).get(&of_meeting).await)[..] else {
            panic!("one")
        };
        let [handed] = &events(&app.as_("bu.teamleder").get(&of_meeting).await)[..] else {
            panic!("one")
        };
        assert_eq!(event.get_sequence(), same.get_sequence());
        assert_eq!(event.get_sequence(), handed.get_sequence());
        let stamp = |name| event.property_value(name).unwrap().to_owned();
        assert_eq!(stamp("DTSTAMP"), stamp("LAST-MODIFIED"));
        (event.get_summary().unwrap().to_owned(), event.get_sequence().unwrap(), stamp("DTSTAMP"))
    };
    let rename = async |given: &str| {
        app.advance(chrono::TimeDelta::minutes(1));
        let person = format!("/api/v1/young-people/{}", world.person);
        let version = app.as_(ADVISER).get(&person).await.version();
        let body = json!({ "givenName": given });
        done(app.as_(ADVISER).patch(&person, body).if_match(version)).await;
    };
    let first = stamps().await;
    assert_eq!(first.0, "Møde KP");
    rename("Katja").await;
    assert_eq!(stamps().await, first, "the same letters: nothing of it changed");
    rename("Ditte").await;
    let second = stamps().await;
    assert_eq!(second.0, "Møde DP");
    assert!(second.1 > first.1 && second.2 > first.2, "{first:?} {second:?}");
    // An open edit of the meeting is not refused because of it.
    let to = json!({ "slotId": world.slots[2], "because": "other", "reason": "x" });
    app.advance(chrono::TimeDelta::minutes(1));
    done(world.step(&meeting, "move", to)).await;
    let third = stamps().await;
    assert!(third.1 > second.1 && third.2 > second.2, "{second:?} {third:?}");
}

/// U18: a calendar without meetings is valid, with its name and its refresh interval.
#[actix_web::test]
async fn u18_an_empty_calendar_is_a_calendar() {
    let world = World::new().await;
    let app = &world.app;
    let path = subscribe(app, CASEWORKER).await;
    let answer = read(app, &path).await;
    assert_eq!(events(&answer).len(), 0);
    let text = String::from_utf8(answer.raw.to_vec()).unwrap();
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
            && text.ends_with("END:VCALENDAR\r\n")
    );
    for line in [
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Møder i Enplan",
        "X-WR-CALNAME:Møder i Enplan",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ] {
        assert_eq!(text.matches(&format!("\r\n{line}\r\n")).count(), 1, "{line}");
    }
    for (begins, ends) in [("BEGIN:", "END:"), ("BEGIN:STANDARD", "END:STANDARD")] {
        assert_eq!(text.matches(begins).count(), text.matches(ends).count());
    }
}
