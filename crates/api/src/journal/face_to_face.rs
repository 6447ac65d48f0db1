use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path, Query};
use domain::access::policy::ReadUnitFigures;
use domain::access::{Scope, authorize};
use domain::calendar::{Month, day_of};
use persistence::journal::MonthSpent;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many months are told at most.
const MOST_MONTHS: u32 = 36;

/// Which months.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Months {
    /// The first month, as `2026-01`; eleven before the last one where nothing is asked.
    from: Option<String>,
    /// The last month, at most 36 in all; the present one where nothing is asked.
    to: Option<String>,
}

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

impl Months {
    /// The first and the last one.
    fn between(&self, present: Month) -> Result<(Month, Month), ApiError> {
        let last = month("to", self.to.as_deref())?.unwrap_or(present);
        let first = month("from", self.from.as_deref())?.unwrap_or_else(|| last.before(11));
        let latest = first.later(MOST_MONTHS - 1);
        if last < first {
            return Err(ApiError::field("to", Fault::AtLeast(first.to_string())));
        }
        if last > latest {
            return Err(ApiError::field("to", Fault::AtMost(latest.to_string())));
        }
        Ok((first, last))
    }
}

fn month(parameter: &str, text: Option<&str>) -> Result<Option<Month>, ApiError> {
    let fault = |_| ApiError::field(parameter, Fault::Format("2026-01".to_owned()));
    text.map(|text| text.parse().map_err(fault)).transpose()
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
