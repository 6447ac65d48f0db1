use super::{Stopped, other_employee, propose};
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::rights::RightsRequestView;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ManageEmployees;
use domain::access::{Scope, authorize};
use domain::rights::Asked;
use uuid::Uuid;

/// Propose a new pass phrase for an employee
///
/// Another person confirms it and receives a one-time pass phrase for the employee. The old pass phrase and all sessions
/// end only then. To end them at once, stop the sign-in. No new pass phrase is proposed while the sign-in is stopped.
#[utoipa::path(
    operation_id = "resetPassword",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee")),
    responses((status = 201, description = "The proposed request", body = RightsRequestView), CommandProblems),
)]
#[post("/employees/{id}/reset-password")]
pub async fn reset_password(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "resetPassword", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = other_employee(tx, actor.employee, *id).await?;
        if employee.deactivated_at.is_some() {
            return Err(ApiError::refused(&Stopped {}));
        }
        let request = propose(tx, &permit, employee.id.into(), Asked::PassPhrase).await?;
        let row = tx.rights_request(request).await?.ok_or(ApiError::NotFound)?;
        let location = format!("/api/v1/rights-requests/{request}");
        created(row.version, location, None, &RightsRequestView::from(row))
    })
    .await
}
