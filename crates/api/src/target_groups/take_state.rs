use super::{FollowUpView, known_follow_ups};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::on_day::ensure_not_after;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::FollowUp;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::target_groups::follow_ups::{FollowUp as Due, Left, StateAfter, Taking, take};
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What became of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeStateBody {
    #[schema(schema_with = schema::code::<Left>)]
    of: Left,
    /// The first day outside the group, or the day the plan was closed.
    left_on: Day,
    /// As it was asked for; left out: as benefits, education, work and residence tell.
    #[serde(default)]
    #[schema(schema_with = schema::optional_code::<StateAfter>, required = false)]
    state: Option<StateAfter>,
    /// Today where nothing is told; not before it is due.
    #[serde(default)]
    taken_on: Option<Day>,
}

/// Take the state six months after
///
/// After a young person left group 1, 2 or 3, or their plan was closed: once, when it is due. Where exactly one
/// of benefits, education or work, and a life abroad tells it of that day, it need not be asked for.
#[utoipa::path(
    operation_id = "takeState",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = TakeStateBody,
    responses((status = 201, description = "What was taken", body = FollowUpView), CommandProblems),
)]
#[post("/young-people/{id}/follow-ups")]
pub async fn take_state(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<TakeStateBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "takeState", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let today = day_of(tx.now());
        let TakeStateBody { of, left_on, state, taken_on } = body.value;
        let left_on = left_on.date();
        let new = Taking { of, left_on, state, taken_on: taken_on.map_or(today, Day::date) };
        ensure_not_after("/takenOn", new.taken_on, today)?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<FollowUp>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let known = known_follow_ups(tx, &person).await?;
        let new = take(&known, &new)?;
        let subject = tx.take_state(&permit, case.young_person, &new).await?;
        tx.reckon_group_task(case.young_person).await?;
        if of == Left::Plan {
            for (plan, closed_on) in tx.closings(case.young_person).await? {
                if closed_on == left_on {
                    tx.task_done(TaskKind::TakeState, plan.0).await?;
                }
            }
        }
        tx.record(
            &permit,
            Change { subject: &subject, kind: EventKind::FollowUpTaken, payload: &new },
        )
        .await?;
        let location = format!("/api/v1/young-people/{}/follow-ups", case.young_person);
        let due = known.into_iter().find(|due| (due.of, due.left_on) == (of, left_on));
        let told = due.and_then(|due| due.told);
        let view = FollowUpView::from(Due { of, left_on, told, taken: Some(new) });
        answer(StatusCode::CREATED, None, Some(location), Some(case.young_person), &view)
    })
    .await
}
