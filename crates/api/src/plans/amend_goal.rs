use super::GoalView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use domain::access::policy::AmendPlan;
use domain::access::{Scope, authorize};
use domain::plans::GoalArea;
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What to change; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendGoalBody {
    #[serde(default)]
    #[schema(schema_with = schema::code::<GoalArea>, required = false)]
    area: Option<GoalArea>,
    #[serde(default)]
    #[schema(schema_with = schema::prose::<2000>, required = false)]
    wished_result: Option<String>,
    #[serde(default)]
    target_date: Option<Day>,
    /// What came of it.
    #[serde(default)]
    #[schema(schema_with = schema::prose::<4000>, required = false)]
    result: Option<String>,
}

/// Change a goal, or tell what came of it
#[utoipa::path(
    operation_id = "amendGoal",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The goal"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = AmendGoalBody,
    responses((status = 200, description = "As it is now", body = GoalView), CommandProblems, VersionProblems),
)]
#[patch("/goals/{id}")]
pub async fn amend_goal(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<AmendGoalBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "amendGoal", Some(*id), &body.raw, async |tx| {
        let wanted = body.value;
        let actor = tx.actor().await?;
        let (case, plan) = tx.case_of_goal((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<AmendPlan>(&actor, Scope::Case(&case))?;
        let plan = tx.lock_plan(plan).await?.ok_or(ApiError::NotFound)?;
        let (mut goal, version) = tx.lock_goal((*id).into()).await?.ok_or(ApiError::NotFound)?;
        if_match.check(version)?;
        plan.ensure_open()?;
        goal.area = wanted.area.unwrap_or(goal.area);
        goal.wished_result = wanted.wished_result.unwrap_or(goal.wished_result);
        goal.target_date = wanted.target_date.map_or(goal.target_date, Day::date);
        goal.result = wanted.result.or(goal.result);
        tx.amend_goal(&permit, (*id).into(), &goal, version).await?;
        tx.record(&permit, Change { subject: &id, kind: EventKind::GoalAmended, payload: &goal })
            .await?;
        let view = GoalView::from(tx.goal_file((*id).into()).await?.ok_or(ApiError::NotFound)?);
        changed(view.version, Some(case.young_person), &view)
    })
    .await
}
