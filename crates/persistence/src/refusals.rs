//! The content of a refusal (AC-18): the name of a rule if the caller sees the rows that it looks at, otherwise only
//! that the action is not possible, and which unit to ask.

use crate::error::StoreError;
use crate::store::Tx;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// The named rules of the database that look at rows other than the written one. Some of these rows may be hidden from
/// the caller. `rows_behind` in `sql/refusals/refusals.sql` lists them.
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
    "participation.interventions-running",
    "plan.already-open",
    "plan.already-participating",
    "plan.coordinator-without-case",
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

/// What a refusal may state about the violated rule.
#[derive(Debug, Clone)]
pub enum RefusalDetail {
    /// The name of the rule, because the caller sees every row that it looks at.
    Rule,
    /// The unit to ask, because some rows are hidden; `None` if there is no unit other than the caller's own.
    NotPossible(Option<Contact>),
}

/// A unit that the refusal may name.
#[derive(Debug, Clone, QueryableByName)]
pub struct Contact {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
}

#[derive(QueryableByName)]
struct Sees {
    #[diesel(sql_type = Bool)]
    all: bool,
}

impl Tx {
    /// What a refusal may state about a rule that was violated by rows of these young people.
    pub(crate) async fn refusal_detail(
        &mut self,
        rule: &str,
        people: &[Uuid],
    ) -> Result<RefusalDetail, StoreError> {
        let sees: Sees = diesel::sql_query("SELECT sees_behind($1, $2) AS \"all\"")
            .bind::<Text, _>(rule)
            .bind::<Array<SqlUuid>, _>(people)
            .get_result(self.conn())
            .await?;
        Ok(if sees.all {
            RefusalDetail::Rule
        } else {
            RefusalDetail::NotPossible(self.whom_to_ask(people).await?)
        })
    }

    /// The unit to ask about what is hidden from the caller about these young people, if one may be named.
    pub async fn whom_to_ask(&mut self, people: &[Uuid]) -> Result<Option<Contact>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM whom_to_ask($1)")
            .bind::<Array<SqlUuid>, _>(people)
            .get_result(self.conn())
            .await
            .optional()?)
    }
}
