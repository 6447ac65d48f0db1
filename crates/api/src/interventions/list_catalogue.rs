use super::CatalogueEntryView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;

/// The whole catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Catalogue {
    items: Vec<CatalogueEntryView>,
}

/// List the catalogue
///
/// Every intervention there is, by code.
#[utoipa::path(
    operation_id = "listCatalogue",
    tag = "interventions",
    security(("bearer" = [])),
    responses((status = 200, description = "The catalogue", body = Catalogue), ReadProblems),
)]
#[get("/intervention-catalogue")]
pub async fn list_catalogue(caller: Caller, edge: Data<Edge>) -> Result<Json<Catalogue>, ApiError> {
    let ((entries, places), mut presumptions) = edge
        .read(&caller, "listCatalogue", None, async |tx| {
            let actor = tx.actor().await?;
            authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            Ok((tx.catalogue().await?, tx.all_presumptions().await?))
        })
        .await?;
    let items = entries
        .into_iter()
        .map(|entry| {
            let own: Vec<_> =
                places.iter().filter(|step| step.code == entry.code).cloned().collect();
            let presumed = presumptions.remove(&entry.code).unwrap_or_default();
            CatalogueEntryView::new(entry, own.into_iter(), presumed)
        })
        .collect();
    Ok(Json(Catalogue { items }))
}
