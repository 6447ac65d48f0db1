//! The level of a database, and the programs that may serve it (F6).
//!
//! The level of a database is the set of migrations and the states of the SQL that were applied to it. The oldest level
//! that may serve is stored alongside. An earlier program continues to serve during an upgrade, until a migration breaks
//! it.

use crate::migrations::versions;
use crate::sql_source::own_fingerprint;
use diesel::sql_types::{Array, Bool, Nullable, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// The oldest program, by its last migration, that may serve a database at the level of this one. If a new migration
/// breaks earlier programs, set it to the version of that migration.
const OLDEST_SERVING: &str = "20261130001400";

/// The reason why a program may not serve a database.
#[derive(Debug, thiserror::Error)]
pub enum LevelError {
    /// The schema is not Enplan's, or does not exist yet.
    #[error("the database is not migrated: run `enplan migrate`")]
    NotMigrated,
    /// The program is newer.
    #[error("the database lacks {0} of this program's migrations: run `enplan migrate`")]
    Behind(usize),
    /// The migrations are the same, but this program's SQL was never applied.
    #[error("the database lacks this program's SQL: run `enplan migrate`")]
    LacksSql,
    /// The database is older than the first migration of this program.
    #[error(
        "the database was made by a version before the first release, which cannot be upgraded: make a new one"
    )]
    BeforeBaseline,
    /// The program is too old.
    #[error("the database is newer than this program: serve it with the version that migrated it")]
    Ahead,
    /// The database did not respond.
    #[error("the database's level cannot be read")]
    Unreadable(#[source] diesel::result::Error),
}

#[derive(QueryableByName)]
struct Level {
    #[diesel(sql_type = Array<Text>)]
    applied: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    oldest_serving: Option<String>,
    #[diesel(sql_type = Bool)]
    has_sql: bool,
}

// A database from before the baseline has no column `applied_sql`.
const LEVEL: &str = "SELECT ARRAY(SELECT version::text FROM __diesel_schema_migrations) AS applied, \
    (SELECT oldest_serving FROM serving_level) AS oldest_serving, \
    coalesce((SELECT to_jsonb(l) -> 'applied_sql' ? $1 FROM serving_level l), false) AS has_sql";

/// The level of this program: its last migration.
#[must_use]
pub fn level() -> String {
    versions().pop().unwrap_or_default()
}

/// May this program serve the database? All migrations of the program must be applied. If there are no others, its SQL
/// must have been applied too. If there are, the program must not be older than the oldest that may serve.
pub async fn ensure_level(conn: &mut AsyncPgConnection) -> Result<(), LevelError> {
    let there = "SELECT FROM pg_class WHERE oid = to_regclass('serving_level')";
    if diesel::sql_query(there).execute(conn).await.map_err(LevelError::Unreadable)? == 0 {
        return Err(LevelError::NotMigrated);
    }
    let level: Level = diesel::sql_query(LEVEL)
        .bind::<Text, _>(own_fingerprint())
        .get_result(conn)
        .await
        .map_err(LevelError::Unreadable)?;
    judge(&level, &versions())
}

/// Is the database older than the first of the known migrations?
pub(crate) fn is_before_baseline<'a>(
    mut applied: impl Iterator<Item = &'a String>,
    known: &[String],
) -> bool {
    applied.any(|version| known.first().is_some_and(|first| version < first))
}

fn judge(
    Level { applied, oldest_serving, has_sql }: &Level,
    known: &[String],
) -> Result<(), LevelError> {
    if is_before_baseline(applied.iter(), known) {
        return Err(LevelError::BeforeBaseline);
    }
    let missing = known.iter().filter(|version| !applied.contains(version)).count();
    let newest = known.last().map(String::as_str);
    match oldest_serving.as_deref() {
        None => Err(LevelError::NotMigrated),
        Some(_) if missing > 0 => Err(LevelError::Behind(missing)),
        Some(oldest) if newest < Some(oldest) => Err(LevelError::Ahead),
        Some(_) if !has_sql && applied.len() == known.len() => Err(LevelError::LacksSql),
        Some(_) => Ok(()),
    }
}

/// Records the oldest program that may serve from now on, and that this SQL was applied. If it was applied before, the
/// programs of the SQL applied since then may no longer serve.
pub(crate) async fn note(conn: &mut AsyncPgConnection, sql: &str) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO serving_level AS now (oldest_serving, applied_sql) VALUES ($1, ARRAY[$2]) ON CONFLICT (only_one) \
         DO UPDATE SET oldest_serving = greatest(now.oldest_serving, excluded.oldest_serving), \
             applied_sql = now.applied_sql[:coalesce(array_position(now.applied_sql, $2) - 1, cardinality(now.applied_sql))] || $2 \
          WHERE now.oldest_serving < excluded.oldest_serving OR now.applied_sql[cardinality(now.applied_sql)] <> $2",
    )
    .bind::<Text, _>(OLDEST_SERVING)
    .bind::<Text, _>(sql)
    .execute(conn)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(versions: &[&str]) -> Vec<String> {
        versions.iter().map(|version| (*version).to_owned()).collect()
    }

    fn judged(applied: &[&str], oldest: Option<&str>, known: &[&str]) -> &'static str {
        judged_with(true, applied, oldest, known)
    }

    fn judged_with(
        has_sql: bool,
        applied: &[&str],
        oldest: Option<&str>,
        known: &[&str],
    ) -> &'static str {
        let oldest_serving = oldest.map(ToOwned::to_owned);
        match judge(&Level { applied: texts(applied), oldest_serving, has_sql }, &texts(known)) {
            Ok(()) => "serves",
            Err(LevelError::NotMigrated) => "not migrated",
            Err(LevelError::Behind(_)) => "behind",
            Err(LevelError::Ahead) => "ahead",
            Err(LevelError::LacksSql) => "lacks the SQL",
            Err(LevelError::BeforeBaseline) => "before the baseline",
            Err(LevelError::Unreadable(_)) => "unreadable",
        }
    }

    #[test]
    fn f06_a_program_serves_its_own_level_and_newer_ones_that_let_it() {
        let known = ["1", "2", "3"];
        assert_eq!(judged(&["1", "2", "3"], Some("1"), &known), "serves");
        assert_eq!(judged(&["1", "2", "3", "4"], Some("3"), &known), "serves");
        assert_eq!(judged(&["1", "2", "3", "4"], Some("4"), &known), "ahead");
        assert_eq!(judged(&["1", "2"], Some("1"), &known), "behind");
        assert_eq!(judged(&["1", "3", "4"], Some("1"), &known), "behind", "one in the middle");
        assert_eq!(judged(&["1", "2", "3"], None, &known), "not migrated");
        assert_eq!(judged_with(false, &["1", "2", "3"], Some("1"), &known), "lacks the SQL");
        assert_eq!(judged_with(false, &["1", "2", "3", "4"], Some("1"), &known), "serves");
        assert_eq!(judged(&["0", "1"], Some("0"), &known), "before the baseline");
    }

    #[test]
    fn f06_the_oldest_level_is_a_migration_of_ours() {
        assert!(versions().iter().any(|version| version == OLDEST_SERVING));
        assert!(versions().is_sorted());
    }
}
