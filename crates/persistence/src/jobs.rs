//! Background work: a table of jobs, taken with `SKIP LOCKED` by whoever comes, each step idempotent.

use crate::checks;
use crate::deadlines;
use crate::error::{StoreError, causes};
use crate::hotline::consequences;
use crate::interventions::offers;
use crate::pool::Lease;
use crate::requests;
use crate::schema::job;
use crate::store::{Store, Tx};
use crate::transitions;
use crate::young_people;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum JobKind {
    /// Offers the free places of an offer to those who wait; the subject is its code.
    ServeLine,
    /// Computes the consequences of the link of a hotline contact, and links it by its number; the subject is the contact, the
    /// young person it was linked to before (or `-`), and the employee.
    FollowContact,
    /// Checks whether another young person has a new number; the subject is the row of the number.
    NumberGiven,
}

impl Tx {
    /// Queues a job in this transaction, to be run as soon as it has committed.
    pub(crate) async fn add_job(&mut self, kind: JobKind, subject: &str) -> Result<(), StoreError> {
        let id = add(self.conn_and_now(), kind, subject).await?;
        self.run_after_commit(id);
        Ok(())
    }

    /// Queues a job in this transaction, to be run when its time has come.
    pub(crate) async fn add_job_at(
        &mut self,
        at: DateTime<Utc>,
        kind: JobKind,
        subject: &str,
    ) -> Result<(), StoreError> {
        add((self.conn(), at), kind, subject).await?;
        Ok(())
    }

    fn conn_and_now(&mut self) -> (&mut AsyncPgConnection, DateTime<Utc>) {
        let now = self.now();
        (self.conn(), now)
    }
}

async fn add(
    (conn, now): (&mut AsyncPgConnection, DateTime<Utc>),
    kind: JobKind,
    subject: &str,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    diesel::insert_into(job::table)
        .values((
            job::id.eq(id),
            job::kind.eq(<&str>::from(kind)),
            job::subject.eq(subject),
            job::run_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(id)
}

/// Runs one job, unless somebody else runs it or has run it.
pub(crate) async fn run(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let done = in_transaction(conn, now, async |conn| {
        let taken: Option<(String, String)> = job::table
            .find(id)
            .select((job::kind, job::subject))
            .for_update()
            .skip_locked()
            .first(conn)
            .await
            .optional()?;
        match taken {
            Some((kind, subject)) => perform(conn, id, &kind, &subject, now).await,
            None => Ok(()),
        }
    })
    .await;
    if let Err(error) = &done {
        put_off(conn, id, error, now).await?;
    }
    done
}

impl Store {
    /// Runs due jobs, and the steps that become due by time alone. Any instance may run it at any time. Returns the
    /// number of jobs that were run. All steps are tried; if several fail, the first error is returned.
    pub async fn run_due_jobs(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let lapsed =
            step(self, "lapse-offers", self.worker(), async |conn| lapse_offers(conn, now).await);
        let lapsed = lapsed.await;
        let ran =
            step(self, "run-jobs", self.worker(), async |conn| run_due(conn, now).await).await;
        let forgotten = step(self, "forget-answers", self.upkeep(), async |conn| {
            requests::forget_old(conn, now).await
        });
        let forgotten = forgotten.await;
        let unchecked = step(self, "forget-checks", self.upkeep(), async |conn| {
            checks::forget_old(conn, now).await
        });
        let unchecked = unchecked.await;
        lapsed.and(forgotten).and(unchecked).and(ran)
    }

    /// Finds what becomes due for young people by time alone: transition needs, deadlines without a notice (DL-3), and
    /// tasks that are long overdue (DL-5). Any instance may run it at any time.
    pub async fn reckon_deadlines(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let found = step(self, "find-transitions", self.upkeep(), async |conn| {
            take_up_transitions(conn, now).await
        });
        let found = found.await;
        let told = step(self, "tell-deadlines", self.upkeep(), async |conn| {
            tell_of_deadlines(conn, now).await
        });
        let told = told.await;
        let raised = step(self, "raise-overdue", self.upkeep(), async |conn| {
            in_transaction(conn, now, async |conn| deadlines::raise(conn, now).await).await
        });
        raised.await.and(told).and(found)
    }
}

/// One step of upkeep on a separate connection: if it fails, the other steps continue.
async fn step<T>(
    store: &Store,
    name: &'static str,
    connection: impl Future<Output = Result<Lease, StoreError>>,
    work: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let done = match connection.await {
        Ok(mut conn) => work(&mut conn).await,
        Err(error) => Err(error),
    };
    if let Err(error) = &done {
        store.learn_from(Some(error));
        let error = causes(error);
        tracing::error!(step = name, error, "a step of upkeep failed and is tried again");
    }
    done
}

/// Runs due jobs one after the other. Returns the number of jobs that were run.
async fn run_due(conn: &mut AsyncPgConnection, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let due: Vec<Uuid> = job::table
        .filter(job::run_at.le(now))
        .order(job::run_at)
        .limit(100)
        .select(job::id)
        .load(conn)
        .await?;
    for id in &due {
        go_on(run(conn, *id, now).await, "a job failed and is put off", id)?;
    }
    Ok(due.len())
}

/// Logs the failure of one of many items and continues with the next, unless the connection was lost.
fn go_on(
    done: Result<(), StoreError>,
    failed: &'static str,
    of: &impl std::fmt::Display,
) -> Result<(), StoreError> {
    match done {
        Err(StoreError::Unavailable(error)) => Err(StoreError::Unavailable(error)),
        Err(error) => {
            tracing::error!(error = causes(&error), id = %of, "{failed}");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

async fn perform(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    kind: &str,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match kind.parse().map_err(|_| StoreError::Corrupt { table: "job", column: "kind" })? {
        JobKind::ServeLine => offers::serve_line(conn, subject, now).await?,
        JobKind::FollowContact => consequences::follow_contact(conn, subject, now).await?,
        JobKind::NumberGiven => young_people::number_given(conn, subject).await?,
    }
    diesel::delete(job::table.find(id)).execute(conn).await?;
    Ok(())
}

/// Each offer in a transaction of its own: one that fails holds up no other, nor the jobs.
async fn lapse_offers(conn: &mut AsyncPgConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    for id in offers::lapsed(conn, now).await? {
        let lapsed = in_transaction(conn, now, async |conn| {
            if let Some(code) = offers::lapse(conn, id, now).await? {
                add((&mut *conn, now), JobKind::ServeLine, &code).await?;
            }
            Ok(())
        })
        .await;
        go_on(lapsed, "an offer did not lapse and is tried again", &id)?;
    }
    Ok(())
}

/// Each young person in a transaction of their own: one that fails holds up no other.
async fn tell_of_deadlines(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut people = Vec::new();
    in_transaction(conn, now, async |conn| {
        people = deadlines::to_reckon(conn).await?;
        Ok(())
    })
    .await?;
    for person in people {
        let reckoned = in_transaction(conn, now, async |conn| {
            deadlines::reckon(conn, person).await.map(|_| ())
        })
        .await;
        go_on(
            reckoned,
            "deadlines of a young person were not reckoned and are tried again",
            &person,
        )?;
    }
    Ok(())
}

/// Finds needs of transition meetings and lets the coordination pass, each young person in a transaction of their own.
async fn take_up_transitions(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut people = Vec::new();
    in_transaction(conn, now, async |conn| {
        people = transitions::due(conn).await?;
        Ok(())
    })
    .await?;
    for person in people {
        let taken_up =
            in_transaction(conn, now, async |conn| transitions::take_up(conn, person, now).await)
                .await;
        go_on(
            taken_up,
            "the transition of a young person was not taken up and is tried again",
            &person,
        )?;
    }
    Ok(())
}

/// Does `work` in a transaction of the worker's, all or nothing.
async fn in_transaction(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    work: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    begin(conn, now).await?;
    match work(conn).await {
        Ok(()) => Ok(AnsiTransactionManager::commit_transaction(conn).await?),
        Err(error) => {
            // A connection that cannot roll back is broken and leaves the pool automatically.
            let _ = AnsiTransactionManager::rollback_transaction(conn).await;
            Err(error)
        }
    }
}

/// The worker's transactions tell the moment as well: triggers and policies compare with it.
/// In a statement of its own: one that fails is rolled back like any other (D-12).
async fn begin(conn: &mut AsyncPgConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    AnsiTransactionManager::begin_transaction(conn).await?;
    let told = diesel::sql_query("SELECT set_config('app.now', $1, true)")
        .bind::<Text, _>(now.to_rfc3339())
        .execute(conn)
        .await;
    if let Err(error) = told {
        let _ = AnsiTransactionManager::rollback_transaction(conn).await;
        return Err(error.into());
    }
    Ok(())
}

/// A job that failed is tried again after a growing while, at most an hour.
async fn put_off(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    error: &StoreError,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let attempts: Option<i32> =
        job::table.find(id).select(job::attempts).first(conn).await.optional()?;
    let Some(attempts) = attempts else { return Ok(()) };
    let wait = TimeDelta::seconds(1 << attempts.clamp(0, 12)).min(TimeDelta::hours(1));
    diesel::update(job::table.find(id))
        .set((
            job::attempts.eq(attempts + 1),
            job::run_at.eq(now + wait),
            job::last_error.eq(causes(error)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
