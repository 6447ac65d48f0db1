use super::RefusalView;
use super::assign_many::{self, AssignItem};
use super::assigning::{Asked, boards, decide, ensure_may_exceed, release};
use super::hand_over::{self, Move};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json};
use domain::caseload::{Board, Function};
use domain::ids::UnitId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Cases that might be assigned, and handed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfBody {
    #[serde(default)]
    #[schema(max_items = 100)]
    assign: Vec<AssignItem>,
    #[serde(default, rename = "move")]
    #[schema(max_items = 200)]
    moves: Vec<Move>,
}

/// What would become of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// All of it could be done.
    possible: bool,
    /// Each hand-over, then each assignment, in their order.
    outcomes: Vec<OutcomeView>,
    /// Those whose number would change.
    employees: Vec<ShiftView>,
}

/// What would become of one of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    young_person_id: Uuid,
    employee_id: Uuid,
    possible: bool,
    /// It would go beyond the norm.
    exception: bool,
    refusal: Option<RefusalView>,
}

/// How somebody's number would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShiftView {
    employee_id: Uuid,
    name: String,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// Null: no norm is decided.
    limit: Option<u32>,
    before: u32,
    after: u32,
    exceptions_after: u32,
}

/// Ask what would become of it
///
/// What would be answered if these cases were assigned and those handed over, each with those before it, by the very
/// decision that the commands take. Nothing changes.
#[utoipa::path(
    operation_id = "whatIf",
    tag = "caseload",
    security(("bearer" = [])),
    request_body = WhatIfBody,
    responses((status = 200, description = "What would become of it", body = WhatIf), ReadProblems, BodyProblems),
)]
#[post("/caseload/what-if")]
pub async fn what_if(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<WhatIfBody>,
) -> Result<Json<WhatIf>, ApiError> {
    edge.read(&caller, "whatIf", None, async |tx| {
        let actor = tx.actor().await?;
        let mut asked = hand_over::asked_for(tx, &actor, body.value.moves, "/move").await?;
        asked.extend(assign_many::asked_for(tx, &actor, body.value.assign, "/assign").await?);
        for one in &asked {
            tx.acted_as(&one.permit);
            ensure_may_exceed(&actor, one.unit, &one.wish)?;
        }
        let people = asked.iter().map(|one| (one.unit, one.wish.young_person));
        let mut boards = boards(tx, people).await?;
        let before = boards.clone();
        release(&mut boards, &asked)?;
        let outcomes: Vec<OutcomeView> =
            asked.iter().map(|one| outcome(&mut boards, one)).collect();
        Ok(Json(WhatIf {
            possible: outcomes.iter().all(|one| one.possible),
            outcomes,
            employees: shifts(&before, &boards),
        }))
    })
    .await
}

fn outcome(boards: &mut BTreeMap<UnitId, Board>, one: &Asked) -> OutcomeView {
    let decided = decide(boards, one);
    OutcomeView {
        young_person_id: one.wish.young_person.0,
        employee_id: one.wish.employee.0,
        possible: decided.is_ok(),
        exception: decided.as_ref().is_ok_and(|assigned| assigned.exception.is_some()),
        refusal: decided.as_ref().err().map(Into::into),
    }
}

fn shifts(before: &BTreeMap<UnitId, Board>, after: &BTreeMap<UnitId, Board>) -> Vec<ShiftView> {
    let pairs = before.values().zip(after.values());
    let standings = pairs.flat_map(|(was, is)| was.standings().iter().zip(is.standings()));
    standings
        .filter(|(was, is)| was != is)
        .map(|(was, is)| ShiftView {
            employee_id: is.employee.0,
            name: is.name.clone(),
            function: is.function,
            limit: is.parts.limit(),
            before: was.young_people,
            after: is.young_people,
            exceptions_after: is.exceptions,
        })
        .collect()
}
