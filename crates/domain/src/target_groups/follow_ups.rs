//! The state six months after (PL-8): after leaving a target group, and after a plan was closed.

use super::Circumstances;
use crate::Refusal;
use crate::education_and_work::{Standing, standing_on};
use crate::residence::{Move, Place, lives_on};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What was left.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Left {
    /// Group 1, 2 or 3, for another or none.
    TargetGroup,
    /// A plan, by its closing.
    Plan,
}

/// What became of somebody.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StateAfter {
    /// In education or work.
    EducationOrWork,
    /// On public support.
    PublicSupport,
    /// Supports themselves, left the country or the like.
    SelfSupportingOrLeft,
}

/// How a state was found.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StateSource {
    /// The young person's benefits, education, work and residence told it.
    Episodes,
    /// It was asked for.
    Asked,
}

/// A state that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TakenState {
    /// After what.
    pub of: Left,
    /// The first day outside the group, or the day the plan was closed.
    pub left_on: NaiveDate,
    /// What it is.
    pub state: StateAfter,
    /// How it was found.
    pub source: StateSource,
    /// When.
    pub taken_on: NaiveDate,
}

/// A state that somebody takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taking {
    /// After what.
    pub of: Left,
    /// The first day outside the group, or the day the plan was closed.
    pub left_on: NaiveDate,
    /// As it was asked for; none: as the young person's own history tells.
    pub state: Option<StateAfter>,
    /// When.
    pub taken_on: NaiveDate,
}

/// A state to be taken, or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUp {
    /// After what.
    pub of: Left,
    /// The first day outside the group, or the day the plan was closed.
    pub left_on: NaiveDate,
    /// What the young person's own history tells of the day on which the state is due.
    pub told: Option<StateAfter>,
    /// What was taken.
    pub taken: Option<TakenState>,
}

/// Why a state is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum FollowUpRefusal {
    /// PL-8: nothing was left.
    #[error("nothing was left on that day")]
    NotLeft {},
    /// PL-8: six months have not passed.
    #[error("the state is due on {due_on}")]
    TooEarly {
        /// The first possible day.
        due_on: NaiveDate,
    },
    /// PL-8: it is taken once.
    #[error("the state is taken already")]
    AlreadyTaken {},
    /// PL-8: their own history tells nothing, or too much: it is to be asked for.
    #[error("the state is not told")]
    NotTold {},
}

impl Refusal for FollowUpRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotLeft {} => "follow-up.not-left",
            Self::TooEarly { .. } => "follow-up.too-early",
            Self::AlreadyTaken {} => "follow-up.already-taken",
            Self::NotTold {} => "follow-up.not-told",
        }
    }
}

/// When the state is due: six months after, by the calendar.
#[must_use]
pub fn due_on(left_on: NaiveDate) -> NaiveDate {
    left_on.checked_add_months(Months::new(6)).unwrap_or(NaiveDate::MAX)
}

impl Circumstances {
    /// The days up to one on which group 1, 2 or 3 was left: the first one outside it.
    #[must_use]
    pub fn leavings(&self, until: NaiveDate) -> Vec<NaiveDate> {
        let steps = self.history(until);
        let pairs = steps.iter().zip(steps.iter().skip(1));
        pairs
            .filter(|(before, _)| before.group.is_some_and(|group| (1..=3).contains(&group)))
            .map(|(_, after)| after.from)
            .collect()
    }

    /// The state on a day, where exactly one thing tells it: education or work, a benefit, or a life abroad.
    #[must_use]
    pub fn state_on(&self, moves: &[Move], day: NaiveDate) -> Option<StateAfter> {
        let standing = standing_on(&self.episodes, day);
        let works = standing.is_some_and(Standing::in_education_or_work);
        let is_supported = self.benefits.iter().any(|benefit| benefit.is_had_on(day));
        let has_left = lives_on(moves, day).is_some_and(Place::is_abroad);
        match (works, is_supported, has_left) {
            (true, false, false) => Some(StateAfter::EducationOrWork),
            (false, true, false) => Some(StateAfter::PublicSupport),
            (false, false, true) => Some(StateAfter::SelfSupportingOrLeft),
            _ => None,
        }
    }
}

/// All that was left, each once, with what is `told` of the day it is due and what was taken; the latest
/// first. What was taken stays also where a correction has undone the leaving.
#[must_use]
pub fn follow_ups(
    leavings: &[NaiveDate],
    closings: &[NaiveDate],
    taken: &[TakenState],
    told: impl Fn(NaiveDate) -> Option<StateAfter>,
) -> Vec<FollowUp> {
    let of_groups = leavings.iter().map(|day| (Left::TargetGroup, *day));
    let of_plans = closings.iter().map(|day| (Left::Plan, *day));
    let of_taken = taken.iter().map(|taken| (taken.of, taken.left_on));
    let mut all: Vec<(Left, NaiveDate)> = of_groups.chain(of_plans).chain(of_taken).collect();
    all.sort_by_key(|(of, left_on)| (Reverse(*left_on), *of));
    all.dedup();
    let with_state = |(of, left_on): (Left, NaiveDate)| {
        let same = |taken: &&TakenState| (taken.of, taken.left_on) == (of, left_on);
        let told = told(due_on(left_on));
        FollowUp { of, left_on, told, taken: taken.iter().find(same).copied() }
    };
    all.into_iter().map(with_state).collect()
}

/// Decides which state is taken, if it is: of what was left, when it is due, once.
pub fn take(known: &[FollowUp], new: &Taking) -> Result<TakenState, FollowUpRefusal> {
    let Taking { of, left_on, state, taken_on } = *new;
    let same = |known: &&FollowUp| (known.of, known.left_on) == (of, left_on);
    let left = known.iter().find(same).ok_or(FollowUpRefusal::NotLeft {})?;
    let due_on = due_on(left_on);
    if left.taken.is_some() {
        return Err(FollowUpRefusal::AlreadyTaken {});
    }
    if taken_on < due_on {
        return Err(FollowUpRefusal::TooEarly { due_on });
    }
    let (state, source) = match state {
        Some(state) => (state, StateSource::Asked),
        None => (left.told.ok_or(FollowUpRefusal::NotTold {})?, StateSource::Episodes),
    };
    Ok(TakenState { of, left_on, state, source, taken_on })
}
