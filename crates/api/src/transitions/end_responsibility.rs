use super::read_responsibility::StatutoryView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::DecideResponsibility;
use domain::access::{Scope, authorize};
use domain::responsibility::ResponsibilityRefusal;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// When it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndResponsibilityBody {
    /// The last day; also one to come.
    on: Day,
}

/// End that a unit decides
///
/// By whoever decides: what was told for longer, or without an end, ends on that day.
#[utoipa::path(
    operation_id = "endResponsibility",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "That a unit decides"), ("If-Match" = String, Header, description = "The version it was read with")),
    request_body = EndResponsibilityBody,
    responses((status = 200, description = "As it is now", body = StatutoryView), CommandProblems, VersionProblems),
)]
#[post("/responsibilities/{id}/end")]
pub async fn end_responsibility(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<EndResponsibilityBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "endResponsibility", Some(*id), &body.raw, async |tx| {
        let on = body.value.on.date();
        let actor = tx.actor().await?;
        let (case, _) = tx.statutory_responsibility(*id).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<DecideResponsibility>(&actor, Scope::Case(&case))?;
        let whose = case.young_person;
        tx.lock_young_person(whose).await?.ok_or(ApiError::NotFound)?;
        let (_, known) = tx.statutory_responsibility(*id).await?.ok_or(ApiError::NotFound)?;
        if_match.check(known.version)?;
        if !actor.roles.iter().any(|role| role.unit.0 == known.unit_id) {
            return Err(ResponsibilityRefusal::NotTheDecider {}.into());
        }
        if on < known.from_day {
            return Err(ApiError::field("/on", Fault::AtLeast(known.from_day.to_string())));
        }
        tx.end_responsibility(&permit, &known, on).await?;
        let kind = EventKind::ResponsibilityEnded;
        tx.record(&permit, Change { subject: &known.id, kind, payload: &json!({ "on": on }) })
            .await?;
        let (_, row) = tx.statutory_responsibility(*id).await?.ok_or(StoreError::Hidden)?;
        changed(row.version, Some(whose), &StatutoryView::from(row))
    })
    .await
}
