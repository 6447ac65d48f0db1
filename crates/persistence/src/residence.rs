//! Where young people live (YP-6). Whoever tells of a move locks the young person first.

use crate::error::StoreError;
use crate::schema::{installation, plan, residence};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::RecordResidence;
use domain::ids::{PlanId, YoungPersonId};
use domain::residence::{Move, Place};
use uuid::Uuid;

/// A move as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = residence)]
pub struct MoveRow {
    /// Ours.
    pub id: Uuid,
    /// The first day.
    pub from_day: NaiveDate,
    /// In Denmark; else the country.
    pub municipality_code: Option<String>,
    /// Abroad.
    pub country_code: Option<String>,
    /// It tells where they are (YP-5).
    pub address: Option<String>,
    /// Who told of it.
    pub source: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
}

impl Tx {
    /// The moves that the caller sees, the latest first.
    pub async fn moves(&mut self, young_person: YoungPersonId) -> Result<Vec<MoveRow>, StoreError> {
        Ok(residence::table
            .filter(residence::young_person_id.eq(young_person.0))
            .order(residence::from_day.desc())
            .select(MoveRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Stores a move. A second one of a day breaks the rule `residence.already-told`.
    pub async fn add_move(
        &mut self,
        permit: &Permit<RecordResidence>,
        young_person: YoungPersonId,
        new: &Move,
        address: Option<&str>,
    ) -> Result<MoveRow, StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        let (municipality_code, country_code) = match &new.to {
            Place::Municipality { municipality_code } => (Some(municipality_code), None),
            Place::Abroad { country_code } => (None, Some(country_code)),
        };
        Ok(diesel::insert_into(residence::table)
            .values((
                residence::id.eq(Uuid::now_v7()),
                residence::young_person_id.eq(young_person.0),
                residence::from_day.eq(new.from),
                residence::writing_unit_id.eq(permit.unit().0),
                residence::municipality_code.eq(municipality_code),
                residence::country_code.eq(country_code),
                residence::address.eq(address),
                residence::source.eq(<&str>::from(new.source)),
                residence::recorded_at.eq(now),
            ))
            .returning(MoveRow::as_returning())
            .get_result(self.conn())
            .await?)
    }

    /// The four digits of the municipality whose installation this is.
    pub async fn own_municipality(&mut self) -> Result<String, StoreError> {
        let code: Option<String> =
            installation::table.select(installation::municipality_code).first(self.conn()).await?;
        code.ok_or(StoreError::Corrupt { table: "installation", column: "municipality_code" })
    }

    /// The young person's open plan, where there is one that the caller sees.
    pub async fn open_plan_of(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Option<PlanId>, StoreError> {
        let open: Option<Uuid> = plan::table
            .filter(plan::young_person_id.eq(young_person.0))
            .filter(plan::closed_at.is_null())
            .select(plan::id)
            .first(self.conn())
            .await
            .optional()?;
        Ok(open.map(Into::into))
    }
}

impl TryFrom<&MoveRow> for Move {
    type Error = StoreError;

    fn try_from(row: &MoveRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "residence", column };
        let to = match (row.municipality_code.clone(), row.country_code.clone()) {
            (Some(municipality_code), None) => Place::Municipality { municipality_code },
            (None, Some(country_code)) => Place::Abroad { country_code },
            _ => return Err(corrupt("country_code")),
        };
        let source = row.source.parse().map_err(|_| corrupt("source"))?;
        Ok(Self { from: row.from_day, to, source })
    }
}
