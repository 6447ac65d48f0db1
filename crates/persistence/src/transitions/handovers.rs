//! Handovers from school to youth education, with their receipts (TM-15).

use crate::error::StoreError;
use crate::schema::education_handover;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::policy::HandOverToEducation;
use domain::access::{Case, Permit};
use domain::disclosures::{Basis, Disclosure, Receipt};
use domain::ids::{EmployeeId, YoungPersonId};
use serde::Serialize;
use uuid::Uuid;

/// A handover as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = education_handover)]
pub struct HandoverRow {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// From which school.
    pub from_school: String,
    /// To which education.
    pub to_education: String,
    /// Who is told there.
    pub receiver: String,
    /// What is known.
    pub told: String,
    /// When.
    pub on_day: NaiveDate,
    /// On which kind of basis.
    pub basis_kind: String,
    /// Of a law.
    pub basis_paragraph: Option<String>,
    /// In words.
    pub basis_words: String,
    /// UU's mentor.
    pub mentor_id: Option<Uuid>,
    /// Their last day.
    pub mentor_until: Option<NaiveDate>,
    /// When it was received.
    pub received_on: Option<NaiveDate>,
    /// By whom there.
    pub received_by: Option<String>,
    /// When it was written.
    pub entered_at: DateTime<Utc>,
    /// The `ETag`.
    pub version: i64,
}

/// A handover that is told.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EducationHandover {
    /// From which school; it tells where somebody is (YP-5), as does the education.
    #[serde(skip)]
    pub from_school: String,
    /// To which education.
    #[serde(skip)]
    pub to_education: String,
    /// Who is told there.
    pub receiver: String,
    /// What is known.
    #[serde(skip)]
    pub told: String,
    /// When, and on which basis.
    #[serde(flatten)]
    pub disclosure: Disclosure,
    /// UU's mentor, and their last day.
    pub mentor: Option<(EmployeeId, NaiveDate)>,
}

impl HandoverRow {
    /// When it was told, and on which basis.
    pub fn disclosure(&self) -> Result<Disclosure, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "education_handover", column };
        let kind = self.basis_kind.parse().map_err(|_| corrupt("basis_kind"))?;
        let (paragraph, words) = (self.basis_paragraph.clone(), self.basis_words.clone());
        let basis = Basis::new(kind, paragraph, words).ok_or_else(|| corrupt("basis_paragraph"))?;
        Ok(Disclosure { on: self.on_day, basis })
    }

    /// Its receipt, where it is there.
    #[must_use]
    pub fn receipt(&self) -> Option<Receipt> {
        self.received_on.zip(self.received_by.clone()).map(|(on, by)| Receipt { on, by })
    }
}

impl Tx {
    /// The handovers that the caller sees, the latest first.
    pub async fn education_handovers(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<HandoverRow>, StoreError> {
        Ok(education_handover::table
            .filter(education_handover::young_person_id.eq(young_person.0))
            .order((education_handover::on_day.desc(), education_handover::id.desc()))
            .select(HandoverRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// A handover, with how the caller stands to the young person; none where it does not exist for them.
    pub async fn education_handover(
        &mut self,
        id: Uuid,
    ) -> Result<Option<(Case, HandoverRow)>, StoreError> {
        let row: Option<HandoverRow> = education_handover::table
            .find(id)
            .select(HandoverRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((self.case_of(row.young_person_id.into()).await?, row)))
    }

    /// Stores a handover.
    pub async fn add_education_handover(
        &mut self,
        permit: &Permit<HandOverToEducation>,
        young_person: YoungPersonId,
        new: &EducationHandover,
    ) -> Result<HandoverRow, StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        let basis = &new.disclosure.basis;
        Ok(diesel::insert_into(education_handover::table)
            .values((
                education_handover::id.eq(Uuid::now_v7()),
                education_handover::young_person_id.eq(young_person.0),
                education_handover::writing_unit_id.eq(permit.unit().0),
                education_handover::from_school.eq(&new.from_school),
                education_handover::to_education.eq(&new.to_education),
                education_handover::receiver.eq(&new.receiver),
                education_handover::told.eq(&new.told),
                education_handover::on_day.eq(new.disclosure.on),
                education_handover::basis_kind.eq(<&str>::from(basis.kind())),
                education_handover::basis_paragraph.eq(basis.paragraph()),
                education_handover::basis_words.eq(basis.words()),
                education_handover::mentor_id.eq(new.mentor.map(|(who, _)| who.0)),
                education_handover::mentor_until.eq(new.mentor.map(|(_, until)| until)),
                education_handover::entered_by_id.eq(permit.employee().0),
                education_handover::entered_at.eq(now),
            ))
            .returning(HandoverRow::as_returning())
            .get_result(self.conn())
            .await?)
    }

    /// Records that the education received it.
    pub async fn receive_education_handover(
        &mut self,
        permit: &Permit<HandOverToEducation>,
        known: &HandoverRow,
        receipt: &Receipt,
    ) -> Result<HandoverRow, StoreError> {
        permit.for_person(known.young_person_id.into())?;
        diesel::update(education_handover::table.find(known.id))
            .filter(education_handover::version.eq(known.version))
            .set((
                education_handover::received_on.eq(receipt.on),
                education_handover::received_by.eq(&receipt.by),
                education_handover::version.eq(known.version + 1),
            ))
            .returning(HandoverRow::as_returning())
            .get_result(self.conn())
            .await
            .optional()?
            .ok_or(StoreError::Stale)
    }
}
