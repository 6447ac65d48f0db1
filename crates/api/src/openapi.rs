//! The `OpenAPI` document, generated from the handlers; `openapi/enplan.json` is its committed copy.

use crate::problem::ApiError;
use actix_web::{App, HttpRequest};
use std::collections::HashMap;
use std::sync::OnceLock;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    PathItem, RefOr, Required, Schema,
};
use utoipa_actix_web::AppExt as _;

/// The document of everything in [`crate::routes`], without starting anything.
#[must_use]
pub fn document() -> &'static OpenApi {
    static DOCUMENT: OnceLock<OpenApi> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let (_, mut document) =
            App::new().into_utoipa_app().openapi(base()).configure(crate::routes).split_for_parts();
        take_idempotency_keys(&mut document);
        describe_optional_bodies(&mut document);
        document
    })
}

/// Title, licence and the one security scheme.
#[must_use]
pub fn base() -> OpenApi {
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".to_owned());
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Enplan")
                .version("1")
                .description(Some(
                    "One joint plan for every young person, shared by the departments that work with them. \
                     Days are days in Copenhagen; identifiers are UUIDv7; every failure is application/problem+json.",
                ))
                .contact(Some(ContactBuilder::new().name(Some("Enplan")).build()))
                .license(Some(LicenseBuilder::new().name("MPL-2.0").identifier(Some("MPL-2.0")).build()))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new().security_scheme("bearer", SecurityScheme::Http(bearer)).build(),
        ))
        .build()
}

/// Operations that can return 409 without changing data.
const NO_CHANGE: &str = "readCard";

/// Every operation that changes something takes an idempotency key: those that may be answered 409.
fn take_idempotency_keys(document: &mut OpenApi) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The same key and request within 24 hours gives the first answer again."))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(200)),
        ))
        .build();
    for item in document.paths.paths.values_mut() {
        let changing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in changing.into_iter().flatten() {
            let changes = operation.operation_id.as_deref() != Some(NO_CHANGE);
            if changes && operation.responses.responses.contains_key("409") {
                operation.parameters.get_or_insert_default().push(key.clone().into());
            }
        }
    }
}

/// A body that may be left out is described as what it is, not as that or `null`.
fn describe_optional_bodies(document: &mut OpenApi) {
    let operations = document.paths.paths.values_mut().filter_map(|item| item.post.as_mut());
    for body in operations.filter_map(|operation| operation.request_body.as_mut()) {
        let RefOr::T(body) = body else { continue };
        for media in body.content.values_mut() {
            let RefOr::T(media) = media else { continue };
            if let Some(RefOr::T(Schema::OneOf(either))) = &mut media.schema {
                either.items.retain(|one| matches!(one, RefOr::Ref(_)));
                media.schema = either.items.pop();
            }
        }
    }
}

/// The name of the operation with this method and path pattern.
#[must_use]
pub fn operation_of(method: &str, pattern: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<(&str, &str), &str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let paths = document().paths.paths.iter();
        let named = paths.flat_map(|(pattern, item)| {
            [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ]
            .into_iter()
            .filter_map(|(method, operation)| {
                let name = operation.as_ref()?.operation_id.as_deref()?;
                Some(((method, pattern.as_str()), name))
            })
        });
        named.collect()
    });
    names.get(&(method, pattern)).copied()
}

/// What no handler took, or a path that is no id: 405 with `Allow` where the path is one of the
/// document's and the method is not, else 404. A path that is spelt out comes before one with parameters.
#[must_use]
pub fn nothing_here(request: &HttpRequest) -> ApiError {
    let fitting =
        document().paths.paths.iter().filter(|(template, _)| fits(template, request.path()));
    let methods = fitting
        .min_by_key(|(template, _)| template.matches('{').count())
        .map_or_else(Vec::new, |(_, item)| methods_of(item));
    if methods.is_empty() || methods.contains(&request.method().as_str()) {
        return ApiError::NotFound;
    }
    ApiError::MethodNotAllowed { allow: methods.join(", ") }
}

fn fits(template: &str, path: &str) -> bool {
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(segment))
                if part == segment || part.starts_with('{') && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

fn methods_of(item: &PathItem) -> Vec<&'static str> {
    [
        (item.get.is_some(), "GET"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
    ]
    .into_iter()
    .filter_map(|(there, method)| there.then_some(method))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_its_paths_and_no_others() {
        assert!(fits("/api/v1/plans/{id}", "/api/v1/plans/7"));
        assert!(!fits("/api/v1/plans/{id}", "/api/v1/plans/"));
        assert!(!fits("/api/v1/plans/{id}", "/api/v1/plans/7/goals"));
        assert!(!fits("/api/v1/plans/{id}", "/api/v1/plans"));
    }
}
