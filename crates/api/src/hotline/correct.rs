use super::{WholeContactView, permitted};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::HandleContact;
use domain::hotline::EntryKind;
use domain::ids::ContactId;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How it is instead, and why it is corrected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectContactBody {
    #[schema(schema_with = schema::prose::<8000>)]
    text: String,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// That there is one; its words stand beside the contact alone.
#[derive(Serialize)]
struct Corrected {}

/// Correct a contact
///
/// What was logged stays as it was told; the correction stands beside it.
#[utoipa::path(
    operation_id = "correctContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact")),
    request_body = CorrectContactBody,
    responses((status = 201, description = "As it is now", body = WholeContactView), CommandProblems),
)]
#[post("/hotline/contacts/{id}/corrections")]
pub async fn correct_contact(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CorrectContactBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "correctContact", Some(*id), &body.raw, async |tx| {
        let id = ContactId(*id);
        let CorrectContactBody { text, reason } = &body.value;
        let actor = tx.actor().await?;
        let file = tx.contact_file(id).await?.ok_or(ApiError::NotFound)?;
        let permit = permitted::<HandleContact>(tx, &actor, &file).await?;
        let contact = tx.lock_contact(id, None).await?.ok_or(ApiError::NotFound)?;
        tx.write_to_contact(&permit, id, EntryKind::Correction, text, Some(reason)).await?;
        let change =
            Change { kind: EventKind::HotlineCorrected, subject: &id, payload: &Corrected {} };
        tx.record_for(&permit, contact.young_person, change).await?;
        let file = tx.contact_file(id).await?.ok_or(StoreError::Hidden)?;
        let location = format!("/api/v1/hotline/contacts/{id}");
        created(file.version, location, file.young_person(), &WholeContactView::from(&file))
    })
    .await
}
