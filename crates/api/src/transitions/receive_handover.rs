use super::list_handovers::EducationHandoverView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::outside_parties::ReceiptBody;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::HandOverToEducation;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::Change;
use uuid::Uuid;

/// Record the receipt of a handover
///
/// Once, by whom there.
#[utoipa::path(
    operation_id = "receiveEducationHandover",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The handover"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ReceiptBody,
    responses((status = 200, description = "With its receipt", body = EducationHandoverView), CommandProblems, VersionProblems),
)]
#[post("/education-handovers/{id}/receipt")]
pub async fn receive_education_handover(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ReceiptBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "receiveEducationHandover", Some(*id), &body.raw, async |tx| {
        let today = day_of(tx.now());
        let receipt = body.value.read(today);
        let actor = tx.actor().await?;
        let (case, _) = tx.education_handover(*id).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<HandOverToEducation>(&actor, Scope::Case(&case))?;
        tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let (_, known) = tx.education_handover(*id).await?.ok_or(ApiError::NotFound)?;
        if_match.check(known.version)?;
        known.disclosure()?.receive(known.receipt().as_ref(), &receipt, today)?;
        let row = tx.receive_education_handover(&permit, &known, &receipt).await?;
        let kind = EventKind::EducationHandoverReceived;
        tx.record(&permit, Change { subject: &row.id, kind, payload: &receipt }).await?;
        changed(row.version, Some(case.young_person), &EducationHandoverView::from(row))
    })
    .await
}
