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

/// End an employment
///
/// For good, with all roles, and only when no case is left: the sign-in can always be stopped at once, and the cases
/// then handed over from the units' intake.
#[utoipa::path(
    operation_id = "endEmployment",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "Ended", body = EmployeeView), CommandProblems, VersionProblems),
)]
#[post("/employees/{id}/end-employment")]
pub async fn end_employment(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endEmployment", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = other_employee(tx, actor.employee, *id).await?;
        if_match.check(employee.version)?;
        tx.end_employment(&permit, &employee).await?;
        let change = Change {
            subject: &id,
            kind: EventKind::EmploymentEnded,
            payload: &json!({ "username": employee.username }),
        };
        tx.record(&permit, change).await?;
        let view = view(tx, *id).await?;
        changed(view.version, None, &view)
    })
    .await
}
