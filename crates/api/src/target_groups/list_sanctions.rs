use super::SanctionView;
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

/// Sanctions, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sanctions {
    items: Vec<SanctionView>,
}

/// List sanctions
///
/// All that there were against the young person's benefits, the latest first.
#[utoipa::path(
    operation_id = "listSanctions",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The sanctions", body = Sanctions), ReadProblems),
)]
#[get("/young-people/{id}/sanctions")]
pub async fn list_sanctions(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Sanctions>, ApiError> {
    let rows = edge
        .read(&caller, "listSanctions", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadBenefits>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok(tx.sanctions(case.young_person).await?)
        })
        .await?;
    Ok(Json(Sanctions { items: rows.into_iter().map(Into::into).collect() }))
}
