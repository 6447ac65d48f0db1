//! A private database for each test, on a cluster that nobody has to start.
//!
//! The first test of a process finds the shared test cluster (or starts it, or takes the server
//! that `ENPLAN_DEMO_DATABASE_URL` names) and in it the template, which is migrated once for each
//! state of the migrations and each month. Each test then copies the template and drops its copy at its end.
//!
//! A process holds one connection open as long as it lives, and its databases carry that
//! connection's name: a database whose connection is gone belonged to a process that was killed,
//! and the next process drops it. The server itself tells, so it also holds for containers that
//! share a server, and for process ids that come again.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "tests may fail loudly")]

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::SimpleAsyncConnection as _;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use persistence::bootstrap::{self, RolePasswords};
use persistence::cluster::{ClusterHome, InUse, PrivateCluster, Programs, Tuning};
use persistence::migrations;
use std::error::Error as _;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, future, thread};
use tokio::runtime;
use tokio::sync::{OnceCell, oneshot};

/// How long the test cluster stays when nobody uses it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Beside its name, the advisory lock, in the database `postgres`, under which a template is made.
const MAKING: i32 = 0x656e_7074;

static SERVER: OnceCell<Server> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A private, migrated database. Tests run in parallel and never see each other's rows.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    server: &'static Server,
}

impl TestDatabase {
    /// Copies the template.
    pub async fn new() -> Self {
        let server = SERVER.get_or_init(Server::find).await;
        let name = server.next_name();
        server.copy_template(&name).await;
        Self { name, server }
    }

    /// Copies a template of its own that holds `contents`, which `load` writes as the worker the first
    /// time that anybody asks for them.
    pub async fn holding(contents: &str, load: impl AsyncFnOnce(String)) -> Self {
        let server = SERVER.get_or_init(Server::find).await;
        let (name, digest) = (server.next_name(), BuildHasherDefault::<DefaultHasher>::default());
        // The whole name and what it is called unfinished are identifiers of at most 63 bytes.
        let template = format!("{}_{:08x}", server.template, digest.hash_one(contents) >> 32);
        if bootstrap::copy_database(&server.admin_url, &template, &name).await.is_err() {
            make(&server.admin_url, &template, async |unfinished| {
                server.copy_template(unfinished).await;
                load(server.url(bootstrap::WORKER, unfinished)).await;
            })
            .await;
            let copied = bootstrap::copy_database(&server.admin_url, &template, &name).await;
            copied.expect("the template can be copied");
        }
        Self { name, server }
    }

    /// The address as the superuser sees it: for what no role of ours may do.
    #[must_use]
    pub fn admin_url(&self) -> String {
        bootstrap::with_database(&self.server.admin_url, &self.name).expect("it was used before")
    }

    /// The address as the application sees it.
    #[must_use]
    pub fn app_url(&self) -> String {
        self.server.url(bootstrap::APP, &self.name)
    }

    /// The address as jobs, sealer and feed see it.
    #[must_use]
    pub fn worker_url(&self) -> String {
        self.server.url(bootstrap::WORKER, &self.name)
    }

    /// The address as the figures see it.
    #[must_use]
    pub fn figures_url(&self) -> String {
        self.server.url(bootstrap::FIGURES, &self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (url, name) = (self.server.admin_url.clone(), self.name.clone());
        // A thread of its own: this one belongs to the test's runtime. What fails here, the next
        // run clears away.
        let dropping = thread::spawn(move || {
            if let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() {
                let _ = runtime.block_on(bootstrap::drop_database(&url, &name));
            }
        });
        let _ = dropping.join();
    }
}

/// The server that all tests of this process use.
#[derive(Debug)]
struct Server {
    admin_url: String,
    passwords: RolePasswords,
    /// The name of the migrated template.
    template: String,
    /// The name of this process's connection, which its databases carry.
    run: String,
}

impl Server {
    /// Finds it from a thread that then lives as long as the process, and with it the connection
    /// and the right to use the cluster; the first test's own runtime ends with that test.
    async fn find() -> Self {
        let (found, server) = oneshot::channel();
        thread::spawn(move || {
            let (admin_url, _in_use) = admin();
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let passwords = RolePasswords::derived_from(&admin_url)
                    .expect("ENPLAN_DEMO_DATABASE_URL is a postgres://user:password@host/database");
                let mut connection = connect(&admin_url, "postgres").await;
                let template = template(&mut connection).await;
                ensure_template(&admin_url, &template).await;
                let run = name_of(&mut connection).await;
                clear_away(&mut connection).await;
                let _ = found.send(Self { admin_url, passwords, template, run });
                future::pending::<()>().await;
            });
        });
        server.await.expect("a server for the tests; why there is none stands above")
    }

    fn next_name(&self) -> String {
        format!("enplan_x_{}_{}", self.run, NEXT.fetch_add(1, Ordering::Relaxed))
    }

    async fn copy_template(&self, name: &str) {
        let Self { admin_url, template, .. } = self;
        if bootstrap::copy_database(admin_url, template, name).await.is_err() {
            // Another checkout may have dropped the template as old, just now.
            ensure_template(admin_url, template).await;
            let copied = bootstrap::copy_database(admin_url, template, name).await;
            copied.expect("the template can be copied");
        }
    }

    fn url(&self, role: &str, database: &str) -> String {
        let password = match role {
            bootstrap::APP => &self.passwords.app,
            bootstrap::WORKER => &self.passwords.worker,
            _ => &self.passwords.figures,
        };
        bootstrap::with_login(&self.admin_url, role, password, database).expect("a server's URL")
    }
}

/// The superuser's address, and what keeps the cluster running.
fn admin() -> (String, Option<InUse>) {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    if let Ok(url) = env::var("ENPLAN_DEMO_DATABASE_URL") {
        return (url, None);
    }
    let opened = Programs::find(env::var_os("PATH").as_deref()).and_then(|programs| {
        // One cluster per major version: an upgrade of the machine is no obstacle.
        let name = format!("test/{}", programs.major());
        let xdg_data_home = env::var_os("XDG_DATA_HOME").map(Into::into);
        let home = ClusterHome::standard(&name, xdg_data_home, env::home_dir())?;
        PrivateCluster::open_supervised(&programs, &home, Tuning::Test, PATIENCE)
    });
    match opened {
        Ok((cluster, in_use)) => (cluster.admin_url("postgres"), Some(in_use)),
        Err(error) => match error.source() {
            Some(cause) => panic!("{error}: {cause}"),
            None => panic!("{error}"),
        },
    }
}

/// The template's name: the month, because the logs have their partitions from then on, and the migrations and the SQL
/// it was made by (D-34).
async fn template(admin: &mut AsyncPgConnection) -> String {
    let month = names(admin, "SELECT to_char(current_date, 'YYMM') AS name").await.pop();
    format!("enplan_t_{}_{:.32}", month.expect("a month"), migrations::fingerprint())
}

async fn ensure_template(admin_url: &str, template: &str) {
    make(admin_url, template, async |unfinished| {
        ensure_roles(admin_url, &mut connect(admin_url, "postgres").await).await;
        let url = bootstrap::with_database(admin_url, unfinished).expect("a server's URL");
        bootstrap::create_database(admin_url, unfinished).await.expect("a database can be made");
        migrations::run(&url).await.expect("the migrations run");
    })
    .await;
}

/// Makes a template unless it is there. It gets its name when it is whole, so that one whose maker was
/// killed is made again.
async fn make(admin_url: &str, template: &str, fill: impl AsyncFnOnce(&str)) {
    let mut admin = connect(admin_url, "postgres").await;
    if exists(&mut admin, template).await {
        return;
    }
    let unfinished = format!("{template}_u");
    execute(&mut admin, &format!("SELECT pg_advisory_lock(hashtext('{unfinished}'), {MAKING})"))
        .await;
    if exists(&mut admin, template).await {
        return;
    }
    bootstrap::drop_database(admin_url, &unfinished).await.expect("an unfinished template goes");
    fill(&unfinished).await;
    execute(&mut admin, &format!("ALTER DATABASE {unfinished} ALLOW_CONNECTIONS false")).await;
    let end_others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname";
    execute(&mut admin, &format!("{end_others} = '{unfinished}'")).await;
    execute(&mut admin, &format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await;
    execute(&mut admin, &format!("ALTER DATABASE {template} IS_TEMPLATE true")).await;
    drop_old_templates(&mut admin, template).await;
}

/// Makes the roles. On a server where an Enplan lives with passwords of its own it stops: we
/// would take them away.
async fn ensure_roles(admin_url: &str, admin: &mut AsyncPgConnection) {
    let passwords = RolePasswords::derived_from(admin_url).expect("a server's URL");
    let app =
        names(admin, "SELECT rolname::text AS name FROM pg_roles WHERE rolname = 'enplan_app'");
    if !app.await.is_empty() {
        let url = bootstrap::with_login(admin_url, bootstrap::APP, &passwords.app, "postgres");
        let login = AsyncPgConnection::establish(&url.expect("a server's URL")).await;
        login.map(drop).expect(
            "the server of ENPLAN_DEMO_DATABASE_URL has roles of Enplan with other passwords; \
             tests need a server of their own",
        );
    }
    bootstrap::create_roles(admin_url, &passwords).await.expect("roles can be made");
}

/// Drops templates of other migrations that were made more than a day ago, unless they are being
/// copied just now.
async fn drop_old_templates(admin: &mut AsyncPgConnection, template: &str) {
    // One with contents begins with the name of the one without.
    let ours: String = template.chars().take("enplan_t_YYMM_".len() + 32).collect();
    let old = format!(
        "SELECT datname::text AS name FROM pg_database
         WHERE datname LIKE 'enplan\\_t\\_%' AND NOT starts_with(datname, '{ours}')
           AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification
               < now() - interval '1 day'"
    );
    for name in names(admin, &old).await {
        let _ = admin.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE false")).await;
        let _ = admin.batch_execute(&format!("DROP DATABASE {name}")).await;
    }
}

/// A connection's name: its process on the server, and when it began.
const NAME: &str = "pid || '_' || (extract(epoch FROM backend_start) * 1000000)::bigint";

async fn name_of(connection: &mut AsyncPgConnection) -> String {
    let own = format!("SELECT {NAME} AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()");
    names(connection, &own).await.pop().expect("a connection sees itself")
}

/// Drops the databases of processes that were killed. Another process may do so too, just now.
async fn clear_away(admin: &mut AsyncPgConnection) {
    let left = format!(
        "SELECT d.datname::text AS name FROM pg_database AS d
         WHERE d.datname LIKE 'enplan\\_x\\_%' AND NOT EXISTS (
             SELECT FROM pg_stat_activity
             WHERE starts_with(d.datname, 'enplan_x_' || {NAME} || '_'))"
    );
    for name in names(admin, &left).await {
        let _ = admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

async fn connect(admin_url: &str, database: &str) -> AsyncPgConnection {
    let url = bootstrap::with_database(admin_url, database).expect("a server's URL");
    AsyncPgConnection::establish(&url).await.expect("the server takes connections")
}

async fn exists(admin: &mut AsyncPgConnection, database: &str) -> bool {
    bootstrap::database_exists(admin, database).await.expect("the server answers")
}

async fn execute(admin: &mut AsyncPgConnection, statement: &str) {
    admin.batch_execute(statement).await.expect("the superuser may do this");
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

async fn names(admin: &mut AsyncPgConnection, query: &str) -> Vec<String> {
    let rows: Vec<Name> = diesel::sql_query(query).load(admin).await.expect("the server answers");
    rows.into_iter().map(|row| row.name).collect()
}
