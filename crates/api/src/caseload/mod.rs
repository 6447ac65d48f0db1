//! Caseload: who has whose case, under a norm that holds. One file per operation.

pub mod agree_terms;
pub mod decide_cover;
pub mod decide_norm;
pub mod end_cover;
pub mod forecast;
pub mod intake;
pub mod list_cover;
pub mod list_terms;
pub mod mine;
pub mod norms;
pub mod overview;
pub mod read_cover;
mod units;

use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::caseload::Function;
use persistence::caseload::views::{AssignmentFile, CaseBrief};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// That somebody has a case.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentView {
    id: Uuid,
    young_person_id: Uuid,
    /// The unit whose norm it counts under.
    unit_id: Uuid,
    unit: String,
    employee_id: Uuid,
    employee: String,
    #[schema(schema_with = schema::code::<Function>)]
    function: String,
    began_at: DateTime<Utc>,
    /// For the forecast; it ends nothing.
    planned_end: Option<NaiveDate>,
    /// What whoever takes it over needs to know first.
    note: Option<String>,
    /// Beyond the norm.
    exception: Option<ExceptionView>,
    /// Its employee holds that post no more, or cannot sign in: it lies in the unit's intake.
    in_intake: bool,
    /// When it ended; null: it runs.
    ended_at: Option<DateTime<Utc>>,
    end_reason: Option<String>,
    version: i64,
}

/// An assignment beyond the norm.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionView {
    reason: String,
    /// The last day; from the next one on it counts like any other.
    until: NaiveDate,
}

/// A case, with what whoever has it needs to know first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseBriefView {
    #[serde(flatten)]
    assignment: AssignmentView,
    /// Null where the caller's areas do not open it.
    young_person: Option<String>,
    /// How often the young person was given another one in that function.
    changes: i64,
    /// When the next task is due.
    next_task_due: Option<NaiveDate>,
    overdue_tasks: i64,
    /// When the plan is reviewed next.
    next_review_on: Option<NaiveDate>,
    /// Interventions under way that the caller sees.
    started_interventions: i64,
    /// The last conversation that the caller sees.
    last_conversation_at: Option<DateTime<Utc>>,
}

impl From<AssignmentFile> for AssignmentView {
    fn from(file: AssignmentFile) -> Self {
        let exception = file.exception_reason.zip(file.exception_until);
        Self {
            id: file.id,
            young_person_id: file.young_person_id,
            unit_id: file.unit_id,
            unit: file.unit_name,
            employee_id: file.employee_id,
            employee: file.employee_name,
            function: file.function,
            began_at: file.began_at,
            planned_end: file.planned_end,
            note: file.note,
            exception: exception.map(|(reason, until)| ExceptionView { reason, until }),
            in_intake: file.in_intake,
            ended_at: file.ended_at,
            end_reason: file.end_reason,
            version: file.version,
        }
    }
}

impl From<CaseBrief> for CaseBriefView {
    fn from(brief: CaseBrief) -> Self {
        let name = brief.given_name.zip(brief.family_name);
        Self {
            assignment: brief.assignment.into(),
            young_person: name.map(|(given, family)| format!("{given} {family}")),
            changes: brief.changes,
            next_task_due: brief.next_task_due,
            overdue_tasks: brief.overdue_tasks,
            next_review_on: brief.next_review_on,
            started_interventions: brief.started_interventions,
            last_conversation_at: brief.last_conversation_at,
        }
    }
}
