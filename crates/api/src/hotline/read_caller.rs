use super::permitted;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadCaller;
use domain::ids::ContactId;
use persistence::hotline::CallerRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who it was that called, as far as they told.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallerView {
    name: Option<String>,
    telephone: Option<String>,
    /// How they stand to whom it is about.
    relation: Option<String>,
}

/// Read who called
///
/// Kept apart from what they told, and in no list, search or event. Of a notification of concern it is for those alone who take
/// them.
#[utoipa::path(
    operation_id = "readCaller",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact")),
    responses((status = 200, description = "Who called", body = CallerView), ReadProblems),
)]
#[get("/hotline/contacts/{id}/caller")]
pub async fn read_caller(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<CallerView>, ApiError> {
    let told = edge
        .read(&caller, "readCaller", Some(*id), async |tx| {
            let id = ContactId(*id);
            let actor = tx.actor().await?;
            let file = tx.contact_file(id).await?.ok_or(ApiError::NotFound)?;
            let permit = permitted::<ReadCaller>(tx, &actor, &file).await?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(tx.caller_of(&permit, id).await?.unwrap_or_default())
        })
        .await?;
    let CallerRow { name, telephone, relation } = told;
    Ok(Json(CallerView { name, telephone, relation }))
}
