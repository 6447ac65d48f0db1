//! Whose database this is, and whether a server may be started on it.

use crate::bootstrap::{APP, WORKER};
use crate::connection::{Silence, connect};
use crate::limits;
use crate::organisation::{FirstPasswords, LoadedAccount, Municipality, load, loaded_accounts};
use crate::pool::unavailable;
use crate::schema::installation;
use crate::{StoreError, StoreSettings};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use std::error::Error as StdError;

/// Why a server is not started on a database.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It cannot be reached, or refuses the login.
    #[error(
        "the database cannot be reached as {0}: check ENPLAN_DATABASE_URL and the passwords in the keys"
    )]
    Unreachable(&'static str, #[source] Box<dyn StdError + Send + Sync>),
    /// The login is another role, or one with more rights than the application's.
    #[error(
        "the database login must be enplan_app: no superuser, no BYPASSRLS, owner of nothing, member of nothing"
    )]
    TooMighty,
    /// The schema is not ours, or older than this program.
    #[error("the database is not migrated: run `enplan migrate`")]
    NotMigrated,
    /// It has the demonstration's accounts, whose pass phrase everybody knows.
    #[error(
        "the database holds the demonstration's accounts: it is served with the demonstration's keys alone"
    )]
    Demonstration,
}

#[derive(QueryableByName)]
struct Login {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    mighty: bool,
    #[diesel(sql_type = Bool)]
    migrated: bool,
}

const LOGIN: &str = "SELECT current_user::text AS name, \
    r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb \
      OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) \
      OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) \
      OR EXISTS (SELECT FROM pg_proc p WHERE p.proowner = r.oid) AS mighty, \
    to_regprocedure('list_young_people(uuid, uuid, integer, integer)') IS NOT NULL AS migrated \
    FROM pg_roles r WHERE r.rolname = current_user";

/// May a server be started on this database, with these logins? With the keys of a demonstration it may
/// be one; with others it may not.
pub async fn ensure_fit(store: &StoreSettings, with_demonstration_keys: bool) -> Result<(), Unfit> {
    let app_url = &store.app_url;
    let mut conn =
        reach(app_url).await.map_err(|cause| Unfit::Unreachable(APP, Box::new(cause)))?;
    let login: Login = diesel::sql_query(LOGIN)
        .get_result(&mut conn)
        .await
        .map_err(|cause| Unfit::Unreachable(APP, Box::new(cause)))?;
    if login.name != APP || login.mighty {
        return Err(Unfit::TooMighty);
    }
    if !login.migrated {
        return Err(Unfit::NotMigrated);
    }
    let demonstration: Option<bool> = installation::table
        .select(installation::demonstration)
        .first(&mut conn)
        .await
        .optional()
        .map_err(|_| Unfit::NotMigrated)?;
    if demonstration == Some(true) && !with_demonstration_keys {
        return Err(Unfit::Demonstration);
    }
    reach(&store.worker_url).await.map_err(|cause| Unfit::Unreachable(WORKER, Box::new(cause)))?;
    Ok(())
}

/// How far a database has been loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// Nothing is there yet.
    Not,
    /// The municipality is, what comes after is not: somebody was interrupted.
    Partly,
    /// All is.
    Fully,
}

async fn reach(url: &str) -> diesel::ConnectionResult<AsyncPgConnection> {
    connect(url, limits::REQUEST, &Silence::default()).await
}

async fn worker(worker_url: &str) -> Result<AsyncPgConnection, StoreError> {
    connect(worker_url, limits::OPERATOR, &Silence::default()).await.map_err(unavailable)
}

/// How far this database has been loaded.
pub async fn loaded(worker_url: &str) -> Result<Loaded, StoreError> {
    let row: Option<Option<DateTime<Utc>>> = installation::table
        .select(installation::loaded_at)
        .first(&mut worker(worker_url).await?)
        .await
        .optional()?;
    Ok(match row {
        None => Loaded::Not,
        Some(None) => Loaded::Partly,
        Some(Some(_)) => Loaded::Fully,
    })
}

/// Loads a municipality into an empty database; the demonstration's, where its pass phrase is told.
pub async fn install(
    worker_url: &str,
    municipality: &Municipality,
    passwords: FirstPasswords<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<LoadedAccount>, StoreError> {
    let mut conn = worker(worker_url).await?;
    conn.transaction(async |conn| {
        diesel::insert_into(installation::table)
            .values((
                installation::municipality.eq(&municipality.name),
                installation::municipality_code.eq(&municipality.code),
                installation::demonstration
                    .eq(matches!(passwords, FirstPasswords::Demonstration(_))),
            ))
            .execute(conn)
            .await?;
        load(conn, municipality, passwords, now).await
    })
    .await
}

/// The accounts of a municipality that was installed before.
pub async fn accounts(
    worker_url: &str,
    municipality: &Municipality,
) -> Result<Vec<LoadedAccount>, StoreError> {
    loaded_accounts(&mut worker(worker_url).await?, municipality).await
}

/// Notes that all has been loaded.
pub async fn finish_loading(worker_url: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(installation::table)
        .set(installation::loaded_at.eq(now))
        .execute(&mut worker(worker_url).await?)
        .await?;
    Ok(())
}
