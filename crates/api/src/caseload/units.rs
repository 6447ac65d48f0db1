//! What units decide and see of their caseload: the views that several operations have in common.

use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::caseload::decisions::DecisionRefusal;
use domain::caseload::{Function, Ramp};
use domain::ids::{EmployeeId, UnitId};
use persistence::caseload::Load;
use persistence::caseload::cover::CoverRow;
use persistence::caseload::norms::{NormRow, TermsRow};
use persistence::{StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The norms of a unit as they were decided, the last decision first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Norms {
    items: Vec<NormView>,
    /// The number of the last decision; 0 where there is none.
    pub(super) version: i64,
}

/// A norm: how many cases whoever holds a post may have, from a day until the next one of that post begins.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NormView {
    id: Uuid,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// The first day.
    from: NaiveDate,
    /// Null: from that day on there is none.
    cases: Option<i32>,
    reason: String,
    decided_at: DateTime<Utc>,
    /// Is it the one that holds today?
    holds: bool,
}

/// How much of a norm is an employee's own, from a day until the next terms of that post begin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermsView {
    id: Uuid,
    unit_id: Uuid,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// The first day.
    from: NaiveDate,
    /// In percent of full time.
    employment_share: i32,
    /// In cases.
    reduction: i32,
    reason: String,
    agreed_at: DateTime<Utc>,
}

/// That somebody covers for an absent colleague.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverView {
    pub(super) id: Uuid,
    unit_id: Uuid,
    /// Who is away.
    employee_id: Uuid,
    by_employee_id: Uuid,
    /// The first day.
    from: NaiveDate,
    /// The last one.
    until: NaiveDate,
    reason: String,
    /// When it was ended before that.
    ended_at: Option<DateTime<Utc>>,
    pub(super) version: i64,
}

/// How somebody stands in a post of a unit: one limit with its parts, and what they have.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StandingView {
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// They hold the post, and can sign in. If not, their cases lie in the unit's intake.
    present: bool,
    /// Somebody covers for them.
    away: bool,
    /// Of the post in the unit; null: none is decided.
    norm: Option<u32>,
    /// In percent of full time.
    employment_share: u32,
    /// Of a new employee: half the norm for three months, three quarters to six.
    #[schema(schema_with = schema::code::<Ramp>)]
    ramp: Ramp,
    /// Agreed, in cases.
    reduction: u32,
    /// What follows: norm × share × ramp, rounded down, less the reduction; null without a norm.
    limit: Option<u32>,
    /// How many young people they have, without `exceptions` and `covered`.
    current: u32,
    /// The number of further cases for which room is reserved, on the day or later. They arrive by an accepted
    /// transition.
    reserved: u32,
    /// The number of further cases for which there is room: `limit` minus `current` and `reserved`. Negative by the
    /// number of cases beyond the limit; `null` if no norm applies.
    room: Option<i64>,
    /// How many beyond the norm, by an exception that holds.
    exceptions: u32,
    /// Of `current`, by an exception past its end.
    breaches: u32,
    /// Of colleagues for whom they cover in the unit.
    covered: u32,
    /// How often the young people they have were given another one in that function.
    changes: u32,
    /// `current` and `exceptions` are within the limit, or there is none.
    keeps_norm: bool,
}

impl Norms {
    /// Those of a unit, and which of them hold today.
    pub(super) async fn of(tx: &mut Tx, unit: UnitId, today: NaiveDate) -> Result<Self, ApiError> {
        let rows = tx.norms(unit).await?;
        let version = rows.first().map_or(0, |last| i64::from(last.decision_no));
        let holds = |row: &NormRow| {
            let of_post = rows.iter().filter(|one| one.function == row.function);
            let begun = of_post.filter(|one| one.from_day <= today);
            let last = begun.max_by_key(|one| (one.from_day, one.decision_no));
            last.is_some_and(|last| last.id == row.id)
        };
        let items = rows.iter().map(|row| NormView::new(row, holds(row)));
        Ok(Self { items: items.collect::<Result<_, _>>()?, version })
    }
}

impl NormView {
    fn new(row: &NormRow, holds: bool) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            function: row.function()?,
            from: row.from_day,
            cases: row.cases,
            reason: row.reason.clone(),
            decided_at: row.decided_at,
            holds,
        })
    }
}

impl TryFrom<TermsRow> for TermsView {
    type Error = StoreError;

    fn try_from(row: TermsRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            unit_id: row.unit_id,
            function: row.function()?,
            from: row.from_day,
            employment_share: row.employment_share,
            reduction: row.reduction,
            reason: row.reason,
            agreed_at: row.agreed_at,
        })
    }
}

impl From<CoverRow> for CoverView {
    fn from(row: CoverRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            employee_id: row.absent_id,
            by_employee_id: row.covered_by_id,
            from: row.from_day,
            until: row.until_day,
            reason: row.reason,
            ended_at: row.ended_at,
            version: row.version,
        }
    }
}

impl From<&Load> for StandingView {
    fn from(load: &Load) -> Self {
        let (standing, parts) = (&load.standing, load.standing.parts);
        Self {
            function: standing.function,
            present: standing.present,
            away: standing.away,
            norm: parts.norm,
            employment_share: parts.employment_share,
            ramp: parts.ramp,
            reduction: parts.reduction,
            limit: parts.limit(),
            current: standing.young_people,
            reserved: standing.reserved,
            room: standing.room(),
            exceptions: standing.exceptions,
            breaches: load.breaches,
            covered: load.covered,
            changes: load.changes,
            keeps_norm: standing.keeps_norm(),
        }
    }
}

impl From<DecisionRefusal> for ApiError {
    fn from(refusal: DecisionRefusal) -> Self {
        Self::refused(&refusal)
    }
}

/// The unit of a path. Which there are is no secret.
pub async fn known_unit(tx: &mut Tx, id: Uuid) -> Result<UnitId, ApiError> {
    tx.unit(id.into()).await?.map(|unit| unit.id.into()).ok_or(ApiError::NotFound)
}

/// The employee of a path.
pub async fn known_employee(tx: &mut Tx, id: Uuid) -> Result<EmployeeId, ApiError> {
    tx.employee(id.into()).await?.map(|employee| employee.id.into()).ok_or(ApiError::NotFound)
}
