use super::{EmployeeView, other_employee, view};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ManageEmployees;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde_json::json;
use uuid::Uuid;

/// Stop a sign-in
///
/// Takes effect at once: the employee's next request is refused, whatever token it has. The sign-in of the last
/// administrator cannot be stopped. The employee's sessions, the calendar's secret and an unused one-time pass phrase
/// end permanently. Requests for rights by or for the employee lapse. The employee's cases are in the units' intake
/// queues until they are handed over.
#[utoipa::path(
    operation_id = "deactivateEmployee",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "Stopped", body = EmployeeView), CommandProblems, VersionProblems),
)]
#[post("/employees/{id}/deactivate")]
pub async fn deactivate_employee(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "deactivateEmployee", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = other_employee(tx, actor.employee, *id).await?;
        if_match.check(employee.version)?;
        tx.deactivate(&permit, &employee).await?;
        let change = Change {
            subject: &id,
            kind: EventKind::EmployeeDeactivated,
            payload: &json!({ "username": employee.username }),
        };
        tx.record(&permit, change).await?;
        let view = view(tx, *id).await?;
        changed(view.version, None, &view)
    })
    .await
}
