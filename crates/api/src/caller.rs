//! Who is calling: the first argument of every handler that is not public.

use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::tokens::Verified;
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderName};
use actix_web::web::{Data, Query};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use domain::ids::RequestId;
use persistence::{CommandRequest, Opening};
use std::cell::Cell;
use std::fmt::Debug;
use std::future::{Ready, ready};
use std::rc::Rc;
use uuid::Uuid;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key a client may send.
const LONGEST_KEY: u64 = 200;

/// A caller whose token holds. Does no I/O: whether the session stands, and which roles it has, is
/// read in the transaction (D-29).
#[derive(Debug, Clone)]
pub struct Caller {
    identity: Identity,
    path: String,
    filter: Vec<(String, String)>,
    idempotency_key: Option<String>,
}

/// Who sent a request, and whether their transaction has begun.
#[derive(Debug, Clone)]
pub struct Identity {
    token: Verified,
    request: RequestId,
    opened: Rc<Cell<bool>>,
}

impl Identity {
    /// The sender of a request that was refused before its transaction began. Such a refusal is not in the access log yet.
    #[must_use]
    pub fn unopened(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().filter(|identity| !identity.opened.get()).cloned()
    }

    /// Who calls, as their transaction begins; refused where the token ended while the body was read.
    pub fn opening(&self, now: DateTime<Utc>) -> Result<Opening, ApiError> {
        let Verified { employee, session, .. } = self.token;
        if !self.token.holds(now) {
            return Err(ApiError::Unauthenticated);
        }
        self.opened.set(true);
        Ok(Opening { session, employee, request: self.request, now })
    }
}

impl Caller {
    /// Who calls, as their transaction begins; refused where the token ended while the body was read.
    pub fn opening(&self, now: DateTime<Utc>) -> Result<Opening, ApiError> {
        self.identity.opening(now)
    }

    /// The same caller, whose answer is not kept: there is a secret in it, or nothing comes of it twice.
    #[must_use]
    pub fn without_key(self) -> Self {
        Self { idempotency_key: None, ..self }
    }

    /// The same caller, whose list is filtered by the body of the request.
    #[must_use]
    pub fn filtered_by(self, filter: &impl Debug) -> Self {
        Self { filter: vec![("body".to_owned(), format!("{filter:?}"))], ..self }
    }

    /// The list of this caller to which a cursor is bound: its path and its filter.
    #[must_use]
    pub fn list(&self) -> String {
        format!("{} {} {:?}", self.identity.token.employee, self.path, self.filter)
    }

    /// The command with this body.
    #[must_use]
    pub fn command(&self, body: &[u8]) -> CommandRequest {
        let content = [self.path.as_bytes(), &[0], body].concat();
        CommandRequest { content, key: self.idempotency_key.clone() }
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
    let identity = Identity { token, request: request_id(request), opened: Rc::default() };
    request.extensions_mut().insert(identity.clone());
    let idempotency_key = match request.headers().get(IDEMPOTENCY_KEY) {
        None => None,
        Some(value) => Some(key(value.to_str().unwrap_or_default())?),
    };
    Ok(Caller {
        identity,
        path: format!("{} {}", request.method(), request.path()),
        filter: filter(request),
        idempotency_key,
    })
}

/// The query parameters that choose what a list contains, in a fixed order.
fn filter(request: &HttpRequest) -> Vec<(String, String)> {
    let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string());
    let mut filter = pairs.map(Query::into_inner).unwrap_or_default();
    filter.retain(|(name, _)| name != "cursor" && name != "limit");
    filter.sort_unstable();
    filter
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
