//! PostgreSQL storage: schema, one repository per capability, read views, logs, jobs. Rows stay in this
//! crate; domain types and read models go in and out.
//!
//! A handler's only way in is [`Store`]: it opens a transaction that tells the database who acts and
//! when, and every repository function hangs on that [`Tx`]. A write takes a permit of the policy.

pub mod absence;
mod access;
mod access_log;
pub mod bootstrap;
pub mod caseload;
mod checks;
mod clock_skew;
pub mod cluster;
mod connection;
pub mod corrections;
pub mod courses;
pub mod deadlines;
pub mod education_and_work;
mod error;
mod event_log;
pub mod figures;
pub mod guardians;
pub mod hotline;
pub mod installation;
pub mod interventions;
mod jobs;
pub mod journal;
mod json_rows;
pub mod levels;
mod limits;
pub mod meetings;
pub mod migrations;
pub mod organisation;
pub mod outside_parties;
mod partitions;
pub mod plans;
mod pool;
mod read_models;
mod readiness;
mod refusals;
mod requests;
pub mod residence;
pub mod rights;
mod schema;
mod sessions;
pub mod sql_source;
mod store;
pub mod target_groups;
pub mod tasks;
pub mod timeline;
pub mod transitions;
pub mod vault;
pub mod young_people;

pub use access::{EndedWithAccess, Holder, NewBasis, Widening};
pub use access_log::Outcome;
pub use connection::Silence;
pub use error::{StoreError, causes};
pub use event_log::Change;
pub use partitions::Ahead;
pub use refusals::{Contact, OVER_ROWS, RefusalDetail};
pub use requests::{Answer, CommandRequest};
pub use store::{Opening, Operation, Refused, Store, StoreSettings, Tx};
