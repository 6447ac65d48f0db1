use super::YoungPersonView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::interventions::InterventionView;
use crate::language::Language;
use crate::plans::PlanView;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use crate::tasks::AskedView;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::{ReadMeetings, ReadYoungPerson};
use domain::access::{Areas, InformationArea, Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::Function;
use domain::meetings::{MeetingKind, MeetingState};
use domain::young_people::age_on;
use persistence::StoreError;
use persistence::young_people::views::{CaseFile, CaseMeeting, OpenAssignment, OpenTask};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// All the caller may see of one young person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseFileView {
    young_person: YoungPersonView,
    /// Today's, 0 to 4; null: none, or not for the caller, as `hiddenAreas` then tells.
    target_group: Option<i32>,
    /// The open plan, else the last one.
    plan: Option<PlanView>,
    /// All interventions, oldest first.
    interventions: Vec<InterventionView>,
    /// Who has the case, oldest first.
    assignments: Vec<OpenAssignmentView>,
    /// Past and next meetings about them: the newest ten, the latest first.
    meetings: Vec<CaseMeetingView>,
    /// What is to be done, soonest first.
    tasks: Vec<OpenTaskView>,
    /// Areas in which there is something that the caller does not see.
    #[schema(schema_with = areas)]
    hidden_areas: Vec<InformationArea>,
}

/// Something to be done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenTaskView {
    id: Uuid,
    #[serde(flatten)]
    asked: AskedView,
    /// About which plan, intervention …
    subject_id: Uuid,
    /// By whom; none where nobody coordinates yet.
    employee_id: Option<Uuid>,
    due_on: NaiveDate,
}

/// A meeting about them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseMeetingView {
    id: Uuid,
    #[schema(schema_with = schema::code::<MeetingKind>)]
    kind: String,
    starts_at: DateTime<Utc>,
    #[schema(schema_with = schema::code::<MeetingState>)]
    state: String,
}

impl From<CaseMeeting> for CaseMeetingView {
    fn from(row: CaseMeeting) -> Self {
        Self { id: row.id, kind: row.kind, starts_at: row.starts_at, state: row.state }
    }
}

/// Somebody who has the case.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenAssignmentView {
    id: Uuid,
    #[schema(schema_with = schema::code::<Function>)]
    function: String,
    employee_id: Uuid,
    employee: String,
    unit_id: Uuid,
    unit: String,
    began_at: DateTime<Utc>,
}

impl From<OpenAssignment> for OpenAssignmentView {
    fn from(row: OpenAssignment) -> Self {
        Self {
            id: row.id,
            function: row.function,
            employee_id: row.employee_id,
            employee: row.employee_name,
            unit_id: row.unit_id,
            unit: row.unit_name,
            began_at: row.began_at,
        }
    }
}

fn areas() -> utoipa::openapi::schema::Array {
    utoipa::openapi::schema::Array::new(schema::code::<InformationArea>())
}

impl CaseFileView {
    fn new(
        file: CaseFile,
        meetings: Vec<CaseMeeting>,
        language: Language,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let person = file.id;
        let tasks = file.tasks.0.iter().map(|row| OpenTaskView::new(row, person, language));
        Ok(Self {
            young_person: YoungPersonView {
                id: file.id,
                given_name: file.given_name,
                family_name: file.family_name,
                birth_date: file.birth_date,
                age: age_on(file.birth_date, today),
                version: file.version,
            },
            target_group: file.target_group,
            plan: file.plan.map(|plan| plan.0.into()),
            interventions: file.interventions.0.into_iter().map(Into::into).collect(),
            assignments: file.assignments.0.into_iter().map(Into::into).collect(),
            meetings: meetings.into_iter().map(Into::into).collect(),
            tasks: tasks.collect::<Result<_, _>>()?,
            hidden_areas: Areas(file.hidden_areas).iter().collect(),
        })
    }
}

impl OpenTaskView {
    fn new(row: &OpenTask, person: Uuid, language: Language) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            asked: AskedView::new(&row.kind, (row.subject_id, person), language)?,
            subject_id: row.subject_id,
            employee_id: row.employee_id,
            due_on: row.due_on,
        })
    }
}

/// Read the case file
///
/// All the caller may see of one young person, in one answer.
#[utoipa::path(
    operation_id = "readCaseFile",
    tag = "young people",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The case file", body = CaseFileView), ReadProblems),
)]
#[get("/young-people/{id}/case-file")]
pub async fn read_case_file(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    language: Language,
) -> Result<Json<CaseFileView>, ApiError> {
    let view = edge
        .read(&caller, "readCaseFile", Some(*id), async |tx| {
            let (actor, case, file, mut meetings) = tx.case_file((*id).into()).await?;
            let permit = authorize::<ReadYoungPerson>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let file = file.ok_or(ApiError::NotFound)?;
            // Who may not read meetings finds none here.
            if authorize::<ReadMeetings>(&actor, Scope::Case(&case)).is_err() {
                meetings.clear();
            }
            Ok(CaseFileView::new(file, meetings, language, day_of(tx.now()))?)
        })
        .await?;
    Ok(Json(view))
}
