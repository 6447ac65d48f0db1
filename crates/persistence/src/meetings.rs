//! Meetings about a young person: called, moved, cancelled, held (TM-4 to TM-10, NM-1 to NM-3).

pub mod calendar;
pub mod network;
pub mod subscriptions;
pub mod views;

use crate::error::StoreError;
use crate::schema::{
    meeting, meeting_decision, meeting_minutes, meeting_move, meeting_participant, meeting_task,
    plan,
};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use domain::access::Permit;
use domain::access::policy::CallMeeting;
use domain::disclosures::Basis;
use domain::ids::{EmployeeId, MeetingId, PregnancyId, UnitId, YoungPersonId};
use domain::meetings::{
    Attendance, Called, Expected, Meeting, MeetingKind, MeetingState, MetNeed, MoveBecause,
    OutsideRole, Party, Place, Receiver,
};
use domain::plans::Plan;
use uuid::Uuid;

diesel::define_sql_function! {
    /// Opens the young person to the unit that receives them by a held meeting.
    fn open_to_receiver(of_meeting: SqlUuid);
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = meeting)]
struct MeetingRow {
    id: Uuid,
    young_person_id: Uuid,
    kind: String,
    writing_unit_id: Uuid,
    slot_id: Option<Uuid>,
    room_id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    outside_because: Option<String>,
    state: String,
    version: i64,
}

impl TryFrom<MeetingRow> for Meeting {
    type Error = StoreError;

    fn try_from(row: MeetingRow) -> Result<Self, StoreError> {
        let corrupt = |column| move |_| StoreError::Corrupt { table: "meeting", column };
        let because = row.outside_because.map(|because| because.parse()).transpose();
        Ok(Self {
            id: row.id.into(),
            young_person: row.young_person_id.into(),
            kind: row.kind.parse().map_err(corrupt("kind"))?,
            unit: row.writing_unit_id.into(),
            place: Place {
                room: row.room_id.into(),
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                slot: row.slot_id.map(Into::into),
                outside_because: because.map_err(corrupt("outside_because"))?,
            },
            state: row.state.parse().map_err(corrupt("state"))?,
            version: row.version,
        })
    }
}

/// What a meeting is held for.
#[derive(Debug, Clone, Copy)]
pub enum HeldFor {
    /// A handover.
    Need(Uuid),
    /// A pregnancy: the first, or the second.
    Pregnancy(PregnancyId, i32),
}

/// A meeting that is called.
#[derive(Debug)]
pub struct NewMeeting<'a> {
    /// About whom.
    pub young_person: YoungPersonId,
    /// What for.
    pub kind: MeetingKind,
    /// For which need, or pregnancy.
    pub held_for: HeldFor,
    /// Why it is without the young person.
    pub without_because: Option<&'a str>,
    /// Where and when.
    pub place: Place,
    /// Does the place give somebody away (YP-5)?
    pub place_protected: bool,
}

/// Somebody outside who is called.
#[derive(Debug)]
pub struct OutsideParty {
    /// What they are called.
    pub name: String,
    /// What they are to the young person.
    pub role: OutsideRole,
    /// Of what they are.
    pub organisation: Option<String>,
}

/// Whom a meeting is called with.
#[derive(Debug, Default)]
pub struct NewParties<'a> {
    /// The young person is called; the database calls their guardians where they are under 18 then (YP-9).
    pub young_person: bool,
    /// Of the municipality.
    pub employees: &'a [Called],
    /// Outside of it.
    pub outside: &'a [OutsideParty],
}

/// What was said, by topic.
#[derive(Debug, Default, Insertable)]
#[diesel(table_name = meeting_minutes)]
pub struct Minutes {
    /// What support they need.
    pub support_needs: Option<String>,
    /// Education.
    pub education: Option<String>,
    /// Job and income.
    pub job_and_income: Option<String>,
    /// Where they live.
    pub housing: Option<String>,
    /// Friends, family, network.
    pub social_relations: Option<String>,
    /// What else there is.
    pub other: Option<String>,
}

/// A decision, and the law it stands on.
#[derive(Debug)]
pub struct NewDecision {
    /// The code of the legal basis.
    pub legal_basis: String,
    /// Who decides under it.
    pub unit: UnitId,
    /// What was decided.
    pub words: String,
    /// From which day.
    pub from: NaiveDate,
    /// The last day, where there is one.
    pub to: Option<NaiveDate>,
}

/// Something that was agreed to be done.
#[derive(Debug)]
pub struct NewAgreed {
    /// What.
    pub what: String,
    /// By whom.
    pub employee: EmployeeId,
    /// By when.
    pub due_on: NaiveDate,
}

#[derive(QueryableByName)]
struct NeedRow {
    #[diesel(sql_type = SqlUuid)]
    young_person_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    writing_unit_id: Uuid,
    #[diesel(sql_type = Bool)]
    open: bool,
    #[diesel(sql_type = Bool)]
    acute: bool,
    #[diesel(sql_type = Bool)]
    overdue: bool,
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Somebody who is called to a meeting, as it is stored.
#[derive(QueryableByName)]
struct ExpectedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    party: String,
    #[diesel(sql_type = Bool)]
    excused: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    employee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    unit_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    department: Option<String>,
}

impl TryFrom<ExpectedRow> for Expected {
    type Error = StoreError;

    fn try_from(row: ExpectedRow) -> Result<Self, StoreError> {
        let corrupt =
            |column| move |_| StoreError::Corrupt { table: "meeting_participant", column };
        let called = match (row.employee_id, row.unit_id, row.department) {
            (Some(employee), Some(unit), Some(department)) => Some(Called {
                employee: employee.into(),
                unit: unit.into(),
                department: department.parse().map_err(corrupt("unit_id"))?,
            }),
            _ => None,
        };
        let party = row.party.parse().map_err(corrupt("party"))?;
        Ok(Self { id: row.id, party, excused: row.excused, called })
    }
}

/// Those who are called, column by column, so that one statement stores them all.
#[derive(Default)]
struct PartyColumns<'a> {
    ids: Vec<Uuid>,
    parties: Vec<&'static str>,
    units: Vec<Option<Uuid>>,
    employees: Vec<Option<Uuid>>,
    names: Vec<Option<&'a str>>,
    roles: Vec<Option<&'static str>>,
    organisations: Vec<Option<&'a str>>,
}

impl<'a> PartyColumns<'a> {
    fn of(parties: &'a NewParties<'_>) -> Self {
        let mut columns = Self::default();
        if parties.young_person {
            columns.push(Party::YoungPerson, None, None);
        }
        for called in parties.employees {
            columns.push(Party::Employee, Some(called), None);
        }
        for party in parties.outside {
            columns.push(Party::Outside, None, Some(party));
        }
        columns
    }

    fn push(&mut self, party: Party, called: Option<&Called>, outside: Option<&'a OutsideParty>) {
        self.ids.push(Uuid::now_v7());
        self.parties.push(party.into());
        self.units.push(called.map(|one| one.unit.0));
        self.employees.push(called.map(|one| one.employee.0));
        self.names.push(outside.map(|one| one.name.as_str()));
        self.roles.push(outside.map(|one| one.role.into()));
        self.organisations.push(outside.and_then(|one| one.organisation.as_deref()));
    }
}

impl Tx {
    /// The need that a meeting is held for, as its rules ask for it; none where it does not exist for the caller.
    pub async fn met_need(
        &mut self,
        id: Uuid,
    ) -> Result<Option<(YoungPersonId, MetNeed)>, StoreError> {
        let row: Option<NeedRow> = diesel::sql_query(
            "SELECT n.young_person_id, n.writing_unit_id, n.state = 'open' AS open, n.acute,
                    need_is_overdue(n.id) AS overdue
               FROM transition_need n WHERE n.id = $1",
        )
        .bind::<SqlUuid, _>(id)
        .get_result(self.conn())
        .await
        .optional()?;
        Ok(row.map(|row| {
            let need = MetNeed {
                open: row.open,
                acute: row.acute,
                overdue: row.overdue,
                raised_by: row.writing_unit_id.into(),
            };
            (row.young_person_id.into(), need)
        }))
    }

    /// A meeting, as its rules ask for it; none where it does not exist for the caller.
    pub async fn meeting(&mut self, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
        let row: Option<MeetingRow> = meeting::table
            .find(id.0)
            .select(MeetingRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// The same, locked until the transaction ends.
    pub async fn lock_meeting(&mut self, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
        let row: Option<MeetingRow> = meeting::table
            .find(id.0)
            .select(MeetingRow::as_select())
            .for_update()
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// The need of a meeting; none of a network meeting.
    pub async fn need_of_meeting(&mut self, id: MeetingId) -> Result<Option<Uuid>, StoreError> {
        Ok(meeting::table.find(id.0).select(meeting::need_id).first(self.conn()).await?)
    }

    /// Was it moved because somebody is ill?
    pub async fn was_moved_for_illness(&mut self, id: MeetingId) -> Result<bool, StoreError> {
        let moves = meeting_move::table
            .filter(meeting_move::meeting_id.eq(id.0))
            .filter(meeting_move::because.eq(<&str>::from(MoveBecause::Illness)));
        Ok(diesel::select(diesel::dsl::exists(moves)).get_result(self.conn()).await?)
    }

    /// Those of the municipality who are called to a meeting and did not tell that they cannot come.
    pub async fn employees_of_meeting(
        &mut self,
        id: MeetingId,
    ) -> Result<Vec<EmployeeId>, StoreError> {
        let rows: Vec<Option<Uuid>> = meeting_participant::table
            .filter(meeting_participant::meeting_id.eq(id.0))
            .filter(meeting_participant::excused_at.is_null())
            .filter(meeting_participant::employee_id.is_not_null())
            .select(meeting_participant::employee_id)
            .load(self.conn())
            .await?;
        Ok(rows.into_iter().flatten().map(Into::into).collect())
    }

    /// Stores a meeting that is called.
    pub async fn call_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        new: &NewMeeting<'_>,
    ) -> Result<MeetingId, StoreError> {
        let (id, now) = (MeetingId(Uuid::now_v7()), self.now());
        let (need, pregnancy) = match new.held_for {
            HeldFor::Need(need) => (Some(need), None),
            HeldFor::Pregnancy(pregnancy, no) => (None, Some((pregnancy, no))),
        };
        diesel::insert_into(meeting::table)
            .values((
                meeting::id.eq(id.0),
                meeting::young_person_id.eq(new.young_person.0),
                meeting::writing_unit_id.eq(permit.unit().0),
                meeting::information_area.eq(new.kind.area().bit()),
                meeting::kind.eq(<&str>::from(new.kind)),
                meeting::need_id.eq(need),
                meeting::pregnancy_id.eq(pregnancy.map(|(id, _)| id.0)),
                meeting::network_no.eq(pregnancy.map(|(_, no)| no)),
                meeting::without_because.eq(new.without_because),
                meeting::slot_id.eq(new.place.slot.map(|slot| slot.0)),
                meeting::room_id.eq(new.place.room.0),
                meeting::starts_at.eq(new.place.starts_at),
                meeting::ends_at.eq(new.place.ends_at),
                meeting::outside_because.eq(new.place.outside_because.map(<&str>::from)),
                meeting::place_protected.eq(new.place_protected),
                meeting::called_by_id.eq(permit.employee().0),
                meeting::called_at.eq(now),
                meeting::changed_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Calls people to a meeting of the young person's.
    pub async fn call_parties(
        &mut self,
        permit: &Permit<CallMeeting>,
        id: MeetingId,
        parties: &NewParties<'_>,
    ) -> Result<(), StoreError> {
        let (now, columns) = (self.now(), PartyColumns::of(parties));
        diesel::sql_query(
            "INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, party, unit_id, employee_id, name,
                                              role, organisation, invited_at)
             SELECT p.id, m.id, m.young_person_id, $2, m.busy, p.party, p.unit_id, p.employee_id, p.name, p.role, p.organisation, $3
               FROM meeting m
              CROSS JOIN unnest($4, $5, $6, $7, $8, $9, $10) p (id, party, unit_id, employee_id, name, role, organisation)
              WHERE m.id = $1",
        )
        .bind::<SqlUuid, _>(id.0)
        .bind::<SqlUuid, _>(permit.unit().0)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(columns.ids)
        .bind::<Array<Text>, _>(columns.parties)
        .bind::<Array<Nullable<SqlUuid>>, _>(columns.units)
        .bind::<Array<Nullable<SqlUuid>>, _>(columns.employees)
        .bind::<Array<Nullable<Text>>, _>(columns.names)
        .bind::<Array<Nullable<Text>>, _>(columns.roles)
        .bind::<Array<Nullable<Text>>, _>(columns.organisations)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Calls those again who told that they cannot come, and can.
    pub async fn call_again(
        &mut self,
        permit: &Permit<CallMeeting>,
        id: MeetingId,
        employees: &[EmployeeId],
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::update(meeting_participant::table)
            .filter(meeting_participant::young_person_id.eq(permit.person()?.0))
            .filter(meeting_participant::meeting_id.eq(id.0))
            .filter(meeting_participant::employee_id.eq_any(employees.iter().map(|one| one.0)))
            .set((
                meeting_participant::invited_at.eq(now),
                meeting_participant::excused_at.eq(None::<DateTime<Utc>>),
                meeting_participant::excuse.eq(None::<&str>),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// How many take part in a meeting, whether they can come or not.
    pub async fn parties_of_meeting(&mut self, id: MeetingId) -> Result<i64, StoreError> {
        let parties = meeting_participant::table.filter(meeting_participant::meeting_id.eq(id.0));
        Ok(parties.count().get_result(self.conn()).await?)
    }

    /// Moves a meeting that was locked; what it was is kept (TM-10).
    pub async fn move_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &Meeting,
        place: &Place,
        (because, reason): (MoveBecause, &str),
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::insert_into(meeting_move::table)
            .values((
                meeting_move::id.eq(Uuid::now_v7()),
                meeting_move::meeting_id.eq(before.id.0),
                meeting_move::young_person_id.eq(before.young_person.0),
                meeting_move::writing_unit_id.eq(permit.unit().0),
                meeting_move::room_id.eq(before.place.room.0),
                meeting_move::starts_at.eq(before.place.starts_at),
                meeting_move::ends_at.eq(before.place.ends_at),
                meeting_move::because.eq(<&str>::from(because)),
                meeting_move::reason.eq(reason),
                meeting_move::moved_by_id.eq(permit.employee().0),
                meeting_move::moved_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        let moved = (
            meeting::slot_id.eq(place.slot.map(|slot| slot.0)),
            meeting::room_id.eq(place.room.0),
            meeting::starts_at.eq(place.starts_at),
            meeting::ends_at.eq(place.ends_at),
            meeting::outside_because.eq(place.outside_because.map(<&str>::from)),
            meeting::changed_at.eq(now),
            meeting::version.eq(before.version + 1),
        );
        let changed = diesel::update(meeting::table.find(before.id.0))
            .filter(meeting::version.eq(before.version))
            .set(moved)
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Cancels a meeting that was locked: room and people are free, and it stays on record.
    pub async fn cancel_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &Meeting,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let changed = diesel::update(meeting::table.find(before.id.0))
            .filter(meeting::young_person_id.eq(permit.person()?.0))
            .filter(meeting::version.eq(before.version))
            .set((
                meeting::state.eq(<&str>::from(MeetingState::Cancelled)),
                meeting::cancelled_at.eq(now),
                meeting::cancel_reason.eq(reason),
                meeting::changed_at.eq(now),
                meeting::version.eq(before.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Something about a meeting that was locked changed which is not its own: it is another version.
    pub async fn touch_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &Meeting,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(meeting::table.find(before.id.0))
            .filter(meeting::young_person_id.eq(permit.person()?.0))
            .filter(meeting::version.eq(before.version))
            .set(meeting::version.eq(before.version + 1))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Tells whether the place of a meeting that was locked gives somebody away: calendars that have it drop it, or get it.
    pub async fn protect_place(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &Meeting,
        protected: bool,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let changed = diesel::update(meeting::table.find(before.id.0))
            .filter(meeting::young_person_id.eq(permit.person()?.0))
            .filter(meeting::version.eq(before.version))
            .set((
                meeting::place_protected.eq(protected),
                meeting::changed_at.eq(now),
                meeting::version.eq(before.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Whom a meeting expects.
    pub async fn expected_at(&mut self, id: MeetingId) -> Result<Vec<Expected>, StoreError> {
        let rows: Vec<ExpectedRow> = diesel::sql_query(
            "SELECT p.id, p.party, p.excused_at IS NOT NULL AS excused, p.employee_id, p.unit_id, u.department
               FROM meeting_participant p LEFT JOIN unit u ON u.id = p.unit_id WHERE p.meeting_id = $1 ORDER BY p.id",
        )
        .bind::<SqlUuid, _>(id.0)
        .load(self.conn())
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Somebody who was called cannot come. False where they are none of the meeting's, or told so already.
    pub async fn excuse(
        &mut self,
        permit: &Permit<CallMeeting>,
        id: MeetingId,
        participant: Uuid,
        excuse: &str,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        let excused = diesel::update(meeting_participant::table.find(participant))
            .filter(meeting_participant::young_person_id.eq(permit.person()?.0))
            .filter(meeting_participant::meeting_id.eq(id.0))
            .filter(meeting_participant::excused_at.is_null())
            .set((meeting_participant::excused_at.eq(now), meeting_participant::excuse.eq(excuse)))
            .execute(self.conn())
            .await?;
        if excused == 0 {
            self.does_not_see(participant);
        }
        Ok(excused == 1)
    }

    /// The minutes of a held meeting were sent to somebody outside. False where they are nobody of that, or have them.
    pub async fn minutes_sent(
        &mut self,
        permit: &Permit<CallMeeting>,
        id: MeetingId,
        participant: Uuid,
        basis: &Basis,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        let sent = diesel::update(meeting_participant::table.find(participant))
            .filter(meeting_participant::young_person_id.eq(permit.person()?.0))
            .filter(meeting_participant::meeting_id.eq(id.0))
            .filter(meeting_participant::party.eq("outside"))
            .filter(meeting_participant::minutes_sent_at.is_null())
            .set((
                meeting_participant::minutes_sent_at.eq(now),
                meeting_participant::basis_kind.eq(<&str>::from(basis.kind())),
                meeting_participant::basis_paragraph.eq(basis.paragraph()),
                meeting_participant::basis_words.eq(basis.words()),
            ))
            .execute(self.conn())
            .await?;
        if sent == 0 {
            self.does_not_see(participant);
        }
        Ok(sent == 1)
    }

    /// A meeting that was locked was held: who came, and what was said.
    pub async fn hold_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &Meeting,
        attendance: &[Attendance],
        minutes: &Minutes,
        receiver: Option<Receiver>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        for told in attendance {
            diesel::update(meeting_participant::table.find(told.participant_id))
                .filter(meeting_participant::meeting_id.eq(before.id.0))
                .set((
                    meeting_participant::came.eq(told.came),
                    meeting_participant::absence_reason.eq(&told.absence_reason),
                ))
                .execute(self.conn())
                .await?;
        }
        let changed = diesel::update(meeting::table.find(before.id.0))
            .filter(meeting::version.eq(before.version))
            .set((
                meeting::state.eq(<&str>::from(MeetingState::Held)),
                meeting::held_at.eq(now),
                meeting::changed_at.eq(now),
                meeting::version.eq(before.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        diesel::insert_into(meeting_minutes::table)
            .values((
                meeting_minutes::id.eq(Uuid::now_v7()),
                meeting_minutes::meeting_id.eq(before.id.0),
                meeting_minutes::young_person_id.eq(before.young_person.0),
                meeting_minutes::writing_unit_id.eq(permit.unit().0),
                meeting_minutes::receiving_unit_id.eq(receiver.map(|one| one.unit_id.0)),
                meeting_minutes::responsible_id.eq(receiver.map(|one| one.employee_id.0)),
                minutes,
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// A decision of a meeting that was held. On law that is not in force, or not for them, it is refused.
    pub async fn decide_at_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        of: &Meeting,
        decision: &NewDecision,
    ) -> Result<(), StoreError> {
        diesel::insert_into(meeting_decision::table)
            .values((
                meeting_decision::id.eq(Uuid::now_v7()),
                meeting_decision::meeting_id.eq(of.id.0),
                meeting_decision::young_person_id.eq(of.young_person.0),
                meeting_decision::writing_unit_id.eq(permit.unit().0),
                meeting_decision::legal_basis.eq(&decision.legal_basis),
                meeting_decision::deciding_unit_id.eq(decision.unit.0),
                meeting_decision::words.eq(&decision.words),
                meeting_decision::from_day.eq(decision.from),
                meeting_decision::to_day.eq(decision.to),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// TM-9: who decides under which law follows from a decision, made on the day of the meeting. None where it is on record
    /// already, for some of those days.
    pub async fn decides_since_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        of: &Meeting,
        decision: &NewDecision,
    ) -> Result<Option<Uuid>, StoreError> {
        let now = self.now();
        let made: Option<Made> = diesel::sql_query(
            "INSERT INTO statutory_responsibility (id, young_person_id, writing_unit_id, unit_id, legal_basis_code, from_day, to_day,
                                                   decided_on, decided_by_id, recorded_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 ON CONFLICT ON CONSTRAINT \"responsibility.already-held\" DO NOTHING RETURNING id",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(of.young_person.0)
        .bind::<SqlUuid, _>(permit.unit().0)
        .bind::<SqlUuid, _>(decision.unit.0)
        .bind::<Text, _>(&decision.legal_basis)
        .bind::<Date, _>(decision.from)
        .bind::<Nullable<Date>, _>(decision.to)
        .bind::<Date, _>(of.day())
        .bind::<SqlUuid, _>(permit.employee().0)
        .bind::<Timestamptz, _>(now)
        .get_result(self.conn())
        .await
        .optional()?;
        Ok(made.map(|made| made.id))
    }

    /// What a meeting that was held agreed to be done, and the task of whoever is to do it.
    pub async fn agree_at_meeting(
        &mut self,
        permit: &Permit<CallMeeting>,
        of: &Meeting,
        agreed: &NewAgreed,
    ) -> Result<(), StoreError> {
        let id = Uuid::now_v7();
        diesel::insert_into(meeting_task::table)
            .values((
                meeting_task::id.eq(id),
                meeting_task::meeting_id.eq(of.id.0),
                meeting_task::young_person_id.eq(of.young_person.0),
                meeting_task::writing_unit_id.eq(permit.unit().0),
                meeting_task::what.eq(&agreed.what),
                meeting_task::employee_id.eq(agreed.employee.0),
                meeting_task::due_on.eq(agreed.due_on),
            ))
            .execute(self.conn())
            .await?;
        self.ask_as_agreed(permit, of, agreed, id).await
    }

    async fn ask_as_agreed(
        &mut self,
        permit: &Permit<CallMeeting>,
        of: &Meeting,
        agreed: &NewAgreed,
        subject: Uuid,
    ) -> Result<(), StoreError> {
        use crate::schema::task;
        use domain::tasks::TaskKind;
        let now = self.now();
        diesel::insert_into(task::table)
            .values((
                task::id.eq(Uuid::now_v7()),
                task::young_person_id.eq(of.young_person.0),
                task::information_area.eq(of.kind.area().bit()),
                task::writing_unit_id.eq(permit.unit().0),
                task::kind.eq(<&str>::from(TaskKind::AgreedAtMeeting)),
                task::subject_id.eq(subject),
                task::employee_id.eq(agreed.employee.0),
                task::original_due_on.eq(agreed.due_on),
                task::made_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// TM-8: a held meeting gives the receiving unit access to the young person until it accepts.
    pub async fn open_to_receiver(&mut self, of: &Meeting) -> Result<(), StoreError> {
        diesel::select(open_to_receiver(of.id.0)).execute(self.conn()).await?;
        Ok(())
    }

    /// The open plan of a young person, locked; none where there is none, or not for the caller.
    pub async fn lock_open_plan_of(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Option<Plan>, StoreError> {
        let found: Option<Uuid> = plan::table
            .filter(plan::young_person_id.eq(young_person.0))
            .filter(plan::state.ne("closed"))
            .select(plan::id)
            .first(self.conn())
            .await
            .optional()?;
        match found {
            Some(id) => self.lock_seen_plan(id.into()).await,
            None => Ok(None),
        }
    }

    /// Is somebody called to a meeting?
    pub async fn is_called_to(
        &mut self,
        id: MeetingId,
        who: EmployeeId,
    ) -> Result<bool, StoreError> {
        let called = meeting_participant::table
            .filter(meeting_participant::meeting_id.eq(id.0))
            .filter(meeting_participant::employee_id.eq(who.0));
        Ok(diesel::select(diesel::dsl::exists(called)).get_result(self.conn()).await?)
    }

    /// Does the legal basis exist?
    pub async fn is_legal_basis(&mut self, code: &str) -> Result<bool, StoreError> {
        use crate::schema::legal_basis;
        let known = legal_basis::table.find(code);
        Ok(diesel::select(diesel::dsl::exists(known)).get_result(self.conn()).await?)
    }
}
