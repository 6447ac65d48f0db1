use super::record;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::interventions::{InterventionView, step};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ArrangeIntervention;
use domain::calendar::day_of;
use domain::ids::GroupId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// When a membership ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveBody {
    /// The first day without it: not before it began, and not after today.
    on: Day,
}

/// End a membership
///
/// The intervention goes on, with its own schedule where it has one. One that ends leaves its group by
/// itself. A membership has no version: it begins and ends, and is not changed.
#[utoipa::path(
    operation_id = "endMembership",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The group"), ("intervention_id" = Uuid, Path, description = "The member's intervention")),
    request_body = LeaveBody,
    responses((status = 200, description = "The intervention", body = InterventionView), CommandProblems),
)]
#[post("/intervention-groups/{id}/members/{intervention_id}/end")]
pub async fn end_membership(
    caller: Caller,
    edge: Data<Edge>,
    path: Path<(Uuid, Uuid)>,
    body: Body<LeaveBody>,
) -> Result<HttpResponse, ApiError> {
    let (group, id) = path.into_inner();
    edge.command(&caller, "endMembership", Some(group), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        // Before plan and intervention, like an offer (D-13).
        let group = tx.lock_group(GroupId(group)).await?;
        let step = step::<ArrangeIntervention>(tx, &actor, id, false).await?;
        let group = group.ok_or(ApiError::NotFound)?;
        let since = tx.member_since(group.id, step.thing.id).await?.ok_or(ApiError::NotFound)?;
        let event = group.leave(&step.thing, since, body.value.on.date(), day_of(tx.now()))?;
        record(tx, &step.permit, &step.thing, &event).await?;
        let file = tx.intervention_file(step.thing.id).await?.ok_or(ApiError::NotFound)?;
        let version = step.thing.version;
        changed(version, Some(step.thing.young_person), &InterventionView::from(file))
    })
    .await
}
