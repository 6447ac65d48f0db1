use super::GroupView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which of them, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListGroups {
    /// Only those of this unit.
    provider_id: Option<Uuid>,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List groups
///
/// Newest first. Of their members only how many they are.
#[utoipa::path(
    operation_id = "listGroups",
    tag = "courses",
    security(("bearer" = [])),
    params(ListGroups),
    responses((status = 200, description = "A page", body = Page<GroupView>), ReadProblems),
)]
#[get("/intervention-groups")]
pub async fn list_groups(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListGroups>,
) -> Result<Json<Page<GroupView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let rows = edge
        .read(&caller, "listGroups", None, async |tx| {
            let actor = tx.actor().await?;
            authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            let (of, today) = (query.provider_id.map(Into::into), day_of(tx.now()));
            Ok(tx.groups(None, of, asked.after, today, i64::from(asked.limit) + 1).await?)
        })
        .await?;
    Ok(Json(asked.page(rows, |row| row.id, |row| GroupView::from(row))))
}
