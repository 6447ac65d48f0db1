//! The company of an intervention, and its hours a week over time (IV-8).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{IntoStaticStr, VariantArray};

/// A company's CVR number: eight digits, the first not 0, whose weighted sum modulus 11 divides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Cvr(String);

/// It is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a CVR number")]
pub struct NotACvr;

const WEIGHTS: [u32; 8] = [2, 7, 6, 5, 4, 3, 2, 1];

impl Cvr {
    /// Reads one as it is typed.
    pub fn parse(text: &str) -> Result<Self, NotACvr> {
        let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(10)).collect();
        let digits = digits.filter(|digits| digits.len() == WEIGHTS.len()).ok_or(NotACvr)?;
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        if digits.starts_with(&[0]) || !sum.is_multiple_of(11) {
            Err(NotACvr)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for Cvr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where an intervention runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Company {
    /// Its number.
    pub cvr: Cvr,
    /// What it is called.
    pub name: String,
    /// Who follows the young person there.
    pub supervisor: Supervisor,
}

/// Who follows the young person at the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supervisor {
    /// Their name.
    pub name: String,
    /// How to reach them.
    pub telephone: Option<String>,
}

/// As what the hours at a company are worked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum HoursForm {
    /// Virksomhedspraktik.
    Internship,
    /// Løntilskud.
    WageSubsidy,
    /// Ordinære timer.
    Ordinary,
}

/// Hours a week, in tenths: 0 to 37.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyHours {
    tenths: i16,
}

impl WeeklyHours {
    /// A full week.
    const MOST: i16 = 370;

    /// Reads a decimal number with at most one digit after the point; none where it is another.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        if tenth.len() != 1 || !whole.bytes().chain(tenth.bytes()).all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let tenths =
            whole.parse::<i16>().ok()?.checked_mul(10)?.checked_add(tenth.parse().ok()?)?;
        (0..=Self::MOST).contains(&tenths).then_some(Self { tenths })
    }

    /// Reads what [`Self::minutes`] wrote; none where it is no number of tenths.
    #[must_use]
    pub fn of_minutes(minutes: i16) -> Option<Self> {
        let tenths = minutes / 6;
        ((0..=Self::MOST).contains(&tenths) && tenths * 6 == minutes).then_some(Self { tenths })
    }

    /// The same as a number of hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    /// The same in minutes.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.tenths * 6
    }
}

impl Serialize for WeeklyHours {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.hours())
    }
}

/// So many hours a week from a day on, until the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoursStep {
    /// The first day.
    pub from: NaiveDate,
    /// How many.
    pub hours_per_week: WeeklyHours,
    /// As what.
    pub form: HoursForm,
}
