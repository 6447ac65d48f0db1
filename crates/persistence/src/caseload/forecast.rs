//! What is to come in a unit (CL-6).

use super::function_of;
use crate::error::StoreError;
use crate::store::Tx;
use chrono::{NaiveDate, TimeDelta};
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::caseload::{Age, Function, Movement, MovementKind};
use domain::ids::UnitId;
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct MovementRow {
    #[diesel(sql_type = Date)]
    on_day: NaiveDate,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Nullable<Text>)]
    function: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    basis_id: Uuid,
}

#[derive(QueryableByName)]
struct CapacityRow {
    #[diesel(sql_type = Date)]
    on_day: NaiveDate,
    #[diesel(sql_type = Text)]
    function: String,
    #[diesel(sql_type = BigInt)]
    cases: i64,
}

impl MovementRow {
    fn read(self) -> Result<Movement, StoreError> {
        let corrupt = || StoreError::Corrupt { table: "intake_entry", column: "function" };
        let function =
            self.function.as_deref().map(|stored| function_of("assignment", stored)).transpose()?;
        let kind = match (self.what.as_str(), function) {
            ("turns-15", None) => MovementKind::Turns(Age::Fifteen),
            ("turns-17", None) => MovementKind::Turns(Age::Seventeen),
            ("turns-18", None) => MovementKind::Turns(Age::Eighteen),
            ("turns-30", None) => MovementKind::Turns(Age::Thirty),
            ("comes", Some(function)) => MovementKind::Comes(function),
            ("leaves", Some(function)) => MovementKind::Leaves(function),
            _ => return Err(corrupt()),
        };
        Ok(Movement {
            young_person: self.young_person_id.into(),
            basis: self.basis_id.into(),
            on: self.on_day,
            kind,
        })
    }
}

impl Tx {
    /// What is to happen to the young people of one of the caller's units, from tomorrow to this day, and what has
    /// been to happen before.
    pub async fn movements(
        &mut self,
        unit: UnitId,
        today: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<Movement>, StoreError> {
        let rows: Vec<MovementRow> = diesel::sql_query(
            "SELECT * FROM forecast_of($1, $2, $3) ORDER BY on_day, young_person_id",
        )
        .bind::<SqlUuid, _>(unit.0)
        .bind::<Date, _>(today + TimeDelta::days(1))
        .bind::<Date, _>(last)
        .load(self.conn())
        .await?;
        rows.into_iter().map(MovementRow::read).collect()
    }

    /// How many cases those present in a unit have room for on each of these days, by function with a norm.
    pub async fn capacity(
        &mut self,
        unit: UnitId,
        days: &[NaiveDate],
    ) -> Result<BTreeMap<(NaiveDate, Function), i64>, StoreError> {
        let now = self.now();
        let rows: Vec<CapacityRow> =
            diesel::sql_query("SELECT * FROM caseload_capacity($1, $2, $3)")
                .bind::<SqlUuid, _>(unit.0)
                .bind::<Array<Date>, _>(days)
                .bind::<Timestamptz, _>(now)
                .load(self.conn())
                .await?;
        rows.into_iter()
            .map(|row| Ok(((row.on_day, function_of("caseload_norm", &row.function)?), row.cases)))
            .collect()
    }
}
