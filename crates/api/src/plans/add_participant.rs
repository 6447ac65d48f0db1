use super::{PlanView, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::access::{Scope, authorize};
use domain::calendar::{add_working_days, day_of};
use domain::ids::{EmployeeId, UnitId};
use domain::organisation::Department;
use domain::plans::{CONTACT_PERSON_WITHIN_WORKING_DAYS, Plan, PlanStage};
use persistence::{Change, Tx, tasks};
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
        let new = body.value;
        let actor = tx.actor().await?;
        let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<AmendPlan>(&actor, Scope::Case(&case))?;
        let plan = tx.lock_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        plan.ensure_open()?;
        ensure_can_take_part(tx, new.unit_id.into(), new.employee_id.into()).await?;
        let participant =
            tx.add_participant(&permit, &plan, new.unit_id.into(), new.employee_id.into()).await?;
        let subject = participant.to_string();
        let change = Change {
            subject_kind: "participant",
            subject: &subject,
            kind: "plan.participant-joined",
            payload: &new,
        };
        tx.record(&permit, change).await?;
        ask_for_contact_person(tx, &plan).await?;
        let view = view(tx, plan.id).await?;
        created(plan.version, format!("/api/v1/plans/{}", plan.id), Some(plan.young_person), &view)
    })
    .await
}

/// A second unit in an active plan: a contact person is to be offered (PL-2). A draft is asked when it is
/// activated.
async fn ask_for_contact_person(tx: &mut Tx, plan: &Plan) -> Result<(), ApiError> {
    let readiness = tx.readiness(plan.id).await?;
    if plan.state.stage() == PlanStage::Active && readiness.lacks_contact_person() {
        let due_on = add_working_days(day_of(tx.now()), CONTACT_PERSON_WITHIN_WORKING_DAYS);
        tx.ask_task(tasks::OFFER_CONTACT_PERSON, plan.id.0, due_on).await?;
    }
    Ok(())
}

async fn ensure_can_take_part(
    tx: &mut Tx,
    unit: UnitId,
    employee: EmployeeId,
) -> Result<(), ApiError> {
    let found = tx.unit(unit).await?;
    let works_with_young_people = found.is_some_and(|unit| {
        unit.operational
            && unit.department.parse::<Department>().is_ok_and(Department::does_casework)
    });
    if !works_with_young_people {
        return Err(ApiError::field("/unitId", Fault::UnitUnknown));
    }
    if !tx.works_in(employee, unit).await? {
        return Err(ApiError::field("/employeeId", Fault::EmployeeNotInUnit));
    }
    Ok(())
}
