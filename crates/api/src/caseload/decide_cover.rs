use super::units::{CoverView, known_employee};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RunCaseload;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::decisions::ensure_cover;
use domain::ids::EmployeeId;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::caseload::cover::NewCover;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A cover to decide.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecideCoverBody {
    /// In which unit: both work there.
    unit_id: Uuid,
    by_employee_id: Uuid,
    /// The first day, today or later.
    from: Day,
    /// The last one, at most a year after it.
    until: Day,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Decide who covers for an absent employee
///
/// By the unit's leader, for a time. Never refused for numbers: what somebody covers is shown beside what they
/// have.
#[utoipa::path(
    operation_id = "decideCover",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee who is away")),
    request_body = DecideCoverBody,
    responses((status = 201, description = "The cover", body = CoverView), CommandProblems),
)]
#[post("/employees/{id}/cover")]
pub async fn decide_cover(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<DecideCoverBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "decideCover", Some(*id), &body.raw, async |tx| {
        let new = &body.value;
        let (unit, by) = (new.unit_id.into(), EmployeeId(new.by_employee_id));
        let actor = tx.actor().await?;
        let absent = known_employee(tx, *id).await?;
        let permit = authorize::<RunCaseload>(&actor, Scope::Unit(unit))?;
        if !tx.works_in(absent, unit).await? {
            return Err(ApiError::field("/unitId", Fault::EmployeeNotInUnit));
        }
        if by == absent {
            return Err(ApiError::field("/byEmployeeId", Fault::Contradiction));
        }
        if !(tx.works_in(by, unit).await? && tx.is_employed(by).await?) {
            return Err(ApiError::field("/byEmployeeId", Fault::EmployeeNotInUnit));
        }
        let (from, until) = (new.from.date(), new.until.date());
        ensure_cover(from, until, day_of(tx.now()))?;
        let cover = NewCover { unit, absent, by, from, until, reason: &new.reason };
        let row = tx.decide_cover(&permit, cover).await?;
        let change = Change {
            subject: &row.id,
            kind: EventKind::CoverDecided,
            payload: &json!({ "employeeId": absent, "cover": new }),
        };
        tx.record(&permit, change).await?;
        let view = CoverView::from(row);
        created(view.version, format!("/api/v1/covers/{}", view.id), None, &view)
    })
    .await
}
