use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use domain::access::policy::{ActionKind, Relation, allows};
use domain::organisation::Department;
use serde::Serialize;
use strum::VariantArray as _;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who calls, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    employee_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    /// The caller signed in with a one-time pass phrase; other operations are allowed only after it is changed.
    must_change_password: bool,
    /// The roles held now. A leader holds theirs in the units below as well.
    roles: Vec<MyRole>,
    /// Every unit in which a role is held.
    units: Vec<MyUnit>,
    /// What at least one of the roles may do, to a young person of its own or to anything.
    #[schema(schema_with = actions)]
    may: Vec<ActionKind>,
}

/// A role as it was given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyRole {
    role: String,
    unit_id: Uuid,
    since: DateTime<Utc>,
}

/// A unit of the caller's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyUnit {
    id: Uuid,
    code: String,
    name: String,
    #[schema(schema_with = schema::code::<Department>)]
    department: String,
}

fn actions() -> utoipa::openapi::schema::Array {
    utoipa::openapi::schema::Array::new(schema::code::<ActionKind>())
}

/// Who am I
#[utoipa::path(
    operation_id = "me",
    tag = "session",
    security(("bearer" = [])),
    responses((status = 200, description = "Who, units, roles, what one may do", body = Me), ReadProblems),
)]
#[get("/me")]
pub async fn me(caller: Caller, edge: Data<Edge>) -> Result<Json<Me>, ApiError> {
    let me = edge
        .read(&caller, "me", None, async |tx| {
            let (actor, must_change_password) = tx.signed_in().await?;
            let employee = tx.employee(actor.employee).await?.ok_or(ApiError::Unauthenticated)?;
            let roles = tx.roles_of(&[employee.id]).await?;
            let units = tx.units().await?;
            let may = |action: ActionKind| {
                actor.roles.iter().any(|held| {
                    Relation::VARIANTS
                        .iter()
                        .any(|relation| allows(held.department, held.role, *relation, action))
                })
            };
            Ok(Me {
                employee_id: employee.id,
                must_change_password,
                username: employee.username,
                given_name: employee.given_name,
                family_name: employee.family_name,
                roles: roles
                    .into_iter()
                    .map(|role| MyRole {
                        role: role.role,
                        unit_id: role.unit_id,
                        since: role.valid_from,
                    })
                    .collect(),
                units: units
                    .into_iter()
                    .filter(|unit| actor.roles.iter().any(|held| held.unit.0 == unit.id))
                    .map(|unit| MyUnit {
                        id: unit.id,
                        code: unit.code,
                        name: unit.name,
                        department: unit.department,
                    })
                    .collect(),
                may: ActionKind::VARIANTS.iter().copied().filter(|action| may(*action)).collect(),
            })
        })
        .await?;
    Ok(Json(me))
}
