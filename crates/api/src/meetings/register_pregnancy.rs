use super::list_pregnancies::PregnancyView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::on_day::ensure_not_after;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::Days;
use domain::access::policy::RegisterPregnancy;
use domain::access::{InformationArea, Row, Scope, authorize};
use domain::calendar::day_of;
use domain::meetings::LONGEST_PREGNANCY;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A pregnancy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PregnancyBody {
    /// Since when it is known: today at the latest, 300 days ago at the earliest.
    known_on: Day,
    /// The network around the young person, in words.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    network_map: Option<String>,
}

/// Begin the network meetings about a pregnancy
///
/// The unit that registers it first calls both meetings, and is asked for the first within 14 days.
#[utoipa::path(
    operation_id = "registerPregnancy",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = PregnancyBody,
    responses((status = 201, description = "The pregnancy", body = PregnancyView), CommandProblems),
)]
#[post("/young-people/{id}/pregnancies")]
pub async fn register_pregnancy(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<PregnancyBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "registerPregnancy", Some(*id), &body.raw, async |tx| {
        let new = &body.value;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?.at(Row::new(InformationArea::Health));
        let permit = authorize::<RegisterPregnancy>(&actor, Scope::Case(&case))?;
        let (known_on, today) = (new.known_on.date(), day_of(tx.now()));
        ensure_not_after("/knownOn", known_on, today)?;
        let earliest = today - Days::new(LONGEST_PREGNANCY);
        if known_on < earliest {
            return Err(ApiError::field("/knownOn", Fault::AtLeast(earliest.to_string())));
        }
        tx.lock_young_people(&[case.young_person]).await?;
        let map = new.network_map.as_deref();
        let pregnancy = tx.register_pregnancy(&permit, case.young_person, known_on, map).await?;
        let kind = EventKind::PregnancyRegistered;
        let payload = json!({ "knownOn": new.known_on });
        tx.record(&permit, Change { subject: &pregnancy, kind, payload: &payload }).await?;
        let row = tx.pregnancy(pregnancy).await?.ok_or(StoreError::Hidden)?;
        let location = format!("/api/v1/young-people/{id}/pregnancies");
        created(row.version, location, Some(case.young_person), &PregnancyView::from(row))
    })
    .await
}
