use super::AssignmentView;
use super::assigning::ensure_own;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AssignCase;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why an assignment ends.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAssignmentBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// End an assignment
///
/// The employee has the case no longer, and the access it gave them and their unit ends. To pass it on, hand it over.
#[utoipa::path(
    operation_id = "endAssignment",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The assignment"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = EndAssignmentBody,
    responses((status = 200, description = "Ended", body = AssignmentView), CommandProblems, VersionProblems),
)]
#[post("/assignments/{id}/end")]
pub async fn end_assignment(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<EndAssignmentBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endAssignment", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let (case, found) = tx.assignment((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<AssignCase>(&actor, Scope::Case(&case))?;
        tx.lock_employees(&[found.employee]).await?;
        if_match.check(found.version)?;
        ensure_own(&actor, found.unit)?;
        let file = tx.assignment_file(found.id).await?.ok_or(StoreError::Hidden)?;
        let reason = &body.value.reason;
        let version = tx.end_assignment(&permit, &found, reason).await?;
        let kind = EventKind::AssignmentEnded;
        tx.record(&permit, Change { subject: &found.id, kind, payload: &body.value }).await?;
        tx.end_access(found.id.0, tx.now()).await?;
        // As it is now; the caller may see nothing of it any more.
        let mut view = AssignmentView::from(file);
        view.ended_at = Some(tx.now());
        view.end_reason = Some(reason.clone());
        view.in_intake = false;
        view.version = version;
        changed(version, Some(found.young_person), &view)
    })
    .await
}
