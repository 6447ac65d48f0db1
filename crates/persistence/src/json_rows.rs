//! Rows that a read view gathers as JSON, read straight from the bytes that the database sends.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Json;
use serde::de::DeserializeOwned;

/// A JSON column as what it holds.
#[derive(Debug, Clone, FromSqlRow, AsExpression, serde::Deserialize)]
#[diesel(sql_type = Json)]
#[serde(transparent)]
pub struct FromJson<T: 'static>(pub T);

impl<T: DeserializeOwned + std::fmt::Debug> FromSql<Json, Pg> for FromJson<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_slice(value.as_bytes())?))
    }
}
