use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use domain::access::policy::LogContact;
use domain::access::{Scope, authorize};
use persistence::hotline::Duty;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListPassedOn {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A notification of concern that was logged and passed on. There is no more of it for those who logged it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PassedOnView {
    id: Uuid,
    logged_at: DateTime<Utc>,
}

/// List the notifications of concern that were passed on
///
/// Newest first: that they were logged by the hotline, and when.
#[utoipa::path(
    operation_id = "listPassedOn",
    tag = "hotline",
    security(("bearer" = [])),
    params(ListPassedOn),
    responses((status = 200, description = "A page", body = Page<PassedOnView>), ReadProblems),
)]
#[get("/hotline/passed-on")]
pub async fn list_passed_on(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListPassedOn>,
) -> Result<Json<Page<PassedOnView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let rows = edge
        .read(&caller, "listPassedOn", None, async |tx| {
            let actor = tx.actor().await?;
            let unit = tx.on_duty(Duty::Contacts).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<LogContact>(&actor, Scope::Unit(unit))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(tx.passed_on(asked.after, asked.limit + 1).await?)
        })
        .await?;
    let view = |row: &persistence::hotline::views::PassedOn| PassedOnView {
        id: row.id,
        logged_at: row.logged_at,
    };
    Ok(Json(asked.page(rows, |row| row.id, view)))
}
