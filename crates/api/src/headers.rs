//! The security headers of every response (E3), whoever made it.

use crate::edge::Edge;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::web::Data;

/// The interface returns data and never a page: nothing is loaded, run or framed.
const OF_DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The page that shows the interface loads what lies beside it, and nothing from elsewhere.
const OF_THE_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// What the response to a request is to bear; known before the request is handled.
#[derive(Debug)]
pub struct SecurityHeaders {
    is_page: bool,
    strict_transport: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// For the response to this request.
    pub fn of(request: &ServiceRequest) -> Self {
        let seconds = request.app_data::<Data<Edge>>().and_then(|edge| edge.strict_transport());
        Self {
            is_page: request.path() == "/docs" || request.path().starts_with("/docs/"),
            strict_transport: seconds
                .and_then(|seconds| HeaderValue::from_str(&format!("max-age={seconds}")).ok()),
        }
    }

    /// Writes them. `Cache-Control` only if the response has none of its own.
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
