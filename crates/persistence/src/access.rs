//! Access bases: which of them the caller holds, and who gets and loses one.

use crate::error::StoreError;
use crate::schema::{
    access_basis, benefit_episode, education_and_work, goal, guardian, intervention, plan,
};
use crate::store::Tx;
use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::policy::{Action, WidenAccess};
use domain::access::{Areas, Basis, BasisKind, Case, InformationArea, Permit, Row};
use domain::calendar::start_of;
use domain::ids::{
    BasisId, BenefitId, EmployeeId, EpisodeId, GoalId, GuardianId, InterventionId, PlanId, UnitId,
    YoungPersonId,
};
use std::collections::HashMap;
use uuid::Uuid;

diesel::define_sql_function! {
    /// The moment of the transaction, as policies see it.
    fn acting_now() -> Timestamptz;
}
diesel::define_sql_function! {
    /// Ends what a source gave.
    fn end_access(source: SqlUuid, at: Timestamptz) -> BigInt;
}
diesel::define_sql_function! {
    /// Does the employee see what is written of the young person in this area?
    fn colleague_sees(who: SqlUuid, person: SqlUuid, area: Integer) -> Nullable<Bool>;
}

/// The rule that refuses an access basis that no valid basis or rule supports (AC-15).
const NOT_PASSED_ON: &str = "access.not-passed-on";

/// Who gets a basis.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// An operational unit.
    Unit(UnitId),
    /// An employee.
    Employee(EmployeeId),
}

/// An access basis to pass on (AC-15).
#[derive(Debug)]
pub struct NewBasis<'a> {
    /// The young person whose case it opens.
    pub young_person: YoungPersonId,
    /// The unit or employee that receives it.
    pub holder: Holder,
    /// What gives it.
    pub kind: BasisKind,
    /// The areas that it opens at most: no more than those of the basis that is passed on.
    pub areas: Areas,
    /// The participation, intervention … that gives it and, ending, ends it.
    pub source: Uuid,
    /// The reason, as a sentence.
    pub reason: &'a str,
    /// The latest end; `None` if it ends with the basis that is passed on.
    pub until: Option<DateTime<Utc>>,
    /// The unit in which an assignment is made: a basis of this unit is replaced, not passed on.
    pub inside: Option<UnitId>,
}

/// What ends when a unit loses access, because the unit gave it to itself by that access.
#[derive(Debug, QueryableByName)]
pub struct EndedWithAccess {
    /// Assignments of the unit's employees.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub assignments: Vec<Uuid>,
    /// Entries in the unit's intake.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub intake_entries: Vec<Uuid>,
}

/// Wider access for a unit that has access to the young person for one purpose only.
#[derive(Debug)]
pub struct Widening<'a> {
    /// A unit that already has access.
    pub unit: UnitId,
    /// The information areas that are opened to the unit.
    pub areas: Areas,
    /// The code of the legal basis.
    pub legal_basis: &'a str,
    /// The reason.
    pub reason: &'a str,
    /// The last day of the access.
    pub until: NaiveDate,
}

/// As it lies in the table.
type BasisRow = (Uuid, Uuid, String, i32, Option<Uuid>);

/// The caller's valid bases for a young person; none where the person does not exist for them. Row
/// security leaves only those that are theirs.
pub(crate) async fn bases_for(
    conn: &AsyncPgConnection,
    young_person: YoungPersonId,
) -> Result<Vec<Basis>, StoreError> {
    bases(basis_rows(conn, young_person).await?)
}

/// The same, not read yet, so that it can share a round trip.
pub(crate) async fn basis_rows(
    mut conn: &AsyncPgConnection,
    young_person: YoungPersonId,
) -> QueryResult<Vec<BasisRow>> {
    access_basis::table
        .filter(access_basis::young_person_id.eq(young_person.0))
        .filter(access_basis::valid_from.le(acting_now()))
        .filter(access_basis::valid_to.gt(acting_now()))
        .select((
            access_basis::id,
            access_basis::holder_id,
            access_basis::kind,
            access_basis::areas,
            access_basis::giver_id,
        ))
        .order(access_basis::id)
        .load(&mut conn)
        .await
}

/// The same for several young people at once.
pub(crate) async fn bases_for_each(
    conn: &mut AsyncPgConnection,
    young_people: &[Uuid],
) -> Result<HashMap<YoungPersonId, Vec<Basis>>, StoreError> {
    let rows: Vec<(Uuid, BasisRow)> = access_basis::table
        .filter(access_basis::young_person_id.eq_any(young_people))
        .filter(access_basis::valid_from.le(acting_now()))
        .filter(access_basis::valid_to.gt(acting_now()))
        .select((
            access_basis::young_person_id,
            (
                access_basis::id,
                access_basis::holder_id,
                access_basis::kind,
                access_basis::areas,
                access_basis::giver_id,
            ),
        ))
        .order(access_basis::id)
        .load(conn)
        .await?;
    let mut each: HashMap<YoungPersonId, Vec<Basis>> = HashMap::new();
    for (young_person, row) in rows {
        each.entry(young_person.into()).or_default().extend(bases(vec![row])?);
    }
    Ok(each)
}

/// What gave a basis, also one that has ended; none where it is nobody's of the caller's.
pub(crate) async fn basis_kind(
    conn: &mut AsyncPgConnection,
    id: Uuid,
) -> Result<Option<BasisKind>, StoreError> {
    let kind: Option<String> =
        access_basis::table.find(id).select(access_basis::kind).first(conn).await.optional()?;
    let corrupt = |_| StoreError::Corrupt { table: "access_basis", column: "kind" };
    kind.map(|kind| kind.parse().map_err(corrupt)).transpose()
}

/// Reads them.
pub(crate) fn bases(rows: Vec<BasisRow>) -> Result<Vec<Basis>, StoreError> {
    rows.into_iter()
        .map(|(id, holder, kind, areas, giver)| {
            let kind = kind
                .parse()
                .map_err(|_| StoreError::Corrupt { table: "access_basis", column: "kind" })?;
            let giver = giver.map(UnitId);
            Ok(Basis { id: id.into(), holder, kind, areas: Areas(areas), giver })
        })
        .collect()
}

/// The information area and the writing unit of a row.
pub(crate) fn row_of(table: &'static str, area: i32, writer: Uuid) -> Result<Row, StoreError> {
    let area = InformationArea::of_bit(area)
        .ok_or(StoreError::Corrupt { table, column: "information_area" })?;
    Ok(Row::of(area, writer.into()))
}

impl Tx {
    /// The young person as they stand to the caller.
    pub async fn case_of(&mut self, young_person: YoungPersonId) -> Result<Case, StoreError> {
        let bases = bases_for(self.conn(), young_person).await?;
        match bases.as_slice().first() {
            Some(first) => {
                let areas = bases.iter().fold(0, |areas, held| areas | held.areas.0);
                self.saw(young_person, first.id, Areas(areas));
            }
            None => self.does_not_see(young_person),
        }
        Ok(Case { young_person, bases, provider: None, row: None })
    }

    /// Several young people as they stand to the caller; those who do not exist for them are not among them.
    pub async fn cases_of(
        &mut self,
        young_people: &[YoungPersonId],
    ) -> Result<HashMap<YoungPersonId, Case>, StoreError> {
        let ids: Vec<Uuid> = young_people.iter().map(|one| one.0).collect();
        let each = bases_for_each(self.conn(), &ids).await?;
        self.does_not_see_any_of(ids, |id| each.contains_key(&YoungPersonId(*id)));
        let mut cases = HashMap::with_capacity(each.len());
        for (young_person, bases) in each {
            if let Some(basis) = bases.as_slice().first() {
                let areas = bases.iter().fold(0, |areas, basis| areas | basis.areas.0);
                self.saw(young_person, basis.id, Areas(areas));
            }
            cases.insert(young_person, Case { young_person, bases, provider: None, row: None });
        }
        Ok(cases)
    }

    /// The young person of a plan; none where it does not exist for the caller.
    pub async fn case_of_plan(&mut self, id: PlanId) -> Result<Option<Case>, StoreError> {
        let whose: Option<Uuid> = plan::table
            .find(id.0)
            .select(plan::young_person_id)
            .first(self.conn())
            .await
            .optional()?;
        self.case_where(id.0, whose.map(|person| (person, None))).await
    }

    /// The young person of a goal, and its plan; none where it does not exist for the caller.
    pub async fn case_of_goal(&mut self, id: GoalId) -> Result<Option<(Case, PlanId)>, StoreError> {
        let found: Option<(Uuid, Uuid)> = goal::table
            .find(id.0)
            .select((goal::young_person_id, goal::plan_id))
            .first(self.conn())
            .await
            .optional()?;
        let case = self.case_where(id.0, found.map(|(person, _)| (person, None))).await?;
        let case = case.map(|case| case.at(Row::new(InformationArea::Plan)));
        Ok(case.zip(found.map(|(_, plan)| plan.into())))
    }

    /// The young person of an intervention, with its provider; none where it does not exist for the caller.
    pub async fn case_of_intervention(
        &mut self,
        id: InterventionId,
    ) -> Result<Option<Case>, StoreError> {
        let found: Option<(Uuid, Uuid, i32, Uuid)> = intervention::table
            .find(id.0)
            .select((
                intervention::young_person_id,
                intervention::providing_unit_id,
                intervention::information_area,
                intervention::writing_unit_id,
            ))
            .first(self.conn())
            .await
            .optional()?;
        let Some((person, provider, area, writer)) = found else {
            return self.case_where(id.0, None).await;
        };
        let row = row_of("intervention", area, writer)?;
        let case = self.case_where(id.0, Some((person, Some(provider.into())))).await?;
        Ok(case.map(|case| case.at(row)))
    }

    /// The young person of a benefit; none where it does not exist for the caller.
    pub async fn case_of_benefit(&mut self, id: BenefitId) -> Result<Option<Case>, StoreError> {
        let whose: Option<Uuid> = benefit_episode::table
            .find(id.0)
            .select(benefit_episode::young_person_id)
            .first(self.conn())
            .await
            .optional()?;
        self.case_where(id.0, whose.map(|person| (person, None))).await
    }

    /// The young person of an episode of education or work; none where it does not exist for the caller.
    pub async fn case_of_episode(&mut self, id: EpisodeId) -> Result<Option<Case>, StoreError> {
        let found: Option<(Uuid, i32, Uuid)> = education_and_work::table
            .find(id.0)
            .select((
                education_and_work::young_person_id,
                education_and_work::information_area,
                education_and_work::writing_unit_id,
            ))
            .first(self.conn())
            .await
            .optional()?;
        let Some((person, area, writer)) = found else {
            return self.case_where(id.0, None).await;
        };
        let row = row_of("education_and_work", area, writer)?;
        Ok(self.case_where(id.0, Some((person, None))).await?.map(|case| case.at(row)))
    }

    /// The young person of a guardian; none where it does not exist for the caller.
    pub async fn case_of_guardian(&mut self, id: GuardianId) -> Result<Option<Case>, StoreError> {
        let whose: Option<Uuid> = guardian::table
            .find(id.0)
            .select(guardian::young_person_id)
            .first(self.conn())
            .await
            .optional()?;
        self.case_where(id.0, whose.map(|person| (person, None))).await
    }

    /// Does a basis of the caller's open the area, whoever wrote in it?
    pub async fn opens(
        &mut self,
        young_person: YoungPersonId,
        area: InformationArea,
    ) -> Result<bool, StoreError> {
        Ok(self.wide_areas(young_person).await?.contains(area))
    }

    /// The areas that the caller's bases open, whoever wrote in them.
    pub async fn wide_areas(&mut self, young_person: YoungPersonId) -> Result<Areas, StoreError> {
        let areas: Vec<i32> = access_basis::table
            .filter(access_basis::young_person_id.eq(young_person.0))
            .filter(access_basis::valid_from.le(acting_now()))
            .filter(access_basis::valid_to.gt(acting_now()))
            .filter(access_basis::giver_id.is_null())
            .select(access_basis::areas)
            .load(self.conn())
            .await?;
        Ok(Areas(areas.iter().fold(0, |all, areas| all | areas)))
    }

    async fn case_where(
        &mut self,
        id: Uuid,
        found: Option<(Uuid, Option<UnitId>)>,
    ) -> Result<Option<Case>, StoreError> {
        let Some((young_person, provider)) = found else {
            self.does_not_see(id);
            return Ok(None);
        };
        let case = self.case_of(young_person.into()).await?;
        Ok(Some(Case { provider, ..case }))
    }

    /// Creates the first access basis of a young person, for the unit that has just registered them.
    pub(crate) async fn grant_first<A: Action>(
        &mut self,
        permit: &Permit<A>,
        young_person: YoungPersonId,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::insert_into(access_basis::table)
            .values((
                access_basis::id.eq(Uuid::now_v7()),
                access_basis::young_person_id.eq(young_person.0),
                access_basis::holder_id.eq(permit.unit().0),
                access_basis::holder_kind.eq("unit"),
                access_basis::kind.eq(<&str>::from(BasisKind::Registration)),
                access_basis::areas.eq(Areas::WORKING.0),
                access_basis::source_id.eq(young_person.0),
                access_basis::reason.eq("registered the young person"),
                access_basis::granted_by_id.eq(permit.employee().0),
                access_basis::valid_from.eq(now),
                access_basis::arose.eq("registered"),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Passes on a basis of the caller from now on, with at most its areas and its end (AC-15). If the caller holds no
    /// basis that can be passed on, the rule `access.not-passed-on` refuses it.
    pub(crate) async fn grant<A: Action>(
        &mut self,
        permit: &Permit<A>,
        basis: NewBasis<'_>,
    ) -> Result<(), StoreError> {
        let (holder, holder_kind) = match basis.holder {
            Holder::Unit(unit) => (unit.0, "unit"),
            Holder::Employee(employee) => (employee.0, "employee"),
        };
        let given = diesel::sql_query(
            "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, granted_by_id,
                                       valid_from, valid_to, arose, from_basis_id)
             SELECT $1, p.young_person_id, $2, $3, $4, p.areas & $5, $6, $7, $8, acting_now(), least(p.valid_to, $9),
                    CASE WHEN p.holder_id = $10 THEN 'replaced' ELSE 'passed-on' END, p.id
               FROM passable_bases($11, $5) p
              ORDER BY p.areas & $5 = $5 DESC, p.valid_to DESC, p.holder_id = $10 DESC NULLS LAST, p.areas & $5 DESC, p.id LIMIT 1",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(holder)
        .bind::<Text, _>(holder_kind)
        .bind::<Text, _>(<&str>::from(basis.kind))
        .bind::<Integer, _>(basis.areas.0)
        .bind::<SqlUuid, _>(basis.source)
        .bind::<Text, _>(basis.reason)
        .bind::<SqlUuid, _>(permit.employee().0)
        .bind::<Nullable<Timestamptz>, _>(basis.until)
        .bind::<Nullable<SqlUuid>, _>(basis.inside.map(|unit| unit.0))
        .bind::<SqlUuid, _>(basis.young_person.0)
        .execute(self.conn())
        .await?;
        if given == 1 { Ok(()) } else { Err(StoreError::Rule(NOT_PASSED_ON.to_owned())) }
    }

    /// Widens the access of a unit (AC-15): from a basis of the caller that can be passed on and opens all of the
    /// areas, otherwise from the access that the unit has by law. The rule `access.not-passed-on` decides whether that
    /// basis is sufficient.
    pub async fn widen_access(
        &mut self,
        permit: &Permit<WidenAccess>,
        young_person: YoungPersonId,
        to: &Widening<'_>,
    ) -> Result<BasisId, StoreError> {
        permit.for_person(young_person)?;
        let id = Uuid::now_v7();
        let given = diesel::sql_query(
            "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, legal_basis, reason, granted_by_id,
                                       valid_from, valid_to, arose, from_basis_id)
             SELECT $1, $2, $3, 'unit', 'law', $4, $1, $5, $6, $7, acting_now(), $8, 'widened', f.id
               FROM (SELECT p.id, 1 AS choice FROM passable_bases($2, $4) p WHERE p.areas & $4 = $4
                     UNION ALL
                     SELECT b.id, 2 FROM access_basis b
                      WHERE b.young_person_id = $2 AND b.holder_id = $3 AND b.kind = 'law' AND b.valid_from <= acting_now() AND b.valid_to > acting_now()
                     ORDER BY choice LIMIT 1) f",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(young_person.0)
        .bind::<SqlUuid, _>(to.unit.0)
        .bind::<Integer, _>(to.areas.0)
        .bind::<Text, _>(to.legal_basis)
        .bind::<Text, _>(to.reason)
        .bind::<SqlUuid, _>(permit.employee().0)
        .bind::<Timestamptz, _>(start_of(to.until + Days::new(1)))
        .execute(self.conn())
        .await?;
        if given == 1 { Ok(id.into()) } else { Err(StoreError::Rule(NOT_PASSED_ON.to_owned())) }
    }

    /// Ends what this source gave, to whomever.
    pub async fn end_access(&mut self, source: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::select(end_access(source, at)).execute(self.conn()).await?;
        Ok(())
    }

    /// Does the employee see this young person's plan? For those who are to coordinate (D-21).
    pub async fn employee_sees_plan(
        &mut self,
        who: EmployeeId,
        young_person: YoungPersonId,
    ) -> Result<bool, StoreError> {
        let sees = colleague_sees(who.0, young_person.0, InformationArea::Plan.bit());
        let sees: Option<bool> = diesel::select(sees).get_result(self.conn()).await?;
        Ok(sees.unwrap_or(false))
    }
}
