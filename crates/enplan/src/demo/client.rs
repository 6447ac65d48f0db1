//! The demonstration is written through the interface itself, by the accounts who would do each step: so
//! every row has its event, and no second way of writing exists.

use super::PASS_PHRASE;
use actix_web::http::{Method, StatusCode};
use persistence::organisation::LoadedAccount;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Why loading stopped.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The server did not answer.
    #[error("{0} {1} was not answered: {2}")]
    Unanswered(Method, String, String),
    /// It refused.
    #[error("{0} {1} was answered {2}: {3}")]
    Refused(Method, String, StatusCode, String),
    /// A member is missing in its answer.
    #[error("the answer has no {0}")]
    Missing(&'static str),
    /// An account or unit is not in the municipality.
    #[error("the municipality has no {0}")]
    Unknown(String),
}

/// Speaks as any account.
pub struct Client {
    http: awc::Client,
    url: String,
    accounts: HashMap<String, LoadedAccount>,
    units: Mutex<HashMap<String, Uuid>>,
    tokens: Mutex<HashMap<String, String>>,
}

impl Client {
    /// Speaks to the interface at `url`.
    pub fn new(url: String, accounts: &[LoadedAccount]) -> Self {
        Self {
            http: awc::Client::builder().timeout(Duration::from_secs(30)).finish(),
            url,
            accounts: accounts
                .iter()
                .map(|account| (account.username.clone(), account.clone()))
                .collect(),
            units: Mutex::default(),
            tokens: Mutex::default(),
        }
    }

    /// The employee of an account.
    pub fn employee(&self, username: &str) -> Result<Uuid, LoadError> {
        self.accounts
            .get(username)
            .map(|account| account.employee.0)
            .ok_or_else(|| LoadError::Unknown(username.to_owned()))
    }

    /// The unit of an account.
    pub fn unit_of(&self, username: &str) -> Result<Uuid, LoadError> {
        self.accounts
            .get(username)
            .map(|account| account.unit.0)
            .ok_or_else(|| LoadError::Unknown(username.to_owned()))
    }

    /// The unit with this code.
    pub async fn unit(&self, code: &str) -> Result<Uuid, LoadError> {
        let mut units = self.units.lock().await;
        if units.is_empty() {
            let all = self.get("admin", "/units").await?;
            let items =
                all.get("items").and_then(Value::as_array).ok_or(LoadError::Missing("items"))?;
            for unit in items {
                if let (Some(code), Ok(id)) = (text(unit, "code"), id(unit)) {
                    units.insert(code.to_owned(), id);
                }
            }
        }
        units.get(code).copied().ok_or_else(|| LoadError::Unknown(code.to_owned()))
    }

    /// Reads something.
    pub async fn get(&self, who: &str, path: &str) -> Result<Value, LoadError> {
        self.send(who, Method::GET, path, None, None).await
    }

    /// Makes something.
    pub async fn post(&self, who: &str, path: &str, body: Value) -> Result<Value, LoadError> {
        self.send(who, Method::POST, path, None, Some(body)).await
    }

    /// Changes something, as it was last answered.
    pub async fn change(
        &self,
        who: &str,
        method: Method,
        path: &str,
        as_answered: &Value,
        body: Option<Value>,
    ) -> Result<Value, LoadError> {
        let version = as_answered.get("version").and_then(Value::as_i64);
        self.send(who, method, path, version, body).await
    }

    async fn send(
        &self,
        who: &str,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Value>,
    ) -> Result<Value, LoadError> {
        let token = self.token(who).await?;
        let mut request = self
            .http
            .request(method.clone(), format!("{}/api/v1{path}", self.url))
            .insert_header(("Authorization", format!("Bearer {token}")));
        if let Some(version) = version {
            request = request.insert_header(("If-Match", format!("\"{version}\"")));
        }
        let sent = match body {
            Some(body) => request.send_json(&body).await,
            None => request.send().await,
        };
        let unanswered =
            |error: String| LoadError::Unanswered(method.clone(), path.to_owned(), error);
        let mut answer = sent.map_err(|error| unanswered(error.to_string()))?;
        let status = answer.status();
        let body = answer.body().await.map_err(|error| unanswered(error.to_string()))?;
        if status.is_success() {
            serde_json::from_slice(&body).map_err(|error| unanswered(error.to_string()))
        } else {
            let told = String::from_utf8_lossy(&body).into_owned();
            Err(LoadError::Refused(method.clone(), path.to_owned(), status, told))
        }
    }

    async fn token(&self, who: &str) -> Result<String, LoadError> {
        let mut tokens = self.tokens.lock().await;
        if let Some(token) = tokens.get(who) {
            return Ok(token.clone());
        }
        let path = "/session".to_owned();
        let unanswered = |error: String| LoadError::Unanswered(Method::POST, path.clone(), error);
        let mut answer = self
            .http
            .post(format!("{}/api/v1/session", self.url))
            .send_json(&json!({ "username": who, "password": PASS_PHRASE }))
            .await
            .map_err(|error| unanswered(error.to_string()))?;
        let body: Value = answer.json().await.map_err(|error| unanswered(error.to_string()))?;
        let token = text(&body, "accessToken").ok_or(LoadError::Missing("accessToken"))?.to_owned();
        tokens.insert(who.to_owned(), token.clone());
        Ok(token)
    }
}

/// The `id` of an answer.
pub fn id(answer: &Value) -> Result<Uuid, LoadError> {
    text(answer, "id").and_then(|id| id.parse().ok()).ok_or(LoadError::Missing("id"))
}

/// A text of an answer.
pub fn text<'a>(answer: &'a Value, name: &str) -> Option<&'a str> {
    answer.get(name).and_then(Value::as_str)
}
