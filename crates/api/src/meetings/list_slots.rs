use crate::caller::Caller;
use crate::day::Day;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::{ApiError, Fault};
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Days, Utc};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::calendar::{day_of, start_of};
use persistence::meetings::calendar::SlotRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A year and a half of slots at most.
const LONGEST: Days = Days::new(550);

/// A slot of a window.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlotView {
    id: Uuid,
    window_id: Uuid,
    /// Null where it is taken: it is told of nobody who is where.
    room_id: Option<Uuid>,
    room: Option<String>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// Nobody is in its room then.
    free: bool,
}

impl From<SlotRow> for SlotView {
    fn from(row: SlotRow) -> Self {
        Self {
            id: row.id,
            window_id: row.window_id,
            room_id: row.room_id,
            room: row.room_name,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            free: row.free,
        }
    }
}

/// Which slots.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSlots {
    /// The first day; today where nothing is asked.
    from: Option<Day>,
    /// The last day; 550 days on where nothing is asked, and at most.
    to: Option<Day>,
    /// Only those that are free.
    #[serde(default)]
    #[param(default = false)]
    free: bool,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List the slots of the windows
///
/// Those ahead, in order: the calendar that all share. It tells of nobody.
#[utoipa::path(
    operation_id = "listMeetingSlots",
    tag = "meetings",
    security(("bearer" = [])),
    params(ListSlots),
    responses((status = 200, description = "A page", body = Page<SlotView>), ReadProblems),
)]
#[get("/meeting-slots")]
pub async fn list_meeting_slots(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListSlots>,
) -> Result<Json<Page<SlotView>>, ApiError> {
    let asked =
        Asked::<(DateTime<Utc>, Uuid)>::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let page = edge
        .read(&caller, "listMeetingSlots", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let first = query.from.map_or_else(|| day_of(tx.now()), Day::date);
            let last = query.to.map_or(first + LONGEST, Day::date);
            if last < first || last > first + LONGEST {
                let fault = if last < first {
                    Fault::AtLeast(first.to_string())
                } else {
                    Fault::AtMost((first + LONGEST).to_string())
                };
                return Err(ApiError::field("to", fault));
            }
            let span = (start_of(first), start_of(last + Days::new(1)));
            let rows = tx.slots(span, query.free, asked.after, asked.limit + 1).await?;
            Ok(asked.page(rows, |row| (row.starts_at, row.id), |row| row.clone().into()))
        })
        .await?;
    Ok(Json(page))
}
