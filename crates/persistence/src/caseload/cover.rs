//! Who covers for whom, from a day to a day (CL-5).

use crate::error::StoreError;
use crate::schema::{cover, employee};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::RunCaseload;
use domain::ids::{CoverId, EmployeeId, UnitId};
use uuid::Uuid;

/// A cover as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cover)]
pub struct CoverRow {
    /// Ours.
    pub id: Uuid,
    /// In which unit.
    pub unit_id: Uuid,
    /// Who is away.
    pub absent_id: Uuid,
    /// Who covers.
    pub covered_by_id: Uuid,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last one.
    pub until_day: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was ended, before that.
    pub ended_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    pub version: i64,
}

/// A cover to decide.
#[derive(Debug, Clone, Copy)]
pub struct NewCover<'a> {
    /// In which unit.
    pub unit: UnitId,
    /// Who is away.
    pub absent: EmployeeId,
    /// Who covers.
    pub by: EmployeeId,
    /// The first day.
    pub from: NaiveDate,
    /// The last one.
    pub until: NaiveDate,
    /// Why.
    pub reason: &'a str,
}

impl Tx {
    /// Decides that somebody covers. The same pair twice at once breaks the rule `cover.already-covered`.
    pub async fn decide_cover(
        &mut self,
        permit: &Permit<RunCaseload>,
        new: NewCover<'_>,
    ) -> Result<CoverRow, StoreError> {
        let now = self.now();
        Ok(diesel::insert_into(cover::table)
            .values((
                cover::id.eq(Uuid::now_v7()),
                cover::unit_id.eq(new.unit.0),
                cover::absent_id.eq(new.absent.0),
                cover::covered_by_id.eq(new.by.0),
                cover::from_day.eq(new.from),
                cover::until_day.eq(new.until),
                cover::reason.eq(new.reason),
                cover::decided_by_id.eq(permit.employee().0),
                cover::decided_at.eq(now),
            ))
            .returning(CoverRow::as_returning())
            .get_result(self.conn())
            .await?)
    }

    /// A cover of one of the caller's units.
    pub async fn cover(&mut self, id: CoverId) -> Result<Option<CoverRow>, StoreError> {
        Ok(cover::table
            .find(id.0)
            .select(CoverRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Ends a cover before its last day.
    pub async fn end_cover(
        &mut self,
        _permit: &Permit<RunCaseload>,
        found: &CoverRow,
    ) -> Result<CoverRow, StoreError> {
        let now = self.now();
        diesel::update(cover::table.find(found.id))
            .filter(cover::version.eq(found.version))
            .filter(cover::ended_at.is_null())
            .set((cover::ended_at.eq(now), cover::version.eq(found.version + 1)))
            .returning(CoverRow::as_returning())
            .get_result(self.conn())
            .await
            .optional()?
            .ok_or(StoreError::Stale)
    }

    /// Who covers for an employee, now and later, and with the names of those who do; the caller's units' only.
    pub async fn covers_of(
        &mut self,
        absent: EmployeeId,
        today: NaiveDate,
    ) -> Result<Vec<(CoverRow, String, String)>, StoreError> {
        Ok(cover::table
            .inner_join(employee::table.on(employee::id.eq(cover::covered_by_id)))
            .filter(cover::absent_id.eq(absent.0))
            .filter(cover::until_day.ge(today))
            .filter(cover::ended_at.is_null())
            .order((cover::from_day, cover::id))
            .select((CoverRow::as_select(), employee::given_name, employee::family_name))
            .load(self.conn())
            .await?)
    }

    /// For whom an employee covers on this day, with their names; in the caller's units only.
    pub async fn covered_by(
        &mut self,
        who: EmployeeId,
        today: NaiveDate,
    ) -> Result<Vec<(CoverRow, String, String)>, StoreError> {
        Ok(cover::table
            .inner_join(employee::table.on(employee::id.eq(cover::absent_id)))
            .filter(cover::covered_by_id.eq(who.0))
            .filter(cover::from_day.le(today))
            .filter(cover::until_day.ge(today))
            .filter(cover::ended_at.is_null())
            .order((cover::from_day, cover::id))
            .select((CoverRow::as_select(), employee::given_name, employee::family_name))
            .load(self.conn())
            .await?)
    }
}
