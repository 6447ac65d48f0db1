use super::{WithClashes, record, with_clashes};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::language::Language;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::ArrangeIntervention;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::courses::Group;
use domain::ids::{GroupId, InterventionId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who joins, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MemberBody {
    /// An intervention that the group's unit provides.
    intervention_id: Uuid,
    /// Today, or the group's first day, where nothing is told.
    #[serde(default)]
    from: Option<Day>,
}

/// Add a member to a group
///
/// An intervention that is not over, while there is room on every day from then on. Tells what the
/// group's sessions clash with, and refuses nothing for it.
#[utoipa::path(
    operation_id = "addMember",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The group")),
    request_body = MemberBody,
    responses((status = 201, description = "The intervention with its schedule, and what clashes", body = WithClashes), CommandProblems),
)]
#[post("/intervention-groups/{id}/members")]
pub async fn add_member(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    language: Language,
    body: Body<MemberBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "addMember", Some(*id), &body.raw, async |tx| {
        let MemberBody { intervention_id, from } = body.value;
        let intervention_id = InterventionId(intervention_id);
        let actor = tx.actor().await?;
        let case = tx.case_of_intervention(intervention_id).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ArrangeIntervention>(&actor, Scope::Case(&case))?;
        // Locked before plan and intervention, like an offer (D-13), and before it is counted.
        let group = tx.lock_group(GroupId(*id)).await?.ok_or(ApiError::NotFound)?;
        let from = first_day(&group, from.map(Day::date), day_of(tx.now()))?;
        let (plan, _) =
            tx.place_of_intervention(intervention_id).await?.ok_or(ApiError::NotFound)?;
        tx.stage_of_plan(plan).await?;
        let thing = tx.lock_intervention(intervention_id).await?.ok_or(ApiError::NotFound)?;
        let members = tx.group_members(group.id, from).await?;
        let event = group.admit(&thing, from, members)?;
        record(tx, &permit, &thing, &event).await?;
        let view = with_clashes(tx, &case, thing.id, language).await?;
        let location = format!("/api/v1/interventions/{}", thing.id);
        created(thing.version, location, Some(thing.young_person), &view)
    })
    .await
}

/// The day from which one is a member: one of the group's.
fn first_day(
    group: &Group,
    told: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, ApiError> {
    let from = told.unwrap_or_else(|| today.max(group.from));
    match group.to {
        _ if from < group.from => {
            Err(ApiError::field("/from", Fault::AtLeast(group.from.to_string())))
        }
        Some(to) if from > to => Err(ApiError::field("/from", Fault::AtMost(to.to_string()))),
        _ => Ok(from),
    }
}
