use crate::caller::Caller;
use crate::edge::{Edge, nothing};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::SubscribeCalendar;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::Change;
use serde_json::json;

/// Withdraw one's calendar
///
/// Whoever knows its secret reads nothing from now on.
#[utoipa::path(
    operation_id = "withdrawCalendar",
    tag = "meetings",
    security(("bearer" = [])),
    responses((status = 204, description = "There is none any more"), CommandProblems),
)]
#[post("/me/calendar/withdraw")]
pub async fn withdraw_calendar(caller: Caller, edge: Data<Edge>) -> Result<HttpResponse, ApiError> {
    edge.command(&caller.without_key(), "withdrawCalendar", None, &[], async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<SubscribeCalendar>(&actor, Scope::Nothing)?;
        if let Some(id) = tx.withdraw_calendar(&permit).await? {
            let kind = EventKind::CalendarWithdrawn;
            tx.record(&permit, Change { subject: &id, kind, payload: &json!({}) }).await?;
        }
        Ok(nothing())
    })
    .await
}
