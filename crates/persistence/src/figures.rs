//! Metrics of the database, for operators. They contain no personal data, and all values of their labels are defined in
//! the code.

use crate::error::StoreError;
use crate::store::Store;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Timestamptz};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use metrics::{Counter, Gauge, counter, gauge, histogram};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Gauge: connections by `pool` and `state` (`idle`, `used`).
pub const CONNECTIONS: &str = "enplan_database_connections";
/// Gauge: the maximum number of connections of a `pool`.
pub const MOST_CONNECTIONS: &str = "enplan_database_connections_max";
/// Gauge: the requests or jobs that wait for a connection of a `pool` now.
pub const WAITING: &str = "enplan_database_connection_waiting";
/// Histogram: the waiting time for a connection of a `pool`, in seconds.
pub const WAITED: &str = "enplan_database_connection_wait_seconds";
/// Counter: the attempts that got no connection of a `pool`.
pub const WITHOUT: &str = "enplan_database_connection_failures_total";
/// Gauge: access entries that wait to be written.
pub const LOG_QUEUE: &str = "enplan_access_log_queue_entries";
/// Counter: access entries that were written.
pub const LOG_WRITTEN: &str = "enplan_access_log_entries_total";
/// Counter: access entries that were not written, or not in time, so that their requests were refused.
pub const LOG_FAILED: &str = "enplan_access_log_failures_total";
/// Counter: the number of times that an employee or a unit reached half of the allowed checks without access (AC-19).
pub const CHECK_ALARMS: &str = "enplan_access_check_alarms_total";
/// Gauge: due jobs.
pub const JOBS_DUE: &str = "enplan_jobs_due";
/// Gauge: the time since the oldest due job became due, in seconds.
pub const OLDEST_JOB: &str = "enplan_jobs_oldest_due_age_seconds";
/// Gauge: jobs that have failed and are tried again.
pub const JOBS_FAILING: &str = "enplan_jobs_failing";
/// Gauge: the number of months for which both logs have partitions, including the current month.
pub const MONTHS_AHEAD: &str = "enplan_log_partition_months";
/// Gauge: rows in the default partitions of the logs.
pub const ROWS_OUTSIDE: &str = "enplan_log_default_partition_rows";

/// Every family above, with its kind and its help text.
pub const FAMILIES: [(&str, Kind, &str); 14] = [
    (CONNECTIONS, Kind::Gauge, "Connections to the database, by pool and state"),
    (MOST_CONNECTIONS, Kind::Gauge, "Connections that a pool may have"),
    (WAITING, Kind::Gauge, "Those who wait for a connection now"),
    (WAITED, Kind::Histogram, "How long a connection was waited for"),
    (WITHOUT, Kind::Counter, "Those who got no connection"),
    (LOG_QUEUE, Kind::Gauge, "Access entries that wait to be written"),
    (LOG_WRITTEN, Kind::Counter, "Access entries that were written"),
    (LOG_FAILED, Kind::Counter, "Access entries that were not written, or not in time"),
    (CHECK_ALARMS, Kind::Counter, "Alarms of checks without access"),
    (JOBS_DUE, Kind::Gauge, "Jobs that are due"),
    (OLDEST_JOB, Kind::Gauge, "For how long the oldest due job has been due"),
    (JOBS_FAILING, Kind::Gauge, "Jobs that failed and are tried again"),
    (
        MONTHS_AHEAD,
        Kind::Gauge,
        "Months for which both logs have partitions, the present one included",
    ),
    (ROWS_OUTSIDE, Kind::Gauge, "Rows in the default partitions of the logs"),
];

/// The kind of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only increases.
    Counter,
    /// Increases and decreases.
    Gauge,
    /// The distribution of the observed values.
    Histogram,
}

/// Returns the current size of a pool; `None` if the pool was dropped.
type Look = Box<dyn Fn() -> Option<Size> + Send>;

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    most: usize,
    idle: usize,
    used: usize,
}

/// The pools of this process, by name.
static POOLS: Mutex<Vec<(&'static str, Look)>> = Mutex::new(Vec::new());

/// Observes a pool as long as it exists. The sizes of pools with the same name are added up.
pub(crate) fn watch(name: &'static str, pool: &Pool<AsyncPgConnection>) {
    let weak = pool.weak();
    let look = move || {
        let status = weak.upgrade()?.status();
        let idle = status.available.min(status.size);
        Some(Size { most: status.max_size, idle, used: status.size - idle })
    };
    POOLS.lock().unwrap_or_else(PoisonError::into_inner).push((name, Box::new(look)));
    counter!(WITHOUT, "pool" => name).increment(0);
    counter!(CHECK_ALARMS).increment(0);
    gauge!(WAITING, "pool" => name).increment(0.0);
}

/// Records the current sizes of the pools.
pub fn tell_pools() {
    let mut sizes: BTreeMap<&'static str, Size> = BTreeMap::new();
    POOLS.lock().unwrap_or_else(PoisonError::into_inner).retain(|(name, look)| {
        let now = look();
        if let Some(now) = now {
            let all = sizes.entry(name).or_default();
            all.most += now.most;
            all.idle += now.idle;
            all.used += now.used;
        }
        now.is_some()
    });
    for (name, size) in sizes {
        gauge!(MOST_CONNECTIONS, "pool" => name).set(count(size.most));
        gauge!(CONNECTIONS, "pool" => name, "state" => "idle").set(count(size.idle));
        gauge!(CONNECTIONS, "pool" => name, "state" => "used").set(count(size.used));
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A request or job that waits for a connection of a pool, until it has one or gives up.
pub(crate) struct Waiter {
    name: &'static str,
    since: Instant,
    waiting: Gauge,
    served: bool,
}

impl Waiter {
    pub(crate) fn of(name: &'static str) -> Self {
        let waiting = gauge!(WAITING, "pool" => name);
        waiting.increment(1.0);
        Self { name, since: Instant::now(), waiting, served: false }
    }

    /// Records that it has a connection.
    pub(crate) fn served(mut self) {
        self.served = true;
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.waiting.decrement(1.0);
        histogram!(WAITED, "pool" => self.name).record(self.since.elapsed().as_secs_f64());
        if !self.served {
            counter!(WITHOUT, "pool" => self.name).increment(1);
        }
    }
}

/// Counts the access entries that wait for the writer, were written, or were not written.
#[derive(Clone)]
pub(crate) struct LogFigures {
    waiting: Gauge,
    written: Counter,
    failed: Counter,
}

impl fmt::Debug for LogFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogFigures")
    }
}

impl LogFigures {
    pub(crate) fn new() -> Self {
        let figures = Self {
            waiting: gauge!(LOG_QUEUE),
            written: counter!(LOG_WRITTEN),
            failed: counter!(LOG_FAILED),
        };
        figures.waiting.increment(0.0);
        figures.written.increment(0);
        figures.failed.increment(0);
        figures
    }

    /// One entry waits.
    pub(crate) fn waits(&self) {
        self.waiting.increment(1.0);
    }

    /// Records that this number of entries was taken from the queue.
    pub(crate) fn taken(&self, entries: usize) {
        self.waiting.decrement(count(entries));
    }

    /// Records that this number of entries was written.
    pub(crate) fn written(&self, entries: usize) {
        self.written.increment(u64::try_from(entries).unwrap_or(u64::MAX));
    }

    /// Records that an entry was not written, or not in time.
    pub(crate) fn failed(&self) {
        self.failed.increment(1);
    }
}

#[derive(QueryableByName)]
struct Jobs {
    #[diesel(sql_type = BigInt)]
    due: i64,
    #[diesel(sql_type = Double)]
    oldest: f64,
    #[diesel(sql_type = BigInt)]
    failing: i64,
}

const JOBS: &str = "SELECT count(*) FILTER (WHERE run_at <= $1) AS due, \
    coalesce(extract(epoch FROM $1 - min(run_at) FILTER (WHERE run_at <= $1)), 0)::float8 AS oldest, \
    count(*) FILTER (WHERE attempts > 0) AS failing FROM job";

impl Store {
    /// Queries the values that only the database has, and records them.
    pub async fn tell_figures(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let jobs: Jobs = diesel::sql_query(JOBS)
            .bind::<Timestamptz, _>(now)
            .get_result(&mut *self.upkeep().await?)
            .await?;
        gauge!(JOBS_DUE).set(whole(jobs.due));
        gauge!(OLDEST_JOB).set(jobs.oldest);
        gauge!(JOBS_FAILING).set(whole(jobs.failing));
        let ahead = self.partitions_ahead(now).await?;
        gauge!(MONTHS_AHEAD).set(f64::from(ahead.months));
        gauge!(ROWS_OUTSIDE).set(whole(ahead.rows_outside));
        Ok(())
    }
}

fn whole(number: i64) -> f64 {
    f64::from(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}
