use super::warnings::{ClashView, Found, Telling};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::language::Language;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What clashes in a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanClashes {
    /// The interventions that the caller sees and that clash with something, oldest first.
    items: Vec<ClashingView>,
}

/// An intervention, and what clashes with it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClashingView {
    intervention_id: Uuid,
    title: String,
    clashes: Vec<ClashView>,
}

/// List what clashes in a plan
///
/// Of each intervention that runs in it and that the caller sees, across departments. Of what they do
/// not see, only that something else is planned at the same hours.
#[utoipa::path(
    operation_id = "listClashes",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "What clashes", body = PlanClashes), ReadProblems),
)]
#[get("/plans/{id}/clashes")]
pub async fn list_clashes(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    language: Language,
) -> Result<Json<PlanClashes>, ApiError> {
    let items = edge
        .read(&caller, "listClashes", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let titles = tx.titles_in((*id).into()).await?;
            let found = Found::of(tx, &case, |one| titles.contains_key(&one.id)).await?;
            let told = Telling { case: &case, language }.tell(tx, &found).await?;
            let items = told.into_iter().filter(|(_, clashes)| !clashes.is_empty());
            Ok(items
                .filter_map(|(id, clashes)| {
                    let title = titles.get(&id)?.clone();
                    Some(ClashingView { intervention_id: id.0, title, clashes })
                })
                .collect())
        })
        .await?;
    Ok(Json(PlanClashes { items }))
}
