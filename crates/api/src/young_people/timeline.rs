use crate::caller::Caller;
use crate::edge::Edge;
use crate::language::Language;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, Utc};
use domain::access::policy::ReadTimeline;
use domain::access::{InformationArea, Scope, authorize};
use domain::timeline::{EventKind, Subject};
use persistence::timeline::TimelineEntry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadTimelineQuery {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntryView {
    id: Uuid,
    /// When it was recorded.
    at: DateTime<Utc>,
    #[schema(schema_with = schema::code::<EventKind>)]
    kind: &'static str,
    /// What happened, in plain words: Danish or English.
    #[schema(example = "Indsats startet")]
    text: &'static str,
    /// What the thing is called, where it has a name: of an intervention its title, of a goal the wished result.
    title: Option<String>,
    #[schema(schema_with = schema::code::<Subject>)]
    subject_kind: Subject,
    subject_id: Uuid,
    #[schema(schema_with = schema::code::<InformationArea>)]
    information_area: InformationArea,
    /// Who did it; null: the system itself.
    by_id: Option<Uuid>,
    by: Option<String>,
    /// In which unit.
    unit: Option<String>,
}

impl TimelineEntryView {
    fn new(entry: &TimelineEntry, language: Language) -> Self {
        let actor = entry.actor.as_ref();
        Self {
            id: entry.id,
            at: entry.recorded_at,
            kind: entry.kind.into(),
            text: match language {
                Language::Danish => entry.kind.in_danish(),
                Language::English => entry.kind.in_english(),
            },
            title: entry.title.clone(),
            subject_kind: entry.kind.subject(),
            subject_id: entry.subject,
            information_area: entry.area,
            by_id: actor.map(|(id, _)| *id),
            by: actor.map(|(_, name)| name.clone()),
            unit: entry.unit.clone(),
        }
    }
}

/// Read the timeline
///
/// All that happened to a young person in one order, the latest recorded first, as far as the caller may
/// see what it happened to.
#[utoipa::path(
    operation_id = "readTimeline",
    tag = "young people",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), ReadTimelineQuery),
    responses((status = 200, description = "A page", body = Page<TimelineEntryView>), ReadProblems),
)]
#[get("/young-people/{id}/timeline")]
pub async fn read_timeline(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ReadTimelineQuery>,
    language: Language,
) -> Result<Json<Page<TimelineEntryView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    edge.read(&caller, "readTimeline", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<ReadTimeline>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let entries = tx.timeline(case.young_person, asked.after, asked.limit + 1).await?;
        Ok(Json(asked.page(
            entries,
            |entry| (entry.recorded_at, entry.id),
            |entry| TimelineEntryView::new(entry, language),
        )))
    })
    .await
}
