//! The logs' partitions, made ahead without holding anybody up (decisions 26). What lies in the default
//! partition, because a month had none, moves to a partition of its own.

use crate::error::{StoreError, causes};
use crate::store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::calendar::day_of;
use std::collections::BTreeSet;

/// So many months have partitions, the present one included.
const AHEAD: i32 = 24;
/// So many rows are copied in one statement.
const BATCH: i32 = 5_000;
/// Under this advisory lock one process at a time makes partitions.
const LOCK: i64 = 0x656e_706c_6c6f;

/// How far ahead the logs have partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Ahead {
    /// For so many months, the present one included.
    #[diesel(sql_type = Integer)]
    pub months: i32,
    /// So many rows lie in the default partitions.
    #[diesel(sql_type = BigInt)]
    pub rows_outside: i64,
}

#[derive(QueryableByName)]
struct Missing {
    #[diesel(sql_type = Text)]
    log: String,
    #[diesel(sql_type = Date)]
    month: NaiveDate,
}

impl Store {
    /// Makes the partitions that are missing, unless another instance does. Gives those that wait for a reader, such
    /// as `event 2031-01`; they are tried again the next time.
    pub async fn keep_partitions_ahead(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        keep_ahead(&mut *self.upkeep().await?, day_of(now)).await
    }

    /// How far ahead they are.
    pub async fn partitions_ahead(&self, now: DateTime<Utc>) -> Result<Ahead, StoreError> {
        let ahead = diesel::sql_query("SELECT * FROM log_partitions_ahead($1)")
            .bind::<Date, _>(day_of(now));
        Ok(ahead.get_result(&mut *self.upkeep().await?).await?)
    }
}

/// The same as the owner or the worker.
pub(crate) async fn keep_ahead(
    conn: &mut AsyncPgConnection,
    today: NaiveDate,
) -> Result<Vec<String>, StoreError> {
    let lock = diesel::dsl::sql::<Bool>("pg_try_advisory_lock(").bind::<BigInt, _>(LOCK).sql(")");
    if !diesel::select(lock).get_result::<bool>(conn).await? {
        return Ok(Vec::new());
    }
    let waiting = make_missing(conn, today).await;
    let unlock = diesel::sql_query("SELECT pg_advisory_unlock($1)").bind::<BigInt, _>(LOCK);
    // Where it cannot be given back the connection is broken, and it ends with it.
    let _ = unlock.execute(conn).await;
    waiting
}

/// Each partition by itself: one that waits or fails holds up none of the other log, nor of other months.
async fn make_missing(
    conn: &mut AsyncPgConnection,
    today: NaiveDate,
) -> Result<Vec<String>, StoreError> {
    let missing: Vec<Missing> = diesel::sql_query("SELECT * FROM missing_log_partitions($1, $2)")
        .bind::<Date, _>(today)
        .bind::<Integer, _>(AHEAD)
        .load(conn)
        .await?;
    let (mut read, mut waiting, mut failed) = (BTreeSet::new(), Vec::new(), None);
    for Missing { log, month } in missing {
        let name = format!("{log} {}", month.format("%Y-%m"));
        // Who reads the one reads the other: those who come after are not held up for each of them.
        if read.contains(&log) {
            waiting.push(name);
            continue;
        }
        match make(conn, &log, month).await {
            Ok(()) => {}
            Err(StoreError::Locked(_)) => {
                read.insert(log);
                waiting.push(name);
            }
            Err(error) => {
                tracing::error!(
                    error = causes(&error),
                    partition = name,
                    "a log's partition could not be made"
                );
                failed = failed.or(Some(error));
            }
        }
    }
    failed.map_or(Ok(waiting), Err)
}

async fn make(conn: &mut AsyncPgConnection, log: &str, month: NaiveDate) -> Result<(), StoreError> {
    diesel::sql_query("SELECT make_log_partition($1, $2)")
        .bind::<Text, _>(log)
        .bind::<Date, _>(month)
        .execute(conn)
        .await?;
    // What is copied is read in the default partition until the end.
    loop {
        let copied = diesel::dsl::sql::<Integer>("copy_to_log_partition(")
            .bind::<Text, _>(log)
            .sql(", ")
            .bind::<Date, _>(month)
            .sql(", ")
            .bind::<Integer, _>(BATCH)
            .sql(")");
        if diesel::select(copied).get_result::<i32>(conn).await? < BATCH {
            break;
        }
    }
    diesel::sql_query("SELECT attach_log_partition($1, $2)")
        .bind::<Text, _>(log)
        .bind::<Date, _>(month)
        .execute(conn)
        .await?;
    Ok(())
}
