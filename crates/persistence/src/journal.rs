//! Conversations and notes, their corrections (PL-13), and how much of the time is spent face to face.

use crate::access::row_of;
use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::read_models::journal_file;
use crate::schema::{journal_correction, journal_entry};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::families::WritesEntry;
use domain::access::policy::ReadUnitFigures;
use domain::access::{Permit, Row};
use domain::calendar::Month;
use domain::ids::{EntryId, UnitId, YoungPersonId};
use domain::journal::{Correction, Entry, EntryKind, TimeSpent};
use serde::Deserialize;
use uuid::Uuid;

/// An entry with its corrections, as the caller sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = journal_file)]
pub struct EntryFile {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// What it is about, as a bit.
    pub information_area: i32,
    /// Whose writing it is.
    pub writing_unit_id: Uuid,
    /// Its name.
    pub writing_unit_name: String,
    /// When it took place.
    pub took_place_at: DateTime<Utc>,
    /// Of a conversation: how it was held.
    pub form: Option<String>,
    /// Of a conversation that lasts: how long.
    pub minutes: Option<i16>,
    /// Of a conversation: who took part beside the young person.
    pub took_part: Option<Vec<String>>,
    /// Of a conversation: did the young person?
    pub young_person_took_part: Option<bool>,
    /// What there is to say.
    pub text: String,
    /// Who wrote it down.
    pub entered_by_id: Uuid,
    /// Their name.
    pub entered_by: String,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// In order.
    pub corrections: FromJson<Vec<CorrectionRow>>,
}

/// A correction.
#[derive(Debug, Clone, Deserialize)]
pub struct CorrectionRow {
    /// Ours.
    pub id: Uuid,
    /// How it is instead.
    pub text: String,
    /// Why.
    pub reason: String,
    /// Who wrote it down.
    pub entered_by_id: Uuid,
    /// Their name.
    pub entered_by: String,
    /// When.
    pub entered_at: DateTime<Utc>,
}

/// A month of a unit; where too little is hidden from the caller to be told, there is no number.
#[derive(Debug, Clone, Copy)]
pub struct MonthSpent {
    /// Which.
    pub month: Month,
    /// How much.
    pub spent: Option<TimeSpent>,
}

#[derive(QueryableByName)]
struct MonthRow {
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = Nullable<Integer>)]
    conversations: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    minutes: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    minutes_face_to_face: Option<i32>,
}

impl EntryFile {
    /// The information area and the writing unit.
    pub fn row(&self) -> Result<Row, StoreError> {
        row_of("journal_entry", self.information_area, self.writing_unit_id)
    }
}

impl Tx {
    /// Writes an entry, with the permit to write conversations or notes.
    pub async fn write_entry<A: WritesEntry>(
        &mut self,
        permit: &Permit<A>,
        young_person: YoungPersonId,
        entry: &Entry,
    ) -> Result<EntryId, StoreError> {
        permit.for_person(young_person)?;
        let (id, now) = (Uuid::now_v7(), self.now());
        let conversation = entry.conversation.as_ref();
        diesel::insert_into(journal_entry::table)
            .values((
                journal_entry::id.eq(id),
                journal_entry::young_person_id.eq(young_person.0),
                journal_entry::information_area.eq(entry.information_area.bit()),
                journal_entry::writing_unit_id.eq(permit.unit().0),
                journal_entry::kind.eq(<&str>::from(entry.kind())),
                journal_entry::took_place_at.eq(entry.took_place_at),
                journal_entry::form.eq(conversation.map(|held| <&str>::from(held.form))),
                journal_entry::minutes.eq(conversation.and_then(|held| held.minutes)),
                journal_entry::took_part.eq(conversation.map(|held| &held.took_part)),
                journal_entry::young_person_took_part
                    .eq(conversation.map(|held| held.young_person_took_part)),
                journal_entry::text.eq(&entry.text),
                journal_entry::entered_by_id.eq(permit.employee().0),
                journal_entry::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id.into())
    }

    /// Puts a correction beside an entry.
    pub async fn correct_entry<A: WritesEntry>(
        &mut self,
        permit: &Permit<A>,
        entry: &EntryFile,
        correction: &Correction,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::insert_into(journal_correction::table)
            .values((
                journal_correction::id.eq(Uuid::now_v7()),
                journal_correction::entry_id.eq(entry.id),
                journal_correction::young_person_id.eq(entry.young_person_id),
                journal_correction::information_area.eq(entry.information_area),
                journal_correction::writing_unit_id.eq(entry.writing_unit_id),
                journal_correction::text.eq(&correction.text),
                journal_correction::reason.eq(&correction.reason),
                journal_correction::entered_by_id.eq(permit.employee().0),
                journal_correction::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// An entry of a kind; none where it does not exist for the caller.
    pub async fn entry_file(
        &mut self,
        kind: EntryKind,
        id: EntryId,
    ) -> Result<Option<EntryFile>, StoreError> {
        Ok(journal_file::table
            .find(id.0)
            .filter(journal_file::kind.eq(<&str>::from(kind)))
            .select(EntryFile::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// `limit` entries of a kind with their corrections, newest first, beginning after the one that took
    /// place then.
    pub async fn entry_files(
        &mut self,
        kind: EntryKind,
        young_person: YoungPersonId,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u8,
    ) -> Result<Vec<EntryFile>, StoreError> {
        let mut page = journal_file::table
            .filter(journal_file::young_person_id.eq(young_person.0))
            .filter(journal_file::kind.eq(<&str>::from(kind)))
            .into_boxed();
        if let Some((at, id)) = after {
            let at_once = BoolExpressionMethods::and(
                journal_file::took_place_at.eq(at),
                journal_file::id.lt(id),
            );
            page =
                page.filter(BoolExpressionMethods::or(journal_file::took_place_at.lt(at), at_once));
        }
        Ok(page
            .order((journal_file::took_place_at.desc(), journal_file::id.desc()))
            .limit(limit.into())
            .select(EntryFile::as_select())
            .load(self.conn())
            .await?)
    }

    /// The time that a unit of the caller's spent on conversations, month by month.
    pub async fn face_to_face(
        &mut self,
        _permit: &Permit<ReadUnitFigures>,
        unit: UnitId,
        first: Month,
        last: Month,
    ) -> Result<Vec<MonthSpent>, StoreError> {
        let rows: Vec<MonthRow> = diesel::sql_query("SELECT * FROM face_to_face($1, $2, $3)")
            .bind::<SqlUuid, _>(unit.0)
            .bind::<Date, _>(first.first_day())
            .bind::<Date, _>(last.first_day())
            .load(self.conn())
            .await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

impl From<MonthRow> for MonthSpent {
    fn from(row: MonthRow) -> Self {
        let spent = match (row.conversations, row.minutes, row.minutes_face_to_face) {
            (Some(conversations), Some(minutes), Some(minutes_face_to_face)) => {
                Some(TimeSpent { conversations, minutes, minutes_face_to_face })
            }
            _ => None,
        };
        Self { month: Month::of(row.month), spent }
    }
}
