//! Attendance and absence, day by day of a started intervention (IV-9).

use super::{Intervention, InterventionRefusal, InterventionState};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What somebody was on a day.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Presence {
    /// Came.
    Present,
    /// Did not come, for a reason that holds.
    Excused,
    /// Did not come.
    Absent,
}

/// A day that is told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Attended {
    /// Which.
    pub on: NaiveDate,
    /// What they were.
    pub presence: Presence,
    /// How long they were there, where it was told: in quarters, which add up exactly.
    pub hours: Option<f64>,
}

/// Days added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Days on which they came.
    pub present: usize,
    /// Days on which they did not, for a reason that holds.
    pub excused: usize,
    /// Days on which they did not.
    pub absent: usize,
    /// The hours that were told.
    pub hours: f64,
}

/// Adds days up.
#[must_use]
pub fn summary(days: &[Attended]) -> Summary {
    days.iter().fold(Summary::default(), |mut sum, day| {
        match day.presence {
            Presence::Present => sum.present += 1,
            Presence::Excused => sum.excused += 1,
            Presence::Absent => sum.absent += 1,
        }
        sum.hours += day.hours.unwrap_or_default();
        sum
    })
}

impl Intervention {
    /// Refuses days that are not its own: between its start and today, or its end once it is over.
    pub fn ensure_attended(
        &self,
        days: &[Attended],
        today: NaiveDate,
    ) -> Result<(), InterventionRefusal> {
        let (from, to) = match self.state {
            InterventionState::Started { on } => (on, today),
            InterventionState::Ended { started_on, on, .. } => (started_on, on),
            _ => return Err(self.not_allowed("attend")),
        };
        if days.iter().all(|day| (from..=to).contains(&day.on)) {
            Ok(())
        } else {
            Err(InterventionRefusal::DayOutOfRange { from, to })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iv_09_days_add_up_by_presence_and_hours() {
        let day = |presence, hours| Attended { on: "2026-11-23".parse().unwrap(), presence, hours };
        let days = [
            day(Presence::Present, Some(3.0)),
            day(Presence::Present, Some(2.25)),
            day(Presence::Present, None),
            day(Presence::Excused, None),
            day(Presence::Absent, None),
            day(Presence::Absent, None),
        ];
        let expected = Summary { present: 3, excused: 1, absent: 2, hours: 5.25 };
        assert_eq!(summary(&days), expected);
        assert_eq!(summary(&[]), Summary::default());
    }
}
