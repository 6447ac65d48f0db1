//! The problems that operations have in common, for the `OpenAPI` document.

use crate::problem::Problem;
use utoipa::IntoResponses;

/// Of every operation that asks who is calling.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "describes responses; never made")]
pub enum ReadProblems {
    /// No token, or one that does not hold any more.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The role may not do it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Not there, or not for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// A parameter is wrong.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Come back after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// Beside [`ReadProblems`], of those that are asked in a body.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "describes responses; never made")]
pub enum BodyProblems {
    /// The body is not JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    NotJson(Problem),
    /// The body did not arrive within 10 seconds.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The body is larger than 256 `KiB`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not `application/json`.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
}

/// Of every operation that changes something.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "describes responses; never made")]
pub enum CommandProblems {
    /// The body is not JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    NotJson(Problem),
    /// No token, or one that does not hold any more.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The role may not do it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Not there, or not for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The body did not arrive within 10 seconds.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// A rule forbids it now, or the same request is still running.
    #[response(status = 409, content_type = "application/problem+json")]
    Rule(Problem),
    /// The body is larger than 256 `KiB`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not `application/json`.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
    /// Fields are wrong: all of them are named.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many checks that led to no access; try again after `Retry-After` seconds.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyChecks(Problem),
    /// Come back after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// Beside [`CommandProblems`], of those that change the thing in their path.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "describes responses; never made")]
pub enum VersionProblems {
    /// Somebody else changed it since it was read.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// No version was named.
    #[response(status = 428, content_type = "application/problem+json")]
    Missing(Problem),
}
