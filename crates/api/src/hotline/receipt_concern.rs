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
use domain::access::policy::HandleConcern;
use domain::hotline::EntryKind;
use domain::timeline::EventKind;
use uuid::Uuid;

/// Give the receipt for a notification of concern
///
/// Within 6 working days of the day of the call, with what was told to whoever notified. Once.
#[utoipa::path(
    operation_id = "receiptConcern",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = TextBody,
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/receipt-concern")]
pub async fn receipt_concern(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<TextBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "receiptConcern", Some(*id), &body.raw, async |tx| {
        let written = Some((EntryKind::Receipt, &*body.value.text));
        let step = Step { kind: EventKind::HotlineReceiptGiven, written };
        step::take::<HandleConcern>(tx, *id, &if_match, step, |contact, _, now| {
            contact.receipt(now)
        })
        .await
    })
    .await
}
