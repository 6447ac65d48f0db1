use super::EmployeeView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use persistence::organisation::{EmployeeRow, RoleRow};
use persistence::rights::RightsRow;
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which of them, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEmployees {
    /// Only those who hold a role in this unit.
    unit_id: Option<Uuid>,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List employees
#[utoipa::path(
    operation_id = "listEmployees",
    tag = "organisation",
    security(("bearer" = [])),
    params(ListEmployees),
    responses((status = 200, description = "A page", body = Page<EmployeeView>), ReadProblems),
)]
#[get("/employees")]
pub async fn list_employees(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListEmployees>,
) -> Result<Json<Page<EmployeeView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let rows = edge
        .read(&caller, "listEmployees", None, async |tx| {
            let actor = tx.actor().await?;
            authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            let of_unit = query.unit_id.map(Into::into);
            let rows = tx
                .employees(asked.after.map(Into::into), of_unit, i64::from(asked.limit) + 1)
                .await?;
            let ids: Vec<Uuid> = rows.iter().map(|(employee, _)| employee.id).collect();
            let mut pending: HashMap<Uuid, Vec<RightsRow>> = HashMap::new();
            for request in tx.pending_rights_of(&ids).await? {
                pending.entry(request.employee_id).or_default().push(request);
            }
            let with_pending = |(employee, roles): (EmployeeRow, Vec<RoleRow>)| {
                let waits = pending.remove(&employee.id).unwrap_or_default();
                (employee, roles, waits)
            };
            Ok::<_, ApiError>(rows.into_iter().map(with_pending).collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(asked.page(
        rows,
        |row| row.0.id,
        |row| EmployeeView::new(row.0.clone(), row.1.clone(), row.2.clone()),
    )))
}
