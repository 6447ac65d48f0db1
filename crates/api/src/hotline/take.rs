use super::WholeContactView;
use super::step::{self, Step};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::HandleContact;
use domain::timeline::EventKind;
use uuid::Uuid;

/// Take a contact
///
/// One owner from then on, until it is opened again.
#[utoipa::path(
    operation_id = "takeContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/take")]
pub async fn take_contact(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "takeContact", Some(*id), &[], async |tx| {
        let step = Step { kind: EventKind::HotlineTaken, written: None };
        step::take::<HandleContact>(tx, *id, &if_match, step, |contact, by, now| {
            contact.take(by, now)
        })
        .await
    })
    .await
}
