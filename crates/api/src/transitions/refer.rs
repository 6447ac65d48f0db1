use super::agree_responsibility::withdraw;
use super::{TransitionNeedView, settled, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::SettleNeed;
use domain::timeline::EventKind;
use domain::transitions::TransitionNeed;
use persistence::Change;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// To whom, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransitionReferralBody {
    /// An operational unit of J&V or UU.
    unit_id: Uuid,
    #[schema(schema_with = schema::prose::<2000>)]
    words: String,
}

/// Refer instead of meeting
///
/// What is exempt (aftercare alone, a need as small as a contact person) is referred to the jobcenter, UU or both: each
/// once. One that was to be met about is exempt from then on, unless their support asks for a meeting. The unit sees the young person for 26 weeks.
#[utoipa::path(
    operation_id = "referTransitionNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = TransitionReferralBody,
    responses((status = 200, description = "As it is now", body = TransitionNeedView), CommandProblems, VersionProblems),
)]
#[post("/transition-needs/{id}/refer")]
pub async fn refer_transition_need(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<TransitionReferralBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "referTransitionNeed", Some(*id), &body.raw, async |tx| {
        tx.may_check().await?;
        let asked = body.value;
        let (permit, row) = step::<SettleNeed>(tx, *id, Some(&if_match)).await?;
        let exempted = TransitionNeed::try_from(&row)?.exempt(asked.words.clone())?;
        if let Some(event) = &exempted {
            let open = tx.open_agreement(row.young_person_id.into()).await?;
            if let Some(before) = open.filter(|agreed| agreed.need_id == row.id) {
                withdraw(tx, &permit, &before).await?;
            }
            tx.store_need(&permit, &row, event).await?;
        } else {
            tx.touch_need(&permit, &row).await?;
        }
        let referral = tx.refer_need(&permit, &row, asked.unit_id.into(), &asked.words).await?;
        let change = Change {
            subject: &referral,
            kind: EventKind::TransitionNeedReferred,
            payload: &json!({ "needId": row.id, "unitId": asked.unit_id, "exempted": exempted.is_some() }),
        };
        tx.record(&permit, change).await?;
        settled(tx, &permit, &row).await
    })
    .await
}
