use super::list_windows::WindowView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::RunMeetingCalendar;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use persistence::meetings::calendar::WindowRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A window of meetings.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WindowBody {
    /// One of the caller's units, which runs it; it is for all.
    unit_id: Uuid,
    first_day: Day,
    /// At most two weeks in all.
    last_day: Day,
}

/// Set a window of meetings
///
/// Two a year, at most two weeks each, in the one calendar that all share.
#[utoipa::path(
    operation_id = "setMeetingWindow",
    tag = "meetings",
    security(("bearer" = [])),
    request_body = WindowBody,
    responses((status = 201, description = "The window", body = WindowView), CommandProblems),
)]
#[post("/meeting-windows")]
pub async fn set_meeting_window(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<WindowBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "setMeetingWindow", None, &body.raw, async |tx| {
        let new = &body.value;
        let actor = tx.actor().await?;
        let permit = authorize::<RunMeetingCalendar>(&actor, Scope::Unit(new.unit_id.into()))?;
        let window = WindowRow {
            id: Uuid::now_v7(),
            unit_id: new.unit_id,
            first_day: new.first_day.date(),
            last_day: new.last_day.date(),
        };
        tx.set_window(&permit, &window).await?;
        let kind = EventKind::MeetingWindowSet;
        tx.record(&permit, Change { subject: &window.id, kind, payload: new }).await?;
        let location = Some("/api/v1/meeting-windows".to_owned());
        answer(StatusCode::CREATED, None, location, None, &WindowView::from(window))
    })
    .await
}
