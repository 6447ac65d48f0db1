use super::by;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use persistence::plans::follow_up::{Author, ReviewRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListReviews {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A review that was held.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReviewView {
    id: Uuid,
    held_on: NaiveDate,
    /// Who took part beside the young person: names or roles.
    took_part: Vec<String>,
    young_person_took_part: bool,
    decisions: String,
    /// The next review, as it was set at this one.
    next_review_on: NaiveDate,
    /// Who wrote it down.
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
}

impl ReviewView {
    fn new((row, author): &(ReviewRow, Author)) -> Self {
        Self {
            id: row.id,
            held_on: row.on_day,
            took_part: row.took_part.clone(),
            young_person_took_part: row.young_person_took_part,
            decisions: row.decisions.clone(),
            next_review_on: row.next_review_on,
            entered_by_id: author.id,
            entered_by: by(author),
            entered_at: row.entered_at,
        }
    }
}

/// List the reviews of a plan
///
/// Those that were held, newest first.
#[utoipa::path(
    operation_id = "listReviews",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ListReviews),
    responses((status = 200, description = "A page", body = Page<ReviewView>), ReadProblems),
)]
#[get("/plans/{id}/reviews")]
pub async fn list_reviews(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ListReviews>,
) -> Result<Json<Page<ReviewView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    edge.read(&caller, "listReviews", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let rows = tx.reviews((*id).into(), asked.after, asked.limit + 1).await?;
        Ok(Json(asked.page(rows, |(row, _)| row.id, ReviewView::new)))
    })
    .await
}
