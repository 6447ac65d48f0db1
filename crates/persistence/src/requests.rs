//! Requests that may come twice: the first answer to a key is kept a day and given again (decisions 28).

use crate::access::bases_for;
use crate::error::StoreError;
use crate::schema::idempotency_key;
use crate::store::Tx;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _};
use domain::ids::YoungPersonId;
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
    pub young_person: Option<YoungPersonId>,
}

/// A request that bears an idempotency key.
#[derive(Debug, Clone)]
pub struct IdempotentRequest {
    /// The client's key.
    pub key: String,
    /// Method, path and body, so that the key does not answer for another request.
    pub content: Vec<u8>,
}

type Kept = (
    Vec<u8>,
    DateTime<Utc>,
    Option<Uuid>,
    Option<i16>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
);

/// Claims the key, or gives the answer that was kept for it. Waits for a first try that still runs.
pub(crate) async fn kept_answer(
    tx: &mut Tx,
    request: &IdempotentRequest,
) -> Result<Option<Answer>, StoreError> {
    let (now, actor, vault) = (tx.now(), tx.opening().employee.0, tx.vault());
    let key_digest = vault.digest("idempotency-key", request.key.as_bytes());
    let request_digest = vault.digest("idempotent-request", &request.content);

    tx.conn().batch_execute("SET LOCAL lock_timeout = '2s'").await?;
    diesel::delete(idempotency_key::table)
        .filter(idempotency_key::actor_id.eq(actor))
        .filter(idempotency_key::key_digest.eq(&key_digest))
        .filter(idempotency_key::recorded_at.lt(now - KEPT))
        .execute(tx.conn())
        .await?;
    let claimed = diesel::insert_into(idempotency_key::table)
        .values((
            idempotency_key::actor_id.eq(actor),
            idempotency_key::key_digest.eq(&key_digest),
            idempotency_key::request_digest.eq(&request_digest),
            idempotency_key::recorded_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await
        .map_err(|error| match StoreError::from(error) {
            StoreError::Unavailable(_) => StoreError::InProgress,
            other => other,
        })?;
    tx.conn().batch_execute("SET LOCAL lock_timeout = '5s'").await?;
    if claimed == 1 {
        return Ok(None);
    }
    let (digest, _, young_person, status, etag, location, sealed): Kept = idempotency_key::table
        .find((actor, &key_digest))
        .select((
            idempotency_key::request_digest,
            idempotency_key::recorded_at,
            idempotency_key::young_person_id,
            idempotency_key::status,
            idempotency_key::etag,
            idempotency_key::location,
            idempotency_key::answer,
        ))
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(StoreError::InProgress)?;
    if digest != request_digest {
        return Err(StoreError::KeyReused);
    }
    let corrupt = |column| StoreError::Corrupt { table: "idempotency_key", column };
    let sealed = sealed.ok_or_else(|| corrupt("answer"))?;
    let (key_id, sealed) = sealed.split_first_chunk::<2>().ok_or_else(|| corrupt("answer"))?;
    let body = vault.open(i16::from_be_bytes(*key_id), sealed, &key_digest)?;
    // A replay passes visibility like a first call, and is on the access log.
    if let Some(young_person) = young_person {
        let held = bases_for(tx.conn(), YoungPersonId(young_person)).await?;
        let basis = held.as_slice().first().ok_or(StoreError::Hidden)?;
        tx.saw(YoungPersonId(young_person), basis.id, basis.areas);
    }
    let status =
        status.and_then(|status| u16::try_from(status).ok()).ok_or_else(|| corrupt("status"))?;
    Ok(Some(Answer { status, etag, location, body, young_person: young_person.map(Into::into) }))
}

/// Keeps the answer in the transaction of the change.
pub(crate) async fn keep_answer(
    tx: &mut Tx,
    request: &IdempotentRequest,
    answer: &Answer,
) -> Result<(), StoreError> {
    let (actor, vault) = (tx.opening().employee.0, tx.vault());
    let key_digest = vault.digest("idempotency-key", request.key.as_bytes());
    let (key_id, sealed) = vault.seal(&answer.body, &key_digest)?;
    let mut kept = key_id.to_be_bytes().to_vec();
    kept.extend(sealed);
    diesel::update(idempotency_key::table.find((actor, &key_digest)))
        .set((
            idempotency_key::young_person_id.eq(answer.young_person.map(|id| id.0)),
            idempotency_key::status.eq(i16::try_from(answer.status).ok()),
            idempotency_key::etag.eq(&answer.etag),
            idempotency_key::location.eq(&answer.location),
            idempotency_key::answer.eq(kept),
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
