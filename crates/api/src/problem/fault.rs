//! What can be wrong with one field: its code, and its words in Danish and English.

use crate::language::Language;
use strum::{EnumIter, IntoEnumIterator as _};

/// A fault of one field. Never holds what was sent: it may be personal.
#[derive(Debug, Clone, PartialEq, Eq, EnumIter)]
pub enum Fault {
    /// Given beside something that excludes it, or without what it needs.
    Contradiction,
    /// Does not fit the schema, in a way that has no code of its own.
    Invalid,
    /// None of the values that are taken.
    Enumeration(String),
    /// Not of the form that is named: `date`, `uuid` and so on.
    Format(String),
    /// Fewer items than the bound.
    ItemsAtLeast(u64),
    /// More items than the bound.
    ItemsAtMost(u64),
    /// More characters than the bound.
    LengthAtMost(u64),
    /// Shorter than this many characters.
    LengthAtLeast(u64),
    /// Blank, or with characters that are not taken.
    Pattern,
    /// Smaller or earlier than the bound.
    AtLeast(String),
    /// Larger or later than the bound.
    AtMost(String),
    /// Missing.
    Required,
    /// Of another JSON type.
    Type,
    /// No such member or parameter.
    Unknown,
    /// No such assignment, or not one that the caller may see.
    AssignmentUnknown,
    /// No such entry of the catalogue.
    CatalogueUnknown,
    /// No contact of the hotline, or none that the caller may see.
    ContactUnknown,
    /// Not a CPR number (YP-1).
    CprInvalid,
    /// Not a CVR number (IV-8).
    CvrInvalid,
    /// The employee does not see the young person.
    EmployeeNoBasis,
    /// The employee's role does no casework.
    EmployeeMayNotCoordinate,
    /// The employee holds no role in the unit.
    EmployeeNotInUnit,
    /// None of the employee's units takes part in the plan.
    EmployeeUnitNotParticipating,
    /// Nobody who is employed.
    EmployeeUnknown,
    /// No such legal basis.
    LegalBasisUnknown,
    /// Nobody who is called to the meeting.
    ParticipantUnknown,
    /// No such room.
    RoomUnknown,
    /// No such slot.
    SlotUnknown,
    /// The same as before.
    PasswordUnchanged,
    /// Not the caller's pass phrase.
    PasswordWrong,
    /// No such unit, or not one that may stand here.
    UnitUnknown,
    /// Nothing of the kind that the caller's unit wrote there.
    WrittenUnknown,
    /// Nobody, or nobody whom the caller may see.
    YoungPersonUnknown,
}

impl Fault {
    /// Stable; clients match on it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Contradiction => "field.contradiction",
            Self::Invalid => "field.invalid",
            Self::Enumeration(_) => "field.enumeration",
            Self::Format(_) => "field.format",
            Self::ItemsAtLeast(_) | Self::ItemsAtMost(_) => "field.items",
            Self::LengthAtMost(_) | Self::LengthAtLeast(_) => "field.length",
            Self::Pattern => "field.pattern",
            Self::AtLeast(_) | Self::AtMost(_) => "field.range",
            Self::Required => "field.required",
            Self::Type => "field.type",
            Self::Unknown => "field.unknown",
            Self::AssignmentUnknown => "assignment.unknown",
            Self::CatalogueUnknown => "catalogue.unknown",
            Self::ContactUnknown => "hotline.contact-unknown",
            Self::CprInvalid => "young-person.cpr-invalid",
            Self::CvrInvalid => "company.cvr-invalid",
            Self::EmployeeNoBasis => "employee.no-basis",
            Self::EmployeeMayNotCoordinate => "employee.may-not-coordinate",
            Self::EmployeeNotInUnit => "employee.not-in-unit",
            Self::EmployeeUnitNotParticipating => "employee.unit-not-participating",
            Self::EmployeeUnknown => "employee.unknown",
            Self::LegalBasisUnknown => "legal-basis.unknown",
            Self::ParticipantUnknown => "participant.unknown",
            Self::RoomUnknown => "meeting-room.unknown",
            Self::SlotUnknown => "meeting-slot.unknown",
            Self::PasswordUnchanged => "session.password-unchanged",
            Self::PasswordWrong => "session.password-wrong",
            Self::UnitUnknown => "unit.unknown",
            Self::WrittenUnknown => "correction.unknown",
            Self::YoungPersonUnknown => "young-person.unknown",
        }
    }

    /// Every code with its words in both languages, for `docs/ERRORS.md`. `…` stands for a bound.
    pub(super) fn all() -> impl Iterator<Item = (&'static str, String, String)> {
        Self::iter().map(|fault| {
            let fault = match fault {
                Self::Enumeration(_) => Self::Enumeration("…".to_owned()),
                Self::Format(_) => Self::Format("…".to_owned()),
                Self::AtLeast(_) => Self::AtLeast("…".to_owned()),
                Self::AtMost(_) => Self::AtMost("…".to_owned()),
                other => other,
            };
            let words = |language| fault.words(language).replace('0', "…");
            (fault.code(), words(Language::Danish), words(Language::English))
        })
    }

    /// The same in words.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::Danish => self.in_danish(),
            Language::English => self.in_english(),
        }
    }

    fn in_danish(&self) -> String {
        match self {
            Self::Contradiction => "kan ikke stå sammen med, eller uden, det øvrige".to_owned(),
            Self::Invalid => "passer ikke til skemaet eller til det, der findes".to_owned(),
            Self::Enumeration(options) => format!("en af {options}"),
            Self::Format(format) => format!("på formen {format}"),
            Self::ItemsAtLeast(bound) => format!("mindst {bound}"),
            Self::ItemsAtMost(bound) => format!("højst {bound}"),
            Self::LengthAtMost(bound) => format!("højst {bound} tegn"),
            Self::LengthAtLeast(bound) => format!("mindst {bound} tegn"),
            Self::Pattern => {
                "må ikke være tomt eller indeholde andre tegn end de tilladte".to_owned()
            }
            Self::AtLeast(bound) => format!("tidligst eller mindst {bound}"),
            Self::AtMost(bound) => format!("senest eller højst {bound}"),
            Self::Required => "mangler".to_owned(),
            Self::Type => "er af en anden type end skemaets".to_owned(),
            Self::Unknown => "findes ikke her".to_owned(),
            Self::AssignmentUnknown => "er ingen tildeling, du kan se".to_owned(),
            Self::CatalogueUnknown => "findes ikke i kataloget".to_owned(),
            Self::ContactUnknown => "er ingen henvendelse, du kan se".to_owned(),
            Self::CprInvalid => "ti cifre, hvis dato findes, med eller uden bindestreg".to_owned(),
            Self::CvrInvalid => "otte cifre, som modulus 11 går op i".to_owned(),
            Self::EmployeeNoBasis => "er ingen, der kan se den unge".to_owned(),
            Self::EmployeeMayNotCoordinate => "har ingen rolle, der arbejder med sagen".to_owned(),
            Self::EmployeeNotInUnit => "har ingen rolle i enheden".to_owned(),
            Self::EmployeeUnitNotParticipating => {
                "er i en enhed, der ikke deltager i planen".to_owned()
            }
            Self::EmployeeUnknown => "er ingen, der er ansat".to_owned(),
            Self::LegalBasisUnknown => "er ingen kode på listen over lovgrundlag".to_owned(),
            Self::ParticipantUnknown => {
                "er ingen, der er indkaldt, og som det kan gælde".to_owned()
            }
            Self::RoomUnknown => "er intet mødelokale".to_owned(),
            Self::SlotUnknown => "er ingen mødetid".to_owned(),
            Self::PasswordUnchanged => "er den samme som før".to_owned(),
            Self::PasswordWrong => "er ikke din adgangssætning".to_owned(),
            Self::UnitUnknown => "er ingen enhed, der kan stå her".to_owned(),
            Self::WrittenUnknown => "er intet, som din enhed har skrevet her".to_owned(),
            Self::YoungPersonUnknown => "er ingen ung, du kan se".to_owned(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Contradiction => "cannot stand together with, or without, the rest".to_owned(),
            Self::Invalid => "does not fit the schema, or what there is".to_owned(),
            Self::Enumeration(options) => format!("one of {options}"),
            Self::Format(format) => format!("of the form {format}"),
            Self::ItemsAtLeast(bound) => format!("at least {bound} items"),
            Self::ItemsAtMost(bound) => format!("at most {bound} items"),
            Self::LengthAtMost(bound) => format!("at most {bound} characters"),
            Self::LengthAtLeast(bound) => format!("at least {bound} characters"),
            Self::Pattern => "may not be blank or hold characters that are not taken".to_owned(),
            Self::AtLeast(bound) => format!("at least {bound}, not before it"),
            Self::AtMost(bound) => format!("at most {bound}, not after it"),
            Self::Required => "is required".to_owned(),
            Self::Type => "of another type than the schema's".to_owned(),
            Self::Unknown => "no such member or parameter".to_owned(),
            Self::AssignmentUnknown => "no assignment that you may see".to_owned(),
            Self::CatalogueUnknown => "no such entry of the catalogue".to_owned(),
            Self::ContactUnknown => "no contact that you may see".to_owned(),
            Self::CprInvalid => {
                "ten digits whose date exists, with or without the hyphen".to_owned()
            }
            Self::CvrInvalid => "eight digits that modulus 11 divides".to_owned(),
            Self::EmployeeNoBasis => "nobody who sees this young person".to_owned(),
            Self::EmployeeMayNotCoordinate => "holds no role that does casework".to_owned(),
            Self::EmployeeNotInUnit => "holds no role in the unit".to_owned(),
            Self::EmployeeUnitNotParticipating => {
                "of a unit that does not take part in the plan".to_owned()
            }
            Self::EmployeeUnknown => "nobody who is employed".to_owned(),
            Self::LegalBasisUnknown => "no code of the list of legal bases".to_owned(),
            Self::ParticipantUnknown => {
                "nobody who is called and of whom it can be told".to_owned()
            }
            Self::RoomUnknown => "no such meeting room".to_owned(),
            Self::SlotUnknown => "no such slot".to_owned(),
            Self::PasswordUnchanged => "the same as before".to_owned(),
            Self::PasswordWrong => "not your pass phrase".to_owned(),
            Self::UnitUnknown => "no unit that may stand here".to_owned(),
            Self::WrittenUnknown => "nothing that your unit wrote here".to_owned(),
            Self::YoungPersonUnknown => "nobody whom you may see".to_owned(),
        }
    }
}

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Where in the body, as a JSON pointer; the name of a parameter or header otherwise.
    pub pointer: String,
    /// What is wrong.
    pub fault: Fault,
}
