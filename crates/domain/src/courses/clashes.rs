//! What clashes: the same hours, two mentors, what an offer presumes, what it excludes. It warns, and
//! never refuses. The database gathers what is planned; here it is compared.

use super::sessions::Session;
use crate::ids::InterventionId;
use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

/// Days from one on, until another that is no part of them; none: without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: NaiveDate,
    /// The first one after.
    pub until: Option<NaiveDate>,
}

impl Days {
    /// The days that are in both; none where no day is.
    #[must_use]
    pub fn both(self, other: Self) -> Option<Self> {
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let both = Self { from: self.from.max(other.from), until };
        until.is_none_or(|until| both.from < until).then_some(both)
    }

    /// Is one of them the weekday with this ISO number?
    fn hold(self, weekday: i16) -> bool {
        let mut week = self.from.iter_days().take(7);
        week.any(|day| {
            self.until.is_none_or(|until| day < until)
                && i16::try_from(day.weekday().number_from_monday()) == Ok(weekday)
        })
    }
}

/// A weekly session and the days within which it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The session.
    pub session: Session,
    /// Its days.
    pub days: Days,
}

/// An intervention as it is planned, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Ours.
    pub id: InterventionId,
    /// Of which offer; none: a tailored one.
    pub code: Option<String>,
    /// One adult who follows the young person.
    pub mentoring: bool,
    /// Has it ended?
    pub over: bool,
    /// Its days.
    pub days: Days,
    /// Its weekly sessions.
    pub sessions: Vec<Held>,
}

/// What an offer presumes has been, and what it cannot run beside (each way), by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presumptions {
    /// Ended before it begins.
    pub presumes: Vec<String>,
    /// Not on the same days.
    pub excludes: Vec<String>,
}

/// In what way something clashes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ClashKind {
    /// Sessions at the same time.
    SameHours,
    /// Two who follow the young person.
    TwoMentors,
    /// What is presumed is missing, or not over.
    Presumes,
    /// The two offers exclude each other.
    Excludes,
}

/// What it clashes with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClashesWith {
    /// Another intervention.
    Intervention(InterventionId),
    /// The want of one, of the offer with this code.
    Missing(String),
}

/// A clash of an intervention.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    /// In what way.
    pub kind: ClashKind,
    /// With what.
    pub with: ClashesWith,
}

/// All that clashes with `new` among the `others` of the same young person.
#[must_use]
pub fn clashes(new: &Planned, rules: &Presumptions, others: &[Planned]) -> Vec<Clash> {
    let mut found = Vec::new();
    for other in others.iter().filter(|other| !other.over) {
        let mut clash = |kind| {
            found.push(Clash { kind, with: ClashesWith::Intervention(other.id) });
        };
        if new.meets(other) {
            clash(ClashKind::SameHours);
        }
        let at_once = new.days.both(other.days).is_some();
        if at_once && new.mentoring && other.mentoring {
            clash(ClashKind::TwoMentors);
        }
        if at_once && other.is_one_of(&rules.excludes) {
            clash(ClashKind::Excludes);
        }
    }
    for code in &rules.presumes {
        let presumed = || others.iter().filter(|other| other.code.as_ref() == Some(code));
        if presumed().any(|other| other.days.until.is_some_and(|until| until <= new.days.from)) {
            continue;
        }
        let with = presumed().next().map_or_else(
            || ClashesWith::Missing(code.clone()),
            |other| ClashesWith::Intervention(other.id),
        );
        found.push(Clash { kind: ClashKind::Presumes, with });
    }
    found
}

impl Planned {
    /// Is there a minute in which both are held?
    fn meets(&self, other: &Self) -> bool {
        let days = |own: &Self, held: &Held| own.days.both(held.days);
        self.sessions.iter().any(|mine| {
            other.sessions.iter().filter(|theirs| mine.session.meets(&theirs.session)).any(
                |theirs| {
                    days(self, mine)
                        .zip(days(other, theirs))
                        .and_then(|(mine, theirs)| mine.both(theirs))
                        .is_some_and(|both| both.hold(mine.session.weekday.number()))
                },
            )
        })
    }

    fn is_one_of(&self, codes: &[String]) -> bool {
        self.code.as_ref().is_some_and(|code| codes.contains(code))
    }
}
