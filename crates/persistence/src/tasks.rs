//! What is to be done: made by rule, once, and done by the act it asks for (DL-1, DL-2).

use crate::access::row_of;
use crate::error::StoreError;
use crate::schema::task;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::families::CompletesTask;
use domain::access::policy::ExemptTask;
use domain::access::{Case, Permit};
use domain::calendar::day_of;
use domain::ids::{TaskId, YoungPersonId};
use domain::tasks::{Exempted, Task, TaskKind};
use uuid::Uuid;

/// A task as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = task)]
pub struct TaskRow {
    /// Ours.
    pub id: Uuid,
    /// Whose case it belongs to.
    pub young_person_id: Uuid,
    /// The information area, as a bit.
    pub information_area: i32,
    /// The writing unit.
    pub writing_unit_id: Uuid,
    /// What.
    pub kind: String,
    /// About which plan, intervention …
    pub subject_id: Uuid,
    /// By whom; none where nobody coordinates yet.
    pub employee_id: Option<Uuid>,
    /// By when.
    pub due_on: NaiveDate,
    /// By when at first (DL-4).
    pub original_due_on: NaiveDate,
    /// Why it may wait; none: it may not.
    pub exempt_reason: Option<String>,
    /// The due day that had passed when it was exempted.
    pub missed_on: Option<NaiveDate>,
    /// When it rose to the team leader (DL-5).
    pub raised_at: Option<DateTime<Utc>>,
    /// When it was done; none: it is open.
    pub done_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    pub version: i64,
}

/// An open task in a list across young people.
#[derive(Debug, Clone, QueryableByName)]
pub struct ListedTask {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose case it belongs to.
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
    /// What.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// About which plan, intervention …
    #[diesel(sql_type = SqlUuid)]
    pub subject_id: Uuid,
    /// By whom; none where nobody coordinates yet.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub employee_id: Option<Uuid>,
    /// Their name.
    #[diesel(sql_type = Nullable<Text>)]
    pub employee_name: Option<String>,
    /// By when.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// By when at first.
    #[diesel(sql_type = Date)]
    pub original_due_on: NaiveDate,
    /// The due day that had passed when it was exempted.
    #[diesel(sql_type = Nullable<Date>)]
    pub missed_on: Option<NaiveDate>,
    /// When it rose to the team leader.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub raised_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// Which tasks a list is of.
#[derive(Debug, Clone, Copy)]
pub struct TaskFilter {
    /// The caller's own, rather than those of their units.
    pub mine: bool,
    /// Only those past due.
    pub overdue: bool,
    /// Only those that rose to the team leader for it (DL-5).
    pub raised: bool,
}

/// A task's kind, as it is stored.
pub fn kind_of(stored: &str) -> Result<TaskKind, StoreError> {
    stored.parse().map_err(|_| StoreError::Corrupt { table: "task", column: "kind" })
}

impl TryFrom<&TaskRow> for Task {
    type Error = StoreError;

    fn try_from(row: &TaskRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: kind_of(&row.kind)?,
            due_on: row.due_on,
            original_due_on: row.original_due_on,
            missed_on: row.missed_on,
            done_at: row.done_at,
        })
    }
}

/// Asks the coordinating caseworker for it, unless it is asked for already.
pub(crate) async fn ask(
    conn: &mut AsyncPgConnection,
    kind: TaskKind,
    about: Uuid,
    due_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::sql_query("SELECT ask_task($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Text, _>(<&str>::from(kind))
        .bind::<SqlUuid, _>(about)
        .bind::<Date, _>(due_on)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks an open task as done by its act; nothing happens where there is none.
pub(crate) async fn done(
    conn: &mut AsyncPgConnection,
    kind: TaskKind,
    subject: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::sql_query("SELECT finish_task($1, $2, $3)")
        .bind::<Text, _>(<&str>::from(kind))
        .bind::<SqlUuid, _>(subject)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends all tasks of a subject that is over.
pub(crate) async fn all_done(
    conn: &mut AsyncPgConnection,
    subject: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::sql_query("SELECT finish_tasks($1, $2)")
        .bind::<SqlUuid, _>(subject)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

impl Tx {
    /// Asks the coordinating caseworker for a task, unless it is asked for already.
    pub async fn ask_task(
        &mut self,
        kind: TaskKind,
        about: Uuid,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let now = self.now();
        ask(self.conn(), kind, about, due_on, now).await
    }

    /// The same, in the time that its rule gives from today (DL-1).
    pub async fn ask_in_time(&mut self, kind: TaskKind, about: Uuid) -> Result<(), StoreError> {
        let now = self.now();
        diesel::sql_query("SELECT ask_task($1, $2, $3, deadline_of($2, $4), $5)")
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<Text, _>(<&str>::from(kind))
            .bind::<SqlUuid, _>(about)
            .bind::<Date, _>(day_of(now))
            .bind::<Timestamptz, _>(now)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Ends all tasks of a subject that is over.
    pub async fn all_tasks_done(&mut self, subject: Uuid) -> Result<(), StoreError> {
        let now = self.now();
        all_done(self.conn(), subject, now).await
    }

    /// Moves an open task to another day. Whoever sees what it is about sees it.
    pub async fn move_task(
        &mut self,
        kind: TaskKind,
        about: Uuid,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let open = task::table
            .filter(task::kind.eq(<&str>::from(kind)))
            .filter(task::subject_id.eq(about))
            .filter(task::done_at.is_null());
        diesel::update(open).set(task::original_due_on.eq(due_on)).execute(self.conn()).await?;
        Ok(())
    }

    /// PL-8: the one open task of taking the state after the next leaving of a group (`take-group-state`,
    /// about the young person) stands, is moved or is done, as all that tells of it says now.
    pub async fn reckon_group_task(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::sql_query("SELECT reckon_group_task($1, $2, $3)")
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(young_person.0)
            .bind::<Timestamptz, _>(now)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// The act that a task asked for has happened.
    pub async fn task_done(&mut self, kind: TaskKind, subject: Uuid) -> Result<(), StoreError> {
        let now = self.now();
        done(self.conn(), kind, subject, now).await
    }

    /// `limit` open tasks, soonest due first, beginning after the one due on this day under this id.
    pub async fn list_tasks(
        &mut self,
        filter: TaskFilter,
        after: Option<(NaiveDate, Uuid)>,
        limit: u8,
    ) -> Result<Vec<ListedTask>, StoreError> {
        let first = DateTime::UNIX_EPOCH.date_naive();
        let (day, id) = after.unwrap_or((first, Uuid::nil()));
        Ok(diesel::sql_query("SELECT * FROM list_tasks($1, $2, $3, $4, $5, $6)")
            .bind::<Bool, _>(filter.mine)
            .bind::<Bool, _>(filter.overdue)
            .bind::<Bool, _>(filter.raised)
            .bind::<Date, _>(day.max(first))
            .bind::<SqlUuid, _>(id)
            .bind::<Integer, _>(i32::from(limit))
            .load(self.conn())
            .await?)
    }

    /// A task, with how the caller stands to the young person; none where it does not exist for them.
    pub async fn task(&mut self, id: TaskId) -> Result<Option<(Case, TaskRow)>, StoreError> {
        let row: Option<TaskRow> = task::table
            .find(id.0)
            .select(TaskRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let about = row_of("task", row.information_area, row.writing_unit_id)?;
        Ok(Some((self.case_of(row.young_person_id.into()).await?.at(about), row)))
    }

    /// The same, locked.
    pub async fn lock_task(&mut self, id: TaskId) -> Result<Option<TaskRow>, StoreError> {
        Ok(task::table
            .find(id.0)
            .select(TaskRow::as_select())
            .for_update()
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Ticks a task that was locked: with the permit to tick any, or one's own.
    pub async fn complete_task<A: CompletesTask>(
        &mut self,
        permit: &Permit<A>,
        locked: &TaskRow,
    ) -> Result<TaskRow, StoreError> {
        permit.for_person(locked.young_person_id.into())?;
        let now = self.now();
        diesel::update(task::table.find(locked.id))
            .filter(task::version.eq(locked.version))
            .set((task::done_at.eq(now), task::ended.eq("tick")))
            .returning(TaskRow::as_select())
            .get_result(self.conn())
            .await
            .optional()?
            .ok_or(StoreError::Stale)
    }

    /// Stores an exemption of a task that was locked (DL-4). The due day follows from it.
    pub async fn exempt_task(
        &mut self,
        permit: &Permit<ExemptTask>,
        locked: &TaskRow,
        exempted: &Exempted,
    ) -> Result<TaskRow, StoreError> {
        permit.for_person(locked.young_person_id.into())?;
        diesel::update(task::table.find(locked.id))
            .filter(task::version.eq(locked.version))
            .set((task::exempt_until.eq(exempted.until), task::exempt_reason.eq(&exempted.reason)))
            .returning(TaskRow::as_select())
            .get_result(self.conn())
            .await
            .optional()?
            .ok_or(StoreError::Stale)
    }
}
