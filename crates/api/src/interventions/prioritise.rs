use super::{InterventionView, record, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::Visitate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where in line, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrioritiseBody {
    /// 0, as usual, to 9, who stands first.
    #[schema(minimum = 0, maximum = 9)]
    priority: i32,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Prioritise in line
///
/// By the provider's visitation, somebody who waits. The line's order is by priority, then by the number
/// that was drawn. One whose offer lapses keeps both.
#[utoipa::path(
    operation_id = "prioritiseReferral",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = PrioritiseBody,
    responses((status = 200, description = "With its new place in line", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/prioritise")]
pub async fn prioritise_referral(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<PrioritiseBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "prioritiseReferral", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<Visitate>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.prioritise(body.value.priority, body.value.reason)?;
        record(tx, step, &event).await
    })
    .await
}
