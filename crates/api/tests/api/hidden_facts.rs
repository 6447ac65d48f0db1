//! A8, A14, AC-17: what one operation hides from a role, no operation reveals: the echo test calls every documented read, and
//! includes a new one automatically.

use crate::hotline::{HOTLINE, contact, with};
use crate::meetings::{ADVISER, World, called};
use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, done};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use test_support::contract::operations;
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// A fact, and the texts and ids that identify it because they appear nowhere else.
struct Fact {
    name: &'static str,
    marks: Vec<String>,
}

/// A reader, and the facts that are hidden by the role or by the areas of the access basis.
struct Reader {
    username: &'static str,
    hidden: &'static [&'static str],
}

const EVERYTHING: &[&str] =
    &["pregnancy", "journal", "contact", "health", "family", "education", "plan", "identity"];

/// Facts by roles and areas: the table that the echo test checks.
const READERS: &[Reader] = &[
    Reader { username: ADVISER, hidden: &[] },
    Reader { username: "bu.teamleder", hidden: &[] },
    Reader { username: "chef.ny", hidden: &["pregnancy"] },
    Reader { username: "ydelse.medarbejder", hidden: &["pregnancy"] },
    Reader { username: "mentor", hidden: &["pregnancy"] },
    Reader { username: "vuc.vejleder", hidden: &["pregnancy", "journal", "contact"] },
    Reader { username: CASEWORKER, hidden: &["pregnancy", "health", "family"] },
    Reader {
        username: "handicap.teamleder",
        hidden: &["pregnancy", "journal", "contact", "health", "family", "education"],
    },
    Reader {
        username: "ppr.psykolog",
        hidden: &["pregnancy", "journal", "contact", "health", "family", "education", "plan"],
    },
    // Every open transition need is shown to this unit by law: identity and plan.
    Reader {
        username: STRANGER,
        hidden: &["pregnancy", "journal", "contact", "health", "family", "education"],
    },
    Reader { username: "rusmiddel.behandler", hidden: EVERYTHING },
    Reader { username: "fgu.vejleder", hidden: EVERYTHING },
    Reader {
        username: HOTLINE,
        hidden: &["pregnancy", "journal", "health", "family", "education", "plan", "identity"],
    },
    Reader { username: "styregruppe", hidden: EVERYTHING },
    Reader { username: "dpo", hidden: EVERYTHING },
    Reader { username: "admin", hidden: EVERYTHING },
];

/// The ids for the paths of the read operations, by the segment before the parameter.
struct Seeded {
    world: World,
    facts: Vec<Fact>,
    ids: BTreeMap<&'static str, Vec<String>>,
}

/// A basis of these areas for a unit of the case.
async fn open(app: &TestApp, person: Uuid, who: &str, areas: i32) {
    let source = Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES ('{source}', '{person}', '{}', 'unit', 'law', {areas}, '{source}', 'x', '2026-11-01Z')",
        app.unit_of(who)
    ))
    .await;
}

fn id_of(answer: &Answer) -> String {
    answer.id().to_string()
}

#[expect(clippy::too_many_lines, reason = "a young person with every kind of fact")]
async fn seeded() -> Seeded {
    let world = World::new().await;
    let (app, person, plan) = (&world.app, world.person, world.plan);
    app.employ("chef.ny", "department-head", "ungeenheden").await;
    let me = app.as_(ADVISER);
    let of_person = |what: &str| format!("/api/v1/young-people/{person}/{what}");
    let network = json!({
        "at": { "roomId": world.rooms[1], "startsAt": "2026-11-25T12:00:00Z", "endsAt": "2026-11-25T14:00:00Z" },
        "employees": [called(app, ADVISER)],
        "outsideParties": [{ "name": "Ekko Jordemoder", "role": "midwife" }],
    });
    let known = json!({ "knownOn": "2026-11-20", "networkMap": "Ekkonetværk." });
    let pregnancy = done(me.post(&of_person("pregnancies"), known)).await;
    let meeting = done(me.post(&of_person("network-meetings"), network)).await;
    let second = done(me.post(&of_person("conversations"), json!({
        "informationArea": "education-and-employment", "tookPlaceAt": "2026-11-22T09:00:00Z", "form": "face-to-face", "minutes": 45,
        "tookPart": ["Ekkodeltager"], "youngPersonTookPart": true, "text": "Ekkosamtale.",
    })))
    .await;
    let note = json!({ "informationArea": "education-and-employment", "tookPlaceAt": "2026-11-22T09:00:00Z", "text": "Ekkonotat." });
    let note = done(me.post(&of_person("notes"), note)).await;
    let refer = async |title: &str, area: &str| {
        let body = json!({
            "tailored": { "title": title, "area": area }, "plannedStart": app.today(), "responsibleId": app.employee(ADVISER),
        });
        done(me.post(&format!("/api/v1/plans/{plan}/interventions"), body)).await
    };
    let health = refer("Ekkobehandling", "health").await;
    let family = refer("Ekkofamilie", "family").await;
    let course = refer("Ekkokursus", "education").await;
    let support = json!({
        "legalBasis": "sel-85", "goesOnAfter18": true, "words": "Ekkostøtte.", "from": app.today(),
    });
    let support = me.post(&of_person("support-needs"), support).await;
    let school = json!({
        "kind": "education", "name": "Ekkoskole", "place": "Ekkosted", "source": "young-person",
        "days": { "startedOn": "2026-08-10" },
    });
    let school = done(me.post(&of_person("education-and-work"), school)).await;
    let purpose = json!({ "purpose": "Ekkoformål." });
    let read = done(me.get(&format!("/api/v1/plans/{plan}"))).await;
    done(me.patch(&format!("/api/v1/plans/{plan}"), purpose).if_match(read.version())).await;
    let number = format!("SELECT id FROM person_identifier WHERE young_person_id = '{person}'");
    assert_eq!(app.sql(&number).await.len(), 1);
    let told = with(contact("drop-out-risk", "Ekkohenvendelse."), "cpr", json!("7503104001"));
    let told = done(app.as_(HOTLINE).post("/api/v1/hotline/contacts", told)).await;
    app.run_due_jobs().await;
    let whose = app.employee(CASEWORKER);
    done(app.as_("admin").post_nothing(&format!("/api/v1/employees/{whose}/reset-password"))).await;
    let people = [
        ("ydelse.medarbejder", 63),
        ("mentor", 63),
        ("vuc.vejleder", 63),
        (CASEWORKER, 7),
        ("handicap.teamleder", 3),
        ("ppr.psykolog", 1),
    ];
    for (who, areas) in people {
        open(app, person, who, areas).await;
    }
    let rows = async |query: &str| -> Vec<String> {
        let rows = app.sql(query).await;
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let tasks = async |kinds: &str| {
        rows(&format!(
            "SELECT id FROM task WHERE young_person_id = '{person}' AND kind IN ({kinds})"
        ))
        .await
    };
    let nm = "'hold-first-network-meeting', 'hold-second-network-meeting'";
    assert_eq!(tasks(nm).await.len(), 1);
    let marks = |texts: &[&str], ids: Vec<String>| {
        texts.iter().map(|text| (*text).to_owned()).chain(ids).collect::<Vec<String>>()
    };
    let mut of_pregnancy = tasks(nm).await;
    of_pregnancy.extend([id_of(&pregnancy), id_of(&meeting)]);
    let mut of_contact = tasks("'answer-hotline'").await;
    of_contact.push(id_of(&told));
    let mut of_family = vec![id_of(&family)];
    if support.status == 201 {
        of_family.push(id_of(&support));
    }
    let facts = vec![
        Fact {
            name: "pregnancy",
            marks: marks(&["Ekko Jordemoder", "Ekkonetværk"], of_pregnancy.clone()),
        },
        Fact {
            name: "journal",
            marks: marks(
                &["Ekkosamtale", "Ekkonotat", "Ekkodeltager"],
                vec![id_of(&second), id_of(&note)],
            ),
        },
        Fact { name: "contact", marks: marks(&["Ekkohenvendelse"], of_contact) },
        Fact { name: "health", marks: marks(&["Ekkobehandling"], vec![id_of(&health)]) },
        Fact { name: "family", marks: marks(&["Ekkofamilie", "Ekkostøtte"], of_family) },
        Fact {
            name: "education",
            marks: marks(
                &["Ekkokursus", "Ekkoskole", "Ekkosted"],
                vec![id_of(&course), id_of(&school)],
            ),
        },
        Fact { name: "plan", marks: marks(&["Ekkoformål"], vec![plan.to_string()]) },
        Fact { name: "identity", marks: marks(&["Kaja"], vec![person.to_string()]) },
    ];
    let all = async |table: &str| rows(&format!("SELECT id FROM {table}")).await;
    let mut ids = BTreeMap::new();
    ids.insert("young-people", vec![person.to_string()]);
    ids.insert("plans", vec![plan.to_string()]);
    for (segment, table) in [
        ("goals", "goal"),
        ("interventions", "intervention"),
        ("meetings", "meeting"),
        ("tasks", "task"),
        ("transition-needs", "transition_need"),
        ("assignments", "assignment"),
        ("intake-entries", "intake_entry"),
        ("covers", "cover"),
        ("rights-requests", "rights_request"),
        ("intervention-groups", "intervention_group"),
        ("pregnancies", "pregnancy"),
    ] {
        ids.insert(segment, all(table).await);
    }
    ids.insert("contacts", vec![id_of(&told)]);
    ids.insert("conversations", vec![id_of(&second)]);
    ids.insert("notes", vec![id_of(&note)]);
    ids.insert("employees", vec![app.employee(ADVISER).to_string()]);
    ids.insert(
        "units",
        vec![app.unit_of(ADVISER).to_string(), app.unit_of(CASEWORKER).to_string()],
    );
    ids.insert("intervention-catalogue", vec!["stigen".to_owned()]);
    ids.insert("problems", vec!["access.denied".to_owned()]);
    ids.insert("calendars", vec!["nobodys".to_owned()]);
    Seeded { world, facts, ids }
}

impl Seeded {
    /// All paths of a template. The test fails if it has no ids for a parameter.
    fn paths(&self, template: &str) -> Vec<String> {
        let Some((before, rest)) = template.split_once('{') else {
            return vec![template.to_owned()];
        };
        let segment = before.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let (_, after) = rest.split_once('}').unwrap();
        let Some(ids) = self.ids.get(segment) else {
            panic!("the echo test knows no id for {template}: seed one, with what it shows");
        };
        let filled = ids.iter().map(|id| format!("{before}{id}{after}"));
        filled.flat_map(|path| self.paths(&path)).collect()
    }

    /// All requests of the reader that change nothing: the reads and the searches.
    async fn answers(&self, who: &str) -> Vec<(String, Answer)> {
        let (app, mut answers) = (&self.world.app, Vec::new());
        for operation in operations() {
            if operation.method == "GET" {
                for path in self.paths(&operation.path) {
                    answers.push((path.clone(), app.as_(who).get(&path).await));
                }
            }
        }
        for (path, body) in [
            ("/api/v1/young-people/search", json!({ "text": "Kaja" })),
            ("/api/v1/young-people/lookup", json!({ "cpr": "7503104001" })),
            ("/api/v1/hotline/contacts/search", json!({ "text": "Ekkohenvendelse" })),
        ] {
            let answer = app.as_(who).post(path, body.clone()).await;
            // A response does not repeat the text of a search.
            answers.push((format!("{path} {body}"), answer));
        }
        answers
    }
}

/// The marks of a fact in a response. An id in the path does not count unless the response adds it.
fn told<'a>(fact: &'a Fact, path: &str, answer: &Answer) -> Vec<&'a str> {
    let mut text = String::from_utf8_lossy(&answer.raw).into_owned();
    for (name, value) in &answer.headers {
        text = [&text, name.as_str(), value.to_str().unwrap_or_default()].join("\n");
    }
    let marks = fact.marks.iter().map(String::as_str);
    marks.filter(|mark| text.contains(mark) && !path.contains(mark)).collect()
}

#[actix_web::test]
async fn a08_ac_17_what_one_read_hides_no_read_reveals() {
    let seeded = seeded().await;
    let mut echoes = Vec::new();
    for reader in READERS {
        let answers = seeded.answers(reader.username).await;
        for fact in &seeded.facts {
            let hidden = reader.hidden.contains(&fact.name);
            let mut shown = false;
            for (path, answer) in &answers {
                let marks = told(fact, path, answer);
                shown |= !marks.is_empty();
                if hidden && !marks.is_empty() {
                    echoes.push(format!(
                        "{} sees {} by {path}: {marks:?}",
                        reader.username, fact.name
                    ));
                }
            }
            // A fact that no reader sees would test nothing.
            if !hidden && !shown {
                echoes.push(format!("{} does not see {}", reader.username, fact.name));
            }
        }
    }
    assert!(echoes.is_empty(), "{}", echoes.join("\n"));
}

/// Also by the number of overdue tasks, in the lists that contain such numbers.
#[actix_web::test]
async fn a08_ac_17_a_hidden_task_is_not_counted() {
    let seeded = seeded().await;
    let (app, person) = (&seeded.world.app, seeded.world.person);
    app.execute(&format!(
        "UPDATE task SET done_at = '2026-11-23T08:00:00Z', ended = 'tick' WHERE young_person_id = '{person}'
           AND kind <> 'hold-first-network-meeting'"
    ))
    .await;
    let unit = app.unit_of(ADVISER);
    let wanted = json!({ "unitId": unit, "function": "mentor", "reason": "Ingen har plads." });
    done(app.as_(ADVISER).post(&format!("/api/v1/young-people/{person}/intake"), wanted)).await;
    app.at("2026-12-20T09:00:00Z");
    let path = format!("/api/v1/units/{unit}/intake");
    let mut counted = Vec::new();
    for who in ["bu.teamleder", "chef.ny"] {
        let listed = done(app.as_(who).get(&path)).await;
        counted.push(listed.items()[0]["overdueTasks"].as_i64().unwrap());
    }
    assert_eq!(counted[0] - counted[1], 1, "the task about the pregnancy is hidden from the head");
    // Nor does a row of the unit's figures show that there is one.
    let figures = format!("/api/v1/units/{unit}/deadlines?from=2026-12&to=2026-12");
    let mut shown = Vec::new();
    for who in ["bu.teamleder", "chef.ny"] {
        let listed = done(app.as_(who).get(&figures)).await;
        shown.push(listed.items().iter().any(|row| row["kind"] == "hold-first-network-meeting"));
    }
    assert_eq!(shown, [true, false]);
}

/// The table that the database uses equals the policy.
#[actix_web::test]
async fn a08_ac_17_the_database_hides_the_same_facts_as_the_policy() {
    use domain::access::policy::{ActionKind, Relation, allows};
    use domain::organisation::{Department, Role};
    use strum::VariantArray as _;
    let app = TestApp::new().await;
    let facts = [
        ("pregnancy", ActionKind::ReadPregnancies),
        ("journal", ActionKind::ReadJournal),
        ("contact", ActionKind::ReadContact),
        ("follow_up", ActionKind::ReadFollowUps),
    ];
    let mut expected: Vec<Value> = Vec::new();
    for department in Department::VARIANTS {
        for role in Role::VARIANTS {
            let may = |action| allows(*department, *role, Relation::Works, action);
            let read: Vec<&str> =
                facts.iter().filter(|(_, action)| may(*action)).map(|(fact, _)| *fact).collect();
            if !read.is_empty() {
                let (department, role): (&str, &str) = (department.as_ref(), role.into());
                expected.push(json!({ "department": department, "role": role, "facts": read }));
            }
        }
    }
    let mut stored = app.sql("SELECT department, role, facts FROM role_reads").await;
    let order = |one: &Value| one.to_string();
    expected.sort_by_key(order);
    stored.sort_by_key(order);
    assert_eq!(stored, expected);
}

/// A14: a change of hidden data changes neither the reader's response nor its version.
#[actix_web::test]
async fn a14_ac_17_a_hidden_change_is_no_version() {
    let app = TestApp::new().await;
    let (person, _, need) = crate::meetings::somebody(&app, 1, false).await;
    open(&app, person, COUNSELLOR, 7).await;
    let path = format!("/api/v1/transition-needs/{need}");
    let (mine, theirs) =
        (done(app.as_(ADVISER).get(&path)).await, done(app.as_(COUNSELLOR).get(&path)).await);
    let body = json!({ "on": app.today(), "words": "Drøftet." });
    let told =
        done(app.as_(ADVISER).post(&format!("{path}/committee"), body).if_match(mine.version()))
            .await;
    assert!(told.version() > mine.version(), "whoever sees it sees another version");
    let again = done(app.as_(COUNSELLOR).get(&path)).await;
    assert_eq!((&again.body, again.header("etag")), (&theirs.body, theirs.header("etag")));
    let listed = done(app.as_(COUNSELLOR).get("/api/v1/transition-needs")).await;
    assert_eq!(listed.items()[0]["version"], theirs.body["version"]);
    let listed = done(app.as_(ADVISER).get("/api/v1/transition-needs")).await;
    assert_eq!(listed.items()[0]["version"], told.body["version"]);
    // Nor does it make a change by the reader stale.
    let stale = app
        .as_(ADVISER)
        .post(&format!("{path}/committee"), json!({ "on": app.today(), "words": "x" }))
        .if_match(mine.version());
    assert_eq!(stale.await.status, 412);
}

/// A resource with a version, as a reader sees it: the content without the version, and the version.
async fn versioned(seeded: &Seeded, who: &str) -> BTreeMap<String, (Value, String)> {
    let answers = seeded.answers(who).await.into_iter();
    answers
        .filter(|(_, answer)| answer.status == 200 && !answer.header("etag").is_empty())
        .map(|(path, answer)| {
            let etag = answer.header("etag").to_owned();
            let mut body = answer.body;
            if let Some(members) = body.as_object_mut() {
                members.remove("version");
            }
            (path, (body, etag))
        })
        .collect()
}

/// A14, for all resources with a version: after any command, an identical response has an identical version.
#[actix_web::test]
async fn a14_ac_17_what_looks_the_same_has_the_same_version() {
    let seeded = seeded().await;
    let (app, person) = (&seeded.world.app, seeded.world.person);
    let (plan, need) = (seeded.world.plan, seeded.world.need);
    let readers =
        ["chef.ny", "vuc.vejleder", CASEWORKER, "handicap.teamleder", "ppr.psykolog", HOTLINE];
    let of_health =
        app.sql("SELECT id, version FROM intervention WHERE title = 'Ekkobehandling'").await;
    let health = of_health[0]["id"].as_str().unwrap().to_owned();
    let contact = seeded.ids["contacts"][0].clone();
    let me = app.as_(ADVISER);
    let mut changed = 0;
    for step in 0..6 {
        let mut before = Vec::new();
        for who in readers {
            before.push(versioned(&seeded, who).await);
        }
        let answer = match step {
            0 => {
                let version =
                    done(me.get(&format!("/api/v1/transition-needs/{need}"))).await.version();
                let body = json!({ "on": app.today(), "words": "Drøftet." });
                me.post(&format!("/api/v1/transition-needs/{need}/committee"), body)
                    .if_match(version)
                    .await
            }
            1 => {
                let body = json!({ "area": "education", "wishedResult": "Begyndt.", "targetDate": "2027-08-01" });
                me.post(&format!("/api/v1/plans/{plan}/goals"), body).await
            }
            2 => {
                let body = json!({ "on": app.today() });
                me.post(&format!("/api/v1/interventions/{health}/start"), body).if_match(1).await
            }
            3 => {
                app.as_(HOTLINE)
                    .post_nothing(&format!("/api/v1/hotline/contacts/{contact}/take"))
                    .if_match(1)
                    .await
            }
            4 => {
                let body = json!({ "informationArea": "family-and-social", "tookPlaceAt": "2026-11-22T09:00:00Z", "text": "x" });
                me.post(&format!("/api/v1/young-people/{person}/notes"), body).await
            }
            _ => {
                let pregnancy = seeded.ids["pregnancies"][0].clone();
                let body = json!({ "bornOn": "2026-11-22" });
                me.post(&format!("/api/v1/pregnancies/{pregnancy}/birth"), body).if_match(1).await
            }
        };
        changed += i32::from(answer.status < 300);
        for (who, before) in readers.iter().zip(before) {
            let after = versioned(&seeded, who).await;
            for (path, (body, etag)) in before {
                let Some((now, version)) = after.get(&path) else { continue };
                assert!(body != *now || etag == *version, "{who} {path} after step {step}");
            }
        }
    }
    assert!(changed >= 5, "the steps were taken: {changed}");
}
