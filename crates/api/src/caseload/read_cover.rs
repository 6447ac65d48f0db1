use super::units::CoverView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Read a cover
///
/// Who covers for whom, in one of the caller's units.
#[utoipa::path(
    operation_id = "readCover",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The cover")),
    responses((status = 200, description = "The cover", body = CoverView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/covers/{id}")]
pub async fn read_cover(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let row = edge
        .read(&caller, "readCover", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let row = tx.cover((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(row)
        })
        .await?;
    answer_with_version(&request, row.version, &CoverView::from(row))
}
