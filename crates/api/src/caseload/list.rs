use super::AssignmentView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadAssignments;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who has and had a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assignments {
    items: Vec<AssignmentView>,
}

/// List a young person's assignments
///
/// Who has and had the case, the latest first.
#[utoipa::path(
    operation_id = "listAssignments",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The assignments", body = Assignments), ReadProblems),
)]
#[get("/young-people/{id}/assignments")]
pub async fn list_assignments(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Assignments>, ApiError> {
    edge.read(&caller, "listAssignments", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<ReadAssignments>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let rows = tx.assignments_of(case.young_person).await?;
        Ok(Json(Assignments { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
