use super::{ListEntries, NoteView, list};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::Page;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use uuid::Uuid;

/// List notes
///
/// Those that the caller may see, newest first, each with its corrections.
#[utoipa::path(
    operation_id = "listNotes",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), ListEntries),
    responses((status = 200, description = "A page", body = Page<NoteView>), ReadProblems),
)]
#[get("/young-people/{id}/notes")]
pub async fn list_notes(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ListEntries>,
) -> Result<Json<Page<NoteView>>, ApiError> {
    Ok(Json(list(&edge, &caller, "listNotes", *id, &query).await?))
}
