//! A plan with all that hangs on it, as the caller may see it.

use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::read_models::{goal_file, plan_file};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{GoalId, PlanId};
use serde::Deserialize;
use uuid::Uuid;

/// A plan with its roles, goals, participants and links.
#[derive(Debug, Clone, Queryable, Selectable, Deserialize)]
#[diesel(table_name = plan_file)]
pub struct PlanFile {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// The basis by which it is seen.
    pub basis_id: Uuid,
    /// Where it is.
    pub state: String,
    /// What it is for.
    pub purpose: String,
    /// The young person's own.
    pub own_words: Option<String>,
    /// How they were asked, and would not or could not say.
    pub own_words_absent: Option<String>,
    /// The closed plan it reopens.
    pub previous_plan_id: Option<Uuid>,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When.
    pub activated_at: Option<DateTime<Utc>>,
    /// When it is reviewed next.
    pub next_review_on: Option<NaiveDate>,
    /// When.
    pub closed_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<String>,
    /// What there is to say about it.
    pub outcome_note: Option<String>,
    /// The `ETag`.
    pub version: i64,
    /// The last review that was held.
    pub last_review_on: Option<NaiveDate>,
    /// Which department coordinates now.
    pub coordinating_department: Option<String>,
    /// Contact person and coordinator as they are now.
    pub roles: FromJson<Vec<RoleRow>>,
    /// In the order in which they were set.
    pub goals: FromJson<Vec<GoalFile>>,
    /// Those who take part now.
    pub participants: FromJson<Vec<ParticipantRow>>,
    /// The departments' own plans.
    pub links: FromJson<Vec<LinkRow>>,
}

/// Contact person or coordinator.
#[derive(Debug, Clone, Deserialize)]
pub struct RoleRow {
    /// Which.
    pub kind: String,
    /// Since when.
    pub from_at: DateTime<Utc>,
    /// An employee.
    pub employee_id: Option<Uuid>,
    /// Their name.
    pub employee_name: Option<String>,
    /// Somebody outside.
    pub outside_name: Option<String>,
    /// How to reach them.
    pub outside_telephone: Option<String>,
    /// Where they are from.
    pub outside_organisation: Option<String>,
    /// Offered and declined; why.
    pub declined_reason: Option<String>,
}

/// A goal.
#[derive(Debug, Clone, Deserialize, Queryable, Selectable)]
#[diesel(table_name = goal_file)]
pub struct GoalFile {
    /// Ours.
    pub id: Uuid,
    /// In which plan.
    pub plan_id: Uuid,
    /// What it is about.
    pub area: String,
    /// What is wished for.
    pub wished_result: String,
    /// By when.
    pub target_date: NaiveDate,
    /// What came of it.
    pub result: Option<String>,
    /// When.
    pub set_at: DateTime<Utc>,
    /// The `ETag`.
    pub version: i64,
    /// How far, as the young person saw it last.
    pub young_person_score: Option<i16>,
    /// How far, as a professional saw it last.
    pub professional_score: Option<i16>,
}

/// A unit that takes part.
#[derive(Debug, Clone, Deserialize)]
pub struct ParticipantRow {
    /// Ours.
    pub id: Uuid,
    /// Which.
    pub unit_id: Uuid,
    /// Its code.
    pub unit_code: String,
    /// Its name.
    pub unit_name: String,
    /// Its named person.
    pub employee_id: Uuid,
    /// Their name.
    pub employee_name: String,
    /// Since when.
    pub joined_at: DateTime<Utc>,
}

/// A department's own plan.
#[derive(Debug, Clone, Deserialize)]
pub struct LinkRow {
    /// Ours.
    pub id: Uuid,
    /// Whose plan it is.
    pub unit_id: Uuid,
    /// Its name.
    pub unit_name: String,
    /// What kind of plan.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Where it is found.
    pub reference: String,
    /// Since when.
    pub linked_at: DateTime<Utc>,
}

impl Tx {
    /// A goal; none where it does not exist for the caller.
    pub async fn goal_file(&mut self, id: GoalId) -> Result<Option<GoalFile>, StoreError> {
        Ok(goal_file::table
            .find(id.0)
            .select(GoalFile::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// The plan with all that hangs on it; none where it does not exist for the caller.
    pub async fn plan_file(&mut self, id: PlanId) -> Result<Option<PlanFile>, StoreError> {
        Ok(plan_file::table
            .find(id.0)
            .select(PlanFile::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }
}
