use super::step::{self, Step};
use super::{TextBody, WholeContactView};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::HandleContact;
use domain::hotline::EntryKind;
use domain::timeline::EventKind;
use uuid::Uuid;

/// Answer a contact
///
/// By its owner, with what was answered. Whoever was asked to answer it is asked no more.
#[utoipa::path(
    operation_id = "answerContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = TextBody,
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/answer")]
pub async fn answer_contact(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<TextBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "answerContact", Some(*id), &body.raw, async |tx| {
        let written = Some((EntryKind::Answer, &*body.value.text));
        let step = Step { kind: EventKind::HotlineAnswered, written };
        step::take::<HandleContact>(tx, *id, &if_match, step, |contact, by, now| {
            contact.answer(by, now)
        })
        .await
    })
    .await
}
