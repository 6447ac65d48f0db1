use super::AskedView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::language::Language;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadTasks;
use domain::access::{Areas, Scope, authorize};
use domain::calendar::day_of;
use persistence::StoreError;
use persistence::tasks::{ListedTask, TaskFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which of them, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListTasks {
    /// Only the caller's own; else also those of everybody in their units, and of nobody yet.
    #[serde(default)]
    #[param(default = false)]
    mine: bool,
    /// Only those past due.
    #[serde(default)]
    #[param(default = false)]
    overdue: bool,
    /// Only those past due that rose to the team leader.
    #[serde(default)]
    #[param(default = false)]
    raised: bool,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// An open task, with the names that go with it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedTaskView {
    id: Uuid,
    young_person_id: Uuid,
    /// Whose case it belongs to; null where the caller's areas do not open it.
    young_person: Option<String>,
    #[serde(flatten)]
    asked: AskedView,
    /// About which plan, intervention …
    subject_id: Uuid,
    /// Whose it is; null where nobody coordinates yet.
    employee_id: Option<Uuid>,
    employee: Option<String>,
    due_on: NaiveDate,
    /// By when at first; later it is due only by an exemption.
    original_due_on: NaiveDate,
    /// Is it past due?
    overdue: bool,
    /// Is it past due, or was it before it was exempted?
    broken: bool,
    /// When it rose to the team leader; null: it did not.
    raised_at: Option<DateTime<Utc>>,
    version: i64,
}

impl ListedTaskView {
    fn new(row: &ListedTask, language: Language, today: NaiveDate) -> Result<Self, StoreError> {
        let name = row.given_name.as_ref().zip(row.family_name.as_ref());
        Ok(Self {
            id: row.id,
            young_person_id: row.young_person_id,
            young_person: name.map(|(given, family)| format!("{given} {family}")),
            asked: AskedView::new(&row.kind, (row.subject_id, row.young_person_id), language)?,
            subject_id: row.subject_id,
            employee_id: row.employee_id,
            employee: row.employee_name.clone(),
            due_on: row.due_on,
            original_due_on: row.original_due_on,
            overdue: row.due_on < today,
            broken: row.due_on < today || row.missed_on.is_some(),
            raised_at: row.raised_at,
            version: row.version,
        })
    }
}

/// List tasks
///
/// What is open, soonest due first, of the young people whom the caller may see.
#[utoipa::path(
    operation_id = "listTasks",
    tag = "tasks",
    security(("bearer" = [])),
    params(ListTasks),
    responses((status = 200, description = "A page", body = Page<ListedTaskView>), ReadProblems),
)]
#[get("/tasks")]
pub async fn list_tasks(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListTasks>,
    language: Language,
) -> Result<Json<Page<ListedTaskView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let filter = TaskFilter { mine: query.mine, overdue: query.overdue, raised: query.raised };
    edge.read(&caller, "listTasks", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ReadTasks>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let rows = tx.list_tasks(filter, asked.after, asked.limit + 1).await?;
        for row in rows.iter().take(asked.limit.into()) {
            tx.saw(row.young_person_id.into(), row.basis_id.into(), Areas(row.areas));
        }
        let today = day_of(tx.now());
        let page = asked.page(
            rows,
            |row| (row.due_on, row.id),
            |row| ListedTaskView::new(row, language, today),
        );
        Ok(Json(page.transpose()?))
    })
    .await
}
