//! What is to be done: made by rule, once, and done by the act it asks for (DL-1, DL-2).

use crate::error::StoreError;
use crate::schema::{intervention, task};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::InformationArea;
use domain::ids::{PlanId, UnitId, YoungPersonId};
use domain::interventions::Intervention;
use uuid::Uuid;

/// The coordinating caseworker answers an offered place (IV-3).
pub const ANSWER_OFFER: &str = "answer-offer";
/// A draft plan in which something has started is activated (IV-4).
pub const ACTIVATE_PLAN: &str = "activate-plan";

diesel::define_sql_function! {
    /// Who coordinates a plan, also for those who do not see it.
    fn coordinator_of(of_plan: SqlUuid) -> Nullable<SqlUuid>;
}

struct NewTask {
    young_person: Uuid,
    area: i32,
    writing_unit: Uuid,
    kind: &'static str,
    subject: Uuid,
    due_on: NaiveDate,
}

/// Makes the task of answering an offer, for the coordinating caseworker.
pub(crate) async fn answer_offer(
    conn: &mut AsyncPgConnection,
    thing: &Intervention,
    writing_unit: Option<UnitId>,
    due_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (area, referring_unit): (i32, Uuid) = intervention::table
        .find(thing.id.0)
        .select((intervention::information_area, intervention::writing_unit_id))
        .first(conn)
        .await?;
    let new = NewTask {
        young_person: thing.young_person.0,
        area,
        writing_unit: writing_unit.map_or(referring_unit, Into::into),
        kind: ANSWER_OFFER,
        subject: thing.id.0,
        due_on,
    };
    make(conn, new, thing.plan, now).await
}

/// Marks an open task as done by its act; nothing happens where there is none.
pub(crate) async fn done(
    conn: &mut AsyncPgConnection,
    kind: &str,
    subject: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::sql_query("SELECT finish_task($1, $2, $3)")
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(subject)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

impl Tx {
    /// Makes the task of activating a draft plan in which something has started.
    pub async fn ask_to_activate(
        &mut self,
        young_person: YoungPersonId,
        plan: PlanId,
        writing_unit: Uuid,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let new = NewTask {
            young_person: young_person.0,
            area: InformationArea::Plan.bit(),
            writing_unit,
            kind: ACTIVATE_PLAN,
            subject: plan.0,
            due_on,
        };
        make(self.conn(), new, plan, now).await
    }

    /// Makes the task of answering an offered place.
    pub async fn ask_to_answer(
        &mut self,
        thing: &Intervention,
        writing_unit: UnitId,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let now = self.now();
        answer_offer(self.conn(), thing, Some(writing_unit), due_on, now).await
    }

    /// The act that a task asked for has happened.
    pub async fn task_done(&mut self, kind: &str, subject: Uuid) -> Result<(), StoreError> {
        let now = self.now();
        done(self.conn(), kind, subject, now).await
    }
}

async fn make(
    conn: &mut AsyncPgConnection,
    new: NewTask,
    plan: PlanId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let for_whom: Option<Uuid> = diesel::select(coordinator_of(plan.0)).get_result(conn).await?;
    diesel::insert_into(task::table)
        .values((
            task::id.eq(Uuid::now_v7()),
            task::young_person_id.eq(new.young_person),
            task::information_area.eq(new.area),
            task::writing_unit_id.eq(new.writing_unit),
            task::kind.eq(new.kind),
            task::subject_id.eq(new.subject),
            task::employee_id.eq(for_whom),
            task::due_on.eq(new.due_on),
            task::made_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}
