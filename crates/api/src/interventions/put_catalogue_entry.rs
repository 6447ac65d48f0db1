use super::{CatalogueEntryView, Code};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::{IfMatch, Precondition};
use crate::edge::{Edge, changed, created};
use crate::problem::{ApiError, Fault, FieldFault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::EditCatalogue;
use domain::access::{Scope, authorize};
use domain::interventions::Subject;
use domain::timeline::EventKind;
use persistence::interventions::catalogue::CatalogueEntry;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry of the catalogue, whole.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
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
    /// Starts only after the provider's visitation has accepted.
    #[serde(default)]
    #[schema(required = false)]
    visitation: bool,
    /// Starts only where UU's newest intake assessment says yes.
    #[serde(default)]
    #[schema(required = false)]
    assessment_required: bool,
    /// One adult who follows the young person: two of them at once clash.
    #[serde(default)]
    mentoring: bool,
    /// The codes of what is to have ended before it begins.
    #[serde(default)]
    #[schema(schema_with = codes, required = false)]
    presumes: Vec<String>,
    /// The codes of what cannot run at the same time. Counts both ways.
    #[serde(default)]
    #[schema(schema_with = codes, required = false)]
    excludes: Vec<String>,
}

fn codes() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::ArrayBuilder;
    ArrayBuilder::new().items(schema::line::<60>()).max_items(Some(50)).unique_items(true).build()
}

fn groups() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
    let group = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(4));
    ArrayBuilder::new().items(group).max_items(Some(5)).build()
}

/// Write an entry of the catalogue
///
/// By the providing unit's leader. A new code needs no `If-Match`; an entry that is there is changed by
/// its version. It goes to another provider only where the caller leads both.
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
        if !tx.unit(new.provider_id.into()).await?.is_some_and(|unit| unit.operational) {
            return Err(ApiError::field("/providerId", Fault::UnitUnknown));
        }
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
            visitation: new.visitation,
            assessment_required: new.assessment_required,
            mentoring: new.mentoring,
            version: read.map_or(1, |version| version + 1),
        };
        tx.store_catalogue_entry(&permit, &entry, read).await?;
        ensure_known(tx, &code, &new).await?;
        tx.store_presumptions(&permit, &code, &new.presumes, &new.excludes).await?;
        let change =
            Change { subject: &code, kind: EventKind::CatalogueEntryWritten, payload: &new };
        tx.record(&permit, change).await?;
        let places = tx.dated_places(&code).await?;
        let version = entry.version;
        let presumptions = tx.presumptions_of(&code).await?;
        let view = CatalogueEntryView::new(entry, places.into_iter(), presumptions);
        match read {
            Some(_) => changed(version, None, &view),
            None => created(version, format!("/api/v1/intervention-catalogue/{code}"), None, &view),
        }
    })
    .await
}

/// What an entry presumes and excludes are other entries.
async fn ensure_known(tx: &mut Tx, code: &str, new: &CatalogueEntryBody) -> Result<(), ApiError> {
    let (entries, _) = tx.catalogue().await?;
    let named = |member: &'static str, codes: &[String]| {
        let wrong = codes.iter().enumerate().filter_map(|(place, named)| {
            let fault = match entries.iter().find(|entry| entry.code == *named) {
                None => Fault::CatalogueUnknown,
                Some(entry) if entry.code == code => Fault::Contradiction,
                Some(_) => return None,
            };
            Some(FieldFault { pointer: format!("/{member}/{place}"), fault })
        });
        wrong.collect::<Vec<_>>()
    };
    let wrong = [named("presumes", &new.presumes), named("excludes", &new.excludes)].concat();
    if wrong.is_empty() { Ok(()) } else { Err(ApiError::Invalid(wrong)) }
}
