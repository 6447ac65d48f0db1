//! Progress, indicators and held reviews: what was told of a plan, and never changes (PL-4, PL-5, PL-12).

use crate::error::StoreError;
use crate::schema::{employee, goal_progress, plan_indicators, plan_review};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::families::ChangesPlan;
use domain::access::policy::{AmendPlan, TellProgress};
use domain::ids::{GoalId, PlanId};
use domain::plans::{Indicators, NextReview, Plan, Progress, Review};
use uuid::Uuid;

/// How many of a series are read at most: the latest.
const LONGEST_SERIES: i64 = 1000;

/// Who wrote something down.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = employee)]
pub struct Author {
    /// Ours.
    pub id: Uuid,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
}

/// How far somebody is with a goal, as one voice saw it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = goal_progress)]
pub struct ProgressRow {
    /// Ours.
    pub id: Uuid,
    /// Whose view it is.
    pub voice: String,
    /// On which day.
    pub on_day: NaiveDate,
    /// 0 to 10.
    pub score: i16,
    /// What there is to say about it.
    pub note: Option<String>,
    /// When it was written down.
    pub entered_at: DateTime<Utc>,
}

/// A measurement of the indicators.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plan_indicators)]
pub struct IndicatorsRow {
    /// Ours.
    pub id: Uuid,
    /// On which day.
    pub on_day: NaiveDate,
    /// Coping with everyday life.
    pub everyday_coping: Option<i16>,
    /// A realistic reservation wage.
    pub reservation_wage: Option<i16>,
    /// The caseworker's belief.
    pub caseworker_belief: Option<i16>,
    /// A supportive network.
    pub supportive_network: Option<i16>,
}

/// A review that was held.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plan_review)]
pub struct ReviewRow {
    /// Ours.
    pub id: Uuid,
    /// On which day.
    pub on_day: NaiveDate,
    /// Who took part beside the young person.
    pub took_part: Vec<String>,
    /// Did the young person?
    pub young_person_took_part: bool,
    /// What was decided.
    pub decisions: String,
    /// The next one, as it was set then.
    pub next_review_on: NaiveDate,
    /// When it was written down.
    pub entered_at: DateTime<Utc>,
}

impl Tx {
    /// Adds to a voice's series. A second score of the same day breaks the rule
    /// `goal.progress-already-told`.
    pub async fn add_progress(
        &mut self,
        permit: &Permit<TellProgress>,
        plan: &Plan,
        goal: GoalId,
        new: &Progress,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::insert_into(goal_progress::table)
            .values((
                goal_progress::id.eq(Uuid::now_v7()),
                goal_progress::goal_id.eq(goal.0),
                goal_progress::plan_id.eq(plan.id.0),
                goal_progress::young_person_id.eq(plan.young_person.0),
                goal_progress::writing_unit_id.eq(permit.unit().0),
                goal_progress::voice.eq(<&str>::from(new.voice)),
                goal_progress::on_day.eq(new.on),
                goal_progress::score.eq(new.score),
                goal_progress::note.eq(&new.note),
                goal_progress::entered_by_id.eq(permit.employee().0),
                goal_progress::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Both voices' progress on a goal, oldest first.
    pub async fn progress(
        &mut self,
        goal: GoalId,
    ) -> Result<Vec<(ProgressRow, Author)>, StoreError> {
        let mut rows = goal_progress::table
            .inner_join(employee::table.on(employee::id.eq(goal_progress::entered_by_id)))
            .filter(goal_progress::goal_id.eq(goal.0))
            .order((goal_progress::on_day.desc(), goal_progress::id.desc()))
            .limit(LONGEST_SERIES)
            .select((ProgressRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?;
        rows.reverse();
        Ok(rows)
    }

    /// Adds a measurement.
    pub async fn add_indicators(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        new: &Indicators,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::insert_into(plan_indicators::table)
            .values((
                plan_indicators::id.eq(Uuid::now_v7()),
                plan_indicators::plan_id.eq(plan.id.0),
                plan_indicators::young_person_id.eq(plan.young_person.0),
                plan_indicators::writing_unit_id.eq(permit.unit().0),
                plan_indicators::on_day.eq(new.on),
                plan_indicators::everyday_coping.eq(new.everyday_coping),
                plan_indicators::reservation_wage.eq(new.reservation_wage),
                plan_indicators::caseworker_belief.eq(new.caseworker_belief),
                plan_indicators::supportive_network.eq(new.supportive_network),
                plan_indicators::entered_by_id.eq(permit.employee().0),
                plan_indicators::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// All measurements of a plan, oldest first.
    pub async fn indicators(
        &mut self,
        plan: PlanId,
    ) -> Result<Vec<(IndicatorsRow, Author)>, StoreError> {
        let mut rows = plan_indicators::table
            .inner_join(employee::table.on(employee::id.eq(plan_indicators::entered_by_id)))
            .filter(plan_indicators::plan_id.eq(plan.0))
            .order((plan_indicators::on_day.desc(), plan_indicators::id.desc()))
            .limit(LONGEST_SERIES)
            .select((IndicatorsRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?;
        rows.reverse();
        Ok(rows)
    }

    /// Have the plan's indicators been measured already?
    pub async fn is_measured(&mut self, plan: PlanId) -> Result<bool, StoreError> {
        let measured = plan_indicators::table.filter(plan_indicators::plan_id.eq(plan.0));
        Ok(diesel::select(diesel::dsl::exists(measured)).get_result(self.conn()).await?)
    }

    /// Adds a review that was held.
    pub(crate) async fn add_review<A: ChangesPlan>(
        &mut self,
        permit: &Permit<A>,
        plan: &Plan,
        held: &Review,
        next: NextReview,
    ) -> Result<(), StoreError> {
        let now = self.now();
        diesel::insert_into(plan_review::table)
            .values((
                plan_review::id.eq(Uuid::now_v7()),
                plan_review::plan_id.eq(plan.id.0),
                plan_review::young_person_id.eq(plan.young_person.0),
                plan_review::writing_unit_id.eq(permit.unit().0),
                plan_review::on_day.eq(held.on),
                plan_review::took_part.eq(&held.took_part),
                plan_review::young_person_took_part.eq(held.young_person_took_part),
                plan_review::decisions.eq(&held.decisions),
                plan_review::next_review_on.eq(next.on),
                plan_review::entered_by_id.eq(permit.employee().0),
                plan_review::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// `limit` held reviews of a plan, newest first, beginning after the one named.
    pub async fn reviews(
        &mut self,
        plan: PlanId,
        after: Option<Uuid>,
        limit: u8,
    ) -> Result<Vec<(ReviewRow, Author)>, StoreError> {
        let last = match after {
            Some(id) => plan_review::table
                .find(id)
                .select(plan_review::on_day)
                .first::<NaiveDate>(self.conn())
                .await
                .optional()?,
            None => None,
        };
        let mut page = plan_review::table
            .inner_join(employee::table.on(employee::id.eq(plan_review::entered_by_id)))
            .filter(plan_review::plan_id.eq(plan.0))
            .into_boxed();
        if let (Some(id), Some(day)) = (after, last) {
            let same_day =
                BoolExpressionMethods::and(plan_review::on_day.eq(day), plan_review::id.lt(id));
            page = page.filter(BoolExpressionMethods::or(plan_review::on_day.lt(day), same_day));
        }
        Ok(page
            .order((plan_review::on_day.desc(), plan_review::id.desc()))
            .limit(limit.into())
            .select((ReviewRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?)
    }
}
