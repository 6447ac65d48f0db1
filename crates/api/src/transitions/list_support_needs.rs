use super::SupportNeedView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadTransition;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Needs of support, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportNeeds {
    items: Vec<SupportNeedView>,
}

/// Read needs of support
///
/// Of the family area: those of B&U, and to whom a basis opens it.
#[utoipa::path(
    operation_id = "listSupportNeeds",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "Those the caller sees", body = SupportNeeds), ReadProblems),
)]
#[get("/young-people/{id}/support-needs")]
pub async fn list_support_needs(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<SupportNeeds>, ApiError> {
    let rows = edge
        .read(&caller, "listSupportNeeds", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadTransition>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok(tx.support_needs(case.young_person).await?)
        })
        .await?;
    Ok(Json(SupportNeeds { items: rows.into_iter().map(Into::into).collect() }))
}
