//! The security headers of every response (E3), regardless of the code that produced it.

use crate::edge::Edge;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::web::Data;

/// The API returns only data and no pages: a browser loads, runs and frames nothing.
const OF_DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The page that shows the API documentation loads only files of its own origin.
const OF_THE_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The headers for the response to a request, determined before the request is handled.
#[derive(Debug)]
pub struct SecurityHeaders {
    is_page: bool,
    strict_transport: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// The headers for the response to this request.
    pub fn of(request: &ServiceRequest) -> Self {
        let seconds = request.app_data::<Data<Edge>>().and_then(|edge| edge.strict_transport());
        Self {
            is_page: request.path() == "/docs" || request.path().starts_with("/docs/"),
            strict_transport: seconds
                .and_then(|seconds| HeaderValue::from_str(&format!("max-age={seconds}")).ok()),
        }
    }

    /// Writes the headers. `Cache-Control` is written only if the response does not have it.
    pub fn write(self, headers: &mut HeaderMap) {
        let policy = if self.is_page { OF_THE_PAGE } else { OF_DATA };
        let mut set = |name: HeaderName, value| headers.insert(name, value);
        set(CONTENT_SECURITY_POLICY, policy);
        set(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        set(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        set(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if let Some(value) = self.strict_transport {
            set(STRICT_TRANSPORT_SECURITY, value);
        }
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}
