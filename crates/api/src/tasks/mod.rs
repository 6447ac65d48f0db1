//! What is to be done. One file per operation: request, response, docs, handler.

pub mod complete;
pub mod list;
pub mod read;

use crate::language::Language;
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::tasks::{TaskKind, TaskRefusal};
use persistence::StoreError;
use persistence::tasks::{TaskRow, kind_of};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a task asks for, by which rule, and how it is done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedView {
    #[schema(schema_with = schema::code::<TaskKind>)]
    kind: &'static str,
    /// What is to be done, in plain words: Danish or English.
    #[schema(example = "Hold opfølgning på planen")]
    text: &'static str,
    /// The number of the rule that asks for it.
    #[schema(example = "PL-5")]
    rule: &'static str,
    /// The operation of this document that does it; null: it is ticked by `completeTask`.
    #[schema(example = "holdReview")]
    act: Option<&'static str>,
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    id: Uuid,
    young_person_id: Uuid,
    #[serde(flatten)]
    asked: AskedView,
    /// About which plan, intervention …
    subject_id: Uuid,
    /// Whose it is; null where nobody coordinates yet.
    employee_id: Option<Uuid>,
    due_on: NaiveDate,
    /// When it was done; null: it is open.
    done_at: Option<DateTime<Utc>>,
    version: i64,
}

impl AskedView {
    /// What a stored kind means.
    pub fn new(stored: &str, language: Language) -> Result<Self, StoreError> {
        let kind = kind_of(stored)?;
        let text = match language {
            Language::Danish => kind.in_danish(),
            Language::English => kind.in_english(),
        };
        Ok(Self { kind: kind.into(), text, rule: kind.rule(), act: kind.act() })
    }
}

impl TaskView {
    fn new(row: &TaskRow, language: Language) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            young_person_id: row.young_person_id,
            asked: AskedView::new(&row.kind, language)?,
            subject_id: row.subject_id,
            employee_id: row.employee_id,
            due_on: row.due_on,
            done_at: row.done_at,
            version: row.version,
        })
    }
}

impl From<TaskRefusal> for ApiError {
    fn from(refusal: TaskRefusal) -> Self {
        Self::refused(&refusal)
    }
}
