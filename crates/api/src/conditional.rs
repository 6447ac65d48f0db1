//! Versions: nobody overwrites what somebody else changed meanwhile (PL-10).

use actix_web::dev::Payload;
use actix_web::http::header::{ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;
use std::convert::Infallible;
use std::future::{Ready, ready};

/// Why a precondition failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// No version was named: 428.
    Missing,
    /// Another version than there is: 412.
    Stale,
}

/// The version as an entity tag: `"7"`.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The versions that the client names in `If-Match`.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Refuses a change that does not name the version there is. `*` names none.
    pub fn check(&self, version: i64) -> Result<(), Precondition> {
        let named = self.0.as_deref().filter(|named| *named != "*").ok_or(Precondition::Missing)?;
        let current = etag(version);
        if named.split(',').any(|tag| tag.trim() == current) {
            Ok(())
        } else {
            Err(Precondition::Stale)
        }
    }

    /// Was a version named at all?
    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.0.is_some()
    }
}

impl FromRequest for IfMatch {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(header(request, IF_MATCH))))
    }
}

/// Answers one thing with its version, or 304 where the client has it already.
pub fn answer_with_version(
    request: &HttpRequest,
    version: i64,
    view: &impl Serialize,
) -> HttpResponse {
    let tag = etag(version);
    let known = header(request, IF_NONE_MATCH).is_some_and(|tags| {
        tags.split(',')
            .any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
    });
    let mut builder = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        builder.insert_header((ETAG, value));
    }
    if known { builder.finish() } else { builder.json(view) }
}

fn header(request: &HttpRequest, name: actix_web::http::header::HeaderName) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
