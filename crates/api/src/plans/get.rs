use super::PlanView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::interventions::InterventionView;
use crate::on_day::OnDay;
use crate::problem::{ApiError, Fault};
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use domain::calendar::{day_of, end_of};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A joint plan, as it is or as it was.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanOnDay {
    #[serde(flatten)]
    plan: PlanView,
    /// Where a day was asked for: what belonged to the plan at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<AsOf>,
}

/// What belonged to a plan on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AsOf {
    on: NaiveDate,
    /// The interventions as they were, oldest first; the place in line is not kept.
    interventions: Vec<InterventionView>,
    /// 0 to 4; null: no group, or none that the caller may see.
    target_group: Option<i32>,
}

/// Read a joint plan
///
/// As it is now, or with `on` as it was at the end of a past day: words, state, goals, participants,
/// contact person and coordinator, and then its interventions and the target group as well. What the
/// caller may see today is what decides.
#[utoipa::path(
    operation_id = "readPlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), OnDay),
    responses((status = 200, description = "The plan", body = PlanOnDay), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/plans/{id}")]
pub async fn read_plan(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<OnDay>,
) -> Result<HttpResponse, ApiError> {
    let (version, view) = edge
        .read(&caller, "readPlan", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let Some(on) = query.asked() else {
                let file = tx.plan_file((*id).into()).await?.ok_or(ApiError::NotFound)?;
                return Ok((file.version, PlanOnDay { plan: file.into(), as_of: None }));
            };
            let today = day_of(tx.now());
            if on > today {
                return Err(ApiError::field("on", Fault::AtMost(today.to_string())));
            }
            let moment = end_of(on).min(tx.now());
            let past = tx.plan_at((*id).into(), moment).await?;
            let (file, interventions) = past.ok_or(ApiError::NotFound)?;
            let as_of = AsOf {
                on,
                interventions: interventions.into_iter().map(Into::into).collect(),
                target_group: tx.target_group_on(case.young_person, on).await?,
            };
            Ok((file.version, PlanOnDay { plan: file.into(), as_of: Some(as_of) }))
        })
        .await?;
    answer_with_version(&request, version, &view)
}
