//! The day that a read is asked for.

use crate::problem::{ApiError, Fault};
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::day_of;
use persistence::Tx;
use serde::Deserialize;
use std::ops::RangeInclusive;
use utoipa::IntoParams;

/// The years that may be asked for.
const YEARS: RangeInclusive<i32> = 1900..=2200;

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OnDay {
    /// Today, and as it is now, where nothing is asked.
    on: Option<NaiveDate>,
}

impl OnDay {
    /// The day that is asked for, where one is.
    pub fn asked(&self) -> Result<Option<NaiveDate>, ApiError> {
        bounded("on", self.on)
    }

    /// The day that is asked for, or today.
    pub fn or_today(&self, tx: &Tx) -> Result<NaiveDate, ApiError> {
        self.asked().map(|on| on.unwrap_or_else(|| day_of(tx.now())))
    }
}

/// Refuses a day of a year that no calendar of ours knows.
pub fn bounded(name: &str, day: Option<NaiveDate>) -> Result<Option<NaiveDate>, ApiError> {
    match day {
        Some(day) if !YEARS.contains(&day.year()) => Err(ApiError::field(name, Fault::Invalid)),
        day => Ok(day),
    }
}

/// Refuses a day that is yet to come.
pub fn ensure_not_after(pointer: &str, day: NaiveDate, today: NaiveDate) -> Result<(), ApiError> {
    if day <= today {
        return Ok(());
    }
    Err(ApiError::field(pointer, Fault::AtMost(today.to_string())))
}
