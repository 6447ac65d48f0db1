use super::units::{CoverView, known_employee};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use persistence::caseload::cover::CoverRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who covers, in the order of the days.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverList {
    items: Vec<ListedCoverView>,
}

/// A cover, with the name of who covers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedCoverView {
    #[serde(flatten)]
    cover: CoverView,
    by_employee: String,
}

/// List who covers for an employee
///
/// Today and later, in the caller's own units.
#[utoipa::path(
    operation_id = "listCover",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee who is away")),
    responses((status = 200, description = "Who covers", body = CoverList), ReadProblems),
)]
#[get("/employees/{id}/cover")]
pub async fn list_cover(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<CoverList>, ApiError> {
    let rows = edge
        .read(&caller, "listCover", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let (employee, today) = (known_employee(tx, *id).await?, day_of(tx.now()));
            Ok::<_, ApiError>(tx.covers_of(employee, today).await?)
        })
        .await?;
    let view = |(row, given, family): (CoverRow, String, String)| {
        let cover = CoverView::from(row);
        ListedCoverView { cover, by_employee: format!("{given} {family}") }
    };
    Ok(Json(CoverList { items: rows.into_iter().map(view).collect() }))
}
