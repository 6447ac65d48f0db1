//! Numbers for callers from whom some of the counted rows are hidden (AC-8). A hidden number below five is not shown.
//! Subtraction reveals no such number either, also between two days.

/// The smallest hidden number that is shown (chosen), and the step of larger ones.
const SMALLEST: i64 = 5;

/// The number to show if the caller sees `seen` of `all` rows: exact if all are visible, `None` if one to four are
/// hidden. If more are hidden, their number is rounded down to the nearest five, so that the difference between two
/// days reveals nothing.
#[must_use]
pub const fn shown(all: i64, seen: i64) -> Option<i64> {
    match all - seen {
        hidden if hidden <= 0 => Some(all),
        hidden if hidden < SMALLEST => None,
        hidden => Some(all - hidden % SMALLEST),
    }
}

/// The number of `places` that are free at least, if the caller sees `seen` of the `taken` ones: exact if all are
/// visible, `None` if one to four are hidden.
#[must_use]
pub const fn free_at_least(places: i64, taken: i64, seen: i64) -> Option<i64> {
    let free = match taken - seen {
        hidden if hidden <= 0 => places - taken,
        hidden if hidden < SMALLEST => return None,
        hidden => places - taken - (SMALLEST - hidden % SMALLEST) % SMALLEST,
    };
    Some(if free < 0 { 0 } else { free })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ac_08_small_numbers_are_shown_only_if_every_row_is_seen() {
        for (all, seen, expected) in [
            (3, 3, Some(3)),
            (0, 0, Some(0)),
            (1, 0, None),
            (4, 0, None),
            (7, 3, None),
            (5, 0, Some(5)),
            (9, 0, Some(5)),
            (10, 0, Some(10)),
            (9, 2, Some(7)),
        ] {
            assert_eq!(shown(all, seen), expected, "{seen} of {all}");
        }
    }

    /// Every shown number stands for at least five different hidden numbers.
    #[test]
    fn ac_08_no_difference_reveals_a_number_below_five() {
        for seen in 0..8_i64 {
            for hidden in 5..40_i64 {
                let Some(number) = shown(seen + hidden, seen) else { panic!("{hidden} is shown") };
                let alike =
                    (0..60).filter(|other| shown(seen + other, seen) == Some(number)).count();
                assert!(alike >= 5, "{seen} and {hidden}");
            }
        }
    }

    #[test]
    fn ac_08_free_places_are_a_lower_bound() {
        assert_eq!(free_at_least(10, 4, 4), Some(6));
        assert_eq!(free_at_least(10, 4, 3), None);
        assert_eq!(free_at_least(10, 6, 0), Some(0));
        assert_eq!(free_at_least(20, 6, 0), Some(10));
        assert_eq!(free_at_least(20, 5, 0), Some(15));
        assert_eq!(free_at_least(3, 5, 5), Some(0));
    }
}
