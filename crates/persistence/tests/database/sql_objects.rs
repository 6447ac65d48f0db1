//! The SQL in `sql/` is applied as far as it changed: what an upgrade leads to is what a fresh database gets.

use crate::sql::Prompt;
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use persistence::levels::{LevelError, ensure_level};
use persistence::migrations::{self, Migration, MigrationError, Schema};
use persistence::sql_source::Source;
use std::collections::BTreeMap;
use std::time::Duration;
use test_support::TestDatabase;
use tokio::time::sleep;

/// A later version of this program.
struct Version(Schema);

impl Version {
    fn new() -> Self {
        Self(Schema::of_this_program())
    }

    fn replace(mut self, file: &str, old: &str, new: &str) -> Self {
        let source = self.0.sources.iter_mut().find(|source| source.name == file).unwrap();
        assert!(source.text.contains(old), "{file} has no {old}");
        source.text = source.text.replace(old, new);
        self
    }

    fn file(mut self, name: &str, text: &str) -> Self {
        self.0.sources.push(Source { name: name.to_owned(), text: text.to_owned() });
        self
    }

    fn migration(mut self, up: &str) -> Self {
        self.0.migrations.push(Migration {
            version: "29990101000100".to_owned(),
            up: up.to_owned(),
            down: String::new(),
        });
        self
    }

    async fn apply(&self, database: &TestDatabase) {
        self.0.apply(&database.admin_url()).await.unwrap();
    }

    /// Applies it to a database of this version and to an empty one. Both must be equal then, and applying it once more
    /// must not touch anything. Returns the first one, and what was in it before.
    async fn upgrade(&self) -> (TestDatabase, BTreeMap<String, String>) {
        let (upgraded, fresh) = (TestDatabase::new().await, TestDatabase::new().await);
        let before = rows_of_objects(&upgraded).await;
        self.apply(&upgraded).await;
        migrations::revert_all(&fresh.admin_url()).await.unwrap();
        self.apply(&fresh).await;
        let (left, right) = (catalogue(&upgraded).await, catalogue(&fresh).await);
        let lost: Vec<_> = right.iter().filter(|line| !left.contains(line)).collect();
        let kept: Vec<_> = left.iter().filter(|line| !right.contains(line)).collect();
        assert!(lost.is_empty() && kept.is_empty(), "lost {lost:#?}, kept {kept:#?}");

        let after = rows_of_objects(&upgraded).await;
        self.apply(&upgraded).await;
        assert_eq!(rows_of_objects(&upgraded).await, after);
        (upgraded, before)
    }
}

/// What the catalogue has of ours, with grants in one order. The owner's own rights alone are the same as none.
async fn catalogue(database: &TestDatabase) -> Vec<String> {
    let admin = Prompt::of_admin(database).await;
    let mut lines = admin.column(include_str!("catalogue.sql")).await;
    for line in &mut lines {
        let Some((object, grants)) = line.split_once("grants {") else { continue };
        let Some((grants, rest)) = grants.split_once('}') else { continue };
        let mut grants: Vec<_> =
            grants.split(',').filter(|grant| !grant.starts_with("enplan_owner=")).collect();
        grants.sort_unstable();
        let grants =
            if grants.is_empty() { String::new() } else { format!("{{{}}}", grants.join(",")) };
        *line = format!("{object}grants {grants}{rest}");
    }
    let comments = "SELECT format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid), description)
          FROM pg_description WHERE pg_describe_object(classoid, objoid, objsubid) !~ 'extension'
               AND (classoid, objoid) IN (SELECT 'pg_class'::regclass, oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
                    UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace)";
    lines.extend(admin.column(comments).await);
    lines.extend(admin.column("SELECT identity || encode(digest, 'hex') FROM sql_object").await);
    lines.sort_unstable();
    lines
}

/// Each row of the catalogue that belongs to an object, with its id and the transaction that wrote it last.
async fn rows_of_objects(database: &TestDatabase) -> BTreeMap<String, String> {
    let query = "
        SELECT 'function ' || proname, oid || ' ' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'relation ' || relname, oid || ' ' || xmin FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('trigger %s on %s', tgname, tgrelid::regclass), oid || ' ' || xmin FROM pg_trigger
        UNION ALL SELECT format('policy %s on %s', polname, polrelid::regclass), oid || ' ' || xmin FROM pg_policy
        UNION ALL SELECT format('comment on %s', pg_describe_object(classoid, objoid, objsubid)), xmin::text FROM pg_description
        UNION ALL SELECT identity, xmin::text FROM sql_object
        UNION ALL SELECT 'level', xmin::text FROM serving_level";
    let rows = Prompt::of_admin(database).await.rows(query).await;
    rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

fn oid(rows: &BTreeMap<String, String>, object: &str) -> Option<String> {
    rows.get(object).map(|row| row.split(' ').next().unwrap().to_owned())
}

const ACTING: &str = "access/acting.sql";
const ROOMS: &str = "meetings/policies.sql";
const REVIEWS: &str = "plans/policies.sql";

#[tokio::test]
async fn applied_twice_changes_nothing() {
    let (database, before) = Version::new().upgrade().await;
    assert_eq!(rows_of_objects(&database).await, before);
}

#[tokio::test]
async fn a_changed_function_is_replaced_where_it_stands() {
    let version =
        Version::new().replace(ACTING, "administrator@[^,@]*@", "administrator@[^,]*@").replace(
            ACTING,
            "GRANT EXECUTE ON FUNCTION acting_holders() TO enplan_app, enplan_worker",
            "GRANT EXECUTE ON FUNCTION acting_holders() TO enplan_app",
        );
    let (database, before) = version.upgrade().await;
    let after = rows_of_objects(&database).await;
    let changed: Vec<_> =
        before.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert_eq!(
        changed,
        [
            "FUNCTION acting_administrator()",
            "FUNCTION acting_holders()",
            "function acting_administrator",
            "function acting_holders",
            "level",
        ]
    );
    for name in ["function acting_administrator", "function acting_holders"] {
        assert_eq!(oid(&before, name), oid(&after, name), "{name}");
    }
}

/// PostgreSQL renames no parameter: the function is made again, with the policies and functions that call it.
#[tokio::test]
async fn a_function_that_cannot_be_replaced_is_made_again_with_its_dependents() {
    let version =
        Version::new().replace(ACTING, "acting_leads(unit uuid,", "acting_leads(of_unit uuid,");
    let version = version.replace(ACTING, "(%s)@%s@', roles, unit)", "(%s)@%s@', roles, of_unit)");
    let (database, before) = version.upgrade().await;
    let after = rows_of_objects(&database).await;
    for name in ["function acting_leads", "policy app_insert on meeting_room"] {
        assert_ne!(oid(&before, name), oid(&after, name), "{name}");
        assert!(after.contains_key(name), "{name}");
    }
    for name in ["function acting_holders", "policy app_read on plan", "relation plan_file"] {
        assert_eq!(before.get(name), after.get(name), "{name}");
    }
    // Another argument makes it another function; the old one goes.
    let version = Version::new().replace(
        ACTING,
        "acting_leads(uuid, text)",
        "acting_leads(uuid, text, text)",
    );
    let version = version.replace(
        ACTING,
        "|department-head') RETURNS",
        "|department-head', more text DEFAULT '') RETURNS",
    );
    version.upgrade().await;
}

/// `case_file` reads all columns of `plan_file`.
#[tokio::test]
async fn a_changed_view_is_made_again_with_the_views_that_read_it() {
    let version = Version::new().replace(
        "plans/macros.sql",
        "p.purpose, p.own_words,",
        "p.own_words, p.version AS again,",
    );
    let (database, before) = version.upgrade().await;
    let after = rows_of_objects(&database).await;
    for name in ["relation plan_file", "relation case_file"] {
        assert_ne!(before.get(name), after.get(name), "{name}");
    }
    assert_eq!(before.get("relation journal_file"), after.get("relation journal_file"));
    let columns = "SELECT pg_get_viewdef('case_file') LIKE '%again%'";
    assert_eq!(Prompt::of_admin(&database).await.value(columns).await, "t");
}

#[tokio::test]
async fn changed_policies_triggers_grants_and_comments_are_applied() {
    let version = Version::new()
        .replace(
            ROOMS,
            "ON meeting_room FOR INSERT TO enplan_app WITH CHECK (acting_leads(unit_id))",
            "ON meeting_room FOR INSERT TO enplan_app WITH CHECK (false)",
        )
        .replace(
            REVIEWS,
            "goal_in_open_plan BEFORE INSERT OR UPDATE ON",
            "goal_in_open_plan BEFORE INSERT ON",
        )
        .replace(
            "residence/policies.sql",
            "GRANT SELECT, INSERT ON residence",
            "GRANT SELECT ON residence",
        )
        .replace("residence/comments.sql", "In Denmark; else the country.", "The municipality.")
        .replace(
            "residence/comments.sql",
            "COMMENT ON COLUMN residence.address",
            "COMMENT ON COLUMN residence.from_day",
        );
    let (database, before) = version.upgrade().await;
    let after = rows_of_objects(&database).await;
    let changed: Vec<_> =
        before.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert_eq!(
        changed,
        [
            "COMMENT ON COLUMN residence.address",
            "COMMENT ON COLUMN residence.municipality_code",
            "GRANTS ON residence",
            "POLICY app_insert ON meeting_room",
            "TRIGGER goal_in_open_plan ON goal",
            "comment on column address of table residence",
            "comment on column municipality_code of table residence",
            "level",
            "policy app_insert on meeting_room",
            "trigger goal_in_open_plan on goal",
        ]
    );
}

#[tokio::test]
async fn an_object_that_is_no_longer_defined_is_dropped() {
    let database = TestDatabase::new().await;
    let before = catalogue(&database).await;
    let more = "
        CREATE TABLE more (id uuid PRIMARY KEY, name text); ALTER TABLE more ENABLE ROW LEVEL SECURITY;";
    let objects = "
        CREATE FUNCTION one(a uuid) RETURNS boolean LANGUAGE sql RETURN a IS NOT NULL;
        GRANT EXECUTE ON FUNCTION one(uuid) TO enplan_app;
        COMMENT ON FUNCTION one(uuid) IS 'x';
        CREATE FUNCTION two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE VIEW three AS SELECT id, one(id) FROM plan;
        COMMENT ON VIEW three IS 'y';
        CREATE TRIGGER two BEFORE INSERT ON plan FOR EACH ROW EXECUTE FUNCTION two();
        CREATE POLICY four ON plan FOR SELECT TO enplan_figures USING (one(id));
        GRANT SELECT (id) ON plan TO enplan_figures;
        COMMENT ON COLUMN plan.outcome IS 'z';";
    Version::new().file("plans/more.sql", objects).apply(&database).await;
    assert_ne!(catalogue(&database).await, before);
    Version::new().apply(&database).await;
    assert_eq!(catalogue(&database).await, before);

    // Also if a migration drops the table under it.
    let of_table = "CREATE POLICY one ON more USING (true); GRANT SELECT ON more TO enplan_app; COMMENT ON TABLE more IS 'x';";
    Version::new().migration(more).file("plans/more.sql", of_table).apply(&database).await;
    let mut without = Version::new().migration(more);
    without.0.migrations.push(Migration {
        version: "29990101000200".to_owned(),
        up: "DROP TABLE more".to_owned(),
        down: String::new(),
    });
    without.apply(&database).await;
    assert_eq!(catalogue(&database).await, before);
}

/// A view reads the column that the migration drops. Nothing else is in its way, but all objects are dropped.
#[tokio::test]
async fn a_migration_drops_what_our_objects_read() {
    let version = Version::new()
        .replace("plans/macros.sql", "g.target_date, g.result,", "g.target_date,")
        .replace(
            "plans/comments.sql",
            "COMMENT ON COLUMN goal.result",
            "COMMENT ON COLUMN goal.set_at",
        )
        .migration(
            "ALTER TABLE goal DROP COLUMN result; ALTER TABLE goal_history DROP COLUMN result;",
        );
    version.upgrade().await;
}

/// The text of a view or a function may be the same and mean something else.
#[tokio::test]
async fn after_a_migration_a_view_of_all_columns_has_the_new_one() {
    let database = TestDatabase::new().await;
    let objects = "CREATE VIEW holidays AS SELECT * FROM school_holiday; GRANT SELECT ON holidays TO enplan_app;
        GRANT SELECT ON more TO enplan_app; COMMENT ON TABLE more IS 'x'; CREATE POLICY one ON more USING (true);";
    let more = "CREATE TABLE more (id uuid PRIMARY KEY, name text);";
    let version = || Version::new().file("plans/more.sql", objects).migration(more);
    version().apply(&database).await;
    let again =
        format!("ALTER TABLE school_holiday ADD COLUMN another text; DROP TABLE more; {more}");
    let mut later = version();
    later.0.migrations.push(Migration {
        version: "29990101000200".to_owned(),
        up: again,
        down: String::new(),
    });
    later.apply(&database).await;
    let fresh = TestDatabase::new().await;
    later.apply(&fresh).await;
    assert_eq!(catalogue(&database).await, catalogue(&fresh).await);
    let admin = Prompt::of_admin(&database).await;
    assert_eq!(admin.column("SELECT another FROM holidays LIMIT 0").await, [""; 0]);
    assert_eq!(
        admin
            .value("SELECT relacl::text LIKE '%enplan_app=r%' FROM pg_class WHERE relname = 'more'")
            .await,
        "t"
    );
}

#[tokio::test]
async fn a_failed_upgrade_changes_nothing() {
    let database = TestDatabase::new().await;
    let before = rows_of_objects(&database).await;
    let version = Version::new()
        .replace(ACTING, "acting_leads(unit uuid,", "acting_leads(of_unit uuid,")
        .migration("CREATE TABLE more ()");
    let error = version.0.apply(&database.admin_url()).await.unwrap_err();
    assert!(error.to_string().contains("FUNCTION acting_leads(uuid, text): "), "{error}");
    assert_eq!(rows_of_objects(&database).await, before);

    let version = Version::new().replace(ACTING, "acting_leads(unit", "{{ nobody }}(unit");
    let error = version.0.apply(&database.admin_url()).await.unwrap_err();
    assert!(error.to_string().starts_with("sql/access/acting.sql, line 12: "), "{error}");
    let error =
        Version::new().migration("SELECT 1/0").0.apply(&database.admin_url()).await.unwrap_err();
    assert_eq!(error.to_string(), "the migration 29990101000100 failed");
    assert_eq!(rows_of_objects(&database).await, before);
}

#[tokio::test]
async fn what_is_not_ours_is_not_dropped() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run("CREATE VIEW mine AS SELECT acting_leads(id) FROM unit").await;
    let version =
        Version::new().replace(ACTING, "acting_leads(unit uuid,", "acting_leads(of_unit uuid,");
    let version = version.replace(ACTING, "(%s)@%s@', roles, unit)", "(%s)@%s@', roles, of_unit)");
    let error = version.0.apply(&database.admin_url()).await.unwrap_err();
    assert!(matches!(&error, MigrationError::Depends(what) if what == "view mine"), "{error}");
    admin.run("DROP VIEW mine").await;
    version.apply(&database).await;
}

/// A reader delays the upgrade, and the upgrade delays others for two seconds at most at a time.
#[tokio::test]
async fn an_upgrade_waits_for_readers() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run("BEGIN; SELECT FROM meeting_room").await;
    let version = Version::new().replace(
        ROOMS,
        "ON meeting_room FOR INSERT TO enplan_app WITH CHECK (acting_leads(unit_id))",
        "ON meeting_room FOR INSERT TO enplan_app WITH CHECK (false)",
    );
    let reader = async {
        sleep(Duration::from_millis(2_500)).await;
        admin.run("COMMIT").await;
    };
    tokio::join!(version.apply(&database), reader);
}

#[tokio::test]
async fn f06_a_program_serves_a_database_that_had_its_sql() {
    let database = TestDatabase::new().await;
    let level = async || {
        let mut conn = AsyncPgConnection::establish(&database.app_url()).await.unwrap();
        ensure_level(&mut conn).await
    };
    assert!(level().await.is_ok());
    let version = Version::new().replace(ACTING, "administrator@[^,@]*@", "administrator@[^,]*@");
    version.apply(&database).await;
    assert!(level().await.is_ok(), "the program of before keeps serving");
    let admin = Prompt::of_admin(&database).await;
    assert_eq!(admin.value("SELECT cardinality(applied_sql) FROM serving_level").await, "2");
    Version::new().apply(&database).await;
    assert_eq!(admin.value("SELECT cardinality(applied_sql) FROM serving_level").await, "1");

    admin.run("UPDATE serving_level SET applied_sql = '{another}'").await;
    assert!(matches!(level().await, Err(LevelError::LacksSql)));
    admin.run("INSERT INTO __diesel_schema_migrations VALUES ('20261122000770')").await;
    assert!(matches!(level().await, Err(LevelError::BeforeBaseline)));
    let refused = migrations::run(&database.admin_url()).await;
    assert!(matches!(refused, Err(MigrationError::BeforeBaseline)));
}
