//! Meetings about a young person: windows, rooms and slots; called, moved, cancelled, held; network meetings; calendars.
//! One file per operation: request, response, docs, handler.

mod booking;
pub mod call;
pub mod call_network;
pub mod cancel;
pub mod end_pregnancy;
pub mod excuse;
pub mod hold;
mod icalendar;
pub mod invite;
pub mod list;
pub mod list_pregnancies;
pub mod list_rooms;
pub mod list_slots;
pub mod list_windows;
pub mod move_meeting;
pub mod offer_slots;
pub mod protect_place;
pub mod read;
pub mod read_calendar;
pub mod register_pregnancy;
pub mod send_minutes;
pub mod set_window;
mod step;
pub mod subscribe;
pub mod subscribed_calendar;
pub mod tell_birth;
pub mod tell_room;
mod views;
pub mod withdraw_room;
pub mod withdraw_slot;
pub mod withdraw_subscription;
pub mod withdraw_window;

pub use views::MeetingView;

use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, Utc};
use domain::meetings::{MeetingRefusal, OutsideBecause, OutsideRole};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

impl From<MeetingRefusal> for ApiError {
    fn from(refusal: MeetingRefusal) -> Self {
        Self::refused(&refusal)
    }
}

/// A time of its own in a room.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnTimeBody {
    room_id: Uuid,
    /// Ahead.
    starts_at: DateTime<Utc>,
    /// 15 minutes to four hours later.
    ends_at: DateTime<Utc>,
}

/// Outside the windows: an acute or overdue need, or moved because somebody is ill.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutsideBody {
    #[schema(schema_with = schema::code::<OutsideBecause>)]
    because: OutsideBecause,
    at: OwnTimeBody,
}

/// Somebody of a municipal unit who is called.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalledBody {
    unit_id: Uuid,
    /// Somebody who holds a role there.
    employee_id: Uuid,
}

/// Somebody outside who is called.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutsidePartyBody {
    #[schema(schema_with = schema::line::<200>)]
    name: String,
    #[schema(schema_with = schema::code::<OutsideRole>)]
    role: OutsideRole,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    organisation: Option<String>,
}
