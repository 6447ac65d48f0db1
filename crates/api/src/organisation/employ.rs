use super::{EmployeeView, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::ManageEmployees;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::rights::Asked;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::organisation::NewEmployee;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// Somebody to employ.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmployBody {
    /// The name to sign in with: a-z, 0-9, dot, hyphen, underscore.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9][a-z0-9._-]*$")]
    username: String,
    #[schema(schema_with = schema::name::<100>)]
    given_name: String,
    #[schema(schema_with = schema::name::<100>)]
    family_name: String,
    /// Where they are reached at work.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<40>, required = false)]
    telephone: Option<String>,
    /// The first day; today where nothing is told. A new employee's caseload rises from it (CL-5).
    employed_on: Option<Day>,
}

/// Employ somebody
///
/// The operation also proposes a one-time pass phrase (`pending`). The employee can sign in after another person has
/// confirmed it. No other action is allowed until the employee has changed the pass phrase and holds a role.
#[utoipa::path(
    operation_id = "employ",
    tag = "organisation",
    security(("bearer" = [])),
    request_body = EmployBody,
    responses((status = 201, description = "Employed", body = EmployeeView), CommandProblems),
)]
#[post("/employees")]
pub async fn employ(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<EmployBody>,
) -> Result<HttpResponse, ApiError> {
    let new = body.value;
    edge.command(&caller, "employ", None, &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = NewEmployee {
            username: new.username,
            given_name: new.given_name,
            family_name: new.family_name,
            telephone: new.telephone,
            employed_on: Some(new.employed_on.map_or_else(|| day_of(tx.now()), Day::date)),
            roles: Vec::new(),
        };
        let id = tx.employ(&permit, &employee).await?;
        let request = tx.propose_rights(&permit, id, Asked::PassPhrase).await?;
        let change = Change {
            subject: &id,
            kind: EventKind::EmployeeEmployed,
            payload: &json!({
                "username": employee.username, "employedOn": employee.employed_on, "rightsRequestId": request,
            }),
        };
        tx.record(&permit, change).await?;
        let view = view(tx, id.0).await?;
        created(1, format!("/api/v1/employees/{id}"), None, &view)
    })
    .await
}
