use super::IntakeEntryView;
use super::assigning::{assigns_in, ensure_own};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::Refusal;
use domain::access::policy::AssignCase;
use domain::access::{Scope, authorize};
use domain::ids::{AssignmentId, IntakeEntryId};
use domain::timeline::EventKind;
use persistence::Change;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why they are wanted there no longer.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawFromIntakeBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// It has left the intake already.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("the entry has left the intake")]
struct Left {}

impl Refusal for Left {
    fn code(&self) -> &'static str {
        "intake.left"
    }
}

/// Take a case out of a unit's intake
///
/// Without assigning it; by the unit in whose intake it lies, or the one that put it there. The access that lying there
/// gave the unit ends, with what the unit gave itself by it: its assignments and other intake entries.
#[utoipa::path(
    operation_id = "withdrawFromIntake",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The entry"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = WithdrawFromIntakeBody,
    responses((status = 200, description = "Taken out", body = IntakeEntryView), CommandProblems, VersionProblems),
)]
#[post("/intake-entries/{id}/withdraw")]
pub async fn withdraw_from_intake(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<WithdrawFromIntakeBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "withdrawFromIntake", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let (case, found) = tx.intake_entry((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<AssignCase>(&actor, Scope::Case(&case))?;
        if_match.check(found.version)?;
        tx.lock_young_people(&[case.young_person]).await?;
        if !assigns_in(&actor, found.unit_id.into()) {
            ensure_own(&actor, found.writing_unit_id.into())?;
        }
        if found.left_at.is_some() {
            return Err(ApiError::refused(&Left {}));
        }
        let (row, ended) = tx.withdraw_from_intake(&permit, &found, &body.value.reason).await?;
        let (kind, payload) = (EventKind::IntakeLeft, &body.value);
        tx.record(&permit, Change { subject: &row.id, kind, payload }).await?;
        for id in ended.intake_entries.into_iter().map(IntakeEntryId) {
            tx.record(&permit, Change { subject: &id, kind, payload }).await?;
        }
        for id in ended.assignments.into_iter().map(AssignmentId) {
            let kind = EventKind::AssignmentEnded;
            tx.record(&permit, Change { subject: &id, kind, payload }).await?;
        }
        changed(row.version, Some(case.young_person), &IntakeEntryView::from(row))
    })
    .await
}
