use super::{Tokens, new_secret, tokens};
use crate::body::Body;
use crate::caller::request_id;
use crate::edge::Edge;
use crate::problem::{ApiError, Problem};
use crate::schema;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use utoipa::ToSchema;

/// The delay after the hashing at which a wrong attempt is refused. It is longer than all other work of the request.
const WRONG_AFTER: Duration = Duration::from_millis(250);

/// User name and pass phrase.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(schema_with = schema::line::<60>)]
    username: String,
    #[schema(schema_with = schema::pass_phrase)]
    password: String,
}

/// Sign in
///
/// An unknown name and a wrong pass phrase get the same answer after the same time. After five wrong
/// tries of one name from one address the next ones wait, longer each time.
#[utoipa::path(
    operation_id = "signIn",
    tag = "session",
    request_body = SignIn,
    responses(
        (status = 201, description = "The tokens of a new session", body = Tokens),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "User name or pass phrase are wrong", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive within 10 seconds", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many wrong tries", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Come back later", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/session")]
pub async fn sign_in(
    request: HttpRequest,
    edge: Data<Edge>,
    body: Body<SignIn>,
) -> Result<HttpResponse, ApiError> {
    let SignIn { username, password } = body.value;
    let (now, from) = (edge.clock().now(), edge.origin(&request));
    let may_try = || match edge.throttle().wait(&username, from, now) {
        Some(retry_after) => Err(ApiError::TooManyTries { retry_after }),
        None => Ok(()),
    };
    may_try()?;
    let hashing = edge.passwords().turn(from).await?;
    let credential = edge.store().credential_of(&username, now).await?;
    let (employee, kept) = credential.unzip();
    let holds = hashing.verify(password, kept.clone()).await?;
    let hashed = Instant::now();
    // Those who tried at the same time have counted meanwhile: a burst learns no more than a row of tries.
    may_try()?;
    let Some((employee, verified)) = employee.zip(kept).filter(|_| holds) else {
        edge.throttle().wrong(&username, from, now);
        if let Some(employee) = employee {
            edge.store().wrong_password(employee, "signIn", request_id(&request), now).await?;
        }
        // A known name takes a line in the log, an unknown one does not: both are answered together.
        sleep_until(hashed + WRONG_AFTER).await;
        return Err(ApiError::WrongCredentials);
    };
    edge.throttle().right(&username, from);
    let (refresh_token, digest) = new_secret()?;
    // A pass phrase or sign-in that was revoked during the verification opens no session (OR-2).
    let session = edge
        .store()
        .open_session(employee, &verified, &digest, request_id(&request), now)
        .await?
        .ok_or(ApiError::WrongCredentials)?;
    Ok(HttpResponse::Created().json(tokens(&edge, employee, session, refresh_token, now)?))
}
