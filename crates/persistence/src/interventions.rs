//! Interventions, the catalogue they come from, their places and what their providers decide and tell
//! (IV-1 to IV-7, IV-9, IV-11).

pub mod assessments;
pub mod attendance;
pub mod catalogue;
pub mod offers;
pub mod views;

use crate::access::{Holder, NewBasis, bases_for_each};
use crate::error::StoreError;
use crate::schema::{intervention, intervention_extension};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::families::ChangesIntervention;
use domain::access::policy::{ClosePlan, ReferIntervention};
use domain::access::{Areas, BasisKind, Case, Permit};
use domain::ids::{EmployeeId, InterventionId, PlanId, UnitId};
use domain::interventions::{
    Acceptance, DeclinedBy, EndReason, Intervention, InterventionEvent, InterventionState,
    OFFER_LAPSED, Priority, Subject,
};
use domain::plans::Plan;
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
    carried_on_by_id: Option<Uuid>,
    planned_end: Option<NaiveDate>,
    reason: Option<String>,
    state: String,
    accepted_on: Option<NaiveDate>,
    accepted_by_id: Option<Uuid>,
    acceptance_reason: Option<String>,
    ticket: Option<i64>,
    priority: i32,
    priority_reason: Option<String>,
    holds_from: Option<NaiveDate>,
    offered_at: Option<DateTime<Utc>>,
    offer_expires_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<String>,
    declined_by: Option<String>,
    declined_on: Option<NaiveDate>,
    decline_reason: Option<String>,
    note: Option<String>,
    version: i64,
}

/// The place in line that somebody keeps.
#[derive(QueryableByName)]
struct KeptPlace {
    #[diesel(sql_type = BigInt)]
    ticket: i64,
    #[diesel(sql_type = Integer)]
    priority: i32,
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
    declined_by: Option<&'static str>,
    declined_on: Option<NaiveDate>,
    decline_reason: Option<&'a str>,
    note: Option<&'a str>,
    version: i64,
}

/// The columns that every state has, and that its provider and its extensions change.
#[derive(AsChangeset)]
#[diesel(table_name = intervention, treat_none_as_null = true)]
struct NotedColumns<'a> {
    planned_end: Option<NaiveDate>,
    reason: Option<&'a str>,
    accepted_on: Option<NaiveDate>,
    accepted_by_id: Option<Uuid>,
    acceptance_reason: Option<&'a str>,
    priority: i32,
    priority_reason: Option<&'a str>,
}

/// What a referral says besides the intervention's own life.
#[derive(Debug)]
pub struct Referral<'a> {
    /// What it is called: the catalogue's title, or that of a tailored one.
    pub title: &'a str,
    /// What it is about.
    pub subject: Subject,
    /// Who is responsible.
    pub responsible: EmployeeId,
    /// The day by which the provider's visitation answers (IV-11).
    pub answer_by: Option<NaiveDate>,
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
                ),
                (
                    intervention::state.eq(columns.state),
                    intervention::planned_start.eq(new.planned_start),
                    intervention::planned_end.eq(new.planned_end),
                    intervention::responsible_id.eq(referral.responsible.0),
                    intervention::reason.eq(&new.reason),
                    intervention::referred_at.eq(now),
                    intervention::answer_by.eq(referral.answer_by),
                    intervention::ticket.eq(ticket),
                    intervention::priority.eq(new.priority.priority),
                    intervention::priority_reason.eq(&new.priority.reason),
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
                until: None,
                inside: None,
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
            (id.into(), (Case { young_person, bases, provider, row: None }, Areas(area)))
        };
        Ok(visible.into_iter().map(case).collect())
    }

    /// Stores what was decided. Where it is over, the provider's basis ends; where a place fell free,
    /// the line is served when this transaction has committed.
    pub async fn store_intervention<A: ChangesIntervention>(
        &mut self,
        permit: &Permit<A>,
        thing: Intervention,
        event: &InterventionEvent,
    ) -> Result<Intervention, StoreError> {
        permit.for_person(thing.young_person)?;
        let starts_later = thing.starts_later(event);
        let thing = store(self.conn(), thing, event).await?;
        if let InterventionEvent::Extended { on, planned_end, reason } = event {
            self.keep_extension(&thing, *planned_end, reason, *on).await?;
        }
        let (now, is_over) = (self.now(), !thing.state.is_running());
        if is_over {
            self.end_access(thing.id.0, now).await?;
        }
        if let Some(code) = thing.catalogue_code.as_ref().filter(|_| is_over || starts_later) {
            self.serve_line(code).await?;
        }
        Ok(thing)
    }

    async fn keep_extension(
        &mut self,
        thing: &Intervention,
        planned_end: NaiveDate,
        reason: &str,
        on: NaiveDate,
    ) -> Result<(), StoreError> {
        let of_intervention = intervention::table.find(thing.id.0).select((
            intervention::id,
            intervention::young_person_id,
            intervention::information_area,
            intervention::writing_unit_id,
            intervention::providing_unit_id,
            planned_end.into_sql::<Date>(),
            reason.into_sql::<Text>(),
            on.into_sql::<Date>(),
        ));
        diesel::insert_into(intervention_extension::table)
            .values(of_intervention)
            .into_columns((
                intervention_extension::intervention_id,
                intervention_extension::young_person_id,
                intervention_extension::information_area,
                intervention_extension::writing_unit_id,
                intervention_extension::providing_unit_id,
                intervention_extension::planned_end,
                intervention_extension::reason,
                intervention_extension::extended_on,
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// The place in line of this young person's last referral to the offer whose place was offered and
    /// lapsed: the one passed over keeps number and priority (IV-3).
    pub async fn kept_place(
        &mut self,
        new: &Intervention,
    ) -> Result<Option<(i64, Priority)>, StoreError> {
        let kept: Option<KeptPlace> =
            diesel::sql_query("SELECT ticket, priority FROM kept_place($1, $2)")
                .bind::<SqlUuid, _>(new.young_person.0)
                .bind::<Nullable<Text>, _>(&new.catalogue_code)
                .get_result(self.conn())
                .await
                .optional()?;
        Ok(kept.map(|kept| {
            let reason = (kept.priority > 0).then(|| OFFER_LAPSED.to_owned());
            (kept.ticket, Priority { priority: kept.priority, reason })
        }))
    }

    /// Gives running interventions to a unit that carries them on when the plan closes (PL-7), and sees the
    /// young person while they last; an institution carries on what it provides, and sees no more (AC-9).
    /// Gives how many there were that it can carry on and nobody does yet; where some were not, nothing is given.
    pub async fn carry_on(
        &mut self,
        permit: &Permit<ClosePlan>,
        plan: &Plan,
        ids: &[Uuid],
        unit: UnitId,
        does_casework: bool,
    ) -> Result<usize, StoreError> {
        let carried: Vec<Uuid> = diesel::update(intervention::table)
            .filter(intervention::plan_id.eq(plan.id.0))
            .filter(intervention::id.eq_any(ids))
            .filter(intervention::state.eq_any(["referred", "waiting", "offered", "started"]))
            .filter(intervention::carried_on_by_id.is_null())
            .filter(intervention::providing_unit_id.eq(unit.0).or(does_casework.into_sql::<Bool>()))
            .set((
                intervention::carried_on_by_id.eq(unit.0),
                intervention::version.eq(intervention::version + 1),
            ))
            .returning(intervention::id)
            .get_results(self.conn())
            .await?;
        self.does_not_see_any_of(ids.iter().copied(), |id| carried.contains(id));
        if carried.len() != ids.len() {
            return Ok(carried.len());
        }
        for id in ids.iter().filter(|_| does_casework) {
            self.grant(
                permit,
                NewBasis {
                    young_person: plan.young_person,
                    holder: Holder::Unit(unit),
                    kind: BasisKind::Participation,
                    areas: Areas::WORKING,
                    source: *id,
                    reason: "carries on an intervention after the plan",
                    until: None,
                    inside: None,
                },
            )
            .await?;
        }
        Ok(carried.len())
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
        .set((StateColumns::from(&thing), NotedColumns::from(&thing)))
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
                by: row
                    .declined_by
                    .and_then(|by| by.parse::<DeclinedBy>().ok())
                    .ok_or_else(|| corrupt("declined_by"))?,
                on: row.declined_on.ok_or_else(|| corrupt("declined_on"))?,
                reason: row.decline_reason.ok_or_else(|| corrupt("decline_reason"))?,
            },
            _ => return Err(corrupt("state")),
        };
        let acceptance = match (row.accepted_on, row.accepted_by_id) {
            (Some(on), Some(by)) => {
                Some(Acceptance { on, by: by.into(), reason: row.acceptance_reason })
            }
            (None, None) => None,
            _ => return Err(corrupt("accepted_by_id")),
        };
        Ok(Self {
            id: row.id.into(),
            plan: row.plan_id.into(),
            young_person: row.young_person_id.into(),
            provider: row.providing_unit_id.into(),
            catalogue_code: row.catalogue_code,
            planned_start: row.planned_start,
            carried_on_by: row.carried_on_by_id.map(Into::into),
            planned_end: row.planned_end,
            reason: row.reason,
            state,
            acceptance,
            priority: Priority { priority: row.priority, reason: row.priority_reason },
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
            InterventionState::Declined { by, on, reason } => {
                columns.declined_by = Some((*by).into());
                columns.declined_on = Some(*on);
                columns.decline_reason = Some(reason);
            }
        }
        columns
    }
}

impl<'a> From<&'a Intervention> for NotedColumns<'a> {
    fn from(thing: &'a Intervention) -> Self {
        let acceptance = thing.acceptance.as_ref();
        Self {
            planned_end: thing.planned_end,
            reason: thing.reason.as_deref(),
            accepted_on: acceptance.map(|acceptance| acceptance.on),
            accepted_by_id: acceptance.map(|acceptance| acceptance.by.0),
            acceptance_reason: acceptance.and_then(|acceptance| acceptance.reason.as_deref()),
            priority: thing.priority.priority,
            priority_reason: thing.priority.reason.as_deref(),
        }
    }
}
