use super::{ConversationView, CorrectionBody, correct};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::journal::Correction;
use uuid::Uuid;

/// Correct a conversation
///
/// The conversation stays as it was written; the correction stands beside it. Answers with the conversation.
#[utoipa::path(
    operation_id = "correctConversation",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = CorrectionBody,
    responses((status = 201, description = "The conversation with its corrections", body = ConversationView), CommandProblems),
)]
#[post("/conversations/{id}/corrections")]
pub async fn correct_conversation(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CorrectionBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "correctConversation", Some(*id), &body.raw, async |tx| {
        correct::<ConversationView>(tx, *id, &Correction::from(body.value)).await
    })
    .await
}
