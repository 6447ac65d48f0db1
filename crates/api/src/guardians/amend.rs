use super::{GuardianView, write};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use domain::access::policy::RecordGuardian;
use domain::access::{Scope, authorize};
use domain::guardians::{Guardian, Relation};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendGuardianBody {
    #[serde(default)]
    #[schema(schema_with = schema::optional_name::<200>, required = false)]
    name: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_code::<Relation>, required = false)]
    relation: Option<Relation>,
    #[serde(default)]
    has_custody: Option<bool>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<40>, required = false)]
    telephone: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    email: Option<String>,
    /// The last day on which they are a guardian.
    #[serde(default)]
    to: Option<Day>,
}

/// Change or end a guardian
///
/// While the young person is under 18.
#[utoipa::path(
    operation_id = "amendGuardian",
    tag = "guardians",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The guardian"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = AmendGuardianBody,
    responses((status = 200, description = "As they are now", body = GuardianView), CommandProblems, VersionProblems),
)]
#[patch("/guardians/{id}")]
pub async fn amend_guardian(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<AmendGuardianBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "amendGuardian", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let body = body.value;
        let to = body.to.map(Day::date);
        let case = tx.case_of_guardian((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RecordGuardian>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let known = tx.guardians(case.young_person).await?;
        let old = known.into_iter().find(|one| one.id.0 == *id).ok_or(ApiError::NotFound)?;
        if_match.check(old.version)?;
        if to.is_some_and(|to| to < old.from) {
            return Err(ApiError::field("/to", Fault::AtLeast(old.from.to_string())));
        }
        let new = Guardian {
            id: old.id,
            name: body.name.unwrap_or(old.name),
            relation: body.relation.unwrap_or(old.relation),
            has_custody: body.has_custody.unwrap_or(old.has_custody),
            telephone: body.telephone.or(old.telephone),
            email: body.email.or(old.email),
            from: old.from,
            to: to.or(old.to),
            version: old.version + 1,
        };
        let view = write(tx, &permit, &person, new).await?;
        changed(view.version, Some(case.young_person), &view)
    })
    .await
}
