//! Signing in and out: B1, B2, AC-7.

use crate::{but_for_the_request, entry_of};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use futures_util::future::{self, join, join_all};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::IntoFuture as _;
use std::pin::Pin;
use std::time::Duration;
use test_support::{Answer, Call, PASS_PHRASE, TestApp};
use tokio::sync::oneshot;

const WORKER: &str = "jv.sagsbehandler";

fn sign_in<'a>(app: &'a TestApp, username: &str, password: &str) -> Call<'a> {
    app.as_nobody().post("/api/v1/session", json!({ "username": username, "password": password }))
}

fn refresh<'a>(app: &'a TestApp, tokens: &Answer) -> Call<'a> {
    app.as_nobody()
        .post("/api/v1/session/refresh", json!({ "refreshToken": tokens.body["refreshToken"] }))
}

/// A request that bears exactly this access token.
fn bearing<'a>(call: Call<'a>, tokens: &Answer) -> Call<'a> {
    call.header(
        "Authorization",
        &format!("Bearer {}", tokens.body["accessToken"].as_str().unwrap()),
    )
}

async fn me(app: &TestApp, tokens: &Answer) -> Answer {
    bearing(app.as_nobody().get("/api/v1/me"), tokens).await
}

#[actix_web::test]
async fn signing_in_gives_tokens_that_hold_for_fifteen_minutes() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    assert_eq!(tokens.body["expiresIn"], 900);
    assert_eq!(me(&app, &tokens).await.expect(200).body["username"], WORKER);
    app.advance(TimeDelta::seconds(899));
    me(&app, &tokens).await.expect(200);
    app.advance(TimeDelta::seconds(1));
    assert_eq!(me(&app, &tokens).await.problem(), (401, "session.required"));
}

/// B1: who and which session, and nothing of rights.
#[actix_web::test]
async fn b1_a_token_tells_of_no_rights() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let claims = tokens.body["accessToken"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let names: BTreeSet<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["aud", "exp", "iat", "iss", "nbf", "sid", "sub"]));
    let keys = app.as_nobody().get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(keys.body["keys"][0]["alg"], "EdDSA");
    assert!(keys.body["keys"][0]["d"].is_null(), "the private key is not told");
}

/// B2: whether a name exists is not told.
#[actix_web::test]
async fn b2_wrong_unknown_and_stopped_get_the_same_answer() {
    let app = TestApp::new().await;
    app.execute("UPDATE employee SET deactivated_at = '2026-11-01Z' WHERE username = 'mentor'")
        .await;
    let wrong = sign_in(&app, WORKER, "wrong").await;
    assert_eq!(wrong.problem(), (401, "session.wrong-credentials"));
    for (username, password) in [("nobody.at.all", "wrong"), ("mentor", PASS_PHRASE)] {
        let other = sign_in(&app, username, password).await;
        assert_eq!(but_for_the_request(&other), but_for_the_request(&wrong), "{username}");
    }
}

/// B2: who guesses waits, and nobody is locked out by somebody else.
#[actix_web::test]
async fn b2_wrong_tries_slow_down_the_one_who_makes_them() {
    let app = TestApp::new().await;
    let (thief, owner) = ([10, 0, 0, 1], [10, 0, 0, 2]);
    for _ in 0..5 {
        assert_eq!(sign_in(&app, WORKER, "wrong").from(thief).await.status, 401);
    }
    let refused = sign_in(&app, WORKER, PASS_PHRASE).from(thief).await;
    assert_eq!(refused.problem(), (429, "session.too-many-tries"));
    let wait = refused.header("retry-after").parse().unwrap();
    sign_in(&app, WORKER, PASS_PHRASE).from(owner).await.expect(201);
    sign_in(&app, "jv.teamleder", PASS_PHRASE).from(thief).await.expect(201);
    // A forwarded address is believed of nobody (E3).
    let forged =
        sign_in(&app, WORKER, PASS_PHRASE).from(thief).header("X-Forwarded-For", "10.0.0.2").await;
    assert_eq!(forged.status, 429);
    app.advance(TimeDelta::seconds(wait));
    sign_in(&app, WORKER, PASS_PHRASE).from(thief).await.expect(201);
}

/// A12: any number of wrong attempts from one address neither refuses nor delays the correct pass phrase from another
/// address.
#[actix_web::test]
async fn a12_nobody_is_locked_out_from_elsewhere() {
    let app = TestApp::new().await;
    for n in 0..30 {
        let wrong = sign_in(&app, WORKER, "wrong").from([10, 0, 0, n % 3]).await;
        assert!([401, 429].contains(&wrong.status), "{}", wrong.status);
    }
    sign_in(&app, WORKER, PASS_PHRASE).from([10, 0, 0, 9]).await.expect(201);
}

/// A12: behind a trusted proxy each client has its own address; behind any other proxy it has the proxy's address.
#[actix_web::test]
async fn a12_a_trusted_proxy_names_the_client() {
    let app = TestApp::new().await;
    let behind = app.instance_behind(&["10.0.0.0/24"]).await;
    let (ours, others) = ([10, 0, 0, 1], [192, 0, 2, 1]);
    for (from, is_ours) in [(ours, true), (others, false)] {
        let name = if is_ours { WORKER } else { "mentor" };
        let by = |header: &str, value: &str, phrase: &str| {
            sign_in(&behind, name, phrase).from(from).header(header, value)
        };
        for n in 0..5 {
            // The client's own entries are further to the left.
            let forged = format!("203.0.113.{n}, 198.51.100.7");
            assert_eq!(by("X-Forwarded-For", &forged, "wrong").await.status, 401);
        }
        let thief = by("X-Forwarded-For", "198.51.100.7", PASS_PHRASE).await;
        assert_eq!(thief.status, 429);
        let thief = by("Forwarded", "for=198.51.100.7", PASS_PHRASE).await;
        assert_eq!(thief.status, 429);
        let owner = by("Forwarded", "for=\"[2001:db8::1]:4711\"", PASS_PHRASE).await;
        assert_eq!(owner.status, if is_ours { 201 } else { 429 });
        let owner = by("X-Forwarded-For", "198.51.100.8", PASS_PHRASE).await;
        assert_eq!(owner.status, if is_ours { 201 } else { 429 });
    }
}

/// A12: if many requests from one address wait for their turn, a request from another address is next.
#[actix_web::test]
async fn a12_a_crowd_delays_nobody_at_another_address() {
    let app = TestApp::new().await;
    let done = std::cell::RefCell::new(Vec::new());
    let crowd = (0..40).map(async |n: u32| {
        let answer = sign_in(&app, &format!("nobody{n}"), "wrong").from([10, 0, 0, 1]).await;
        done.borrow_mut().push(answer.status);
    });
    let owner = async {
        // This request comes after all of them.
        tokio::task::yield_now().await;
        let answer = sign_in(&app, WORKER, PASS_PHRASE).from([10, 0, 0, 2]).await;
        (answer.status, done.borrow().len())
    };
    let (_, (status, before)) = join(join_all(crowd), owner).await;
    assert_eq!(status, 201);
    assert!(before < 20, "{before} of the crowd were answered before");
}

/// Nor does a burst learn more than as many tries one after the other; and many who are right get in.
#[actix_web::test]
async fn b2_tries_at_the_same_time_count_like_others() {
    let app = TestApp::new().await;
    let burst = async |username, password| {
        let tries = (0..20).map(|_| sign_in(&app, username, password).into_future());
        let answers = join_all(tries).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        (count(201), count(401), count(429))
    };
    assert_eq!(burst(WORKER, "wrong").await, (0, 5, 15));
    assert_eq!(burst("mentor", PASS_PHRASE).await, (20, 0, 0));
}

#[actix_web::test]
async fn b2_a_refresh_token_is_good_once_and_ends_the_family_the_second_time() {
    let app = TestApp::new().await;
    let first = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let second = refresh(&app, &first).await.expect(200);
    assert_ne!(first.body["refreshToken"], second.body["refreshToken"]);
    me(&app, &second).await.expect(200);
    let other = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);

    assert_eq!(refresh(&app, &first).await.problem(), (401, "session.required"));
    assert_eq!(refresh(&app, &second).await.status, 401);
    for tokens in [&first, &second] {
        assert_eq!(me(&app, tokens).await.problem(), (401, "session.required"));
    }
    me(&app, &other).await.expect(200);
    refresh(&app, &other).await.expect(200);
}

#[actix_web::test]
async fn b2_one_refresh_token_used_by_many_at_once_is_good_for_one_at_most() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let tries = (0..8).map(|_| refresh(&app, &tokens).into_future());
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| [200, 401].contains(&answer.status)));
    assert_eq!(me(&app, &tokens).await.status, 401);
}

#[actix_web::test]
async fn b2_a_session_ends_after_eight_idle_hours_and_after_twelve_in_all() {
    let app = TestApp::new().await;
    let idle = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let used = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    app.advance(TimeDelta::seconds(8 * 3600 - 1));
    let used = refresh(&app, &used).await.expect(200);
    app.advance(TimeDelta::seconds(1));
    assert_eq!(refresh(&app, &idle).await.status, 401);
    app.advance(TimeDelta::seconds(4 * 3600 - 1));
    let used = refresh(&app, &used).await.expect(200);
    app.advance(TimeDelta::seconds(1));
    assert_eq!(refresh(&app, &used).await.status, 401);
    assert_eq!(
        me(&app, &used).await.status,
        401,
        "the access token is younger than the session's end"
    );
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_no_other() {
    let app = TestApp::new().await;
    let one = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let other = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    bearing(app.as_nobody().delete("/api/v1/session"), &one).await.expect(204);
    assert_eq!(me(&app, &one).await.problem(), (401, "session.required"));
    assert_eq!(refresh(&app, &one).await.status, 401);
    me(&app, &other).await.expect(200);
}

/// AC-7: what is taken away counts at the next request, and what is given does, whatever the token.
#[actix_web::test]
async fn ac_07_roles_and_accounts_are_asked_for_at_every_request() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let person = app.young_person("jv.teamleder").await.id();
    let look = || bearing(app.as_nobody().get(&format!("/api/v1/young-people/{person}")), &tokens);
    look().await.expect(200);

    let employee = format!("/api/v1/employees/{}", app.employee(WORKER));
    let listed = app.as_("admin").get("/api/v1/employees?limit=200").await.expect(200);
    let own = listed.items().iter().find(|one| one["username"] == WORKER).unwrap();
    let role = own["roles"][0]["id"].as_str().unwrap();
    app.as_("admin").post_nothing(&format!("{employee}/roles/{role}/end")).await.expect(200);
    assert_eq!(look().await.problem(), (404, "not-found"));
    assert_eq!(me(&app, &tokens).await.expect(200).body["may"], json!([]));

    app.give_role(app.employee(WORKER), "caseworker", "jobspor").await.expect(200);
    look().await.expect(200);

    let version = own["version"].as_i64().unwrap();
    app.as_("admin")
        .post_nothing(&format!("{employee}/deactivate"))
        .if_match(version)
        .await
        .expect(200);
    assert_eq!(look().await.problem(), (401, "session.required"));
    assert_eq!(refresh(&app, &tokens).await.status, 401);
    assert_eq!(sign_in(&app, WORKER, PASS_PHRASE).await.status, 401);
}

/// AC-7: nor is a request spared whose head came before, and whose body came after: neither where the
/// session, nor where the token ended meanwhile.
#[actix_web::test]
async fn ac_07_a_body_that_was_held_back_comes_too_late() {
    let app = TestApp::new().await;
    let worker = app.employee(WORKER);
    let deactivate =
        format!("UPDATE employee SET deactivated_at = '2026-11-23T09:16Z' WHERE id = '{worker}'");
    for (later, revoke) in
        [(TimeDelta::minutes(15), String::new()), (TimeDelta::minutes(1), deactivate)]
    {
        app.token(WORKER).await;
        let (has_begun, begun) = oneshot::channel();
        let (goes_on, may_go_on) = oneshot::channel();
        let search = app.as_(WORKER).post("/api/v1/young-people/search", Value::Null);
        let search = search.arriving(payload(stream::once(async move {
            has_begun.send(()).unwrap();
            may_go_on.await.unwrap();
            Ok(Bytes::from_static(b"{\"text\": \"freja\"}"))
        })));
        let meanwhile = async {
            begun.await.unwrap();
            app.advance(later);
            app.execute(&revoke).await;
            goes_on.send(()).unwrap();
        };
        let (answer, ()) = join(search.into_future(), meanwhile).await;
        assert_eq!(answer.problem(), (401, "session.required"));
    }
}

/// B2: a body that never comes is not waited for.
#[actix_web::test]
async fn b2_a_body_has_ten_seconds_to_arrive() {
    let app = TestApp::new().await;
    app.token(WORKER).await;
    let (has_begun, begun) = oneshot::channel();
    let (waits, waiting) = oneshot::channel::<()>();
    let search = app.as_(WORKER).post("/api/v1/young-people/search", Value::Null);
    let search = search.arriving(payload(stream::once(async move {
        has_begun.send(()).unwrap();
        let _until_it_is_dropped = waiting;
        future::pending().await
    })));
    // Only the wait for the body is shortened: the database needs its time.
    let meanwhile = async {
        begun.await.unwrap();
        tokio::time::pause();
        for (milliseconds, is_over) in [(9_990, false), (20, true)] {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            assert_eq!(waits.is_closed(), is_over, "after another {milliseconds} ms");
        }
        tokio::time::resume();
    };
    let (answer, ()) = join(search.into_future(), meanwhile).await;
    assert_eq!(answer.problem(), (408, "request.too-slow"));
}

fn change<'a>(app: &'a TestApp, tokens: &Answer, current: &str, new: &str) -> Call<'a> {
    let body = json!({ "current": current, "new": new });
    bearing(app.as_nobody().put("/api/v1/me/password", body), tokens)
}

const NEW: &str = "min egen lange sætning";

/// Whose pass phrase somebody else chose may see who they are, sign out, refresh, and change it.
#[actix_web::test]
async fn b2_a_pass_phrase_that_somebody_else_chose_is_changed_first() {
    let app = TestApp::new().await;
    let person = app.young_person(WORKER).await.id();
    let must = format!(
        "UPDATE account SET one_time_until = '2026-11-24Z' WHERE employee_id = '{}'",
        app.employee(WORKER)
    );
    app.execute(&must).await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let tokens = refresh(&app, &tokens).await.expect(200);
    let own = me(&app, &tokens).await.expect(200);
    assert_eq!((&own.body["mustChangePassword"], &own.body["may"]), (&json!(true), &json!([])));
    let look = || bearing(app.as_nobody().get(&format!("/api/v1/young-people/{person}")), &tokens);
    let refused = look().await;
    assert_eq!(refused.problem(), (403, "session.password-must-change"));
    assert_eq!(entry_of(&app, &refused).await["outcome"], "refused");

    assert_eq!(change(&app, &tokens, PASS_PHRASE, "for kort").await.pointers(), ["/new"]);
    change(&app, &tokens, PASS_PHRASE, NEW).await.expect(204);
    look().await.expect(200);
    assert_eq!(me(&app, &tokens).await.body["mustChangePassword"], false);
    assert_eq!(sign_in(&app, WORKER, PASS_PHRASE).await.status, 401);
    sign_in(&app, WORKER, NEW).await.expect(201);
}

/// B2: it ends the other sessions, of whoever knew the old one, and nobody else's.
#[actix_web::test]
async fn b2_a_changed_pass_phrase_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let mine = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let thiefs = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let colleagues = sign_in(&app, "mentor", PASS_PHRASE).await.expect(201);
    let changed = change(&app, &mine, PASS_PHRASE, NEW).await.expect(204);
    for (tokens, status) in [(&mine, 200), (&thiefs, 401), (&colleagues, 200)] {
        assert_eq!(me(&app, tokens).await.status, status);
    }
    assert_eq!(refresh(&app, &thiefs).await.status, 401);
    assert_eq!(kinds(&app, &changed).await, ["session.password-changed"]);
    // Two who change it at once do not both succeed.
    let both = join(
        change(&app, &mine, NEW, "den ene lange sætning").into_future(),
        change(&app, &mine, NEW, "den anden lange sætning").into_future(),
    );
    let (one, two) = both.await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
}

/// B2: nor is it guessed by somebody who found a session open; the tries are on the log (LG-2).
#[actix_web::test]
async fn b2_the_current_pass_phrase_is_asked_for_and_tries_wait() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    for _ in 0..5 {
        let wrong = change(&app, &tokens, "forkert", NEW).await;
        assert_eq!(
            (wrong.problem(), wrong.pointers()),
            ((422, "request.invalid"), vec!["/current"])
        );
        assert_eq!(wrong.body["errors"][0]["code"], "session.password-wrong");
        assert_eq!(entry_of(&app, &wrong).await["operation"], "changePassword");
    }
    let waits = change(&app, &tokens, PASS_PHRASE, NEW).await;
    assert_eq!(waits.problem(), (429, "session.too-many-tries"));
    app.advance(TimeDelta::minutes(1));
    let same = change(&app, &tokens, PASS_PHRASE, PASS_PHRASE).await;
    assert_eq!((same.status, same.pointers()), (422, vec!["/new"]));
    change(&app, &tokens, PASS_PHRASE, NEW).await.expect(204);
}

/// The kinds of the events of an answered request.
async fn kinds(app: &TestApp, answer: &Answer) -> Vec<String> {
    let id = answer.header("x-request-id");
    let events = app.sql(&format!("SELECT kind FROM event WHERE request_id = '{id}'")).await;
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

/// LG-1: a session that begins and ends is told, and a refresh token that comes twice.
#[actix_web::test]
async fn lg_01_sessions_begin_and_end_in_the_log() {
    let app = TestApp::new().await;
    let first = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    assert_eq!(kinds(&app, &first).await, ["session.opened"]);
    refresh(&app, &first).await.expect(200);
    let reused = refresh(&app, &first).await.expect(401);
    assert_eq!(kinds(&app, &reused).await, ["session.ended"]);
    let again = refresh(&app, &first).await.expect(401);
    assert_eq!(kinds(&app, &again).await, [""; 0]);

    let second = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let sign_out = || bearing(app.as_nobody().delete("/api/v1/session"), &second);
    let ended = sign_out().await.expect(204);
    assert_eq!(kinds(&app, &ended).await, ["session.ended"]);
    assert_eq!(kinds(&app, &sign_out().await.expect(204)).await, [""; 0]);

    let told = app
        .sql("SELECT payload, actor_id, digest = sha256(salt || convert_to(payload::text, 'UTF8')) AS whole
                FROM event WHERE subject_kind = 'session' ORDER BY recorded_at, kind, payload::text DESC")
        .await;
    let reasons: Vec<&Value> = told.iter().map(|event| &event["payload"]).collect();
    let (reused, signed_out) =
        (json!({ "reason": "refresh-token-reused" }), json!({ "reason": "signed-out" }));
    assert_eq!(reasons, [&signed_out, &reused, &json!({}), &json!({})]);
    assert!(told.iter().all(|event| event["whole"] == json!(true)));
    assert!(told.iter().all(|event| event["actor_id"] == json!(app.employee(WORKER))));
}

/// LG-2: a wrong try of a name that there is; never the name, or what was typed.
#[actix_web::test]
async fn lg_02_a_wrong_try_of_a_known_name_is_on_the_log() {
    let app = TestApp::new().await;
    let wrong = sign_in(&app, WORKER, "forkert").await.expect(401);
    let entry = entry_of(&app, &wrong).await;
    assert_eq!((&entry["operation"], &entry["outcome"]), (&json!("signIn"), &json!("refused")));
    assert_eq!(entry["actor_id"], json!(app.employee(WORKER)));
    assert!(!entry.to_string().contains("forkert") && !entry.to_string().contains(WORKER));

    let unknown = sign_in(&app, "nobody.at.all", "forkert").await.expect(401);
    let id = unknown.header("x-request-id");
    let entries = app.sql(&format!("SELECT 1 FROM access_entry WHERE request_id = '{id}'")).await;
    assert_eq!(entries, Vec::<Value>::new());
}

/// LG-2: a token that holds, of a session that does not: who tries what is on the log.
#[actix_web::test]
async fn lg_02_a_refusal_for_a_session_that_is_over_is_on_the_log() {
    let app = TestApp::new().await;
    let tokens = sign_in(&app, WORKER, PASS_PHRASE).await.expect(201);
    let person = app.young_person(WORKER).await.id();
    app.execute("UPDATE session SET ended_at = '2026-11-23T09:00Z'").await;
    let path = format!("/api/v1/young-people/{person}");
    let refused = bearing(app.as_nobody().get(&path), &tokens).await.expect(401);
    let entry = entry_of(&app, &refused).await;
    assert_eq!(
        (&entry["operation"], &entry["outcome"], &entry["subject"], &entry["actor_id"]),
        (
            &json!("readYoungPerson"),
            &json!("refused"),
            &json!(person),
            &json!(app.employee(WORKER))
        )
    );
}

fn payload(parts: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Payload {
    let payload: Pin<Box<dyn Stream<Item = _>>> = Box::pin(parts);
    Payload::Stream { payload }
}
