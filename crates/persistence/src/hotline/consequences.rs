//! The consequences of linking a contact to a young person: the task to answer it (HL-6), and the deadlines for a young
//! person who does not follow the plan (HL-9). A job computes them. If the link was made by a CPR number, the job runs
//! after the response, so that the response time does not reveal whether the number is registered (AC-19).

use super::{Contact, ContactRow};
use crate::deadlines;
use crate::error::StoreError;
use crate::event_log::{Change, record_by_system};
use crate::jobs::JobKind;
use crate::schema::hotline_contact;
use crate::store::Tx;
use crate::tasks;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use domain::access::Permit;
use domain::access::families::ChangesContact;
use domain::calendar::day_of;
use domain::hotline::{Life, Topic, Urgency};
use domain::ids::{ContactId, YoungPersonId};
use domain::timeline::EventKind;
use serde_json::json;
use uuid::Uuid;

/// When the consequences of a link are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// Before the response: the young person is visible to the caller.
    AtOnce,
    /// After the response: the contact is linked by a number, or may have been.
    Later,
}

/// The fields of a contact that decide its consequences.
#[derive(Queryable, Selectable)]
#[diesel(table_name = hotline_contact)]
struct Matter {
    writing_unit_id: Uuid,
    topic: String,
    urgency: String,
    plan_not_followed: bool,
}

diesel::define_sql_function! {
    /// Ends the tasks to answer a contact.
    fn contact_is_answered(contact: SqlUuid);
}

/// An id that a function of the database returns, or `None`.
#[derive(QueryableByName)]
struct Given {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<Uuid>,
}

impl Tx {
    /// Queues the consequences of a contact that was linked, is to be linked by a number, or was reopened. `former`: the young
    /// person it was linked to before.
    pub async fn follow_contact<A: ChangesContact>(
        &mut self,
        permit: &Permit<A>,
        id: ContactId,
        former: Option<YoungPersonId>,
        follows: Follows,
    ) -> Result<(), StoreError> {
        let former = former.map_or_else(|| "-".to_owned(), |former| former.to_string());
        let subject = format!("{id} {former} {}", permit.employee());
        match follows {
            Follows::AtOnce => self.add_job(JobKind::FollowContact, &subject).await,
            Follows::Later => self.add_job_at(self.now(), JobKind::FollowContact, &subject).await,
        }
    }

    /// Ends the tasks to answer the contact and the notice to the contact person, because it was answered.
    pub async fn contact_is_answered(&mut self, id: ContactId) -> Result<(), StoreError> {
        diesel::select(contact_is_answered(id.0)).execute(self.conn()).await?;
        Ok(())
    }
}

/// `<contact> <former, or -> <employee>`, as [`Tx::follow_contact`] writes it.
fn ids(subject: &str) -> Option<(ContactId, Option<Uuid>, Uuid)> {
    let mut parts = subject.split(' ');
    let contact = Uuid::parse_str(parts.next()?).ok()?;
    let former = match parts.next()? {
        "-" => None,
        former => Some(Uuid::parse_str(former).ok()?),
    };
    Some((contact.into(), former, Uuid::parse_str(parts.next()?).ok()?))
}

/// Links a contact to the young person who has its number, if one is stored, and computes the consequences of its link.
pub(crate) async fn follow_contact(
    conn: &mut AsyncPgConnection,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "hotline_contact", column };
    let (id, former, by) =
        ids(subject).ok_or(StoreError::Corrupt { table: "job", column: "subject" })?;
    let by_number: Given = diesel::sql_query("SELECT tie_contact($1, $2) AS id")
        .bind::<SqlUuid, _>(id.0)
        .bind::<SqlUuid, _>(by)
        .get_result(conn)
        .await?;
    let (row, matter): (ContactRow, Matter) = hotline_contact::table
        .find(id.0)
        .select((ContactRow::as_select(), Matter::as_select()))
        .first(conn)
        .await?;
    let contact = Contact::try_from(row)?;
    let tied = contact.young_person.map(|person| person.0);
    // As the employee who linked it, for the unit that owns the contact.
    diesel::sql_query(
        "SELECT set_config('app.actor', $1, true), set_config('app.holders', $2, true)",
    )
    .bind::<Text, _>(by.to_string())
    .bind::<Text, _>(format!("{by},{}", matter.writing_unit_id))
    .execute(conn)
    .await?;
    let nothing = json!({});
    let unlinked = Change { kind: EventKind::HotlineUnlinked, subject: &id, payload: &nothing };
    let linked = Change { kind: EventKind::HotlineLinked, ..unlinked.clone() };
    if let Some(former) = former
        && tied != Some(former)
    {
        // The tasks and deadlines that it created for the former young person end (HL-6, HL-9).
        tasks::all_done(conn, id.0, now).await?;
        deadlines::reckon_now(conn, former).await?;
        record_by_system(conn, now, Some(former), unlinked).await?;
    }
    let Some(tied) = tied else { return Ok(()) };
    if by_number.id.is_some() {
        record_by_system(conn, now, Some(tied), linked).await?;
    }
    if matter.plan_not_followed && Some(tied) != former {
        start_clocks(conn, id, tied, now).await?;
    }
    let waits = matches!(contact.life, Life::Open | Life::Taken(_)) && contact.concern.is_none();
    let topic: Topic = matter.topic.parse().map_err(|_| corrupt("topic"))?;
    if waits && (matter.plan_not_followed || topic == Topic::DropOutRisk) {
        let urgency: Urgency = matter.urgency.parse().map_err(|_| corrupt("urgency"))?;
        let due_on = urgency.asked_by(contact.due_at, day_of(now));
        // HL-6: a task for the coordinating caseworker, or the unit; the contact person is notified.
        diesel::sql_query("SELECT ask_to_answer($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<SqlUuid, _>(id.0)
            .bind::<Date, _>(due_on)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// HL-9: contact with a 15-17-year-old within 5 working days of the call, and a new activity within 30 days of it; not
/// if these deadlines already exist.
async fn start_clocks(
    conn: &mut AsyncPgConnection,
    id: ContactId,
    tied: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let new = Uuid::now_v7();
    let clock: Given = diesel::sql_query("SELECT start_clocks_of_contact($1, $2) AS id")
        .bind::<SqlUuid, _>(new)
        .bind::<SqlUuid, _>(id.0)
        .get_result(conn)
        .await?;
    if clock.id == Some(new) {
        let payload = json!({ "contactId": id });
        let kind = EventKind::ActivityClocksStarted;
        record_by_system(conn, now, Some(tied), Change { kind, subject: &new, payload: &payload })
            .await?;
    }
    Ok(())
}
