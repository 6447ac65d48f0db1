use super::{ConversationView, View as _, read};
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use uuid::Uuid;

/// Read a conversation
///
/// With its corrections, in the order in which they were made.
#[utoipa::path(
    operation_id = "readConversation",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = ConversationView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/conversations/{id}")]
pub async fn read_conversation(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let view: ConversationView = read(&edge, &caller, "readConversation", *id).await?;
    answer_with_version(&request, view.entry().version, &view)
}
