//! What anybody may read: the key set, the explanations of problems, the document.

use crate::edge::Edge;
use crate::language::Language;
use crate::openapi;
use crate::problem::{ApiError, Problem, catalogue};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of problem, explained.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explanation {
    code: &'static str,
    status: u16,
    title: &'static str,
    detail: &'static str,
}

/// The public keys of access tokens
#[utoipa::path(
    operation_id = "keySet",
    tag = "session",
    responses((status = 200, description = "A JSON Web Key Set (RFC 7517)", body = serde_json::Value)),
)]
#[get("/.well-known/jwks.json")]
pub async fn key_set(edge: Data<Edge>) -> Json<serde_json::Value> {
    Json(edge.tokens().key_set())
}

/// Explain a problem
///
/// What the `type` of a problem answers with, in Danish or English.
#[utoipa::path(
    operation_id = "explainProblem",
    tag = "health",
    params(("code" = String, Path, description = "The problem's code")),
    responses(
        (status = 200, description = "The explanation", body = Explanation),
        (status = 404, description = "No such problem", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/problems/{code}")]
pub async fn explain_problem(
    request: HttpRequest,
    code: Path<String>,
) -> Result<Json<Explanation>, ApiError> {
    let kind = catalogue::find(&code).ok_or(ApiError::NotFound)?;
    let language = Language::of(&request);
    Ok(Json(Explanation {
        code: kind.code,
        status: kind.status,
        title: kind.title(language),
        detail: kind.detail(language),
    }))
}

/// This document
#[utoipa::path(
    operation_id = "openapi",
    tag = "health",
    responses((status = 200, description = "The OpenAPI document", body = serde_json::Value)),
)]
#[get("/openapi.json")]
pub async fn openapi_document() -> HttpResponse {
    HttpResponse::Ok().json(openapi::document())
}
