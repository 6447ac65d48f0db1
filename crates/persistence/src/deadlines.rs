//! Deadlines as data (DL-1), tasks as a level (DL-3), what rises and what is counted (DL-5), the gap list (AB-2) and
//! the clocks of 15-17-year-olds (HL-9).

use crate::error::StoreError;
use crate::event_log::{Change, record_by_system};
use crate::schema::{activity_clock, deadline_rule, plan_exemption, school_holiday};
use crate::store::Tx;
use crate::tasks::kind_of;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::Permit;
use domain::access::policy::{AmendPlan, ReadUnitFigures, StartActivityClocks};
use domain::calendar::Month;
use domain::ids::{PlanId, UnitId, YoungPersonId};
use domain::plans::Plan;
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use serde_json::json;
use uuid::Uuid;

/// How many rise in one go.
const RISE_AT_ONCE: i32 = 500;

/// A rule as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deadline_rule)]
pub struct RuleRow {
    /// The kind of the task.
    pub code: String,
    /// Of what begins from this day on.
    pub valid_from: NaiveDate,
    /// To this day; none: it goes on.
    pub valid_to: Option<NaiveDate>,
    /// Its number.
    pub rule: String,
    /// What it runs from.
    pub starts_from: String,
    /// Of which benefits or offers.
    pub of: Vec<String>,
    /// Days that pass before it is asked for.
    pub asked_after: i32,
    /// How long.
    pub length: i32,
    /// In what that is counted.
    pub unit: String,
    /// Whose it is.
    pub whose: String,
    /// The operation that ends it.
    pub act: Option<String>,
    /// Where it is from.
    pub source: String,
}

/// Days on which a municipality's schools are closed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = school_holiday)]
pub struct SchoolHolidayRow {
    /// Whose schools.
    pub municipality_code: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last.
    pub to_day: NaiveDate,
    /// How it is called.
    pub name: String,
}

/// A periodic exemption of a plan.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plan_exemption)]
pub struct PlanExemptionRow {
    /// Ours.
    pub id: Uuid,
    /// Why.
    pub reason: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last.
    pub to_day: NaiveDate,
    /// Who gave it.
    pub given_by_id: Uuid,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// A plan with nothing running or agreed.
#[derive(Debug, Clone, QueryableByName)]
pub struct Gap {
    /// The plan.
    #[diesel(sql_type = SqlUuid)]
    pub plan_id: Uuid,
    /// Whose it is.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    /// The basis by which they are seen.
    #[diesel(sql_type = SqlUuid)]
    pub basis_id: Uuid,
    /// What the caller's bases open.
    #[diesel(sql_type = Integer)]
    pub areas: i32,
    /// Their given name; none where the caller's bases do not open it.
    #[diesel(sql_type = Nullable<Text>)]
    pub given_name: Option<String>,
    /// Their family name.
    #[diesel(sql_type = Nullable<Text>)]
    pub family_name: Option<String>,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub gap_from: NaiveDate,
    /// Since when it is asked about.
    #[diesel(sql_type = Date)]
    pub asked_on: NaiveDate,
    /// Who coordinates.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub employee_id: Option<Uuid>,
    /// Their name.
    #[diesel(sql_type = Nullable<Text>)]
    pub employee_name: Option<String>,
}

/// Deadlines of a kind that were due in a month, as numbers; none: they would give somebody away.
#[derive(Debug, Clone, QueryableByName)]
pub struct CountedDeadlines {
    /// Its first day.
    #[diesel(sql_type = Date)]
    pub month: NaiveDate,
    /// Which kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How many were kept.
    #[diesel(sql_type = Nullable<Integer>)]
    pub kept: Option<i32>,
    /// How many were broken.
    #[diesel(sql_type = Nullable<Integer>)]
    pub broken: Option<i32>,
}

/// What rose to the team leader.
#[derive(QueryableByName)]
struct Risen {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
}

#[derive(QueryableByName)]
struct Whose {
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
}

#[derive(QueryableByName)]
struct Done {
    #[diesel(sql_type = Bool)]
    done: bool,
}

/// Of whom something is to be told, as things stand.
pub(crate) async fn to_reckon(conn: &mut AsyncPgConnection) -> Result<Vec<Uuid>, StoreError> {
    let people: Vec<Whose> =
        diesel::sql_query("SELECT * FROM deadlines_to_reckon()").load(conn).await?;
    Ok(people.into_iter().map(|whose| whose.young_person_id).collect())
}

/// Makes the tasks of a young person tell what stands; not while somebody else does. Was it done?
pub(crate) async fn reckon(conn: &mut AsyncPgConnection, person: Uuid) -> Result<bool, StoreError> {
    let done: Done = diesel::sql_query("SELECT reckon_due_deadlines($1) AS done")
        .bind::<SqlUuid, _>(person)
        .get_result(conn)
        .await?;
    Ok(done.done)
}

/// Recalculates the deadlines of a young person; waits if another transaction does so.
pub(crate) async fn reckon_now(
    conn: &mut AsyncPgConnection,
    person: Uuid,
) -> Result<(), StoreError> {
    diesel::sql_query("SELECT reckon_deadlines($1)")
        .bind::<SqlUuid, _>(person)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lets what is long past due rise to the team leader, once (DL-5).
pub(crate) async fn raise(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let risen: Vec<Risen> = diesel::sql_query("SELECT * FROM raise_overdue($1)")
        .bind::<Integer, _>(RISE_AT_ONCE)
        .load(conn)
        .await?;
    for task in risen {
        let payload = json!({ "task": kind_of(&task.kind)?, "dueOn": task.due_on });
        let change = Change { subject: &task.id, kind: EventKind::TaskRaised, payload: &payload };
        record_by_system(conn, now, Some(task.young_person_id), change).await?;
    }
    Ok(())
}

impl Tx {
    /// Makes the tasks of a young person tell what stands now: after an act that ends a deadline (DL-2).
    pub async fn reckon_deadlines(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<(), StoreError> {
        reckon_now(self.conn(), young_person.0).await
    }

    /// Every rule, by code and day.
    pub async fn deadline_rules(&mut self) -> Result<Vec<RuleRow>, StoreError> {
        Ok(deadline_rule::table
            .order((deadline_rule::code, deadline_rule::valid_from))
            .select(RuleRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// The school holidays of a municipality, in order.
    pub async fn school_holidays(
        &mut self,
        municipality_code: &str,
    ) -> Result<Vec<SchoolHolidayRow>, StoreError> {
        Ok(school_holiday::table
            .filter(school_holiday::municipality_code.eq(municipality_code))
            .order(school_holiday::from_day)
            .select(SchoolHolidayRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// What a unit of the caller's kept and broke, month by month and kind by kind (DL-5, AC-8).
    pub async fn unit_deadlines(
        &mut self,
        _permit: &Permit<ReadUnitFigures>,
        unit: UnitId,
        (first, last): (Month, Month),
    ) -> Result<Vec<CountedDeadlines>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM unit_deadlines($1, $2, $3)")
            .bind::<SqlUuid, _>(unit.0)
            .bind::<Date, _>(first.first_day())
            .bind::<Date, _>(last.first_day())
            .load(self.conn())
            .await?)
    }

    /// `limit` gaps, the longest first, beginning after the one since this day of this plan.
    pub async fn gaps(
        &mut self,
        after: Option<(NaiveDate, Uuid)>,
        limit: u8,
    ) -> Result<Vec<Gap>, StoreError> {
        let first = DateTime::UNIX_EPOCH.date_naive();
        let (day, id) = after.unwrap_or((first, Uuid::nil()));
        Ok(diesel::sql_query("SELECT * FROM list_gaps($1, $2, $3)")
            .bind::<Date, _>(day.max(first))
            .bind::<SqlUuid, _>(id)
            .bind::<Integer, _>(i32::from(limit))
            .load(self.conn())
            .await?)
    }

    /// Exempts a plan from today to a day, with it (AB-2). Gives its id.
    pub async fn exempt_plan(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        reason: &str,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Uuid, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(plan_exemption::table)
            .values((
                plan_exemption::id.eq(id),
                plan_exemption::plan_id.eq(plan.id.0),
                plan_exemption::young_person_id.eq(plan.young_person.0),
                plan_exemption::writing_unit_id.eq(permit.unit().0),
                plan_exemption::reason.eq(reason),
                plan_exemption::from_day.eq(from),
                plan_exemption::to_day.eq(to),
                plan_exemption::given_by_id.eq(permit.employee().0),
                plan_exemption::given_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// The exemptions of a plan, newest first.
    pub async fn plan_exemptions(
        &mut self,
        plan: PlanId,
    ) -> Result<Vec<PlanExemptionRow>, StoreError> {
        Ok(plan_exemption::table
            .filter(plan_exemption::plan_id.eq(plan.0))
            .order((plan_exemption::given_at.desc(), plan_exemption::id.desc()))
            .select(PlanExemptionRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// HL-9: starts the two clocks of a 15-17-year-old who does not follow the plan, as somebody who works the case
    /// knows. Contact is due from `on`; the new activity from that contact.
    /// Refused by the database for others, and while they run already. The young person is locked. Gives its id.
    pub async fn start_activity_clocks(
        &mut self,
        permit: &Permit<StartActivityClocks>,
        young_person: YoungPersonId,
        on: NaiveDate,
    ) -> Result<Uuid, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(activity_clock::table)
            .values((
                activity_clock::id.eq(id),
                activity_clock::young_person_id.eq(young_person.0),
                activity_clock::writing_unit_id.eq(permit.unit().0),
                activity_clock::from_day.eq(on),
                activity_clock::started_by_id.eq(permit.employee().0),
                activity_clock::started_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        self.reckon_deadlines(young_person).await?;
        Ok(id)
    }

    /// By when a task about a thing is due; none where it is not asked for (any more).
    pub async fn due_on(
        &mut self,
        kind: TaskKind,
        about: Uuid,
    ) -> Result<Option<NaiveDate>, StoreError> {
        use crate::schema::task;
        Ok(task::table
            .filter(task::kind.eq(<&str>::from(kind)))
            .filter(task::subject_id.eq(about))
            .filter(task::done_at.is_null())
            .select(task::due_on)
            .first(self.conn())
            .await
            .optional()?)
    }
}
