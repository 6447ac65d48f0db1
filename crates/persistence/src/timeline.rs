//! What happened to a young person: the events of whatever the caller may see, in one order.

use crate::error::StoreError;
use crate::store::Tx;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::InformationArea;
use domain::ids::YoungPersonId;
use domain::timeline::EventKind;
use uuid::Uuid;

/// An event in a timeline.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The event's.
    pub id: Uuid,
    /// What happened.
    pub kind: EventKind,
    /// To which thing.
    pub subject: Uuid,
    /// What the thing is called, where it has a name.
    pub title: Option<String>,
    /// The area of the thing.
    pub area: InformationArea,
    /// Who did it; none: the system.
    pub actor: Option<(Uuid, String)>,
    /// In which unit.
    pub unit: Option<String>,
}

#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = Timestamptz)]
    recorded_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Integer)]
    information_area: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    actor_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    unit_name: Option<String>,
}

impl TryFrom<EntryRow> for TimelineEntry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "event", column };
        Ok(Self {
            recorded_at: row.recorded_at,
            id: row.id,
            kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
            subject: row.subject_id,
            title: row.title,
            area: InformationArea::of_bit(row.information_area)
                .ok_or_else(|| corrupt("information_area"))?,
            actor: row.actor_id.zip(row.actor_name),
            unit: row.unit_name,
        })
    }
}

impl Tx {
    /// `limit` of what happened to the young person, newest first, beginning after the entry that was
    /// recorded `before` under this id.
    pub async fn timeline(
        &mut self,
        young_person: YoungPersonId,
        before: Option<(DateTime<Utc>, Uuid)>,
        limit: u8,
    ) -> Result<Vec<TimelineEntry>, StoreError> {
        let (before, before_id) = before.unwrap_or((self.now(), Uuid::max()));
        let before = before.clamp(DateTime::UNIX_EPOCH, self.now());
        let rows: Vec<EntryRow> = diesel::sql_query("SELECT * FROM timeline($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(young_person.0)
            .bind::<Timestamptz, _>(before)
            .bind::<SqlUuid, _>(before_id)
            .bind::<Integer, _>(i32::from(limit))
            .load(self.conn())
            .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
