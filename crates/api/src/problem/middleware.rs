//! Every request gets its id; every failure, whoever raised it, leaves as a problem document.

use super::catalogue::{self, Kind};
use super::{ApiError, FieldError, Problem};
use crate::caller::Identity;
use crate::edge::Edge;
use crate::headers::SecurityHeaders;
use crate::language::Language;
use crate::openapi;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::ids::RequestId;
use persistence::causes;
use serde_json::Map;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;
use uuid::Uuid;

/// The histogram of the duration of requests in seconds, by operation, method and status.
pub const REQUEST_DURATION: &str = "enplan_http_request_duration_seconds";

/// Names the request's id in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The largest accepted head of a request, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;

/// Gives the request its id, tells and counts how it ended, and renders a failure in the client's
/// language. Logs neither path nor query nor body: the path's pattern and the id are enough to look up.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = RequestId(Uuid::now_v7());
    let began = Instant::now();
    request.extensions_mut().insert(id);
    let (method, language) = (known(request.method()), Language::of(request.request()));
    let security = SecurityHeaders::of(&request);
    let response = if is_too_large(&request) {
        Ok(request.error_response(ApiError::HeadTooLarge).map_into_boxed_body())
    } else {
        match caught(next.call(request)).await {
            Ok(Ok(response)) => Ok(response.map_into_boxed_body()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(()) => Err("a panic".to_owned()),
        }
    };
    let mut response = match response {
        Ok(response) => response,
        Err(cause) => {
            // The request was dropped with the panic, so its route is no longer known.
            tracing::error!(request.id = %id, error = cause, "request failed");
            tell(method, "-", StatusCode::INTERNAL_SERVER_ERROR, id, began);
            let problem = problem(&catalogue::FAILED, language, id);
            let mut response = builder(&catalogue::FAILED, language).json(problem);
            name(response.headers_mut(), id);
            security.write(response.headers_mut());
            return Err(InternalError::from_response("failed", response).into());
        }
    };
    let http = response.request().clone();
    if response.status().is_client_error()
        && let Err(fault) = log_unopened(&http).await
    {
        response = ServiceResponse::from_err(fault, http.clone()).map_into_boxed_body();
    }
    if response.status().is_client_error() || response.status().is_server_error() {
        let document = document(&response, &http, id);
        response = response.into_response(document).map_into_boxed_body();
    }
    let pattern = http.match_pattern();
    tell(method, pattern.as_deref().unwrap_or("-"), response.status(), id, began);
    name(response.headers_mut(), id);
    security.write(response.headers_mut());
    Ok(response)
}

/// Records in the access log a refusal that nothing has recorded, because the request was refused before its transaction
/// began (LG-2). An ended token is not recorded: nobody is known to have sent the request.
async fn log_unopened(http: &HttpRequest) -> Result<(), ApiError> {
    let (Some(identity), Some(edge)) = (Identity::unopened(http), http.app_data::<Data<Edge>>())
    else {
        return Ok(());
    };
    let operation = http
        .match_pattern()
        .and_then(|pattern| openapi::operation_of(known(http.method()), &pattern));
    let subject = http.match_info().get("id").and_then(|id| id.parse().ok());
    match edge.refused_unopened(&identity, operation.unwrap_or("none"), subject).await {
        Err(ApiError::Unauthenticated) => Ok(()),
        logged => logged,
    }
}

/// Is the head larger than the limit (E1)? The framework itself accepts 128 `KiB` and refuses more before it calls this
/// code.
fn is_too_large(request: &ServiceRequest) -> bool {
    let headers = request.headers().iter();
    let headers: usize = headers.map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    headers + target > LARGEST_HEAD
}

/// What comes of it, or that it panicked: a fault of ours, of which the others hear nothing.
async fn caught<F: Future>(work: F) -> Result<F::Output, ()> {
    let mut work = pin!(work);
    poll_fn(|context| {
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            // The panic's text went to standard error; it may tell of a person, and goes no further.
            Err(_) => Poll::Ready(Err(())),
        }
    })
    .await
}

/// The method, where it is one of HTTP's. Clients make up others, each of which would be a line of
/// figures that is never forgotten (E1).
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn name(headers: &mut HeaderMap, id: RequestId) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
}

fn tell(method: &'static str, route: &str, status: StatusCode, id: RequestId, began: Instant) {
    let took = began.elapsed();
    tracing::info!(request.id = %id, http.method = method, http.route = route, http.status = status.as_u16(),
        took_us = took.as_micros(), "request");
    let operation = openapi::operation_of(method, route).unwrap_or("none");
    metrics::histogram!(REQUEST_DURATION, "operation" => operation, "method" => method,
        "status" => status.as_str().to_owned())
    .record(took.as_secs_f64());
}

fn document(response: &ServiceResponse, http: &HttpRequest, id: RequestId) -> HttpResponse {
    let error = response.response().error();
    let ours = error.and_then(|error| error.as_error::<ApiError>());
    if response.status().is_server_error() {
        let cause = error.map_or_else(String::new, |error| match ours {
            Some(ours) => causes(ours),
            None => error.to_string(),
        });
        tracing::error!(request.id = %id, error = cause, "request failed");
    }
    let kind = match ours {
        Some(ours) => catalogue::find(ours.code()).unwrap_or(&catalogue::FAILED),
        None => for_status(response.status()),
    };
    let language = Language::of(http);
    let mut problem = problem(kind, language, id);
    let mut builder = builder(kind, language);
    match ours {
        Some(ApiError::Invalid(fields)) => {
            problem.errors = fields.iter().map(|field| FieldError::of(field, language)).collect();
        }
        Some(ApiError::Rule { members, .. }) => problem.members.clone_from(members),
        Some(ApiError::Forbidden(action)) => {
            problem.members.insert("action".to_owned(), serde_json::json!(action));
        }
        Some(ApiError::MethodNotAllowed { allow }) => {
            builder.insert_header((ALLOW, allow.as_str()));
        }
        _ => {}
    }
    if kind.status == 401 {
        builder.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    if let Some(seconds) = ours.and_then(ApiError::retry_after) {
        builder.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    builder.json(problem)
}

fn problem(kind: &Kind, language: Language, id: RequestId) -> Problem {
    Problem {
        kind: format!("/problems/{}", kind.code),
        title: kind.title(language).to_owned(),
        status: kind.status,
        detail: kind.detail(language).to_owned(),
        instance: format!("urn:uuid:{id}"),
        code: kind.code.to_owned(),
        errors: Vec::new(),
        members: Map::new(),
    }
}

fn builder(kind: &Kind, language: Language) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(kind.status());
    builder
        .content_type("application/problem+json")
        .insert_header((CONTENT_LANGUAGE, language.tag()))
        .insert_header((CACHE_CONTROL, "no-store"));
    builder
}

/// What the framework itself refused, by its status.
fn for_status(status: StatusCode) -> &'static Kind {
    let code = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "request.method-not-allowed",
        StatusCode::REQUEST_TIMEOUT => "request.too-slow",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "request.head-too-large",
        StatusCode::PAYLOAD_TOO_LARGE => "request.too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "request.unsupported-media-type",
        status if status.is_client_error() => "request.malformed",
        _ => "service.failed",
    };
    catalogue::find(code).unwrap_or(&catalogue::FAILED)
}
