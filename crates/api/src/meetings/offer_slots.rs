use super::OwnTimeBody;
use super::list_slots::SlotView;
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use domain::access::policy::RunMeetingCalendar;
use domain::access::{Scope, authorize};
use domain::ids::RoomId;
use domain::timeline::EventKind;
use persistence::Change;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Slots to offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotsBody {
    #[schema(min_items = 1, max_items = 200)]
    slots: Vec<OwnTimeBody>,
}

/// The slots that were offered.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedSlots {
    items: Vec<SlotView>,
}

/// Offer slots in a window
///
/// Each in a room, within the days of the window; no two in one room at once. All or none.
#[utoipa::path(
    operation_id = "offerMeetingSlots",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The window")),
    request_body = SlotsBody,
    responses((status = 201, description = "The slots of the window", body = OfferedSlots), CommandProblems),
)]
#[post("/meeting-windows/{id}/slots")]
pub async fn offer_meeting_slots(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<SlotsBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "offerMeetingSlots", Some(*id), &body.raw, async |tx| {
        let new = &body.value.slots;
        let actor = tx.actor().await?;
        let unit = tx.unit_of_window((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RunMeetingCalendar>(&actor, Scope::Unit(unit))?;
        let rooms = tx.rooms().await?;
        for (index, slot) in new.iter().enumerate() {
            if !rooms.iter().any(|room| room.id == slot.room_id) {
                let pointer = format!("/slots/{index}/roomId");
                return Err(ApiError::field(&pointer, Fault::RoomUnknown));
            }
        }
        let slots: Vec<(RoomId, DateTime<Utc>, DateTime<Utc>)> =
            new.iter().map(|slot| (slot.room_id.into(), slot.starts_at, slot.ends_at)).collect();
        let ids = tx.offer_slots(&permit, (*id).into(), &slots).await?;
        let payload = json!({ "slots": ids });
        let kind = EventKind::MeetingSlotsOffered;
        tx.record(&permit, Change { subject: &*id, kind, payload: &payload }).await?;
        let offered = tx.slots_of(&ids).await?;
        let view = OfferedSlots { items: offered.into_iter().map(Into::into).collect() };
        let location = Some("/api/v1/meeting-slots".to_owned());
        answer(StatusCode::CREATED, None, location, None, &view)
    })
    .await
}
