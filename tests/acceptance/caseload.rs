//! CL-4: forty clients on two instances at once, at one below the limit, on every path by which somebody gets a
//! case. One gets the last place; nobody is answered by a fault, and nobody gets one more.

use super::support::{Answer, NORM, at_once, path, world};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CLIENTS: usize = 40;
const LIMIT: usize = 3;
const WORKER: &str = "jv.sagsbehandler";

/// A caseworker of JobSpor that only one test uses, with room up to the norm.
struct Colleague {
    id: String,
    path: String,
}

fn hire(username: &str) -> Colleague {
    let world = world();
    let admin = world.speak("admin", 0);
    let new = json!({
        "username": username, "givenName": "Acceptance", "familyName": "Kollega", "employedOn": "2020-01-01",
    });
    let made = admin.post("/api/v1/employees", &new).expect(201);
    let path = path("employees", &made);
    let role = json!({ "role": "caseworker", "unitId": world.account(WORKER)["unitId"] });
    let proposed = admin.post(&format!("{path}/roles"), &role).expect(201);
    let pending = proposed["pending"].as_array().unwrap();
    let role = pending.iter().find(|one| one["kind"] == "role").unwrap();
    let request = format!("/api/v1/rights-requests/{}", role["id"].as_str().unwrap());
    world.speak("admin2", 0).step(&request, "confirm", None).expect(200);
    Colleague { id: made["id"].as_str().unwrap().to_owned(), path }
}

impl Colleague {
    fn takes(&self) -> Value {
        json!({ "employeeId": self.id, "function": "caseworker" })
    }

    /// One of a list.
    fn takes_one(&self, whose: &str) -> Value {
        let mut item = self.takes();
        item["youngPersonId"] = json!(id(whose));
        item
    }

    /// They have these.
    fn have(&self, people: &[String]) -> Vec<Value> {
        let items: Vec<_> = people.iter().map(|whose| self.takes_one(whose)).collect();
        let made = world().speak(WORKER, 0).post("/api/v1/assignments", &json!({ "items": items }));
        made.expect(201)["items"].as_array().unwrap().clone()
    }

    /// As many as this is their limit from today on.
    fn agree(&self, limit: usize) {
        world().database().ask(&format!(
            "INSERT INTO caseload_terms (id, employee_id, unit_id, function, from_day, employment_share, reduction, reason, agreed_by_id, agreed_at)
             SELECT gen_random_uuid(), '{0}', '{1}', 'caseworker', '{2}', 100, {NORM} - {limit}, 'Acceptance', '{0}', now()",
            self.id, world().account(WORKER)["unitId"].as_str().unwrap(), world().today().as_str().unwrap()
        ));
    }

    /// One below their limit.
    fn almost_full(username: &str) -> Self {
        let colleague = hire(username);
        colleague.agree(LIMIT);
        colleague.have(&people(LIMIT - 1));
        colleague
    }

    /// A step of the administrator's, from the version there is.
    fn step(&self, step: &str) -> Answer {
        let version = format!("SELECT version FROM employee WHERE id = '{}'", self.id);
        let version: i64 = world().database().ask(&version)[0].parse().unwrap();
        let ask = world().speak("admin", 1).ask("POST", &format!("{}/{step}", self.path));
        ask.version(&json!({ "version": version })).send()
    }

    fn has(&self) -> usize {
        world().database().count(&format!(
            "FROM (SELECT DISTINCT young_person_id FROM assignment WHERE employee_id = '{}' AND ended_at IS NULL) a",
            self.id
        ))
    }
}

/// So many new young people.
fn people(many: usize) -> Vec<String> {
    at_once(many, |_| world().young_person(WORKER))
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn assign(n: usize, whose: &str, to: &Colleague) -> Answer {
    world().speak(WORKER, n).post(&format!("{whose}/assignments"), &to.takes())
}

fn reopen(n: usize, ended: &Value) -> Answer {
    let assignment = path("assignments", ended);
    world().speak(WORKER, n).step(&assignment, "reopen", None)
}

fn hand_over(n: usize, assignment: &Value, to: &Colleague) -> Answer {
    let moves = json!([{ "assignmentId": assignment["id"], "toEmployeeId": to.id }]);
    world()
        .speak(WORKER, n)
        .post("/api/v1/handovers", &json!({ "moves": moves, "reason": "Ny fordeling." }))
}

fn end(n: usize, assignment: &Value) -> Value {
    let reason = json!({ "reason": "Sagen hviler." });
    world()
        .speak(WORKER, n)
        .step(&path("assignments", assignment), "end", Some(&reason))
        .expect(200)
}

/// Somebody's who was the caseworker of forty, whose cases have ended, and who may have only so many now.
fn had_forty(username: &str) -> (Colleague, Vec<Value>) {
    let colleague = hire(username);
    let had = colleague.have(&people(CLIENTS));
    let ended = at_once(CLIENTS, |n| end(n, &had[n]));
    colleague.agree(LIMIT);
    colleague.have(&people(LIMIT - 1));
    (colleague, ended)
}

/// One got the last place; the others are told that there is none, and whom to ask.
fn one_of_forty(answers: &[Answer], colleague: &Colleague) {
    let mut tally = BTreeMap::new();
    for answer in answers {
        let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
        *tally.entry((answer.status, code)).or_default() += 1;
    }
    let expected =
        [((201, String::new()), 1), ((409, "caseload.limit-reached".to_owned()), CLIENTS - 1)];
    assert_eq!(tally, BTreeMap::from(expected));
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        let refused = refused.json();
        assert_eq!((&refused["limit"], &refused["current"]), (&json!(LIMIT), &json!(LIMIT)));
        assert!(!refused["colleagues"].as_array().unwrap().is_empty(), "{refused}");
    }
    assert_eq!(colleague.has(), LIMIT);
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(world().database().ask(deadlocks), ["0"]);
}

#[test]
fn cl_04_one_of_forty_is_assigned() {
    let (colleague, people) = (Colleague::almost_full("cl.en"), people(CLIENTS));
    let answers = at_once(CLIENTS, |n| assign(n, &people[n], &colleague));
    one_of_forty(&answers, &colleague);
    world().ensure_discreet();
}

#[test]
fn cl_04_one_of_forty_lists_is_assigned_and_of_the_others_nothing() {
    let (colleague, free) = (Colleague::almost_full("cl.liste"), hire("cl.ledig"));
    let people = people(2 * CLIENTS);
    let answers = at_once(CLIENTS, |n| {
        let items = [free.takes_one(&people[2 * n]), colleague.takes_one(&people[2 * n + 1])];
        world().speak(WORKER, n).post("/api/v1/assignments", &json!({ "items": items }))
    });
    one_of_forty(&answers, &colleague);
    assert_eq!(free.has(), 1, "all or nothing");
}

#[test]
fn cl_04_cl_08_one_of_forty_is_handed_over() {
    let (colleague, giver) = (Colleague::almost_full("cl.modtager"), hire("cl.giver"));
    let had = giver.have(&people(CLIENTS));
    let answers = at_once(CLIENTS, |n| hand_over(n, &had[n], &colleague));
    one_of_forty(&answers, &colleague);
    assert_eq!(giver.has(), CLIENTS - 1);
}

#[test]
fn cl_04_cl_11_one_of_forty_leaves_the_intake() {
    let (colleague, people) = (Colleague::almost_full("cl.indbakke"), people(CLIENTS));
    at_once(CLIENTS, |n| {
        let wanted = json!({
            "unitId": world().account(WORKER)["unitId"], "function": "caseworker", "reason": "Ingen har plads.",
        });
        world().speak(WORKER, n).post(&format!("{}/intake", people[n]), &wanted).expect(201)
    });
    let answers = at_once(CLIENTS, |n| assign(n, &people[n], &colleague));
    one_of_forty(&answers, &colleague);
    let ids: Vec<_> = people.iter().map(|whose| format!("'{}'", id(whose))).collect();
    let waiting = format!(
        "FROM intake_entry WHERE left_at IS NULL AND young_person_id IN ({})",
        ids.join(",")
    );
    assert_eq!(world().database().count(&waiting), CLIENTS - 1);
}

/// PL-17, U1: the named coordinator has the case, both when a plan is opened and when named in a draft.
#[test]
fn u01_pl_17_one_of_forty_plans_is_coordinated() {
    let (colleague, people) = (Colleague::almost_full("cl.koordinator"), people(CLIENTS));
    let mut wanted = world().wanted(WORKER);
    wanted.as_object_mut().unwrap().remove("coordinatorId");
    let drafts = at_once(CLIENTS / 2, |n| {
        let opened = world().speak(WORKER, n).post(&format!("{}/plans", people[n]), &wanted);
        path("plans", &opened.expect(201))
    });
    wanted["coordinatorId"] = json!(colleague.id);
    let answers = at_once(CLIENTS, |n| match drafts.get(n) {
        Some(draft) => {
            let named = json!({ "coordinatorId": colleague.id });
            let ask = world().speak(WORKER, n).ask("PUT", &format!("{draft}/coordinator"));
            ask.version(&json!({ "version": 1 })).body(&named).send()
        }
        None => world().speak(WORKER, n).post(&format!("{}/plans", people[n]), &wanted),
    });
    let done = answers.iter().filter(|answer| [200, 201].contains(&answer.status)).count();
    let full = |answer: &&Answer| {
        answer.status == 409 && answer.json()["code"] == json!("caseload.limit-reached")
    };
    assert_eq!((done, answers.iter().filter(full).count()), (1, CLIENTS - 1));
    assert_eq!(colleague.has(), LIMIT);
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(world().database().ask(deadlocks), ["0"]);
}

#[test]
fn cl_04_one_of_forty_is_reopened() {
    let (colleague, ended) = had_forty("cl.genoptaget");
    let answers = at_once(CLIENTS, |n| reopen(n, &ended[n]));
    one_of_forty(&answers, &colleague);
}

#[test]
fn cl_04_one_of_forty_comes_by_whichever_path() {
    let (colleague, ended) = had_forty("cl.blandet");
    let (giver, people) = (hire("cl.blandet.giver"), people(CLIENTS));
    let had = giver.have(&people[..CLIENTS / 2]);
    let answers = at_once(CLIENTS, |n| match n % 4 {
        0 => hand_over(n, &had[n / 2], &colleague),
        1 => assign(n, &people[CLIENTS / 2 + n / 2], &colleague),
        2 => reopen(n, &ended[n]),
        _ => {
            let items = [colleague.takes_one(&people[CLIENTS / 2 + n / 2])];
            world().speak(WORKER, n).post("/api/v1/assignments", &json!({ "items": items }))
        }
    });
    one_of_forty(&answers, &colleague);
}

#[test]
fn cl_04_cl_09_whoever_is_let_in_again_beside_the_others_keeps_the_limit() {
    let (colleague, people) = (Colleague::almost_full("cl.tilbage"), people(CLIENTS));
    colleague.step("deactivate").expect(200);
    let answers = at_once(CLIENTS, |n| match n {
        0 => colleague.step("reactivate"),
        _ => assign(n, &people[n], &colleague),
    });
    answers[0].expect(200);
    let mut given = 0;
    for answer in &answers[1..] {
        match (answer.status, answer.json()["code"].as_str()) {
            (201, _) => given += 1,
            (409, Some("caseload.limit-reached" | "assignment.not-in-function")) => {}
            told => panic!("{told:?}: {}", answer.body),
        }
    }
    assert!(given <= 1, "{given} got the last place");
    assert_eq!(colleague.has(), LIMIT - 1 + given);
    // The limit falls while they are away again: they come back when it is kept.
    colleague.step("deactivate").expect(200);
    colleague.agree(1);
    let refused = colleague.step("reactivate");
    assert_eq!(refused.outcome(), (409, "caseload.limit-reached".to_owned()));
    // And the employment stands while a case is left.
    let refused = colleague.step("end-employment");
    assert_eq!(refused.outcome(), (409, "employee.has-open-cases".to_owned()));
}
