//! Norms of a unit, and the terms agreed with its employees (CL-1, CL-5). Both are only added to.

use super::function_of;
use crate::error::StoreError;
use crate::organisation::{LoadedNorm, UnitIds};
use crate::schema::{caseload_norm, caseload_terms};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::Permit;
use domain::access::policy::RunCaseload;
use domain::caseload::Function;
use domain::ids::{EmployeeId, UnitId};
use std::collections::HashMap;
use uuid::Uuid;

/// A norm that was decided.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = caseload_norm)]
pub struct NormRow {
    /// Ours.
    pub id: Uuid,
    /// Of which function.
    pub function: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// How many; none: from then on there is none.
    pub cases: Option<i32>,
    /// Why.
    pub reason: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// In the order of deciding, from 1 on.
    pub decision_no: i32,
}

/// Terms that were agreed with an employee.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = caseload_terms)]
pub struct TermsRow {
    /// Ours.
    pub id: Uuid,
    /// In which unit.
    pub unit_id: Uuid,
    /// For which function.
    pub function: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// In percent of full time.
    pub employment_share: i32,
    /// In cases.
    pub reduction: i32,
    /// Why.
    pub reason: String,
    /// When.
    pub agreed_at: DateTime<Utc>,
}

/// A norm to decide.
#[derive(Debug, Clone, Copy)]
pub struct NewNorm<'a> {
    /// Of which function.
    pub function: Function,
    /// The first day.
    pub from: NaiveDate,
    /// How many; none: there is none.
    pub cases: Option<i32>,
    /// Why.
    pub reason: &'a str,
}

/// Terms to agree.
#[derive(Debug, Clone, Copy)]
pub struct NewTerms<'a> {
    /// In which unit.
    pub unit: UnitId,
    /// For which function.
    pub function: Function,
    /// The first day.
    pub from: NaiveDate,
    /// In percent of full time.
    pub employment_share: i32,
    /// In cases.
    pub reduction: i32,
    /// Why.
    pub reason: &'a str,
}

impl NormRow {
    /// Of which function.
    pub fn function(&self) -> Result<Function, StoreError> {
        function_of("caseload_norm", &self.function)
    }
}

impl TermsRow {
    /// For which function.
    pub fn function(&self) -> Result<Function, StoreError> {
        function_of("caseload_terms", &self.function)
    }
}

impl Tx {
    /// The norms of a unit as they were decided, the last decision first: its number is their version.
    pub async fn norms(&mut self, unit: UnitId) -> Result<Vec<NormRow>, StoreError> {
        Ok(caseload_norm::table
            .filter(caseload_norm::unit_id.eq(unit.0))
            .order(caseload_norm::decision_no.desc())
            .select(NormRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Decides a norm, as the decision after this version. Another one of the same version breaks the rule
    /// `version.stale`.
    pub async fn decide_norm(
        &mut self,
        permit: &Permit<RunCaseload>,
        unit: UnitId,
        version: i64,
        new: NewNorm<'_>,
    ) -> Result<Uuid, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let number = i32::try_from(version + 1)
            .map_err(|_| StoreError::Corrupt { table: "caseload_norm", column: "decision_no" })?;
        diesel::insert_into(caseload_norm::table)
            .values((
                caseload_norm::id.eq(id),
                caseload_norm::unit_id.eq(unit.0),
                caseload_norm::function.eq(<&str>::from(new.function)),
                caseload_norm::from_day.eq(new.from),
                caseload_norm::cases.eq(new.cases),
                caseload_norm::reason.eq(new.reason),
                caseload_norm::decision_no.eq(number),
                caseload_norm::decided_by_id.eq(permit.employee().0),
                caseload_norm::decided_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// The terms agreed with an employee that the caller sees, the last first.
    pub async fn terms_of(&mut self, employee: EmployeeId) -> Result<Vec<TermsRow>, StoreError> {
        Ok(caseload_terms::table
            .filter(caseload_terms::employee_id.eq(employee.0))
            .order(caseload_terms::terms_no.desc())
            .select(TermsRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Agrees terms with an employee.
    pub async fn agree_terms(
        &mut self,
        permit: &Permit<RunCaseload>,
        employee: EmployeeId,
        new: NewTerms<'_>,
    ) -> Result<TermsRow, StoreError> {
        let now = self.now();
        Ok(diesel::insert_into(caseload_terms::table)
            .values((
                caseload_terms::id.eq(Uuid::now_v7()),
                caseload_terms::employee_id.eq(employee.0),
                caseload_terms::unit_id.eq(new.unit.0),
                caseload_terms::function.eq(<&str>::from(new.function)),
                caseload_terms::from_day.eq(new.from),
                caseload_terms::employment_share.eq(new.employment_share),
                caseload_terms::reduction.eq(new.reduction),
                caseload_terms::reason.eq(new.reason),
                caseload_terms::agreed_by_id.eq(permit.employee().0),
                caseload_terms::agreed_at.eq(now),
            ))
            .returning(TermsRow::as_returning())
            .get_result(self.conn())
            .await?)
    }
}

/// The norms of a municipality that is loaded, each unit's in their order.
pub(crate) async fn load_norms(
    conn: &mut AsyncPgConnection,
    norms: &[LoadedNorm],
    units: &UnitIds,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut decided: HashMap<&str, i32> = HashMap::new();
    for norm in norms {
        let unit = units
            .get(&norm.unit)
            .ok_or(StoreError::Corrupt { table: "caseload_norm", column: "unit_id" })?;
        let number = decided.entry(&norm.unit).or_default();
        *number += 1;
        diesel::insert_into(caseload_norm::table)
            .values((
                caseload_norm::id.eq(Uuid::now_v7()),
                caseload_norm::unit_id.eq(unit),
                caseload_norm::function.eq(<&str>::from(norm.function)),
                caseload_norm::from_day.eq(norm.from),
                caseload_norm::cases.eq(norm.cases),
                caseload_norm::reason.eq(&norm.reason),
                caseload_norm::decision_no.eq(*number),
                caseload_norm::decided_at.eq(now),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}
