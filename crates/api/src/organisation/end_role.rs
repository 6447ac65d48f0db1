use super::{EmployeeView, other_employee, view};
use crate::caller::Caller;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ManageEmployees;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde_json::json;
use uuid::Uuid;

/// End a role
///
/// It counts no more at the employee's next request, whatever token that bears.
#[utoipa::path(
    operation_id = "endRole",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee"), ("role_id" = Uuid, Path, description = "The role")),
    responses((status = 200, description = "The employee without it", body = EmployeeView), CommandProblems),
)]
#[post("/employees/{id}/roles/{role_id}/end")]
pub async fn end_role(
    caller: Caller,
    edge: Data<Edge>,
    path: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, ApiError> {
    let (id, role) = path.into_inner();
    edge.command(&caller, "endRole", Some(id), &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = other_employee(tx, actor.employee, id).await?;
        if !tx.end_role(&permit, employee.id.into(), role).await? {
            return Err(ApiError::NotFound);
        }
        let change = Change {
            subject: &role,
            kind: EventKind::EmployeeRoleEnded,
            payload: &json!({ "employeeId": id }),
        };
        tx.record(&permit, change).await?;
        let view = view(tx, id).await?;
        changed(employee.version, None, &view)
    })
    .await
}
