//! The access log (LG-2): who looked at whom, on which basis, durable before the answer leaves.
//!
//! One writer per actix worker, with a connection of its own. What gathers while it writes goes into
//! its next statement: many requests share one flush, and none waits for a timer (D-25).

use crate::error::{StoreError, causes};
use crate::figures::LogFigures;
use crate::limits;
use crate::pool::{Lease, NamedPool, checkout};
use crate::readiness::Doubt;
use crate::store::{Opening, Operation};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Binary, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::{BasisId, YoungPersonId};
use std::fmt::Write as _;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Entries that may wait for the writer; more are refused rather than piled up.
const QUEUE: usize = 4096;
/// Entries written in one statement.
const BATCH: usize = 512;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Personal data were answered.
    Read,
    /// The request was refused by access, a rule or a check.
    Refused,
    /// The service failed after personal data were read.
    Failed,
    /// A kept answer was given again.
    Replayed,
    /// Data changed, and the event records it (D-24). An entry is written only if a CPR number was checked
    /// (AC-19).
    Changed,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Replayed => "replayed",
            Self::Changed => "changed",
        }
    }
}

/// Whose data a request is about to answer, by which basis.
#[derive(Debug, Default)]
pub struct Seen {
    young_people: Vec<Uuid>,
    bases: Vec<Option<Uuid>>,
    pub(crate) areas: i32,
    pub(crate) role: Option<&'static str>,
    pub(crate) purpose: Option<&'static str>,
    /// The keyed digest of the checked CPR number (AC-19), whether it is registered or not.
    pub(crate) number: Option<Vec<u8>>,
}

impl Seen {
    /// Without a basis where a contact of the hotline leads to the young person.
    pub(crate) fn add(&mut self, young_person: YoungPersonId, basis: Option<BasisId>, areas: i32) {
        self.areas |= areas;
        let basis = basis.map(Into::into);
        match self.young_people.iter().position(|known| *known == young_person.0) {
            None => {
                self.young_people.push(young_person.0);
                self.bases.push(basis);
            }
            Some(known) => {
                if let Some(held) = self.bases.get_mut(known) {
                    *held = held.or(basis);
                }
            }
        }
    }

    /// A checked number, without a young person.
    pub(crate) fn of_number(digest: Vec<u8>) -> Self {
        Self { number: Some(digest), ..Self::default() }
    }

    /// The ids of the young people.
    pub(crate) fn young_people(&self) -> &[Uuid] {
        &self.young_people
    }

    /// Is there nothing to log? A search with a purpose or by a number is logged even if it found no young person.
    pub(crate) const fn is_empty(&self) -> bool {
        self.young_people.is_empty() && self.purpose.is_none() && self.number.is_none()
    }
}

/// One request's entry.
#[derive(Debug)]
pub struct AccessEntry {
    /// Who, when, in which request.
    pub opening: Opening,
    /// What.
    pub operation: Operation,
    /// How it ended.
    pub outcome: Outcome,
    /// Whom.
    pub seen: Seen,
    /// The ids that the request named and that do not exist for the caller. Each is the subject of a row; if there are
    /// none, the subject is that of the operation.
    pub hidden: Vec<Uuid>,
}

impl AccessEntry {
    /// The subject of the first row, and the subjects of further rows.
    fn subjects(&self) -> (Option<Uuid>, &[Uuid]) {
        match self.hidden.split_first() {
            Some((first, others)) => (Some(*first), others),
            None => (self.operation.subject, &[]),
        }
    }
}

/// The way to this worker's writer.
#[derive(Debug, Clone)]
pub struct AccessLog {
    queue: mpsc::Sender<(AccessEntry, oneshot::Sender<()>)>,
    figures: LogFigures,
}

impl AccessLog {
    /// Starts the writer on the present runtime; it ends when the last sender is gone.
    pub(crate) fn start(pool: NamedPool, doubt: Doubt) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        let figures = LogFigures::new();
        tokio::spawn(write_all(pool, entries, doubt, figures.clone()));
        Self { queue, figures }
    }

    /// Returns once the entry is durable; [`StoreError::NotLogged`] where it is not in time.
    pub async fn record(&self, entry: AccessEntry) -> Result<(), StoreError> {
        let recorded = self.write_in_time(entry).await;
        if recorded.is_err() {
            self.figures.failed();
        }
        recorded
    }

    async fn write_in_time(&self, entry: AccessEntry) -> Result<(), StoreError> {
        let (written, is_written) = oneshot::channel();
        self.queue.try_send((entry, written)).map_err(|_| StoreError::NotLogged)?;
        self.figures.waits();
        match tokio::time::timeout(limits::ENTRY, is_written).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(StoreError::NotLogged),
        }
    }
}

async fn write_all(
    pool: NamedPool,
    mut entries: mpsc::Receiver<(AccessEntry, oneshot::Sender<()>)>,
    doubt: Doubt,
    figures: LogFigures,
) {
    let mut kept: Option<Lease> = None;
    let mut gathered = Vec::with_capacity(BATCH);
    while entries.recv_many(&mut gathered, BATCH).await > 0 {
        figures.taken(gathered.len());
        let (batch, waiting): (Vec<_>, Vec<_>) = gathered.drain(..).unzip();
        match write(&pool, &mut kept, &Entries::from(&batch)).await {
            Ok(()) => {
                figures.written(batch.len());
                for request in waiting {
                    // A request that has given up does not listen any more.
                    let _ = request.send(());
                }
            }
            Err(error) => {
                doubt.raise();
                let error = causes(&error);
                tracing::error!(
                    error,
                    entries = batch.len(),
                    "access entries could not be written"
                );
            }
        }
    }
}

/// Writes the entries with the open connection. If that connection was lost meanwhile, it tries once more with a new
/// one. The ids are the same, so that no entry is written twice.
async fn write(
    pool: &NamedPool,
    kept: &mut Option<Lease>,
    entries: &Entries,
) -> Result<(), StoreError> {
    if let Some(mut conn) = kept.take() {
        match entries.execute(&mut *conn).await.map_err(StoreError::from) {
            Ok(_) => {
                *kept = Some(conn);
                return Ok(());
            }
            Err(StoreError::Unavailable(_)) => conn.close(),
            Err(error) => return Err(error),
        }
    }
    let mut conn = checkout(pool).await?;
    entries.execute(&mut *conn).await?;
    *kept = Some(conn);
    Ok(())
}

/// A batch as parallel columns, written by one cached statement. People and bases are array literals,
/// for `unnest` cannot take rows of different lengths.
#[derive(Debug, Default)]
struct Entries {
    recorded_at: Vec<DateTime<Utc>>,
    id: Vec<Uuid>,
    request_id: Vec<Uuid>,
    actor_id: Vec<Uuid>,
    role: Vec<Option<&'static str>>,
    operation: Vec<&'static str>,
    outcome: Vec<&'static str>,
    young_people: Vec<String>,
    bases: Vec<String>,
    areas: Vec<i32>,
    subject: Vec<Option<String>>,
    purpose: Vec<Option<&'static str>>,
    number: Vec<Option<Vec<u8>>>,
}

impl From<&Vec<AccessEntry>> for Entries {
    fn from(batch: &Vec<AccessEntry>) -> Self {
        let mut columns = Self::default();
        for entry in batch {
            let (subject, others) = entry.subjects();
            columns.push(entry, &entry.seen, subject);
            let nobody = Seen { role: entry.seen.role, ..Seen::default() };
            for other in others {
                columns.push(entry, &nobody, Some(*other));
            }
        }
        columns
    }
}

impl Entries {
    fn push(&mut self, entry: &AccessEntry, seen: &Seen, subject: Option<Uuid>) {
        let AccessEntry { opening, operation, outcome, .. } = entry;
        self.recorded_at.push(opening.now);
        self.id.push(Uuid::now_v7());
        self.request_id.push(opening.request.0);
        self.actor_id.push(opening.employee.0);
        self.role.push(seen.role);
        self.operation.push(operation.name);
        self.outcome.push(outcome.name());
        self.young_people.push(array_literal(seen.young_people.iter().copied().map(Some)));
        self.bases.push(array_literal(seen.bases.iter().copied()));
        self.areas.push(seen.areas);
        self.subject.push(subject.map(|id| id.to_string()));
        self.purpose.push(seen.purpose);
        self.number.push(seen.number.clone());
    }
}

fn array_literal(ids: impl ExactSizeIterator<Item = Option<Uuid>>) -> String {
    let mut literal = String::with_capacity(2 + ids.len() * 37);
    literal.push('{');
    for (position, id) in ids.enumerate() {
        literal.push_str(if position == 0 { "" } else { "," });
        let _ = match id {
            Some(id) => write!(literal, "{id}"),
            None => write!(literal, "NULL"),
        };
    }
    literal.push('}');
    literal
}

impl QueryId for Entries {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Entries {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO access_entry (recorded_at, id, request_id, actor_id, role, operation, outcome, \
             young_people, bases, areas, subject, purpose, number_digest) \
             SELECT at, id, request, actor, role, operation, outcome, people::uuid[], bases::uuid[], areas, subject, purpose, number \
             FROM unnest(",
        );
        out.push_bind_param::<Array<Timestamptz>, _>(&self.recorded_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.request_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.actor_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.role)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.operation)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.outcome)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.young_people)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.bases)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Int4>, _>(&self.areas)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.subject)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.purpose)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Binary>>, _>(&self.number)?;
        out.push_sql(") AS entry (at, id, request, actor, role, operation, outcome, people, bases, areas, subject, purpose, number) \
            ON CONFLICT DO NOTHING");
        Ok(())
    }
}
