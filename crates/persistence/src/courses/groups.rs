//! Groups with sessions in the week, and their members (IV-12).

use super::views::SessionRow;
use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::schema::{group_member, group_session, intervention, intervention_group};
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Json, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::SetUpGroups;
use domain::courses::{Group, Session};
use domain::ids::{GroupId, InterventionId, UnitId};
use uuid::Uuid;

diesel::define_sql_function! {
    /// The most members on any day from that one on.
    fn group_members(of_group: SqlUuid, first: Date) -> BigInt;
}

/// `intervention_group` as its rules ask for it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = intervention_group)]
struct GroupRow {
    provider_unit_id: Uuid,
    catalogue_code: Option<String>,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
    size: Option<i32>,
    version: i64,
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
    /// The number of these members that are visible to the caller; the providing unit sees all (AC-8).
    #[diesel(sql_type = BigInt)]
    pub members_seen: i64,
}

/// What a group is besides its rules.
#[derive(Debug)]
pub struct NewGroup<'a> {
    /// What it is called.
    pub title: &'a str,
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
                intervention_group::catalogue_code.eq(&group.catalogue_code),
                intervention_group::title.eq(new.title),
                intervention_group::from_day.eq(group.from),
                intervention_group::to_day.eq(group.to),
                intervention_group::size.eq(group.size),
            ))
            .execute(self.conn())
            .await?;
        self.store_sessions(group.id, new.sessions).await
    }

    /// Stores what a group is from now on: size and last day, and title and sessions where they are others.
    /// Gives its new version.
    pub async fn change_group(
        &mut self,
        _permit: &Permit<SetUpGroups>,
        group: &Group,
        title: Option<&str>,
        sessions: Option<&[Session]>,
    ) -> Result<i64, StoreError> {
        let version = group.version + 1;
        let changed = diesel::update(intervention_group::table.find(group.id.0))
            .filter(intervention_group::version.eq(group.version))
            .set((
                title.map(|title| intervention_group::title.eq(title)),
                intervention_group::to_day.eq(group.to),
                intervention_group::size.eq(group.size),
                intervention_group::version.eq(version),
            ))
            .execute(self.conn())
            .await?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        if let Some(sessions) = sessions {
            let present = group_session::table
                .filter(group_session::group_id.eq(group.id.0))
                .filter(group_session::replaced_at.is_null());
            let now = self.now();
            diesel::update(present)
                .set(group_session::replaced_at.eq(now))
                .execute(self.conn())
                .await?;
            self.store_sessions(group.id, sessions).await?;
        }
        Ok(version)
    }

    async fn store_sessions(
        &mut self,
        group: GroupId,
        sessions: &[Session],
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = sessions
            .iter()
            .map(|session| {
                (
                    group_session::group_id.eq(group.0),
                    group_session::weekday.eq(session.weekday.number()),
                    group_session::from_minute.eq(session.from.minutes()),
                    group_session::to_minute.eq(session.to.minutes()),
                )
            })
            .collect();
        diesel::insert_into(group_session::table).values(rows).execute(self.conn()).await?;
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

    async fn group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let found: Option<GroupRow> = intervention_group::table
            .find(id.0)
            .select(GroupRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        Ok(found.map(|row| Group {
            id,
            provider: row.provider_unit_id.into(),
            catalogue_code: row.catalogue_code,
            from: row.from_day,
            to: row.to_day,
            size: row.size,
            version: row.version,
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
                            FROM group_session s WHERE s.group_id = g.id AND s.replaced_at IS NULL) AS sessions, group_members(g.id, $4) AS members,
                    CASE WHEN g.provider_unit_id = ANY (acting_holders()) THEN group_members(g.id, $4) ELSE (
                        SELECT count(*) FROM group_member m JOIN intervention i ON i.id = m.intervention_id
                         WHERE m.group_id = g.id AND (m.until_day IS NULL OR m.until_day > $4) AND i.state NOT IN ('withdrawn', 'declined')
                           AND (i.ended_on IS NULL OR i.ended_on > $4)) END AS members_seen
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

    /// The members whose rows the caller sees and who have not left, in order of joining: the intervention,
    /// and since when it is one.
    pub async fn visible_members(
        &mut self,
        id: GroupId,
        today: NaiveDate,
    ) -> Result<Vec<(InterventionId, NaiveDate)>, StoreError> {
        let until = group_member::until_day;
        let members: Vec<(Uuid, NaiveDate)> = group_member::table
            .inner_join(intervention::table.on(intervention::id.eq(group_member::intervention_id)))
            .filter(group_member::group_id.eq(id.0))
            .filter(
                until
                    .is_null()
                    .or(until.gt(today).and(until.gt(group_member::from_day.nullable()))),
            )
            .filter(intervention::state.ne_all(["withdrawn", "declined"]))
            .filter(intervention::ended_on.is_null().or(intervention::ended_on.gt(today)))
            .order((group_member::from_day, group_member::id))
            .select((group_member::intervention_id, group_member::from_day))
            .load(self.conn())
            .await?;
        Ok(members.into_iter().map(|(id, from)| (id.into(), from)).collect())
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
        let now = self.now();
        let ended = diesel::update(group_member::table)
            .filter(group_member::group_id.eq(group.0))
            .filter(group_member::intervention_id.eq(id.0))
            .filter(group_member::until_day.is_null())
            .set((group_member::until_day.eq(on), group_member::left_at.eq(now)))
            .execute(self.conn())
            .await?;
        if ended == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}
