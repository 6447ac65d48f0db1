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
use domain::ids::BenefitId;
use persistence::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// From when it leads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadBenefitBody {
    /// One of its days.
    from: Day,
}

/// A benefit that was told to lead.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedBenefit {
    #[serde(flatten)]
    benefit: BenefitView,
    /// The one that leads from that day on: itself, or the part that was split off.
    leading_id: Uuid,
}

/// Let a benefit lead
///
/// From a day to its end it decides the target group, and the one that did goes on beside it. Where it was
/// had before that day it is split: it ends the day before, and the part that leads has an id of its own.
#[utoipa::path(
    operation_id = "leadBenefit",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The benefit"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = LeadBenefitBody,
    responses((status = 200, description = "As it is now, and which one leads", body = LedBenefit), CommandProblems, VersionProblems),
)]
#[post("/benefits/{id}/lead")]
pub async fn lead_benefit(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<LeadBenefitBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "leadBenefit", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of_benefit((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RecordBenefit>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let known = tx.circumstances(&person).await?;
        let benefit = find(&known.benefits, *id)?;
        if_match.check(benefit.version)?;
        let event = known.lead(benefit, body.value.from.date(), || BenefitId(Uuid::now_v7()))?;
        let leads = event.benefits().last().ok_or(StoreError::Hidden)?;
        let leading_id = leads.id.0;
        let benefit = store(tx, &permit, case.young_person, &event, *id).await?;
        let view = LedBenefit { benefit, leading_id };
        changed(view.benefit.version, Some(case.young_person), &view)
    })
    .await
}
