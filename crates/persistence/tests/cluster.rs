//! Private clusters, really started: what happens at the first time, at the second, at once, and
//! after `kill -9` at any moment.

#![expect(clippy::unwrap_used, reason = "tests may fail loudly")]

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use persistence::bootstrap::{self, RolePasswords};
use persistence::cluster::{ClusterHome, PrivateCluster, Programs, Tuning};
use std::error::Error;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, process, thread};

type Answer = Result<String, Box<dyn Error>>;

/// A folder for one test; what runs in it ends with the test.
struct Place {
    folder: PathBuf,
    wanted: PathBuf,
}

impl Place {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // Not below a folder that the user `postgres` cannot enter.
        let folder = PathBuf::from(format!("/tmp/enplan-test-{}-{number}", process::id()));
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        Self { wanted: folder.join("home"), folder }
    }

    fn home(&self) -> ClusterHome {
        ClusterHome::at(&self.wanted).unwrap()
    }

    fn open(&self) -> PrivateCluster {
        PrivateCluster::open(&programs(), &self.home(), Tuning::Test).unwrap()
    }

    fn pid_file(&self) -> PathBuf {
        self.home().folder().join("cluster/data/postmaster.pid")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home().folder().join("cluster/data/server.log")).unwrap()
    }

    /// The server's process, as its pid file says.
    fn pid(&self) -> i32 {
        fs::read_to_string(self.pid_file()).unwrap().lines().next().unwrap().parse().unwrap()
    }

    /// This test binary in a process of its own, opening the cluster of this place.
    fn other_process(&self) -> Child {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "opens_a_cluster", "--nocapture"])
            .env("ENPLAN_TEST_CLUSTER", &self.wanted)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let home = self.home();
        if home.folder().exists() {
            let _ = PrivateCluster::destroy(&programs(), &home);
            let _ = fs::remove_dir_all(home.folder());
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn programs() -> Programs {
    Programs::find(env::var_os("PATH").as_deref()).unwrap()
}

/// The first column of the first row.
fn ask(url: &str, query: &str) -> Answer {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        answer: String,
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = AsyncPgConnection::establish(url).await?;
        let row: Row = diesel::sql_query(query).get_result(&mut connection).await?;
        Ok(row.answer)
    })
}

fn setting(cluster: &PrivateCluster, name: &str) -> String {
    let query = format!("SELECT current_setting('{name}') AS answer");
    ask(&cluster.admin_url("postgres"), &query).unwrap()
}

fn lives(pid: i32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// Whether it comes true in time.
fn soon(mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

#[test]
fn a_new_cluster_answers_only_to_a_password_on_its_socket() {
    let place = Place::new();
    let cluster = place.open();
    let database = ask(&cluster.admin_url("postgres"), "SELECT current_database()::text AS answer");
    assert_eq!(database.unwrap(), "postgres");
    let wrong = cluster.url("enplan_admin", &"guess".into(), "postgres");
    assert!(ask(&wrong, "SELECT 'in' AS answer").is_err());
    assert_eq!(setting(&cluster, "listen_addresses"), "");
    assert_eq!(setting(&cluster, "data_checksums"), "on");
    assert_eq!(setting(&cluster, "server_encoding"), "UTF8");
    assert_eq!(setting(&cluster, "TimeZone"), "UTC");
}

#[test]
fn a_durable_cluster_waits_for_the_disk_and_a_test_cluster_does_not() {
    for (tuning, fsync, connections) in
        [(Tuning::Durable, "on", "200"), (Tuning::Test, "off", "400")]
    {
        let place = Place::new();
        let cluster = PrivateCluster::open(&programs(), &place.home(), tuning).unwrap();
        assert_eq!(setting(&cluster, "fsync"), fsync);
        assert_eq!(setting(&cluster, "full_page_writes"), fsync);
        assert_eq!(setting(&cluster, "max_connections"), connections);
    }
}

#[test]
fn opening_again_uses_the_cluster_that_runs() {
    let place = Place::new();
    place.open();
    let first = place.pid();
    let cluster = place.open();
    assert_eq!(place.pid(), first);
    assert_eq!(setting(&cluster, "port"), "5432");
}

#[test]
fn what_was_committed_outlives_stop_and_kill() {
    let place = Place::new();
    let cluster = PrivateCluster::open(&programs(), &place.home(), Tuning::Durable).unwrap();
    let url = cluster.admin_url("postgres");
    ask(&url, "SELECT set_config('a.b', 'c', false) AS answer").unwrap();
    ask(&url, "SELECT lo_from_bytea(4711, 'kept')::text AS answer").unwrap();
    let read = "SELECT convert_from(lo_get(4711), 'UTF8') AS answer";

    cluster.stop().unwrap();
    assert!(ask(&url, read).is_err(), "it is stopped");
    let url = place.open().admin_url("postgres");
    assert_eq!(ask(&url, read).unwrap(), "kept");

    let killed = place.pid();
    kill(Pid::from_raw(killed), Signal::SIGKILL).unwrap();
    let url = place.open().admin_url("postgres");
    assert_eq!(ask(&url, read).unwrap(), "kept");
    assert_ne!(place.pid(), killed);
}

#[test]
fn a_stale_pid_file_that_names_another_program_is_no_obstacle() {
    let place = Place::new();
    let cluster = place.open();
    let stale = fs::read_to_string(place.pid_file()).unwrap();
    let pid = place.pid();
    cluster.stop().unwrap();

    // Of the cluster's own user, or PostgreSQL would see by itself that it is not the server.
    let mut sleep = Command::new("sleep");
    if let Some(user) = geteuid().is_root().then(|| User::from_name("postgres").unwrap().unwrap()) {
        sleep.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    let mut foreign = sleep.arg("60").spawn().unwrap();
    fs::write(place.pid_file(), stale.replacen(&pid.to_string(), &foreign.id().to_string(), 1))
        .unwrap();

    let cluster = place.open();
    assert_eq!(setting(&cluster, "port"), "5432");
    assert!(foreign.try_wait().unwrap().is_none(), "the other program is left alone");
    foreign.kill().unwrap();
    foreign.wait().unwrap();
}

#[test]
fn processes_that_open_it_at_once_all_get_the_same_one() {
    let place = Place::new();
    let mut others: Vec<Child> = (0..4).map(|_| place.other_process()).collect();
    let here: Vec<_> = thread::scope(|scope| {
        let opening: Vec<_> = (0..4).map(|_| scope.spawn(|| place.open())).collect();
        opening.into_iter().map(|opened| opened.join().unwrap()).collect()
    });
    assert!(others.iter_mut().all(|other| other.wait().unwrap().success()));
    assert!(here.iter().all(|cluster| setting(cluster, "port") == "5432"));
    assert_eq!(place.log().matches("ready to accept connections").count(), 1);
}

#[test]
fn whoever_is_killed_while_making_it_leaves_no_half_cluster() {
    let place = Place::new();
    for milliseconds in [30, 150, 400, 700] {
        let mut other = place.other_process();
        thread::sleep(Duration::from_millis(milliseconds));
        other.kill().unwrap();
        other.wait().unwrap();
    }
    let cluster = place.open();
    assert_eq!(setting(&cluster, "data_checksums"), "on");
    let admin = ask(&cluster.admin_url("postgres"), "SELECT current_user::text AS answer");
    assert_eq!(admin.unwrap(), "enplan_admin");
}

/// Other tests run this one in a process of its own, on their place.
#[test]
fn opens_a_cluster() {
    let own = Place::new();
    let wanted =
        env::var_os("ENPLAN_TEST_CLUSTER").map_or_else(|| own.wanted.clone(), PathBuf::from);
    let home = ClusterHome::at(&wanted).unwrap();
    let cluster = PrivateCluster::open(&programs(), &home, Tuning::Test).unwrap();
    assert_eq!(setting(&cluster, "port"), "5432");
}

#[test]
fn a_home_that_the_clusters_user_cannot_enter_is_moved() {
    let mut place = Place::new();
    let closed = place.folder.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    place.wanted = closed.join("home");
    let cluster = place.open();
    assert_eq!(setting(&cluster, "port"), "5432");
    let moved = cluster.home().folder().starts_with("/var/lib/enplan/clusters");
    assert_eq!(moved, geteuid().is_root());
    assert_eq!(place.wanted.exists(), !moved);
    assert_eq!(place.home().folder(), cluster.home().folder(), "it is found again");
}

#[test]
fn a_folder_that_others_can_exchange_is_no_home_for_root() {
    if !geteuid().is_root() {
        return;
    }
    let place = Place::new();
    let moved = || place.home().folder().starts_with("/var/lib/enplan/clusters");
    assert!(!moved());
    fs::set_permissions(&place.folder, Permissions::from_mode(0o777)).unwrap();
    assert!(moved(), "anybody may rename what lies in it");
    fs::set_permissions(&place.folder, Permissions::from_mode(0o755)).unwrap();
    let somebody = User::from_name("nobody").unwrap().unwrap();
    chown(&place.folder, Some(somebody.uid.as_raw()), None).unwrap();
    assert!(moved(), "it is somebody else's");
}

#[test]
fn destroying_it_stops_it_and_leaves_no_data() {
    let place = Place::new();
    place.open();
    let (pid, file) = (place.pid(), place.pid_file());
    PrivateCluster::destroy(&programs(), &place.home()).unwrap();
    assert!(soon(|| !lives(pid)));
    assert!(!file.exists());
    let afresh = place.open();
    assert_eq!(setting(&afresh, "port"), "5432");
}

#[test]
fn a_cluster_of_another_version_is_refused_and_can_be_destroyed() {
    let place = Place::new();
    place.open().stop().unwrap();
    let version = place.home().folder().join("cluster/data/PG_VERSION");
    fs::write(&version, "9\n").unwrap();
    let refused = PrivateCluster::open(&programs(), &place.home(), Tuning::Test).unwrap_err();
    assert!(refused.to_string().contains("was made by PostgreSQL 9"), "{refused}");
    PrivateCluster::destroy(&programs(), &place.home()).unwrap();
    place.open();
}

#[test]
fn the_log_holds_no_statement_and_no_value() {
    let place = Place::new();
    let url = place.open().admin_url("postgres");
    for statement in ["SELECT 'Asta Ravn'::integer::text AS answer", "SELECT Asta Ravn"] {
        assert!(ask(&url, statement).is_err());
    }
    assert!(place.log().contains("ready to accept connections"));
    assert!(!place.log().contains("Asta"), "{}", place.log());
}

#[test]
fn where_programs_are_missing_one_line_says_what_to_do() {
    let missing = Programs::find_in([PathBuf::from("/nowhere")]).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no PostgreSQL 15 or newer on this machine: install it (`apt-get install postgresql`), \
         or set ENPLAN_DEMO_DATABASE_URL to a server"
    );
}

#[test]
fn a_supervised_cluster_stays_while_it_is_used_and_then_stops() {
    let place = Place::new();
    let patience = Duration::from_secs(1);
    let open = || {
        PrivateCluster::open_supervised(&programs(), &place.home(), Tuning::Test, patience).unwrap()
    };
    let (_, in_use) = open();
    let (cluster, also_in_use) = open();
    let pid = place.pid();
    drop(in_use);
    thread::sleep(Duration::from_secs(3));
    assert!(lives(pid), "one still uses it");

    let url = cluster.admin_url("postgres");
    let client = thread::spawn(move || {
        ask(&url, "SELECT pg_sleep(3)::text AS answer").map_err(|error| error.to_string())
    });
    thread::sleep(Duration::from_millis(500));
    drop(also_in_use);
    assert_eq!(client.join().unwrap(), Ok(String::new()), "a client is no less than a user");
    assert!(soon(|| !lives(pid)), "nobody uses it");

    let supervisor = || {
        let file = fs::File::open(place.home().folder().join("supervisor.lock")).unwrap();
        file.try_lock().is_err()
    };
    assert!(soon(|| !supervisor()), "the supervisor ends too");
    let (_, _in_use) = open();
    assert!(soon(supervisor), "and comes again");
}

#[test]
fn roles_are_made_by_twelve_at_once_and_cannot_do_more_than_they_must() {
    let place = Place::new();
    let cluster = place.open();
    let url = cluster.admin_url("postgres");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let passwords = RolePasswords::derived_from(&url).unwrap();
    let made = runtime.block_on(async {
        let makers = (0..12).map(|_| {
            let (url, passwords) = (url.clone(), passwords.clone());
            tokio::spawn(async move {
                bootstrap::create_roles(&url, &passwords).await?;
                bootstrap::create_database(&url, "enplan").await
            })
        });
        let mut made = Vec::new();
        for maker in makers.collect::<Vec<_>>() {
            made.push(maker.await.unwrap().map_err(|error| format!("{error:?}")));
        }
        made
    });
    assert_eq!(made, vec![Ok(()); 12]);

    let rights = "SELECT string_agg(format('%s%s', rolname, CASE WHEN rolcanlogin THEN '*' END),
             ' ' ORDER BY rolname) AS answer FROM pg_roles
         WHERE rolname ~ '^enplan_(owner|app|worker|figures)$'
           AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)";
    let roles = "enplan_app* enplan_figures* enplan_owner enplan_worker*";
    assert_eq!(ask(&url, rights).unwrap(), roles);

    let app = |password, database| cluster.url(bootstrap::APP, password, database);
    let who = "SELECT current_user::text AS answer";
    assert_eq!(ask(&app(&passwords.app, "enplan"), who).unwrap(), "enplan_app");
    assert!(ask(&app(&passwords.worker, "enplan"), who).is_err(), "another role's password");
    let temporary = "SELECT has_database_privilege('enplan', 'TEMP')::text AS answer";
    assert_eq!(ask(&app(&passwords.app, "enplan"), temporary).unwrap(), "false");

    let others = RolePasswords::random().unwrap();
    runtime.block_on(bootstrap::create_roles(&url, &others)).unwrap();
    assert!(ask(&app(&passwords.app, "enplan"), who).is_err(), "the old password");
    assert_eq!(ask(&app(&others.app, "enplan"), who).unwrap(), "enplan_app");

    runtime.block_on(bootstrap::drop_database(&url, "enplan")).unwrap();
    runtime.block_on(bootstrap::drop_database(&url, "enplan")).unwrap();
    assert!(ask(&app(&others.app, "enplan"), who).is_err(), "it is gone");
}

/// The same as an ordinary user, where we are root: the other tests then saw the user `postgres`.
#[test]
fn an_ordinary_user_has_clusters_of_their_own() {
    let Some(user) = User::from_name("nobody").unwrap().filter(|_| geteuid().is_root()) else {
        return;
    };
    let place = Place::new();
    let binary = place.folder.join("tests");
    fs::copy(env::current_exe().unwrap(), &binary).unwrap();
    fs::create_dir(&place.wanted).unwrap();
    chown(&place.wanted, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    let output = Command::new(&binary)
        .args(["--exact", "as_an_ordinary_user", "--nocapture"])
        .env("ENPLAN_TEST_CLUSTER", place.wanted.join("home"))
        .current_dir("/")
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    let _ = fs::remove_dir(format!("/tmp/enplan-{}", user.uid));
}

/// As root, the test above runs this one as somebody else.
#[test]
fn as_an_ordinary_user() {
    if geteuid().is_root() {
        return;
    }
    let place = match env::var_os("ENPLAN_TEST_CLUSTER").map(PathBuf::from) {
        Some(wanted) => Place { folder: wanted.clone(), wanted },
        None => Place::new(),
    };
    let cluster = place.open();
    assert_eq!(setting(&cluster, "port"), "5432");
    assert!(place.wanted.join("cluster").exists(), "it lies where it was wanted");
    let killed = place.pid();
    kill(Pid::from_raw(killed), Signal::SIGKILL).unwrap();
    assert_eq!(setting(&place.open(), "port"), "5432");
    assert_ne!(place.pid(), killed);

    let sockets = setting(&cluster, "unix_socket_directories");
    let above = Path::new(&sockets).parent().unwrap();
    assert_eq!(fs::metadata(above).unwrap().permissions().mode() & 0o777, 0o700);
    fs::set_permissions(above, Permissions::from_mode(0o755)).unwrap();
    let refused = PrivateCluster::open(&programs(), &place.home(), Tuning::Test);
    fs::set_permissions(above, Permissions::from_mode(0o700)).unwrap();
    assert!(refused.unwrap_err().to_string().contains("open to others"));
}
