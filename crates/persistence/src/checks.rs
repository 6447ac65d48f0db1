//! Checks that could reveal whether a young person is registered are counted before they are made (AC-19). The count is
//! in the database, so that all instances share it. It is written in a separate transaction, so that a refusal does not
//! undo it.

use crate::access_log::{AccessEntry, Outcome, Seen};
use crate::error::StoreError;
use crate::figures::CHECK_ALARMS;
use crate::schema::access_check;
use crate::store::{Opening, Operation, Store, Tx};
use crate::young_people::CPR_DIGEST;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Integer, Nullable, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::young_people::Cpr;
use uuid::Uuid;

/// The result of counting a check.
#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Nullable<Integer>)]
    wait: Option<i32>,
    #[diesel(sql_type = Integer)]
    alarms: i32,
}

diesel::define_sql_function! {
    /// Counts a card of the hotline. Returns the number of seconds until it may be shown.
    fn begin_card(request: SqlUuid, most: Integer) -> Nullable<Integer>;
}
diesel::define_sql_function! {
    /// The number of seconds until the next check is allowed.
    fn wait_for_check(of_number: Bool) -> Nullable<Integer>;
}

fn allowed(wait: Option<i32>) -> Result<(), StoreError> {
    match wait.and_then(|seconds| u64::try_from(seconds).ok()) {
        Some(retry_after) => Err(StoreError::TooManyChecks { retry_after }),
        None => Ok(()),
    }
}

impl Store {
    /// Counts the check of a CPR number before it is made. It is refused if the employee made 20 checks without access
    /// within an hour, or the unit 100 within a day (chosen). The refusal is in the access log with the number's
    /// digest.
    pub async fn check_number(
        &self,
        opening: Opening,
        operation: Operation,
        cpr: &Cpr,
    ) -> Result<(), StoreError> {
        let digest = self.vault().digest(CPR_DIGEST, cpr.digits().as_bytes());
        let counted = self.count_check(opening, operation, opening.request.0, Some(&digest)).await;
        self.logged(opening, operation, digest, counted).await
    }

    /// Counts a card of the hotline before it is shown. It is refused if the employee saw `most` within an hour (HL-5).
    /// The refusal is in the access log with the number's digest.
    pub async fn check_card(
        &self,
        opening: Opening,
        operation: Operation,
        cpr: &Cpr,
        most: i32,
    ) -> Result<(), StoreError> {
        let digest = self.vault().digest(CPR_DIGEST, cpr.digits().as_bytes());
        let counted = self
            .apart(opening, operation, async |tx| {
                let wait = begin_card(opening.request.0, most);
                Ok(diesel::select(wait).get_result(tx.conn()).await?)
            })
            .await
            .and_then(allowed);
        self.logged(opening, operation, digest, counted).await
    }

    /// Records in the access log that a check was refused, with the digest of its number.
    async fn logged(
        &self,
        opening: Opening,
        operation: Operation,
        digest: Vec<u8>,
        counted: Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if matches!(counted, Err(StoreError::TooManyChecks { .. })) {
            let (seen, hidden) = (Seen::of_number(digest), Vec::new());
            let outcome = Outcome::Refused;
            self.log_entry(AccessEntry { opening, operation, outcome, seen, hidden }).await?;
        }
        counted
    }

    /// Cancels the count of this request's check, because the young person is visible to the caller.
    pub async fn check_gave_access(
        &self,
        opening: Opening,
        operation: Operation,
    ) -> Result<(), StoreError> {
        self.apart(opening, operation, async |tx| tx.check_gave_access().await).await
    }

    /// Counts an action that only hidden rows prevented (AC-18). The same action counts once an hour, because its
    /// repetition reveals nothing new.
    pub(crate) async fn count_action(
        &self,
        opening: Opening,
        operation: Operation,
        content: &[u8],
    ) -> Result<(), StoreError> {
        let action = [opening.employee.0.as_bytes(), content].concat();
        let digest = self.vault().digest("prevented-action", &action);
        let id = digest.first_chunk().copied().map_or(opening.request.0, Uuid::new_v8);
        self.count_check(opening, operation, id, None).await
    }

    /// Counts a check in a separate transaction, once under this id.
    async fn count_check(
        &self,
        opening: Opening,
        operation: Operation,
        id: Uuid,
        digest: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let counted: Counted = self
            .apart(opening, operation, async |tx| {
                Ok(diesel::sql_query("SELECT * FROM begin_check($1, $2, $3)")
                    .bind::<SqlUuid, _>(opening.request.0)
                    .bind::<SqlUuid, _>(id)
                    .bind::<Nullable<Binary>, _>(digest)
                    .get_result(tx.conn())
                    .await?)
            })
            .await?;
        let alarms = u64::try_from(counted.alarms).unwrap_or_default();
        metrics::counter!(CHECK_ALARMS).increment(alarms);
        allowed(counted.wait)
    }
}

impl Tx {
    /// Refuses an action that hidden rows may prevent if the employee has made too many checks (AC-18). The limit of the
    /// unit is for numbers: it would keep all colleagues from their own cases for a day.
    pub async fn may_check(&mut self) -> Result<(), StoreError> {
        allowed(diesel::select(wait_for_check(false)).get_result(self.conn()).await?)
    }

    /// Cancels the count of this request's check, because it led to access.
    pub(crate) async fn check_gave_access(&mut self) -> Result<(), StoreError> {
        let request = self.opening().request.0;
        diesel::sql_query("SELECT check_gave_access($1)")
            .bind::<SqlUuid, _>(request)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

/// Deletes checks that no longer count towards a limit. The access log stores them permanently.
pub(crate) async fn forget_old(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::delete(access_check::table)
        .filter(access_check::checked_at.lt(now - TimeDelta::days(2)))
        .execute(conn)
        .await?;
    Ok(())
}
