use super::RightsRequestView;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::passwords::one_time_phrase;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::Permit;
use domain::access::policy::ConfirmRights;
use domain::rights::{Asked, RightsRequest};
use domain::timeline::EventKind;
use persistence::{Change, Tx};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A confirmed request. Only this response contains the pass phrase, because the database stores only its hash.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedRights {
    #[serde(flatten)]
    request: RightsRequestView,
    /// The one-time pass phrase to give to the employee, who signs in with it within 24 hours and must then change it;
    /// `null` for a role.
    one_time_pass_phrase: Option<String>,
}

/// Confirm a request for rights
///
/// An administrator other than the requester can confirm it, or the leader of the unit that it concerns or of a unit
/// above. Nobody confirms their own proposal or their own rights. A role is in force from now on. A pass phrase is
/// generated and shown once; the employee's sessions and calendar secret end. The response is not stored under an
/// `Idempotency-Key`.
#[utoipa::path(
    operation_id = "confirmRightsRequest",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The request"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "The confirmed request, with a one-time pass phrase if one was proposed", body = ConfirmedRights), CommandProblems, VersionProblems),
)]
#[post("/rights-requests/{id}/confirm")]
pub async fn confirm_rights_request(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    const NAME: &str = "confirmRightsRequest";
    // Authorization comes first, because other requests wait for a turn at hashing. No database connection is held
    // meanwhile.
    let (confirmer, asked) = edge
        .read(&caller, NAME, Some(*id), async |tx| {
            let (permit, request) = to_confirm(tx, *id, &if_match).await?;
            Ok::<_, ApiError>((permit.employee(), request.asked))
        })
        .await?;
    let phrase = match asked {
        Asked::Role(..) => None,
        Asked::PassPhrase => Some(one_time_phrase()?),
    };
    let hash = match &phrase {
        None => None,
        Some(phrase) => Some(edge.passwords().hash(confirmer, phrase.clone()).await?),
    };
    edge.command(&caller.without_key(), NAME, Some(*id), &[], async |tx| {
        let (permit, request) = to_confirm(tx, *id, &if_match).await?;
        let role = tx.confirm_rights(&permit, &request, hash.as_deref()).await?;
        let employee = request.employee;
        match request.asked {
            Asked::Role(held, unit) => {
                let payload = json!({
                    "employeeId": employee, "role": held, "unitId": unit, "requestedById": request.requested_by,
                });
                let kind = EventKind::EmployeeRoleGiven;
                tx.record(&permit, Change { subject: &role, kind, payload: &payload }).await?;
            }
            Asked::PassPhrase => {
                let payload = json!({ "requestedById": request.requested_by });
                let kind = EventKind::PassPhraseReset;
                tx.record(&permit, Change { subject: &employee, kind, payload: &payload }).await?;
            }
        }
        let row = tx.rights_request(request.id).await?.ok_or(ApiError::NotFound)?;
        let (version, one_time_pass_phrase) = (row.version, phrase);
        changed(version, None, &ConfirmedRights { request: row.into(), one_time_pass_phrase })
    })
    .await
}

/// Loads the request and checks that the caller may confirm it.
async fn to_confirm(
    tx: &mut Tx,
    id: Uuid,
    if_match: &IfMatch,
) -> Result<(Permit<ConfirmRights>, RightsRequest), ApiError> {
    let actor = tx.actor().await?;
    let row = tx.rights_request(id.into()).await?.ok_or(ApiError::NotFound)?;
    let request = row.request()?;
    let permit = request.authorize::<ConfirmRights>(&actor)?;
    if_match.check(row.version)?;
    request.confirm(actor.employee).map_err(|refusal| ApiError::refused(&refusal))?;
    Ok((permit, request))
}
