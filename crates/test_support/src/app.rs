//! The whole service, in this process, on a private database that holds the demonstration's
//! municipality.

use crate::client::{Answer, Service, Speaker, serve};
use crate::database::TestDatabase;
use crate::sql::Admin;
use actix_web::HttpServer;
use actix_web::test::TestRequest;
use api::passwords::Passwords;
use api::tokens::TokenKeys;
use api::{Clock, Shared, Throttle, TrustedProxies};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{EmployeeId, RequestId, SessionId};
use persistence::organisation::{FirstPasswords, Municipality};
use persistence::vault::{SealingKey, Vault};
use persistence::{Opening, Silence, Store, StoreSettings, installation};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The pass phrase of every account.
pub const PASS_PHRASE: &str = "enplan-demo";
/// Where the clock stands at first: a Monday, a working day.
pub const START: &str = "2026-11-23T09:00:00Z";
/// When the municipality was loaded, and all roles began.
const LOADED: &str = "2026-01-05T08:00:00Z";
const MUNICIPALITY: &str = include_str!("../../enplan/data/municipality.json");

/// One instance of the service. [`TestApp::instance`] gives another one on the same database.
pub struct TestApp {
    pub(crate) service: Service,
    store: Store,
    shared: Shared,
    world: Arc<World>,
}

/// The command with a method and path, if it accepts an idempotency key.
type Naming = Box<dyn Fn(&str, &str) -> Option<String> + Send>;
/// A command, with its first and second response.
type Repeated = (String, Answer, Answer);

/// What the instances share.
struct World {
    settings: StoreSettings,
    vault: Arc<Vault>,
    keys: Arc<TokenKeys>,
    clock: Mutex<DateTime<Utc>>,
    employees: Mutex<HashMap<String, Uuid>>,
    units: HashMap<String, Uuid>,
    homes: Mutex<HashMap<String, Uuid>>,
    tokens: Mutex<HashMap<String, (DateTime<Utc>, String)>>,
    repeats: Mutex<Option<Naming>>,
    repeated: Mutex<Vec<Repeated>>,
    next_number: AtomicU32,
    admin: Admin,
    database: TestDatabase,
}

impl fmt::Debug for TestApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestApp").field("database", &self.world.database).finish_non_exhaustive()
    }
}

impl TestApp {
    /// A municipality of its own, and the service on it. The clock stands at [`START`].
    pub async fn new() -> Self {
        let municipality: Municipality =
            serde_json::from_str(MUNICIPALITY).expect("a municipality");
        let database = TestDatabase::holding(MUNICIPALITY, async |worker_url| {
            let hash = api::passwords::hash(PASS_PHRASE).expect("a hash");
            let passwords = FirstPasswords::Demonstration(&hash);
            installation::install(&worker_url, &municipality, passwords, moment(LOADED))
                .await
                .expect("the municipality is loaded");
        })
        .await;
        let admin = Admin::connect(&database.admin_url()).await;
        let pairs = async |query: &str| -> HashMap<String, Uuid> {
            let rows = admin.rows(query).await;
            rows.iter()
                .map(|row| (text(row, "name"), text(row, "id").parse().expect("a UUID")))
                .collect()
        };
        let units = pairs("SELECT code AS name, id FROM unit").await;
        let employees = pairs("SELECT username AS name, id FROM employee").await;
        let of_employees = "SELECT username AS name, unit_id AS id FROM employee JOIN employee_role ON employee_id = employee.id";
        let homes = pairs(of_employees).await;
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key pair");
        let sealing = [SealingKey { id: 1, secret: [1; 32] }];
        let world = World {
            settings: StoreSettings {
                app_url: database.app_url(),
                worker_url: database.worker_url(),
                pool_size: 4,
                silence: Silence::default(),
            },
            vault: Arc::new(Vault::new(&sealing, &[2; 32]).expect("keys")),
            keys: Arc::new(TokenKeys::from_pkcs8(pair.as_ref()).expect("a key pair")),
            clock: Mutex::new(moment(START)),
            employees: Mutex::new(employees),
            units,
            homes: Mutex::new(homes),
            tokens: Mutex::default(),
            repeats: Mutex::default(),
            repeated: Mutex::default(),
            next_number: AtomicU32::new(0),
            admin,
            database,
        };
        Self::start(Arc::new(world), TrustedProxies::default()).await
    }

    /// A second instance of the service: same database, keys and clock, pools and memory of its own.
    pub async fn instance(&self) -> Self {
        self.instance_behind(&[]).await
    }

    /// A second instance on a machine with this clock.
    pub async fn instance_at(&self, clock: Clock) -> Self {
        Self::start_at(Arc::clone(&self.world), clock, TrustedProxies::default()).await
    }

    /// The same behind these trusted proxies.
    pub async fn instance_behind(&self, proxies: &[&str]) -> Self {
        let proxies = proxies.iter().map(|network| network.parse().expect("a network")).collect();
        Self::start(Arc::clone(&self.world), TrustedProxies::new(proxies)).await
    }

    async fn start(world: Arc<World>, proxies: TrustedProxies) -> Self {
        let clock = Clock::from_fn({
            let world = Arc::downgrade(&world);
            move || world.upgrade().map_or_else(|| moment(START), |world| world.now())
        });
        Self::start_at(world, clock, proxies).await
    }

    async fn start_at(world: Arc<World>, clock: Clock, proxies: TrustedProxies) -> Self {
        let shared = Shared {
            clock,
            tokens: Arc::clone(&world.keys),
            passwords: Passwords::new(2),
            throttle: Arc::new(Throttle::default()),
            proxies: Arc::new(proxies),
            strict_transport: Some(31_536_000),
        };
        let app = api::app(world.settings.clone(), Arc::clone(&world.vault), shared.clone());
        let store = Store::new(&world.settings, Arc::clone(&world.vault)).expect("a store");
        Self { service: serve(app).await, store, shared, world }
    }

    /// The same service on a socket of this machine, for tests that depend on bytes and connections. It ends with the
    /// test.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        let (settings, vault) = (self.world.settings.clone(), Arc::clone(&self.world.vault));
        let shared = self.shared.clone();
        let server =
            HttpServer::new(move || api::app(settings.clone(), Arc::clone(&vault), shared.clone()))
                .workers(1)
                .disable_signals()
                .bind((Ipv4Addr::LOCALHOST, 0))
                .expect("a socket");
        let address = *server.addrs().first().expect("an address");
        actix_web::rt::spawn(server.run());
        address
    }

    /// From now on each command is sent with a separate idempotency key and, if it succeeded, sent again.
    pub fn repeat_commands(&self, named: impl Fn(&str, &str) -> Option<String> + Send + 'static) {
        *self.world.repeats.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(named));
    }

    pub(crate) fn repeats(&self, method: &str, path: &str) -> Option<String> {
        let repeats = self.world.repeats.lock().unwrap_or_else(PoisonError::into_inner);
        repeats.as_ref()?(method, path)
    }

    pub(crate) fn was_repeated(&self, name: String, first: &Answer, second: Answer) {
        let mut repeated = self.world.repeated.lock().unwrap_or_else(PoisonError::into_inner);
        repeated.push((name, first.clone(), second));
    }

    /// The commands that were sent twice, with both responses.
    pub fn repeated(&self) -> Vec<(String, Answer, Answer)> {
        self.world.repeated.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The moment at which the clock stands.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.world.now()
    }

    /// Sets the clock: `2026-11-23T09:00:00Z`.
    pub fn at(&self, when: &str) {
        *self.world.clock.lock().unwrap_or_else(PoisonError::into_inner) = moment(when);
    }

    /// Moves the clock.
    pub fn advance(&self, by: TimeDelta) {
        *self.world.clock.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// Speaks as this account, whose session is opened without a pass phrase.
    #[must_use]
    pub fn as_<'a>(&'a self, username: &'a str) -> Speaker<'a> {
        Speaker { app: self, who: Some(username) }
    }

    /// Speaks without a token.
    #[must_use]
    pub fn as_nobody(&self) -> Speaker<'_> {
        Speaker { app: self, who: None }
    }

    /// An access token of a fresh session, or of the one that was opened at this moment before.
    pub async fn token(&self, username: &str) -> String {
        let now = self.now();
        let tokens = || self.world.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, token)) = tokens().get(username)
            && *at == now
        {
            return token.clone();
        }
        let employee = EmployeeId(self.employee(username));
        // Past the log of events: a session of the tests' making is no change of the service's.
        let session = SessionId(Uuid::now_v7());
        self.execute(&format!(
            "INSERT INTO session (id, employee_id, started_at, refreshed_at) VALUES ('{session}', '{employee}', '{now}', '{now}')"
        ))
        .await;
        let token = self.world.keys.issue(employee, session, now).expect("a token");
        tokens().insert(username.to_owned(), (now, token.clone()));
        token
    }

    /// The employee of an account.
    #[must_use]
    pub fn employee(&self, username: &str) -> Uuid {
        let employees = self.world.employees.lock().unwrap_or_else(PoisonError::into_inner);
        *employees.get(username).unwrap_or_else(|| panic!("no account {username}"))
    }

    /// The unit with this code.
    #[must_use]
    pub fn unit(&self, code: &str) -> Uuid {
        *self.world.units.get(code).unwrap_or_else(|| panic!("no unit {code}"))
    }

    /// The unit in which an account was given its first role.
    #[must_use]
    pub fn unit_of(&self, username: &str) -> Uuid {
        let homes = self.world.homes.lock().unwrap_or_else(PoisonError::into_inner);
        *homes.get(username).unwrap_or_else(|| panic!("no account {username}"))
    }

    /// One more employee, with a role, who cannot sign in with a pass phrase.
    pub async fn employ(&self, username: &str, role: &str, unit: &str) -> Uuid {
        let (id, unit) = (Uuid::now_v7(), self.unit(unit));
        self.execute(&format!(
            "INSERT INTO employee (id, username, given_name, family_name) VALUES ('{id}', '{username}', 'Eva', 'Ny');
             INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
             VALUES (gen_random_uuid(), '{id}', '{role}', '{unit}', '{LOADED}')"
        ))
        .await;
        let known = |names: &Mutex<HashMap<String, Uuid>>, id| {
            names.lock().unwrap_or_else(PoisonError::into_inner).insert(username.to_owned(), id)
        };
        known(&self.world.employees, id);
        known(&self.world.homes, unit);
        id
    }

    /// The rows of a query as the superuser, whom nothing is hidden from.
    pub async fn sql(&self, query: &str) -> Vec<Value> {
        self.world.admin.rows(query).await
    }

    /// Every row of every table except the access log and the counted checks, to compare before and after.
    pub async fn dump(&self) -> BTreeMap<String, Value> {
        let tables = "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
                      AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT IN ('access_entry', 'access_check')";
        let mut dump = BTreeMap::new();
        for table in self.sql(tables).await {
            let name = text(&table, "name");
            let rows = self.sql(&format!("SELECT * FROM {name} AS row ORDER BY row::text")).await;
            dump.insert(name, Value::Array(rows));
        }
        dump
    }

    /// Statements as the superuser.
    pub async fn execute(&self, statements: &str) {
        self.world.admin.execute(statements).await;
    }

    /// Runs what is due at this moment, as the worker would.
    pub async fn run_due_jobs(&self) -> usize {
        self.store.reckon_deadlines(self.now()).await.expect("deadlines are reckoned");
        self.store.run_due_jobs(self.now()).await.expect("due jobs are run")
    }

    /// Runs the queued jobs, as the worker does shortly after a response.
    pub async fn run_queued_jobs(&self) -> usize {
        self.store.run_due_jobs(self.now()).await.expect("due jobs are run")
    }

    /// The store of a handler, for operations that no request can cause.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// A request by this account, for [`Self::store`].
    pub async fn opening(&self, username: &str) -> Opening {
        let (now, token) = (self.now(), self.token(username).await);
        let verified = self.world.keys.verify(&token, now).expect("a token that holds");
        let request = RequestId(Uuid::now_v7());
        Opening { session: verified.session, employee: verified.employee, request, now }
    }

    /// The private database.
    #[must_use]
    pub fn database(&self) -> &TestDatabase {
        &self.world.database
    }

    /// What signs access tokens.
    #[must_use]
    pub fn keys(&self) -> &TokenKeys {
        &self.world.keys
    }

    /// A number that this test has not used yet.
    pub(crate) fn next_number(&self) -> u32 {
        self.world.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// Every CPR number that was made up for this test.
    #[must_use]
    pub fn numbers_used(&self) -> Vec<String> {
        (0..self.world.next_number.load(Ordering::Relaxed)).map(crate::builders::number).collect()
    }

    /// A request of a client's choice, on any path.
    pub async fn send(&self, request: TestRequest) -> Answer {
        (self.service)(request, None).await
    }
}

impl World {
    fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().expect("a text").to_owned()
}
