use super::{CatalogueEntryView, Code};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::EditCatalogue;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A number of places, from a day on.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPlacesBody {
    /// The first day; the number holds until the next one decided begins.
    from: Day,
    /// None: as many as are needed.
    #[schema(minimum = 0, maximum = 10000)]
    places: Option<i32>,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Decide an offer's places
///
/// By the providing unit's leader, with a reason. Not fewer than are held; more are offered to those
/// who wait before this answers.
#[utoipa::path(
    operation_id = "setPlaces",
    tag = "interventions",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "The entry's code")),
    request_body = SetPlacesBody,
    responses((status = 200, description = "The entry with its places", body = CatalogueEntryView), CommandProblems),
)]
#[post("/intervention-catalogue/{code}/places")]
pub async fn set_places(
    caller: Caller,
    edge: Data<Edge>,
    code: Path<Code>,
    body: Body<SetPlacesBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "setPlaces", None, &body.raw, async |tx| {
        let new = body.value;
        let actor = tx.actor().await?;
        let entry = tx.catalogue_entry(&code).await?.ok_or(ApiError::NotFound)?;
        let permit =
            authorize::<EditCatalogue>(&actor, Scope::Unit(entry.provider_unit_id.into()))?;
        tx.lock_offer(&code).await?;
        tx.set_places(&permit, &code, new.from.date(), new.places, &new.reason).await?;
        let change =
            Change { subject: &code, kind: EventKind::CataloguePlacesDecided, payload: &new };
        tx.record(&permit, change).await?;
        let places = tx.dated_places(&code).await?;
        let presumptions = tx.presumptions_of(&code).await?;
        let version = entry.version;
        changed(version, None, &CatalogueEntryView::new(entry, places.into_iter(), presumptions))
    })
    .await
}
