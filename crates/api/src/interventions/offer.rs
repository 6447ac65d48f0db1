use super::{InterventionView, no_place, record, step};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::OfferPlace;
use domain::calendar::day_of;
use domain::interventions::InterventionEvent;
use domain::tasks::TaskKind;
use persistence::StoreError;
use uuid::Uuid;

/// Offer a free place
///
/// To the first in line, by the providing unit. The line offers by itself when a place falls free; this
/// is for the provider who does not want to wait for that. The answer is due in five working days.
#[utoipa::path(
    operation_id = "offerPlace",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 200, description = "Offered", body = InterventionView), CommandProblems, VersionProblems),
)]
#[post("/interventions/{id}/offer")]
pub async fn offer_place(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "offerPlace", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        let step = step::<OfferPlace>(tx, &actor, *id, true).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.offer(tx.now())?;
        if let Some(code) = step.thing.catalogue_code.clone() {
            let is_first = tx
                .waiting_line(&code, 1)
                .await?
                .first()
                .is_some_and(|first| first.intervention_id == *id);
            let free = tx.free_places(&code, step.thing.wants_place_from(day_of(tx.now()))).await?;
            if !is_first || free.is_some_and(|free| free < 1) {
                return Err(no_place(tx, &code).await?);
            }
        }
        let InterventionEvent::Offered { expires_on, .. } = event else {
            return Err(StoreError::Corrupt { table: "intervention", column: "state" }.into());
        };
        let answer = record(tx, step, &event).await?;
        tx.ask_task(TaskKind::AnswerOffer, *id, expires_on).await?;
        Ok(answer)
    })
    .await
}
