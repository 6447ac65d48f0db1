use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::FindYoungPeople;
use domain::access::{Scope, authorize};
use persistence::transitions::WindowDemand;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The coming windows, the next one first.
#[derive(Debug, Serialize, ToSchema)]
pub struct WindowDemands {
    items: Vec<WindowDemandView>,
}

/// What is due in a window, and the slots there are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WindowDemandView {
    window_id: Uuid,
    first_day: NaiveDate,
    last_day: NaiveDate,
    /// Needs for which nothing is booked, and that are to be met about in it at the latest.
    due: i32,
    slots: i32,
    /// Slots ahead that nobody has booked.
    free: i32,
    enough: bool,
}

impl From<WindowDemand> for WindowDemandView {
    fn from(row: WindowDemand) -> Self {
        Self {
            window_id: row.window_id,
            first_day: row.first_day,
            last_day: row.last_day,
            due: row.due,
            slots: row.slots,
            free: row.free,
            enough: row.due <= row.free,
        }
    }
}

/// Read what is due in the coming windows
///
/// Of the needs that the caller sees: how many are to be met about in each coming window at the latest, and whether its free
/// slots are enough.
#[utoipa::path(
    operation_id = "readWindowDemand",
    tag = "transitions",
    security(("bearer" = [])),
    responses((status = 200, description = "The coming windows", body = WindowDemands), ReadProblems),
)]
#[get("/meeting-window-demand")]
pub async fn read_window_demand(
    caller: Caller,
    edge: Data<Edge>,
) -> Result<Json<WindowDemands>, ApiError> {
    edge.read(&caller, "readWindowDemand", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<FindYoungPeople>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let items = tx.window_demand().await?.into_iter().map(Into::into).collect();
        Ok(Json(WindowDemands { items }))
    })
    .await
}
