use super::views::ExternalParticipantView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadPlan;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// People outside who take part or took part, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExternalParticipants {
    items: Vec<ExternalParticipantView>,
}

/// List the outside participants of a plan
///
/// Those that the caller may see, the latest first.
#[utoipa::path(
    operation_id = "listExternalParticipants",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "People outside who take part or took part", body = ExternalParticipants), ReadProblems),
)]
#[get("/plans/{id}/external-participants")]
pub async fn list_external_participants(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<ExternalParticipants>, ApiError> {
    let rows = edge
        .read(&caller, "listExternalParticipants", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadPlan>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(tx.external_participants((*id).into()).await?)
        })
        .await?;
    Ok(Json(ExternalParticipants { items: rows.into_iter().map(Into::into).collect() }))
}
