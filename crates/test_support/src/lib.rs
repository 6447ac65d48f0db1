//! What tests share: a private database for each of them, the whole service on it with a clock they
//! move, a client that speaks as any account, and builders that go through the interface.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod app;
mod builders;
mod client;
pub mod contract;
pub mod database;
mod sql;
mod statements;

pub use app::{PASS_PHRASE, START, TestApp};
pub use builders::OpenCase;
pub use client::{Answer, Call, Speaker};
pub use database::TestDatabase;
pub use statements::Statements;
