use super::Cases;
use super::assigning::{Asked, Known, assign_all};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::Actor;
use domain::caseload::Wish;
use domain::ids::YoungPersonId;
use persistence::Tx;
use persistence::caseload::Particulars;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Cases to hand over together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverBody {
    #[schema(min_items = 1, max_items = 200)]
    moves: Vec<Move>,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// One of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Move {
    assignment_id: Uuid,
    /// A colleague in the same unit.
    to_employee_id: Uuid,
    /// What they need to know first.
    #[schema(schema_with = schema::optional_prose::<4000>)]
    note: Option<String>,
}

/// Hand cases over
///
/// One, many or all of somebody's, to one colleague or several: all or nothing, within the norm. Whoever takes a case
/// over from the one who coordinates its plan coordinates it from then on. Answers with what the receivers need to know
/// first.
#[utoipa::path(
    operation_id = "handOver",
    tag = "caseload",
    security(("bearer" = [])),
    request_body = HandOverBody,
    responses((status = 201, description = "The cases as they are with the receivers", body = Cases), CommandProblems),
)]
#[post("/handovers")]
pub async fn hand_over(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<HandOverBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "handOver", None, &body.raw, async |tx| {
        let HandOverBody { moves, reason } = body.value;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let asked = asked_for(tx, &actor, moves, "/moves").await?;
        let people: Vec<YoungPersonId> = asked.iter().map(|one| one.wish.young_person).collect();
        let made = assign_all(tx, &actor, &asked, &reason).await?;
        let items = tx.case_briefs(&made).await?.into_iter().map(Into::into).collect();
        answer(StatusCode::CREATED, None, None, people, &Cases { items })
    })
    .await
}

/// What moves ask for.
pub(super) async fn asked_for(
    tx: &mut Tx,
    actor: &Actor,
    moves: Vec<Move>,
    at: &str,
) -> Result<Vec<Asked>, ApiError> {
    let ids: Vec<_> = moves.iter().map(|one| one.assignment_id.into()).collect();
    let employees: Vec<_> = moves.iter().map(|one| one.to_employee_id.into()).collect();
    let mut found = tx.assignments(&ids).await?;
    let people: Vec<_> = found.values().map(|from| from.young_person).collect();
    let known = Known::of(tx, actor, &people, &employees).await?;
    let asked = moves.into_iter().enumerate().map(|(n, one)| {
        // Twice in a list it is taken once.
        let pointer = format!("{at}/{n}/assignmentId");
        let from = found.remove(&one.assignment_id.into());
        let from = from.ok_or_else(|| ApiError::field(&pointer, Fault::AssignmentUnknown))?;
        let (employee, function) = (one.to_employee_id.into(), from.function);
        let in_unit = known.unit_of((employee, function), Some(from.unit), "");
        Ok(Asked {
            permit: known.permit(from.young_person, &pointer)?,
            unit: in_unit.map_err(|_| {
                ApiError::field(&format!("{at}/{n}/toEmployeeId"), Fault::EmployeeNotInUnit)
            })?,
            wish: Wish { young_person: from.young_person, employee, function, exception: None },
            particulars: Particulars { planned_end: from.planned_end, note: one.note },
            from: Some(from),
        })
    });
    asked.collect()
}
