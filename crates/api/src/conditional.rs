//! Versions: nobody overwrites what somebody else changed meanwhile (PL-10).

use crate::problem::{ApiError, Fault};
use actix_web::dev::Payload;
use actix_web::http::header::{ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
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
    /// Refuses a change that does not name the version there is. `*` names none. A tag without quotes is malformed.
    pub fn check(&self, version: i64) -> Result<(), ApiError> {
        let named = self.0.as_deref().filter(|named| *named != "*").ok_or(Precondition::Missing)?;
        let tags: Option<Vec<&str>> = named.split(',').map(|tag| unquoted(tag.trim())).collect();
        let names_it = |tag: &&str| {
            tag.split_once('.').map_or(*tag, |(version, _)| version) == version.to_string()
        };
        let form = || ApiError::field("If-Match", Fault::Format(etag(7)));
        let tags = tags.ok_or_else(form)?;
        if tags.iter().any(names_it) { Ok(()) } else { Err(Precondition::Stale.into()) }
    }

    /// Was a version named at all?
    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.0.is_some()
    }
}

/// What an entity tag has between its quotes. A weak tag matches nothing here (RFC 9110, 13.1.1).
fn unquoted(tag: &str) -> Option<&str> {
    let (quoted, is_weak) = tag.strip_prefix("W/").map_or((tag, false), |tag| (tag, true));
    let tag = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some(if is_weak { "" } else { tag })
}

impl FromRequest for IfMatch {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(header(request, IF_MATCH))))
    }
}

/// Answers one thing with its version, or 304 where the client has it already.
///
/// What a thing shows may change without its version (a plan's goals, an age on a birthday), so the tag
/// is the version and a digest of what is shown: `"7.1f0c9a…"`. A change is held against the version.
pub fn answer_with_version(
    request: &HttpRequest,
    version: i64,
    view: &impl Serialize,
) -> Result<HttpResponse, ApiError> {
    let shown = serde_json::to_vec(view).map_err(|error| ApiError::Internal(Box::new(error)))?;
    let digest = digest::digest(&digest::SHA256, &shown);
    let tag = format!(
        "\"{version}.{}\"",
        BASE64_URL_SAFE_NO_PAD.encode(digest.as_ref().get(..9).unwrap_or_default())
    );
    let known = header(request, IF_NONE_MATCH).is_some_and(|tags| {
        tags.split(',')
            .any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
    });
    let mut builder = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        builder.insert_header((ETAG, value));
    }
    Ok(if known { builder.finish() } else { builder.content_type("application/json").body(shown) })
}

fn header(request: &HttpRequest, name: actix_web::http::header::HeaderName) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
