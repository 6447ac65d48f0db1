//! Meetings about a young person: from B&U to J&V (TM-4 to TM-8, TM-10), the sparring beside them, and the network
//! meetings about a pregnancy (NM-1 to NM-3).

use crate::Refusal;
use crate::access::{InformationArea, Row};
use crate::calendar::day_of;
use crate::ids::{EmployeeId, MeetingId, RoomId, SlotId, UnitId, YoungPersonId};
use crate::organisation::Department;
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

impl MeetingKind {
    /// What its meetings are about, and all that hangs on them: the network around a pregnancy is health.
    #[must_use]
    pub const fn area(self) -> InformationArea {
        match self {
            Self::Transition | Self::Sparring => InformationArea::Plan,
            Self::Network => InformationArea::Health,
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident,)+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
        )]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($(#[$one])* $variant,)+ }
    )+};
}

codes! {
    /// What a meeting is held for.
    MeetingKind {
        /// The handover from B&U to J&V, with the young person.
        Transition,
        /// The same parties find a direction together, without the young person (TM-7).
        Sparring,
        /// The network around a pregnancy (NM-1).
        Network,
    }
    /// Why a meeting is outside the windows (TM-4).
    OutsideBecause {
        /// Its need is acute.
        Acute,
        /// Its need is past due.
        Overdue,
        /// It was moved because somebody is ill.
        Illness,
    }
    /// Why a meeting is moved.
    MoveBecause {
        /// Somebody is ill.
        Illness,
        /// Something else.
        Other,
    }
    /// Where a meeting is in its life.
    MeetingState {
        /// It is to be held.
        Planned,
        /// It is not held, and stays on record (TM-10).
        Cancelled,
        /// It was held.
        Held,
    }
    /// What is done with a meeting.
    MeetingStep {
        /// Move it.
        Move,
        /// Cancel it.
        Cancel,
        /// Hold it.
        Hold,
        /// Call somebody else to it.
        Invite,
        /// Tell that somebody cannot come.
        Excuse,
        /// Send its minutes to somebody outside.
        SendMinutes,
        /// Tell whether its place gives somebody away (YP-5).
        ProtectPlace,
    }
    /// How somebody takes part.
    Party {
        /// Whom it is about.
        YoungPerson,
        /// A guardian of theirs (YP-9).
        Guardian,
        /// Somebody of a municipal unit.
        Employee,
        /// Somebody outside.
        Outside,
    }
    /// What somebody outside is to the young person (NM-3).
    OutsideRole {
        /// A doctor.
        Doctor,
        /// A midwife.
        Midwife,
        /// A health visitor.
        HealthVisitor,
        /// Somebody of psychiatry.
        Psychiatry,
        /// Somebody of a school.
        School,
        /// A relative.
        Relative,
        /// Somebody else.
        Other,
    }
    /// Of whom one takes part in a meeting of handover (TM-6).
    Side {
        /// Of B&U, or of the unit that raised the need.
        Sending,
        /// Of J&V.
        Receiving,
        /// Of UU.
        Guidance,
    }
    /// What of a meeting's needs is taken (TM-5).
    Taken {
        /// The room.
        Room,
        /// Somebody of the municipality.
        Employee,
        /// The young person.
        YoungPerson,
    }
    /// The topics that the minutes of a handover have (Barnets lov § 122); a sixth one is what else there is.
    Topic {
        /// What support they need.
        SupportNeeds,
        /// Education.
        Education,
        /// Job and income.
        JobAndIncome,
        /// Where they live.
        Housing,
        /// Friends, family, network.
        SocialRelations,
    }
}

/// Where and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The room; in no event, for it reveals a place (YP-5).
    #[serde(skip)]
    pub room: RoomId,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// The slot of a window; none: outside of them.
    #[serde(skip)]
    pub slot: Option<SlotId>,
    /// Why it is outside.
    pub outside_because: Option<OutsideBecause>,
}

/// What a meeting of handover is held for, as its rules ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetNeed {
    /// Is it to be met about?
    pub open: bool,
    /// Was it seen late?
    pub acute: bool,
    /// Is it past due?
    pub overdue: bool,
    /// Who raised it.
    pub raised_by: UnitId,
}

/// Somebody of the municipality who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called {
    /// Who.
    pub employee: EmployeeId,
    /// Of which unit.
    pub unit: UnitId,
    /// Of which department.
    pub department: Department,
}

/// A meeting, as its rules ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Ours.
    pub id: MeetingId,
    /// About whom.
    pub young_person: YoungPersonId,
    /// What for.
    pub kind: MeetingKind,
    /// Whose meeting: the unit that called it.
    pub unit: UnitId,
    /// Where and when.
    pub place: Place,
    /// Where it is in its life.
    pub state: MeetingState,
    /// Raised by each change.
    pub version: i64,
}

impl Meeting {
    /// The information area and the writing unit.
    #[must_use]
    pub const fn row(&self) -> Row {
        Row::of(self.kind.area(), self.unit)
    }
}

/// A slot at which all are free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FreeSlot {
    /// Ours.
    pub id: Uuid,
    /// In which room.
    pub room_id: Uuid,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

/// Who or what is in another meeting at that time. It tells nothing of that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// What it is.
    pub what: Taken,
    /// Which one.
    pub id: Uuid,
}

/// Who came, of one who was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    /// Which participant.
    pub participant_id: Uuid,
    /// Did they come?
    pub came: bool,
    /// Why not (NM-2).
    pub absence_reason: Option<String>,
}

/// Somebody who is called, when the meeting is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Which participant.
    pub id: Uuid,
    /// How they take part.
    pub party: Party,
    /// Did they tell ahead that they cannot come?
    pub excused: bool,
    /// Of the municipality: who, and of which unit.
    pub called: Option<Called>,
}

/// What a transition meeting decided besides its decisions: who receives, and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receiver {
    /// The unit that receives.
    pub unit_id: UnitId,
    /// Who of them is the one responsible from the 18th birthday.
    pub employee_id: EmployeeId,
    /// From which day on they support.
    pub supports_from: NaiveDate,
    /// From which day on they coordinate.
    pub coordinates_from: NaiveDate,
}

/// What "held" means, as far as it was told (TM-8).
#[derive(Debug)]
pub struct Holding<'a> {
    /// Who came.
    pub attendance: &'a [Attendance],
    /// The topics that were talked through.
    pub topics: &'a [Topic],
    /// Was anything else?
    pub other: bool,
    /// How many decisions were made.
    pub decisions: usize,
    /// Who receives.
    pub receiver: Option<Receiver>,
}

/// What lacks of a meeting that is to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Lack {
    /// Did this one come?
    Attendance {
        /// Which participant.
        participant_id: Uuid,
    },
    /// Who came? Somebody did.
    Anybody,
    /// Who of this side came?
    Side {
        /// Which one.
        side: Side,
    },
    /// What was said of it?
    Topic {
        /// Which one.
        topic: Topic,
    },
    /// What was said?
    Minutes,
    /// What was decided?
    Decision,
    /// Who receives?
    Receiver,
}

/// Why something is not done with a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum MeetingRefusal {
    /// It is over.
    #[error("a meeting that is {state:?} does not {step:?}")]
    StepNotAllowed {
        /// Where it is.
        state: MeetingState,
        /// What was asked.
        step: MeetingStep,
    },
    /// The need is not to be met about (any more, or yet).
    #[error("the need is not open")]
    NeedNotOpen {},
    /// TM-4.
    #[error("a meeting outside the windows is acute, overdue, or moved for illness")]
    OutsideWindow {},
    /// It would begin in the past, or too far ahead.
    #[error("it begins after {from}, by {to}")]
    TimeOutOfRange {
        /// Now.
        from: DateTime<Utc>,
        /// The last moment.
        to: DateTime<Utc>,
    },
    /// TM-5.
    #[error("{} of them are in another meeting", taken.len())]
    DoubleBooked {
        /// Who or what.
        taken: Vec<Clash>,
        /// When all are free next: three at most.
        next_free: Vec<FreeSlot>,
    },
    /// TM-6.
    #[error("somebody of each side takes part")]
    PartyMissing {
        /// Of whom nobody is called.
        missing: Vec<Side>,
    },
    /// It has not begun.
    #[error("it begins at {starts_at}")]
    NotBegun {
        /// When.
        starts_at: DateTime<Utc>,
    },
    /// TM-8.
    #[error("{} things lack", lacks.len())]
    NotComplete {
        /// What lacks.
        lacks: Vec<Lack>,
    },
    /// There are no more meetings about the pregnancy, since it was told that it ended.
    #[error("the pregnancy has ended")]
    PregnancyEnded {},
    /// It is told once.
    #[error("the birth is told already")]
    BirthTold {},
    /// NM-1.
    #[error("the child was born between {from} and {to}")]
    BirthOutOfRange {
        /// The first day.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// NM-2.
    #[error("somebody who was called stayed away without a reason")]
    AbsenceWithoutReason {
        /// Which participants.
        participants: Vec<Uuid>,
    },
}

impl Refusal for MeetingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StepNotAllowed { .. } => "meeting.step-not-allowed",
            Self::NeedNotOpen {} => "meeting.need-not-open",
            Self::OutsideWindow {} => "meeting.outside-window",
            Self::TimeOutOfRange { .. } => "meeting.time-out-of-range",
            Self::DoubleBooked { .. } => "meeting.double-booked",
            Self::PartyMissing { .. } => "meeting.party-missing",
            Self::NotBegun { .. } => "meeting.not-begun",
            Self::NotComplete { .. } => "meeting.not-complete",
            Self::PregnancyEnded {} => "network-meeting.already-ended",
            Self::BirthTold {} => "network-meeting.birth-told",
            Self::BirthOutOfRange { .. } => "network-meeting.day-out-of-range",
            Self::AbsenceWithoutReason { .. } => "meeting.absence-without-reason",
        }
    }
}

/// The longest a pregnancy lasts once it is known, in days.
pub const LONGEST_PREGNANCY: u64 = 300;

/// How far ahead a meeting is called, in months.
const FARTHEST: Months = Months::new(24);
/// How long a meeting lasts at least, and at most.
const SHORTEST: TimeDelta = TimeDelta::minutes(15);
const LONGEST: TimeDelta = TimeDelta::hours(4);

/// What is known of a pregnancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pregnancy {
    /// Since when it is known.
    pub known_on: NaiveDate,
    /// When the child was born.
    pub born_on: Option<NaiveDate>,
    /// When it was told that there are no more meetings about it.
    pub ended_on: Option<NaiveDate>,
}

impl Pregnancy {
    /// NM-1: decides whether the birth can be told: once, on a day from the one on which the pregnancy was known, and not ahead.
    pub fn ensure_birth(&self, born_on: NaiveDate, today: NaiveDate) -> Result<(), MeetingRefusal> {
        let last = (self.known_on + Days::new(LONGEST_PREGNANCY)).min(today);
        if self.ended_on.is_some() {
            Err(MeetingRefusal::PregnancyEnded {})
        } else if self.born_on.is_some() {
            Err(MeetingRefusal::BirthTold {})
        } else if born_on < self.known_on || born_on > last {
            Err(MeetingRefusal::BirthOutOfRange { from: self.known_on, to: last })
        } else {
            Ok(())
        }
    }

    /// Decides whether the meetings about it can end: once, from the day on which it was known, or the birth, and not ahead.
    pub fn ensure_end(&self, on: NaiveDate, today: NaiveDate) -> Result<(), MeetingRefusal> {
        let first = self.born_on.unwrap_or(self.known_on);
        if self.ended_on.is_some() {
            Err(MeetingRefusal::PregnancyEnded {})
        } else if on < first || on > today {
            Err(MeetingRefusal::BirthOutOfRange { from: first, to: today })
        } else {
            Ok(())
        }
    }

    /// NM-1: which meeting is to be called, of those (the first, the second) that are neither planned nor held; the second waits
    /// for the birth.
    #[must_use]
    pub fn next_meeting(&self, there: &[i32]) -> Option<i32> {
        let next = [1, 2].into_iter().find(|no| !there.contains(no))?;
        (self.ended_on.is_none() && (next == 1 || self.born_on.is_some())).then_some(next)
    }
}

impl Place {
    /// Decides whether a meeting may be there and then: ahead, and of a handover in a slot of a window, or outside of them
    /// for a reason that is so (TM-4). `ill` is that it is moved, or was, because somebody is ill.
    pub fn ensure_suits(
        &self,
        need: Option<&MetNeed>,
        ill: bool,
        now: DateTime<Utc>,
    ) -> Result<(), MeetingRefusal> {
        let last = now.checked_add_months(FARTHEST).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let lasts = self.ends_at - self.starts_at;
        if self.starts_at <= now || self.starts_at > last || !(SHORTEST..=LONGEST).contains(&lasts)
        {
            return Err(MeetingRefusal::TimeOutOfRange { from: now, to: last });
        }
        let suits = match (need, self.slot, self.outside_because) {
            (None, slot, because) => slot.is_none() && because.is_none(),
            (Some(_), Some(_), None) => true,
            (Some(need), None, Some(OutsideBecause::Acute)) => need.acute,
            (Some(need), None, Some(OutsideBecause::Overdue)) => need.overdue,
            (Some(_), None, Some(OutsideBecause::Illness)) => ill,
            (Some(_), _, _) => false,
        };
        if suits { Ok(()) } else { Err(MeetingRefusal::OutsideWindow {}) }
    }
}

/// Of whom nobody is among them (TM-6): somebody who sends (of B&U, or of the unit that raised the need), somebody who may receive,
/// and UU. Nobody stands for two of them.
fn missing_sides(raised_by: UnitId, people: &[Called]) -> Vec<Side> {
    let of = |side: Side| -> Vec<EmployeeId> {
        let stands = |one: &&Called| match side {
            Side::Sending => {
                one.department == Department::ChildrenAndYouth || one.unit == raised_by
            }
            Side::Receiving => one.department == Department::JobsAndWelfare,
            Side::Guidance => one.department == Department::Guidance,
        };
        people.iter().filter(stands).map(|one| one.employee).collect()
    };
    // Those who receive and those who guide are others; who sends may be the only one of either.
    let sends = of(Side::Sending);
    let is_needed_elsewhere =
        sends.len() == 1 && (sends == of(Side::Receiving) || sends == of(Side::Guidance));
    let lacks = |side: &Side| of(*side).is_empty() || *side == Side::Sending && is_needed_elsewhere;
    Side::VARIANTS.iter().copied().filter(lacks).collect()
}

impl MetNeed {
    /// Decides whether those who are called are enough for a meeting about it (TM-6).
    pub fn ensure_parties(&self, called: &[Called]) -> Result<(), MeetingRefusal> {
        if !self.open {
            return Err(MeetingRefusal::NeedNotOpen {});
        }
        let missing = missing_sides(self.raised_by, called);
        if missing.is_empty() { Ok(()) } else { Err(MeetingRefusal::PartyMissing { missing }) }
    }
}

impl Meeting {
    /// The day on which it is, in Copenhagen: what is decided there is decided on that day, whenever it is told.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        day_of(self.place.starts_at)
    }

    /// Decides whether a step can be taken: most of them while it is planned, minutes once it was held; its place may be protected
    /// at any time.
    pub fn ensure_may(&self, step: MeetingStep) -> Result<(), MeetingRefusal> {
        let asked = match step {
            MeetingStep::SendMinutes => Some(MeetingState::Held),
            MeetingStep::ProtectPlace => None,
            _ => Some(MeetingState::Planned),
        };
        if asked.is_none_or(|asked| self.state == asked) {
            Ok(())
        } else {
            Err(MeetingRefusal::StepNotAllowed { state: self.state, step })
        }
    }

    /// Decides whether it was held (TM-8): it has begun, of each one who was called it is told whether they came, with a
    /// reason where one of the municipality did not; somebody came, of a handover (about a need that `raised_by` raised) of each
    /// side (TM-6); and something was said, of a handover of each topic, with a decision, and who receives.
    pub fn hold(
        &self,
        raised_by: Option<UnitId>,
        expected: &[Expected],
        told: &Holding<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), MeetingRefusal> {
        self.ensure_may(MeetingStep::Hold)?;
        if now < self.place.starts_at {
            return Err(MeetingRefusal::NotBegun { starts_at: self.place.starts_at });
        }
        let of = |one: &Expected| told.attendance.iter().find(|told| told.participant_id == one.id);
        let mut lacks: Vec<Lack> = expected
            .iter()
            .filter(|one| !one.excused && of(one).is_none())
            .map(|one| Lack::Attendance { participant_id: one.id })
            .collect();
        let came: Vec<&Expected> =
            expected.iter().filter(|one| of(one).is_some_and(|told| told.came)).collect();
        lacks.extend(came.is_empty().then_some(Lack::Anybody));
        if self.kind == MeetingKind::Transition {
            let people: Vec<Called> = came.iter().filter_map(|one| one.called).collect();
            let sides = raised_by.map(|unit| missing_sides(unit, &people)).unwrap_or_default();
            lacks.extend(sides.into_iter().map(|side| Lack::Side { side }));
            let untold = Topic::VARIANTS.iter().filter(|topic| !told.topics.contains(topic));
            lacks.extend(untold.map(|topic| Lack::Topic { topic: *topic }));
            lacks.extend((told.decisions == 0).then_some(Lack::Decision));
            lacks.extend(told.receiver.is_none().then_some(Lack::Receiver));
        } else {
            lacks.extend((told.topics.is_empty() && !told.other).then_some(Lack::Minutes));
        }
        if !lacks.is_empty() {
            return Err(MeetingRefusal::NotComplete { lacks });
        }
        let participants: Vec<Uuid> = expected
            .iter()
            .filter(|one| one.party == Party::Employee && !one.excused)
            .filter_map(of)
            .filter(|told| !told.came && told.absence_reason.is_none())
            .map(|told| told.participant_id)
            .collect();
        if participants.is_empty() {
            Ok(())
        } else {
            Err(MeetingRefusal::AbsenceWithoutReason { participants })
        }
    }
}

#[cfg(test)]
mod tests;
