//! Signing in and out, and who one is.

pub mod change_password;
pub mod me;
pub mod refresh;
pub mod sign_in;
pub mod sign_out;

use crate::edge::Edge;
use crate::problem::ApiError;
use crate::tokens::LIFETIME_SECONDS;
use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::ids::{EmployeeId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;

/// The tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// For the `Authorization` header: `Bearer …`.
    pub access_token: String,
    /// For how many seconds it holds.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Exchanged for new tokens once; used again, it ends the session.
    pub refresh_token: String,
}

/// A new secret, of a session or a calendar, and the digest that is kept of it.
pub fn new_secret() -> Result<(String, Vec<u8>), ApiError> {
    let mut secret = [0; 32];
    rand::fill(&mut secret).map_err(|error| ApiError::Internal(Box::new(error)))?;
    let token = BASE64_URL_SAFE_NO_PAD.encode(secret);
    let digest = digest_of(&token);
    Ok((token, digest))
}

/// What is kept of a secret.
pub fn digest_of(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

fn tokens(
    edge: &Edge,
    employee: EmployeeId,
    session: SessionId,
    refresh_token: String,
    now: DateTime<Utc>,
) -> Result<Tokens, ApiError> {
    let access_token = edge
        .tokens()
        .issue(employee, session, now)
        .map_err(|error| ApiError::Internal(Box::new(error)))?;
    Ok(Tokens { access_token, expires_in: LIFETIME_SECONDS, refresh_token })
}
