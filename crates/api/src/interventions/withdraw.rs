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
use domain::access::policy::ReferIntervention;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why it is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawBody {
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    note: Option<String>,
}

/// Withdraw a referral
///
/// Before it has started. A place it held falls free, and the first in line is offered it.
#[utoipa::path(
    operation_id = "withdrawIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = WithdrawBody,
    responses((status = 200, description = "Withdrawn", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/withdraw")]
pub async fn withdraw_intervention(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<WithdrawBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "withdrawIntervention", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<ReferIntervention>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.withdraw(body.value.note)?;
        record(tx, step, &event).await
    })
    .await
}
