//! How long anything waits for the database: the one list (F1).
//!
//! The server gives up first: its limits lie below `reply`, so that only a server or a network that no longer
//! answers is met by the client's own limit, which ends the connection.

use std::time::Duration;

/// How long one kind of connection waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// What the server is asked to keep to, as `options` of the connection.
    pub(crate) options: &'static str,
    /// How long the client waits for the next bytes of a reply before it gives the connection up.
    pub(crate) reply: Duration,
}

/// So long a silence is no slowness of the server any more, which gives up before (F1).
const SILENCE: Duration = Duration::from_secs(4);

/// Requests, and the jobs that run before they are answered.
pub(crate) const REQUEST: Limits = Limits {
    options: "-c statement_timeout=3s -c lock_timeout=2s \
        -c idle_in_transaction_session_timeout=5s -c idle_session_timeout=10min -c timezone=UTC",
    reply: SILENCE,
};

/// The writer of the access log: requests wait for it, but no longer than [`ENTRY`].
pub(crate) const LOG: Limits = Limits {
    options: "-c statement_timeout=2s -c lock_timeout=1s \
        -c idle_in_transaction_session_timeout=5s -c timezone=UTC",
    reply: SILENCE,
};

/// The question of whether the service is ready: whoever asks does not wait long.
pub(crate) const PROBE: Limits = Limits {
    options: "-c statement_timeout=1500ms -c lock_timeout=500ms \
        -c idle_in_transaction_session_timeout=5s -c timezone=UTC",
    reply: SILENCE,
};

/// Upkeep that looks at everybody, or moves many rows.
pub(crate) const UPKEEP: Limits = Limits {
    options: "-c statement_timeout=30s -c lock_timeout=2s \
        -c idle_in_transaction_session_timeout=10s -c timezone=UTC",
    reply: Duration::from_secs(32),
};

/// Commands of the command line, which somebody watches: they wait for a lock, and work as long as it takes.
pub(crate) const OPERATOR: Limits =
    Limits { options: "-c lock_timeout=10s", reply: Duration::from_mins(30) };

/// How long a request waits for a connection before it is asked to come back.
pub(crate) const CONNECTION: Duration = Duration::from_secs(3);

/// How long a request waits for its entry of the access log before it is refused rather than left unlogged.
pub(crate) const ENTRY: Duration = Duration::from_secs(2);

/// How long the transaction of a request may last, however many statements it has.
const TRANSACTION: Duration = Duration::from_secs(10);

/// The operations that may last longer, because they change many things at once.
const LONGER: [(&str, Duration); 4] = [
    ("assignCases", Duration::from_secs(20)),
    ("handOver", Duration::from_secs(20)),
    ("mergeYoungPeople", Duration::from_secs(15)),
    ("reportAbsences", Duration::from_secs(20)),
];

/// How long the transaction of this operation may last.
pub(crate) fn transaction(operation: &str) -> Duration {
    let listed = LONGER.iter().find(|(name, _)| *name == operation);
    listed.map_or(TRANSACTION, |(_, limit)| *limit)
}
