//! What the `OpenAPI` document promises, operation by operation: tests walk it instead of remembering.

use serde_json::Value;

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `POST /api/v1/plans/{id}/goals`.
    pub name: String,
    /// `addGoal`.
    pub id: String,
    /// `POST`.
    pub method: String,
    /// `/api/v1/plans/{id}/goals`.
    pub path: String,
    /// The operation as it stands in the document.
    pub value: Value,
}

/// The whole document.
#[must_use]
pub fn document() -> Value {
    serde_json::to_value(api::openapi::document()).expect("a document")
}

/// Every operation, in the document's order.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (method, value) in item.as_object().expect("a path item") {
            let (method, path) = (method.to_uppercase(), path.clone());
            let (name, value) = (format!("{method} {path}"), value.clone());
            let id = value["operationId"].as_str().unwrap_or_default().to_owned();
            operations.push(Operation { name, id, method, path, value });
        }
    }
    operations
}

impl Operation {
    /// May anybody call it, without a token?
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.value["security"].is_null()
    }

    /// The schema of its body.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        let schema = &self.value["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then_some(schema)
    }

    /// Does it ask for the version of the thing in its path?
    #[must_use]
    pub fn asks_for_a_version(&self) -> bool {
        let parameters = self.value["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "If-Match"))
    }

    /// Does its path name a thing by its id?
    #[must_use]
    pub fn names_a_thing(&self) -> bool {
        self.path.contains("{id}")
    }

    /// Its path, with `value` in the place of every parameter.
    #[must_use]
    pub fn path_to(&self, value: &str) -> String {
        let parts =
            self.path.split('/').map(|part| if part.starts_with('{') { value } else { part });
        parts.collect::<Vec<_>>().join("/")
    }
}
