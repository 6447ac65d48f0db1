//! Rooms, windows and slots (TM-4), and who is free when (TM-5).

use crate::error::StoreError;
use crate::schema::{meeting_room, meeting_slot, meeting_window};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::RunMeetingCalendar;
use domain::ids::{EmployeeId, MeetingId, RoomId, SlotId, UnitId, WindowId, YoungPersonId};
use domain::meetings::{Clash, FreeSlot, Place, Taken};
use uuid::Uuid;

/// Free slots that are offered where one is taken (TM-5).
const OFFERED: i32 = 3;

/// A slot, with whether nobody is in its room: who is where is told of none that is taken.
const SLOT: &str = "
    SELECT s.id, s.window_id, CASE WHEN free.free THEN s.room_id END AS room_id, CASE WHEN free.free THEN r.name END AS room_name,
           s.starts_at, s.ends_at, free.free";

/// A room in which meetings are held.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meeting_room)]
pub struct RoomRow {
    /// Ours.
    pub id: Uuid,
    /// Whose leaders tell of it.
    pub unit_id: Uuid,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub place: String,
}

/// A window of meetings.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meeting_window)]
pub struct WindowRow {
    /// Ours.
    pub id: Uuid,
    /// Whose leaders run it.
    pub unit_id: Uuid,
    /// Its first day.
    pub first_day: NaiveDate,
    /// Its last day.
    pub last_day: NaiveDate,
}

/// A slot of a window.
#[derive(Debug, Clone, QueryableByName)]
pub struct SlotRow {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// In which window.
    #[diesel(sql_type = SqlUuid)]
    pub window_id: Uuid,
    /// In which room; none where it is taken.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub room_id: Option<Uuid>,
    /// What that is called.
    #[diesel(sql_type = Nullable<Text>)]
    pub room_name: Option<String>,
    /// From when.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// Until when.
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    /// Is nobody in its room?
    #[diesel(sql_type = Bool)]
    pub free: bool,
}

/// Who and what a meeting needs, for what is taken of it.
#[derive(Debug)]
pub struct Needed<'a> {
    /// The young person; none of a meeting without them.
    pub young_person: Option<YoungPersonId>,
    /// Those of the municipality who are called.
    pub employees: &'a [EmployeeId],
    /// The meeting itself, where it is moved.
    pub besides: Option<MeetingId>,
}

#[derive(QueryableByName)]
struct ClashRow {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Needed<'_> {
    fn employees(&self) -> Vec<Uuid> {
        self.employees.iter().map(|one| one.0).collect()
    }

    fn young_person(&self) -> Option<Uuid> {
        self.young_person.map(Into::into)
    }

    fn besides(&self) -> Option<Uuid> {
        self.besides.map(Into::into)
    }
}

impl Tx {
    /// Stores a room.
    pub async fn tell_room(
        &mut self,
        _permit: &Permit<RunMeetingCalendar>,
        room: &RoomRow,
    ) -> Result<(), StoreError> {
        diesel::insert_into(meeting_room::table)
            .values((
                meeting_room::id.eq(room.id),
                meeting_room::unit_id.eq(room.unit_id),
                meeting_room::name.eq(&room.name),
                meeting_room::place.eq(&room.place),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Every room that was not withdrawn, by name.
    pub async fn rooms(&mut self) -> Result<Vec<RoomRow>, StoreError> {
        Ok(meeting_room::table
            .filter(meeting_room::withdrawn_at.is_null())
            .order((meeting_room::name, meeting_room::id))
            .select(RoomRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Stores a window. Two a year, none over another (TM-4).
    pub async fn set_window(
        &mut self,
        _permit: &Permit<RunMeetingCalendar>,
        window: &WindowRow,
    ) -> Result<(), StoreError> {
        diesel::insert_into(meeting_window::table)
            .values((
                meeting_window::id.eq(window.id),
                meeting_window::unit_id.eq(window.unit_id),
                meeting_window::first_day.eq(window.first_day),
                meeting_window::last_day.eq(window.last_day),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Every window that was not withdrawn, the latest first.
    pub async fn windows(&mut self) -> Result<Vec<WindowRow>, StoreError> {
        Ok(meeting_window::table
            .filter(meeting_window::withdrawn_at.is_null())
            .order(meeting_window::first_day.desc())
            .select(WindowRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Withdraws a room, with its slots. Refused while a meeting is planned in it.
    pub async fn withdraw_room(
        &mut self,
        _permit: &Permit<RunMeetingCalendar>,
        id: RoomId,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let withdrawn = diesel::update(meeting_room::table.find(id.0))
            .set(meeting_room::withdrawn_at.eq(now))
            .execute(self.conn())
            .await?;
        if withdrawn == 1 { Ok(()) } else { Err(StoreError::Hidden) }
    }

    /// The same of a window.
    pub async fn withdraw_window(
        &mut self,
        _permit: &Permit<RunMeetingCalendar>,
        id: WindowId,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let withdrawn = diesel::update(meeting_window::table.find(id.0))
            .set(meeting_window::withdrawn_at.eq(now))
            .execute(self.conn())
            .await?;
        if withdrawn == 1 { Ok(()) } else { Err(StoreError::Hidden) }
    }

    /// The same of a slot.
    pub async fn withdraw_slot(
        &mut self,
        _permit: &Permit<RunMeetingCalendar>,
        id: SlotId,
    ) -> Result<(), StoreError> {
        // Rooms are locked before slots.
        diesel::sql_query(
            "SELECT lock_meeting_room(s.room_id) FROM meeting_slot s WHERE s.id = $1",
        )
        .bind::<SqlUuid, _>(id.0)
        .execute(self.conn())
        .await?;
        let now = self.now();
        let withdrawn = diesel::update(meeting_slot::table.find(id.0))
            .set(meeting_slot::withdrawn_at.eq(now))
            .execute(self.conn())
            .await?;
        if withdrawn == 1 { Ok(()) } else { Err(StoreError::Hidden) }
    }

    /// The unit that tells of a room; none where there is no such room (any more).
    pub async fn unit_of_room(&mut self, id: RoomId) -> Result<Option<UnitId>, StoreError> {
        let unit: Option<Uuid> = meeting_room::table
            .find(id.0)
            .filter(meeting_room::withdrawn_at.is_null())
            .select(meeting_room::unit_id)
            .first(self.conn())
            .await
            .optional()?;
        Ok(unit.map(Into::into))
    }

    /// The unit that runs the window of a slot; none where there is no such slot (any more).
    pub async fn unit_of_slot(&mut self, id: SlotId) -> Result<Option<UnitId>, StoreError> {
        let unit: Option<Uuid> = meeting_slot::table
            .inner_join(meeting_window::table.on(meeting_window::id.eq(meeting_slot::window_id)))
            .filter(meeting_slot::id.eq(id.0))
            .filter(meeting_slot::withdrawn_at.is_null())
            .select(meeting_window::unit_id)
            .first(self.conn())
            .await
            .optional()?;
        Ok(unit.map(Into::into))
    }

    /// The unit that runs a window; none where there is no such window (any more).
    pub async fn unit_of_window(&mut self, id: WindowId) -> Result<Option<UnitId>, StoreError> {
        let unit: Option<Uuid> = meeting_window::table
            .find(id.0)
            .filter(meeting_window::withdrawn_at.is_null())
            .select(meeting_window::unit_id)
            .first(self.conn())
            .await
            .optional()?;
        Ok(unit.map(Into::into))
    }

    /// Offers slots in a window: each in a room, from a moment to another.
    pub async fn offer_slots(
        &mut self,
        _permit: &Permit<RunMeetingCalendar>,
        window: WindowId,
        slots: &[(RoomId, DateTime<Utc>, DateTime<Utc>)],
    ) -> Result<Vec<Uuid>, StoreError> {
        let ids: Vec<Uuid> = slots.iter().map(|_| Uuid::now_v7()).collect();
        let rows: Vec<_> = slots
            .iter()
            .zip(&ids)
            .map(|((room, starts_at, ends_at), id)| {
                (
                    meeting_slot::id.eq(*id),
                    meeting_slot::window_id.eq(window.0),
                    meeting_slot::room_id.eq(room.0),
                    meeting_slot::starts_at.eq(*starts_at),
                    meeting_slot::ends_at.eq(*ends_at),
                )
            })
            .collect();
        diesel::insert_into(meeting_slot::table).values(rows).execute(self.conn()).await?;
        Ok(ids)
    }

    /// `limit` slots ahead, from a moment to another, in order; only free ones where asked for. Free is a slot in whose room
    /// nobody is, whoever they are.
    pub async fn slots(
        &mut self,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        only_free: bool,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u8,
    ) -> Result<Vec<SlotRow>, StoreError> {
        let (after_at, after_id) = after.unwrap_or((from, Uuid::nil()));
        let now = self.now();
        Ok(diesel::sql_query(format!(
            "{SLOT} FROM slots_ahead(NULL, '{{}}', NULL, $1, $2, $3, $4, $5, $6) free JOIN meeting_slot s ON s.id = free.slot_id
               JOIN meeting_room r ON r.id = s.room_id ORDER BY s.starts_at, s.id"
        ))
        .bind::<Timestamptz, _>(from.max(now))
        .bind::<Timestamptz, _>(until)
        .bind::<Bool, _>(only_free)
        .bind::<Timestamptz, _>(after_at)
        .bind::<SqlUuid, _>(after_id)
        .bind::<Integer, _>(i32::from(limit))
        .load(self.conn())
        .await?)
    }

    /// These slots, in order.
    pub async fn slots_of(&mut self, ids: &[Uuid]) -> Result<Vec<SlotRow>, StoreError> {
        let now = self.now();
        Ok(diesel::sql_query(format!(
            "{SLOT} FROM meeting_slot s JOIN meeting_room r ON r.id = s.room_id
              CROSS JOIN LATERAL (SELECT NOT EXISTS (SELECT FROM
                    meeting_clashes(NULL, '{{}}', s.room_id, s.starts_at, s.ends_at, NULL)) AS free OFFSET 0) free
              WHERE s.withdrawn_at IS NULL AND s.starts_at > $1 AND s.id = ANY ($2) ORDER BY s.starts_at, s.id"
        ))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(ids.to_vec())
            .load(self.conn())
            .await?)
    }

    /// Where and when a slot is; none where there is no such slot (any more).
    pub async fn slot(&mut self, id: SlotId) -> Result<Option<Place>, StoreError> {
        let found: Option<(Uuid, DateTime<Utc>, DateTime<Utc>)> = meeting_slot::table
            .find(id.0)
            .filter(meeting_slot::withdrawn_at.is_null())
            .select((meeting_slot::room_id, meeting_slot::starts_at, meeting_slot::ends_at))
            .first(self.conn())
            .await
            .optional()?;
        Ok(found.map(|(room, starts_at, ends_at)| Place {
            room: room.into(),
            starts_at,
            ends_at,
            slot: Some(id),
            outside_because: None,
        }))
    }

    /// Locks a room, before what is booked in it is asked for (D-13); false where there is none (any more).
    pub async fn lock_room(&mut self, id: RoomId) -> Result<bool, StoreError> {
        diesel::sql_query("SELECT lock_meeting_room($1)")
            .bind::<SqlUuid, _>(id.0)
            .execute(self.conn())
            .await?;
        Ok(self.unit_of_room(id).await?.is_some())
    }

    /// What is taken of what a meeting needs at a time, whoever took it. Whoever asks has locked all of it.
    pub async fn clashes_of_meeting(
        &mut self,
        needed: &Needed<'_>,
        place: &Place,
    ) -> Result<Vec<Clash>, StoreError> {
        let rows: Vec<ClashRow> = diesel::sql_query(
            "SELECT * FROM meeting_clashes($1, $2, $3, $4, $5, $6) ORDER BY 1, 2",
        )
        .bind::<Nullable<SqlUuid>, _>(needed.young_person())
        .bind::<Array<SqlUuid>, _>(needed.employees())
        .bind::<SqlUuid, _>(place.room.0)
        .bind::<Timestamptz, _>(place.starts_at)
        .bind::<Timestamptz, _>(place.ends_at)
        .bind::<Nullable<SqlUuid>, _>(needed.besides())
        .load(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                let corrupt = |_| StoreError::Corrupt { table: "meeting", column: "busy" };
                let what: Taken = row.what.parse().map_err(corrupt)?;
                Ok(Clash { what, id: row.id })
            })
            .collect()
    }

    /// Does the caller see a meeting in which the young person takes part at that time?
    pub async fn sees_young_person_booked(
        &mut self,
        needed: &Needed<'_>,
        place: &Place,
    ) -> Result<bool, StoreError> {
        let seen: Option<SlotIdRow> = diesel::sql_query(
            "SELECT id AS slot_id FROM meeting WHERE young_person_id = $1 AND kind <> 'sparring' AND busy && tstzrange($2, $3)
                AND id IS DISTINCT FROM $4 LIMIT 1",
        )
        .bind::<Nullable<SqlUuid>, _>(needed.young_person())
        .bind::<Timestamptz, _>(place.starts_at)
        .bind::<Timestamptz, _>(place.ends_at)
        .bind::<Nullable<SqlUuid>, _>(needed.besides())
        .get_result(self.conn())
        .await
        .optional()?;
        Ok(seen.is_some())
    }

    /// The next slots at which all that a meeting needs is free.
    pub async fn next_free_slots(
        &mut self,
        needed: &Needed<'_>,
    ) -> Result<Vec<FreeSlot>, StoreError> {
        let now = self.now();
        let ids: Vec<SlotIdRow> = diesel::sql_query(
            "SELECT slot_id FROM slots_ahead($1, $2, $3, $4, 'infinity', true, $4, $5, $6)",
        )
        .bind::<Nullable<SqlUuid>, _>(needed.young_person())
        .bind::<Array<SqlUuid>, _>(needed.employees())
        .bind::<Nullable<SqlUuid>, _>(needed.besides())
        .bind::<Timestamptz, _>(now)
        .bind::<SqlUuid, _>(Uuid::max())
        .bind::<Integer, _>(OFFERED)
        .load(self.conn())
        .await?;
        let rows: Vec<(Uuid, Uuid, DateTime<Utc>, DateTime<Utc>)> = meeting_slot::table
            .filter(meeting_slot::id.eq_any(ids.into_iter().map(|row| row.slot_id)))
            .order((meeting_slot::starts_at, meeting_slot::id))
            .select((
                meeting_slot::id,
                meeting_slot::room_id,
                meeting_slot::starts_at,
                meeting_slot::ends_at,
            ))
            .load(self.conn())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, room_id, starts_at, ends_at)| FreeSlot { id, room_id, starts_at, ends_at })
            .collect())
    }
}

#[derive(QueryableByName)]
struct SlotIdRow {
    #[diesel(sql_type = SqlUuid)]
    slot_id: Uuid,
}
