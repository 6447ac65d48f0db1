//! Access: who exists for a caller (a basis, AC-1) and what they may do with what they see (a permit, AC-4).
//!
//! The first question is answered by row security in the database from `access_basis`; here are its words.
//! [`authorize`] answers the second from two tables: what a role may do ([`policy`]), and which areas and kind the
//! access basis must have for that ([`Needs`], AC-16).

pub mod families;
mod needs;
mod permit;
pub mod policy;

pub use needs::{Needs, Row};
pub use permit::{Case, Denied, ForAnother, Permit, Scope, authorize};
pub use policy::Action;

use crate::ids::{BasisId, EmployeeId, UnitId};
use crate::organisation::{Department, Role};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// What a piece of information is about (AC-3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum InformationArea {
    /// Who the young person is.
    Identity,
    /// The joint plan's core, common to its participants.
    Plan,
    /// Education and employment.
    EducationAndEmployment,
    /// Health and treatment: its writing unit's own until shared.
    Health,
    /// Family and social: its writing unit's own until shared.
    FamilyAndSocial,
    /// Crime: its writing unit's own until shared.
    Crime,
}

impl InformationArea {
    /// Does a row in this area belong only to the unit that wrote it, until it is shared (AC-3)?
    #[must_use]
    pub const fn belongs_to_its_writer(self) -> bool {
        matches!(self, Self::Health | Self::FamilyAndSocial | Self::Crime)
    }

    /// Its bit in [`Areas`] and in the database.
    #[must_use]
    pub const fn bit(self) -> i32 {
        match self {
            Self::Identity => 1,
            Self::Plan => 2,
            Self::EducationAndEmployment => 4,
            Self::Health => 8,
            Self::FamilyAndSocial => 16,
            Self::Crime => 32,
        }
    }

    /// The area of this bit; none where it is no area's.
    #[must_use]
    pub fn of_bit(bit: i32) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|area| area.bit() == bit)
    }
}

/// A set of information areas, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Areas(pub i32);

impl Areas {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Who somebody is, and no more: what the provider of one intervention gets (AC-9).
    pub const IDENTITY: Self = Self(1);
    /// What a unit that works with the young person gets (*chosen*): identity, plan, education and employment.
    pub const WORKING: Self = Self(1 | 2 | 4);

    /// Is the area one of these?
    #[must_use]
    pub const fn contains(self, area: InformationArea) -> bool {
        self.0 & area.bit() != 0
    }

    /// All of these.
    #[must_use]
    pub fn of(areas: &[InformationArea]) -> Self {
        Self(areas.iter().fold(0, |bits, area| bits | area.bit()))
    }

    /// The areas of this set.
    pub fn iter(self) -> impl Iterator<Item = InformationArea> {
        InformationArea::VARIANTS.iter().copied().filter(move |area| self.contains(*area))
    }
}

/// What gave somebody their basis.
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
pub enum BasisKind {
    /// The unit that registered the young person.
    Registration,
    /// A unit's participation in the joint plan.
    Participation,
    /// The unit that provides an intervention, while it lasts.
    Provision,
    /// The young person is assigned to an employee.
    Assignment,
    /// A meeting.
    Meeting,
    /// The young person's consent.
    Consent,
    /// A named paragraph.
    Law,
    /// An emergency, reviewed afterwards.
    BreakGlass,
}

impl BasisKind {
    /// The kinds by which a unit or an employee works on the case (AC-16).
    pub const CASEWORK: &[Self] = &[Self::Registration, Self::Participation, Self::Assignment];
}

/// A basis that the caller holds now, for one young person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// For the log.
    pub id: BasisId,
    /// The employee, or one of their units.
    pub holder: Uuid,
    /// What gave it.
    pub kind: BasisKind,
    /// What it opens.
    pub areas: Areas,
    /// The only unit whose rows it opens; `None` if it opens the areas for the rows of all units.
    pub giver: Option<UnitId>,
}

impl Basis {
    /// Does it open the rows of `writer` in the area? `None` stands for the whole area.
    #[must_use]
    pub fn opens(&self, area: InformationArea, writer: Option<UnitId>) -> bool {
        self.areas.contains(area) && (self.giver.is_none() || self.giver == writer)
    }
}

/// A role that the caller holds now in a unit; a leader holds it in the units below as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldRole {
    /// What they are there.
    pub role: Role,
    /// Where.
    pub unit: UnitId,
    /// The section of the policy that applies.
    pub department: Department,
}

impl HeldRole {
    /// May whoever holds it be a coordinating caseworker? Those who may activate the plans of their cases.
    #[must_use]
    pub fn may_coordinate(&self) -> bool {
        policy::allows(
            self.department,
            self.role,
            policy::Relation::Works,
            policy::ActionKind::ActivatePlan,
        )
    }
}

/// Who calls. All current roles count; nobody switches roles (D-18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The employee.
    pub employee: EmployeeId,
    /// Their roles at this moment.
    pub roles: Vec<HeldRole>,
}
