//! Departments and the roles held in their units.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, EnumString, IntoStaticStr, VariantArray};

/// The part of the municipality (or what lies outside it) that a unit belongs to.
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
    AsRefStr,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
pub enum Department {
    /// Børn & Unge: children and youth.
    #[serde(rename = "BU")]
    #[strum(serialize = "BU")]
    ChildrenAndYouth,
    /// Job & Velfærd: jobs and welfare.
    #[serde(rename = "JV")]
    #[strum(serialize = "JV")]
    JobsAndWelfare,
    /// Ungdommens Uddannelsesvejledning: youth education guidance.
    #[serde(rename = "UU")]
    #[strum(serialize = "UU")]
    Guidance,
    /// Outside the municipality: a school or another provider. Sees the participation it provides (AC-9).
    #[serde(rename = "institution")]
    #[strum(serialize = "institution")]
    Institution,
    /// Those who do no casework: steering group, data protection officer, administration.
    #[serde(rename = "administration")]
    #[strum(serialize = "administration")]
    Administration,
}

impl Department {
    /// A department that works with young people and may coordinate for one.
    #[must_use]
    pub const fn does_casework(self) -> bool {
        matches!(self, Self::ChildrenAndYouth | Self::JobsAndWelfare | Self::Guidance)
    }
}

/// What an employee is in a unit, from-to.
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
    AsRefStr,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// Holds the case (J&V).
    Caseworker,
    /// Finds placements and jobs, mentor function included (J&V).
    JobConsultant,
    /// The authority person in B&U and in the social department.
    Adviser,
    /// UU's guidance counsellor.
    Counsellor,
    /// Staff of the UU hotline.
    Hotline,
    /// Leads a unit, and those below it.
    TeamLeader,
    /// Leads several units.
    DepartmentHead,
    /// Ydelseskontoret: benefits.
    BenefitsOfficer,
    /// Rusmiddelcentret: treatment.
    TreatmentCounsellor,
    /// PPR.
    Psychologist,
    /// Counsellor or consultant of an institution.
    InstitutionCounsellor,
    /// Follows a young person; sees the participation they provide.
    Mentor,
    /// Sees figures, never a person.
    SteeringGroup,
    /// Sees the logs, not the cases.
    DataProtectionOfficer,
    /// Employees and their roles; never cases.
    Administrator,
}
