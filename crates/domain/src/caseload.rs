//! Caseload: who has whose case, under a norm that holds (CL-1 to CL-11).
//!
//! The [`Board`] decides every way of assigning: one, many, a hand-over, "what if" and a recommendation. The
//! database counts once more under the employee's lock (`assignment_keeps_the_norm`).

mod board;
pub mod decisions;
mod forecast;
mod limit;
mod overview;
mod recommendation;
#[cfg(test)]
mod tests;

pub use board::{Assigned, Board, Case, Exception, Standing, Wish};
pub use forecast::{Age, Coming, Load, MonthAhead, Movement, MovementKind, forecast, month_ends};
pub use limit::{Parts, Ramp};
pub use overview::{changes_per_young_person, share_keeping_norm};
pub use recommendation::{Candidate, Possibility, Recommendation};

use crate::Refusal;
use crate::ids::{EmployeeId, YoungPersonId};
use crate::organisation::Role;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How many days on an exception ends at the latest (CL-3, *chosen*).
pub const EXCEPTION_DAYS: i64 = 90;
/// How many colleagues with room a refusal names (CL-2).
pub const COLLEAGUES_TOLD: usize = 5;
/// How many months the forecast looks ahead (CL-6).
pub const FORECAST_MONTHS: u32 = 12;

/// What somebody does in a case.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
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
pub enum Function {
    /// Holds the case (J&V).
    Caseworker,
    /// Finds placements and jobs.
    JobConsultant,
    /// Follows the young person.
    Mentor,
    /// The authority person in B&U and in the social department.
    Adviser,
    /// Guides (UU).
    Counsellor,
    /// PPR.
    Psychologist,
    /// Rusmiddelcentret.
    TreatmentCounsellor,
    /// Ydelseskontoret.
    BenefitsOfficer,
    /// The leader of the unit, who has the case as its coordinator (PL-17).
    TeamLeader,
}

impl Function {
    /// The functions in which an employee coordinates a plan, in order of preference if the employee has several
    /// (PL-17).
    pub const COORDINATING: [Self; 5] =
        [Self::Caseworker, Self::JobConsultant, Self::Adviser, Self::Counsellor, Self::TeamLeader];

    /// The role that holds a post of this function.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Caseworker => Role::Caseworker,
            Self::JobConsultant => Role::JobConsultant,
            Self::Mentor => Role::Mentor,
            Self::Adviser => Role::Adviser,
            Self::Counsellor => Role::Counsellor,
            Self::Psychologist => Role::Psychologist,
            Self::TreatmentCounsellor => Role::TreatmentCounsellor,
            Self::BenefitsOfficer => Role::BenefitsOfficer,
            Self::TeamLeader => Role::TeamLeader,
        }
    }

    /// The posts that do it, the first one held counting: a job consultant's mentor function is part of their
    /// norm (CL-1).
    #[must_use]
    pub const fn posts(self) -> &'static [Self] {
        match self {
            Self::Caseworker => &[Self::Caseworker],
            Self::JobConsultant => &[Self::JobConsultant],
            Self::Mentor => &[Self::JobConsultant, Self::Mentor],
            Self::Adviser => &[Self::Adviser],
            Self::Counsellor => &[Self::Counsellor],
            Self::Psychologist => &[Self::Psychologist],
            Self::TreatmentCounsellor => &[Self::TreatmentCounsellor],
            Self::BenefitsOfficer => &[Self::BenefitsOfficer],
            Self::TeamLeader => &[Self::TeamLeader],
        }
    }
}

/// A colleague with room, as a refusal names them (CL-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Colleague {
    /// Who.
    pub employee_id: EmployeeId,
    /// Their name.
    pub name: String,
    /// How many young people they have.
    pub current: u32,
    /// How many they may have; none: no norm is decided.
    pub limit: Option<u32>,
    /// They have had the young person before.
    pub has_had: bool,
}

/// Why a case is not assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum CaseloadRefusal {
    /// CL-2.
    #[error("the limit of {limit} is reached")]
    LimitReached {
        /// Who has no room.
        employee_id: EmployeeId,
        /// For whom.
        young_person_id: YoungPersonId,
        /// How many they may have.
        limit: u32,
        /// How many they have.
        current: u32,
        /// The number of further cases for which room is reserved (PL-17).
        reserved: u32,
        /// Of the unit, with room: those who have had the young person before first, then by the share of
        /// their limit.
        colleagues: Vec<Colleague>,
    },
    /// Somebody of the unit does that for the young person already: the case is handed over.
    #[error("somebody of the unit has the case in that function")]
    AlreadyAssigned {
        /// Whose.
        young_person_id: YoungPersonId,
        /// Who.
        employee_id: EmployeeId,
    },
    /// They do not do that in the unit, or cannot sign in.
    #[error("not somebody who does that in the unit")]
    NotInFunction {
        /// Who.
        employee_id: EmployeeId,
    },
    /// CL-3.
    #[error("the exception ends too late, or before it begins")]
    ExceptionOutOfRange {
        /// The first day on which it may end.
        from: NaiveDate,
        /// The last one.
        to: NaiveDate,
    },
}

impl Refusal for CaseloadRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::LimitReached { .. } => "caseload.limit-reached",
            Self::AlreadyAssigned { .. } => "assignment.already-assigned",
            Self::NotInFunction { .. } => "assignment.not-in-function",
            Self::ExceptionOutOfRange { .. } => "caseload.exception-out-of-range",
        }
    }
}
