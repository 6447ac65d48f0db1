use super::MeetingView;
use super::step::{begin, locked, meeting_changed};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::meetings::MeetingStep;
use domain::timeline::EventKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who cannot come, and why.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExcuseBody {
    /// Somebody who is called.
    participant_id: Uuid,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Tell that somebody cannot come
///
/// Ahead of the meeting, with a reason; from then on they are free for others. Somebody else can be called instead.
#[utoipa::path(
    operation_id = "excuseParticipant",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ExcuseBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[post("/meetings/{id}/excuses")]
pub async fn excuse_participant(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ExcuseBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "excuseParticipant", Some(*id), &body.raw, async |tx| {
        let told = &body.value;
        let (permit, meeting) = begin(tx, *id).await?;
        let before = locked(tx, &meeting, &if_match, MeetingStep::Excuse).await?;
        if !tx.excuse(&permit, before.id, told.participant_id, &told.reason).await? {
            return Err(ApiError::field("/participantId", Fault::ParticipantUnknown));
        }
        tx.touch_meeting(&permit, &before).await?;
        meeting_changed(tx, &permit, &before, EventKind::MeetingPartyExcused, told).await
    })
    .await
}
