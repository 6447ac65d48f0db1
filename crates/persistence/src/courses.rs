//! How interventions run: company and hours, sessions, groups, and what clashes (IV-8, IV-10, IV-12).
//!
//! What is part of an intervention is written with the intervention's own area, writing and providing
//! unit, whoever tells it: so those see it who see the intervention.

pub mod clashes;
pub mod groups;
pub mod views;

use crate::error::StoreError;
use crate::schema::{catalogue_entry, intervention, intervention_company, intervention_session};
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use domain::access::Permit;
use domain::access::families::ChangesIntervention;
use domain::courses::{Company, CourseEvent, HoursStep, Session};
use domain::ids::{InterventionId, YoungPersonId};
use domain::interventions::Intervention;

diesel::define_sql_function! {
    /// Interventions under way on a day, also those that the caller does not see; none where they do not
    /// see the plan.
    fn interventions_under_way(of_person: SqlUuid, on_day: Date) -> Nullable<BigInt>;
}

impl Tx {
    /// Stores what was decided about how an intervention runs.
    pub async fn store_course<A: ChangesIntervention>(
        &mut self,
        permit: &Permit<A>,
        thing: &Intervention,
        event: &CourseEvent,
    ) -> Result<(), StoreError> {
        permit.for_person(thing.young_person)?;
        match event {
            CourseEvent::CompanyNamed(company) => self.store_company(thing.id, company).await,
            CourseEvent::HoursTold(step) => self.store_hours(thing.id, step).await,
            CourseEvent::ScheduleSet { sessions } => self.store_schedule(thing.id, sessions).await,
            CourseEvent::GroupJoined { group_id, from } => {
                self.store_membership(thing.id, *group_id, *from).await
            }
            CourseEvent::GroupLeft { group_id, on } => {
                self.end_membership(thing.id, *group_id, *on).await
            }
        }
    }

    /// Raises the version of an intervention of which a part was replaced.
    pub async fn raise_version<A: ChangesIntervention>(
        &mut self,
        permit: &Permit<A>,
        thing: &Intervention,
    ) -> Result<i64, StoreError> {
        permit.for_person(thing.young_person)?;
        let raised = diesel::update(intervention::table.find(thing.id.0))
            .filter(intervention::version.eq(thing.version))
            .set(intervention::version.eq(thing.version + 1))
            .execute(self.conn())
            .await?;
        if raised == 1 { Ok(thing.version + 1) } else { Err(StoreError::Stale) }
    }

    /// Is the intervention company-oriented, and has it named a company?
    pub async fn company_standing(
        &mut self,
        thing: &Intervention,
    ) -> Result<(bool, bool), StoreError> {
        let oriented = catalogue_entry::table
            .filter(catalogue_entry::code.nullable().eq(&thing.catalogue_code))
            .filter(catalogue_entry::company_oriented);
        let named = intervention_company::table
            .filter(intervention_company::intervention_id.eq(thing.id.0));
        Ok(diesel::select((diesel::dsl::exists(oriented), diesel::dsl::exists(named)))
            .get_result(self.conn())
            .await?)
    }

    /// How many interventions are under way for a young person on a day, in whatever area; none where
    /// the caller does not see the plan.
    pub async fn interventions_under_way(
        &mut self,
        young_person: YoungPersonId,
        on: NaiveDate,
    ) -> Result<Option<i64>, StoreError> {
        Ok(diesel::select(interventions_under_way(young_person.0, on))
            .get_result(self.conn())
            .await?)
    }

    async fn store_company(
        &mut self,
        id: InterventionId,
        company: &Company,
    ) -> Result<(), StoreError> {
        diesel::sql_query(
            "INSERT INTO intervention_company (intervention_id, young_person_id, information_area, writing_unit_id,
                 providing_unit_id, cvr, name, supervisor_name, supervisor_telephone)
             SELECT id, young_person_id, information_area, writing_unit_id, providing_unit_id, $2, $3, $4, $5
               FROM intervention WHERE id = $1",
        )
        .bind::<SqlUuid, _>(id.0)
        .bind::<Text, _>(company.cvr.to_string())
        .bind::<Text, _>(&company.name)
        .bind::<Text, _>(&company.supervisor.name)
        .bind::<Nullable<Text>, _>(&company.supervisor.telephone)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn store_hours(
        &mut self,
        id: InterventionId,
        step: &HoursStep,
    ) -> Result<(), StoreError> {
        diesel::sql_query(
            "INSERT INTO intervention_hours (intervention_id, young_person_id, information_area, writing_unit_id,
                 providing_unit_id, from_day, weekly_minutes, form)
             SELECT id, young_person_id, information_area, writing_unit_id, providing_unit_id, $2, $3, $4
               FROM intervention WHERE id = $1",
        )
        .bind::<SqlUuid, _>(id.0)
        .bind::<Date, _>(step.from)
        .bind::<SmallInt, _>(step.hours_per_week.minutes())
        .bind::<Text, _>(<&str>::from(step.form))
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn store_schedule(
        &mut self,
        id: InterventionId,
        sessions: &[Session],
    ) -> Result<(), StoreError> {
        let present = intervention_session::table
            .filter(intervention_session::intervention_id.eq(id.0))
            .filter(intervention_session::replaced_at.is_null());
        let now = self.now();
        diesel::update(present)
            .set(intervention_session::replaced_at.eq(now))
            .execute(self.conn())
            .await?;
        for session in sessions {
            diesel::sql_query(
                "INSERT INTO intervention_session (intervention_id, young_person_id, information_area, writing_unit_id,
                     providing_unit_id, weekday, from_minute, to_minute)
                 SELECT id, young_person_id, information_area, writing_unit_id, providing_unit_id, $2, $3, $4
                   FROM intervention WHERE id = $1",
            )
            .bind::<SqlUuid, _>(id.0)
            .bind::<SmallInt, _>(session.weekday.number())
            .bind::<SmallInt, _>(session.from.minutes())
            .bind::<SmallInt, _>(session.to.minutes())
            .execute(self.conn())
            .await?;
        }
        Ok(())
    }
}
