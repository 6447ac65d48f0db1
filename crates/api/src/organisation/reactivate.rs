use super::{EmployeeView, other_employee, view};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::Refusal;
use domain::access::policy::ManageEmployees;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// There is nothing to open.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("the sign-in is not stopped")]
struct NotStopped {}

impl Refusal for NotStopped {
    fn code(&self) -> &'static str {
        "employee.not-stopped"
    }
}

/// Open a sign-in again
///
/// The cases that lay in the units' intake are the employee's again, within the limit: more than there is room for are
/// handed over first. No earlier session or secret is restored, and no pass phrase either: propose a new
/// one, which another person confirms (OR-3).
#[utoipa::path(
    operation_id = "reactivateEmployee",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "Open again", body = EmployeeView), CommandProblems, VersionProblems),
)]
#[post("/employees/{id}/reactivate")]
pub async fn reactivate_employee(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "reactivateEmployee", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = other_employee(tx, actor.employee, *id).await?;
        if_match.check(employee.version)?;
        if employee.deactivated_at.is_none() {
            return Err(ApiError::refused(&NotStopped {}));
        }
        tx.reactivate(&permit, &employee).await?;
        let change = Change {
            subject: &id,
            kind: EventKind::EmployeeReactivated,
            payload: &json!({ "username": employee.username }),
        };
        tx.record(&permit, change).await?;
        let view = view(tx, *id).await?;
        changed(view.version, None, &view)
    })
    .await
}
