//! Caseload: assignments under a norm that holds (CL-1 to CL-11). Whoever assigns locks the employees first,
//! then loads the board: how everybody of the unit stands is counted beyond the caller's sight.

pub mod cover;
pub mod forecast;
pub mod intake;
pub mod norms;
pub mod views;

use crate::access::{Holder, NewBasis};
use crate::error::StoreError;
use crate::schema::{assignment, young_person};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::policy::AssignCase;
use domain::access::{Areas, BasisKind, Case as Sight, Permit};
use domain::calendar::{day_of, end_of};
use domain::caseload::{Assigned, Board, Case, Exception, Function, Parts, Ramp, Standing, Wish};
use domain::ids::{AssignmentId, EmployeeId, PlanId, UnitId, YoungPersonId};
use std::collections::HashMap;
use uuid::Uuid;

/// How somebody stands in a post of a unit on a day, and what else the overview tells of them (CL-10).
#[derive(Debug, Clone)]
pub struct Load {
    /// Limit and number.
    pub standing: Standing,
    /// Of those, by an exception past its end (CL-3).
    pub breaches: u32,
    /// Of colleagues for whom they cover.
    pub covered: u32,
    /// How often the young people they have were given another one in that function.
    pub changes: u32,
    /// How many young people those who were asked for have together.
    pub everybody: u32,
}

/// How an employee stands in a unit of theirs.
#[derive(Debug, Clone)]
pub struct OwnLoad {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Limit and number.
    pub load: Load,
}

#[derive(QueryableByName)]
struct LoadRow {
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    function: String,
    #[diesel(sql_type = Bool)]
    present: bool,
    #[diesel(sql_type = Bool)]
    away: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    norm: Option<i32>,
    #[diesel(sql_type = Integer)]
    employment_share: i32,
    #[diesel(sql_type = Nullable<Date>)]
    employed_on: Option<NaiveDate>,
    #[diesel(sql_type = Integer)]
    reduction: i32,
    #[diesel(sql_type = Integer)]
    young_people: i32,
    #[diesel(sql_type = Integer)]
    exceptions: i32,
    #[diesel(sql_type = Integer)]
    breaches: i32,
    #[diesel(sql_type = Integer)]
    reserved: i32,
    #[diesel(sql_type = Integer)]
    covered: i32,
    #[diesel(sql_type = Integer)]
    changes: i32,
    #[diesel(sql_type = Integer)]
    everybody: i32,
}

#[derive(QueryableByName)]
struct OwnLoadRow {
    #[diesel(sql_type = SqlUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = Text)]
    unit_name: String,
    #[diesel(embed)]
    load: LoadRow,
}

#[derive(QueryableByName)]
struct CaseRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
    #[diesel(sql_type = Text)]
    function: String,
    #[diesel(sql_type = Text)]
    counts_as: String,
    #[diesel(sql_type = Nullable<Date>)]
    exception_until: Option<NaiveDate>,
}

#[derive(QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
}

#[derive(QueryableByName)]
struct PostRow {
    #[diesel(sql_type = SqlUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = Text)]
    function: String,
    #[diesel(sql_type = Bool)]
    has_case: bool,
}

/// The unit and the function in which an employee coordinates a plan (PL-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoordinatingPost {
    /// The unit, one of those that take part in the plan.
    pub unit: UnitId,
    /// The function.
    pub function: Function,
    /// The employee has the case in this unit and function.
    pub has_case: bool,
}

#[derive(QueryableByName)]
struct CoordinatedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    employee_id: Option<Uuid>,
}

/// An assignment as a command needs it.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Ours.
    pub id: AssignmentId,
    /// Whose.
    pub young_person: YoungPersonId,
    /// Whose norm it counts under.
    pub unit: UnitId,
    /// Who.
    pub employee: EmployeeId,
    /// Doing what.
    pub function: Function,
    /// Since when.
    pub began_at: DateTime<Utc>,
    /// For the forecast.
    pub planned_end: Option<NaiveDate>,
    /// When it ended; none: it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    pub version: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = assignment)]
struct AssignmentRow {
    id: Uuid,
    young_person_id: Uuid,
    unit_id: Uuid,
    employee_id: Uuid,
    function: String,
    began_at: DateTime<Utc>,
    planned_end: Option<NaiveDate>,
    ended_at: Option<DateTime<Utc>>,
    version: i64,
}

/// What is told of an assignment beside whose it is.
#[derive(Debug, Clone, Default)]
pub struct Particulars {
    /// For the forecast.
    pub planned_end: Option<NaiveDate>,
    /// What whoever takes it over needs to know first.
    pub note: Option<String>,
}

pub(crate) fn function_of(table: &'static str, stored: &str) -> Result<Function, StoreError> {
    stored.parse().map_err(|_| StoreError::Corrupt { table, column: "function" })
}

impl LoadRow {
    fn read(self, on: NaiveDate) -> Result<Load, StoreError> {
        let number = |value: i32| {
            let corrupt = StoreError::Corrupt { table: "assignment", column: "counts_as" };
            u32::try_from(value).map_err(|_| corrupt)
        };
        let parts = Parts {
            norm: self.norm.map(number).transpose()?,
            employment_share: number(self.employment_share)?,
            ramp: Ramp::on(self.employed_on, on),
            reduction: number(self.reduction)?,
        };
        let standing = Standing {
            employee: self.employee_id.into(),
            name: self.name,
            function: function_of("assignment", &self.function)?,
            present: self.present,
            away: self.away,
            parts,
            young_people: number(self.young_people)?,
            exceptions: number(self.exceptions)?,
            reserved: number(self.reserved)?,
        };
        Ok(Load {
            standing,
            breaches: number(self.breaches)?,
            covered: number(self.covered)?,
            changes: number(self.changes)?,
            everybody: number(self.everybody)?,
        })
    }
}

impl TryFrom<AssignmentRow> for Assignment {
    type Error = StoreError;

    fn try_from(row: AssignmentRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            young_person: row.young_person_id.into(),
            unit: row.unit_id.into(),
            employee: row.employee_id.into(),
            function: function_of("assignment", &row.function)?,
            began_at: row.began_at,
            planned_end: row.planned_end,
            ended_at: row.ended_at,
            version: row.version,
        })
    }
}

impl Tx {
    /// Locks young people whose cases are about to change hands, those whom the caller sees, in one order: after the
    /// employees (D-13).
    pub async fn lock_young_people(&mut self, who: &[YoungPersonId]) -> Result<(), StoreError> {
        young_person::table
            .filter(young_person::id.eq_any(who.iter().map(|one| one.0)))
            .order(young_person::id)
            .select(young_person::id)
            .for_no_key_update()
            .load::<Uuid>(self.conn())
            .await?;
        Ok(())
    }

    /// Locks those whose caseload is about to be counted (D-13, D-14).
    pub async fn lock_employees(&mut self, who: &[EmployeeId]) -> Result<(), StoreError> {
        let who: Vec<Uuid> = who.iter().map(|one| one.0).collect();
        diesel::sql_query("SELECT lock_employees($1)")
            .bind::<Array<SqlUuid>, _>(who)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Locks the named employees and the employees who have a young person's case: the former receive it, the latter
    /// may lose it.
    pub async fn lock_employees_of(
        &mut self,
        young_person: YoungPersonId,
        named: &[EmployeeId],
    ) -> Result<(), StoreError> {
        let named: Vec<Uuid> = named.iter().map(|one| one.0).collect();
        diesel::sql_query(
            "SELECT lock_employees($2 || array_agg(h.employee_id)) FROM have_had(ARRAY[$1]) h WHERE h.last_at = 'infinity'",
        )
        .bind::<SqlUuid, _>(young_person.0)
        .bind::<Array<SqlUuid>, _>(named)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// How everybody of a unit stands on a day, by name: as the day ended, or stands now, with what others did
    /// while this one waited for a lock; ahead, what is now under the norms of then. One query, numbers only, also
    /// of young people whom the caller does not see.
    pub async fn caseload(&mut self, unit: UnitId, on: NaiveDate) -> Result<Vec<Load>, StoreError> {
        let mut loads = self.loads(unit, on, true).await?;
        loads.retain(|load| load.standing.is_shown());
        Ok(loads)
    }

    /// The same; without what only the overview tells, where the `whole` is not asked for.
    async fn loads(
        &mut self,
        unit: UnitId,
        on: NaiveDate,
        whole: bool,
    ) -> Result<Vec<Load>, StoreError> {
        let past = (on < day_of(self.now())).then(|| end_of(on));
        let rows: Vec<LoadRow> = diesel::sql_query(
            "SELECT c.*, e.employed_on, e.given_name || ' ' || e.family_name AS name
               FROM caseload_of($1, $2, coalesce($3, 'infinity'), NULL, $4) c JOIN employee e ON e.id = c.employee_id
              ORDER BY name, c.employee_id, c.function",
        )
        .bind::<SqlUuid, _>(unit.0)
        .bind::<Date, _>(on)
        .bind::<Nullable<Timestamptz>, _>(past)
        .bind::<Bool, _>(whole)
        .load(self.conn())
        .await?;
        rows.into_iter().map(|row| row.read(on)).collect()
    }

    /// How an employee stands today in the units in which they hold a role.
    pub async fn own_caseload(&mut self, who: EmployeeId) -> Result<Vec<OwnLoad>, StoreError> {
        let (now, today) = (self.now(), day_of(self.now()));
        let rows: Vec<OwnLoadRow> = diesel::sql_query(
            "SELECT u.id AS unit_id, u.name AS unit_name, c.*, e.employed_on, e.given_name || ' ' || e.family_name AS name
               FROM (SELECT DISTINCT r.unit_id FROM employee_role r
                      WHERE r.employee_id = $1 AND r.valid_from <= $3 AND r.valid_to > $3) held
               JOIN unit u ON u.id = held.unit_id
              CROSS JOIN LATERAL caseload_of(u.id, $2, $3, $1) c
               JOIN employee e ON e.id = c.employee_id
              ORDER BY unit_name, u.id, c.function",
        )
        .bind::<SqlUuid, _>(who.0)
        .bind::<Date, _>(today)
        .bind::<Timestamptz, _>(now)
        .load(self.conn())
        .await?;
        let read = |row: OwnLoadRow| {
            let (unit, unit_name) = (row.unit_id.into(), row.unit_name);
            Ok(OwnLoad { unit, unit_name, load: row.load.read(today)? })
        };
        let mut own: Vec<OwnLoad> =
            rows.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        own.retain(|own| own.load.standing.is_shown());
        Ok(own)
    }

    /// A unit's board today, with the cases of these young people, and who has had them before.
    pub async fn board(
        &mut self,
        unit: UnitId,
        young_people: &[YoungPersonId],
    ) -> Result<Board, StoreError> {
        let today = day_of(self.now());
        self.board_on(unit, today, young_people).await
    }

    /// The same for a future day: the current cases and the reservations, with the limits of that day.
    pub async fn board_on(
        &mut self,
        unit: UnitId,
        on: NaiveDate,
        young_people: &[YoungPersonId],
    ) -> Result<Board, StoreError> {
        let standings = self.loads(unit, on, false).await?;
        let people: Vec<Uuid> = young_people.iter().map(|one| one.0).collect();
        let cases = self.cases_in(unit, &people).await?;
        let known: Vec<KnownRow> =
            diesel::sql_query("SELECT * FROM have_had($1) ORDER BY last_at DESC, employee_id")
                .bind::<Array<SqlUuid>, _>(&people)
                .load(self.conn())
                .await?;
        Ok(Board::new(
            on,
            standings.into_iter().map(|load| load.standing).collect(),
            cases,
            known
                .into_iter()
                .map(|row| (row.young_person_id.into(), row.employee_id.into()))
                .collect(),
        ))
    }

    /// Who does this for a young person in a unit, also where the caller does not see it.
    pub async fn has_case(
        &mut self,
        unit: UnitId,
        young_person: YoungPersonId,
        function: Function,
    ) -> Result<Option<EmployeeId>, StoreError> {
        let cases = self.cases_in(unit, &[young_person.0]).await?;
        Ok(cases.into_iter().find(|case| case.function == function).map(|case| case.employee))
    }

    async fn cases_in(&mut self, unit: UnitId, people: &[Uuid]) -> Result<Vec<Case>, StoreError> {
        let cases: Vec<CaseRow> = diesel::sql_query("SELECT * FROM cases_in($1, $2)")
            .bind::<SqlUuid, _>(unit.0)
            .bind::<Array<SqlUuid>, _>(people)
            .load(self.conn())
            .await?;
        let cases = cases.into_iter().map(|row| {
            Ok(Case {
                id: Some(row.id.into()),
                young_person: row.young_person_id.into(),
                employee: row.employee_id.into(),
                function: function_of("assignment", &row.function)?,
                counts_as: function_of("assignment", &row.counts_as)?,
                exception_until: row.exception_until,
            })
        });
        cases.collect()
    }

    /// An assignment with the young person as they stand to the caller; none where it does not exist for them.
    pub async fn assignment(
        &mut self,
        id: AssignmentId,
    ) -> Result<Option<(Sight, Assignment)>, StoreError> {
        let Some(found) = self.assignments(&[id]).await?.remove(&id) else { return Ok(None) };
        Ok(Some((self.case_of(found.young_person).await?, found)))
    }

    /// Those of these assignments that exist for the caller.
    pub async fn assignments(
        &mut self,
        ids: &[AssignmentId],
    ) -> Result<HashMap<AssignmentId, Assignment>, StoreError> {
        let rows: Vec<AssignmentRow> = assignment::table
            .filter(assignment::id.eq_any(ids.iter().map(|id| id.0)))
            .select(AssignmentRow::as_select())
            .load(self.conn())
            .await?;
        self.does_not_see_any_of(ids.iter().map(|id| id.0), |id| {
            rows.iter().any(|row| row.id == *id)
        });
        rows.into_iter()
            .map(|row| Assignment::try_from(row).map(|found| (found.id, found)))
            .collect()
    }

    /// Of these young people the open plans that the caller sees, each with who coordinates it.
    pub async fn coordinated_plans(
        &mut self,
        young_people: &[YoungPersonId],
    ) -> Result<Vec<(PlanId, YoungPersonId, Option<EmployeeId>)>, StoreError> {
        let rows: Vec<CoordinatedRow> = diesel::sql_query(
            "SELECT p.id, p.young_person_id, (SELECT r.employee_id FROM plan_role r
                     WHERE r.plan_id = p.id AND r.kind = 'coordinator' ORDER BY r.from_at DESC LIMIT 1) AS employee_id
               FROM plan p WHERE p.young_person_id = ANY ($1) AND p.state <> 'closed' ORDER BY p.id",
        )
        .bind::<Array<SqlUuid>, _>(young_people.iter().map(|one| one.0).collect::<Vec<_>>())
        .load(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.id.into(), row.young_person_id.into(), row.employee_id.map(Into::into)))
            .collect())
    }

    /// The unit and the function in which an employee coordinates a plan. The unit takes part in the plan. `None` if
    /// the employee may not coordinate or cannot sign in (PL-17).
    pub async fn coordinating_post(
        &mut self,
        plan: PlanId,
        who: EmployeeId,
    ) -> Result<Option<CoordinatingPost>, StoreError> {
        let row: Option<PostRow> = diesel::sql_query("SELECT * FROM coordinating_post($1, $2)")
            .bind::<SqlUuid, _>(plan.0)
            .bind::<SqlUuid, _>(who.0)
            .get_result(self.conn())
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let function = function_of("employee_role", &row.function)?;
        Ok(Some(CoordinatingPost { unit: row.unit_id.into(), function, has_case: row.has_case }))
    }

    /// Locks the employee who is to coordinate by the open agreement. This lock comes before that of the young person
    /// (D-13).
    pub async fn lock_next_coordinator(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<(), StoreError> {
        diesel::sql_query("SELECT lock_next_coordinator($1)")
            .bind::<SqlUuid, _>(young_person.0)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Assigns a case as the board decided, and gives access to the employee and to their unit, for the leader
    /// who hands it over when they are gone.
    pub async fn assign(
        &mut self,
        permit: &Permit<AssignCase>,
        unit: UnitId,
        wish: &Wish,
        assigned: &Assigned,
        particulars: &Particulars,
    ) -> Result<AssignmentId, StoreError> {
        permit.for_person(wish.young_person)?;
        let (id, now) = (Uuid::now_v7(), self.now());
        let exception: Option<&Exception> = assigned.exception.as_ref();
        diesel::insert_into(assignment::table)
            .values((
                assignment::id.eq(id),
                assignment::young_person_id.eq(wish.young_person.0),
                assignment::writing_unit_id.eq(permit.unit().0),
                assignment::unit_id.eq(unit.0),
                assignment::employee_id.eq(wish.employee.0),
                assignment::function.eq(<&str>::from(wish.function)),
                assignment::counts_as.eq(<&str>::from(assigned.counts_as)),
                assignment::began_at.eq(now),
                assignment::planned_end.eq(particulars.planned_end),
                assignment::note.eq(&particulars.note),
                assignment::exception_reason.eq(exception.map(|one| &one.reason)),
                assignment::exception_until.eq(exception.map(|one| one.until)),
            ))
            .execute(self.conn())
            .await?;
        for holder in [Holder::Employee(wish.employee), Holder::Unit(unit)] {
            let basis = NewBasis {
                young_person: wish.young_person,
                holder,
                kind: BasisKind::Assignment,
                areas: Areas::WORKING,
                source: id,
                reason: "the case is assigned to them",
                until: None,
                inside: Some(unit),
            };
            self.grant(permit, basis).await?;
        }
        Ok(id.into())
    }

    /// Ends an assignment that was found. The access it gave is ended after that, for it may be the caller's own.
    pub async fn end_assignment(
        &mut self,
        permit: &Permit<AssignCase>,
        found: &Assignment,
        reason: &str,
    ) -> Result<i64, StoreError> {
        permit.for_person(found.young_person)?;
        // Another instance's clock may be ahead of ours.
        let (now, version) = (self.now().max(found.began_at), found.version + 1);
        let changed = diesel::update(assignment::table.find(found.id.0))
            .filter(assignment::version.eq(found.version))
            .set((
                assignment::ended_at.eq(now),
                assignment::end_reason.eq(reason),
                assignment::version.eq(version),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(version) } else { Err(StoreError::Stale) }
    }
}
