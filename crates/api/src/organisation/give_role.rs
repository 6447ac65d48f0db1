use super::{EmployeeView, other_employee, propose, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::{ManageEmployees, roles_in};
use domain::access::{Scope, authorize};
use domain::organisation::Role;
use domain::rights::Asked;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A role to propose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleBody {
    #[schema(schema_with = schema::code::<Role>)]
    role: Role,
    unit_id: Uuid,
}

/// Propose a role in a unit for an employee
///
/// The role is `pending` until another person has confirmed it: another administrator, or the leader of the unit or of
/// a unit above. Only then is it in `roles`. A caller cannot propose a role for themselves. The role must be one that the
/// unit's department has.
#[utoipa::path(
    operation_id = "giveRole",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee")),
    request_body = RoleBody,
    responses((status = 201, description = "The employee, with the pending requests for rights", body = EmployeeView), CommandProblems),
)]
#[post("/employees/{id}/roles")]
pub async fn give_role(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<RoleBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "giveRole", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = other_employee(tx, actor.employee, *id).await?;
        let unit = tx.unit(new.unit_id.into()).await?;
        let unknown = || ApiError::field("/unitId", Fault::UnitUnknown);
        let department = unit.and_then(|unit| unit.department.parse().ok()).ok_or_else(unknown)?;
        let roles = roles_in(department);
        if !roles.contains(&new.role) {
            let names: Vec<&str> = roles.into_iter().map(Into::into).collect();
            return Err(ApiError::field("/role", Fault::Enumeration(names.join(", "))));
        }
        let asked = Asked::Role(new.role, new.unit_id.into());
        propose(tx, &permit, employee.id.into(), asked).await?;
        let view = view(tx, *id).await?;
        created(employee.version, format!("/api/v1/employees/{id}"), None, &view)
    })
    .await
}
