//! What is read of contacts: one, a page of them, who called, and what a contact shows of a case.

use super::CallerRow;
use crate::access::row_of;
use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::read_models::hotline_file;
use crate::schema::{hotline_caller, hotline_contact};
use crate::store::Tx;
use crate::young_people::CPR_DIGEST;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Binary, Bool, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use domain::access::policy::{ReadCaller, ReadCard};
use domain::access::{Areas, InformationArea, Permit, Row};
use domain::hotline::{CallerKind, ConcernAbout, State, Topic};
use domain::ids::{ContactId, UnitId, YoungPersonId};
use domain::young_people::Cpr;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Why contacts are read, on the access log: also of those that are tied to nobody, or seen without a basis.
const HOTLINE: &str = "a contact of the hotline";
/// Why somebody without a basis sees how to reach those who have a case.
const CARD: &str = "to pass on what a contact of the hotline told";

/// A contact, as the caller sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = hotline_file)]
pub struct ContactFile {
    /// Ours.
    pub id: Uuid,
    young_person_id: Option<Uuid>,
    basis_id: Option<Uuid>,
    areas: Option<i32>,
    information_area: i32,
    /// Whose it is, and on whose list.
    pub writing_unit_id: Uuid,
    /// Its name.
    pub writing_unit_name: String,
    /// Who called; none of a concern that is on others' list, as the next two.
    pub caller_kind: Option<String>,
    /// Which institution that was.
    pub institution_id: Option<Uuid>,
    /// Its name.
    pub institution_name: Option<String>,
    /// By which way.
    pub channel: String,
    /// About what.
    pub topic: String,
    /// How soon it is to be answered.
    pub urgency: String,
    /// In words.
    pub summary: String,
    /// When they called.
    pub called_at: DateTime<Utc>,
    /// When it was noted.
    pub logged_at: DateTime<Utc>,
    /// By whom.
    pub logged_by_id: Uuid,
    /// Their name.
    pub logged_by: String,
    /// Nothing is asked.
    pub only_information: bool,
    /// Of somebody who does not follow the plan.
    pub plan_not_followed: bool,
    /// They called about the same before.
    pub earlier_contact_id: Option<Uuid>,
    /// It was not for us: where they were shown to.
    pub shown_to: Option<String>,
    /// About whom somebody is concerned.
    pub concern: Option<String>,
    /// To be assessed by then.
    pub assess_by: Option<DateTime<Utc>>,
    /// When it was.
    pub assessed_at: Option<DateTime<Utc>>,
    /// The receipt is to be given by then.
    pub receipt_by: Option<NaiveDate>,
    /// When it was.
    pub receipted_at: Option<DateTime<Utc>>,
    /// The last moment in which it is in time.
    pub due_at: DateTime<Utc>,
    /// Where it is in its life.
    pub state: String,
    /// Who has it.
    pub owner_id: Option<Uuid>,
    /// Their name.
    pub owner_name: Option<String>,
    /// Since when.
    pub taken_at: Option<DateTime<Utc>>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    pub version: i64,
    /// What is past due at this moment: `answer`, `assess`, `receipt`.
    pub past_due: Vec<String>,
    /// What was written later, in order.
    pub entries: FromJson<Vec<ContactEntryRow>>,
}

/// What was written to a contact after it was logged.
#[derive(Debug, Clone, Deserialize)]
pub struct ContactEntryRow {
    /// Ours.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// What was written.
    pub text: String,
    /// Of a correction: why.
    pub reason: Option<String>,
    /// Who wrote it.
    pub entered_by_id: Uuid,
    /// Their name.
    pub entered_by: String,
    /// When.
    pub entered_at: DateTime<Utc>,
}

impl ContactFile {
    /// The information area and the writing unit.
    pub fn row(&self) -> Result<Row, StoreError> {
        row_of("hotline_contact", self.information_area, self.writing_unit_id)
    }

    /// Whom it is tied to, where the caller sees them.
    #[must_use]
    pub fn young_person(&self) -> Option<YoungPersonId> {
        self.young_person_id.filter(|_| self.basis_id.is_some()).map(Into::into)
    }

    /// Whose list it is on.
    #[must_use]
    pub fn unit(&self) -> UnitId {
        self.writing_unit_id.into()
    }

    /// About whom somebody is concerned.
    pub fn concern(&self) -> Result<Option<ConcernAbout>, StoreError> {
        let corrupt = StoreError::Corrupt { table: "hotline_contact", column: "concern" };
        self.concern.as_deref().map(str::parse).transpose().map_err(|_| corrupt)
    }
}

/// Which contacts are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContactFilter<'a> {
    /// In whose summaries these words stand, or words like them.
    pub text: Option<&'a str>,
    /// In this state.
    pub state: Option<State>,
    /// About this.
    pub topic: Option<Topic>,
    /// Of such callers.
    pub caller: Option<CallerKind>,
    /// Of this institution.
    pub institution: Option<UnitId>,
    /// Who called then or later.
    pub from: Option<DateTime<Utc>>,
    /// Who called before then.
    pub to: Option<DateTime<Utc>>,
    /// Past due alone.
    pub overdue: bool,
}

/// How a contact was found: how well, and where in its summary.
#[derive(Debug, Clone, QueryableByName)]
struct FoundRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Integer)]
    rank: i32,
    #[diesel(sql_type = Json)]
    marks: FromJson<Vec<Mark>>,
}

/// Characters of a summary that fit what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Mark {
    /// The first, counted from 0.
    pub start: u32,
    /// How many.
    pub length: u32,
}

/// A contact that was found.
#[derive(Debug, Clone)]
pub struct FoundContact {
    /// 0: as it was typed; 1: something alike.
    pub rank: i32,
    /// Where in its summary.
    pub marks: Vec<Mark>,
    /// The contact.
    pub file: ContactFile,
}

/// Somebody whom a contact shows how to reach.
#[derive(Debug, Clone, QueryableByName)]
struct CardRow {
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = Bool)]
    has_plan: bool,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    unit: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    telephone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    organisation: Option<String>,
}

/// Somebody and how to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachable {
    /// The name of the employee; `None` if the employee can no longer sign in, so that the case is in the unit's intake
    /// queue.
    pub name: Option<String>,
    /// Of an employee: their account.
    pub username: Option<String>,
    /// Of an employee: their unit.
    pub unit: Option<String>,
    /// Of somebody outside.
    pub telephone: Option<String>,
    /// Of somebody outside.
    pub organisation: Option<String>,
}

/// What a contact shows of a young person's case (HL-5); the same where nobody has the number and where there is no plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Is there an open plan?
    pub has_plan: bool,
    /// The coordinating caseworker.
    pub coordinator: Option<Reachable>,
    /// The contact person.
    pub contact_person: Option<Reachable>,
}

/// A concern that was passed on.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct PassedOn {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// When it was logged.
    #[diesel(sql_type = Timestamptz)]
    pub logged_at: DateTime<Utc>,
}

impl Tx {
    /// One contact; none where it does not exist for the caller. It is on the access log as read.
    pub async fn contact_file(&mut self, id: ContactId) -> Result<Option<ContactFile>, StoreError> {
        self.for_purpose(HOTLINE);
        let file: Option<ContactFile> = hotline_file::table
            .find(id.0)
            .select(ContactFile::as_select())
            .first(self.conn())
            .await
            .optional()?;
        if let Some(file) = &file {
            self.saw_contact(file);
        }
        Ok(file)
    }

    /// Does the contact exist for the caller?
    pub async fn sees_contact(&mut self, id: ContactId) -> Result<bool, StoreError> {
        let found: i64 = hotline_contact::table.find(id.0).count().get_result(self.conn()).await?;
        if found == 0 {
            self.does_not_see(id);
        }
        Ok(found == 1)
    }

    /// `limit` of the contacts that the caller sees: best first, then newest; beginning after the one of this rank and id.
    pub async fn find_contacts(
        &mut self,
        filter: ContactFilter<'_>,
        after: Option<(i32, Uuid)>,
        limit: u8,
    ) -> Result<Vec<FoundContact>, StoreError> {
        self.for_purpose(HOTLINE);
        let (rank, before) = after.unwrap_or((0, Uuid::max()));
        let hits: Vec<FoundRow> = diesel::sql_query(
            "SELECT * FROM find_contacts($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind::<Nullable<Text>, _>(filter.text)
        .bind::<Nullable<Text>, _>(filter.state.map(<&str>::from))
        .bind::<Nullable<Text>, _>(filter.topic.map(<&str>::from))
        .bind::<Nullable<Text>, _>(filter.caller.map(<&str>::from))
        .bind::<Nullable<SqlUuid>, _>(filter.institution.map(|unit| unit.0))
        .bind::<Nullable<Timestamptz>, _>(filter.from)
        .bind::<Nullable<Timestamptz>, _>(filter.to)
        .bind::<Bool, _>(filter.overdue)
        .bind::<Integer, _>(rank.clamp(0, 1))
        .bind::<SqlUuid, _>(before)
        .bind::<Integer, _>(i32::from(limit))
        .load(self.conn())
        .await?;
        let ids: Vec<Uuid> = hits.iter().map(|hit| hit.id).collect();
        let files: Vec<ContactFile> = hotline_file::table
            .filter(hotline_file::id.eq_any(ids))
            .select(ContactFile::as_select())
            .load(self.conn())
            .await?;
        let mut files: HashMap<Uuid, ContactFile> =
            files.into_iter().map(|file| (file.id, file)).collect();
        let found = hits.into_iter().filter_map(|FoundRow { id, rank, marks }| {
            files.remove(&id).map(|file| FoundContact { rank, marks: marks.0, file })
        });
        Ok(found.collect())
    }

    /// Notes a contact that is about to be answered, for the access log: whom it tells of, seen or not.
    pub fn saw_contact(&mut self, file: &ContactFile) {
        let Some(whom) = file.young_person_id.map(YoungPersonId) else { return };
        match (file.basis_id, file.areas) {
            (Some(basis), Some(areas)) => self.saw(whom, basis.into(), Areas(areas)),
            _ => self.saw_without_basis(whom, Areas(file.information_area)),
        }
    }

    /// Who it was that called; none where they told nothing, or where it is not for the caller.
    pub async fn caller_of(
        &mut self,
        _permit: &Permit<ReadCaller>,
        id: ContactId,
    ) -> Result<Option<CallerRow>, StoreError> {
        Ok(hotline_caller::table
            .find(id.0)
            .select(CallerRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// HL-5: how to reach those who have the case of whoever has this number. It is on the access log as a reading of that
    /// young person, by no basis, within the contact.
    pub async fn card(
        &mut self,
        _permit: &Permit<ReadCard>,
        within: ContactId,
        cpr: &Cpr,
    ) -> Result<Card, StoreError> {
        self.for_purpose(CARD);
        self.checks_number(cpr);
        let digest = self.vault().digest(CPR_DIGEST, cpr.digits().as_bytes());
        let rows: Vec<CardRow> = diesel::sql_query("SELECT * FROM hotline_card($1, $2)")
            .bind::<SqlUuid, _>(within.0)
            .bind::<Binary, _>(digest)
            .load(self.conn())
            .await?;
        let mut card = Card::default();
        for row in rows {
            self.saw_without_basis(row.young_person_id.into(), Areas(InformationArea::Plan.bit()));
            card.has_plan = row.has_plan;
            let CardRow { name, username, unit, telephone, organisation, .. } = row;
            let one = Reachable { name, username, unit, telephone, organisation };
            match row.role.as_deref() {
                Some("coordinator") => card.coordinator = Some(one),
                Some(_) if one.name.is_some() => card.contact_person = Some(one),
                _ => {}
            }
        }
        Ok(card)
    }

    /// `limit` of the concerns that the caller's units logged and passed on, newest first.
    pub async fn passed_on(
        &mut self,
        before: Option<Uuid>,
        limit: u8,
    ) -> Result<Vec<PassedOn>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM passed_on_contacts($1, $2)")
            .bind::<SqlUuid, _>(before.unwrap_or(Uuid::max()))
            .bind::<Integer, _>(i32::from(limit))
            .load(self.conn())
            .await?)
    }
}
