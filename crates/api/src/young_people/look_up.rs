use super::{YoungPersonView, cpr};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Problem};
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json};
use domain::access::policy::FindYoungPeople;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use serde::Deserialize;
use utoipa::ToSchema;

/// A number to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    #[schema(schema_with = schema::cpr)]
    cpr: String,
}

/// Look a young person up by CPR number
///
/// A former number also finds the young person. The response is 404 if the number is not registered or the young person
/// is not visible to the caller. Checks that lead to no access are limited to 20 per employee within an hour and 100
/// per unit within a day.
#[utoipa::path(
    operation_id = "lookUpYoungPerson",
    tag = "young people",
    security(("bearer" = [])),
    request_body = LookUp,
    responses((status = 200, description = "Who has it", body = YoungPersonView),
        (status = 429, description = "Too many checks that gave no access", body = Problem, content_type = "application/problem+json"),
        ReadProblems, BodyProblems),
)]
#[post("/young-people/lookup")]
pub async fn look_up_young_person(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<LookUp>,
) -> Result<Json<YoungPersonView>, ApiError> {
    let number = cpr(&body.value.cpr)?;
    edge.check_number(&caller, "lookUpYoungPerson", &number).await?;
    let view = edge
        .read(&caller, "lookUpYoungPerson", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<FindYoungPeople>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            tx.checks_number(&number);
            let id = tx.find_by_cpr(&number).await?.ok_or(ApiError::NotFound)?;
            tx.case_of(id).await?;
            let row = tx.young_person(id).await?.ok_or(ApiError::NotFound)?;
            Ok(YoungPersonView::new(&row, day_of(tx.now())))
        })
        .await?;
    Ok(Json(view))
}
