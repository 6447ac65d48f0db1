use super::AssignmentView;
use super::assigning::{Asked, assign_all, ensure_own, location};
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::Refusal;
use domain::access::policy::AssignCase;
use domain::access::{Scope, authorize};
use domain::caseload::Wish;
use persistence::StoreError;
use persistence::caseload::Particulars;
use serde::Serialize;
use uuid::Uuid;

/// Only what has ended is reopened.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("the assignment has not ended")]
struct Running {}

impl Refusal for Running {
    fn code(&self) -> &'static str {
        "assignment.running"
    }
}

/// Reopen an assignment
///
/// The young person comes back to the one who had them, where there is room. It is a new assignment; the old one stays
/// as it was.
#[utoipa::path(
    operation_id = "reopenAssignment",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The assignment that ended"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    responses((status = 201, description = "The new assignment", body = AssignmentView), CommandProblems, VersionProblems),
)]
#[post("/assignments/{id}/reopen")]
pub async fn reopen_assignment(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "reopenAssignment", Some(*id), &[], async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let (case, found) = tx.assignment((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<AssignCase>(&actor, Scope::Case(&case))?;
        if_match.check(found.version)?;
        ensure_own(&actor, found.unit)?;
        if found.ended_at.is_none() {
            return Err(ApiError::refused(&Running {}));
        }
        let (employee, function) = (found.employee, found.function);
        let asked = Asked {
            permit,
            unit: found.unit,
            wish: Wish { young_person: found.young_person, employee, function, exception: None },
            particulars: Particulars::default(),
            from: None,
        };
        let made = assign_all(tx, &actor, &[asked], "").await?;
        let id = made.into_iter().next().ok_or(StoreError::Hidden)?;
        let file = tx.assignment_file(id).await?.ok_or(StoreError::Hidden)?;
        created(file.version, location(id), Some(found.young_person), &AssignmentView::from(file))
    })
    .await
}
