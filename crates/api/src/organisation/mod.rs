//! Units, employees and their roles. One file per operation.

pub mod deactivate;
pub mod employ;
pub mod end_employment;
pub mod end_role;
pub mod give_role;
pub mod list_employees;
pub mod list_units;
pub mod reactivate;
pub mod reset_password;
pub mod tell_telephone;

use crate::problem::ApiError;
use crate::rights::RightsRequestView;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::Refusal;
use domain::access::Permit;
use domain::access::policy::ManageEmployees;
use domain::ids::{EmployeeId, RightsRequestId};
use domain::organisation::Role;
use domain::rights::Asked;
use domain::timeline::EventKind;
use persistence::organisation::{EmployeeRow, RoleRow};
use persistence::rights::RightsRow;
use persistence::{Change, Tx};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who signs in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmployeeView {
    id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    /// Where they are reached at work.
    telephone: Option<String>,
    /// The first day; null: long before.
    employed_on: Option<NaiveDate>,
    /// Since when the sign-in is stopped.
    deactivated_at: Option<DateTime<Utc>>,
    /// When the employment ended.
    employment_ended_at: Option<DateTime<Utc>>,
    /// The roles held now.
    roles: Vec<RoleView>,
    /// The proposed roles and pass phrases that another person has not yet confirmed.
    pending: Vec<RightsRequestView>,
    version: i64,
}

/// A role held in a unit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    id: Uuid,
    #[schema(schema_with = schema::code::<Role>)]
    role: String,
    unit_id: Uuid,
    since: DateTime<Utc>,
}

impl EmployeeView {
    fn new(employee: EmployeeRow, roles: Vec<RoleRow>, pending: Vec<RightsRow>) -> Self {
        Self {
            id: employee.id,
            username: employee.username,
            given_name: employee.given_name,
            family_name: employee.family_name,
            telephone: employee.telephone,
            employed_on: employee.employed_on,
            deactivated_at: employee.deactivated_at,
            employment_ended_at: employee.employment_ended_at,
            roles: roles
                .into_iter()
                .map(|role| RoleView {
                    id: role.id,
                    role: role.role,
                    unit_id: role.unit_id,
                    since: role.valid_from,
                })
                .collect(),
            pending: pending.into_iter().map(Into::into).collect(),
            version: employee.version,
        }
    }
}

/// Nobody changes their own rights (A8).
#[derive(Debug, Serialize, thiserror::Error)]
#[error("nobody changes their own rights")]
struct OwnRights {}

impl Refusal for OwnRights {
    fn code(&self) -> &'static str {
        "employee.own-rights"
    }
}

/// An employee whose sign-in is stopped gets no pass phrase.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("the employee's sign-in is stopped")]
struct Stopped {}

impl Refusal for Stopped {
    fn code(&self) -> &'static str {
        "employee.stopped"
    }
}

/// Somebody other than the caller, as they are now.
async fn other_employee(
    tx: &mut Tx,
    caller: EmployeeId,
    id: Uuid,
) -> Result<EmployeeRow, ApiError> {
    if caller.0 == id {
        return Err(ApiError::refused(&OwnRights {}));
    }
    tx.employee(id.into()).await?.ok_or(ApiError::NotFound)
}

/// An employee with the roles held now.
async fn view(tx: &mut Tx, id: Uuid) -> Result<EmployeeView, ApiError> {
    let employee = tx.employee(id.into()).await?.ok_or(ApiError::NotFound)?;
    let roles = tx.roles_of(&[id]).await?;
    let pending = tx.pending_rights_of(&[id]).await?;
    Ok(EmployeeView::new(employee, roles, pending))
}

/// Proposes a role or a pass phrase, which another person confirms (OR-3).
async fn propose(
    tx: &mut Tx,
    permit: &Permit<ManageEmployees>,
    whom: EmployeeId,
    asked: Asked,
) -> Result<RightsRequestId, ApiError> {
    let request = tx.propose_rights(permit, whom, asked).await?;
    let (kind, payload) = match asked {
        Asked::Role(role, unit) => {
            (EventKind::RoleProposed, json!({ "employeeId": whom, "role": role, "unitId": unit }))
        }
        Asked::PassPhrase => (EventKind::PassPhraseProposed, json!({ "employeeId": whom })),
    };
    tx.record(permit, Change { subject: &request, kind, payload: &payload }).await?;
    Ok(request)
}
