//! F7 to F10: what the service reports if the database is impaired, and that requests that wait for one resource do not
//! block all others.

use actix_web::test::TestRequest;
use api::{Clock, Skew};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use test_support::{Answer, TestApp};

const WORKER: &str = "jv.sagsbehandler";

/// Repeats the request until the response has this status.
async fn until(status: u16, ask: impl AsyncFn() -> Answer) -> Answer {
    let began = Instant::now();
    loop {
        let answer = ask().await;
        if answer.status == status {
            return answer;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "still {:?}", answer.problem());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn ready(app: &TestApp) -> Answer {
    app.as_nobody().get("/health/ready").await
}

fn come_back_later(answer: &Answer) {
    assert_eq!(answer.problem(), (503, "service.unavailable"));
    assert!(!answer.header("retry-after").is_empty());
}

#[actix_web::test]
async fn f07_an_access_log_that_cannot_be_written_is_not_ready() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let read = || app.as_(WORKER).get(&format!("/api/v1/plans/{}", case.plan)).into_future();
    read().await.expect(200);
    ready(&app).await.expect(200);
    app.execute("REVOKE INSERT ON access_entry FROM enplan_app").await;
    come_back_later(&read().await);
    come_back_later(&until(503, async || ready(&app).await).await);
    app.execute("GRANT INSERT ON access_entry TO enplan_app").await;
    until(200, async || ready(&app).await).await;
    read().await.expect(200);
}

/// A full disk is noticed only when a file has to grow. One row does not cause that, but the trial write does.
#[actix_web::test]
async fn f07_a_full_disk_is_told_until_there_is_room_again() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let read = || app.as_(WORKER).get(&format!("/api/v1/plans/{}", case.plan)).into_future();
    app.execute(
        "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'could not extend file \"base/1/2\": No space left on device';
         END $$;
         CREATE TRIGGER no_space BEFORE INSERT ON access_entry FOR EACH ROW EXECUTE FUNCTION no_space();
         CREATE TRIGGER no_space BEFORE INSERT ON idempotency_key FOR EACH ROW EXECUTE FUNCTION no_space()",
    )
    .await;
    ready(&app).await.expect(200);
    come_back_later(&read().await);
    come_back_later(&until(503, async || ready(&app).await).await);
    // The key cannot be claimed, but not because of another running request.
    let goal = json!({ "area": "social", "wishedResult": "Et job", "targetDate": "2027-01-01" });
    let add = || {
        let path = format!("/api/v1/plans/{}/goals", case.plan);
        app.as_(WORKER).post(&path, goal.clone()).key("k").into_future()
    };
    come_back_later(&add().await);
    app.execute("DROP FUNCTION no_space() CASCADE").await;
    until(200, async || ready(&app).await).await;
    read().await.expect(200);
    add().await.expect(201);
    assert_eq!(app.sql("SELECT 1 FROM access_entry WHERE operation = 'ready'").await.len(), 0);
}

/// As after a failover: the old server accepts no changes, and a new connection reaches a server that does.
#[actix_web::test]
async fn f07_a_read_only_database_is_unavailable_and_its_connections_leave_the_pool() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let goal = json!({ "area": "social", "wishedResult": "Et job", "targetDate": "2027-01-01" });
    let add = async |key: &str| {
        let path = format!("/api/v1/plans/{}/goals", case.plan);
        app.as_(WORKER).post(&path, goal.clone()).key(key).await
    };
    let name = app.database().app_url().rsplit('/').next().unwrap().to_owned();
    app.execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let end = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND usename <> current_user"
    );
    app.sql(&end).await;
    come_back_later(&until(503, async || ready(&app).await).await);
    let mut refused = 0;
    for n in 0..12 {
        let answer = add(&format!("{n}")).await;
        come_back_later(&answer);
        refused += 1;
    }
    assert_eq!(refused, 12);
    app.execute(&format!("SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    // The connections to the read-only server are still open; only the service closes them.
    until(200, async || ready(&app).await).await;
    until(201, async || add("k").await).await;
}

/// F10: requests that wait for a locked table leave one connection for everything else, and one for readiness.
#[actix_web::test]
async fn f10_requests_that_wait_for_a_locked_table_hold_up_no_others() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let path = format!("/api/v1/plans/{}", case.plan);
    app.as_(WORKER).get("/api/v1/me").await.expect(200);
    app.execute("BEGIN; LOCK TABLE plan IN ACCESS EXCLUSIVE MODE").await;
    let order = Mutex::new(Vec::new());
    let note = |what: &'static str| order.lock().unwrap().push(what);
    let locked = join_all((0..12).map(async |_| {
        let answer = app.as_(WORKER).get(&path).await;
        note("locked");
        answer
    }));
    let others = async {
        // After these requests have begun to wait.
        let waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'plan'::regclass";
        while app.sql(waits).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for _ in 0..3 {
            app.as_(WORKER).get("/api/v1/me").await.expect(200);
        }
        ready(&app).await.expect(200);
        note("others");
    };
    let (locked, ()) = join(locked, others).await;
    locked.iter().for_each(come_back_later);
    assert_eq!(
        order.lock().unwrap().first(),
        Some(&"others"),
        "they did not wait for the lock to time out"
    );
    app.execute("COMMIT").await;
    app.as_(WORKER).get(&path).await.expect(200);
}

/// F9: instances on machines with different clocks agree on the time, because both use the database's clock.
#[actix_web::test]
async fn f09_instances_with_different_clocks_see_what_the_other_has_just_done() {
    let app = TestApp::new().await;
    let database: Vec<Value> = app.sql("SELECT clock_timestamp() AS now").await;
    let now: DateTime<Utc> = database[0]["now"].as_str().unwrap().parse().unwrap();
    app.at(&now.to_rfc3339());
    let mut instances = Vec::new();
    for seconds in [-20, 20] {
        let machine = wrong_by(TimeDelta::seconds(seconds));
        let skew = Skew::default();
        skew.is(app.store().clock_skew(|| machine.now()).await.unwrap());
        instances.push(app.instance_at(machine.corrected(skew)).await);
    }
    for n in 0..10 {
        let (here, there) = (&instances[n % 2], &instances[(n + 1) % 2]);
        let body = json!({ "username": WORKER, "password": test_support::PASS_PHRASE });
        let token =
            here.as_nobody().post("/api/v1/session", body).await.expect(201).body["accessToken"]
                .clone();
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        // At once on the other instance: the token is valid, and the young person is found.
        there.as_nobody().get("/api/v1/me").header("Authorization", &bearer).await.expect(200);
        let register = here.as_nobody().post("/api/v1/young-people", app.registration(WORKER));
        let person = register.header("Authorization", &bearer).await.expect(201).id();
        let found = there.as_nobody().get(&format!("/api/v1/young-people/{person}"));
        found.header("Authorization", &bearer).await.expect(200);
    }
}

/// A machine with a clock that is wrong by this difference.
fn wrong_by(by: TimeDelta) -> Clock {
    let system = Clock::system();
    Clock::from_fn(move || system.now() + by)
}

/// The stated bound: the measurement is exact to half a round trip, for which a hundredth of a second is ample.
#[actix_web::test]
async fn f09_the_clock_is_put_right_within_a_round_trip() {
    let app = TestApp::new().await;
    for seconds in [-29, 0, 29] {
        let (machine, skew) = (wrong_by(TimeDelta::seconds(seconds)), Skew::default());
        let before = Clock::system().now();
        let ahead = app.store().clock_skew(|| machine.now()).await.unwrap();
        let took = Clock::system().now() - before;
        skew.is(ahead);
        let off = (ahead + TimeDelta::seconds(seconds)).abs();
        assert!(off <= took, "{seconds}: off by {off} after {took}");
        let corrected = machine.corrected(skew).now() - Clock::system().now();
        assert!(corrected.abs() <= took + TimeDelta::milliseconds(50), "{corrected}");
    }
}

/// F8: the largest response is built once, compressed, and not sent again to a client that has it.
#[actix_web::test]
async fn f08_the_document_is_compressed_and_known_again() {
    let app = TestApp::new().await;
    let ask = || TestRequest::get().uri("/openapi.json");
    let plain = app.send(ask()).await.expect(200);
    let size = plain.raw.len();
    assert!(size > 300_000);
    let compressed = app.send(ask().insert_header(("Accept-Encoding", "gzip"))).await;
    assert_eq!(compressed.header("content-encoding"), "gzip");
    assert_eq!(compressed.header("vary"), "Accept-Encoding");
    assert!(compressed.raw.len() < size / 5, "{} of {size}", compressed.raw.len());
    let again = app.send(ask().insert_header(("If-None-Match", compressed.header("etag")))).await;
    assert_eq!((again.status, again.raw.len()), (304, 0));
}
