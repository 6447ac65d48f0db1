use crate::caller::Caller;
use crate::edge::Edge;
use crate::months::Months;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadUnitFigures;
use domain::access::{Scope, authorize};
use domain::calendar::{Month, day_of};
use domain::tasks::TaskKind;
use persistence::StoreError;
use persistence::deadlines::CountedDeadlines;
use persistence::tasks::kind_of;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a unit kept and broke.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitDeadlines {
    items: Vec<CountedView>,
}

/// Deadlines of a kind that were due in a month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountedView {
    #[schema(example = "2026-11")]
    month: String,
    #[schema(schema_with = schema::code::<TaskKind>)]
    kind: &'static str,
    /// The number of the rule.
    #[schema(example = "DL-1")]
    rule: &'static str,
    /// One to four of those kept, or of those broken, are of young people whom the caller does not see (any more):
    /// nothing is told.
    suppressed: bool,
    /// Done in time.
    kept: Option<i32>,
    /// Done late, or past due, also before an exemption.
    broken: Option<i32>,
}

impl TryFrom<CountedDeadlines> for CountedView {
    type Error = StoreError;

    fn try_from(row: CountedDeadlines) -> Result<Self, StoreError> {
        let kind = kind_of(&row.kind)?;
        Ok(Self {
            month: Month::of(row.month).to_string(),
            kind: kind.into(),
            rule: kind.rule(),
            suppressed: row.kept.is_none(),
            kept: row.kept,
            broken: row.broken,
        })
    }
}

/// Read which deadlines a unit kept and broke
///
/// Of what the unit was to do, by the month in which it was due and by kind: numbers only, for its team leader and
/// head. What is open and not past due is not counted, nor what fell away before it was.
#[utoipa::path(
    operation_id = "readUnitDeadlines",
    tag = "deadlines",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit"), Months),
    responses((status = 200, description = "The numbers", body = UnitDeadlines), ReadProblems),
)]
#[get("/units/{id}/deadlines")]
pub async fn read_unit_deadlines(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<Months>,
) -> Result<Json<UnitDeadlines>, ApiError> {
    let counted = edge
        .read(&caller, "readUnitDeadlines", None, async |tx| {
            let actor = tx.actor().await?;
            let months = query.between(Month::of(day_of(tx.now())))?;
            let unit = (*id).into();
            let permit = authorize::<ReadUnitFigures>(&actor, Scope::Unit(unit))?;
            Ok::<_, ApiError>(tx.unit_deadlines(&permit, unit, months).await?)
        })
        .await?;
    let items = counted.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    Ok(Json(UnitDeadlines { items }))
}
