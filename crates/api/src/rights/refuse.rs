use super::RightsRequestView;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ConfirmRights;
use domain::rights::State;
use domain::timeline::EventKind;
use persistence::Change;
use serde_json::json;
use uuid::Uuid;

/// Refuse a request for rights
///
/// The requester withdraws their own request in the same way. One person is enough. Only the request changes.
#[utoipa::path(
    operation_id = "refuseRightsRequest",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The request"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "The refused or withdrawn request", body = RightsRequestView), CommandProblems, VersionProblems),
)]
#[post("/rights-requests/{id}/refuse")]
pub async fn refuse_rights_request(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "refuseRightsRequest", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let row = tx.rights_request((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let request = row.request()?;
        let permit = request.authorize::<ConfirmRights>(&actor)?;
        if_match.check(row.version)?;
        let kind = match request.refuse(actor.employee) {
            Ok(State::Withdrawn) => EventKind::RightsRequestWithdrawn,
            Ok(_) => EventKind::RightsRequestRefused,
            Err(refusal) => return Err(ApiError::refused(&refusal)),
        };
        tx.refuse_rights(&permit, request.id).await?;
        let payload = json!({ "employeeId": request.employee });
        tx.record(&permit, Change { subject: &id, kind, payload: &payload }).await?;
        let row = tx.rights_request((*id).into()).await?.ok_or(ApiError::NotFound)?;
        changed(row.version, None, &RightsRequestView::from(row))
    })
    .await
}
