use super::list_rooms::RoomView;
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::RunMeetingCalendar;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use persistence::meetings::calendar::RoomRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A room in which meetings are held.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoomBody {
    /// One of the caller's units.
    unit_id: Uuid,
    #[schema(schema_with = schema::line::<200>)]
    name: String,
    /// Where it is, as people find it.
    #[schema(schema_with = schema::line::<200>)]
    place: String,
}

/// Tell of a meeting room
#[utoipa::path(
    operation_id = "tellMeetingRoom",
    tag = "meetings",
    security(("bearer" = [])),
    request_body = RoomBody,
    responses((status = 201, description = "The room", body = RoomView), CommandProblems),
)]
#[post("/meeting-rooms")]
pub async fn tell_meeting_room(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<RoomBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellMeetingRoom", None, &body.raw, async |tx| {
        let new = &body.value;
        let actor = tx.actor().await?;
        let permit = authorize::<RunMeetingCalendar>(&actor, Scope::Unit(new.unit_id.into()))?;
        let room = RoomRow {
            id: Uuid::now_v7(),
            unit_id: new.unit_id,
            name: new.name.clone(),
            place: new.place.clone(),
        };
        tx.tell_room(&permit, &room).await?;
        let kind = EventKind::MeetingRoomTold;
        tx.record(&permit, Change { subject: &room.id, kind, payload: new }).await?;
        let location = Some("/api/v1/meeting-rooms".to_owned());
        answer(StatusCode::CREATED, None, location, None, &RoomView::from(room))
    })
    .await
}
