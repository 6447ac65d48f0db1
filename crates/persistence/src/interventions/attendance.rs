//! Who came on which day (IV-9).

use crate::error::StoreError;
use crate::schema::attendance;
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Double, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::RecordAttendance;
use domain::ids::InterventionId;
use domain::interventions::Intervention;
use domain::interventions::attendance::{Attended, Presence};

/// From which day to which, both with it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Days {
    /// The first; none: from the start.
    pub from: Option<NaiveDate>,
    /// The last; none: to the end.
    pub to: Option<NaiveDate>,
}

impl Tx {
    /// Stores days; one that was told before is corrected. They are seen by whoever sees the intervention.
    pub async fn attend(
        &mut self,
        permit: &Permit<RecordAttendance>,
        thing: &Intervention,
        days: &[Attended],
    ) -> Result<(), StoreError> {
        permit.for_person(thing.young_person)?;
        let on: Vec<NaiveDate> = days.iter().map(|day| day.on).collect();
        let presence: Vec<&str> = days.iter().map(|day| day.presence.into()).collect();
        let hours: Vec<Option<f64>> = days.iter().map(|day| day.hours).collect();
        let told = diesel::sql_query(
            "INSERT INTO attendance (intervention_id, young_person_id, information_area, writing_unit_id,
                                     providing_unit_id, on_day, presence, hours)
             SELECT i.id, i.young_person_id, i.information_area, i.writing_unit_id, i.providing_unit_id, d.*
               FROM intervention i CROSS JOIN unnest($2, $3, $4) d WHERE i.id = $1
                 ON CONFLICT (intervention_id, on_day)
                 DO UPDATE SET presence = excluded.presence, hours = excluded.hours,
                     last_told_on = CASE WHEN attendance.presence = excluded.presence THEN attendance.last_told_on
                                         ELSE excluded.last_told_on END",
        )
        .bind::<SqlUuid, _>(thing.id.0)
        .bind::<Array<Date>, _>(on)
        .bind::<Array<Text>, _>(presence)
        .bind::<Array<Nullable<Double>>, _>(hours)
        .execute(self.conn())
        .await?;
        if told == days.len() { Ok(()) } else { Err(StoreError::Hidden) }
    }

    /// The last day on which somebody came to an intervention that the caller sees.
    pub async fn last_present(
        &mut self,
        of: InterventionId,
    ) -> Result<Option<NaiveDate>, StoreError> {
        Ok(attendance::table
            .filter(attendance::intervention_id.eq(of.0))
            .filter(attendance::presence.eq(<&str>::from(Presence::Present)))
            .select(max(attendance::on_day))
            .first(self.conn())
            .await?)
    }

    /// The days of an intervention that the caller may see, in order.
    pub async fn attendance(
        &mut self,
        of: InterventionId,
        days: Days,
    ) -> Result<Vec<Attended>, StoreError> {
        let mut asked = attendance::table
            .filter(attendance::intervention_id.eq(of.0))
            .order(attendance::on_day)
            .select((attendance::on_day, attendance::presence, attendance::hours))
            .into_boxed();
        if let Some(from) = days.from {
            asked = asked.filter(attendance::on_day.ge(from));
        }
        if let Some(to) = days.to {
            asked = asked.filter(attendance::on_day.le(to));
        }
        let rows: Vec<(NaiveDate, String, Option<f64>)> = asked.load(self.conn()).await?;
        let day = |(on, presence, hours): (NaiveDate, String, Option<f64>)| {
            let presence = presence
                .parse()
                .map_err(|_| StoreError::Corrupt { table: "attendance", column: "presence" })?;
            Ok(Attended { on, presence, hours })
        };
        rows.into_iter().map(day).collect()
    }
}
