use super::list_pregnancies::PregnancyView;
use super::step::locked_pregnancy;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::calendar::day_of;
use domain::ids::PregnancyId;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// That a child was born.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BirthBody {
    /// Today at the latest.
    born_on: Day,
    /// The network as it is now; as before where nothing is told.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    network_map: Option<String>,
}

/// Tell of the birth
///
/// By the unit that registered it. The second network meeting is asked for, 8 weeks after.
#[utoipa::path(
    operation_id = "tellBirth",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The pregnancy"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = BirthBody,
    responses((status = 200, description = "As it is now", body = PregnancyView), CommandProblems, VersionProblems),
)]
#[post("/pregnancies/{id}/birth")]
pub async fn tell_birth(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<BirthBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellBirth", Some(*id), &body.raw, async |tx| {
        let told = &body.value;
        let pregnancy = PregnancyId(*id);
        let (permit, known) = locked_pregnancy(tx, pregnancy, &if_match).await?;
        let born_on = told.born_on.date();
        known.known().ensure_birth(born_on, day_of(tx.now()))?;
        tx.tell_birth(&permit, &known, born_on, told.network_map.as_deref()).await?;
        let kind = EventKind::PregnancyBirthTold;
        let payload = json!({ "bornOn": born_on });
        tx.record(&permit, Change { subject: &pregnancy, kind, payload: &payload }).await?;
        let row = tx.pregnancy(pregnancy).await?.ok_or(StoreError::Hidden)?;
        changed(row.version, Some(known.young_person_id.into()), &PregnancyView::from(row))
    })
    .await
}
