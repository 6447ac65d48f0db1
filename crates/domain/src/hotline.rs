//! The hotline: contacts, what became of them, and notifications of concern (HL-1 to HL-10).

use crate::Refusal;
use crate::calendar::{add_working_days, day_of, end_of, start_of};
use crate::ids::{EmployeeId, YoungPersonId};
use crate::young_people::age_on;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How many days ago a call may be when it is logged (*chosen*).
pub const LOGGED_WITHIN_DAYS: u64 = 365;
/// A concern is assessed within so many hours of the call (HL-10).
pub const ASSESSED_WITHIN_HOURS: i64 = 24;
/// Whoever notified gets a receipt within so many working days of the call (HL-10).
pub const RECEIPT_WITHIN_WORKING_DAYS: u32 = 6;
/// How many cards one employee may see within an hour (HL-5, *chosen*).
pub const CARDS_WITHIN_AN_HOUR: i32 = 20;
/// The offer of the catalogue that a risk of dropping out may start at once (HL-6).
pub const DOUBLE_GUIDANCE: &str = "dobbeltvejledning";

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$of:meta])+ $variant:ident,)+ })+) => {$(
        $(#[$doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
        )]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($(#[$of])+ $variant,)+ }
    )+};
}

codes! {
    /// Who calls (HL-2).
    CallerKind {
        /// A school or another institution.
        Institution,
        /// An employer.
        Employer,
        /// A young person.
        YoungPerson,
        /// A relative.
        Relative,
        /// Somebody of the municipality.
        Colleague,
        /// Anybody else.
        Other,
    }
    /// By which way (*chosen*).
    Channel {
        /// By telephone.
        Phone,
        /// By e-mail.
        Email,
        /// By Digital Post.
        DigitalPost,
        /// They came.
        InPerson,
    }
    /// What it is about (HL-2).
    Topic {
        /// Somebody is about to drop out.
        DropOutRisk,
        /// Somebody stays away.
        Absence,
        /// Money.
        Economy,
        /// Substance abuse.
        SubstanceAbuse,
        /// How somebody is.
        Wellbeing,
        /// Where somebody lives.
        Housing,
        /// Guidance.
        Guidance,
        /// Anything else.
        Other,
    }
    /// How soon it is to be answered (HL-3).
    Urgency {
        /// The same day.
        Acute,
        /// Within one working day.
        High,
        /// Within five.
        Normal,
    }
    /// About whom somebody is concerned (HL-10).
    ConcernAbout {
        /// Somebody under 18.
        #[strum(serialize = "under-18")]
        #[serde(rename = "under-18")]
        Minor,
        /// An unborn child.
        Unborn,
    }
    /// Where a contact is in its life (HL-4).
    State {
        /// Nobody has it yet.
        Open,
        /// Somebody has it.
        Taken,
        /// It is answered.
        Answered,
        /// It is over.
        Closed,
    }
    /// What may be done with a contact.
    Step {
        /// Become its owner.
        Take,
        /// Answer it.
        Answer,
        /// Close it.
        Close,
        /// Put it back.
        Reopen,
        /// See what it tells about a young person's case.
        Card,
        /// Assess a concern.
        Assess,
        /// Give a receipt for a concern.
        Receipt,
    }
    /// What is written to a contact after it was logged.
    EntryKind {
        /// What was answered.
        Answer,
        /// Why it is open again.
        Reopening,
        /// How something is instead.
        Correction,
        /// What an assessment found.
        Assessment,
        /// What the receipt said.
        Receipt,
        /// Why it is tied anew, or to nobody any more.
        Link,
    }
}

impl Urgency {
    /// The day on which a contact of this urgency is due. What is acute is due the same day, whatever day it is.
    #[must_use]
    pub fn due_on(self, called_on: NaiveDate) -> NaiveDate {
        add_working_days(
            called_on,
            match self {
                Self::Acute => 0,
                Self::High => 1,
                Self::Normal => 5,
            },
        )
    }

    /// The day by which others answer it: when it is due, and in no less time than this urgency gives, for it may be
    /// tied to their case, or opened again, long after the call (HL-6).
    #[must_use]
    pub fn asked_by(self, due_at: DateTime<Utc>, asked_on: NaiveDate) -> NaiveDate {
        day_of(due_at).max(self.due_on(asked_on))
    }
}

impl ConcernAbout {
    /// Of a child: somebody under 18 on the day of the call (HL-10).
    pub fn ensure_about(self, born: NaiveDate, called_on: NaiveDate) -> Result<(), HotlineRefusal> {
        if self == Self::Minor && age_on(born, called_on) >= 18 {
            return Err(HotlineRefusal::ConcernOfAge {});
        }
        Ok(())
    }
}

/// What was told, when it is logged.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// When they called.
    pub called_at: DateTime<Utc>,
    /// How soon it is to be answered.
    pub urgency: Urgency,
    /// It is a notification of concern.
    pub concern: Option<ConcernAbout>,
    /// Was all done while speaking: solved, only informed, or shown on?
    pub done: bool,
    /// Is it to be tied, to an id or a number?
    pub tie_asked: bool,
}

/// Who has a contact, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The one owner.
    pub owner: EmployeeId,
    /// Since when.
    pub taken_at: DateTime<Utc>,
}

/// The life of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Nobody has it.
    Open,
    /// Somebody has it.
    Taken(Held),
    /// It is answered.
    Answered {
        /// By whom.
        held: Held,
        /// When.
        answered_at: DateTime<Utc>,
    },
    /// It is over.
    Closed {
        /// By whom it was answered.
        held: Held,
        /// When.
        answered_at: DateTime<Utc>,
        /// Since when.
        closed_at: DateTime<Utc>,
    },
}

/// The clocks of a concern: by when, and when it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concern {
    /// About whom.
    pub about: ConcernAbout,
    /// To be assessed by then.
    pub assess_by: DateTime<Utc>,
    /// When it was.
    pub assessed_at: Option<DateTime<Utc>>,
    /// The receipt is to be given by then.
    pub receipt_by: NaiveDate,
    /// When it was.
    pub receipted_at: Option<DateTime<Utc>>,
}

/// A contact, as its rules ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// About whom, where it is tied.
    pub young_person: Option<YoungPersonId>,
    /// Somebody asked to tie it, whether anybody has the number or not.
    pub tie_asked: bool,
    /// Its life.
    pub life: Life,
    /// It is a notification of concern.
    pub concern: Option<Concern>,
    /// The last moment in which it is in time.
    pub due_at: DateTime<Utc>,
    /// Raised by each change.
    pub version: i64,
}

/// What happened to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ContactEvent {
    /// Somebody became its owner.
    Taken {
        /// Who.
        owner_id: EmployeeId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It was answered.
    Answered {
        /// When.
        at: DateTime<Utc>,
    },
    /// It was closed.
    Closed {
        /// When.
        at: DateTime<Utc>,
    },
    /// It is open again.
    Reopened {
        /// When.
        at: DateTime<Utc>,
    },
    /// The concern was assessed.
    Assessed {
        /// When.
        at: DateTime<Utc>,
        /// Within the hours that there are.
        in_time: bool,
    },
    /// A receipt was given.
    Receipted {
        /// When.
        at: DateTime<Utc>,
        /// Within the days that there are.
        in_time: bool,
    },
}

/// Why something is not done with a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum HotlineRefusal {
    /// Not from there.
    #[error("a contact that is {state:?} does not {step:?}")]
    StepNotAllowed {
        /// Where it is.
        state: State,
        /// What was asked.
        step: Step,
    },
    /// Somebody else has it.
    #[error("another is the contact's owner")]
    AnotherOwner {
        /// Who.
        owner_id: EmployeeId,
    },
    /// A concern is not closed before it was assessed and a receipt given.
    #[error("the concern is not assessed, or without a receipt")]
    ConcernUnhandled {
        /// What is missing.
        missing: Vec<Step>,
    },
    /// They called ahead, or too long ago.
    #[error("they called between {from} and {to}")]
    MomentOutOfRange {
        /// The first moment.
        from: DateTime<Utc>,
        /// The last.
        to: DateTime<Utc>,
    },
    /// A concern about a child is about somebody under 18.
    #[error("they were of age when somebody was concerned")]
    ConcernOfAge {},
    /// Somebody asked to tie it before, and no reason was told to do so again.
    #[error("somebody asked to tie the contact before")]
    AlreadyLinked {},
}

impl Refusal for HotlineRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StepNotAllowed { .. } => "hotline.step-not-allowed",
            Self::AnotherOwner { .. } => "hotline.another-owner",
            Self::ConcernUnhandled { .. } => "hotline.concern-unhandled",
            Self::MomentOutOfRange { .. } => "hotline.moment-out-of-range",
            Self::ConcernOfAge {} => "hotline.concern-of-age",
            Self::AlreadyLinked {} => "hotline.already-linked",
        }
    }
}

impl Call {
    /// Logs it: when it is due, and whether it is over with the call (HL-1, HL-3, HL-10). Its clocks run from the call,
    /// however late it was noted.
    pub fn log(
        &self,
        by: EmployeeId,
        young_person: Option<YoungPersonId>,
        now: DateTime<Utc>,
    ) -> Result<Contact, HotlineRefusal> {
        let from = start_of(day_of(now) - Days::new(LOGGED_WITHIN_DAYS));
        if self.called_at > now || self.called_at < from {
            return Err(HotlineRefusal::MomentOutOfRange { from, to: now });
        }
        let called_on = day_of(self.called_at);
        let held = Held { owner: by, taken_at: now };
        let life = if self.done {
            Life::Closed { held, answered_at: now, closed_at: now }
        } else {
            Life::Open
        };
        let concern = self.concern.map(|about| Concern {
            about,
            assess_by: self.called_at + TimeDelta::hours(ASSESSED_WITHIN_HOURS),
            assessed_at: None,
            receipt_by: add_working_days(called_on, RECEIPT_WITHIN_WORKING_DAYS),
            receipted_at: None,
        });
        let due_at = end_of(self.urgency.due_on(called_on));
        let tie_asked = self.tie_asked;
        Ok(Contact { young_person, tie_asked, life, concern, due_at, version: 1 })
    }
}

impl Life {
    /// Its state.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::Open => State::Open,
            Self::Taken(_) => State::Taken,
            Self::Answered { .. } => State::Answered,
            Self::Closed { .. } => State::Closed,
        }
    }

    /// Who has it, and since when.
    #[must_use]
    pub const fn held(&self) -> Option<Held> {
        match self {
            Self::Open => None,
            Self::Taken(held) | Self::Answered { held, .. } | Self::Closed { held, .. } => {
                Some(*held)
            }
        }
    }

    /// When it was answered.
    #[must_use]
    pub const fn answered_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Open | Self::Taken(_) => None,
            Self::Answered { answered_at, .. } | Self::Closed { answered_at, .. } => {
                Some(*answered_at)
            }
        }
    }

    /// When it was closed.
    #[must_use]
    pub const fn closed_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Closed { closed_at, .. } => Some(*closed_at),
            Self::Open | Self::Taken(_) | Self::Answered { .. } => None,
        }
    }
}

impl Contact {
    const fn not_allowed(&self, step: Step) -> HotlineRefusal {
        HotlineRefusal::StepNotAllowed { state: self.life.state(), step }
    }

    /// Somebody becomes its owner.
    pub const fn take(
        &self,
        owner_id: EmployeeId,
        at: DateTime<Utc>,
    ) -> Result<ContactEvent, HotlineRefusal> {
        match self.life {
            Life::Open => Ok(ContactEvent::Taken { owner_id, at }),
            _ => Err(self.not_allowed(Step::Take)),
        }
    }

    /// Its owner answers it.
    pub fn answer(
        &self,
        by: EmployeeId,
        at: DateTime<Utc>,
    ) -> Result<ContactEvent, HotlineRefusal> {
        match self.life {
            Life::Taken(held) if held.owner == by => Ok(ContactEvent::Answered { at }),
            Life::Taken(held) => Err(HotlineRefusal::AnotherOwner { owner_id: held.owner }),
            _ => Err(self.not_allowed(Step::Answer)),
        }
    }

    /// It is over; a concern once it was assessed and a receipt given.
    pub fn close(&self, at: DateTime<Utc>) -> Result<ContactEvent, HotlineRefusal> {
        let Life::Answered { .. } = self.life else { return Err(self.not_allowed(Step::Close)) };
        let mut missing = Vec::new();
        if let Some(concern) = self.concern {
            missing.extend(concern.assessed_at.is_none().then_some(Step::Assess));
            missing.extend(concern.receipted_at.is_none().then_some(Step::Receipt));
        }
        if missing.is_empty() {
            Ok(ContactEvent::Closed { at })
        } else {
            Err(HotlineRefusal::ConcernUnhandled { missing })
        }
    }

    /// Back to open, from wherever it is.
    pub const fn reopen(&self, at: DateTime<Utc>) -> Result<ContactEvent, HotlineRefusal> {
        match self.life {
            Life::Open => Err(self.not_allowed(Step::Reopen)),
            _ => Ok(ContactEvent::Reopened { at }),
        }
    }

    /// The concern is assessed, once.
    pub fn assess(&self, at: DateTime<Utc>) -> Result<ContactEvent, HotlineRefusal> {
        match self.concern {
            Some(Concern { assessed_at: None, assess_by, .. }) => {
                Ok(ContactEvent::Assessed { at, in_time: at <= assess_by })
            }
            _ => Err(self.not_allowed(Step::Assess)),
        }
    }

    /// A receipt is given, once.
    pub fn receipt(&self, at: DateTime<Utc>) -> Result<ContactEvent, HotlineRefusal> {
        match self.concern {
            Some(Concern { receipted_at: None, receipt_by, .. }) => {
                Ok(ContactEvent::Receipted { at, in_time: day_of(at) <= receipt_by })
            }
            _ => Err(self.not_allowed(Step::Receipt)),
        }
    }

    /// HL-5: within a contact that somebody works on, one may see how to reach those who have the case.
    pub const fn ensure_unanswered(&self, step: Step) -> Result<(), HotlineRefusal> {
        match self.life {
            Life::Open | Life::Taken(_) => Ok(()),
            Life::Answered { .. } | Life::Closed { .. } => Err(self.not_allowed(step)),
        }
    }

    /// It may be tied to a young person; with a reason once somebody asked for that. So the question for one tells that
    /// somebody asked, and not whether anybody has the number.
    pub const fn ensure_linkable(&self, reason: Option<&str>) -> Result<(), HotlineRefusal> {
        if self.tie_asked && reason.is_none() {
            return Err(HotlineRefusal::AlreadyLinked {});
        }
        Ok(())
    }

    /// The contact after the event.
    #[must_use]
    pub fn apply(&self, event: ContactEvent) -> Self {
        let mut after = Self { version: self.version + 1, ..*self };
        match event {
            ContactEvent::Taken { owner_id, at } => {
                after.life = Life::Taken(Held { owner: owner_id, taken_at: at });
            }
            ContactEvent::Answered { at } => {
                if let Some(held) = self.life.held() {
                    after.life = Life::Answered { held, answered_at: at };
                }
            }
            ContactEvent::Closed { at } => {
                if let (Some(held), Some(answered_at)) = (self.life.held(), self.life.answered_at())
                {
                    after.life = Life::Closed { held, answered_at, closed_at: at };
                }
            }
            ContactEvent::Reopened { .. } => after.life = Life::Open,
            ContactEvent::Assessed { at, .. } => {
                after.concern =
                    self.concern.map(|concern| Concern { assessed_at: Some(at), ..concern });
            }
            ContactEvent::Receipted { at, .. } => {
                after.concern =
                    self.concern.map(|concern| Concern { receipted_at: Some(at), ..concern });
            }
        }
        after
    }
}

#[cfg(test)]
mod tests;
