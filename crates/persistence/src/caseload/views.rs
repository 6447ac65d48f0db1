//! What is read of assignments: whose, and what whoever takes one over needs to know first (CL-8).

use crate::error::StoreError;
use crate::read_models::assignment_file;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{AssignmentId, EmployeeId, YoungPersonId};
use uuid::Uuid;

/// An assignment, as the caller sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = assignment_file)]
pub struct AssignmentFile {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// The unit whose norm it counts under.
    pub unit_id: Uuid,
    /// Its name.
    pub unit_name: String,
    /// Who.
    pub employee_id: Uuid,
    /// Their name.
    pub employee_name: String,
    /// Doing what.
    pub function: String,
    /// Since when.
    pub began_at: DateTime<Utc>,
    /// For the forecast.
    pub planned_end: Option<NaiveDate>,
    /// What whoever takes it over needs to know first.
    pub note: Option<String>,
    /// Why it goes beyond the norm.
    pub exception_reason: Option<String>,
    /// Until when.
    pub exception_until: Option<NaiveDate>,
    /// When it ended; none: it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why.
    pub end_reason: Option<String>,
    /// The employee holds that post no more, or cannot sign in: it lies in the unit's intake.
    pub in_intake: bool,
    /// The `ETag`.
    pub version: i64,
}

/// A case as its employee sees it: what is to be known of it first.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = assignment_file)]
pub struct CaseBrief {
    /// The assignment.
    #[diesel(embed)]
    pub assignment: AssignmentFile,
    /// The basis by which the young person is seen.
    pub basis_id: Uuid,
    /// What the caller's bases open.
    pub areas: i32,
    /// Given name; none where the caller's bases do not open it.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// How often the young person was given another one in that function.
    pub changes: i64,
    /// When the next task is due.
    pub next_task_due: Option<NaiveDate>,
    /// How many tasks are past due.
    pub overdue_tasks: i64,
    /// When the plan is reviewed next.
    pub next_review_on: Option<NaiveDate>,
    /// Interventions under way that the caller sees.
    pub started_interventions: i64,
    /// The last conversation that the caller sees.
    pub last_conversation_at: Option<DateTime<Utc>>,
}

impl Tx {
    /// An assignment; none where it does not exist for the caller.
    pub async fn assignment_file(
        &mut self,
        id: AssignmentId,
    ) -> Result<Option<AssignmentFile>, StoreError> {
        Ok(assignment_file::table
            .find(id.0)
            .select(AssignmentFile::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Who has and had a young person's case, the latest first.
    pub async fn assignments_of(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<AssignmentFile>, StoreError> {
        Ok(assignment_file::table
            .filter(assignment_file::young_person_id.eq(young_person.0))
            .order((assignment_file::began_at.desc(), assignment_file::id.desc()))
            .select(AssignmentFile::as_select())
            .load(self.conn())
            .await?)
    }

    /// These assignments, with what is to be known of them first.
    pub async fn case_briefs(
        &mut self,
        ids: &[AssignmentId],
    ) -> Result<Vec<CaseBrief>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        Ok(assignment_file::table
            .filter(assignment_file::id.eq_any(ids))
            .order((assignment_file::began_at, assignment_file::id))
            .select(CaseBrief::as_select())
            .load(self.conn())
            .await?)
    }

    /// The cases that these employees have, with what is to be known of them first, those with the soonest task
    /// first.
    pub async fn cases_of_employees(
        &mut self,
        who: &[EmployeeId],
    ) -> Result<Vec<CaseBrief>, StoreError> {
        let who: Vec<Uuid> = who.iter().map(|one| one.0).collect();
        Ok(assignment_file::table
            .filter(assignment_file::employee_id.eq_any(who))
            .filter(assignment_file::ended_at.is_null())
            .order((assignment_file::next_task_due.asc().nulls_last(), assignment_file::id))
            .select(CaseBrief::as_select())
            .load(self.conn())
            .await?)
    }
}
