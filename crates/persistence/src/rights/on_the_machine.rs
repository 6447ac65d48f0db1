//! Operations on the service's machine for the case that there are too few administrators for two people. The data
//! protection officer sees them among the requests for rights, without a requester (OR-3).

use crate::error::StoreError;
use crate::event_log::{Change, record_by_system};
use crate::installation::worker;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use domain::timeline::EventKind;
use serde_json::json;
use uuid::Uuid;

/// The reason why a command on the machine was refused.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// No employee has this user name, or the sign-in is stopped.
    #[error("no employee with this user name can sign in")]
    Unknown,
    /// There are two administrators, who can do it.
    #[error("there are two administrators: one proposes the new one, the other confirms")]
    EnoughToAppoint,
    /// The employee is already an administrator.
    #[error("the employee is an administrator already")]
    AlreadyAdministrator,
    /// There is no unit in which an employee was an administrator before.
    #[error("no unit has had an administrator: install the municipality first")]
    NoUnit,
    /// The employee is not an administrator; the command resets only the pass phrases of administrators.
    #[error(
        "only an administrator's pass phrase is reset on the machine: let an administrator propose a new one"
    )]
    NotAdministrator,
    /// There are two other administrators, who can do it.
    #[error(
        "there are two other administrators: one proposes a new pass phrase, the other confirms"
    )]
    EnoughToReset,
    /// The database refused the operation.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for NotDone {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

#[derive(QueryableByName)]
struct Administrator {
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Makes an employee an administrator if there is at most one, with the one-time pass phrase with this hash.
pub async fn appoint_administrator(
    worker_url: &str,
    username: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), NotDone> {
    let mut conn = worker(worker_url).await?;
    conn.transaction(async |conn| {
        let (who, administrators) = everybody(conn, username, now).await?;
        if administrators.contains(&who) {
            return Err(NotDone::AlreadyAdministrator);
        }
        if administrators.len() > 1 {
            return Err(NotDone::EnoughToAppoint);
        }
        let unit: Option<Id> = diesel::sql_query(
            "SELECT u.id FROM employee_role r JOIN unit u ON u.id = r.unit_id AND u.department = 'administration'
              WHERE r.role = 'administrator' ORDER BY r.valid_to DESC, r.id LIMIT 1",
        )
        .get_result(conn)
        .await
        .optional()?;
        let unit = unit.ok_or(NotDone::NoUnit)?.id;
        let request = note(conn, who, Some(unit), now).await?;
        diesel::sql_query(
            "INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from, rights_request_id)
             VALUES ($1, $2, 'administrator', $3, $4, $5)",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(who)
        .bind::<SqlUuid, _>(unit)
        .bind::<Timestamptz, _>(now)
        .bind::<SqlUuid, _>(request)
        .execute(conn)
        .await?;
        let payload = json!({ "username": username, "unitId": unit });
        let kind = EventKind::AdministratorAppointed;
        let change = Change { kind, subject: &who, payload: &payload };
        record_by_system(conn, now, None, change).await?;
        give_phrase(conn, who, username, password_hash, now).await
    })
    .await
}

/// Gives an administrator the one-time pass phrase with this hash, if there are fewer than two other administrators.
pub async fn reset_password(
    worker_url: &str,
    username: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), NotDone> {
    let mut conn = worker(worker_url).await?;
    conn.transaction(async |conn| {
        let (who, administrators) = everybody(conn, username, now).await?;
        if !administrators.contains(&who) {
            return Err(NotDone::NotAdministrator);
        }
        if administrators.len() > 2 {
            return Err(NotDone::EnoughToReset);
        }
        give_phrase(conn, who, username, password_hash, now).await
    })
    .await
}

/// The employee and all administrators. The administrators cannot change before this transaction has ended.
async fn everybody(
    conn: &mut AsyncPgConnection,
    username: &str,
    now: DateTime<Utc>,
) -> Result<(Uuid, Vec<Uuid>), NotDone> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('administrators'))")
        .execute(conn)
        .await?;
    let who: Option<Id> =
        diesel::sql_query("SELECT id FROM employee WHERE username = $1 AND deactivated_at IS NULL")
            .bind::<Text, _>(username)
            .get_result(conn)
            .await
            .optional()?;
    let administrators: Vec<Administrator> =
        diesel::sql_query("SELECT DISTINCT employee_id FROM administrators($1)")
            .bind::<Timestamptz, _>(now)
            .load(conn)
            .await?;
    let administrators = administrators.into_iter().map(|one| one.employee_id).collect();
    Ok((who.ok_or(NotDone::Unknown)?.id, administrators))
}

async fn give_phrase(
    conn: &mut AsyncPgConnection,
    who: Uuid,
    username: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), NotDone> {
    note(conn, who, None, now).await?;
    diesel::sql_query("SELECT give_one_time_phrase($1, $2, $3)")
        .bind::<SqlUuid, _>(who)
        .bind::<Text, _>(password_hash)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    let payload = json!({ "username": username, "onTheMachine": true });
    let change = Change { kind: EventKind::PassPhraseReset, subject: &who, payload: &payload };
    Ok(record_by_system(conn, now, None, change).await?)
}

/// The request without a requester that the data protection officer sees: a role in a unit, or a pass phrase.
async fn note(
    conn: &mut AsyncPgConnection,
    who: Uuid,
    unit: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Uuid, NotDone> {
    let id = Uuid::now_v7();
    diesel::sql_query(
        "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_at, state, settled_at)
         VALUES ($1, CASE WHEN $3 IS NULL THEN 'pass-phrase' ELSE 'role' END, $2,
                 CASE WHEN $3 IS NULL THEN NULL ELSE 'administrator' END, $3, $4, 'confirmed', $4)",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(who)
    .bind::<Nullable<SqlUuid>, _>(unit)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(id)
}
