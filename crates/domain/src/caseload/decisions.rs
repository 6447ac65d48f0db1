//! What a unit's leader decides: norms, terms and cover. They hold from today or later, so that the past stays as
//! it was (CL-10), and cover has an end (CL-5).

use crate::Refusal;
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

/// How many days after its first one cover ends at the latest (*chosen*).
pub const COVER_DAYS: i64 = 365;

/// Why something is not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum DecisionRefusal {
    /// It is to hold from a day that has passed.
    #[error("it holds from {from} or later")]
    DayPast {
        /// The first day that may be named.
        from: NaiveDate,
    },
    /// CL-5.
    #[error("cover ends between {from} and {to}")]
    CoverOutOfRange {
        /// The first day on which it may end.
        from: NaiveDate,
        /// The last one.
        to: NaiveDate,
    },
    /// There is nothing to end.
    #[error("the cover has ended")]
    CoverEnded {},
}

impl Refusal for DecisionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DayPast { .. } => "caseload.day-past",
            Self::CoverOutOfRange { .. } => "cover.days-out-of-range",
            Self::CoverEnded {} => "cover.ended",
        }
    }
}

/// Refuses a day that has passed.
pub fn ensure_not_past(from: NaiveDate, today: NaiveDate) -> Result<(), DecisionRefusal> {
    if from >= today { Ok(()) } else { Err(DecisionRefusal::DayPast { from: today }) }
}

/// Refuses cover of days that cannot be.
pub fn ensure_cover(
    from: NaiveDate,
    until: NaiveDate,
    today: NaiveDate,
) -> Result<(), DecisionRefusal> {
    ensure_not_past(from, today)?;
    let to = from + TimeDelta::days(COVER_DAYS);
    if (from..=to).contains(&until) {
        return Ok(());
    }
    Err(DecisionRefusal::CoverOutOfRange { from, to })
}

/// Refuses to end cover that has been ended, or whose last day has passed.
pub fn ensure_running(
    is_ended: bool,
    until: NaiveDate,
    today: NaiveDate,
) -> Result<(), DecisionRefusal> {
    if is_ended || until < today { Err(DecisionRefusal::CoverEnded {}) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn cl_10_what_is_decided_holds_from_today_or_later() {
        let today = day("2026-11-23");
        assert_eq!(ensure_not_past(today, today), Ok(()));
        let refused = ensure_not_past(day("2026-11-22"), today);
        assert_eq!(refused, Err(DecisionRefusal::DayPast { from: today }));
        assert_eq!(ensure_cover(day("2026-11-22"), day("2026-11-30"), today), refused);
    }

    #[test]
    fn cl_05_cover_has_an_end_a_year_on_at_most() {
        let today = day("2027-03-01");
        let to = day("2028-02-29");
        for (until, fits) in [
            ("2027-02-28", false),
            ("2027-03-01", true),
            ("2028-02-29", true),
            ("2028-03-01", false),
        ] {
            let expected = DecisionRefusal::CoverOutOfRange { from: today, to };
            let expected = if fits { Ok(()) } else { Err(expected) };
            assert_eq!(ensure_cover(today, day(until), today), expected, "{until}");
        }
    }

    #[test]
    fn cl_05_cover_is_ended_once_and_before_its_last_day_has_passed() {
        let today = day("2026-11-23");
        assert_eq!(ensure_running(false, today, today), Ok(()));
        let ended = Err(DecisionRefusal::CoverEnded {});
        assert_eq!(ensure_running(true, today, today), ended);
        assert_eq!(ensure_running(false, day("2026-11-22"), today), ended);
    }
}
