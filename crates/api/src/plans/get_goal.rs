use super::GoalView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Read a goal
#[utoipa::path(
    operation_id = "readGoal",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The goal")),
    responses((status = 200, description = "The goal", body = GoalView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/goals/{id}")]
pub async fn read_goal(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let goal = edge
        .read(&caller, "readGoal", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let (case, _) = tx.case_of_goal((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            tx.goal_file((*id).into()).await?.ok_or(ApiError::NotFound)
        })
        .await?;
    let version = goal.version;
    answer_with_version(&request, version, &GoalView::from(goal))
}
