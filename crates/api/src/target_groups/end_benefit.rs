use super::{BenefitView, find, store};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordBenefit;
use domain::access::{Scope, authorize};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// When it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndBenefitBody {
    /// The last day on which it is had.
    on: Day,
}

/// End a benefit
///
/// On a day of its own, also one to come; a last day that was told before may be brought forward. Where
/// another one is had beside it, that one is told to lead first.
#[utoipa::path(
    operation_id = "endBenefit",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The benefit"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = EndBenefitBody,
    responses((status = 200, description = "As it is now", body = BenefitView), CommandProblems, VersionProblems),
)]
#[post("/benefits/{id}/end")]
pub async fn end_benefit(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<EndBenefitBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endBenefit", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of_benefit((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RecordBenefit>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let known = tx.circumstances(&person).await?;
        let benefit = find(&known.benefits, *id)?;
        if_match.check(benefit.version)?;
        let event = known.end(benefit, body.value.on.date())?;
        let view = store(tx, &permit, case.young_person, &event, *id).await?;
        changed(view.version, Some(case.young_person), &view)
    })
    .await
}
