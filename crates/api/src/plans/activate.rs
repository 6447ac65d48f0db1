use super::PlanView;
use super::step::{plan_changed, step};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ActivatePlan;
use persistence::tasks;
use uuid::Uuid;

/// Activate a plan
///
/// It needs a goal, the young person's own words (or how they were asked), a coordinating caseworker,
/// and, where two units or more take part, a contact person or that one was declined.
#[utoipa::path(
    operation_id = "activatePlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "The plan is active", body = PlanView), CommandProblems, VersionProblems),
)]
#[post("/plans/{id}/activate")]
pub async fn activate_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "activatePlan", Some(*id), &[], async |tx| {
        let (permit, plan) = step::<ActivatePlan>(tx, *id, Some(&if_match)).await?;
        let event = plan.activate(tx.readiness(plan.id).await?, tx.now())?;
        let plan = tx.store_plan(&permit, plan, &event).await?;
        tx.task_done(tasks::ACTIVATE_PLAN, plan.id.0).await?;
        plan_changed(tx, &permit, &plan, event.kind(), &event).await
    })
    .await
}
