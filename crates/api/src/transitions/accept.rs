use super::{TransitionNeedView, settled, step};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::plans::step::join_as_receiver;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::{AcceptResponsibility, Action as _, Relation, allows};
use domain::access::{HeldRole, Permit};
use domain::ids::EmployeeId;
use domain::responsibility::{Agreement, ResponsibilityRefusal};
use domain::timeline::EventKind;
use persistence::transitions::AgreementRow;
use persistence::{Change, Tx};
use serde_json::json;
use uuid::Uuid;

/// Accept the coordination
///
/// By the unit that receives. It passes on the agreed day, once the meeting is held and what was agreed there is done; at
/// once, where the last of it was this.
#[utoipa::path(
    operation_id = "acceptTransitionNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "As it is now", body = TransitionNeedView), CommandProblems, VersionProblems),
)]
#[post("/transition-needs/{id}/accept")]
pub async fn accept_transition_need(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "acceptTransitionNeed", Some(*id), &[], async |tx| {
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
        tx.accept_agreement(&permit, &agreed, &accepted).await?;
        tx.touch_need(&permit, &row).await?;
        let change = Change {
            subject: &agreed.id,
            kind: EventKind::ResponsibilityAccepted,
            payload: &json!({ "needId": row.id }),
        };
        tx.record(&permit, change).await?;
        take_part(tx, &permit, &agreed).await?;
        settled(tx, &permit, &row).await
    })
    .await
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
