//! The limit: one figure with its parts (CL-5). The database reckons it by `caseload_limit()`; a test holds the
//! two against each other.

use chrono::{Months, NaiveDate};
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

/// How much of the norm a new employee bears (CL-5, *chosen*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Ramp {
    /// The first three months.
    Half,
    /// To six months.
    ThreeQuarters,
    /// From then on.
    Full,
}

impl Ramp {
    /// On `day`, of somebody employed since then; none: long before.
    #[must_use]
    pub fn on(employed_on: Option<NaiveDate>, day: NaiveDate) -> Self {
        let before = |months| {
            let reached =
                employed_on.and_then(|first| first.checked_add_months(Months::new(months)));
            reached.is_some_and(|reached| day < reached)
        };
        if before(3) {
            Self::Half
        } else if before(6) {
            Self::ThreeQuarters
        } else {
            Self::Full
        }
    }

    /// In quarters.
    #[must_use]
    pub const fn quarters(self) -> u32 {
        match self {
            Self::Half => 2,
            Self::ThreeQuarters => 3,
            Self::Full => 4,
        }
    }
}

/// What a limit is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Of the function in the unit; none: not decided.
    pub norm: Option<u32>,
    /// In percent of full time.
    pub employment_share: u32,
    /// Of a new employee.
    pub ramp: Ramp,
    /// Agreed, in cases.
    pub reduction: u32,
}

impl Parts {
    /// How many young people: rounded down at the end; none where no norm is decided.
    #[must_use]
    pub fn limit(self) -> Option<u32> {
        let whole = self.norm? * self.employment_share * self.ramp.quarters() / 400;
        Some(whole.saturating_sub(self.reduction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn cl_05_a_new_employee_bears_half_for_three_months_and_three_quarters_to_six() {
        for (employed_on, on, ramp) in [
            ("2026-11-30", "2026-11-30", Ramp::Half),
            // Three months from 30 November: February ends before.
            ("2026-11-30", "2027-02-27", Ramp::Half),
            ("2026-11-30", "2027-02-28", Ramp::ThreeQuarters),
            ("2027-11-30", "2028-02-28", Ramp::Half),
            ("2027-11-30", "2028-02-29", Ramp::ThreeQuarters),
            ("2028-02-29", "2028-05-28", Ramp::Half),
            ("2028-02-29", "2028-05-29", Ramp::ThreeQuarters),
            ("2028-02-29", "2028-08-28", Ramp::ThreeQuarters),
            ("2028-02-29", "2028-08-29", Ramp::Full),
            // Not employed yet.
            ("2027-01-01", "2026-11-30", Ramp::Half),
        ] {
            assert_eq!(Ramp::on(Some(day(employed_on)), day(on)), ramp, "{employed_on} {on}");
        }
        assert_eq!(Ramp::on(None, day("2026-11-23")), Ramp::Full);
    }

    #[test]
    fn cl_05_the_limit_is_rounded_down_once_at_the_end() {
        let limit = |norm, employment_share, ramp, reduction| {
            Parts { norm, employment_share, ramp, reduction }.limit()
        };
        assert_eq!(limit(None, 100, Ramp::Full, 3), None);
        assert_eq!(limit(Some(45), 100, Ramp::Full, 0), Some(45));
        // 45 × 80 % × 1/2 = 18, of 37 hours' 32 (86 %) 19.35.
        assert_eq!(limit(Some(45), 80, Ramp::Half, 0), Some(18));
        assert_eq!(limit(Some(45), 86, Ramp::Half, 0), Some(19));
        // 35 × 75 % × 3/4 = 19.6875, less two.
        assert_eq!(limit(Some(35), 75, Ramp::ThreeQuarters, 2), Some(17));
        // 5 × 58 % × 3/4 = 2.175: 1 would be left if 2.9 were rounded first.
        assert_eq!(limit(Some(5), 58, Ramp::ThreeQuarters, 0), Some(2));
        assert_eq!(limit(Some(45), 0, Ramp::Full, 0), Some(0));
        assert_eq!(limit(Some(10), 100, Ramp::Half, 9), Some(0));
        assert_eq!(limit(Some(500), 100, Ramp::Full, 0), Some(500));
    }
}
