use super::AssessmentView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadBenefits;
use domain::access::{Scope, authorize};
use persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Assessments of readiness, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assessments {
    items: Vec<AssessmentView>,
}

/// List assessments of readiness
///
/// For benefits and for education, each with date and assessor, the latest first.
#[utoipa::path(
    operation_id = "listReadiness",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The assessments", body = Assessments), ReadProblems),
)]
#[get("/young-people/{id}/readiness")]
pub async fn list_readiness(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Assessments>, ApiError> {
    let rows = edge
        .read(&caller, "listReadiness", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadBenefits>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok(tx.readiness_assessments(case.young_person).await?)
        })
        .await?;
    let items: Result<_, StoreError> = rows.into_iter().map(TryInto::try_into).collect();
    Ok(Json(Assessments { items: items? }))
}
