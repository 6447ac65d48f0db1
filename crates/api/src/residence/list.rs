use super::MoveView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadResidence;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Moves, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moves {
    items: Vec<MoveView>,
}

/// Read where a young person lives and lived
///
/// Each move, the latest first; it holds until the next.
#[utoipa::path(
    operation_id = "listResidence",
    tag = "residence",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The moves", body = Moves), ReadProblems),
)]
#[get("/young-people/{id}/residence")]
pub async fn list_residence(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Moves>, ApiError> {
    let rows = edge
        .read(&caller, "listResidence", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadResidence>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok(tx.moves(case.young_person).await?)
        })
        .await?;
    Ok(Json(Moves { items: rows.into_iter().map(Into::into).collect() }))
}
