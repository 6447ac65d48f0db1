//! What the command line refuses: always in one line on standard error, never with a secret in it (B3).
#![expect(clippy::unwrap_used, reason = "tests may fail loudly")]

use persistence::bootstrap::{
    RolePasswords, create_database, create_roles, with_database, with_login,
};
use persistence::cluster::{ClusterHome, InUse, PrivateCluster, Programs, Tuning};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A password that no message may tell.
const SECRET: &str = "meget-hemmelig-adgangskode";
const NOWHERE: &str = "postgres://enplan_app:meget-hemmelig-adgangskode@127.0.0.1:1/enplan";

fn enplan(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enplan"));
    command
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .envs(environment.iter().copied());
    command.output().unwrap()
}

/// The one line that it ends with.
fn refusal(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = enplan(arguments, environment);
    let (out, err) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(
        output.status.code().is_some_and(|code| code != 0),
        "{arguments:?} {environment:?} was not refused"
    );
    assert_eq!((out.as_str(), err.lines().count()), ("", 1), "{err}");
    assert!(err.starts_with("enplan: ") && err.len() < 400, "{err}");
    assert!(!err.contains(SECRET), "{err}");
    err.trim_start_matches("enplan: ").trim_end().to_owned()
}

fn serve_refusal(environment: &[(&str, &str)]) -> String {
    let check = refusal(&["check-config"], environment);
    assert_eq!(
        refusal(&["serve", "--json"], environment),
        check,
        "check-config tells what serve would"
    );
    check
}

/// A folder of its own, with keys in it.
struct Keys(PathBuf);

impl Keys {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("enplan-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        assert!(enplan(&["keys", folder.to_str().unwrap()], &[]).status.success());
        Self(folder)
    }

    fn folder(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn file(&self) -> PathBuf {
        self.0.join("keys.json")
    }

    fn read(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.file()).unwrap()).unwrap()
    }

    /// With this member of the file changed.
    fn with(pointer: &str, value: &Value) -> Self {
        let keys = Self::new();
        let mut file = keys.read();
        *file.pointer_mut(pointer).unwrap() = value.clone();
        fs::write(keys.file(), file.to_string()).unwrap();
        keys
    }

    fn serve_refusal(&self) -> String {
        serve_refusal(&[("ENPLAN_DATABASE_URL", NOWHERE), ("ENPLAN_KEYS", self.folder())])
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn b3_a_database_address_that_is_none_is_refused() {
    let none = "no database: set ENPLAN_DATABASE_URL, or run `enplan demo`";
    assert_eq!(serve_refusal(&[]), none);
    let address = "ENPLAN_DATABASE_URL is not of the form postgres://enplan_app@host/database";
    for url in [
        "",
        SECRET,
        "mysql://enplan_app:meget-hemmelig-adgangskode@h/d",
        "postgres://h",
        "postgres://h/",
    ] {
        assert_eq!(serve_refusal(&[("ENPLAN_DATABASE_URL", url)]), address, "{url}");
    }
    for login in ["postgres", "enplan_owner", "enplan_worker", "enplan_figures"] {
        let url = format!("postgres://{login}:{SECRET}@127.0.0.1:1/enplan");
        let told = format!("the database login must be enplan_app, not {login}");
        assert_eq!(serve_refusal(&[("ENPLAN_DATABASE_URL", &url)]), told);
    }
    let keys = Keys::new();
    assert!(keys.serve_refusal().starts_with("the database cannot be reached as enplan_app"));
    for command in [
        &["migrate"][..],
        &["bootstrap", "--keys", keys.folder()],
        &["demo", "--data", keys.folder()],
    ] {
        for url in [NOWHERE, SECRET, "postgres://x:meget-hemmelig-adgangskode@h:port/d"] {
            refusal(command, &[("ENPLAN_DATABASE_URL", url)]);
        }
    }
}

#[test]
fn b3_missing_open_and_malformed_keys_are_refused() {
    let database = ("ENPLAN_DATABASE_URL", NOWHERE);
    assert!(serve_refusal(&[database]).starts_with("no keys: make them with `enplan keys FOLDER`"));
    assert!(
        serve_refusal(&[database, ("ENPLAN_KEYS", "/nowhere")])
            .starts_with("the keys in /nowhere/keys.json cannot be read")
    );

    let keys = Keys::new();
    assert!(
        refusal(&["keys", keys.folder()], &[])
            .ends_with("is there already: keys are not written over")
    );
    for mode in [0o644, 0o640, 0o604, 0o620] {
        fs::set_permissions(keys.file(), Permissions::from_mode(mode)).unwrap();
        assert!(keys.serve_refusal().contains("may be read by others: `chmod 600` it"), "{mode:o}");
    }
    fs::set_permissions(keys.file(), Permissions::from_mode(0o600)).unwrap();
    for text in ["", "{", "{}", SECRET] {
        fs::write(keys.file(), text).unwrap();
        assert!(keys.serve_refusal().ends_with("keys.json is not a file of keys"), "{text}");
    }
    let unknown = Keys::new();
    let mut file = unknown.read();
    file["masterKey"] = json!(SECRET);
    fs::write(unknown.file(), file.to_string()).unwrap();
    assert!(unknown.serve_refusal().ends_with("is not a file of keys"));
    assert!(
        Keys::with("/lookupKey", &json!("not base64!"))
            .serve_refusal()
            .ends_with("is not a file of keys")
    );
}

#[test]
fn b3_weak_secrets_are_refused() {
    let zeros = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    let short = json!("c2hvcnQ=");
    for secret in [&zeros, &short, &json!("")] {
        for (pointer, which) in [
            ("/tokenKey", "the token key"),
            ("/sealingKeys/0/secret", "a sealing key"),
            ("/lookupKey", "the look-up key"),
        ] {
            let told = Keys::with(pointer, secret).serve_refusal();
            assert_eq!(told, format!("{which} is too weak: make new keys with `enplan keys`"));
        }
    }
    assert!(
        Keys::with("/sealingKeys", &json!([]))
            .serve_refusal()
            .starts_with("the sealing key is too weak")
    );
    for role in ["app", "worker", "figures"] {
        let told =
            Keys::with(&format!("/databasePasswords/{role}"), &json!("enplan")).serve_refusal();
        assert_eq!(told, "a database password is too weak: make new keys with `enplan keys`");
    }
}

#[test]
fn b3_numbers_addresses_and_files_that_do_not_fit_are_refused() {
    let keys = Keys::new();
    let known = [("ENPLAN_DATABASE_URL", NOWHERE), ("ENPLAN_KEYS", keys.folder())];
    let with = |name, value| serve_refusal(&[&known[..], &[(name, value)]].concat());
    for (name, value, told) in [
        ("ENPLAN_WORKERS", "0", "workers must be between 1 and 256"),
        ("ENPLAN_WORKERS", "257", "workers must be between 1 and 256"),
        ("ENPLAN_POOL_SIZE", "0", "pool_size must be between 1 and 64"),
        ("ENPLAN_POOL_SIZE", "65", "pool_size must be between 1 and 64"),
        (
            "ENPLAN_LISTEN",
            "localhost",
            "invalid value 'localhost' for '--listen <LISTEN>': invalid socket address syntax",
        ),
        (
            "ENPLAN_METRICS",
            "9",
            "invalid value '9' for '--metrics <METRICS>': invalid socket address syntax",
        ),
    ] {
        assert_eq!(with(name, value), told, "{name}={value}");
    }
    assert!(
        with("ENPLAN_WORKERS", "many")
            .starts_with("invalid value 'many' for '--workers <WORKERS>'")
    );

    let file = keys.0.join("enplan.toml");
    let wrong = |text: &str| {
        fs::write(&file, text).unwrap();
        let told = with("ENPLAN_CONFIG", file.to_str().unwrap());
        assert!(
            told.starts_with(&format!("the configuration {} is wrong: ", file.display())),
            "{told}"
        );
        told
    };
    assert!(wrong("colour = 'red'").contains("colour"));
    assert!(wrong("workers = 'two'").contains("line 1"));
    assert!(wrong("listen = 'everywhere'").contains("line 1"));
    // The line with the password is wrong itself.
    wrong(&format!("workers = 1\ndatabase_url = 'postgres://enplan_app:{SECRET}@h/d"));
    wrong(&format!("database_url = ['{SECRET}']"));
    assert!(
        with("ENPLAN_CONFIG", "/nowhere.toml")
            .starts_with("the configuration /nowhere.toml is wrong: No such file")
    );
    // The environment comes before the file.
    fs::write(&file, "workers = 0").unwrap();
    let told = serve_refusal(
        &[&known[..], &[("ENPLAN_CONFIG", file.to_str().unwrap()), ("ENPLAN_WORKERS", "300")]]
            .concat(),
    );
    assert_eq!(told, "workers must be between 1 and 256");
}

#[test]
fn b3_a_demonstration_stays_on_this_machine() {
    let keys = Keys::with("/demonstration", &json!(true));
    let known = [
        ("ENPLAN_DATABASE_URL", NOWHERE),
        ("ENPLAN_KEYS", keys.folder()),
        ("ENPLAN_LISTEN", "0.0.0.0:0"),
    ];
    assert_eq!(
        serve_refusal(&known),
        "a demonstration is served on a loopback address alone, not on 0.0.0.0:0"
    );
    let demo = ["demo", "--data", keys.folder(), "--listen"];
    for address in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80"] {
        let told = refusal(&[&demo[..], &[address]].concat(), &[]);
        assert_eq!(
            told,
            format!("a demonstration listens on a loopback address alone, not on {address}")
        );
    }
    let lock = File::create(keys.0.join("lock")).unwrap();
    lock.lock().unwrap();
    assert!(refusal(&demo[..3], &[]).starts_with("another demonstration uses "));
}

/// A cluster of its own, for roles are the whole cluster's.
struct Cluster {
    programs: Programs,
    home: ClusterHome,
    admin_url: String,
    _in_use: InUse,
}

impl Cluster {
    fn open(folder: &Path) -> Self {
        let programs = Programs::find(std::env::var_os("PATH").as_deref()).unwrap();
        let home = ClusterHome::at(folder).unwrap();
        let patience = Duration::from_secs(10);
        let (cluster, in_use) =
            PrivateCluster::open_supervised(&programs, &home, Tuning::Test, patience).unwrap();
        Self { programs, home, admin_url: cluster.admin_url("enplan"), _in_use: in_use }
    }

    async fn execute(&self, database: &str, sql: &str) {
        let url = with_database(&self.admin_url, database).unwrap();
        let (client, connection) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = PrivateCluster::destroy(&self.programs, &self.home);
    }
}

#[tokio::test]
async fn b3_a_database_that_is_not_fit_is_refused() {
    let keys = Keys::new();
    let cluster = Cluster::open(&keys.0.join("postgresql"));
    assert!(
        enplan(&["bootstrap", "--keys", keys.folder(), "--database-url", &cluster.admin_url], &[])
            .status
            .success()
    );
    let password = keys.read()["databasePasswords"]["app"].as_str().unwrap().to_owned();
    let url =
        |database| with_login(&cluster.admin_url, "enplan_app", &SECRET.into(), database).unwrap();
    let environment = |url: &str| {
        [
            ("ENPLAN_DATABASE_URL".to_owned(), url.to_owned()),
            ("ENPLAN_KEYS".to_owned(), keys.folder().to_owned()),
        ]
    };
    let check = |url: &str| {
        let environment = environment(url);
        let environment =
            environment.each_ref().map(|(name, value)| (name.as_str(), value.as_str()));
        enplan(&["check-config"], &environment).status.success().then_some(()).ok_or_else(|| {
            let told = serve_refusal(&environment);
            assert!(!told.contains(&password));
            told
        })
    };
    assert_eq!(check(&url("enplan")), Ok(()), "the passwords lie with the keys");

    create_database(&cluster.admin_url, "empty").await.unwrap();
    assert_eq!(
        check(&url("empty")).unwrap_err(),
        "the database is not migrated: run `enplan migrate`"
    );

    let mighty = "the database login must be enplan_app: no superuser, no BYPASSRLS, owner of nothing, member of nothing";
    for (with, without) in [
        ("ALTER ROLE enplan_app BYPASSRLS", "ALTER ROLE enplan_app NOBYPASSRLS"),
        ("ALTER ROLE enplan_app SUPERUSER", "ALTER ROLE enplan_app NOSUPERUSER"),
        ("ALTER ROLE enplan_app CREATEROLE", "ALTER ROLE enplan_app NOCREATEROLE"),
        ("GRANT enplan_worker TO enplan_app", "REVOKE enplan_worker FROM enplan_app"),
        ("CREATE TABLE mine (); ALTER TABLE mine OWNER TO enplan_app", "DROP TABLE mine"),
    ] {
        cluster.execute("enplan", with).await;
        assert_eq!(check(&url("enplan")).unwrap_err(), mighty, "{with}");
        cluster.execute("enplan", without).await;
        assert_eq!(check(&url("enplan")), Ok(()), "{without}");
    }

    let demonstrate = "INSERT INTO installation (municipality, municipality_code, demonstration) VALUES ('Demo', '0791', true)";
    cluster.execute("enplan", demonstrate).await;
    let told = "the database holds the demonstration's accounts: it is served with the demonstration's keys alone";
    assert_eq!(check(&url("enplan")).unwrap_err(), told);
    cluster.execute("enplan", "DELETE FROM installation").await;

    // Passwords that are not those of the keys.
    let others = RolePasswords::random().unwrap();
    create_roles(&cluster.admin_url, &others).await.unwrap();
    let told = check(&url("enplan")).unwrap_err();
    assert!(told.starts_with("the database cannot be reached as enplan_app"), "{told}");
    assert!(!told.contains(others.app.expose_secret()));
}

/// A database that is installed, and the environment of the commands on it.
struct Installed {
    keys: Keys,
    cluster: Cluster,
    url: String,
}

impl Installed {
    /// Made, and not installed yet.
    fn empty() -> Self {
        let keys = Keys::new();
        let cluster = Cluster::open(&keys.0.join("postgresql"));
        let bootstrap =
            ["bootstrap", "--keys", keys.folder(), "--database-url", &cluster.admin_url];
        assert!(enplan(&bootstrap, &[]).status.success());
        let url = with_login(&cluster.admin_url, "enplan_app", &SECRET.into(), "enplan").unwrap();
        Self { keys, cluster, url }
    }

    fn environment(&self) -> [(&str, &str); 2] {
        [("ENPLAN_DATABASE_URL", self.url.as_str()), ("ENPLAN_KEYS", self.keys.folder())]
    }

    /// The one line that a command prints: a user name and a one-time pass phrase.
    fn printed(&self, command: &str, username: &str) -> String {
        let output = enplan(&[command, username], &self.environment());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(output.stderr.is_empty() && out.lines().count() == 1, "{out}");
        let (name, phrase) = out.trim_end().split_once('\t').unwrap();
        assert_eq!((name, phrase.len()), (username, 24));
        phrase.to_owned()
    }

    fn refusal(&self, command: &str, username: &str) -> String {
        refusal(&[command, username], &self.environment())
    }

    async fn holds(&self, condition: &str) {
        let assert = format!("DO $$ BEGIN ASSERT ({condition}), 'not so'; END $$");
        self.cluster.execute("enplan", &assert).await;
    }
}

fn municipality() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/municipality.json")
}

/// OR-3: with one administrator nobody could be the second person.
#[test]
fn or_03_install_requires_two_administrators() {
    let installed = Installed::empty();
    let mut file = json_of(&fs::read_to_string(municipality()).unwrap());
    let employees = file["employees"].as_array_mut().unwrap();
    employees.retain(|employee| employee["username"] != "admin2");
    let path = installed.keys.0.join("municipality.json");
    fs::write(&path, file.to_string()).unwrap();
    let told = refusal(&["install", path.to_str().unwrap()], &installed.environment());
    assert_eq!(told, "two administrators are needed: each right is given by two people (OR-3)");
    let whole = enplan(&["install", municipality().to_str().unwrap()], &installed.environment());
    assert!(whole.status.success(), "nothing of the first try is left");
}

/// F14: a forgotten pass phrase, where there are too few administrators to propose and confirm a new one.
#[tokio::test]
async fn f14_the_machine_helps_where_two_administrators_are_missing() {
    let installed = Installed::empty();
    let missing = installed.refusal("appoint-administrator", "dpo");
    assert_eq!(missing, "no employee with this user name can sign in");
    let file = municipality();
    let install = ["install", file.to_str().unwrap()];
    assert!(enplan(&install, &installed.environment()).status.success());
    let admin = "SELECT id FROM employee WHERE username = 'admin'";
    let sign_in = format!(
        "INSERT INTO session (id, employee_id, started_at, refreshed_at) SELECT gen_random_uuid(), id, now(), now() FROM ({admin}) e;
         UPDATE account SET password_hash = 'forgotten', one_time_until = NULL WHERE employee_id = ({admin})"
    );
    installed.cluster.execute("enplan", &sign_in).await;

    // Neither of two others is there: it is reset, the sessions end, and it is told.
    let phrase = installed.printed("reset-password", "admin");
    installed
        .holds(&format!(
            "SELECT a.password_hash <> 'forgotten' AND a.one_time_until > now() + interval '23 hours'
                AND NOT EXISTS (SELECT FROM session s WHERE s.employee_id = a.employee_id AND s.ended_at IS NULL)
                AND NOT a.password_hash LIKE '%{phrase}%'
               FROM account a WHERE a.employee_id = ({admin})"
        ))
        .await;
    let event = |kind: &str, username: &str| {
        format!(
            "SELECT count(*) = 1 FROM event v JOIN employee e ON e.id::text = v.subject_id AND e.username = '{username}'
              WHERE v.kind = '{kind}' AND v.actor_id IS NULL AND v.role = 'system'"
        )
    };
    let noted = |kind: &str, username: &str| {
        format!(
            "SELECT count(*) = 1 FROM rights_request r JOIN employee e ON e.id = r.employee_id AND e.username = '{username}'
              WHERE r.kind = '{kind}' AND r.requested_by_id IS NULL AND r.state = 'confirmed'"
        )
    };
    installed.holds(&event("employee.pass-phrase-reset", "admin")).await;
    installed.holds(&noted("pass-phrase", "admin")).await;
    for (command, username, told) in [
        (
            "reset-password",
            "jv.sagsbehandler",
            "only an administrator's pass phrase is reset on the machine: let an administrator propose a new one",
        ),
        ("reset-password", "nobody", "no employee with this user name can sign in"),
        (
            "appoint-administrator",
            "dpo",
            "there are two administrators: one proposes the new one, the other confirms",
        ),
        ("appoint-administrator", "admin", "the employee is an administrator already"),
    ] {
        assert_eq!(installed.refusal(command, username), told);
    }

    // One is left: another one is appointed, of which the data protection officer reads.
    let stop = "UPDATE employee SET deactivated_at = now() WHERE username = 'admin2'";
    installed.cluster.execute("enplan", stop).await;
    installed.printed("appoint-administrator", "styregruppe");
    installed.holds(&event("employee.administrator-appointed", "styregruppe")).await;
    installed.holds(&noted("role", "styregruppe")).await;
    installed
        .holds(
            "SELECT count(*) = 2 FROM administrators(now()) a JOIN unit u ON u.id = a.unit_id AND u.code = 'systemforvaltning'",
        )
        .await;
    // Three again: two of them do it for the third.
    let open = "UPDATE employee SET deactivated_at = NULL WHERE username = 'admin2'";
    installed.cluster.execute("enplan", open).await;
    assert_eq!(
        installed.refusal("reset-password", "admin"),
        "there are two other administrators: one proposes a new pass phrase, the other confirms"
    );
}

/// B2: nobody knows anybody else's first pass phrase, and whoever has theirs changes it first.
#[tokio::test]
async fn b2_install_makes_a_pass_phrase_for_each_account() {
    let database = Installed::empty();
    let file = municipality();
    let installed = enplan(&["install", file.to_str().unwrap()], &database.environment());
    assert!(installed.status.success());
    let printed = String::from_utf8(installed.stdout).unwrap();
    let accounts: BTreeMap<&str, &str> =
        printed.lines().skip(1).map(|line| line.split_once('\t').unwrap()).collect();
    let phrases: BTreeSet<&str> = accounts.values().copied().collect();
    let employees =
        json_of(&fs::read_to_string(file).unwrap())["employees"].as_array().unwrap().len();
    assert_eq!((accounts.len(), phrases.len()), (employees, employees));
    assert!(phrases.iter().all(|phrase| phrase.len() == 24), "{phrases:?}");
    let all_must_change = format!(
        "DO $$ BEGIN ASSERT {employees} = (SELECT count(DISTINCT password_hash) FROM account
              WHERE one_time_until BETWEEN now() + interval '23 hours' AND now() + interval '24 hours'); END $$"
    );
    database.cluster.execute("enplan", &all_must_change).await;
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_is_printed_is_what_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (command, file) in [
        ("openapi", "openapi/enplan.json"),
        ("access", "docs/ACCESS.md"),
        ("errors", "docs/ERRORS.md"),
    ] {
        let printed = String::from_utf8(enplan(&[command], &[]).stdout).unwrap();
        assert!(printed.len() > 2000, "`enplan {command}` prints it");
        let Ok(committed) = fs::read_to_string(root.join(file)) else { continue };
        let same = match command {
            // Whatever the order of its members.
            "openapi" => json_of(&printed) == json_of(&committed),
            _ => printed == committed,
        };
        assert!(same, "make it anew: enplan {command} > {file}");
    }
}
