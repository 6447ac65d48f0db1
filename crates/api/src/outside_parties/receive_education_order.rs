use super::ReceiptBody;
use super::views::EducationOrderView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::plans::step_of;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use uuid::Uuid;

/// Record the school's receipt of an education order
///
/// Once. Answers with the order.
#[utoipa::path(
    operation_id = "receiveEducationOrder",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The order"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ReceiptBody,
    responses((status = 200, description = "With its receipt", body = EducationOrderView), CommandProblems, VersionProblems),
)]
#[post("/education-orders/{id}/receipt")]
pub async fn receive_education_order(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ReceiptBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "receiveEducationOrder", Some(*id), &body.raw, async |tx| {
        let today = day_of(tx.now());
        let receipt = body.value.read(today);
        let actor = tx.actor().await?;
        let order = tx.education_order((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let named = Some((&if_match, order.version));
        let (permit, plan) =
            step_of::<AmendPlan>(tx, &actor, (order.plan.into(), order.row), named).await?;
        order.thing.disclosure.receive(order.thing.receipt.as_ref(), &receipt, today)?;
        tx.receive_education_order(&permit, &order, &receipt).await?;
        let kind = EventKind::EducationOrderReceived;
        tx.record(&permit, Change { subject: &order.id, kind, payload: &receipt }).await?;
        let now = tx.education_order((*id).into()).await?.ok_or(StoreError::Hidden)?;
        changed(now.version, Some(plan.young_person), &EducationOrderView::from(now))
    })
    .await
}
