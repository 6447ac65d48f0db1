use super::TaskView;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::language::Language;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::families::CompletesTask;
use domain::access::policy::{CompleteOwnTask, CompleteTask};
use domain::access::{Permit, Scope, authorize};
use domain::calendar::day_of;
use domain::ids::TaskId;
use domain::tasks::Task;
use domain::timeline::EventKind;
use persistence::tasks::TaskRow;
use persistence::{Change, Tx};
use uuid::Uuid;

/// Complete a task
///
/// One that no act does. Those that an act does are done by it alone, as `act` tells. Whoever it is named for may complete it
/// where they see it.
#[utoipa::path(
    operation_id = "completeTask",
    tag = "tasks",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The task"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "As it is now", body = TaskView), CommandProblems, VersionProblems),
)]
#[post("/tasks/{id}/complete")]
pub async fn complete_task(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    language: Language,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "completeTask", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let (case, row) = tx.task((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let (id, scope) = (TaskId(row.id), Scope::Case(&case));
        let row = if row.employee_id == Some(actor.employee.0) {
            complete(tx, &authorize::<CompleteOwnTask>(&actor, scope)?, id, &if_match).await?
        } else {
            complete(tx, &authorize::<CompleteTask>(&actor, scope)?, id, &if_match).await?
        };
        changed(
            row.version,
            Some(case.young_person),
            &TaskView::new(&row, language, day_of(tx.now()))?,
        )
    })
    .await
}

async fn complete<A: CompletesTask>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: TaskId,
    if_match: &IfMatch,
) -> Result<TaskRow, ApiError> {
    let row = tx.lock_task(id).await?.ok_or(ApiError::NotFound)?;
    if_match.check(row.version)?;
    let done = Task::try_from(&row)?.complete(tx.now())?;
    let row = tx.complete_task(permit, &row).await?;
    let change = Change { kind: EventKind::TaskCompleted, subject: &row.id, payload: &done };
    tx.record(permit, change).await?;
    Ok(row)
}
