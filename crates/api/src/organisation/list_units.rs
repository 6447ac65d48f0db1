use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::organisation::Department;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The units, by code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Units {
    items: Vec<UnitView>,
}

/// A unit of the organisation, or an institution outside it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitView {
    id: Uuid,
    #[schema(example = "jobspor")]
    code: String,
    name: String,
    #[schema(schema_with = schema::code::<Department>)]
    department: String,
    /// The unit above.
    parent_id: Option<Uuid>,
    /// Works with young people itself, so that it may take part and get access.
    operational: bool,
}

/// List the units
#[utoipa::path(
    operation_id = "listUnits",
    tag = "organisation",
    security(("bearer" = [])),
    responses((status = 200, description = "All units", body = Units), ReadProblems),
)]
#[get("/units")]
pub async fn list_units(caller: Caller, edge: Data<Edge>) -> Result<Json<Units>, ApiError> {
    let units = edge
        .read(&caller, "listUnits", None, async |tx| {
            let actor = tx.actor().await?;
            authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            Ok(tx.units().await?)
        })
        .await?;
    let items = units
        .into_iter()
        .map(|unit| UnitView {
            id: unit.id,
            code: unit.code,
            name: unit.name,
            department: unit.department,
            parent_id: unit.parent_id,
            operational: unit.operational,
        })
        .collect();
    Ok(Json(Units { items }))
}
