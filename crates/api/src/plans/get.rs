use super::PlanView;
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

/// Read a joint plan
#[utoipa::path(
    operation_id = "readPlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "The plan", body = PlanView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/plans/{id}")]
pub async fn read_plan(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let file = edge
        .read(&caller, "readPlan", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            tx.plan_file((*id).into()).await?.ok_or(ApiError::NotFound)
        })
        .await?;
    let version = file.version;
    answer_with_version(&request, version, &PlanView::from(file))
}
