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

/// Assess a notification of concern
///
/// Within 24 hours of the call, by the unit that takes them. Once.
#[utoipa::path(
    operation_id = "assessConcern",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = TextBody,
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/assess-concern")]
pub async fn assess_concern(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<TextBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "assessConcern", Some(*id), &body.raw, async |tx| {
        let written = Some((EntryKind::Assessment, &*body.value.text));
        let step = Step { kind: EventKind::HotlineConcernAssessed, written };
        step::take::<HandleConcern>(tx, *id, &if_match, step, |contact, _, now| contact.assess(now))
            .await
    })
    .await
}
