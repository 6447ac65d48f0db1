use super::CorrectionView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadTimeline;
use domain::access::{Scope, authorize};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCorrections {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List corrections
///
/// What was moved or voided, newest first, as far as the caller might have seen it.
#[utoipa::path(
    operation_id = "listCorrections",
    tag = "corrections",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), ListCorrections),
    responses((status = 200, description = "A page", body = Page<CorrectionView>), ReadProblems),
)]
#[get("/young-people/{id}/corrections")]
pub async fn list_corrections(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ListCorrections>,
) -> Result<Json<Page<CorrectionView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    edge.read(&caller, "listCorrections", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<ReadTimeline>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let rows = tx.corrections(case.young_person, asked.after, asked.limit + 1).await?;
        let seen = tx.seen_of(rows.iter().filter_map(|row| row.other_id).collect()).await?;
        Ok(Json(asked.page(rows, |row| row.id, |row| CorrectionView::new(row.clone(), &seen))))
    })
    .await
}
