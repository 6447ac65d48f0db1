use super::{FollowUpView, known_follow_ups};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadFollowUps;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// States six months after, the latest leaving first.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUps {
    items: Vec<FollowUpView>,
}

/// List the states six months after
///
/// Each day on which group 1, 2 or 3 was left, and each closing of a plan, with when the state is due and
/// what was taken.
#[utoipa::path(
    operation_id = "listFollowUps",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "Due and taken", body = FollowUps), ReadProblems),
)]
#[get("/young-people/{id}/follow-ups")]
pub async fn list_follow_ups(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<FollowUps>, ApiError> {
    let known = edge
        .read(&caller, "listFollowUps", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadFollowUps>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let person = tx.young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
            known_follow_ups(tx, &person).await
        })
        .await?;
    Ok(Json(FollowUps { items: known.into_iter().map(Into::into).collect() }))
}
