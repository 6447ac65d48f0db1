use crate::body::Body;
use crate::caller::{Caller, request_id};
use crate::edge::Edge;
use crate::problem::{ApiError, Fault, Problem};
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, put};
use persistence::{Answer, CommandRequest, Operation};
use serde::Deserialize;
use utoipa::ToSchema;

const NAME: &str = "changePassword";

/// The pass phrase that is, and the one that shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(schema_with = schema::pass_phrase)]
    current: String,
    /// At least 15 characters.
    #[schema(schema_with = schema::new_pass_phrase)]
    new: String,
}

/// Change one's pass phrase
///
/// Ends all other sessions of the caller and the caller's calendar secret. After signing in with a one-time pass
/// phrase, no other operation is allowed before this one. Wrong tries wait as at signing in.
#[utoipa::path(
    operation_id = "changePassword",
    tag = "session",
    security(("bearer" = [])),
    request_body = ChangePassword,
    responses(
        (status = 204, description = "Changed"),
        (status = 429, description = "Too many wrong tries", body = Problem, content_type = "application/problem+json"),
        ReadProblems, BodyProblems
    ),
)]
#[put("/me/password")]
pub async fn change_password(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    body: Body<ChangePassword>,
) -> Result<HttpResponse, ApiError> {
    let ChangePassword { current, new } = body.value;
    let own = edge
        .read(&caller, NAME, None, async |tx| {
            let (actor, _) = tx.signed_in().await?;
            tx.employee(actor.employee).await?.ok_or(ApiError::Unauthenticated)
        })
        .await?;
    let (now, from) = (edge.clock().now(), edge.origin(&request));
    let may_try = || match edge.throttle().wait(&own.username, from, now) {
        Some(retry_after) => Err(ApiError::TooManyTries { retry_after }),
        None => Ok(()),
    };
    may_try()?;
    let credential = edge.store().credential_of(&own.username, now).await?;
    let (employee, kept) = credential.ok_or(ApiError::Unauthenticated)?;
    let is_new = current != new;
    let hashing = edge.passwords().turn(employee).await?;
    let holds = hashing.verify(current, Some(kept.clone())).await?;
    may_try()?;
    if !holds {
        edge.throttle().wrong(&own.username, from, now);
        edge.store().wrong_password(employee, NAME, request_id(&request), now).await?;
        return Err(ApiError::field("/current", Fault::PasswordWrong));
    }
    if !is_new {
        return Err(ApiError::field("/new", Fault::PasswordUnchanged));
    }
    edge.throttle().right(&own.username, from);
    let hash = edge.passwords().hash(employee, new).await?;
    let (opening, operation) =
        (caller.opening(edge.clock().now())?, Operation { name: NAME, subject: None });
    edge.store()
        .command(opening, operation, CommandRequest::default(), async |tx| {
            tx.signed_in().await?;
            // Somebody else was faster with the same old one.
            if !tx.change_password(&kept, &hash).await? {
                return Err(ApiError::field("/current", Fault::PasswordWrong));
            }
            let (etag, location) = (None, None);
            Ok(Answer { status: 204, etag, location, body: Vec::new(), young_people: Vec::new() })
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
