use super::TaskView;
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::language::Language;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::ExemptTask;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::tasks::{Given, Task};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Why it may wait, and for how long: `until` or `days`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExemptBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
    /// The last day of the exemption, from tomorrow to a year ahead.
    #[serde(default)]
    #[schema(required = false)]
    until: Option<Day>,
    /// So many days from today.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365, required = false)]
    days: Option<u16>,
}

impl ExemptBody {
    fn given(&self) -> Result<Given, ApiError> {
        match (self.until, self.days) {
            (Some(day), None) => Ok(Given::Until(day.date())),
            (None, Some(days)) => Ok(Given::Days(days)),
            (None, None) => Err(ApiError::field("/until", Fault::Required)),
            (Some(_), Some(_)) => Err(ApiError::field("/days", Fault::Contradiction)),
        }
    }
}

/// Exempt a deadline
///
/// It is then due on the later of its original day and of what the exemption gives, counted from today. One that
/// was past due already stays counted as broken. Exempted again, the last one counts.
#[utoipa::path(
    operation_id = "exemptTask",
    tag = "tasks",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The task"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ExemptBody,
    responses((status = 200, description = "As it is now", body = TaskView), CommandProblems, VersionProblems),
)]
#[post("/tasks/{id}/exempt")]
pub async fn exempt_task(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ExemptBody>,
    language: Language,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "exemptTask", Some(*id), &body.raw, async |tx| {
        let given = body.value.given()?;
        let actor = tx.actor().await?;
        let (case, _) = tx.task((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ExemptTask>(&actor, Scope::Case(&case))?;
        let row = tx.lock_task((*id).into()).await?.ok_or(ApiError::NotFound)?;
        if_match.check(row.version)?;
        let today = day_of(tx.now());
        let exempted = Task::try_from(&row)?.exempt(given, body.value.reason, today)?;
        let row = tx.exempt_task(&permit, &row, &exempted).await?;
        let change = Change { kind: EventKind::TaskExempted, subject: &row.id, payload: &exempted };
        tx.record(&permit, change).await?;
        changed(row.version, Some(case.young_person), &TaskView::new(&row, language, today)?)
    })
    .await
}
