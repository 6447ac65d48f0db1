//! Who is calling: the first argument of every handler that is not public.

use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::tokens::Verified;
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use domain::ids::RequestId;
use persistence::{IdempotentRequest, Opening};
use std::future::{Ready, ready};
use uuid::Uuid;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key a client may send.
const LONGEST_KEY: u64 = 200;

/// A caller whose token holds. Does no I/O: whether the session stands, and which roles it has, is
/// read in the transaction (decisions 29).
#[derive(Debug, Clone)]
pub struct Caller {
    token: Verified,
    request: RequestId,
    path: String,
    idempotency_key: Option<String>,
}

impl Caller {
    /// Who calls, as their transaction begins; refused where the token ended while the body was read.
    pub fn opening(&self, now: DateTime<Utc>) -> Result<Opening, ApiError> {
        let Verified { employee, session, .. } = self.token;
        if !self.token.holds(now) {
            return Err(ApiError::Unauthenticated);
        }
        Ok(Opening { session, employee, request: self.request, now })
    }

    /// The same caller, whose answer is not kept: there is a secret in it, or nothing comes of it twice.
    #[must_use]
    pub fn without_key(self) -> Self {
        Self { idempotency_key: None, ..self }
    }

    /// The caller and the path, to which a cursor is bound.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{} {}", self.token.employee, self.path)
    }

    /// The request under its idempotency key, where it bears one.
    #[must_use]
    pub fn idempotent(&self, body: &[u8]) -> Option<IdempotentRequest> {
        let key = self.idempotency_key.clone()?;
        let content = [self.path.as_bytes(), &[0], body].concat();
        Some(IdempotentRequest { key, content })
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(identify(request))
    }
}

/// The id that `render` gave the request.
#[must_use]
pub fn request_id(request: &HttpRequest) -> RequestId {
    let id = request.extensions().get::<RequestId>().copied();
    id.unwrap_or_else(|| Uuid::now_v7().into())
}

fn identify(request: &HttpRequest) -> Result<Caller, ApiError> {
    let edge = request.app_data::<Data<Edge>>().ok_or(ApiError::Unauthenticated)?;
    let now = edge.clock().now();
    let token = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .and_then(|token| edge.tokens().verify(token.trim(), now))
        .ok_or(ApiError::Unauthenticated)?;
    let idempotency_key = match request.headers().get(IDEMPOTENCY_KEY) {
        None => None,
        Some(value) => Some(key(value.to_str().unwrap_or_default())?),
    };
    Ok(Caller {
        token,
        request: request_id(request),
        path: format!("{} {}", request.method(), request.path()),
        idempotency_key,
    })
}

fn key(text: &str) -> Result<String, ApiError> {
    let fault = if text.is_empty() {
        Fault::Pattern
    } else if u64::try_from(text.len()).is_ok_and(|length| length <= LONGEST_KEY) {
        return Ok(text.to_owned());
    } else {
        Fault::LengthAtMost(LONGEST_KEY)
    };
    Err(ApiError::field("Idempotency-Key", fault))
}
