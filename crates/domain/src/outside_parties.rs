//! Whom a plan reaches outside the municipality: the school with an education order (PL-14) or a remark on
//! support needs (PL-15), and people without an account who take part (PL-16).

use crate::Refusal;
use crate::access::{Areas, InformationArea};
use crate::disclosures::{Basis, BasisKind, Disclosure, Receipt, SchoolAnswer};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The areas that a remark on support needs is written in.
pub const REMARK_AREAS: [InformationArea; 3] = [
    InformationArea::EducationAndEmployment,
    InformationArea::Health,
    InformationArea::FamilyAndSocial,
];

/// An education order (uddannelsespålæg), and that the school was told of it (PL-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EducationOrder {
    /// Which education is to be taken.
    pub education: String,
    /// Where.
    pub school: String,
    /// From when.
    pub from: NaiveDate,
    /// The last day; none: none is known.
    pub to: Option<NaiveDate>,
    /// Who helps there.
    pub mentor: Option<String>,
    /// What the school was told besides the order itself.
    pub told: Option<String>,
    /// When it was told, and on which basis.
    pub disclosure: Disclosure,
    /// The school's.
    pub receipt: Option<Receipt>,
}

/// What support is needed, sent to a school with the plan (PL-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SupportRemark {
    /// What it is about.
    pub information_area: InformationArea,
    /// To which school.
    pub school: String,
    /// The remark.
    pub remark: String,
    /// When it was sent, and on which basis.
    pub disclosure: Disclosure,
    /// The school's.
    pub receipt: Option<Receipt>,
    /// The school's.
    pub answer: Option<SchoolAnswer>,
}

/// What somebody outside is to the young person.
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
pub enum OutsideRole {
    /// Their doctor.
    Doctor,
    /// Psychiatry.
    Psychiatry,
    /// Kriminalforsorgen.
    PrisonService,
    /// Theirs, or a parent's.
    Lawyer,
    /// Of one who is pregnant.
    Midwife,
    /// Of one who has a child.
    HealthVisitor,
    /// Told in words.
    Other,
}

impl OutsideRole {
    /// What it tells of the young person that somebody in this role takes part (*chosen*): a psychiatrist
    /// tells of illness, the prison service of crime.
    #[must_use]
    pub const fn tells_of(self) -> InformationArea {
        match self {
            Self::Doctor | Self::Psychiatry | Self::Midwife | Self::HealthVisitor => {
                InformationArea::Health
            }
            Self::PrisonService => InformationArea::Crime,
            Self::Lawyer | Self::Other => InformationArea::Plan,
        }
    }
}

/// A consent to tell somebody outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// When.
    pub given_on: NaiveDate,
    /// What for.
    pub purpose: String,
    /// What it opens.
    pub areas: Areas,
    /// The last day; none: until it is withdrawn.
    pub until: Option<NaiveDate>,
    /// The first day on which it holds no more.
    pub withdrawn_on: Option<NaiveDate>,
}

impl Consent {
    /// May this be told under it on a day?
    #[must_use]
    pub fn covers(&self, area: InformationArea, on: NaiveDate) -> bool {
        self.areas.contains(area)
            && self.given_on <= on
            && self.until.is_none_or(|until| on <= until)
            && self.withdrawn_on.is_none_or(|withdrawn| on < withdrawn)
    }
}

/// On what it rests that somebody outside takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The young person consents.
    Consent(Consent),
    /// Law or necessity.
    Without(Basis),
}

impl Ground {
    /// A consent, or law or necessity in its stead: exactly one of them.
    #[must_use]
    pub fn new(consent: Option<Consent>, basis: Option<Basis>) -> Option<Self> {
        match (consent, basis) {
            (Some(consent), None) => Some(Self::Consent(consent)),
            (None, Some(basis)) if basis.kind() != BasisKind::Consent => Some(Self::Without(basis)),
            _ => None,
        }
    }
}

/// Somebody outside, without an account, who takes part in a plan (PL-16). It opens nothing to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalParticipant {
    /// What it tells of the young person that they take part.
    pub information_area: InformationArea,
    /// Who.
    pub name: String,
    /// As what.
    pub role: OutsideRole,
    /// The role in words, where it is another.
    pub role_words: Option<String>,
    /// Where they are from.
    pub organisation: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// On what it rests.
    pub ground: Ground,
    /// The day on which they ceased to take part.
    pub ended_on: Option<NaiveDate>,
}

/// What was sent to somebody outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sending {
    /// What it is about.
    pub information_area: InformationArea,
    /// What was sent.
    pub what: String,
    /// When, and on which basis.
    #[serde(flatten)]
    pub disclosure: Disclosure,
}

/// How somebody outside comes to take part no longer, as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum OutsideEvent {
    /// The young person takes their consent back.
    ConsentWithdrawn {
        /// The first day on which it holds no more.
        withdrawn_on: NaiveDate,
    },
    /// They take part no longer.
    Ended {
        /// The last day.
        ended_on: NaiveDate,
    },
}

/// Why nothing is sent, withdrawn or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum OutsideRefusal {
    /// No consent covers what is sent, on that day.
    #[error("no consent holds for it on that day")]
    NoBasis {},
    /// There is no consent to withdraw, or it is withdrawn.
    #[error("there is no consent")]
    NoConsent {},
    /// They take part no longer.
    #[error("the participation has ended")]
    Ended {},
}

impl Refusal for OutsideRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoBasis {} => "external-participant.no-basis",
            Self::NoConsent {} => "external-participant.no-consent",
            Self::Ended {} => "external-participant.ended",
        }
    }
}

impl ExternalParticipant {
    /// Decides whether something is sent: while they take part, and under a consent what it covers. Law and
    /// necessity are answered for in their own words.
    pub fn send(&self, sending: &Sending) -> Result<(), OutsideRefusal> {
        let Disclosure { on, basis } = &sending.disclosure;
        if self.ended_on.is_some_and(|ended| *on > ended) {
            return Err(OutsideRefusal::Ended {});
        }
        let is_covered = match (&self.ground, basis) {
            (_, Basis::Law { .. } | Basis::Necessity { .. }) => true,
            (Ground::Consent(consent), Basis::Consent { .. }) => {
                consent.covers(sending.information_area, *on)
            }
            (Ground::Without(_), Basis::Consent { .. }) => false,
        };
        if is_covered { Ok(()) } else { Err(OutsideRefusal::NoBasis {}) }
    }

    /// Decides that the consent is withdrawn, at once (AC-5).
    pub const fn withdraw_consent(&self, today: NaiveDate) -> Result<OutsideEvent, OutsideRefusal> {
        match &self.ground {
            Ground::Consent(Consent { withdrawn_on: None, .. }) => {
                Ok(OutsideEvent::ConsentWithdrawn { withdrawn_on: today })
            }
            Ground::Consent(_) | Ground::Without(_) => Err(OutsideRefusal::NoConsent {}),
        }
    }

    /// Decides that they take part no longer.
    pub const fn end(&self, today: NaiveDate) -> Result<OutsideEvent, OutsideRefusal> {
        match self.ended_on {
            None => Ok(OutsideEvent::Ended { ended_on: today }),
            Some(_) => Err(OutsideRefusal::Ended {}),
        }
    }
}

#[cfg(test)]
mod tests;
