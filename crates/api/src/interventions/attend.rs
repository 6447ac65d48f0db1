use super::attendance::Attendance;
use super::{Step, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault, FieldFault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::RecordAttendance;
use domain::calendar::day_of;
use domain::interventions::attendance::{Attended, Presence};
use domain::timeline::EventKind;
use persistence::Change;
use persistence::interventions::attendance::Days;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// Days that are told, each once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendBody {
    #[schema(min_items = 1, max_items = 100)]
    days: Vec<AttendedDay>,
}

/// What somebody was on a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendedDay {
    on: Day,
    #[schema(schema_with = schema::code::<Presence>)]
    presence: Presence,
    /// How long they were there, in quarters of an hour.
    #[serde(default)]
    #[schema(minimum = 0.25, maximum = 24, multiple_of = 0.25)]
    hours: Option<f64>,
}

impl From<&AttendedDay> for Attended {
    fn from(day: &AttendedDay) -> Self {
        Self { on: day.on.date(), presence: day.presence, hours: day.hours }
    }
}

/// What was told, and what the same days were told to be before.
#[derive(Serialize)]
struct Told<'a> {
    days: &'a [Attended],
    former: Vec<Attended>,
}

/// Tell attendance and absence
///
/// Of an intervention that has started, from its start to today, or to its end once it is over. A day that is told again is corrected. Answers with
/// what now is told of the days from the first to the last of these.
#[utoipa::path(
    operation_id = "recordAttendance",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention")),
    request_body = AttendBody,
    responses((status = 200, description = "Days and their sum", body = Attendance), CommandProblems),
)]
#[post("/interventions/{id}/attendance")]
pub async fn record_attendance(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<AttendBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "recordAttendance", Some(*id), &body.raw, async |tx| {
        let days: Vec<Attended> = body.value.days.iter().map(Into::into).collect();
        ensure_plain(&days)?;
        let actor = tx.actor().await?;
        let Step { permit, thing, stage, .. } =
            step::<RecordAttendance>(tx, &actor, *id, false).await?;
        thing.ensure_open_in(stage)?;
        thing.ensure_attended(&days, day_of(tx.now()))?;
        let on: BTreeSet<NaiveDate> = days.iter().map(|day| day.on).collect();
        let period = Days { from: on.first().copied(), to: on.last().copied() };
        let mut former = tx.attendance(thing.id, period).await?;
        former.retain(|day| on.contains(&day.on));
        let change = Change {
            subject: &thing.id,
            kind: EventKind::InterventionAttended,
            payload: &Told { days: &days, former },
        };
        tx.record(&permit, change).await?;
        tx.attend(&permit, &thing, &days).await?;
        let view = Attendance::of(&tx.attendance(thing.id, period).await?);
        answer(StatusCode::OK, None, None, Some(thing.young_person), &view)
    })
    .await
}

/// Each day once, and hours only of those who came.
fn ensure_plain(days: &[Attended]) -> Result<(), ApiError> {
    let mut told = BTreeSet::new();
    let mut faults = Vec::new();
    for (place, day) in days.iter().enumerate() {
        let mut wrong = |member| {
            let pointer = format!("/days/{place}/{member}");
            faults.push(FieldFault { pointer, fault: Fault::Contradiction });
        };
        if !told.insert(day.on) {
            wrong("on");
        }
        if day.hours.is_some() && day.presence != Presence::Present {
            wrong("hours");
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(ApiError::Invalid(faults)) }
}
