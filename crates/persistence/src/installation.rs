//! Whose database this is, and whether a server may be started on it.

mod demonstration;
mod keys;

pub use demonstration::{NoDemonstration, ensure_demonstration};
pub use keys::KeysMismatch;

use crate::bootstrap::{APP, WORKER};
use crate::connection::{Silence, connect};
use crate::levels::{LevelError, ensure_level};
use crate::limits;
use crate::organisation::{FirstPasswords, LoadedAccount, Municipality, load, loaded_accounts};
use crate::pool::unavailable;
use crate::schema::installation;
use crate::vault::Vault;
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
    /// The schema is not Enplan's, or of a level that this program does not serve.
    #[error(transparent)]
    Level(#[from] LevelError),
    /// It has the demonstration's accounts, whose pass phrase everybody knows.
    #[error(
        "the database holds the demonstration's accounts: it is served with the demonstration's keys alone"
    )]
    Demonstration,
    /// The database is a municipality's, but the keys are a demonstration's.
    #[error("the keys are a demonstration's, and the database is not: use the keys made for it")]
    NoDemonstration,
    /// The keys belong to another database.
    #[error(transparent)]
    Keys(#[from] KeysMismatch),
    /// The fingerprints of the keys cannot be recorded.
    #[error("the database does not take the fingerprints of the keys")]
    Refused(#[from] diesel::result::Error),
}

#[derive(QueryableByName)]
struct Login {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    mighty: bool,
}

const LOGIN: &str = "SELECT current_user::text AS name, \
    r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb \
      OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) \
      OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) \
      OR EXISTS (SELECT FROM pg_proc p WHERE p.proowner = r.oid) AS mighty \
    FROM pg_roles r WHERE r.rolname = current_user";

/// May a server be started on this database with these logins and keys? A demonstration requires a demonstration's
/// keys, and any other database refuses them.
pub async fn ensure_fit(
    store: &StoreSettings,
    vault: &Vault,
    with_demonstration_keys: bool,
) -> Result<(), Unfit> {
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
    ensure_level(&mut conn).await?;
    ensure_whose(&mut conn, vault, with_demonstration_keys).await?;
    reach(&store.worker_url).await.map_err(|cause| Unfit::Unreachable(WORKER, Box::new(cause)))?;
    Ok(())
}

/// Do these keys belong to the database, if it exists? A superuser checks this before anything is changed.
pub async fn ensure_keys(
    admin_url: &str,
    vault: &Vault,
    with_demonstration_keys: bool,
) -> Result<(), Unfit> {
    // There is no database yet, or no server. The next step creates the database or reports that the server cannot be
    // reached.
    let Ok(mut conn) = reach(admin_url).await else { return Ok(()) };
    match ensure_level(&mut conn).await {
        Err(LevelError::NotMigrated) => Ok(()),
        _ => ensure_whose(&mut conn, vault, with_demonstration_keys).await,
    }
}

/// Records which installation the database belongs to and which keys belong to it (F4, F5). If that is already
/// recorded, it must be the same.
pub async fn claim(
    worker_url: &str,
    vault: &Vault,
    with_demonstration_keys: bool,
) -> Result<(), Unfit> {
    let mut conn =
        reach(worker_url).await.map_err(|cause| Unfit::Unreachable(WORKER, Box::new(cause)))?;
    conn.transaction(async |conn| {
        diesel::insert_into(installation::table)
            .values(installation::demonstration.eq(with_demonstration_keys))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        // From here on only one process runs at a time.
        installation::table
            .select(installation::demonstration)
            .for_update()
            .first::<bool>(conn)
            .await?;
        ensure_whose(conn, vault, with_demonstration_keys).await?;
        Ok(keys::note(conn, vault).await?)
    })
    .await
}

async fn ensure_whose(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    with_demonstration_keys: bool,
) -> Result<(), Unfit> {
    let demonstration: Option<bool> =
        installation::table.select(installation::demonstration).first(conn).await.optional()?;
    match demonstration {
        Some(true) if !with_demonstration_keys => return Err(Unfit::Demonstration),
        Some(false) if with_demonstration_keys => return Err(Unfit::NoDemonstration),
        _ => {}
    }
    Ok(keys::compare(conn, vault).await?)
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

/// Connects as the worker, for a command of the command line.
pub(crate) async fn worker(worker_url: &str) -> Result<AsyncPgConnection, StoreError> {
    connect(worker_url, limits::OPERATOR, &Silence::default()).await.map_err(unavailable)
}

/// How far this database has been loaded.
pub async fn loaded(worker_url: &str) -> Result<Loaded, StoreError> {
    let row: Option<Option<DateTime<Utc>>> = installation::table
        .filter(installation::municipality.is_not_null())
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

/// Loads a municipality into an empty database, all or nothing. If the demonstration's pass phrase is given, it is the
/// demonstration's municipality, whose young people are loaded afterwards. `None` if there is already a municipality.
pub async fn install(
    worker_url: &str,
    municipality: &Municipality,
    passwords: FirstPasswords<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Vec<LoadedAccount>>, StoreError> {
    let demonstration = matches!(passwords, FirstPasswords::Demonstration(_));
    let mut conn = worker(worker_url).await?;
    conn.transaction(async |conn| {
        diesel::insert_into(installation::table)
            .values(installation::demonstration.eq(demonstration))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        let taken = diesel::update(installation::table)
            .filter(installation::municipality.is_null())
            .filter(installation::demonstration.eq(demonstration))
            .set((
                installation::municipality.eq(&municipality.name),
                installation::municipality_code.eq(&municipality.code),
                installation::loaded_at.eq((!demonstration).then_some(now)),
            ))
            .execute(conn)
            .await?;
        match taken {
            0 => Ok(None),
            _ => load(conn, municipality, passwords, now).await.map(Some),
        }
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

/// Records that a demonstration has been loaded completely.
pub async fn finish_loading(worker_url: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(installation::table)
        .set(installation::loaded_at.eq(now))
        .execute(&mut worker(worker_url).await?)
        .await?;
    Ok(())
}
