use super::progress::ProgressView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::TellProgress;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::plans::{Progress, Voice};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far somebody is with a goal, as one voice sees it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellProgressBody {
    /// The young person's is entered in their name by whom they sit with.
    #[schema(schema_with = schema::code::<Voice>)]
    voice: Voice,
    #[schema(minimum = 0, maximum = 10)]
    score: i16,
    /// Today where nothing is told; not ahead, and not more than 26 weeks before the plan was opened.
    #[serde(default)]
    #[schema(required = false)]
    on: Option<Day>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    note: Option<String>,
}

/// Tell progress on a goal
///
/// On a scale of 0 to 10, as the young person sees it and as the professional does: each voice is a
/// series of its own, with one score a day. What was told is not changed. Answers with both series.
#[utoipa::path(
    operation_id = "tellProgress",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The goal")),
    request_body = TellProgressBody,
    responses((status = 201, description = "Both series", body = ProgressView), CommandProblems),
)]
#[post("/goals/{id}/progress")]
pub async fn tell_progress(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<TellProgressBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellProgress", Some(*id), &body.raw, async |tx| {
        let TellProgressBody { voice, score, on, note } = body.value;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let (case, plan) = tx.case_of_goal((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<TellProgress>(&actor, Scope::Case(&case))?;
        let plan = tx.lock_plan(plan).await?.ok_or(ApiError::NotFound)?;
        let on = plan.day_told(on.map(Day::date), day_of(tx.now()))?;
        let progress = Progress { voice, score, on, note };
        tx.add_progress(&permit, &plan, (*id).into(), &progress).await?;
        tx.record(
            &permit,
            Change { subject: &id, kind: EventKind::GoalProgressTold, payload: &progress },
        )
        .await?;
        let view = ProgressView::from(tx.progress((*id).into()).await?);
        let location = format!("/api/v1/goals/{id}/progress");
        answer(StatusCode::CREATED, None, Some(location), Some(plan.young_person), &view)
    })
    .await
}
