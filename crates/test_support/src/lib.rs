//! What tests share: a private database for each of them.

pub mod database;

pub use database::TestDatabase;
