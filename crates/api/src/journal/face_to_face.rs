use crate::caller::Caller;
use crate::edge::Edge;
use crate::months::Months;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadUnitFigures;
use domain::access::{Scope, authorize};
use domain::calendar::{Month, day_of};
use persistence::journal::MonthSpent;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The months of a unit, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaceToFace {
    items: Vec<MonthView>,
}

/// What a unit spent on conversations in a month. Letters last no time, and do not count.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthView {
    #[schema(example = "2026-01")]
    month: String,
    /// One to four of its conversations are about young people whom the caller does not see (any more):
    /// nothing is told.
    suppressed: bool,
    conversations: Option<i32>,
    minutes: Option<i32>,
    minutes_face_to_face: Option<i32>,
    /// Of the minutes, to the thousandth; null where there are none.
    #[schema(example = 0.625)]
    share: Option<f64>,
}

/// Read the share of time face to face
///
/// Of the conversations that the unit wrote down, month by month in Copenhagen: numbers only, for its
/// team leader and head.
#[utoipa::path(
    operation_id = "readFaceToFace",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit"), Months),
    responses((status = 200, description = "The months", body = FaceToFace), ReadProblems),
)]
#[get("/units/{id}/face-to-face")]
pub async fn read_face_to_face(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<Months>,
) -> Result<Json<FaceToFace>, ApiError> {
    let months = edge
        .read(&caller, "readFaceToFace", None, async |tx| {
            let actor = tx.actor().await?;
            let (first, last) = query.between(Month::of(day_of(tx.now())))?;
            let unit = (*id).into();
            let permit = authorize::<ReadUnitFigures>(&actor, Scope::Unit(unit))?;
            Ok::<_, ApiError>(tx.face_to_face(&permit, unit, first, last).await?)
        })
        .await?;
    Ok(Json(FaceToFace { items: months.into_iter().map(Into::into).collect() }))
}

impl From<MonthSpent> for MonthView {
    fn from(MonthSpent { month, spent }: MonthSpent) -> Self {
        Self {
            month: month.to_string(),
            suppressed: spent.is_none(),
            conversations: spent.map(|spent| spent.conversations),
            minutes: spent.map(|spent| spent.minutes),
            minutes_face_to_face: spent.map(|spent| spent.minutes_face_to_face),
            share: spent.and_then(|spent| spent.share_face_to_face()),
        }
    }
}
