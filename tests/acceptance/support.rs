//! What the tests stand on: processes that end with us, two instances on one database, a client that
//! speaks HTTP, and a reader who sees every row.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

/// The pass phrase of every account of the demonstration.
pub const PASS_PHRASE: &str = "enplan-demo";
/// A family name that no log may tell.
pub const FAMILY_NAME: &str = "Hemmelighedsen";

/// Starts the program, tells its process id, and ends it when our end of the pipe is closed: so also
/// when the tests are killed. Each line we send names a folder that goes with it.
const KEEPER: &str = r#"out=$1; shift
"$@" </dev/null >"$out/out" 2>"$out/err" & pid=$!
echo $pid
set --
while read -r folder; do set -- "$@" "$folder"; done
kill -TERM $pid 2>/dev/null
wait $pid; code=$?
rm -rf -- "$@"
exit $code"#;

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn next() -> usize {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Waits until `done` gives something, and fails with `what` after a while.
pub fn eventually<T>(what: &str, within: Duration, mut done: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + within;
    loop {
        if let Some(found) = done() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {within:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Does `work` in so many threads at the same moment, and gives what came of it, in order.
pub fn at_once<T: Send>(many: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (barrier, work) = (Barrier::new(many), &work);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..many)
            .map(|n| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    work(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// A new, empty folder that goes with this value.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path =
            env::temp_dir().join(format!("enplan-acceptance-{}-{}", std::process::id(), next()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `enplan`. It ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    keeper: Child,
    pid: Pid,
    output: Folder,
}

impl Process {
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let output = Folder::new();
        let mut keeper = Command::new("/bin/sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(output.path())
            .arg(program())
            .args(arguments)
            .env_remove("ENPLAN_DATABASE_URL")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { keeper, pid: Pid::from_raw(line.trim().parse().unwrap()), output }
    }

    /// What it told so far: standard output and standard error.
    pub fn told(&self) -> (String, String) {
        let read = |name| fs::read_to_string(self.output.path().join(name)).unwrap_or_default();
        (read("out"), read("err"))
    }

    /// The line of JSON that it prints when it is ready.
    pub fn ready(&self) -> Value {
        eventually("the line of JSON", Duration::from_mins(2), || {
            let (out, err) = self.told();
            assert!(self.is_there(), "it ended: {err}");
            out.contains('\n').then(|| serde_json::from_str(&out).unwrap())
        })
    }

    /// Is it there, and not only its exit code?
    pub fn is_there(&self) -> bool {
        let about = fs::read_to_string(format!("/proc/{}/stat", self.pid));
        about.is_ok_and(|about| !about.contains(") Z "))
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        kill(self.pid, Signal::SIGKILL).unwrap();
        self.finish();
    }

    /// `SIGTERM`; gives the exit code.
    pub fn end(mut self) -> Option<i32> {
        self.finish()
    }

    fn finish(&mut self) -> Option<i32> {
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap().code()
    }

    /// Lets its output and these folders go when it ends, also where nobody is left to drop them.
    fn remove_at_end(&mut self, folders: &[Folder]) {
        for folder in folders.iter().chain([&self.output]) {
            writeln!(self.keeper.stdin.as_mut().unwrap(), "{}", folder.path().display()).unwrap();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The binary beside the tests' own, which `cargo test --workspace` has made; where it is missing, or older
/// than what it is made of, it is made now.
pub fn program() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let folder = env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned();
        let (path, root) =
            (folder.join("enplan"), Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        let sources = ["crates", "migrations"].map(|folder| newest(&root.join(folder)));
        if sources.into_iter().flatten().max() > made(&path) {
            let profile =
                folder.file_name().filter(|name| *name != "debug").unwrap_or("dev".as_ref());
            let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            let cargo =
                cargo.args(["build", "-p", "enplan", "--profile"]).arg(profile).current_dir(root);
            assert!(cargo.status().unwrap().success());
        }
        path
    })
}

fn made(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

/// When the newest file below this folder was written, tests apart.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let below = |path: PathBuf| if path.is_dir() { newest(&path) } else { made(&path) };
    entries.filter(|path| !path.ends_with("tests")).filter_map(below).max()
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, body) = (std::str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 4..)?);
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let header = |line: &str| {
            line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        };
        let headers: HashMap<_, _> = lines.filter_map(header).collect();
        let whole =
            headers.get("content-length").is_none_or(|length| *length == body.len().to_string());
        whole.then(|| Self { status, headers, body: String::from_utf8_lossy(body).into_owned() })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The body, of an answer with this status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }

    /// Status and problem code, or the state of what was answered.
    pub fn outcome(&self) -> (u16, String) {
        let json = self.json();
        let told = json["code"].as_str().or_else(|| json["state"].as_str());
        (self.status, told.unwrap_or_default().to_owned())
    }

    /// Told to come back later, as it should be.
    pub fn is_busy(&self) -> bool {
        self.status == 503
            && self.headers.get("retry-after").is_some_and(|after| after.parse::<u64>().is_ok())
    }
}

/// Somebody who speaks to one instance.
#[derive(Debug, Clone)]
pub struct Caller {
    url: String,
    token: Option<String>,
}

/// A request, being written.
#[derive(Debug, Clone)]
pub struct Ask {
    address: String,
    head: Vec<String>,
    body: String,
}

impl Caller {
    pub const fn nobody(url: String) -> Self {
        Self { url, token: None }
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        let address = self.url.trim_start_matches("http://").to_owned();
        let mut head = vec![
            format!("{method} {path} HTTP/1.1"),
            format!("Host: {address}"),
            "Connection: close".into(),
        ];
        head.extend(self.token.as_ref().map(|token| format!("Authorization: Bearer {token}")));
        Ask { address, head, body: String::new() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path).body(body).send()
    }

    /// Reads the thing, and takes a step from the version there is.
    pub fn step(&self, thing: &str, step: &str, body: Option<&Value>) -> Answer {
        let ask =
            self.ask("POST", &format!("{thing}/{step}")).version(&self.get(thing).expect(200));
        body.map_or_else(|| ask.clone(), |body| ask.clone().body(body)).send()
    }
}

impl Ask {
    pub fn body(mut self, body: &Value) -> Self {
        self.body = body.to_string();
        self.head.push("Content-Type: application/json".into());
        self
    }

    /// From the version of this thing.
    pub fn version(mut self, thing: &Value) -> Self {
        self.head.push(format!("If-Match: \"{}\"", thing["version"]));
        self
    }

    pub fn key(mut self, key: &str) -> Self {
        self.head.push(format!("Idempotency-Key: {key}"));
        self
    }

    /// Asks and hangs up.
    pub fn hang_up(&self, after: Duration) -> io::Result<()> {
        let _stream = self.connect()?;
        thread::sleep(after);
        Ok(())
    }

    /// Asks, and comes back later where it is told to, as on a machine with too much to do.
    pub fn send(&self) -> Answer {
        for _ in 0..20 {
            let answer = self.once();
            if !answer.is_busy() {
                return answer;
            }
            thread::sleep(Duration::from_millis(500));
        }
        self.once()
    }

    /// Asks once.
    pub fn once(&self) -> Answer {
        self.try_send().unwrap_or_else(|error| panic!("{}: {error}", self.head[0]))
    }

    pub fn try_send(&self) -> io::Result<Answer> {
        let mut bytes = Vec::new();
        self.connect()?.read_to_end(&mut bytes)?;
        Answer::parse(&bytes).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "{}\r\nContent-Length: {}\r\n\r\n{}",
            self.head.join("\r\n"),
            self.body.len(),
            self.body
        )?;
        Ok(stream)
    }
}

/// A demonstration in a folder of its own, and a second instance beside it.
#[derive(Debug)]
pub struct World {
    pub line: Value,
    pub demo: Process,
    pub second: Mutex<Option<Process>>,
    /// Where the two instances are.
    pub urls: [String; 2],
    tokens: Mutex<HashMap<String, String>>,
    numbers: Mutex<Vec<String>>,
    // Gone last.
    folders: [Folder; 2],
}

/// The world that tests share. It ends with the process.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut world = World::new();
        world.demo.remove_at_end(&world.folders);
        let second = world.second.get_mut().unwrap().as_mut().unwrap();
        second.remove_at_end(&[]);
        world
    })
}

/// Starts a demonstration on this data folder.
pub fn demonstrate(data: &Path, population: &str, more: &[&str]) -> Process {
    Process::start(&[&demonstration(data, population)[..], more].concat(), &[])
}

/// Its arguments.
pub fn demonstration<'a>(data: &'a Path, population: &'a str) -> [&'a str; 8] {
    let data = data.to_str().unwrap();
    ["demo", "--listen", "127.0.0.1:0", "--population", population, "--data", data, "--json"]
}

/// The folder of the cluster's socket, which lies outside the data folder.
pub fn sockets(line: &Value) -> Folder {
    let url = line["databaseUrl"].as_str().unwrap();
    let host = url.rsplit_once('@').unwrap().1.split('/').next().unwrap();
    Folder(host.replace("%2F", "/").into())
}

impl World {
    pub fn new() -> Self {
        let data = Folder::new();
        let demo = demonstrate(data.path(), "0", &[]);
        let line = demo.ready();
        let second = serve(&line);
        let urls = [url(&line), url(&second.ready())];
        let folders = [data, sockets(&line)];
        let second = Mutex::new(Some(second));
        Self {
            line,
            demo,
            second,
            urls,
            tokens: Mutex::default(),
            numbers: Mutex::default(),
            folders,
        }
    }

    /// Starts the second instance again, wherever it then is.
    pub fn second_again(&self) -> String {
        let second = serve(&self.line);
        let url = url(&second.ready());
        *self.second.lock().unwrap() = Some(second);
        url
    }

    /// This account, at one of the two instances.
    pub fn speak(&self, username: &str, instance: usize) -> Caller {
        let mut tokens = self.tokens.lock().unwrap();
        let token =
            tokens.entry(username.to_owned()).or_insert_with(|| sign_in(&self.urls[0], username));
        Caller { url: self.urls[instance % 2].clone(), token: Some(token.clone()) }
    }

    pub fn account(&self, username: &str) -> &Value {
        self.line["accounts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|account| account["username"] == username)
            .unwrap()
    }

    /// Today, as the municipality counts.
    pub fn today(&self) -> Value {
        let places =
            self.speak("jv.sagsbehandler", 0).get("/api/v1/intervention-catalogue/mentor/places");
        places.expect(200)["on"].clone()
    }

    /// A young person whom nobody has registered yet.
    pub fn somebody(&self, who: &str) -> Value {
        let n = next();
        let year: usize = self.today().as_str().unwrap()[2..4].parse().unwrap();
        let cpr =
            format!("{:02}{:02}{:02}4{:03}", n % 28 + 61, n / 28 % 12 + 1, year - 20, n / 336);
        self.numbers.lock().unwrap().push(cpr.clone());
        json!({
            "cpr": cpr, "givenName": "Acceptance", "familyName": FAMILY_NAME, "unitId": self.account(who)["unitId"],
        })
    }

    /// The path of a new young person of this account's.
    pub fn young_person(&self, who: &str) -> String {
        let made =
            self.speak(who, next()).post("/api/v1/young-people", &self.somebody(who)).expect(201);
        path("young-people", &made)
    }

    /// The path of a new, active plan.
    pub fn plan(&self, who: &str) -> String {
        let (caller, whose) = (self.speak(who, next()), self.young_person(who));
        let plan =
            path("plans", &caller.post(&format!("{whose}/plans"), &self.wanted(who)).expect(201));
        caller.step(&plan, "activate", None).expect(200);
        plan
    }

    /// What a plan needs to be active.
    pub fn wanted(&self, who: &str) -> Value {
        json!({
            "purpose": "En hverdag, der hænger sammen.", "ownWords": "Jeg vil gerne i gang.",
            "coordinatorId": self.account(who)["employeeId"],
            "goals": [{ "area": "education", "wishedResult": "En uddannelse.", "targetDate": "2030-01-01" }],
        })
    }

    /// A referral to this offer.
    pub fn referral(&self, who: &str, code: &str, on_no_place: &str) -> Value {
        json!({
            "catalogueCode": code, "plannedStart": self.today(), "responsibleId": self.account(who)["employeeId"],
            "onNoPlace": on_no_place,
        })
    }

    /// A new offer of the disability team's, with so many places from today on.
    pub fn offer(&self, places: Option<usize>) -> String {
        let (leader, code) =
            (self.speak("handicap.teamleder", 0), format!("acceptance-{}", next()));
        let entry = json!({
            "title": "Acceptance", "description": "An offer of the tests.", "area": "employment",
            "providerId": self.account("handicap.teamleder")["unitId"],
            "companyOriented": false, "repeatable": false, "cannotWait": false,
        });
        let path = format!("/api/v1/intervention-catalogue/{code}");
        leader.ask("PUT", &path).body(&entry).send().expect(201);
        if let Some(places) = places {
            let decided = json!({ "from": self.today(), "places": places, "reason": "As many as there are." });
            leader.post(&format!("{path}/places"), &decided).expect(200);
        }
        code
    }

    /// What is in the database, as one who sees all of it.
    pub fn database(&self) -> Database {
        Database::of(&self.line)
    }

    /// Neither process, nor the cluster, may have told anything of anybody.
    pub fn ensure_discreet(&self) {
        let second = self.second.lock().unwrap().as_ref().map(Process::told).unwrap_or_default();
        let data = Path::new(self.line["dataDir"].as_str().unwrap());
        let log = fs::read_to_string(data.join("postgresql/cluster/data/server.log")).unwrap();
        let (out, err) = self.demo.told();
        assert_eq!(
            out,
            format!("{}\n", self.line),
            "the line is all that stands on standard output"
        );
        assert!(
            second.1.contains(r#""http.route":"/api/v1/"#),
            "there is something to look through: {}",
            second.1
        );
        let mut secrets = self.numbers.lock().unwrap().clone();
        secrets.extend(self.tokens.lock().unwrap().values().cloned());
        secrets.extend([FAMILY_NAME, PASS_PHRASE].map(str::to_owned));
        for told in [err, second.0, second.1, log] {
            for secret in &secrets {
                assert!(!told.contains(secret), "{secret} was told: {told}");
            }
        }
    }
}

fn serve(line: &Value) -> Process {
    let database = line["databaseUrl"].as_str().unwrap();
    let environment = [("ENPLAN_DATABASE_URL", database), ("ENPLAN_LOG", "debug")];
    Process::start(&["serve", "--listen", "127.0.0.1:0", "--json"], &environment)
}

pub fn url(line: &Value) -> String {
    line["url"].as_str().unwrap().to_owned()
}

/// The path of one thing.
pub fn path(kind: &str, thing: &Value) -> String {
    format!("/api/v1/{kind}/{}", thing["id"].as_str().unwrap())
}

/// An access token.
pub fn sign_in(url: &str, username: &str) -> String {
    let body = json!({ "username": username, "password": PASS_PHRASE });
    let tokens = Caller::nobody(url.to_owned()).post("/api/v1/session", &body).expect(201);
    tokens["accessToken"].as_str().unwrap().to_owned()
}

/// Somebody who is signed in.
pub fn speak(url: &str, username: &str) -> Caller {
    Caller { url: url.to_owned(), token: Some(sign_in(url, username)) }
}

/// A superuser of the demonstration's cluster.
pub struct Database {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Database {
    pub fn of(line: &Value) -> Self {
        let cluster = Path::new(line["dataDir"].as_str().unwrap()).join("postgresql/cluster");
        let password = fs::read_to_string(cluster.join("admin-password")).unwrap();
        let (_, rest) = line["databaseUrl"].as_str().unwrap().rsplit_once('@').unwrap();
        let url = format!("postgres://enplan_admin:{password}@{rest}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (client, connection) =
            runtime.block_on(tokio_postgres::connect(&url, tokio_postgres::NoTls)).unwrap();
        runtime.spawn(connection);
        Self { runtime, client }
    }

    /// The first column of what is found.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let found = self.runtime.block_on(self.client.simple_query(sql)).unwrap();
        let rows = found.iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        rows.collect()
    }

    pub fn count(&self, sql: &str) -> usize {
        self.ask(&format!("SELECT count(*) {sql}"))[0].parse().unwrap()
    }
}
