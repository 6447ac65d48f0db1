//! Every change is one event, in the transaction of the change (LG-1).

use crate::error::StoreError;
use crate::schema::event;
use crate::store::Tx;
use aws_lc_rs::{digest, rand};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::Permit;
use domain::access::policy::Action;
use domain::ids::YoungPersonId;
use domain::timeline::EventKind;
use serde::Serialize;
use std::fmt;
use uuid::Uuid;

/// What a change is about.
#[derive(Clone)]
pub struct Change<'a, P> {
    /// What happened.
    pub kind: EventKind,
    /// To which thing: its id, or its code.
    pub subject: &'a (dyn fmt::Display + Sync),
    /// How it is from now on. Never a CPR number (YP-4).
    pub payload: &'a P,
}

impl<P> fmt::Debug for Change<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change").field("kind", &self.kind).finish_non_exhaustive()
    }
}

// The statement is the same whether a young person was found or not (AC-19).
#[derive(Insertable)]
#[diesel(table_name = event, treat_none_as_default_value = false)]
struct EventRow {
    recorded_at: DateTime<Utc>,
    id: Uuid,
    request_id: Uuid,
    actor_id: Option<Uuid>,
    role: &'static str,
    unit_id: Option<Uuid>,
    basis_id: Option<Uuid>,
    young_person_id: Option<Uuid>,
    subject_kind: &'static str,
    subject_id: String,
    kind: &'static str,
    payload: serde_json::Value,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl Tx {
    /// Records what the permit's holder changed.
    pub async fn record<A: Action, P: Serialize>(
        &mut self,
        permit: &Permit<A>,
        change: Change<'_, P>,
    ) -> Result<(), StoreError> {
        self.record_for(permit, permit.young_person(), change).await
    }

    /// The same for a young person who comes to exist by it, so that the permit could not name them.
    pub async fn record_for<A: Action, P: Serialize>(
        &mut self,
        permit: &Permit<A>,
        young_person: Option<YoungPersonId>,
        change: Change<'_, P>,
    ) -> Result<(), StoreError> {
        let (payload, salt, digest) = seal(change.payload)?;
        let row = EventRow {
            recorded_at: self.now(),
            id: Uuid::now_v7(),
            request_id: self.opening().request.0,
            actor_id: Some(permit.employee().0),
            role: permit.role().into(),
            unit_id: Some(permit.unit().0),
            basis_id: permit.basis().map(Into::into),
            young_person_id: young_person.map(Into::into),
            subject_kind: change.kind.subject().into(),
            subject_id: change.subject.to_string(),
            kind: change.kind.into(),
            payload,
            salt,
            digest,
        };
        diesel::insert_into(event::table).values(row).execute(self.conn()).await?;
        self.was_allowed(permit);
        Ok(())
    }
}

/// Records what the system itself did, as the worker.
pub(crate) async fn record_by_system<P: Serialize>(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    young_person: Option<Uuid>,
    change: Change<'_, P>,
) -> Result<(), StoreError> {
    let (payload, salt, digest) = seal(change.payload)?;
    let id = Uuid::now_v7();
    let row = EventRow {
        recorded_at: now,
        id,
        request_id: id,
        actor_id: None,
        role: "system",
        unit_id: None,
        basis_id: None,
        young_person_id: young_person,
        subject_kind: change.kind.subject().into(),
        subject_id: change.subject.to_string(),
        kind: change.kind.into(),
        payload,
        salt,
        digest,
    };
    diesel::insert_into(event::table).values(row).execute(conn).await?;
    Ok(())
}

/// The payload, a salt, and the digest of both: the chain that comes covers the digest, so that
/// retention can empty a payload and the log still verifies (D-26).
fn seal<P: Serialize>(payload: &P) -> Result<(serde_json::Value, Vec<u8>, Vec<u8>), StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "event", column };
    let payload = serde_json::to_value(payload).map_err(|_| corrupt("payload"))?;
    let mut salt = vec![0; 16];
    rand::fill(&mut salt).map_err(|_| corrupt("salt"))?;
    let mut hash = digest::Context::new(&digest::SHA256);
    hash.update(&salt);
    hash.update(payload.to_string().as_bytes());
    Ok((payload, salt, hash.finish().as_ref().to_vec()))
}
