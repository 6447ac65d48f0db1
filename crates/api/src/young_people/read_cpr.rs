use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadCpr;
use domain::access::{Scope, authorize};
use domain::young_people::CprKind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The current number.
#[derive(Debug, Serialize, ToSchema)]
pub struct CprView {
    #[schema(schema_with = schema::cpr)]
    cpr: String,
    #[schema(schema_with = schema::code::<CprKind>)]
    kind: CprKind,
}

/// Read the CPR number out
///
/// An act of its own, for those who work the case, and on the access log as such.
#[utoipa::path(
    operation_id = "readCpr",
    tag = "young people",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The current number", body = CprView), ReadProblems),
)]
#[post("/young-people/{id}/cpr")]
pub async fn read_cpr(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<CprView>, ApiError> {
    let (cpr, kind) = edge
        .read(&caller, "readCpr", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadCpr>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            tx.for_purpose("the CPR number was read out");
            Ok(tx.read_cpr(&permit).await?)
        })
        .await?;
    Ok(Json(CprView { cpr, kind }))
}
