//! F2, F3: the partitions of the logs are created without delaying other transactions, rows outside move to their
//! partition, and a failing step of upkeep stops no other step.

use crate::sql::Prompt;
use chrono::{DateTime, Utc};
use persistence::vault::{SealingKey, Vault};
use persistence::{Silence, Store, StoreSettings, migrations};
use std::sync::Arc;
use test_support::TestDatabase;

fn store(database: &TestDatabase) -> Store {
    let settings = StoreSettings {
        app_url: database.app_url(),
        worker_url: database.worker_url(),
        pool_size: 2,
        silence: Silence::default(),
    };
    let vault = Vault::new(&[SealingKey { id: 1, secret: [1; 32] }], &[2; 32]).unwrap();
    Store::new(&settings, Arc::new(vault)).unwrap()
}

/// The months of a log that have a partition, in order.
async fn months(admin: &Prompt, log: &str) -> Vec<String> {
    admin
        .column(&format!(
            "SELECT to_char(to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM'), 'YYYY-MM')
               FROM pg_inherits WHERE inhparent = '{log}'::regclass AND inhrelid <> '{log}_default'::regclass ORDER BY 1"
        ))
        .await
}

/// A time in the first month with a partition, which is the current month.
async fn now(admin: &Prompt) -> DateTime<Utc> {
    format!("{}-15T12:00:00Z", months(admin, "event").await[0]).parse().unwrap()
}

/// Drops the partitions of the last `many` months of both logs and returns the months.
async fn drop_last(admin: &Prompt, many: usize) -> Vec<String> {
    let months = months(admin, "event").await;
    let (_, last) = months.split_at(months.len() - many);
    for month in last {
        let name = month.replace('-', "_");
        admin.run(&format!("DROP TABLE event_{name}, access_entry_{name}")).await;
    }
    last.to_vec()
}

/// Entries of the access log at this moment and in the following seconds.
fn entries(from: &str, many: usize) -> String {
    format!(
        "INSERT INTO access_entry (recorded_at, id, request_id, actor_id, operation, outcome, young_people, bases, areas)
         SELECT timestamptz '{from}' + n * interval '1 second', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                'readPlan', 'read', '{{}}', '{{}}', 1 FROM generate_series(0, {many} - 1) n"
    )
}

#[tokio::test]
async fn f02_migrate_succeeds_beside_a_reader_and_a_later_round_attaches_what_waited() {
    let database = TestDatabase::new().await;
    let (admin, reader) = (Prompt::of_admin(&database).await, Prompt::of_admin(&database).await);
    let all = months(&admin, "event").await;
    assert_eq!(all.len(), 24, "two years, the present month included");
    let dropped = drop_last(&admin, 3).await;

    // Like a long query, or like pg_dump, which takes the same locks.
    reader.run("BEGIN; LOCK TABLE event IN ACCESS SHARE MODE; SELECT count(*) FROM event").await;
    let waiting = migrations::run(&database.admin_url()).await.unwrap();
    let of_events: Vec<_> = dropped.iter().map(|month| format!("event {month}")).collect();
    assert_eq!(waiting, of_events, "the other log is not held up");
    assert_eq!(months(&admin, "access_entry").await, all);
    // Meanwhile all others can read and write.
    admin.run("SET statement_timeout = '10s'; SELECT count(*) FROM event").await;
    admin.run(&entries(&format!("{}-01 10:00+00", dropped[0]), 1)).await;

    let (store, now) = (store(&database), now(&admin).await);
    assert_eq!(
        store.partitions_ahead(now).await.unwrap().months,
        21,
        "that is what the figures tell"
    );
    assert_eq!(store.keep_partitions_ahead(now).await.unwrap(), of_events);
    reader.run("COMMIT").await;
    assert_eq!(store.keep_partitions_ahead(now).await.unwrap(), [""; 0]);
    assert_eq!(months(&admin, "event").await, all);
    assert_eq!(store.partitions_ahead(now).await.unwrap().months, 24);
}

#[tokio::test]
async fn f02_a_partition_that_was_attached_is_like_every_other() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let dropped = drop_last(&admin, 1).await;
    assert_eq!(migrations::run(&database.admin_url()).await.unwrap(), [""; 0]);
    let name = dropped[0].replace('-', "_");
    for log in ["event", "access_entry"] {
        let of = |table: String| {
            format!(
                "SELECT relrowsecurity, relowner::regrole,
                        (SELECT count(*) FROM pg_index WHERE indrelid = c.oid AND indexrelid IN (SELECT inhrelid FROM pg_inherits)),
                        (SELECT count(*) FROM pg_index WHERE indrelid = c.oid),
                        (SELECT string_agg(tgname, ',' ORDER BY tgname) FROM pg_trigger WHERE tgrelid = c.oid),
                        (SELECT string_agg(conname::text, ',' ORDER BY conname) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c')
                   FROM pg_class c WHERE oid = '{table}'::regclass"
            )
        };
        let made = admin.rows(&of(format!("{log}_{name}"))).await;
        assert_eq!(made, admin.rows(&of(format!("{log}_default"))).await, "{log}");
        assert_eq!(made[0][0], "t");
    }
}

#[tokio::test]
async fn f03_rows_move_out_of_the_default_partition_by_themselves() {
    let database = TestDatabase::new().await;
    let (admin, reader) = (Prompt::of_admin(&database).await, Prompt::of_admin(&database).await);
    let (store, now) = (store(&database), now(&admin).await);
    // More than one batch, a month from a wrong clock, and a month long past.
    admin.run(&entries("2031-01-05 10:00+00", 12_000)).await;
    admin.run(&entries("2044-07-31 23:59:59+00", 1)).await;
    admin.run(&entries("1999-12-31 23:59:59+00", 2)).await;
    let read = "SELECT count(DISTINCT id) || ' of ' || count(*) FROM access_entry";
    assert_eq!(store.partitions_ahead(now).await.unwrap().rows_outside, 12_003);

    reader.run("BEGIN; SELECT count(*) FROM access_entry").await;
    let waiting = store.keep_partitions_ahead(now).await.unwrap();
    assert_eq!(waiting.len(), 4, "{waiting:?}");
    assert_eq!(admin.value(read).await, "12003 of 12003", "what was copied is not read twice");
    admin.run(&entries("2031-01-20 10:00+00", 5)).await;
    reader.run("COMMIT").await;

    assert_eq!(store.keep_partitions_ahead(now).await.unwrap(), [""; 0]);
    assert_eq!(admin.value(read).await, "12008 of 12008");
    assert_eq!(store.partitions_ahead(now).await.unwrap().rows_outside, 0);
    for (partition, rows) in
        [("2031_01", "12005"), ("2044_07", "1"), ("1999_12", "1"), ("2000_01", "1")]
    {
        let counted = format!("SELECT count(*) FROM ONLY access_entry_{partition}");
        assert_eq!(admin.value(&counted).await, rows, "{partition}");
    }
}

#[tokio::test]
async fn f03_a_table_that_an_interrupted_try_left_is_no_obstacle() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(&entries("2031-01-05 10:00+00", 3)).await;
    // With another shape, as before a migration that changed the log.
    admin.run("CREATE TABLE access_entry_2031_01 (recorded_at timestamptz); ALTER TABLE access_entry_2031_01 OWNER TO enplan_owner").await;
    let now = now(&admin).await;
    assert_eq!(store(&database).keep_partitions_ahead(now).await.unwrap(), [""; 0]);
    assert_eq!(admin.value("SELECT count(*) FROM ONLY access_entry_2031_01").await, "3");
}

#[tokio::test]
async fn f03_a_partition_that_cannot_be_made_holds_up_no_other() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let dropped = drop_last(&admin, 3).await;
    // A foreign object blocks the first one.
    let name = dropped[0].replace('-', "_");
    admin.run(&format!("CREATE VIEW event_{name} AS SELECT 1 AS one")).await;
    let now = format!("{}-01T12:00:00Z", dropped[0]).parse().unwrap();
    assert!(store(&database).keep_partitions_ahead(now).await.is_err(), "and it is told");
    let there = months(&admin, "event").await;
    assert!(
        !there.contains(&dropped[0]) && there.contains(&dropped[1]) && there.contains(&dropped[2])
    );
    assert!(months(&admin, "access_entry").await.contains(&dropped[0]));
}

#[tokio::test]
async fn f03_a_step_of_upkeep_that_fails_stops_no_other_and_keeps_its_cause() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let (store, now) = (store(&database), now(&admin).await);
    let job = "INSERT INTO job (id, kind, subject, run_at) VALUES (gen_random_uuid(), 'serve-line', 'nothing', '2020-01-01')";
    let key = "INSERT INTO idempotency_key (actor_id, key_digest, request_digest, recorded_at)
               VALUES (gen_random_uuid(), '1', '1', '2020-01-01')";
    admin.run(&format!("{job}; {key}")).await;
    // The first step fails, and with it the job.
    admin.run("REVOKE ALL ON intervention, catalogue_entry FROM enplan_worker").await;
    assert!(store.run_due_jobs(now).await.is_err());
    assert_eq!(admin.value("SELECT count(*) FROM idempotency_key").await, "0", "the last one ran");
    let told = admin.value("SELECT last_error FROM job").await;
    assert!(told.contains("permission denied for"), "{told}");
}
