use super::step::step_of_case;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::timeline::EventKind;
use persistence::Change;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// The participation that ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ended {
    id: Uuid,
}

/// End a unit's participation
///
/// The unit loses the access of its participation from the next request on. The participation cannot be ended while an
/// employee of the unit coordinates the active plan.
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
        if !tx.end_participation(&permit, plan.id, participant.into()).await? {
            return Err(ApiError::NotFound);
        }
        let change = Change {
            subject: &participant,
            kind: EventKind::PlanParticipantLeft,
            payload: &json!({ "planId": plan.id }),
        };
        tx.record(&permit, change).await?;
        answer(StatusCode::OK, None, None, Some(plan.young_person), &Ended { id: participant })
    })
    .await
}
