//! Where "now" comes from: the one place that reads the wall clock.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The largest difference between the machine's clock and the database's clock with which a server starts (decisions
/// 29).
pub const MOST_SKEW: TimeDelta = TimeDelta::seconds(30);

/// A source of the present moment. Tests stop it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

/// The last measured difference by which the database's clock is ahead of the machine's. All instances on a database
/// add it, so that they agree on the time (F9).
#[derive(Debug, Clone, Default)]
pub struct Skew(Arc<AtomicI64>);

impl Skew {
    /// Stores the measured difference.
    pub fn is(&self, ahead: TimeDelta) {
        self.0.store(ahead.num_microseconds().unwrap_or_default(), Ordering::Relaxed);
    }

    fn ahead(&self) -> TimeDelta {
        TimeDelta::microseconds(self.0.load(Ordering::Relaxed))
    }
}

impl Clock {
    /// The machine's clock, to the microsecond, as the database keeps moments.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock everyone else is told to use")]
    pub fn system() -> Self {
        Self(Arc::new(|| Utc::now().trunc_subsecs(6)))
    }

    /// A clock that somebody else moves.
    #[must_use]
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// This clock, corrected by the measured difference.
    #[must_use]
    pub fn corrected(self, skew: Skew) -> Self {
        Self(Arc::new(move || self.now() + skew.ahead()))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
