use super::RightsRequestView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadRights;
use uuid::Uuid;

/// Read a request for rights
#[utoipa::path(
    operation_id = "readRightsRequest",
    tag = "organisation",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The request")),
    responses((status = 200, description = "The request", body = RightsRequestView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/rights-requests/{id}")]
pub async fn read_rights_request(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let row = edge
        .read(&caller, "readRightsRequest", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let row = tx.rights_request((*id).into()).await?.ok_or(ApiError::NotFound)?;
            row.request()?.authorize::<ReadRights>(&actor)?;
            Ok::<_, ApiError>(row)
        })
        .await?;
    answer_with_version(&request, row.version, &RightsRequestView::from(row))
}
