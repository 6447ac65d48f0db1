//! Days and working days. A day is a day in Copenhagen; working days follow the Danish calendar (DL-6).

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Europe::Copenhagen;
use std::fmt;
use std::str::FromStr;

/// The day it is in Copenhagen at `moment`.
#[must_use]
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Copenhagen).date_naive()
}

/// The moment at which `day` begins in Copenhagen. (The clock is changed in the small hours, never at midnight.)
#[must_use]
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    midnight
        .and_local_timezone(Copenhagen)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |begins| begins.to_utc())
}

/// The last moment of `day` in Copenhagen, to the microsecond that the database keeps.
#[must_use]
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    start_of(day + Days::new(1)) - TimeDelta::microseconds(1)
}

/// The largest time by which a client's clock may be ahead of the server's in a timestamp that it sends (U12).
pub const TOLERATED_AHEAD: TimeDelta = TimeDelta::minutes(5);

/// The timestamp to store for an event at a time that a client sent, whose clock may differ. A time in the future by at
/// most [`TOLERATED_AHEAD`] becomes `now`, because no stored timestamp is in the future. All other times are unchanged.
#[must_use]
pub fn happened_at(said: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if said <= now + TOLERATED_AHEAD { said.min(now) } else { said }
}

/// Is the municipality at work on `day`? Not on Saturdays and Sundays, the church's holidays, Store
/// Bededag before 2024, and (*chosen*, DL-6) 5 June, 24 and 31 December.
#[must_use]
pub fn is_working_day(day: NaiveDate) -> bool {
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        return false;
    }
    if matches!((day.month(), day.day()), (1, 1) | (6, 5) | (12, 24..=26 | 31)) {
        return false;
    }
    // Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Ascension, Whit Monday.
    let Ok(easter) = computus::gregorian_naive(day.year()) else { return true };
    let since_easter = (day - easter).num_days();
    let great_prayer_day = since_easter == 26 && day.year() < 2024;
    !(matches!(since_easter, -3 | -2 | 1 | 39 | 50) || great_prayer_day)
}

/// The working day that lies `count` working days after `from`.
#[must_use]
pub fn add_working_days(from: NaiveDate, count: u32) -> NaiveDate {
    let mut day = from;
    let mut left = count;
    while left > 0 {
        day = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        if is_working_day(day) || day == NaiveDate::MAX {
            left -= 1;
        }
    }
    day
}

/// A month: `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// So many months later.
    #[must_use]
    pub fn later(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(self.0))
    }

    /// So many months before.
    #[must_use]
    pub fn before(self, months: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(months)).unwrap_or(self.0))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%Y-%m").fmt(f)
    }
}

/// What is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month")]
pub struct NoMonth;

impl FromStr for Month {
    type Err = NoMonth;

    /// Four digits, a hyphen and two digits; nothing else.
    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let is_written_so = text.len() == 7 && text.bytes().filter(u8::is_ascii_digit).count() == 6;
        let first = is_written_so.then(|| format!("{text}-01").parse().ok()).flatten();
        first.map(Self).ok_or(NoMonth)
    }
}

#[cfg(test)]
mod tests;
