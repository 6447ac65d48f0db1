use super::{SessionBody, WithClashes, record, sessions, with_clashes};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::interventions::step;
use crate::language::Language;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::ArrangeIntervention;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The sessions of a week.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleBody {
    /// All of them; none: without.
    #[schema(max_items = 35)]
    sessions: Vec<SessionBody>,
}

/// Set the schedule
///
/// The weekly sessions of an intervention without a group; while it is in one, the group's are held.
/// Tells what they clash with, and refuses nothing for it.
#[utoipa::path(
    operation_id = "setSchedule",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ScheduleBody,
    responses((status = 200, description = "The intervention, and what clashes", body = WithClashes), CommandProblems, VersionProblems),
)]
#[put("/interventions/{id}/schedule")]
pub async fn set_schedule(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    language: Language,
    body: Body<ScheduleBody>,
) -> Result<HttpResponse, ApiError> {
    let week = sessions(&body.value.sessions)?;
    edge.command(&caller, "setSchedule", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<ArrangeIntervention>(tx, &actor, *id, false).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.schedule(week)?;
        record(tx, &step.permit, &step.thing, &event).await?;
        let version = tx.raise_version(&step.permit, &step.thing).await?;
        let view = with_clashes(tx, &step.case, step.thing.id, language).await?;
        changed(version, Some(step.thing.young_person), &view)
    })
    .await
}
