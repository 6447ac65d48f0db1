//! Is the process alive, and can it serve?

use crate::edge::Edge;
use crate::problem::{ApiError, Problem};
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

/// It is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Is the process alive
#[utoipa::path(operation_id = "live", tag = "health", responses((status = 200, description = "It is", body = Health)))]
#[get("/health/live")]
pub async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Can it serve
///
/// Checks, on a connection that no request uses, that the database responds and accepts writes. The access log must be
/// writable, because a request that cannot be logged is refused. A result is reused for one second.
#[utoipa::path(
    operation_id = "ready",
    tag = "health",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/health/ready")]
pub async fn ready(edge: Data<Edge>) -> Result<Json<Health>, ApiError> {
    edge.store().is_ready().await?;
    Ok(Json(Health { status: "ok" }))
}
