//! What can go wrong in storage, sorted by who has to act on it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use domain::access::policy::ActionKind;
use std::error::Error as StdError;

/// Why storage did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A named rule of the database was broken. The name is the problem code (decisions 22).
    #[error("the rule {0} was broken")]
    Rule(String),
    /// The session is over, or was never there.
    #[error("the session does not stand")]
    NotSignedIn,
    /// Somebody else chose the caller's pass phrase: it is changed before anything else.
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
    /// Too many checks of what could be hidden, without access that came of it (AC-19).
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
    /// A row that our own constraints should have made impossible.
    #[error("{table}.{column} is inconsistent")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// What.
        column: &'static str,
    },
    /// The database cannot be reached, is overloaded, or took too long.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// What was read could not be logged, so it is not answered (LG-2).
    #[error("the access log is unavailable")]
    NotLogged,
    /// A sealed value does not open: wrong key, or not ours.
    #[error("a sealed value does not open")]
    Sealed,
    /// A query failed: a fault of ours.
    #[error("a query failed")]
    Query(#[source] DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return match error {
                DieselError::BrokenTransactionManager => Self::Unavailable(Box::new(error)),
                other => Self::Query(other),
            };
        };
        match (kind, info.constraint_name()) {
            (_, Some(name)) if name.contains('.') => Self::Rule(name.to_owned()),
            (DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _) => {
                Self::Unavailable(Box::new(error))
            }
            // Whom it hangs on is not there any more: merged with another registration meanwhile (YP-8).
            (DatabaseErrorKind::ForeignKeyViolation, Some(name))
                if name.ends_with("young_person_id_fkey") =>
            {
                Self::Hidden
            }
            (DatabaseErrorKind::SerializationFailure, _) => Self::Unavailable(Box::new(error)),
            // A lock or a statement took too long; PostgreSQL shuts down or recovers; a broken pipe.
            (DatabaseErrorKind::Unknown, _) if is_passing(info.message()) => {
                Self::Unavailable(Box::new(error))
            }
            _ => Self::Query(error),
        }
    }
}

fn is_passing(message: &str) -> bool {
    [
        "canceling statement due to",
        "terminating connection",
        "the database system is",
        "connection closed",
        "deadlock detected",
        "error communicating with the server",
        "could not extend file",
        "No space left on device",
    ]
    .iter()
    .any(|passing| message.contains(passing))
}
