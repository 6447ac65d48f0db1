use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::ReadTasks;
use domain::access::{Areas, Scope, authorize};
use persistence::deadlines::Gap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListGaps {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// An active plan that has nothing running or agreed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapView {
    /// The plan.
    id: Uuid,
    young_person_id: Uuid,
    /// Whose plan it is; null where the caller's areas do not open it.
    young_person: Option<String>,
    /// Since when.
    since: NaiveDate,
    /// Since when the coordinating caseworker is asked about it: 14 days later, or after the last exemption.
    asked_on: NaiveDate,
    /// Who coordinates.
    coordinator_id: Option<Uuid>,
    coordinator: Option<String>,
}

impl GapView {
    fn new(gap: &Gap) -> Self {
        let name = gap.given_name.as_ref().zip(gap.family_name.as_ref());
        Self {
            id: gap.plan_id,
            young_person_id: gap.young_person_id,
            young_person: name.map(|(given, family)| format!("{given} {family}")),
            since: gap.gap_from,
            asked_on: gap.asked_on,
            coordinator_id: gap.employee_id,
            coordinator: gap.employee_name.clone(),
        }
    }
}

/// List the gaps
///
/// Active plans without an intervention that runs or is agreed for 14 days, and not exempt today, of the young people
/// whom the caller may see: the longest gap first. No one drops out.
#[utoipa::path(
    operation_id = "listGaps",
    tag = "deadlines",
    security(("bearer" = [])),
    params(ListGaps),
    responses((status = 200, description = "A page", body = Page<GapView>), ReadProblems),
)]
#[get("/gap-list")]
pub async fn list_gaps(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListGaps>,
) -> Result<Json<Page<GapView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    edge.read(&caller, "listGaps", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ReadTasks>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let rows = tx.gaps(asked.after, asked.limit + 1).await?;
        for row in rows.iter().take(asked.limit.into()) {
            tx.saw(row.young_person_id.into(), row.basis_id.into(), Areas(row.areas));
        }
        Ok(Json(asked.page(rows, |row| (row.gap_from, row.plan_id), GapView::new)))
    })
    .await
}
