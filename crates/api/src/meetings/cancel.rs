use super::MeetingView;
use super::step::{begin, locked, meeting_changed};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::meetings::MeetingStep;
use domain::timeline::EventKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a meeting is not held.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Cancel a meeting
///
/// It stays on record, and the need remains. Room and people are free again.
#[utoipa::path(
    operation_id = "cancelMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = CancelBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[post("/meetings/{id}/cancel")]
pub async fn cancel_meeting(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<CancelBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "cancelMeeting", Some(*id), &body.raw, async |tx| {
        let (permit, meeting) = begin(tx, *id).await?;
        let before = locked(tx, &meeting, &if_match, MeetingStep::Cancel).await?;
        tx.cancel_meeting(&permit, &before, &body.value.reason).await?;
        meeting_changed(tx, &permit, &before, EventKind::MeetingCancelled, &body.value).await
    })
    .await
}
