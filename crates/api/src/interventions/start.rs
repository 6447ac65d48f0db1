use super::tailoring::ensure_begun_with_reason;
use super::{InterventionView, record, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::StartIntervention;
use domain::calendar::day_of;
use domain::interventions::Intervention;
use domain::plans::PlanStage;
use domain::tasks::TaskKind;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// When it starts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// Its first day; may be told beforehand.
    on: Day,
    /// Asked for where it lies outside the offer on that day, and no reason for it stands.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    reason: Option<String>,
}

/// Start an intervention
///
/// Of a referral, or of an offered place; where the catalogue asks for it, once the provider has accepted
/// and UU's newest intake assessment says yes, and not before a company-oriented one names its company.
/// In a draft plan only what cannot wait is started, which makes the task of activating it within four
/// weeks. Begun earlier than planned it may lie outside the offer's ages, target groups or usual length:
/// then it needs a reason.
#[utoipa::path(
    operation_id = "startIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = StartBody,
    responses((status = 200, description = "Started", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/start")]
pub async fn start_intervention(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<StartBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "startIntervention", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<StartIntervention>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        step.thing.ensure_open_in(step.stage)?;
        let today = day_of(tx.now());
        let admission = tx.admission(&step.thing).await?;
        let (on, reason) = (body.value.on.date(), body.value.reason);
        let event = step.thing.start(on, reason.clone(), today, step.stage, admission)?;
        ensure_begun_with_reason(tx, &step.thing, on, reason.as_deref()).await?;
        let (company_oriented, named) = tx.company_standing(&step.thing).await?;
        Intervention::ensure_company(company_oriented, named)?;
        if step.stage == PlanStage::Draft {
            tx.ask_in_time(TaskKind::ActivatePlan, step.thing.plan.0).await?;
        }
        record(tx, step, &event).await
    })
    .await
}
