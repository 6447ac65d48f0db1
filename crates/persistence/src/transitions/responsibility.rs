//! Who decides and who coordinates (TM-9).

use crate::access::{Holder, NewBasis};
use crate::caseload::function_of;
use crate::error::StoreError;
use crate::schema::{coordination, responsibility_agreement, statutory_responsibility};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::families::ChangesTransition;
use domain::access::policy::{AcceptResponsibility, DecideResponsibility};
use domain::access::{Areas, BasisKind, Case, Permit};
use domain::calendar::{day_of, end_of, start_of};
use domain::caseload::{Exception, Function};
use domain::ids::{EmployeeId, TransitionNeedId, UnitId, YoungPersonId};
use domain::responsibility::Agreement;
use serde::Serialize;
use uuid::Uuid;

diesel::define_sql_function! {
    /// The function in which an employee coordinates in a unit.
    fn coordinates_as(who: SqlUuid, in_unit: SqlUuid) -> Nullable<Text>;
}

/// A unit that decides under a law, as stored.
#[derive(Debug, Clone, QueryableByName)]
pub struct ResponsibilityRow {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    /// Which unit.
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub unit: String,
    /// Its department.
    #[diesel(sql_type = Text)]
    pub department: String,
    /// Under which paragraph.
    #[diesel(sql_type = Text)]
    pub legal_basis: String,
    /// Of which law.
    #[diesel(sql_type = Text)]
    pub law: String,
    /// Which paragraph.
    #[diesel(sql_type = Text)]
    pub paragraph: String,
    /// What it is about.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// From which day.
    #[diesel(sql_type = Date)]
    pub from_day: NaiveDate,
    /// To which day, as told or by the age for which the law holds; none: it goes on.
    #[diesel(sql_type = Nullable<Date>)]
    pub to_day: Option<NaiveDate>,
    /// When that was decided.
    #[diesel(sql_type = Date)]
    pub decided_on: NaiveDate,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// Those that the caller sees.
const STATUTORY: &str = "SELECT s.id, s.young_person_id, s.unit_id, u.name AS unit, u.department, l.code AS legal_basis, l.law, l.paragraph, l.title,
        s.from_day, d.to_day, s.decided_on, s.version
   FROM statutory_responsibility s JOIN unit u ON u.id = s.unit_id JOIN legal_basis l ON l.code = s.legal_basis_code
  CROSS JOIN LATERAL decides_to(s) d (to_day)";

/// From a moment on a department coordinates.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = coordination)]
pub struct CoordinationStep {
    /// From when on.
    pub from_at: DateTime<Utc>,
    /// Which.
    pub department: String,
}

/// An agreement that the coordination passes, as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = responsibility_agreement)]
pub struct AgreementRow {
    /// Ours.
    pub id: Uuid,
    /// Of which need.
    pub need_id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// Who receives.
    pub receiving_unit_id: Uuid,
    /// Who of them coordinates.
    pub coordinator_id: Option<Uuid>,
    /// From when on they help.
    pub supports_from: NaiveDate,
    /// From when on they coordinate.
    pub coordinates_from: NaiveDate,
    /// When they accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the coordination passed.
    pub passed_at: Option<DateTime<Utc>>,
    /// The last day of the exception to the norm.
    pub exception_until: Option<NaiveDate>,
    /// Its version.
    pub version: i64,
}

/// That a unit decides under a law.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewResponsibility {
    /// Which unit.
    pub unit_id: UnitId,
    /// Under which paragraph.
    pub legal_basis: String,
    /// From which day.
    pub from: NaiveDate,
    /// To which day; none: as long as the law holds for their age.
    pub to: Option<NaiveDate>,
}

impl From<&AgreementRow> for Agreement {
    fn from(row: &AgreementRow) -> Self {
        Self {
            supports_from: row.supports_from,
            coordinates_from: row.coordinates_from,
            accepted_at: row.accepted_at,
            passed_at: row.passed_at,
        }
    }
}

impl Tx {
    /// The units that decide on a day, as far as the caller sees it.
    pub async fn statutory_on(
        &mut self,
        young_person: YoungPersonId,
        day: NaiveDate,
    ) -> Result<Vec<ResponsibilityRow>, StoreError> {
        let on_day = format!(
            "{STATUTORY} WHERE s.young_person_id = $1 AND s.from_day <= $2 AND (d.to_day >= $2) IS NOT FALSE ORDER BY s.from_day, s.id"
        );
        Ok(diesel::sql_query(on_day)
            .bind::<SqlUuid, _>(young_person.0)
            .bind::<Date, _>(day)
            .load(self.conn())
            .await?)
    }

    /// That a unit decides, with how the caller stands to the young person; none where it does not exist for them.
    pub async fn statutory_responsibility(
        &mut self,
        id: Uuid,
    ) -> Result<Option<(Case, ResponsibilityRow)>, StoreError> {
        let row: Option<ResponsibilityRow> =
            diesel::sql_query(format!("{STATUTORY} WHERE s.id = $1"))
                .bind::<SqlUuid, _>(id)
                .get_result(self.conn())
                .await
                .optional()?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((self.case_of(row.young_person_id.into()).await?, row)))
    }

    /// Tells the last day on which a unit decides.
    pub async fn end_responsibility(
        &mut self,
        permit: &Permit<DecideResponsibility>,
        known: &ResponsibilityRow,
        on: NaiveDate,
    ) -> Result<(), StoreError> {
        use statutory_responsibility as s;
        permit.for_person(known.young_person_id.into())?;
        let changed = diesel::update(s::table.find(known.id))
            .filter(s::version.eq(known.version))
            .set((s::to_day.eq(on), s::version.eq(known.version + 1)))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// The departments that coordinated on a day, in order; each until the next begins.
    pub async fn coordinated_on(
        &mut self,
        young_person: YoungPersonId,
        day: NaiveDate,
    ) -> Result<Vec<CoordinationStep>, StoreError> {
        let steps: Vec<CoordinationStep> = coordination::table
            .filter(coordination::young_person_id.eq(young_person.0))
            .filter(coordination::from_at.lt(end_of(day)))
            .order(coordination::from_at)
            .select(CoordinationStep::as_select())
            .load(self.conn())
            .await?;
        let first = start_of(day);
        let held = steps.iter().rposition(|step| step.from_at <= first).unwrap_or_default();
        Ok(steps.into_iter().skip(held).collect())
    }

    /// By what was agreed, a unit supports on a day: from its day on, until it coordinates or another is agreed on.
    pub async fn supporting_on(
        &mut self,
        young_person: YoungPersonId,
        day: NaiveDate,
    ) -> Result<Option<AgreementRow>, StoreError> {
        use responsibility_agreement as a;
        let (begins, ends) = (start_of(day), end_of(day));
        Ok(a::table
            .filter(a::young_person_id.eq(young_person.0))
            .filter(a::supports_from.le(day))
            .filter(a::agreed_at.le(ends))
            .filter(a::passed_at.is_null().or(a::passed_at.gt(begins)))
            .filter(a::replaced_at.is_null().or(a::replaced_at.gt(ends)))
            .order((a::agreed_at.desc(), a::id.desc()))
            .select(AgreementRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// What is agreed and not passed yet; none where nothing is, or not for the caller.
    pub async fn open_agreement(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Option<AgreementRow>, StoreError> {
        use responsibility_agreement as a;
        Ok(a::table
            .filter(a::young_person_id.eq(young_person.0))
            .filter(a::passed_at.is_null())
            .filter(a::replaced_at.is_null())
            .select(AgreementRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Stores that a unit decides under a law (TM-9). Whoever holds a meeting tells what was decided there.
    pub async fn decide_responsibility<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        young_person: YoungPersonId,
        new: &NewResponsibility,
    ) -> Result<Uuid, StoreError> {
        use statutory_responsibility as s;
        permit.for_person(young_person)?;
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(s::table)
            .values((
                s::id.eq(id),
                s::young_person_id.eq(young_person.0),
                s::writing_unit_id.eq(permit.unit().0),
                s::unit_id.eq(new.unit_id.0),
                s::legal_basis_code.eq(&new.legal_basis),
                s::from_day.eq(new.from),
                s::to_day.eq(new.to),
                s::decided_on.eq(day_of(now)),
                s::decided_by_id.eq(permit.employee().0),
                s::recorded_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Stores that the coordination passes to a unit, and by whom of them (TM-9). Whoever holds a meeting calls it with
    /// what was agreed there.
    pub async fn agree_responsibility<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        (need, young_person): (TransitionNeedId, YoungPersonId),
        (receiver, coordinator): (UnitId, Option<EmployeeId>),
        agreed: &Agreement,
    ) -> Result<Uuid, StoreError> {
        use responsibility_agreement as a;
        permit.for_person(young_person)?;
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(a::table)
            .values((
                a::id.eq(id),
                a::need_id.eq(need.0),
                a::young_person_id.eq(young_person.0),
                a::writing_unit_id.eq(permit.unit().0),
                a::receiving_unit_id.eq(receiver.0),
                a::coordinator_id.eq(coordinator.map(|who| who.0)),
                a::supports_from.eq(agreed.supports_from),
                a::coordinates_from.eq(agreed.coordinates_from),
                a::agreed_at.eq(now),
                a::agreed_by_id.eq(permit.employee().0),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// The function in which an employee coordinates in a unit; `None` if the employee may not coordinate or cannot
    /// sign in (PL-17).
    pub async fn coordinates_as(
        &mut self,
        who: EmployeeId,
        unit: UnitId,
    ) -> Result<Option<Function>, StoreError> {
        let function: Option<String> =
            diesel::select(coordinates_as(who.0, unit.0)).get_result(self.conn()).await?;
        function.map(|stored| function_of("employee_role", &stored)).transpose()
    }

    /// TM-9: passes access to the young person on to the unit that is to accept, until it accepts or another unit is
    /// agreed on, for 26 weeks at most (chosen).
    pub async fn open_to_agreed<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        young_person: YoungPersonId,
        (receiver, agreement): (UnitId, Uuid),
    ) -> Result<(), StoreError> {
        let basis = NewBasis {
            young_person,
            holder: Holder::Unit(receiver),
            kind: BasisKind::Law,
            areas: Areas::WORKING,
            source: agreement,
            reason: "Barnets lov §§ 122-123: Modtager den unge fra en anden afdeling.",
            until: Some(self.now() + TimeDelta::weeks(26)),
            inside: None,
        };
        self.grant(permit, basis).await
    }

    /// Another is agreed instead.
    pub async fn replace_agreement<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        known: &AgreementRow,
    ) -> Result<(), StoreError> {
        permit.for_person(known.young_person_id.into())?;
        let now = self.now();
        let changed = diesel::update(responsibility_agreement::table.find(known.id))
            .filter(responsibility_agreement::version.eq(known.version))
            .set((
                responsibility_agreement::replaced_at.eq(now),
                responsibility_agreement::version.eq(known.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Records the acceptance of the receiver and reserves room for the employee who is to coordinate (PL-17). If there
    /// is no room, this violates the rule `caseload.limit-reached`.
    pub async fn accept_agreement(
        &mut self,
        permit: &Permit<AcceptResponsibility>,
        known: &AgreementRow,
        accepted: &Agreement,
        exception: Option<&Exception>,
    ) -> Result<(), StoreError> {
        permit.for_person(known.young_person_id.into())?;
        let changed = diesel::update(responsibility_agreement::table.find(known.id))
            .filter(responsibility_agreement::version.eq(known.version))
            .set((
                responsibility_agreement::accepted_at.eq(accepted.accepted_at),
                responsibility_agreement::accepted_by_id.eq(permit.employee().0),
                responsibility_agreement::exception_reason.eq(exception.map(|one| &one.reason)),
                responsibility_agreement::exception_until.eq(exception.map(|one| one.until)),
                responsibility_agreement::version.eq(known.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}
