//! Requests that may come twice: the first answer to a key is kept a day and given again (D-28).

use crate::access::{bases_for_each, basis_kind};
use crate::error::StoreError;
use crate::schema::idempotency_key;
use crate::store::Tx;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::policy::{Action, ActionKind};
use domain::access::{Actor, Areas, Basis, BasisKind, Permit};
use domain::ids::{BasisId, UnitId, YoungPersonId};
use domain::organisation::Role;
use uuid::Uuid;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// A command's answer, as it leaves and as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status; 2xx, for a refusal changed nothing and is decided again.
    pub status: u16,
    /// The version of what was changed.
    pub etag: Option<String>,
    /// Where what was made is found.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Whose data it tells.
    pub young_people: Vec<YoungPersonId>,
}

/// What a request asks for.
#[derive(Debug, Clone, Default)]
pub struct CommandRequest {
    /// Method, path and body. The same content is the same action.
    pub content: Vec<u8>,
    /// The client's idempotency key, which does not answer for other content.
    pub key: Option<String>,
}

/// What allowed a change: it must be held still when the answer is asked for again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllowedBy {
    action: ActionKind,
    role: Role,
    unit: UnitId,
    basis: Option<BasisId>,
}

impl AllowedBy {
    pub(crate) const fn of<A: Action>(permit: &Permit<A>) -> Self {
        let (role, unit) = (permit.role(), permit.unit());
        Self { action: permit.action(), role, unit, basis: permit.basis() }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idempotency_key)]
struct Kept {
    request_digest: Vec<u8>,
    young_people: Vec<Uuid>,
    status: Option<i16>,
    etag: Option<String>,
    location: Option<String>,
    answer: Option<Vec<u8>>,
    action: Option<String>,
    role: Option<String>,
    unit_id: Option<Uuid>,
    basis_id: Option<Uuid>,
    areas: i32,
}

/// Claims the key, or gives the answer that was kept for it. Waits for a first try that still runs.
pub(crate) async fn kept_answer(
    tx: &mut Tx,
    actor: &Actor,
    request: &CommandRequest,
    key: &str,
) -> Result<Option<Answer>, StoreError> {
    let (now, vault) = (tx.now(), tx.vault());
    let key_digest = vault.digest("idempotency-key", key.as_bytes());
    let request_digest = vault.digest("idempotent-request", &request.content);

    diesel::delete(idempotency_key::table)
        .filter(idempotency_key::actor_id.eq(actor.employee.0))
        .filter(idempotency_key::key_digest.eq(&key_digest))
        .filter(idempotency_key::recorded_at.lt(now - KEPT))
        .execute(tx.conn())
        .await?;
    let claimed = diesel::insert_into(idempotency_key::table)
        .values((
            idempotency_key::actor_id.eq(actor.employee.0),
            idempotency_key::key_digest.eq(&key_digest),
            idempotency_key::request_digest.eq(&request_digest),
            idempotency_key::recorded_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await
        .map_err(|error| match StoreError::from(error) {
            StoreError::Locked(_) => StoreError::InProgress,
            other => other,
        })?;
    if claimed == 1 {
        return Ok(None);
    }
    let kept: Kept = idempotency_key::table
        .find((actor.employee.0, &key_digest))
        .select(Kept::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(StoreError::InProgress)?;
    if kept.request_digest != request_digest {
        return Err(StoreError::KeyReused);
    }
    let corrupt = |column| StoreError::Corrupt { table: "idempotency_key", column };
    pass_again(tx, actor, &kept).await?;
    let sealed = kept.answer.ok_or_else(|| corrupt("answer"))?;
    let (key_id, sealed) = sealed.split_first_chunk::<2>().ok_or_else(|| corrupt("answer"))?;
    let body = vault.open(i16::from_be_bytes(*key_id), sealed, &key_digest)?;
    let status = kept
        .status
        .and_then(|status| u16::try_from(status).ok())
        .ok_or_else(|| corrupt("status"))?;
    let young_people = kept.young_people.into_iter().map(Into::into).collect();
    Ok(Some(Answer { status, etag: kept.etag, location: kept.location, body, young_people }))
}

/// A replay passes visibility and policy like the first call, and is on the access log, in the same role (AC-7):
/// by the same basis, or, where that one worked the case and the act itself has ended it, by others that work it
/// and open as much.
async fn pass_again(tx: &mut Tx, actor: &Actor, kept: &Kept) -> Result<(), StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "idempotency_key", column };
    let each = bases_for_each(tx.conn(), &kept.young_people).await?;
    let worked = match kept.basis_id {
        Some(basis) => {
            basis_kind(tx.conn(), basis).await?.is_some_and(|kind| kind != BasisKind::Provision)
        }
        None => true,
    };
    for young_person in kept.young_people.iter().copied().map(YoungPersonId) {
        let held = each.get(&young_person).ok_or(StoreError::Hidden)?;
        let opened = |works: bool| {
            let of = held.iter().filter(|one| !works || one.kind != BasisKind::Provision);
            of.fold(0, |areas, basis| areas | basis.areas.0)
        };
        // Who was registered by it was seen by no basis yet.
        let is_it = |basis: &&Basis| kept.basis_id.is_none_or(|kept| basis.id.0 == kept);
        let as_much = worked && opened(true) & kept.areas == kept.areas;
        let basis = held.iter().find(is_it).or_else(|| held.iter().find(|_| as_much));
        tx.saw(young_person, basis.ok_or(StoreError::Hidden)?.id, Areas(opened(false)));
    }
    // A command that needed no permit, because it changed nothing, needs none for its replay.
    let Some(action) = kept.action.as_deref() else { return Ok(()) };
    let action = action.parse().map_err(|_| corrupt("action"))?;
    let role = kept.role.as_deref().and_then(|role| role.parse().ok());
    let role: Role = role.ok_or_else(|| corrupt("role"))?;
    let unit = kept.unit_id.map(UnitId);
    if !actor.roles.iter().any(|held| held.role == role && Some(held.unit) == unit) {
        return Err(StoreError::Forbidden(action));
    }
    tx.played(role);
    Ok(())
}

/// Keeps the answer in the transaction of the change.
pub(crate) async fn keep_answer(tx: &mut Tx, key: &str, answer: &Answer) -> Result<(), StoreError> {
    let (actor, vault) = (tx.opening().employee.0, tx.vault());
    // From its event (LG-1), or, if nothing changed, from the permit that the command recorded.
    let by = tx.allowed_by();
    let key_digest = vault.digest("idempotency-key", key.as_bytes());
    let (key_id, sealed) = vault.seal(&answer.body, &key_digest)?;
    let mut kept = key_id.to_be_bytes().to_vec();
    kept.extend(sealed);
    let areas = tx.seen_areas();
    let young_people: Vec<Uuid> = answer.young_people.iter().map(|one| one.0).collect();
    diesel::update(idempotency_key::table.find((actor, &key_digest)))
        .set((
            idempotency_key::young_people.eq(young_people),
            idempotency_key::status.eq(i16::try_from(answer.status).ok()),
            idempotency_key::etag.eq(&answer.etag),
            idempotency_key::location.eq(&answer.location),
            idempotency_key::answer.eq(kept),
            idempotency_key::action.eq(by.map(|by| <&str>::from(by.action))),
            idempotency_key::role.eq(by.as_ref().map(|by| by.role.as_ref())),
            idempotency_key::unit_id.eq(by.map(|by| by.unit.0)),
            idempotency_key::basis_id.eq(by.and_then(|by| by.basis).map(|basis| basis.0)),
            idempotency_key::areas.eq(areas),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets answers that are older than a day. A job of the worker.
pub(crate) async fn forget_old(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::delete(idempotency_key::table)
        .filter(idempotency_key::recorded_at.lt(now - KEPT))
        .execute(conn)
        .await?;
    Ok(())
}
