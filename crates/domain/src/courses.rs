//! How an intervention runs: at which company and how many hours a week (IV-8), on which weekdays, alone
//! or in a group (IV-12), how many run at once (IV-10), and what clashes.

mod clashes;
mod company;
mod groups;
mod sessions;

pub use clashes::{Clash, ClashKind, ClashesWith, Days, Held, Planned, Presumptions, clashes};
pub use company::{Company, Cvr, HoursForm, HoursStep, NotACvr, Supervisor, WeeklyHours};
pub use groups::{Group, GroupRefusal};
pub use sessions::{Session, TimeOfDay, Weekday, faults, weekly_minutes};

use crate::ids::GroupId;
use crate::interventions::{Intervention, InterventionRefusal};
use crate::timeline::EventKind;
use chrono::NaiveDate;
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

/// What was decided about how an intervention runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum CourseEvent {
    /// It runs at a company from now on.
    CompanyNamed(Company),
    /// So many hours a week from a day on.
    HoursTold(HoursStep),
    /// Its own weekly sessions from now on; none: without.
    ScheduleSet {
        /// All of them.
        sessions: Vec<Session>,
    },
    /// A member of a group.
    GroupJoined {
        /// Of which.
        group_id: GroupId,
        /// From which day.
        from: NaiveDate,
    },
    /// A member no more.
    GroupLeft {
        /// Of which.
        group_id: GroupId,
        /// The first day without it.
        on: NaiveDate,
    },
}

impl CourseEvent {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::CompanyNamed(_) => EventKind::InterventionCompanyNamed,
            Self::HoursTold(_) => EventKind::InterventionHoursTold,
            Self::ScheduleSet { .. } => EventKind::InterventionScheduleSet,
            Self::GroupJoined { .. } => EventKind::InterventionGroupJoined,
            Self::GroupLeft { .. } => EventKind::InterventionGroupLeft,
        }
    }
}

impl Intervention {
    /// Decides that it runs at this company, while it is not over (IV-8).
    pub fn name_company(&self, company: Company) -> Result<CourseEvent, InterventionRefusal> {
        self.ensure_running("name-company")?;
        Ok(CourseEvent::CompanyNamed(company))
    }

    /// Decides that it has so many hours a week from a day on; told again for the same day it corrects.
    pub fn tell_hours(&self, step: HoursStep) -> Result<CourseEvent, InterventionRefusal> {
        self.ensure_running("tell-hours")?;
        Ok(CourseEvent::HoursTold(step))
    }

    /// Decides its own weekly sessions.
    pub fn schedule(&self, sessions: Vec<Session>) -> Result<CourseEvent, InterventionRefusal> {
        self.ensure_running("set-schedule")?;
        Ok(CourseEvent::ScheduleSet { sessions })
    }

    /// What is company-oriented names its company before it starts (IV-8).
    pub const fn ensure_company(
        company_oriented: bool,
        named: bool,
    ) -> Result<(), InterventionRefusal> {
        if company_oriented && !named {
            Err(InterventionRefusal::CompanyMissing {})
        } else {
            Ok(())
        }
    }

    pub(crate) const fn ensure_running(
        &self,
        step: &'static str,
    ) -> Result<(), InterventionRefusal> {
        if self.state.is_running() {
            Ok(())
        } else {
            Err(InterventionRefusal::StepNotAllowed { state: self.state.name(), step })
        }
    }
}

/// What a young person gets on a day, as BIP counts it (IV-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Combination {
    /// Nothing is under way.
    None,
    /// One thing at a time.
    One,
    /// Several in parallel.
    Combined,
}

impl Combination {
    /// That of so many interventions under way.
    #[must_use]
    pub const fn of(interventions: i64) -> Self {
        match interventions {
            ..=0 => Self::None,
            1 => Self::One,
            2.. => Self::Combined,
        }
    }
}

#[cfg(test)]
mod tests;
