//! An intervention as the caller may see it.

use crate::courses::views::CourseFile;
use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::read_models::intervention_file;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::InterventionId;
use serde::Deserialize;
use uuid::Uuid;

/// An intervention with the names that go with it.
#[derive(Debug, Clone, Queryable, Selectable, Deserialize)]
#[diesel(table_name = intervention_file)]
pub struct InterventionFile {
    /// Ours.
    pub id: Uuid,
    /// In which plan.
    pub plan_id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// The basis by which it is seen.
    pub basis_id: Uuid,
    /// The area it belongs to, as its bit.
    pub information_area: i32,
    /// The catalogue's code; none for a tailored one.
    pub catalogue_code: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub area: String,
    /// Who provides it.
    pub providing_unit_id: Uuid,
    /// Their code.
    pub providing_unit_code: String,
    /// Their name.
    pub providing_unit_name: String,
    /// Where it is in its life.
    pub state: String,
    /// The day it is planned to start.
    pub planned_start: NaiveDate,
    /// The day it is planned to end.
    pub planned_end: Option<NaiveDate>,
    /// Who is responsible.
    pub responsible_id: Uuid,
    /// Their name.
    pub responsible_name: String,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// When.
    pub referred_at: DateTime<Utc>,
    /// When.
    pub offered_at: Option<DateTime<Utc>>,
    /// The last day to answer.
    pub offer_expires_on: Option<NaiveDate>,
    /// Its first day.
    pub started_on: Option<NaiveDate>,
    /// The day on which it was over.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Who said no to it.
    pub declined_by: Option<String>,
    /// When.
    pub declined_on: Option<NaiveDate>,
    /// Why it was declined.
    pub decline_reason: Option<String>,
    /// The day by which the provider's visitation answers.
    pub answer_by: Option<NaiveDate>,
    /// When the visitation accepted it.
    pub accepted_on: Option<NaiveDate>,
    /// Why, where it was told.
    pub acceptance_reason: Option<String>,
    /// 0, as usual, to 9, who stands first in line.
    pub priority: i32,
    /// Why.
    pub priority_reason: Option<String>,
    /// What there is to say about its end.
    pub note: Option<String>,
    /// The unit that carries it on after its plan has closed.
    pub carried_on_by_id: Option<Uuid>,
    /// The `ETag`.
    pub version: i64,
    /// Its place in line, while it waits.
    pub place_in_line: Option<i64>,
    /// Its later planned ends, oldest first.
    pub extensions: FromJson<Vec<ExtensionRow>>,
    /// How it runs.
    pub course: FromJson<CourseFile>,
}

/// A later planned end.
#[derive(Debug, Clone, Deserialize)]
pub struct ExtensionRow {
    /// The planned end from then on.
    pub planned_end: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was told.
    pub extended_on: NaiveDate,
}

impl Tx {
    /// The intervention; none where it does not exist for the caller.
    pub async fn intervention_file(
        &mut self,
        id: InterventionId,
    ) -> Result<Option<InterventionFile>, StoreError> {
        Ok(intervention_file::table
            .find(id.0)
            .select(InterventionFile::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }
}
