//! The days that bodies and queries may name.

use crate::problem::Fault;
use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::ops::RangeInclusive;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A day that a client names, from 1900-01-01 to 2199-12-31: whatever is counted from it is a day again,
/// and every part of the service, and of the database, writes it alike. No body and no query takes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "NaiveDate")]
pub struct Day(NaiveDate);

impl Day {
    /// What every day that is taken fits, beside being a date.
    pub const PATTERN: &str = "^(?:19|2[01])[0-9]{2}-";

    const YEARS: RangeInclusive<i32> = 1900..=2199;

    /// The day itself.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }

    /// What is wrong with a text that does not fit.
    #[must_use]
    pub fn fault(text: &str) -> Fault {
        match text.parse::<NaiveDate>().map(|date| date.year()) {
            Ok(year) if year < *Self::YEARS.start() => Fault::AtLeast("1900-01-01".to_owned()),
            Ok(year) if year > *Self::YEARS.end() => Fault::AtMost("2199-12-31".to_owned()),
            _ => Fault::Format("date".to_owned()),
        }
    }
}

/// A date of a year that no calendar of ours knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day from 1900 to 2199")]
pub struct OutOfCalendar;

impl TryFrom<NaiveDate> for Day {
    type Error = OutOfCalendar;

    fn try_from(date: NaiveDate) -> Result<Self, OutOfCalendar> {
        if Self::YEARS.contains(&date.year()) { Ok(Self(date)) } else { Err(OutOfCalendar) }
    }
}

impl ToSchema for Day {}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some(Self::PATTERN))
            .description(Some("A day from 1900-01-01 to 2199-12-31."))
            .examples([json!("2026-11-22")])
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The type and the pattern that the document shows are the same days.
    #[test]
    fn e1_the_bounds_are_those_of_the_pattern() {
        let pattern = jsonschema::validator_for(&json!({ "pattern": Day::PATTERN })).unwrap();
        for (date, taken) in [
            ("0000-01-01", false),
            ("0001-01-01", false),
            ("1899-12-31", false),
            ("1900-01-01", true),
            ("2026-11-22", true),
            ("2199-12-31", true),
            ("2200-01-01", false),
            ("9999-12-31", false),
        ] {
            assert_eq!(serde_json::from_value::<Day>(json!(date)).is_ok(), taken, "{date}");
            assert_eq!(pattern.is_valid(&json!(date)), taken, "{date}");
        }
    }
}
