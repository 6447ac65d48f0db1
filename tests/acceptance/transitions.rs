//! TM-1, TM-5: many clients on two instances at once want the last slot, and two engines find the same needs.

use super::support::{Answer, at_once, eventually, path, world};
use serde_json::{Value, json};
use std::time::Duration;

const CLIENTS: usize = 32;
const ADVISER: &str = "bu.raadgiver";
const COUNSELLOR: &str = "uu.vejleder";

/// A new 16-year-old of an account's unit.
fn pupil(who: &str) -> Value {
    world().register(who, &world().somebody_of(16, who))
}

#[test]
fn tm_05_one_of_thirty_two_gets_the_last_slot() {
    let needs = at_once(CLIENTS, |n| {
        let raise = json!({ "youngPersonId": pupil(ADVISER)["id"], "reason": "Skal have støtte efter 18." });
        world().speak(ADVISER, n).post("/api/v1/transition-needs", &raise).expect(201)
    });
    let free = world().speak(ADVISER, 0).get("/api/v1/meeting-slots?free=true&limit=200");
    let slots = free.expect(200)["items"].as_array().unwrap().clone();
    let last = slots.last().unwrap();
    let employees = [ADVISER, "social.raadgiver", COUNSELLOR].map(|who| {
        let me = world().account(who);
        json!({ "unitId": me["unitId"], "employeeId": me["employeeId"] })
    });
    let answers = at_once(CLIENTS, |n| {
        let body = json!({ "kind": "transition", "slotId": last["id"], "employees": employees });
        let at = format!("{}/meetings", path("transition-needs", &needs[n]));
        world().speak(ADVISER, n).post(&at, &body)
    });
    let got = answers.iter().filter(|answer| answer.status == 201).count();
    let told = answers.iter().filter(|answer| answer.status == 409).map(Answer::json);
    let offered: Vec<usize> = told
        .map(|told| {
            assert_eq!(told["code"], "meeting.double-booked");
            told["nextFree"].as_array().unwrap().len()
        })
        .collect();
    assert_eq!((got, offered), (1, vec![3; CLIENTS - 1]));
    world().ensure_discreet();
}

/// Nobody's act asks for these: they are found by the two instances alone, each once.
#[test]
fn tm_01_two_engines_find_each_need_once() {
    let people = at_once(CLIENTS, |n| {
        let person = pupil(COUNSELLOR);
        let body = json!({
            "kind": "education", "name": "STU", "place": "STU-huset", "days": { "startedOn": world().today() },
            "source": "institution",
        });
        let at = format!("{}/education-and-work", path("young-people", &person));
        world().speak(COUNSELLOR, n).post(&at, &body).expect(201);
        person["id"].as_str().unwrap().to_owned()
    });
    let these = format!("young_person_id IN ('{}')", people.join("', '"));
    let count = |from: &str| world().database().count(&format!("FROM {from} AND {these}"));
    let found = || {
        [
            count("transition_need WHERE state = 'to-judge'"),
            count("event WHERE kind = 'transition-need.found'"),
            count("task WHERE kind = 'judge-need'"),
        ]
    };
    eventually("each is found and asked for", Duration::from_secs(150), || {
        (found() >= [CLIENTS; 3]).then_some(())
    });
    // And the next round of both changes nothing.
    std::thread::sleep(Duration::from_secs(70));
    assert_eq!(found(), [CLIENTS; 3]);
}
