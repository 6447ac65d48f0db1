//! What a plan was, with all that hung on it, at any moment (PL-11).

use super::views::PlanFile;
use crate::error::StoreError;
use crate::interventions::views::InterventionFile;
use crate::json_rows::FromJson;
use crate::store::Tx;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Json, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::PlanId;

/// A plan and its interventions as they were.
#[derive(Debug, QueryableByName)]
struct Past {
    #[diesel(sql_type = Nullable<Json>)]
    plan: Option<FromJson<PlanFile>>,
    #[diesel(sql_type = Json)]
    interventions: FromJson<Vec<InterventionFile>>,
}

impl Tx {
    /// The plan and its interventions as they were at `moment`, as far as the caller sees them now; none
    /// where there was no such plan yet.
    pub async fn plan_at(
        &mut self,
        id: PlanId,
        moment: DateTime<Utc>,
    ) -> Result<Option<(PlanFile, Vec<InterventionFile>)>, StoreError> {
        let past: Past = diesel::sql_query(
            "SELECT (SELECT row_to_json(p) FROM plan_file_at($1, $2) p) AS plan,
                    (SELECT coalesce(json_agg(i), '[]') FROM intervention_files_at($1, $2) i) AS interventions",
        )
        .bind::<SqlUuid, _>(id.0)
        .bind::<Timestamptz, _>(moment)
        .get_result(self.conn())
        .await?;
        Ok(past.plan.map(|plan| (plan.0, past.interventions.0)))
    }
}
