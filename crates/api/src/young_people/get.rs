use super::YoungPersonView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadYoungPerson;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use uuid::Uuid;

/// Read who a young person is
#[utoipa::path(
    operation_id = "readYoungPerson",
    tag = "young people",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "Who they are", body = YoungPersonView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/young-people/{id}")]
pub async fn read_young_person(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let (version, view) = edge
        .read(&caller, "readYoungPerson", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadYoungPerson>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let row = tx.young_person((*id).into()).await?.ok_or(ApiError::NotFound)?;
            Ok((row.version, YoungPersonView::new(&row, day_of(tx.now()))))
        })
        .await?;
    answer_with_version(&request, version, &view)
}
