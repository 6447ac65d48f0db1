use super::PlanExemptionView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::plans::step::step;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::AmendPlan;
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why the plan may be without an intervention, and until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExemptPlanBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
    /// The last day: today at the earliest, 26 weeks ahead at the latest.
    until: Day,
}

#[derive(Serialize)]
struct Exempted<'a> {
    reason: &'a str,
    from: NaiveDate,
    to: NaiveDate,
}

/// Exempt a plan for a time
///
/// From today, with a reason and an end: until then it is not on the gap list, and nobody is asked for a new intervention.
#[utoipa::path(
    operation_id = "exemptPlan",
    tag = "deadlines",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = ExemptPlanBody,
    responses((status = 201, description = "The exemption", body = PlanExemptionView), CommandProblems),
)]
#[post("/plans/{id}/exemptions")]
pub async fn exempt_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<ExemptPlanBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "exemptPlan", Some(*id), &body.raw, async |tx| {
        let ExemptPlanBody { reason, until } = body.value;
        let (permit, plan) = step::<AmendPlan>(tx, *id, None).await?;
        let (from, to) = (day_of(tx.now()), until.date());
        plan.exempt(to, from)?;
        let exemption = tx.exempt_plan(&permit, &plan, &reason, (from, to)).await?;
        let payload = Exempted { reason: &reason, from, to };
        let change =
            Change { subject: &exemption, kind: EventKind::PlanExempted, payload: &payload };
        tx.record(&permit, change).await?;
        tx.reckon_deadlines(plan.young_person).await?;
        let given = tx.plan_exemptions(plan.id).await?;
        let row = given.into_iter().find(|row| row.id == exemption).ok_or(StoreError::Hidden)?;
        let location = format!("/api/v1/plans/{id}/exemptions");
        let view = PlanExemptionView::from(row);
        answer(StatusCode::CREATED, None, Some(location), Some(plan.young_person), &view)
    })
    .await
}
