use super::{ConversationView, write, written_area};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use domain::access::InformationArea;
use domain::journal::{Conversation, Entry, Form};
use domain::timeline::EventKind;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A conversation that was held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteConversationBody {
    /// What it was about. What a unit writes in health, family or crime is its own until it is shared.
    #[schema(schema_with = written_area)]
    information_area: InformationArea,
    /// The beginning of the conversation, at most a year ago and not in the future. Because clocks differ, a time up to
    /// five minutes in the future is stored as the current time.
    took_place_at: DateTime<Utc>,
    #[schema(schema_with = schema::code::<Form>)]
    form: Form,
    /// How long it lasted; left out of a letter.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440, required = false)]
    minutes: Option<i16>,
    /// Who took part beside the young person: names or roles. Left out where nobody did.
    #[serde(default)]
    #[schema(schema_with = schema::lines::<200, 20>, required = false)]
    took_part: Vec<String>,
    young_person_took_part: bool,
    #[schema(schema_with = schema::prose::<8000>)]
    text: String,
}

/// Write a conversation down
///
/// As soon as it was held; it is not changed after, corrections stand beside it.
#[utoipa::path(
    operation_id = "writeConversation",
    tag = "journal",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = WriteConversationBody,
    responses((status = 201, description = "The conversation", body = ConversationView), CommandProblems),
)]
#[post("/young-people/{id}/conversations")]
pub async fn write_conversation(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<WriteConversationBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "writeConversation", Some(*id), &body.raw, async |tx| {
        let entry = Entry::try_from(body.value)?;
        write::<ConversationView>(tx, *id, &entry, EventKind::ConversationWritten).await
    })
    .await
}

impl TryFrom<WriteConversationBody> for Entry {
    type Error = ApiError;

    fn try_from(body: WriteConversationBody) -> Result<Self, ApiError> {
        let fault = |pointer, fault| Err(ApiError::field(pointer, fault));
        match (body.form.lasts(), body.minutes) {
            (true, None) => return fault("/minutes", Fault::Required),
            (false, Some(_)) => return fault("/minutes", Fault::Contradiction),
            (true, Some(_)) | (false, None) => {}
        }
        if body.took_part.is_empty() && !body.young_person_took_part {
            return fault("/tookPart", Fault::Required);
        }
        Ok(Self {
            information_area: body.information_area,
            took_place_at: body.took_place_at,
            text: body.text,
            conversation: Some(Conversation {
                form: body.form,
                minutes: body.minutes,
                took_part: body.took_part,
                young_person_took_part: body.young_person_took_part,
            }),
        })
    }
}
