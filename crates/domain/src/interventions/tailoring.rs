//! Freedom to tailor (IV-6): outside an offer's ages, target groups or usual length, with a reason.

use super::InterventionRefusal;
use chrono::NaiveDate;
use serde::Serialize;

/// Whom an offer is usually for, and how long; none of each: for all, and as long as it takes.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    /// From which age, in full years.
    pub min_age: Option<i32>,
    /// To which age, in full years.
    pub max_age: Option<i32>,
    /// For which target groups; empty: for all.
    pub target_groups: &'a [i32],
    /// Its usual length.
    pub usual_weeks: Option<i32>,
}

/// In what somebody, or what is planned for them, lies outside an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// Younger or older.
    Age,
    /// In another target group.
    TargetGroup,
    /// Longer than usual.
    Length,
}

/// In what an age, a target group and a length in weeks lie outside an offer. What is not known (a group
/// that nobody has told, an end that nobody has planned) lies inside.
#[must_use]
pub fn outside(
    offer: Limits<'_>,
    age: u32,
    group: Option<i32>,
    weeks: Option<i64>,
) -> Vec<Outside> {
    let too_young = offer.min_age.is_some_and(|min| i64::from(age) < i64::from(min));
    let too_old = offer.max_age.is_some_and(|max| i64::from(age) > i64::from(max));
    let other_group = !offer.target_groups.is_empty()
        && group.is_some_and(|group| !offer.target_groups.contains(&group));
    let too_long = match (offer.usual_weeks, weeks) {
        (Some(usual), Some(weeks)) => weeks > i64::from(usual),
        _ => false,
    };
    [
        (too_young || too_old, Outside::Age),
        (other_group, Outside::TargetGroup),
        (too_long, Outside::Length),
    ]
    .into_iter()
    .filter_map(|(lies, outside)| lies.then_some(outside))
    .collect()
}

/// The weeks from a start to an end, begun ones whole: thirteen to the same day of the week, then fourteen.
#[must_use]
pub fn weeks_of(start: NaiveDate, end: NaiveDate) -> i64 {
    let days = (end - start).num_days();
    days / 7 + i64::from(days % 7 > 0)
}

/// Refuses what lies outside without a reason.
pub fn ensure_reason(outside: &[Outside], reason: Option<&str>) -> Result<(), InterventionRefusal> {
    if outside.is_empty() || reason.is_some() {
        Ok(())
    } else {
        Err(InterventionRefusal::ReasonNeeded { outside: outside.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every age around the bounds, every group, every length: 18 to 30, groups 2 and 3, 13 weeks.
    #[test]
    fn iv_06_outside_in_age_group_and_length_each_on_its_own() {
        let ages = [(17, true), (18, false), (24, false), (30, false), (31, true)];
        let groups = [None, Some(0), Some(1), Some(2), Some(3), Some(4)]
            .map(|group| (group, matches!(group, Some(0 | 1 | 4))));
        let lengths = [(None, false), (Some(0), false), (Some(13), false), (Some(14), true)];
        let stigen = Limits {
            min_age: Some(18),
            max_age: Some(30),
            target_groups: &[2, 3],
            usual_weeks: Some(13),
        };
        let open = Limits { min_age: None, max_age: None, target_groups: &[], usual_weeks: None };
        for (age, other_age) in ages {
            for (group, other_group) in groups {
                for (weeks, longer) in lengths {
                    let mut expected = Vec::new();
                    expected.extend(other_age.then_some(Outside::Age));
                    expected.extend(other_group.then_some(Outside::TargetGroup));
                    expected.extend(longer.then_some(Outside::Length));
                    assert_eq!(
                        outside(stigen, age, group, weeks),
                        expected,
                        "{age} {group:?} {weeks:?}"
                    );
                    assert_eq!(outside(open, age, group, weeks), []);
                }
            }
        }
    }

    #[test]
    fn iv_06_a_bound_may_stand_alone() {
        let none = Limits { min_age: None, max_age: None, target_groups: &[], usual_weeks: None };
        assert_eq!(outside(Limits { min_age: Some(18), ..none }, 99, Some(4), Some(99)), []);
        assert_eq!(
            outside(Limits { max_age: Some(22), ..none }, 23, Some(4), Some(99)),
            [Outside::Age]
        );
    }

    #[test]
    fn iv_06_thirteen_weeks_end_on_the_day_of_the_week_they_began() {
        let begins: NaiveDate = "2026-11-23".parse().unwrap();
        for (end, weeks) in [
            ("2026-11-23", 0),
            ("2026-11-24", 1),
            ("2026-11-30", 1),
            ("2027-02-22", 13),
            ("2027-02-23", 14),
        ] {
            assert_eq!(weeks_of(begins, end.parse().unwrap()), weeks, "{end}");
        }
    }

    #[test]
    fn iv_06_outside_needs_a_reason_and_inside_none() {
        assert_eq!(ensure_reason(&[], None), Ok(()));
        assert_eq!(ensure_reason(&[Outside::Age], Some("Moden af alder.")), Ok(()));
        let outside = vec![Outside::Age, Outside::Length];
        assert_eq!(
            ensure_reason(&outside, None),
            Err(InterventionRefusal::ReasonNeeded { outside })
        );
    }
}
