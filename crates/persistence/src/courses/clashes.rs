//! What is planned for a young person, gathered beyond the caller's sight, and what of it the caller sees.

use super::views::SessionRow;
use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::read_models::intervention_file;
use crate::schema::catalogue_entry;
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Json, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::{Areas, InformationArea};
use domain::courses::{Days, Held, Planned};
use domain::ids::{EmployeeId, InterventionId, PlanId, YoungPersonId};
use domain::interventions::Subject;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

diesel::define_sql_function! {
    /// Who coordinates the open plan of a young person.
    fn coordinator_to_ask(of_person: SqlUuid) -> Nullable<SqlUuid>;
}

/// Interventions that the caller sees, with what they are called.
pub type Titles = HashMap<InterventionId, String>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = intervention_file)]
struct TitleRow {
    id: Uuid,
    young_person_id: Uuid,
    basis_id: Uuid,
    information_area: i32,
    title: String,
}

#[derive(QueryableByName)]
struct PlannedRow {
    #[diesel(sql_type = SqlUuid)]
    intervention_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    catalogue_code: Option<String>,
    #[diesel(sql_type = Bool)]
    mentoring: bool,
    #[diesel(sql_type = Bool)]
    over: bool,
    #[diesel(sql_type = Date)]
    from_day: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    until_day: Option<NaiveDate>,
    #[diesel(sql_type = Json)]
    sessions: FromJson<Vec<SessionRow>>,
}

impl From<PlannedRow> for Planned {
    fn from(row: PlannedRow) -> Self {
        let days = Days { from: row.from_day, until: row.until_day };
        let held = |held: SessionRow| {
            let from = held.from_day.unwrap_or(days.from);
            Held { session: held.session, days: Days { from, until: held.until_day } }
        };
        Self {
            id: row.intervention_id.into(),
            code: row.catalogue_code,
            mentoring: row.mentoring,
            over: row.over,
            days,
            sessions: row.sessions.0.into_iter().map(held).collect(),
        }
    }
}

impl Tx {
    /// All that may clash for a young person: what runs, and what has been. Of what the caller does not
    /// see only when it runs, and that only where they see the plan.
    pub async fn planned_for(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<Planned>, StoreError> {
        let rows: Vec<PlannedRow> = diesel::sql_query("SELECT * FROM planned_for($1)")
            .bind::<SqlUuid, _>(young_person.0)
            .load(self.conn())
            .await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Of these interventions those that the caller may see, with their titles. Each is on the access log.
    pub async fn titles_of(&mut self, ids: &[InterventionId]) -> Result<Titles, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let seen = intervention_file::table
            .filter(intervention_file::id.eq_any(ids))
            .select(TitleRow::as_select())
            .load(self.conn())
            .await?;
        Ok(self.titles(seen))
    }

    /// The same of all those of a plan.
    pub async fn titles_in(&mut self, plan: PlanId) -> Result<Titles, StoreError> {
        let seen = intervention_file::table
            .filter(intervention_file::plan_id.eq(plan.0))
            .select(TitleRow::as_select())
            .load(self.conn())
            .await?;
        Ok(self.titles(seen))
    }

    fn titles(&mut self, seen: Vec<TitleRow>) -> Titles {
        for row in &seen {
            let (person, basis) = (row.young_person_id.into(), row.basis_id.into());
            self.saw(person, basis, Areas(row.information_area));
        }
        seen.into_iter().map(|row| (row.id.into(), row.title)).collect()
    }

    /// The titles of offers by their codes, and the area that interventions of each belong to.
    pub async fn offers_and_areas(
        &mut self,
        codes: &BTreeSet<&String>,
    ) -> Result<Vec<(String, String, InformationArea)>, StoreError> {
        let offers: Vec<(String, String, String)> = catalogue_entry::table
            .filter(catalogue_entry::code.eq_any(codes))
            .select((catalogue_entry::code, catalogue_entry::title, catalogue_entry::area))
            .load(self.conn())
            .await?;
        let corrupt = |_| StoreError::Corrupt { table: "catalogue_entry", column: "area" };
        let with_area = |(code, title, area): (String, String, String)| {
            let subject: Subject = area.parse().map_err(corrupt)?;
            Ok((code, title, subject.information_area()))
        };
        offers.into_iter().map(with_area).collect()
    }

    /// The coordinating caseworker of a young person's open plan: whom to ask about what one does not see.
    pub async fn coordinator_to_ask(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Option<EmployeeId>, StoreError> {
        let who: Option<Uuid> =
            diesel::select(coordinator_to_ask(young_person.0)).get_result(self.conn()).await?;
        Ok(who.map(Into::into))
    }
}
