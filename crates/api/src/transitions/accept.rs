use super::{TransitionNeedView, settled, step};
use crate::body::OptionalBody;
use crate::caller::Caller;
use crate::caseload::ExceptionBody;
use crate::caseload::assigning::ensure_may_exceed;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::plans::step::join_as_receiver;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::{AcceptResponsibility, Action as _, Relation, allows};
use domain::access::{Actor, HeldRole, Permit};
use domain::calendar::day_of;
use domain::caseload::{Exception, Wish};
use domain::ids::{EmployeeId, UnitId, YoungPersonId};
use domain::responsibility::{Agreement, ResponsibilityRefusal};
use domain::timeline::EventKind;
use persistence::transitions::AgreementRow;
use persistence::{Change, Tx};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// The conditions of the acceptance.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptNeedBody {
    /// An exception to the norm by the unit's leader, if the employee who is to coordinate has no room on that day. Its
    /// last day is at most 90 days after the first day of coordination.
    #[serde(default)]
    #[schema(required = false)]
    exception: Option<ExceptionBody>,
}

/// Accept the coordination
///
/// The receiving unit accepts. The coordination transfers on the agreed day, once the meeting is held and the agreed
/// actions are done; at once, if this acceptance was the last condition. Room is reserved for the employee who is to
/// coordinate. On that day the case is assigned to that employee.
#[utoipa::path(
    operation_id = "acceptTransitionNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = Option<AcceptNeedBody>,
    responses((status = 200, description = "As it is now", body = TransitionNeedView), CommandProblems, VersionProblems),
)]
#[post("/transition-needs/{id}/accept")]
pub async fn accept_transition_need(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: OptionalBody<AcceptNeedBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "acceptTransitionNeed", Some(*id), &body.raw, async |tx| {
        let (permit, row) = step::<AcceptResponsibility>(tx, *id, Some(&if_match)).await?;
        let open = tx.open_agreement(row.young_person_id.into()).await?;
        let agreed = open
            .filter(|agreed| agreed.need_id == row.id)
            .ok_or(ResponsibilityRefusal::NothingAgreed {})?;
        let actor = tx.actor().await?;
        let receives = |role: &HeldRole| {
            let allowed =
                allows(role.department, role.role, Relation::Works, AcceptResponsibility::KIND);
            role.unit.0 == agreed.receiving_unit_id && allowed
        };
        if !actor.roles.iter().any(receives) {
            return Err(ResponsibilityRefusal::NotTheReceiver {}.into());
        }
        let accepted = Agreement::from(&agreed).accept(tx.now())?;
        let exception = body.value.exception.map(Into::into);
        let exception = reserve(tx, &actor, &agreed, exception).await?;
        tx.accept_agreement(&permit, &agreed, &accepted, exception.as_ref()).await?;
        tx.touch_need(&permit, &row).await?;
        let change = Change {
            subject: &agreed.id,
            kind: EventKind::ResponsibilityAccepted,
            payload: &json!({ "needId": row.id, "exception": exception }),
        };
        tx.record(&permit, change).await?;
        take_part(tx, &permit, &agreed).await?;
        settled(tx, &permit, &row).await
    })
    .await
}

/// PL-17: does the employee who is to coordinate have room on the first day of coordination? Returns the
/// exception if there is no room.
async fn reserve(
    tx: &mut Tx,
    actor: &Actor,
    agreed: &AgreementRow,
    exception: Option<Exception>,
) -> Result<Option<Exception>, ApiError> {
    let (young_person, unit) =
        (YoungPersonId(agreed.young_person_id), UnitId(agreed.receiving_unit_id));
    let Some(employee) = agreed.coordinator_id.map(EmployeeId) else { return Ok(None) };
    let Some(function) = tx.coordinates_as(employee, unit).await? else { return Ok(None) };
    let on = agreed.coordinates_from.max(day_of(tx.now()));
    let mut board = tx.board_on(unit, on, &[young_person]).await?;
    if board.has_case(young_person, function) == Some(employee) {
        return Ok(None);
    }
    // A colleague who has the case hands it over on that day.
    if let Some(before) = board.assignment(young_person, function) {
        board.release(before);
    }
    let wish = Wish { young_person, employee, function, exception };
    ensure_may_exceed(actor, unit, &wish)?;
    Ok(board.assign(&wish)?.exception)
}

/// Whoever is to coordinate takes part in the plan, where there is an open one.
async fn take_part(
    tx: &mut Tx,
    permit: &Permit<AcceptResponsibility>,
    agreed: &AgreementRow,
) -> Result<(), ApiError> {
    let Some(plan) = tx.lock_open_plan_of(agreed.young_person_id.into()).await? else {
        return Ok(());
    };
    let receiver = agreed.receiving_unit_id.into();
    if !tx.takes_part(plan.id, receiver).await? {
        let who = agreed.coordinator_id.map_or(permit.employee(), EmployeeId);
        join_as_receiver(tx, permit, &plan, receiver, who).await?;
    }
    Ok(())
}
