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
use domain::access::policy::DeclineIntervention;
use domain::calendar::day_of;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why it is said no to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Decline a place
///
/// That was offered, referred or waited for: the young person's own no. It falls free, and the first in line is offered it.
#[utoipa::path(
    operation_id = "declineIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = DeclineBody,
    responses((status = 200, description = "Declined", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/decline")]
pub async fn decline_intervention(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<DeclineBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "declineIntervention", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<DeclineIntervention>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.decline(body.value.reason, day_of(tx.now()))?;
        record(tx, step, &event).await
    })
    .await
}
