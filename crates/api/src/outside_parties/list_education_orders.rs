use super::views::EducationOrderView;
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

/// Education orders, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EducationOrders {
    items: Vec<EducationOrderView>,
}

/// List the education orders of a plan
///
/// Those that the caller may see, the latest first.
#[utoipa::path(
    operation_id = "listEducationOrders",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "Education orders", body = EducationOrders), ReadProblems),
)]
#[get("/plans/{id}/education-orders")]
pub async fn list_education_orders(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<EducationOrders>, ApiError> {
    let rows = edge
        .read(&caller, "listEducationOrders", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(tx.education_orders((*id).into()).await?)
        })
        .await?;
    Ok(Json(EducationOrders { items: rows.into_iter().map(Into::into).collect() }))
}
