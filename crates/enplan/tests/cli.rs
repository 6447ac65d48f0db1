//! What the command line refuses: always in one line on standard error, never with a secret in it (B3).
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may fail loudly")]

use persistence::bootstrap::{
    RolePasswords, create_database, create_roles, with_database, with_login,
};
use persistence::cluster::{ClusterHome, InUse, PrivateCluster, Programs, Tuning};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio_postgres::SimpleQueryMessage;

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
    let demonstration = Keys::with("/demonstration", &json!(true));
    for (command, variable) in [
        (&["migrate"][..], "ENPLAN_DATABASE_URL"),
        (&["bootstrap", "--keys", keys.folder()], "ENPLAN_DATABASE_URL"),
        (&["demo", "--data", demonstration.folder()], "ENPLAN_DEMO_DATABASE_URL"),
    ] {
        for url in [NOWHERE, SECRET, "postgres://x:meget-hemmelig-adgangskode@h:port/d"] {
            refusal(command, &[(variable, url)]);
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
        ("ENPLAN_HASHING_WORKERS", "0", "hashing_workers must be between 1 and 64"),
        (
            "ENPLAN_TRUSTED_PROXIES",
            "10.0.0.0/8, proxy.example",
            "trusted_proxies: proxy.example is not an address or a block of addresses such as 10.0.0.0/8",
        ),
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
    // F11: an invalid level would suppress all lines.
    for level in ["inof", "INFO", "", "info,api=debug", "trace=", "all"] {
        let told = with("ENPLAN_LOG", level);
        assert!(
            told.starts_with("invalid value") || level.is_empty(),
            "ENPLAN_LOG={level}: {told}"
        );
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
    assert!(wrong("log = 'inof'").contains("line 1"));
    assert!(wrong("Log = 'info'").contains("Log"));
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
        self.ask(database, sql).await;
    }

    /// The first column of the first row, if there is one.
    async fn ask(&self, database: &str, sql: &str) -> Option<String> {
        let url = with_database(&self.admin_url, database).unwrap();
        let (client, connection) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        let answered = client.simple_query(sql).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
        answered.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
    }

    /// The stored hashes of the passwords of Enplan's roles.
    async fn role_passwords(&self) -> Option<String> {
        let all = "SELECT string_agg(rolname || coalesce(rolpassword, ''), ' ' ORDER BY rolname) \
                   FROM pg_authid WHERE rolname LIKE 'enplan%'";
        self.ask("postgres", all).await
    }

    fn bootstrap(&self, keys: &Keys) {
        let arguments = ["bootstrap", "--keys", keys.folder(), "--database-url", &self.admin_url];
        let done = enplan(&arguments, &[]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn refused_bootstrap(&self, keys: &Keys) -> String {
        refusal(&["bootstrap", "--keys", keys.folder(), "--database-url", &self.admin_url], &[])
    }

    /// The message of `check-config` and `serve`; `None` if they accept the configuration.
    fn check(&self, keys: &Keys) -> Result<(), String> {
        let url = with_login(&self.admin_url, "enplan_app", &SECRET.into(), "enplan").unwrap();
        let environment = [("ENPLAN_DATABASE_URL", url.as_str()), ("ENPLAN_KEYS", keys.folder())];
        if enplan(&["check-config"], &environment).status.success() {
            return Ok(());
        }
        Err(serve_refusal(&environment))
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

    cluster.execute("enplan", "UPDATE installation SET demonstration = true").await;
    let told = "the database holds the demonstration's accounts: it is served with the demonstration's keys alone";
    assert_eq!(check(&url("enplan")).unwrap_err(), told);
    cluster.execute("enplan", "UPDATE installation SET demonstration = false").await;

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

/// OR-3: with one administrator there would be no second person.
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

/// F14: a forgotten pass phrase if there are too few administrators to propose and confirm a new one.
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

    // There are fewer than two other administrators: the pass phrase is reset, the sessions end, and an event records
    // it.
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

    // One is left: another administrator is appointed, and the data protection officer can read this.
    let stop = "UPDATE employee SET deactivated_at = now() WHERE username = 'admin2'";
    installed.cluster.execute("enplan", stop).await;
    let appointed = ["appoint-administrator", "styregruppe", "--json"];
    let appointed = enplan(&appointed, &installed.environment());
    let printed = json_of(&String::from_utf8(appointed.stdout).unwrap());
    assert_eq!(printed["username"], "styregruppe");
    assert!(printed["oneTimePassPhrase"].as_str().unwrap().len() >= 15);
    installed.holds(&event("employee.administrator-appointed", "styregruppe")).await;
    installed.holds(&noted("role", "styregruppe")).await;
    installed
        .holds(
            "SELECT count(*) = 2 FROM administrators(now()) a JOIN unit u ON u.id = a.unit_id AND u.code = 'systemforvaltning'",
        )
        .await;
    // There are three again: two of them reset the pass phrase of the third.
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

/// F4: a municipality's server is never used for a demonstration, with any options.
#[tokio::test]
async fn f04_demo_refuses_what_is_no_demonstration() {
    let keys = Keys::new();
    let cluster = Cluster::open(&keys.0.join("postgresql"));
    let demonstration = Keys::with("/demonstration", &json!(true));
    let demo = |more: &[&str]| {
        let environment = [("ENPLAN_DEMO_DATABASE_URL", cluster.admin_url.as_str())];
        refusal(&[&["demo", "--data", demonstration.folder()], more].concat(), &environment)
    };
    cluster.bootstrap(&keys);
    let before = cluster.role_passwords().await;
    let municipality = "the database enplan on this server is no demonstration: a demonstration wants a server of its own";
    for state in [
        // Made, and not installed yet.
        "SELECT 1",
        // An interrupted `install`.
        "UPDATE installation SET municipality = 'Viborg', municipality_code = '0791'",
        "UPDATE installation SET loaded_at = '2026-11-01'",
    ] {
        cluster.execute("enplan", state).await;
        for more in [&[][..], &["--fresh"]] {
            assert_eq!(demo(more), municipality, "{state} {more:?}");
        }
    }
    assert_eq!(
        cluster.ask("enplan", "SELECT municipality FROM installation").await.unwrap(),
        "Viborg"
    );

    // A database with another name on the same server has the same roles.
    cluster.execute("postgres", "ALTER DATABASE enplan RENAME TO viborg").await;
    assert_eq!(demo(&[]), municipality.replace("enplan on", "viborg on"));
    cluster.execute("postgres", "DROP DATABASE viborg").await;
    let roles = "the roles of Enplan on this server have other passwords than the keys of this demonstration";
    assert!(demo(&["--fresh"]).starts_with(roles));
    assert_eq!(cluster.role_passwords().await, before, "no role was touched");

    cluster.execute("postgres", "CREATE DATABASE enplan").await;
    cluster.execute("enplan", "CREATE TABLE somebody_elses ()").await;
    let foreign = "the database enplan on this server is not Enplan's: a demonstration wants a server of its own";
    assert_eq!(demo(&["--fresh"]), foreign);

    let with_real_keys = refusal(
        &["demo", "--data", keys.folder()],
        &[("ENPLAN_DEMO_DATABASE_URL", cluster.admin_url.as_str())],
    );
    assert!(with_real_keys.contains("are not a demonstration's"), "{with_real_keys}");
    let help = String::from_utf8(enplan(&["demo", "--help"], &[]).stdout).unwrap();
    assert!(help.contains("[env: ENPLAN_DEMO_DATABASE_URL]"), "{help}");
    assert!(!help.contains("ENPLAN_DATABASE_URL"), "a municipality's variable is not read: {help}");
}

/// F5: with other keys no value of the database could be opened or found.
#[tokio::test]
async fn f05_keys_of_another_database_are_refused() {
    let keys = Keys::new();
    let cluster = Cluster::open(&keys.0.join("postgresql"));
    cluster.bootstrap(&keys);
    assert_eq!(cluster.check(&keys), Ok(()));
    let before = cluster.role_passwords().await;

    // New keys, as after restoring only the dump.
    let look_up =
        "the look-up key is not that of this database: use the keys.json that was made for it";
    assert_eq!(cluster.refused_bootstrap(&Keys::new()), look_up);
    assert_eq!(cluster.role_passwords().await, before, "no role was touched");
    let changed = |change: &dyn Fn(&mut Value)| {
        let other = Keys::new();
        let mut file = keys.read();
        change(&mut file);
        fs::write(other.file(), file.to_string()).unwrap();
        other
    };
    let new_secret = || Keys::new().read()["sealingKeys"][0]["secret"].clone();
    assert_eq!(
        cluster.check(&changed(&|file| file["lookupKey"] = new_secret())),
        Err(look_up.to_owned())
    );
    let sealing = changed(&|file| file["sealingKeys"][0]["secret"] = new_secret());
    let told =
        "the sealing key 1 is not that of this database: use the keys.json that was made for it";
    assert_eq!(cluster.check(&sealing).unwrap_err(), told);
    assert_eq!(cluster.refused_bootstrap(&sealing), told);
    let as_demonstration = changed(&|file| file["demonstration"] = json!(true));
    let told = "the keys are a demonstration's, and the database is not: use the keys made for it";
    assert_eq!(cluster.check(&as_demonstration).unwrap_err(), told);

    // Rotation, as docs/OPERATIONS.md has it: behind the old one, then before it.
    let second = json!({ "id": 2, "secret": new_secret() });
    let first = keys.read()["sealingKeys"][0].clone();
    let with = |sealing: &[&Value]| changed(&|file| file["sealingKeys"] = json!(sealing));
    let behind = with(&[&first, &second]);
    cluster.bootstrap(&behind);
    assert_eq!(cluster.check(&keys), Ok(()), "nothing is sealed with the second yet");
    let before_it = with(&[&second, &first]);
    cluster.bootstrap(&before_it);
    assert_eq!(cluster.check(&behind), Ok(()));
    for (missing, id) in [(&keys, 2), (&with(&[&second]), 1)] {
        let told = format!(
            "the sealing key {id} is missing: values of this database are sealed with it, and it stays in keys.json"
        );
        assert_eq!(cluster.check(missing).unwrap_err(), told);
        assert_eq!(cluster.refused_bootstrap(missing), told);
    }
    let same = with(&[&first, &json!({ "id": 1, "secret": new_secret() })]);
    assert_eq!(same.serve_refusal(), "two sealing keys have the id 1: each needs one of its own");
}

/// F6: a program serves a database of its own level, and newer ones that allow it.
#[tokio::test]
async fn f06_a_database_of_another_level_is_refused() {
    let keys = Keys::new();
    let cluster = Cluster::open(&keys.0.join("postgresql"));
    cluster.bootstrap(&keys);
    let five = "DELETE FROM __diesel_schema_migrations WHERE version IN \
        (SELECT version FROM __diesel_schema_migrations ORDER BY version DESC LIMIT 5) RETURNING version";
    cluster.execute("enplan", &format!("CREATE TABLE gone (version text); WITH five AS ({five}) INSERT INTO gone TABLE five")).await;
    assert_eq!(
        cluster.check(&keys).unwrap_err(),
        "the database lacks 5 of this program's migrations: run `enplan migrate`"
    );
    cluster
        .execute(
            "enplan",
            "INSERT INTO __diesel_schema_migrations (version) TABLE gone; DROP TABLE gone",
        )
        .await;
    assert_eq!(cluster.check(&keys), Ok(()));

    cluster.execute("enplan", "UPDATE serving_level SET applied_sql = '{another}'").await;
    assert_eq!(
        cluster.check(&keys).unwrap_err(),
        "the database lacks this program's SQL: run `enplan migrate`"
    );
    let migrate = ["migrate", "--database-url", &cluster.admin_url];
    assert!(enplan(&migrate, &[]).status.success());
    assert_eq!(cluster.check(&keys), Ok(()));

    let of_before = "__diesel_schema_migrations (version) VALUES ('20261122000770')";
    cluster.execute("enplan", &format!("INSERT INTO {of_before}")).await;
    let too_old = "the database was made by a version before the first release, which cannot be upgraded: make a new one";
    assert_eq!(cluster.check(&keys).unwrap_err(), too_old);
    assert_eq!(refusal(&migrate, &[]), too_old);
    cluster
        .execute(
            "enplan",
            "DELETE FROM __diesel_schema_migrations WHERE version = '20261122000770'",
        )
        .await;

    cluster
        .execute(
            "enplan",
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000100')",
        )
        .await;
    assert_eq!(cluster.check(&keys), Ok(()), "the program of before keeps serving");
    cluster.execute("enplan", "UPDATE serving_level SET oldest_serving = '29990101000100'").await;
    assert_eq!(
        cluster.check(&keys).unwrap_err(),
        "the database is newer than this program: serve it with the version that migrated it"
    );
    assert!(enplan(&migrate, &[]).status.success());
    assert!(cluster.check(&keys).unwrap_err().starts_with("the database is newer"), "and stays so");
}

#[test]
fn sql_is_printed_with_its_macros_expanded() {
    let printed = |arguments: &[&str]| {
        let output = enplan(arguments, &[]);
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let all = printed(&["sql", "--expand"]);
    let one = printed(&["sql", "--expand", "plans/views.sql"]);
    assert!(one.starts_with("-- plans/views.sql\n") && one.contains("CREATE VIEW plan_file "));
    assert!(all.contains(&one) && all.contains("CREATE POLICY"));
    assert!(!all.contains("{{") && !all.contains("{%"));
    assert_eq!(
        refusal(&["sql", "--expand", "plans/none.sql"], &[]),
        "there is no file plans/none.sql"
    );
}

/// F12: only one runs at a time; the second one waits and has nothing to do.
#[tokio::test]
async fn f12_any_number_of_migrations_at_once_is_one() {
    let keys = Keys::new();
    let cluster = Cluster::open(&keys.0.join("postgresql"));
    let at_once = |arguments: &[&str]| {
        let started: Vec<Child> = (0..3)
            .map(|_| {
                Command::new(env!("CARGO_BIN_EXE_enplan"))
                    .args(arguments)
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for child in started {
            let ended = child.wait_with_output().unwrap();
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        }
    };
    at_once(&["bootstrap", "--keys", keys.folder(), "--database-url", &cluster.admin_url]);
    assert_eq!(cluster.check(&keys), Ok(()));
    create_database(&cluster.admin_url, "second").await.unwrap();
    at_once(&["migrate", "--database-url", &with_database(&cluster.admin_url, "second").unwrap()]);
    let applied = cluster.ask("second", "SELECT count(*) FROM __diesel_schema_migrations").await;
    assert_eq!(
        applied,
        cluster.ask("enplan", "SELECT count(*) FROM __diesel_schema_migrations").await
    );

    // Of two concurrent `install` commands exactly one installs.
    let url = with_login(&cluster.admin_url, "enplan_app", &SECRET.into(), "enplan").unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/municipality.json");
    let started: Vec<Child> = (0..2)
        .map(|_| {
            Command::new(env!("CARGO_BIN_EXE_enplan"))
                .args(["install", file.to_str().unwrap()])
                .envs([("ENPLAN_DATABASE_URL", url.as_str()), ("ENPLAN_KEYS", keys.folder())])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let ended: Vec<Output> =
        started.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    assert_eq!(ended.iter().filter(|output| output.status.success()).count(), 1, "{ended:?}");
    let refused = ended.iter().find(|output| !output.status.success()).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "enplan: the database has a municipality already\n"
    );
}

/// A server of this database, ended when it is dropped.
struct Served(Child, Value);

impl Served {
    fn start(url: &str, keys: &Keys) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_enplan"))
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"])
            .args(["--workers", "2", "--log", "error"])
            .envs([("ENPLAN_DATABASE_URL", url), ("ENPLAN_KEYS", keys.folder())])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let about = json_of(&line);
        Self(child, about)
    }

    /// The response to a GET of `path`, for the API and for the metrics.
    fn get(&self, member: &str, path: &str) -> String {
        let address = self.1[member].as_str().unwrap().trim_start_matches("http://");
        let address = address.trim_end_matches("/metrics");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The metrics are those of docs/OPERATIONS.md, with the same kinds and labels, and contain no personal data.
#[tokio::test]
async fn figures_are_those_that_the_documentation_lists() {
    let keys = Keys::new();
    let cluster = Cluster::open(&keys.0.join("postgresql"));
    cluster.bootstrap(&keys);
    let url = with_login(&cluster.admin_url, "enplan_app", &SECRET.into(), "enplan").unwrap();
    let served = Served::start(&url, &keys);
    served.get("url", "/api/v1/young-people/01890000-0000-7000-8000-000000000000");
    served.get("url", "/made-up/61014001");
    served.get("url", "/health/ready");
    let until = std::time::Instant::now() + Duration::from_mins(1);
    let figures = loop {
        let figures = served.get("metricsUrl", "/metrics");
        if figures.contains("\nenplan_ready 1\n")
            && figures.contains("\nenplan_log_partition_months ")
        {
            break figures;
        }
        assert!(std::time::Instant::now() < until, "{figures}");
        std::thread::sleep(Duration::from_millis(200));
    };
    let lines = || figures.lines().filter(|line| !line.is_empty());
    let mut families: BTreeMap<&str, (&str, BTreeSet<&str>)> = lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(|(name, kind)| (name, (kind, BTreeSet::new())))
        .collect();
    for line in lines().filter(|line| line.contains('{') && !line.starts_with('#')) {
        let (name, rest) = line.split_once('{').unwrap();
        let name =
            ["_bucket", "_sum", "_count"].iter().fold(name, |name, end| name.trim_end_matches(end));
        let family = families.get_mut(name).unwrap_or_else(|| panic!("{line}"));
        let labels = rest.rsplit_once('}').unwrap().0.split("\",");
        family.1.extend(
            labels.map(|label| label.split_once('=').unwrap().0).filter(|name| *name != "le"),
        );
    }
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/OPERATIONS.md"))
            .unwrap();
    let section = page.split("### Figures").nth(1).unwrap().split("\n## ").next().unwrap();
    let listed: BTreeMap<&str, (&str, BTreeSet<&str>)> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let names = cells[3]
                .split(',')
                .map(|name| name.trim().trim_matches('`'))
                .filter(|name| !name.is_empty());
            (cells[1].trim_matches('`'), (cells[2], names.collect()))
        })
        .collect();
    assert_eq!(families, listed);
    for told in ["young-people/", "made-up", "61014001", "01890000"] {
        assert!(!figures.contains(told), "{told}");
    }
    assert!(figures.contains(r#"operation="none",method="GET",status="404""#), "{figures}");
    assert!(
        figures.contains(r#"operation="readYoungPerson",method="GET",status="401""#),
        "{figures}"
    );
    let told = lines().skip_while(|line| !line.starts_with('#'));
    for line in told.filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("enplan_") || line.starts_with("process_"), "{line}");
    }
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
