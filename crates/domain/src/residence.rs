//! Where a young person lives, as a history of moves in and out (YP-6).

use crate::education_and_work::Source;
use chrono::NaiveDate;
use serde::Serialize;

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Place {
    /// In Denmark.
    Municipality {
        /// Its four digits.
        municipality_code: String,
    },
    /// Abroad.
    Abroad {
        /// The two letters of ISO 3166-1.
        country_code: String,
    },
}

impl Place {
    /// Is it the municipality with these four digits?
    #[must_use]
    pub fn is_in(&self, municipality: &str) -> bool {
        matches!(self, Self::Municipality { municipality_code } if municipality_code == municipality)
    }

    /// Is it outside Denmark?
    #[must_use]
    pub const fn is_abroad(&self) -> bool {
        matches!(self, Self::Abroad { .. })
    }
}

/// From a day on somebody lives somewhere. The address is kept beside it, for it tells where (YP-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The first day.
    pub from: NaiveDate,
    /// Where to.
    #[serde(flatten)]
    pub to: Place,
    /// Who told of it.
    pub source: Source,
}

/// What a move is to a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// They live there from now on.
    In,
    /// They live there no more.
    Out,
    /// Neither.
    Within,
}

/// Where somebody lived on a day, as their moves tell.
#[must_use]
pub fn lives_on(moves: &[Move], day: NaiveDate) -> Option<&Place> {
    let before = moves.iter().filter(|one| one.from <= day);
    before.max_by_key(|one| one.from).map(|one| &one.to)
}

/// What it is to our municipality that somebody lived there, where it was told, and lives here now. Of whom
/// nothing was told we took it that they live with us.
#[must_use]
pub fn moved(before: Option<&Place>, now: Option<&Place>, ours: &str) -> Moved {
    let lives_with_us = |place: Option<&Place>| place.is_none_or(|place| place.is_in(ours));
    match (lives_with_us(before), lives_with_us(now)) {
        (true, false) => Moved::Out,
        (false, true) => Moved::In,
        (true, true) | (false, false) => Moved::Within,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn in_municipality(code: &str) -> Place {
        Place::Municipality { municipality_code: code.to_owned() }
    }

    #[test]
    fn yp_06_each_move_holds_until_the_next() {
        let to = |from: &str, to: Place| Move { from: day(from), to, source: Source::Register };
        let abroad = Place::Abroad { country_code: "NO".to_owned() };
        let moves = [
            to("2026-06-01", abroad.clone()),
            to("2020-01-01", in_municipality("0791")),
            to("2026-01-01", in_municipality("0740")),
        ];
        for (on, place) in [
            ("2019-12-31", None),
            ("2020-01-01", Some(in_municipality("0791"))),
            ("2025-12-31", Some(in_municipality("0791"))),
            ("2026-01-01", Some(in_municipality("0740"))),
            ("2026-06-01", Some(abroad)),
        ] {
            assert_eq!(lives_on(&moves, day(on)), place.as_ref(), "{on}");
        }
    }

    #[test]
    fn yp_06_who_leaves_the_own_municipality_moves_out_and_who_comes_back_moves_in() {
        let ours = in_municipality("0791");
        let other = in_municipality("0740");
        let abroad = Place::Abroad { country_code: "NO".to_owned() };
        for (before, now, is) in [
            (None, None, Moved::Within),
            (None, Some(&ours), Moved::Within),
            (None, Some(&other), Moved::Out),
            (Some(&ours), Some(&ours), Moved::Within),
            (Some(&ours), Some(&other), Moved::Out),
            (Some(&ours), Some(&abroad), Moved::Out),
            (Some(&other), Some(&abroad), Moved::Within),
            (Some(&abroad), Some(&other), Moved::Within),
            (Some(&other), Some(&ours), Moved::In),
            (Some(&abroad), Some(&ours), Moved::In),
        ] {
            assert_eq!(moved(before, now, "0791"), is, "{before:?} to {now:?}");
        }
    }
}
