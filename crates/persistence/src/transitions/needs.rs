//! Needs of transition meetings: found by rule, raised by hand, and what is decided of them.

use crate::error::StoreError;
use crate::event_log::{Change, record_by_system};
use crate::schema::{transition_committee, transition_need, transition_referral};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Date, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::families::ChangesTransition;
use domain::access::policy::{RaiseNeed, SettleNeed};
use domain::access::{Case, Permit};
use domain::calendar::day_of;
use domain::ids::{TransitionNeedId, UnitId, YoungPersonId};
use domain::timeline::EventKind;
use domain::transitions::{Guide, NeedEvent, TransitionNeed};
use serde_json::json;
use uuid::Uuid;

/// A need as stored, with what follows from it.
#[derive(Debug, Clone, QueryableByName)]
pub struct NeedRow {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    /// The unit that called for it.
    #[diesel(sql_type = SqlUuid)]
    pub writing_unit_id: Uuid,
    /// What raised it.
    #[diesel(sql_type = Text)]
    pub origin: String,
    /// By which birthday; none: of an aftercare that ends.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub guide: Option<i16>,
    /// Does it have its own way, outside the windows?
    #[diesel(sql_type = Bool)]
    pub acute: bool,
    /// Why it was raised by hand.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// When it was raised.
    #[diesel(sql_type = Date)]
    pub raised_on: NaiveDate,
    /// What was decided of it.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// When.
    #[diesel(sql_type = Nullable<Date>)]
    pub decided_on: Option<NaiveDate>,
    /// Why.
    #[diesel(sql_type = Nullable<Text>)]
    pub decided_words: Option<String>,
    /// When the aftercare committee talked it through.
    #[diesel(sql_type = Nullable<Date>)]
    pub committee_on: Option<NaiveDate>,
    /// What it said.
    #[diesel(sql_type = Nullable<Text>)]
    pub committee_words: Option<String>,
    /// By when the meeting is held.
    #[diesel(sql_type = Date)]
    pub due: NaiveDate,
    /// Does it still go before the committee? No to whom the aftercare is hidden.
    #[diesel(sql_type = Bool)]
    pub wants_committee: bool,
    /// Does all their support that goes on leave it to a referral?
    #[diesel(sql_type = Bool)]
    pub exempts: bool,
    /// When its last meeting was held.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub last_at: Option<DateTime<Utc>>,
    /// When its next one begins.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub next_at: Option<DateTime<Utc>>,
    /// The `ETag`, computed from the data that the caller sees.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// The version of the row itself.
    #[diesel(sql_type = BigInt)]
    stored_version: i64,
}

/// A referral instead of a meeting, as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = transition_referral)]
pub struct ReferralRow {
    /// Ours.
    pub id: Uuid,
    /// To whom.
    pub unit_id: Uuid,
    /// What was written.
    pub words: String,
    /// When.
    pub made_on: NaiveDate,
}

/// A need that was found.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    origin: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<SmallInt>)]
    guide: Option<i16>,
    #[diesel(sql_type = Bool)]
    acute: bool,
}

/// The coordination that passed.
#[derive(QueryableByName)]
struct Passed {
    #[diesel(sql_type = SqlUuid)]
    agreement_id: Uuid,
    #[diesel(sql_type = Text)]
    department: String,
    #[diesel(sql_type = Timestamptz)]
    from_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Whose {
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Found {
    fn payload(&self) -> serde_json::Value {
        json!({ "origin": self.origin, "state": self.state, "guide": self.guide, "acute": self.acute })
    }
}

impl Passed {
    fn payload(&self) -> serde_json::Value {
        json!({ "department": self.department, "from": self.from_at })
    }
}

/// Whose transition moves by time alone.
pub(crate) async fn due(conn: &mut AsyncPgConnection) -> Result<Vec<Uuid>, StoreError> {
    let people: Vec<Whose> =
        diesel::sql_query("SELECT * FROM transitions_due()").load(conn).await?;
    Ok(people.into_iter().map(|whose| whose.young_person_id).collect())
}

/// Finds the needs of a young person and lets the coordination pass where it is time, each with its event; not while
/// somebody else changes them.
pub(crate) async fn take_up(
    conn: &mut AsyncPgConnection,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let lock: Locked = diesel::sql_query("SELECT lock_for_transition($1) AS locked")
        .bind::<SqlUuid, _>(person)
        .get_result(conn)
        .await?;
    if !lock.locked {
        return Ok(());
    }
    for need in find(conn, person).await? {
        let kind = EventKind::TransitionNeedFound;
        let change = Change { subject: &need.id, kind, payload: &need.payload() };
        record_by_system(conn, now, Some(person), change).await?;
    }
    for passed in pass(conn, person).await? {
        let kind = EventKind::ResponsibilityPassed;
        let change = Change { subject: &passed.agreement_id, kind, payload: &passed.payload() };
        record_by_system(conn, now, Some(person), change).await?;
    }
    Ok(())
}

async fn find(conn: &mut AsyncPgConnection, person: Uuid) -> Result<Vec<Found>, StoreError> {
    Ok(diesel::sql_query("SELECT * FROM find_transition_needs($1)")
        .bind::<SqlUuid, _>(person)
        .load(conn)
        .await?)
}

async fn pass(conn: &mut AsyncPgConnection, person: Uuid) -> Result<Vec<Passed>, StoreError> {
    Ok(diesel::sql_query("SELECT * FROM pass_coordination($1)")
        .bind::<SqlUuid, _>(person)
        .load(conn)
        .await?)
}

impl Tx {
    /// After whatever a transition follows from was told: finds the needs, lets the coordination pass where it is time,
    /// and reckons the deadlines (DL-3). The young person is locked.
    pub async fn reckon_transition<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        young_person: YoungPersonId,
    ) -> Result<(), StoreError> {
        for need in find(self.conn(), young_person.0).await? {
            let kind = EventKind::TransitionNeedFound;
            let change = Change { subject: &need.id, kind, payload: &need.payload() };
            self.record(permit, change).await?;
        }
        for passed in pass(self.conn(), young_person.0).await? {
            let kind = EventKind::ResponsibilityPassed;
            let change = Change { subject: &passed.agreement_id, kind, payload: &passed.payload() };
            self.record(permit, change).await?;
        }
        self.reckon_deadlines(young_person).await
    }

    /// A need, with how the caller stands to the young person; none where it does not exist for them.
    pub async fn transition_need(
        &mut self,
        id: TransitionNeedId,
    ) -> Result<Option<(Case, NeedRow)>, StoreError> {
        let row: Option<NeedRow> = diesel::sql_query("SELECT * FROM read_transition_need($1)")
            .bind::<SqlUuid, _>(id.0)
            .get_result(self.conn())
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((self.case_of(row.young_person_id.into()).await?, row)))
    }

    /// Raises a need by hand. A second one at a time breaks the rule `transition-need.already-open`.
    pub async fn raise_need(
        &mut self,
        permit: &Permit<RaiseNeed>,
        young_person: YoungPersonId,
        (guide, acute, reason): (Guide, bool, &str),
    ) -> Result<TransitionNeedId, StoreError> {
        permit.for_person(young_person)?;
        let (id, today) = (Uuid::now_v7(), day_of(self.now()));
        diesel::insert_into(transition_need::table)
            .values((
                transition_need::id.eq(id),
                transition_need::young_person_id.eq(young_person.0),
                transition_need::writing_unit_id.eq(permit.unit().0),
                transition_need::origin.eq("by-hand"),
                transition_need::guide.eq(i16::from(guide)),
                transition_need::acute.eq(acute),
                transition_need::reason.eq(reason),
                transition_need::raised_on.eq(today),
                transition_need::raised_by_id.eq(permit.employee().0),
                transition_need::state.eq("open"),
            ))
            .execute(self.conn())
            .await?;
        Ok(id.into())
    }

    /// Stores what was decided of a need, of the version that was read.
    pub async fn store_need<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        known: &NeedRow,
        event: &NeedEvent,
    ) -> Result<(), StoreError> {
        permit.for_person(known.young_person_id.into())?;
        let (by, today) = (permit.employee().0, day_of(self.now()));
        let target = diesel::update(transition_need::table.find(known.id))
            .filter(transition_need::version.eq(known.stored_version));
        let next = transition_need::version.eq(known.stored_version + 1);
        let decided = |state: &'static str, on: NaiveDate, words: Option<String>| {
            (
                transition_need::state.eq(state),
                transition_need::decided_on.eq(on),
                transition_need::decided_by_id.eq(by),
                transition_need::decided_words.eq(words),
            )
        };
        let changed = match event {
            NeedEvent::Judged { in_need, guide, words } => {
                let state = if *in_need { "open" } else { "not-in-need" };
                let guide = transition_need::guide.eq(i16::from(*guide));
                let columns = (decided(state, today, Some(words.clone())), guide, next);
                target.set(columns).execute(self.conn()).await?
            }
            NeedEvent::Exempted { words } => {
                let columns = (decided("exempt", today, Some(words.clone())), next);
                target.set(columns).execute(self.conn()).await?
            }
            NeedEvent::Held { on } => {
                target.set((decided("held", *on, None), next)).execute(self.conn()).await?
            }
        };
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// What hangs on a need changed: it is another version.
    pub async fn touch_need<A: ChangesTransition>(
        &mut self,
        permit: &Permit<A>,
        known: &NeedRow,
    ) -> Result<(), StoreError> {
        permit.for_person(known.young_person_id.into())?;
        let changed = diesel::update(transition_need::table.find(known.id))
            .filter(transition_need::version.eq(known.stored_version))
            .set(transition_need::version.eq(known.stored_version + 1))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Stores what the aftercare committee said. A second time breaks the rule `transition-need.committee-told`.
    pub async fn tell_committee(
        &mut self,
        permit: &Permit<SettleNeed>,
        need: &NeedRow,
        (on, words): (NaiveDate, &str),
    ) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        diesel::insert_into(transition_committee::table)
            .values((
                transition_committee::id.eq(id),
                transition_committee::need_id.eq(need.id),
                transition_committee::young_person_id.eq(need.young_person_id),
                transition_committee::writing_unit_id.eq(permit.unit().0),
                transition_committee::on_day.eq(on),
                transition_committee::words.eq(words),
                transition_committee::told_by_id.eq(permit.employee().0),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Refers an exempt need to a unit. A second time breaks the rule `transition-referral.already-made`.
    pub async fn refer_need(
        &mut self,
        permit: &Permit<SettleNeed>,
        need: &NeedRow,
        unit: UnitId,
        words: &str,
    ) -> Result<Uuid, StoreError> {
        let (id, today) = (Uuid::now_v7(), day_of(self.now()));
        diesel::insert_into(transition_referral::table)
            .values((
                transition_referral::id.eq(id),
                transition_referral::need_id.eq(need.id),
                transition_referral::young_person_id.eq(need.young_person_id),
                transition_referral::writing_unit_id.eq(permit.unit().0),
                transition_referral::unit_id.eq(unit.0),
                transition_referral::words.eq(words),
                transition_referral::made_on.eq(today),
                transition_referral::made_by_id.eq(permit.employee().0),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// The referrals of a need that the caller sees.
    pub async fn referrals(
        &mut self,
        need: TransitionNeedId,
    ) -> Result<Vec<ReferralRow>, StoreError> {
        Ok(transition_referral::table
            .filter(transition_referral::need_id.eq(need.0))
            .order((transition_referral::made_on, transition_referral::id))
            .select(ReferralRow::as_select())
            .load(self.conn())
            .await?)
    }
}

impl TryFrom<&NeedRow> for TransitionNeed {
    type Error = StoreError;

    fn try_from(row: &NeedRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "transition_need", column };
        Ok(Self {
            id: row.id.into(),
            state: row.state.parse().map_err(|_| corrupt("state"))?,
            guide: row
                .guide
                .map(|guide| guide.try_into().map_err(|_| corrupt("guide")))
                .transpose()?,
            wants_committee: row.wants_committee,
            may_be_exempt: row.exempts,
            booked: row.next_at.is_some(),
        })
    }
}
