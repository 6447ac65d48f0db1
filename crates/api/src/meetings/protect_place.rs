use super::MeetingView;
use super::step::{begin, locked, meeting_changed};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::meetings::MeetingStep;
use domain::timeline::EventKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether the place of a meeting gives somebody away.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceProtectionBody {
    place_protected: bool,
}

/// Protect the place of a meeting
///
/// Or tell it again. A protected one stands in no calendar: those that have it drop it when they ask next. At any time, also once
/// the meeting is over.
#[utoipa::path(
    operation_id = "protectMeetingPlace",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = PlaceProtectionBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[put("/meetings/{id}/place-protection")]
pub async fn protect_meeting_place(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<PlaceProtectionBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "protectMeetingPlace", Some(*id), &body.raw, async |tx| {
        let told = &body.value;
        let (permit, meeting) = begin(tx, *id).await?;
        let before = locked(tx, &meeting, &if_match, MeetingStep::ProtectPlace).await?;
        tx.protect_place(&permit, &before, told.place_protected).await?;
        meeting_changed(tx, &permit, &before, EventKind::MeetingPlaceProtected, told).await
    })
    .await
}
