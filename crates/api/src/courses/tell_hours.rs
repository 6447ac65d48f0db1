use super::record;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::interventions::{InterventionView, step};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ArrangeIntervention;
use domain::courses::{HoursForm, HoursStep, WeeklyHours};
use serde::Deserialize;
use serde_json::Number;
use utoipa::ToSchema;
use uuid::Uuid;

/// Hours a week from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HoursBody {
    /// The first day; the hours hold until the next begin.
    from: Day,
    #[schema(schema_with = schema::weekly_hours)]
    hours_per_week: Number,
    #[schema(schema_with = schema::code::<HoursForm>)]
    form: HoursForm,
}

/// Tell the hours
///
/// A week from a day on, so that progression shows. Told again for the same day it corrects.
#[utoipa::path(
    operation_id = "tellHours",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention")),
    request_body = HoursBody,
    responses((status = 200, description = "The intervention with its hours", body = InterventionView), CommandProblems),
)]
#[post("/interventions/{id}/hours")]
pub async fn tell_hours(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<HoursBody>,
) -> Result<HttpResponse, ApiError> {
    let HoursBody { from, hours_per_week, form } = body.value;
    let hours_per_week = WeeklyHours::parse(&hours_per_week.to_string())
        .ok_or_else(|| ApiError::field("/hoursPerWeek", Fault::Format("7.5".to_owned())))?;
    edge.command(&caller, "tellHours", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<ArrangeIntervention>(tx, &actor, *id, false).await?;
        let event = step.thing.tell_hours(HoursStep { from: from.date(), hours_per_week, form })?;
        record(tx, &step.permit, &step.thing, &event).await?;
        let file = tx.intervention_file(step.thing.id).await?.ok_or(ApiError::NotFound)?;
        let version = step.thing.version;
        changed(version, Some(step.thing.young_person), &InterventionView::from(file))
    })
    .await
}
