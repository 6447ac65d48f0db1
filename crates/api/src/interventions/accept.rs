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

/// Why it is accepted, where there is something to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptBody {
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    reason: Option<String>,
}

/// Accept a referral
///
/// By the provider's visitation, until it has started. It stays where it is in its life; what the
/// catalogue asks a visitation for may start after this.
#[utoipa::path(
    operation_id = "acceptReferral",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = AcceptBody,
    responses((status = 200, description = "Accepted", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/accept")]
pub async fn accept_referral(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<AcceptBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "acceptReferral", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<Visitate>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let by = step.permit.employee();
        let event = step.thing.accept(by, body.value.reason, day_of(tx.now()))?;
        record(tx, step, &event).await
    })
    .await
}
