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
use domain::access::policy::EndIntervention;
use domain::calendar::day_of;
use domain::interventions::EndReason;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// When and why it ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndBody {
    /// The day on which it was over, and its place free: not before its first, and not after today.
    on: Day,
    /// `completed` where it ran to its end; else why it ended early.
    #[schema(schema_with = schema::code::<EndReason>)]
    reason: EndReason,
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<4000>, required = false)]
    note: Option<String>,
}

/// End an intervention
///
/// The place falls free, and the first in line is offered it before this answers. The provider's
/// access, where it came from this intervention alone, ends.
#[utoipa::path(
    operation_id = "endIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = EndBody,
    responses((status = 200, description = "Completed, or ended early", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/end")]
pub async fn end_intervention(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<EndBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endIntervention", Some(*id), &body.raw, async |tx| {
        let EndBody { on, reason, note } = body.value;
        let on = on.date();
        let actor = tx.actor().await?;
        let step = step::<EndIntervention>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let last_present = tx.last_present(step.thing.id).await?;
        let event = step.thing.end(on, last_present, reason, note, day_of(tx.now()))?;
        record(tx, step, &event).await
    })
    .await
}
