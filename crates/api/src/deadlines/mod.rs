//! Deadlines as data, what a unit kept and broke, the gap list with its exemptions, and the clocks of those aged
//! 15 to 17. One file per operation: request, response, docs, handler.

pub mod exempt_plan;
pub mod list_gaps;
pub mod list_plan_exemptions;
pub mod list_rules;
pub mod list_school_holidays;
pub mod start_activity_clocks;
pub mod unit_deadlines;

use crate::problem::ApiError;
use chrono::{DateTime, NaiveDate, Utc};
use domain::deadlines::ClocksRefusal;
use persistence::deadlines::PlanExemptionRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

impl From<ClocksRefusal> for ApiError {
    fn from(refusal: ClocksRefusal) -> Self {
        Self::refused(&refusal)
    }
}

/// A periodic exemption of a plan from the gap list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanExemptionView {
    id: Uuid,
    reason: String,
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    given_by_id: Uuid,
    given_at: DateTime<Utc>,
}

impl From<PlanExemptionRow> for PlanExemptionView {
    fn from(row: PlanExemptionRow) -> Self {
        Self {
            id: row.id,
            reason: row.reason,
            from: row.from_day,
            to: row.to_day,
            given_by_id: row.given_by_id,
            given_at: row.given_at,
        }
    }
}
