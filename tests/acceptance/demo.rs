//! The demonstration, as `api.md` promises it: what it prints, who is there, and what survives.

use super::support::{
    Caller, Database, Folder, Process, demonstrate, demonstration, eventually, path, program,
    sign_in, sockets, speak, url, world,
};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

fn members(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_line_has_what_the_contract_says_and_every_account_signs_in() {
    let line = &world().line;
    assert_eq!(
        members(line),
        BTreeSet::from(["accounts", "dataDir", "databaseUrl", "metricsUrl", "url"])
    );
    let accounts = line["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 26);
    for account in accounts {
        assert_eq!(
            members(account),
            BTreeSet::from(["employeeId", "roles", "unit", "unitId", "username"])
        );
        let me =
            world().speak(account["username"].as_str().unwrap(), 1).get("/api/v1/me").expect(200);
        assert_eq!(
            (&me["employeeId"], &me["username"]),
            (&account["employeeId"], &account["username"])
        );
        assert_eq!(me["roles"][0]["role"], account["roles"][0]);
    }
    world().ensure_discreet();
}

/// The path of the one whom this caller finds under this name.
fn find(caller: &Caller, name: &str) -> Option<String> {
    let found = caller.post("/api/v1/young-people/search", &json!({ "text": name })).expect(200);
    let exact = |one: &&Value| one["givenName"] == name && one["familyName"] == "Demo";
    let found: Vec<&Value> = found["items"].as_array().unwrap().iter().filter(exact).collect();
    assert!(found.len() < 2, "{name} stands there twice");
    found.first().map(|one| path("young-people", one))
}

/// How many goals, results, participants and interventions are in the file, and what is hidden.
fn case_file(caller: &Caller, person: &str) -> Value {
    let file = caller.get(&format!("{person}/case-file")).expect(200);
    let count = |list: &Value| list.as_array().map(Vec::len);
    let plan = &file["plan"];
    let results = plan["goals"]
        .as_array()
        .map(|goals| goals.iter().filter(|goal| !goal["result"].is_null()).count());
    json!({
        "goals": count(&plan["goals"]), "results": results, "participants": count(&plan["participants"]),
        "links": count(&plan["links"]), "state": plan["state"],
        "contact": plan["contactPerson"]["name"], "coordinator": plan["coordinator"]["name"],
        "interventions": count(&file["interventions"]), "hidden": file["hiddenAreas"], "group": file["targetGroup"],
    })
}

#[test]
fn paw_and_tinna_are_whole_and_each_sees_what_they_may() {
    let as_ = |username: &str| world().speak(username, 1);
    let (jv, uu) = (as_("jv.sagsbehandler"), as_("uu.vejleder"));
    let (paw, tinna) = (find(&jv, "Paw").unwrap(), find(&uu, "Tinna").unwrap());
    let plan = |goals, results, participants, coordinator, group| {
        json!({
            "goals": goals, "results": results, "participants": participants, "links": 1, "state": "active",
            "contact": "Nanna Skriver", "coordinator": coordinator, "group": group,
        })
    };
    // Of health and family they see their own only, and that there is more.
    let seen = |plan: &Value, interventions: usize| {
        let mut seen = plan.clone();
        seen["interventions"] = json!(interventions);
        seen["hidden"] = json!(["health", "family-and-social"]);
        seen
    };
    let of_paw = plan(6, 5, 5, "Sofie Nygaard", 3);
    let of_tinna = plan(4, 4, 3, "Signe Højgaard", 0);
    assert_eq!(case_file(&jv, &paw), seen(&of_paw, 6));
    assert_eq!(case_file(&uu, &paw), seen(&of_paw, 2));
    assert_eq!(case_file(&uu, &tinna), seen(&of_tinna, 4));
    assert_eq!(case_file(&as_("bu.raadgiver"), &tinna), seen(&of_tinna, 3));
    // The institution sees who they are and what it provides, and no plan.
    let house = as_("vaeksthuset.konsulent");
    for (person, provides) in [(&paw, 2), (&tinna, 4)] {
        let file = case_file(&house, person);
        assert_eq!((&file["goals"], &file["state"]), (&Value::Null, &Value::Null));
        assert_eq!(file["interventions"], provides, "{file}");
    }
    // What they learned and work at, where they live and with whom, is for those who work with them.
    let told =
        |who: &Caller, path: &str| who.get(path).expect(200)["items"].as_array().map(Vec::len);
    for (who, person, what, number) in [
        (&jv, &paw, "education-and-work", 1),
        (&jv, &paw, "residence", 1),
        (&uu, &tinna, "education-and-work", 3),
        (&uu, &tinna, "guardians", 1),
    ] {
        let path = format!("{person}/{what}");
        assert_eq!(told(who, &path), Some(number), "{path}");
        assert_eq!(house.get(&path).status, 403, "{path}");
    }
    let school = uu.get(&format!("{tinna}/education-and-work")).expect(200);
    assert_eq!(
        (&school["inEducationOrWork"], &school["gradesPassed"]),
        (&json!(false), &json!([10]))
    );
    // For whom there is nobody.
    assert_eq!(find(&as_("bu.raadgiver"), "Paw"), None);
    assert_eq!(find(&jv, "Tinna"), None);
    assert_eq!(jv.get(&tinna).status, 404);
}

/// Processes whose command line names this folder.
fn processes_of(folder: &Folder) -> Vec<String> {
    let name = folder.path().to_str().unwrap();
    let lines = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok());
    // Our own keeper names it too, until it has ended.
    lines.filter(|line| line.contains(name)).map(|line| line.replace('\0', " ")).collect()
}

fn ensure_nothing_runs(folder: &Folder) {
    eventually("no process is left", Duration::from_secs(5), || {
        processes_of(folder).is_empty().then_some(())
    });
}

fn register(caller: &Caller, account: &Value, cpr: &str) -> String {
    let body = json!({ "cpr": cpr, "givenName": "Hver", "familyName": "Gang", "unitId": account["unitId"] });
    path("young-people", &caller.post("/api/v1/young-people", &body).expect(201))
}

fn account(line: &Value) -> &Value {
    line["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|account| account["username"] == "jv.sagsbehandler")
        .unwrap()
}

#[test]
fn f3_what_was_acknowledged_survives_every_end_but_a_fresh_start() {
    let data = Folder::new();
    let start = |more: &[&str]| -> (Process, Value, Caller) {
        let process = demonstrate(data.path(), "0", more);
        let line = process.ready();
        let caller = speak(&url(&line), "jv.sagsbehandler");
        (process, line, caller)
    };

    let (process, line, caller) = start(&[]);
    let _sockets = sockets(&line);
    let paw = find(&caller, "Paw").unwrap();
    let asked_to_end = register(&caller, account(&line), "6101064123");
    // A second one on the same folder is refused in one line, and disturbs nothing.
    let other = demonstrate(data.path(), "0", &[]);
    let refusal = eventually("a refusal", Duration::from_secs(10), || {
        Some(other.told().1).filter(|err| err.contains('\n'))
    });
    assert!(
        refusal.starts_with("enplan: another demonstration uses ") && refusal.lines().count() == 1,
        "{refusal}"
    );
    assert_eq!(other.end(), Some(1));
    assert_eq!(process.end(), Some(0), "SIGTERM is an orderly end");
    ensure_nothing_runs(&data);

    let (process, line, caller) = start(&[]);
    assert_eq!(find(&caller, "Paw").as_ref(), Some(&paw));
    caller.get(&asked_to_end).expect(200);
    let killed = register(&caller, account(&line), "6101064124");
    process.kill();

    let (process, _, caller) = start(&[]);
    for person in [&paw, &asked_to_end, &killed] {
        caller.get(person).expect(200);
    }
    drop(process);

    let (process, _, caller) = start(&["--fresh"]);
    for person in [&paw, &asked_to_end, &killed] {
        assert_eq!(caller.get(person).status, 404);
    }
    assert!(find(&caller, "Paw").is_some());
    drop(process);
    ensure_nothing_runs(&data);
}

#[test]
fn f3_a_start_that_was_killed_while_loading_begins_anew_and_is_whole() {
    let data = Folder::new();
    let process = demonstrate(data.path(), "500", &[]);
    until_it_says(&process, "Making up");
    std::thread::sleep(Duration::from_millis(500));
    process.kill();

    // As many as are made up where nothing is asked for.
    let process = demonstrate(data.path(), "600", &[]);
    let line = process.ready();
    let _sockets = sockets(&line);
    assert_eq!(Database::of(&line).count("FROM young_person"), 617);
    let jv = speak(&url(&line), "jv.sagsbehandler");
    let paw = find(&jv, "Paw").unwrap();
    assert_eq!(case_file(&jv, &paw)["results"], 5);
    assert_eq!(process.end(), Some(0));
    ensure_nothing_runs(&data);
}

fn until_it_says(process: &Process, words: &str) {
    eventually(words, Duration::from_mins(1), || {
        assert!(process.is_there(), "{}", process.told().1);
        process.told().1.contains(words).then_some(())
    });
}

#[test]
fn f3_it_ends_in_order_before_it_is_ready() {
    let data = Folder::new();
    // Making the cluster, migrating, loading.
    for stage in ["Starting", "Bringing", "Making up"] {
        let process = demonstrate(data.path(), "500", &[]);
        until_it_says(&process, stage);
        assert_eq!(process.end(), Some(0), "{stage}");
        ensure_nothing_runs(&data);
    }
    let process = demonstrate(data.path(), "0", &[]);
    let line = process.ready();
    let _sockets = sockets(&line);
    assert_eq!(Database::of(&line).count("FROM young_person"), 17);
}

#[test]
fn f3_it_ends_in_order_where_nobody_listens_any_more() {
    let data = Folder::new();
    let mut demo = Command::new(program());
    let demo =
        demo.args(demonstration(data.path(), "0")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut demo = demo.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(demo.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _sockets = sockets(&serde_json::from_str(&line).unwrap());
    drop(demo.stderr.take());
    kill(Pid::from_raw(demo.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    assert_eq!(demo.wait().unwrap().code(), Some(0));
    ensure_nothing_runs(&data);
}

#[test]
fn health_figures_and_document_answer() {
    let world = world();
    for url in &world.urls {
        let nobody = Caller::nobody(url.clone());
        for path in ["/health/live", "/health/ready"] {
            assert_eq!(nobody.get(path).expect(200), json!({ "status": "ok" }));
        }
        assert_eq!(nobody.get("/metrics").status, 404, "the figures have a port of their own");
    }
    let nobody = Caller::nobody(world.urls[0].clone());
    let document = nobody.get("/openapi.json").expect(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));

    let problem = nobody.get("/api/v1/me").expect(401);
    let kind = nobody.get(problem["type"].as_str().unwrap()).expect(200);
    assert_eq!((&kind["code"], &kind["status"]), (&problem["code"], &json!(401)));

    // Something with an id in its path, so that there is one to leave out.
    world.speak("jv.sagsbehandler", 0).get(&world.young_person("jv.sagsbehandler")).expect(200);
    let told = world.metrics();
    assert!(told.contains(r#"enplan_http_request_duration_seconds_bucket{operation="readYoungPerson",method="GET",status="200",le="#));
    let is_id = |part: &str| part.len() == 36 && part.matches('-').count() == 4;
    assert!(!told.split(['/', '"']).any(is_id), "{told}");
}

#[test]
fn e3_the_documentation_loads_nothing_from_elsewhere() {
    let nobody = Caller::nobody(world().urls[0].clone());
    let page = nobody.get("/docs/");
    assert_eq!(page.status, 200);
    let policy = &page.headers["content-security-policy"];
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self'"),
        "{policy}"
    );
    assert!(
        !page.body.contains("<script>") && !page.body.contains("onload="),
        "scripts in the page would be blocked"
    );
    let referred: Vec<&str> = page.body.split(['"', '\'']).collect::<Vec<_>>();
    let referred: Vec<&str> = referred
        .windows(2)
        .filter(|pair| pair[0].ends_with("src=") || pair[0].ends_with("href="))
        .map(|pair| pair[1])
        .collect();
    assert!(referred.len() > 2, "{}", page.body);
    for reference in referred {
        assert!(!reference.contains("//"), "{reference} lies elsewhere");
        let path = format!("/docs/{}", reference.trim_start_matches("./"));
        let loaded = nobody.get(&path);
        assert_eq!(loaded.status, 200, "{path}");
    }
    let start = nobody.get("/docs/swagger-initializer.js").body;
    assert!(start.contains("/openapi.json") && !start.contains("http"), "{start}");
}

#[test]
fn b1_the_key_set_verifies_a_token() {
    let token = sign_in(&world().urls[0], "dpo");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&decode(signed.split('.').next().unwrap())).unwrap();
    // The other instance has the same keys.
    let set = Caller::nobody(world().urls[1].clone()).get("/.well-known/jwks.json").expect(200);
    let key =
        set["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
    assert_eq!((&key["crv"], &header["alg"]), (&json!("Ed25519"), &json!("EdDSA")));
    assert_eq!(key.get("d"), None, "the private half is not told");
    let key = UnparsedPublicKey::new(&ED25519, decode(key["x"].as_str().unwrap()));
    key.verify(signed.as_bytes(), &decode(signature)).unwrap();
}
