//! Sign-in, refresh and sign-out. They run before anybody acts, through functions of the owner.

use crate::error::StoreError;
use crate::store::{Opening, Store};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::{EmployeeId, SessionId};
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
    /// Whose user name it is, and the hash of their pass phrase; none for an unknown or stopped sign-in.
    pub async fn credential_of(
        &self,
        username: &str,
    ) -> Result<Option<(EmployeeId, String)>, StoreError> {
        let mut conn = self.anonymous().await?;
        let found: Option<Credential> = diesel::sql_query("SELECT * FROM credential_of($1)")
            .bind::<Text, _>(username)
            .get_result(&mut *conn)
            .await
            .optional()?;
        Ok(found.map(|credential| (credential.employee_id.into(), credential.password_hash)))
    }

    /// Opens a session, with the digest of its first refresh token.
    pub async fn open_session(
        &self,
        employee: EmployeeId,
        refresh_digest: &[u8],
        now: DateTime<Utc>,
    ) -> Result<SessionId, StoreError> {
        let mut conn = self.anonymous().await?;
        let id = Uuid::now_v7();
        diesel::sql_query("SELECT open_session($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(id)
            .bind::<SqlUuid, _>(employee.0)
            .bind::<Binary, _>(refresh_digest)
            .bind::<Timestamptz, _>(now)
            .execute(&mut *conn)
            .await?;
        Ok(id.into())
    }

    /// Exchanges a refresh token for a new one; none where it is unknown, over, or used before, which
    /// ends its whole family (B2).
    pub async fn rotate_refresh_token(
        &self,
        old_digest: &[u8],
        new_digest: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<(SessionId, EmployeeId)>, StoreError> {
        let mut conn = self.anonymous().await?;
        let rotated: Option<Rotated> =
            diesel::sql_query("SELECT * FROM rotate_refresh_token($1, $2, $3)")
                .bind::<Binary, _>(old_digest)
                .bind::<Binary, _>(new_digest)
                .bind::<Timestamptz, _>(now)
                .get_result(&mut *conn)
                .await
                .optional()?;
        Ok(rotated.map(|rotated| (rotated.session_id.into(), rotated.employee_id.into())))
    }

    /// Ends a session; its access tokens are refused at the next request.
    pub async fn end_session(&self, opening: Opening) -> Result<(), StoreError> {
        let mut conn = self.anonymous().await?;
        diesel::sql_query("SELECT end_session($1, $2)")
            .bind::<SqlUuid, _>(opening.session.0)
            .bind::<Timestamptz, _>(opening.now)
            .execute(&mut *conn)
            .await?;
        Ok(())
    }

    /// Is the database there?
    pub async fn is_ready(&self) -> Result<(), StoreError> {
        let mut conn = self.anonymous().await?;
        diesel::sql_query("SELECT 1").execute(&mut *conn).await?;
        Ok(())
    }
}
