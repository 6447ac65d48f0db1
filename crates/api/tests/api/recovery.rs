//! What a passing fault leaves behind: nothing.

use futures_util::future::join_all;
use std::future::IntoFuture as _;
use test_support::TestApp;

const WORKER: &str = "jv.sagsbehandler";

/// D-12: a transaction whose beginning failed is in no connection that somebody else gets.
#[actix_web::test]
async fn decisions_12_a_begin_that_fails_takes_its_connection_out_of_the_pool() {
    let app = TestApp::new().await;
    app.token(WORKER).await;
    let look = || join_all((0..8).map(|_| app.as_(WORKER).get("/api/v1/me").into_future()));
    // As a migration that waits behind a dump would, but for the waiting.
    app.execute("ALTER FUNCTION act_as SET lock_timeout = '50ms'").await;
    app.execute("BEGIN; LOCK TABLE employee").await;
    for refused in look().await {
        assert_eq!(refused.problem(), (503, "service.unavailable"));
    }
    app.execute("COMMIT").await;
    for answer in look().await {
        answer.expect(200);
    }
    app.as_nobody().get("/health/ready").await.expect(200);
}

/// F6: no requests are sent to a program that the database does not fit.
#[actix_web::test]
async fn f06_a_database_of_another_level_is_not_ready() {
    let app = TestApp::new().await;
    let ready = async || app.as_nobody().get("/health/ready").await.status;
    assert_eq!(ready().await, 200);
    let last = "SELECT max(version) FROM __diesel_schema_migrations";
    app.execute(&format!("CREATE TABLE gone AS {last}")).await;
    app.execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version = ({last})")).await;
    assert_eq!(app.instance().await.as_nobody().get("/health/ready").await.status, 503);
    app.execute("INSERT INTO __diesel_schema_migrations (version) TABLE gone").await;
    assert_eq!(app.instance().await.as_nobody().get("/health/ready").await.status, 200);
    let newer = "UPDATE serving_level SET oldest_serving = '29990101000100'";
    app.execute(newer).await;
    assert_eq!(app.instance().await.as_nobody().get("/health/ready").await.status, 503);
}
