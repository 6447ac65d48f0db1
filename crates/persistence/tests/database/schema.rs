//! `src/schema.rs` is what the migrations make.

use crate::sql::Prompt;
use std::env;
use std::fs;
use std::path::Path;
use test_support::TestDatabase;

#[tokio::test] // UPDATE_SCHEMA=1 rewrites the file; review sees the diff.
async fn the_committed_schema_is_that_of_the_migrations() {
    let database = TestDatabase::new().await;
    let tables = Prompt::of_admin(&database).await.value(include_str!("../schema.sql")).await;
    let current = format!(
        "// Generated from the migrations; the test `schema` fails when it differs, \
         and rewrites it with UPDATE_SCHEMA=1.\n\n{tables}"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs");
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == current, "src/schema.rs is out of date");
}
