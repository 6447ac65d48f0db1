//! A unit's intake: those for whom nobody has room, or who are to come (CL-11).

use crate::access::{EndedWithAccess, Holder, NewBasis};
use crate::error::StoreError;
use crate::schema::intake_entry;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::policy::AssignCase;
use domain::access::{Areas, BasisKind, Case, Permit};
use domain::caseload::Function;
use domain::ids::{IntakeEntryId, UnitId, YoungPersonId};
use uuid::Uuid;

/// An entry as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = intake_entry)]
pub struct IntakeRow {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// Who put them there.
    pub writing_unit_id: Uuid,
    /// In which unit's intake.
    pub unit_id: Uuid,
    /// Who is wanted.
    pub function: String,
    /// Why.
    pub reason: String,
    /// From which day on.
    pub from_day: NaiveDate,
    /// When it was put there.
    pub entered_at: DateTime<Utc>,
    /// When it left.
    pub left_at: Option<DateTime<Utc>>,
    /// How.
    pub left_because: Option<String>,
    /// Why, where it was withdrawn.
    pub left_reason: Option<String>,
    /// The `ETag`.
    pub version: i64,
}

/// Somebody in a unit's intake.
#[derive(Debug, Clone, QueryableByName)]
pub struct InIntake {
    /// The id of the entry, of the assignment of an employee who no longer holds the position, or of the draft without
    /// a coordinator.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The kind: `entry`, `assignment` or `plan`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    /// The basis by which they are seen.
    #[diesel(sql_type = SqlUuid)]
    pub basis_id: Uuid,
    /// What the caller's bases open.
    #[diesel(sql_type = Integer)]
    pub areas: i32,
    /// Given name; none where the caller's bases do not open it.
    #[diesel(sql_type = Nullable<Text>)]
    pub given_name: Option<String>,
    /// Family name.
    #[diesel(sql_type = Nullable<Text>)]
    pub family_name: Option<String>,
    /// The function that is needed; `None` if any function that may coordinate is sufficient.
    #[diesel(sql_type = Nullable<Text>)]
    pub function: Option<String>,
    /// Since when it lies there.
    #[diesel(sql_type = Timestamptz)]
    pub since: DateTime<Utc>,
    /// Of an entry: from which day on.
    #[diesel(sql_type = Nullable<Date>)]
    pub from_day: Option<NaiveDate>,
    /// Of an entry: why.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// The employee who had the case (of an assignment) or was named to coordinate (of a draft).
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub employee_id: Option<Uuid>,
    /// Their name.
    #[diesel(sql_type = Nullable<Text>)]
    pub employee_name: Option<String>,
    /// When the next of the young person's tasks is due.
    #[diesel(sql_type = Nullable<Date>)]
    pub next_task_due: Option<NaiveDate>,
    /// How many of them are past due.
    #[diesel(sql_type = BigInt)]
    pub overdue_tasks: i64,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// An entry to make.
#[derive(Debug, Clone, Copy)]
pub struct NewEntry<'a> {
    /// In which unit's intake.
    pub unit: UnitId,
    /// Who is wanted.
    pub function: Function,
    /// From which day on.
    pub from: NaiveDate,
    /// Why.
    pub reason: &'a str,
}

impl Tx {
    /// Puts a young person into a unit's intake, and gives the unit access.
    pub async fn enter_intake(
        &mut self,
        permit: &Permit<AssignCase>,
        young_person: YoungPersonId,
        new: NewEntry<'_>,
    ) -> Result<IntakeRow, StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        let row: IntakeRow = diesel::insert_into(intake_entry::table)
            .values((
                intake_entry::id.eq(Uuid::now_v7()),
                intake_entry::young_person_id.eq(young_person.0),
                intake_entry::writing_unit_id.eq(permit.unit().0),
                intake_entry::unit_id.eq(new.unit.0),
                intake_entry::function.eq(<&str>::from(new.function)),
                intake_entry::reason.eq(new.reason),
                intake_entry::from_day.eq(new.from),
                intake_entry::entered_at.eq(now),
            ))
            .returning(IntakeRow::as_returning())
            .get_result(self.conn())
            .await?;
        let basis = NewBasis {
            young_person,
            holder: Holder::Unit(new.unit),
            kind: BasisKind::Assignment,
            areas: Areas::WORKING,
            source: row.id,
            reason: "the case lies in their intake",
            until: None,
            inside: Some(new.unit),
        };
        self.grant(permit, basis).await?;
        Ok(row)
    }

    /// An entry with the young person as they stand to the caller; none where it does not exist for them.
    pub async fn intake_entry(
        &mut self,
        id: IntakeEntryId,
    ) -> Result<Option<(Case, IntakeRow)>, StoreError> {
        let row: Option<IntakeRow> = intake_entry::table
            .find(id.0)
            .select(IntakeRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((self.case_of(row.young_person_id.into()).await?, row)))
    }

    /// Takes an entry out of the intake, and ends the access that it gave.
    pub async fn withdraw_from_intake(
        &mut self,
        permit: &Permit<AssignCase>,
        found: &IntakeRow,
        reason: &str,
    ) -> Result<(IntakeRow, EndedWithAccess), StoreError> {
        let now = self.now();
        let row: Option<IntakeRow> = diesel::update(intake_entry::table.find(found.id))
            .filter(intake_entry::young_person_id.eq(permit.person()?.0))
            .filter(intake_entry::version.eq(found.version))
            .filter(intake_entry::left_at.is_null())
            .set((
                intake_entry::left_at.eq(now),
                intake_entry::left_because.eq("withdrawn"),
                intake_entry::left_reason.eq(reason),
                intake_entry::version.eq(found.version + 1),
            ))
            .returning(IntakeRow::as_returning())
            .get_result(self.conn())
            .await
            .optional()?;
        let row = row.ok_or(StoreError::Stale)?;
        let ended = diesel::sql_query("SELECT * FROM end_referral_access($1, $2, $3)")
            .bind::<SqlUuid, _>(row.id)
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(reason)
            .get_result(self.conn())
            .await?;
        Ok((row, ended))
    }

    /// Somebody of the unit does that for the young person now: they wait no longer. Gives the entry that left.
    pub async fn leave_intake(
        &mut self,
        permit: &Permit<AssignCase>,
        young_person: YoungPersonId,
        unit: UnitId,
        function: Function,
    ) -> Result<Option<IntakeEntryId>, StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        let waits = intake_entry::table
            .filter(intake_entry::young_person_id.eq(young_person.0))
            .filter(intake_entry::unit_id.eq(unit.0))
            .filter(intake_entry::function.eq(<&str>::from(function)))
            .filter(intake_entry::left_at.is_null());
        let left: Option<Uuid> = diesel::update(waits)
            .set((
                intake_entry::left_at.eq(now),
                intake_entry::left_because.eq("assigned"),
                intake_entry::version.eq(intake_entry::version + 1),
            ))
            .returning(intake_entry::id)
            .get_result(self.conn())
            .await
            .optional()?;
        if let Some(left) = left {
            self.end_access(left, now).await?;
        }
        Ok(left.map(Into::into))
    }

    /// `limit` of a unit's intake, those longest there first, beginning after the one that came then.
    pub async fn intake(
        &mut self,
        unit: UnitId,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u8,
    ) -> Result<Vec<InIntake>, StoreError> {
        let (since, id) = after.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
        Ok(diesel::sql_query("SELECT * FROM intake_of($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(unit.0)
            .bind::<Timestamptz, _>(since)
            .bind::<SqlUuid, _>(id)
            .bind::<Integer, _>(i32::from(limit))
            .load(self.conn())
            .await?)
    }
}
