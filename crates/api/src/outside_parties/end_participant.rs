use super::file;
use super::views::ExternalParticipantView;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::plans::step_of;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::Change;
use uuid::Uuid;

/// End an outside participation
///
/// After today nothing more is sent to them. Answers with the participant.
#[utoipa::path(
    operation_id = "endExternalParticipant",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The participant"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "The participant", body = ExternalParticipantView), CommandProblems, VersionProblems),
)]
#[post("/external-participants/{id}/end")]
pub async fn end_external_participant(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endExternalParticipant", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let participant = tx.external_participant((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let named = Some((&if_match, participant.version));
        let (permit, plan) =
            step_of::<AmendPlan>(tx, &actor, (participant.plan.into(), participant.row), named)
                .await?;
        let event = participant.thing.end(day_of(tx.now()))?;
        tx.store_external_participant(&permit, &participant, event).await?;
        let kind = EventKind::ExternalParticipantEnded;
        tx.record(&permit, Change { subject: &participant.id, kind, payload: &event }).await?;
        let view = ExternalParticipantView::from(file(tx, plan.id, *id).await?);
        changed(participant.version + 1, Some(plan.young_person), &view)
    })
    .await
}
