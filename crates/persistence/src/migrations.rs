//! The migrations, compiled into the binary, and run as the owner.

use crate::bootstrap::with_options;
use aws_lc_rs::digest;
use diesel_async::{
    AsyncConnection as _, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use std::error::Error as StdError;
use std::fmt::Write as _;

/// Every migration in `migrations/`, oldest first.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Why the database was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The server cannot be reached, or refuses the login.
    #[error("the database server cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// A migration failed, and was taken back.
    #[error("a migration failed")]
    Failed(#[source] Box<dyn StdError + Send + Sync>),
    /// The partitions of the logs could not be made.
    #[error("the partitions of the logs could not be made")]
    Partitions(#[from] diesel::result::Error),
}

/// Applies what is pending, and makes the partitions of the logs for two years from `MONTHS_FROM`
/// on; a job makes those that follow.
///
/// `admin_url` names a superuser or a member of `enplan_owner`; whatever is made belongs to that owner.
pub async fn run(admin_url: &str) -> Result<(), MigrationError> {
    with_harness(admin_url, |harness| harness.run_pending_migrations(MIGRATIONS).map(|_| ()))
        .await?;
    let mut owner = connect(admin_url).await?;
    owner.batch_execute("SELECT make_log_partitions(current_date, 24)").await?;
    Ok(())
}

/// Takes every migration back. For the test that shows that each one can be.
pub async fn revert_all(admin_url: &str) -> Result<(), MigrationError> {
    with_harness(admin_url, |harness| harness.revert_all_migrations(MIGRATIONS).map(|_| ())).await
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

async fn with_harness(
    admin_url: &str,
    work: impl FnOnce(&mut AsyncMigrationHarness<AsyncPgConnection>) -> diesel::migration::Result<()>
    + Send
    + 'static,
) -> Result<(), MigrationError> {
    let mut owner = connect(admin_url).await?;
    owner.batch_execute("SET lock_timeout = '10s'").await?;
    // The harness is a blocking interface over an async connection, and wants a thread of its own.
    tokio::task::spawn_blocking(move || work(&mut AsyncMigrationHarness::new(owner)))
        .await
        .map_err(|error| MigrationError::Failed(Box::new(error)))?
        .map_err(MigrationError::Failed)
}

async fn connect(admin_url: &str) -> Result<AsyncPgConnection, MigrationError> {
    let as_owner = with_options(admin_url, "-c role=enplan_owner -c client_min_messages=warning");
    Ok(AsyncPgConnection::establish(&as_owner).await?)
}
