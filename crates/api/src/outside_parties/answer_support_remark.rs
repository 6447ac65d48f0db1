use super::views::SupportRemarkView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::plans::step_of;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::calendar::day_of;
use domain::disclosures::SchoolAnswer;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the school answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SchoolAnswerBody {
    /// Today where nothing is told; not ahead, and not before the remark was sent.
    #[serde(default)]
    on: Option<Day>,
    #[schema(schema_with = schema::prose::<4000>)]
    text: String,
}

/// Record the school's answer to a remark on support needs
///
/// Once. Answers with the remark.
#[utoipa::path(
    operation_id = "answerSupportRemark",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The remark"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = SchoolAnswerBody,
    responses((status = 200, description = "With its answer", body = SupportRemarkView), CommandProblems, VersionProblems),
)]
#[post("/support-remarks/{id}/answer")]
pub async fn answer_support_remark(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<SchoolAnswerBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "answerSupportRemark", Some(*id), &body.raw, async |tx| {
        let today = day_of(tx.now());
        let SchoolAnswerBody { on, text } = body.value;
        let answer = SchoolAnswer { on: on.map_or(today, Day::date), text };
        let actor = tx.actor().await?;
        let remark = tx.support_remark((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let named = Some((&if_match, remark.version));
        let (permit, plan) =
            step_of::<AmendPlan>(tx, &actor, (remark.plan.into(), remark.row), named).await?;
        remark.thing.disclosure.answer(remark.thing.answer.as_ref(), &answer, today)?;
        tx.answer_support_remark(&permit, &remark, &answer).await?;
        let kind = EventKind::SupportRemarkAnswered;
        tx.record(&permit, Change { subject: &remark.id, kind, payload: &answer }).await?;
        let now = tx.support_remark((*id).into()).await?.ok_or(StoreError::Hidden)?;
        changed(now.version, Some(plan.young_person), &SupportRemarkView::from(now))
    })
    .await
}
