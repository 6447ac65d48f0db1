//! Interventions: their life, the places they take, and the line for them (IV-1 to IV-7), and what their
//! providers decide and tell (IV-9, IV-11).

pub mod attendance;
mod places;
mod tailoring;

pub use places::{Capacity, Hold, free_places};
pub use tailoring::{Limits, Outside, ensure_reason, outside, weeks_of};

use crate::Refusal;
use crate::access::InformationArea;
use crate::calendar::{add_working_days, day_of};
use crate::ids::{EmployeeId, InterventionId, PlanId, UnitId, YoungPersonId};
use crate::plans::{PlanRefusal, PlanStage};
use crate::timeline::EventKind;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Working days in which an offer is answered (*chosen*, IV-3).
pub const OFFER_STANDS_WORKING_DAYS: u32 = 5;
/// Working days in which the provider's visitation answers where no day is named (*chosen*, IV-11).
pub const VISITATION_ANSWERS_WORKING_DAYS: u32 = 5;
/// The longest that an intervention may be extended to, in weeks from its start (*chosen*).
pub const LONGEST_WEEKS: u64 = 520;
/// How far ahead a start may be told, in days (*chosen*).
pub const START_TOLD_AHEAD_DAYS: u64 = 182;

/// What an intervention is about: its subject.
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
pub enum Subject {
    /// Education.
    Education,
    /// Employment.
    Employment,
    /// Health and treatment.
    Health,
    /// Social life, coping, housing.
    Social,
    /// The family.
    Family,
}

impl Subject {
    /// The information area that what is written about it belongs to (D-8).
    #[must_use]
    pub const fn information_area(self) -> InformationArea {
        match self {
            Self::Education | Self::Employment => InformationArea::EducationAndEmployment,
            Self::Health => InformationArea::Health,
            Self::Social | Self::Family => InformationArea::FamilyAndSocial,
        }
    }
}

/// Why an intervention ended (IV-5).
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
pub enum EndReason {
    /// Went on to education.
    Education,
    /// Went on to work.
    Employment,
    /// Went on to an internship.
    Internship,
    /// Substance abuse.
    SubstanceAbuse,
    /// Mental health.
    MentalHealth,
    /// Physical health.
    PhysicalHealth,
    /// Moved.
    Moved,
    /// Another offer fitted better.
    OtherOffer,
    /// Did not attend.
    DidNotAttend,
    /// Did not want it any more.
    OwnWish,
    /// Ran to its end.
    Completed,
}

/// Where an intervention is in its life (IV-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InterventionState {
    /// Holds a place from a day on.
    Referred {
        /// That day.
        holds_from: NaiveDate,
    },
    /// In line for a place.
    Waiting {
        /// Its number in line.
        ticket: i64,
    },
    /// Was offered a place, and holds it until the answer.
    Offered {
        /// Its number in line.
        ticket: i64,
        /// From which day it holds the place.
        holds_from: NaiveDate,
        /// When it was offered.
        offered_at: DateTime<Utc>,
        /// The last day to answer.
        expires_on: NaiveDate,
    },
    /// Under way.
    Started {
        /// Since when.
        on: NaiveDate,
    },
    /// Over: `completed` exactly when the reason is [`EndReason::Completed`], else `ended-early`.
    Ended {
        /// Since when it was under way.
        started_on: NaiveDate,
        /// The day on which it was over: its place is free from then.
        on: NaiveDate,
        /// Why.
        reason: EndReason,
        /// What there is to say about it.
        note: Option<String>,
    },
    /// Taken back before it started.
    Withdrawn {
        /// Why, where it was told.
        note: Option<String>,
    },
    /// Said no to before it started.
    Declined {
        /// Who said no.
        by: DeclinedBy,
        /// When.
        on: NaiveDate,
        /// Why.
        reason: String,
    },
}

/// Who said no to an intervention.
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
pub enum DeclinedBy {
    /// The provider's visitation (IV-11).
    Provider,
    /// The young person, whoever tells it.
    YoungPerson,
    /// Nobody: the offer was not answered in time (IV-3).
    Lapsed,
}

/// The decline reason of an offer that nobody answered in time.
pub const OFFER_LAPSED: &str = "offer-lapsed";

/// That the provider's visitation has accepted a referral (IV-11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// When.
    pub on: NaiveDate,
    /// Who.
    pub by: EmployeeId,
    /// Why, where it was told.
    pub reason: Option<String>,
}

/// Where somebody stands in line, beside their number: given by the provider's visitation (IV-3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Priority {
    /// 0, as usual, to 9, who stands first.
    pub priority: i32,
    /// Why; none for those to whom none was given.
    pub reason: Option<String>,
}

/// What the catalogue says of a start, as it stands for one intervention (IV-4, IV-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// It may begin in a draft plan.
    pub cannot_wait: bool,
    /// The provider's visitation accepts first.
    pub visitation: bool,
    /// UU's newest intake assessment says yes, or none is asked for.
    pub assessed: bool,
}

impl InterventionState {
    /// Its code.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Referred { .. } => "referred",
            Self::Waiting { .. } => "waiting",
            Self::Offered { .. } => "offered",
            Self::Started { .. } => "started",
            Self::Ended { reason: EndReason::Completed, .. } => "completed",
            Self::Ended { .. } => "ended-early",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Declined { .. } => "declined",
        }
    }

    /// Not over yet: counts as running for IV-2 and PL-7.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(
            self,
            Self::Referred { .. }
                | Self::Waiting { .. }
                | Self::Offered { .. }
                | Self::Started { .. }
        )
    }
}

/// An intervention in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intervention {
    /// Ours.
    pub id: InterventionId,
    /// In which plan.
    pub plan: PlanId,
    /// Whose.
    pub young_person: YoungPersonId,
    /// Who provides it.
    pub provider: UnitId,
    /// The catalogue's code; none for a tailored one (IV-7).
    pub catalogue_code: Option<String>,
    /// The day it is planned to start.
    pub planned_start: NaiveDate,
    /// The unit that carries it on after its plan has closed (PL-7).
    pub carried_on_by: Option<UnitId>,
    /// The day it is planned to end.
    pub planned_end: Option<NaiveDate>,
    /// Why it lies outside its offer, where it does (IV-6).
    pub reason: Option<String>,
    /// Where it is.
    pub state: InterventionState,
    /// The visitation's yes, where it was given.
    pub acceptance: Option<Acceptance>,
    /// Where it stands in line, beside its number there.
    pub priority: Priority,
    /// Raised by every change; the `ETag`.
    pub version: i64,
}

/// What was decided about an intervention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum InterventionEvent {
    /// A place is offered.
    Offered {
        /// When.
        at: DateTime<Utc>,
        /// From which day the place is held.
        holds_from: NaiveDate,
        /// The last day to answer.
        expires_on: NaiveDate,
    },
    /// Under way.
    Started {
        /// From when.
        on: NaiveDate,
        /// Why it lies outside its offer, where that was told now (IV-6).
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Over.
    Ended {
        /// The day on which it was over: its place is free from then.
        on: NaiveDate,
        /// Why.
        reason: EndReason,
        /// What there is to say about it.
        note: Option<String>,
    },
    /// Taken back.
    Withdrawn {
        /// Why, where it was told.
        note: Option<String>,
    },
    /// Said no to.
    Declined {
        /// Who said no.
        by: DeclinedBy,
        /// When.
        on: NaiveDate,
        /// Why.
        reason: String,
    },
    /// The provider's visitation has said yes.
    Accepted {
        /// When.
        on: NaiveDate,
        /// Who.
        by: EmployeeId,
        /// Why, where it was told.
        reason: Option<String>,
    },
    /// Given another place in line.
    Prioritised(Priority),
    /// Planned to end later.
    Extended {
        /// When it was told.
        on: NaiveDate,
        /// The new planned end.
        planned_end: NaiveDate,
        /// Why.
        reason: String,
    },
}

impl InterventionEvent {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Offered { .. } => EventKind::InterventionOffered,
            Self::Started { .. } => EventKind::InterventionStarted,
            Self::Ended { .. } => EventKind::InterventionEnded,
            Self::Withdrawn { .. } => EventKind::InterventionWithdrawn,
            Self::Declined { .. } => EventKind::InterventionDeclined,
            Self::Accepted { .. } => EventKind::InterventionAccepted,
            Self::Prioritised(_) => EventKind::InterventionPrioritised,
            Self::Extended { .. } => EventKind::InterventionExtended,
        }
    }

    /// A step of its life (IV-4), rather than something that is noted of it where it is?
    #[must_use]
    pub const fn is_step(&self) -> bool {
        !matches!(self, Self::Accepted { .. } | Self::Prioritised(_) | Self::Extended { .. })
    }

    /// Does it leave the intervention over?
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Withdrawn { .. } | Self::Declined { .. })
    }
}

/// What the caller wants where no place is free.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum OnNoPlace {
    /// To stand in line.
    Wait,
    /// To be refused.
    Refuse,
}

/// Why an intervention does not take a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum InterventionRefusal {
    /// IV-4.
    #[error("an intervention that is {state} cannot {step}")]
    StepNotAllowed {
        /// Where it is.
        state: &'static str,
        /// What was asked.
        step: &'static str,
    },
    /// IV-3.
    #[error("no place is free")]
    NoPlace {
        /// How many wait in line.
        waiting: i64,
    },
    /// IV-4.
    #[error("needs an active plan")]
    PlanNotActive {},
    /// IV-11.
    #[error("the provider has accepted it already")]
    AlreadyAccepted {},
    /// IV-11.
    #[error("the provider has not accepted it")]
    NotAccepted {},
    /// IV-11.
    #[error("no assessment says that the young person is in the target group")]
    AssessmentMissing {},
    /// IV-6.
    #[error("needs a reason")]
    ReasonNeeded {
        /// In what it lies outside.
        outside: Vec<Outside>,
    },
    /// IV-8.
    #[error("names no company")]
    CompanyMissing {},
    /// A day outside what the step can be told for.
    #[error("the day is not between {from} and {to}")]
    DayOutOfRange {
        /// The first possible day.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
}

impl Refusal for InterventionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StepNotAllowed { .. } => "intervention.step-not-allowed",
            Self::NoPlace { .. } => "intervention.no-place",
            Self::PlanNotActive {} => "plan.not-active",
            Self::AlreadyAccepted {} => "intervention.already-accepted",
            Self::NotAccepted {} => "intervention.not-accepted",
            Self::AssessmentMissing {} => "intervention.assessment-missing",
            Self::ReasonNeeded { .. } => "intervention.reason-needed",
            Self::CompanyMissing {} => "intervention.company-missing",
            Self::DayOutOfRange { .. } => "intervention.day-out-of-range",
        }
    }
}

/// Refuses what can wait in a draft plan (IV-4): it is referred to and started once the plan is active.
pub const fn ensure_may_begin(
    stage: PlanStage,
    cannot_wait: bool,
) -> Result<(), InterventionRefusal> {
    match stage {
        PlanStage::Draft if !cannot_wait => Err(InterventionRefusal::PlanNotActive {}),
        _ => Ok(()),
    }
}

/// Where a referral begins its life (IV-3): it holds a place from its planned start where one is free
/// and nobody waits; else it stands in line, or is refused where the caller asked for a place.
///
/// `free` is how many places are free from that day on (none: not limited), `waiting` how many wait.
pub fn place_referral(
    planned_start: NaiveDate,
    today: NaiveDate,
    free: Option<i32>,
    waiting: i64,
    ticket: i64,
    on_no_place: OnNoPlace,
) -> Result<InterventionState, InterventionRefusal> {
    match free {
        None => Ok(InterventionState::Referred { holds_from: planned_start.max(today) }),
        Some(free) if free > 0 && waiting == 0 => {
            Ok(InterventionState::Referred { holds_from: planned_start.max(today) })
        }
        Some(_) if on_no_place == OnNoPlace::Wait => Ok(InterventionState::Waiting { ticket }),
        Some(_) => Err(InterventionRefusal::NoPlace { waiting }),
    }
}

impl Intervention {
    /// The day from which it would hold a place, were it given one today.
    #[must_use]
    pub fn wants_place_from(&self, today: NaiveDate) -> NaiveDate {
        self.planned_start.max(today)
    }

    /// Decides to offer the place that has fallen free.
    pub fn offer(&self, now: DateTime<Utc>) -> Result<InterventionEvent, InterventionRefusal> {
        let InterventionState::Waiting { .. } = self.state else {
            return Err(self.not_allowed("offer"));
        };
        let today = day_of(now);
        Ok(InterventionEvent::Offered {
            at: now,
            holds_from: self.wants_place_from(today),
            expires_on: add_working_days(today, OFFER_STANDS_WORKING_DAYS),
        })
    }

    /// Refuses a step in a closed plan (PL-9), unless a unit carries the intervention on.
    pub const fn ensure_open_in(&self, stage: PlanStage) -> Result<(), PlanRefusal> {
        match self.carried_on_by {
            Some(_) => Ok(()),
            None => stage.ensure_open(),
        }
    }

    /// Decides that it is under way from `on`, which may be told beforehand: in an active plan, where the
    /// offer can wait (IV-4), and once what the catalogue asks for before that is there (IV-11).
    /// `reason`: why it lies outside its offer, where it newly does ([`Self::newly_outside`]).
    pub fn start(
        &self,
        on: NaiveDate,
        reason: Option<String>,
        today: NaiveDate,
        stage: PlanStage,
        admission: Admission,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        let (InterventionState::Referred { .. } | InterventionState::Offered { .. }) = self.state
        else {
            return Err(self.not_allowed("start"));
        };
        ensure_may_begin(stage, admission.cannot_wait)?;
        if admission.visitation && self.acceptance.is_none() {
            return Err(InterventionRefusal::NotAccepted {});
        }
        if !admission.assessed {
            return Err(InterventionRefusal::AssessmentMissing {});
        }
        let to = today.checked_add_days(Days::new(START_TOLD_AHEAD_DAYS)).unwrap_or(today);
        let from = self
            .planned_start
            .min(today)
            .checked_sub_days(Days::new(START_TOLD_AHEAD_DAYS))
            .unwrap_or(today);
        if !(from..=to).contains(&on) {
            return Err(InterventionRefusal::DayOutOfRange { from, to });
        }
        Ok(InterventionEvent::Started { on, reason })
    }

    /// In what it lies outside its offer on the day it really begins, that nobody has given a reason for:
    /// beyond what it was when it was planned, or all of it where no reason stands (IV-6).
    #[must_use]
    pub fn newly_outside(&self, planned: &[Outside], begun: &[Outside]) -> Vec<Outside> {
        let is_told = |outside: &Outside| self.reason.is_some() && planned.contains(outside);
        begun.iter().copied().filter(|outside| !is_told(outside)).collect()
    }

    /// Decides that it is over, with its reason (IV-5); not before `last_present`, the last day on which
    /// somebody came (IV-9).
    pub fn end(
        &self,
        on: NaiveDate,
        last_present: Option<NaiveDate>,
        reason: EndReason,
        note: Option<String>,
        today: NaiveDate,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        let InterventionState::Started { on: started_on } = self.state else {
            return Err(self.not_allowed("end"));
        };
        let from = last_present.map_or(started_on, |last| last.max(started_on));
        let to = today.max(from);
        if !(from..=to).contains(&on) {
            return Err(InterventionRefusal::DayOutOfRange { from, to });
        }
        Ok(InterventionEvent::Ended { on, reason, note })
    }

    /// Decides to take it back before it has started.
    pub fn withdraw(&self, note: Option<String>) -> Result<InterventionEvent, InterventionRefusal> {
        self.ensure_not_started("withdraw")?;
        Ok(InterventionEvent::Withdrawn { note })
    }

    /// Decides that the young person said no to it before it started.
    pub fn decline(
        &self,
        reason: String,
        today: NaiveDate,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        self.ensure_not_started("decline")?;
        Ok(InterventionEvent::Declined { by: DeclinedBy::YoungPerson, on: today, reason })
    }

    /// Decides, as the provider's visitation, to take the young person (IV-11). It stays where it is.
    pub fn accept(
        &self,
        by: EmployeeId,
        reason: Option<String>,
        today: NaiveDate,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        self.ensure_not_started("accept")?;
        if self.acceptance.is_some() {
            return Err(InterventionRefusal::AlreadyAccepted {});
        }
        Ok(InterventionEvent::Accepted { on: today, by, reason })
    }

    /// Decides, as the provider's visitation, not to take the young person (IV-11); also after a yes.
    pub fn refuse(
        &self,
        reason: String,
        today: NaiveDate,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        self.ensure_not_started("refuse")?;
        Ok(InterventionEvent::Declined { by: DeclinedBy::Provider, on: today, reason })
    }

    /// Decides, as the provider's visitation, where it stands in line (IV-3).
    pub fn prioritise(
        &self,
        priority: i32,
        reason: String,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        let InterventionState::Waiting { .. } = self.state else {
            return Err(self.not_allowed("prioritise"));
        };
        Ok(InterventionEvent::Prioritised(Priority { priority, reason: Some(reason) }))
    }

    /// Decides that it is planned to end later than it was. Beyond the usual length as well: there is
    /// always a reason (IV-6).
    pub fn extend(
        &self,
        planned_end: NaiveDate,
        reason: String,
        today: NaiveDate,
    ) -> Result<InterventionEvent, InterventionRefusal> {
        let InterventionState::Started { on } = self.state else {
            return Err(self.not_allowed("extend"));
        };
        let from = self.planned_end.unwrap_or(on).succ_opt().unwrap_or(on);
        let to = on.checked_add_days(Days::new(LONGEST_WEEKS * 7)).unwrap_or(on);
        if !(from..=to).contains(&planned_end) {
            return Err(InterventionRefusal::DayOutOfRange { from, to });
        }
        Ok(InterventionEvent::Extended { on: today, planned_end, reason })
    }

    /// Decides that the offer has lapsed: it was to be answered before `today`.
    #[must_use]
    pub fn lapse(&self, today: NaiveDate) -> Option<InterventionEvent> {
        match self.state {
            InterventionState::Offered { expires_on, .. } if expires_on < today => {
                Some(InterventionEvent::Declined {
                    by: DeclinedBy::Lapsed,
                    on: today,
                    reason: OFFER_LAPSED.to_owned(),
                })
            }
            _ => None,
        }
    }

    /// Does it start later than its place was held from, so that the place is free until then?
    #[must_use]
    pub fn starts_later(&self, event: &InterventionEvent) -> bool {
        match (&self.state, event) {
            (
                InterventionState::Referred { holds_from }
                | InterventionState::Offered { holds_from, .. },
                InterventionEvent::Started { on, .. },
            ) => holds_from < on,
            _ => false,
        }
    }

    /// Folds what was decided into the intervention.
    #[must_use]
    pub fn apply(mut self, event: &InterventionEvent) -> Self {
        self.state = match (event.clone(), self.state) {
            (
                InterventionEvent::Offered { at, holds_from, expires_on },
                InterventionState::Waiting { ticket },
            ) => InterventionState::Offered { ticket, holds_from, offered_at: at, expires_on },
            (InterventionEvent::Started { on, reason }, _) => {
                self.reason = reason.or(self.reason);
                InterventionState::Started { on }
            }
            (
                InterventionEvent::Ended { on, reason, note },
                InterventionState::Started { on: started_on },
            ) => InterventionState::Ended { started_on, on, reason, note },
            (InterventionEvent::Withdrawn { note }, _) => InterventionState::Withdrawn { note },
            (InterventionEvent::Declined { by, on, reason }, _) => {
                InterventionState::Declined { by, on, reason }
            }
            (InterventionEvent::Accepted { on, by, reason }, state) => {
                self.acceptance = Some(Acceptance { on, by, reason });
                state
            }
            (InterventionEvent::Prioritised(priority), state) => {
                self.priority = priority;
                state
            }
            (InterventionEvent::Extended { planned_end, .. }, state) => {
                self.planned_end = Some(planned_end);
                state
            }
            // Unreachable through the commands above; a stray event changes nothing.
            (InterventionEvent::Offered { .. } | InterventionEvent::Ended { .. }, state) => state,
        };
        self.version += 1;
        self
    }

    const fn ensure_not_started(&self, step: &'static str) -> Result<(), InterventionRefusal> {
        match self.state {
            InterventionState::Referred { .. }
            | InterventionState::Waiting { .. }
            | InterventionState::Offered { .. } => Ok(()),
            _ => Err(self.not_allowed(step)),
        }
    }

    const fn not_allowed(&self, step: &'static str) -> InterventionRefusal {
        InterventionRefusal::StepNotAllowed { state: self.state.name(), step }
    }
}

#[cfg(test)]
mod tests;
