use super::InterventionView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadIntervention;
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Read an intervention
#[utoipa::path(
    operation_id = "readIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention")),
    responses((status = 200, description = "The intervention", body = InterventionView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/interventions/{id}")]
pub async fn read_intervention(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let file = edge
        .read(&caller, "readIntervention", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_intervention((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadIntervention>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            tx.intervention_file((*id).into()).await?.ok_or(ApiError::NotFound)
        })
        .await?;
    let version = file.version;
    answer_with_version(&request, version, &InterventionView::from(file))
}
