//! F1: thirty-two clients on two instances at once. What holds, holds; nobody is answered by a fault.

use super::support::{Answer, Caller, at_once, eventually, path, world};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 32;
/// Of four units that do not see each other's young people.
const WORKERS: [&str; 4] = ["jv.sagsbehandler", "bu.raadgiver", "uu.vejleder", "social.raadgiver"];
const PLACES: usize = 5;

/// How often each outcome came.
fn tally(answers: &[Answer]) -> BTreeMap<(u16, String), usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry(answer.outcome()).or_default() += 1;
    }
    tally
}

fn told(expected: &[(u16, &str, usize)]) -> BTreeMap<(u16, String), usize> {
    expected.iter().map(|(status, told, times)| ((*status, (*told).to_owned()), *times)).collect()
}

#[test]
fn pl_01_one_of_thirty_two_opens_a_plan() {
    let world = world();
    let whose = world.young_person("jv.sagsbehandler");
    let answers = at_once(CLIENTS, |n| {
        world
            .speak("jv.sagsbehandler", n)
            .post(&format!("{whose}/plans"), &world.wanted("jv.sagsbehandler"))
    });
    assert_eq!(
        tally(&answers),
        told(&[(201, "draft", 1), (409, "plan.already-open", CLIENTS - 1)])
    );
    world.ensure_discreet();
}

#[test]
fn iv_02_one_of_thirty_two_refers_to_the_same_offer() {
    let world = world();
    let (plan, code) = (world.plan("jv.sagsbehandler"), world.offer(None));
    let answers = at_once(CLIENTS, |n| {
        let referral = world.referral("jv.sagsbehandler", &code, "wait");
        world.speak("jv.sagsbehandler", n).post(&format!("{plan}/interventions"), &referral)
    });
    let already = (409, "intervention.already-running", CLIENTS - 1);
    assert_eq!(tally(&answers), told(&[(201, "referred", 1), already]));
}

/// A plan of each client's own.
fn plans() -> Vec<String> {
    at_once(CLIENTS, |n| world().plan(WORKERS[n % 4]))
}

fn refer(plans: &[String], code: &str, on_no_place: &str) -> Vec<Answer> {
    at_once(CLIENTS, |n| {
        let who = WORKERS[n % 4];
        // The instance is not tied to the unit.
        let caller = world().speak(who, n / 4);
        caller
            .post(&format!("{}/interventions", plans[n]), &world().referral(who, code, on_no_place))
    })
}

/// The client's intervention as it is now.
fn look(n: usize, thing: &Value) -> Value {
    world().speak(WORKERS[n % 4], n).get(&path("interventions", thing)).expect(200)
}

/// As the provider sees them, to whom all are visible.
fn places(code: &str) -> Value {
    world()
        .speak("handicap.teamleder", 0)
        .get(&format!("/api/v1/intervention-catalogue/{code}/places"))
        .expect(200)
}

/// Whether the client's young person is where `state` says, for all of them.
fn in_state(things: &[Value], state: &str) -> Vec<usize> {
    (0..things.len()).filter(|n| look(*n, &things[*n])["state"] == state).collect()
}

#[test]
fn iv_03_who_asks_for_a_place_and_not_for_the_line_is_told_that_there_is_none() {
    let code = world().offer(Some(PLACES));
    let answers = refer(&plans(), &code, "refuse");
    let none = (409, "intervention.no-place", CLIENTS - PLACES);
    assert_eq!(tally(&answers), told(&[(201, "referred", PLACES), none]));
}

#[test]
fn iv_03_five_places_stay_five_and_the_line_moves_in_order() {
    let (world, code, plans) = (world(), world().offer(Some(PLACES)), plans());
    let things: Vec<Value> =
        refer(&plans, &code, "wait").iter().map(|answer| answer.expect(201)).collect();

    let (holders, line): (Vec<usize>, Vec<usize>) =
        (0..CLIENTS).partition(|n| things[*n]["state"] == "referred");
    assert_eq!(holders.len(), PLACES);
    let mut in_order: Vec<(u64, usize)> =
        line.iter().map(|n| (look(*n, &things[*n])["place"].as_u64().unwrap(), *n)).collect();
    in_order.sort_unstable();
    let numbers: Vec<u64> = in_order.iter().map(|(place, _)| *place).collect();
    assert_eq!(numbers, (1..=27).collect::<Vec<_>>());
    // On the waiting list a caller sees only their own young people.
    let seen = world.speak("jv.sagsbehandler", 0);
    let seen = seen.get(&format!("/api/v1/intervention-catalogue/{code}/places")).expect(200);
    let ours = line.iter().filter(|n| *n % 4 == 0).count();
    assert_eq!(seen["waiting"].as_array().unwrap().len(), ours);

    // All five fall free at once, half of them by ending: exactly the first five are offered theirs.
    for n in holders.iter().step_by(2) {
        step(*n, &things[*n], "start", &json!({ "on": world.today() })).expect(200);
    }
    at_once(PLACES, |k| {
        let n = holders[k];
        match k % 2 {
            0 => step(n, &things[n], "end", &json!({ "on": world.today(), "reason": "completed" })),
            _ => step(n, &things[n], "withdraw", &json!({})),
        }
        .expect(200)
    });
    eventually("five offers", Duration::from_secs(12), || {
        let reserved = places(&code)["reserved"].as_u64();
        (reserved == Some(5)).then_some(())
    });
    let mut first: Vec<usize> = in_order.iter().take(PLACES).map(|(_, n)| *n).collect();
    first.sort_unstable();
    assert_eq!(in_state(&things, "offered"), first);

    at_random(&code, &plans, things);
    world.ensure_discreet();
}

fn step(n: usize, thing: &Value, step: &str, body: &Value) -> Answer {
    world().speak(WORKERS[n % 4], n).step(&path("interventions", thing), step, Some(body))
}

/// All of them start, end, decline, withdraw and refer anew at random, while somebody counts.
fn at_random(code: &str, plans: &[String], things: Vec<Value>) {
    const ROUNDS: usize = 8;
    let (world, over) = (world(), AtomicBool::new(false));
    let today = world.today();
    let things: Vec<Mutex<Value>> = things.into_iter().map(Into::into).collect();
    std::thread::scope(|scope| {
        let counting = scope.spawn(|| {
            let (database, mut looks) = (world.database(), 0);
            let held = format!(
                "FROM intervention WHERE catalogue_code = '{code}' AND held @> '{}'::date",
                text(&today)
            );
            // Not for ever, lest a client's failure keep us here.
            let until = Instant::now() + Duration::from_mins(1);
            while !over.load(Ordering::Relaxed) && Instant::now() < until {
                assert!(database.count(&held) <= PLACES, "more than five hold a place");
                let seen = places(code);
                assert!(
                    seen["started"].as_u64().unwrap() + seen["reserved"].as_u64().unwrap() <= 5,
                    "{seen}"
                );
                looks += 1;
            }
            looks
        });
        at_once(CLIENTS, |n| {
            let (who, mut thing) = (WORKERS[n % 4], things[n].lock().unwrap());
            let mut place = u64::MAX;
            for round in 0..ROUNDS {
                let caller = world.speak(who, n + round);
                let now = look(n, &thing);
                // Nobody falls back in line.
                if let Some(now) = now["place"].as_u64() {
                    assert!(now <= place, "fell back from {place} to {now}");
                    place = now;
                }
                let answer = act(&caller, &now, &today, (n * 7 + round * 13) % 4);
                let answer = answer.unwrap_or_else(|| {
                    place = u64::MAX;
                    let again = caller.post(
                        &format!("{}/interventions", plans[n]),
                        &world.referral(who, code, "wait"),
                    );
                    *thing = again.expect(201);
                    again
                });
                // Somebody may have offered the place meanwhile.
                assert!(matches!(answer.status, 200 | 201 | 412), "{}", answer.body);
            }
        });
        over.store(true, Ordering::Relaxed);
        assert!(counting.join().unwrap() > 3, "nobody looked");
    });
    eventually("everything freed is offered", Duration::from_secs(15), || {
        let seen = places(code);
        let held = seen["started"].as_u64()? + seen["reserved"].as_u64()?;
        (held == 5 || seen["waiting"].as_array()?.is_empty()).then_some(())
    });
    let unfit = format!(
        "FROM intervention i WHERE catalogue_code = '{code}' AND state = 'offered' AND NOT EXISTS \
         (SELECT FROM task t WHERE t.subject_id = i.id AND t.kind = 'answer-offer' AND t.done_at IS NULL)"
    );
    assert_eq!(
        world.database().count(&unfit),
        0,
        "whoever was offered a place has the task of answering"
    );
    assert_eq!(world.database().count("FROM job"), 0, "no job is left");
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(world.database().ask(deadlocks), ["0"]);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A step that the intervention may take; none where it is over.
fn act(caller: &Caller, now: &Value, today: &Value, choice: usize) -> Option<Answer> {
    let (step, body) = match (now["state"].as_str().unwrap(), choice) {
        ("referred" | "offered", 0) => ("withdraw", json!({ "note": "En anden vej." })),
        ("offered", 1) => ("decline", json!({ "reason": "Ikke nu." })),
        ("referred" | "offered", _) => ("start", json!({ "on": today })),
        ("started", _) => ("end", json!({ "on": today, "reason": "education" })),
        ("waiting", 0) => ("withdraw", json!({})),
        ("waiting", _) => return Some(caller.get(&path("interventions", now))),
        _ => return None,
    };
    let ask = caller.ask("POST", &format!("{}/{step}", path("interventions", now)));
    Some(ask.version(now).body(&body).send())
}

#[test]
fn pl_10_of_thirty_two_changes_of_one_version_one_is_made() {
    let world = world();
    let plan = world.plan("jv.sagsbehandler");
    let read = world.speak("jv.sagsbehandler", 0).get(&plan).expect(200);
    let answers = at_once(CLIENTS, |n| {
        let ask = world.speak("jv.sagsbehandler", n).ask("PATCH", &plan).version(&read);
        ask.body(&json!({ "purpose": format!("Formål {n}") })).send()
    });
    assert_eq!(tally(&answers), told(&[(200, "active", 1), (412, "version.stale", CLIENTS - 1)]));
    let made = answers.iter().find(|answer| answer.status == 200).unwrap().json();
    let now = world.speak("jv.sagsbehandler", 1).get(&plan).expect(200);
    assert_eq!((&now["purpose"], &now["version"]), (&made["purpose"], &made["version"]));
}

#[test]
fn f2_twenty_posts_with_one_key_have_one_effect_and_one_answer() {
    let world = world();
    let (plan, goal) = (world.plan("jv.sagsbehandler"), goal("Én gang."));
    let answers = at_once(20, |n| {
        world
            .speak("jv.sagsbehandler", n)
            .ask("POST", &format!("{plan}/goals"))
            .key("f2-twenty")
            .body(&goal)
            .send()
    });
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &answers[0].body));
        assert_eq!(answer.headers.get("location"), answers[0].headers.get("location"));
    }
    let goals = world.speak("jv.sagsbehandler", 0).get(&plan).expect(200)["goals"].clone();
    assert_eq!(goals.as_array().unwrap().len(), 2, "the plan's first one and this one");
    let other =
        world.speak("jv.sagsbehandler", 0).ask("POST", &format!("{plan}/goals")).key("f2-twenty");
    assert_eq!(
        other.body(&self::goal("En anden.")).send().outcome(),
        (422, "request.key-reused".to_owned())
    );
}

pub fn goal(wished: &str) -> Value {
    json!({ "area": "network", "wishedResult": wished, "targetDate": "2030-01-01" })
}

#[test]
fn pl_06_a_participant_who_is_added_twice_at_once_takes_part_once() {
    let world = world();
    let (plan, social) = (world.plan("jv.sagsbehandler"), world.account("social.raadgiver"));
    let answers = at_once(8, |n| {
        let body = json!({ "unitId": social["unitId"], "employeeId": social["employeeId"] });
        world.speak("jv.sagsbehandler", n).post(&format!("{plan}/participants"), &body)
    });
    assert_eq!(
        tally(&answers),
        told(&[(201, "active", 1), (409, "plan.already-participating", 7)])
    );
    let now = world.speak("social.raadgiver", 1).get(&plan).expect(200);
    let ours = now["participants"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|unit| unit["unitId"] == social["unitId"]);
    assert_eq!(ours.count(), 1);
}
