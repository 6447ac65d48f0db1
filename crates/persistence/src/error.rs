//! What can go wrong in storage, sorted by who has to act on it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use domain::access::ForAnother;
use domain::access::policy::ActionKind;
use std::error::Error as StdError;

/// Why storage did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A named rule of the database was broken. The name is the problem code (D-22).
    #[error("the rule {0} was broken")]
    Rule(String),
    /// The session is over, or was never there.
    #[error("the session does not stand")]
    NotSignedIn,
    /// The caller has a one-time pass phrase, which must be changed before any other operation.
    #[error("the pass phrase must be changed first")]
    PasswordMustChange,
    /// The young person does not exist for the caller (any more).
    #[error("not visible to the caller")]
    Hidden,
    /// The role may not do it (any more).
    #[error("not allowed to {0:?}")]
    Forbidden(ActionKind),
    /// Somebody else changed the row since it was read.
    #[error("the row changed since it was read")]
    Stale,
    /// Too many checks that could reveal hidden data and did not lead to access (AC-19).
    #[error("too many checks without access")]
    TooManyChecks {
        /// Seconds until the next one.
        retry_after: u64,
    },
    /// The same idempotency key came with another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A request with the same idempotency key is still running.
    #[error("a request with the same idempotency key is running")]
    InProgress,
    /// Another transaction held a lock for too long; the same request may succeed later.
    #[error("a lock was not free in time")]
    Locked(#[source] DieselError),
    /// A row that our own constraints should have made impossible.
    #[error("{table}.{column} is inconsistent")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// What.
        column: &'static str,
    },
    /// A permit was used for another young person: a fault of ours.
    #[error(transparent)]
    ForAnother(#[from] ForAnother),
    /// The database cannot be reached, is overloaded, or took too long.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// What was read could not be logged, so it is not answered (LG-2).
    #[error("the access log is unavailable")]
    NotLogged,
    /// The machine's clock runs backwards.
    #[error("the machine's clock runs backwards")]
    Clock,
    /// A sealed value does not open: wrong key, or not ours.
    #[error("a sealed value does not open")]
    Sealed,
    /// The code panicked: a fault of the service.
    #[error("a panic")]
    Panicked,
    /// A query failed: a fault of ours.
    #[error("a query failed")]
    Query(#[source] DieselError),
}

impl StoreError {
    /// Does the server refuse changes? Another server may have replaced it.
    pub(crate) fn is_read_only(&self) -> bool {
        let Self::Unavailable(cause) = self else { return false };
        matches!(
            cause.downcast_ref(),
            Some(DieselError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _))
        )
    }
}

/// The error and its causes in one line, for a log: `outer: cause: root cause`.
#[must_use]
pub fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        // The text of some errors already contains their cause.
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return match error {
                DieselError::BrokenTransactionManager => Self::Unavailable(Box::new(error)),
                DieselError::RollbackErrorOnCommit { commit_error, .. } => (*commit_error).into(),
                other => Self::Query(other),
            };
        };
        match (kind, info.constraint_name()) {
            (_, Some(name)) if name.contains('.') => Self::Rule(name.to_owned()),
            // Whom it hangs on is not there any more: merged with another registration meanwhile (YP-8).
            (DatabaseErrorKind::ForeignKeyViolation, Some(name))
                if name.ends_with("young_person_id_fkey") =>
            {
                Self::Hidden
            }
            // A broken pipe, a serialization failure, or a server that accepts no changes.
            (
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction,
                _,
            ) => Self::Unavailable(Box::new(error)),
            (DatabaseErrorKind::Unknown, _) if info.message() == LOCK_TIMEOUT => {
                Self::Locked(error)
            }
            // A statement took too long; PostgreSQL shuts down or recovers; the disk is full.
            (DatabaseErrorKind::Unknown, _) if is_passing(info.message()) => {
                Self::Unavailable(Box::new(error))
            }
            _ => Self::Query(error),
        }
    }
}

/// The message text of the server, which is English for Enplan's roles (`bootstrap::create_roles`).
pub(crate) const LOCK_TIMEOUT: &str = "canceling statement due to lock timeout";

fn is_passing(message: &str) -> bool {
    [
        "canceling statement due to",
        "terminating connection",
        "the database system is",
        "deadlock detected",
        "too many clients",
        "remaining connection slots",
        "out of memory",
        "could not extend file",
        "could not write",
        "could not fsync",
        "could not create file",
        "No space left on device",
        "Disk quota exceeded",
        "Read-only file system",
    ]
    .iter()
    .any(|passing| message.contains(passing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: DatabaseErrorKind, message: &str) -> StoreError {
        DieselError::DatabaseError(kind, Box::new(message.to_owned())).into()
    }

    #[test]
    fn f07_what_passes_is_unavailable_and_what_is_locked_is_told_apart() {
        for message in [
            "could not extend file \"base/5/16390\": No space left on device",
            "could not write to file \"pg_wal/xlogtemp.4\": No space left on device",
            "canceling statement due to statement timeout",
            "terminating connection due to idle-in-transaction timeout",
            "the database system is in recovery mode",
            "sorry, too many clients already",
        ] {
            let error = of(DatabaseErrorKind::Unknown, message);
            assert!(matches!(error, StoreError::Unavailable(_)), "{message}: {error:?}");
            assert!(
                causes(&error).contains(message.split(':').next().unwrap()),
                "{}",
                causes(&error)
            );
        }
        let locked = of(DatabaseErrorKind::Unknown, LOCK_TIMEOUT);
        assert!(matches!(locked, StoreError::Locked(_)));
        let wrong = of(DatabaseErrorKind::Unknown, "column \"b\" does not exist");
        assert!(matches!(wrong, StoreError::Query(_)));
        assert_eq!(causes(&wrong), "a query failed: column \"b\" does not exist");
    }

    #[test]
    fn f07_a_read_only_server_is_unavailable_and_known_as_such() {
        let read_only = "cannot execute INSERT in a read-only transaction";
        assert!(of(DatabaseErrorKind::ReadOnlyTransaction, read_only).is_read_only());
        assert!(!of(DatabaseErrorKind::ClosedConnection, "connection closed").is_read_only());
    }

    #[test]
    fn f01_a_commit_whose_rollback_fails_too_is_unavailable() {
        let lost = |text: &str| {
            let kind = DatabaseErrorKind::UnableToSendCommand;
            Box::new(DieselError::DatabaseError(kind, Box::new(text.to_owned())))
        };
        let error = DieselError::RollbackErrorOnCommit {
            rollback_error: lost("connection closed"),
            commit_error: lost("connection closed"),
        };
        assert!(matches!(StoreError::from(error), StoreError::Unavailable(_)));
    }
}
