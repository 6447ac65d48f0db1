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
use domain::calendar::day_of;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why it is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefuseBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Refuse a referral
///
/// By the provider's visitation, until it has started, also after a yes. The place falls free, and the
/// first in line is offered it. The provider's access, where it came from this alone, ends.
#[utoipa::path(
    operation_id = "refuseReferral",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = RefuseBody,
    responses((status = 200, description = "Declined by the provider", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/refuse")]
pub async fn refuse_referral(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<RefuseBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "refuseReferral", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<Visitate>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.refuse(body.value.reason, day_of(tx.now()))?;
        record(tx, step, &event).await
    })
    .await
}
