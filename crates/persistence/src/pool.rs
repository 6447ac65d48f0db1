//! Pools of connections, and the rule that no operation uses all connections of a pool.

use crate::connection::{Silence, connect};
use crate::error::StoreError;
use crate::figures::{self, Waiter};
use crate::limits::{self, Limits};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Hook, HookError, Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A pool that opens connections when they are needed, with these time limits. Connections that are older than a
/// silence leave it (F1).
pub(crate) fn pool(
    name: &'static str,
    url: &str,
    size: usize,
    limits: Limits,
    silence: &Silence,
) -> Result<NamedPool, StoreError> {
    let mut config = ManagerConfig::default();
    // A connection is not tested by a round trip: a dead one causes an error and leaves the pool (D-15).
    config.recycling_method = RecyclingMethod::Fast;
    let since = silence.clone();
    config.custom_setup = Box::new(move |url| {
        let since = since.clone();
        Box::pin(async move { connect(url, limits, &since).await })
    });
    let silence = silence.clone();
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    let pool = Pool::builder(manager)
        .max_size(size)
        .pre_recycle(Hook::sync_fn(move |_, about| {
            if silence.since(about.created) {
                return Err(HookError::message("others of its age do not answer"));
            }
            Ok(())
        }))
        .build()
        .map_err(unavailable)?;
    figures::watch(name, &pool);
    Ok(NamedPool { name, pool })
}

/// A pool, with its name in the metrics.
#[derive(Clone)]
pub(crate) struct NamedPool {
    name: &'static str,
    pool: Pool<AsyncPgConnection>,
}

impl NamedPool {
    async fn get(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        self.pool.get().await.map_err(unavailable)
    }
}

/// A connection of the pool, or an error after waiting for [`limits::CONNECTION`].
pub(crate) async fn checkout(pool: &NamedPool) -> Result<Lease, StoreError> {
    let waiter = Waiter::of(pool.name);
    let conn =
        tokio::time::timeout(limits::CONNECTION, pool.get()).await.map_err(unavailable)??;
    waiter.served();
    Ok(Lease { conn, turn: None })
}

pub(crate) fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

/// A connection, until it is dropped.
pub(crate) struct Lease {
    conn: Object<AsyncPgConnection>,
    turn: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// Closes the connection if its state is unknown.
    pub(crate) fn close(self) {
        drop(Object::take(self.conn));
        drop(self.turn);
    }
}

impl Deref for Lease {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.conn
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        &mut self.conn
    }
}

/// One worker's connections for requests. No operation uses all of them: requests that wait for a locked table leave
/// one connection for everything else (F10).
#[derive(Clone)]
pub(crate) struct Bulkhead {
    pool: NamedPool,
    share: usize,
    turns: Arc<Mutex<HashMap<&'static str, Arc<Semaphore>>>>,
}

impl Bulkhead {
    /// Creates it over a pool of this size.
    pub(crate) fn new(pool: NamedPool, size: usize) -> Self {
        Self { pool, share: size.saturating_sub(1).max(1), turns: Arc::default() }
    }

    /// A connection for this operation. A request that waits too long for its turn or for a connection is refused with
    /// 503.
    pub(crate) async fn connection(&self, operation: &'static str) -> Result<Lease, StoreError> {
        let turns = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let whole = || Arc::new(Semaphore::new(self.share));
            Arc::clone(turns.entry(operation).or_insert_with(whole))
        };
        let connection = async {
            let turn = turns.acquire_owned().await.map_err(unavailable)?;
            let conn = self.pool.get().await?;
            Ok::<_, StoreError>(Lease { conn, turn: Some(turn) })
        };
        let waiter = Waiter::of(self.pool.name);
        let conn =
            tokio::time::timeout(limits::CONNECTION, connection).await.map_err(unavailable)??;
        waiter.served();
        Ok(conn)
    }
}
