use super::ReceiptBody;
use super::views::SupportRemarkView;
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

/// Record the school's receipt of a remark on support needs
///
/// Once. Answers with the remark.
#[utoipa::path(
    operation_id = "receiveSupportRemark",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The remark"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ReceiptBody,
    responses((status = 200, description = "With its receipt", body = SupportRemarkView), CommandProblems, VersionProblems),
)]
#[post("/support-remarks/{id}/receipt")]
pub async fn receive_support_remark(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ReceiptBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "receiveSupportRemark", Some(*id), &body.raw, async |tx| {
        let today = day_of(tx.now());
        let receipt = body.value.read(today);
        let actor = tx.actor().await?;
        let remark = tx.support_remark((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let named = Some((&if_match, remark.version));
        let (permit, plan) =
            step_of::<AmendPlan>(tx, &actor, (remark.plan.into(), remark.row), named).await?;
        remark.thing.disclosure.receive(remark.thing.receipt.as_ref(), &receipt, today)?;
        tx.receive_support_remark(&permit, &remark, &receipt).await?;
        let kind = EventKind::SupportRemarkReceived;
        tx.record(&permit, Change { subject: &remark.id, kind, payload: &receipt }).await?;
        let now = tx.support_remark((*id).into()).await?.ok_or(StoreError::Hidden)?;
        changed(now.version, Some(plan.young_person), &SupportRemarkView::from(now))
    })
    .await
}
