use super::{ConversationView, ListEntries, list};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::Page;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use uuid::Uuid;

/// List conversations
///
/// Those that the caller may see, newest first, each with its corrections.
#[utoipa::path(
    operation_id = "listConversations",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), ListEntries),
    responses((status = 200, description = "A page", body = Page<ConversationView>), ReadProblems),
)]
#[get("/young-people/{id}/conversations")]
pub async fn list_conversations(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ListEntries>,
) -> Result<Json<Page<ConversationView>>, ApiError> {
    Ok(Json(list(&edge, &caller, "listConversations", *id, &query).await?))
}
