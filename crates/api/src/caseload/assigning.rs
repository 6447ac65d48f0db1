//! What every way of assigning has in common: who may, to whom, whether there is room, and what is written.

use crate::day::Day;
use crate::problem::{ApiError, Fault};
use chrono::NaiveDate;
use domain::Refusal;
use domain::access::policy::{ActionKind, AmendPlan, AssignCase, ExceedNorm, Relation, allows};
use domain::access::{Actor, Case, HeldRole, InformationArea, Permit, Row, Scope, authorize};
use domain::caseload::{Assigned, Board, CaseloadRefusal, Function, Wish};
use domain::ids::{AssignmentId, EmployeeId, PlanId, UnitId, YoungPersonId};
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use persistence::caseload::{Assignment, Particulars};
use persistence::{Change, Tx};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A case to assign, by whom it is allowed.
#[derive(Debug)]
pub struct Asked {
    pub permit: Permit<AssignCase>,
    /// Whose norm it counts under.
    pub unit: UnitId,
    pub wish: Wish,
    pub particulars: Particulars,
    /// The assignment it is taken from.
    pub from: Option<Assignment>,
}

/// Why a case is not taken from somebody.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("the assignment is not one that can be handed over")]
#[serde(rename_all = "camelCase")]
pub struct NotHandedOver {
    #[serde(skip)]
    code: &'static str,
    assignment_id: AssignmentId,
}

impl Refusal for NotHandedOver {
    fn code(&self) -> &'static str {
        self.code
    }
}

/// What is to be known of a whole list of cases, read at once.
#[derive(Debug)]
pub struct Known<'a> {
    actor: &'a Actor,
    cases: HashMap<YoungPersonId, Case>,
    roles: HashMap<EmployeeId, Vec<HeldRole>>,
}

impl<'a> Known<'a> {
    /// These young people as they stand to the caller, and what these employees are where.
    pub async fn of(
        tx: &mut Tx,
        actor: &'a Actor,
        people: &[YoungPersonId],
        employees: &[EmployeeId],
    ) -> Result<Self, ApiError> {
        let cases = tx.cases_of(people).await?;
        let roles = tx.held_roles_of(employees).await?;
        Ok(Self { actor, cases, roles })
    }

    /// The proof that the caller may assign a case that stands in a body. Whom they do not see is unknown there.
    pub fn permit(
        &self,
        young_person: YoungPersonId,
        pointer: &str,
    ) -> Result<Permit<AssignCase>, ApiError> {
        let case = self.cases.get(&young_person);
        let case = case.ok_or_else(|| ApiError::field(pointer, Fault::YoungPersonUnknown))?;
        Ok(authorize::<AssignCase>(self.actor, Scope::Case(case))?)
    }

    /// The unit in which an employee takes a case: one of the caller's, told, or the only one in which they do
    /// that.
    pub fn unit_of(
        &self,
        (employee, function): (EmployeeId, Function),
        told: Option<UnitId>,
        at: &str,
    ) -> Result<UnitId, ApiError> {
        let held = self.roles.get(&employee).map(Vec::as_slice).unwrap_or_default();
        let units = |fits: &dyn Fn(&HeldRole) -> bool| -> BTreeSet<UnitId> {
            let fitting =
                held.iter().filter(|held| assigns_in(self.actor, held.unit) && fits(held));
            fitting.map(|held| held.unit).collect()
        };
        let (all, not_there) = (units(&|_| true), Fault::EmployeeNotInUnit);
        if let Some(told) = told {
            let fault = || ApiError::field(&format!("{at}employeeId"), not_there);
            return all.contains(&told).then_some(told).ok_or_else(fault);
        }
        let doing = units(&|held| function.posts().iter().any(|post| post.role() == held.role));
        let mut fitting = if doing.is_empty() { all } else { doing }.into_iter();
        match (fitting.next(), fitting.next()) {
            (Some(unit), None) => Ok(unit),
            (Some(_), Some(_)) => Err(ApiError::field(&format!("{at}unitId"), Fault::Required)),
            (None, _) => Err(ApiError::field(&format!("{at}employeeId"), not_there)),
        }
    }
}

/// Only the unit that shares out a case ends it, and takes it up again.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("the assignment is another unit's")]
#[serde(rename_all = "camelCase")]
struct OfAnotherUnit {
    unit_id: UnitId,
}

impl Refusal for OfAnotherUnit {
    fn code(&self) -> &'static str {
        "assignment.of-another-unit"
    }
}

/// Is it a unit in which the caller shares out cases?
pub fn assigns_in(actor: &Actor, unit: UnitId) -> bool {
    actor.roles.iter().any(|held| {
        held.unit == unit
            && allows(held.department, held.role, Relation::Works, ActionKind::AssignCase)
    })
}

/// Refuses what is another unit's than one of the caller's.
pub fn ensure_own(actor: &Actor, unit_id: UnitId) -> Result<(), ApiError> {
    let refuse = || ApiError::refused(&OfAnotherUnit { unit_id });
    assigns_in(actor, unit_id).then_some(()).ok_or_else(refuse)
}

/// The day until which a case is planned to be had: one to come.
pub fn planned_end(
    told: Option<Day>,
    today: NaiveDate,
    at: &str,
) -> Result<Option<NaiveDate>, ApiError> {
    let past = || ApiError::field(&format!("{at}plannedEnd"), Fault::AtLeast(today.to_string()));
    let day = told.map(Day::date);
    if day.is_some_and(|day| day < today) { Err(past()) } else { Ok(day) }
}

/// Going beyond the norm is asked of the policy beside the case (CL-3).
pub fn ensure_may_exceed(actor: &Actor, unit: UnitId, wish: &Wish) -> Result<(), ApiError> {
    if wish.exception.is_some() {
        authorize::<ExceedNorm>(actor, Scope::Unit(unit))?;
    }
    Ok(())
}

/// The boards of the units in question, with the cases of the young people in question.
pub async fn boards(
    tx: &mut Tx,
    asked: impl Iterator<Item = (UnitId, YoungPersonId)>,
) -> Result<BTreeMap<UnitId, Board>, ApiError> {
    let mut people: BTreeMap<UnitId, Vec<YoungPersonId>> = BTreeMap::new();
    for (unit, young_person) in asked {
        people.entry(unit).or_default().push(young_person);
    }
    let mut boards = BTreeMap::new();
    for (unit, people) in people {
        boards.insert(unit, tx.board(unit, &people).await?);
    }
    Ok(boards)
}

/// Takes the cases that are handed over from those who have them.
pub fn release(boards: &mut BTreeMap<UnitId, Board>, asked: &[Asked]) -> Result<(), ApiError> {
    for one in asked {
        let Some(from) = &one.from else { continue };
        let refuse = |code| ApiError::refused(&NotHandedOver { code, assignment_id: from.id });
        if from.employee == one.wish.employee {
            return Err(refuse("handover.same-employee"));
        }
        let taken = boards.get_mut(&one.unit).and_then(|board| board.release(from.id));
        taken.ok_or_else(|| refuse("assignment.ended"))?;
    }
    Ok(())
}

/// Decides one after the other, each with those before it.
pub fn decide(
    boards: &mut BTreeMap<UnitId, Board>,
    asked: &Asked,
) -> Result<Assigned, CaseloadRefusal> {
    let employee_id = asked.wish.employee;
    let board =
        boards.get_mut(&asked.unit).ok_or(CaseloadRefusal::NotInFunction { employee_id })?;
    board.assign(&asked.wish)
}

/// Assigns all of them, or none: those who get and lose a case are locked, then counted (CL-4). Gives the new
/// assignments in their order.
pub async fn assign_all(
    tx: &mut Tx,
    actor: &Actor,
    asked: &[Asked],
    reason: &str,
) -> Result<Vec<AssignmentId>, ApiError> {
    for one in asked {
        ensure_may_exceed(actor, one.unit, &one.wish)?;
    }
    let gives = asked.iter().filter_map(|one| one.from.as_ref().map(|from| from.employee));
    let locked: Vec<EmployeeId> = asked.iter().map(|one| one.wish.employee).chain(gives).collect();
    tx.lock_employees(&locked).await?;
    let people: Vec<YoungPersonId> = asked.iter().map(|one| one.wish.young_person).collect();
    tx.lock_young_people(&people).await?;
    let mut boards = boards(tx, asked.iter().map(|one| (one.unit, one.wish.young_person))).await?;
    release(&mut boards, asked)?;
    let decided: Vec<Assigned> =
        asked.iter().map(|one| decide(&mut boards, one)).collect::<Result<_, _>>()?;
    for one in asked {
        if let Some(from) = &one.from {
            tx.end_assignment(&one.permit, from, reason).await?;
        }
    }
    let mut made = Vec::with_capacity(asked.len());
    for (one, assigned) in asked.iter().zip(&decided) {
        made.push(write(tx, one, assigned, reason).await?);
    }
    for one in asked {
        if let Some(from) = &one.from {
            tx.end_access(from.id.0, tx.now()).await?;
        }
    }
    if asked.iter().any(|one| one.from.is_some()) {
        pass_coordination(tx, actor, asked, &boards).await?;
    }
    Ok(made)
}

async fn write(
    tx: &mut Tx,
    one: &Asked,
    assigned: &Assigned,
    reason: &str,
) -> Result<AssignmentId, ApiError> {
    let id = tx.assign(&one.permit, one.unit, &one.wish, assigned, &one.particulars).await?;
    let (kind, from) = match &one.from {
        Some(from) => (EventKind::AssignmentHandedOver, Some((from, reason))),
        None => (EventKind::AssignmentMade, None),
    };
    let payload = json!({
        "employeeId": one.wish.employee, "unitId": one.unit, "function": one.wish.function,
        "plannedEnd": one.particulars.planned_end, "exception": assigned.exception,
        "fromAssignmentId": from.map(|(from, _)| from.id), "fromEmployeeId": from.map(|(from, _)| from.employee),
        "reason": from.map(|(_, reason)| reason),
    });
    tx.record(&one.permit, Change { subject: &id, kind, payload: &payload }).await?;
    let (young_person, function) = (one.wish.young_person, one.wish.function);
    if let Some(entry) = tx.leave_intake(&one.permit, young_person, one.unit, function).await? {
        let payload = json!({ "assignmentId": id });
        let change = Change { subject: &entry, kind: EventKind::IntakeLeft, payload: &payload };
        tx.record(&one.permit, change).await?;
    }
    Ok(id)
}

/// Whoever takes a case over from the one who coordinates the plan coordinates it, where their role may and the
/// other keeps no part of the case: the plan's open tasks are theirs by that (CL-8, PL-2). Of several receivers it
/// is the one in the first function.
async fn pass_coordination(
    tx: &mut Tx,
    actor: &Actor,
    asked: &[Asked],
    boards: &BTreeMap<UnitId, Board>,
) -> Result<(), ApiError> {
    let mut moves: BTreeMap<(YoungPersonId, EmployeeId), (Function, EmployeeId)> = BTreeMap::new();
    for one in asked {
        let (whose, to) = (one.wish.young_person, one.wish.employee);
        let Some(from) = &one.from else { continue };
        let keeps = boards.get(&one.unit).is_some_and(|board| board.has_part(whose, from.employee));
        let first =
            moves.get(&(whose, from.employee)).is_none_or(|held| one.wish.function < held.0);
        if !keeps && first {
            moves.insert((whose, from.employee), (one.wish.function, to));
        }
    }
    let people: Vec<YoungPersonId> = moves.keys().map(|(whose, _)| *whose).collect();
    let receivers: Vec<EmployeeId> = moves.values().map(|(_, to)| *to).collect();
    let plans = tx.coordinated_plans(&people).await?;
    let roles = tx.held_roles_of(&receivers).await?;
    for (plan, young_person, coordinator) in plans {
        let Some(from) = coordinator else { continue };
        let Some((_, to)) = moves.get(&(young_person, from)) else { continue };
        if roles.get(to).is_some_and(|held| held.iter().any(HeldRole::may_coordinate)) {
            coordinate(tx, actor, plan, from, *to).await?;
        }
    }
    Ok(())
}

/// Passes the coordination of a plan on, where it is open and still coordinated by the one who had it.
async fn coordinate(
    tx: &mut Tx,
    actor: &Actor,
    plan: PlanId,
    from: EmployeeId,
    to: EmployeeId,
) -> Result<(), ApiError> {
    let Some(plan) = tx.lock_plan(plan).await? else { return Ok(()) };
    if plan.ensure_open().is_err() || tx.coordinator(plan.id).await? != Some(from) {
        return Ok(());
    }
    let case = tx.case_of(plan.young_person).await?.at(Row::new(InformationArea::Plan));
    let permit = authorize::<AmendPlan>(actor, Scope::Case(&case))?;
    tx.set_coordinator(&permit, &plan, to).await?;
    tx.task_done(TaskKind::HandOver, plan.id.0).await?;
    let plan = tx.touch_plan(&permit, plan).await?;
    let (kind, payload) = (EventKind::PlanCoordinatorSet, json!({ "coordinatorId": to }));
    tx.record(&permit, Change { subject: &plan.id, kind, payload: &payload }).await?;
    Ok(())
}

/// Where an assignment is found.
pub fn location(id: AssignmentId) -> String {
    format!("/api/v1/assignments/{}", Uuid::from(id))
}
