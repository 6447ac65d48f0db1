//! OR-2, OR-3: two people for every right, and secrets that end permanently.

use crate::entry_of;
use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use test_support::{Answer, Call, PASS_PHRASE, TestApp};
use uuid::Uuid;

const NEW: &str = "min egen lange sætning";

async fn employ(app: &TestApp, username: &str) -> Answer {
    let body = json!({ "username": username, "givenName": "Eva", "familyName": "Ny" });
    app.as_("admin").post("/api/v1/employees", body).await.expect(201)
}

/// What is pending after `who` proposed a role.
async fn proposed(app: &TestApp, who: &str, whom: Uuid, role: &str, unit: &str) -> Value {
    let body = json!({ "role": role, "unitId": app.unit(unit) });
    let path = format!("/api/v1/employees/{whom}/roles");
    app.as_(who).post(&path, body).await.expect(201).pending("role")
}

fn reset<'a>(app: &'a TestApp, who: &'a str, whom: Uuid) -> Call<'a> {
    app.as_(who).post_nothing(&format!("/api/v1/employees/{whom}/reset-password"))
}

fn path_of(request: &Value) -> String {
    format!("/api/v1/rights-requests/{}", request["id"].as_str().unwrap())
}

async fn refuse(app: &TestApp, who: &str, request: &Value) -> Answer {
    let path = format!("{}/refuse", path_of(request));
    app.as_(who).post_nothing(&path).if_match(request["version"].as_i64().unwrap()).await
}

fn phrase(confirmed: &Answer) -> String {
    confirmed.body["oneTimePassPhrase"].as_str().unwrap().to_owned()
}

async fn sign_in(app: &TestApp, username: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "password": password });
    app.as_nobody().post("/api/v1/session", body).await
}

fn bearing<'a>(call: Call<'a>, tokens: &Answer) -> Call<'a> {
    let token = tokens.body["accessToken"].as_str().unwrap();
    call.header("Authorization", &format!("Bearer {token}"))
}

async fn change(app: &TestApp, tokens: &Answer, current: &str, new: &str) -> Answer {
    let body = json!({ "current": current, "new": new });
    bearing(app.as_nobody().put("/api/v1/me/password", body), tokens).await
}

async fn refresh(app: &TestApp, tokens: &Answer) -> Answer {
    let body = json!({ "refreshToken": tokens.body["refreshToken"] });
    app.as_nobody().post("/api/v1/session/refresh", body).await
}

async fn me(app: &TestApp, tokens: &Answer) -> Answer {
    bearing(app.as_nobody().get("/api/v1/me"), tokens).await
}

async fn employee(app: &TestApp, id: Uuid) -> Value {
    let listed = app.as_("admin2").get("/api/v1/employees?limit=200").await.expect(200);
    listed.items().iter().find(|one| one["id"] == json!(id)).unwrap().clone()
}

/// The kinds of the events of an answered request.
async fn kinds(app: &TestApp, answer: &Answer) -> Vec<String> {
    let id = answer.header("x-request-id");
    let events =
        app.sql(&format!("SELECT kind FROM event WHERE request_id = '{id}' ORDER BY kind")).await;
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

async fn stop(app: &TestApp, who: &str, whom: Uuid, step: &str) -> Answer {
    let version = app.sql(&format!("SELECT version FROM employee WHERE id = '{whom}'")).await;
    let version = version[0]["version"].as_i64().unwrap();
    let path = format!("/api/v1/employees/{whom}/{step}");
    app.as_(who).post_nothing(&path).if_match(version).await
}

/// The very input of A6: one administrator employs, gives a role and signs in.
#[actix_web::test]
async fn a06_one_administrator_opens_no_case() {
    let app = TestApp::new().await;
    app.young_person("bu.raadgiver").await;
    let chosen =
        json!({ "username": "ny", "givenName": "Eva", "familyName": "Ny", "password": NEW });
    let refused = app.as_("admin").post("/api/v1/employees", chosen).await;
    assert_eq!(
        (refused.problem(), refused.pointers()),
        ((422, "request.invalid"), vec!["/password"])
    );

    let employed = employ(&app, "ny").await;
    let (new, first) = (employed.id(), employed.pending("pass-phrase"));
    assert_eq!(kinds(&app, &employed).await, ["employee.employed"]);
    let role = proposed(&app, "admin", new, "department-head", "bu").await;
    assert_eq!(employee(&app, new).await["roles"], json!([]));
    for request in [&first, &role] {
        let own = app.confirm("admin", request).await;
        assert_eq!(own.problem(), (409, "rights-request.own-request"));
        assert_eq!(entry_of(&app, &own).await["outcome"], "refused");
    }
    for phrase in [NEW, PASS_PHRASE, ""] {
        assert_ne!(sign_in(&app, "ny", phrase).await.status, 201);
    }

    let opened = app.confirm("admin2", &first).await.expect(200);
    let given = app.confirm("admin2", &role).await.expect(200);
    assert_eq!(kinds(&app, &opened).await, ["employee.pass-phrase-reset"]);
    assert_eq!(kinds(&app, &given).await, ["employee.role-given"]);
    assert_eq!(given.body["oneTimePassPhrase"], Value::Null);
    let tokens = sign_in(&app, "ny", &phrase(&opened)).await.expect(201);
    let list = || bearing(app.as_nobody().get("/api/v1/young-people"), &tokens);
    assert_eq!(list().await.problem(), (403, "session.password-must-change"));
    change(&app, &tokens, &phrase(&opened), NEW).await.expect(204);
    assert_eq!(list().await.expect(200).items().len(), 1);
}

/// No role in any unit is in force by one person alone. The rule has no exceptions, so all roles are tested.
#[actix_web::test]
async fn a06_no_role_is_in_force_before_a_second_person_confirmed_it() {
    use domain::organisation::Role;
    use strum::VariantArray as _;
    let app = TestApp::new().await;
    let new = employ(&app, "ny").await.id();
    let roles = || app.sql("SELECT employee_id, role, unit_id FROM employee_role ORDER BY id");
    let before = roles().await;
    for role in Role::VARIANTS {
        let mut proposed = 0;
        for unit in ["bu", "jobspor", "uu", "mercantec", "systemforvaltning", "styregruppe"] {
            let body = json!({ "role": role, "unitId": app.unit(unit) });
            let path = format!("/api/v1/employees/{new}/roles");
            let answer = app.as_("admin").post(&path, body).await;
            // A department does not have every role.
            assert!(matches!(answer.status, 201 | 422), "{role:?} {unit}: {}", answer.body);
            proposed += usize::from(answer.status == 201);
        }
        assert!(proposed > 0, "{role:?}");
    }
    assert_eq!(roles().await, before);
}

#[actix_web::test]
async fn or_03_leaders_confirm_for_their_units_and_those_below_and_for_no_others() {
    let app = TestApp::new().await;
    app.employ("test.jv-chef", "department-head", "jv").await;
    let new = employ(&app, "ny").await.id();
    let role = proposed(&app, "admin", new, "caseworker", "jobspor").await;
    let above = proposed(&app, "admin", new, "caseworker", "jobcenter").await;
    for (who, in_team, in_centre) in [
        ("jv.teamleder", true, false),
        ("job.afdelingsleder", true, true),
        ("test.jv-chef", true, true),
        ("social.teamleder", false, false),
        ("jv.sagsbehandler", false, false),
        ("dpo", false, false),
        ("styregruppe", false, false),
    ] {
        for (request, may) in [(&role, in_team), (&above, in_centre)] {
            let answer = app
                .as_(who)
                .post_nothing(&format!("{}/confirm", path_of(request)))
                .if_match(99)
                .await;
            // For callers who may not read it, it does not exist.
            let expected = match who {
                _ if may => (412, "version.stale"),
                "dpo" => (403, "access.denied"),
                _ => (404, "not-found"),
            };
            assert_eq!(answer.problem(), expected, "{who}");
            let read = app.as_(who).get(&path_of(request)).await.status;
            assert_eq!(read, if may || who == "dpo" { 200 } else { 404 }, "{who}");
        }
    }
    let unnamed = app.as_("jv.teamleder").post_nothing(&format!("{}/confirm", path_of(&role)));
    assert_eq!(unnamed.await.problem(), (428, "version.missing"));
    let nobodys = format!("/api/v1/rights-requests/{}/confirm", Uuid::nil());
    assert_eq!(app.as_("admin2").post_nothing(&nobodys).await.problem(), (404, "not-found"));

    let listed = async |who, query: &str| {
        app.as_(who).get(&format!("/api/v1/rights-requests?{query}")).await
    };
    let of_team = format!("unitId={}&state=pending", app.unit("jobspor"));
    assert_eq!(
        listed("jv.teamleder", &of_team).await.expect(200).items(),
        std::slice::from_ref(&role)
    );
    let unnamed = listed("jv.teamleder", "").await;
    assert_eq!((unnamed.problem(), unnamed.pointers()), ((422, "request.invalid"), vec!["unitId"]));
    assert_eq!(listed("jv.sagsbehandler", "").await.problem(), (403, "access.denied"));
    assert_eq!(listed("social.teamleder", &of_team).await.problem(), (403, "access.denied"));
    assert_eq!(listed("admin", "state=pending").await.items().len(), 3);
    // AC-17: the list of employees shows them to the same people.
    for (who, shown) in [("admin", 3), ("dpo", 3), ("jv.teamleder", 1), ("mentor", 0)] {
        let all = app.as_(who).get("/api/v1/employees?limit=200").await.expect(200);
        let pending = all.items().iter().filter_map(|one| one["pending"].as_array());
        assert_eq!(pending.map(Vec::len).sum::<usize>(), shown, "{who}");
    }

    app.confirm("jv.teamleder", &role).await.expect(200);
    app.confirm("job.afdelingsleder", &above).await.expect(200);
    assert_eq!(employee(&app, new).await["roles"].as_array().unwrap().len(), 2);
    let again = app.as_("admin2").post_nothing(&format!("{}/confirm", path_of(&role)));
    let again = again.if_match(2).await;
    assert_eq!(
        (again.problem(), &again.body["state"]),
        ((409, "rights-request.not-pending"), &json!("confirmed"))
    );
}

/// A8: no employee obtains access to an account with its own rights alone or as the second person.
#[actix_web::test]
async fn or_03_a_pass_phrase_is_confirmed_by_those_who_lead_all_of_the_account() {
    let app = TestApp::new().await;
    let worker = app.employee("jv.sagsbehandler");
    let request = reset(&app, "admin", worker).await.expect(201);
    assert_eq!(request.header("location"), path_of(&request.body));
    assert_eq!(kinds(&app, &request).await, ["employee.pass-phrase-proposed"]);
    // It is shown neither to the requester, nor to the employee it would reset, nor to leaders of other units.
    for (who, problem) in [
        ("admin", (409, "rights-request.own-request")),
        ("jv.sagsbehandler", (404, "not-found")),
        ("social.teamleder", (404, "not-found")),
    ] {
        assert_eq!(app.confirm(who, &request.body).await.problem(), problem, "{who}");
    }
    // With a role in another unit, the account has rights outside this leader's units.
    app.give_role(worker, "adviser", "socialafdelingen").await.expect(200);
    assert_eq!(app.confirm("jv.teamleder", &request.body).await.problem(), (404, "not-found"));
    // A list of one of the units shows no more than the single read does.
    let of_team = format!("/api/v1/rights-requests?unitId={}", app.unit("jobspor"));
    let listed = app.as_("jv.teamleder").get(&of_team).await.expect(200);
    assert!(listed.items().iter().all(|one| one["id"] != request.body["id"]), "{:#}", listed.body);
    app.employ("test.jv-chef", "department-head", "jv").await;
    app.confirm("test.jv-chef", &request.body).await.expect(200);

    // An administrator's request is confirmed by another administrator, neither the requester nor the receiver.
    let of_admin = reset(&app, "admin", app.employee("admin2")).await.expect(201);
    for (who, problem) in [
        ("admin", (409, "rights-request.own-request")),
        ("admin2", (409, "employee.own-rights")),
        ("test.jv-chef", (404, "not-found")),
    ] {
        assert_eq!(app.confirm(who, &of_admin.body).await.problem(), problem, "{who}");
    }
    assert_eq!(
        reset(&app, "admin", app.employee("admin")).await.problem(),
        (409, "employee.own-rights")
    );
    for who in ["jv.teamleder", "dpo", "jv.sagsbehandler2"] {
        assert_eq!(reset(&app, who, worker).await.problem(), (403, "access.denied"), "{who}");
    }
    let nobody = reset(&app, "admin", Uuid::nil()).await;
    assert_eq!(nobody.problem(), (404, "not-found"));
}

/// The old pass phrase, sessions, refresh tokens and calendar end when a second person has confirmed, not before.
#[actix_web::test]
async fn or_02_a_reset_ends_the_sessions_and_the_calendar() {
    let app = TestApp::new().await;
    let worker = app.employee("jv.sagsbehandler");
    let tokens = sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.expect(201);
    let calendar = calendar(&app, &tokens).await;
    let request = reset(&app, "admin", worker).await.expect(201);
    assert_eq!(me(&app, &tokens).await.status, 200);
    assert_eq!(app.as_nobody().get(&calendar).await.status, 200);
    let one_time = phrase(&app.confirm("jv.teamleder", &request.body).await.expect(200));
    assert_eq!(me(&app, &tokens).await.status, 401);
    assert_eq!(refresh(&app, &tokens).await.status, 401);
    assert_eq!(app.as_nobody().get(&calendar).await.status, 404);
    assert_eq!(sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.status, 401);
    let tokens = sign_in(&app, "jv.sagsbehandler", &one_time).await.expect(201);
    assert_eq!(me(&app, &tokens).await.body["mustChangePassword"], true);
    change(&app, &tokens, &one_time, NEW).await.expect(204);
    assert_eq!(sign_in(&app, "jv.sagsbehandler", &one_time).await.status, 401);
    sign_in(&app, "jv.sagsbehandler", NEW).await.expect(201);
}

/// The path of a new calendar subscription.
async fn calendar(app: &TestApp, tokens: &Answer) -> String {
    let made = bearing(app.as_nobody().post_nothing("/api/v1/me/calendar"), tokens).await;
    made.expect(201).body["path"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn or_03_a_one_time_phrase_lasts_a_day() {
    let app = TestApp::new().await;
    let request = reset(&app, "admin", app.employee("mentor")).await.expect(201);
    let one_time = phrase(&app.confirm("admin2", &request.body).await.expect(200));
    app.advance(TimeDelta::seconds(24 * 3600 - 1));
    let tokens = sign_in(&app, "mentor", &one_time).await.expect(201);
    assert_eq!(me(&app, &tokens).await.status, 200);
    app.advance(TimeDelta::seconds(1));
    assert_eq!(
        sign_in(&app, "mentor", &one_time).await.problem(),
        (401, "session.wrong-credentials")
    );
    // The session that it opened also ends.
    assert_eq!(me(&app, &tokens).await.problem(), (401, "session.required"));
    assert_eq!(change(&app, &tokens, &one_time, NEW).await.status, 401);
}

/// Shown once, to the second person: not in the database, on a log, or under an idempotency key.
#[actix_web::test]
async fn or_03_a_one_time_phrase_is_shown_once_and_kept_as_a_hash_alone() {
    let app = TestApp::new().await;
    let request = reset(&app, "admin", app.employee("mentor")).key("the first").await.expect(201);
    let path = format!("{}/confirm", path_of(&request.body));
    let confirm = || app.as_("admin2").post_nothing(&path).if_match(1).key("the second");
    let confirmed = confirm().await.expect(200);
    let one_time = phrase(&confirmed);
    assert_eq!((one_time.len(), confirmed.header("cache-control")), (24, "no-store"));
    assert_eq!(confirm().await.problem(), (412, "version.stale"));
    let again = app.as_("admin2").post_nothing(&path).if_match(2).key("the second").await;
    assert_eq!(again.problem(), (409, "rights-request.not-pending"));
    for who in ["admin", "admin2", "dpo"] {
        let read = app.as_(who).get(&path_of(&request.body)).await.expect(200);
        assert!(!String::from_utf8_lossy(&read.raw).contains(&one_time));
    }
    let mut dump = app.dump().await;
    let accounts = dump.remove("account").unwrap().to_string();
    assert!(!accounts.contains(&one_time) && accounts.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    let elsewhere = serde_json::to_string(&dump).unwrap();
    assert!(!elsewhere.contains(&one_time) && !elsewhere.contains("argon2"));
    let keys = app.sql("SELECT count(*) AS n FROM idempotency_key WHERE answer IS NOT NULL").await;
    assert_eq!(keys[0]["n"], 1, "only what was proposed is stored");
    let seen = app.sql("SELECT * FROM access_entry").await;
    assert!(!serde_json::to_string(&seen).unwrap().contains(&one_time));
}

/// Revoking takes one person: refusing, withdrawing, ending a role, stopping a sign-in.
#[actix_web::test]
async fn or_03_one_person_revokes() {
    let app = TestApp::new().await;
    let new = employ(&app, "ny").await.id();
    let refused = proposed(&app, "admin", new, "caseworker", "jobspor").await;
    let no = refuse(&app, "jv.teamleder", &refused).await.expect(200);
    assert_eq!((&no.body["state"], no.version()), (&json!("refused"), 2));
    assert_eq!(kinds(&app, &no).await, ["rights-request.refused"]);
    assert_eq!(app.confirm("admin2", &refused).await.problem(), (412, "version.stale"));
    let withdrawn = proposed(&app, "admin", new, "caseworker", "jobspor").await;
    assert_eq!(refuse(&app, "social.teamleder", &withdrawn).await.problem(), (404, "not-found"));
    let no = refuse(&app, "admin", &withdrawn).await.expect(200);
    assert_eq!(
        (&no.body["state"], &no.body["settledById"]),
        (&json!("withdrawn"), &json!(app.employee("admin")))
    );
    assert_eq!(kinds(&app, &no).await, ["rights-request.withdrawn"]);
    let again = path_of(&withdrawn) + "/refuse";
    let again = app.as_("admin").post_nothing(&again).if_match(2).await;
    assert_eq!(
        (again.problem(), &again.body["state"]),
        ((409, "rights-request.not-pending"), &json!("withdrawn"))
    );

    app.give_role(new, "caseworker", "jobspor").await.expect(200);
    let role = employee(&app, new).await["roles"][0]["id"].as_str().unwrap().to_owned();
    let end = format!("/api/v1/employees/{new}/roles/{role}/end");
    app.as_("admin").post_nothing(&end).await.expect(200);
    stop(&app, "admin", new, "deactivate").await.expect(200);
}

#[actix_web::test]
async fn or_03_what_is_proposed_is_proposed_once_and_for_fourteen_days() {
    let app = TestApp::new().await;
    let new = employ(&app, "ny").await.id();
    let role = proposed(&app, "admin", new, "mentor", "uu-mentorer").await;
    let body = json!({ "role": "mentor", "unitId": app.unit("uu-mentorer") });
    let propose = |who| app.as_(who).post(&format!("/api/v1/employees/{new}/roles"), body.clone());
    assert_eq!(propose("admin2").await.problem(), (409, "rights-request.already-pending"));
    assert_eq!(reset(&app, "admin2", new).await.problem(), (409, "rights-request.already-pending"));
    assert_eq!(role["expiresAt"], "2026-12-07T09:00:00Z");
    app.at("2026-12-07T09:00:00Z");
    let late = app.confirm("admin2", &role).await;
    assert_eq!(
        (late.problem(), &late.body["state"]),
        ((409, "rights-request.not-pending"), &json!("expired"))
    );
    assert_eq!(employee(&app, new).await["pending"], json!([]));
    let again = propose("admin2").await.expect(201).pending("role");
    app.confirm("admin", &again).await.expect(200);
    assert_eq!(propose("admin").await.problem(), (409, "employee.role-already-held"));
}

/// Two concurrent confirmations from two instances: the right is in force once, and one of them is refused.
#[actix_web::test]
async fn or_03_two_who_confirm_at_once_confirm_once() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let new = employ(&app, "ny").await;
    let role = proposed(&app, "admin", new.id(), "caseworker", "jobspor").await;
    for request in [role, new.pending("pass-phrase")] {
        let leader = if request["kind"] == "role" { "jv.teamleder" } else { "admin2" };
        let path = format!("{}/confirm", path_of(&request));
        let one = app.as_("admin2").post_nothing(&path).if_match(1);
        let two = other.as_(leader).post_nothing(&path).if_match(1);
        let (one, two) = join(one.into_future(), two.into_future()).await;
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert!(matches!(statuses, [200, 409 | 412]), "{statuses:?}");
        let codes = [one.code().to_owned(), two.code().to_owned()];
        assert!(
            codes.iter().any(
                |code| ["rights-request.not-pending", "version.stale"].contains(&code.as_str())
            ),
            "{codes:?}"
        );
    }
    assert_eq!(employee(&app, new.id()).await["roles"].as_array().unwrap().len(), 1);
}

/// The very input of A13: stop a sign-in and open it again.
#[actix_web::test]
async fn a13_opening_a_sign_in_again_revives_nothing() {
    let app = TestApp::new().await;
    let worker = app.employee("jv.sagsbehandler");
    let tokens = sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.expect(201);
    let calendar = calendar(&app, &tokens).await;
    let request = reset(&app, "admin", worker).await.expect(201);
    let role = proposed(&app, "admin", worker, "mentor", "uu-mentorer").await;
    stop(&app, "admin", worker, "deactivate").await.expect(200);
    let ended = async || {
        assert_eq!(me(&app, &tokens).await.problem(), (401, "session.required"));
        assert_eq!(refresh(&app, &tokens).await.status, 401);
        assert_eq!(app.as_nobody().get(&calendar).await.status, 404);
    };
    ended().await;
    app.advance(TimeDelta::minutes(1));
    stop(&app, "admin", worker, "reactivate").await.expect(200);
    ended().await;
    for request in [&request.body, &role] {
        let path = format!("{}/confirm", path_of(request));
        let lapsed = app.as_("admin2").post_nothing(&path).if_match(2).await;
        assert_eq!(
            (lapsed.problem(), &lapsed.body["state"]),
            ((409, "rights-request.not-pending"), &json!("lapsed"))
        );
    }
    // Nor the pass phrase: to sign in again takes two people (OR-3).
    assert_eq!(sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.status, 401);
    let again = reset(&app, "admin", worker).await.expect(201);
    let one_time = phrase(&app.confirm("admin2", &again.body).await.expect(200));
    sign_in(&app, "jv.sagsbehandler", &one_time).await.expect(201);
}

/// Likewise: an unused one-time pass phrase, and requests by an employee whose sign-in was stopped.
#[actix_web::test]
async fn a13_nor_does_a_one_time_phrase_or_what_was_proposed_before() {
    let app = TestApp::new().await;
    let mentor = app.employee("mentor");
    let request = reset(&app, "admin", mentor).await.expect(201);
    let one_time = phrase(&app.confirm("admin2", &request.body).await.expect(200));
    stop(&app, "admin2", mentor, "deactivate").await.expect(200);
    stop(&app, "admin2", mentor, "reactivate").await.expect(200);
    assert_eq!(sign_in(&app, "mentor", &one_time).await.status, 401);

    // Nobody gets a pass phrase while their sign-in is stopped.
    stop(&app, "admin2", mentor, "deactivate").await.expect(200);
    assert_eq!(reset(&app, "admin", mentor).await.problem(), (409, "employee.stopped"));
    stop(&app, "admin2", mentor, "reactivate").await.expect(200);

    app.give_role(app.employee("dpo"), "administrator", "systemforvaltning").await.expect(200);
    let role = proposed(&app, "admin", mentor, "caseworker", "jobspor").await;
    stop(&app, "admin2", app.employee("admin"), "deactivate").await.expect(200);
    stop(&app, "admin2", app.employee("admin"), "reactivate").await.expect(200);
    let path = format!("{}/confirm", path_of(&role));
    let lapsed = app.as_("admin2").post_nothing(&path).if_match(2).await;
    assert_eq!(
        (lapsed.problem(), &lapsed.body["state"]),
        ((409, "rights-request.not-pending"), &json!("lapsed"))
    );
}

/// Likewise: the calendar's secret ends with the last role, and an administrator's requests with that role.
#[actix_web::test]
async fn a13_a_role_that_is_given_back_revives_no_secret() {
    let app = TestApp::new().await;
    let worker = app.employee("jv.sagsbehandler");
    let tokens = sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.expect(201);
    let calendar = calendar(&app, &tokens).await;
    let role = employee(&app, worker).await["roles"][0]["id"].as_str().unwrap().to_owned();
    app.advance(TimeDelta::minutes(1));
    let end = format!("/api/v1/employees/{worker}/roles/{role}/end");
    app.as_("admin").post_nothing(&end).await.expect(200);
    app.give_role(worker, "caseworker", "jobspor").await.expect(200);
    assert_eq!(app.as_nobody().get(&calendar).await.status, 404);
}

/// A changed pass phrase ends the calendar's secret as well.
#[actix_web::test]
async fn a13_a_changed_pass_phrase_ends_the_calendar() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.expect(201);
    let thiefs = sign_in(&app, "jv.sagsbehandler", PASS_PHRASE).await.expect(201);
    let calendar = calendar(&app, &thiefs).await;
    change(&app, &tokens, PASS_PHRASE, NEW).await.expect(204);
    assert_eq!(app.as_nobody().get(&calendar).await.status, 404);
    assert_eq!(me(&app, &thiefs).await.status, 401);
    assert_eq!(refresh(&app, &thiefs).await.status, 401);
    assert_eq!(me(&app, &tokens).await.status, 200);
}

/// F14: administrators cannot lock out themselves, and two cannot lock out each other.
#[actix_web::test]
async fn f14_the_last_administrator_stays() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let path = |whom: &str| format!("/api/v1/employees/{}/deactivate", app.employee(whom));
    let (one, two) = (path("admin2"), path("admin"));
    let one = app.as_("admin").post_nothing(&one).if_match(1);
    let two = other.as_("admin2").post_nothing(&two).if_match(1);
    let (one, two) = join(one.into_future(), two.into_future()).await;
    let mut answers = [one.problem(), two.problem()];
    answers.sort_unstable();
    assert_eq!(answers[0], (200, ""));
    assert!(
        [(401, "session.required"), (409, "employee.last-administrator")].contains(&answers[1]),
        "{answers:?}"
    );
    let left = app.sql("SELECT * FROM administrators('2026-11-23T09:00Z')").await;
    assert_eq!(left.len(), 1);
}

/// OR-3, F14: a command on the machine is an event, and the data protection officer can read it.
#[actix_web::test]
async fn f14_the_data_protection_officer_reads_what_was_done_on_the_machine() {
    use persistence::rights::{NotDone, appoint_administrator, reset_password};
    let app = TestApp::new().await;
    let (url, now) = (app.database().worker_url(), app.now());
    let hash = api::passwords::hash(NEW).unwrap();
    let enough = appoint_administrator(&url, "styregruppe", &hash, now).await;
    assert!(matches!(enough, Err(NotDone::EnoughToAppoint)), "{enough:?}");
    let tokens = sign_in(&app, "admin2", PASS_PHRASE).await.expect(201);
    reset_password(&url, "admin2", &hash, now).await.unwrap();
    assert_eq!(me(&app, &tokens).await.status, 401);
    let tokens = sign_in(&app, "admin2", NEW).await.expect(201);
    assert_eq!(me(&app, &tokens).await.body["mustChangePassword"], true);

    stop(&app, "admin", app.employee("admin2"), "deactivate").await.expect(200);
    appoint_administrator(&url, "styregruppe", &hash, now).await.unwrap();
    let listed = app.as_("dpo").get("/api/v1/rights-requests").await.expect(200);
    let seen: Vec<(&Value, &Value, &Value)> = listed
        .items()
        .iter()
        .map(|one| (&one["kind"], &one["employeeId"], &one["requestedById"]))
        .collect();
    let (appointed, reset) = (json!(app.employee("styregruppe")), json!(app.employee("admin2")));
    let (role, phrase, none) = (json!("role"), json!("pass-phrase"), Value::Null);
    assert_eq!(
        seen,
        [(&phrase, &appointed, &none), (&role, &appointed, &none), (&phrase, &reset, &none)]
    );
    let events = app
        .sql("SELECT kind, role, actor_id FROM event WHERE actor_id IS NULL ORDER BY kind")
        .await;
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "employee.administrator-appointed",
            "employee.pass-phrase-reset",
            "employee.pass-phrase-reset"
        ]
    );
    assert!(events.iter().all(|event| event["role"] == "system"));
}
