//! Readiness: can this instance serve requests? A load balancer queries it before it routes traffic here.

use crate::error::{StoreError, causes};
use crate::levels::ensure_level;
use crate::pool::{NamedPool, checkout, unavailable};
use diesel::sql_types::Integer;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The time for which a result is reused, so that frequent queries cost nothing.
const HOLDS: Duration = Duration::from_secs(1);
/// The number of entries in a trial write after a failed write: more than fit on a page, so that the file has to grow.
const TRIED: i32 = 128;

/// Did a required write fail? Writers set it; the next successful probe clears it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Doubt(Arc<AtomicBool>);

impl Doubt {
    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_raised(&self) -> bool {
        AtomicBool::load(&self.0, Ordering::Relaxed)
    }

    fn settle(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The time of the last probe, and its fault; `None` if the database was ready.
type Asked = (Instant, Option<String>);

/// Probes the database on a separate connection, so that waiting requests do not delay it.
#[derive(Clone)]
pub(crate) struct Readiness {
    pool: NamedPool,
    doubt: Doubt,
    last: Arc<Mutex<Option<Asked>>>,
}

impl Readiness {
    pub(crate) fn new(pool: NamedPool, doubt: Doubt) -> Self {
        Self { pool, doubt, last: Arc::default() }
    }

    /// Returns the readiness. Concurrent calls share one result.
    pub(crate) async fn ask(&self) -> Result<(), StoreError> {
        let mut last = self.last.lock().await;
        if let Some((asked, answer)) = &*last
            && asked.elapsed() < HOLDS
        {
            return match answer {
                None => Ok(()),
                Some(told) => Err(StoreError::Unavailable(told.clone().into())),
            };
        }
        let doubted = self.doubt.is_raised();
        let answer = self.probe(if doubted { TRIED } else { 0 }).await;
        if answer.is_err() {
            self.doubt.raise();
        } else if doubted {
            self.doubt.settle();
        }
        *last = Some((Instant::now(), answer.as_ref().err().map(|error| causes(error))));
        // Every fault of the probe is a fault of the database, so the response is 503.
        answer.map_err(|error| match error {
            StoreError::Unavailable(_) => error,
            other => StoreError::Unavailable(Box::new(other)),
        })
    }

    /// Begins as a request does, checks that this program may serve the database (F6), writes to the access log as its
    /// writer does, and rolls back. Unless a write failed before, it inserts no row, which still detects missing
    /// rights, locks and a server that accepts no changes.
    async fn probe(&self, entries: i32) -> Result<(), StoreError> {
        let mut conn = checkout(&self.pool).await?;
        let begin =
            "BEGIN; SELECT act_as('00000000-0000-0000-0000-000000000000', clock_timestamp())";
        if let Err(error) = AnsiTransactionManager::begin_transaction_sql(&mut *conn, begin).await {
            conn.close();
            return Err(error.into());
        }
        let written = try_to_write(&mut conn, entries).await;
        if AnsiTransactionManager::rollback_transaction(&mut *conn).await.is_err() {
            conn.close();
        }
        written
    }
}

async fn try_to_write(conn: &mut AsyncPgConnection, entries: i32) -> Result<(), StoreError> {
    ensure_level(conn).await.map_err(unavailable)?;
    diesel::sql_query(
            "INSERT INTO access_entry (recorded_at, id, request_id, actor_id, operation, outcome, young_people, bases, areas) \
             SELECT clock_timestamp(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'ready', 'read', '{}', '{}', 0 \
             FROM generate_series(1, $1)",
        )
        .bind::<Integer, _>(entries)
        .execute(conn)
        .await?;
    Ok(())
}
