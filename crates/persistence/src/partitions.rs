//! The partitions of the logs, created in advance without delaying other transactions (D-26). Rows in the
//! default partition, whose month had no partition, move to the partition of their month.

use crate::error::{StoreError, causes};
use crate::store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::calendar::day_of;
use std::collections::BTreeSet;

/// The number of months that have partitions, including the current month.
const AHEAD: i32 = 24;
/// The number of rows that one statement copies.
const BATCH: i32 = 5_000;
/// The advisory lock under which only one process at a time creates partitions.
const LOCK: i64 = 0x656e_706c_6c6f;

/// The months for which the logs have partitions, and the rows outside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Ahead {
    /// The number of months with partitions, including the current month.
    #[diesel(sql_type = Integer)]
    pub months: i32,
    /// The number of rows in the default partitions.
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
    /// Creates the missing partitions, unless another instance does. Returns the partitions that wait for a reader,
    /// such as `event 2031-01`; the next call tries them again.
    pub async fn keep_partitions_ahead(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        keep_ahead(&mut *self.upkeep().await?, day_of(now)).await
    }

    /// The months for which partitions exist, and the rows outside them.
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
    // If the lock cannot be released, the connection is broken, and the lock ends with it.
    let _ = unlock.execute(conn).await;
    waiting
}

/// Handles each partition separately: one that waits or fails does not delay those of the other log or of other months.
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
        // A reader of one partition reads all of them. Further attempts for this log would only delay later readers.
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
    // Until the attachment, copied rows are still read from the default partition.
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
