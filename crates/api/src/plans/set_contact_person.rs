use super::step::{plan_changed, step};
use super::{ContactPersonBody, PlanView, ensure_contact_person};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::AmendPlan;
use domain::plans::ContactPerson;
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use uuid::Uuid;

/// Tell who carries the relation
///
/// An employee, somebody outside, or that a contact person was offered and declined. It gives no access
/// to the case by itself.
#[utoipa::path(
    operation_id = "setContactPerson",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ContactPersonBody,
    responses((status = 200, description = "The plan as it is now", body = PlanView), CommandProblems, VersionProblems),
)]
#[put("/plans/{id}/contact-person")]
pub async fn set_contact_person(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ContactPersonBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "setContactPerson", Some(*id), &body.raw, async |tx| {
        let who = ContactPerson::try_from(body.value)?;
        let (permit, plan) = step::<AmendPlan>(tx, *id, Some(&if_match)).await?;
        ensure_contact_person(tx, &who, "/employeeId").await?;
        tx.set_contact_person(&permit, &plan, &who).await?;
        tx.task_done(TaskKind::OfferContactPerson, plan.id.0).await?;
        let plan = tx.touch_plan(&permit, plan).await?;
        plan_changed(tx, &permit, &plan, EventKind::PlanContactPersonSet, &who).await
    })
    .await
}
