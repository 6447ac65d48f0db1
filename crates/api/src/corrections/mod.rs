//! What was written on the wrong young person, and young people who were registered twice (YP-8). One file per
//! operation: request, response, docs, handler.

pub mod correct;
pub mod list;
pub mod list_merges;
pub mod merge;
pub mod undo_merge;

use crate::problem::{ApiError, Fault};
use crate::schema;
use chrono::{DateTime, Utc};
use domain::access::policy::Action;
use domain::access::{Actor, Permit, Scope, authorize};
use domain::corrections::{CorrectionAct, Written};
use domain::ids::YoungPersonId;
use persistence::Tx;
use persistence::corrections::{CorrectionRow, MergeRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A correction, in the timeline of a young person whom it touches.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionView {
    id: Uuid,
    #[schema(schema_with = schema::code::<CorrectionAct>)]
    act: String,
    #[schema(schema_with = schema::code::<Written>)]
    written: String,
    written_id: Uuid,
    /// The young person it was moved to or from; null where it was voided, or where the caller does not see them.
    other_id: Option<Uuid>,
    reason: String,
    corrected_by_id: Uuid,
    corrected_at: DateTime<Utc>,
}

/// Two registrations that are one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MergeView {
    id: Uuid,
    /// The registration that was kept.
    young_person_id: Uuid,
    /// The one that was merged into it: nobody is found under that id until this is undone; then null where the
    /// caller does not see them.
    merged_id: Option<Uuid>,
    reason: String,
    merged_by_id: Uuid,
    merged_at: DateTime<Utc>,
    undo_reason: Option<String>,
    undone_by_id: Option<Uuid>,
    /// Null: the two are one.
    undone_at: Option<DateTime<Utc>>,
    version: i64,
}

impl CorrectionView {
    /// As told to somebody who sees these others.
    fn new(row: CorrectionRow, seen: &[Uuid]) -> Self {
        Self {
            id: row.id,
            act: row.act,
            written: row.written.replace('_', "-"),
            written_id: row.written_id,
            other_id: row.other_id.filter(|other| seen.contains(other)),
            reason: row.reason,
            corrected_by_id: row.corrected_by_id,
            corrected_at: row.corrected_at,
        }
    }
}

impl MergeView {
    /// As told to somebody who sees these others.
    fn new(row: MergeRow, seen: &[Uuid]) -> Self {
        let is_told = row.undone_at.is_none() || seen.contains(&row.merged_id);
        Self {
            id: row.id,
            young_person_id: row.young_person_id,
            merged_id: is_told.then_some(row.merged_id),
            reason: row.reason,
            merged_by_id: row.merged_by_id,
            merged_at: row.merged_at,
            undo_reason: row.undo_reason,
            undone_by_id: row.undone_by_id,
            undone_at: row.undone_at,
            version: row.version,
        }
    }
}

/// The same permit for another young person, whom a member of the body names.
async fn also_for<A: Action>(
    tx: &mut Tx,
    actor: &Actor,
    other: YoungPersonId,
    pointer: &str,
) -> Result<Permit<A>, ApiError> {
    let case = tx.case_of(other).await?;
    if case.bases.is_empty() {
        return Err(ApiError::field(pointer, Fault::YoungPersonUnknown));
    }
    Ok(authorize::<A>(actor, Scope::Case(&case))?)
}
