//! What is to come in a unit, month by month (CL-6).

use super::{FORECAST_MONTHS, Function};
use crate::calendar::Month;
use crate::ids::{BasisId, YoungPersonId};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use std::collections::BTreeMap;

/// The ages that change what is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "u8")]
pub enum Age {
    /// The guide of those of 15 to 17 begins.
    Fifteen,
    /// The transition to adult law is due.
    Seventeen,
    /// Adult law begins.
    Eighteen,
    /// Effort for young people ends.
    Thirty,
}

impl From<Age> for u8 {
    fn from(age: Age) -> Self {
        match age {
            Age::Fifteen => 15,
            Age::Seventeen => 17,
            Age::Eighteen => 18,
            Age::Thirty => 30,
        }
    }
}

/// What is to happen to a young person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementKind {
    /// A birthday.
    Turns(Age),
    /// They come into the unit's intake, or wait there.
    Comes(Function),
    /// They leave whoever has the case under this norm: as planned, at 30, or to another unit.
    Leaves(Function),
}

/// That something is to happen, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// To whom.
    pub young_person: YoungPersonId,
    /// The basis by which the caller sees them.
    pub basis: BasisId,
    /// When; a day that has passed counts for today.
    pub on: NaiveDate,
    /// What.
    pub kind: MovementKind,
}

/// How many a function of the unit has, and has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// How many cases are expected at the end of the month.
    pub expected: i64,
    /// How many there is room for then; none: no norm is decided.
    pub capacity: Option<i64>,
}

impl Load {
    /// Will the norm be passed?
    #[must_use]
    pub fn passes(self) -> bool {
        self.capacity.is_some_and(|capacity| self.expected > capacity)
    }
}

/// Somebody who comes, leaves or has a birthday in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming<T> {
    /// Who.
    pub young_person: YoungPersonId,
    /// When.
    pub on: NaiveDate,
    /// What.
    pub what: T,
}

/// A month to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthAhead {
    /// Which.
    pub month: Month,
    /// Who turns 15, 17, 18 or 30.
    pub turning: Vec<Coming<Age>>,
    /// Who comes.
    pub coming: Vec<Coming<Function>>,
    /// Whose case ends.
    pub leaving: Vec<Coming<Function>>,
    /// What that makes of each function, at the end of the month.
    pub loads: BTreeMap<Function, Load>,
}

/// The days on which the forecast looks at the norm: the last one of each month, beginning with this one.
#[must_use]
pub fn month_ends(today: NaiveDate) -> Vec<NaiveDate> {
    (1..=FORECAST_MONTHS).map(|n| Month::of(today).later(n).first_day() - Days::new(1)).collect()
}

/// The months ahead, from how many there are now, what is to happen, and the room on the last day of each
/// month.
#[must_use]
pub fn forecast(
    today: NaiveDate,
    now: &BTreeMap<Function, i64>,
    movements: &[Movement],
    capacity: &BTreeMap<(NaiveDate, Function), i64>,
) -> Vec<MonthAhead> {
    let mut expected = now.clone();
    let ends = month_ends(today);
    let mut months = Vec::with_capacity(ends.len());
    for end in ends {
        let month = Month::of(end);
        let mut ahead = MonthAhead {
            month,
            turning: Vec::new(),
            coming: Vec::new(),
            leaving: Vec::new(),
            loads: BTreeMap::new(),
        };
        for one in movements.iter().filter(|one| Month::of(one.on.max(today)) == month) {
            let (young_person, on) = (one.young_person, one.on);
            match one.kind {
                MovementKind::Turns(what) => ahead.turning.push(Coming { young_person, on, what }),
                MovementKind::Comes(what) => {
                    *expected.entry(what).or_default() += 1;
                    ahead.coming.push(Coming { young_person, on, what });
                }
                MovementKind::Leaves(what) => {
                    *expected.entry(what).or_default() -= 1;
                    ahead.leaving.push(Coming { young_person, on, what });
                }
            }
        }
        let functions = expected.keys().chain(capacity.keys().map(|(_, function)| function));
        for function in functions {
            let load = Load {
                expected: expected.get(function).copied().unwrap_or_default(),
                capacity: capacity.get(&(end, *function)).copied(),
            };
            ahead.loads.insert(*function, load);
        }
        months.push(ahead);
    }
    months
}
