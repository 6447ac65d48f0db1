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

/// Withdraw a meeting slot
///
/// It is not offered any more. Refused while a meeting is planned in it.
#[utoipa::path(
    operation_id = "withdrawMeetingSlot",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The slot")),
    responses((status = 204, description = "It is withdrawn"), CommandProblems),
)]
#[delete("/meeting-slots/{id}")]
pub async fn withdraw_meeting_slot(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "withdrawMeetingSlot", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let unit = tx.unit_of_slot((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RunMeetingCalendar>(&actor, Scope::Unit(unit))?;
        tx.withdraw_slot(&permit, (*id).into()).await?;
        let kind = EventKind::MeetingSlotWithdrawn;
        tx.record(&permit, Change { subject: &*id, kind, payload: &json!({}) }).await?;
        Ok(nothing())
    })
    .await
}
