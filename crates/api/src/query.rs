//! Query parameters, validated against the schemas that the `OpenAPI` document shows. A refusal names each invalid
//! parameter and the values that it accepts.

use crate::body::{compiled, escaped, faults_of, with_whole_numbers};
use crate::openapi;
use crate::problem::{ApiError, Fault, FieldFault};
use actix_web::dev::Payload;
use actix_web::web;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::any::TypeId;
use std::future::{Ready, ready};
use std::ops::Deref;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};

/// Parameters that are valid against their schemas.
#[derive(Debug)]
pub struct Query<T>(T);

impl<T> Query<T> {
    /// The parameters.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + IntoParams + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

fn read<T: DeserializeOwned + IntoParams + 'static>(query: &str) -> Result<T, ApiError> {
    let malformed = || ApiError::field("query", Fault::Invalid);
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query).map_err(|_| malformed())?;
    let parameters = T::into_params(|| Some(ParameterIn::Query));
    let mut told = Map::new();
    for (name, text) in pairs.into_inner() {
        let value = value_of(text, parameters.iter().find(|one| one.name == name));
        if told.insert(name.clone(), value).is_some() {
            return Err(ApiError::field(&escaped(&name), Fault::Contradiction));
        }
    }
    let mut told = Value::Object(told);
    let validator = compiled(TypeId::of::<T>(), || schema_of(&parameters))?;
    let mut faults: Vec<FieldFault> = faults_of(&validator, &told)
        .into_iter()
        .map(|FieldFault { pointer, fault }| FieldFault {
            pointer: pointer.trim_start_matches('/').to_owned(),
            fault,
        })
        .collect();
    // An invalid day violates both its pattern and its format; it is reported as one fault.
    faults.dedup_by(|one, before| one.pointer == before.pointer);
    if !faults.is_empty() {
        return Err(ApiError::Invalid(faults));
    }
    with_whole_numbers(&mut told);
    serde_path_to_error::deserialize(told).map_err(|error| {
        let name = error.path().iter().next().map_or("query".to_owned(), ToString::to_string);
        ApiError::field(&name, Fault::Invalid)
    })
}

/// Converts a text to the JSON type of the parameter's schema. A text that is neither a number nor a boolean is kept as
/// text.
fn value_of(text: String, parameter: Option<&Parameter>) -> Value {
    let schema = parameter.and_then(|one| serde_json::to_value(&one.schema).ok());
    let is = |kind: &str| {
        let of = schema.as_ref().map(|schema| &schema["type"]);
        of.is_some_and(|of| {
            of == kind || of.as_array().is_some_and(|all| all.contains(&json!(kind)))
        })
    };
    let read = text.parse::<Value>().ok().filter(|read| read.is_number() || read.is_boolean());
    match read {
        Some(read) if is("integer") || is("number") || is("boolean") => read,
        _ => Value::String(text),
    }
}

/// One object of all parameters.
fn schema_of(parameters: &[Parameter]) -> Result<Value, serde_json::Error> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for one in parameters {
        properties.insert(one.name.clone(), serde_json::to_value(&one.schema)?);
        if matches!(one.required, Required::True) {
            required.push(one.name.clone());
        }
    }
    // The schema of an enumeration is a reference to its name.
    let components = serde_json::to_value(&openapi::document().components)?;
    Ok(json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false, "components": components,
    }))
}
