use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::{ApiError, Fault};
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::FindYoungPeople;
use domain::access::{Areas, Scope, authorize};
use domain::calendar::day_of;
use domain::organisation::Department;
use domain::young_people::age_on;
use persistence::young_people::views::ListedYoungPerson;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which of them, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListYoungPeople {
    /// Only those whom this unit of the caller's sees.
    unit_id: Option<Uuid>,
    /// Only those of this target group, 0 to 4, as far as the caller may see it.
    group: Option<i32>,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A young person in a list, with what the caller's areas open.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedView {
    id: Uuid,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    age: u32,
    /// The open plan, else the last one.
    plan_id: Option<Uuid>,
    plan_state: Option<String>,
    #[schema(schema_with = schema::optional_code::<Department>)]
    coordinating_department: Option<String>,
    /// Started interventions that the caller may see.
    started_interventions: Option<i64>,
    /// Today's, 0 to 4; null: none, or not for the caller.
    target_group: Option<i32>,
}

impl ListedView {
    fn new(row: &ListedYoungPerson, today: NaiveDate) -> Self {
        Self {
            id: row.id,
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            birth_date: row.birth_date,
            age: age_on(row.birth_date, today),
            plan_id: row.plan_id,
            plan_state: row.plan_state.clone(),
            coordinating_department: row.coordinating_department.clone(),
            started_interventions: row.started_interventions,
            target_group: row.target_group,
        }
    }
}

/// List young people
///
/// Those whom the caller may see, newest registered first. To find somebody by name, search.
#[utoipa::path(
    operation_id = "listYoungPeople",
    tag = "young people",
    security(("bearer" = [])),
    params(ListYoungPeople),
    responses((status = 200, description = "A page", body = Page<ListedView>), ReadProblems),
)]
#[get("/young-people")]
pub async fn list_young_people(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListYoungPeople>,
) -> Result<Json<Page<ListedView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    if let Some(group) = query.group {
        ensure_group(group)?;
    }
    let page = edge
        .read(&caller, "listYoungPeople", None, async |tx| {
            let of_unit = query.unit_id.map(Into::into);
            let (actor, rows) = tx
                .list_young_people(
                    asked.after.map(Into::into),
                    of_unit,
                    query.group,
                    asked.limit + 1,
                )
                .await?;
            let permit = authorize::<FindYoungPeople>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            for row in rows.iter().take(asked.limit.into()) {
                tx.saw(row.id.into(), row.basis_id.into(), Areas(row.areas));
            }
            let today = day_of(tx.now());
            Ok(asked.page(rows, |row| row.id, |row| ListedView::new(row, today)))
        })
        .await?;
    Ok(Json(page))
}

fn ensure_group(group: i32) -> Result<(), ApiError> {
    match group {
        ..0 => Err(ApiError::field("group", Fault::AtLeast(0.to_string()))),
        0..=4 => Ok(()),
        5.. => Err(ApiError::field("group", Fault::AtMost(4.to_string()))),
    }
}
