//! The only way to the database for a handler: a transaction that tells who acts and when.

use crate::access_log::{AccessEntry, AccessLog, Outcome, Seen};
use crate::bootstrap::with_options;
use crate::error::StoreError;
use crate::read_models::acting;
use crate::refusals::Told;
use crate::requests::{AllowedBy, Answer, IdempotentRequest};
use crate::vault::Vault;
use crate::young_people::CPR_DIGEST;
use crate::{jobs, requests};
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use domain::access::{Actor, Areas, HeldRole, Permit};
use domain::ids::{BasisId, EmployeeId, RequestId, SessionId, YoungPersonId};
use domain::organisation::Role;
use domain::young_people::Cpr;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long the database works, waits for a lock, and keeps a transaction that nobody goes on with.
const PATIENCE: &str = "-c statement_timeout=15s -c lock_timeout=5s \
    -c idle_in_transaction_session_timeout=30s -c timezone=UTC";
/// How long a request waits for a connection before it is told to come back.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(2);

/// Where the database is, and how many connections each actix worker keeps.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// As `enplan_app`.
    pub app_url: String,
    /// As `enplan_worker`.
    pub worker_url: String,
    /// Connections of one worker for requests.
    pub pool_size: usize,
}

/// Who asks, in which session and request, and when.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// The session that the token names.
    pub session: SessionId,
    /// The employee that the token names.
    pub employee: EmployeeId,
    /// The request, for logs and problems.
    pub request: RequestId,
    /// The moment, from the edge's clock: now, when all of the request has been read (AC-7).
    pub now: DateTime<Utc>,
}

/// What is being done, for the access log.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its name, as in the `OpenAPI` document.
    pub name: &'static str,
    /// The thing in its path.
    pub subject: Option<Uuid>,
}

/// An error type that storage can carry: it tells which of its values are refusals, which are logged.
pub trait Refused: From<StoreError> {
    /// Did access or a rule say no, rather than something break?
    fn is_refusal(&self) -> bool;

    /// The rule over rows that was broken, some of which may be hidden from the caller (AC-18).
    fn over_rows(&self) -> Option<&str> {
        None
    }

    /// The same, with what may be told of it.
    #[must_use]
    fn telling(self, _told: Told) -> Self {
        self
    }
}

/// One actix worker's way to the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: Pool<AsyncPgConnection>,
    worker: Pool<AsyncPgConnection>,
    log: AccessLog,
    vault: Arc<Vault>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(..)")
    }
}

/// An open transaction of somebody who acts.
pub struct Tx {
    conn: Object<AsyncPgConnection>,
    opening: Opening,
    vault: Arc<Vault>,
    seen: Seen,
    allowed_by: Option<AllowedBy>,
    jobs: Vec<Uuid>,
    refused_in_part: bool,
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("opening", &self.opening).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the pools (connections are made when they are needed) and starts this worker's writer of
    /// the access log. To be called inside the worker's own runtime.
    pub fn new(settings: &StoreSettings, vault: Arc<Vault>) -> Result<Self, StoreError> {
        Ok(Self {
            pool: pool(&settings.app_url, settings.pool_size)?,
            worker: pool(&settings.worker_url, 1)?,
            log: AccessLog::start(pool(&settings.app_url, 1)?),
            vault,
        })
    }

    /// What seals and opens.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// A connection of nobody's, for sign-in, refresh and readiness: it sees no person.
    pub async fn anonymous(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        checkout(&self.pool).await
    }

    /// Notes on the access log that this was refused before anybody acted.
    pub(crate) async fn was_refused(
        &self,
        opening: Opening,
        operation: Operation,
    ) -> Result<(), StoreError> {
        let (outcome, seen) = (Outcome::Refused, Seen::default());
        self.log.record(AccessEntry { opening, operation, outcome, seen }).await
    }

    /// Notes on the access log what was read or refused outside of a transaction that goes on.
    pub(crate) async fn was_told(&self, entry: AccessEntry) -> Result<(), StoreError> {
        self.log.record(entry).await
    }

    /// A connection of the worker, who sees all: for jobs. Never while holding another one.
    pub async fn worker(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        checkout(&self.worker).await
    }

    /// Reads, in one snapshot. What was seen is on the access log before this returns (LG-2).
    pub async fn read<T, E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.begin(opening, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let result = finish(work(&mut tx).await, &mut tx).await;
        let Tx { conn, seen, .. } = tx;
        drop(conn);
        self.tell(opening, operation, seen, Outcome::Read, &result).await?;
        result
    }

    /// Does something as the caller in a transaction of its own, beside the one that answers.
    pub(crate) async fn apart<T>(
        &self,
        opening: Opening,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tx = self.begin(opening, "BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        finish(work(&mut tx).await, &mut tx).await
    }

    /// Changes something, all or nothing. Given an idempotency key, the first answer is kept and given
    /// again (decisions 28). Effects beyond the caller's sight have happened when this returns.
    pub async fn command<E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        key: Option<IdempotentRequest>,
        work: impl AsyncFnOnce(&mut Tx) -> Result<Answer, E>,
    ) -> Result<Answer, E> {
        let mut tx = self.begin(opening, "BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        let mut outcome = Outcome::Changed;
        let result = async {
            let Some(key) = key else { return work(&mut tx).await };
            let actor = tx.actor().await?;
            if let Some(answer) = requests::kept_answer(&mut tx, &actor, &key).await? {
                outcome = Outcome::Replayed;
                return Ok(answer);
            }
            let answer = work(&mut tx).await?;
            requests::keep_answer(&mut tx, &key, &answer).await?;
            Ok(answer)
        }
        .await;
        let result = finish(result, &mut tx).await;
        let Tx { conn, seen, jobs, refused_in_part, .. } = tx;
        drop(conn);
        let result = match result {
            Err(error) => Err(self.tell_refusal(opening, error, seen.young_people()).await),
            done => done,
        };
        if refused_in_part && result.is_ok() {
            outcome = Outcome::Refused;
        }
        self.tell(opening, operation, seen, outcome, &result).await?;
        if result.is_ok() && !jobs.is_empty() {
            // The queue is the safety net: what fails here is run by whoever comes next.
            if let Err(error) = self.run_jobs(&jobs, opening.now).await {
                tracing::warn!(%error, "jobs of a request are left to the queue");
            }
        }
        result
    }

    /// Runs these jobs, in order, and leaves those that somebody else is running.
    pub async fn run_jobs(&self, ids: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut conn = self.worker().await?;
        for id in ids {
            jobs::run(&mut conn, *id, now).await?;
        }
        Ok(())
    }

    /// Runs whatever is due, one job after the other, until nothing is. Any instance may, at any time.
    pub async fn run_due_jobs(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut conn = self.worker().await?;
        jobs::run_due(&mut conn, now).await
    }

    /// Tells what is due and not yet told (DL-3), and lets rise what is long past due (DL-5). Any instance may, at any time.
    pub async fn reckon_deadlines(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut conn = self.worker().await?;
        jobs::reckon_deadlines(&mut conn, now).await
    }

    async fn begin(&self, opening: Opening, begin: &str) -> Result<Tx, StoreError> {
        let mut conn = checkout(&self.pool).await?;
        let sql = format!(
            "{begin}; SELECT act_as('{}', '{}')",
            opening.session,
            opening.now.to_rfc3339_opts(SecondsFormat::Micros, true)
        );
        if let Err(error) = AnsiTransactionManager::begin_transaction_sql(&mut *conn, &sql).await {
            // The BEGIN before `act_as` may have succeeded, which nobody but the database knows: the
            // connection leaves the pool (decisions 12).
            drop(Object::take(conn));
            return Err(error.into());
        }
        Ok(Tx {
            conn,
            opening,
            vault: Arc::clone(&self.vault),
            seen: Seen::default(),
            allowed_by: None,
            jobs: Vec::new(),
            refused_in_part: false,
        })
    }

    /// AC-18: a rule over rows is named to those who see the rows. Where they do not, it counts as a check (AC-19).
    async fn tell_refusal<E: Refused>(&self, opening: Opening, error: E, people: &[Uuid]) -> E {
        let Some(rule) = error.over_rows().map(ToOwned::to_owned) else { return error };
        let told = self.apart(opening, async |tx| tx.told_of(&rule, people).await).await;
        let counted = match told {
            Ok(Told::NotPossible(_)) => self.count_check(opening, None).await,
            _ => Ok(()),
        };
        match counted.and(told) {
            Ok(told) => error.telling(told),
            Err(error) => error.into(),
        }
    }

    async fn tell<T, E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        seen: Seen,
        outcome: Outcome,
        result: &Result<T, E>,
    ) -> Result<(), StoreError> {
        let outcome = match result {
            Ok(_) if outcome == Outcome::Changed && seen.number.is_none() => return Ok(()),
            Ok(_) if seen.is_empty() && outcome != Outcome::Refused => return Ok(()),
            Ok(_) => outcome,
            Err(error) if error.is_refusal() || seen.number.is_some() => Outcome::Refused,
            Err(_) => return Ok(()),
        };
        self.log.record(AccessEntry { opening, operation, outcome, seen }).await
    }
}

impl Tx {
    /// The connection, for the repositories.
    pub(crate) fn conn(&mut self) -> &mut AsyncPgConnection {
        &mut self.conn
    }

    /// Who asked, and when.
    #[must_use]
    pub const fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The moment of this transaction.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.opening.now
    }

    /// What seals and opens.
    #[must_use]
    pub(crate) fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    /// Who acts, with the roles they hold now; refused where the session does not stand (AC-7).
    pub async fn actor(&mut self) -> Result<Actor, StoreError> {
        self.actor_with(async |_| Ok(())).await.map(|(actor, ())| actor)
    }

    /// The same together with a first query, in one round trip.
    pub(crate) async fn actor_with<T>(
        &mut self,
        query: impl AsyncFnOnce(&AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<(Actor, T), StoreError> {
        match self.acting(query).await? {
            (_, true, _) => Err(StoreError::PasswordMustChange),
            (actor, false, read) => Ok((actor, read)),
        }
    }

    /// Who acts, and whether they must change their pass phrase first: until then they hold no role.
    pub async fn signed_in(&mut self) -> Result<(Actor, bool), StoreError> {
        let (actor, must_change, ()) = self.acting(async |_| Ok(())).await?;
        Ok((actor, must_change))
    }

    async fn acting<T>(
        &mut self,
        query: impl AsyncFnOnce(&AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<(Actor, bool, T), StoreError> {
        let conn: &AsyncPgConnection = &self.conn;
        let who = acting::table.select((acting::employee_id, acting::session_state, acting::roles));
        let ((employee, state, roles), read) = tokio::try_join!(
            who.get_result::<(Option<Uuid>, String, String)>(&mut &*conn),
            query(conn)
        )?;
        let must_change = state == "password-must-change";
        match employee {
            Some(employee)
                if (must_change || state == "active") && employee == self.opening.employee.0 =>
            {
                let actor = Actor { employee: EmployeeId(employee), roles: held_roles(&roles)? };
                Ok((actor, must_change, read))
            }
            _ => Err(StoreError::NotSignedIn),
        }
    }

    /// Notes whose data are about to be answered, by which basis, for the access log.
    pub fn saw(&mut self, young_person: YoungPersonId, basis: BasisId, areas: Areas) {
        self.seen.add(young_person, Some(basis), areas.0);
    }

    /// The same where something other than a basis leads to them: what, the subject and the purpose of the entry tell.
    pub(crate) fn saw_without_basis(&mut self, young_person: YoungPersonId, areas: Areas) {
        self.seen.add(young_person, None, areas.0);
    }

    /// Notes the role by which it was allowed.
    pub fn acted_as<A>(&mut self, permit: &Permit<A>) {
        self.played(permit.role());
    }

    pub(crate) fn played(&mut self, role: Role) {
        self.seen.role = Some(role.into());
    }

    /// Notes what allowed the change that was recorded.
    pub(crate) fn was_allowed<A>(&mut self, permit: &Permit<A>) {
        self.allowed_by = Some(AllowedBy::of(permit));
    }

    /// The areas that were open to the caller in what they asked for.
    pub(crate) const fn seen_areas(&self) -> i32 {
        self.seen.areas
    }

    pub(crate) const fn allowed_by(&self) -> Option<AllowedBy> {
        self.allowed_by
    }

    /// Notes the CPR number that is checked, by its keyed digest, for the access log (AC-19).
    pub fn checks_number(&mut self, cpr: &Cpr) {
        self.seen.number = Some(self.vault.digest(CPR_DIGEST, cpr.digits().as_bytes()));
    }

    /// Why the caller looks, for the access log.
    pub fn for_purpose(&mut self, purpose: &'static str) {
        self.seen.purpose = Some(purpose);
    }

    /// Notes that some of a batch was refused: that is on the access log, too (LG-2).
    pub const fn refused_in_part(&mut self) {
        self.refused_in_part = true;
    }

    pub(crate) fn run_after_commit(&mut self, job: Uuid) {
        self.jobs.push(job);
    }
}

/// `caseworker@<unit>@JV,…`, as `act_as` writes it.
fn held_roles(text: &str) -> Result<Vec<HeldRole>, StoreError> {
    let corrupt = || StoreError::Corrupt { table: "employee_role", column: "role" };
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut fields = part.splitn(3, '@');
            let mut field = || fields.next().ok_or_else(corrupt);
            Ok(HeldRole {
                role: field()?.parse().map_err(|_| corrupt())?,
                unit: Uuid::parse_str(field()?).map_err(|_| corrupt())?.into(),
                department: field()?.parse().map_err(|_| corrupt())?,
            })
        })
        .collect()
}

/// Commits or rolls back. An error always leaves as an error (decisions 13).
async fn finish<T, E: From<StoreError>>(result: Result<T, E>, tx: &mut Tx) -> Result<T, E> {
    match result {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(&mut *tx.conn)
                .await
                .map_err(StoreError::from)?;
            Ok(value)
        }
        Err(error) => {
            // A connection that cannot even roll back is broken, and leaves the pool by itself.
            let _ = AnsiTransactionManager::rollback_transaction(&mut *tx.conn).await;
            Err(error)
        }
    }
}

fn pool(url: &str, size: usize) -> Result<Pool<AsyncPgConnection>, StoreError> {
    let mut config = ManagerConfig::default();
    // No round trip to test it: a dead connection is an error that leaves the pool (decisions 15).
    config.recycling_method = RecyclingMethod::Fast;
    let manager =
        AsyncDieselConnectionManager::new_with_config(with_options(url, PATIENCE), config);
    Pool::builder(manager).max_size(size).build().map_err(unavailable)
}

/// A connection of the pool; refused rather than waited for beyond [`WAIT_FOR_CONNECTION`].
pub(crate) async fn checkout(
    pool: &Pool<AsyncPgConnection>,
) -> Result<Object<AsyncPgConnection>, StoreError> {
    match tokio::time::timeout(WAIT_FOR_CONNECTION, pool.get()).await {
        Ok(Ok(conn)) => Ok(conn),
        Ok(Err(error)) => Err(unavailable(error)),
        Err(elapsed) => Err(unavailable(elapsed)),
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
