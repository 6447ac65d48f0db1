use super::{CorrectionBody, NoteView, correct};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::journal::Correction;
use uuid::Uuid;

/// Correct a note
///
/// The note stays as it was written; the correction stands beside it. Answers with the note.
#[utoipa::path(
    operation_id = "correctNote",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The note")),
    request_body = CorrectionBody,
    responses((status = 201, description = "The note with its corrections", body = NoteView), CommandProblems),
)]
#[post("/notes/{id}/corrections")]
pub async fn correct_note(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CorrectionBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "correctNote", Some(*id), &body.raw, async |tx| {
        correct::<NoteView>(tx, *id, &Correction::from(body.value)).await
    })
    .await
}
