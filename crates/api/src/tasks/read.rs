use super::TaskView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::language::Language;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadYoungPerson;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use uuid::Uuid;

/// Read a task
#[utoipa::path(
    operation_id = "readTask",
    tag = "tasks",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The task")),
    responses((status = 200, description = "The task", body = TaskView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/tasks/{id}")]
pub async fn read_task(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
    language: Language,
) -> Result<HttpResponse, ApiError> {
    let view = edge
        .read(&caller, "readTask", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let (case, row) = tx.task((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadYoungPerson>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(TaskView::new(&row, language, day_of(tx.now()))?)
        })
        .await?;
    answer_with_version(&request, view.version, &view)
}
