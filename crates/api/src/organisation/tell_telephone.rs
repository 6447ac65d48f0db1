use super::{EmployeeView, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::ManageEmployees;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TelephoneBody {
    /// Null: there is none.
    #[schema(schema_with = schema::optional_line::<40>)]
    telephone: Option<String>,
}

/// Tell where an employee is reached
///
/// The number at work. Within a contact the hotline is told it of who has a young person's case (HL-5).
#[utoipa::path(
    operation_id = "tellTelephone",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = TelephoneBody,
    responses((status = 200, description = "Told", body = EmployeeView), CommandProblems, VersionProblems),
)]
#[put("/employees/{id}/telephone")]
pub async fn tell_telephone(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<TelephoneBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellTelephone", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ManageEmployees>(&actor, Scope::Nothing)?;
        let employee = tx.employee((*id).into()).await?.ok_or(ApiError::NotFound)?;
        if_match.check(employee.version)?;
        tx.tell_telephone(&permit, &employee, body.value.telephone.as_deref()).await?;
        let change = Change {
            subject: &id,
            kind: EventKind::EmployeeTelephoneTold,
            payload: &json!({ "username": employee.username }),
        };
        tx.record(&permit, change).await?;
        let view = view(tx, *id).await?;
        changed(view.version, None, &view)
    })
    .await
}
