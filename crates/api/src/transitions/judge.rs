use super::{TransitionNeedView, guide, settled, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::JudgeNeed;
use domain::timeline::EventKind;
use domain::transitions::{Guide, TransitionNeed};
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What UU judged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JudgeTransitionNeedBody {
    /// Is a transition meeting needed?
    in_need: bool,
    /// One found for the 15th birthday may wait for the 17th.
    #[serde(default)]
    #[schema(schema_with = guide, required = false)]
    guide: Option<Guide>,
    #[schema(schema_with = schema::prose::<2000>)]
    words: String,
}

/// Judge whether a transition meeting is needed
///
/// By UU, of somebody who goes to STU or a special school, and may have no case in the family department. Where none is
/// needed at 15, it is asked again at 16½.
#[utoipa::path(
    operation_id = "judgeTransitionNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = JudgeTransitionNeedBody,
    responses((status = 200, description = "As it is now", body = TransitionNeedView), CommandProblems, VersionProblems),
)]
#[post("/transition-needs/{id}/judge")]
pub async fn judge_transition_need(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<JudgeTransitionNeedBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "judgeTransitionNeed", Some(*id), &body.raw, async |tx| {
        tx.may_check().await?;
        let asked = body.value;
        let (permit, row) = step::<JudgeNeed>(tx, *id, Some(&if_match)).await?;
        let need = TransitionNeed::try_from(&row)?;
        let event = need.judge(asked.in_need, asked.guide, asked.words)?;
        tx.store_need(&permit, &row, &event).await?;
        let kind = EventKind::TransitionNeedJudged;
        tx.record(&permit, Change { subject: &row.id, kind, payload: &event }).await?;
        settled(tx, &permit, &row).await
    })
    .await
}
