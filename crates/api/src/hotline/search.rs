use super::ContactView;
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use domain::access::policy::FindContacts;
use domain::access::{Scope, authorize};
use domain::hotline::{CallerKind, State, Topic};
use persistence::hotline::views::{ContactFilter, FoundContact, Mark};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many where nothing is asked.
const USUAL: u8 = 25;

/// What to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchContacts {
    /// Words of a summary or beginnings of them, as one types them: `misbrg`, `skolefravaer`. All contacts where nothing is
    /// told.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<100>, required = false)]
    text: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_code::<CallerKind>, required = false)]
    caller_kind: Option<CallerKind>,
    #[serde(default)]
    institution_id: Option<Uuid>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_code::<Topic>, required = false)]
    topic: Option<Topic>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_code::<State>, required = false)]
    state: Option<State>,
    /// Called then or later.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// Called before then.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    /// 1 to 200; 25 where nothing is asked.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    cursor: Option<String>,
}

/// A contact that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundContactView {
    #[serde(flatten)]
    contact: ContactView,
    /// All words stand in it as they were typed; else something like them.
    exact: bool,
    /// Where in the summary.
    marks: Vec<MarkView>,
}

/// Some characters (Unicode code points) of the summary.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarkView {
    /// The first, counted from 0.
    start: u32,
    /// How many.
    length: u32,
}

impl From<&FoundContact> for FoundContactView {
    fn from(found: &FoundContact) -> Self {
        let mark = |Mark { start, length }: &Mark| MarkView { start: *start, length: *length };
        Self {
            contact: ContactView::from(&found.file),
            exact: found.rank == 0,
            marks: found.marks.iter().map(mark).collect(),
        }
    }
}

/// Search contacts of the hotline
///
/// In their summaries, never in who called. All words have to fit; what fits as it was typed comes first, then what is like
/// it, each newest first; without words all of them, newest first. Forgives typing errors and other spellings of Danish letters. Finds only what the caller may see. In the
/// body, for nothing typed to search stands in a URL.
#[utoipa::path(
    operation_id = "searchContacts",
    tag = "hotline",
    security(("bearer" = [])),
    request_body = SearchContacts,
    responses((status = 200, description = "A page", body = Page<FoundContactView>), ReadProblems, BodyProblems),
)]
#[post("/hotline/contacts/search")]
pub async fn search_contacts(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<SearchContacts>,
) -> Result<Json<Page<FoundContactView>>, ApiError> {
    let wanted = &body.value;
    let limit = wanted.limit.or(Some(USUAL));
    let SearchContacts { text, caller_kind, institution_id, topic, state, from, to, .. } = wanted;
    let filter = (text, caller_kind, institution_id, topic, state, from, to);
    let caller = caller.filtered_by(&filter);
    let asked = Asked::<(i32, Uuid)>::new(&edge, &caller, limit, wanted.cursor.as_deref())?;
    let page = edge
        .read(&caller, "searchContacts", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<FindContacts>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let filter = ContactFilter {
                text: wanted.text.as_deref(),
                state: wanted.state,
                topic: wanted.topic,
                caller: wanted.caller_kind,
                institution: wanted.institution_id.map(Into::into),
                from: wanted.from,
                to: wanted.to,
                overdue: false,
            };
            let rows = tx.find_contacts(filter, asked.after, asked.limit + 1).await?;
            for row in rows.iter().take(asked.limit.into()) {
                tx.saw_contact(&row.file);
            }
            Ok::<_, ApiError>(asked.page(
                rows,
                |row| (row.rank, row.file.id),
                |row| FoundContactView::from(row),
            ))
        })
        .await?;
    Ok(Json(page))
}
