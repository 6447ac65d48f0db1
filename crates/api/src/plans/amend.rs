use super::step::{plan_changed, step};
use super::{PlanView, own_words};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use domain::access::policy::AmendPlan;
use domain::tasks::TaskKind;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What to change; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendPlanBody {
    #[serde(default)]
    #[schema(schema_with = schema::prose::<4000>, required = false)]
    purpose: Option<String>,
    /// What the young person wants, as they said it. Takes the place of how they were asked.
    #[serde(default)]
    #[schema(schema_with = schema::prose::<4000>, required = false)]
    own_words: Option<String>,
    /// How they were asked, and would not or could not say. Takes the place of own words.
    #[serde(default)]
    #[schema(schema_with = schema::prose::<4000>, required = false)]
    own_words_absent: Option<String>,
    /// Another day for the next review of an active plan: 26 weeks from today at most. One that is
    /// overdue is held first.
    #[serde(default)]
    #[schema(required = false)]
    next_review_on: Option<Day>,
}

/// Change the words of a plan, or the day of its next review
#[utoipa::path(
    operation_id = "amendPlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = AmendPlanBody,
    responses((status = 200, description = "As it is now", body = PlanView), CommandProblems, VersionProblems),
)]
#[patch("/plans/{id}")]
pub async fn amend_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<AmendPlanBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "amendPlan", Some(*id), &body.raw, async |tx| {
        let wanted = body.value;
        let next_review_on = wanted.next_review_on.map(Day::date);
        let keeps_words = wanted.own_words.is_none() && wanted.own_words_absent.is_none();
        let words = own_words(wanted.own_words, wanted.own_words_absent)?;
        let (permit, plan) = step::<AmendPlan>(tx, *id, Some(&if_match)).await?;
        let purpose = wanted.purpose.unwrap_or_else(|| plan.purpose.clone());
        let words = if keeps_words { plan.own_words.clone() } else { words };
        let event = plan.amend(purpose, words, next_review_on, tx.now())?;
        let plan = tx.store_plan(&permit, plan, &event).await?;
        if let Some(on) = next_review_on {
            tx.move_task(TaskKind::HoldReview, plan.id.0, on).await?;
        }
        plan_changed(tx, &permit, &plan, event.kind(), &event).await
    })
    .await
}
