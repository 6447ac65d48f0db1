use super::by;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use persistence::plans::follow_up::{Author, IndicatorsRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The four BIP indicators over time, a series each, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorsView {
    /// Coping with everyday life.
    everyday_coping: Vec<MeasuredView>,
    /// A realistic reservation wage.
    reservation_wage: Vec<MeasuredView>,
    /// The caseworker's belief that the young person will make it.
    caseworker_belief: Vec<MeasuredView>,
    /// A supportive network.
    supportive_network: Vec<MeasuredView>,
}

/// What one indicator was, on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasuredView {
    /// Of the measurement, common to the indicators that were measured together.
    id: Uuid,
    on: NaiveDate,
    /// 1 to 5.
    score: i16,
    /// By whom.
    measured_by_id: Uuid,
    measured_by: String,
}

impl From<Vec<(IndicatorsRow, Author)>> for IndicatorsView {
    fn from(rows: Vec<(IndicatorsRow, Author)>) -> Self {
        let series = |score: fn(&IndicatorsRow) -> Option<i16>| {
            rows.iter()
                .filter_map(|(row, author)| {
                    Some(MeasuredView {
                        id: row.id,
                        on: row.on_day,
                        score: score(row)?,
                        measured_by_id: author.id,
                        measured_by: by(author),
                    })
                })
                .collect()
        };
        Self {
            everyday_coping: series(|row| row.everyday_coping),
            reservation_wage: series(|row| row.reservation_wage),
            caseworker_belief: series(|row| row.caseworker_belief),
            supportive_network: series(|row| row.supportive_network),
        }
    }
}

/// Read the indicators of a plan
///
/// The latest thousand measurements, as four series ready for drawing.
#[utoipa::path(
    operation_id = "readIndicators",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "The four series", body = IndicatorsView), ReadProblems),
)]
#[get("/plans/{id}/indicators")]
pub async fn read_indicators(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<IndicatorsView>, ApiError> {
    edge.read(&caller, "readIndicators", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        Ok(Json(tx.indicators((*id).into()).await?.into()))
    })
    .await
}
