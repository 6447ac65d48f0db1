use super::ContactView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::FindContacts;
use domain::access::{Scope, authorize};
use domain::hotline::{State, Step, Topic};
use persistence::hotline::views::{ContactFile, ContactFilter};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Array;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which of them, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListContacts {
    /// Only those in this state.
    #[param(schema_with = schema::code::<State>, required = false)]
    state: Option<State>,
    /// Only those about this.
    #[param(schema_with = schema::code::<Topic>, required = false)]
    topic: Option<Topic>,
    /// Only those of this institution.
    institution_id: Option<Uuid>,
    /// Only those past due: the team leader's list.
    #[serde(default)]
    #[param(default = false)]
    overdue: bool,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A contact of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedContactView {
    #[serde(flatten)]
    contact: ContactView,
    /// What of it is past due now: that it is answered; of a concern, that it is assessed, or its receipt given.
    #[schema(schema_with = past_due)]
    past_due: Vec<String>,
}

fn past_due() -> Array {
    Array::new(schema::one_of(&[Step::Answer, Step::Assess, Step::Receipt]))
}

impl From<&ContactFile> for ListedContactView {
    fn from(file: &ContactFile) -> Self {
        Self { contact: file.into(), past_due: file.past_due.clone() }
    }
}

/// List contacts of the hotline
///
/// Newest first: those on the lists of the caller's units, and those of young people whose education and employment they see.
#[utoipa::path(
    operation_id = "listContacts",
    tag = "hotline",
    security(("bearer" = [])),
    params(ListContacts),
    responses((status = 200, description = "A page", body = Page<ListedContactView>), ReadProblems),
)]
#[get("/hotline/contacts")]
pub async fn list_contacts(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListContacts>,
) -> Result<Json<Page<ListedContactView>>, ApiError> {
    let asked = Asked::<Uuid>::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let page = edge
        .read(&caller, "listContacts", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<FindContacts>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let filter = ContactFilter {
                state: query.state,
                topic: query.topic,
                institution: query.institution_id.map(Into::into),
                overdue: query.overdue,
                ..ContactFilter::default()
            };
            let after = asked.after.map(|id| (0, id));
            let rows = tx.find_contacts(filter, after, asked.limit + 1).await?;
            for row in rows.iter().take(asked.limit.into()) {
                tx.saw_contact(&row.file);
            }
            Ok::<_, ApiError>(asked.page(
                rows,
                |row| row.file.id,
                |row| ListedContactView::from(&row.file),
            ))
        })
        .await?;
    Ok(Json(page))
}
