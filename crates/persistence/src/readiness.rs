//! Can what requests need be done? Asked before somebody sends requests here.

use crate::error::{StoreError, causes};
use crate::levels::ensure_level;
use crate::pool::{NamedPool, checkout, unavailable};
use diesel::sql_types::Integer;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// For how long an answer holds, so that asking costs nothing.
const HOLDS: Duration = Duration::from_secs(1);
/// How many entries are tried where writing failed before: more than fit on a page, so that the file has to grow.
const TRIED: i32 = 128;

/// Did something fail that had to be written? Raised by those that write, settled by the next probe.
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

/// When the database was asked, and the fault that it answered with; `None` if it was ready.
type Asked = (Instant, Option<String>);

/// Asks the database, on a connection of its own: requests that wait for each other do not hold it up.
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

    /// Whoever asks while somebody else does gets the same answer.
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
        // Whatever was wrong, it is wrong with the database: come back later.
        answer.map_err(|error| match error {
            StoreError::Unavailable(_) => error,
            other => StoreError::Unavailable(Box::new(other)),
        })
    }

    /// Begins as a request does, asks whether this program serves the database (F6), and writes to the access log as its writer does; nothing of it stays. Without
    /// doubt it writes no row, which still finds out about rights, locks and a server that takes no changes.
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
