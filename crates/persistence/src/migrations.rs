//! The migrations, compiled into the binary, and run as the owner.

use crate::connection::{Silence, connect};
use crate::error::StoreError;
use crate::levels;
use crate::limits;
use crate::partitions::keep_ahead;
use aws_lc_rs::digest;
use diesel::dsl::sql;
use diesel::sql_types::Date;
use diesel_async::{
    AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use std::error::Error as StdError;
use std::fmt::Write as _;

/// Every migration in `migrations/`, oldest first.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The advisory lock in the database under which it is migrated.
const LOCK: i64 = 0x656e_706c_616d;

/// Why the database was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The server cannot be reached, or refuses the login.
    #[error("the database server cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// A migration failed, and was taken back.
    #[error("a migration failed")]
    Failed(#[source] Box<dyn StdError + Send + Sync>),
    /// A statement that accompanies the migrations was refused.
    #[error("the database server refused")]
    Refused(#[from] diesel::result::Error),
    /// The partitions of the logs could not be made.
    #[error("the partitions of the logs could not be made")]
    Partitions(#[source] StoreError),
}

/// Applies pending migrations, and creates the partitions of the logs for two years from today on; a job creates later
/// ones. Returns the partitions that could not be attached because a transaction reads the log, such as a backup. The
/// same job attaches them after that transaction has ended.
///
/// `admin_url` names a superuser or a member of `enplan_owner`; whatever is made belongs to that owner. Only one
/// process migrates at a time. A second one waits and then has nothing to do (F12).
pub async fn run(admin_url: &str) -> Result<Vec<String>, MigrationError> {
    let mut owner =
        with_harness(admin_url, |harness| harness.run_pending_migrations(MIGRATIONS).map(|_| ()))
            .await?;
    levels::note(&mut owner).await?;
    let today = diesel::select(sql::<Date>("current_date")).get_result(&mut owner).await?;
    keep_ahead(&mut owner, today).await.map_err(MigrationError::Partitions)
}

/// Takes every migration back. For the test that shows that each one can be.
pub async fn revert_all(admin_url: &str) -> Result<(), MigrationError> {
    with_harness(admin_url, |harness| harness.revert_all_migrations(MIGRATIONS).map(|_| ()))
        .await
        .map(drop)
}

/// The versions of the migrations, oldest first, as the database stores them.
#[must_use]
pub(crate) fn versions() -> Vec<String> {
    let version = |name: &str| name.split('_').next().unwrap_or_default().replace('-', "");
    let mut versions: Vec<String> = MIGRATION_TEXTS.iter().map(|(name, _)| version(name)).collect();
    versions.dedup();
    versions
}

/// A name for the state that the migrations lead to: template databases bear it.
#[must_use]
pub fn fingerprint() -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for (name, text) in MIGRATION_TEXTS {
        context.update(name.as_bytes());
        context.update(text.as_bytes());
    }
    context.finish().as_ref().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

include!(concat!(env!("OUT_DIR"), "/migration_texts.rs"));

/// Runs work on the migrations while no other process does, and returns the connection with the lock.
async fn with_harness(
    admin_url: &str,
    work: impl FnOnce(&mut AsyncMigrationHarness<AsyncPgConnection>) -> diesel::migration::Result<()>
    + Send
    + 'static,
) -> Result<AsyncPgConnection, MigrationError> {
    let mut owner = owner(admin_url).await?;
    // A lock of the session, without a limit for waiting; it ends with the connection.
    owner.batch_execute("SET lock_timeout = 0").await?;
    owner.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    owner.batch_execute("RESET lock_timeout").await?;
    // The harness is a blocking interface over an async connection, and wants a thread of its own.
    tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(owner);
        work(&mut harness)?;
        Ok(harness.into_inner())
    })
    .await
    .map_err(|error| MigrationError::Failed(Box::new(error)))?
    .map_err(MigrationError::Failed)
}

/// A connection that acts as the owner. It waits ten seconds for a lock.
async fn owner(admin_url: &str) -> Result<AsyncPgConnection, MigrationError> {
    let mut owner = connect(admin_url, limits::OPERATOR, &Silence::default()).await?;
    owner.batch_execute("SET ROLE enplan_owner; SET client_min_messages = warning").await?;
    Ok(owner)
}
