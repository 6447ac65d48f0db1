//! JSON bodies: 415, 413 and 400 for what is no JSON of ours; else every fault at once, each with its
//! pointer, by the very schema that the `OpenAPI` document shows.

use crate::day::Day;
use crate::problem::{ApiError, Fault, FieldFault};
use crate::{schema, text};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use domain::young_people::Cpr;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};
use std::any::TypeId;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use utoipa::{PartialSchema, ToSchema};

/// The largest body that is taken, in bytes.
const LARGEST: usize = 256 * 1024;

/// How long it may take to arrive. Without a limit one could hold a request open, and a connection with it.
const LONGEST: Duration = Duration::from_secs(10);

/// A body that fits its schema.
#[derive(Debug)]
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// As it came, for the idempotency key.
    pub raw: Bytes,
}

/// A body that may be left out altogether: then it is as if nothing had been told in it.
#[derive(Debug)]
pub struct OptionalBody<T> {
    /// What it says.
    pub value: T,
    /// As it came, for the idempotency key.
    pub raw: Bytes,
}

impl<T: DeserializeOwned + Default + ToSchema + 'static> FromRequest for OptionalBody<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.headers().contains_key(CONTENT_TYPE) {
            let body = Body::from_request(request, payload);
            return Box::pin(async move {
                let Body { value, raw } = body.await?;
                Ok(Self { value, raw })
            });
        }
        let mut payload = payload.take();
        Box::pin(async move {
            let raw = read(&mut payload).await?;
            if raw.is_empty() {
                Ok(Self { value: T::default(), raw })
            } else {
                Err(ApiError::UnsupportedMediaType)
            }
        })
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(
                |value| {
                    value
                        .split(';')
                        .next()
                        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
                },
            );
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(ApiError::UnsupportedMediaType);
            }
            let raw = tokio::time::timeout(LONGEST, read(&mut payload))
                .await
                .map_err(|_| ApiError::TooSlow)??;
            let mut json: Value = serde_json::from_slice(&raw).map_err(|_| ApiError::NotJson)?;
            text::normalise(&mut json);
            let faults = faults_of(&*validator::<T>()?, &json);
            if !faults.is_empty() {
                return Err(ApiError::Invalid(faults));
            }
            with_whole_numbers(&mut json);
            let value = serde_path_to_error::deserialize(json)
                .map_err(|error| ApiError::field(&pointer_to(error.path()), Fault::Invalid))?;
            Ok(Self { value, raw })
        })
    }
}

async fn read(payload: &mut Payload) -> Result<Bytes, ApiError> {
    let mut whole = BytesMut::new();
    while let Some(part) = std::future::poll_fn(|context| {
        futures_core::Stream::poll_next(Pin::new(&mut *payload), context)
    })
    .await
    {
        let part = part.map_err(|_| ApiError::NotJson)?;
        if whole.len() + part.len() > LARGEST {
            return Err(ApiError::TooLarge);
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}

/// The faults of `json` against this schema.
pub fn faults_of(validator: &Validator, json: &Value) -> Vec<FieldFault> {
    let mut faults: Vec<FieldFault> =
        validator.iter_errors(json).flat_map(|error| told(&error)).collect();
    faults.dedup();
    faults
}

/// `5.0` is an integer in JSON Schema (6.1.1) and a floating-point number in serde. It is read as 5.
pub fn with_whole_numbers(json: &mut Value) {
    match json {
        Value::Number(number) if number.is_f64() => {
            let whole = number.as_f64().filter(|float| float.fract() == 0.0);
            if let Some(whole) = whole.and_then(|whole| format!("{whole:.0}").parse::<i64>().ok()) {
                *json = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(with_whole_numbers),
        Value::Object(members) => members.values_mut().for_each(with_whole_numbers),
        _ => {}
    }
}

/// The place at which serde stopped, as a JSON pointer.
fn pointer_to(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// The validator of a type's schema.
fn validator<T: ToSchema + 'static>() -> Result<Arc<Validator>, ApiError> {
    compiled(TypeId::of::<T>(), || {
        let mut referred = Vec::new();
        T::schemas(&mut referred);
        let mut schemas = Map::new();
        for (name, schema) in referred {
            schemas.insert(name, serde_json::to_value(schema)?);
        }
        let mut whole = serde_json::to_value(<T as PartialSchema>::schema())?;
        if let Value::Object(members) = &mut whole {
            members.insert("components".to_owned(), json!({ "schemas": schemas }));
        }
        Ok(whole)
    })
}

/// The validator of a type, compiled once from its schema.
pub fn compiled(
    of: TypeId,
    schema: impl FnOnce() -> Result<Value, serde_json::Error>,
) -> Result<Arc<Validator>, ApiError> {
    static MADE: Mutex<Option<HashMap<TypeId, Arc<Validator>>>> = Mutex::new(None);
    let made = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = made().get_or_insert_default().get(&of) {
        return Ok(Arc::clone(validator));
    }
    let schema = schema().map_err(|error| ApiError::Internal(Box::new(error)))?;
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_format(schema::CPR, |text: &str| Cpr::parse(text).is_ok())
        .with_format("password", |phrase: &str| text::pass_phrase(phrase).is_some())
        .build(&schema)
        .map_err(|error| ApiError::Internal(error.to_string().into()))?;
    let validator = Arc::new(validator);
    made().get_or_insert_default().insert(of, Arc::clone(&validator));
    Ok(validator)
}

/// One fault of the schema as faults of fields.
fn told(error: &ValidationError<'_>) -> Vec<FieldFault> {
    let at = error.instance_path().to_string();
    let member = |name: &str| format!("{at}/{}", escaped(name));
    let fault = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            return unexpected
                .iter()
                .map(|name| FieldFault { pointer: member(name), fault: Fault::Unknown })
                .collect();
        }
        ValidationErrorKind::Required { property } => {
            let pointer = member(property.as_str().unwrap_or_default());
            return vec![FieldFault { pointer, fault: Fault::Required }];
        }
        // Of the alternatives the one that was meant: whose faults all lie deeper than the choice itself,
        // or which at least is of the type that was sent.
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let alternatives: Vec<Vec<FieldFault>> = context
                .iter()
                .map(|alternative| alternative.iter().flat_map(told).collect())
                .collect();
            let deeper = |faults: &&Vec<FieldFault>| {
                faults.iter().all(|fault| fault.pointer.len() > at.len())
            };
            let of_the_type =
                |faults: &&Vec<FieldFault>| faults.iter().all(|fault| fault.fault != Fault::Type);
            let meant =
                alternatives.iter().find(deeper).or_else(|| alternatives.iter().find(of_the_type));
            return meant
                .cloned()
                .unwrap_or_else(|| vec![FieldFault { pointer: at, fault: Fault::Invalid }]);
        }
        ValidationErrorKind::MaxLength { limit } => Fault::LengthAtMost(*limit),
        ValidationErrorKind::MinLength { limit } if *limit > 1 => Fault::LengthAtLeast(*limit),
        ValidationErrorKind::Pattern { pattern } if pattern == Day::PATTERN => {
            Day::fault(error.instance().as_str().unwrap_or_default())
        }
        ValidationErrorKind::Pattern { .. } => Fault::Pattern,
        ValidationErrorKind::Maximum { limit } => Fault::AtMost(limit.to_string()),
        ValidationErrorKind::Minimum { limit } => Fault::AtLeast(limit.to_string()),
        ValidationErrorKind::MaxItems { limit } => Fault::ItemsAtMost(*limit),
        ValidationErrorKind::MinItems { limit } => Fault::ItemsAtLeast(*limit),
        ValidationErrorKind::Enum { options } => Fault::Enumeration(options.to_string()),
        ValidationErrorKind::Format { format } if format == schema::CPR => Fault::CprInvalid,
        ValidationErrorKind::Format { format } => Fault::Format(format.clone()),
        ValidationErrorKind::Type { .. } => Fault::Type,
        _ => Fault::Invalid,
    };
    vec![FieldFault { pointer: at, fault }]
}

/// A member's name inside a JSON pointer (RFC 6901); left out where it could itself be somebody's number.
pub fn escaped(name: &str) -> String {
    if name.chars().count() > 60 || name.chars().filter(char::is_ascii_digit).count() > 5 {
        return "-".to_owned();
    }
    name.replace('~', "~0").replace('/', "~1")
}
