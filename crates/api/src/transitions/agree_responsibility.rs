use super::{TransitionNeedView, settled, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::Permit;
use domain::access::families::ChangesTransition;
use domain::access::policy::SettleNeed;
use domain::ids::{EmployeeId, UnitId};
use domain::responsibility::Agreement;
use domain::timeline::EventKind;
use domain::transitions::TransitionNeed;
use persistence::transitions::{AgreementRow, NeedRow};
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who receives, and from when.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementBody {
    /// An operational unit of B&U, J&V or UU.
    pub unit_id: Uuid,
    /// Who of them coordinates the plan then.
    #[serde(default)]
    pub coordinator_id: Option<Uuid>,
    /// From when on they help.
    pub supports_from: Day,
    /// From when on they coordinate.
    pub coordinates_from: Day,
}

/// Agree that the coordination passes
///
/// Of a need that is met about, also before or after its meeting. What was agreed before and not accepted is replaced. The
/// receiving unit sees the young person from now on, and is asked to accept.
#[utoipa::path(
    operation_id = "agreeResponsibility",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = AgreementBody,
    responses((status = 200, description = "As it is now", body = TransitionNeedView), CommandProblems, VersionProblems),
)]
#[post("/transition-needs/{id}/agree")]
pub async fn agree_responsibility(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<AgreementBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "agreeResponsibility", Some(*id), &body.raw, async |tx| {
        tx.may_check().await?;
        let (permit, row) = step::<SettleNeed>(tx, *id, Some(&if_match)).await?;
        TransitionNeed::try_from(&row)?.ensure_met_about()?;
        if let Some(before) = tx.open_agreement(row.young_person_id.into()).await? {
            Agreement::from(&before).replace()?;
        }
        match agree(tx, &permit, &row, &body.value, "").await? {
            Some(agreement) => {
                let receiver = (UnitId(body.value.unit_id), agreement);
                tx.open_to_agreed(&permit, row.young_person_id.into(), receiver).await?;
                tx.touch_need(&permit, &row).await?;
            }
            None => tx.acted_as(&permit),
        }
        settled(tx, &permit, &row).await
    })
    .await
}

/// Stores what was agreed of a need, here or at its meeting: `pointer` is where it stands in the body. It replaces what
/// was agreed before; an identical agreement is kept, whether it is accepted or not. Returns the new agreement; `None`
/// if it was identical and nothing changed.
pub async fn agree<A: ChangesTransition>(
    tx: &mut Tx,
    permit: &Permit<A>,
    need: &NeedRow,
    asked: &AgreementBody,
    pointer: &str,
) -> Result<Option<Uuid>, ApiError> {
    let (whose, receiver) = (need.young_person_id.into(), UnitId(asked.unit_id));
    let agreed = Agreement::new(asked.supports_from.date(), asked.coordinates_from.date())?;
    let coordinator = asked.coordinator_id.map(EmployeeId);
    if let Some(who) = coordinator {
        let held = tx.held_roles(who).await?;
        let may = held.iter().any(|role| role.unit == receiver && role.may_coordinate());
        if !may || !tx.works_in(who, receiver).await? {
            let pointer = format!("{pointer}/coordinatorId");
            return Err(ApiError::field(&pointer, Fault::EmployeeNotInUnit));
        }
    }
    if let Some(before) = tx.open_agreement(whose).await? {
        let same = (before.need_id, before.receiving_unit_id, before.coordinator_id)
            == (need.id, asked.unit_id, asked.coordinator_id)
            && (before.supports_from, before.coordinates_from)
                == (agreed.supports_from, agreed.coordinates_from);
        if same {
            return Ok(None);
        }
        withdraw(tx, permit, &before).await?;
    }
    let id = tx
        .agree_responsibility(permit, (need.id.into(), whose), (receiver, coordinator), &agreed)
        .await?;
    let kind = EventKind::ResponsibilityAgreed;
    tx.record(permit, Change { subject: &id, kind, payload: asked }).await?;
    Ok(Some(id))
}

/// What was agreed holds no more.
pub async fn withdraw<A: ChangesTransition>(
    tx: &mut Tx,
    permit: &Permit<A>,
    before: &AgreementRow,
) -> Result<(), ApiError> {
    tx.replace_agreement(permit, before).await?;
    let change = Change {
        subject: &before.id,
        kind: EventKind::ResponsibilityReplaced,
        payload: &json!({ "needId": before.need_id }),
    };
    tx.record(permit, change).await?;
    Ok(())
}
