use super::units::known_unit;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadCaseload;
use domain::access::{Areas, InformationArea, Scope, authorize};
use domain::calendar::{Month, day_of};
use domain::caseload::{Age, Coming, Function, Load, MonthAhead, forecast, month_ends};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The twelve months to come, beginning with this one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    months: Vec<MonthAheadView>,
    /// In which month the norm will be passed first, of each post in which it will.
    first_passed: Vec<PassedView>,
}

/// A month to come.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthAheadView {
    #[schema(example = "2026-12")]
    month: String,
    /// Who turns 15, 17, 18 or 30.
    turning: Vec<TurningView>,
    /// Who comes into the unit's intake, or waits there.
    coming: Vec<MovingView>,
    /// Whose case ends: as planned, at 30, or for another unit's intake.
    leaving: Vec<MovingView>,
    /// What that makes of each post, at the end of the month.
    functions: Vec<FunctionAheadView>,
}

/// A birthday.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TurningView {
    /// 15, 17, 18 or 30.
    age: u8,
    young_person_id: Uuid,
    on: NaiveDate,
}

/// Somebody who comes or leaves.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovingView {
    young_person_id: Uuid,
    /// A day that has passed counts for today.
    on: NaiveDate,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
}

/// A post at the end of a month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FunctionAheadView {
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// How many cases are expected.
    expected: i64,
    /// How many those present have room for; null: no norm is decided.
    capacity: Option<i64>,
    passes_norm: bool,
}

/// Where the norm will be passed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassedView {
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    #[schema(example = "2027-02")]
    month: String,
}

/// See what is to come
///
/// Month by month, of the young people of the unit: birthdays that change what is to be done, who comes and whose
/// case ends, and where the norm will be passed. For the unit's leader.
#[utoipa::path(
    operation_id = "readForecast",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit")),
    responses((status = 200, description = "The months to come", body = Forecast), ReadProblems),
)]
#[get("/units/{id}/forecast")]
pub async fn read_forecast(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Forecast>, ApiError> {
    let months = edge
        .read(&caller, "readForecast", None, async |tx| {
            let actor = tx.actor().await?;
            let unit = known_unit(tx, *id).await?;
            let permit = authorize::<ReadCaseload>(&actor, Scope::Unit(unit))?;
            tx.acted_as(&permit);
            let today = day_of(tx.now());
            let mut cases: BTreeMap<Function, i64> = BTreeMap::new();
            for load in tx.caseload(unit, today).await? {
                let one = load.standing;
                let has = i64::from(one.young_people) + i64::from(one.exceptions);
                *cases.entry(one.function).or_default() += has;
            }
            let ends = month_ends(today);
            let last = ends.last().copied().unwrap_or(today);
            let movements = tx.movements(unit, today, last).await?;
            let shown = Areas::of(&[InformationArea::Identity, InformationArea::Plan]);
            for one in &movements {
                tx.saw(one.young_person, one.basis, shown);
            }
            let capacity = tx.capacity(unit, &ends).await?;
            Ok::<_, ApiError>(forecast(today, &cases, &movements, &capacity))
        })
        .await?;
    Ok(Json(Forecast::new(months)))
}

impl Forecast {
    fn new(months: Vec<MonthAhead>) -> Self {
        let mut first_passed: BTreeMap<Function, Month> = BTreeMap::new();
        for ahead in &months {
            for (function, _) in ahead.loads.iter().filter(|(_, load)| load.passes()) {
                first_passed.entry(*function).or_insert(ahead.month);
            }
        }
        let passed = |(function, month): (Function, Month)| PassedView {
            function,
            month: month.to_string(),
        };
        Self {
            months: months.into_iter().map(Into::into).collect(),
            first_passed: first_passed.into_iter().map(passed).collect(),
        }
    }
}

impl From<MonthAhead> for MonthAheadView {
    fn from(ahead: MonthAhead) -> Self {
        Self {
            month: ahead.month.to_string(),
            turning: ahead.turning.into_iter().map(Into::into).collect(),
            coming: ahead.coming.into_iter().map(Into::into).collect(),
            leaving: ahead.leaving.into_iter().map(Into::into).collect(),
            functions: ahead.loads.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Coming<Age>> for TurningView {
    fn from(one: Coming<Age>) -> Self {
        Self { age: one.what.into(), young_person_id: one.young_person.0, on: one.on }
    }
}

impl From<Coming<Function>> for MovingView {
    fn from(one: Coming<Function>) -> Self {
        Self { young_person_id: one.young_person.0, on: one.on, function: one.what }
    }
}

impl From<(Function, Load)> for FunctionAheadView {
    fn from((function, load): (Function, Load)) -> Self {
        Self {
            function,
            expected: load.expected,
            capacity: load.capacity,
            passes_norm: load.passes(),
        }
    }
}
