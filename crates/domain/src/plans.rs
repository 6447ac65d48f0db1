//! The joint plan (PL-1 to PL-10, PL-12). Commands decide and change nothing; `apply` folds what was decided
//! and never fails; storage writes the row and the event from the same value.

mod follow_up;

pub use follow_up::{
    Indicators, NextReview, Progress, REVIEW_WITHIN_DAYS, Review, TOLD_BACK_DAYS, Voice,
};

use crate::Refusal;
use crate::calendar::day_of;
use crate::ids::{EmployeeId, PlanId, YoungPersonId};
use crate::timeline::EventKind;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Where a plan is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanState {
    /// Being written; only what cannot wait may start.
    Draft,
    /// In force.
    Active {
        /// Since when.
        activated_at: DateTime<Utc>,
        /// When it is reviewed next (PL-5).
        next_review: NextReview,
    },
    /// Over, and never changed again (PL-9).
    Closed {
        /// When it was in force from; never, where a draft was closed.
        activated_at: Option<DateTime<Utc>>,
        /// Since when.
        closed_at: DateTime<Utc>,
        /// How it ended.
        outcome: PlanOutcome,
        /// What there is to say about it.
        note: Option<String>,
    },
}

impl PlanStage {
    /// Refuses when the plan is closed (PL-9).
    pub const fn ensure_open(self) -> Result<(), PlanRefusal> {
        match self {
            Self::Closed => Err(PlanRefusal::Closed {}),
            Self::Draft | Self::Active => Ok(()),
        }
    }
}

impl PlanState {
    /// Where that is.
    #[must_use]
    pub const fn stage(&self) -> PlanStage {
        match self {
            Self::Draft => PlanStage::Draft,
            Self::Active { .. } => PlanStage::Active,
            Self::Closed { .. } => PlanStage::Closed,
        }
    }

    /// Its code.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active { .. } => "active",
            Self::Closed { .. } => "closed",
        }
    }
}

/// Where a plan is in its life, and no more of it: what the provider of an intervention is asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum PlanStage {
    /// Being written.
    Draft,
    /// In force.
    Active,
    /// Over.
    Closed,
}

/// How a plan ended (PL-7).
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
pub enum PlanOutcome {
    /// Went on to education.
    Education,
    /// Went on to work.
    Employment,
    /// Supports themselves.
    SelfSupporting,
    /// Moved to another municipality.
    MovedAway,
    /// Left the country.
    LeftTheCountry,
    /// Turned 30.
    #[serde(rename = "reached-30")]
    #[strum(serialize = "reached-30")]
    ReachedThirty,
    /// Did not want it any more.
    OwnWish,
    /// Was granted a permanent benefit.
    PermanentBenefit,
    /// Goes on with public support.
    ContinuesOnPublicSupport,
    /// Died.
    Deceased,
}

/// What a goal is about (PL-4).
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
pub enum GoalArea {
    /// Education.
    Education,
    /// Employment.
    Employment,
    /// Health.
    Health,
    /// Social life.
    Social,
    /// Coping with everyday life.
    EverydayCoping,
    /// Network.
    Network,
    /// Housing and economy.
    HousingAndEconomy,
}

/// A department's own plan, linked from the joint one (PL-6).
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
pub enum LinkKind {
    /// UU's education plan.
    EducationPlan,
    /// The jobcenter's Min plan.
    MinPlan,
    /// The social department's plan.
    Handleplan,
    /// B&U's plan from 16.
    Ungeplan,
    /// A school's course plan.
    CoursePlan,
    /// Another.
    Other,
}

/// What the young person wants, in their own words (PL-3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnWords {
    /// As they said it.
    Said(String),
    /// How they were asked, and would not or could not say.
    Absent(String),
    /// Not asked yet.
    NotAsked,
}

/// A joint plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Ours.
    pub id: PlanId,
    /// Whose.
    pub young_person: YoungPersonId,
    /// What it is for.
    pub purpose: String,
    /// The young person's.
    pub own_words: OwnWords,
    /// The closed plan it reopens (PL-9).
    pub previous: Option<PlanId>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Where it is.
    pub state: PlanState,
    /// Raised by every change; the `ETag`.
    pub version: i64,
}

/// A goal (PL-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Goal {
    /// What it is about.
    pub area: GoalArea,
    /// What is wished for.
    pub wished_result: String,
    /// By when.
    pub target_date: NaiveDate,
    /// What came of it, once known.
    pub result: Option<String>,
}

/// The one who carries the relation (PL-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ContactPerson {
    /// An employee. Being it gives no access by itself.
    Employee(EmployeeId),
    /// A teacher or another outside the case; no account is needed.
    Outside {
        /// Who.
        name: String,
        /// How to reach them.
        telephone: Option<String>,
        /// Where they are from.
        organisation: Option<String>,
    },
    /// Offered, and declined; why.
    Declined(String),
}

/// What was decided about a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PlanEvent {
    /// New words for purpose or the young person's own, or another day for the next review.
    Amended {
        /// As it is from now on.
        purpose: String,
        /// As they are from now on.
        own_words: OwnWords,
        /// The next review, where another day was set for it.
        next_review: Option<NextReview>,
    },
    /// In force.
    Activated {
        /// From when.
        at: DateTime<Utc>,
        /// When it is reviewed first.
        next_review: NextReview,
    },
    /// Reviewed (PL-5).
    Reviewed {
        /// What was held.
        review: Review,
        /// When it is reviewed next.
        next_review: NextReview,
    },
    /// Over.
    Closed {
        /// From when.
        at: DateTime<Utc>,
        /// How it ended.
        outcome: PlanOutcome,
        /// What there is to say about it.
        note: Option<String>,
    },
}

impl PlanEvent {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Amended { .. } => EventKind::PlanAmended,
            Self::Activated { .. } => EventKind::PlanActivated,
            Self::Reviewed { .. } => EventKind::PlanReviewed,
            Self::Closed { .. } => EventKind::PlanClosed,
        }
    }
}

/// What activation looks at besides the plan itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// Goals of the plan.
    pub goals: i64,
    /// Is there a coordinating caseworker who can sign in and whose unit takes part (PL-17)?
    pub coordinated: bool,
    /// Units that take part.
    pub units: i64,
    /// Is there a contact person, or a recorded refusal of one?
    pub contact_person_answered: bool,
}

impl Readiness {
    /// Is a contact person to be offered? Where two units or more work with the young person, and neither
    /// one nor a refusal is recorded (PL-2).
    #[must_use]
    pub const fn lacks_contact_person(&self) -> bool {
        self.units > 1 && !self.contact_person_answered
    }
}

/// What a plan lacks before it can be activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// A goal.
    Goal,
    /// The young person's own words, or how they were asked.
    OwnWords,
    /// The coordinating caseworker.
    Coordinator,
    /// A contact person, or that one was declined.
    ContactPerson,
}

/// Why a plan does not take a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum PlanRefusal {
    /// PL-3.
    #[error("the plan lacks {missing:?}")]
    NotReady {
        /// All that is missing.
        missing: Vec<Missing>,
    },
    /// PL-2.
    #[error("an active plan has a coordinating caseworker")]
    CoordinatorMissing {
        /// All that is missing.
        missing: Vec<Missing>,
    },
    /// PL-2.
    #[error("a contact person is offered where two units or more work with the young person")]
    ContactPersonNotOffered {
        /// All that is missing.
        missing: Vec<Missing>,
    },
    /// PL-7.
    #[error("{running} interventions are running")]
    InterventionsRunning {
        /// How many.
        running: i64,
    },
    /// PL-9.
    #[error("a closed plan changes no more")]
    Closed {},
    /// An active plan is not activated again.
    #[error("a plan that is {state} cannot {step}")]
    StepNotAllowed {
        /// Where the plan is.
        state: &'static str,
        /// What was asked.
        step: &'static str,
    },
    /// PL-9: a plan names a closed one that it reopens.
    #[error("the plan to reopen is not closed")]
    PreviousNotClosed {},
    /// PL-4, PL-5, PL-12: what is told of a day that lies ahead, or too long before the plan.
    #[error("what is told lies between {from} and {to}")]
    DayOutOfRange {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
    },
    /// PL-5.
    #[error("the next review lies between {from} and {to}")]
    ReviewOutOfRange {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
    },
    /// AB-2: an exemption has an end.
    #[error("an exemption ends between {from} and {to}")]
    ExemptionOutOfRange {
        /// Today.
        from: NaiveDate,
        /// As far ahead as a review.
        to: NaiveDate,
    },
    /// PL-5.
    #[error("the next review was due on {since}")]
    ReviewOverdue {
        /// That day.
        since: NaiveDate,
    },
}

impl Refusal for PlanRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotReady { .. } => "plan.not-ready",
            Self::CoordinatorMissing { .. } => "plan.coordinator-missing",
            Self::ContactPersonNotOffered { .. } => "plan.contact-person-not-offered",
            Self::InterventionsRunning { .. } => "plan.interventions-running",
            Self::Closed {} => "plan.closed",
            Self::StepNotAllowed { .. } => "plan.step-not-allowed",
            Self::PreviousNotClosed {} => "plan.previous-not-closed",
            Self::DayOutOfRange { .. } => "plan.day-out-of-range",
            Self::ReviewOutOfRange { .. } => "plan.review-out-of-range",
            Self::ExemptionOutOfRange { .. } => "plan.exemption-out-of-range",
            Self::ReviewOverdue { .. } => "plan.review-overdue",
        }
    }
}

impl Plan {
    /// When it is reviewed next, where it is active (PL-5).
    #[must_use]
    pub const fn next_review_on(&self) -> Option<NaiveDate> {
        match self.state {
            PlanState::Active { next_review, .. } => Some(next_review.on),
            PlanState::Draft | PlanState::Closed { .. } => None,
        }
    }

    /// Refuses when the plan is closed (PL-9): goals, participants, roles, links and interventions ask.
    pub const fn ensure_open(&self) -> Result<(), PlanRefusal> {
        self.state.stage().ensure_open()
    }

    /// Decides new words, and another day for the next review where one is named, and it is not overdue:
    /// then it is held first (PL-5).
    pub fn amend(
        &self,
        purpose: String,
        own_words: OwnWords,
        next_review_on: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<PlanEvent, PlanRefusal> {
        self.ensure_open()?;
        if matches!((&self.state, &own_words), (PlanState::Active { .. }, OwnWords::NotAsked)) {
            return Err(PlanRefusal::NotReady { missing: vec![Missing::OwnWords] });
        }
        let next_review = match (&self.state, next_review_on) {
            (_, None) => None,
            (PlanState::Active { next_review, .. }, Some(_)) if next_review.on < day_of(now) => {
                return Err(PlanRefusal::ReviewOverdue { since: next_review.on });
            }
            (PlanState::Active { .. }, on) => Some(NextReview::set(on, day_of(now))?),
            (state, Some(_)) => {
                return Err(PlanRefusal::StepNotAllowed { state: state.name(), step: "review" });
            }
        };
        Ok(PlanEvent::Amended { purpose, own_words, next_review })
    }

    /// Decides whether the plan comes into force (PL-2, PL-3), and when it is reviewed first (PL-5).
    pub fn activate(
        &self,
        readiness: Readiness,
        next_review_on: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<PlanEvent, PlanRefusal> {
        self.ensure_open()?;
        let PlanState::Draft = self.state else {
            return Err(PlanRefusal::StepNotAllowed { state: self.state.name(), step: "activate" });
        };
        let missing: Vec<Missing> = [
            (readiness.goals == 0, Missing::Goal),
            (self.own_words == OwnWords::NotAsked, Missing::OwnWords),
            (!readiness.coordinated, Missing::Coordinator),
            (readiness.lacks_contact_person(), Missing::ContactPerson),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect();
        match missing.first() {
            None => {
                let next_review = NextReview::set(next_review_on, day_of(now))?;
                Ok(PlanEvent::Activated { at: now, next_review })
            }
            Some(Missing::Goal | Missing::OwnWords) => Err(PlanRefusal::NotReady { missing }),
            Some(Missing::Coordinator) => Err(PlanRefusal::CoordinatorMissing { missing }),
            Some(Missing::ContactPerson) => Err(PlanRefusal::ContactPersonNotOffered { missing }),
        }
    }

    /// Decides whether the plan ends: when nothing runs in it that nobody carries on (PL-7).
    pub fn close(
        &self,
        running: i64,
        outcome: PlanOutcome,
        note: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<PlanEvent, PlanRefusal> {
        self.ensure_open()?;
        if running > 0 {
            return Err(PlanRefusal::InterventionsRunning { running });
        }
        Ok(PlanEvent::Closed { at: now, outcome, note })
    }

    /// Folds what was decided into the plan.
    #[must_use]
    pub fn apply(mut self, event: &PlanEvent) -> Self {
        match event.clone() {
            PlanEvent::Amended { purpose, own_words, next_review } => {
                self.purpose = purpose;
                self.own_words = own_words;
                if let Some(new) = next_review {
                    self.set_next_review(new);
                }
            }
            PlanEvent::Activated { at, next_review } => {
                self.state = PlanState::Active { activated_at: at, next_review };
            }
            PlanEvent::Reviewed { next_review, .. } => self.set_next_review(next_review),
            PlanEvent::Closed { at, outcome, note } => {
                let activated_at = match self.state {
                    PlanState::Active { activated_at, .. } => Some(activated_at),
                    PlanState::Draft | PlanState::Closed { .. } => None,
                };
                self.state = PlanState::Closed { activated_at, closed_at: at, outcome, note };
            }
        }
        self.version += 1;
        self
    }

    fn set_next_review(&mut self, new: NextReview) {
        if let PlanState::Active { next_review, .. } = &mut self.state {
            *next_review = new;
        }
    }
}

#[cfg(test)]
mod tests;
