//! Sign-in, refresh and sign-out. They run before anybody acts, through functions of the owner.

use crate::error::StoreError;
use crate::store::{Opening, Operation, Store, Tx};
use chrono::{DateTime, Utc};
use diesel::define_sql_function;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::{EmployeeId, RequestId, SessionId};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Credential {
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
    #[diesel(sql_type = Text)]
    password_hash: String,
}

#[derive(QueryableByName)]
struct Rotated {
    #[diesel(sql_type = SqlUuid)]
    session_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
}

impl Store {
    /// The employee with this user name, and the hash of the pass phrase; `None` for an unknown or stopped sign-in, and
    /// for an expired one-time pass phrase.
    pub async fn credential_of(
        &self,
        username: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(EmployeeId, String)>, StoreError> {
        let mut conn = self.anonymous("signIn").await?;
        let found: Option<Credential> = diesel::sql_query("SELECT * FROM credential_of($1, $2)")
            .bind::<Text, _>(username)
            .bind::<Timestamptz, _>(now)
            .get_result(&mut *conn)
            .await
            .optional()?;
        Ok(found.map(|credential| (credential.employee_id.into(), credential.password_hash)))
    }

    /// Notes a wrong pass phrase for this account (LG-2): by `operation`, and never what was typed.
    pub async fn wrong_password(
        &self,
        employee: EmployeeId,
        operation: &'static str,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let opening = Opening { session: Uuid::nil().into(), employee, request, now };
        self.was_refused(opening, Operation { name: operation, subject: None }).await
    }

    /// Opens a session with the digest of its first refresh token; `None` if the verified pass phrase is no longer the
    /// account's, or the sign-in was stopped meanwhile (OR-2).
    pub async fn open_session(
        &self,
        employee: EmployeeId,
        verified_hash: &str,
        refresh_digest: &[u8],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Option<SessionId>, StoreError> {
        let mut conn = self.anonymous("signIn").await?;
        let id = Uuid::now_v7();
        let opened = open_session(id, employee.0, verified_hash, refresh_digest, now, request.0);
        let opened: bool = diesel::select(opened).get_result(&mut *conn).await?;
        Ok(opened.then_some(id.into()))
    }

    /// Exchanges a refresh token for a new one; none where it is unknown, over, or used before, which
    /// ends its whole family (B2).
    pub async fn rotate_refresh_token(
        &self,
        old_digest: &[u8],
        new_digest: &[u8],
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Option<(SessionId, EmployeeId)>, StoreError> {
        let mut conn = self.anonymous("refreshSession").await?;
        let rotated: Option<Rotated> =
            diesel::sql_query("SELECT * FROM rotate_refresh_token($1, $2, $3, $4)")
                .bind::<Binary, _>(old_digest)
                .bind::<Binary, _>(new_digest)
                .bind::<Timestamptz, _>(now)
                .bind::<SqlUuid, _>(request.0)
                .get_result(&mut *conn)
                .await
                .optional()?;
        Ok(rotated.map(|rotated| (rotated.session_id.into(), rotated.employee_id.into())))
    }

    /// Ends a session; its access tokens are refused at the next request.
    pub async fn end_session(&self, opening: Opening) -> Result<(), StoreError> {
        let mut conn = self.anonymous("signOut").await?;
        diesel::sql_query("SELECT end_session($1, $2, $3)")
            .bind::<SqlUuid, _>(opening.session.0)
            .bind::<Timestamptz, _>(opening.now)
            .bind::<SqlUuid, _>(opening.request.0)
            .execute(&mut *conn)
            .await?;
        Ok(())
    }
}

define_sql_function! {
    /// Opens a session, if the verified hash is still that of the account.
    fn open_session(session: SqlUuid, who: SqlUuid, hash: Text, token: Binary, at: Timestamptz, request: SqlUuid) -> Bool;
}

define_sql_function! {
    /// Changes one's own pass phrase.
    fn change_password(old_hash: Text, new_hash: Text, kept: SqlUuid, request: SqlUuid) -> Bool;
}

impl Tx {
    /// Changes the caller's pass phrase and ends their other sessions; false where the old hash is not
    /// that of the present one (any more).
    pub async fn change_password(
        &mut self,
        old_hash: &str,
        new_hash: &str,
    ) -> Result<bool, StoreError> {
        let (session, request) = (self.opening().session.0, self.opening().request.0);
        let changed = diesel::select(change_password(old_hash, new_hash, session, request));
        Ok(changed.get_result(self.conn()).await?)
    }
}
