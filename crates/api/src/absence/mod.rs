//! Absence and drop-out, as institutions report them. One file per operation: request, response, docs, handler.

pub mod list;
pub mod report;

use crate::problem::ApiError;
use chrono::NaiveDate;
use domain::absence::AbsenceRefusal;
use persistence::absence::AbsenceRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An absence, as it was told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AbsenceView {
    id: Uuid,
    from: NaiveDate,
    /// The last day; null: it goes on until a day of presence is told.
    to: Option<NaiveDate>,
    /// The day on which they stopped; null: they did not.
    dropped_out_on: Option<NaiveDate>,
    /// The day on which it was reported first.
    told_on: NaiveDate,
}

impl From<&AbsenceRow> for AbsenceView {
    fn from(row: &AbsenceRow) -> Self {
        Self {
            id: row.id,
            from: row.from_day,
            to: row.to_day,
            dropped_out_on: row.dropped_out_on,
            told_on: row.told_on,
        }
    }
}

impl From<AbsenceRefusal> for ApiError {
    fn from(refusal: AbsenceRefusal) -> Self {
        Self::refused(&refusal)
    }
}
