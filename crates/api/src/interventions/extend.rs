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
use domain::access::policy::ExtendIntervention;
use domain::calendar::day_of;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Until when, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtendBody {
    /// Later than the present one.
    planned_end: Day,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Extend an intervention
///
/// One that is under way, to a later planned end than it has; beyond the usual length as well. Each
/// extension is kept.
#[utoipa::path(
    operation_id = "extendIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ExtendBody,
    responses((status = 200, description = "Extended", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/extend")]
pub async fn extend_intervention(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ExtendBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "extendIntervention", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<ExtendIntervention>(tx, &actor, *id, false).await?;
        if_match.check(step.thing.version)?;
        let ExtendBody { planned_end, reason } = body.value;
        let event = step.thing.extend(planned_end.date(), reason, day_of(tx.now()))?;
        record(tx, step, &event).await
    })
    .await
}
