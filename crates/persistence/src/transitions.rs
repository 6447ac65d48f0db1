//! From B&U to J&V: the law, needs of support and of transition meetings, and the shared overview (TM-1 to TM-3, TM-11,
//! TM-12, TM-14). Whoever writes any of them locks the young person first.

mod handovers;
mod needs;
mod overview;
mod responsibility;

pub use handovers::{EducationHandover, HandoverRow};
pub use needs::{NeedRow, ReferralRow};
pub use overview::{ListedNeed, NeedFilter, WindowDemand};
pub use responsibility::{AgreementRow, CoordinationStep, NewResponsibility, ResponsibilityRow};

pub(crate) use needs::{due, take_up};

use crate::access::row_of;
use crate::error::StoreError;
use crate::schema::{legal_basis, support_need};
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::policy::RecordSupport;
use domain::access::{Case, Permit};
use domain::ids::YoungPersonId;
use domain::transitions::Guide;
use serde::Serialize;
use uuid::Uuid;

/// A paragraph of law, as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = legal_basis)]
pub struct LegalBasisRow {
    /// Its code.
    pub code: String,
    /// Which law.
    pub law: String,
    /// Which paragraph.
    pub paragraph: String,
    /// What it is about.
    pub title: String,
    /// It is decided by from this day on.
    pub valid_from: NaiveDate,
    /// To this day; none: it goes on.
    pub valid_to: Option<NaiveDate>,
    /// Of whom that is so old.
    pub from_age: i32,
    /// Up to this year of age; none: all later ones.
    pub to_age: Option<i32>,
    /// Which department decides under it.
    pub department: String,
    /// What a need of support that answers to it leads to; none: it is no such need.
    pub leads_to: Option<String>,
    /// Is it an aftercare?
    pub aftercare: bool,
    /// What came instead.
    pub successor: Option<String>,
}

/// A need of support, as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = support_need)]
pub struct SupportNeedRow {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// The information area, as a bit.
    pub information_area: i32,
    /// The writing unit.
    pub writing_unit_id: Uuid,
    /// To which paragraph it answers after 18.
    pub legal_basis_code: String,
    /// By which guide it is handed over.
    pub guide: i16,
    /// Was it judged to go on after 18?
    pub goes_on_after_18: bool,
    /// What it is.
    pub words: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last; none: it goes on.
    pub to_day: Option<NaiveDate>,
    /// When it was judged.
    pub judged_on: NaiveDate,
    /// By whom.
    pub judged_by_id: Uuid,
    /// The `ETag`.
    pub version: i64,
}

/// A need of support that is told.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewSupportNeed {
    /// To which paragraph it answers after 18.
    pub legal_basis: String,
    /// By which guide it is handed over.
    pub guide: Guide,
    /// Is it judged to go on after 18?
    pub goes_on_after_18: bool,
    /// What it is.
    #[serde(skip)]
    pub words: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last; none: it goes on.
    pub to: Option<NaiveDate>,
    /// When that was judged.
    pub judged_on: NaiveDate,
}

impl Tx {
    /// Every paragraph that decides, by code.
    pub async fn legal_bases(&mut self) -> Result<Vec<LegalBasisRow>, StoreError> {
        Ok(legal_basis::table
            .order(legal_basis::code)
            .select(LegalBasisRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// The needs of support that the caller sees, the latest first.
    pub async fn support_needs(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<SupportNeedRow>, StoreError> {
        Ok(support_need::table
            .filter(support_need::young_person_id.eq(young_person.0))
            .order((support_need::from_day.desc(), support_need::id.desc()))
            .select(SupportNeedRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// A need of support, with how the caller stands to the young person; none where it does not exist for them.
    pub async fn support_need(
        &mut self,
        id: Uuid,
    ) -> Result<Option<(Case, SupportNeedRow)>, StoreError> {
        let row: Option<SupportNeedRow> = support_need::table
            .find(id)
            .select(SupportNeedRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let about = row_of("support_need", row.information_area, row.writing_unit_id)?;
        Ok(Some((self.case_of(row.young_person_id.into()).await?.at(about), row)))
    }

    /// Stores a need of support. Law that does not hold, or the same support twice at a time, breaks a rule.
    pub async fn add_support_need(
        &mut self,
        permit: &Permit<RecordSupport>,
        young_person: YoungPersonId,
        new: &NewSupportNeed,
    ) -> Result<SupportNeedRow, StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        Ok(diesel::insert_into(support_need::table)
            .values((
                support_need::id.eq(Uuid::now_v7()),
                support_need::young_person_id.eq(young_person.0),
                support_need::writing_unit_id.eq(permit.unit().0),
                support_need::legal_basis_code.eq(&new.legal_basis),
                support_need::guide.eq(i16::from(new.guide)),
                support_need::goes_on_after_18.eq(new.goes_on_after_18),
                support_need::words.eq(&new.words),
                support_need::from_day.eq(new.from),
                support_need::to_day.eq(new.to),
                support_need::judged_on.eq(new.judged_on),
                support_need::judged_by_id.eq(permit.employee().0),
                support_need::recorded_at.eq(now),
            ))
            .returning(SupportNeedRow::as_returning())
            .get_result(self.conn())
            .await?)
    }

    /// Tells the last day of a need of support.
    pub async fn end_support_need(
        &mut self,
        permit: &Permit<RecordSupport>,
        known: &SupportNeedRow,
        on: NaiveDate,
    ) -> Result<SupportNeedRow, StoreError> {
        permit.for_person(known.young_person_id.into())?;
        diesel::update(support_need::table.find(known.id))
            .filter(support_need::version.eq(known.version))
            .set((support_need::to_day.eq(on), support_need::version.eq(known.version + 1)))
            .returning(SupportNeedRow::as_returning())
            .get_result(self.conn())
            .await
            .optional()?
            .ok_or(StoreError::Stale)
    }
}
