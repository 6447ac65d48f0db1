//! Joint plans, their goals, participants, roles and links (PL-1 to PL-10, PL-12).

pub mod follow_up;
mod history;
pub mod views;

use crate::access::{EndedWithAccess, Holder, NewBasis};
use crate::error::StoreError;
use crate::schema::{goal, intervention, plan, plan_link, plan_participant, plan_role};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::families::ChangesPlan;
use domain::access::policy::{AmendPlan, OpenPlan};
use domain::access::{Areas, BasisKind, Permit};
use domain::ids::{EmployeeId, GoalId, ParticipantId, PlanId, UnitId, YoungPersonId};
use domain::plans::{
    ContactPerson, Goal, LinkKind, NextReview, OwnWords, Plan, PlanEvent, PlanStage, PlanState,
    Readiness,
};
use uuid::Uuid;

/// How long those who took part see a closed plan: the six months after which the state is taken
/// (PL-8), and four weeks to write it down.
const SEEN_AFTER_CLOSING: TimeDelta = TimeDelta::weeks(30);

diesel::define_sql_function! {
    /// Ends the participations' bases of a plan.
    fn end_participations(ended_plan: SqlUuid, at: Timestamptz);
}
diesel::define_sql_function! {
    /// Where a plan is, for whoever provides something in it.
    fn plan_stage_for_provider(wanted: SqlUuid) -> Nullable<Text>;
}
diesel::define_sql_function! {
    /// Adds a unit as a participant because it receives the young person.
    fn receiver_takes_part(participant: SqlUuid, of_plan: SqlUuid, receiver: SqlUuid, who: SqlUuid, by_unit: SqlUuid) -> Bool;
}
diesel::define_sql_function! {
    /// Running interventions of a plan, also those that the caller does not see.
    fn running_interventions(of_plan: SqlUuid) -> BigInt;
}

/// `plan` as stored. Never leaves this module.
#[derive(Queryable, Selectable)]
#[diesel(table_name = plan)]
struct PlanRow {
    id: Uuid,
    young_person_id: Uuid,
    state: String,
    purpose: String,
    own_words: Option<String>,
    own_words_absent: Option<String>,
    previous_plan_id: Option<Uuid>,
    opened_at: DateTime<Utc>,
    activated_at: Option<DateTime<Utc>>,
    next_review_on: Option<NaiveDate>,
    review_set_on: Option<NaiveDate>,
    closed_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    outcome_note: Option<String>,
    version: i64,
}

/// The columns that change. `None` writes NULL: a state owns its columns completely.
#[derive(AsChangeset)]
#[diesel(table_name = plan, treat_none_as_null = true)]
struct PlanColumns<'a> {
    state: &'static str,
    purpose: &'a str,
    own_words: Option<&'a str>,
    own_words_absent: Option<&'a str>,
    activated_at: Option<DateTime<Utc>>,
    next_review_on: Option<NaiveDate>,
    review_set_on: Option<NaiveDate>,
    closed_at: Option<DateTime<Utc>>,
    outcome: Option<&'static str>,
    outcome_note: Option<&'a str>,
    version: i64,
}

/// `goal` as stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = goal)]
struct GoalRow {
    area: String,
    wished_result: String,
    target_date: NaiveDate,
    result: Option<String>,
    version: i64,
}

/// A department's own plan to link.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// What kind of plan it is.
    pub kind: LinkKind,
    /// What it is called.
    pub title: &'a str,
    /// Where it is found: a case number or an address in the department's own system.
    pub reference: &'a str,
}

impl Tx {
    /// Stores a new plan. A second open one breaks the rule `plan.already-open` (PL-1).
    pub async fn open_plan(
        &mut self,
        permit: &Permit<OpenPlan>,
        new: &Plan,
    ) -> Result<(), StoreError> {
        let columns = PlanColumns::from(new);
        diesel::insert_into(plan::table)
            .values((
                plan::id.eq(new.id.0),
                plan::young_person_id.eq(new.young_person.0),
                plan::writing_unit_id.eq(permit.unit().0),
                plan::state.eq(columns.state),
                plan::purpose.eq(columns.purpose),
                plan::own_words.eq(columns.own_words),
                plan::own_words_absent.eq(columns.own_words_absent),
                plan::previous_plan_id.eq(new.previous.map(|id| id.0)),
                plan::opened_at.eq(new.opened_at),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// The plan, locked until the transaction ends; none where it does not exist for the caller.
    pub async fn lock_plan(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        plan::table
            .find(id.0)
            .select(PlanRow::as_select())
            .for_no_key_update()
            .first(self.conn())
            .await
            .optional()?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Locks the plan by the owner's function, which also works for a unit that may see the plan but not change it
    /// (AC-16).
    pub(crate) async fn lock_seen_plan(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        self.stage_of_plan(id).await?;
        let found: Option<PlanRow> = plan::table
            .find(id.0)
            .select(PlanRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        found.map(TryInto::try_into).transpose()
    }

    /// Where the plan of an intervention is, locked; also for the provider, who does not see it (AC-9).
    pub async fn stage_of_plan(&mut self, id: PlanId) -> Result<PlanStage, StoreError> {
        let stage: Option<String> =
            diesel::select(plan_stage_for_provider(id.0)).get_result(self.conn()).await?;
        stage
            .ok_or(StoreError::Hidden)?
            .parse()
            .map_err(|_| StoreError::Corrupt { table: "plan", column: "state" })
    }

    /// What activation looks at besides the plan itself.
    pub async fn readiness(&mut self, id: PlanId) -> Result<Readiness, StoreError> {
        let goals =
            goal::table.filter(goal::plan_id.eq(id.0)).count().get_result(self.conn()).await?;
        let units = plan_participant::table
            .filter(plan_participant::plan_id.eq(id.0))
            .filter(plan_participant::left_at.is_null())
            .count()
            .get_result(self.conn())
            .await?;
        let answers = plan_role::table
            .filter(plan_role::plan_id.eq(id.0))
            .filter(plan_role::kind.eq("contact-person"));
        let contact_person_answered =
            diesel::select(diesel::dsl::exists(answers)).get_result(self.conn()).await?;
        let coordinated = match self.coordinator(id).await? {
            Some(who) => self.coordinating_post(id, who).await?.is_some(),
            None => false,
        };
        Ok(Readiness { goals, units, coordinated, contact_person_answered })
    }

    /// How many interventions run in the plan that nobody carries on.
    pub async fn running_interventions(&mut self, id: PlanId) -> Result<i64, StoreError> {
        Ok(diesel::select(running_interventions(id.0)).get_result(self.conn()).await?)
    }

    /// The number of these that are visible to the caller (AC-18).
    pub async fn running_interventions_seen(&mut self, id: PlanId) -> Result<i64, StoreError> {
        Ok(intervention::table
            .filter(intervention::plan_id.eq(id.0))
            .filter(intervention::carried_on_by_id.is_null())
            .filter(intervention::state.eq_any(["referred", "waiting", "offered", "started"]))
            .count()
            .get_result(self.conn())
            .await?)
    }

    /// Stores what was decided; refused as stale where somebody changed the plan meanwhile.
    pub async fn store_plan<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: Plan,
        event: &PlanEvent,
    ) -> Result<Plan, StoreError> {
        permit.for_person(plan.young_person)?;
        let read = plan.version;
        let plan = plan.apply(event);
        let changed = diesel::update(plan::table.find(plan.id.0))
            .filter(plan::version.eq(read))
            .set(PlanColumns::from(&plan))
            .execute(self.conn())
            .await?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        match event {
            PlanEvent::Closed { at, .. } => {
                diesel::select(end_participations(plan.id.0, *at + SEEN_AFTER_CLOSING))
                    .execute(self.conn())
                    .await?;
            }
            PlanEvent::Reviewed { review, next_review } => {
                self.add_review(permit, &plan, review, *next_review).await?;
            }
            PlanEvent::Amended { .. } | PlanEvent::Activated { .. } => {}
        }
        Ok(plan)
    }

    /// Raises the version of a plan whose contact person or coordinator changed.
    pub async fn touch_plan(
        &mut self,
        permit: &Permit<AmendPlan>,
        mut plan: Plan,
    ) -> Result<Plan, StoreError> {
        let changed = diesel::update(plan::table.find(plan.id.0))
            .filter(plan::young_person_id.eq(permit.person()?.0))
            .filter(plan::version.eq(plan.version))
            .set(plan::version.eq(plan.version + 1))
            .execute(self.conn())
            .await?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        plan.version += 1;
        Ok(plan)
    }

    /// Adds a goal.
    pub async fn add_goal<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        new: &Goal,
    ) -> Result<GoalId, StoreError> {
        let id = GoalId(Uuid::now_v7());
        let now = self.now();
        diesel::insert_into(goal::table)
            .values((
                goal::id.eq(id.0),
                goal::plan_id.eq(plan.id.0),
                goal::young_person_id.eq(plan.young_person.0),
                goal::writing_unit_id.eq(permit.unit().0),
                goal::area.eq(<&str>::from(new.area)),
                goal::wished_result.eq(&new.wished_result),
                goal::target_date.eq(new.target_date),
                goal::set_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// The goal and its version, locked.
    pub async fn lock_goal(&mut self, id: GoalId) -> Result<Option<(Goal, i64)>, StoreError> {
        let row: Option<GoalRow> = goal::table
            .find(id.0)
            .select(GoalRow::as_select())
            .for_no_key_update()
            .first(self.conn())
            .await
            .optional()?;
        row.map(|row| {
            let area = row
                .area
                .parse()
                .map_err(|_| StoreError::Corrupt { table: "goal", column: "area" })?;
            let goal = Goal {
                area,
                wished_result: row.wished_result,
                target_date: row.target_date,
                result: row.result,
            };
            Ok((goal, row.version))
        })
        .transpose()
    }

    /// Changes a goal.
    pub async fn amend_goal(
        &mut self,
        permit: &Permit<AmendPlan>,
        id: GoalId,
        amended: &Goal,
        read: i64,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(goal::table.find(id.0))
            .filter(goal::young_person_id.eq(permit.person()?.0))
            .filter(goal::version.eq(read))
            .set((
                goal::area.eq(<&str>::from(amended.area)),
                goal::wished_result.eq(&amended.wished_result),
                goal::target_date.eq(amended.target_date),
                goal::result.eq(&amended.result),
                goal::version.eq(read + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Adds a unit as a participant, with a named person. A unit that already takes part violates the rule
    /// `plan.already-participating`. Its access is a separate step: [`Tx::open_to_participant`], or a rule.
    pub async fn add_participant<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        unit: UnitId,
        employee: EmployeeId,
    ) -> Result<ParticipantId, StoreError> {
        let id = ParticipantId(Uuid::now_v7());
        let now = self.now();
        diesel::insert_into(plan_participant::table)
            .values((
                plan_participant::id.eq(id.0),
                plan_participant::plan_id.eq(plan.id.0),
                plan_participant::young_person_id.eq(plan.young_person.0),
                plan_participant::writing_unit_id.eq(permit.unit().0),
                plan_participant::unit_id.eq(unit.0),
                plan_participant::employee_id.eq(employee.0),
                plan_participant::joined_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Adds the unit that receives the young person as a participant, with a named person (TM-8).
    /// [`StoreError::Hidden`] if neither a meeting nor an acceptance names the unit.
    pub async fn add_receiver<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        unit: UnitId,
        employee: EmployeeId,
    ) -> Result<ParticipantId, StoreError> {
        let id = ParticipantId(Uuid::now_v7());
        let by = permit.unit().0;
        let added = receiver_takes_part(id.0, plan.id.0, unit.0, employee.0, by);
        let added: bool = diesel::select(added).get_result(self.conn()).await?;
        if added { Ok(id) } else { Err(StoreError::Hidden) }
    }

    /// Passes access to the young person on to a unit that takes part, until its participation ends.
    pub async fn open_to_participant<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        (unit, participant): (UnitId, ParticipantId),
    ) -> Result<(), StoreError> {
        let basis = NewBasis {
            young_person: plan.young_person,
            holder: Holder::Unit(unit),
            kind: BasisKind::Participation,
            areas: Areas::WORKING,
            source: participant.0,
            reason: "takes part in the joint plan",
            until: None,
            inside: None,
        };
        self.grant(permit, basis).await
    }

    /// Does the unit take part now?
    pub async fn takes_part(&mut self, plan: PlanId, unit: UnitId) -> Result<bool, StoreError> {
        let current = plan_participant::table
            .filter(plan_participant::plan_id.eq(plan.0))
            .filter(plan_participant::unit_id.eq(unit.0))
            .filter(plan_participant::left_at.is_null());
        Ok(diesel::select(diesel::dsl::exists(current)).get_result(self.conn()).await?)
    }

    /// Ends a unit's participation, with the access that the unit gave itself by it (AC-15). Returns the assignments and
    /// intake entries that end with it; `None` if the participation has already ended.
    pub async fn end_participation(
        &mut self,
        permit: &Permit<AmendPlan>,
        (plan, id): (PlanId, ParticipantId),
        reason: &str,
    ) -> Result<Option<EndedWithAccess>, StoreError> {
        let now = self.now();
        let changed = diesel::update(plan_participant::table.find(id.0))
            .filter(plan_participant::young_person_id.eq(permit.person()?.0))
            .filter(plan_participant::plan_id.eq(plan.0))
            .filter(plan_participant::left_at.is_null())
            .set(plan_participant::left_at.eq(now))
            .execute(self.conn())
            .await?;
        if changed == 0 {
            return Ok(None);
        }
        let ended = diesel::sql_query("SELECT * FROM end_participation_access($1, $2, $3)")
            .bind::<SqlUuid, _>(id.0)
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(reason)
            .get_result(self.conn())
            .await?;
        Ok(Some(ended))
    }

    /// Who coordinates; nobody yet in some drafts.
    pub async fn coordinator(&mut self, id: PlanId) -> Result<Option<EmployeeId>, StoreError> {
        let latest: Option<Option<Uuid>> = plan_role::table
            .filter(plan_role::plan_id.eq(id.0))
            .filter(plan_role::kind.eq("coordinator"))
            .order(plan_role::from_at.desc())
            .select(plan_role::employee_id)
            .first(self.conn())
            .await
            .optional()?;
        Ok(latest.flatten().map(Into::into))
    }

    /// Who coordinates from now on.
    pub async fn set_coordinator<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        who: EmployeeId,
    ) -> Result<(), StoreError> {
        self.set_role(permit, plan, "coordinator", &ContactPerson::Employee(who)).await
    }

    /// Who carries the relation from now on, or that nobody was wanted.
    pub async fn set_contact_person<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        who: &ContactPerson,
    ) -> Result<(), StoreError> {
        self.set_role(permit, plan, "contact-person", who).await
    }

    async fn set_role<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        kind: &str,
        who: &ContactPerson,
    ) -> Result<(), StoreError> {
        let (employee, outside, declined) = match who {
            ContactPerson::Employee(id) => (Some(id.0), None, None),
            ContactPerson::Outside { name, telephone, organisation } => {
                (None, Some((name, telephone, organisation)), None)
            }
            ContactPerson::Declined(reason) => (None, None, Some(reason)),
        };
        let now = self.now();
        diesel::insert_into(plan_role::table)
            .values((
                plan_role::plan_id.eq(plan.id.0),
                plan_role::kind.eq(kind),
                plan_role::from_at.eq(now),
                plan_role::young_person_id.eq(plan.young_person.0),
                plan_role::writing_unit_id.eq(permit.unit().0),
                plan_role::employee_id.eq(employee),
                plan_role::outside_name.eq(outside.map(|(name, _, _)| name)),
                plan_role::outside_telephone
                    .eq(outside.and_then(|(_, telephone, _)| telephone.as_ref())),
                plan_role::outside_organisation
                    .eq(outside.and_then(|(_, _, organisation)| organisation.as_ref())),
                plan_role::declined_reason.eq(declined),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Links a department's own plan (PL-6).
    pub async fn add_link(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        link: &NewLink<'_>,
    ) -> Result<Uuid, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(plan_link::table)
            .values((
                plan_link::id.eq(id),
                plan_link::plan_id.eq(plan.id.0),
                plan_link::young_person_id.eq(plan.young_person.0),
                plan_link::writing_unit_id.eq(permit.unit().0),
                plan_link::kind.eq(<&str>::from(link.kind)),
                plan_link::title.eq(link.title),
                plan_link::reference.eq(link.reference),
                plan_link::linked_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Is the plan this young person's, and closed? A new one may then name it (PL-9).
    pub async fn is_closed_plan_of(
        &mut self,
        id: PlanId,
        whose: YoungPersonId,
    ) -> Result<bool, StoreError> {
        let found: i64 = plan::table
            .find(id.0)
            .filter(plan::young_person_id.eq(whose.0))
            .filter(plan::state.eq("closed"))
            .count()
            .get_result(self.conn())
            .await?;
        if found == 0 {
            self.does_not_see(id);
        }
        Ok(found == 1)
    }
}

impl TryFrom<PlanRow> for Plan {
    type Error = StoreError;

    fn try_from(row: PlanRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "plan", column };
        let own_words = match (row.own_words, row.own_words_absent) {
            (Some(said), _) => OwnWords::Said(said),
            (None, Some(how)) => OwnWords::Absent(how),
            (None, None) => OwnWords::NotAsked,
        };
        let state = match row.state.as_str() {
            "draft" => PlanState::Draft,
            "active" => PlanState::Active {
                activated_at: row.activated_at.ok_or_else(|| corrupt("activated_at"))?,
                next_review: NextReview {
                    on: row.next_review_on.ok_or_else(|| corrupt("next_review_on"))?,
                    set_on: row.review_set_on.ok_or_else(|| corrupt("review_set_on"))?,
                },
            },
            "closed" => PlanState::Closed {
                activated_at: row.activated_at,
                closed_at: row.closed_at.ok_or_else(|| corrupt("closed_at"))?,
                outcome: row
                    .outcome
                    .and_then(|outcome| outcome.parse().ok())
                    .ok_or_else(|| corrupt("outcome"))?,
                note: row.outcome_note,
            },
            _ => return Err(corrupt("state")),
        };
        Ok(Self {
            id: row.id.into(),
            young_person: row.young_person_id.into(),
            purpose: row.purpose,
            own_words,
            previous: row.previous_plan_id.map(Into::into),
            opened_at: row.opened_at,
            state,
            version: row.version,
        })
    }
}

impl<'a> From<&'a Plan> for PlanColumns<'a> {
    fn from(plan: &'a Plan) -> Self {
        let (own_words, own_words_absent) = match &plan.own_words {
            OwnWords::Said(said) => (Some(said.as_str()), None),
            OwnWords::Absent(how) => (None, Some(how.as_str())),
            OwnWords::NotAsked => (None, None),
        };
        let mut columns = Self {
            state: plan.state.name(),
            purpose: &plan.purpose,
            own_words,
            own_words_absent,
            activated_at: None,
            next_review_on: None,
            review_set_on: None,
            closed_at: None,
            outcome: None,
            outcome_note: None,
            version: plan.version,
        };
        match &plan.state {
            PlanState::Draft => {}
            PlanState::Active { activated_at, next_review } => {
                columns.activated_at = Some(*activated_at);
                columns.next_review_on = Some(next_review.on);
                columns.review_set_on = Some(next_review.set_on);
            }
            PlanState::Closed { activated_at, closed_at, outcome, note } => {
                columns.activated_at = *activated_at;
                columns.closed_at = Some(*closed_at);
                columns.outcome = Some((*outcome).into());
                columns.outcome_note = note.as_deref();
            }
        }
        columns
    }
}
