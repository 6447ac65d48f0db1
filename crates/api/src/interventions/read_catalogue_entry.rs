use super::{CatalogueEntryView, Code};
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};

/// Read an entry of the catalogue
#[utoipa::path(
    operation_id = "readCatalogueEntry",
    tag = "interventions",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "The entry's code")),
    responses((status = 200, description = "The entry", body = CatalogueEntryView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/intervention-catalogue/{code}")]
pub async fn read_catalogue_entry(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    code: Path<Code>,
) -> Result<HttpResponse, ApiError> {
    let (entry, places, presumptions) = edge
        .read(&caller, "readCatalogueEntry", None, async |tx| {
            let actor = tx.actor().await?;
            authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            let entry = tx.catalogue_entry(&code).await?.ok_or(ApiError::NotFound)?;
            Ok((entry, tx.dated_places(&code).await?, tx.presumptions_of(&code).await?))
        })
        .await?;
    let version = entry.version;
    let view = CatalogueEntryView::new(entry, places.into_iter(), presumptions);
    answer_with_version(&request, version, &view)
}
