//! What a refusal may tell (AC-18): a rule by its name where the caller sees the rows that it looks at, else that the action is
//! not possible, and whom to ask.

use crate::error::StoreError;
use crate::store::Tx;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// The named rules of the database that look at rows beside the one that is written, some of which may be hidden from the caller:
/// `rows_behind` in the migration `refusals` says which.
pub const OVER_ROWS: &[&str] = &[
    "activity-clock.already-running",
    "assignment.already-assigned",
    "benefit.leading-missing",
    "benefit.overlap",
    "correction.others-writing",
    "follow-up.already-taken",
    "follow-up.not-left",
    "goal.progress-already-told",
    "intake.already-waiting",
    "intervention.already-running",
    "meeting.already-booked",
    "meeting.double-booked",
    "merge.two-open-plans",
    "network-meeting.already-registered",
    "plan.already-open",
    "plan.already-participating",
    "plan.interventions-running",
    "residence.already-told",
    "responsibility.already-agreed",
    "responsibility.already-held",
    "sanction.day-out-of-range",
    "support-need.already-told",
    "target-group.not-defined",
    "transition-need.already-open",
    "transition-need.committee-missing",
    "transition-need.committee-told",
    "transition-need.in-preparation",
    "transition-need.not-exempt",
    "transition-referral.already-made",
];

/// What a refusal may tell of the rule that was broken.
#[derive(Debug, Clone)]
pub enum Told {
    /// The caller sees all that it looks at: its name.
    Rule,
    /// They do not: whom to ask, where there is somebody besides themselves.
    NotPossible(Option<Contact>),
}

/// A unit that may be named.
#[derive(Debug, Clone, QueryableByName)]
pub struct Contact {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// What it is called.
    #[diesel(sql_type = Text)]
    pub name: String,
}

#[derive(QueryableByName)]
struct Sees {
    #[diesel(sql_type = Bool)]
    all: bool,
}

impl Tx {
    /// What may be told of a rule that these young people's rows broke.
    pub(crate) async fn told_of(
        &mut self,
        rule: &str,
        people: &[Uuid],
    ) -> Result<Told, StoreError> {
        let sees: Sees = diesel::sql_query("SELECT sees_behind($1, $2) AS \"all\"")
            .bind::<Text, _>(rule)
            .bind::<Array<SqlUuid>, _>(people)
            .get_result(self.conn())
            .await?;
        Ok(if sees.all { Told::Rule } else { Told::NotPossible(self.whom_to_ask(people).await?) })
    }

    /// The unit to ask about what the caller does not see of these young people, as far as it may be named.
    pub async fn whom_to_ask(&mut self, people: &[Uuid]) -> Result<Option<Contact>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM whom_to_ask($1)")
            .bind::<Array<SqlUuid>, _>(people)
            .get_result(self.conn())
            .await
            .optional()?)
    }
}
