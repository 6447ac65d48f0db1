use super::PlanView;
use super::step::{does_casework, plan_changed, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ClosePlan;
use domain::plans::{PlanEvent, PlanOutcome};
use domain::tasks::TaskKind;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{Array, ArrayBuilder, ObjectBuilder};
use uuid::Uuid;

/// How the plan ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClosePlanBody {
    #[schema(schema_with = schema::code::<PlanOutcome>)]
    outcome: PlanOutcome,
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<4000>, required = false)]
    note: Option<String>,
    /// Running interventions that a unit carries on.
    #[serde(default)]
    #[schema(max_items = 50)]
    carry_on: Vec<CarryOn>,
}

/// A unit that carries interventions on.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarryOn {
    unit_id: Uuid,
    #[schema(schema_with = ids)]
    intervention_ids: Vec<Uuid>,
}

/// Each once.
fn ids() -> Array {
    ArrayBuilder::new()
        .items(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
        )
        .min_items(Some(1))
        .max_items(Some(50))
        .unique_items(true)
        .build()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Closed<'a> {
    #[serde(flatten)]
    event: &'a PlanEvent,
    carried_on: &'a [CarryOn],
}

/// Close a plan with its outcome
///
/// After its interventions have ended, or been given to a named unit that carries them on. A closed
/// plan changes no more; those who took part see it for another 30 weeks, and after six months the
/// coordinating caseworker is asked for what became of the young person.
#[utoipa::path(
    operation_id = "closePlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ClosePlanBody,
    responses((status = 200, description = "The plan is closed", body = PlanView), CommandProblems, VersionProblems),
)]
#[post("/plans/{id}/close")]
pub async fn close_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ClosePlanBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "closePlan", Some(*id), &body.raw, async |tx| {
        let ClosePlanBody { outcome, note, carry_on } = body.value;
        let (permit, plan) = step::<ClosePlan>(tx, *id, Some(&if_match)).await?;
        for (position, given) in carry_on.iter().enumerate() {
            let unit = tx.unit(given.unit_id.into()).await?.filter(|unit| unit.operational);
            let unit = unit.ok_or_else(|| {
                ApiError::field(&format!("/carryOn/{position}/unitId"), Fault::UnitUnknown)
            })?;
            let does_casework = does_casework(tx, unit.id.into()).await?;
            let carried = tx
                .carry_on(&permit, &plan, &given.intervention_ids, unit.id.into(), does_casework)
                .await?;
            if carried != given.intervention_ids.len() {
                return Err(ApiError::field(
                    &format!("/carryOn/{position}/interventionIds"),
                    Fault::Invalid,
                ));
            }
        }
        let running = tx.running_interventions(plan.id).await?;
        let seen = tx.running_interventions_seen(plan.id).await?;
        if running > 0 && seen == 0 {
            let rule = "plan.interventions-running".to_owned();
            return Err(ApiError::OverRows(rule, Map::new()));
        }
        let event = plan.close(seen, outcome, note, tx.now())?;
        let plan = tx.store_plan(&permit, plan, &event).await?;
        tx.all_tasks_done(plan.id.0).await?;
        tx.ask_in_time(TaskKind::TakeState, plan.id.0).await?;
        let payload = Closed { event: &event, carried_on: &carry_on };
        plan_changed(tx, &permit, &plan, event.kind(), &payload).await
    })
    .await
}
