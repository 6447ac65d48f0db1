use super::views::SupportRemarkView;
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

/// Remarks on support needs, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportRemarks {
    items: Vec<SupportRemarkView>,
}

/// List the remarks on support needs of a plan
///
/// Those that the caller may see, the latest first.
#[utoipa::path(
    operation_id = "listSupportRemarks",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "Remarks on support needs", body = SupportRemarks), ReadProblems),
)]
#[get("/plans/{id}/support-remarks")]
pub async fn list_support_remarks(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<SupportRemarks>, ApiError> {
    let rows = edge
        .read(&caller, "listSupportRemarks", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(tx.support_remarks((*id).into()).await?)
        })
        .await?;
    Ok(Json(SupportRemarks { items: rows.into_iter().map(Into::into).collect() }))
}
