//! Groups with sessions in the week, and their members (IV-12).

use super::views::SessionRow;
use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::schema::{group_member, group_session, intervention_group};
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Json, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::policy::SetUpGroups;
use domain::access::{Areas, Permit};
use domain::courses::{Group, Session};
use domain::ids::{GroupId, InterventionId, UnitId};
use uuid::Uuid;

diesel::define_sql_function! {
    /// The most members on any day from that one on.
    fn group_members(of_group: SqlUuid, first: Date) -> BigInt;
}

/// A group with its sessions, and how many it has.
#[derive(Debug, Clone, QueryableByName)]
pub struct GroupFile {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub provider_unit_id: Uuid,
    /// Of which offer.
    #[diesel(sql_type = Nullable<Text>)]
    pub catalogue_code: Option<String>,
    /// What it is called.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// Its first day.
    #[diesel(sql_type = Date)]
    pub from_day: NaiveDate,
    /// Its last day, once it is known.
    #[diesel(sql_type = Nullable<Date>)]
    pub to_day: Option<NaiveDate>,
    /// How many it takes at once.
    #[diesel(sql_type = Nullable<Integer>)]
    pub size: Option<i32>,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// In the order of the week.
    #[diesel(sql_type = Json)]
    pub sessions: FromJson<Vec<SessionRow>>,
    /// How many it has at most on any day from today on, whoever they are.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
}

/// A member whom the caller may see.
#[derive(Debug, Clone, QueryableByName)]
pub struct MemberRow {
    /// The intervention.
    #[diesel(sql_type = SqlUuid)]
    pub intervention_id: Uuid,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    basis_id: Uuid,
    #[diesel(sql_type = Integer)]
    information_area: i32,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_day: NaiveDate,
}

/// What a group is besides its rules.
#[derive(Debug)]
pub struct NewGroup<'a> {
    /// What it is called.
    pub title: &'a str,
    /// Of which offer.
    pub catalogue_code: Option<&'a str>,
    /// Its sessions in the week.
    pub sessions: &'a [Session],
}

impl Tx {
    /// Stores a new group with its sessions.
    pub async fn set_up_group(
        &mut self,
        _permit: &Permit<SetUpGroups>,
        group: &Group,
        new: &NewGroup<'_>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(intervention_group::table)
            .values((
                intervention_group::id.eq(group.id.0),
                intervention_group::provider_unit_id.eq(group.provider.0),
                intervention_group::catalogue_code.eq(new.catalogue_code),
                intervention_group::title.eq(new.title),
                intervention_group::from_day.eq(group.from),
                intervention_group::to_day.eq(group.to),
                intervention_group::size.eq(group.size),
            ))
            .execute(self.conn())
            .await?;
        let sessions: Vec<_> = new
            .sessions
            .iter()
            .map(|session| {
                (
                    group_session::group_id.eq(group.id.0),
                    group_session::weekday.eq(session.weekday.number()),
                    group_session::from_minute.eq(session.from.minutes()),
                    group_session::to_minute.eq(session.to.minutes()),
                )
            })
            .collect();
        diesel::insert_into(group_session::table).values(sessions).execute(self.conn()).await?;
        Ok(())
    }

    /// The group, locked until the transaction ends, before its members are counted.
    pub async fn lock_group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        diesel::sql_query("SELECT lock_group($1)")
            .bind::<SqlUuid, _>(id.0)
            .execute(self.conn())
            .await?;
        self.group(id).await
    }

    /// The group.
    pub async fn group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let found: Option<(Uuid, NaiveDate, Option<NaiveDate>, Option<i32>)> =
            intervention_group::table
                .find(id.0)
                .select((
                    intervention_group::provider_unit_id,
                    intervention_group::from_day,
                    intervention_group::to_day,
                    intervention_group::size,
                ))
                .first(self.conn())
                .await
                .optional()?;
        Ok(found.map(|(provider, from, to, size)| Group {
            id,
            provider: provider.into(),
            from,
            to,
            size,
        }))
    }

    /// How many members a group has at most on any day from `first` on, whoever they are.
    pub async fn group_members(
        &mut self,
        id: GroupId,
        first: NaiveDate,
    ) -> Result<i64, StoreError> {
        Ok(diesel::select(group_members(id.0, first)).get_result(self.conn()).await?)
    }

    /// One group, or a page of them, newest first: of one provider, or of all.
    pub async fn groups(
        &mut self,
        only: Option<GroupId>,
        of_provider: Option<UnitId>,
        before: Option<Uuid>,
        today: NaiveDate,
        limit: i64,
    ) -> Result<Vec<GroupFile>, StoreError> {
        Ok(diesel::sql_query(
            "SELECT g.*, (SELECT coalesce(json_agg(s ORDER BY s.weekday, s.from_minute), '[]')
                            FROM group_session s WHERE s.group_id = g.id) AS sessions, group_members(g.id, $4) AS members
               FROM intervention_group g
              WHERE ($1 IS NULL OR g.id = $1) AND ($2 IS NULL OR g.provider_unit_id = $2) AND ($3 IS NULL OR g.id < $3)
              ORDER BY g.id DESC LIMIT $5",
        )
        .bind::<Nullable<SqlUuid>, _>(only.map(|id| id.0))
        .bind::<Nullable<SqlUuid>, _>(of_provider.map(|unit| unit.0))
        .bind::<Nullable<SqlUuid>, _>(before)
        .bind::<Date, _>(today)
        .bind::<BigInt, _>(limit)
        .load(self.conn())
        .await?)
    }

    /// The members whom the caller may see and who have not left, in order of joining. Each is on the
    /// access log.
    pub async fn visible_members(
        &mut self,
        id: GroupId,
        today: NaiveDate,
    ) -> Result<Vec<MemberRow>, StoreError> {
        let members: Vec<MemberRow> = diesel::sql_query(
            "SELECT m.intervention_id, m.young_person_id, f.basis_id, f.information_area, m.from_day
               FROM group_member m JOIN intervention_file f ON f.id = m.intervention_id
              WHERE m.group_id = $1 AND (m.until_day IS NULL OR m.until_day > $2)
                AND f.state NOT IN ('withdrawn', 'declined') AND (f.ended_on IS NULL OR f.ended_on > $2)
              ORDER BY m.from_day, m.id",
        )
        .bind::<SqlUuid, _>(id.0)
        .bind::<Date, _>(today)
        .load(self.conn())
        .await?;
        for member in &members {
            self.saw(
                member.young_person_id.into(),
                member.basis_id.into(),
                Areas(member.information_area),
            );
        }
        Ok(members)
    }

    /// Since when the intervention is a member; none where it is none.
    pub async fn member_since(
        &mut self,
        group: GroupId,
        id: InterventionId,
    ) -> Result<Option<NaiveDate>, StoreError> {
        Ok(group_member::table
            .filter(group_member::group_id.eq(group.0))
            .filter(group_member::intervention_id.eq(id.0))
            .filter(group_member::until_day.is_null())
            .select(group_member::from_day)
            .first(self.conn())
            .await
            .optional()?)
    }

    pub(super) async fn store_membership(
        &mut self,
        id: InterventionId,
        group: GroupId,
        from: NaiveDate,
    ) -> Result<(), StoreError> {
        diesel::sql_query(
            "INSERT INTO group_member (id, group_id, intervention_id, young_person_id, information_area,
                 writing_unit_id, providing_unit_id, from_day)
             SELECT $2, $3, id, young_person_id, information_area, writing_unit_id, providing_unit_id, $4
               FROM intervention WHERE id = $1",
        )
        .bind::<SqlUuid, _>(id.0)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(group.0)
        .bind::<Date, _>(from)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    pub(super) async fn end_membership(
        &mut self,
        id: InterventionId,
        group: GroupId,
        on: NaiveDate,
    ) -> Result<(), StoreError> {
        let ended = diesel::update(group_member::table)
            .filter(group_member::group_id.eq(group.0))
            .filter(group_member::intervention_id.eq(id.0))
            .filter(group_member::until_day.is_null())
            .set(group_member::until_day.eq(on))
            .execute(self.conn())
            .await?;
        if ended == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}
