//! The line that offers by itself (IV-3): when a place falls free the first is offered it; an offer that
//! nobody answers goes on to the next. Effects on people whom the caller cannot see, so a job does them.

use crate::error::StoreError;
use crate::event_log::{Change, record_by_system};
use crate::interventions::catalogue::free_places;
use crate::interventions::{lock, store};
use crate::jobs::JobKind;
use crate::schema::{access_basis, catalogue_entry, intervention, plan};
use crate::store::Tx;
use crate::tasks;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::calendar::day_of;
use domain::ids::InterventionId;
use domain::interventions::{Intervention, InterventionEvent};
use domain::tasks::TaskKind;
use uuid::Uuid;

impl Tx {
    /// Serves the line of an offer once this transaction has committed.
    pub async fn serve_line(&mut self, code: &str) -> Result<(), StoreError> {
        self.add_job(JobKind::ServeLine, code).await
    }
}

/// Offers free places to those who wait, in order, as far as they reach. Nobody is offered a place before
/// the first in line: one who plans to start later would take the place that falls free for them.
pub(crate) async fn serve_line(
    conn: &mut AsyncPgConnection,
    code: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let today = day_of(now);
    // The lock first, then the count in a statement of its own (D-14).
    catalogue_entry::table
        .find(code)
        .select(catalogue_entry::code)
        .for_no_key_update()
        .first::<String>(conn)
        .await?;
    let in_line: Vec<Uuid> = intervention::table
        .filter(intervention::catalogue_code.eq(code))
        .filter(intervention::state.eq("waiting"))
        .order((intervention::priority.desc(), intervention::ticket))
        .select(intervention::id)
        .load(conn)
        .await?;
    for id in in_line {
        let Some(thing) = lock_in_plan(conn, id).await? else { continue };
        let free: Option<i32> = diesel::select(free_places(code, thing.wants_place_from(today)))
            .get_result(conn)
            .await?;
        if free.is_some_and(|free| free < 1) {
            break;
        }
        // Whoever withdrew between the two statements is no longer in line.
        let Ok(event) = thing.offer(now) else { continue };
        record(conn, thing, &event, now).await?;
    }
    Ok(())
}

/// Offers whose last day to answer has passed.
pub(crate) async fn lapsed(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(intervention::table
        .filter(intervention::state.eq("offered"))
        .filter(intervention::offer_expires_on.lt(day_of(now)))
        .order(intervention::id)
        .select(intervention::id)
        .load(conn)
        .await?)
}

/// Declines an offer that nobody answered. Gives the offer whose place fell free by it; none where it was
/// answered meanwhile.
pub(crate) async fn lapse(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let Some(thing) = lock_in_plan(conn, id).await? else { return Ok(None) };
    let Some(event) = thing.lapse(day_of(now)) else { return Ok(None) };
    let freed = thing.catalogue_code.clone();
    record(conn, thing, &event, now).await?;
    Ok(freed)
}

/// The intervention, locked after its plan, as every command locks them (D-13).
async fn lock_in_plan(
    conn: &mut AsyncPgConnection,
    id: Uuid,
) -> Result<Option<Intervention>, StoreError> {
    let of_it = intervention::table.find(id).select(intervention::plan_id);
    plan::table
        .filter(plan::id.eq_any(of_it))
        .select(plan::id)
        .for_share()
        .load::<Uuid>(conn)
        .await?;
    lock(conn, InterventionId(id)).await
}

async fn record(
    conn: &mut AsyncPgConnection,
    thing: Intervention,
    event: &InterventionEvent,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let thing = store(conn, thing, event).await?;
    if let InterventionEvent::Offered { expires_on, .. } = event {
        tasks::ask(conn, TaskKind::AnswerOffer, thing.id.0, *expires_on, now).await?;
    } else {
        tasks::done(conn, TaskKind::AnswerOffer, thing.id.0, now).await?;
        diesel::update(access_basis::table.filter(access_basis::source_id.eq(thing.id.0)))
            .filter(access_basis::valid_to.gt(now))
            .set(access_basis::valid_to.eq(now))
            .execute(conn)
            .await?;
    }
    let change = Change { subject: &thing.id, kind: event.kind(), payload: event };
    record_by_system(conn, now, Some(thing.young_person.0), change).await
}
