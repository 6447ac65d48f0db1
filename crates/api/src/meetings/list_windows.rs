use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use persistence::meetings::calendar::WindowRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A window of meetings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WindowView {
    id: Uuid,
    /// Whose leaders run it.
    unit_id: Uuid,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// Every window.
#[derive(Debug, Serialize, ToSchema)]
pub struct Windows {
    items: Vec<WindowView>,
}

impl From<WindowRow> for WindowView {
    fn from(row: WindowRow) -> Self {
        Self { id: row.id, unit_id: row.unit_id, first_day: row.first_day, last_day: row.last_day }
    }
}

/// List the windows of meetings
///
/// The latest first.
#[utoipa::path(
    operation_id = "listMeetingWindows",
    tag = "meetings",
    security(("bearer" = [])),
    responses((status = 200, description = "The windows", body = Windows), ReadProblems),
)]
#[get("/meeting-windows")]
pub async fn list_meeting_windows(
    caller: Caller,
    edge: Data<Edge>,
) -> Result<Json<Windows>, ApiError> {
    edge.read(&caller, "listMeetingWindows", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let rows = tx.windows().await?;
        Ok(Json(Windows { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
