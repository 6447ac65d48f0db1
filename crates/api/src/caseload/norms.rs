use super::units::{Norms, known_unit};
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use uuid::Uuid;

/// Read a unit's norms
///
/// How many cases whoever holds a post there may have: as it was decided, the last decision first, and which
/// one holds today. The version is the number of the last decision, 0 where there is none.
#[utoipa::path(
    operation_id = "readNorms",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit")),
    responses((status = 200, description = "The norms", body = Norms), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/units/{id}/norms")]
pub async fn read_norms(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let view = edge
        .read(&caller, "readNorms", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let (unit, today) = (known_unit(tx, *id).await?, day_of(tx.now()));
            Norms::of(tx, unit, today).await
        })
        .await?;
    answer_with_version(&request, view.version, &view)
}
