//! Sanctions against a benefit (TG-5).

use super::Benefit;
use crate::Refusal;
use crate::ids::BenefitId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a sanction does.
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
pub enum SanctionKind {
    /// Nothing is paid for the days on which somebody did not come.
    FradragForUdeblivelse,
    /// A sum is taken off for one omission.
    Punktsanktion,
    /// Less is paid until contact is taken.
    Periodesanktion,
    /// Nothing is paid to one who stays away again and again.
    SkaerpetRaadighedssanktion,
    /// Less is paid to one who left an offer or a job without good reason.
    NedsaettelseVedOphoer,
    /// What was paid is paid back.
    Tilbagebetaling,
}

/// How we came to know of it.
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
pub enum SanctionSource {
    /// Recorded here.
    Recorded,
    /// From the benefits system.
    Imported,
}

/// A sanction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sanction {
    /// Against which benefit.
    pub benefit_id: BenefitId,
    /// What it does.
    pub kind: SanctionKind,
    /// From which day, one of the benefit's.
    pub on: NaiveDate,
    /// Why.
    pub ground: String,
    /// How we came to know of it.
    pub source: SanctionSource,
}

/// Why a sanction is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum SanctionRefusal {
    /// TG-5.
    #[error("the day lies outside the benefit")]
    DayOutOfRange {
        /// The first possible day.
        from: NaiveDate,
        /// The last one; none: any later day.
        to: Option<NaiveDate>,
    },
}

impl Refusal for SanctionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DayOutOfRange { .. } => "sanction.day-out-of-range",
        }
    }
}

impl Sanction {
    /// Decides whether it is recorded, against this benefit.
    pub fn ensure_within(&self, benefit: &Benefit) -> Result<(), SanctionRefusal> {
        if benefit.is_had_on(self.on) {
            return Ok(());
        }
        Err(SanctionRefusal::DayOutOfRange { from: benefit.from, to: benefit.to })
    }
}
