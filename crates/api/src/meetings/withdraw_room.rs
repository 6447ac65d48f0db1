use crate::caller::Caller;
use crate::edge::{Edge, nothing};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete};
use domain::access::policy::RunMeetingCalendar;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde_json::json;
use uuid::Uuid;

/// Withdraw a meeting room
///
/// With its slots. Nothing more is booked in it; refused while a meeting is planned there.
#[utoipa::path(
    operation_id = "withdrawMeetingRoom",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    responses((status = 204, description = "It is withdrawn"), CommandProblems),
)]
#[delete("/meeting-rooms/{id}")]
pub async fn withdraw_meeting_room(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "withdrawMeetingRoom", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let unit = tx.unit_of_room((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RunMeetingCalendar>(&actor, Scope::Unit(unit))?;
        tx.withdraw_room(&permit, (*id).into()).await?;
        let kind = EventKind::MeetingRoomWithdrawn;
        tx.record(&permit, Change { subject: &*id, kind, payload: &json!({}) }).await?;
        Ok(nothing())
    })
    .await
}
