//! The growth test of AC-15: after any sequence of commands, no employee sees more areas, young people or days than a
//! command in the table below explains. The visible data of each employee are read over HTTP, on the same day and on
//! later days.

use crate::access_matrix::{ROWS, Standing, asking, case_of};
use crate::meetings::{self, ADVISER, World, called};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use strum::VariantArray as _;
use test_support::contract::{Operation, operations};
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// The access that a command may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// No access: every command that is not named below.
    Nothing,
    /// Access to a new young person, for the unit that registers them.
    Registered,
    /// Access for the units and employees in the body: at most the caller's access that can be passed on.
    PassedOn,
    /// Access by a rule for a unit on duty; a fact that the unit records itself opens no access to it.
    Duty,
    /// Access to the areas that a unit works with, for the unit that accepts.
    Accepted,
    /// The access of a unit, for the employee in the path. It takes two people (OR-3) and is not run here.
    Role,
    /// The merge of two registrations of one young person. It is not run here but in `merges.rs`.
    Merged,
}

/// The commands that may open access. All other commands change no access.
const TABLE: &[(&str, Opens)] = &[
    ("registerYoungPerson", Opens::Registered),
    ("openPlan", Opens::PassedOn),
    ("addParticipant", Opens::PassedOn),
    ("referIntervention", Opens::PassedOn),
    ("closePlan", Opens::PassedOn),
    ("assignCase", Opens::PassedOn),
    ("assignCases", Opens::PassedOn),
    ("reopenAssignment", Opens::PassedOn),
    // PL-17: the coordinator of an active plan is assigned the case.
    ("setCoordinator", Opens::PassedOn),
    ("activatePlan", Opens::PassedOn),
    ("handOver", Opens::PassedOn),
    ("putIntoIntake", Opens::PassedOn),
    ("agreeResponsibility", Opens::PassedOn),
    ("widenAccess", Opens::PassedOn),
    ("raiseTransitionNeed", Opens::Duty),
    ("judgeTransitionNeed", Opens::Duty),
    ("referTransitionNeed", Opens::Duty),
    ("tellSupportNeed", Opens::Duty),
    ("endSupportNeed", Opens::Duty),
    ("recordEpisode", Opens::Duty),
    ("tellEpisodeDays", Opens::Duty),
    ("amendYoungPerson", Opens::Duty),
    ("correct", Opens::Duty),
    ("reportAbsences", Opens::Duty),
    ("recordAttendance", Opens::Duty),
    ("callNetworkMeeting", Opens::Duty),
    ("inviteToMeeting", Opens::Duty),
    ("moveMeeting", Opens::Duty),
    ("cancelMeeting", Opens::Duty),
    ("holdMeeting", Opens::Duty),
    ("acceptTransitionNeed", Opens::Accepted),
    ("employ", Opens::Role),
    ("giveRole", Opens::Role),
    ("confirmRightsRequest", Opens::Role),
    ("reactivateEmployee", Opens::Role),
    ("mergeYoungPeople", Opens::Merged),
    ("undoMerge", Opens::Merged),
];

/// The commands that pass access on to receivers that cannot pass it on again.
const NARROW: [&str; 3] = ["referIntervention", "agreeResponsibility", "widenAccess"];

/// Commands that are not run: those of a session or of other employees' accounts, because they would sign out the
/// employees of this test.
const NOT_DRIVEN: [&str; 7] = [
    "signIn",
    "refreshSession",
    "signOut",
    "changePassword",
    "deactivateEmployee",
    "endEmployment",
    "endRole",
];

/// The units with duties: they receive and assess transition needs, and guide.
const ON_DUTY: [&str; 5] =
    ["socialafdelingen", "uu-vejledningen", "uu-hotline", "uu-stigen", "uu-mentorer"];

/// The employees who act and read: at least one for each kind of unit and role.
const EVERYBODY: [&str; 15] = [
    "bu.raadgiver",
    "bu.teamleder",
    "handicap.teamleder",
    "ppr.psykolog",
    "jv.sagsbehandler",
    "jv.teamleder",
    "job.afdelingsleder",
    "social.raadgiver",
    "social.teamleder",
    "rusmiddel.behandler",
    "uu.vejleder",
    "uu.teamleder",
    "mentor",
    "mercantec.vejleder",
    "vaeksthuset.konsulent",
];

/// The days, counted from today, on which the visible data of each employee are read.
const AHEAD: [i64; 3] = [0, 100, 700];

/// The areas that an employee sees of a young person on a day, as bits.
type Sight = BTreeMap<(&'static str, Uuid, i64), i32>;

fn opens(operation: &str) -> Opens {
    TABLE.iter().find(|row| row.0 == operation).map_or(Opens::Nothing, |row| row.1)
}

/// Detects new commands: each command is either in the table above, or in the matrix and opens no access.
#[test]
fn ac_15_every_command_of_the_document_is_in_a_row() {
    let commands: BTreeSet<String> =
        operations().into_iter().filter(|one| one.method != "GET").map(|one| one.id).collect();
    for (known, _) in TABLE {
        assert!(commands.contains(*known), "{known} is no command any more");
    }
    for command in &commands {
        let rows = TABLE.iter().filter(|row| row.0 == *command).count();
        let driven = ROWS.iter().any(|row| row.0 == *command);
        assert!(
            rows <= 1 && (driven || NOT_DRIVEN.contains(&&**command)),
            "{command}: {rows} rows"
        );
    }
}

/// A world of young people with units that work with them, and units that see them for one purpose.
struct Town {
    world: World,
    /// The records of each young person, for requests of every operation.
    people: Vec<Standing>,
    /// The units of each employee, and themselves.
    holders: BTreeMap<&'static str, BTreeSet<Uuid>>,
    /// Each holder with a young person, if the holder may pass on access to that young person.
    passable: BTreeSet<(Uuid, Uuid)>,
    /// Whose facts create duties, of whom.
    recorded: BTreeSet<(Uuid, Uuid)>,
    runner: TestRunner,
}

impl Town {
    async fn new() -> Self {
        let world = World::of(crate::access_matrix::municipality().await).await;
        let app = &world.app;
        let mut people = Vec::new();
        let mut passable = BTreeSet::new();
        for owner in ["jv.sagsbehandler", "bu.raadgiver"] {
            let (number, case, intervention) = case_of(app, owner).await;
            let standing = Standing::hidden(app, &number, case, owner, intervention).await;
            passable.insert((app.unit_of(owner), standing.person));
            people.push(standing);
        }
        let known = people[0].clone();
        people.push(known.of_other(world.person, world.plan, world.need));
        let (person, plan, need) = meetings::somebody(app, 8, true).await;
        people.push(known.of_other(person, plan, need));
        let young = app.as_(ADVISER).post("/api/v1/young-people", json!({
            "cpr": "7503105991", "givenName": "Ida", "familyName": "Prøvesen", "unitId": app.unit_of(ADVISER),
        }));
        let young = young.await.expect(201).id();
        people.push(known.of_other(young, Uuid::now_v7(), Uuid::now_v7()));
        for one in &people[2..] {
            passable.insert((app.unit_of(ADVISER), one.person));
        }
        let mut holders = BTreeMap::new();
        for who in EVERYBODY {
            let employee = app.employee(who);
            let query = format!("SELECT unit_id FROM roles_at('{employee}', '{}')", app.now());
            let units = app.sql(&query).await;
            let units = units.iter().map(|row| row["unit_id"].as_str().unwrap().parse().unwrap());
            holders.insert(who, units.chain([employee]).collect());
        }
        let mut town =
            Self { world, people, holders, passable, recorded: BTreeSet::new(), runner: runner() };
        town.narrow_bases().await;
        town.notes_of_every_area(&town.people).await;
        town
    }

    fn app(&self) -> &TestApp {
        &self.world.app
    }

    fn any<T: Clone + std::fmt::Debug + 'static>(&mut self, of: &[T]) -> T {
        select(of.to_vec()).new_tree(&mut self.runner).unwrap().current()
    }

    fn chance(&mut self, of: f64) -> bool {
        prop::bool::weighted(of).new_tree(&mut self.runner).unwrap().current()
    }

    /// Gives some units access for one purpose, to some areas, or for a time, by access bases that cannot be passed on.
    async fn narrow_bases(&mut self) {
        for person in self.people.clone() {
            for _ in 0..3 {
                let (who, kind) =
                    (self.any(&EVERYBODY), self.any(&["law", "meeting", "consent", "provision"]));
                let (areas, days) = (self.any(&[1, 3, 5, 9]), self.any(&[20, 100, 1000]));
                let areas = if kind == "provision" { 1 } else { areas };
                let (unit, source, app) = (self.app().unit_of(who), Uuid::now_v7(), self.app());
                app.execute(&format!(
                    "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from, valid_to)
                     SELECT '{source}', '{}', '{unit}', 'unit', '{kind}', {areas}, '{source}', 'x', '2026-11-01Z',
                            timestamptz '{}' + interval '{days} days' FROM unit u WHERE u.id = '{unit}' AND u.operational",
                    person.person,
                    app.now(),
                ))
                .await;
            }
        }
    }

    /// Writes a note of every area about each young person, by a unit without employees in this test.
    async fn notes_of_every_area(&self, people: &[Standing]) {
        let app = self.app();
        let people = people
            .iter()
            .map(|one| format!("'{}'::uuid", one.person))
            .collect::<Vec<_>>()
            .join(", ");
        app.execute(&format!(
            "INSERT INTO journal_entry (id, young_person_id, information_area, writing_unit_id, kind, took_place_at, text, entered_by_id, entered_at)
             SELECT gen_random_uuid(), p, a, '{}', 'note', '2026-11-02Z', 'x', '{}', '2026-11-02Z'
               FROM unnest(ARRAY[{people}]) p, unnest(ARRAY[2, 4, 8, 16, 32]) a",
            app.unit("trepas"),
            app.employee("admin"),
        ))
        .await;
    }

    /// The areas of each young person that each employee sees, on each of the days ahead.
    async fn sight(&self, ahead: &[i64]) -> Sight {
        let (app, mut sight) = (self.app(), Sight::new());
        for days in ahead {
            app.advance(chrono::TimeDelta::days(*days));
            for who in EVERYBODY {
                for person in &self.people {
                    let seen = seen(app, who, person.person).await;
                    sight.insert((who, person.person, *days), seen);
                }
            }
            app.advance(-chrono::TimeDelta::days(*days));
        }
        sight
    }

    /// A digest of the rows from which access follows. If it is unchanged, later days need not be read.
    async fn bases(&self) -> Value {
        let rows =
            "SELECT md5(string_agg(b::text, ',' ORDER BY b.id)) AS bases FROM access_basis b";
        self.app().sql(rows).await[0]["bases"].clone()
    }

    /// The version of the record that a command changes, as the caller reads it.
    async fn version(&self, who: &str, operation: &Operation, path: &str) -> i64 {
        if !operation.asks_for_a_version() {
            return 1;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let length = if parts.get(3) == Some(&"hotline") { 6 } else { 5 };
        let read = self.app().as_(who).get(&parts[..length].join("/")).await;
        read.header("etag").trim_matches('"').parse().unwrap_or(1)
    }

    fn named(&mut self) -> (&'static str, Value) {
        let who = self.any(&EVERYBODY);
        (who, called(self.app(), who))
    }

    /// A body that takes effect, for an operation whose body in the matrix is refused.
    async fn body(&mut self, who: &str, operation: &str, about: &Standing) -> Option<Value> {
        let (other, employee) = self.named();
        let (unit, today) = (employee["unitId"].clone(), self.app().today());
        Some(match operation {
            "registerYoungPerson" => self.app().registration(who),
            "addParticipant" => employee,
            "referIntervention" => json!({
                "tailored": { "title": "Afklaring", "area": "education", "providerId": unit },
                "plannedStart": today, "responsibleId": self.app().employee(who),
            }),
            "assignCase" => {
                let function = self.any(&["caseworker", "adviser", "counsellor", "mentor"]);
                json!({ "employeeId": self.app().employee(other), "function": function })
            }
            "putIntoIntake" => json!({ "unitId": unit, "function": "caseworker", "reason": "x" }),
            "agreeResponsibility" => json!({
                "unitId": unit, "supportsFrom": today, "coordinatesFrom": "2027-03-01",
            }),
            "referTransitionNeed" => json!({ "unitId": unit, "words": "x" }),
            "recordEpisode" if self.chance(0.6) => json!({
                "kind": "education", "name": "STU", "place": "x", "source": "caseworker", "days": { "startedOn": "2026-11-22" },
            }),
            "recordEpisode" => json!({
                "kind": "school", "place": "x", "grade": 9, "source": "caseworker", "days": { "startedOn": "2026-08-10" },
            }),
            "tellSupportNeed" => {
                json!({ "legalBasis": "sel-107", "goesOnAfter18": true, "words": "x", "from": today })
            }
            "recordAttendance" => json!({ "days": [{ "on": today, "presence": "absent" }] }),
            "registerPregnancy" => json!({ "knownOn": today }),
            "callMeeting" => {
                let slot = self.any(&self.world.slots.clone());
                json!({ "kind": "transition", "slotId": slot, "employees": meetings::of_each_side(self.app()) })
            }
            "callNetworkMeeting" => {
                let day = self.any(&["2026-12-20", "2026-12-21", "2027-01-05"]);
                let room = self.world.rooms[0];
                let at = json!({ "roomId": room, "startsAt": format!("{day}T12:00:00Z"), "endsAt": format!("{day}T13:00:00Z") });
                json!({ "at": at, "employees": [employee] })
            }
            "inviteToMeeting" => json!({ "employees": [employee] }),
            "holdMeeting" => {
                let meeting =
                    self.app().as_(who).get(&format!("/api/v1/meetings/{}", about.meeting())).await;
                if meeting.status != 200 {
                    return None;
                }
                let mut body = meetings::holding(&self.world, &meeting);
                body["receiver"]["unitId"] = unit.clone();
                body["receiver"]["employeeId"] = json!(self.app().employee(other));
                body["agreed"] = json!([]);
                body
            }
            "widenAccess" => json!({
                "unitId": unit, "areas": self.any(&[vec!["plan"], vec!["plan", "education-and-employment"], vec!["health"]]),
                "legalBasis": "kui-1", "reason": "x", "until": "2027-02-01",
            }),
            _ => return None,
        })
    }

    /// Runs one command of a random employee about a random young person.
    async fn command(&mut self, operation: &Operation) -> (&'static str, Uuid, Value, Answer) {
        let owners = ["jv.sagsbehandler", ADVISER, ADVISER, "uu.vejleder", "social.raadgiver"];
        let who = if self.chance(0.5) { self.any(&owners) } else { self.any(&EVERYBODY) };
        let about = self.any(&self.people.clone());
        let about = self.latest(about).await;
        let own = self.body(who, &operation.id, &about).await;
        let path = crate::access_matrix::path_of(self.app(), operation, &about);
        let version = self.version(who, operation, &path).await;
        let call = asking(self.app(), who, operation, &about).if_match(version);
        let body = own
            .clone()
            .or_else(|| crate::access_matrix::body(self.app(), who, &operation.id, &about));
        let answer = match own {
            Some(body) => call.json(body).await,
            None => call.await,
        };
        (who, about.person, body.unwrap_or_default(), answer)
    }

    /// The same young person with the newest plan, need, meeting and intervention.
    async fn latest(&self, about: Standing) -> Standing {
        let newest = async |table: &str, by: &str| -> Option<Uuid> {
            let query = format!(
                "SELECT id FROM {table} WHERE young_person_id = '{}' ORDER BY {by} DESC LIMIT 1",
                about.person
            );
            self.app().sql(&query).await.first().and_then(|row| row["id"].as_str()?.parse().ok())
        };
        let plan = newest("plan", "opened_at").await.unwrap_or(about.plan);
        let need = newest("transition_need", "raised_on").await.unwrap_or(about.need);
        let meeting = newest("meeting", "called_at").await;
        let intervention =
            newest("intervention", "referred_at").await.unwrap_or(about.intervention);
        about.with(plan, need, meeting, intervention)
    }

    /// Asserts that a command explains everything that `after` shows beyond `before`, and stores what can be passed on
    /// from now on.
    fn explain(
        &mut self,
        command: &Command<'_>,
        before: &Sight,
        after: &Sight,
    ) -> Result<(), String> {
        let mut named = uuids_of(
            command.body,
            &["unitId", "employeeId", "toEmployeeId", "providerId", "coordinatorId"],
        );
        // If an employee receives a case in a unit, the unit receives it too.
        for who in EVERYBODY {
            if named.contains(&self.app().employee(who)) {
                named.insert(self.app().unit_of(who));
            }
        }
        let caller = command.who.map(|who| self.holders[who].clone()).unwrap_or_default();
        let passes = caller.iter().any(|holder| self.passable.contains(&(*holder, command.about)));
        for ((who, person, days), now) in after {
            let gained = now & !before.get(&(*who, *person, *days)).copied().unwrap_or_default();
            if gained == 0 {
                continue;
            }
            let holders = &self.holders[who];
            let is_named = holders.iter().any(|holder| named.contains(holder));
            let is_callers = holders.iter().any(|holder| caller.contains(holder));
            let explained = match command.opens {
                Opens::Nothing | Opens::Role | Opens::Merged => false,
                Opens::Registered => is_named && !before.keys().any(|key| key.1 == *person),
                Opens::PassedOn => {
                    let has = command.who.and_then(|by| before.get(&(by, *person, *days)));
                    passes
                        && *person == command.about
                        && (is_named || is_callers)
                        && gained & !has.copied().unwrap_or_default() == 0
                }
                Opens::Accepted => is_callers && *person == command.about && gained & !7 == 0,
                // By time or by a fact, but never by a fact that only the unit itself recorded.
                Opens::Duty => {
                    let recorded: Vec<_> =
                        self.recorded.iter().filter(|one| one.1 == *person).collect();
                    let alone =
                        !recorded.is_empty() && recorded.iter().all(|one| holders.contains(&one.0));
                    let on_duty =
                        ON_DUTY.iter().any(|code| holders.contains(&self.app().unit(code)));
                    gained & !15 == 0 && (is_named || on_duty) && !is_callers && !alone
                }
            };
            if !explained {
                return Err(format!(
                    "{who} sees {gained} more of {person} in {days} days: {command:?}"
                ));
            }
        }
        let lasting = match command.opens {
            Opens::Registered => true,
            Opens::PassedOn => passes && !NARROW.contains(&command.operation),
            _ => false,
        };
        if lasting {
            self.passable.extend(named.iter().map(|holder| (*holder, command.about)));
        }
        if command.opens == Opens::Accepted {
            self.passable.extend(caller.iter().map(|holder| (*holder, command.about)));
        }
        if command.opens == Opens::Duty {
            self.recorded.extend(caller.iter().map(|holder| (*holder, command.about)));
        }
        Ok(())
    }
}

/// A command, with its caller and its young person.
#[derive(Debug)]
struct Command<'a> {
    operation: &'a str,
    opens: Opens,
    /// The caller; `None` if time passed and the due jobs ran.
    who: Option<&'static str>,
    about: Uuid,
    body: &'a Value,
}

/// The areas that an employee sees of a young person.
async fn seen(app: &TestApp, who: &str, person: Uuid) -> i32 {
    let path = format!("/api/v1/young-people/{person}");
    if app.as_(who).get(&path).await.status != 200 {
        return 0;
    }
    let notes = app.as_(who).get(&format!("{path}/notes?limit=100")).await;
    notes.items().iter().fold(1, |areas, note| {
        let area = domain::access::InformationArea::VARIANTS.iter().find(|area| {
            let name: &str = (**area).into();
            note["informationArea"] == name
        });
        areas | area.map_or(0, |area| area.bit())
    })
}

/// The ids that a body names under these members, wherever they are.
fn uuids_of(body: &Value, members: &[&str]) -> BTreeSet<Uuid> {
    match body {
        Value::Array(items) => items.iter().flat_map(|item| uuids_of(item, members)).collect(),
        Value::Object(object) => object
            .iter()
            .flat_map(|(name, value)| match value.as_str().and_then(|text| text.parse().ok()) {
                Some(id) if members.contains(&&**name) => BTreeSet::from([id]),
                _ => uuids_of(value, members),
            })
            .collect(),
        _ => BTreeSet::new(),
    }
}

#[actix_web::test]
async fn ac_15_growth_nobody_sees_more_than_a_command_explains() {
    let mut town = Town::new().await;
    let commands: Vec<Operation> = operations()
        .into_iter()
        .filter(|one| one.method != "GET" && !NOT_DRIVEN.contains(&&*one.id))
        .filter(|one| !matches!(opens(&one.id), Opens::Role | Opens::Merged))
        .collect();
    let opening: Vec<Operation> =
        commands.iter().filter(|one| opens(&one.id) != Opens::Nothing).cloned().collect();
    let mut before = town.sight(&AHEAD).await;
    let (mut bases, mut done) = (town.bases().await, BTreeMap::<String, usize>::new());
    for step in 0..TRIES {
        if done.values().sum::<usize>() == COMMANDS {
            break;
        }
        let (operation, who, about, body) = if town.chance(0.06) {
            let days = town.any(&[0, 1, 9]);
            town.app().advance(chrono::TimeDelta::days(days));
            before = town.sight(&AHEAD).await;
            town.app().run_due_jobs().await;
            ("time".to_owned(), None, Uuid::nil(), Value::Null)
        } else {
            let list = if town.chance(0.5) { &opening } else { &commands };
            let operation = town.any(list);
            let (who, about, body, answer) = town.command(&operation).await;
            assert!(answer.status < 500, "{}: {:#}", operation.name, answer.body);
            if answer.status >= 300 {
                continue;
            }
            if operation.id == "registerYoungPerson" {
                let new = town.people[0].of_other(answer.id(), Uuid::now_v7(), Uuid::now_v7());
                let about = new.person;
                town.notes_of_every_area(std::slice::from_ref(&new)).await;
                town.people.push(new);
                (operation.id, Some(who), about, body)
            } else if operation.id == "activatePlan" {
                (operation.id, Some(who), about, answer.body["coordinator"].clone())
            } else {
                (operation.id, Some(who), about, body)
            }
        };
        println!("{step}: {who:?} {operation} {about} {body}");
        *done.entry(operation.clone()).or_default() += 1;
        let now = town.bases().await;
        let changed = now != bases || who.is_none();
        bases = now;
        let after = town.sight(if changed { &AHEAD } else { &AHEAD[..1] }).await;
        let opens = if who.is_none() { Opens::Duty } else { opens(&operation) };
        let command = Command { operation: &operation, opens, who, about, body: &body };
        if let Err(unexplained) = town.explain(&command, &before, &after) {
            panic!("step {step}: {unexplained}");
        }
        before.extend(after);
    }
    println!("{done:?}");
    assert!(done.len() >= KINDS, "too little came about: {done:?}");
}

/// The number of commands that take effect in a world, and the largest number of attempts. Most attempts are refused.
const COMMANDS: usize = 40;
const TRIES: usize = 2000;

/// The smallest number of different commands among them.
const KINDS: usize = 12;

/// The sequence is random. `GROWTH_SEED` repeats a run.
fn runner() -> TestRunner {
    let given = std::env::var_os("GROWTH_SEED");
    let seed = given.map(|seed| seed.to_str().unwrap().parse().unwrap());
    let seed: u128 = seed.unwrap_or_else(|| Uuid::now_v7().as_u128());
    println!("GROWTH_SEED={seed}");
    let bytes = [seed.to_be_bytes(), seed.to_be_bytes()].concat();
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
