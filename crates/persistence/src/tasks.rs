//! What is to be done: made by rule, once, and done by the act it asks for (DL-1, DL-2).

use crate::error::StoreError;
use crate::schema::task;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The coordinating caseworker answers an offered place (IV-3); about the intervention.
pub const ANSWER_OFFER: &str = "answer-offer";
/// A draft plan in which something has started is activated (IV-4); about the plan.
pub const ACTIVATE_PLAN: &str = "activate-plan";
/// An active plan is reviewed (PL-5); about the plan.
pub const HOLD_REVIEW: &str = "hold-review";
/// An active plan has its indicators measured (PL-12); about the plan.
pub const MEASURE_INDICATORS: &str = "measure-indicators";
/// A contact person is offered, for a second unit takes part (PL-2); about the plan.
pub const OFFER_CONTACT_PERSON: &str = "offer-contact-person";

/// The state six months after a plan was closed is taken (PL-8); about the plan.
pub const TAKE_STATE: &str = "take-state";

/// Asks the coordinating caseworker for it, unless it is asked for already.
pub(crate) async fn ask(
    conn: &mut AsyncPgConnection,
    kind: &str,
    about: Uuid,
    due_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::sql_query("SELECT ask_task($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(about)
        .bind::<Date, _>(due_on)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
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
    /// Asks the coordinating caseworker for a task, unless it is asked for already.
    pub async fn ask_task(
        &mut self,
        kind: &str,
        about: Uuid,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let now = self.now();
        ask(self.conn(), kind, about, due_on, now).await
    }

    /// What they are about is over: none of its tasks is left.
    pub async fn all_tasks_done(&mut self, subject: Uuid) -> Result<(), StoreError> {
        let now = self.now();
        diesel::sql_query("SELECT finish_tasks($1, $2)")
            .bind::<SqlUuid, _>(subject)
            .bind::<Timestamptz, _>(now)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Moves an open task to another day. Whoever sees what it is about sees it.
    pub async fn move_task(
        &mut self,
        kind: &str,
        about: Uuid,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let open = task::table
            .filter(task::kind.eq(kind))
            .filter(task::subject_id.eq(about))
            .filter(task::done_at.is_null());
        diesel::update(open).set(task::due_on.eq(due_on)).execute(self.conn()).await?;
        Ok(())
    }

    /// The act that a task asked for has happened.
    pub async fn task_done(&mut self, kind: &str, subject: Uuid) -> Result<(), StoreError> {
        let now = self.now();
        done(self.conn(), kind, subject, now).await
    }
}
