//! Caseload: who has whose case, under a norm that holds. One file per operation; `assigning` is what every way
//! of assigning has in common.

pub mod agree_terms;
pub mod assign;
pub mod assign_many;
pub(crate) mod assigning;
pub(crate) mod coordinating;
pub mod decide_cover;
pub mod decide_norm;
pub mod end;
pub mod end_cover;
pub mod forecast;
pub mod hand_over;
pub mod intake;
pub mod list;
pub mod list_cover;
pub mod list_terms;
pub mod mine;
pub mod norms;
pub mod overview;
pub mod put_into_intake;
pub mod read;
pub mod read_cover;
pub mod read_intake_entry;
pub mod recommend;
pub mod reopen;
mod units;
pub mod what_if;
pub mod withdraw_from_intake;

use crate::day::Day;
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::Refusal as _;
use domain::caseload::{CaseloadRefusal, Exception, Function};
use persistence::caseload::intake::IntakeRow;
use persistence::caseload::views::{AssignmentFile, CaseBrief};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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

/// Cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cases {
    items: Vec<CaseBriefView>,
}

/// A young person's place in a unit's intake.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntakeEntryView {
    id: Uuid,
    young_person_id: Uuid,
    /// In whose intake.
    unit_id: Uuid,
    /// Who is wanted.
    #[schema(schema_with = schema::code::<Function>)]
    function: String,
    reason: String,
    /// From which day on.
    from: NaiveDate,
    entered_at: DateTime<Utc>,
    /// When it left; null: it waits.
    left_at: Option<DateTime<Utc>>,
    #[schema(example = "assigned")]
    left_because: Option<String>,
    left_reason: Option<String>,
    version: i64,
}

/// An exception to ask for, by the unit's leader.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
    /// The last day, at most 90 days on.
    until: Day,
}

/// Why a case is not assigned: the problem that the command would answer with.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    /// The problem's code.
    #[schema(example = "caseload.limit-reached")]
    code: &'static str,
    /// What the problem has to tell.
    #[serde(flatten)]
    #[schema(ignore)]
    members: Map<String, Value>,
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

impl From<IntakeRow> for IntakeEntryView {
    fn from(row: IntakeRow) -> Self {
        Self {
            id: row.id,
            young_person_id: row.young_person_id,
            unit_id: row.unit_id,
            function: row.function,
            reason: row.reason,
            from: row.from_day,
            entered_at: row.entered_at,
            left_at: row.left_at,
            left_because: row.left_because,
            left_reason: row.left_reason,
            version: row.version,
        }
    }
}

impl From<ExceptionBody> for Exception {
    fn from(body: ExceptionBody) -> Self {
        Self { reason: body.reason, until: body.until.date() }
    }
}

impl From<&CaseloadRefusal> for RefusalView {
    fn from(refusal: &CaseloadRefusal) -> Self {
        let members = match serde_json::to_value(refusal) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        Self { code: refusal.code(), members }
    }
}

impl From<CaseloadRefusal> for ApiError {
    fn from(refusal: CaseloadRefusal) -> Self {
        Self::refused(&refusal)
    }
}
