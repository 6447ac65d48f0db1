//! Absences and drop-outs of interventions (AB-1).

use crate::error::StoreError;
use crate::schema::absence;
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::absence::Absence;
use domain::access::Permit;
use domain::access::policy::RecordAttendance;
use domain::calendar::day_of;
use domain::ids::InterventionId;
use domain::interventions::Intervention;
use uuid::Uuid;

/// An absence as it was told.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = absence)]
pub struct AbsenceRow {
    /// Ours.
    pub id: Uuid,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last; none: it goes on.
    pub to_day: Option<NaiveDate>,
    /// The day on which they stopped.
    pub dropped_out_on: Option<NaiveDate>,
    /// Where they live, if that is another municipality than ours.
    pub municipality_code: Option<String>,
    /// The day on which it was told first.
    pub told_on: NaiveDate,
}

/// A spell: absences that touch or overlap.
#[derive(Debug, Clone, QueryableByName)]
pub struct Spell {
    /// The first day.
    #[diesel(sql_type = Date)]
    pub first_day: NaiveDate,
    /// The last day so far.
    #[diesel(sql_type = Date)]
    pub last_day: NaiveDate,
    /// The day on which they stopped.
    #[diesel(sql_type = Nullable<Date>)]
    pub dropped_out_on: Option<NaiveDate>,
    /// The day on which an absence of it was reported first; none: it was told as attendance.
    #[diesel(sql_type = Nullable<Date>)]
    pub told_on: Option<NaiveDate>,
    /// Does it go on?
    #[diesel(sql_type = Bool)]
    pub goes_on: bool,
}

impl Tx {
    /// What was told of an absence that begins on this day.
    pub async fn absence_from(
        &mut self,
        of: InterventionId,
        from: NaiveDate,
    ) -> Result<Option<AbsenceRow>, StoreError> {
        Ok(absence::table
            .filter(absence::intervention_id.eq(of.0))
            .filter(absence::from_day.eq(from))
            .select(AbsenceRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// The absences of an intervention as they were told, by day.
    pub async fn absences(&mut self, of: InterventionId) -> Result<Vec<AbsenceRow>, StoreError> {
        Ok(absence::table
            .filter(absence::intervention_id.eq(of.0))
            .order(absence::from_day)
            .select(AbsenceRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// The spells of an intervention, in order.
    pub async fn absence_spells(&mut self, of: InterventionId) -> Result<Vec<Spell>, StoreError> {
        Ok(diesel::sql_query(
            "SELECT lower(during) AS first_day, last_day, dropped_out_on, told_on, goes_on
               FROM absence_spells($1) ORDER BY 1",
        )
        .bind::<SqlUuid, _>(of.0)
        .load(self.conn())
        .await?)
    }

    /// Stores an absence; one from the same day is told anew, and keeps the day on which it was told first. It is
    /// seen by whoever sees the intervention.
    pub async fn tell_absence(
        &mut self,
        permit: &Permit<RecordAttendance>,
        thing: &Intervention,
        told: &Absence,
    ) -> Result<AbsenceRow, StoreError> {
        let today = day_of(self.now());
        let told_rows = diesel::sql_query(
            "INSERT INTO absence (id, intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id,
                                  from_day, to_day, dropped_out_on, told_on, told_by_id)
             SELECT $1, i.id, i.young_person_id, i.information_area, i.writing_unit_id, i.providing_unit_id, $3, $4, $5, $6, $7
               FROM intervention i WHERE i.id = $2
                 ON CONFLICT (intervention_id, from_day)
                 DO UPDATE SET to_day = excluded.to_day, dropped_out_on = excluded.dropped_out_on, last_told_on = excluded.last_told_on",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(thing.id.0)
        .bind::<Date, _>(told.from)
        .bind::<Nullable<Date>, _>(told.to)
        .bind::<Nullable<Date>, _>(told.dropped_out_on)
        .bind::<Date, _>(today)
        .bind::<SqlUuid, _>(permit.employee().0)
        .execute(self.conn())
        .await?;
        debug_assert_eq!(told_rows, 1, "one absence is told at a time");
        self.absence_from(thing.id, told.from).await?.ok_or(StoreError::Hidden)
    }
}
