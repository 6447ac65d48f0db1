use super::{CatalogueEntryView, Code};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::{IfMatch, Precondition};
use crate::edge::{Edge, changed, created};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::EditCatalogue;
use domain::access::{Scope, authorize};
use domain::interventions::Subject;
use persistence::Change;
use persistence::interventions::catalogue::CatalogueEntry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry of the catalogue, whole.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CatalogueEntryBody {
    #[schema(schema_with = schema::line::<200>)]
    title: String,
    #[schema(schema_with = schema::prose::<2000>)]
    description: String,
    /// The providing unit: one that the caller leads.
    provider_id: Uuid,
    #[schema(schema_with = schema::code::<Subject>)]
    area: Subject,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 520)]
    usual_weeks: Option<i32>,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 99)]
    min_age: Option<i32>,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 99)]
    max_age: Option<i32>,
    #[serde(default)]
    #[schema(max_items = 5, schema_with = groups, required = false)]
    target_groups: Vec<i32>,
    company_oriented: bool,
    repeatable: bool,
    cannot_wait: bool,
}

fn groups() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
    let group = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(4));
    ArrayBuilder::new().items(group).max_items(Some(5)).build()
}

/// Write an entry of the catalogue
///
/// By the providing unit's leader. A new code needs no `If-Match`; an entry that is there is changed by
/// its version, and stays its provider's.
#[utoipa::path(
    operation_id = "putCatalogueEntry",
    tag = "interventions",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "The entry's code"), ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with; none for a new code")),
    request_body = CatalogueEntryBody,
    responses(
        (status = 200, description = "The entry as it is now", body = CatalogueEntryView),
        (status = 201, description = "The new entry", body = CatalogueEntryView),
        CommandProblems, VersionProblems
    ),
)]
#[put("/intervention-catalogue/{code}")]
pub async fn put_catalogue_entry(
    caller: Caller,
    edge: Data<Edge>,
    code: Path<Code>,
    if_match: IfMatch,
    body: Body<CatalogueEntryBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "putCatalogueEntry", None, &body.raw, async |tx| {
        let new = body.value;
        let actor = tx.actor().await?;
        let permit = authorize::<EditCatalogue>(&actor, Scope::Unit(new.provider_id.into()))?;
        let known = tx.catalogue_entry(&code).await?;
        let read = match &known {
            Some(entry) => {
                authorize::<EditCatalogue>(&actor, Scope::Unit(entry.provider_unit_id.into()))?;
                if_match.check(entry.version)?;
                Some(entry.version)
            }
            None if if_match.is_named() => return Err(Precondition::Stale.into()),
            None => None,
        };
        let entry = CatalogueEntry {
            code: code.to_string(),
            title: new.title.clone(),
            description: new.description.clone(),
            provider_unit_id: new.provider_id,
            area: <&str>::from(new.area).to_owned(),
            usual_weeks: new.usual_weeks,
            min_age: new.min_age,
            max_age: new.max_age,
            target_groups: new.target_groups.clone(),
            company_oriented: new.company_oriented,
            repeatable: new.repeatable,
            cannot_wait: new.cannot_wait,
            version: read.map_or(1, |version| version + 1),
        };
        tx.store_catalogue_entry(&permit, &entry, read).await?;
        let change = Change {
            subject_kind: "catalogue-entry",
            subject: &code,
            kind: "catalogue.entry-written",
            payload: &new,
        };
        tx.record(&permit, change).await?;
        let places = tx.dated_places(&code).await?;
        let version = entry.version;
        let view = CatalogueEntryView::new(entry, places.into_iter());
        match read {
            Some(_) => changed(version, None, &view),
            None => created(version, format!("/api/v1/intervention-catalogue/{code}"), None, &view),
        }
    })
    .await
}
