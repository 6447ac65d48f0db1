//! The rules Enplan keeps: pure functions and types, with no I/O, no clock and no knowledge of web or
//! database. Each module bears the name of its capability; the rule numbers are those of `docs/RULES.md`.

pub mod absence;
pub mod access;
pub mod calendar;
pub mod caseload;
pub mod corrections;
pub mod courses;
pub mod deadlines;
pub mod disclosures;
pub mod education_and_work;
pub mod figures;
pub mod guardians;
pub mod hotline;
pub mod ids;
pub mod interventions;
pub mod journal;
pub mod meetings;
pub mod organisation;
pub mod outside_parties;
pub mod plans;
pub mod residence;
pub mod responsibility;
pub mod rights;
pub mod target_groups;
pub mod tasks;
pub mod timeline;
pub mod transitions;
pub mod young_people;

/// Why a rule said no.
///
/// The code is stable and is what a client matches on; further members (a limit, what is missing) are
/// the other fields of the serialised value. None of it may tell what the caller may not know.
pub trait Refusal: serde::Serialize + std::error::Error {
    /// The problem code, as in the rules: `plan.already-open`.
    fn code(&self) -> &'static str;
}
