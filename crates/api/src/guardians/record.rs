use super::{GuardianView, write};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordGuardian;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::guardians::{Guardian, Relation};
use domain::ids::GuardianId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A guardian to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordGuardianBody {
    #[schema(schema_with = schema::name::<200>)]
    name: String,
    #[schema(schema_with = schema::code::<Relation>)]
    relation: Relation,
    has_custody: bool,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<40>, required = false)]
    telephone: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    email: Option<String>,
    /// The first day; today where nothing is told.
    #[serde(default)]
    from: Option<Day>,
    /// The last day; left out: until the young person is of age.
    #[serde(default)]
    to: Option<Day>,
}

/// Record a guardian
///
/// While the young person is under 18. From the midnight on which they turn 18 nobody is told as a current
/// guardian.
#[utoipa::path(
    operation_id = "recordGuardian",
    tag = "guardians",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = RecordGuardianBody,
    responses((status = 201, description = "The guardian", body = GuardianView), CommandProblems),
)]
#[post("/young-people/{id}/guardians")]
pub async fn record_guardian(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<RecordGuardianBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "recordGuardian", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let body = body.value;
        let from = body.from.map_or_else(|| day_of(tx.now()), Day::date);
        let to = body.to.map(Day::date);
        if to.is_some_and(|to| to < from) {
            return Err(ApiError::field("/to", Fault::AtLeast(from.to_string())));
        }
        let new = Guardian {
            id: GuardianId(Uuid::now_v7()),
            name: body.name,
            relation: body.relation,
            has_custody: body.has_custody,
            telephone: body.telephone,
            email: body.email,
            from,
            to,
            version: 1,
        };
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<RecordGuardian>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let view = write(tx, &permit, &person, new).await?;
        let location = format!("/api/v1/young-people/{}/guardians", case.young_person);
        created(view.version, location, Some(case.young_person), &view)
    })
    .await
}
