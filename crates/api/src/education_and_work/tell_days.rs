use super::{EpisodeDaysBody, EpisodeView, store};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use domain::access::policy::RecordEducationAndWork;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use uuid::Uuid;

/// Tell how an education or work went on
///
/// The days that were not told yet; those that were told stay.
#[utoipa::path(
    operation_id = "tellEpisodeDays",
    tag = "education and work",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The episode"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = EpisodeDaysBody,
    responses((status = 200, description = "As it is now", body = EpisodeView), CommandProblems, VersionProblems),
)]
#[patch("/education-and-work/{id}")]
pub async fn tell_episode_days(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<EpisodeDaysBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellEpisodeDays", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let days = body.value.until("", day_of(tx.now()))?;
        let case = tx.case_of_episode((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<RecordEducationAndWork>(&actor, Scope::Case(&case))?;
        tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let known = tx.episodes(case.young_person).await?;
        let episode = known.iter().find(|one| one.id.0 == *id).ok_or(ApiError::NotFound)?;
        if_match.check(episode.version)?;
        let event = episode.tell(days)?;
        let view = store(tx, &permit, case.young_person, &event).await?;
        changed(view.version, Some(case.young_person), &view)
    })
    .await
}
