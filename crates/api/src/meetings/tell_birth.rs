use super::list_pregnancies::PregnancyView;
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
use domain::access::policy::CallMeeting;
use domain::access::{Scope, authorize};
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
        let actor = tx.actor().await?;
        let pregnancy = PregnancyId(*id);
        let known = tx.pregnancy(pregnancy).await?.ok_or(ApiError::NotFound)?;
        let case = tx.case_of(known.young_person_id.into()).await?;
        let unit = known.writing_unit_id.into();
        let permit = authorize::<CallMeeting>(&actor, Scope::Own(&case, unit))?;
        tx.lock_young_people(&[case.young_person]).await?;
        let known = tx.pregnancy(pregnancy).await?.ok_or(ApiError::NotFound)?;
        // Merged meanwhile: nobody is there under whom it was permitted.
        if known.young_person_id != case.young_person.0 {
            return Err(ApiError::NotFound);
        }
        if_match.check(known.version)?;
        let born_on = told.born_on.date();
        known.known().ensure_birth(born_on, day_of(tx.now()))?;
        tx.tell_birth(&permit, &known, born_on, told.network_map.as_deref()).await?;
        let kind = EventKind::PregnancyBirthTold;
        let payload = json!({ "bornOn": born_on });
        tx.record(&permit, Change { subject: &pregnancy, kind, payload: &payload }).await?;
        let row = tx.pregnancy(pregnancy).await?.ok_or(StoreError::Hidden)?;
        changed(row.version, Some(case.young_person), &PregnancyView::from(row))
    })
    .await
}
