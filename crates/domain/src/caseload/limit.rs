//! The limit: one figure with its parts (CL-5). The database reckons it by `caseload_limit()`; a test holds the
//! two against each other.

use chrono::{Months, NaiveDate};
use serde::Serialize;

/// How much of the norm a new employee bears (CL-5, *chosen*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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
