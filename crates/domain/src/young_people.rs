//! Young people: CPR numbers, age, and who may be registered (YP-1 to YP-7).

use crate::Refusal;
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A CPR number, or a replacement number (day + 60): ten digits whose date exists (YP-1).
///
/// The modulus-11 check is not applied: numbers without it are issued since 2007. Neither `Debug` nor
/// an error shows the digits (YP-4).
#[derive(Clone, PartialEq, Eq)]
pub struct Cpr {
    digits: String,
    birth_date: NaiveDate,
    kind: CprKind,
}

/// A number from the register, or one an authority made up meanwhile.
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
pub enum CprKind {
    /// From the register.
    Cpr,
    /// A replacement number: the first digit of the day is raised by 6.
    Replacement,
}

/// The text is no CPR number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a CPR number")]
pub struct InvalidCpr;

impl Cpr {
    /// Reads `DDMMYYSSSS`, with or without a hyphen after the date.
    pub fn parse(text: &str) -> Result<Self, InvalidCpr> {
        let digits = match (text.len(), text.split_once('-')) {
            (10, None) => text.to_owned(),
            (11, Some((date, serial))) if date.len() == 6 => format!("{date}{serial}"),
            _ => return Err(InvalidCpr),
        };
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidCpr);
        }
        let number = |range: std::ops::Range<usize>| -> Result<u32, InvalidCpr> {
            digits.get(range).and_then(|part| part.parse().ok()).ok_or(InvalidCpr)
        };
        let (written_day, month, year, seventh) =
            (number(0..2)?, number(2..4)?, number(4..6)?, number(6..7)?);
        let (day, kind) = if written_day > 60 {
            (written_day - 60, CprKind::Replacement)
        } else {
            (written_day, CprKind::Cpr)
        };
        let year = i32::try_from(century(seventh, year) + year).map_err(|_| InvalidCpr)?;
        let birth_date = NaiveDate::from_ymd_opt(year, month, day).ok_or(InvalidCpr)?;
        Ok(Self { digits, birth_date, kind })
    }

    /// The ten digits. For sealing and for reading out, which is an act of its own (YP-4).
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The birth date that the number tells.
    #[must_use]
    pub const fn birth_date(&self) -> NaiveDate {
        self.birth_date
    }

    /// Register or replacement.
    #[must_use]
    pub const fn kind(&self) -> CprKind {
        self.kind
    }
}

impl fmt::Debug for Cpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cpr(..)")
    }
}

/// The first year of the century that the seventh digit gives [law.md: cpr.dk].
const fn century(seventh: u32, year: u32) -> u32 {
    match (seventh, year) {
        (4 | 9, 0..=36) | (5..=8, 0..=57) => 2000,
        (5..=8, _) => 1800,
        _ => 1900,
    }
}

/// Full years lived on `day`; none before the birth (YP-7). Born on 29 February, one turns a year
/// older on 1 March where there is no 29th.
#[must_use]
pub fn age_on(birth_date: NaiveDate, day: NaiveDate) -> u32 {
    let years = day.year() - birth_date.year();
    let had_birthday = (day.month(), day.day()) >= (birth_date.month(), birth_date.day());
    u32::try_from(if had_birthday { years } else { years - 1 }).unwrap_or(0)
}

/// The day on which somebody turns so many years old (YP-7): of a leap day child 1 March, where there is
/// no 29th.
#[must_use]
pub fn birthday(birth_date: NaiveDate, years: i32) -> NaiveDate {
    let year = birth_date.year() + years;
    birth_date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(birth_date)
}

/// Why a young person is not registered, or not changed so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum YoungPersonRefusal {
    /// YP-3.
    #[error("registered from the 13th birthday to the day before the 30th")]
    AgeOutOfRange {
        /// The first day on which the person may be registered.
        from: NaiveDate,
        /// The last one.
        to: NaiveDate,
    },
}

impl Refusal for YoungPersonRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AgeOutOfRange { .. } => "young-person.age-out-of-range",
        }
    }
}

/// May somebody born on `birth_date` be registered on `today`? From the 13th birthday and to the day
/// before the 30th (YP-3).
pub fn ensure_registrable(
    birth_date: NaiveDate,
    today: NaiveDate,
) -> Result<(), YoungPersonRefusal> {
    if (13..30).contains(&age_on(birth_date, today)) && birth_date <= today {
        return Ok(());
    }
    let to = birthday(birth_date, 30).checked_sub_days(Days::new(1)).unwrap_or(birth_date);
    Err(YoungPersonRefusal::AgeOutOfRange { from: birthday(birth_date, 13), to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn yp_01_the_seventh_digit_gives_the_century() {
        // Day + 60, so that no number in the repository can be anybody's.
        for (number, born) in [
            ("6101000000", "1900-01-01"),
            ("6101993999", "1999-01-01"),
            ("6101364999", "2036-01-01"),
            ("6101374999", "1937-01-01"),
            ("6101579999", "1957-01-01"),
            ("6101575999", "2057-01-01"),
            ("6101585999", "1858-01-01"),
            ("9112998999", "1899-12-31"),
            ("8902004000", "2000-02-29"),
        ] {
            let cpr = Cpr::parse(number).unwrap();
            assert_eq!(cpr.birth_date(), day(born), "{number}");
            assert_eq!(cpr.kind(), CprKind::Replacement);
        }
    }

    #[test]
    fn yp_01_what_is_no_date_or_no_ten_digits_is_refused() {
        for wrong in [
            "",
            "61010000000",
            "610100000",
            "610100 0000",
            "6101-000000",
            "6113000000",
            "9202000000",
            "8902010000",
            "6001000000",
            "0001000000",
            "６101000000",
            "610100-00-0",
            "abcdefghij",
        ] {
            assert_eq!(Cpr::parse(wrong), Err(InvalidCpr), "{wrong}");
        }
        assert_eq!(Cpr::parse("610100-0000").unwrap().digits(), "6101000000");
    }

    #[test]
    fn yp_03_from_the_13th_birthday_to_the_day_before_the_30th() {
        let born = day("2010-11-22");
        assert!(ensure_registrable(born, day("2023-11-21")).is_err());
        assert!(ensure_registrable(born, day("2023-11-22")).is_ok());
        assert!(ensure_registrable(born, day("2040-11-21")).is_ok());
        assert_eq!(
            ensure_registrable(born, day("2040-11-22")),
            Err(YoungPersonRefusal::AgeOutOfRange {
                from: day("2023-11-22"),
                to: day("2040-11-21")
            })
        );
        assert!(ensure_registrable(day("2030-01-01"), day("2026-11-22")).is_err());
    }

    #[test]
    fn yp_07_a_leap_day_child_turns_older_on_the_first_of_march() {
        assert_eq!(age_on(day("2008-02-29"), day("2026-02-28")), 17);
        assert_eq!(age_on(day("2008-02-29"), day("2026-03-01")), 18);
        assert_eq!(age_on(day("2008-02-29"), day("2028-02-29")), 20);
    }

    proptest! {
        #[test]
        fn yp_04_neither_debug_nor_the_error_shows_a_digit(serial in 0_u32..10_000) {
            let cpr = Cpr::parse(&format!("610100{serial:04}")).unwrap();
            let (cpr, refusal) = (format!("{cpr:?}"), InvalidCpr.to_string());
            let shown = cpr + &refusal;
            prop_assert!(!shown.bytes().any(|byte| byte.is_ascii_digit()));
        }
    }
}
