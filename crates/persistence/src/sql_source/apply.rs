//! Applies the objects that are new, changed or missing, and drops those that are no longer defined.

use super::objects::{Kind, Object};
use crate::migrations::{MigrationError, is_locked};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Text};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};
use std::collections::{BTreeMap, BTreeSet};

/// The functions, views, triggers and policies of the database. `key` is an identity without types: no two functions
/// of `sql/` have the same name.
const CATALOGUE: &str = "
    SELECT 'FUNCTION ' || proname AS key, 'pg_proc'::regclass::oid AS classid, oid AS objid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'VIEW ' || relname, 'pg_class'::regclass, oid FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('TRIGGER %s ON %s', tgname, tgrelid::regclass), 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT format('POLICY %s ON %s', polname, polrelid::regclass), 'pg_policy'::regclass, oid FROM pg_policy";

/// What depends on the objects `$1`, directly or not, and is none of the objects `$2` or a part of one: the row type of
/// a view, the constraint of a trigger, a trigger of a partition.
const STRANGE_DEPENDENTS: &str = "
    ours AS (SELECT classid, objid FROM catalogue JOIN unnest($2) identity ON key = split_part(identity, '(', 1)),
    dependent AS (
        SELECT classid, objid FROM catalogue JOIN unnest($1) identity ON key = split_part(identity, '(', 1)
        UNION SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END, coalesce(r.ev_class, d.objid)
          FROM dependent JOIN pg_depend d ON (d.refclassid, d.refobjid) = (dependent.classid, dependent.objid)
          LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid)
    SELECT pg_describe_object(classid, objid, 0) AS identity FROM dependent
     WHERE (classid, objid) NOT IN (TABLE ours) AND NOT CASE classid
           WHEN 'pg_type'::regclass THEN EXISTS (SELECT FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem
                WHERE t.oid = dependent.objid AND coalesce(nullif(t.typrelid, 0), e.typrelid) IN (SELECT ours.objid FROM ours))
           WHEN 'pg_constraint'::regclass THEN EXISTS (SELECT FROM pg_constraint c WHERE c.oid = objid AND contype = 't')
           WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger t WHERE t.oid = objid AND tgparentid <> 0)
           ELSE false END";

#[derive(QueryableByName)]
struct Identity {
    #[diesel(sql_type = Text)]
    identity: String,
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    identity: String,
    #[diesel(sql_type = Bytea)]
    digest: Vec<u8>,
}

/// Applies the objects in the caller's transaction. `migrated`: tables changed. Then all objects but triggers and
/// policies are made again, because a `*` or a new table with an old name may give the same text another meaning.
pub(crate) async fn apply(
    conn: &mut AsyncPgConnection,
    objects: &[Object],
    migrated: bool,
) -> Result<(), MigrationError> {
    let applied = applied(conn).await?;
    let changed: Vec<&Object> = objects
        .iter()
        .filter(|object| {
            migrated && !matches!(object.kind, Kind::Trigger | Kind::Policy)
                || applied.get(&object.identity) != Some(&object.digest)
        })
        .collect();
    let defined: BTreeSet<&str> = objects.iter().map(|object| object.identity.as_str()).collect();
    let gone: Vec<&str> =
        applied.keys().map(String::as_str).filter(|identity| !defined.contains(identity)).collect();
    let ours: Vec<&str> = defined.into_iter().chain(gone.iter().copied()).collect();

    // Policies and triggers depend on functions, and nothing depends on them. A view is made again instead of being
    // replaced, so that the `*` of another view that reads it gets its new columns.
    let outdated = changed.iter().map(|object| object.identity.as_str());
    let outdated = outdated.filter(|identity| Kind::of(identity) != Kind::Function);
    drop_objects(conn, &outdated.chain(gone.iter().copied()).collect::<Vec<_>>(), &ours).await?;
    make_functions_and_views(conn, objects, &changed, &ours).await?;
    for object in missing(conn, objects).await? {
        make(conn, object, &object.sql).await?;
    }
    for identity in &gone {
        take_away(conn, identity).await?;
    }
    for object in &changed {
        match object.kind {
            Kind::Grants => {
                let table = object.identity.trim_start_matches("GRANTS ON ");
                make(conn, object, &format!("{}{}", revoke(table), object.sql)).await?;
            }
            Kind::Comment => make(conn, object, &object.sql).await?,
            _ => {}
        }
    }
    Ok(note(conn, &changed, &gone).await?)
}

async fn make(
    conn: &mut AsyncPgConnection,
    Object { identity, .. }: &Object,
    sql: &str,
) -> Result<(), MigrationError> {
    let failed = |error| MigrationError::Object(identity.clone(), error);
    conn.batch_execute(sql).await.map_err(failed)
}

/// Records what was applied.
async fn note(conn: &mut AsyncPgConnection, changed: &[&Object], gone: &[&str]) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM sql_object WHERE identity = ANY ($1)")
        .bind::<Array<Text>, _>(gone)
        .execute(conn)
        .await?;
    let (identities, digests): (Vec<_>, Vec<_>) =
        changed.iter().map(|object| (&object.identity, &object.digest)).unzip();
    diesel::sql_query(
        "INSERT INTO sql_object AS now (identity, digest) SELECT * FROM unnest($1, $2) ON CONFLICT (identity) \
         DO UPDATE SET digest = excluded.digest WHERE now.digest <> excluded.digest",
    )
    .bind::<Array<Text>, _>(identities)
    .bind::<Array<Bytea>, _>(digests)
    .execute(conn)
    .await
    .map(drop)
}

/// Drops all functions, views, triggers and policies that were applied, in the caller's transaction.
pub(crate) async fn drop_all(conn: &mut AsyncPgConnection) -> Result<(), MigrationError> {
    let applied = applied(conn).await?;
    let all: Vec<&str> = applied.keys().map(String::as_str).collect();
    drop_objects(conn, &all, &all).await
}

/// The objects that were applied, with their digests.
async fn applied(conn: &mut AsyncPgConnection) -> QueryResult<BTreeMap<String, Vec<u8>>> {
    let there = "SELECT FROM pg_class WHERE oid = to_regclass('sql_object')";
    if diesel::sql_query(there).execute(conn).await? == 0 {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT identity, digest FROM sql_object").load(conn).await?;
    Ok(rows.into_iter().map(|row| (row.identity, row.digest)).collect())
}

/// The functions, views, triggers and policies among the objects that do not exist.
async fn missing<'a>(
    conn: &mut AsyncPgConnection,
    objects: &'a [Object],
) -> QueryResult<Vec<&'a Object>> {
    let found: Vec<Identity> =
        diesel::sql_query(format!("SELECT key AS identity FROM ({CATALOGUE}) catalogue"))
            .load(conn)
            .await?;
    let found: BTreeSet<_> = found.into_iter().map(|row| row.identity).collect();
    let is_missing = |object: &&Object| {
        let key = object.identity.split('(').next().unwrap_or_default();
        object.kind <= Kind::Policy && !found.contains(key)
    };
    Ok(objects.iter().filter(is_missing).collect())
}

/// Drops those of the objects that exist, and what depends on them, if that is ours too. It is then missing, and made
/// again. Grants and comments stay.
async fn drop_objects(
    conn: &mut AsyncPgConnection,
    identities: &[&str],
    ours: &[&str],
) -> Result<(), MigrationError> {
    let mut identities = identities.to_vec();
    identities.retain(|identity| Kind::of(identity) <= Kind::Policy);
    identities.sort_unstable_by_key(|identity| std::cmp::Reverse(Kind::of(identity)));
    if identities.is_empty() {
        return Ok(());
    }
    let strange = format!("WITH RECURSIVE catalogue AS ({CATALOGUE}), {STRANGE_DEPENDENTS}");
    let strange: Vec<Identity> = diesel::sql_query(strange)
        .bind::<Array<Text>, _>(&identities)
        .bind::<Array<Text>, _>(ours)
        .load(conn)
        .await?;
    if let Some(Identity { identity }) = strange.into_iter().next() {
        return Err(MigrationError::Depends(identity));
    }
    let drop = |identity: &str| {
        let (kind, name) = identity.split_once(' ').unwrap_or_default();
        format!("DROP {kind} IF EXISTS {name} CASCADE;\n")
    };
    let sql: String = identities.into_iter().map(drop).collect();
    Ok(conn.batch_execute(&sql).await?)
}

/// Makes the functions and views that are changed or missing, in rounds, until each finds what it depends on. If no
/// more can be made, those that PostgreSQL cannot replace are dropped.
async fn make_functions_and_views(
    conn: &mut AsyncPgConnection,
    objects: &[Object],
    changed: &[&Object],
    ours: &[&str],
) -> Result<(), MigrationError> {
    let mut pending: BTreeMap<&str, &Object> =
        changed.iter().map(|object| (object.identity.as_str(), *object)).collect();
    pending.retain(|_, object| object.kind <= Kind::View);
    loop {
        let absent = missing(conn, objects).await?;
        let absent = absent.into_iter().filter(|object| object.kind <= Kind::View);
        let absent: BTreeMap<_, _> =
            absent.map(|object| (object.identity.as_str(), object)).collect();
        pending.extend(&absent);
        let mut failed = BTreeMap::new();
        for (identity, object) in &pending {
            let sql = replacement(object, absent.contains_key(identity));
            let made = conn.transaction(async |conn| conn.batch_execute(&sql).await).await;
            match made {
                Ok(()) => {}
                Err(error) if is_locked(&error) => return Err(error.into()),
                Err(error) => drop(failed.insert(*identity, error)),
            }
        }
        if failed.is_empty() {
            return Ok(());
        }
        if failed.len() == pending.len() {
            let existing = failed.keys().filter(|identity| !absent.contains_key(*identity));
            let existing: Vec<_> = existing.copied().collect();
            if existing.is_empty() {
                return Err(MigrationError::objects(&failed));
            }
            drop_objects(conn, &existing, ours).await?;
        }
        pending.retain(|identity, _| failed.contains_key(identity));
    }
}

/// The statements that make a function or a view, or replace a function with its grants and its comment.
fn replacement(Object { kind, identity, sql, .. }: &Object, is_absent: bool) -> String {
    if *kind == Kind::View || is_absent {
        return sql.clone();
    }
    let sql = sql.replacen("CREATE", "CREATE OR REPLACE", 1);
    format!("{}COMMENT ON {identity} IS NULL;\n{sql}", revoke(identity))
}

fn revoke(from: &str) -> String {
    format!("REVOKE ALL ON {from} FROM enplan_app, enplan_worker, enplan_figures;\n")
}

/// Takes grants or a comment away that are no longer defined, unless what they are on is gone too.
async fn take_away(conn: &mut AsyncPgConnection, identity: &str) -> QueryResult<()> {
    let sql = match Kind::of(identity) {
        Kind::Grants => revoke(identity.trim_start_matches("GRANTS ON ")),
        Kind::Comment => format!("{identity} IS NULL"),
        _ => return Ok(()),
    };
    match conn.transaction(async |conn| conn.batch_execute(&sql).await).await {
        Err(error) if is_locked(&error) => Err(error),
        _ => Ok(()),
    }
}
