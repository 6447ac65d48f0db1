use super::RightsRequestView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::{ApiError, Fault};
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::{ActionKind, ReadRights, Relation, allows};
use domain::access::{Actor, Scope, authorize};
use domain::rights::State;
use persistence::rights::WhichRights;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// The filter and the page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRightsRequests {
    /// Only requests that concern this unit. A leader must name one of their units.
    unit_id: Option<Uuid>,
    /// Only requests for this employee.
    employee_id: Option<Uuid>,
    /// Only requests in this state; `pending` requests can be confirmed.
    #[param(schema_with = schema::code::<State>)]
    state: Option<State>,
    /// The number of requests on a page, 1 to 200; the default is 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List requests for rights
///
/// Roles and pass phrases that were proposed, confirmed or refused, newest first. A request without a requester was
/// made by a command on the machine.
#[utoipa::path(
    operation_id = "listRightsRequests",
    tag = "organisation",
    security(("bearer" = [])),
    params(ListRightsRequests),
    responses((status = 200, description = "A page of requests", body = Page<RightsRequestView>), ReadProblems),
)]
#[get("/rights-requests")]
pub async fn list_rights_requests(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListRightsRequests>,
) -> Result<Json<Page<RightsRequestView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let which = WhichRights {
        id: None,
        unit: query.unit_id.map(Into::into),
        employee: query.employee_id.map(Into::into),
        state: query.state,
    };
    let rows = edge
        .read(&caller, "listRightsRequests", None, async |tx| {
            let actor = tx.actor().await?;
            let permit =
                authorize::<ReadRights>(&actor, which.unit.map_or(Scope::Nothing, Scope::Unit));
            // A leader reads those of one of their units.
            if permit.is_err() && which.unit.is_none() && leads_somewhere(&actor) {
                return Err(ApiError::field("unitId", Fault::Required));
            }
            permit?;
            Ok(tx.rights_requests(which, asked.after, i64::from(asked.limit) + 1).await?)
        })
        .await?;
    Ok(Json(asked.page(rows, |row| row.id, |row| row.clone().into())))
}

/// May the caller read requests of a unit of theirs?
fn leads_somewhere(actor: &Actor) -> bool {
    actor
        .roles
        .iter()
        .any(|held| allows(held.department, held.role, Relation::OwnUnit, ActionKind::ReadRights))
}
