//! Education orders and remarks on support needs, with what the schools gave back.

use super::{Recorded, disclosure, ensure_changed, receipt};
use crate::access::row_of;
use crate::error::StoreError;
use crate::plans::follow_up::Author;
use crate::schema::{education_order, employee, support_remark};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::policy::AmendPlan;
use domain::access::{InformationArea, Permit};
use domain::disclosures::{Receipt, SchoolAnswer};
use domain::ids::{EducationOrderId, PlanId, SupportRemarkId};
use domain::outside_parties::{EducationOrder, SupportRemark};
use domain::plans::Plan;
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = education_order)]
struct OrderRow {
    id: Uuid,
    plan_id: Uuid,
    information_area: i32,
    writing_unit_id: Uuid,
    education: String,
    school: String,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
    mentor: Option<String>,
    told: Option<String>,
    on_day: NaiveDate,
    basis_kind: String,
    basis_paragraph: Option<String>,
    basis_words: String,
    received_on: Option<NaiveDate>,
    received_by: Option<String>,
    entered_at: DateTime<Utc>,
    version: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = support_remark)]
struct RemarkRow {
    id: Uuid,
    plan_id: Uuid,
    information_area: i32,
    writing_unit_id: Uuid,
    school: String,
    told: String,
    on_day: NaiveDate,
    basis_kind: String,
    basis_paragraph: Option<String>,
    basis_words: String,
    received_on: Option<NaiveDate>,
    received_by: Option<String>,
    answered_on: Option<NaiveDate>,
    answer: Option<String>,
    entered_at: DateTime<Utc>,
    version: i64,
}

impl Tx {
    /// Adds an education order.
    pub async fn add_education_order(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        new: &EducationOrder,
    ) -> Result<EducationOrderId, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let basis = &new.disclosure.basis;
        diesel::insert_into(education_order::table)
            .values((
                education_order::id.eq(id),
                education_order::plan_id.eq(plan.id.0),
                education_order::young_person_id.eq(plan.young_person.0),
                education_order::writing_unit_id.eq(permit.unit().0),
                education_order::education.eq(&new.education),
                education_order::school.eq(&new.school),
                education_order::from_day.eq(new.from),
                education_order::to_day.eq(new.to),
                education_order::mentor.eq(&new.mentor),
                education_order::told.eq(&new.told),
                education_order::on_day.eq(new.disclosure.on),
                education_order::basis_kind.eq(<&str>::from(basis.kind())),
                education_order::basis_paragraph.eq(basis.paragraph()),
                education_order::basis_words.eq(basis.words()),
                education_order::entered_by_id.eq(permit.employee().0),
                education_order::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id.into())
    }

    /// An education order; none where it does not exist for the caller.
    pub async fn education_order(
        &mut self,
        id: EducationOrderId,
    ) -> Result<Option<Recorded<EducationOrder>>, StoreError> {
        let row: Option<(OrderRow, Author)> = education_order::table
            .inner_join(employee::table.on(employee::id.eq(education_order::entered_by_id)))
            .filter(education_order::id.eq(id.0))
            .select((OrderRow::as_select(), Author::as_select()))
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// The education orders of a plan, the latest first.
    pub async fn education_orders(
        &mut self,
        plan: PlanId,
    ) -> Result<Vec<Recorded<EducationOrder>>, StoreError> {
        let rows: Vec<(OrderRow, Author)> = education_order::table
            .inner_join(employee::table.on(employee::id.eq(education_order::entered_by_id)))
            .filter(education_order::plan_id.eq(plan.0))
            .order((education_order::on_day.desc(), education_order::id.desc()))
            .select((OrderRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Records that the school received an education order.
    pub async fn receive_education_order(
        &mut self,
        permit: &Permit<AmendPlan>,
        order: &Recorded<EducationOrder>,
        receipt: &Receipt,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(education_order::table.find(order.id))
            .filter(education_order::young_person_id.eq(permit.person()?.0))
            .filter(education_order::version.eq(order.version))
            .set((
                education_order::received_on.eq(receipt.on),
                education_order::received_by.eq(&receipt.by),
                education_order::version.eq(order.version + 1),
            ))
            .execute(self.conn())
            .await?;
        ensure_changed(changed)
    }

    /// Adds a remark on support needs.
    pub async fn add_support_remark(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        new: &SupportRemark,
    ) -> Result<SupportRemarkId, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let basis = &new.disclosure.basis;
        diesel::insert_into(support_remark::table)
            .values((
                support_remark::id.eq(id),
                support_remark::plan_id.eq(plan.id.0),
                support_remark::young_person_id.eq(plan.young_person.0),
                support_remark::information_area.eq(new.information_area.bit()),
                support_remark::writing_unit_id.eq(permit.unit().0),
                support_remark::school.eq(&new.school),
                support_remark::told.eq(&new.remark),
                support_remark::on_day.eq(new.disclosure.on),
                support_remark::basis_kind.eq(<&str>::from(basis.kind())),
                support_remark::basis_paragraph.eq(basis.paragraph()),
                support_remark::basis_words.eq(basis.words()),
                support_remark::entered_by_id.eq(permit.employee().0),
                support_remark::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id.into())
    }

    /// A remark on support needs; none where it does not exist for the caller.
    pub async fn support_remark(
        &mut self,
        id: SupportRemarkId,
    ) -> Result<Option<Recorded<SupportRemark>>, StoreError> {
        let row: Option<(RemarkRow, Author)> = support_remark::table
            .inner_join(employee::table.on(employee::id.eq(support_remark::entered_by_id)))
            .filter(support_remark::id.eq(id.0))
            .select((RemarkRow::as_select(), Author::as_select()))
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// The remarks on support needs of a plan, the latest first.
    pub async fn support_remarks(
        &mut self,
        plan: PlanId,
    ) -> Result<Vec<Recorded<SupportRemark>>, StoreError> {
        let rows: Vec<(RemarkRow, Author)> = support_remark::table
            .inner_join(employee::table.on(employee::id.eq(support_remark::entered_by_id)))
            .filter(support_remark::plan_id.eq(plan.0))
            .order((support_remark::on_day.desc(), support_remark::id.desc()))
            .select((RemarkRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Records that the school received a remark.
    pub async fn receive_support_remark(
        &mut self,
        permit: &Permit<AmendPlan>,
        remark: &Recorded<SupportRemark>,
        receipt: &Receipt,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(support_remark::table.find(remark.id))
            .filter(support_remark::young_person_id.eq(permit.person()?.0))
            .filter(support_remark::version.eq(remark.version))
            .set((
                support_remark::received_on.eq(receipt.on),
                support_remark::received_by.eq(&receipt.by),
                support_remark::version.eq(remark.version + 1),
            ))
            .execute(self.conn())
            .await?;
        ensure_changed(changed)
    }

    /// Records what the school answered to a remark.
    pub async fn answer_support_remark(
        &mut self,
        permit: &Permit<AmendPlan>,
        remark: &Recorded<SupportRemark>,
        answer: &SchoolAnswer,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(support_remark::table.find(remark.id))
            .filter(support_remark::young_person_id.eq(permit.person()?.0))
            .filter(support_remark::version.eq(remark.version))
            .set((
                support_remark::answered_on.eq(answer.on),
                support_remark::answer.eq(&answer.text),
                support_remark::version.eq(remark.version + 1),
            ))
            .execute(self.conn())
            .await?;
        ensure_changed(changed)
    }
}

impl TryFrom<(OrderRow, Author)> for Recorded<EducationOrder> {
    type Error = StoreError;

    fn try_from((row, author): (OrderRow, Author)) -> Result<Self, StoreError> {
        const TABLE: &str = "education_order";
        let (kind, paragraph) = (row.basis_kind, row.basis_paragraph);
        let thing = EducationOrder {
            education: row.education,
            school: row.school,
            from: row.from_day,
            to: row.to_day,
            mentor: row.mentor,
            told: row.told,
            disclosure: disclosure(TABLE, row.on_day, &kind, paragraph, row.basis_words)?,
            receipt: receipt(row.received_on, row.received_by),
        };
        Ok(Self {
            id: row.id,
            plan: row.plan_id,
            row: row_of(TABLE, row.information_area, row.writing_unit_id)?,
            thing,
            author,
            entered_at: row.entered_at,
            version: row.version,
        })
    }
}

impl TryFrom<(RemarkRow, Author)> for Recorded<SupportRemark> {
    type Error = StoreError;

    fn try_from((row, author): (RemarkRow, Author)) -> Result<Self, StoreError> {
        const TABLE: &str = "support_remark";
        let corrupt = StoreError::Corrupt { table: TABLE, column: "information_area" };
        let (kind, paragraph) = (row.basis_kind, row.basis_paragraph);
        let answer = row.answered_on.zip(row.answer).map(|(on, text)| SchoolAnswer { on, text });
        let thing = SupportRemark {
            information_area: InformationArea::of_bit(row.information_area).ok_or(corrupt)?,
            school: row.school,
            remark: row.told,
            disclosure: disclosure(TABLE, row.on_day, &kind, paragraph, row.basis_words)?,
            receipt: receipt(row.received_on, row.received_by),
            answer,
        };
        Ok(Self {
            id: row.id,
            plan: row.plan_id,
            row: row_of(TABLE, row.information_area, row.writing_unit_id)?,
            thing,
            author,
            entered_at: row.entered_at,
            version: row.version,
        })
    }
}
