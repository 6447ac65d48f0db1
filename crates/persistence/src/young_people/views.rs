//! What is read of young people: case file, list, search. Through views and functions that begin with
//! what the caller may see.

use crate::access::{bases, basis_rows};
use crate::error::StoreError;
use crate::interventions::views::InterventionFile;
use crate::json_rows::FromJson;
use crate::plans::views::PlanFile;
use crate::read_models::case_file;
use crate::schema::meeting;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Float, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::{Actor, Areas, Case};
use domain::ids::{UnitId, YoungPersonId};
use serde::Deserialize;
use uuid::Uuid;

/// All the caller may see of one young person.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = case_file)]
pub struct CaseFile {
    /// Ours.
    pub id: Uuid,
    /// The basis by which it is seen.
    pub basis_id: Uuid,
    /// What the caller's bases open.
    pub areas: i32,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// From the CPR number.
    pub birth_date: NaiveDate,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// The `ETag` of the young person.
    pub version: i64,
    /// Register or replacement number.
    pub identifier_kind: Option<String>,
    /// The open plan, else the last one.
    pub plan: Option<FromJson<PlanFile>>,
    /// Oldest first.
    pub interventions: FromJson<Vec<InterventionFile>>,
    /// What is to be done, soonest first.
    pub tasks: FromJson<Vec<OpenTask>>,
    /// Who has the case, oldest first.
    pub assignments: FromJson<Vec<OpenAssignment>>,
    /// Areas in which there is something that the caller does not see.
    pub hidden_areas: i32,
    /// The target group today; none: no group, or not for the caller.
    pub target_group: Option<i32>,
}

/// Something to be done.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenTask {
    /// Ours.
    pub id: Uuid,
    /// What.
    pub kind: String,
    /// About which plan, intervention …
    pub subject_id: Uuid,
    /// By whom; none where nobody coordinates yet.
    pub employee_id: Option<Uuid>,
    /// By when.
    pub due_on: NaiveDate,
}

/// Somebody who has the case.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenAssignment {
    /// Ours.
    pub id: Uuid,
    /// Doing what.
    pub function: String,
    /// Who.
    pub employee_id: Uuid,
    /// Their name.
    pub employee_name: String,
    /// In which unit.
    pub unit_id: Uuid,
    /// Its name.
    pub unit_name: String,
    /// Since when.
    pub began_at: DateTime<Utc>,
}

/// A meeting of a case file.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meeting)]
pub struct CaseMeeting {
    /// Ours.
    pub id: Uuid,
    /// What for.
    pub kind: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Where it is in its life.
    pub state: String,
}

/// A young person in a list.
#[derive(Debug, Clone, QueryableByName)]
pub struct ListedYoungPerson {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The basis by which they are seen.
    #[diesel(sql_type = SqlUuid)]
    pub basis_id: Uuid,
    /// What the caller's bases open.
    #[diesel(sql_type = Int4)]
    pub areas: i32,
    /// Given name.
    #[diesel(sql_type = Text)]
    pub given_name: String,
    /// Family name.
    #[diesel(sql_type = Text)]
    pub family_name: String,
    /// From the CPR number.
    #[diesel(sql_type = Date)]
    pub birth_date: NaiveDate,
    /// The open plan, else the last one.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub plan_id: Option<Uuid>,
    /// Its state.
    #[diesel(sql_type = Nullable<Text>)]
    pub plan_state: Option<String>,
    /// Who coordinates.
    #[diesel(sql_type = Nullable<Text>)]
    pub coordinating_department: Option<String>,
    /// Interventions under way that the caller may see.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub started_interventions: Option<i64>,
    /// The target group today; none: no group, or not for the caller.
    #[diesel(sql_type = Nullable<Int4>)]
    pub target_group: Option<i32>,
}

/// A young person found by name.
#[derive(Debug, Clone, QueryableByName)]
pub struct FoundYoungPerson {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The basis by which they are seen.
    #[diesel(sql_type = SqlUuid)]
    pub basis_id: Uuid,
    /// Given name.
    #[diesel(sql_type = Text)]
    pub given_name: String,
    /// Family name.
    #[diesel(sql_type = Text)]
    pub family_name: String,
    /// From the CPR number.
    #[diesel(sql_type = Date)]
    pub birth_date: NaiveDate,
    /// How well the name fits, 0 to 1.
    #[diesel(sql_type = Float)]
    pub score: f32,
}

/// A page of the list; a statement of its own, so that it is prepared once per connection.
struct ListPage {
    before: Uuid,
    of_unit: Option<Uuid>,
    of_group: Option<i32>,
    limit: i32,
}

impl QueryId for ListPage {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for ListPage {
    type SqlType = diesel::sql_types::Untyped;
}

impl QueryFragment<Pg> for ListPage {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT * FROM list_young_people(");
        out.push_bind_param::<SqlUuid, _>(&self.before)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&self.of_unit)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Int4>, _>(&self.of_group)?;
        out.push_sql(", ");
        out.push_bind_param::<Int4, _>(&self.limit)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The newest meetings of a case file, past and next.
const MEETINGS: i64 = 10;

impl Tx {
    /// The case file, with who asks and how they stand to it, and the newest meetings that they see; no file where the
    /// young person does not exist for them.
    pub async fn case_file(
        &mut self,
        id: YoungPersonId,
    ) -> Result<(Actor, Case, Option<CaseFile>, Vec<CaseMeeting>), StoreError> {
        let query = case_file::table.find(id.0).select(CaseFile::as_select());
        let meetings = meeting::table
            .filter(meeting::young_person_id.eq(id.0))
            .order((meeting::starts_at.desc(), meeting::id.desc()))
            .limit(MEETINGS)
            .select(CaseMeeting::as_select());
        let (actor, (file, rows, meetings)) = self
            .actor_with(async |conn| {
                let file = async { query.first::<CaseFile>(&mut &*conn).await.optional() };
                let meetings = async { meetings.load(&mut &*conn).await };
                tokio::try_join!(file, basis_rows(conn, id), meetings)
            })
            .await?;
        if let Some(file) = &file {
            self.saw(id, file.basis_id.into(), Areas(file.areas));
        }
        let case = Case { young_person: id, bases: bases(rows)?, provider: None, row: None };
        Ok((actor, case, file, meetings))
    }

    /// `limit` young people whom the caller may see, newest registered first, beginning after `before`;
    /// of one of the caller's units, or of all of theirs; of one target group, as far as the caller may see
    /// it, or of any.
    pub async fn list_young_people(
        &mut self,
        before: Option<YoungPersonId>,
        of_unit: Option<UnitId>,
        of_group: Option<i32>,
        limit: u8,
    ) -> Result<(Actor, Vec<ListedYoungPerson>), StoreError> {
        let page = ListPage {
            before: before.map_or(Uuid::max(), |id| id.0),
            of_unit: of_unit.map(|unit| unit.0),
            of_group,
            limit: i32::from(limit),
        };
        self.actor_with(async |mut conn| page.load(&mut conn).await).await
    }

    /// Young people whose names resemble `words`, best first, among those whom the caller may see.
    pub async fn search_young_people(
        &mut self,
        words: &str,
        limit: u8,
    ) -> Result<Vec<FoundYoungPerson>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM search_young_people($1, $2)")
            .bind::<Text, _>(words)
            .bind::<Int4, _>(i32::from(limit))
            .load(self.conn())
            .await?)
    }
}
