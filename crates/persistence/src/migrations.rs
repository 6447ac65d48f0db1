//! The data structures (`migrations/`) and the SQL (`sql/`) of this program, and how a database gets them.

use crate::connection::{Silence, connect};
use crate::error::{LOCK_TIMEOUT, StoreError};
use crate::levels;
use crate::limits;
use crate::partitions::keep_ahead;
use crate::sql_source::{self, Object, Source, SqlError};
use aws_lc_rs::digest;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Date, Text};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The advisory lock in the database under which it is migrated.
const LOCK: i64 = 0x656e_706c_616d;
/// How often everything is tried, if a lock is not free in time, and the time between two attempts.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(500);

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Why the database was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The server cannot be reached, or refuses the login.
    #[error("the database server cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// A migration failed, and was taken back.
    #[error("the migration {0} failed")]
    Failed(String, #[source] DieselError),
    /// The database is older than the first migration of this program.
    #[error(
        "the database was made by a version before the first release, which cannot be upgraded: make a new one"
    )]
    BeforeBaseline,
    /// A file of `sql/` is wrong.
    #[error(transparent)]
    Source(#[from] SqlError),
    /// Functions or views were refused.
    #[error("{0}")]
    Objects(String),
    /// An object was refused.
    #[error("{0} cannot be applied")]
    Object(String, #[source] DieselError),
    /// An object that is not ours depends on one that must be dropped.
    #[error("{0} is not Enplan's and depends on an object that must be made again: drop it first")]
    Depends(String),
    /// A statement was refused.
    #[error("the database server refused")]
    Refused(#[from] DieselError),
    /// The partitions of the logs could not be made.
    #[error("the partitions of the logs could not be made")]
    Partitions(#[source] StoreError),
}

impl MigrationError {
    /// Functions and views that were refused, with the reasons.
    pub(crate) fn objects(failed: &BTreeMap<&str, DieselError>) -> Self {
        let told: Vec<_> =
            failed.iter().map(|(identity, error)| format!("{identity}: {error}")).collect();
        Self::Objects(told.join("; "))
    }

    fn is_locked(&self) -> bool {
        match self {
            Self::Failed(_, error) | Self::Object(_, error) | Self::Refused(error) => {
                is_locked(error)
            }
            _ => false,
        }
    }
}

/// Was a lock not free in time, or did another transaction and this one wait for each other?
pub(crate) fn is_locked(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::Unknown, info)
        if [LOCK_TIMEOUT, "deadlock detected"].contains(&info.message()))
}

/// A migration.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its version, as the database stores it.
    pub version: String,
    /// The statements that apply it.
    pub up: String,
    /// The statements that take it back.
    pub down: String,
}

/// What a database consists of, apart from its rows.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The migrations, oldest first.
    pub migrations: Vec<Migration>,
    /// The files of `sql/`.
    pub sources: Vec<Source>,
}

/// Applies pending migrations and changed SQL, and creates the partitions of the logs for two years from today on; a
/// job creates later ones. Returns the partitions that could not be attached because a transaction reads the log, such
/// as a backup. The same job attaches them after that transaction has ended.
///
/// `admin_url` names a superuser or a member of `enplan_owner`; whatever is made belongs to that owner. Only one
/// process migrates at a time. A second one waits and then has nothing to do (F12).
pub async fn run(admin_url: &str) -> Result<Vec<String>, MigrationError> {
    Schema::of_this_program().apply(admin_url).await
}

/// Takes every migration back. For the test that shows that each one can be.
pub async fn revert_all(admin_url: &str) -> Result<(), MigrationError> {
    let schema = Schema::of_this_program();
    let mut owner = owner(admin_url).await?;
    owner
        .transaction(async |conn| {
            sql_source::drop_all(conn).await?;
            let applied = applied(conn).await?;
            for Migration { version, down, .. } in schema.migrations.iter().rev() {
                if applied.contains(version) {
                    conn.batch_execute(down)
                        .await
                        .map_err(|error| MigrationError::Failed(version.clone(), error))?;
                    diesel::sql_query("DELETE FROM __diesel_schema_migrations WHERE version = $1")
                        .bind::<Text, _>(version)
                        .execute(conn)
                        .await?;
                }
            }
            Ok(())
        })
        .await
}

/// The versions of the migrations, oldest first, as the database stores them.
#[must_use]
pub(crate) fn versions() -> Vec<String> {
    MIGRATIONS.iter().map(|(name, _, _)| version(name)).collect()
}

fn version(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

/// A name for the state to which the migrations and the SQL lead: template databases bear it.
#[must_use]
pub fn fingerprint() -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for (name, up, down) in MIGRATIONS {
        for text in [name, up, down] {
            context.update(text.as_bytes());
        }
    }
    context.update(sql_source::own_fingerprint().as_bytes());
    sql_source::hexadecimal(context.finish())
}

impl Schema {
    /// The migrations and the SQL of this program.
    #[must_use]
    pub fn of_this_program() -> Self {
        Self {
            migrations: MIGRATIONS
                .iter()
                .map(|(name, up, down)| Migration {
                    version: version(name),
                    up: (*up).to_owned(),
                    down: (*down).to_owned(),
                })
                .collect(),
            sources: SOURCES
                .iter()
                .map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() })
                .collect(),
        }
    }

    /// As [`run`] does.
    ///
    /// All of it is one transaction, so that a server that is running never sees a part of it. If a lock is not free in
    /// time, everything is taken back and tried again.
    pub async fn apply(&self, admin_url: &str) -> Result<Vec<String>, MigrationError> {
        let objects = sql_source::objects(&self.sources)?;
        let mut owner = owner(admin_url).await?;
        for left in (0..TRIES).rev() {
            let done = owner.transaction(async |conn| self.apply_in(conn, &objects).await).await;
            match done {
                Err(error) if error.is_locked() && left > 0 => tokio::time::sleep(PAUSE).await,
                done => {
                    done?;
                    break;
                }
            }
        }
        let today = diesel::select(sql::<Date>("current_date")).get_result(&mut owner).await?;
        keep_ahead(&mut owner, today).await.map_err(MigrationError::Partitions)
    }

    async fn apply_in(
        &self,
        conn: &mut AsyncPgConnection,
        objects: &[Object],
    ) -> Result<(), MigrationError> {
        let applied = applied(conn).await?;
        let known: Vec<_> =
            self.migrations.iter().map(|migration| migration.version.clone()).collect();
        if levels::is_before_baseline(applied.iter(), &known) {
            return Err(MigrationError::BeforeBaseline);
        }
        // A newer program migrated it: an earlier one changes nothing.
        if applied.iter().any(|version| !known.contains(version)) {
            return Ok(());
        }
        let pending =
            self.migrations.iter().filter(|migration| !applied.contains(&migration.version));
        let pending: Vec<_> = pending.collect();
        for migration in &pending {
            migrate(conn, migration).await?;
        }
        sql_source::apply(conn, objects, !pending.is_empty()).await?;
        Ok(levels::note(conn, &sql_source::fingerprint(&self.sources)).await?)
    }
}

/// Applies a migration. If it fails, our objects may depend on what it changes: then they are dropped, in the same
/// transaction, and it is tried once more. PostgreSQL does not tell all such failures apart from others.
async fn migrate(
    conn: &mut AsyncPgConnection,
    migration: &Migration,
) -> Result<(), MigrationError> {
    let Migration { version, up, .. } = migration;
    let first = conn.transaction(async |conn| conn.batch_execute(up).await).await;
    if let Err(error) = first {
        if is_locked(&error) {
            return Err(error.into());
        }
        sql_source::drop_all(conn).await?;
        let failed = |error| MigrationError::Failed(version.clone(), error);
        conn.batch_execute(up).await.map_err(failed)?;
    }
    diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ($1)")
        .bind::<Text, _>(version)
        .execute(conn)
        .await?;
    // A deferred constraint is checked now, as at the end of a transaction: later statements change its table.
    Ok(conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await?)
}

/// The versions of the migrations that were applied. The table is that of diesel's own program.
async fn applied(conn: &mut AsyncPgConnection) -> QueryResult<BTreeSet<String>> {
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = Text)]
        version: String,
    }
    conn.batch_execute(
        "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
         run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    )
    .await?;
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version::text FROM __diesel_schema_migrations")
            .load(conn)
            .await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// A connection that acts as the owner, while no other process migrates. It waits two seconds for a lock.
async fn owner(admin_url: &str) -> Result<AsyncPgConnection, MigrationError> {
    let mut owner = connect(admin_url, limits::OPERATOR, &Silence::default()).await?;
    // Only a superuser may choose the language of the messages, by which `is_locked` recognizes one.
    let _ = owner.batch_execute("SET lc_messages = 'C'").await;
    owner.batch_execute("SET ROLE enplan_owner; SET client_min_messages = warning").await?;
    // A lock of the session, without a limit for waiting; it ends with the connection.
    owner.batch_execute("SET lock_timeout = 0").await?;
    owner.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    owner.batch_execute("SET lock_timeout = '2s'").await?;
    Ok(owner)
}
