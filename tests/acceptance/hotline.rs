//! HL-4, HL-8, DL-3: many clients on two instances at once with the same contact, and two engines on the same deadlines.

use super::support::{Answer, at_once, eventually, path, world};
use serde_json::{Value, json};
use std::time::Duration;

const CLIENTS: usize = 20;
const HOTLINE: &str = "uu.hotline";
const WORKER: &str = "jv.sagsbehandler";

fn contact(summary: &str) -> Value {
    json!({
        "callerKind": "institution", "callerName": "Prøve Opkalder", "channel": "phone", "topic": "housing",
        "urgency": "acute", "summary": summary,
    })
}

#[test]
fn hl_08_a_contact_sent_twenty_times_under_its_key_is_one() {
    let answers = at_once(CLIENTS, |n| {
        let ask = world().speak(HOTLINE, n).ask("POST", "/api/v1/hotline/contacts");
        ask.body(&contact("Tyve gange det samme.")).key("acceptance-hotline").send()
    });
    let ids: Vec<Value> = answers.iter().map(|answer| answer.expect(201)["id"].clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let logged = "FROM hotline_contact WHERE summary = 'Tyve gange det samme.'";
    assert_eq!(world().database().count(logged), 1);
    world().ensure_discreet();
}

#[test]
fn hl_04_of_twenty_who_take_a_contact_one_is_its_owner() {
    let logged = world().speak(HOTLINE, 0).post("/api/v1/hotline/contacts", &contact("En ejer."));
    let logged = logged.expect(201);
    let answers: Vec<Answer> = at_once(CLIENTS, |n| {
        let who = if n < CLIENTS / 2 { HOTLINE } else { "uu.teamleder" };
        let take = format!("{}/take", path("hotline/contacts", &logged));
        world().speak(who, n).ask("POST", &take).version(&logged).send()
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| [200, 412].contains(&answer.status)));
}

/// Both instances reckon once a minute. Nobody's act asks for these: they are found by the two of them alone.
#[test]
fn dl_03_two_engines_tell_of_each_deadline_once() {
    let day = world().database().ask("SELECT current_date - 30")[0].clone();
    let benefit = json!({ "kind": "uddannelseshjaelp", "from": day });
    let ids = at_once(CLIENTS, |n| {
        let whose = world().young_person(WORKER);
        let told = world().speak(WORKER, n).post(&format!("{whose}/benefits"), &benefit);
        format!("'{}'", told.expect(201)["id"].as_str().unwrap())
    });
    let these = format!("subject_id IN ({})", ids.join(","));
    world().database().ask(&format!("DELETE FROM task WHERE {these}"));
    let told = || world().database().count(&format!("FROM task WHERE {these}"));
    let risen = |having: &str| {
        world().database().count(&format!(
            "FROM (SELECT t.id FROM task t JOIN event e ON e.subject_id = t.id::text AND e.kind = 'task.raised'
                    WHERE t.{these} GROUP BY t.id {having}) r"
        ))
    };
    eventually("each is told of and has risen", Duration::from_secs(150), || {
        (told() >= CLIENTS && risen("") >= CLIENTS).then_some(())
    });
    // And the next round of both changes nothing.
    std::thread::sleep(Duration::from_secs(70));
    assert_eq!((told(), risen(""), risen("HAVING count(*) > 1")), (CLIENTS, CLIENTS, 0));
}
