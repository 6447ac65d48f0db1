//! What every command on a plan has in common: how it begins and how it ends.

use super::{PlanView, view};
use crate::conditional::IfMatch;
use crate::edge::changed;
use crate::problem::ApiError;
use domain::access::families::ChangesPlan;
use domain::access::{Actor, InformationArea, Permit, Row, Scope, authorize};
use domain::ids::{EmployeeId, ParticipantId, PlanId, UnitId};
use domain::organisation::Department;
use domain::plans::{Plan, PlanStage};
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use persistence::{Answer, Change, Tx};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// The open plan, locked, and the proof that the caller may: authorised before it is locked, so that
/// nothing is told of what is not visible. Whoever works in a plan takes part in it (PL-6).
pub async fn step<A: ChangesPlan>(
    tx: &mut Tx,
    id: Uuid,
    if_match: Option<&IfMatch>,
) -> Result<(Permit<A>, Plan), ApiError> {
    let actor = tx.actor().await?;
    let core = Row::new(InformationArea::Plan);
    let (permit, plan) = begin::<A>(tx, &actor, (id.into(), core)).await?;
    let named = if_match.map(|if_match| (if_match, plan.version));
    go_on(tx, permit, plan, named).await
}

/// The same for a row of the plan that may have another information area, and its own version if the request must name
/// one.
pub async fn step_of<A: ChangesPlan>(
    tx: &mut Tx,
    actor: &Actor,
    of: (PlanId, Row),
    named: Option<(&IfMatch, i64)>,
) -> Result<(Permit<A>, Plan), ApiError> {
    let (permit, plan) = begin::<A>(tx, actor, of).await?;
    go_on(tx, permit, plan, named).await
}

/// The same if the case may be handed over or lost. The named employee and the employees who have the case are locked
/// first, then the young person, then the plan (D-13).
pub async fn step_of_case<A: ChangesPlan>(
    tx: &mut Tx,
    actor: &Actor,
    id: PlanId,
    if_match: Option<&IfMatch>,
    named: Option<EmployeeId>,
) -> Result<(Permit<A>, Plan), ApiError> {
    let core = Row::new(InformationArea::Plan);
    let case = tx.case_of_plan(id).await?.ok_or(ApiError::NotFound)?.at(core);
    authorize::<A>(actor, Scope::Case(&case))?;
    let coordinator = tx.coordinator(id).await?;
    let named: Vec<EmployeeId> = named.into_iter().chain(coordinator).collect();
    tx.lock_employees_of(case.young_person, &named).await?;
    tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
    let (permit, plan) = begin::<A>(tx, actor, (id, core)).await?;
    let named = if_match.map(|if_match| (if_match, plan.version));
    go_on(tx, permit, plan, named).await
}

async fn begin<A: ChangesPlan>(
    tx: &mut Tx,
    actor: &Actor,
    (id, row): (PlanId, Row),
) -> Result<(Permit<A>, Plan), ApiError> {
    let case = tx.case_of_plan(id).await?.ok_or(ApiError::NotFound)?.at(row);
    let permit = authorize::<A>(actor, Scope::Case(&case))?;
    let plan = tx.lock_plan(id).await?.ok_or(ApiError::NotFound)?;
    Ok((permit, plan))
}

async fn go_on<A: ChangesPlan>(
    tx: &mut Tx,
    permit: Permit<A>,
    plan: Plan,
    named: Option<(&IfMatch, i64)>,
) -> Result<(Permit<A>, Plan), ApiError> {
    if let Some((if_match, version)) = named {
        if_match.check(version)?;
    }
    plan.ensure_open()?;
    take_part(tx, &permit, &plan).await?;
    Ok((permit, plan))
}

/// Records what became of the plan, and answers with it as it is now.
pub async fn plan_changed<A: ChangesPlan>(
    tx: &mut Tx,
    permit: &Permit<A>,
    plan: &Plan,
    kind: EventKind,
    payload: &impl Serialize,
) -> Result<Answer, ApiError> {
    tx.record(permit, Change { subject: &plan.id, kind, payload }).await?;
    let view: PlanView = view(tx, plan.id).await?;
    changed(plan.version, Some(plan.young_person), &view)
}

/// Makes the caller's unit a participant, with them as its named person, unless it is one already.
pub async fn take_part<A: ChangesPlan>(
    tx: &mut Tx,
    permit: &Permit<A>,
    plan: &Plan,
) -> Result<(), ApiError> {
    if tx.takes_part(plan.id, permit.unit()).await? || !does_casework(tx, permit.unit()).await? {
        return Ok(());
    }
    join(tx, permit, plan, permit.unit(), permit.employee()).await
}

/// Adds a unit as a participant from now on, with the access that the caller passes on to it (AC-15).
pub async fn join<A: ChangesPlan>(
    tx: &mut Tx,
    permit: &Permit<A>,
    plan: &Plan,
    unit: UnitId,
    employee: EmployeeId,
) -> Result<(), ApiError> {
    let participant = tx.add_participant(permit, plan, unit, employee).await?;
    tx.open_to_participant(permit, plan, (unit, participant)).await?;
    joined(tx, permit, plan, (participant, unit, employee)).await
}

/// Adds a unit as a participant because it receives the young person (TM-8), with the access that the rules open to it.
pub async fn join_as_receiver<A: ChangesPlan>(
    tx: &mut Tx,
    permit: &Permit<A>,
    plan: &Plan,
    unit: UnitId,
    employee: EmployeeId,
) -> Result<(), ApiError> {
    let participant = tx.add_receiver(permit, plan, unit, employee).await?;
    joined(tx, permit, plan, (participant, unit, employee)).await
}

/// The second unit in an active plan creates the task of offering a contact person (PL-2). For a draft, activation
/// checks this.
async fn joined<A: ChangesPlan>(
    tx: &mut Tx,
    permit: &Permit<A>,
    plan: &Plan,
    (participant, unit, employee): (ParticipantId, UnitId, EmployeeId),
) -> Result<(), ApiError> {
    let change = Change {
        subject: &participant,
        kind: EventKind::PlanParticipantJoined,
        payload: &json!({ "planId": plan.id, "unitId": unit, "employeeId": employee }),
    };
    tx.record(permit, change).await?;
    let readiness = tx.readiness(plan.id).await?;
    if plan.state.stage() == PlanStage::Active && readiness.lacks_contact_person() {
        tx.ask_in_time(TaskKind::OfferContactPerson, plan.id.0).await?;
    }
    Ok(())
}

/// Is it a municipal unit that works with young people itself?
pub async fn does_casework(tx: &mut Tx, unit: UnitId) -> Result<bool, ApiError> {
    let found = tx.unit(unit).await?.filter(|unit| unit.operational);
    Ok(found.is_some_and(|unit| {
        unit.department.parse::<Department>().is_ok_and(Department::does_casework)
    }))
}
