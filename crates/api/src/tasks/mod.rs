//! What is to be done. One file per operation: request, response, docs, handler.

pub mod complete;
pub mod exempt;
pub mod list;
pub mod read;

use crate::language::Language;
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::tasks::{Task, TaskKind, TaskRefusal};
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
    /// The path of that operation; null where it names another thing, or none does it.
    #[schema(example = "/api/v1/plans/01990f5e-7b3a-7c00-8000-000000000000/reviews")]
    act_path: Option<String>,
    /// Why it is asked for, in plain words.
    #[schema(example = "Planen har en dag for opfølgning")]
    why: &'static str,
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
    /// By when at first; later it is due only by an exemption.
    original_due_on: NaiveDate,
    /// Why it may wait; null: it was not exempted.
    exemption: Option<String>,
    /// Was it past due on the day it was done or today, or before it was exempted?
    broken: bool,
    /// When it rose to the team leader; null: it did not.
    raised_at: Option<DateTime<Utc>>,
    /// When it was done; null: it is open.
    done_at: Option<DateTime<Utc>>,
    version: i64,
}

impl AskedView {
    /// What a stored kind means.
    pub fn new(
        stored: &str,
        (subject, person): (Uuid, Uuid),
        language: Language,
    ) -> Result<Self, StoreError> {
        let kind = kind_of(stored)?;
        let (text, why) = match language {
            Language::Danish => (kind.in_danish(), kind.why_in_danish()),
            Language::English => (kind.in_english(), kind.why_in_english()),
        };
        let at = |path: &str| {
            let path = path.replace("{subject}", &subject.to_string());
            format!("/api/v1{}", path.replace("{person}", &person.to_string()))
        };
        let (rule, act, act_path) = (kind.rule(), kind.act(), kind.act_path().map(at));
        Ok(Self { kind: kind.into(), text, rule, act, act_path, why })
    }
}

impl TaskView {
    fn new(row: &TaskRow, language: Language, today: NaiveDate) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            young_person_id: row.young_person_id,
            asked: AskedView::new(&row.kind, (row.subject_id, row.young_person_id), language)?,
            subject_id: row.subject_id,
            employee_id: row.employee_id,
            due_on: row.due_on,
            original_due_on: row.original_due_on,
            exemption: row.exempt_reason.clone(),
            broken: Task::try_from(row)?.is_broken(today),
            raised_at: row.raised_at,
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
