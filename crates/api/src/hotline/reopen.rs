use super::WholeContactView;
use super::step::{self, Step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::HandleContact;
use domain::hotline::EntryKind;
use domain::timeline::EventKind;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why it is open again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Open a contact again
///
/// From wherever it is, with a reason. It is nobody's again, and due when it was due.
#[utoipa::path(
    operation_id = "reopenContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ReopenBody,
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/reopen")]
pub async fn reopen_contact(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ReopenBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "reopenContact", Some(*id), &body.raw, async |tx| {
        let written = Some((EntryKind::Reopening, &*body.value.reason));
        let step = Step { kind: EventKind::HotlineReopened, written };
        step::take::<HandleContact>(tx, *id, &if_match, step, |contact, _, now| contact.reopen(now))
            .await
    })
    .await
}
