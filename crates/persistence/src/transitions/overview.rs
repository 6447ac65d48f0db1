//! The shared overview (TM-11).

use crate::error::StoreError;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use domain::ids::{UnitId, YoungPersonId};
use domain::transitions::Standing;
use uuid::Uuid;

/// A need in the overview.
#[derive(Debug, Clone, QueryableByName)]
pub struct ListedNeed {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    /// The basis by which they are seen.
    #[diesel(sql_type = SqlUuid)]
    pub basis_id: Uuid,
    /// What the caller's bases open.
    #[diesel(sql_type = Integer)]
    pub areas: i32,
    /// Their given name; none where the caller's bases do not open it.
    #[diesel(sql_type = Nullable<Text>)]
    pub given_name: Option<String>,
    /// Their family name.
    #[diesel(sql_type = Nullable<Text>)]
    pub family_name: Option<String>,
    /// When they were born.
    #[diesel(sql_type = Nullable<Date>)]
    pub birth_date: Option<NaiveDate>,
    /// Where they go to school now.
    #[diesel(sql_type = Nullable<Text>)]
    pub school: Option<String>,
    /// What raised it.
    #[diesel(sql_type = Text)]
    pub origin: String,
    /// By which birthday.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub guide: Option<i16>,
    /// Does it have its own way?
    #[diesel(sql_type = Bool)]
    pub acute: bool,
    /// How it stands today.
    #[diesel(sql_type = Text)]
    pub standing: String,
    /// By when the meeting is held.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// When it was raised.
    #[diesel(sql_type = Date)]
    pub raised_on: NaiveDate,
    /// The unit that called for it.
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub unit_name: String,
    /// When its last meeting was held.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub last_meeting: Option<DateTime<Utc>>,
    /// When its next one begins.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub next_meeting: Option<DateTime<Utc>>,
    /// Who is to receive.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub receiving_unit_id: Option<Uuid>,
    /// Its name.
    #[diesel(sql_type = Nullable<Text>)]
    pub receiving_unit_name: Option<String>,
    /// From when on it coordinates.
    #[diesel(sql_type = Nullable<Date>)]
    pub coordinates_from: Option<NaiveDate>,
    /// When it accepted.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the coordination passed.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub passed_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// What is due in a coming window, and the slots there are.
#[derive(Debug, Clone, QueryableByName)]
pub struct WindowDemand {
    /// The window.
    #[diesel(sql_type = SqlUuid)]
    pub window_id: Uuid,
    /// Its first day.
    #[diesel(sql_type = Date)]
    pub first_day: NaiveDate,
    /// Its last.
    #[diesel(sql_type = Date)]
    pub last_day: NaiveDate,
    /// Needs to be met about in it at the latest, of those the caller sees.
    #[diesel(sql_type = Integer)]
    pub due: i32,
    /// Its slots.
    #[diesel(sql_type = Integer)]
    pub slots: i32,
    /// Those that are ahead and free.
    #[diesel(sql_type = Integer)]
    pub free: i32,
}

/// Which needs.
#[derive(Debug, Clone, Default)]
pub struct NeedFilter {
    /// Of this young person.
    pub young_person: Option<YoungPersonId>,
    /// How they stand.
    pub standing: Option<Standing>,
    /// Which unit called for it or is to receive.
    pub unit: Option<UnitId>,
    /// Who goes to this school now.
    pub school: Option<String>,
    /// Who was born in this month.
    pub birth_month: Option<i32>,
    /// Only where the receiver has not accepted though the day has come.
    pub breach: bool,
    /// Due from this day on.
    pub due_from: Option<NaiveDate>,
    /// Due to this day.
    pub due_to: Option<NaiveDate>,
}

impl Tx {
    /// What is due in each coming window, of the needs that the caller sees.
    pub async fn window_demand(&mut self) -> Result<Vec<WindowDemand>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM window_demand()").load(self.conn()).await?)
    }

    /// `limit` needs that the caller sees, the soonest due first, beginning after the one due on this day under this id.
    pub async fn list_transition_needs(
        &mut self,
        filter: &NeedFilter,
        after: Option<(NaiveDate, Uuid)>,
        limit: u8,
    ) -> Result<Vec<ListedNeed>, StoreError> {
        let (day, id) = after.unwrap_or((DateTime::UNIX_EPOCH.date_naive(), Uuid::nil()));
        Ok(diesel::sql_query(
            "SELECT * FROM list_transition_needs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind::<Nullable<SqlUuid>, _>(filter.young_person.map(|young_person| young_person.0))
        .bind::<Nullable<Text>, _>(filter.standing.map(<&str>::from))
        .bind::<Nullable<SqlUuid>, _>(filter.unit.map(|unit| unit.0))
        .bind::<Nullable<Text>, _>(filter.school.as_deref())
        .bind::<Nullable<Integer>, _>(filter.birth_month)
        .bind::<Bool, _>(filter.breach)
        .bind::<Nullable<Date>, _>(filter.due_from)
        .bind::<Nullable<Date>, _>(filter.due_to)
        .bind::<Date, _>(day.max(DateTime::UNIX_EPOCH.date_naive()))
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(i32::from(limit))
        .load(self.conn())
        .await?)
    }
}
