use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::FindYoungPeople;
use domain::access::{Areas, Scope, authorize};
use domain::calendar::day_of;
use domain::young_people::age_on;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many are found at most.
const MOST: u8 = 25;

/// What to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// A name or a part of one, as one types it: `sorensen`, `aagard`, `tina`.
    #[schema(schema_with = schema::line::<100>)]
    text: String,
}

/// Those who were found, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    items: Vec<FoundView>,
}

/// A young person who was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundView {
    id: Uuid,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    age: u32,
    /// How well the name fits, 0 to 1.
    score: f32,
}

/// Search young people by name
///
/// Forgives typing errors and other spellings of Danish letters. Finds only those whom the caller may
/// see. In the body, for nothing typed to search stands in a URL.
#[utoipa::path(
    operation_id = "searchYoungPeople",
    tag = "young people",
    security(("bearer" = [])),
    request_body = Search,
    responses((status = 200, description = "At most 25, best first", body = Found), ReadProblems, BodyProblems),
)]
#[post("/young-people/search")]
pub async fn search_young_people(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<Search>,
) -> Result<Json<Found>, ApiError> {
    let (rows, today) = edge
        .read(&caller, "searchYoungPeople", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<FindYoungPeople>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let rows = tx.search_young_people(&body.value.text, MOST).await?;
            for row in &rows {
                tx.saw(row.id.into(), row.basis_id.into(), Areas::IDENTITY);
            }
            Ok((rows, day_of(tx.now())))
        })
        .await?;
    let items = rows
        .into_iter()
        .map(|row| FoundView {
            id: row.id,
            given_name: row.given_name,
            family_name: row.family_name,
            birth_date: row.birth_date,
            age: age_on(row.birth_date, today),
            score: row.score,
        })
        .collect();
    Ok(Json(Found { items }))
}
