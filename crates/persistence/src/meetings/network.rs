//! A pregnancy, and the two network meetings about it (NM-1 to NM-3).

use crate::error::StoreError;
use crate::schema::{meeting, pregnancy};
use crate::store::Tx;
use crate::tasks::done;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::policy::{CallMeeting, RegisterPregnancy};
use domain::access::{InformationArea, Permit};
use domain::ids::{PregnancyId, YoungPersonId};
use domain::meetings::{Meeting, Pregnancy};
use domain::tasks::TaskKind;
use uuid::Uuid;

/// A pregnancy.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = pregnancy)]
pub struct PregnancyRow {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// Who calls the meetings: the unit that registered it.
    pub writing_unit_id: Uuid,
    /// Since when it is known.
    pub known_on: NaiveDate,
    /// When the child was born.
    pub born_on: Option<NaiveDate>,
    /// From when on there are no (more) meetings about it.
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub end_reason: Option<String>,
    /// The network around the young person, in words.
    pub network_map: Option<String>,
    /// Who registered it.
    pub registered_by_id: Uuid,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// The `ETag`.
    pub version: i64,
}

impl PregnancyRow {
    /// As the rules ask for it.
    #[must_use]
    pub const fn known(&self) -> Pregnancy {
        Pregnancy { known_on: self.known_on, born_on: self.born_on, ended_on: self.ended_on }
    }
}

impl Tx {
    /// Registers a pregnancy, and asks for the first meeting.
    pub async fn register_pregnancy(
        &mut self,
        permit: &Permit<RegisterPregnancy>,
        young_person: YoungPersonId,
        known_on: NaiveDate,
        network_map: Option<&str>,
    ) -> Result<PregnancyId, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(pregnancy::table)
            .values((
                pregnancy::id.eq(id),
                pregnancy::young_person_id.eq(young_person.0),
                pregnancy::writing_unit_id.eq(permit.unit().0),
                pregnancy::known_on.eq(known_on),
                pregnancy::network_map.eq(network_map),
                pregnancy::registered_by_id.eq(permit.employee().0),
                pregnancy::registered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        self.ask_network_meeting(TaskKind::HoldFirstNetworkMeeting, id, known_on).await?;
        Ok(id.into())
    }

    /// The pregnancies of a young person that the caller sees, the latest first.
    pub async fn pregnancies(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<PregnancyRow>, StoreError> {
        Ok(pregnancy::table
            .filter(pregnancy::young_person_id.eq(young_person.0))
            .order((pregnancy::known_on.desc(), pregnancy::id.desc()))
            .select(PregnancyRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// A pregnancy; none where it does not exist for the caller.
    pub async fn pregnancy(&mut self, id: PregnancyId) -> Result<Option<PregnancyRow>, StoreError> {
        Ok(pregnancy::table
            .find(id.0)
            .select(PregnancyRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Tells that the child was born, and what the network is now, and asks for the second meeting.
    pub async fn tell_birth(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &PregnancyRow,
        born_on: NaiveDate,
        network_map: Option<&str>,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(pregnancy::table.find(before.id))
            .filter(pregnancy::young_person_id.eq(permit.person()?.0))
            .filter(pregnancy::version.eq(before.version))
            .filter(pregnancy::born_on.is_null())
            .set((
                pregnancy::born_on.eq(born_on),
                network_map.map(|map| pregnancy::network_map.eq(map)),
                pregnancy::version.eq(before.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        self.ask_network_meeting(TaskKind::HoldSecondNetworkMeeting, before.id, born_on).await
    }

    /// Tells that there are no (more) meetings about a pregnancy, and why: what was asked for lapses.
    pub async fn end_pregnancy(
        &mut self,
        permit: &Permit<CallMeeting>,
        before: &PregnancyRow,
        ended_on: NaiveDate,
        because: &str,
    ) -> Result<(), StoreError> {
        let changed = diesel::update(pregnancy::table.find(before.id))
            .filter(pregnancy::young_person_id.eq(permit.person()?.0))
            .filter(pregnancy::version.eq(before.version))
            .set((
                pregnancy::ended_on.eq(ended_on),
                pregnancy::end_reason.eq(because),
                pregnancy::version.eq(before.version + 1),
            ))
            .execute(self.conn())
            .await?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        self.all_tasks_done(before.id).await
    }

    /// The pregnancy that lacks a meeting that can be called now, and which one: the first one known goes first (NM-1).
    pub async fn next_network_meeting(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Option<(PregnancyRow, i32)>, StoreError> {
        let called: Vec<(Option<Uuid>, Option<i32>)> = meeting::table
            .filter(meeting::young_person_id.eq(young_person.0))
            .filter(meeting::pregnancy_id.is_not_null())
            .filter(meeting::state.ne("cancelled"))
            .select((meeting::pregnancy_id, meeting::network_no))
            .load(self.conn())
            .await?;
        let latest_first = self.pregnancies(young_person).await?;
        Ok(latest_first.into_iter().rev().find_map(|row| {
            let of_this = called.iter().filter(|(about, _)| *about == Some(row.id));
            let there: Vec<i32> = of_this.filter_map(|(_, no)| *no).collect();
            row.known().next_meeting(&there).map(|no| (row, no))
        }))
    }

    /// A network meeting was held: it is asked for no more, since the moment at which it began.
    pub async fn network_meeting_held(&mut self, of: &Meeting) -> Result<(), StoreError> {
        let (about, no): (Option<Uuid>, Option<i32>) = meeting::table
            .find(of.id.0)
            .select((meeting::pregnancy_id, meeting::network_no))
            .first(self.conn())
            .await?;
        let kind = if no == Some(1) {
            TaskKind::HoldFirstNetworkMeeting
        } else {
            TaskKind::HoldSecondNetworkMeeting
        };
        match about {
            Some(about) => done(self.conn(), kind, about, of.place.starts_at).await,
            None => Ok(()),
        }
    }

    /// Asks whoever registered the pregnancy for a meeting, in the time that its rule gives.
    async fn ask_network_meeting(
        &mut self,
        kind: TaskKind,
        about: Uuid,
        from: NaiveDate,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::sql_query(
            "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id,
                               original_due_on, made_at)
             SELECT $1, p.young_person_id, $2, p.writing_unit_id, $3, p.id, p.registered_by_id, deadline_of($3, $4), $5
               FROM pregnancy p WHERE p.id = $6",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Integer, _>(InformationArea::Health.bit())
        .bind::<Text, _>(<&str>::from(kind))
        .bind::<Date, _>(from)
        .bind::<Timestamptz, _>(now)
        .bind::<SqlUuid, _>(about)
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
