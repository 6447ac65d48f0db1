use super::icalendar;
use crate::caller::request_id;
use crate::edge::Edge;
use crate::problem::{ApiError, Problem};
use crate::session::digest_of;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};

/// Read a subscribed calendar
///
/// By its secret alone, as calendar programs do: the meetings to which its employee is called, from 90 days back on. Initials and
/// place, and no place where that is protected. What was withdrawn, or was never there, is not found.
#[utoipa::path(
    operation_id = "readSubscribedCalendar",
    tag = "meetings",
    params(("token" = String, Path, description = "The secret")),
    responses(
        (status = 200, description = "iCalendar (RFC 5545)", body = String, content_type = "text/calendar"),
        (status = 404, description = "No such calendar", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Come back after `Retry-After` seconds", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/calendars/{token}.ics")]
pub async fn read_subscribed_calendar(
    request: HttpRequest,
    edge: Data<Edge>,
    token: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let digest = digest_of(&token);
    let name = "readSubscribedCalendar";
    let (by, now) = (request_id(&request), edge.clock().now());
    let entries = edge.store().subscribed_calendar(&digest, name, by, now).await?;
    Ok(icalendar::feed(&entries.ok_or(ApiError::NotFound)?))
}
