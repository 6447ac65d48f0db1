use super::assigning::{Asked, Known, assign_all, planned_end};
use super::{Cases, ExceptionBody};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::Actor;
use domain::calendar::day_of;
use domain::caseload::{Function, Wish};
use domain::ids::YoungPersonId;
use persistence::Tx;
use persistence::caseload::Particulars;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Cases to assign together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignManyBody {
    #[schema(min_items = 1, max_items = 100)]
    items: Vec<AssignItem>,
}

/// One of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignItem {
    young_person_id: Uuid,
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

/// Assign many cases
///
/// All or none: a unit's intake is shared out in one step. The first one that is refused refuses all.
#[utoipa::path(
    operation_id = "assignCases",
    tag = "caseload",
    security(("bearer" = [])),
    request_body = AssignManyBody,
    responses((status = 201, description = "The cases, with what is to be known of them first", body = Cases), CommandProblems),
)]
#[post("/assignments")]
pub async fn assign_cases(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<AssignManyBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "assignCases", None, &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let asked = asked_for(tx, &actor, body.value.items, "/items").await?;
        let people: Vec<YoungPersonId> = asked.iter().map(|one| one.wish.young_person).collect();
        let made = assign_all(tx, &actor, &asked, "").await?;
        let items = tx.case_briefs(&made).await?.into_iter().map(Into::into).collect();
        answer(StatusCode::CREATED, None, None, people, &Cases { items })
    })
    .await
}

/// What items ask for.
pub(super) async fn asked_for(
    tx: &mut Tx,
    actor: &Actor,
    items: Vec<AssignItem>,
    at: &str,
) -> Result<Vec<Asked>, ApiError> {
    let today = day_of(tx.now());
    let people: Vec<_> = items.iter().map(|item| item.young_person_id.into()).collect();
    let employees: Vec<_> = items.iter().map(|item| item.employee_id.into()).collect();
    let known = Known::of(tx, actor, &people, &employees).await?;
    let asked = items.into_iter().enumerate().map(|(n, item)| {
        let (at, young_person) = (format!("{at}/{n}/"), item.young_person_id.into());
        let (employee, function) = (item.employee_id.into(), item.function);
        Ok(Asked {
            permit: known.permit(young_person, &format!("{at}youngPersonId"))?,
            unit: known.unit_of((employee, function), item.unit_id.map(Into::into), &at)?,
            wish: Wish {
                young_person,
                employee,
                function,
                exception: item.exception.map(Into::into),
            },
            particulars: Particulars {
                planned_end: planned_end(item.planned_end, today, &at)?,
                note: item.note,
            },
            from: None,
        })
    });
    asked.collect()
}
