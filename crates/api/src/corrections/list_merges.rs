use super::MergeView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadTimeline;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Merges, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merges {
    items: Vec<MergeView>,
}

/// List merges
///
/// The registrations that were merged into this one, also those that are their own again.
#[utoipa::path(
    operation_id = "listMerges",
    tag = "corrections",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The merges", body = Merges), ReadProblems),
)]
#[get("/young-people/{id}/merges")]
pub async fn list_merges(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Merges>, ApiError> {
    let (rows, seen) = edge
        .read(&caller, "listMerges", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadTimeline>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let rows = tx.merges(case.young_person).await?;
            let seen = tx.seen_of(rows.iter().map(|row| row.merged_id).collect()).await?;
            Ok((rows, seen))
        })
        .await?;
    Ok(Json(Merges { items: rows.into_iter().map(|row| MergeView::new(row, &seen)).collect() }))
}
