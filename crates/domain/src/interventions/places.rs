//! Places with dated capacity: how many more could hold one from a day on (IV-3).
//!
//! The same is counted in the database by `free_places()`, which sees young people whom the caller
//! does not; the tests hold this function against a slow model, and the database against this function.

use chrono::NaiveDate;

/// A decided number of places from a day on, until the next begins; none: as many as are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// The first day.
    pub from: NaiveDate,
    /// How many.
    pub places: Option<u32>,
}

/// The days on which somebody holds a place: open-ended until they have ended, for most courses are
/// prolonged, and a place is free when somebody has left it, not when they were to leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The first day.
    pub from: NaiveDate,
    /// The day on which the place is free again.
    pub until: Option<NaiveDate>,
}

impl Hold {
    fn covers(self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// How many more could hold a place from `first` on, on every day after (below zero: how many too
/// many); none where places are not limited on any of those days.
#[must_use]
pub fn free_places(capacity: &[Capacity], holds: &[Hold], first: NaiveDate) -> Option<i64> {
    // Between two of these days nothing changes for the worse.
    let turning_days = capacity
        .iter()
        .map(|step| step.from)
        .chain(holds.iter().map(|hold| hold.from))
        .filter(|day| *day > first)
        .chain([first]);
    turning_days
        .filter_map(|day| {
            let places = capacity
                .iter()
                .filter(|step| step.from <= day)
                .max_by_key(|step| step.from)?
                .places?;
            let taken = holds.iter().filter(|hold| hold.covers(day)).count();
            Some(i64::from(places) - i64::try_from(taken).unwrap_or(i64::MAX))
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const HORIZON: u64 = 60;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + Days::new(n)
    }

    /// The slow model: looks at every day by itself.
    fn day_by_day(
        capacity: &[(u64, Option<u32>)],
        holds: &[(u64, Option<u64>)],
        first: u64,
    ) -> Option<i64> {
        let mut least = None;
        for today in first..HORIZON {
            let mut places = None;
            for from in 0..=today {
                for (starts, number) in capacity {
                    if *starts == from {
                        places = *number;
                    }
                }
            }
            let Some(places) = places else { continue };
            let mut free = i64::from(places);
            for (from, length) in holds {
                if today >= *from && length.is_none_or(|length| today < from + length) {
                    free -= 1;
                }
            }
            least = Some(least.map_or(free, |least: i64| least.min(free)));
        }
        least
    }

    proptest! {
        #[test]
        fn iv_03_free_places_are_those_of_the_slow_model(
            capacity in proptest::collection::btree_map(0..40_u64, proptest::option::weighted(0.8, 0..6_u32), 0..4),
            holds in vec((0..40_u64, proptest::option::of(0..15_u64)), 0..8),
            first in 0..40_u64,
        ) {
            let steps: Vec<Capacity> = capacity.iter().map(|(from, places)| Capacity { from: day(*from), places: *places }).collect();
            let kept: Vec<Hold> = holds.iter().map(|(from, length)| Hold { from: day(*from), until: length.map(|l| day(from + l)) }).collect();
            let model = day_by_day(&capacity.into_iter().collect::<Vec<_>>(), &holds, first);
            prop_assert_eq!(free_places(&steps, &kept, day(first)), model);
        }
    }

    #[test]
    fn iv_03_a_later_fall_in_capacity_counts_today() {
        let capacity = [
            Capacity { from: day(0), places: Some(5) },
            Capacity { from: day(20), places: Some(2) },
        ];
        let holds = [Hold { from: day(1), until: None }];
        assert_eq!(free_places(&capacity, &holds, day(5)), Some(1));
        assert_eq!(free_places(&[], &holds, day(5)), None);
    }
}
