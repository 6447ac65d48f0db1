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

/// Close a contact
///
/// That was answered; a concern once it was assessed and a receipt given.
#[utoipa::path(
    operation_id = "closeContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/close")]
pub async fn close_contact(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "closeContact", Some(*id), &[], async |tx| {
        let step = Step { kind: EventKind::HotlineClosed, written: None };
        step::take::<HandleContact>(tx, *id, &if_match, step, |contact, _, now| contact.close(now))
            .await
    })
    .await
}
