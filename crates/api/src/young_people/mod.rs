//! Young people. One file per operation: request, response, docs, handler.

pub mod amend;
pub mod case_file;
pub mod get;
pub mod list;
pub mod look_up;
pub mod read_cpr;
pub mod register;
pub mod search;
pub mod timeline;

use crate::problem::{ApiError, Fault};
use chrono::NaiveDate;
use domain::ids::YoungPersonId;
use domain::young_people::{Cpr, YoungPersonRefusal, age_on};
use persistence::young_people::YoungPersonRow;
use serde::Serialize;
use serde_json::{Map, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who a young person is. The CPR number is not here: reading it out is an act of its own.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YoungPersonView {
    id: Uuid,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    /// In full years, today.
    age: u32,
    version: i64,
}

impl From<YoungPersonRefusal> for ApiError {
    fn from(refusal: YoungPersonRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl YoungPersonView {
    fn new(row: &YoungPersonRow, today: NaiveDate) -> Self {
        Self {
            id: row.id,
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            birth_date: row.birth_date,
            age: age_on(row.birth_date, today),
            version: row.version,
        }
    }
}

/// The number is that of a young person who is visible to the caller (YP-2).
fn taken_by(known: YoungPersonId) -> ApiError {
    let members = Map::from_iter([("youngPersonId".to_owned(), json!(known))]);
    ApiError::Rule { code: "young-person.already-registered".to_owned(), members }
}

/// Reads a CPR number out of a body's member, without ever telling it back (YP-4).
pub fn cpr(text: &str) -> Result<Cpr, ApiError> {
    Cpr::parse(text).map_err(|_| ApiError::field("/cpr", Fault::CprInvalid))
}
