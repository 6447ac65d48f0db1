//! How a unit stands as a whole (CL-10).

use super::Standing;

/// Of those who hold a post with a norm, the share who keep it, to the thousandth; none where nobody does.
#[must_use]
pub fn share_keeping_norm<'a>(standings: impl IntoIterator<Item = &'a Standing>) -> Option<f64> {
    let mut with_norm = 0;
    let mut keeping = 0;
    for one in standings.into_iter().filter(|one| one.present && one.parts.norm.is_some()) {
        with_norm += 1;
        keeping += u32::from(one.keeps_norm());
    }
    ratio(keeping, with_norm)
}

/// How often each young person was given another one, to the thousandth; none where there is nobody.
#[must_use]
pub fn changes_per_young_person(changes: u32, young_people: u32) -> Option<f64> {
    ratio(changes, young_people)
}

fn ratio(part: u32, whole: u32) -> Option<f64> {
    let ratio = f64::from(part) / f64::from(whole);
    (whole > 0).then(|| (ratio * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caseload::{Function, Parts, Ramp};
    use uuid::Uuid;

    fn stands(norm: Option<u32>, young_people: u32, exceptions: u32, present: bool) -> Standing {
        let parts = Parts { norm, employment_share: 100, ramp: Ramp::Full, reduction: 0 };
        Standing {
            employee: Uuid::nil().into(),
            name: String::new(),
            function: Function::Caseworker,
            present,
            away: false,
            parts,
            young_people,
            exceptions,
            reserved: 0,
        }
    }

    #[test]
    fn cl_10_the_norm_is_kept_up_to_the_limit_exceptions_included() {
        for (norm, young_people, exceptions, keeps, room) in [
            (Some(2), 1, 0, true, Some(1)),
            (Some(2), 2, 0, true, Some(0)),
            (Some(2), 2, 1, false, Some(0)),
            (Some(2), 3, 0, false, Some(-1)),
            (Some(0), 0, 0, true, Some(0)),
            (None, 99, 9, true, None),
        ] {
            let one = stands(norm, young_people, exceptions, true);
            assert_eq!((one.keeps_norm(), one.room()), (keeps, room), "{one:?}");
        }
    }

    #[test]
    fn cl_10_the_share_is_of_those_who_hold_a_post_with_a_norm() {
        let (keeps, passes) = (stands(Some(2), 2, 0, true), stands(Some(2), 3, 0, true));
        let (without, gone) = (stands(None, 9, 0, true), stands(Some(2), 9, 0, false));
        assert_eq!(share_keeping_norm([&without, &gone]), None);
        assert_eq!(share_keeping_norm([&keeps, &passes, &without, &gone]), Some(0.5));
        assert_eq!(share_keeping_norm([&keeps, &keeps, &passes]), Some(0.667));
    }

    #[test]
    fn cl_10_changes_are_told_for_each_young_person() {
        assert_eq!(changes_per_young_person(0, 0), None);
        assert_eq!(changes_per_young_person(0, 3), Some(0.0));
        assert_eq!(changes_per_young_person(4, 3), Some(1.333));
    }
}
