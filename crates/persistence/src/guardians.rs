//! Guardians (YP-9).

use crate::error::StoreError;
use crate::schema::guardian;
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::RecordGuardian;
use domain::guardians::{Guardian, GuardianEvent};
use domain::ids::YoungPersonId;
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = guardian)]
struct GuardianRow {
    id: Uuid,
    name: String,
    relation: String,
    has_custody: bool,
    telephone: Option<String>,
    email: Option<String>,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
    version: i64,
}

impl Tx {
    /// The guardians that the caller sees, of now and of before, the latest first.
    pub async fn guardians(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<Guardian>, StoreError> {
        let rows: Vec<GuardianRow> = guardian::table
            .filter(guardian::young_person_id.eq(young_person.0))
            .order((guardian::from_day.desc(), guardian::id.desc()))
            .select(GuardianRow::as_select())
            .load(self.conn())
            .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Stores what was decided of a guardian.
    pub async fn store_guardian(
        &mut self,
        permit: &Permit<RecordGuardian>,
        young_person: YoungPersonId,
        event: &GuardianEvent,
    ) -> Result<(), StoreError> {
        permit.for_person(young_person)?;
        let (now, theirs) = (self.now(), event.guardian());
        let columns = (
            guardian::name.eq(&theirs.name),
            guardian::relation.eq(<&str>::from(theirs.relation)),
            guardian::has_custody.eq(theirs.has_custody),
            guardian::telephone.eq(theirs.telephone.as_deref()),
            guardian::email.eq(theirs.email.as_deref()),
            guardian::from_day.eq(theirs.from),
            guardian::to_day.eq(theirs.to),
            guardian::told_at.eq(now),
            guardian::version.eq(theirs.version),
        );
        let changed = match event {
            GuardianEvent::Recorded(_) => {
                diesel::insert_into(guardian::table)
                    .values((
                        guardian::id.eq(theirs.id.0),
                        guardian::young_person_id.eq(young_person.0),
                        guardian::writing_unit_id.eq(permit.unit().0),
                        columns,
                    ))
                    .execute(self.conn())
                    .await?
            }
            GuardianEvent::Amended(_) => {
                diesel::update(guardian::table.find(theirs.id.0))
                    .filter(guardian::version.eq(theirs.version - 1))
                    .set(columns)
                    .execute(self.conn())
                    .await?
            }
        };
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}

impl TryFrom<GuardianRow> for Guardian {
    type Error = StoreError;

    fn try_from(row: GuardianRow) -> Result<Self, StoreError> {
        let corrupt = |_| StoreError::Corrupt { table: "guardian", column: "relation" };
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            relation: row.relation.parse().map_err(corrupt)?,
            has_custody: row.has_custody,
            telephone: row.telephone,
            email: row.email,
            from: row.from_day,
            to: row.to_day,
            version: row.version,
        })
    }
}
