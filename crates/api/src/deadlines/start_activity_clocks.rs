use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::on_day::ensure_not_after;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::StartActivityClocks;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::deadlines::ensure_law_asks;
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use persistence::Change;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Since when the plan is not followed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityClocksBody {
    /// The day on which that became known: not after today.
    on: Day,
}

/// The two clocks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityClocksView {
    id: Uuid,
    young_person_id: Uuid,
    on: NaiveDate,
    /// By when somebody is to have spoken with the young person; null: somebody did.
    contact_due_on: Option<NaiveDate>,
    /// By when a new activity is to have begun: it runs from that contact; null: it does not run yet.
    activity_due_on: Option<NaiveDate>,
}

/// Start the clocks of somebody who does not follow the plan
///
/// Of a 15-17-year-old: contact with the young person within 5 working days, ended by a conversation with them; then
/// a new activity within 30 days of that contact, ended by an intervention, an education or work that starts. Not while
/// they run already.
#[utoipa::path(
    operation_id = "startActivityClocks",
    tag = "deadlines",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = ActivityClocksBody,
    responses((status = 201, description = "They run", body = ActivityClocksView), CommandProblems),
)]
#[post("/young-people/{id}/activity-clocks")]
pub async fn start_activity_clocks(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<ActivityClocksBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "startActivityClocks", Some(*id), &body.raw, async |tx| {
        let on = body.value.on.date();
        let actor = tx.actor().await?;
        tx.may_check().await?;
        ensure_not_after("/on", on, day_of(tx.now()))?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<StartActivityClocks>(&actor, Scope::Case(&case))?;
        let whose = case.young_person;
        let person = tx.lock_young_person(whose).await?.ok_or(ApiError::NotFound)?;
        ensure_law_asks(person.birth_date, on)?;
        let clocks = tx.start_activity_clocks(&permit, whose, on).await?;
        let change = Change {
            subject: &clocks,
            kind: EventKind::ActivityClocksStarted,
            payload: &json!({ "on": on }),
        };
        tx.record(&permit, change).await?;
        let view = ActivityClocksView {
            id: clocks,
            young_person_id: whose.0,
            on,
            contact_due_on: tx.due_on(TaskKind::ContactYoungPerson, clocks).await?,
            activity_due_on: tx.due_on(TaskKind::StartActivity, clocks).await?,
        };
        answer(StatusCode::CREATED, None, None, Some(whose), &view)
    })
    .await
}
