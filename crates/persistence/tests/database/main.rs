//! What the database keeps by itself, shown on private databases: who sees which row, the rules that
//! are constraints, and that the migrations are what the crate takes them to be.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod caseload;
mod caseload_sequences;
mod coordinators;
mod corrections;
mod courses;
mod deadlines;
mod fixture;
mod grants;
mod hotline;
mod journal;
mod life;
mod meetings;
mod merges;
mod migrations;
mod outside_parties;
mod partitions;
mod places;
mod plans_of_queries;
mod policies;
mod rights;
mod row_security;
mod rules;
mod schema;
mod sql;
mod sql_objects;
mod target_groups;
mod transitions;
mod visibility;
mod world;
