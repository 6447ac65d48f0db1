use super::units::{StandingView, known_unit};
use crate::caller::Caller;
use crate::edge::Edge;
use crate::on_day::OnDay;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadCaseload;
use domain::access::{Scope, authorize};
use domain::caseload::{changes_per_young_person, share_keeping_norm};
use domain::ids::UnitId;
use persistence::caseload::Load;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How a unit stands on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Caseload {
    unit_id: Uuid,
    on: NaiveDate,
    /// Everybody who holds a post there or has cases there, by name.
    employees: Vec<EmployeeLoadView>,
    /// How many young people they have in all.
    young_people: u32,
    /// Of those present in a post with a norm, the share who keep it, to the thousandth; null: there is nobody.
    #[schema(example = 0.875)]
    share_keeping_norm: Option<f64>,
    /// How often each young person was given another one, in whichever function, to the thousandth; null: there is nobody.
    #[schema(example = 0.4)]
    changes_per_young_person: Option<f64>,
}

/// Somebody in a post of the unit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmployeeLoadView {
    employee_id: Uuid,
    name: String,
    #[serde(flatten)]
    standing: StandingView,
}

/// See a unit's caseload
///
/// Each one's number, limit, room and exceptions, now or as a past day ended; ahead, what is now under the norms
/// of then. For the unit's leader.
#[utoipa::path(
    operation_id = "readCaseload",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit"), OnDay),
    responses((status = 200, description = "The caseload", body = Caseload), ReadProblems),
)]
#[get("/units/{id}/caseload")]
pub async fn read_caseload(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<OnDay>,
) -> Result<Json<Caseload>, ApiError> {
    edge.read(&caller, "readCaseload", None, async |tx| {
        let actor = tx.actor().await?;
        let unit = known_unit(tx, *id).await?;
        let permit = authorize::<ReadCaseload>(&actor, Scope::Unit(unit))?;
        tx.acted_as(&permit);
        let on = query.or_today(tx);
        let loads = tx.caseload(unit, on).await?;
        Ok(Json(Caseload::new(unit, on, &loads)))
    })
    .await
}

impl Caseload {
    fn new(unit: UnitId, on: NaiveDate, loads: &[Load]) -> Self {
        let young_people = loads.first().map_or(0, |load| load.everybody);
        let changes = loads.iter().map(|load| load.changes).sum();
        Self {
            unit_id: unit.0,
            on,
            employees: loads.iter().map(Into::into).collect(),
            young_people,
            share_keeping_norm: share_keeping_norm(loads.iter().map(|load| &load.standing)),
            changes_per_young_person: changes_per_young_person(changes, young_people),
        }
    }
}

impl From<&Load> for EmployeeLoadView {
    fn from(load: &Load) -> Self {
        Self {
            employee_id: load.standing.employee.0,
            name: load.standing.name.clone(),
            standing: load.into(),
        }
    }
}
