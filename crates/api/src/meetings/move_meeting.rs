use super::booking::{self, Takes};
use super::step::{begin, locked, meeting_changed};
use super::{MeetingView, OutsideBody, OwnTimeBody};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::meetings::{Meeting, MeetingKind, MeetingStep, MetNeed, MoveBecause, Place};
use domain::timeline::EventKind;
use persistence::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// When a meeting is to be instead, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveBody {
    /// A free slot of a window; or else `outside`.
    #[serde(default)]
    slot_id: Option<Uuid>,
    #[serde(default)]
    outside: Option<OutsideBody>,
    /// Of a network meeting, instead of these.
    #[serde(default)]
    at: Option<OwnTimeBody>,
    #[schema(schema_with = schema::code::<MoveBecause>)]
    because: MoveBecause,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Moved<'a> {
    from: Place,
    to: Place,
    because: MoveBecause,
    reason: &'a str,
}

/// Move a meeting
///
/// What it was is kept. Those who told that they cannot come are not asked for.
#[utoipa::path(
    operation_id = "moveMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = MoveBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[post("/meetings/{id}/move")]
pub async fn move_meeting(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<MoveBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "moveMeeting", Some(*id), &body.raw, async |tx| {
        tx.may_check().await?;
        let new = &body.value;
        let (permit, before) = begin(tx, *id).await?;
        let place = place_of(tx, &before, new).await?;
        let employees = tx.employees_of_meeting(before.id).await?;
        let takes = Takes {
            kind: before.kind,
            young_person: before.young_person,
            employees: &employees,
            besides: Some(before.id),
        };
        booking::lock(tx, &takes, &place, "/outside/at/roomId").await?;
        let before = locked(tx, &before, &if_match, MeetingStep::Move).await?;
        let need = need_of(tx, &before).await?;
        let ill =
            new.because == MoveBecause::Illness || tx.was_moved_for_illness(before.id).await?;
        place.ensure_suits(need.as_ref(), ill, tx.now())?;
        booking::ensure_free(tx, &takes, &place).await?;
        tx.move_meeting(&permit, &before, &place, (new.because, &new.reason)).await?;
        let payload =
            Moved { from: before.place, to: place, because: new.because, reason: &new.reason };
        meeting_changed(tx, &permit, &before, EventKind::MeetingMoved, &payload).await
    })
    .await
}

async fn place_of(tx: &mut Tx, meeting: &Meeting, new: &MoveBody) -> Result<Place, ApiError> {
    if meeting.kind != MeetingKind::Network {
        return match new.at {
            Some(_) => Err(ApiError::field("/at", Fault::Contradiction)),
            None => booking::place_of(tx, new.slot_id, new.outside).await,
        };
    }
    if new.slot_id.is_some() || new.outside.is_some() {
        return Err(ApiError::field("/slotId", Fault::Contradiction));
    }
    new.at.map(OwnTimeBody::place).ok_or_else(|| ApiError::field("/at", Fault::Required))
}

async fn need_of(tx: &mut Tx, meeting: &Meeting) -> Result<Option<MetNeed>, ApiError> {
    let Some(need) = tx.need_of_meeting(meeting.id).await? else { return Ok(None) };
    Ok(tx.met_need(need).await?.map(|(_, need)| need))
}
