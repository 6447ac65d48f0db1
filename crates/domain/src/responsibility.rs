//! Who decides and who coordinates (TM-9). By law several units may decide, each under a paragraph, from and to a day.
//! One department coordinates at every instant; it passes by an agreement, once the day has come, the receiver has
//! accepted, the meeting is held and what was agreed there is done.

use crate::Refusal;
use crate::calendar::{add_working_days, start_of};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// After so many working days a breach rises to the directors (*chosen*).
pub const TO_DIRECTORS: u32 = 5;

/// An agreement that the coordination passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// From when on the receiver helps.
    pub supports_from: NaiveDate,
    /// From when on the receiver coordinates.
    pub coordinates_from: NaiveDate,
    /// When the receiver accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the coordination passed by it.
    pub passed_at: Option<DateTime<Utc>>,
}

/// How far a breach has risen: the receiver has not accepted, and the day has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Breach {
    /// To both team leaders, the same day.
    TeamLeaders,
    /// To the directors.
    Directors,
}

/// Why an agreement is not made or accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum ResponsibilityRefusal {
    /// The receiver supports before it coordinates.
    #[error("the receiver supports before it coordinates")]
    DaysContradict {},
    /// It is accepted once, and stays as it was agreed.
    #[error("it is accepted already")]
    AlreadyAccepted {},
    /// Nothing is agreed that could be accepted.
    #[error("nothing is agreed")]
    NothingAgreed {},
    /// Only the receiver accepts.
    #[error("another unit receives")]
    NotTheReceiver {},
    /// Only who decides ends that.
    #[error("another unit decides")]
    NotTheDecider {},
}

impl Refusal for ResponsibilityRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DaysContradict {} => "responsibility.days-contradict",
            Self::AlreadyAccepted {} => "responsibility.already-accepted",
            Self::NothingAgreed {} => "responsibility.nothing-agreed",
            Self::NotTheReceiver {} => "responsibility.not-the-receiver",
            Self::NotTheDecider {} => "responsibility.not-the-decider",
        }
    }
}

impl Agreement {
    /// An agreement with these days.
    pub fn new(
        supports_from: NaiveDate,
        coordinates_from: NaiveDate,
    ) -> Result<Self, ResponsibilityRefusal> {
        if coordinates_from < supports_from {
            return Err(ResponsibilityRefusal::DaysContradict {});
        }
        Ok(Self { supports_from, coordinates_from, accepted_at: None, passed_at: None })
    }

    /// The receiver accepts.
    pub fn accept(&self, at: DateTime<Utc>) -> Result<Self, ResponsibilityRefusal> {
        match self.accepted_at {
            Some(_) => Err(ResponsibilityRefusal::AlreadyAccepted {}),
            None => Ok(Self { accepted_at: Some(at), ..*self }),
        }
    }

    /// May another be agreed instead? While it is not accepted.
    pub fn replace(&self) -> Result<(), ResponsibilityRefusal> {
        if self.accepted_at.is_some() {
            Err(ResponsibilityRefusal::AlreadyAccepted {})
        } else {
            Ok(())
        }
    }

    /// The moment from which on the receiver coordinates: midnight in Copenhagen of the agreed day, or as soon after as
    /// the last of the rest has happened. None: not all of it has, or it lies ahead.
    #[must_use]
    pub fn passes_at(
        &self,
        held_on: Option<NaiveDate>,
        done_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let at = start_of(self.coordinates_from)
            .max(self.accepted_at?)
            .max(start_of(held_on?))
            .max(done_at.unwrap_or(DateTime::UNIX_EPOCH));
        (at <= now).then_some(at)
    }

    /// How far it has risen that the receiver has not accepted though the day has come.
    #[must_use]
    pub fn breach(&self, today: NaiveDate) -> Option<Breach> {
        if self.accepted_at.is_some() || today < self.coordinates_from {
            return None;
        }
        let to_directors = add_working_days(self.coordinates_from, TO_DIRECTORS);
        Some(if today < to_directors { Breach::TeamLeaders } else { Breach::Directors })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn tm_09_the_coordination_passes_at_midnight_in_copenhagen_summer_and_winter() {
        for (from, expected) in [
            ("2027-01-10", "2027-01-09T23:00:00Z"),
            ("2027-06-10", "2027-06-09T22:00:00Z"),
            // The nights in which the clocks are moved.
            ("2027-03-28", "2027-03-27T23:00:00Z"),
            ("2027-03-29", "2027-03-28T22:00:00Z"),
            ("2027-10-31", "2027-10-30T22:00:00Z"),
            ("2027-11-01", "2027-10-31T23:00:00Z"),
        ] {
            let agreed = Agreement::new(day("2026-12-01"), day(from)).unwrap();
            let accepted = agreed.accept(at("2026-12-02T09:00:00Z")).unwrap();
            let held = Some(day("2026-11-20"));
            let expected = at(expected);
            let before = expected - chrono::TimeDelta::microseconds(1);
            assert_eq!(accepted.passes_at(held, None, expected), Some(expected), "{from}");
            assert_eq!(accepted.passes_at(held, None, before), None, "{from}");
        }
    }

    #[test]
    fn tm_09_it_does_not_pass_before_it_is_accepted_held_and_done() {
        let agreed = Agreement::new(day("2026-12-01"), day("2027-01-01")).unwrap();
        let (held, late) = (Some(day("2026-11-20")), at("2027-02-01T12:00:00Z"));
        assert_eq!(agreed.passes_at(held, None, late), None, "not accepted");
        let accepted = agreed.accept(at("2027-01-05T10:00:00Z")).unwrap();
        assert_eq!(accepted.passes_at(None, None, late), None, "not held");
        assert_eq!(accepted.passes_at(held, None, late), accepted.accepted_at);
        let done = at("2027-01-20T10:00:00Z");
        assert_eq!(accepted.passes_at(held, Some(done), late), Some(done));
        assert_eq!(accepted.accept(late), Err(ResponsibilityRefusal::AlreadyAccepted {}));
        assert_eq!(accepted.replace(), Err(ResponsibilityRefusal::AlreadyAccepted {}));
        assert_eq!(agreed.replace(), Ok(()));
    }

    #[test]
    fn tm_09_a_breach_rises_the_same_day_and_to_the_directors_after_five_working_days() {
        // Christmas lies between: the fifth working day after 21 December is 30 December.
        let agreed = Agreement::new(day("2026-12-01"), day("2026-12-21")).unwrap();
        for (today, expected) in [
            ("2026-12-20", None),
            ("2026-12-21", Some(Breach::TeamLeaders)),
            ("2026-12-29", Some(Breach::TeamLeaders)),
            ("2026-12-30", Some(Breach::Directors)),
            ("2027-12-30", Some(Breach::Directors)),
        ] {
            assert_eq!(agreed.breach(day(today)), expected, "{today}");
            let accepted = agreed.accept(at("2026-12-02T09:00:00Z")).unwrap();
            assert_eq!(accepted.breach(day(today)), None);
        }
        assert_eq!(
            Agreement::new(day("2026-12-02"), day("2026-12-01")),
            Err(ResponsibilityRefusal::DaysContradict {})
        );
    }

    proptest! {
        /// Whatever happens in whichever order: it never passes ahead of the agreed day, nor of any of its parts.
        #[test]
        fn tm_09_it_passes_after_all_of_it(days in 0_i64..800, accepted in 0_i64..800, held in 0_i64..800, done in 0_i64..800, now in 0_i64..800) {
            let start = at("2026-01-01T12:00:00Z");
            let moment = |days| start + chrono::TimeDelta::days(days);
            let agreed = Agreement::new(start.date_naive(), moment(days).date_naive()).unwrap().accept(moment(accepted)).unwrap();
            let passed = agreed.passes_at(Some(moment(held).date_naive()), Some(moment(done)), moment(now));
            let last = days.max(accepted).max(held).max(done);
            prop_assert_eq!(passed.is_some(), last <= now);
            if let Some(passed) = passed {
                prop_assert!(passed >= moment(accepted) && passed >= moment(done) && passed >= start_of(moment(days).date_naive()));
            }
        }
    }
}
