use super::{NoteView, write, written_area};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use domain::access::InformationArea;
use domain::journal::Entry;
use domain::timeline::EventKind;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What there is to note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteNoteBody {
    /// What it is about. What a unit writes in health, family or crime is its own until it is shared.
    #[schema(schema_with = written_area)]
    information_area: InformationArea,
    /// The time that the note is about, at most a year ago and not in the future. Because clocks differ, a time up to
    /// five minutes in the future is stored as the current time.
    took_place_at: DateTime<Utc>,
    #[schema(schema_with = schema::prose::<8000>)]
    text: String,
}

/// Write a note
///
/// It is not changed after, corrections stand beside it.
#[utoipa::path(
    operation_id = "writeNote",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = WriteNoteBody,
    responses((status = 201, description = "The note", body = NoteView), CommandProblems),
)]
#[post("/young-people/{id}/notes")]
pub async fn write_note(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<WriteNoteBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "writeNote", Some(*id), &body.raw, async |tx| {
        let WriteNoteBody { information_area, took_place_at, text } = body.value;
        let entry = Entry { information_area, took_place_at, text, conversation: None };
        write::<NoteView>(tx, *id, &entry, EventKind::NoteWritten).await
    })
    .await
}
