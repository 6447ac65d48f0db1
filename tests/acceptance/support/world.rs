//! Two instances on one database, and what the tests put into it.

use super::{
    Caller, Database, FAMILY_NAME, Folder, PASS_PHRASE, Process, next, path, sign_in, url,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The number of cases in the norm of JobSpor's caseworkers and job consultants.
pub const NORM: usize = 500;

/// A demonstration in a folder of its own, and a second instance beside it.
#[derive(Debug)]
pub struct World {
    pub line: Value,
    pub demo: Process,
    pub second: Mutex<Option<Process>>,
    /// Where the two instances are.
    pub urls: [String; 2],
    tokens: Mutex<HashMap<String, String>>,
    numbers: Mutex<Vec<String>>,
    // Gone last.
    folders: [Folder; 2],
}

/// The world that tests share. It ends with the process.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut world = World::new();
        world.demo.remove_at_end(&world.folders);
        let second = world.second.get_mut().unwrap().as_mut().unwrap();
        second.remove_at_end(&[]);
        world
    })
}

/// Starts a demonstration on this data folder.
pub fn demonstrate(data: &Path, population: &str, more: &[&str]) -> Process {
    Process::start(&[&demonstration(data, population)[..], more].concat(), &[])
}

/// Its arguments.
pub fn demonstration<'a>(data: &'a Path, population: &'a str) -> [&'a str; 8] {
    let data = data.to_str().unwrap();
    ["demo", "--listen", "127.0.0.1:0", "--population", population, "--data", data, "--json"]
}

/// The folder of the cluster's socket, which lies outside the data folder.
pub fn sockets(line: &Value) -> Folder {
    let url = line["databaseUrl"].as_str().unwrap();
    let host = url.rsplit_once('@').unwrap().1.split('/').next().unwrap();
    Folder(host.replace("%2F", "/").into())
}

impl World {
    pub fn new() -> Self {
        let data = Folder::new();
        let demo = demonstrate(data.path(), "0", &[]);
        let line = demo.ready();
        let second = serve(&line);
        let urls = [url(&line), url(&second.ready())];
        let folders = [data, sockets(&line)];
        let second = Mutex::new(Some(second));
        // The tests give JobSpor more plans than its norm has room for (PL-17).
        Database::of(&line).ask(&format!(
            "INSERT INTO caseload_norm (id, unit_id, function, from_day, cases, reason, decision_no, decided_at)
             SELECT gen_random_uuid(), u.id, f.function, current_date, {NORM}, 'Acceptance', 100 + f.n, now()
               FROM unit u, (VALUES (1, 'caseworker'), (2, 'job-consultant')) f (n, function) WHERE u.code = 'jobspor'"
        ));
        Self {
            line,
            demo,
            second,
            urls,
            tokens: Mutex::default(),
            numbers: Mutex::default(),
            folders,
        }
    }

    /// Starts the second instance again, wherever it then is.
    pub fn second_again(&self) -> String {
        let second = serve(&self.line);
        let url = url(&second.ready());
        *self.second.lock().unwrap() = Some(second);
        url
    }

    /// This account, at one of the two instances.
    pub fn speak(&self, username: &str, instance: usize) -> Caller {
        let mut tokens = self.tokens.lock().unwrap();
        let token =
            tokens.entry(username.to_owned()).or_insert_with(|| sign_in(&self.urls[0], username));
        Caller { url: self.urls[instance % 2].clone(), token: Some(token.clone()) }
    }

    pub fn account(&self, username: &str) -> &Value {
        self.line["accounts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|account| account["username"] == username)
            .unwrap()
    }

    /// Today, as the municipality counts.
    pub fn today(&self) -> Value {
        let places =
            self.speak("jv.sagsbehandler", 0).get("/api/v1/intervention-catalogue/mentor/places");
        places.expect(200)["on"].clone()
    }

    /// A young person whom nobody has registered yet.
    pub fn somebody(&self, who: &str) -> Value {
        self.somebody_of(20, who)
    }

    /// The same of somebody who turns so many years old this year.
    pub fn somebody_of(&self, age: usize, who: &str) -> Value {
        let n = next();
        let year: usize = self.today().as_str().unwrap()[2..4].parse().unwrap();
        let cpr =
            format!("{:02}{:02}{:02}4{:03}", n % 28 + 61, n / 28 % 12 + 1, year - age, n / 336);
        self.numbers.lock().unwrap().push(cpr.clone());
        json!({
            "cpr": cpr, "givenName": "Acceptance", "familyName": FAMILY_NAME, "unitId": self.account(who)["unitId"],
        })
    }

    /// The path of a new young person of this account's.
    pub fn young_person(&self, who: &str) -> String {
        path("young-people", &self.register(who, &self.somebody(who)))
    }

    /// Registers a young person, one at a time: until it is done, a registration counts as a check that gave no access (AC-19),
    /// and nobody may have 20 of those.
    pub fn register(&self, who: &str, body: &Value) -> Value {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        self.speak(who, next()).post("/api/v1/young-people", body).expect(201)
    }

    /// The path of a new, active plan.
    pub fn plan(&self, who: &str) -> String {
        let (caller, whose) = (self.speak(who, next()), self.young_person(who));
        let plan =
            path("plans", &caller.post(&format!("{whose}/plans"), &self.wanted(who)).expect(201));
        caller.step(&plan, "activate", None).expect(200);
        plan
    }

    /// What a plan needs to be active.
    pub fn wanted(&self, who: &str) -> Value {
        json!({
            "purpose": "En hverdag, der hænger sammen.", "ownWords": "Jeg vil gerne i gang.",
            "coordinatorId": self.account(who)["employeeId"],
            "goals": [{ "area": "education", "wishedResult": "En uddannelse.", "targetDate": "2030-01-01" }],
        })
    }

    /// A referral to this offer.
    pub fn referral(&self, who: &str, code: &str, on_no_place: &str) -> Value {
        json!({
            "catalogueCode": code, "plannedStart": self.today(), "responsibleId": self.account(who)["employeeId"],
            "onNoPlace": on_no_place,
        })
    }

    /// A new offer of the disability team's, with so many places from today on.
    pub fn offer(&self, places: Option<usize>) -> String {
        let (leader, code) =
            (self.speak("handicap.teamleder", 0), format!("acceptance-{}", next()));
        let entry = json!({
            "title": "Acceptance", "description": "An offer of the tests.", "area": "employment",
            "providerId": self.account("handicap.teamleder")["unitId"],
            "companyOriented": false, "repeatable": false, "cannotWait": false,
        });
        let path = format!("/api/v1/intervention-catalogue/{code}");
        leader.ask("PUT", &path).body(&entry).send().expect(201);
        if let Some(places) = places {
            let decided = json!({ "from": self.today(), "places": places, "reason": "As many as there are." });
            leader.post(&format!("{path}/places"), &decided).expect(200);
        }
        code
    }

    /// What is in the database, as one who sees all of it.
    pub fn database(&self) -> Database {
        Database::of(&self.line)
    }

    /// What the first instance counts and times.
    pub fn metrics(&self) -> String {
        let url = self.line["metricsUrl"].as_str().unwrap().strip_suffix("/metrics").unwrap();
        Caller::nobody(url.to_owned()).get("/metrics").body
    }

    /// Neither process, its figures, nor the cluster may have told anything of anybody (C1).
    pub fn ensure_discreet(&self) {
        let second = self.second.lock().unwrap().as_ref().map(Process::told).unwrap_or_default();
        let data = Path::new(self.line["dataDir"].as_str().unwrap());
        let log = fs::read_to_string(data.join("postgresql/cluster/data/server.log")).unwrap();
        let (out, err) = self.demo.told();
        assert_eq!(
            out,
            format!("{}\n", self.line),
            "the line is all that stands on standard output"
        );
        assert!(
            second.1.contains(r#""http.route":"/api/v1/"#),
            "there is something to look through: {}",
            second.1
        );
        let metrics = self.metrics();
        assert!(metrics.contains(r#"operation="listYoungPeople""#), "there are figures: {metrics}");
        let mut secrets = self.numbers.lock().unwrap().clone();
        secrets.extend(self.tokens.lock().unwrap().values().cloned());
        secrets.extend([FAMILY_NAME, PASS_PHRASE].map(str::to_owned));
        for told in [err, second.0, second.1, log, metrics] {
            for secret in &secrets {
                assert!(!told.contains(secret), "{secret} was told: {told}");
            }
        }
    }
}

fn serve(line: &Value) -> Process {
    let database = line["databaseUrl"].as_str().unwrap();
    let environment = [("ENPLAN_DATABASE_URL", database), ("ENPLAN_LOG", "debug")];
    Process::start(&["serve", "--listen", "127.0.0.1:0", "--json"], &environment)
}
