//! What anybody may read: the key set, the explanations of problems, the document.

use crate::edge::Edge;
use crate::language::Language;
use crate::openapi;
use crate::problem::{ApiError, Problem, catalogue};
use actix_web::http::header::{
    AcceptEncoding, CacheControl, CacheDirective, ContentEncoding, ETag, Encoding, EntityTag,
    IfNoneMatch, VARY,
};
use actix_web::web::{Bytes, Data, Header, Json, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use std::io::Write as _;
use std::sync::OnceLock;
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
///
/// Compressed if the client accepts that. Its `ETag` lets a client that has the document avoid another download.
#[utoipa::path(
    operation_id = "openapi",
    tag = "health",
    responses(
        (status = 200, description = "The OpenAPI document", body = serde_json::Value),
        (status = 304, description = "It is the one that the client has"),
    ),
)]
#[get("/openapi.json")]
pub async fn openapi_document(
    if_none_match: Option<Header<IfNoneMatch>>,
    accepted: Option<Header<AcceptEncoding>>,
) -> Result<HttpResponse, ApiError> {
    let served = Served::document()?;
    let tag = || EntityTag::new_strong(served.tag.clone());
    let known = match if_none_match.map(|header| header.0) {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag())),
    };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header(ETag(tag()))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header(CacheControl(vec![CacheDirective::NoCache]));
    if known {
        return Ok(response.finish());
    }
    response.content_type("application/json");
    let reads_gzip = accepted.is_some_and(|header| {
        header.negotiate([Encoding::gzip(), Encoding::identity()].iter()) == Some(Encoding::gzip())
    });
    Ok(if reads_gzip {
        response.insert_header(ContentEncoding::Gzip).body(served.compressed.clone())
    } else {
        response.body(served.plain.clone())
    })
}

/// A response that is built once and shared by all requests: a slow client does not keep a separate copy in memory
/// (F8).
struct Served {
    plain: Bytes,
    compressed: Bytes,
    tag: String,
}

impl Served {
    fn document() -> Result<&'static Self, ApiError> {
        static SERVED: OnceLock<Served> = OnceLock::new();
        if let Some(served) = SERVED.get() {
            return Ok(served);
        }
        let plain = serde_json::to_vec(openapi::document());
        let plain = plain.map_err(|error| ApiError::Internal(error.into()))?;
        let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
        let compressed = compressed.write_all(&plain).and_then(|()| compressed.finish());
        let compressed = compressed.map_err(|error| ApiError::Internal(error.into()))?.into();
        let tag = BASE64_URL_SAFE_NO_PAD
            .encode(digest::digest(&digest::SHA256, &plain).as_ref().get(..12).unwrap_or_default());
        Ok(SERVED.get_or_init(|| Self { plain: plain.into(), compressed, tag }))
    }
}
