use super::step::{plan_changed, step_of_case};
use super::{PlanView, ensure_coordinates};
use crate::body::Body;
use crate::caller::Caller;
use crate::caseload::ExceptionBody;
use crate::caseload::coordinating::give_case;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::AmendPlan;
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who is to coordinate.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CoordinatorBody {
    /// The employee to coordinate, who must have access to the young person and belong to a unit that takes part in the
    /// plan.
    coordinator_id: Uuid,
    /// An exception to the norm by the unit's leader, if the employee has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    exception: Option<ExceptionBody>,
}

/// Tell who coordinates
///
/// Exactly one caseworker coordinates an active plan at any time. If that employee does not have the case yet, it is
/// assigned within the norm, and a colleague who had it in that function hands it over. A change of the coordinator
/// also completes the hand-over task that is created when the young person moves out.
#[utoipa::path(
    operation_id = "setCoordinator",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = CoordinatorBody,
    responses((status = 200, description = "The plan as it is now", body = PlanView), CommandProblems, VersionProblems),
)]
#[put("/plans/{id}/coordinator")]
pub async fn set_coordinator(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<CoordinatorBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "setCoordinator", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let (actor, who) = (tx.actor().await?, new.coordinator_id.into());
        let (permit, plan) =
            step_of_case::<AmendPlan>(tx, &actor, (*id).into(), Some(&if_match), Some(who)).await?;
        ensure_coordinates(tx, who, plan.young_person).await?;
        let before = tx.coordinator(plan.id).await?;
        tx.set_coordinator(&permit, &plan, who).await?;
        give_case(tx, &actor, &plan, who, new.exception.clone().map(Into::into)).await?;
        if before.is_some_and(|before| before.0 != new.coordinator_id) {
            tx.task_done(TaskKind::HandOver, plan.id.0).await?;
        }
        let plan = tx.touch_plan(&permit, plan).await?;
        plan_changed(tx, &permit, &plan, EventKind::PlanCoordinatorSet, &new).await
    })
    .await
}
