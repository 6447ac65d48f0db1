use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

/// Sign out
///
/// Ends the session: its tokens are refused at the next request.
#[utoipa::path(
    operation_id = "signOut",
    tag = "session",
    security(("bearer" = [])),
    responses((status = 204, description = "The session is over"), ReadProblems),
)]
#[delete("/session")]
pub async fn sign_out(caller: Caller, edge: Data<Edge>) -> Result<HttpResponse, ApiError> {
    edge.store().end_session(caller.opening(edge.clock().now())?).await?;
    Ok(HttpResponse::NoContent().finish())
}
