use super::PlanView;
use super::step::{plan_changed, step_of_case};
use crate::body::OptionalBody;
use crate::caller::Caller;
use crate::caseload::ExceptionBody;
use crate::caseload::coordinating::give_case;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ActivatePlan;
use domain::tasks::TaskKind;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is agreed with the activation.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivatePlanBody {
    /// The first review: 26 weeks ahead at most, and just so where nothing is told.
    #[serde(default)]
    #[schema(required = false)]
    next_review_on: Option<Day>,
    /// An exception to the norm by the unit's leader, if the coordinating caseworker does not have the case yet and has
    /// no room.
    #[serde(default)]
    #[schema(required = false)]
    exception: Option<ExceptionBody>,
}

/// Activate a plan
///
/// The plan needs a goal, the young person's own words (or how they were asked), and a coordinating caseworker who can
/// sign in and has the case or room for it. If two or more units take part, it also needs a contact person or the
/// record that one was declined. Activation creates a task for a review. If the indicators have not been measured yet,
/// it also creates a task to measure them within 26 weeks.
#[utoipa::path(
    operation_id = "activatePlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = Option<ActivatePlanBody>,
    responses((status = 200, description = "The plan is active", body = PlanView), CommandProblems, VersionProblems),
)]
#[post("/plans/{id}/activate")]
pub async fn activate_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: OptionalBody<ActivatePlanBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "activatePlan", Some(*id), &body.raw, async |tx| {
        let ActivatePlanBody { next_review_on, exception } = body.value;
        let actor = tx.actor().await?;
        let (permit, plan) =
            step_of_case::<ActivatePlan>(tx, &actor, (*id).into(), Some(&if_match), None).await?;
        let readiness = tx.readiness(plan.id).await?;
        let event = plan.activate(readiness, next_review_on.map(Day::date), tx.now())?;
        if let Some(who) = tx.coordinator(plan.id).await? {
            give_case(tx, &actor, &plan, who, exception.map(Into::into)).await?;
        }
        let plan = tx.store_plan(&permit, plan, &event).await?;
        tx.task_done(TaskKind::ActivatePlan, plan.id.0).await?;
        if let Some(on) = plan.next_review_on() {
            tx.ask_task(TaskKind::HoldReview, plan.id.0, on).await?;
        }
        if !tx.is_measured(plan.id).await? {
            tx.ask_in_time(TaskKind::MeasureIndicators, plan.id.0).await?;
        }
        plan_changed(tx, &permit, &plan, event.kind(), &event).await
    })
    .await
}
