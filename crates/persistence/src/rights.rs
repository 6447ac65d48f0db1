//! Requests for rights: proposed by one person and confirmed by another (OR-3), and the two commands on the machine.

mod on_the_machine;

pub use on_the_machine::{NotDone, appoint_administrator, reset_password};

use crate::error::StoreError;
use crate::store::Tx;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::{ConfirmRights, ManageEmployees};
use domain::ids::{EmployeeId, RightsRequestId, UnitId};
use domain::rights::{Asked, RightsRequest, State};
use uuid::Uuid;

/// A request for rights, as read from the database.
#[derive(Debug, Clone, QueryableByName)]
pub struct RightsRow {
    /// The id of the request.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// `role` or `pass-phrase`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The employee who gets it.
    #[diesel(sql_type = SqlUuid)]
    pub employee_id: Uuid,
    /// The role; `None` for a pass phrase.
    #[diesel(sql_type = Nullable<Text>)]
    pub role: Option<String>,
    /// The unit of the role; `None` for a pass phrase.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub unit_id: Option<Uuid>,
    /// The requester; `None` if a command on the machine made it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub requested_by_id: Option<Uuid>,
    /// The time of the proposal.
    #[diesel(sql_type = Timestamptz)]
    pub requested_at: DateTime<Utc>,
    /// The time until which it can be confirmed.
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
    /// The current state.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// The time at which it was confirmed, refused or ended.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub settled_at: Option<DateTime<Utc>>,
    /// The employee who confirmed or refused it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub settled_by_id: Option<Uuid>,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// The units that it concerns.
    #[diesel(sql_type = Array<SqlUuid>)]
    units: Vec<Uuid>,
}

impl RightsRow {
    /// The domain value on which the rules decide.
    pub fn request(&self) -> Result<RightsRequest, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "rights_request", column };
        let asked = match (&self.role, self.unit_id) {
            (Some(role), Some(unit)) => {
                Asked::Role(role.parse().map_err(|_| corrupt("role"))?, unit.into())
            }
            _ => Asked::PassPhrase,
        };
        Ok(RightsRequest {
            id: self.id.into(),
            asked,
            employee: self.employee_id.into(),
            units: self.units.iter().copied().map(Into::into).collect(),
            requested_by: self.requested_by_id.map(Into::into),
            state: self.state.parse().map_err(|_| corrupt("state"))?,
        })
    }
}

/// The filter of a list of requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct WhichRights {
    /// Only the request with this id.
    pub id: Option<RightsRequestId>,
    /// Only requests that concern this unit.
    pub unit: Option<UnitId>,
    /// Only requests for this employee.
    pub employee: Option<EmployeeId>,
    /// Only requests in this state.
    pub state: Option<State>,
}

/// A request with its current state and the units that it concerns, as in `acting_may_settle`.
const REQUESTS: &str = "SELECT q.* FROM (
    SELECT r.id, r.kind, r.employee_id, r.role, r.unit_id, r.requested_by_id, r.requested_at, r.expires_at, r.settled_at,
           r.settled_by_id, r.version,
           CASE WHEN r.state = 'pending' AND r.expires_at <= acting_now() THEN 'expired' ELSE r.state END AS state,
           CASE r.kind WHEN 'role' THEN ARRAY[r.unit_id] ELSE ARRAY(
               SELECT h.unit_id FROM employee_role h
                WHERE h.employee_id = r.employee_id AND h.valid_from <= acting_now() AND h.valid_to > acting_now()) END AS units
      FROM rights_request r) q";

impl Tx {
    /// `limit` requests, newest first, before `before`.
    pub async fn rights_requests(
        &mut self,
        which: WhichRights,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<RightsRow>, StoreError> {
        let query = format!(
            "{REQUESTS} WHERE ($1 IS NULL OR q.id = $1) AND ($2 IS NULL OR $2 = ANY (q.units)) AND ($3 IS NULL OR q.employee_id = $3)
                AND ($4 IS NULL OR q.state = $4) AND ($5 IS NULL OR q.id < $5) ORDER BY q.id DESC LIMIT $6"
        );
        Ok(diesel::sql_query(query)
            .bind::<Nullable<SqlUuid>, _>(which.id.map(Uuid::from))
            .bind::<Nullable<SqlUuid>, _>(which.unit.map(Uuid::from))
            .bind::<Nullable<SqlUuid>, _>(which.employee.map(Uuid::from))
            .bind::<Nullable<Text>, _>(which.state.map(<&str>::from))
            .bind::<Nullable<SqlUuid>, _>(before)
            .bind::<BigInt, _>(limit)
            .load(self.conn())
            .await?)
    }

    /// One request.
    pub async fn rights_request(
        &mut self,
        id: RightsRequestId,
    ) -> Result<Option<RightsRow>, StoreError> {
        let which = WhichRights { id: Some(id), ..WhichRights::default() };
        Ok(self.rights_requests(which, None, 1).await?.pop())
    }

    /// The pending requests for these employees.
    pub async fn pending_rights_of(&mut self, ids: &[Uuid]) -> Result<Vec<RightsRow>, StoreError> {
        let query = format!(
            "{REQUESTS} WHERE q.employee_id = ANY ($1) AND q.state = 'pending' ORDER BY q.id"
        );
        Ok(diesel::sql_query(query).bind::<Array<SqlUuid>, _>(ids).load(self.conn()).await?)
    }

    /// Proposes a role or a pass phrase (OR-3). If the same right is already proposed, this violates the rule
    /// `rights-request.already-pending`. If the employee already holds the role, it violates
    /// `employee.role-already-held`.
    pub async fn propose_rights(
        &mut self,
        permit: &Permit<ManageEmployees>,
        whom: EmployeeId,
        asked: Asked,
    ) -> Result<RightsRequestId, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let (kind, role, unit) = match asked {
            Asked::Role(role, unit) => ("role", Some(<&str>::from(role)), Some(unit.0)),
            Asked::PassPhrase => ("pass-phrase", None, None),
        };
        diesel::sql_query(
            "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_by_id, requested_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(whom.0)
        .bind::<Nullable<Text>, _>(role)
        .bind::<Nullable<SqlUuid>, _>(unit)
        .bind::<SqlUuid, _>(permit.employee().0)
        .bind::<Timestamptz, _>(now)
        .execute(self.conn())
        .await?;
        Ok(id.into())
    }

    /// Confirms a request as the second person: the role begins, or the one-time pass phrase with this hash replaces
    /// the previous pass phrase and ends all sessions. Returns the id of the role, if the request is for a role.
    pub async fn confirm_rights(
        &mut self,
        _permit: &Permit<ConfirmRights>,
        request: &RightsRequest,
        password_hash: Option<&str>,
    ) -> Result<Uuid, StoreError> {
        let role = Uuid::now_v7();
        diesel::sql_query("SELECT confirm_rights($1, $2, $3)")
            .bind::<SqlUuid, _>(request.id.0)
            .bind::<SqlUuid, _>(role)
            .bind::<Nullable<Text>, _>(password_hash)
            .execute(self.conn())
            .await?;
        Ok(role)
    }

    /// Refuses a request, or withdraws it if the caller is the requester.
    pub async fn refuse_rights(
        &mut self,
        _permit: &Permit<ConfirmRights>,
        request: RightsRequestId,
    ) -> Result<(), StoreError> {
        diesel::sql_query("SELECT refuse_rights($1)")
            .bind::<SqlUuid, _>(request.0)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
