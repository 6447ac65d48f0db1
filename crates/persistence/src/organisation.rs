//! Units, employees and their roles.

use crate::caseload::norms::load_norms;
use crate::error::StoreError;
use crate::hotline::Duty;
use crate::interventions::catalogue::store_presumptions;
use crate::schema::{
    account, catalogue_entry, catalogue_places, employee, employee_role, hotline_duty,
    school_holiday, unit,
};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::policy::ManageEmployees;
use domain::access::{HeldRole, Permit};
use domain::caseload::Function;
use domain::ids::{EmployeeId, UnitId};
use domain::organisation::{Department, Role};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A unit of the organisation.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = unit)]
pub struct UnitRow {
    /// Ours.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its department.
    pub department: String,
    /// The unit above.
    pub parent_id: Option<Uuid>,
    /// May it hold an access basis?
    pub operational: bool,
}

/// Somebody who signs in.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = employee)]
pub struct EmployeeRow {
    /// Ours.
    pub id: Uuid,
    /// The name to sign in with.
    pub username: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Where they are reached at work (HL-5).
    pub telephone: Option<String>,
    /// The first day; none: long before.
    pub employed_on: Option<NaiveDate>,
    /// Since when the sign-in is stopped.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// When the employment ended.
    pub employment_ended_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    pub version: i64,
}

/// A role that is or was held.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = employee_role)]
pub struct RoleRow {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub employee_id: Uuid,
    /// What.
    pub role: String,
    /// Where.
    pub unit_id: Uuid,
    /// Since when.
    pub valid_from: DateTime<Utc>,
}

/// A whole municipality, as it is loaded into an empty database.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Municipality {
    /// What it is called.
    pub name: String,
    /// Its four digits: who moves to another one moves out (YP-6).
    pub code: String,
    /// When its schools are closed.
    #[serde(default)]
    pub school_holidays: Vec<NewSchoolHoliday>,
    /// Its special schools: UU judges who goes there (TM-1).
    #[serde(default)]
    pub special_schools: Vec<String>,
    /// A unit comes after the one above it.
    pub units: Vec<NewUnit>,
    /// Which of them run the hotline and take notifications of concern.
    pub hotline: HotlineDuties,
    /// Who works there.
    pub employees: Vec<NewEmployee>,
    /// How many cases they may have (CL-1).
    #[serde(default)]
    pub norms: Vec<LoadedNorm>,
    /// What it offers.
    pub catalogue: Vec<NewCatalogueEntry>,
}

/// Which units do what for the hotline, by their codes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotlineDuties {
    /// Runs it.
    pub contacts: String,
    /// Takes notifications of concern (HL-10).
    pub concerns: String,
}

/// A unit to load.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUnit {
    /// Its code.
    pub code: String,
    /// The code of the unit above.
    pub parent: Option<String>,
    /// Its name.
    pub name: String,
    /// How it is called in the organisation.
    pub kind: UnitKind,
    /// Its department.
    pub department: Department,
    /// After so many working days of absence it takes contact (AB-1).
    #[serde(default)]
    pub early_absence_days: Option<i32>,
    /// Of UU: takes the signals of absence of whom UU does not follow (AB-1).
    #[serde(default)]
    pub takes_absence_signals: bool,
    /// Receives from B&U: is shown each need of a transition meeting (TM-11).
    #[serde(default)]
    pub receives_needs: bool,
}

/// Days on which schools are closed (DL-6).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSchoolHoliday {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// How they are called.
    pub name: String,
}

/// How a unit is called in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// A directorate: never holds a basis (AC-1).
    Department,
    /// A part of one; holds a basis where no teams are below it.
    Unit,
    /// A team.
    Team,
    /// Outside the municipality.
    Institution,
}

/// An employee to load.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEmployee {
    /// The name to sign in with.
    pub username: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Where they are reached at work (HL-5).
    #[serde(default)]
    pub telephone: Option<String>,
    /// The first day; none: long before.
    #[serde(default)]
    pub employed_on: Option<NaiveDate>,
    /// From the beginning.
    pub roles: Vec<NewRole>,
}

/// A role to load.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// What.
    pub role: Role,
    /// The unit's code.
    pub unit: String,
}

/// A norm to load.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadedNorm {
    /// The unit's code.
    pub unit: String,
    /// Of which function.
    pub function: Function,
    /// The first day.
    pub from: NaiveDate,
    /// How many cases.
    pub cases: i32,
    /// Why.
    pub reason: String,
}

/// A catalogue entry to load.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct NewCatalogueEntry {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: String,
    /// The provider's code.
    pub provider: String,
    /// What it is about.
    pub area: domain::interventions::Subject,
    /// Its usual length.
    pub usual_weeks: Option<i32>,
    /// How many places; none: as many as are needed.
    pub places: Option<i32>,
    /// From which age.
    pub min_age: Option<i32>,
    /// To which age.
    pub max_age: Option<i32>,
    /// For which target groups.
    pub target_groups: Vec<i32>,
    /// In a company.
    pub company_oriented: bool,
    /// More than once at a time.
    pub repeatable: bool,
    /// In a draft plan.
    pub cannot_wait: bool,
    /// After the provider's visitation.
    #[serde(default)]
    pub visitation: bool,
    /// After UU's intake assessment.
    #[serde(default)]
    pub assessment_required: bool,
    /// One adult who follows the young person.
    #[serde(default)]
    pub mentoring: bool,
    /// The codes of what is to have been before.
    #[serde(default)]
    pub presumes: Vec<String>,
    /// The codes of what cannot run beside it.
    #[serde(default)]
    pub excludes: Vec<String>,
}

/// The account of an employee who was loaded.
#[derive(Debug, Clone)]
pub struct LoadedAccount {
    /// Who.
    pub employee: EmployeeId,
    /// The name to sign in with.
    pub username: String,
    /// Their first unit.
    pub unit: UnitId,
    /// Its code.
    pub unit_code: String,
    /// What they are.
    pub roles: Vec<Role>,
}

impl Municipality {
    /// The number of administrators. OR-3 requires two people, so `install` requires two administrators.
    #[must_use]
    pub fn administrators(&self) -> usize {
        let is_administration = |code: &str| {
            let unit = self.units.iter().find(|unit| unit.code == code);
            unit.is_some_and(|unit| unit.department == Department::Administration)
        };
        let administers = |employee: &&NewEmployee| {
            let mut roles = employee.roles.iter();
            roles.any(|held| held.role == Role::Administrator && is_administration(&held.unit))
        };
        self.employees.iter().filter(administers).count()
    }
}

impl Tx {
    /// All units, by code.
    pub async fn units(&mut self) -> Result<Vec<UnitRow>, StoreError> {
        Ok(unit::table.order(unit::code).select(UnitRow::as_select()).load(self.conn()).await?)
    }

    /// A unit.
    pub async fn unit(&mut self, id: UnitId) -> Result<Option<UnitRow>, StoreError> {
        Ok(unit::table
            .find(id.0)
            .select(UnitRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// `limit` employees with the roles they hold now, by id, after `after`; of one unit, or of all.
    pub async fn employees(
        &mut self,
        after: Option<EmployeeId>,
        of_unit: Option<UnitId>,
        limit: i64,
    ) -> Result<Vec<(EmployeeRow, Vec<RoleRow>)>, StoreError> {
        let now = self.now();
        let mut query = employee::table
            .order(employee::id)
            .filter(employee::id.gt(after.map_or(Uuid::nil(), |id| id.0)))
            .limit(limit)
            .select(EmployeeRow::as_select())
            .into_boxed();
        if let Some(unit) = of_unit {
            query = query.filter(
                employee::id.eq_any(
                    employee_role::table
                        .filter(employee_role::unit_id.eq(unit.0))
                        .filter(employee_role::valid_from.le(now))
                        .filter(employee_role::valid_to.gt(now))
                        .select(employee_role::employee_id),
                ),
            );
        }
        let employees: Vec<EmployeeRow> = query.load(self.conn()).await?;
        let ids: Vec<Uuid> = employees.iter().map(|employee| employee.id).collect();
        let mut roles: HashMap<Uuid, Vec<RoleRow>> = HashMap::new();
        for role in self.roles_of(&ids).await? {
            roles.entry(role.employee_id).or_default().push(role);
        }
        Ok(employees
            .into_iter()
            .map(|employee| {
                let held = roles.remove(&employee.id).unwrap_or_default();
                (employee, held)
            })
            .collect())
    }

    /// One employee.
    pub async fn employee(&mut self, id: EmployeeId) -> Result<Option<EmployeeRow>, StoreError> {
        Ok(employee::table
            .find(id.0)
            .select(EmployeeRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Is there such an employee, whose sign-in is not stopped?
    pub async fn is_employed(&mut self, id: EmployeeId) -> Result<bool, StoreError> {
        let found: i64 = employee::table
            .find(id.0)
            .filter(employee::deactivated_at.is_null())
            .count()
            .get_result(self.conn())
            .await?;
        Ok(found == 1)
    }

    /// Does the employee hold a role in the unit now?
    pub async fn works_in(&mut self, id: EmployeeId, unit: UnitId) -> Result<bool, StoreError> {
        let now = self.now();
        let found: i64 = employee_role::table
            .inner_join(employee::table.on(employee::id.eq(employee_role::employee_id)))
            .filter(employee_role::employee_id.eq(id.0))
            .filter(employee::deactivated_at.is_null().or(employee::deactivated_at.gt(now)))
            .filter(employee_role::unit_id.eq(unit.0))
            .filter(employee_role::valid_from.le(now))
            .filter(employee_role::valid_to.gt(now))
            .count()
            .get_result(self.conn())
            .await?;
        Ok(found > 0)
    }

    /// The roles that these employees hold now.
    pub async fn roles_of(&mut self, ids: &[Uuid]) -> Result<Vec<RoleRow>, StoreError> {
        let now = self.now();
        Ok(employee_role::table
            .filter(employee_role::employee_id.eq_any(ids))
            .filter(employee_role::valid_from.le(now))
            .filter(employee_role::valid_to.gt(now))
            .order(employee_role::id)
            .select(RoleRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// What an employee is where, now: what the policy asks of somebody other than the caller. Those units
    /// below that a leader leads as well are left out.
    pub async fn held_roles(&mut self, who: EmployeeId) -> Result<Vec<HeldRole>, StoreError> {
        Ok(self.held_roles_of(&[who]).await?.remove(&who).unwrap_or_default())
    }

    /// The same of several at once.
    pub async fn held_roles_of(
        &mut self,
        who: &[EmployeeId],
    ) -> Result<HashMap<EmployeeId, Vec<HeldRole>>, StoreError> {
        let (now, ids) = (self.now(), who.iter().map(|one| one.0));
        let rows: Vec<(Uuid, String, Uuid, String)> = employee_role::table
            .inner_join(unit::table.on(unit::id.eq(employee_role::unit_id)))
            .filter(employee_role::employee_id.eq_any(ids))
            .filter(employee_role::valid_from.le(now))
            .filter(employee_role::valid_to.gt(now))
            .select((employee_role::employee_id, employee_role::role, unit::id, unit::department))
            .load(self.conn())
            .await?;
        let corrupt = |table, column| StoreError::Corrupt { table, column };
        let mut held: HashMap<EmployeeId, Vec<HeldRole>> = HashMap::new();
        for (employee, role, unit, department) in rows {
            held.entry(employee.into()).or_default().push(HeldRole {
                role: role.parse().map_err(|_| corrupt("employee_role", "role"))?,
                unit: unit.into(),
                department: department.parse().map_err(|_| corrupt("unit", "department"))?,
            });
        }
        Ok(held)
    }

    /// Employs a person, who signs in with a one-time pass phrase that another person confirms (OR-3).
    pub async fn employ(
        &mut self,
        _permit: &Permit<ManageEmployees>,
        new: &NewEmployee,
    ) -> Result<EmployeeId, StoreError> {
        let id = Uuid::now_v7();
        diesel::insert_into(employee::table)
            .values((
                employee::id.eq(id),
                employee::username.eq(&new.username),
                employee::given_name.eq(&new.given_name),
                employee::family_name.eq(&new.family_name),
                employee::telephone.eq(&new.telephone),
                employee::employed_on.eq(new.employed_on),
            ))
            .execute(self.conn())
            .await?;
        Ok(id.into())
    }

    /// Ends a role that is held now; it counts no more at the next request (AC-7).
    pub async fn end_role(
        &mut self,
        _permit: &Permit<ManageEmployees>,
        whom: EmployeeId,
        id: Uuid,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        self.lock_employees(&[whom]).await?;
        let ended = diesel::update(employee_role::table.find(id))
            .filter(employee_role::employee_id.eq(whom.0))
            .filter(employee_role::valid_to.gt(now))
            .set(employee_role::valid_to.eq(now))
            .execute(self.conn())
            .await?;
        Ok(ended == 1)
    }

    /// Tells where an employee is reached at work (HL-5).
    pub async fn tell_telephone(
        &mut self,
        _permit: &Permit<ManageEmployees>,
        whom: &EmployeeRow,
        telephone: Option<&str>,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(employee::table.find(whom.id))
            .filter(employee::version.eq(whom.version))
            .set((employee::telephone.eq(telephone), employee::version.eq(whom.version + 1)))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Stops a sign-in at once (CL-9, AC-7).
    pub async fn deactivate(
        &mut self,
        _permit: &Permit<ManageEmployees>,
        whom: &EmployeeRow,
    ) -> Result<(), StoreError> {
        // One that is stopped was stopped then.
        let stopped = whom.deactivated_at.unwrap_or(self.now());
        self.stop(whom, Some(stopped), whom.employment_ended_at).await
    }

    /// Opens a sign-in again. More cases in the intake than there is room for break the rule
    /// `caseload.limit-reached` (CL-4).
    pub async fn reactivate(
        &mut self,
        _permit: &Permit<ManageEmployees>,
        whom: &EmployeeRow,
    ) -> Result<(), StoreError> {
        self.stop(whom, None, whom.employment_ended_at).await
    }

    /// Ends an employment with all its roles. Open cases break the rule `employee.has-open-cases` (CL-9).
    pub async fn end_employment(
        &mut self,
        _permit: &Permit<ManageEmployees>,
        whom: &EmployeeRow,
    ) -> Result<(), StoreError> {
        let now = self.now();
        self.stop(whom, whom.deactivated_at.or(Some(now)), Some(now)).await?;
        diesel::update(employee_role::table)
            .filter(employee_role::employee_id.eq(whom.id))
            .filter(employee_role::valid_to.gt(now))
            .set(employee_role::valid_to.eq(now))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn stop(
        &mut self,
        whom: &EmployeeRow,
        stopped: Option<DateTime<Utc>>,
        ended: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(employee::table.find(whom.id))
            .filter(employee::version.eq(whom.version))
            .set((
                employee::deactivated_at.eq(stopped),
                employee::employment_ended_at.eq(ended),
                employee::version.eq(whom.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}

/// The first pass phrases of a municipality's accounts.
#[derive(Debug, Clone, Copy)]
pub enum FirstPasswords<'a> {
    /// The demonstration's, by its hash: the same for all, and as good as any.
    Demonstration(&'a str),
    /// A one-time pass phrase each, by its hash, in the order of the employees (OR-3).
    Each(&'a [String]),
}

impl FirstPasswords<'_> {
    fn of(&self, position: usize) -> Result<&str, StoreError> {
        match self {
            Self::Demonstration(hash) => Ok(hash),
            Self::Each(hashes) => hashes
                .get(position)
                .map(String::as_str)
                .ok_or(StoreError::Corrupt { table: "account", column: "password_hash" }),
        }
    }

    fn until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        matches!(self, Self::Each(_)).then(|| now + ONE_TIME)
    }
}

/// The duration of a one-time pass phrase (OR-3), the same as in the database function `give_one_time_phrase`.
const ONE_TIME: TimeDelta = TimeDelta::hours(24);

/// Loads a municipality into an empty database.
pub(crate) async fn load(
    conn: &mut AsyncPgConnection,
    municipality: &Municipality,
    passwords: FirstPasswords<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<LoadedAccount>, StoreError> {
    let units = load_units(conn, &municipality.units).await?;
    load_duties(conn, &municipality.hotline, &units).await?;
    load_school_holidays(conn, municipality).await?;
    load_special_schools(conn, &municipality.special_schools).await?;
    let accounts = load_employees(conn, &municipality.employees, &units, passwords, now).await?;
    load_norms(conn, &municipality.norms, &units, now).await?;
    load_catalogue(conn, &municipality.catalogue, &units).await?;
    Ok(accounts)
}

/// The accounts of a municipality that was loaded before.
pub(crate) async fn loaded_accounts(
    conn: &mut AsyncPgConnection,
    municipality: &Municipality,
) -> Result<Vec<LoadedAccount>, StoreError> {
    let units: HashMap<String, Uuid> = unit::table
        .select((unit::code, unit::id))
        .load::<(String, Uuid)>(conn)
        .await?
        .into_iter()
        .collect();
    let employees: HashMap<String, Uuid> = employee::table
        .select((employee::username, employee::id))
        .load::<(String, Uuid)>(conn)
        .await?
        .into_iter()
        .collect();
    municipality
        .employees
        .iter()
        .filter_map(|new| employees.get(&new.username).map(|id| (new, *id)))
        .map(|(new, id)| account_of(new, id, &units))
        .collect()
}

pub(crate) type UnitIds = HashMap<String, Uuid>;

fn account_of(new: &NewEmployee, id: Uuid, units: &UnitIds) -> Result<LoadedAccount, StoreError> {
    let missing = StoreError::Corrupt { table: "employee_role", column: "unit_id" };
    let Some(first) = new.roles.as_slice().first() else { return Err(missing) };
    let unit = units.get(&first.unit).ok_or(missing)?;
    Ok(LoadedAccount {
        employee: id.into(),
        username: new.username.clone(),
        unit: (*unit).into(),
        unit_code: first.unit.clone(),
        roles: new.roles.iter().map(|role| role.role).collect(),
    })
}

async fn load_school_holidays(
    conn: &mut AsyncPgConnection,
    municipality: &Municipality,
) -> Result<(), StoreError> {
    for holiday in &municipality.school_holidays {
        diesel::insert_into(school_holiday::table)
            .values((
                school_holiday::municipality_code.eq(&municipality.code),
                school_holiday::from_day.eq(holiday.from),
                school_holiday::to_day.eq(holiday.to),
                school_holiday::name.eq(&holiday.name),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn load_special_schools(
    conn: &mut AsyncPgConnection,
    names: &[String],
) -> Result<(), StoreError> {
    diesel::sql_query(
        "INSERT INTO special_education (kind, folded, name) SELECT 'school', fold_name(n), n FROM unnest($1) n",
    )
    .bind::<Array<Text>, _>(names)
    .execute(conn)
    .await?;
    Ok(())
}

async fn load_units(
    conn: &mut AsyncPgConnection,
    units: &[NewUnit],
) -> Result<UnitIds, StoreError> {
    let mut paths: HashMap<&str, Vec<Uuid>> = HashMap::new();
    let mut ids = UnitIds::new();
    for new in units {
        let id = Uuid::now_v7();
        let mut path = match &new.parent {
            Some(parent) => paths
                .get(parent.as_str())
                .cloned()
                .ok_or(StoreError::Corrupt { table: "unit", column: "parent_id" })?,
            None => Vec::new(),
        };
        let parent = path.last().copied();
        path.push(id);
        let has_teams = units.iter().any(|other| other.parent.as_deref() == Some(&new.code));
        let operational = match new.kind {
            UnitKind::Team | UnitKind::Institution => true,
            UnitKind::Unit => !has_teams,
            UnitKind::Department => false,
        };
        diesel::insert_into(unit::table)
            .values((
                unit::id.eq(id),
                unit::code.eq(&new.code),
                unit::name.eq(&new.name),
                unit::department.eq(new.department.as_ref()),
                unit::parent_id.eq(parent),
                unit::path.eq(&path),
                unit::operational.eq(operational),
                unit::early_absence_days.eq(new.early_absence_days),
                unit::takes_absence_signals.eq(new.takes_absence_signals),
                unit::receives_needs.eq(new.receives_needs),
            ))
            .execute(conn)
            .await?;
        paths.insert(&new.code, path);
        ids.insert(new.code.clone(), id);
    }
    Ok(ids)
}

async fn load_duties(
    conn: &mut AsyncPgConnection,
    duties: &HotlineDuties,
    units: &UnitIds,
) -> Result<(), StoreError> {
    for (duty, code) in [(Duty::Contacts, &duties.contacts), (Duty::Concerns, &duties.concerns)] {
        let unit = units
            .get(code)
            .ok_or(StoreError::Corrupt { table: "hotline_duty", column: "unit_id" })?;
        diesel::insert_into(hotline_duty::table)
            .values((hotline_duty::duty.eq(<&str>::from(duty)), hotline_duty::unit_id.eq(unit)))
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn load_employees(
    conn: &mut AsyncPgConnection,
    employees: &[NewEmployee],
    units: &UnitIds,
    passwords: FirstPasswords<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<LoadedAccount>, StoreError> {
    let mut accounts = Vec::with_capacity(employees.len());
    for (position, new) in employees.iter().enumerate() {
        let id = Uuid::now_v7();
        diesel::insert_into(employee::table)
            .values((
                employee::id.eq(id),
                employee::username.eq(&new.username),
                employee::given_name.eq(&new.given_name),
                employee::family_name.eq(&new.family_name),
                employee::telephone.eq(&new.telephone),
                employee::employed_on.eq(new.employed_on),
            ))
            .execute(conn)
            .await?;
        diesel::insert_into(account::table)
            .values((
                account::employee_id.eq(id),
                account::password_hash.eq(passwords.of(position)?),
                account::changed_at.eq(now),
                account::one_time_until.eq(passwords.until(now)),
            ))
            .execute(conn)
            .await?;
        for role in &new.roles {
            let unit = units
                .get(&role.unit)
                .ok_or(StoreError::Corrupt { table: "employee_role", column: "unit_id" })?;
            diesel::insert_into(employee_role::table)
                .values((
                    employee_role::id.eq(Uuid::now_v7()),
                    employee_role::employee_id.eq(id),
                    employee_role::role.eq(role.role.as_ref()),
                    employee_role::unit_id.eq(unit),
                    employee_role::valid_from.eq(now),
                ))
                .execute(conn)
                .await?;
        }
        accounts.push(account_of(new, id, units)?);
    }
    Ok(accounts)
}

/// The places of the dossier are decided from the first day there is.
const PLACES_FROM: NaiveDate = match NaiveDate::from_ymd_opt(2016, 2, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

async fn load_catalogue(
    conn: &mut AsyncPgConnection,
    catalogue: &[NewCatalogueEntry],
    units: &UnitIds,
) -> Result<(), StoreError> {
    for new in catalogue {
        let provider = units
            .get(&new.provider)
            .ok_or(StoreError::Corrupt { table: "catalogue_entry", column: "provider_unit_id" })?;
        diesel::insert_into(catalogue_entry::table)
            .values((
                catalogue_entry::code.eq(&new.code),
                catalogue_entry::title.eq(&new.title),
                catalogue_entry::description.eq(&new.description),
                catalogue_entry::provider_unit_id.eq(provider),
                catalogue_entry::area.eq(<&str>::from(new.area)),
                catalogue_entry::usual_weeks.eq(new.usual_weeks),
                catalogue_entry::min_age.eq(new.min_age),
                catalogue_entry::max_age.eq(new.max_age),
                catalogue_entry::target_groups.eq(&new.target_groups),
                catalogue_entry::company_oriented.eq(new.company_oriented),
                catalogue_entry::repeatable.eq(new.repeatable),
                catalogue_entry::cannot_wait.eq(new.cannot_wait),
                catalogue_entry::visitation.eq(new.visitation),
                catalogue_entry::assessment_required.eq(new.assessment_required),
                catalogue_entry::mentoring.eq(new.mentoring),
            ))
            .execute(conn)
            .await?;
        if let Some(places) = new.places {
            diesel::insert_into(catalogue_places::table)
                .values((
                    catalogue_places::code.eq(&new.code),
                    catalogue_places::from_day.eq(PLACES_FROM),
                    catalogue_places::places.eq(places),
                    catalogue_places::reason.eq("As the offer began."),
                ))
                .execute(conn)
                .await?;
        }
    }
    for new in catalogue {
        store_presumptions(conn, &new.code, &new.presumes, &new.excludes).await?;
    }
    Ok(())
}
