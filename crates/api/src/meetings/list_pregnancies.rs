use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadPregnancies;
use domain::access::{Scope, authorize};
use persistence::meetings::network::PregnancyRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A pregnancy, and who calls the meetings about it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PregnancyView {
    id: Uuid,
    known_on: NaiveDate,
    born_on: Option<NaiveDate>,
    /// From when on there are no (more) meetings about it.
    ended_on: Option<NaiveDate>,
    end_reason: Option<String>,
    network_map: Option<String>,
    /// Which unit calls both meetings.
    unit_id: Uuid,
    registered_by_id: Uuid,
    registered_at: DateTime<Utc>,
    version: i64,
}

/// The pregnancies of a young person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pregnancies {
    items: Vec<PregnancyView>,
}

impl From<PregnancyRow> for PregnancyView {
    fn from(row: PregnancyRow) -> Self {
        Self {
            id: row.id,
            known_on: row.known_on,
            born_on: row.born_on,
            ended_on: row.ended_on,
            end_reason: row.end_reason,
            network_map: row.network_map,
            unit_id: row.writing_unit_id,
            registered_by_id: row.registered_by_id,
            registered_at: row.registered_at,
            version: row.version,
        }
    }
}

/// List the pregnancies that there are network meetings about
///
/// The latest first.
#[utoipa::path(
    operation_id = "listPregnancies",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The pregnancies", body = Pregnancies), ReadProblems),
)]
#[get("/young-people/{id}/pregnancies")]
pub async fn list_pregnancies(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Pregnancies>, ApiError> {
    edge.read(&caller, "listPregnancies", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<ReadPregnancies>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let rows = tx.pregnancies((*id).into()).await?;
        Ok(Json(Pregnancies { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
