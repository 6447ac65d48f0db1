//! UU's assessments of whether a young person is in the target group of an offer (IV-11).

use crate::error::StoreError;
use crate::schema::{catalogue_entry, intake_assessment};
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::policy::AssessIntake;
use domain::access::{InformationArea, Permit};
use domain::ids::YoungPersonId;
use domain::interventions::{Admission, Intervention};
use uuid::Uuid;

diesel::define_sql_function! {
    /// Does the newest assessment say yes? Told to whoever sees the young person at all.
    fn is_assessed(person: SqlUuid, offer: Text) -> Bool;
}

/// An assessment.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = intake_assessment)]
pub struct Assessment {
    /// Ours.
    pub id: Uuid,
    /// Of which offer.
    pub catalogue_code: String,
    /// When.
    pub assessed_on: NaiveDate,
    /// Who.
    pub assessed_by_id: Uuid,
    /// Is the young person in its target group?
    pub in_target_group: bool,
    /// Why.
    pub reason: String,
}

impl Tx {
    /// Stores an assessment.
    pub async fn assess(
        &mut self,
        permit: &Permit<AssessIntake>,
        young_person: YoungPersonId,
        new: &Assessment,
    ) -> Result<(), StoreError> {
        diesel::insert_into(intake_assessment::table)
            .values((
                intake_assessment::id.eq(new.id),
                intake_assessment::young_person_id.eq(young_person.0),
                intake_assessment::information_area
                    .eq(InformationArea::EducationAndEmployment.bit()),
                intake_assessment::writing_unit_id.eq(permit.unit().0),
                intake_assessment::catalogue_code.eq(&new.catalogue_code),
                intake_assessment::assessed_on.eq(new.assessed_on),
                intake_assessment::assessed_by_id.eq(new.assessed_by_id),
                intake_assessment::in_target_group.eq(new.in_target_group),
                intake_assessment::reason.eq(&new.reason),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// The assessments of a young person that the caller may see, newest written first.
    pub async fn assessments(
        &mut self,
        of: YoungPersonId,
        before: Option<Uuid>,
        limit: u8,
    ) -> Result<Vec<Assessment>, StoreError> {
        Ok(intake_assessment::table
            .filter(intake_assessment::young_person_id.eq(of.0))
            .filter(intake_assessment::id.lt(before.unwrap_or(Uuid::max())))
            .order(intake_assessment::id.desc())
            .limit(limit.into())
            .select(Assessment::as_select())
            .load(self.conn())
            .await?)
    }

    /// What the catalogue says of this one's start, and whether what it asks for is there.
    pub async fn admission(&mut self, thing: &Intervention) -> Result<Admission, StoreError> {
        let Some(code) = &thing.catalogue_code else {
            return Ok(Admission { cannot_wait: false, visitation: false, assessed: true });
        };
        let (cannot_wait, visitation, assessed) = catalogue_entry::table
            .find(code)
            .select((
                catalogue_entry::cannot_wait,
                catalogue_entry::visitation,
                diesel::dsl::not(catalogue_entry::assessment_required)
                    .or(is_assessed(thing.young_person.0, catalogue_entry::code)),
            ))
            .first(self.conn())
            .await?;
        Ok(Admission { cannot_wait, visitation, assessed })
    }
}
