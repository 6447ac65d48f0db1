//! Calendars of meetings, for those who are called (TM-13): one meeting, and all of an employee by a secret.

use crate::access_log::{AccessEntry, Outcome, Seen};
use crate::error::StoreError;
use crate::schema::calendar_subscription;
use crate::store::{Opening, Operation, Store, Tx};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::policy::SubscribeCalendar;
use domain::access::{Areas, Permit};
use domain::ids::{MeetingId, RequestId};
use uuid::Uuid;

/// Why a meeting is read by somebody who is called and has no basis.
const CALLED: &str = "called to a meeting";

/// A meeting as it stands in the calendar of somebody who is called to it.
#[derive(Debug, Clone, QueryableByName)]
pub struct CalendarEntry {
    /// Which meeting.
    #[diesel(sql_type = SqlUuid)]
    pub meeting_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    /// Whom it is about: two letters.
    #[diesel(sql_type = Text)]
    pub initials: String,
    /// Where; none where that is protected.
    #[diesel(sql_type = Nullable<Text>)]
    pub place: Option<String>,
    /// From when.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// Until when.
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    /// It is cancelled, or they cannot come.
    #[diesel(sql_type = Bool)]
    pub cancelled: bool,
    /// The time at which the meeting was convened, or last changed, or its initials last changed.
    #[diesel(sql_type = Timestamptz)]
    pub changed_at: DateTime<Utc>,
    /// Raised by each change.
    #[diesel(sql_type = BigInt)]
    pub sequence: i64,
}

#[derive(QueryableByName)]
struct Subscriber {
    #[diesel(sql_type = SqlUuid)]
    subscription_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
}

impl Tx {
    /// A meeting that the caller sees, for the calendar of the young person or of somebody outside; none where it does not
    /// exist for the caller. It tells what it tells those who are called.
    pub async fn calendar_entry_to_hand_on(
        &mut self,
        id: MeetingId,
    ) -> Result<Option<CalendarEntry>, StoreError> {
        Ok(diesel::sql_query(
            "SELECT m.id AS meeting_id, m.young_person_id, initials(y.given_name, y.family_name) AS initials,
                    CASE WHEN NOT (m.place_protected OR m.state = 'cancelled') THEN r.name || ', ' || r.place END AS place,
                    m.starts_at, m.ends_at, m.state = 'cancelled' AS cancelled,
                    greatest(m.changed_at, m.renamed_at) AS changed_at, 2 * (m.version + m.renamings) AS sequence
               FROM meeting m JOIN young_person y ON y.id = m.young_person_id JOIN meeting_room r ON r.id = m.room_id
              WHERE m.id = $1",
        )
        .bind::<SqlUuid, _>(id.0)
        .get_result(self.conn())
        .await
        .optional()?)
    }

    /// A meeting to which the caller is called, for their calendar; none where they are not (any more).
    pub async fn calendar_entry(
        &mut self,
        id: MeetingId,
    ) -> Result<Option<CalendarEntry>, StoreError> {
        let entry: Option<CalendarEntry> =
            diesel::sql_query("SELECT * FROM calendar_of_meeting($1)")
                .bind::<SqlUuid, _>(id.0)
                .get_result(self.conn())
                .await
                .optional()?;
        if let Some(entry) = &entry {
            self.for_purpose(CALLED);
            self.saw_without_basis(entry.young_person_id.into(), Areas::IDENTITY);
        }
        Ok(entry)
    }

    /// Subscribes the caller to their calendar under a secret, of which the digest is kept. The one before holds no more.
    pub async fn subscribe_calendar(
        &mut self,
        permit: &Permit<SubscribeCalendar>,
        digest: &[u8],
    ) -> Result<Uuid, StoreError> {
        // One after the other: each of them has one.
        self.lock_employees(&[permit.employee()]).await?;
        self.withdraw_calendar(permit).await?;
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(calendar_subscription::table)
            .values((
                calendar_subscription::id.eq(id),
                calendar_subscription::employee_id.eq(permit.employee().0),
                calendar_subscription::digest.eq(digest),
                calendar_subscription::made_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Withdraws the caller's subscription; none where there is none.
    pub async fn withdraw_calendar(
        &mut self,
        permit: &Permit<SubscribeCalendar>,
    ) -> Result<Option<Uuid>, StoreError> {
        let now = self.now();
        let current = calendar_subscription::table
            .filter(calendar_subscription::employee_id.eq(permit.employee().0))
            .filter(calendar_subscription::withdrawn_at.is_null());
        Ok(diesel::update(current)
            .set(calendar_subscription::withdrawn_at.eq(now))
            .returning(calendar_subscription::id)
            .get_result(self.conn())
            .await
            .optional()?)
    }
}

impl Store {
    /// The calendar under a secret; none where the secret is nobody's (any more). It is on the access log before it is
    /// answered, as read by whose it is.
    pub async fn subscribed_calendar(
        &self,
        digest: &[u8],
        operation: &'static str,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<CalendarEntry>>, StoreError> {
        let mut conn = self.anonymous(operation).await?;
        let subscriber: Option<Subscriber> =
            diesel::sql_query("SELECT * FROM subscriber_of($1, $2)")
                .bind::<Binary, _>(digest)
                .bind::<Timestamptz, _>(now)
                .get_result(&mut *conn)
                .await
                .optional()?;
        let Some(subscriber) = subscriber else { return Ok(None) };
        let entries: Vec<CalendarEntry> =
            diesel::sql_query("SELECT * FROM calendar_of_subscription($1, $2)")
                .bind::<Binary, _>(digest)
                .bind::<Timestamptz, _>(now)
                .load(&mut *conn)
                .await?;
        drop(conn);
        let mut seen = Seen::default();
        seen.purpose = Some(CALLED);
        for entry in &entries {
            seen.add(entry.young_person_id.into(), None, Areas::IDENTITY.0);
        }
        let opening = Opening {
            session: Uuid::nil().into(),
            employee: subscriber.employee_id.into(),
            request,
            now,
        };
        let operation = Operation { name: operation, subject: Some(subscriber.subscription_id) };
        let (outcome, hidden) = (Outcome::Read, Vec::new());
        self.log_entry(AccessEntry { opening, operation, outcome, seen, hidden }).await?;
        Ok(Some(entries))
    }
}
