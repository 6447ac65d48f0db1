use super::units::{TermsView, known_employee};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Terms, the last agreed first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsList {
    items: Vec<TermsView>,
}

/// List an employee's caseload terms
///
/// What was agreed with them, the last first: one's own, and those of the units one leads. Of others, none.
#[utoipa::path(
    operation_id = "listCaseloadTerms",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee")),
    responses((status = 200, description = "The terms", body = TermsList), ReadProblems),
)]
#[get("/employees/{id}/caseload-terms")]
pub async fn list_caseload_terms(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<TermsList>, ApiError> {
    let rows = edge
        .read(&caller, "listCaseloadTerms", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let employee = known_employee(tx, *id).await?;
            Ok::<_, ApiError>(tx.terms_of(employee).await?)
        })
        .await?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<_, StoreError>>()?;
    Ok(Json(TermsList { items }))
}
