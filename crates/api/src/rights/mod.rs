//! Requests for rights (OR-3): one person proposes a right, and another confirms or refuses it. One file per operation.

pub mod confirm;
pub mod list;
pub mod read;
pub mod refuse;

use crate::schema;
use chrono::{DateTime, Utc};
use domain::organisation::Role;
use domain::rights::State;
use persistence::rights::RightsRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A role or a one-time pass phrase that one person proposes and another one confirms.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RightsRequestView {
    id: Uuid,
    /// A role in a unit, or a one-time pass phrase, which opens an account or replaces a forgotten pass phrase.
    #[schema(schema_with = kinds)]
    kind: String,
    /// The employee who gets it.
    employee_id: Uuid,
    /// The role; `null` for a pass phrase.
    #[schema(schema_with = schema::optional_code::<Role>)]
    role: Option<String>,
    /// The unit of the role; `null` for a pass phrase.
    unit_id: Option<Uuid>,
    #[schema(schema_with = schema::code::<State>)]
    state: String,
    /// The employee who proposed it; `null` if a command on the machine made it.
    requested_by_id: Option<Uuid>,
    requested_at: DateTime<Utc>,
    /// The time before which it can be confirmed: 14 days after the proposal.
    expires_at: DateTime<Utc>,
    /// The time at which it was confirmed, refused or withdrawn, or lapsed.
    settled_at: Option<DateTime<Utc>>,
    /// The employee who confirmed, refused or withdrew it.
    settled_by_id: Option<Uuid>,
    version: i64,
}

fn kinds() -> utoipa::openapi::schema::Object {
    schema::one_of(&["role", "pass-phrase"])
}

impl From<RightsRow> for RightsRequestView {
    fn from(row: RightsRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            employee_id: row.employee_id,
            role: row.role,
            unit_id: row.unit_id,
            state: row.state,
            requested_by_id: row.requested_by_id,
            requested_at: row.requested_at,
            expires_at: row.expires_at,
            settled_at: row.settled_at,
            settled_by_id: row.settled_by_id,
            version: row.version,
        }
    }
}
