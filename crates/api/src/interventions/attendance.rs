use crate::caller::Caller;
use crate::day::Day;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadIntervention;
use domain::access::{Scope, authorize};
use domain::interventions::attendance::{Attended, Presence, summary};
use persistence::interventions::attendance::Days;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Period {
    /// The first; where none is named, from the start.
    from: Option<Day>,
    /// The last; where none is named, to the end.
    to: Option<Day>,
}

/// Who came on which day, and how much that was.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attendance {
    /// The days that were told, in order.
    days: Vec<AttendedDayView>,
    summary: AttendanceSummary,
}

/// What somebody was on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendedDayView {
    on: NaiveDate,
    #[schema(schema_with = schema::code::<Presence>)]
    presence: Presence,
    /// How long they were there, where it was told.
    hours: Option<f64>,
}

impl From<&Attended> for AttendedDayView {
    fn from(day: &Attended) -> Self {
        Self { on: day.on, presence: day.presence, hours: day.hours }
    }
}

/// Days added up.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceSummary {
    /// Days on which they came.
    present: usize,
    /// Days on which they did not, for a reason that holds.
    excused: usize,
    /// Days on which they did not.
    absent: usize,
    /// The hours that were told.
    hours: f64,
}

impl Attendance {
    /// These days and their sum.
    pub fn of(days: &[Attended]) -> Self {
        let sum = summary(days);
        Self {
            days: days.iter().map(Into::into).collect(),
            summary: AttendanceSummary {
                present: sum.present,
                excused: sum.excused,
                absent: sum.absent,
                hours: sum.hours,
            },
        }
    }
}

/// Read attendance and absence
#[utoipa::path(
    operation_id = "readAttendance",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), Period),
    responses((status = 200, description = "Days and their sum", body = Attendance), ReadProblems),
)]
#[get("/interventions/{id}/attendance")]
pub async fn read_attendance(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<Period>,
) -> Result<Json<Attendance>, ApiError> {
    let period = Days { from: query.from.map(Day::date), to: query.to.map(Day::date) };
    let days = edge
        .read(&caller, "readAttendance", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_intervention((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadIntervention>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(tx.attendance((*id).into(), period).await?)
        })
        .await?;
    Ok(Json(Attendance::of(&days)))
}
