//! A5, AC-10: in random worlds everybody finds the same people by every way there is: the list and its
//! pages, search, look-up, single reads, the case file, and what the list counts.

use crate::access_matrix::municipality;
use crate::entry_of;
use crate::steps::{done, plan_step, step};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use test_support::TestApp;
use uuid::Uuid;

/// Who registers, takes part and looks.
const CASEWORKERS: [&str; 5] =
    ["jv.sagsbehandler", "bu.raadgiver", "uu.vejleder", "social.raadgiver", "handicap.teamleder"];
/// Who takes part besides, without opening plans.
const PARTICIPANTS: [&str; 2] = ["mentor", "uu.hotline"];
/// Who looks besides.
const OTHERS: [&str; 12] = [
    "jv.sagsbehandler2",
    "jv.teamleder",
    "job.afdelingsleder",
    "bu.teamleder",
    "uu.teamleder",
    "rusmiddel.behandler",
    "mercantec.vejleder",
    "vaeksthuset.konsulent",
    "mentor",
    "test.bu-chef",
    "test.uu-chef",
    "ydelse.medarbejder",
];
/// Who provides something, and of which area.
const PROVIDERS: [(&str, &str); 8] = [
    ("mercantec", "education"),
    ("vaeksthuset", "employment"),
    ("rusmiddelcentret", "health"),
    ("uu-mentorer", "social"),
    ("handicapteamet", "family"),
    ("jobigen", "employment"),
    ("ydelseskontoret", "employment"),
    ("uu-stigen", "education"),
];

/// One young person's case, by the numbers of those above.
#[derive(Debug, Clone)]
struct Case {
    owner: usize,
    participants: BTreeSet<usize>,
    provided: BTreeSet<usize>,
    /// The participation that ended again.
    left: Option<usize>,
    /// The interventions were ended or withdrawn, and the plan closed.
    closed: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let some = |of: usize| prop::collection::btree_set(0..of, 0..3);
    (0..5_usize, some(7), some(8), any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |(owner, mut participants, provided, leaves, closed)| {
            participants.remove(&owner);
            let left = participants.first().copied().filter(|_| leaves);
            Case { owner, participants, provided, left, closed }
        },
    )
}

/// Somebody who was made, and by what they are found.
struct Made {
    id: Uuid,
    number: String,
    name: String,
    plan: Uuid,
    interventions: Vec<Uuid>,
}

/// A name of letters alone, unlike all others.
fn name(n: usize) -> String {
    const SYLLABLES: [&str; 8] = ["Bra", "Dol", "Fim", "Gry", "Hes", "Kvu", "Nør", "Tys"];
    format!("{}{}{}", SYLLABLES[n / 64 % 8], SYLLABLES[n / 8 % 8], SYLLABLES[n % 8])
}

async fn make(app: &TestApp, case: &Case, n: usize) -> Made {
    let owner = CASEWORKERS[case.owner];
    let mut body = app.registration(owner);
    body["familyName"] = json!(name(n));
    let number = body["cpr"].as_str().unwrap().to_owned();
    let id = done(app.as_(owner).post("/api/v1/young-people", body)).await.id();
    let plan = app.plan(owner, id).await.id();
    done(plan_step(app, owner, plan, "activate", json!({})).await).await;
    for participant in &case.participants {
        let all: Vec<&str> = CASEWORKERS.into_iter().chain(PARTICIPANTS).collect();
        let joined = app.participant(owner, plan, all[*participant]).await;
        if case.left == Some(*participant) {
            let theirs = joined.body["participants"].as_array().unwrap().last().unwrap();
            let theirs = theirs["id"].as_str().unwrap();
            let path = format!("/api/v1/plans/{plan}/participants/{theirs}/end");
            done(app.as_(owner).post_nothing(&path)).await;
        }
    }
    let mut interventions = Vec::new();
    for (provider, area) in case.provided.iter().map(|provided| PROVIDERS[*provided]) {
        let body = json!({
            "tailored": { "title": "Afklaring", "area": area, "providerId": app.unit(provider) },
            "plannedStart": app.today(), "responsibleId": app.employee(owner),
        });
        let path = format!("/api/v1/plans/{plan}/interventions");
        let intervention = done(app.as_(owner).post(&path, body)).await.id();
        let (on, starts) = (app.today(), area != "social");
        if starts {
            done(step(app, owner, intervention, "start", json!({ "on": on })).await).await;
        }
        if case.closed {
            let (last, body) = if starts {
                ("end", json!({ "on": on, "reason": "own-wish" }))
            } else {
                ("withdraw", json!({}))
            };
            done(step(app, owner, intervention, last, body).await).await;
        }
        interventions.push(intervention);
    }
    if case.closed {
        done(plan_step(app, owner, plan, "close", json!({ "outcome": "own-wish" })).await).await;
    }
    Made { id, number, name: name(n), plan, interventions }
}

/// Every page of a list, or nothing for those who may not list.
async fn listed(app: &TestApp, who: &str, filter: &str) -> BTreeMap<Uuid, Value> {
    let mut all = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = app
            .as_(who)
            .get(&format!("/api/v1/young-people?limit=3{filter}{cursor}"))
            .await
            .expect(200);
        let ids: BTreeSet<Uuid> =
            page.items().iter().map(|item| uuid(&item["id"]).unwrap()).collect();
        if !ids.is_empty() {
            let logged = entry_of(app, &page).await["young_people"].clone();
            let logged = logged.as_array().unwrap().iter().filter_map(uuid);
            assert_eq!(logged.collect::<BTreeSet<_>>(), ids, "on the log");
        }
        for item in page.items() {
            let again = all.insert(uuid(&item["id"]).unwrap(), item.clone());
            assert!(again.is_none(), "one person on two pages");
        }
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn uuid(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

/// Asserts that `who` finds the same people in every way, and says whom.
async fn finds(app: &TestApp, who: &str, people: &[Made]) -> BTreeSet<Uuid> {
    let me = app.as_(who);
    let list = listed(app, who, "").await;
    for unit in app.sql("SELECT id FROM unit WHERE operational").await {
        let of_unit = listed(app, who, &format!("&unitId={}", unit["id"].as_str().unwrap())).await;
        assert!(of_unit.keys().all(|id| list.contains_key(id)), "{who} finds more by a unit");
    }
    for person in people {
        let in_list = list.get(&person.id);
        let path = format!("/api/v1/young-people/{}", person.id);
        let single = me.get(&path).await;
        let file = me.get(&format!("{path}/case-file")).await;
        // However many they look up.
        app.execute("DELETE FROM access_check").await;
        let looked_up =
            me.post("/api/v1/young-people/lookup", json!({ "cpr": person.number })).await;
        let search = me
            .post("/api/v1/young-people/search", json!({ "text": person.name }))
            .await
            .expect(200);
        let searched = search.items().iter().any(|item| uuid(&item["id"]) == Some(person.id));
        let there = in_list.is_some();
        let status = if there { 200 } else { 404 };
        assert_eq!(
            (single.status, file.status, looked_up.status, searched),
            (status, status, status, there),
            "{who}: single read, case file, look-up, search"
        );
        let plan = me.get(&format!("/api/v1/plans/{}", person.plan)).await.status == 200;
        assert_eq!(plan, there && !file.body["plan"].is_null(), "{who}: the plan");
        let shown = file.body["interventions"].as_array().map_or(&[][..], Vec::as_slice);
        let shown_ids: BTreeSet<Uuid> = shown.iter().filter_map(|one| uuid(&one["id"])).collect();
        let mut readable = BTreeSet::new();
        for intervention in &person.interventions {
            let answer = me.get(&format!("/api/v1/interventions/{intervention}")).await;
            readable.extend((answer.status == 200).then_some(*intervention));
        }
        assert_eq!(shown_ids, readable, "{who}: interventions in the case file and one by one");
        if let Some(item) = in_list {
            // An institution is not told how many there are (AC-9).
            if let Some(counted) = item["startedInterventions"].as_i64() {
                let started = shown.iter().filter(|one| one["state"] == "started").count();
                assert_eq!(
                    usize::try_from(counted).unwrap(),
                    started,
                    "{who}: what the list counts"
                );
            }
            assert_eq!(uuid(&item["planId"]).is_some(), plan, "{who}: the plan in the list");
        }
    }
    list.into_keys().collect()
}

#[actix_web::test]
async fn a5_ac_10_every_way_finds_the_same_people() {
    let app = municipality().await;
    let mut runner = TestRunner::default();
    let mut people = Vec::new();
    for _ in 0..14 {
        let case = case().new_tree(&mut runner).unwrap().current();
        // A failure says which world it was.
        println!("{case:?}");
        people.push(make(&app, &case, people.len()).await);
    }
    let everybody = CASEWORKERS.iter().chain(&OTHERS);
    let mut found = BTreeMap::new();
    for who in everybody {
        found.insert(*who, finds(&app, who, &people).await);
    }
    let all: BTreeSet<Uuid> = people.iter().map(|person| person.id).collect();
    assert!(CASEWORKERS.iter().any(|who| !found[who].is_empty() && found[who] != all), "{found:?}");

    // What a role gave goes with it, in every way at once (AC-7).
    let who = CASEWORKERS.into_iter().max_by_key(|who| found[who].len()).unwrap();
    assert!(!found[who].is_empty());
    app.execute(&format!(
        "UPDATE employee_role SET valid_to = '{}' WHERE employee_id = '{}';
         INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
         SELECT gen_random_uuid(), '{1}', 'caseworker', id, '{0}' FROM unit WHERE code = 'team-uddannelseshjaelp'",
        app.now(),
        app.employee(who),
    ))
    .await;
    assert_eq!(finds(&app, who, &people).await, BTreeSet::new());
}
