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

/// That there are no (more) network meetings about a pregnancy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PregnancyEndBody {
    /// From the day on which it was known, or the birth; today at the latest.
    on: Day,
    #[schema(schema_with = schema::prose::<2000>)]
    because: String,
}

/// End the network meetings about a pregnancy
///
/// By the unit that registered it, once: what is asked for lapses, and none is called any more. What was registered by mistake is
/// voided (`correct`) instead.
#[utoipa::path(
    operation_id = "endPregnancy",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The pregnancy"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = PregnancyEndBody,
    responses((status = 200, description = "As it is now", body = PregnancyView), CommandProblems, VersionProblems),
)]
#[post("/pregnancies/{id}/end")]
pub async fn end_pregnancy(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<PregnancyEndBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endPregnancy", Some(*id), &body.raw, async |tx| {
        let told = &body.value;
        let pregnancy = PregnancyId(*id);
        let (permit, known) = locked_pregnancy(tx, pregnancy, &if_match).await?;
        let on = told.on.date();
        known.known().ensure_end(on, day_of(tx.now()))?;
        tx.end_pregnancy(&permit, &known, on, &told.because).await?;
        let kind = EventKind::PregnancyEnded;
        let payload = json!({ "on": on, "because": told.because });
        tx.record(&permit, Change { subject: &pregnancy, kind, payload: &payload }).await?;
        let row = tx.pregnancy(pregnancy).await?.ok_or(StoreError::Hidden)?;
        changed(row.version, Some(known.young_person_id.into()), &PregnancyView::from(row))
    })
    .await
}
