use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use persistence::meetings::calendar::RoomRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A room in which meetings are held.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoomView {
    id: Uuid,
    /// Whose leaders tell of it.
    unit_id: Uuid,
    name: String,
    place: String,
}

/// Every room.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rooms {
    items: Vec<RoomView>,
}

impl From<RoomRow> for RoomView {
    fn from(row: RoomRow) -> Self {
        Self { id: row.id, unit_id: row.unit_id, name: row.name, place: row.place }
    }
}

/// List meeting rooms
///
/// By name.
#[utoipa::path(
    operation_id = "listMeetingRooms",
    tag = "meetings",
    security(("bearer" = [])),
    responses((status = 200, description = "The rooms", body = Rooms), ReadProblems),
)]
#[get("/meeting-rooms")]
pub async fn list_meeting_rooms(caller: Caller, edge: Data<Edge>) -> Result<Json<Rooms>, ApiError> {
    edge.read(&caller, "listMeetingRooms", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let rows = tx.rooms().await?;
        Ok(Json(Rooms { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
