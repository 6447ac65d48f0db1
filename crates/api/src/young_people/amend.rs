use super::{YoungPersonView, cpr, taken_by};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::{ApiError, Problem};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use domain::access::policy::AmendYoungPerson;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use domain::young_people::ensure_registrable;
use persistence::Change;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What to change; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendYoungPersonBody {
    #[serde(default)]
    #[schema(schema_with = schema::name::<100>, required = false)]
    given_name: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::name::<100>, required = false)]
    family_name: Option<String>,
    /// A new number, or an earlier one of the young person. The young person stays the same, and the number that they had
    /// until now stays theirs, of the past.
    #[serde(default)]
    #[schema(schema_with = schema::cpr, required = false)]
    cpr: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Amended<'a> {
    given_name: &'a str,
    family_name: &'a str,
    new_identifier: Option<&'static str>,
}

/// Change a young person's name or number
///
/// If a young person who is visible to the caller has the number, the response identifies that young person. The
/// response never reveals whether another young person has the number; the unit that has that case receives a task to
/// check it.
#[utoipa::path(
    operation_id = "amendYoungPerson",
    tag = "young people",
    security(("bearer" = [])),
    params(
        ("id" = Uuid, Path, description = "The young person"),
        ("If-Match" = String, Header, description = "The `ETag` it was read with"),
    ),
    request_body = AmendYoungPersonBody,
    responses((status = 200, description = "As they are now", body = YoungPersonView),
        (status = 429, description = "Too many checks of numbers that gave no access", body = Problem, content_type = "application/problem+json"),
        CommandProblems, VersionProblems),
)]
#[patch("/young-people/{id}")]
pub async fn amend_young_person(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<AmendYoungPersonBody>,
) -> Result<HttpResponse, ApiError> {
    let wanted = body.value;
    let number = wanted.cpr.as_deref().map(cpr).transpose()?;
    if let Some(number) = &number {
        edge.check_number(&caller, "amendYoungPerson", number).await?;
    }
    edge.command(&caller, "amendYoungPerson", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<AmendYoungPerson>(&actor, Scope::Case(&case))?;
        let mut person = tx.lock_young_person((*id).into()).await?.ok_or(ApiError::NotFound)?;
        if_match.check(person.version)?;
        if let Some(number) = &number {
            tx.checks_number(number);
            // If another young person who has it is hidden, the change is accepted as if the number were unregistered,
            // and checked afterwards (AC-19).
            let known = tx.find_by_cpr(number).await?;
            if let Some(other) = known.filter(|known| *known != case.young_person) {
                return Err(taken_by(other));
            }
            // As old as they were then: somebody past 30 still gets a new number (YP-3).
            ensure_registrable(number.birth_date(), day_of(person.registered_at))?;
        }
        person.given_name = wanted.given_name.unwrap_or(person.given_name);
        person.family_name = wanted.family_name.unwrap_or(person.family_name);
        let person = tx.amend_young_person(&permit, &person, number.as_ref()).await?;
        // Who is younger or older than was thought leaves a group on other days.
        tx.reckon_group_task(case.young_person).await?;
        let payload = Amended {
            given_name: &person.given_name,
            family_name: &person.family_name,
            new_identifier: number.as_ref().map(|number| number.kind().into()),
        };
        let change =
            Change { subject: &id, kind: EventKind::YoungPersonAmended, payload: &payload };
        tx.record(&permit, change).await?;
        changed(
            person.version,
            Some(case.young_person),
            &YoungPersonView::new(&person, day_of(tx.now())),
        )
    })
    .await
}
