use super::assigning::{Asked, Known, boards, decide, ensure_may_exceed, release};
use super::hand_over::{Move, asked_for};
use super::{ExceptionBody, RefusalView};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json};
use domain::access::Actor;
use domain::caseload::{Board, Function, Wish};
use domain::ids::UnitId;
use persistence::Tx;
use persistence::caseload::Particulars;
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
    assign: Vec<WishBody>,
    #[serde(default, rename = "move")]
    #[schema(max_items = 200)]
    moves: Vec<Move>,
}

/// A case that might be assigned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WishBody {
    young_person_id: Uuid,
    employee_id: Uuid,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// Where they do that in several of the caller's units: in which.
    unit_id: Option<Uuid>,
    exception: Option<ExceptionBody>,
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
        let asked = asked(tx, &actor, body.value).await?;
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

async fn asked(tx: &mut Tx, actor: &Actor, body: WhatIfBody) -> Result<Vec<Asked>, ApiError> {
    let mut asked = asked_for(tx, actor, body.moves, "/move").await?;
    let people: Vec<_> = body.assign.iter().map(|one| one.young_person_id.into()).collect();
    let employees: Vec<_> = body.assign.iter().map(|one| one.employee_id.into()).collect();
    let known = Known::of(tx, actor, &people, &employees).await?;
    for (n, one) in body.assign.into_iter().enumerate() {
        let at = format!("/assign/{n}/");
        let (young_person, employee) = (one.young_person_id.into(), one.employee_id.into());
        let exception = one.exception.map(Into::into);
        asked.push(Asked {
            permit: known.permit(young_person, &format!("{at}youngPersonId"))?,
            unit: known.unit_of((employee, one.function), one.unit_id.map(Into::into), &at)?,
            wish: Wish { young_person, employee, function: one.function, exception },
            particulars: Particulars::default(),
            from: None,
        });
    }
    Ok(asked)
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
