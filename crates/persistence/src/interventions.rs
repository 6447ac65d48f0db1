//! Interventions, the catalogue they come from, and their places (IV-1 to IV-7).

pub mod catalogue;
pub mod offers;
pub mod views;

use crate::access::{Holder, NewBasis, bases_for_each};
use crate::error::StoreError;
use crate::schema::intervention;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::policy::{ClosePlan, ReferIntervention};
use domain::access::{Areas, BasisKind, Case, Permit};
use domain::ids::{EmployeeId, InterventionId, PlanId, UnitId};
use domain::interventions::{
    EndReason, Intervention, InterventionEvent, InterventionState, OFFER_LAPSED, Subject,
};
use std::collections::HashMap;
use uuid::Uuid;

/// `intervention` as stored. Never leaves this module.
#[derive(Queryable, Selectable)]
#[diesel(table_name = intervention)]
struct InterventionRow {
    id: Uuid,
    plan_id: Uuid,
    young_person_id: Uuid,
    providing_unit_id: Uuid,
    catalogue_code: Option<String>,
    planned_start: NaiveDate,
    state: String,
    ticket: Option<i64>,
    holds_from: Option<NaiveDate>,
    offered_at: Option<DateTime<Utc>>,
    offer_expires_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<String>,
    decline_reason: Option<String>,
    note: Option<String>,
    version: i64,
}

/// The columns of a state. A number in line stays with the row, so that one who was passed over is
/// known by it (IV-3).
#[derive(AsChangeset, Default)]
#[diesel(table_name = intervention, treat_none_as_null = true)]
struct StateColumns<'a> {
    state: &'static str,
    holds_from: Option<NaiveDate>,
    offered_at: Option<DateTime<Utc>>,
    offer_expires_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<&'static str>,
    decline_reason: Option<&'a str>,
    note: Option<&'a str>,
    version: i64,
}

/// What a referral says besides the intervention's own life.
#[derive(Debug)]
pub struct Referral<'a> {
    /// What it is called: the catalogue's title, or that of a tailored one.
    pub title: &'a str,
    /// What it is about.
    pub subject: Subject,
    /// May run more than once at a time (IV-2); always so for a tailored one.
    pub repeatable: bool,
    /// The day it is planned to end.
    pub planned_end: Option<NaiveDate>,
    /// Who is responsible.
    pub responsible: EmployeeId,
    /// Why, where a reason is asked for.
    pub reason: Option<&'a str>,
}

impl Tx {
    /// Stores a referral, and gives the providing unit its basis while it lasts. The same offer twice
    /// at once breaks the rule `intervention.already-running` (IV-2).
    pub async fn refer(
        &mut self,
        permit: &Permit<ReferIntervention>,
        new: &Intervention,
        referral: &Referral<'_>,
    ) -> Result<(), StoreError> {
        let columns = StateColumns::from(new);
        let ticket = match new.state {
            InterventionState::Waiting { ticket } => Some(ticket),
            _ => None,
        };
        let now = self.now();
        diesel::insert_into(intervention::table)
            .values((
                (
                    intervention::id.eq(new.id.0),
                    intervention::plan_id.eq(new.plan.0),
                    intervention::young_person_id.eq(new.young_person.0),
                    intervention::information_area.eq(referral.subject.information_area().bit()),
                    intervention::writing_unit_id.eq(permit.unit().0),
                    intervention::providing_unit_id.eq(new.provider.0),
                    intervention::catalogue_code.eq(&new.catalogue_code),
                    intervention::title.eq(referral.title),
                    intervention::area.eq(<&str>::from(referral.subject)),
                    intervention::repeatable.eq(referral.repeatable),
                ),
                (
                    intervention::state.eq(columns.state),
                    intervention::planned_start.eq(new.planned_start),
                    intervention::planned_end.eq(referral.planned_end),
                    intervention::responsible_id.eq(referral.responsible.0),
                    intervention::reason.eq(referral.reason),
                    intervention::referred_at.eq(now),
                    intervention::ticket.eq(ticket),
                    intervention::holds_from.eq(columns.holds_from),
                ),
            ))
            .execute(self.conn())
            .await?;
        self.grant(
            permit,
            NewBasis {
                young_person: new.young_person,
                holder: Holder::Unit(new.provider),
                kind: BasisKind::Provision,
                areas: Areas::IDENTITY,
                source: new.id.0,
                reason: "provides an intervention",
            },
        )
        .await
    }

    /// The intervention, locked until the transaction ends; none where it does not exist for the caller.
    pub async fn lock_intervention(
        &mut self,
        id: InterventionId,
    ) -> Result<Option<Intervention>, StoreError> {
        lock(self.conn(), id).await
    }

    /// The plan and the catalogue's code of an intervention, before anything is locked.
    pub async fn place_of_intervention(
        &mut self,
        id: InterventionId,
    ) -> Result<Option<(PlanId, Option<String>)>, StoreError> {
        let found: Option<(Uuid, Option<String>)> = intervention::table
            .find(id.0)
            .select((intervention::plan_id, intervention::catalogue_code))
            .first(self.conn())
            .await
            .optional()?;
        Ok(found.map(|(plan, code)| (plan.into(), code)))
    }

    /// Of these interventions those that the caller may see: the case as it stands to them, and the
    /// area of what is written.
    pub async fn cases_of_interventions(
        &mut self,
        ids: &[InterventionId],
    ) -> Result<HashMap<InterventionId, (Case, Areas)>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let visible: Vec<(Uuid, Uuid, Uuid, i32)> = intervention::table
            .filter(intervention::id.eq_any(ids))
            .select((
                intervention::id,
                intervention::young_person_id,
                intervention::providing_unit_id,
                intervention::information_area,
            ))
            .load(self.conn())
            .await?;
        let people: Vec<Uuid> = visible.iter().map(|(_, person, ..)| *person).collect();
        let bases = bases_for_each(self.conn(), &people).await?;
        let case = |(id, person, provider, area): (Uuid, Uuid, Uuid, i32)| {
            let (young_person, provider) = (person.into(), Some(provider.into()));
            let bases = bases.get(&young_person).cloned().unwrap_or_default();
            (id.into(), (Case { young_person, bases, provider }, Areas(area)))
        };
        Ok(visible.into_iter().map(case).collect())
    }

    /// Stores what was decided. Where it is over, the provider's basis ends; where a place fell free,
    /// the line is served when this transaction has committed.
    pub async fn store_intervention<A>(
        &mut self,
        permit: &Permit<A>,
        thing: Intervention,
        event: &InterventionEvent,
    ) -> Result<Intervention, StoreError> {
        debug_assert_eq!(
            permit.young_person(),
            Some(thing.young_person),
            "the permit is for another young person"
        );
        let starts_later = thing.starts_later(event);
        let thing = store(self.conn(), thing, event).await?;
        let (now, is_over) = (self.now(), !thing.state.is_running());
        if is_over {
            self.end_access(thing.id.0, now).await?;
        }
        if let Some(code) = thing.catalogue_code.as_ref().filter(|_| is_over || starts_later) {
            self.serve_line(code).await?;
        }
        Ok(thing)
    }

    /// The number in line of this young person's last referral to the offer whose place was offered
    /// and lapsed: the one passed over keeps the place in line (IV-3).
    pub async fn kept_ticket(&mut self, new: &Intervention) -> Result<Option<i64>, StoreError> {
        let last: Option<(Option<i64>, Option<String>)> = intervention::table
            .filter(intervention::young_person_id.eq(new.young_person.0))
            .filter(intervention::catalogue_code.is_not_distinct_from(&new.catalogue_code))
            .order(intervention::referred_at.desc())
            .select((intervention::ticket, intervention::decline_reason))
            .first(self.conn())
            .await
            .optional()?;
        Ok(last.and_then(|(ticket, reason)| {
            ticket.filter(|_| reason.as_deref() == Some(OFFER_LAPSED))
        }))
    }

    /// Gives running interventions to a unit that carries them on when the plan closes (PL-7).
    pub async fn carry_on(
        &mut self,
        _permit: &Permit<ClosePlan>,
        plan: PlanId,
        ids: &[Uuid],
        unit: UnitId,
    ) -> Result<usize, StoreError> {
        Ok(diesel::update(intervention::table)
            .filter(intervention::plan_id.eq(plan.0))
            .filter(intervention::id.eq_any(ids))
            .filter(intervention::state.eq_any(["referred", "waiting", "offered", "started"]))
            .set((
                intervention::carried_on_by_id.eq(unit.0),
                intervention::version.eq(intervention::version + 1),
            ))
            .execute(self.conn())
            .await?)
    }
}

pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    id: InterventionId,
) -> Result<Option<Intervention>, StoreError> {
    intervention::table
        .find(id.0)
        .select(InterventionRow::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

pub(crate) async fn store(
    conn: &mut AsyncPgConnection,
    thing: Intervention,
    event: &InterventionEvent,
) -> Result<Intervention, StoreError> {
    let read = thing.version;
    let thing = thing.apply(event);
    let changed = diesel::update(intervention::table.find(thing.id.0))
        .filter(intervention::version.eq(read))
        .set(StateColumns::from(&thing))
        .execute(conn)
        .await?;
    if changed == 1 { Ok(thing) } else { Err(StoreError::Stale) }
}

impl TryFrom<InterventionRow> for Intervention {
    type Error = StoreError;

    fn try_from(row: InterventionRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "intervention", column };
        let holds_from = row.holds_from.ok_or_else(|| corrupt("holds_from"));
        let ticket = row.ticket.ok_or_else(|| corrupt("ticket"));
        let started_on = row.started_on.ok_or_else(|| corrupt("started_on"));
        let state = match row.state.as_str() {
            "referred" => InterventionState::Referred { holds_from: holds_from? },
            "waiting" => InterventionState::Waiting { ticket: ticket? },
            "offered" => InterventionState::Offered {
                ticket: ticket?,
                holds_from: holds_from?,
                offered_at: row.offered_at.ok_or_else(|| corrupt("offered_at"))?,
                expires_on: row.offer_expires_on.ok_or_else(|| corrupt("offer_expires_on"))?,
            },
            "started" => InterventionState::Started { on: started_on? },
            "completed" | "ended-early" => InterventionState::Ended {
                started_on: started_on?,
                on: row.ended_on.ok_or_else(|| corrupt("ended_on"))?,
                reason: row
                    .end_reason
                    .and_then(|reason| reason.parse::<EndReason>().ok())
                    .ok_or_else(|| corrupt("end_reason"))?,
                note: row.note,
            },
            "withdrawn" => InterventionState::Withdrawn { note: row.note },
            "declined" => InterventionState::Declined {
                reason: row.decline_reason.ok_or_else(|| corrupt("decline_reason"))?,
            },
            _ => return Err(corrupt("state")),
        };
        Ok(Self {
            id: row.id.into(),
            plan: row.plan_id.into(),
            young_person: row.young_person_id.into(),
            provider: row.providing_unit_id.into(),
            catalogue_code: row.catalogue_code,
            planned_start: row.planned_start,
            state,
            version: row.version,
        })
    }
}

impl<'a> From<&'a Intervention> for StateColumns<'a> {
    fn from(thing: &'a Intervention) -> Self {
        let mut columns =
            Self { state: thing.state.name(), version: thing.version, ..Self::default() };
        match &thing.state {
            InterventionState::Referred { holds_from } => columns.holds_from = Some(*holds_from),
            InterventionState::Waiting { .. } => {}
            InterventionState::Offered { holds_from, offered_at, expires_on, .. } => {
                columns.holds_from = Some(*holds_from);
                columns.offered_at = Some(*offered_at);
                columns.offer_expires_on = Some(*expires_on);
            }
            InterventionState::Started { on } => columns.started_on = Some(*on),
            InterventionState::Ended { started_on, on, reason, note } => {
                columns.started_on = Some(*started_on);
                columns.ended_on = Some(*on);
                columns.end_reason = Some((*reason).into());
                columns.note = note.as_deref();
            }
            InterventionState::Withdrawn { note } => columns.note = note.as_deref(),
            InterventionState::Declined { reason } => columns.decline_reason = Some(reason),
        }
        columns
    }
}
