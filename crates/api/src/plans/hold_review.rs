use super::step::step;
use super::{PlanView, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::plans::Review;
use domain::tasks::TaskKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A review that was held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HoldReviewBody {
    /// Not ahead, and not more than 26 weeks before the plan was opened.
    held_on: Day,
    /// Who took part beside the young person: names or roles.
    #[schema(schema_with = schema::lines::<200, 20>)]
    took_part: Vec<String>,
    young_person_took_part: bool,
    #[schema(schema_with = schema::prose::<8000>)]
    decisions: String,
    /// Set with the young person: 26 weeks from today at most.
    next_review_on: Day,
}

/// Tell of a review that was held
///
/// It is kept as it is told, and sets the day of the plan's next review: so it names the version of the
/// plan it was made from. Answers with the plan.
#[utoipa::path(
    operation_id = "holdReview",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = HoldReviewBody,
    responses((status = 201, description = "The plan with its next review", body = PlanView), CommandProblems, VersionProblems),
)]
#[post("/plans/{id}/reviews")]
pub async fn hold_review(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<HoldReviewBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "holdReview", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        let held = Review {
            on: told.held_on.date(),
            took_part: told.took_part,
            young_person_took_part: told.young_person_took_part,
            decisions: told.decisions,
        };
        let (permit, plan) = step::<AmendPlan>(tx, *id, Some(&if_match)).await?;
        let event = plan.review(held, told.next_review_on.date(), tx.now())?;
        let plan = tx.store_plan(&permit, plan, &event).await?;
        tx.task_done(TaskKind::HoldReview, plan.id.0).await?;
        tx.ask_task(TaskKind::HoldReview, plan.id.0, told.next_review_on.date()).await?;
        tx.record(&permit, Change { subject: &plan.id, kind: event.kind(), payload: &event })
            .await?;
        let view = view(tx, plan.id).await?;
        let location = format!("/api/v1/plans/{}/reviews", plan.id);
        created(plan.version, location, Some(plan.young_person), &view)
    })
    .await
}
