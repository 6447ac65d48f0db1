//! The day that a read is asked for.

use crate::day::Day;
use crate::problem::{ApiError, Fault};
use chrono::NaiveDate;
use domain::calendar::day_of;
use persistence::Tx;
use serde::Deserialize;
use utoipa::IntoParams;

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OnDay {
    /// Today, and as it is now, where nothing is asked.
    on: Option<Day>,
}

impl OnDay {
    /// The day that is asked for, where one is.
    pub fn asked(&self) -> Option<NaiveDate> {
        self.on.map(Day::date)
    }

    /// The day that is asked for, or today.
    pub fn or_today(&self, tx: &Tx) -> NaiveDate {
        self.asked().unwrap_or_else(|| day_of(tx.now()))
    }
}

/// Refuses a day that is yet to come.
pub fn ensure_not_after(pointer: &str, day: NaiveDate, today: NaiveDate) -> Result<(), ApiError> {
    if day <= today {
        return Ok(());
    }
    Err(ApiError::field(pointer, Fault::AtMost(today.to_string())))
}
