//! What is told outside the municipality: on which day, and on which basis. Law, consent and necessity are
//! kept apart; the paragraphs of the law are words, for they change.

use crate::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Which kind of basis.
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
    /// A paragraph.
    Law,
    /// The young person's consent.
    Consent,
    /// It could not wait.
    Necessity,
}

/// The basis on which something is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Basis {
    /// A law asks for it, or allows it.
    Law {
        /// Which law and paragraph.
        paragraph: String,
        /// Why it applies.
        words: String,
    },
    /// The young person consented.
    Consent {
        /// To what, and how.
        words: String,
    },
    /// It was necessary.
    Necessity {
        /// Why.
        words: String,
    },
}

impl Basis {
    /// The basis of this kind; none where a law lacks its paragraph, or another basis has one.
    #[must_use]
    pub fn new(kind: BasisKind, paragraph: Option<String>, words: String) -> Option<Self> {
        match (kind, paragraph) {
            (BasisKind::Law, Some(paragraph)) => Some(Self::Law { paragraph, words }),
            (BasisKind::Consent, None) => Some(Self::Consent { words }),
            (BasisKind::Necessity, None) => Some(Self::Necessity { words }),
            _ => None,
        }
    }

    /// Which kind.
    #[must_use]
    pub const fn kind(&self) -> BasisKind {
        match self {
            Self::Law { .. } => BasisKind::Law,
            Self::Consent { .. } => BasisKind::Consent,
            Self::Necessity { .. } => BasisKind::Necessity,
        }
    }

    /// Of a law.
    #[must_use]
    pub fn paragraph(&self) -> Option<&str> {
        match self {
            Self::Law { paragraph, .. } => Some(paragraph),
            Self::Consent { .. } | Self::Necessity { .. } => None,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Law { words, .. } | Self::Consent { words } | Self::Necessity { words } => words,
        }
    }
}

/// That something was told outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// On which day.
    pub on: NaiveDate,
    /// On which basis.
    pub basis: Basis,
}

/// That a school received what it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// On which day.
    pub on: NaiveDate,
    /// By whom there.
    pub by: String,
}

/// What a school answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchoolAnswer {
    /// On which day.
    pub on: NaiveDate,
    /// In its words.
    pub text: String,
}

/// Why what comes back is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum DisclosureRefusal {
    /// Before it was told, or ahead.
    #[error("it came back between {from} and {to}")]
    DayOutOfRange {
        /// The day on which it was told.
        from: NaiveDate,
        /// Today.
        to: NaiveDate,
    },
    /// A receipt is told once.
    #[error("the receipt is there already")]
    AlreadyReceived {},
    /// An answer is told once.
    #[error("the answer is there already")]
    AlreadyAnswered {},
}

impl Refusal for DisclosureRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DayOutOfRange { .. } => "disclosure.day-out-of-range",
            Self::AlreadyReceived {} => "disclosure.already-received",
            Self::AlreadyAnswered {} => "disclosure.already-answered",
        }
    }
}

impl Disclosure {
    /// Decides whether a receipt is recorded: once, of a day from the telling to today.
    pub fn receive(
        &self,
        before: Option<&Receipt>,
        receipt: &Receipt,
        today: NaiveDate,
    ) -> Result<(), DisclosureRefusal> {
        if before.is_some() {
            return Err(DisclosureRefusal::AlreadyReceived {});
        }
        self.ensure_came_back(receipt.on, today)
    }

    /// Decides whether an answer is recorded: once, of a day from the telling to today. A school may
    /// answer without a receipt.
    pub fn answer(
        &self,
        before: Option<&SchoolAnswer>,
        answer: &SchoolAnswer,
        today: NaiveDate,
    ) -> Result<(), DisclosureRefusal> {
        if before.is_some() {
            return Err(DisclosureRefusal::AlreadyAnswered {});
        }
        self.ensure_came_back(answer.on, today)
    }

    fn ensure_came_back(&self, on: NaiveDate, today: NaiveDate) -> Result<(), DisclosureRefusal> {
        if (self.on..=today).contains(&on) {
            Ok(())
        } else {
            Err(DisclosureRefusal::DayOutOfRange { from: self.on, to: today })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn pl_14_only_a_law_has_a_paragraph() {
        for kind in BasisKind::VARIANTS {
            for paragraph in [None, Some("KUI § 15 d".to_owned())] {
                let fits = (*kind == BasisKind::Law) == paragraph.is_some();
                let basis = Basis::new(*kind, paragraph.clone(), "Fordi.".to_owned());
                assert_eq!(basis.is_some(), fits, "{kind:?} {paragraph:?}");
                let Some(basis) = basis else { continue };
                assert_eq!((basis.kind(), basis.words()), (*kind, "Fordi."));
                assert_eq!(basis.paragraph(), paragraph.as_deref());
            }
        }
    }

    #[test]
    fn pl_14_pl_15_what_comes_back_comes_once_and_after_it_was_told() {
        let told = Disclosure {
            on: day("2026-11-02"),
            basis: Basis::Consent { words: "Givet den 1. november.".to_owned() },
        };
        let today = day("2026-11-23");
        for (on, fits) in [
            ("2026-11-01", false),
            ("2026-11-02", true),
            ("2026-11-23", true),
            ("2026-11-24", false),
        ] {
            let receipt = Receipt { on: day(on), by: "Sekretæren".to_owned() };
            let answer = SchoolAnswer { on: day(on), text: "Ja.".to_owned() };
            let expected = if fits {
                Ok(())
            } else {
                Err(DisclosureRefusal::DayOutOfRange { from: told.on, to: today })
            };
            assert_eq!(told.receive(None, &receipt, today), expected, "received {on}");
            assert_eq!(told.answer(None, &answer, today), expected, "answered {on}");
            let again = told.receive(Some(&receipt), &receipt, today);
            assert_eq!(again, Err(DisclosureRefusal::AlreadyReceived {}));
            let again = told.answer(Some(&answer), &answer, today);
            assert_eq!(again, Err(DisclosureRefusal::AlreadyAnswered {}));
        }
    }
}
