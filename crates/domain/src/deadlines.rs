//! Deadlines as data (DL-1): how long after what begins something is to be done, by whom, and by which act. Law
//! moves, so the rules are rows with dates; here is what a row says.

use crate::Refusal;
use crate::calendar::add_working_days;
use crate::young_people::age_on;
use chrono::{Days, Months, NaiveDate};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a length is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Unit {
    /// Days on which the municipality works (DL-6).
    WorkingDays,
    /// Days of the calendar.
    Days,
    /// Weeks of the calendar.
    Weeks,
    /// Months of the calendar; the last day of one that is shorter.
    Months,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Length {
    /// So many.
    pub count: u32,
    /// Of these.
    pub unit: Unit,
}

impl Length {
    /// The day by which what begins on `from` is to be done.
    #[must_use]
    pub fn after(self, from: NaiveDate) -> NaiveDate {
        let by_days = |days: u64| from.checked_add_days(Days::new(days));
        let count = u64::from(self.count);
        match self.unit {
            Unit::WorkingDays => return add_working_days(from, self.count),
            Unit::Days => by_days(count),
            Unit::Weeks => by_days(count * 7),
            Unit::Months => from.checked_add_months(Months::new(self.count)),
        }
        .unwrap_or(NaiveDate::MAX)
    }
}

/// From what a deadline runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StartsFrom {
    /// A benefit begins.
    Benefit,
    /// An intervention starts.
    InterventionStarted,
    /// A plan is activated.
    PlanActivated,
    /// Something starts in a plan that is a draft.
    SomethingStartedInADraft,
    /// A second unit takes part in a plan.
    SecondUnitJoined,
    /// A plan is closed.
    PlanClosed,
    /// A target group is left.
    GroupLeft,
    /// The young person moves away.
    MovedOut,
    /// A place is offered.
    PlaceOffered,
    /// Another young person received the same CPR number.
    NumberContested,
    /// A 15-17-year-old does not follow the plan.
    PlanNotFollowed,
    /// The young person was contacted.
    YoungPersonContacted,
    /// An absence.
    Absence,
    /// A plan has nothing running or agreed.
    NothingAgreed,
    /// A task is past due.
    PastDue,
    /// A pregnancy is known.
    PregnancyKnown,
    /// A child is born.
    Birth,
    /// A transition meeting is needed.
    TransitionNeed,
    /// UU is to judge whether one is.
    NeedToJudge,
    /// A need is exempt.
    NeedExempted,
    /// It is agreed that the coordination passes.
    ResponsibilityAgreed,
    /// Primary school ends in half a year.
    SchoolEnds,
}

/// Whose a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Whose {
    /// The coordinating caseworker's; of the unit that has the case, while nobody coordinates.
    Coordinator,
    /// The institution's that provides.
    Institution,
    /// UU's.
    Uu,
    /// The team leader's.
    TeamLeader,
    /// The unit's that raised a need.
    Sender,
    /// The unit's that receives.
    Receiver,
    /// The directors'.
    Director,
}

/// Why the clocks of HL-9 do not start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum ClocksRefusal {
    /// The law means those from 15 to 17.
    #[error("they are {age}")]
    Not15To17 {
        /// How old they are on the day.
        age: u32,
    },
}

impl Refusal for ClocksRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Not15To17 { .. } => "activity-clock.age-out-of-range",
        }
    }
}

/// Decides whether the law asks for contact and a new activity of somebody born on a day who does not follow the
/// plan (HL-9, KUI § 2 a).
pub fn ensure_law_asks(born: NaiveDate, on: NaiveDate) -> Result<(), ClocksRefusal> {
    let age = age_on(born, on);
    if (15..18).contains(&age) { Ok(()) } else { Err(ClocksRefusal::Not15To17 { age }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hl_09_the_law_asks_from_the_15th_birthday_to_the_day_before_the_18th() {
        let born: NaiveDate = "2010-11-23".parse().unwrap();
        for (on, age) in [
            ("2025-11-22", Some(14)),
            ("2025-11-23", None),
            ("2028-11-22", None),
            ("2028-11-23", Some(18)),
        ] {
            let expected = age.map_or(Ok(()), |age| Err(ClocksRefusal::Not15To17 { age }));
            assert_eq!(ensure_law_asks(born, on.parse().unwrap()), expected, "{on}");
        }
    }

    #[test]
    fn dl_01_a_length_is_counted_in_its_unit() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (count, unit, from, to) in [
            (7, Unit::Days, "2026-11-23", "2026-11-30"),
            (5, Unit::WorkingDays, "2026-12-22", "2027-01-04"),
            (26, Unit::Weeks, "2026-11-23", "2027-05-24"),
            (1, Unit::Months, "2027-01-31", "2027-02-28"),
            (6, Unit::Months, "2027-08-31", "2028-02-29"),
        ] {
            assert_eq!(Length { count, unit }.after(day(from)), day(to), "{count} {unit:?}");
        }
    }
}
