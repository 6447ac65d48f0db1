use super::{TransitionNeedView, view};
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadTransition;
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Read the need of a transition meeting
#[utoipa::path(
    operation_id = "readTransitionNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need")),
    responses((status = 200, description = "The need", body = TransitionNeedView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/transition-needs/{id}")]
pub async fn read_transition_need(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let view = edge
        .read(&caller, "readTransitionNeed", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let (case, row) = tx.transition_need((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadTransition>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            view(tx, row).await
        })
        .await?;
    answer_with_version(&request, view.version, &view)
}
