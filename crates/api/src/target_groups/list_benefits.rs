use super::BenefitView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadBenefits;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Benefits, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Benefits {
    items: Vec<BenefitView>,
}

/// List benefits
///
/// All that the young person has or had, the latest first.
#[utoipa::path(
    operation_id = "listBenefits",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The benefits", body = Benefits), ReadProblems),
)]
#[get("/young-people/{id}/benefits")]
pub async fn list_benefits(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Benefits>, ApiError> {
    let rows = edge
        .read(&caller, "listBenefits", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadBenefits>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok(tx.benefits(case.young_person).await?)
        })
        .await?;
    Ok(Json(Benefits { items: rows.into_iter().map(Into::into).collect() }))
}
