//! Where young people live, as a history of moves. One file per operation.

pub mod list;
pub mod tell;

use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::education_and_work::Source;
use persistence::residence::MoveRow;
use serde::Serialize;
use utoipa::ToSchema;

/// From a day on the young person lives somewhere.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    /// The first day; until the next move.
    from: NaiveDate,
    /// The four digits of the municipality, in Denmark.
    municipality_code: Option<String>,
    /// The two letters of the country, abroad.
    country_code: Option<String>,
    address: Option<String>,
    #[schema(schema_with = schema::code::<Source>)]
    source: String,
    recorded_at: DateTime<Utc>,
}

impl From<MoveRow> for MoveView {
    fn from(row: MoveRow) -> Self {
        Self {
            from: row.from_day,
            municipality_code: row.municipality_code,
            country_code: row.country_code,
            address: row.address,
            source: row.source,
            recorded_at: row.recorded_at,
        }
    }
}
