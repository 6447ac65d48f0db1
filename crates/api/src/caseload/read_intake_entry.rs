use super::IntakeEntryView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadAssignments;
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Read a place in a unit's intake
#[utoipa::path(
    operation_id = "readIntakeEntry",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The entry")),
    responses((status = 200, description = "The entry", body = IntakeEntryView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/intake-entries/{id}")]
pub async fn read_intake_entry(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let row = edge
        .read(&caller, "readIntakeEntry", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let (case, row) = tx.intake_entry((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadAssignments>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok(row)
        })
        .await?;
    answer_with_version(&request, row.version, &IntakeEntryView::from(row))
}
