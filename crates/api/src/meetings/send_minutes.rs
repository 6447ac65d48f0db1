use super::MeetingView;
use super::step::{begin, locked, meeting_changed};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::outside_parties::BasisBody;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::meetings::MeetingStep;
use domain::timeline::EventKind;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// To whom the minutes were sent, and on which basis.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendMinutesBody {
    /// Somebody outside who was called.
    participant_id: Uuid,
    basis: BasisBody,
}

/// Tell that the minutes were sent to somebody outside
///
/// Once, of a meeting that was held, whether they came or not.
#[utoipa::path(
    operation_id = "sendMinutes",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = SendMinutesBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[post("/meetings/{id}/minutes-sent")]
pub async fn send_minutes(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<SendMinutesBody>,
) -> Result<HttpResponse, ApiError> {
    let SendMinutesBody { participant_id, basis } = body.value;
    let basis = basis.read("/basis")?;
    edge.command(&caller, "sendMinutes", Some(*id), &body.raw, async |tx| {
        let (permit, meeting) = begin(tx, *id).await?;
        let before = locked(tx, &meeting, &if_match, MeetingStep::SendMinutes).await?;
        if !tx.minutes_sent(&permit, before.id, participant_id, &basis).await? {
            return Err(ApiError::field("/participantId", Fault::ParticipantUnknown));
        }
        tx.touch_meeting(&permit, &before).await?;
        let payload = json!({ "participantId": participant_id, "basis": basis });
        meeting_changed(tx, &permit, &before, EventKind::MeetingMinutesSent, &payload).await
    })
    .await
}
