//! How far the database's clock is ahead of ours: by that all instances agree on the moment (F9, decisions 29).

use crate::error::StoreError;
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::define_sql_function;
use diesel_async::RunQueryDsl;

/// How often it is asked; the quickest answer tells best, for it leaves least doubt about when it was given.
const TRIES: usize = 7;

define_sql_function! {
    /// What the server's clock shows.
    fn clock_timestamp() -> Timestamptz;
}

impl Store {
    /// How far the database's clock is ahead of `now`; negative where it is behind. It is wrong by at most half of what
    /// the quickest of a few round trips took.
    pub async fn clock_skew(
        &self,
        now: impl Fn() -> DateTime<Utc>,
    ) -> Result<TimeDelta, StoreError> {
        let mut conn = self.worker().await?;
        let mut best: Option<(TimeDelta, TimeDelta)> = None;
        for _ in 0..TRIES {
            let before = now();
            let theirs: DateTime<Utc> =
                diesel::select(clock_timestamp()).get_result(&mut *conn).await?;
            let took = now() - before;
            // Ours was set back meanwhile.
            if took < TimeDelta::zero() {
                continue;
            }
            if best.is_none_or(|(least, _)| took < least) {
                best = Some((took, theirs - (before + took / 2)));
            }
        }
        best.map(|(_, ahead)| ahead).ok_or(StoreError::Clock)
    }
}
