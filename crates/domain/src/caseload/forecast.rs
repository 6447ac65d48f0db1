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
    /// The young people who enter the unit's intake queue or wait in it, or whom an employee of the unit receives by an
    /// accepted transition.
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
    // Whoever comes counts under the first post of the unit that does what is wanted (CL-1).
    let post = |wanted: Function| {
        let held = wanted.posts().iter().find(|post| now.contains_key(post));
        held.copied().unwrap_or(wanted)
    };
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
                    *expected.entry(post(what)).or_default() += 1;
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

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn moves(on: &str, kind: MovementKind) -> Movement {
        let (young_person, basis) = (Uuid::now_v7().into(), Uuid::nil().into());
        Movement { young_person, basis, on: day(on), kind }
    }

    #[test]
    fn cl_06_the_forecast_looks_at_the_last_day_of_this_month_and_the_eleven_after_it() {
        let ends = month_ends(day("2027-02-28"));
        assert_eq!(ends.len(), 12);
        assert_eq!((ends[0], ends[1]), (day("2027-02-28"), day("2027-03-31")));
        assert_eq!(ends[11], day("2028-01-31"));
        assert_eq!(month_ends(day("2028-02-29"))[0], day("2028-02-29"));
        assert_eq!(month_ends(day("2027-12-31"))[2], day("2028-02-29"));
    }

    #[test]
    fn cl_06_who_comes_and_leaves_changes_what_is_expected_from_that_month_on() {
        use Function::{Caseworker, JobConsultant, Mentor};
        let today = day("2026-11-23");
        let now = BTreeMap::from([(Caseworker, 44), (JobConsultant, 35)]);
        let movements = [
            // What was to happen before counts for this month.
            moves("2026-10-01", MovementKind::Comes(Caseworker)),
            moves("2026-12-31", MovementKind::Comes(Caseworker)),
            moves("2027-01-01", MovementKind::Leaves(Caseworker)),
            // A mentor is the job consultant here.
            moves("2026-12-01", MovementKind::Comes(Mentor)),
            moves("2026-12-24", MovementKind::Turns(Age::Eighteen)),
        ];
        let ends = month_ends(today);
        let capacity: BTreeMap<_, _> = ends
            .iter()
            .flat_map(|end| [((*end, Caseworker), 45), ((*end, JobConsultant), 35)])
            .collect();
        let months = forecast(today, &now, &movements, &capacity);
        let told = |at: usize, function| {
            let load: Load = months[at].loads[&function];
            (load.expected, load.passes())
        };
        assert_eq!(months.len(), 12);
        assert_eq!((told(0, Caseworker), told(0, JobConsultant)), ((45, false), (35, false)));
        assert_eq!((told(1, Caseworker), told(1, JobConsultant)), ((46, true), (36, true)));
        assert_eq!((told(2, Caseworker), told(11, Caseworker)), ((45, false), (45, false)));
        assert!(!months[1].loads.contains_key(&Mentor));
        let who: Vec<usize> = months.iter().map(|month| month.turning.len()).collect();
        assert_eq!(who, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!((months[0].coming.len(), months[2].leaving.len()), (1, 1));
    }

    #[test]
    fn cl_06_what_has_no_norm_is_never_passed() {
        let now = BTreeMap::from([(Function::Adviser, 900)]);
        let months = forecast(day("2026-11-23"), &now, &[], &BTreeMap::new());
        assert!(months.iter().all(|month| !month.loads[&Function::Adviser].passes()));
    }
}
