//! All time limits for the database, in one list (F1).
//!
//! The limits of the server are below `reply`, so the server gives up first. The client's own limit ends the connection
//! only if the server or the network no longer responds.

use std::time::Duration;

/// The time limits of one kind of connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The limits that the server enforces, as `options` of the connection.
    pub(crate) options: &'static str,
    /// The time for which the client waits for the next byte of a reply before it closes the connection.
    pub(crate) reply: Duration,
}

/// A silence of this length means that the server does not respond: a slow server reaches its own limits earlier (F1).
const SILENCE: Duration = Duration::from_secs(4);

/// Requests, and the jobs that run before their responses.
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

/// The check of readiness, which must return quickly.
pub(crate) const PROBE: Limits = Limits {
    options: "-c statement_timeout=1500ms -c lock_timeout=500ms \
        -c idle_in_transaction_session_timeout=5s -c timezone=UTC",
    reply: SILENCE,
};

/// Upkeep that reads all young people or moves many rows.
pub(crate) const UPKEEP: Limits = Limits {
    options: "-c statement_timeout=30s -c lock_timeout=2s \
        -c idle_in_transaction_session_timeout=10s -c timezone=UTC",
    reply: Duration::from_secs(32),
};

/// Commands of the command line, which an operator watches: they wait for a lock for a limited time (`migrate` for 2 s,
/// ten times), and run without a limit.
pub(crate) const OPERATOR: Limits =
    Limits { options: "-c lock_timeout=10s", reply: Duration::from_mins(30) };

/// The time for which a request waits for a connection before it is refused with 503.
pub(crate) const CONNECTION: Duration = Duration::from_secs(3);

/// The time for which a request waits for its entry in the access log. After that it is refused, because an unlogged
/// request must not succeed.
pub(crate) const ENTRY: Duration = Duration::from_secs(2);

/// The longest duration of a request's transaction, for any number of statements.
const TRANSACTION: Duration = Duration::from_secs(10);

/// The operations with a longer limit, because they change many records at once.
const LONGER: [(&str, Duration); 4] = [
    ("assignCases", Duration::from_secs(20)),
    ("handOver", Duration::from_secs(20)),
    ("mergeYoungPeople", Duration::from_secs(15)),
    ("reportAbsences", Duration::from_secs(20)),
];

/// The longest duration of this operation's transaction.
pub(crate) fn transaction(operation: &str) -> Duration {
    let listed = LONGER.iter().find(|(name, _)| *name == operation);
    listed.map_or(TRANSACTION, |(_, limit)| *limit)
}
