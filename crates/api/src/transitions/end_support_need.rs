use super::SupportNeedView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordSupport;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// When it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSupportNeedBody {
    /// The last day; also one to come.
    on: Day,
}

/// End a need of support
///
/// Of an aftercare the need of a meeting is raised half a year before. A need that was raised stays until it is settled.
#[utoipa::path(
    operation_id = "endSupportNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need of support"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = EndSupportNeedBody,
    responses((status = 200, description = "As it is now", body = SupportNeedView), CommandProblems, VersionProblems),
)]
#[post("/support-needs/{id}/end")]
pub async fn end_support_need(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<EndSupportNeedBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endSupportNeed", Some(*id), &body.raw, async |tx| {
        let on = body.value.on.date();
        let actor = tx.actor().await?;
        let (case, _) = tx.support_need(*id).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RecordSupport>(&actor, Scope::Case(&case))?;
        let whose = case.young_person;
        tx.lock_young_person(whose).await?.ok_or(ApiError::NotFound)?;
        let (_, known) = tx.support_need(*id).await?.ok_or(ApiError::NotFound)?;
        if_match.check(known.version)?;
        if on < known.from_day {
            return Err(ApiError::field("/on", Fault::AtLeast(known.from_day.to_string())));
        }
        let row = tx.end_support_need(&permit, &known, on).await?;
        let kind = EventKind::SupportNeedEnded;
        tx.record(&permit, Change { subject: &row.id, kind, payload: &json!({ "on": on }) })
            .await?;
        tx.reckon_transition(&permit, whose).await?;
        changed(row.version, Some(whose), &SupportNeedView::from(row))
    })
    .await
}
