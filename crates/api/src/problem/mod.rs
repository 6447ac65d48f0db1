//! The one error type of the edge, and its rendering as `application/problem+json` (RFC 9457).

pub mod catalogue;
mod fault;
mod middleware;

pub use fault::{Fault, FieldFault};
pub use middleware::{REQUEST_DURATION, render};

use crate::conditional::Precondition;
use crate::language::Language;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use domain::Refusal;
use domain::access::Denied;
use domain::access::policy::ActionKind;
use persistence::{Contact, OVER_ROWS, RefusalDetail, Refused, StoreError};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Everything a request can end in besides success.
///
/// `Display` is for logs and may name internals, never a person. What the client sees is made of the
/// code by [`render`], in the client's language.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No token, or one that does not hold.
    #[error("not signed in")]
    Unauthenticated,
    /// Somebody else chose the caller's pass phrase: it is changed before anything else.
    #[error("the pass phrase must be changed first")]
    PasswordMustChange,
    /// User name or pass phrase are wrong.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many wrong tries.
    #[error("too many tries")]
    TooManyTries {
        /// Seconds until the next one.
        retry_after: u64,
    },
    /// Too many checks that could reveal hidden data and did not lead to access (AC-19).
    #[error("too many checks without access")]
    TooManyChecks {
        /// Seconds until the next one.
        retry_after: u64,
    },
    /// The role may not do it.
    #[error("not allowed to {0:?}")]
    Forbidden(ActionKind),
    /// Not there, or not for the caller.
    #[error("not there, or not visible to the caller")]
    NotFound,
    /// The path is known, the method is not.
    #[error("method not allowed")]
    MethodNotAllowed {
        /// Those that are.
        allow: String,
    },
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The body is larger than is taken.
    #[error("the body is too large")]
    TooLarge,
    /// Path, query and headers exceed the accepted size.
    #[error("the head of the request is too large")]
    HeadTooLarge,
    /// The body is of another type than JSON.
    #[error("the body is of another media type")]
    UnsupportedMediaType,
    /// Well-formed but wrong: all faults at once.
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<FieldFault>),
    /// The request names no version, or another one than there is.
    #[error("the precondition {0:?} failed")]
    Precondition(Precondition),
    /// A rule of the field forbids it.
    #[error("the rule {code} refused")]
    Rule {
        /// The problem code.
        code: String,
        /// What the rule has to tell.
        members: Map<String, Value>,
    },
    /// A rule over rows forbids it, and some of the rows may be hidden from the caller. `Store::command` decides what
    /// the response states (AC-18).
    #[error("the rule {0} refused, over rows that may be hidden")]
    OverRows(String, Map<String, Value>),
    /// The same idempotency key came with another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The first request with this key is still running.
    #[error("a request with the same key is running")]
    InProgress,
    /// Others have the turn.
    #[error("too much to do")]
    Busy,
    /// Come back later.
    #[error("unavailable")]
    Unavailable(#[source] StoreError),
    /// A fault of ours.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Where in the body, as a JSON pointer; the name of a query parameter or header otherwise.
    #[schema(example = "/goals/0/targetDate")]
    pub pointer: String,
    /// What is wrong.
    #[schema(example = "field.required")]
    pub code: String,
    /// The same in words, Danish or English.
    pub detail: String,
}

impl FieldError {
    fn of(field: &FieldFault, language: Language) -> Self {
        Self {
            pointer: field.pointer.clone(),
            code: field.fault.code().to_owned(),
            detail: field.fault.words(language),
        }
    }
}

/// Problem details for HTTP interfaces (RFC 9457). What a rule has to tell are further members.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The kind of problem, as a path that answers with its explanation.
    #[serde(rename = "type")]
    #[schema(example = "/problems/plan.already-open")]
    pub kind: String,
    /// The same words for every occurrence, Danish or English.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    pub status: u16,
    /// What it means and what to do.
    pub detail: String,
    /// This occurrence: `urn:uuid:` and the request id.
    pub instance: String,
    /// Stable; clients match on it.
    #[schema(example = "plan.already-open")]
    pub code: String,
    /// Which fields are wrong: all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What a rule has to tell: limit, state, what is missing.
    #[serde(flatten)]
    #[schema(ignore)]
    pub members: Map<String, Value>,
}

impl ApiError {
    /// The problem code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Unauthenticated => "session.required",
            Self::PasswordMustChange => "session.password-must-change",
            Self::WrongCredentials => "session.wrong-credentials",
            Self::TooManyTries { .. } => "session.too-many-tries",
            Self::TooManyChecks { .. } => "access.too-many-checks",
            Self::Forbidden(_) => "access.denied",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed { .. } => "request.method-not-allowed",
            Self::NotJson => "request.not-json",
            Self::TooSlow => "request.too-slow",
            Self::TooLarge => "request.too-large",
            Self::HeadTooLarge => "request.head-too-large",
            Self::UnsupportedMediaType => "request.unsupported-media-type",
            Self::Invalid(_) => "request.invalid",
            Self::Precondition(Precondition::Missing) => "version.missing",
            Self::Precondition(Precondition::Stale) => "version.stale",
            Self::Rule { code, .. } => code,
            Self::OverRows(..) => NOT_POSSIBLE,
            Self::KeyReused => "request.key-reused",
            Self::InProgress => "request.in-progress",
            Self::Busy | Self::Unavailable(_) => "service.unavailable",
            Self::Internal(_) => "service.failed",
        }
    }

    /// What a rule of the domain refused.
    #[must_use]
    pub fn refused(refusal: &impl Refusal) -> Self {
        let members = match serde_json::to_value(refusal) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        Self::Rule { code: refusal.code().to_owned(), members }
    }

    /// Only rows that are hidden from the caller prevent it. The response states the unit to ask and the permitted
    /// details (AC-18).
    #[must_use]
    pub fn not_possible(contact: Option<Contact>, mut members: Map<String, Value>) -> Self {
        members.extend(ask(contact));
        Self::Rule { code: NOT_POSSIBLE.to_owned(), members }
    }

    /// One wrong field.
    #[must_use]
    pub fn field(pointer: &str, fault: Fault) -> Self {
        Self::Invalid(vec![FieldFault { pointer: pointer.to_owned(), fault }])
    }

    /// Seconds after which to try again, where it makes sense.
    const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyTries { retry_after } | Self::TooManyChecks { retry_after } => {
                Some(*retry_after)
            }
            Self::Busy | Self::Unavailable(_) => Some(2),
            Self::InProgress => Some(1),
            _ => None,
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        catalogue::find(self.code())
            .map_or(StatusCode::INTERNAL_SERVER_ERROR, catalogue::Kind::status)
    }

    /// Only the status: [`render`] writes the document, once it knows the request.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl ApiError {
    /// Did access or a rule refuse only this item of a list, so that the other items can still be decided?
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Unauthenticated
                | Self::PasswordMustChange
                | Self::Forbidden(_)
                | Self::TooManyChecks { .. }
                | Self::NotFound
                | Self::Rule { .. }
                | Self::OverRows(..)
        )
    }
}

impl Refused for ApiError {
    fn is_fault(&self) -> bool {
        self.status_code().is_server_error()
    }

    fn fault(&self) -> Option<&StoreError> {
        match self {
            Self::Unavailable(fault) => Some(fault),
            _ => None,
        }
    }

    fn over_rows(&self) -> Option<&str> {
        match self {
            Self::OverRows(rule, _) => Some(rule),
            _ => None,
        }
    }

    fn with_detail(self, detail: RefusalDetail) -> Self {
        match (self, detail) {
            (Self::OverRows(rule, members), RefusalDetail::Rule) => {
                Self::Rule { code: code_of(&rule), members }
            }
            (Self::OverRows(_, members), RefusalDetail::NotPossible(contact)) => {
                Self::not_possible(contact, members)
            }
            (other, _) => other,
        }
    }
}

/// The members of the response that name the unit to ask.
#[must_use]
pub fn ask(contact: Option<Contact>) -> Option<(String, Value)> {
    contact.map(|unit| ("ask".to_owned(), json!({ "unitId": unit.unit_id, "unit": unit.name })))
}

/// Only rows that are hidden from the caller prevent it (AC-18).
const NOT_POSSIBLE: &str = "action.not-possible";

/// `meeting.double-booked:room`: the code is the part before the colon (D-22).
fn code_of(rule: &str) -> String {
    rule.split(':').next().unwrap_or_default().to_owned()
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::NotFound,
            Denied::Forbidden(action) => Self::Forbidden(action),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Rule(name) if OVER_ROWS.contains(&code_of(&name).as_str()) => {
                Self::OverRows(name, Map::new())
            }
            StoreError::Rule(name) => Self::Rule { code: code_of(&name), members: Map::new() },
            StoreError::NotSignedIn => Self::Unauthenticated,
            StoreError::PasswordMustChange => Self::PasswordMustChange,
            StoreError::Hidden => Self::NotFound,
            StoreError::Forbidden(action) => Self::Forbidden(action),
            StoreError::TooManyChecks { retry_after } => Self::TooManyChecks { retry_after },
            StoreError::Stale => Self::Precondition(Precondition::Stale),
            StoreError::KeyReused => Self::KeyReused,
            StoreError::InProgress => Self::InProgress,
            StoreError::Unavailable(_) | StoreError::Locked(_) | StoreError::NotLogged => {
                Self::Unavailable(error)
            }
            StoreError::Corrupt { .. }
            | StoreError::Clock
            | StoreError::Sealed
            | StoreError::ForAnother(_)
            | StoreError::Panicked
            | StoreError::Query(_) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<Precondition> for ApiError {
    fn from(failed: Precondition) -> Self {
        Self::Precondition(failed)
    }
}
