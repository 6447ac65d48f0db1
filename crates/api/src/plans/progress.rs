use super::by;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use domain::plans::Voice;
use persistence::plans::follow_up::{Author, ProgressRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Progress on a goal, a series for each voice, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressView {
    /// As the young person sees it.
    young_person: Vec<ToldProgressView>,
    /// As a professional does.
    professional: Vec<ToldProgressView>,
}

/// How far, on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToldProgressView {
    id: Uuid,
    on: NaiveDate,
    /// 0 to 10.
    score: i16,
    note: Option<String>,
    /// Who wrote it down.
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
}

impl From<(ProgressRow, Author)> for ToldProgressView {
    fn from((row, author): (ProgressRow, Author)) -> Self {
        Self {
            id: row.id,
            on: row.on_day,
            score: row.score,
            note: row.note,
            entered_by_id: author.id,
            entered_by: by(&author),
            entered_at: row.entered_at,
        }
    }
}

impl From<Vec<(ProgressRow, Author)>> for ProgressView {
    fn from(rows: Vec<(ProgressRow, Author)>) -> Self {
        let (theirs, ours): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(row, _)| row.voice == <&str>::from(Voice::YoungPerson));
        Self {
            young_person: theirs.into_iter().map(Into::into).collect(),
            professional: ours.into_iter().map(Into::into).collect(),
        }
    }
}

/// Read the progress on a goal
///
/// The latest thousand scores, as two series ready for drawing.
#[utoipa::path(
    operation_id = "readProgress",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The goal")),
    responses((status = 200, description = "Both series", body = ProgressView), ReadProblems),
)]
#[get("/goals/{id}/progress")]
pub async fn read_progress(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<ProgressView>, ApiError> {
    edge.read(&caller, "readProgress", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let (case, _) = tx.case_of_goal((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        Ok(Json(tx.progress((*id).into()).await?.into()))
    })
    .await
}
