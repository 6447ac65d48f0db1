use super::{Tokens, digest_of, new_secret, tokens};
use crate::body::Body;
use crate::caller::request_id;
use crate::edge::Edge;
use crate::problem::{ApiError, Problem};
use crate::schema;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, post};
use serde::Deserialize;
use utoipa::ToSchema;

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    #[schema(schema_with = schema::line::<100>)]
    refresh_token: String,
}

/// Exchange a refresh token
///
/// For new tokens of the same session. Each refresh token is good once; one used again ends the session.
#[utoipa::path(
    operation_id = "refreshSession",
    tag = "session",
    request_body = Refresh,
    responses(
        (status = 200, description = "New tokens", body = Tokens),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Unknown, used, or the session is over", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive within 10 seconds", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Come back later", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/session/refresh")]
pub async fn refresh_session(
    request: HttpRequest,
    edge: Data<Edge>,
    body: Body<Refresh>,
) -> Result<Json<Tokens>, ApiError> {
    let now = edge.clock().now();
    let (refresh_token, digest) = new_secret()?;
    let (session, employee) = edge
        .store()
        .rotate_refresh_token(
            &digest_of(&body.value.refresh_token),
            &digest,
            request_id(&request),
            now,
        )
        .await?
        .ok_or(ApiError::Unauthenticated)?;
    Ok(Json(tokens(&edge, employee, session, refresh_token, now)?))
}
