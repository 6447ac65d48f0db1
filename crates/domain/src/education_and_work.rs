//! School, education and work as a history of episodes (YP-10), and whether somebody was in any of it on a
//! day. What is told has happened: days are never ahead, and a day that was told stays.

use crate::Refusal;
use crate::courses::WeeklyHours;
use crate::ids::EpisodeId;
use crate::timeline::EventKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// From so many minutes a week on a job counts: the rest group's 18 hours.
const JOB_COUNTS_FROM: i16 = 18 * 60;

/// What kind of thing an episode is of.
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
pub enum EpisodeKind {
    /// A youth education or another one.
    Education,
    /// A grade of school, 7th to 10th.
    School,
    /// Learning a trade at an employer.
    Apprenticeship,
    /// A job.
    Job,
    /// A job beside something else.
    SpareTimeJob,
}

/// Who told of it.
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
pub enum Source {
    /// The young person.
    YoungPerson,
    /// A school or an institution.
    Institution,
    /// A public register.
    Register,
    /// What the caseworker knows.
    Caseworker,
}

/// What somebody applied for, or is or was in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Pursuit {
    /// A youth education or another one.
    Education {
        /// Which.
        name: String,
        /// The institution.
        #[serde(skip)]
        place: String,
    },
    /// A grade of school.
    School {
        /// Which, 7 to 10.
        grade: i16,
        /// The school.
        #[serde(skip)]
        place: String,
    },
    /// Learning a trade at an employer.
    Apprenticeship {
        /// Which trade.
        name: String,
        /// The employer.
        #[serde(skip)]
        place: String,
        /// How many.
        hours_per_week: WeeklyHours,
    },
    /// A job.
    Job {
        /// The employer.
        #[serde(skip)]
        place: String,
        /// How many.
        hours_per_week: WeeklyHours,
    },
    /// A job beside something else.
    SpareTimeJob {
        /// The employer.
        #[serde(skip)]
        place: String,
        /// How many.
        hours_per_week: WeeklyHours,
    },
}

impl Pursuit {
    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(&self) -> EpisodeKind {
        match self {
            Self::Education { .. } => EpisodeKind::Education,
            Self::School { .. } => EpisodeKind::School,
            Self::Apprenticeship { .. } => EpisodeKind::Apprenticeship,
            Self::Job { .. } => EpisodeKind::Job,
            Self::SpareTimeJob { .. } => EpisodeKind::SpareTimeJob,
        }
    }

    const fn is_education(&self) -> bool {
        matches!(self, Self::Education { .. } | Self::School { .. })
    }

    /// Is whoever is in it at work? A spare-time job alone is none, nor is a job of a few hours.
    const fn is_work(&self) -> bool {
        match self {
            Self::Apprenticeship { .. } => true,
            Self::Job { hours_per_week, .. } => hours_per_week.minutes() >= JOB_COUNTS_FROM,
            Self::Education { .. } | Self::School { .. } | Self::SpareTimeJob { .. } => false,
        }
    }
}

/// How far an episode has come, with the days that were told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Course {
    /// Applied for.
    Applied {
        /// When.
        applied_on: NaiveDate,
    },
    /// Admitted, or hired: has a place, and has not begun.
    Enrolled {
        /// When they applied, where it is told.
        applied_on: Option<NaiveDate>,
        /// When.
        enrolled_on: NaiveDate,
    },
    /// In it.
    Started {
        /// When they applied, where it is told.
        applied_on: Option<NaiveDate>,
        /// When they got the place, where it is told.
        enrolled_on: Option<NaiveDate>,
        /// The first day.
        started_on: NaiveDate,
    },
    /// Carried through; of work: ended as was meant.
    Completed {
        /// When they applied, where it is told.
        applied_on: Option<NaiveDate>,
        /// When they got the place, where it is told.
        enrolled_on: Option<NaiveDate>,
        /// The first day.
        started_on: NaiveDate,
        /// The first day outside it.
        completed_on: NaiveDate,
    },
    /// Given up or broken off, also before it began.
    DroppedOut {
        /// When they applied, where it is told.
        applied_on: Option<NaiveDate>,
        /// When they got the place, where it is told.
        enrolled_on: Option<NaiveDate>,
        /// The first day, where it ever began.
        started_on: Option<NaiveDate>,
        /// The first day outside it.
        dropped_out_on: NaiveDate,
    },
}

/// How far an episode has come, alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum EpisodeState {
    /// Applied for.
    Applied,
    /// Admitted, or hired.
    Enrolled,
    /// In it.
    Started,
    /// Carried through.
    Completed,
    /// Given up or broken off.
    DroppedOut,
}

/// The days of an episode, as somebody tells them: those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EpisodeDays {
    /// When they applied.
    pub applied_on: Option<NaiveDate>,
    /// When they got the place.
    pub enrolled_on: Option<NaiveDate>,
    /// The first day.
    pub started_on: Option<NaiveDate>,
    /// The first day outside it, carried through.
    pub completed_on: Option<NaiveDate>,
    /// The first day outside it, given up.
    pub dropped_out_on: Option<NaiveDate>,
}

/// Why an episode is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum EpisodeRefusal {
    /// YP-10: no course of things has these days.
    #[error("the days are of no course of things")]
    DaysContradict {},
    /// YP-10: a day that was told stays, and what has ended has ended.
    #[error("the day is told already")]
    AlreadyTold {},
}

impl Refusal for EpisodeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DaysContradict {} => "episode.days-contradict",
            Self::AlreadyTold {} => "episode.already-told",
        }
    }
}

impl EpisodeDays {
    /// In the order in which they follow one another.
    #[must_use]
    pub fn in_order(&self) -> [Option<NaiveDate>; 4] {
        let ended_on = self.completed_on.or(self.dropped_out_on);
        [self.applied_on, self.enrolled_on, self.started_on, ended_on]
    }

    /// The course of things that has these days: in order, at least one before an end, and one end.
    pub fn course(self) -> Result<Course, EpisodeRefusal> {
        let Self { applied_on, enrolled_on, started_on, .. } = self;
        if !self.in_order().iter().flatten().is_sorted() {
            return Err(EpisodeRefusal::DaysContradict {});
        }
        match (self.completed_on, self.dropped_out_on, started_on, enrolled_on, applied_on) {
            (Some(completed_on), None, Some(started_on), ..) => {
                Ok(Course::Completed { applied_on, enrolled_on, started_on, completed_on })
            }
            (None, Some(dropped_out_on), Some(_), _, _)
            | (None, Some(dropped_out_on), _, Some(_), _)
            | (None, Some(dropped_out_on), _, _, Some(_)) => {
                Ok(Course::DroppedOut { applied_on, enrolled_on, started_on, dropped_out_on })
            }
            (None, None, Some(started_on), ..) => {
                Ok(Course::Started { applied_on, enrolled_on, started_on })
            }
            (None, None, None, Some(enrolled_on), _) => {
                Ok(Course::Enrolled { applied_on, enrolled_on })
            }
            (None, None, None, None, Some(applied_on)) => Ok(Course::Applied { applied_on }),
            _ => Err(EpisodeRefusal::DaysContradict {}),
        }
    }
}

impl Course {
    /// The state alone.
    #[must_use]
    pub const fn state(self) -> EpisodeState {
        match self {
            Self::Applied { .. } => EpisodeState::Applied,
            Self::Enrolled { .. } => EpisodeState::Enrolled,
            Self::Started { .. } => EpisodeState::Started,
            Self::Completed { .. } => EpisodeState::Completed,
            Self::DroppedOut { .. } => EpisodeState::DroppedOut,
        }
    }

    /// Its days.
    #[must_use]
    pub fn days(self) -> EpisodeDays {
        let mut days = EpisodeDays::default();
        match self {
            Self::Applied { applied_on } => days.applied_on = Some(applied_on),
            Self::Enrolled { applied_on, enrolled_on } => {
                days.applied_on = applied_on;
                days.enrolled_on = Some(enrolled_on);
            }
            Self::Started { applied_on, enrolled_on, started_on } => {
                days.applied_on = applied_on;
                days.enrolled_on = enrolled_on;
                days.started_on = Some(started_on);
            }
            Self::Completed { applied_on, enrolled_on, started_on, completed_on } => {
                days.applied_on = applied_on;
                days.enrolled_on = enrolled_on;
                days.started_on = Some(started_on);
                days.completed_on = Some(completed_on);
            }
            Self::DroppedOut { applied_on, enrolled_on, started_on, dropped_out_on } => {
                days.applied_on = applied_on;
                days.enrolled_on = enrolled_on;
                days.started_on = started_on;
                days.dropped_out_on = Some(dropped_out_on);
            }
        }
        days
    }
}

/// Something somebody applied for, or is or was in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Episode {
    /// Ours.
    pub id: EpisodeId,
    /// What it is.
    #[serde(flatten)]
    pub pursuit: Pursuit,
    /// How far it has come.
    #[serde(flatten)]
    pub course: Course,
    /// Who told of it.
    pub source: Source,
    /// Raised by each change.
    #[serde(skip)]
    pub version: i64,
}

/// What happened to an episode, as it is from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EpisodeEvent {
    /// It was recorded.
    Recorded(Episode),
    /// It came further.
    DaysTold(Episode),
}

impl EpisodeEvent {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Recorded(_) => EventKind::EpisodeRecorded,
            Self::DaysTold(_) => EventKind::EpisodeDaysTold,
        }
    }

    /// What is to be stored.
    #[must_use]
    pub const fn episode(&self) -> &Episode {
        match self {
            Self::Recorded(episode) | Self::DaysTold(episode) => episode,
        }
    }
}

impl Episode {
    /// Decides whether more days are told of it: only those that were not.
    pub fn tell(&self, new: EpisodeDays) -> Result<EpisodeEvent, EpisodeRefusal> {
        let old = self.course.days();
        if new == EpisodeDays::default() {
            return Err(EpisodeRefusal::DaysContradict {});
        }
        let told = old.in_order().into_iter().zip(new.in_order());
        if told.into_iter().any(|(old, new)| old.is_some() && new.is_some()) {
            return Err(EpisodeRefusal::AlreadyTold {});
        }
        let days = EpisodeDays {
            applied_on: old.applied_on.or(new.applied_on),
            enrolled_on: old.enrolled_on.or(new.enrolled_on),
            started_on: old.started_on.or(new.started_on),
            completed_on: old.completed_on.or(new.completed_on),
            dropped_out_on: old.dropped_out_on.or(new.dropped_out_on),
        };
        let course = days.course()?;
        Ok(EpisodeEvent::DaysTold(Self { course, version: self.version + 1, ..self.clone() }))
    }

    /// The first day on which anything was heard of it.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.course.days().in_order().into_iter().flatten().next()
    }

    /// Had it ended on a day?
    fn had_ended(&self, day: NaiveDate) -> bool {
        let [.., ended_on] = self.course.days().in_order();
        ended_on.is_some_and(|ended_on| ended_on <= day)
    }

    fn is_under_way(&self, day: NaiveDate) -> bool {
        let started_on = self.course.days().started_on;
        started_on.is_some_and(|from| from <= day) && !self.had_ended(day)
    }

    /// Had they a place in it that day, begun or not?
    fn is_held(&self, day: NaiveDate) -> bool {
        let EpisodeDays { enrolled_on, started_on, .. } = self.course.days();
        enrolled_on.or(started_on).is_some_and(|from| from <= day) && !self.had_ended(day)
    }
}

/// How somebody stands on a day, as their episodes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// In education.
    pub in_education: bool,
    /// In work.
    pub in_work: bool,
    /// Has a place in education or work, begun or not.
    pub has_place: bool,
}

impl Standing {
    /// YP-10.
    #[must_use]
    pub const fn in_education_or_work(self) -> bool {
        self.in_education || self.in_work
    }
}

/// How somebody stands on a day; none: nothing was heard until then.
#[must_use]
pub fn standing_on(episodes: &[Episode], day: NaiveDate) -> Option<Standing> {
    let heard = |episode: &Episode| episode.first_day().is_some_and(|first| first <= day);
    if !episodes.iter().any(heard) {
        return None;
    }
    let any = |is: &dyn Fn(&Episode) -> bool| episodes.iter().any(is);
    let counts = |episode: &Episode| episode.pursuit.is_education() || episode.pursuit.is_work();
    Some(Standing {
        in_education: any(&|one| one.pursuit.is_education() && one.is_under_way(day)),
        in_work: any(&|one| one.pursuit.is_work() && one.is_under_way(day)),
        has_place: any(&|one| counts(one) && one.is_held(day)),
    })
}

/// The grades of school that were passed by a day.
#[must_use]
pub fn grades_passed(episodes: &[Episode], day: NaiveDate) -> Vec<i16> {
    let mut grades: Vec<i16> = episodes
        .iter()
        .filter_map(|episode| match (&episode.pursuit, episode.course) {
            (Pursuit::School { grade, .. }, Course::Completed { completed_on, .. }) => {
                (completed_on <= day).then_some(*grade)
            }
            _ => None,
        })
        .collect();
    grades.sort_unstable();
    grades.dedup();
    grades
}

#[cfg(test)]
mod tests;
