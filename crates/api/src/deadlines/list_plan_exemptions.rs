use super::PlanExemptionView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The exemptions of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanExemptions {
    items: Vec<PlanExemptionView>,
}

/// List the exemptions of a plan
///
/// Newest first.
#[utoipa::path(
    operation_id = "listPlanExemptions",
    tag = "deadlines",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "The exemptions", body = PlanExemptions), ReadProblems),
)]
#[get("/plans/{id}/exemptions")]
pub async fn list_plan_exemptions(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<PlanExemptions>, ApiError> {
    edge.read(&caller, "listPlanExemptions", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let rows = tx.plan_exemptions((*id).into()).await?;
        Ok(Json(PlanExemptions { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
