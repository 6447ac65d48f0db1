use super::step::{does_casework, join, step};
use super::{PlanView, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::ids::{EmployeeId, UnitId};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A unit that is to take part, with its named person.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParticipantBody {
    /// A municipal unit that works with young people itself.
    unit_id: Uuid,
    /// Somebody who holds a role there.
    employee_id: Uuid,
}

/// Let a unit take part
///
/// It gets access to identity, plan, education and employment of the young person, until its
/// participation ends. Answers with the plan.
#[utoipa::path(
    operation_id = "addParticipant",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = ParticipantBody,
    responses((status = 201, description = "The plan with the new participant", body = PlanView), CommandProblems),
)]
#[post("/plans/{id}/participants")]
pub async fn add_participant(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<ParticipantBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "addParticipant", Some(*id), &body.raw, async |tx| {
        tx.may_check().await?;
        let new = body.value;
        let (permit, plan) = step::<AmendPlan>(tx, *id, None).await?;
        ensure_can_take_part(tx, new.unit_id.into(), new.employee_id.into()).await?;
        join(tx, &permit, &plan, new.unit_id.into(), new.employee_id.into()).await?;
        let view = view(tx, plan.id).await?;
        created(plan.version, format!("/api/v1/plans/{}", plan.id), Some(plan.young_person), &view)
    })
    .await
}

async fn ensure_can_take_part(
    tx: &mut Tx,
    unit: UnitId,
    employee: EmployeeId,
) -> Result<(), ApiError> {
    if !does_casework(tx, unit).await? {
        return Err(ApiError::field("/unitId", Fault::UnitUnknown));
    }
    if !tx.works_in(employee, unit).await? {
        return Err(ApiError::field("/employeeId", Fault::EmployeeNotInUnit));
    }
    Ok(())
}
