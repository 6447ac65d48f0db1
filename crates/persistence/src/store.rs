//! The only way to the database for a handler: a transaction that tells who acts and when.

use crate::access_log::{AccessEntry, AccessLog, Outcome, Seen};
use crate::connection::Silence;
use crate::error::{StoreError, causes};
use crate::limits;
use crate::pool::{Bulkhead, Lease, NamedPool, checkout, pool, unavailable};
use crate::read_models::acting;
use crate::readiness::{Doubt, Readiness};
use crate::refusals::RefusalDetail;
use crate::requests::{AllowedBy, Answer, CommandRequest};
use crate::vault::Vault;
use crate::young_people::CPR_DIGEST;
use crate::{jobs, requests};
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use domain::access::policy::Action;
use domain::access::{Actor, Areas, HeldRole, Permit};
use domain::ids::{BasisId, EmployeeId, RequestId, SessionId, YoungPersonId};
use domain::organisation::Role;
use domain::young_people::Cpr;
use futures_util::FutureExt as _;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use uuid::Uuid;

/// Where the database is, and how many connections each actix worker keeps.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// As `enplan_app`.
    pub app_url: String,
    /// As `enplan_worker`.
    pub worker_url: String,
    /// The number of connections of one worker for requests; one operation uses at most all but one.
    pub pool_size: usize,
    /// The shared record of silent connections, by which the pools of all workers close dead ones.
    pub silence: Silence,
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

/// An error type that storage can return. It distinguishes refusals from faults of the service.
pub trait Refused: From<StoreError> {
    /// Is it a fault of the service and not a refusal of the request?
    fn is_fault(&self) -> bool;

    /// The fault of storage that caused it; `None` for a refusal and for another cause.
    fn fault(&self) -> Option<&StoreError>;

    /// The violated rule over rows, some of which may be hidden from the caller (AC-18).
    fn over_rows(&self) -> Option<&str> {
        None
    }

    /// The same error, with the details that it may state about that rule.
    #[must_use]
    fn with_detail(self, _detail: RefusalDetail) -> Self {
        self
    }
}

impl Refused for StoreError {
    fn is_fault(&self) -> bool {
        self.fault().is_some()
    }

    fn fault(&self) -> Option<&StoreError> {
        matches!(self, Self::Unavailable(_) | Self::Locked(_) | Self::NotLogged).then_some(self)
    }
}

/// One actix worker's way to the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    requests: Bulkhead,
    worker: NamedPool,
    upkeep: NamedPool,
    log: AccessLog,
    readiness: Readiness,
    doubt: Doubt,
    silence: Silence,
    vault: Arc<Vault>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(..)")
    }
}

/// An open transaction of somebody who acts.
pub struct Tx {
    conn: Lease,
    opening: Opening,
    vault: Arc<Vault>,
    seen: Seen,
    hidden: Vec<Uuid>,
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
        let StoreSettings { app_url, worker_url, pool_size, silence } = settings;
        let doubt = Doubt::default();
        let requests = pool("requests", app_url, *pool_size, limits::REQUEST, silence)?;
        let probe = pool("readiness", app_url, 1, limits::PROBE, silence)?;
        Ok(Self {
            requests: Bulkhead::new(requests, *pool_size),
            worker: pool("jobs", worker_url, 1, limits::REQUEST, silence)?,
            upkeep: pool("upkeep", worker_url, 1, limits::UPKEEP, silence)?,
            log: AccessLog::start(
                pool("access-log", app_url, 1, limits::LOG, silence)?,
                doubt.clone(),
            ),
            readiness: Readiness::new(probe, doubt.clone()),
            doubt,
            silence: silence.clone(),
            vault,
        })
    }

    /// What seals and opens.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// A connection without an acting employee, for sign-in and refresh. It cannot read personal data.
    pub(crate) async fn anonymous(&self, operation: &'static str) -> Result<Lease, StoreError> {
        self.requests.connection(operation).await
    }

    /// Can this instance serve requests? The check uses a separate connection and runs at most once a second (F7, F10).
    pub async fn is_ready(&self) -> Result<(), StoreError> {
        let ready = self.readiness.ask().await;
        self.learn_from(ready.as_ref().err());
        ready
    }

    /// Records the consequences of a fault for all connections.
    pub(crate) fn learn_from(&self, fault: Option<&StoreError>) {
        let Some(fault @ StoreError::Unavailable(_)) = fault else { return };
        self.doubt.raise();
        if fault.is_read_only() {
            // Another server may have replaced this one, so the connections to it leave the pools.
            self.silence.begins();
        }
    }

    /// Records in the access log that this was refused before a transaction began.
    pub async fn was_refused(
        &self,
        opening: Opening,
        operation: Operation,
    ) -> Result<(), StoreError> {
        let (outcome, seen, hidden) = (Outcome::Refused, Seen::default(), Vec::new());
        self.log.record(AccessEntry { opening, operation, outcome, seen, hidden }).await
    }

    /// Writes an entry to the access log about a reading or refusal outside an open transaction.
    pub(crate) async fn log_entry(&self, entry: AccessEntry) -> Result<(), StoreError> {
        self.log.record(entry).await
    }

    /// Reads, in one snapshot. What was seen is on the access log before this returns (LG-2).
    pub async fn read<T, E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut tx = self.begin(opening, operation, begin).await?;
        let result = in_time(operation, caught(work(&mut tx))).await;
        let (result, left) = self.end(result, tx).await;
        self.log_access(opening, operation, left, Outcome::Read, &result).await?;
        result
    }

    /// Runs work as the caller in a separate transaction, outside the transaction of the request.
    pub(crate) async fn apart<T>(
        &self,
        opening: Opening,
        operation: Operation,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tx = self.begin(opening, operation, "BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        let result = in_time(operation, work(&mut tx)).await;
        self.end(result, tx).await.0
    }

    /// Changes something, all or nothing. Given an idempotency key, the first answer is kept and given
    /// again (D-28). Effects beyond the caller's sight have happened when this returns.
    pub async fn command<E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        request: CommandRequest,
        work: impl AsyncFnOnce(&mut Tx) -> Result<Answer, E>,
    ) -> Result<Answer, E> {
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
        let mut tx = self.begin(opening, operation, begin).await?;
        let mut outcome = Outcome::Changed;
        let work = async {
            let Some(key) = &request.key else { return caught(work(&mut tx)).await };
            let actor = tx.actor().await?;
            if let Some(answer) = requests::kept_answer(&mut tx, &actor, &request, key).await? {
                outcome = Outcome::Replayed;
                return Ok(answer);
            }
            let answer = caught(work(&mut tx)).await?;
            requests::keep_answer(&mut tx, key, &answer).await?;
            Ok(answer)
        };
        let result = in_time(operation, work).await;
        let (result, mut left) = self.end(result, tx).await;
        let result = match result {
            Err(error) => {
                let people = left.seen.young_people();
                Err(self.detail_refusal(opening, operation, &request, error, people).await)
            }
            done => done,
        };
        let jobs = std::mem::take(&mut left.jobs);
        self.log_access(opening, operation, left, outcome, &result).await?;
        if result.is_ok() && !jobs.is_empty() {
            // The queue is the safety net: what fails here is run by whoever comes next.
            if let Err(error) = self.run_jobs(&jobs, opening.now).await {
                tracing::warn!(error = causes(&error), "jobs of a request are left to the queue");
            }
        }
        result
    }

    /// Runs these jobs, in order, and leaves those that somebody else is running.
    async fn run_jobs(&self, ids: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut conn = self.worker().await?;
        for id in ids {
            jobs::run(&mut conn, *id, now).await?;
        }
        Ok(())
    }

    /// A connection of the worker role, which sees all rows, for jobs.
    pub(crate) async fn worker(&self) -> Result<Lease, StoreError> {
        checkout(&self.worker).await
    }

    /// The same for upkeep that takes longer.
    pub(crate) async fn upkeep(&self) -> Result<Lease, StoreError> {
        checkout(&self.upkeep).await
    }

    async fn begin(
        &self,
        opening: Opening,
        operation: Operation,
        begin: &str,
    ) -> Result<Tx, StoreError> {
        let mut conn = self.requests.connection(operation.name).await?;
        let sql = format!(
            "{begin}; SELECT act_as('{}', '{}')",
            opening.session,
            opening.now.to_rfc3339_opts(SecondsFormat::Micros, true)
        );
        if let Err(error) = AnsiTransactionManager::begin_transaction_sql(&mut *conn, &sql).await {
            // The BEGIN before `act_as` may have succeeded, which nobody but the database knows: the
            // connection leaves the pool (D-12).
            conn.close();
            return Err(error.into());
        }
        Ok(Tx {
            conn,
            opening,
            vault: Arc::clone(&self.vault),
            seen: Seen::default(),
            hidden: Vec::new(),
            allowed_by: None,
            jobs: Vec::new(),
            refused_in_part: false,
        })
    }

    /// Commits or rolls back, and gives the connection back. An error always leaves as an error (D-13); if the
    /// COMMIT itself got no reply, it is unknown whether it happened. A repetition with the same idempotency key
    /// returns the correct response (D-28).
    async fn end<T, E: Refused>(
        &self,
        result: Result<Result<T, E>, StoreError>,
        tx: Tx,
    ) -> (Result<T, E>, Left) {
        let Tx { mut conn, seen, hidden, jobs, refused_in_part, .. } = tx;
        let (result, ended) = match result {
            Ok(Ok(value)) => {
                let done = AnsiTransactionManager::commit_transaction(&mut *conn).await;
                let done = done.map_err(StoreError::from);
                // A deferred rule that fails at the COMMIT ends the transaction as well.
                let ended = !matches!(done, Err(StoreError::Unavailable(_)));
                (done.map(|()| value).map_err(Into::into), ended)
            }
            Ok(Err(error)) => {
                let done = AnsiTransactionManager::rollback_transaction(&mut *conn).await;
                (Err(error), done.is_ok())
            }
            Err(late) => (Err(late.into()), false),
        };
        if ended {
            drop(conn);
        } else {
            conn.close();
        }
        self.learn_from(result.as_ref().err().and_then(Refused::fault));
        (result, Left { seen, hidden, jobs, refused_in_part })
    }

    /// AC-18: if the caller sees the rows, the refusal states the rule over rows by its name. Otherwise the refusal
    /// counts as a check (AC-19).
    async fn detail_refusal<E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        request: &CommandRequest,
        error: E,
        people: &[Uuid],
    ) -> E {
        let Some(rule) = error.over_rows().map(ToOwned::to_owned) else { return error };
        let detail =
            self.apart(opening, operation, async |tx| tx.refusal_detail(&rule, people).await).await;
        let counted = match detail {
            Ok(RefusalDetail::NotPossible(_)) => {
                self.count_action(opening, operation, &request.content).await
            }
            _ => Ok(()),
        };
        match counted.and(detail) {
            Ok(detail) => error.with_detail(detail),
            Err(error) => error.into(),
        }
    }

    /// Records in the access log how the request ended (LG-2): each reading, each refusal, each check of a number
    /// (AC-19), and each fault of the service after personal data were read. A change is recorded by its event.
    async fn log_access<T, E: Refused>(
        &self,
        opening: Opening,
        operation: Operation,
        left: Left,
        outcome: Outcome,
        result: &Result<T, E>,
    ) -> Result<(), StoreError> {
        let Left { seen, hidden, refused_in_part, .. } = left;
        let is_about_nobody = seen.is_empty() && hidden.is_empty();
        let outcome = match result {
            Ok(_) if refused_in_part => Outcome::Refused,
            Ok(_) if outcome == Outcome::Changed && seen.number.is_none() => return Ok(()),
            Ok(_) if outcome == Outcome::Read && seen.is_empty() => return Ok(()),
            Ok(_) => outcome,
            Err(error) if !error.is_fault() => Outcome::Refused,
            Err(_) if is_about_nobody => return Ok(()),
            Err(_) => Outcome::Failed,
        };
        // In a successful request, the ids that were not found were not refused.
        let hidden = if outcome == Outcome::Read { Vec::new() } else { hidden };
        self.log.record(AccessEntry { opening, operation, outcome, seen, hidden }).await
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

    /// Records the role that allowed the request. A command that may record no event records its permit here, so that a
    /// replay of its stored response requires the same permit.
    pub fn acted_as<A: Action>(&mut self, permit: &Permit<A>) {
        self.played(permit.role());
        self.allowed_by.get_or_insert_with(|| AllowedBy::of(permit));
    }

    /// Records that the request named this id of a person's data and that it does not exist for the caller. If the
    /// request is refused, the id is the subject of its access entry, wherever it appears in the request (LG-2).
    pub fn does_not_see(&mut self, id: impl Into<Uuid>) {
        let id = id.into();
        if !self.hidden.contains(&id) {
            self.hidden.push(id);
        }
    }

    /// The same for each id that was not found.
    pub fn does_not_see_any_of(
        &mut self,
        ids: impl IntoIterator<Item = Uuid>,
        found: impl Fn(&Uuid) -> bool,
    ) {
        for id in ids.into_iter().filter(|id| !found(id)) {
            self.does_not_see(id);
        }
    }

    /// The young people whom the request has seen until now.
    #[must_use]
    pub fn seen_people(&self) -> Vec<YoungPersonId> {
        self.seen.young_people().iter().copied().map(Into::into).collect()
    }

    pub(crate) fn played(&mut self, role: Role) {
        self.seen.role = Some(role.into());
    }

    /// Notes what allowed the change that was recorded.
    pub(crate) fn was_allowed<A: Action>(&mut self, permit: &Permit<A>) {
        self.allowed_by = Some(AllowedBy::of(permit));
    }

    /// The areas that were open to the caller in what they asked for.
    pub(crate) const fn seen_areas(&self) -> i32 {
        self.seen.areas
    }

    pub(crate) const fn allowed_by(&self) -> Option<AllowedBy> {
        self.allowed_by
    }

    /// Records the checked CPR number by its keyed digest, for the access log (AC-19).
    pub fn checks_number(&mut self, cpr: &Cpr) {
        self.seen.number = Some(self.vault.digest(CPR_DIGEST, cpr.digits().as_bytes()));
    }

    /// Why the caller looks, for the access log.
    pub fn for_purpose(&mut self, purpose: &'static str) {
        self.seen.purpose = Some(purpose);
    }

    /// Records that a part of the request was refused, which is also logged in the access log (LG-2).
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

/// The data that a transaction leaves when it has ended.
struct Left {
    seen: Seen,
    hidden: Vec<Uuid>,
    jobs: Vec<Uuid>,
    refused_in_part: bool,
}

/// The result of the operation's work, or an error if it exceeds its time limit.
async fn in_time<T>(operation: Operation, work: impl Future<Output = T>) -> Result<T, StoreError> {
    tokio::time::timeout(limits::transaction(operation.name), work).await.map_err(unavailable)
}

/// The result of the work. A panic is a fault of the service like any other: the data read until then are still logged.
async fn caught<T, E: Refused>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    // The text of the panic was written to standard error. It may contain personal data and is not passed on.
    outcome.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}
