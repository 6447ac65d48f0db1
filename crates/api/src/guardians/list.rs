use super::GuardianView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadGuardians;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Guardians, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Guardians {
    items: Vec<GuardianView>,
}

/// List guardians
///
/// Those of now and of before, the latest first. Of one who is 18 none is current.
#[utoipa::path(
    operation_id = "listGuardians",
    tag = "guardians",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The guardians", body = Guardians), ReadProblems),
)]
#[get("/young-people/{id}/guardians")]
pub async fn list_guardians(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Guardians>, ApiError> {
    let items = edge
        .read(&caller, "listGuardians", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadGuardians>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let person = tx.young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
            let (known, today) = (tx.guardians(case.young_person).await?, day_of(tx.now()));
            Ok(known.into_iter().map(|one| GuardianView::new(one, &person, today)).collect())
        })
        .await?;
    Ok(Json(Guardians { items }))
}
