//! Where "now" comes from: the one place that reads the wall clock.

use chrono::{DateTime, SubsecRound as _, Utc};
use std::fmt;
use std::sync::Arc;

/// A source of the present moment. Tests stop it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

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
