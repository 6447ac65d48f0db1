//! Whom a plan reaches outside: education orders (PL-14), remarks on support needs (PL-15), and people
//! without an account who take part (PL-16).

mod participants;
mod schools;

pub use participants::{ParticipantFile, SentRow};

use crate::error::StoreError;
use crate::plans::follow_up::Author;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::Row;
use domain::disclosures::{Basis, Disclosure, Receipt};
use uuid::Uuid;

/// Something that hangs on a plan, with who wrote it down.
#[derive(Debug, Clone)]
pub struct Recorded<T> {
    /// Ours.
    pub id: Uuid,
    /// Of which plan.
    pub plan: Uuid,
    /// The information area and the writing unit.
    pub row: Row,
    /// What it is.
    pub thing: T,
    /// Who wrote it down.
    pub author: Author,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// The `ETag`.
    pub version: i64,
}

/// Reads the columns of a basis.
fn basis(
    table: &'static str,
    kind: &str,
    paragraph: Option<String>,
    words: String,
) -> Result<Basis, StoreError> {
    let corrupt = |column| StoreError::Corrupt { table, column };
    let kind = kind.parse().map_err(|_| corrupt("basis_kind"))?;
    Basis::new(kind, paragraph, words).ok_or_else(|| corrupt("basis_paragraph"))
}

/// Reads when something was told, and on which basis.
fn disclosure(
    table: &'static str,
    on: NaiveDate,
    kind: &str,
    paragraph: Option<String>,
    words: String,
) -> Result<Disclosure, StoreError> {
    Ok(Disclosure { on, basis: basis(table, kind, paragraph, words)? })
}

/// Reads a receipt.
fn receipt(on: Option<NaiveDate>, by: Option<String>) -> Option<Receipt> {
    on.zip(by).map(|(on, by)| Receipt { on, by })
}

/// Refuses where the row changed meanwhile.
const fn ensure_changed(rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Stale) }
}
