use super::step::step_of_case;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::ids::{AssignmentId, IntakeEntryId};
use domain::timeline::EventKind;
use persistence::{Change, EndedWithAccess};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why assignments and intake entries end with the participation, as it is stored with them.
const NO_LONGER_PARTICIPATING: &str = "Enheden deltager ikke længere i planen.";

/// The participation that ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    id: Uuid,
    /// The unit's assignments that ended with it.
    assignments: Vec<Uuid>,
    /// The entries in the unit's intake that ended with it.
    intake_entries: Vec<Uuid>,
}

/// End a unit's participation
///
/// The unit loses the access of its participation from the next request on, and all access that it gave itself by it:
/// its assignments and intake entries end too. A unit that has access for another reason, for example because it
/// registered the young person, keeps them. The participation cannot be ended while an employee of the unit coordinates
/// the active plan, or while the unit has running interventions that it would no longer see.
#[utoipa::path(
    operation_id = "endParticipation",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("participant_id" = Uuid, Path, description = "The participation")),
    responses((status = 200, description = "Ended", body = Ended), CommandProblems),
)]
#[post("/plans/{id}/participants/{participant_id}/end")]
pub async fn end_participation(
    caller: Caller,
    edge: Data<Edge>,
    path: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, ApiError> {
    let (id, participant) = path.into_inner();
    edge.command(&caller, "endParticipation", Some(id), &[], async |tx| {
        let actor = tx.actor().await?;
        let (permit, plan) = step_of_case::<AmendPlan>(tx, &actor, id.into(), None, None).await?;
        let of_plan = (plan.id, participant.into());
        let ended = tx.end_participation(&permit, of_plan, NO_LONGER_PARTICIPATING).await?;
        let EndedWithAccess { assignments, intake_entries } = ended.ok_or(ApiError::NotFound)?;
        let (kind, payload) = (EventKind::PlanParticipantLeft, json!({ "planId": plan.id }));
        tx.record(&permit, Change { subject: &participant, kind, payload: &payload }).await?;
        let because = json!({ "reason": NO_LONGER_PARTICIPATING });
        for id in assignments.iter().copied().map(AssignmentId) {
            let kind = EventKind::AssignmentEnded;
            tx.record(&permit, Change { subject: &id, kind, payload: &because }).await?;
        }
        for id in intake_entries.iter().copied().map(IntakeEntryId) {
            let kind = EventKind::IntakeLeft;
            tx.record(&permit, Change { subject: &id, kind, payload: &because }).await?;
        }
        let view = Ended { id: participant, assignments, intake_entries };
        answer(StatusCode::OK, None, None, Some(plan.young_person), &view)
    })
    .await
}
