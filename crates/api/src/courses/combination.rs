use crate::caller::Caller;
use crate::edge::Edge;
use crate::on_day::OnDay;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use domain::courses::Combination;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a young person gets on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct CombinationView {
    on: NaiveDate,
    #[schema(schema_with = schema::code::<Combination>)]
    combination: Combination,
    /// How many are under way, also in areas that the caller does not see.
    interventions: i64,
}

/// Tell none, one or combined
///
/// As BIP counts it: how many interventions are under way on a day, in whatever area. For those who see
/// the plan.
#[utoipa::path(
    operation_id = "readCombination",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), OnDay),
    responses((status = 200, description = "None, one or combined", body = CombinationView), ReadProblems),
)]
#[get("/young-people/{id}/combination")]
pub async fn read_combination(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<OnDay>,
) -> Result<Json<CombinationView>, ApiError> {
    let (on, interventions) = edge
        .read(&caller, "readCombination", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let on = query.or_today(tx);
            let under_way = tx.interventions_under_way(case.young_person, on).await?;
            Ok((on, under_way.ok_or(ApiError::NotFound)?))
        })
        .await?;
    let combination = Combination::of(interventions);
    Ok(Json(CombinationView { on, combination, interventions }))
}
