use super::assigning::{Asked, Known, assign_all, location, planned_end};
use super::{AssignmentView, ExceptionBody};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AssignCase;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::{Function, Wish};
use persistence::StoreError;
use persistence::caseload::Particulars;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// To whom a case is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignBody {
    /// Somebody of one of the caller's units.
    employee_id: Uuid,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// Where they do that in several of the caller's units: in which.
    unit_id: Option<Uuid>,
    /// Beyond the norm, where there is no room: by the unit's leader.
    exception: Option<ExceptionBody>,
    /// What they need to know first.
    #[schema(schema_with = schema::optional_prose::<4000>)]
    note: Option<String>,
    /// For the forecast, from today on; it ends nothing.
    planned_end: Option<Day>,
}

/// Assign a case
///
/// To somebody of one of the caller's units. Beyond their limit it is refused, with the colleagues who have room: those
/// who have had the young person before first. Whoever lay in the unit's intake for that lies there no longer.
#[utoipa::path(
    operation_id = "assignCase",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = AssignBody,
    responses((status = 201, description = "The assignment", body = AssignmentView), CommandProblems),
)]
#[post("/young-people/{id}/assignments")]
pub async fn assign_case(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<AssignBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "assignCase", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<AssignCase>(&actor, Scope::Case(&case))?;
        let (employee, function) = (new.employee_id.into(), new.function);
        let known = Known::of(tx, &actor, &[], &[employee]).await?;
        let asked = Asked {
            unit: known.unit_of((employee, function), new.unit_id.map(Into::into), "/")?,
            wish: Wish {
                young_person: case.young_person,
                employee,
                function,
                exception: new.exception.map(Into::into),
            },
            particulars: Particulars {
                planned_end: planned_end(new.planned_end, day_of(tx.now()), "/")?,
                note: new.note,
            },
            permit,
            from: None,
        };
        let made = assign_all(tx, &actor, &[asked], "").await?;
        let id = made.into_iter().next().ok_or(StoreError::Hidden)?;
        let file = tx.assignment_file(id).await?.ok_or(StoreError::Hidden)?;
        created(file.version, location(id), Some(case.young_person), &AssignmentView::from(file))
    })
    .await
}
