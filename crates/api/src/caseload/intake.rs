use super::units::known_unit;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadCaseload;
use domain::access::{Areas, Scope, authorize};
use persistence::caseload::intake::InIntake;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListIntake {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Somebody in a unit's intake.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InIntakeView {
    /// The id of the entry (`GET /intake-entries/{id}`), of the assignment (`GET /assignments/{id}`), or of the plan
    /// (`GET /plans/{id}`).
    id: Uuid,
    /// `entry`: no employee has room, or the young person is expected. `assignment`: the employee who has the case no
    /// longer holds the position. `plan`: a draft of the unit without a coordinator, or with a coordinator who does not
    /// have the case.
    #[schema(example = "entry")]
    kind: String,
    young_person_id: Uuid,
    /// Null where the caller's areas do not open it.
    young_person: Option<String>,
    /// The function that is needed; `null` if any function that may coordinate a plan is sufficient.
    #[schema(example = "caseworker")]
    function: Option<String>,
    /// Since when they lie there.
    since: DateTime<Utc>,
    /// Of an entry: from which day on somebody is wanted.
    from: Option<NaiveDate>,
    /// Of an entry: why.
    reason: Option<String>,
    /// The employee who had the case (of an `assignment`), or the employee who was named to coordinate (of a `plan`).
    employee_id: Option<Uuid>,
    employee: Option<String>,
    /// When the next of their tasks is due.
    next_task_due: Option<NaiveDate>,
    /// How many are past due.
    overdue_tasks: i64,
    version: i64,
}

/// List a unit's intake
///
/// The young people who are expected or who wait because no employee has room, the cases of employees who no longer hold their
/// position, and the drafts without a coordinator. The oldest come first, with their deadlines. Only the unit's leader
/// may list them.
#[utoipa::path(
    operation_id = "listIntake",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit"), ListIntake),
    responses((status = 200, description = "A page", body = Page<InIntakeView>), ReadProblems),
)]
#[get("/units/{id}/intake")]
pub async fn list_intake(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ListIntake>,
) -> Result<Json<Page<InIntakeView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    edge.read(&caller, "listIntake", None, async |tx| {
        let actor = tx.actor().await?;
        let unit = known_unit(tx, *id).await?;
        let permit = authorize::<ReadCaseload>(&actor, Scope::Unit(unit))?;
        tx.acted_as(&permit);
        let rows = tx.intake(unit, asked.after, asked.limit + 1).await?;
        for row in rows.iter().take(asked.limit.into()) {
            tx.saw(row.young_person_id.into(), row.basis_id.into(), Areas(row.areas));
        }
        Ok(Json(asked.page(rows, |row| (row.since, row.id), |row| row.into())))
    })
    .await
}

impl From<&InIntake> for InIntakeView {
    fn from(row: &InIntake) -> Self {
        let name = row.given_name.as_ref().zip(row.family_name.as_ref());
        Self {
            id: row.id,
            kind: row.kind.clone(),
            young_person_id: row.young_person_id,
            young_person: name.map(|(given, family)| format!("{given} {family}")),
            function: row.function.clone(),
            since: row.since,
            from: row.from_day,
            reason: row.reason.clone(),
            employee_id: row.employee_id,
            employee: row.employee_name.clone(),
            next_task_due: row.next_task_due,
            overdue_tasks: row.overdue_tasks,
            version: row.version,
        }
    }
}
