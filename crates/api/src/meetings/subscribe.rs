use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::session::{digest_of, new_secret};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::SubscribeCalendar;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where one's calendar is. Told once: only a digest of the secret in it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscription {
    id: Uuid,
    /// The path, below the host: whoever knows it reads the calendar, until it is withdrawn.
    path: String,
}

/// Subscribe to one's calendar of meetings
///
/// A new secret; the one before holds no more. Its answer is kept under no `Idempotency-Key`: it is told once.
#[utoipa::path(
    operation_id = "subscribeCalendar",
    tag = "meetings",
    security(("bearer" = [])),
    responses((status = 201, description = "Where it is", body = Subscription), CommandProblems),
)]
#[post("/me/calendar")]
pub async fn subscribe_calendar(
    caller: Caller,
    edge: Data<Edge>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller.without_key(), "subscribeCalendar", None, &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<SubscribeCalendar>(&actor, Scope::Nothing)?;
        let (secret, digest) = new_secret()?;
        let id = tx.subscribe_calendar(&permit, &digest).await?;
        let kind = EventKind::CalendarSubscribed;
        tx.record(&permit, Change { subject: &id, kind, payload: &json!({}) }).await?;
        debug_assert_eq!(digest, digest_of(&secret), "what is looked up is what is kept");
        let view = Subscription { id, path: format!("/api/v1/calendars/{secret}.ics") };
        answer(StatusCode::CREATED, None, None, None, &view)
    })
    .await
}
