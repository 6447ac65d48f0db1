use super::{TransitionNeedView, settled, step};
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
use domain::access::policy::SettleNeed;
use domain::calendar::day_of;
use domain::timeline::EventKind;
use domain::transitions::TransitionNeed;
use persistence::Change;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the committee said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitteeBody {
    /// Not after today.
    on: Day,
    #[schema(schema_with = schema::prose::<4000>)]
    words: String,
}

/// Tell that the aftercare committee talked it through
///
/// Once. Where the young person has an aftercare that goes on, the 17-year meeting is not held before; it is the family's.
#[utoipa::path(
    operation_id = "tellAftercareCommittee",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = CommitteeBody,
    responses((status = 200, description = "As it is now", body = TransitionNeedView), CommandProblems, VersionProblems),
)]
#[post("/transition-needs/{id}/committee")]
pub async fn tell_aftercare_committee(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<CommitteeBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellAftercareCommittee", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        let (permit, row) = step::<SettleNeed>(tx, *id, Some(&if_match)).await?;
        let (need, today) = (TransitionNeed::try_from(&row)?, day_of(tx.now()));
        let on = told.on.date();
        need.ensure_before_committee(on, today)?;
        let id = tx.tell_committee(&permit, &row, (on, &told.words)).await?;
        let kind = EventKind::TransitionNeedBroughtBeforeCommittee;
        let payload = json!({ "needId": row.id, "on": on });
        tx.record(&permit, Change { subject: &id, kind, payload: &payload }).await?;
        settled(tx, &permit, &row).await
    })
    .await
}
