//! From B&U to J&V: the need of a transition meeting, by when it is met about, and what is decided of it (TM-1 to TM-3,
//! TM-11, TM-12, TM-14). Needs are found in the database, from all that tells of them; here is what a day makes of one.

use crate::Refusal;
use crate::ids::TransitionNeedId;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $word:literal])+ $variant:ident,)+ })+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($(#[doc = $word])+ $variant,)+ }
    )+};
}

codes! {
    /// What raised a need.
    Origin {
        /// A need of support from B&U that goes on after 18.
        SupportNeed,
        /// Enrolment in STU or a special school; UU judges it.
        Enrolment,
        /// An aftercare that ends (TM-14).
        AftercareEnds,
        /// Somebody raised it.
        ByHand,
    }
    /// What a need of support that answers to a paragraph after 18 leads to (TM-2).
    LeadsTo {
        /// A transition meeting.
        Meeting,
        /// A referral to the jobcenter or UU instead.
        Referral,
    }
    /// What was decided of a need.
    NeedState {
        /// UU has not judged it yet.
        ToJudge,
        /// A meeting is to be held.
        Open,
        /// It is referred instead (TM-2).
        Exempt,
        /// UU judged that none is needed.
        NotInNeed,
        /// The meeting was held.
        Held,
    }
    /// How a need stands on a day (TM-11).
    Standing {
        /// UU has not judged it yet.
        ToJudge,
        /// Nothing is booked.
        ToBook,
        /// A meeting is booked.
        Booked,
        /// The day by which it was to be held is past.
        Overdue,
        /// The meeting was held.
        Held,
        /// It is referred instead.
        Exempt,
        /// UU judged that none is needed.
        NotInNeed,
    }
}

/// By which birthday the meeting is held: one handover, at 15 or at 17, as was chosen (TM-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "i16", try_from = "i16")]
pub enum Guide {
    /// The guide of the 15th year.
    Fifteen,
    /// The guide of the 17th year.
    Seventeen,
}

impl From<Guide> for i16 {
    fn from(guide: Guide) -> Self {
        match guide {
            Guide::Fifteen => 15,
            Guide::Seventeen => 17,
        }
    }
}

/// Neither 15 nor 17.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither 15 nor 17")]
pub struct NoGuide;

impl TryFrom<i16> for Guide {
    type Error = NoGuide;

    fn try_from(years: i16) -> Result<Self, NoGuide> {
        match years {
            15 => Ok(Self::Fifteen),
            17 => Ok(Self::Seventeen),
            _ => Err(NoGuide),
        }
    }
}

impl Guide {
    /// The birthday by which the meeting is held (TM-3).
    #[must_use]
    pub fn due_on(self, born: NaiveDate) -> NaiveDate {
        months_old(born, if self == Self::Fifteen { 15 * 12 } else { 17 * 12 })
    }

    /// From which day on a need is found: half a year before.
    #[must_use]
    pub fn found_on(self, born: NaiveDate) -> NaiveDate {
        months_old(born, if self == Self::Fifteen { 15 * 12 - 6 } else { 17 * 12 - 6 })
    }
}

/// The day on which somebody is so many months old; of a day that the month does not have, the first of the next.
#[must_use]
pub fn months_old(born: NaiveDate, months: u32) -> NaiveDate {
    use chrono::Datelike as _;
    let then = born.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    if then.day() < born.day() { then.succ_opt().unwrap_or(then) } else { then }
}

/// How a need stands on a day: what is overdue stays overdue until the meeting is held, also where one is booked.
#[must_use]
pub fn standing(state: NeedState, due_on: NaiveDate, booked: bool, today: NaiveDate) -> Standing {
    match state {
        NeedState::Exempt => Standing::Exempt,
        NeedState::NotInNeed => Standing::NotInNeed,
        NeedState::Held => Standing::Held,
        NeedState::ToJudge | NeedState::Open if due_on < today => Standing::Overdue,
        NeedState::ToJudge => Standing::ToJudge,
        NeedState::Open if booked => Standing::Booked,
        NeedState::Open => Standing::ToBook,
    }
}

/// A need as it lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransitionNeed {
    /// Ours.
    pub id: TransitionNeedId,
    /// What was decided of it.
    pub state: NeedState,
    /// By which birthday; none: of an aftercare that ends.
    pub guide: Option<Guide>,
    /// Does it still go before the aftercare committee?
    pub wants_committee: bool,
    /// Does all their support that goes on leave it to a referral (TM-2)?
    pub may_be_exempt: bool,
    /// Is its meeting booked?
    pub booked: bool,
}

/// What is decided of a need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "decided", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum NeedEvent {
    /// UU judged it.
    Judged {
        /// Is a meeting needed?
        in_need: bool,
        /// By which guide.
        guide: Guide,
        /// Why.
        words: String,
    },
    /// It is referred instead of met about.
    Exempted {
        /// Why.
        words: String,
    },
    /// The meeting was held.
    Held {
        /// When.
        on: NaiveDate,
    },
}

/// Why a need is not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum NeedRefusal {
    /// It goes on, and not back.
    #[error("the need is {state}")]
    StepNotAllowed {
        /// What was decided of it.
        state: NeedStateName,
    },
    /// TM-2: the law asks for a meeting.
    #[error("the law asks for a meeting")]
    NotExempt {},
    /// What is prepared is cancelled first.
    #[error("its meeting is booked")]
    InPreparation {},
    /// TM-12: the aftercare committee comes before the meeting.
    #[error("the aftercare committee comes first")]
    CommitteeMissing {},
    /// From the 18th birthday on there is nothing to hand over; of an aftercare that ends the need is found by itself.
    #[error("they are of age since {since}")]
    OfAge {
        /// The 18th birthday.
        since: NaiveDate,
    },
    /// A day that lies ahead.
    #[error("the day lies after {to}")]
    DayAhead {
        /// Today.
        to: NaiveDate,
    },
}

/// The state's code.
pub type NeedStateName = &'static str;

impl Refusal for NeedRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StepNotAllowed { .. } => "transition-need.step-not-allowed",
            Self::NotExempt {} => "transition-need.not-exempt",
            Self::InPreparation {} => "transition-need.in-preparation",
            Self::CommitteeMissing {} => "transition-need.committee-missing",
            Self::OfAge { .. } => "transition-need.age-out-of-range",
            Self::DayAhead { .. } => "transition-need.day-out-of-range",
        }
    }
}

/// Decides whether a need may be raised by hand: before the 18th birthday (*chosen*).
pub fn ensure_minor(born: NaiveDate, today: NaiveDate) -> Result<(), NeedRefusal> {
    let since = months_old(born, 18 * 12);
    if today < since { Ok(()) } else { Err(NeedRefusal::OfAge { since }) }
}

impl TransitionNeed {
    fn not_allowed(&self) -> NeedRefusal {
        NeedRefusal::StepNotAllowed { state: self.state.into() }
    }

    /// UU judges whether a meeting is needed, and by which guide (TM-1).
    pub fn judge(
        &self,
        in_need: bool,
        guide: Option<Guide>,
        words: String,
    ) -> Result<NeedEvent, NeedRefusal> {
        let (NeedState::ToJudge, Some(own)) = (self.state, self.guide) else {
            return Err(self.not_allowed());
        };
        // Judged at 15, it may wait for 17; not the other way.
        let guide = if in_need && own == Guide::Fifteen { guide.unwrap_or(own) } else { own };
        Ok(NeedEvent::Judged { in_need, guide, words })
    }

    /// It is referred instead. Gives no event where it was exempt already: then only the referral is new.
    pub fn exempt(&self, words: String) -> Result<Option<NeedEvent>, NeedRefusal> {
        match self.state {
            NeedState::ToJudge | NeedState::Open if !self.may_be_exempt => {
                Err(NeedRefusal::NotExempt {})
            }
            NeedState::ToJudge | NeedState::Open if self.booked => {
                Err(NeedRefusal::InPreparation {})
            }
            NeedState::ToJudge | NeedState::Open => Ok(Some(NeedEvent::Exempted { words })),
            NeedState::Exempt => Ok(None),
            NeedState::NotInNeed | NeedState::Held => Err(self.not_allowed()),
        }
    }

    /// Decides whether the aftercare committee talked it through (TM-12): also what is exempt, once.
    pub fn ensure_before_committee(
        &self,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<(), NeedRefusal> {
        match self.state {
            NeedState::Open | NeedState::Exempt if on > today => {
                Err(NeedRefusal::DayAhead { to: today })
            }
            NeedState::Open | NeedState::Exempt => Ok(()),
            _ => Err(self.not_allowed()),
        }
    }

    /// Decides whether it can be agreed who coordinates: of what is met about, before its meeting or after (TM-9).
    pub fn ensure_met_about(&self) -> Result<(), NeedRefusal> {
        match self.state {
            NeedState::Open | NeedState::Held => Ok(()),
            _ => Err(self.not_allowed()),
        }
    }

    /// Its meeting was held (TM-8).
    pub fn hold(&self, on: NaiveDate, today: NaiveDate) -> Result<NeedEvent, NeedRefusal> {
        match self.state {
            NeedState::Open if self.wants_committee => Err(NeedRefusal::CommitteeMissing {}),
            NeedState::Open if on > today => Err(NeedRefusal::DayAhead { to: today }),
            NeedState::Open => Ok(NeedEvent::Held { on }),
            _ => Err(self.not_allowed()),
        }
    }
}

#[cfg(test)]
mod tests;
