use super::units::CoverView;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RunCaseload;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::decisions::ensure_running;
use domain::timeline::EventKind;
use persistence::Change;
use serde_json::json;
use uuid::Uuid;

/// End a cover before its last day
///
/// By the unit's leader; at once. One that has not begun is called off.
#[utoipa::path(
    operation_id = "endCover",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The cover"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "Ended", body = CoverView), CommandProblems, VersionProblems),
)]
#[post("/covers/{id}/end")]
pub async fn end_cover(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endCover", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let found = tx.cover((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RunCaseload>(&actor, Scope::Unit(found.unit_id.into()))?;
        if_match.check(found.version)?;
        ensure_running(found.ended_at.is_some(), found.until_day, day_of(tx.now()))?;
        let row = tx.end_cover(&permit, &found).await?;
        let change = Change {
            subject: &row.id,
            kind: EventKind::CoverEnded,
            payload: &json!({ "employeeId": row.absent_id, "byEmployeeId": row.covered_by_id }),
        };
        tx.record(&permit, change).await?;
        changed(row.version, None, &CoverView::from(row))
    })
    .await
}
