use super::AssignmentView;
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

/// Read an assignment
#[utoipa::path(
    operation_id = "readAssignment",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The assignment")),
    responses((status = 200, description = "The assignment", body = AssignmentView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/assignments/{id}")]
pub async fn read_assignment(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let file = edge
        .read(&caller, "readAssignment", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let (case, found) = tx.assignment((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadAssignments>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            tx.assignment_file(found.id).await?.ok_or(ApiError::NotFound)
        })
        .await?;
    answer_with_version(&request, file.version, &AssignmentView::from(file))
}
