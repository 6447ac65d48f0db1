//! The difference by which the database's clock is ahead of the machine's. All instances add it, so that they agree on
//! the time (F9, D-29).

use crate::error::StoreError;
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::define_sql_function;
use diesel_async::RunQueryDsl;

/// The number of measurements. The one with the shortest round trip is used, because it is the most exact.
const TRIES: usize = 7;

define_sql_function! {
    /// The time of the database server's clock.
    fn clock_timestamp() -> Timestamptz;
}

impl Store {
    /// The time by which the database's clock is ahead of `now`; negative if it is behind. The error is at most half
    /// the shortest of a few round trips.
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
            // The machine's clock was set back meanwhile.
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
