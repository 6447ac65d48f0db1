//! Guardians (YP-9): recorded while the young person is under 18, and told as current until the midnight on
//! which they turn 18. Nothing stored changes then: it is computed.

use crate::Refusal;
use crate::ids::GuardianId;
use crate::timeline::EventKind;
use crate::young_people::age_on;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How many years old one is of age.
const OF_AGE: u32 = 18;

/// What a guardian is to the young person.
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
pub enum Relation {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// The other mother, or father, by law.
    CoParent,
    /// Married to a parent.
    StepParent,
    /// With whom they are placed.
    FosterParent,
    /// Another relative.
    Relative,
    /// A guardian who was appointed.
    Appointed,
    /// Somebody else.
    Other,
}

/// A guardian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Guardian {
    /// Ours.
    pub id: GuardianId,
    /// Who.
    pub name: String,
    /// What they are to the young person.
    pub relation: Relation,
    /// Have they custody?
    pub has_custody: bool,
    /// How to reach them; in no event, for it reveals a place (YP-5).
    #[serde(skip)]
    pub telephone: Option<String>,
    /// How to reach them; in no event either.
    #[serde(skip)]
    pub email: Option<String>,
    /// From which day.
    pub from: NaiveDate,
    /// The last day; none: until the young person is of age.
    pub to: Option<NaiveDate>,
    /// Raised by each change.
    #[serde(skip)]
    pub version: i64,
}

/// Why a guardian is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum GuardianRefusal {
    /// YP-9.
    #[error("the young person is of age")]
    OfAge {},
}

impl Refusal for GuardianRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OfAge {} => "guardian.of-age",
        }
    }
}

/// What happened to a guardian, as they are from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum GuardianEvent {
    /// They were recorded.
    Recorded(Guardian),
    /// They were amended.
    Amended(Guardian),
}

impl GuardianEvent {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Recorded(_) => EventKind::GuardianRecorded,
            Self::Amended(_) => EventKind::GuardianAmended,
        }
    }

    /// What is to be stored.
    #[must_use]
    pub const fn guardian(&self) -> &Guardian {
        match self {
            Self::Recorded(guardian) | Self::Amended(guardian) => guardian,
        }
    }
}

impl Guardian {
    /// Decides whether a guardian of somebody born then is recorded, or amended to be so, today.
    pub fn write(
        self,
        birth_date: NaiveDate,
        today: NaiveDate,
    ) -> Result<GuardianEvent, GuardianRefusal> {
        if age_on(birth_date, today) >= OF_AGE {
            return Err(GuardianRefusal::OfAge {});
        }
        Ok(match self.version {
            1 => GuardianEvent::Recorded(self),
            _ => GuardianEvent::Amended(self),
        })
    }

    /// Are they a guardian on a day, of somebody born then?
    #[must_use]
    pub fn is_current(&self, birth_date: NaiveDate, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to) && age_on(birth_date, day) < OF_AGE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::day_of;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn guardian(from: &str, to: Option<&str>) -> Guardian {
        Guardian {
            id: GuardianId(Uuid::from_u128(1)),
            name: "Karen".to_owned(),
            relation: Relation::Mother,
            has_custody: true,
            telephone: None,
            email: None,
            from: day(from),
            to: to.map(day),
            version: 1,
        }
    }

    /// The last moment of 17 and the first of 18 in Copenhagen: in winter, in summer, on the two nights
    /// on which the clock is changed, and of a child of 29 February.
    const MIDNIGHTS: [(&str, &str, &str); 6] = [
        ("2008-11-23", "2026-11-22T22:59:59.999999Z", "2026-11-22T23:00:00Z"),
        ("2008-07-01", "2026-06-30T21:59:59.999999Z", "2026-06-30T22:00:00Z"),
        ("2008-03-29", "2026-03-28T22:59:59.999999Z", "2026-03-28T23:00:00Z"),
        ("2008-10-25", "2026-10-24T21:59:59.999999Z", "2026-10-24T22:00:00Z"),
        ("2008-10-26", "2026-10-25T22:59:59.999999Z", "2026-10-25T23:00:00Z"),
        ("2008-02-29", "2026-02-28T22:59:59.999999Z", "2026-02-28T23:00:00Z"),
    ];

    #[test]
    fn yp_09_at_the_midnight_of_18_they_are_guardians_no_more() {
        for (born, last, first) in MIDNIGHTS {
            let (born, theirs) = (day(born), guardian("2020-01-01", None));
            let (last, first) = (day_of(last.parse().unwrap()), day_of(first.parse().unwrap()));
            assert!(theirs.is_current(born, last), "{born} on {last}");
            assert!(!theirs.is_current(born, first), "{born} on {first}");
            assert!(theirs.clone().write(born, last).is_ok(), "{born} on {last}");
            assert_eq!(theirs.write(born, first), Err(GuardianRefusal::OfAge {}), "{born}");
        }
    }

    #[test]
    fn yp_09_a_guardian_is_one_from_the_first_day_to_the_last() {
        let theirs = guardian("2025-01-01", Some("2025-06-30"));
        for (on, is) in [
            ("2024-12-31", false),
            ("2025-01-01", true),
            ("2025-06-30", true),
            ("2025-07-01", false),
        ] {
            assert_eq!(theirs.is_current(day("2010-01-01"), day(on)), is, "{on}");
        }
    }
}
