use super::MergeView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::MergeYoungPeople;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why they are two after all.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoMergeBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Undo a merge
///
/// What it moved goes back, with what has been written on it since; what was written on the young person themselves
/// since stays with the registration that was kept. Of several merges the latest is undone first.
#[utoipa::path(
    operation_id = "undoMerge",
    tag = "corrections",
    security(("bearer" = [])),
    params(
        ("id" = Uuid, Path, description = "The merge"),
        ("If-Match" = String, Header, description = "The `ETag` it was made with, or its `version`"),
    ),
    request_body = UndoMergeBody,
    responses((status = 200, description = "As it is now", body = MergeView), CommandProblems, VersionProblems),
)]
#[post("/merges/{id}/undo")]
pub async fn undo_merge(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<UndoMergeBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "undoMerge", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let (case, row) = tx.merge_of((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<MergeYoungPeople>(&actor, Scope::Case(&case))?;
        if_match.check(row.version)?;
        let row =
            tx.undo_merge(&permit, &row, &body.value.reason).await?.ok_or(StoreError::Stale)?;
        let (kind, payload) = (EventKind::MergeUndone, &body.value);
        tx.record(&permit, Change { kind, subject: &row.id, payload }).await?;
        // In the timeline of the one who is their own again, too.
        let change = Change { kind, subject: &row.id, payload };
        tx.record_for(&permit, Some(row.merged_id.into()), change).await?;
        let seen = tx.seen_of(vec![row.merged_id]).await?;
        changed(row.version, Some(case.young_person), &MergeView::new(row, &seen))
    })
    .await
}
