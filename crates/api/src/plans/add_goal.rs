use super::step::step;
use super::{GoalBody, GoalView, LatestProgress};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::plans::Goal;
use domain::timeline::EventKind;
use persistence::Change;
use uuid::Uuid;

/// Set a goal
#[utoipa::path(
    operation_id = "addGoal",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = GoalBody,
    responses((status = 201, description = "The goal", body = GoalView), CommandProblems),
)]
#[post("/plans/{id}/goals")]
pub async fn add_goal(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<GoalBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "addGoal", Some(*id), &body.raw, async |tx| {
        let goal = Goal::from(body.value);
        let (permit, plan) = step::<AmendPlan>(tx, *id, None).await?;
        let goal_id = tx.add_goal(&permit, &plan, &goal).await?;
        tx.record(&permit, Change { subject: &goal_id, kind: EventKind::GoalSet, payload: &goal })
            .await?;
        let view = GoalView {
            id: goal_id.0,
            plan_id: plan.id.0,
            area: <&str>::from(goal.area).to_owned(),
            wished_result: goal.wished_result,
            target_date: goal.target_date,
            result: None,
            progress: LatestProgress::default(),
            set_at: tx.now(),
            version: 1,
        };
        created(1, format!("/api/v1/goals/{goal_id}"), Some(plan.young_person), &view)
    })
    .await
}
